// What a Basis admin tests first: the twelve rules of reference/cts-tms.md section 0, in its order, each
// through the admin API as a person would see it. Details stand in tests/unit/world.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

template <class T>
std::string why_not(Result<T> const& result) {
    return result ? "" : result.error().context;
}

TEST(Rule01, RequestsAndTasksOfASystemShareOneNumberSequence) {
    LandscapeBehindApi sap;
    auto const made = sap.ask("POST", "requests", {{"system", "DEV"}, {"client", "100"}, {"text", "a"}});
    auto const first = made.body["request"].get<std::string>();
    ASSERT_THAT(made.body["tasks"], SizeIs(1));
    auto const number = std::stoi(first.substr(5));
    EXPECT_EQ(first.substr(0, 5), "DEVK9");
    EXPECT_EQ(std::stoi(made.body["tasks"][0].get<std::string>().substr(5)), number + 1);
    auto const second = sap.create({{"client", "000"}});
    EXPECT_EQ(std::stoi(second.substr(5)), number + 2) << "one sequence for all clients of the SID";
}

TEST(Rule02, TasksAreReleasedFirstLocksAreFreedAndTheQueueKeepsTheOrderOfRelease) {
    LandscapeBehindApi sap;
    auto const older = sap.create({{"objects", {"R3TR PROG ZOLD"}}});
    auto const newer = sap.create({{"objects", {"R3TR PROG ZNEW"}}});
    auto const refused = sap.ask("POST", "requests/" + older + "/release", {{"withTasks", false}});
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_THAT(sap.list("queue?request=" + older), IsEmpty());
    auto const locked = sap.ask("POST", "requests/" + newer + "/objects", {{"object", "R3TR PROG ZOLD"}});
    EXPECT_EQ(locked.status, 409) << "ZOLD is locked by " << older;
    sap.release(newer);
    sap.release(older);
    auto const queue = sap.column("queue?system=QUA&sort=position", "request");
    ASSERT_GE(queue.size(), 2u);
    EXPECT_EQ(queue[queue.size() - 2], newer);
    EXPECT_EQ(queue.back(), older) << "in the order of release, not of numbers";
    auto const third = sap.create();
    EXPECT_EQ(sap.ask("POST", "requests/" + third + "/objects", {{"object", "R3TR PROG ZOLD"}}).status, 200)
        << "the release freed the lock";
}

TEST(Rule03, NothingIsImportedAtRelease) {
    LandscapeBehindApi sap;
    sap.release(sap.create({{"objects", {"R3TR PROG ZONE"}}}));
    sap.run.shard().run_for(24h);
    EXPECT_THAT(sap.list("history"), IsEmpty());
    EXPECT_THAT(sap.column("jobs?name=*IMPORT_TRANSPORTS*", "name"), IsEmpty());
}

TEST(Rule04, AnImportedRequestEntersTheQueuesOfTheDeliveryTargetsACopyDoesNot) {
    LandscapeBehindApi sap;
    auto const request = sap.create({{"objects", {"R3TR PROG ZONE"}}});
    auto const copied = sap.ask("POST", "requests/" + request + "/copies", {{"target", "QUA.200"}});
    ASSERT_EQ(copied.status, 200) << copied.body;
    auto const copy = copied.body["request"].get<std::string>();
    ASSERT_EQ(sap.ask("POST", "requests/" + copy + "/release", {{"ignoreLocks", true}}).status, 200);
    sap.release(request);
    EXPECT_THAT(sap.list("queue?system=PRD"), IsEmpty());
    sap.import("QUA.200", {copy, request});
    EXPECT_THAT(sap.column("queue?system=PRD", "request"), ElementsAre(request));
    EXPECT_THAT(sap.column("history?system=QUA", "request"), testing::UnorderedElementsAre(copy, request));
}

TEST(Rule05, TheCodeOfARequestIsTheMaximumOfItsSteps) {
    auto settings = calm_demo();
    settings.landscape.tp.failing_share = 0.5;
    LandscapeBehindApi sap{settings};
    auto const queue = sap.column("queue?system=QUA", "request");
    sap.import("QUA.200", queue);
    auto const rows = sap.list("history");
    ASSERT_EQ(rows.size(), queue.size());
    for (auto const& row : rows) {
        int highest = 0;
        for (auto const& step : row["steps"]) highest = std::max(highest, step["returnCode"].get<int>());
        EXPECT_EQ(row["returnCode"], highest) << row;
        EXPECT_FALSE(row["steps"].empty());
    }
}

