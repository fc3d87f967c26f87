// A registration's life: given up half-way, taken back, forgotten by the cloud, and what must not outlive it.
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/work_memory.hpp"
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Lifecycle : testing::Test {
    Settings settings = demo_settings();
    VirtualRun run{settings};

    AgentParts& parts() { return run.agent().parts(); }
    AlmSetup& screen() { return run.agent().alm_setup(); }
    SetupIndex setup_of(std::string_view sid, int client) {
        auto& world = parts().world;
        for (SystemSlot slot = 0; slot < world.systems_per_landscape(); ++slot)
            if (world.sid(slot).text() == sid)
                if (auto found = parts().setups.find(slot, Client{static_cast<std::uint16_t>(client)}, "CALM"))
                    return *found;
        ADD_FAILURE() << sid << ':' << client << " has no set-up";
        return 0;
    }
    std::vector<std::string> log_texts() {
        std::vector<std::string> texts;
        for (auto const& entry : parts().log.entries()) texts.push_back(entry.text);
        return texts;
    }
    std::size_t open_jobs(SetupIndex setup, std::string_view name) {
        std::size_t count = 0;
        for (auto const& row : parts().background.open_rows())
            count += row.owner == setup && row.name.find(name) != std::string::npos;
        return count;
    }
    void break_down(CloudOperation operation, FaultKind kind = FaultKind::status) {
        FaultRule rule;
        rule.name = "away";
        rule.operations = {operation};
        rule.kind = kind;
        rule.delay = 90s;
        ASSERT_TRUE(run.cloud().add_fault(rule));
    }
    using Step = Async<Result<void>>;
    static Async<void> keep(Step step, std::optional<Result<void>>& into) { into = co_await std::move(step); }
    /// Starts it; its end is in `into` when it ended within `patience`.
    std::optional<Result<void>> begin(Step step, Duration patience = 0s) {
        auto& slot = outcomes_.emplace_back();
        run.shard().tasks().spawn(keep(std::move(step), slot));
        run.shard().run_for(patience);
        return slot;
    }

    Async<void> leave_behind_its_back(Caller caller, SetupIndex setup, std::optional<Result<void>>& told) {
        auto const key = parts().next_key(setup, Operation::unregister);
        auto answer = co_await parts().calls(setup).unregister(caller, key);
        told = answer ? Result<void>{} : fail(answer.error().code, answer.error().context);
    }

    std::deque<std::optional<Result<void>>> outcomes_;
};

TEST_F(Lifecycle, ADestinationDeletedWhileItRegistersLeavesNothingBehind) {
    break_down(CloudOperation::register_system, FaultKind::delay);
    ASSERT_TRUE(run.start());
    run.shard().run_for(30s);
    auto const setup = setup_of("QUA", 0);
    ASSERT_EQ(parts().setups[setup].registered, Registered::trying);
    auto removed = begin(screen().remove(setup), 1s);
    ASSERT_TRUE(removed);
    EXPECT_TRUE(*removed);
    run.shard().run_for(30min);
    EXPECT_EQ(run.agent().counters().registered, 3u);
    EXPECT_EQ(parts().setups[setup].registered, Registered::no);
    EXPECT_EQ(open_jobs(setup, "CALM"), 0u);
    EXPECT_THAT(log_texts(), Contains("Registration at CALM was given up."));
    EXPECT_EQ(run.cloud().registrations().registered(), 3u) << "what the cloud had taken already was taken back";
}

TEST_F(Lifecycle, UnregisterGivesUpARegistrationThatIsBeingTriedAndItsRepeats) {
    break_down(CloudOperation::register_system);
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("PRD", 0);
    auto given_up = begin(screen().unregister(setup), 1s);
    ASSERT_TRUE(given_up);
    EXPECT_TRUE(*given_up);
    run.cloud().faults().remove("away");
    run.shard().run_for(15min);
    EXPECT_EQ(run.agent().counters().registered, 3u);
    EXPECT_EQ(parts().setups[setup].registered, Registered::no);
    auto again = begin(screen().unregister(setup), 1s);
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again) << "there is nothing to give up any more";
}

TEST_F(Lifecycle, RegisterWaitsForTheEndOfAnUnregistration) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("QUA", 0);
    break_down(CloudOperation::unregister, FaultKind::delay);
    begin(screen().unregister(setup), 1s);
    auto early = begin(screen().register_system(setup), 1s);
    ASSERT_TRUE(early && !*early);
    EXPECT_EQ(early->error().code, ErrorCode::conflict);
    auto removed = begin(screen().remove(setup), 1s);
    ASSERT_TRUE(removed && !*removed);
    run.shard().run_for(3min);
    auto late = begin(screen().register_system(setup), 1min);
    ASSERT_TRUE(late && *late);
    run.shard().run_for(20min);
    EXPECT_EQ(parts().setups[setup].registered, Registered::yes);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

TEST_F(Lifecycle, TheDailyDiagnosticComesBackWithClient000) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("DEV", 0);
    ASSERT_EQ(open_jobs(setup, "DIAGNOSTIC"), 1u);
    ASSERT_TRUE(begin(screen().unregister(setup), 1min));
    EXPECT_EQ(open_jobs(setup, "DIAGNOSTIC"), 0u);
    ASSERT_TRUE(begin(screen().register_system(setup), 1min));
    EXPECT_EQ(open_jobs(setup, "DIAGNOSTIC"), 1u);
}

