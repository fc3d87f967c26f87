// What happens when the users of /SDF/ALM_SETUP are locked, expired, deleted, or have too few roles.
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/authority.hpp"
#include "agent/setup/diagnostic.hpp"
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr SystemSlot dev = 0, qua = 1;
constexpr SetupIndex setup_of_dev = 0, setup_of_qua = 2;

struct Users : testing::Test {
    Settings settings = demo_settings();
    std::optional<VirtualRun> run;

    void begin() {
        run.emplace(settings);
        ASSERT_TRUE(run->start());
        run->shard().run_for(10min);
    }
    AgentParts& parts() { return run->agent().parts(); }
    AbapSystem& system(SystemSlot slot) { return parts().world.keep(0).system(parts().world.sid(slot)); }
    /// With all roles, to be changed by the test.
    void give(SystemSlot slot, std::string const& name, auto change) {
        UserSpec user = user_now(parts(), slot, name).value();
        change(user);
        system(slot).add_user(std::move(user));
    }
    void give(SystemSlot slot, std::string const& name) {
        give(slot, name, [](UserSpec&) {});
    }
    static std::vector<std::string> words(std::vector<JobLogLine> const& log) {
        std::vector<std::string> texts;
        for (auto const& line : log) texts.push_back(line.text);
        return texts;
    }
    /// Logs of the ended jobs of a report, newest first.
    std::vector<std::vector<std::string>> logs(SystemSlot slot, std::string_view report, JobStatus status) {
        std::vector<std::vector<std::string>> found;
        for (std::size_t i = 0; i < parts().background.ended_rows(); ++i) {
            auto const row = parts().background.ended_row(i);
            if (row.system == slot && row.status == status && generated_jobs[row.program].report == report)
                found.push_back(words(parts().background.job_log(slot, row.count)));
        }
        return found;
    }
    int released(SetupIndex setup, std::string_view report) {
        int n = 0;
        for (auto const& row : parts().background.open_rows())
            n +=
                row.owner == setup && row.status == JobStatus::released && generated_jobs[row.program].report == report;
        return n;
    }
    std::vector<std::string> slg1(ExternalId id, char type) {
        std::vector<std::string> texts;
        for (auto const& entry : parts().log.entries())
            if (entry.external_id == id && entry.type == type) texts.push_back(entry.text);
        return texts;
    }
};

TEST_F(Users, AJobOfALockedUserIsCanceledAndItsSuccessorReleased) {
    begin();
    give(dev, "CALM_DEV", [](UserSpec& user) { user.locked = true; });
    auto const beats = parts().setups[setup_of_dev].heartbeat_sequence;
    run->shard().run_for(10min);
    auto const canceled = logs(dev, "/SDF/CALM_HEARTBEAT", JobStatus::canceled);
    ASSERT_EQ(canceled.size(), 2u);
    EXPECT_THAT(canceled[0],
                ElementsAre("Job started", "Logon of user CALM_DEV in client 000 failed when starting a step",
                            "Reason: user CALM_DEV is locked", "Job cancelled"));
    EXPECT_EQ(released(setup_of_dev, "/SDF/CALM_HEARTBEAT"), 1);
    EXPECT_EQ(released(setup_of_dev, "/SDF/CALM_SCHEDULER"), 1);
    EXPECT_EQ(parts().setups[setup_of_dev].heartbeat_sequence, beats) << "no step began";
    EXPECT_EQ(parts().background.free_work_processes(dev), 6);
    EXPECT_THAT(slg1(ExternalId::none, 'E'),
                Contains("Logon of user CALM_DEV in client 000 failed when starting a step"));

    ASSERT_TRUE(system(dev).set_locked("CALM_DEV", false));
    run->shard().run_for(10min);
    EXPECT_EQ(parts().setups[setup_of_dev].heartbeat_sequence, beats + 2);
    EXPECT_EQ(logs(dev, "/SDF/CALM_HEARTBEAT", JobStatus::canceled).size(), 2u);
}

