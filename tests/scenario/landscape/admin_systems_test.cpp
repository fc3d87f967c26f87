// What an administrator changes inside a system by hand, through the admin API, and what the jobs make of it.
#include "agent/setup/locks.hpp"
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

struct AdminSystems : testing::Test, LandscapeBehindApi {
    AdminSystems()
        : LandscapeBehindApi{demo_settings(), 20min} {}
};

TEST_F(AdminSystems, ALockedUserIsListedAndItsJobsAreCanceledUntilItIsUnlocked) {
    auto const before = row("users", "system=DEV&user=CALM_DEV");
    EXPECT_EQ(before["logon"], "good");
    EXPECT_EQ(before["runsJobs"], true);
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"locked", true}}).status, 200);
    auto const locked = row("users", "system=DEV&user=CALM_DEV");
    EXPECT_EQ(locked["logon"], "locked");
    EXPECT_EQ(locked["roles"], before["roles"]) << "only the lock changed";
    run.shard().run_for(5min);
    auto const canceled = row("jobs", "system=DEV&client=000&status=A&report=/SDF/CALM_HEARTBEAT");
    ASSERT_TRUE(canceled.is_object());
    EXPECT_EQ(canceled["jobClass"], "C");
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"locked", false}}).status, 200);
    auto const canceled_jobs = run.agent().parts().background.counters().canceled;
    run.shard().run_for(10min);
    EXPECT_EQ(run.agent().parts().background.counters().canceled, canceled_jobs);
}

TEST_F(AdminSystems, RolesValidityAndDeletionOfAUserAreChangedByHand) {
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"removeRoles", {"SAP_SDF_ALM_METRIC_PUSH_FND"}}}).status, 200);
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"removeRoles", {"SAP_SDF_ALM_METRIC_PUSH_FND"}}}).status, 409);
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"addRoles", {"SAP_SDF_ALM_METRIC_PUSH_FND"}}}).status, 200);
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"validTo", "2000-12-31"}}).status, 200);
    EXPECT_EQ(row("users", "system=DEV&user=CALM_DEV")["logon"], "expired");
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"validTo", ""}, {"validFrom", "2999-01-01"}}).status, 200);
    EXPECT_EQ(row("users", "system=DEV&user=CALM_DEV")["logon"], "notYetValid");
    EXPECT_EQ(ask("DELETE", "users/DEV/CALM_DEV").status, 200);
    EXPECT_TRUE(row("users", "system=DEV&user=CALM_DEV").is_null());
    EXPECT_EQ(ask("DELETE", "users/DEV/CALM_DEV").status, 404);
    EXPECT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"create", true}, {"addRoles", {"Z_ROLE"}}}).status, 200);
    EXPECT_EQ(row("users", "system=DEV&user=CALM_DEV")["roles"], json::array({"Z_ROLE"}));
}

TEST_F(AdminSystems, WithoutWorkProcessesJobsAreReadyAndStartWhenTheyAreBack) {
    EXPECT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 0}}).status, 200);
    EXPECT_EQ(row("workprocesses", "system=QUA")["total"], 0);
    EXPECT_EQ(row("parameters", "system=QUA&name=rdisp*")["value"], "0");
    run.shard().run_for(5min);
    EXPECT_EQ(row("jobs", "system=QUA&status=Y")["status"], "Y");
    EXPECT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 300}, {"forClassA", 1}}).status, 200);
    EXPECT_TRUE(row("jobs", "system=QUA&status=Y").is_null());
    EXPECT_EQ(row("workprocesses", "system=QUA")["free"], 300) << "not cut to 8 bits";
    EXPECT_EQ(row("workprocesses", "system=QUA")["forClassA"], 1);
}

TEST_F(AdminSystems, ComponentsNotesAndProfileParametersAreChangedByHand) {
    EXPECT_EQ(ask("PUT", "components/QUA/S4CORE", {{"supportPackage", 3}}).status, 200);
    auto const component = row("components", "system=QUA&component=S4CORE");
    EXPECT_EQ(component["release"], "108");
    EXPECT_EQ(component["supportPackage"], 3);
    EXPECT_EQ(row("components", "system=DEV&component=S4CORE")["supportPackage"], 2) << "the template is shared";
    EXPECT_EQ(ask("POST", "notes/QUA", {{"note", "3999999"}}).status, 200);
    EXPECT_EQ(row("notes", "system=QUA&note=3999999")["note"], "3999999");
    EXPECT_TRUE(row("notes", "system=DEV&note=3999999").is_null());
    EXPECT_EQ(ask("PUT", "parameters/QUA", {{"name", "SAPDBHOST"}, {"unset", true}}).status, 200);
    EXPECT_TRUE(row("parameters", "system=QUA&name=SAPDBHOST").is_null());
    EXPECT_EQ(run.agent().parts().world.identity(1).db_host, "") << "the next registration is answered with 400";
    EXPECT_EQ(ask("PUT", "parameters/QUA", {{"name", "SAPDBHOST"}, {"value", "hana.example"}}).status, 200);
    EXPECT_EQ(run.agent().parts().world.identity(1).db_host, "hana.example");
}