TEST_F(Lifecycle, TheDailyDiagnosticStartsWhenClient000RegistersAfterTheClientWithTheTask) {
    std::erase_if(settings.setups, [](SetupSpec const& one) { return one.system.text() != "DEV"; });
    for (auto& one : settings.setups)
        if (one.client == client_000) one.tasks.clear();
    VirtualRun other{settings};
    auto& setups = other.agent().parts().setups;
    ASSERT_TRUE(other.start());
    other.shard().run_for(5min);
    auto const first = setups.find(0, client_000, "CALM");
    ASSERT_TRUE(first);
    ASSERT_NE(setups[*first].jobs[2], no_job) << "client 100 has an active transport task";
    std::optional<Result<void>> ended;
    other.shard().tasks().spawn(keep(other.agent().alm_setup().unregister(*first), ended));
    other.shard().run_for(5min);
    other.shard().tasks().spawn(keep(other.agent().alm_setup().register_system(*first), ended));
    other.shard().run_for(5min);
    EXPECT_NE(setups[*first].jobs[2], no_job);
}

TEST_F(Lifecycle, ADeactivationThatTheCloudDidNotHearIsToldAgainAndDoesNotComeBack) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("QUA", 0);
    auto const& task = parts().setups[setup].tasks[static_cast<std::size_t>(TaskKind::transports_import)];
    break_down(CloudOperation::report_activation);
    auto off = begin(screen().deactivate(setup, TaskKind::transports_import), 15min);
    ASSERT_TRUE(off && !*off);
    EXPECT_THAT(off->error().context, HasSubstr("off here"));
    EXPECT_FALSE(task.active);
    EXPECT_TRUE(task.unwanted);
    run.shard().run_for(30min);
    EXPECT_FALSE(task.active) << "an older selection of the cloud does not switch it on again";
    run.cloud().faults().remove("away");
    run.shard().run_for(30min);
    EXPECT_FALSE(task.unwanted);
    EXPECT_FALSE(task.active);
    auto const selected = run.cloud().find(parts().setups[setup].lms_id);
    EXPECT_FALSE(run.cloud().use_cases().is_active(selected, TaskKind::transports_import));
}

TEST_F(Lifecycle, ASystemThatTheCloudForgotRegistersAgainWithTheTasksItHad) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("PRD", 0);
    auto& tasks = parts().setups[setup].tasks;
    ASSERT_TRUE(tasks[static_cast<std::size_t>(TaskKind::transports_import)].active);
    auto const read_landscape = static_cast<std::size_t>(TaskKind::transports_read_landscape);
    ASSERT_TRUE(tasks[read_landscape].active);
    ASSERT_TRUE(begin(screen().deactivate(setup, TaskKind::transports_read_landscape), 1min));
    auto const known = parts().setups[setup].lms_id;
    parts().setups[setup].lms_id = *LmsId::parse("00000000-0000-4000-8000-000000000001");
    run.shard().run_for(15min);
    EXPECT_EQ(parts().setups[setup].registered, Registered::yes);
    EXPECT_EQ(parts().setups[setup].lms_id, known) << "registering again gives the same LMS ID";
    EXPECT_EQ(open_jobs(setup, "Heartbeat"), 1u);
    EXPECT_THAT(log_texts(), Contains(HasSubstr("does not know this system any more (CALM)")));
    EXPECT_TRUE(tasks[static_cast<std::size_t>(TaskKind::transports_import)].active);
    EXPECT_FALSE(tasks[read_landscape].active) << "what a person switched off stays off";
}

TEST_F(Lifecycle, ASystemThatTheCloudUnregisteredStopsAndSaysSo) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto const setup = setup_of("QUA", 0);
    auto const caller = parts().caller(setup);
    std::optional<Result<void>> told;
    run.shard().tasks().spawn(leave_behind_its_back(caller, setup, told));
    run.shard().run_for(10min);
    ASSERT_TRUE(told && *told);
    EXPECT_EQ(parts().setups[setup].registered, Registered::no);
    EXPECT_EQ(open_jobs(setup, "CALM"), 0u);
    EXPECT_THAT(log_texts(), Contains(HasSubstr("has unregistered this system (CALM)")));
    run.shard().run_for(1h);
    EXPECT_EQ(parts().setups[setup].registered, Registered::no) << "until a person registers it";
    auto again = begin(screen().register_system(setup), 1min);
    ASSERT_TRUE(again && *again);
}

TEST_F(Lifecycle, ASecondDestinationToTheSameTenantIsRefusedInTheSameClient) {
    ASSERT_TRUE(run.start());
    run.shard().run_for(1min);
    auto const setup = setup_of("QUA", 0);
    auto const system = parts().setups.place(setup).system;
    ServiceKey key = parts().destinations[parts().setups[setup].destination].key;
    SetupSpec spec = parts().setups.spec(setup);
    spec.destination = "AGAIN";
    auto refused = screen().create(spec, system, key, std::nullopt);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().context, HasSubstr("CALM"));
    key.identity_zone = "another-tenant";
    auto created = screen().create(spec, system, key, std::nullopt);
    ASSERT_TRUE(created);
    auto moved = screen().change(setup, key, std::nullopt, std::nullopt);
    ASSERT_FALSE(moved) << "a registered destination stays at its tenant";
    EXPECT_THAT(moved.error().context, HasSubstr("unregister it first"));
}

} // namespace
} // namespace almd