TEST(Rule06, ACodeOf8IsDoneAndForwardedACodeOf12StaysAtItsStep) {
    auto settings = calm_demo();
    settings.landscape.tp.failing_share = 1;
    settings.landscape.tp.repeat_on_error = 9; // older memory of the parameter: 8 counts as processed
    LandscapeBehindApi eight{settings};
    auto const request = eight.alias("price-report");
    eight.import("QUA.200", {request});
    EXPECT_THAT(eight.column("history?request=" + request, "returnCode"), ElementsAre("8"));
    EXPECT_THAT(eight.column("queue?system=PRD", "request"), ElementsAre(request));

    settings.landscape.tp.repeat_on_error = 8; // the verified sample: it is repeated
    LandscapeBehindApi repeated{settings};
    repeated.import("QUA.200", {request});
    EXPECT_THAT(repeated.list("queue?system=PRD"), IsEmpty());
    EXPECT_THAT(repeated.column("queue?system=QUA&request=" + request, "maxReturnCode"), ElementsAre("8"));

    settings.landscape.tp.failing_share = 0;
    settings.landscape.tp.terminating_share = 1;
    LandscapeBehindApi twelve{settings};
    twelve.import("QUA.200", {request});
    EXPECT_THAT(twelve.column("queue?system=QUA&request=" + request, "maxReturnCode"), ElementsAre("12"));
    EXPECT_THAT(twelve.list("queue?system=PRD"), IsEmpty());
}

/// The seed's three-tier landscape with a component mismatch, as everybody in it sees it.
TEST(Rule07, OneComponentMismatchBlocksTheWholeSubsetUntilItIsRepaired) {
    auto settings = calm_demo();
    settings.stand_in.lease = std::chrono::hours{10}; // the next poll brings it, not the end of the lease
    LandscapeBehindApi sap{settings};
    sap.run.shard().run_for(30min);
    std::vector<std::string> const subset{sap.alias("price-report"), sap.alias("price-conditions"),
                                          sap.alias("delivery-note")};
    auto& qua = sap.run.agent().parts().world.keep(0).system(*SystemId::parse("QUA"));
    auto const good = *qua.component("S4CORE");
    auto behind = good;
    --behind.support_package;
    qua.set_component(behind);
    auto const queue_before = sap.column("queue?system=QUA", "request");
    auto const id = sap.feature(subset);
    ASSERT_TRUE(sap.run.cloud().deploy(id));
    sap.run.shard().run_for(15min);

    auto const said = HasSubstr("3 of 3 requests do not match the component version of the target system");
    EXPECT_THAT(sap.list("history"), IsEmpty()) << "no import code is written";
    EXPECT_EQ(sap.column("queue?system=QUA", "request"), queue_before) << "nothing left the queue";
    EXPECT_THAT(sap.column("queue?system=QUA&request=" + subset[0], "state"), ElementsAre("componentMismatch"));
    EXPECT_THAT(sap.column("log?externalId=IMPORT", "text"), Contains(said));
    auto const jobs = sap.list("jobs?system=QUA&name=*IMPORT_TRANSPORTS*&status=F");
    ASSERT_FALSE(jobs.empty());
    auto const job_log = sap.ask("GET", "jobs/QUA/" + jobs[0]["count"].get<std::string>() + "/log");
    EXPECT_THAT(job_log.body.dump(), said) << "the job log of the import job shows it";
    EXPECT_THAT(job_log.body.dump(), Not(HasSubstr("\"type\":\"E\""))) << "it would have canceled the job";
    EXPECT_THAT(sap.column("log?externalId=IMPORT&type=E", "text"), Contains(said)) << "in SLG1 it is an error";
    EXPECT_THAT(sap.column("cloud/features", "status"), ElementsAre("IN_REALIZATION"));

    EXPECT_EQ(sap.ask("POST", "queue/import", {{"target", "QUA.200"}, {"requests", subset}}).status, 409)
        << "by hand it is refused as well";
    qua.set_component(good); // by hand
    sap.run.shard().run_for(8min);
    EXPECT_THAT(sap.column("history?system=QUA", "request"), testing::UnorderedElementsAreArray(subset));
    EXPECT_THAT(sap.column("history?system=QUA", "returnCode"), Each("0"));
    EXPECT_THAT(sap.column("queue?system=PRD", "request"), testing::UnorderedElementsAreArray(subset));
    for (auto const& one : subset) EXPECT_THAT(sap.column("queue?system=QUA", "request"), Not(Contains(one)));
    EXPECT_TRUE(sap.run.cloud().verdict().clean) << testing::PrintToString(sap.run.cloud().verdict().reasons);
}

TEST(Rule08, TheImportJobRunsInClient000AndTheHistoryShowsItsBackgroundUser) {
    LandscapeBehindApi sap;
    sap.run.shard().run_for(30min);
    ASSERT_TRUE(sap.run.cloud().deploy(sap.feature({sap.alias("price-report")})));
    sap.run.shard().run_for(15min);
    auto const jobs = sap.list("jobs?name=*IMPORT_TRANSPORTS*");
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ(jobs[0]["client"], "000");
    EXPECT_EQ(jobs[0]["system"], "QUA");
    EXPECT_THAT(sap.column("history", "user"), ElementsAre("CALM_QUA"));
    EXPECT_THAT(sap.column("history", "client"), ElementsAre("200"));
}

