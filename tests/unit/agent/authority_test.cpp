// Which role is needed for what, and whom a system lets do it.
#include "agent/setup/authority.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

struct RoleCase {
    StPiLevel level;
    TaskKind task;
    std::vector<std::string_view> roles;
};

TEST(Roles, OfATaskDependOnTheLevelOfStPi) {
    std::vector<RoleCase> const cases{
        {{740, 16}, TaskKind::transports_import, {"SAP_BC_TRANSPORT_ADMINISTRATOR"}},
        {{740, 32}, TaskKind::transports_read, {"SAP_BC_TRANSPORT_ADMINISTRATOR"}},
        {{740, 28}, TaskKind::exception_monitoring, {"SAP_SDF_ALM_METRIC_PUSH_EXMON"}},
        {{740, 29},
         TaskKind::exception_monitoring,
         {"SAP_SDF_ALM_METRIC_PUSH_INTMON", "SAP_SDF_ALM_METRIC_PUSH_JOBMON"}},
        {{740, 24}, TaskKind::configuration_monitoring, {"SAP_FRN_SDAGENT_CSA_MS", "SAP_FRN_SDAGENT_CSA_SEC_MS"}},
        {{740, 25},
         TaskKind::configuration_monitoring,
         {"SAP_SDF_ALM_METRIC_PUSH_CSA", "SAP_SDF_ALM_METRIC_PUSH_CSA_S"}},
        {{758, 1},
         TaskKind::configuration_monitoring,
         {"SAP_SDF_ALM_METRIC_PUSH_CSA", "SAP_SDF_ALM_METRIC_PUSH_CSA_S"}},
        {{740, 32}, TaskKind::health_monitoring, {"SAP_SDF_ALM_METRIC_PUSH_HEALTH"}},
        {{740, 32}, TaskKind::business_process_monitoring, {"SAP_SDF_ALM_METRIC_PUSH_BPMON"}},
        {{740, 32}, TaskKind::performance_monitoring, {"SAP_SDF_ALM_METRIC_PUSH_PERF"}},
    };
    for (auto const& row : cases) {
        auto const roles = roles_of(row.level, row.task);
        EXPECT_EQ(std::vector(roles.begin(), roles.end()), row.roles)
            << facts(row.task).name << " at " << row.level.release << " SP" << row.level.support_package;
    }
}

TEST(Roles, EveryTaskNeedsOneFromTheLevelThatHasItsRole) {
    for (auto const level : {StPiLevel{740, 18}, StPiLevel{740, 25}, StPiLevel{740, 34}, StPiLevel{816, 0}})
        for (auto const& task : task_catalogue) EXPECT_FALSE(roles_of(level, task.kind).empty()) << task.name;
}

/// SAP's table of authorizations by level of ST-PI (V), and the roles that notes bring: a background user has all of them.
TEST(Roles, OfABackgroundUserAreThoseOfTheTableOfTheSetUpPage) {
    struct Level {
        StPiLevel level;
        std::vector<std::string> added, gone;
    };
    std::vector<Level> const table{
        {{740, 15},
         {"SAP_SDF_ALM_SETUP", "SAP_SDF_ALM_METRIC_PUSH_FND", "SAP_SDF_ALM_METRIC_PUSH_BPMON",
          "SAP_SDF_ALM_METRIC_PUSH_EXMON", "SAP_BC_TRANSPORT_ADMINISTRATOR", "SAP_SDF_CALM_CDM_RETROFIT_UC"},
         {}},
        {{740, 16},
         {"SAP_SDF_ALM_METRIC_PUSH_HEALTH", "SAP_SDF_ALM_METRIC_PUSH_INTMON", "SAP_SDF_ALM_METRIC_PUSH_JOBMON",
          "SAP_SDF_ALM_METRIC_PUSH_PERF"},
         {}},
        {{740, 17}, {}, {}},
        {{740, 18}, {"SAP_FRN_SDAGENT_CSA_MS", "SAP_FRN_SDAGENT_CSA_SEC_MS"}, {}},
        {{740, 24}, {}, {}},
        {{740, 25},
         {"SAP_SDF_ALM_METRIC_PUSH_CSA", "SAP_SDF_ALM_METRIC_PUSH_CSA_S"},
         {"SAP_FRN_SDAGENT_CSA_MS", "SAP_FRN_SDAGENT_CSA_SEC_MS"}},
        {{740, 28}, {}, {}},
        {{740, 29}, {"SAP_SDF_ALM_MTLS"}, {"SAP_SDF_ALM_METRIC_PUSH_EXMON"}},
        {{740, 30}, {}, {}},
        {{740, 31}, {"SAP_SDF_ALM_METRIC_PUSH_DVM"}, {}},
        {{758, 1}, {}, {}},
    };
    std::vector<std::string> expected;
    for (auto const& row : table) {
        expected.insert(expected.end(), row.added.begin(), row.added.end());
        for (auto const& role : row.gone) std::erase(expected, role);
        EXPECT_THAT(every_role(row.level), testing::UnorderedElementsAreArray(expected))
            << row.level.release << " SP" << row.level.support_package;
    }
}

