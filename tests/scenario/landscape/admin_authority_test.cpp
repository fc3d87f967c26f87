// Whom a system lets release, import and approve: by hand through the admin API, and as the user of a job.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct AdminAuthority : testing::Test, LandscapeBehindApi {
    explicit AdminAuthority(Settings with = calm_demo())
        : LandscapeBehindApi{std::move(with)} {}

    std::string filled(std::string const& name) { return create({{"objects", {"R3TR PROG " + name}}}); }
    Answer release_by(std::string const& request, std::string const& user) {
        return ask("POST", "requests/" + request + "/release", {{"user", user}});
    }
    Answer import_by(std::string const& request, std::string const& user) {
        return ask("POST", "queue/import", {{"target", "QUA.200"}, {"requests", {request}}, {"user", user}});
    }
    std::string status_of(std::string const& request) {
        return ask("GET", "requests?request=" + request).body["items"][0]["status"];
    }
};

TEST_F(AdminAuthority, ARequestIsReleasedByNobodyWhoIsLockedExpiredDeletedOrWithoutTheRole) {
    auto const request = filled("ZONE");
    ASSERT_EQ(ask("PUT", "users/DEV/ANNA", {{"create", true}}).status, 200);
    auto const bare = release_by(request, "ANNA");
    EXPECT_EQ(bare.status, 403);
    EXPECT_EQ(bare.code(), "ALMD210");
    EXPECT_EQ(bare.says(), "User ANNA is not authorized to release requests in DEV (S_TRANSPRT)");

    struct Row {
        json change;
        int status;
    };
    for (auto const& [change, status] : {Row{{{"addRoles", {"S_CTS_DEVELO"}}, {"locked", true}}, 409},
                                         Row{{{"locked", false}, {"validTo", "2000-01-01"}}, 409}}) {
        ASSERT_EQ(ask("PUT", "users/DEV/ANNA", change).status, 200);
        auto const refused = release_by(request, "ANNA");
        EXPECT_EQ(refused.status, status) << change;
        EXPECT_EQ(refused.code(), "TR809") << change;
    }
    ASSERT_EQ(ask("DELETE", "users/DEV/ANNA").status, 200);
    auto const gone = release_by(request, "ANNA");
    EXPECT_EQ(gone.status, 404);
    EXPECT_EQ(gone.says(), "User ANNA does not exist in the system (or locked)");
    EXPECT_EQ(status_of(request), "D") << "nothing happened";
    EXPECT_THAT(column("queue?system=QUA", "request"), Not(Contains(request)));

    ASSERT_EQ(ask("PUT", "users/DEV/ANNA", {{"create", true}, {"addRoles", {"S_CTS_DEVELO"}}}).status, 200);
    EXPECT_EQ(release_by(request, "ANNA").status, 200);
    EXPECT_EQ(status_of(request), "R");
}

TEST_F(AdminAuthority, ATaskIsReleasedByNobodyWithoutTheRole) {
    auto const request = filled("ZONE");
    auto const task = ask("GET", "requests?request=" + request).body["items"][0]["tasks"][0].get<std::string>();
    ASSERT_EQ(ask("PUT", "users/DEV/ANNA", {{"create", true}}).status, 200);
    EXPECT_EQ(release_by(task, "ANNA").status, 403);
}

TEST_F(AdminAuthority, AnImportIsStartedByAnAdministratorOnlyAndNeverByTmsadmAlone) {
    auto const request = release(filled("ZONE"));
    auto const tmsadm = import_by(request, "TMSADM");
    EXPECT_EQ(tmsadm.status, 403);
    EXPECT_EQ(tmsadm.says(), "User TMSADM is not authorized to import requests in QUA (S_CTS_ADMI, IMPS)");
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"create", true}, {"addRoles", {"S_CTS_DEVELO"}}}).status, 200);
    EXPECT_EQ(import_by(request, "BASIS").status, 403) << "who releases need not import";
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"addRoles", {"S_CTS_ADMIN"}}, {"locked", true}}).status, 200);
    EXPECT_EQ(import_by(request, "BASIS").code(), "TR809");
    EXPECT_EQ(import_by(request, "small").status, 400) << "no name of a user";
    run.shard().run_for(30min);
    EXPECT_THAT(list("history"), IsEmpty());
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"locked", false}}).status, 200);
    EXPECT_EQ(import_by(request, "BASIS").status, 200);
    run.shard().run_for(30min);
    EXPECT_THAT(column("history?request=" + request, "user"), testing::ElementsAre("BASIS"));
}