TEST_F(Users, AnExpiredAndADeletedUserStopTheJobsAsWell) {
    begin();
    give(dev, "CALM_DEV", [](UserSpec& user) { user.valid_to = Day::parse("2000-01-01").value(); });
    ASSERT_TRUE(system(qua).delete_user("CALM_QUA"));
    run->shard().run_for(5min);
    auto const expired = logs(dev, "/SDF/CALM_HEARTBEAT", JobStatus::canceled);
    auto const deleted = logs(qua, "/SDF/CALM_HEARTBEAT", JobStatus::canceled);
    ASSERT_FALSE(expired.empty());
    ASSERT_FALSE(deleted.empty());
    EXPECT_THAT(expired[0], Contains("Reason: the validity of user CALM_DEV has ended"));
    EXPECT_THAT(deleted[0], Contains("Reason: user CALM_QUA does not exist"));
}

TEST_F(Users, AJobWithoutItsRoleIsCanceledByAMessage) {
    begin();
    give(dev, "CALM_DEV", [](UserSpec& user) { user.roles = {"SAP_BC_TRANSPORT_ADMINISTRATOR"}; });
    run->shard().run_for(5min);
    auto const canceled = logs(dev, "/SDF/CALM_HEARTBEAT", JobStatus::canceled);
    ASSERT_FALSE(canceled.empty());
    EXPECT_THAT(canceled[0],
                ElementsAre("Job started", "Step 001 started (program /SDF/CALM_HEARTBEAT, variant , user ID CALM_DEV)",
                            "User CALM_DEV lacks role SAP_SDF_ALM_METRIC_PUSH_FND, which /SDF/CALM_HEARTBEAT needs",
                            "Job cancelled after system exception ERROR_MESSAGE"));
}

TEST_F(Users, ATaskWithoutItsRoleIsNotStartedAndItsExternalIdSaysWhy) {
    begin();
    auto const pushes = run->agent().counters().transport_pushes;
    give(dev, "CALM_DEV", [](UserSpec& user) { user.roles = {"SAP_SDF_ALM_METRIC_PUSH_FND"}; });
    run->shard().run_for(10min);
    auto const why = "User CALM_DEV lacks role SAP_BC_TRANSPORT_ADMINISTRATOR, which Transports: Read needs";
    EXPECT_EQ(run->agent().counters().transport_pushes, pushes);
    EXPECT_THAT(slg1(ExternalId::read, 'E'), ElementsAre(why));
    EXPECT_THAT(logs(dev, "/SDF/CALM_SCHEDULER", JobStatus::finished), Contains(Contains(why)))
        << "the scheduler itself has what it needs";
    give(dev, "CALM_DEV", [](UserSpec& user) { user.roles = every_role({740, 32}); });
    run->shard().run_for(10min);
    EXPECT_THAT(slg1(ExternalId::read, 'E'), ElementsAre(why));
}