TEST(Rule09, WithCtcATargetIsSystemAndClientWithoutItTheCloudCannotDeploy) {
    LandscapeBehindApi with;
    EXPECT_THAT(with.column("requests?status=R", "target"), Each("QUA.200"));
    auto settings = calm_demo();
    settings.landscape.tms.ctc = false;
    LandscapeBehindApi without{settings};
    EXPECT_THAT(without.column("requests?status=R", "target"), Each("QUA"));
    without.run.shard().run_for(30min);
    auto const deployed = without.run.cloud().deploy(without.feature({without.alias("price-report")}));
    without.run.shard().run_for(30min);
    EXPECT_THAT(without.list("history"), IsEmpty());
    ASSERT_FALSE(deployed);
    EXPECT_THAT(deployed.error().context, HasSubstr("client"));
}

TEST(Rule10, TheLastSystemOfATrackIsProductionWhateverItsRole) {
    auto settings = calm_demo();
    settings.landscape.systems[2].role = "TEST";
    LandscapeBehindApi sap{settings};
    sap.run.shard().run_for(30min);
    auto const request = sap.alias("price-report");
    auto const id = sap.feature({request});
    ASSERT_TRUE(sap.run.cloud().deploy(id));
    sap.run.shard().run_for(15min);
    EXPECT_THAT(why_not(sap.run.cloud().deploy(id)), HasSubstr("production"));
    for (auto action : {FeatureAction::handover_to_test, FeatureAction::confirm_successful_test})
        ASSERT_EQ(why_not(sap.run.cloud().act(id, action)), "");
    EXPECT_THAT(why_not(sap.run.cloud().act(id, FeatureAction::approve_for_production)),
                HasSubstr("PRD is the end of the track"))
        << "a wrong role makes it no other system (V), it must be corrected";
    auto good = calm_demo();
    LandscapeBehindApi corrected{good};
    corrected.run.shard().run_for(30min);
    auto const again = corrected.feature({request});
    ASSERT_TRUE(corrected.run.cloud().deploy(again));
    corrected.run.shard().run_for(15min);
    for (auto action : {FeatureAction::handover_to_test, FeatureAction::confirm_successful_test,
                        FeatureAction::approve_for_production})
        ASSERT_EQ(why_not(corrected.run.cloud().act(again, action)), "");
    EXPECT_EQ(why_not(corrected.run.cloud().deploy(again)), "");
}

TEST(Rule11, APeriodicJobIsManyFinishedAndOneReleasedAutoDiscoveryHasNoSuccessor) {
    LandscapeBehindApi sap;
    sap.run.shard().run_for(2h);
    for (auto const& [name, period, least] :
         {std::tuple{"CALM%20Scheduler*", 1, 120u}, std::tuple{"CALM%20Heartbeat*", 5, 24u}}) {
        auto const of = std::string{"jobs?system=QUA&name="} + name;
        EXPECT_GE(sap.ask("GET", of + "&status=F").body["total"], least);
        auto const released = sap.list(of + "&status=S");
        ASSERT_EQ(released.size(), 1u) << name;
        EXPECT_EQ(released[0]["periodMinutes"], period);
    }
    EXPECT_THAT(sap.column("jobs?system=QUA&name=CALM%20Auto%20Discovery*", "status"), ElementsAre("F"));
}

TEST(Rule12, AConnectionTestThatAnswers400IsTheGoodCase) {
    LandscapeBehindApi sap;
    auto const good = sap.ask("POST", "destinations/QUA/000/CALM/check");
    ASSERT_EQ(good.status, 200) << good.body;
    EXPECT_EQ(good.body["connectionTest"], 400) << "as SM59 shows it";
    EXPECT_TRUE(sap.run.cloud().verdict().clean) << "it is no anomaly of the ledger";
    FaultRule forbidden;
    forbidden.operations = {CloudOperation::connection_test};
    forbidden.status = 403;
    ASSERT_TRUE(sap.run.cloud().add_fault(forbidden));
    auto const bad = sap.ask("POST", "destinations/QUA/000/CALM/check");
    EXPECT_EQ(bad.status, 502) << bad.body;
    EXPECT_THAT(bad.says(), HasSubstr("403"));
}

TEST(AnImportByHand, HangsVisiblyWithoutAFreeBackgroundProcess) {
    LandscapeBehindApi sap;
    auto const request = sap.alias("price-report");
    auto& parts = sap.run.agent().parts();
    auto const qua = *parts.world.find(*SystemId::parse("QUA"));
    parts.background.set_work_processes(qua, 0);
    sap.import("QUA.200", {request}, {}, 2h);
    EXPECT_THAT(sap.column("queue?system=QUA&request=" + request, "state"), ElementsAre("running"));
    EXPECT_THAT(sap.column("tplog?kind=SLOG&limit=50", "text"), Contains(HasSubstr("HALT")));
    parts.background.set_work_processes(qua, 3);
    sap.run.shard().run_for(10min);
    EXPECT_THAT(sap.column("history?request=" + request, "returnCode"), ElementsAre("0"));
}

} // namespace
} // namespace almd