TEST(Roles, OfRfcUsersAreNoneOfABackgroundUser) {
    std::vector<std::string_view> of_rfc_users;
    for (auto const& other : other_roles())
        if (!other.of_background_user()) of_rfc_users.push_back(other.role);
    EXPECT_THAT(of_rfc_users, ElementsAre("SAP_SDF_ALM_TRCHK", "SAP_SDF_CALM_CDM_RETROFIT_RFC"));
    for (auto const role : of_rfc_users) EXPECT_THAT(every_role({740, 32}), testing::Not(Contains(role)));
}

TEST(Roles, RetrofitNeedsItsOwnBesideTheTransportAdministrator) {
    EXPECT_THAT(roles_of({740, 32}, TaskKind::transports_retrofit),
                ElementsAre("SAP_BC_TRANSPORT_ADMINISTRATOR", "SAP_SDF_CALM_CDM_RETROFIT_UC"));
    UserSpec const user{"CALM_DEV100", {"SAP_BC_TRANSPORT_ADMINISTRATOR"}};
    auto const refused =
        not_allowed(&user, false, Day::parse("2026-11-22").value(), roles_of({740, 32}, TaskKind::transports_retrofit));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->missing_role, "SAP_SDF_CALM_CDM_RETROFIT_UC");
}

TEST(Roles, OfTheProgramsAreTheFoundationAndForTransportsTheTransportAdministrator) {
    for (auto const& job : generated_jobs) {
        if (job.program == Program::rddimpdp) continue; // DDIC
        EXPECT_THAT(roles_of({740, 32}, job.program),
                    ElementsAre(job.program >= Program::import_transports ? "SAP_BC_TRANSPORT_ADMINISTRATOR"
                                                                          : "SAP_SDF_ALM_METRIC_PUSH_FND"))
            << job.job;
    }
}

TEST(Roles, TheLevelOfStPiIsReadFromTheComponents) {
    auto const level = [](std::string release, int sp) {
        std::vector<ComponentVersion> const all{{"SAP_BASIS", "758", 2}, {"ST-PI", std::move(release), sp}};
        return st_pi_level(all);
    };
    EXPECT_EQ(level("740", 32), (StPiLevel{740, 32}));
    EXPECT_LT(level("740", 34), level("758", 1));
    EXPECT_EQ(level("2008_1_710", 3), StPiLevel{}) << "older than all that is asked for";
    EXPECT_EQ(st_pi_level({}), StPiLevel{});
}

TEST(Authority, IsDecidedByLogonThenRoles) {
    Day const today = Day::parse("2026-11-22").value();
    Roles const needed = roles_of({740, 32}, Program::scheduler);
    EXPECT_FALSE(not_allowed(nullptr, false, today, needed)) << "of whom nobody said anything: it has all it needs";
    EXPECT_EQ(not_allowed(nullptr, true, today, needed)->logon, LogonState::unknown_user);

    UserSpec user{"CALM_DEV", {std::string{needed[0]}}};
    EXPECT_FALSE(not_allowed(&user, false, today, needed));
    user.valid_to = Day::parse("2026-11-21").value();
    EXPECT_EQ(not_allowed(&user, false, today, needed)->logon, LogonState::expired);
    user.locked = true;
    EXPECT_EQ(not_allowed(&user, false, today, needed)->logon, LogonState::locked);

    UserSpec const bare{"BARE", {"Z_OTHER"}};
    auto const refused = not_allowed(&bare, false, today, needed);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->logon, LogonState::good);
    EXPECT_EQ(refused->missing_role, needed[0]);
}

TEST(Authority, AUserWithEveryRoleMayDoEverything) {
    for (auto const level : {StPiLevel{740, 16}, StPiLevel{740, 32}, StPiLevel{758, 1}}) {
        UserSpec const user{"CALM_DEV", every_role(level)};
        Day const today = Day::parse("2026-11-22").value();
        for (auto const& task : task_catalogue)
            EXPECT_FALSE(not_allowed(&user, false, today, roles_of(level, task.kind))) << task.name;
        for (auto const& job : generated_jobs)
            EXPECT_FALSE(not_allowed(&user, false, today, roles_of(level, job.program))) << job.job;
        EXPECT_TRUE(has_role(user, role_of_setup));
    }
}

} // namespace
} // namespace almd