TEST_F(AdminAuthority, TheImportJobOfALockedUserIsCanceledAndImportsWhenItIsUnlocked) {
    auto const request = release(filled("ZONE"));
    run.shard().run_for(15min); // the cloud hears of it
    auto const id = feature({request});
    ASSERT_TRUE(run.cloud().deploy(id));
    ASSERT_EQ(ask("PUT", "users/QUA/CALM_QUA", {{"locked", true}}).status, 200);
    run.shard().run_for(20min);
    EXPECT_THAT(list("history"), IsEmpty());
    EXPECT_THAT(column("jobs?system=QUA&status=A", "user"), Contains("CALM_QUA"));
    ASSERT_EQ(ask("PUT", "users/QUA/CALM_QUA", {{"locked", false}}).status, 200);
    run.shard().run_for(30min);
    EXPECT_THAT(column("history?system=QUA", "user"), testing::ElementsAre("CALM_QUA"));
}

Settings with_approvals() {
    auto settings = calm_demo();
    settings.landscape.tms.approvals = {{*SystemId::parse("QUA"), {ApprovalStep::system_administration}}};
    return settings;
}

struct AdminApprovals : AdminAuthority {
    AdminApprovals()
        : AdminAuthority{with_approvals()} {}
};

TEST_F(AdminApprovals, AreGivenByAnAdministratorOnly) {
    auto const request = release(filled("ZONE"));
    import("QUA.200", {request});
    auto const approve = [&](std::string const& user) {
        return ask("POST", "landscape/approvals/" + request + "/QUA/approve",
                   {{"step", "system_administration"}, {"user", user}});
    };
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"create", true}}).status, 200);
    auto const refused = approve("BASIS");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.says(), "User BASIS is not authorized to approve requests in QUA (S_CTS_ADMI, QTEA)");
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"addRoles", {"S_CTS_ADMIN"}}, {"locked", true}}).status, 200);
    EXPECT_EQ(approve("BASIS").code(), "TR809");
    ASSERT_EQ(ask("PUT", "users/QUA/BASIS", {{"locked", false}}).status, 200);
    EXPECT_EQ(approve("BASIS").status, 200);
}

Settings with_somebody_who_locks() {
    auto settings = calm_demo();
    auto& people = settings.activity;
    people.system = *SystemId::parse("DEV");
    people.developers = {"ANNA", "BERT"};
    people.hours.days.fill(true);
    people.hours.from_hour = 0;
    people.hours.to_hour = 24;
    people.rates = {.requests = 10, .objects = 1, .releases = 10, .imports = 0};
    people.behaviours = {{.name = "locked background user",
                          .outcome = BehaviourOutcome::lock_user,
                          .lasts = 24h * 365,
                          .user = "CALM_QUA",
                          .in_target = true}};
    return settings;
}

struct LockedByBehaviour : AdminAuthority {
    LockedByBehaviour()
        : AdminAuthority{with_somebody_who_locks()} {}
};

TEST_F(LockedByBehaviour, ABackgroundUserStopsItsJobsUntilItIsUnlocked) {
    run.shard().run_for(4h);
    EXPECT_EQ(column("users?system=QUA&user=CALM_QUA", "logon"), std::vector<std::string>{"locked"});
    auto const canceled = list("jobs?system=QUA&status=A&report=/SDF/CALM_HEARTBEAT");
    ASSERT_FALSE(canceled.empty());
    auto const log = ask("GET", "jobs/QUA/" + canceled[0]["count"].get<std::string>() + "/log").body["items"];
    EXPECT_THAT(log.dump(), HasSubstr("Reason: user CALM_QUA is locked"));
    EXPECT_THAT(column("jobs?system=DEV", "status"), Not(Contains("A"))) << "the other systems work";
    ASSERT_EQ(ask("PUT", "users/QUA/CALM_QUA", {{"locked", false}}).status, 200);
    ASSERT_EQ(ask("PUT", "activity", {{"active", false}}).status, 200);
    auto const before = run.agent().parts().background.counters().canceled;
    run.shard().run_for(10min);
    EXPECT_EQ(run.agent().parts().background.counters().canceled, before) << "it has all the roles that it had";
}

} // namespace
} // namespace almd