TEST_F(AdminSystems, ATaskThatRunsHoldsALockThatGetsStale) {
    EXPECT_EQ(ask("GET", "locks").body["total"], 0);
    auto& parts = run.agent().parts();
    parts.setups[0].tasks[static_cast<std::size_t>(TaskKind::transports_read)].running = true;
    parts.locks.take(0, TaskKind::transports_read, "CALM_OLD", parts.now()); // as a task whose answer never comes
    auto const taken = rfc3339(parts.now());
    auto const lock = row("locks", "system=DEV");
    EXPECT_EQ(lock["table"], "/SDF/CALM_SCHED");
    EXPECT_EQ(lock["argument"], "000CALM Transports: Read");
    EXPECT_EQ(lock["task"], "Transports: Read");
    EXPECT_EQ(lock["owner"], "CALM_OLD") << "who took it, whoever runs the jobs now";
    EXPECT_EQ(lock["since"], taken) << "its own time, not that of a call";
    EXPECT_EQ(lock["client"], "000");
    EXPECT_EQ(lock["stale"], false);
    EXPECT_EQ(lock_finding(parts.locks.of(0, parts.now())), Text::lock_found);
    run.shard().run_for(11min);
    EXPECT_EQ(row("locks", "system=DEV")["stale"], true);
    EXPECT_EQ(lock_finding(parts.locks.of(0, parts.now())), Text::lock_stale);
    EXPECT_EQ(lock_finding(parts.locks.of(1, parts.now())), Text::locks_none);
}

TEST_F(AdminSystems, WhatIsWrongIsRefusedWithItsReasonAndChangesNothing) {
    struct Row {
        std::string method, path;
        json body;
        int status;
        std::string says;
    };
    for (auto const& wrong : {
             Row{"PUT", "users/DEV/NOBODY", {{"locked", true}}, 404, "User NOBODY does not exist in the system"},
             Row{"PUT", "users/XXX/CALM_DEV", {{"locked", true}}, 404, "no system XXX"},
             Row{"PUT", "users/DEV/CALM_DEV", {{"locked", "yes"}}, 400, "true or false"},
             Row{"PUT", "users/DEV/CALM_DEV", {{"lokced", true}}, 400, "unknown key"},
             Row{"PUT", "users/DEV/CALM_DEV", {{"validTo", "2026-02-30"}}, 400, "is no day"},
             Row{"PUT",
                 "users/DEV/CALM_DEV",
                 {{"validFrom", "2026-02-02"}, {"validTo", "2026-02-01"}},
                 400,
                 "is before validFrom"},
             Row{"PUT", "users/DEV/CALM_DEV", {{"create", true}}, 409, "exists already"},
             Row{"PUT", "users/DEV/small", {{"create", true}}, 400, "upper-case"},
             Row{"PUT", "workprocesses/DEV", {{"total", 501}}, 400, "from 0 to 500"},
             Row{"PUT", "workprocesses/DEV", {{"total", -1}}, 400, "from 0 to 500"},
             Row{"PUT", "workprocesses/DEV", {{"total", 2}, {"forClassA", 3}}, 400, "from 0 to 2"},
             Row{"PUT", "components/DEV/NEW", {{"supportPackage", 3}}, 400, "release"},
             Row{"POST", "notes/DEV", {{"note", "abc"}}, 400, "number of a note"},
             Row{"PUT", "parameters/DEV", {{"name", "SAPDBHOST"}}, 400, "either a value or unset"},
         }) {
        auto const answer = ask(wrong.method, wrong.path, wrong.body);
        EXPECT_EQ(answer.status, wrong.status) << wrong.path << wrong.body;
        EXPECT_THAT(answer.body.dump(), HasSubstr(wrong.says)) << wrong.path << wrong.body;
    }
    EXPECT_EQ(row("users", "system=DEV&user=CALM_DEV")["logon"], "good");
    EXPECT_EQ(row("workprocesses", "system=DEV")["total"], 6);
}

} // namespace
} // namespace almd