TEST_F(Users, ARefusedTaskDidNotRunAndTheDiagnosticSaysIt) {
    begin();
    auto const read = [&] {
        auto const facts = diagnostic_facts(parts(), setup_of_dev);
        return *std::ranges::find(facts.active, TaskKind::transports_read, &DiagnosticFacts::ActiveTask::kind);
    };
    auto const findings = [&] {
        std::vector<std::string> errors;
        for (auto const& one : diagnose(diagnostic_facts(parts(), setup_of_dev)))
            if (one.area == DiagnosticArea::active_tasks && one.severity == "error") errors.push_back(one.text);
        return errors;
    };
    auto const ran = read().last_run;
    ASSERT_TRUE(ran);
    EXPECT_THAT(findings(), IsEmpty());
    give(dev, "CALM_DEV", [](UserSpec& user) { user.roles = {"SAP_SDF_ALM_METRIC_PUSH_FND"}; });
    run->shard().run_for(29min); // tried at minute 10, 20 and 30
    auto const why = "User CALM_DEV lacks role SAP_BC_TRANSPORT_ADMINISTRATOR, which Transports: Read needs";
    EXPECT_EQ(read().last_run, ran);
    EXPECT_EQ(parts().refusals.find(setup_of_dev, TaskKind::transports_read)->times, 3)
        << "at its interval, unstretched";
    EXPECT_THAT(findings(), ElementsAre(HasSubstr("last ran " + rfc3339(*ran)), why));
    give(dev, "CALM_DEV", [](UserSpec& user) { user.roles = every_role({740, 32}); });
    run->shard().run_for(10min);
    EXPECT_GT(read().last_run, ran);
    EXPECT_FALSE(parts().refusals.find(setup_of_dev, TaskKind::transports_read));
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Users, ARegistrationThatIsNotAllowedIs403AndChangesNoState) {
    settings.landscape.systems[dev].users = {{"DDIC", {}}};
    begin();
    auto const before = parts().setups[setup_of_dev].registered;
    std::optional<Result<void>> told;
    run->shard().tasks().spawn([](AgentParts& of, std::optional<Result<void>>& into) -> Async<void> {
        into = co_await of.alm_setup.register_system(setup_of_dev);
    }(parts(), told));
    run->shard().run_for(1s);
    ASSERT_TRUE(told && !*told);
    EXPECT_EQ(told->error().code, ErrorCode::forbidden);
    EXPECT_EQ(told->error().context, "User DDIC lacks role SAP_SDF_ALM_SETUP, which /SDF/ALM_SETUP needs");
    EXPECT_EQ(before, Registered::no);
    EXPECT_EQ(parts().setups[setup_of_dev].registered, before);
}

TEST_F(Users, TheRolesOfTheSetUpUserDecideOverRegistration) {
    struct Row {
        std::string_view name;
        UserSpec user;
        std::string reason, message;
    };
    UserSpec locked{"DDIC", {"SAP_SDF_ALM_SETUP"}, true};
    UserSpec bare{"DDIC", {}};
    UserSpec narrow{"DDIC", {"SAP_SDF_ALM_SETUP"}};
    narrow.batch_names = {"SOMEBODY"};
    std::string const no_role = "User DDIC lacks role SAP_SDF_ALM_SETUP, which /SDF/ALM_SETUP needs",
                      no_name = "User DDIC may not schedule jobs for user CALM_DEV (S_BTCH_NAM)";
    for (Row const& row :
         {Row{"locked", locked, "user DDIC is locked", "User DDIC does not exist in the system (or locked)"},
          Row{"no role", bare, no_role, no_role}, Row{"narrow", narrow, no_name, no_name}}) {
        settings = demo_settings();
        settings.landscape.systems[dev].users = {row.user};
        begin();
        auto const said = "Cannot create HTTP Client: Operation successfully executed (" + row.reason + ")";
        EXPECT_EQ(parts().setups[setup_of_dev].registered, Registered::no) << row.name;
        EXPECT_EQ(parts().setups[setup_of_qua].registered, Registered::yes) << row.name;
        EXPECT_THAT(slg1(ExternalId::none, 'E'), Contains(said)) << row.name;
        EXPECT_THAT(run->agent().last_refusal(), HasSubstr(row.message));
        UserSpec good{"DDIC", {"SAP_SDF_ALM_SETUP"}};
        good.batch_names = {"CALM_DEV", "CALM_DEV100"};
        system(dev).add_user(good);
        run->shard().run_for(5min);
        EXPECT_EQ(parts().setups[setup_of_dev].registered, Registered::yes) << row.name;
    }
}

TEST_F(Users, NobodyIsRefusedWhereTheConfigurationSaysNothing) {
    begin();
    run->shard().run_for(1h);
    EXPECT_EQ(parts().background.counters().canceled, 0u);
    EXPECT_THAT(slg1(ExternalId::none, 'E'), IsEmpty());
}

} // namespace
} // namespace almd
