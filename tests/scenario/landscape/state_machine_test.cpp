// The four state machines of reference/cts-tms.md section 10, state by state and edge by edge, each through the admin API as
// a person would see it. Details stand in tests/unit/world.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(StateMachineOfARequest, GoesFromModifiableOverStartedToReleased) {
    LandscapeBehindApi sap;
    auto const request = sap.create({{"objects", {"R3TR PROG ZONE"}}});
    auto const status = [&] { return sap.column("requests?request=" + request, "status"); };
    EXPECT_THAT(status(), ElementsAre("D"));
    EXPECT_EQ(sap.ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZONE"}, {"inactive", true}}).status, 200);
    EXPECT_NE(sap.ask("POST", "requests/" + request + "/release", {{"withTasks", true}}).status, 200);
    EXPECT_THAT(status(), ElementsAre("D")) << "a failed check leaves it modifiable";
    EXPECT_EQ(sap.ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZONE"}, {"inactive", false}}).status, 200);
    EXPECT_EQ(sap.ask("PUT", "requests/" + request + "/fault", {{"fault", "export"}}).status, 200);
    sap.ask("POST", "requests/" + request + "/release", {{"withTasks", true}});
    EXPECT_THAT(status(), ElementsAre("O")) << "a failed export leaves it started";
    sap.ask("POST", "requests/" + request + "/release", json::object());
    EXPECT_THAT(status(), ElementsAre("R"));
    EXPECT_THAT(sap.list("queue?request=" + request), SizeIs(1));
}

struct StateMachineOfABufferEntry : testing::Test {
    /// The poll of QUA is on its way for 20 seconds: time to take or give what its import job needs.
    void deploy_with_a_slow_poll(LandscapeBehindApi& sap, std::string const& request) {
        sap.run.shard().run_for(25min + 30s); // half a minute after a start of the scheduler; at 30:00 the task is due
        FaultRule slow;
        slow.name = "slow";
        slow.operations = {CloudOperation::poll_work};
        slow.systems = {"QUA"};
        slow.kind = FaultKind::delay;
        slow.delay = 20s;
        ASSERT_TRUE(sap.run.cloud().add_fault(slow));
        ASSERT_TRUE(sap.run.cloud().deploy(sap.feature({request})));
        for (int minute = 0; minute < 10 && sap.list("locks?system=QUA&task=Transports:%20Import").empty(); ++minute)
            sap.run.shard().run_for(30s);
        ASSERT_THAT(sap.list("locks?system=QUA&task=Transports:%20Import"), SizeIs(1)) << "the poll is on its way";
    }
    static std::vector<std::string> state(LandscapeBehindApi& sap, std::string const& system,
                                          std::string const& request) {
        return sap.column("queue?system=" + system + "&request=" + request, "state");
    }
};

TEST_F(StateMachineOfABufferEntry, IsScheduledFromThePlannedImportJobToItsStart) {
    LandscapeBehindApi sap;
    auto const request = sap.alias("price-report");
    deploy_with_a_slow_poll(sap, request);
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("waiting"));
    ASSERT_EQ(sap.ask("PUT", "workprocesses/QUA", {{"total", 0}}).status, 200);
    sap.run.shard().run_for(40s);
    EXPECT_THAT(sap.column("jobs?system=QUA&name=*IMPORT_TRANSPORTS*", "status"), ElementsAre("Y"));
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("scheduled"));
    ASSERT_EQ(sap.ask("PUT", "workprocesses/QUA", {{"total", 3}}).status, 200);
    EXPECT_THAT(sap.column("jobs?system=QUA&name=*IMPORT_TRANSPORTS*", "status"), ElementsAre("R"));
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("running"));
    sap.run.shard().run_for(15min);
    EXPECT_THAT(state(sap, "QUA", request), IsEmpty());
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("waiting"));
}

TEST_F(StateMachineOfABufferEntry, WaitsAgainWhenItsPlannedImportJobIsCanceled) {
    LandscapeBehindApi sap;
    auto const request = sap.alias("price-report");
    deploy_with_a_slow_poll(sap, request);
    ASSERT_EQ(sap.ask("PUT", "workprocesses/QUA", {{"total", 0}}).status, 200);
    sap.run.shard().run_for(40s);
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("scheduled"));
    ASSERT_EQ(sap.ask("PUT", "users/QUA/CALM_QUA", {{"locked", true}}).status, 200);
    ASSERT_EQ(sap.ask("PUT", "workprocesses/QUA", {{"total", 3}}).status, 200);
    EXPECT_THAT(sap.column("jobs?system=QUA&name=*IMPORT_TRANSPORTS*", "status"), ElementsAre("A"));
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("waiting")) << "nothing is planned for it any more";
}

TEST_F(StateMachineOfABufferEntry, WaitsForItsApprovalWhereThereIsAProcedure) {
    auto settings = calm_demo();
    settings.landscape.tms.approvals = {{*SystemId::parse("QUA"), {ApprovalStep::system_administration}}};
    settings.landscape.systems[1].users = {{"BASIS", {"S_CTS_ADMIN"}}};
    LandscapeBehindApi sap{settings};
    auto const request = sap.alias("price-report"), other = sap.alias("delivery-note");
    sap.import("QUA.200", {request, other}); // QUA is the first system: its own approval lets requests go on to PRD
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("unapproved"));
    auto const kept_out = sap.ask("POST", "queue/import", {{"target", "PRD.300"}, {"requests", {request}}});
    EXPECT_EQ(kept_out.status, 409);
    json const by{{"step", "system_administration"}, {"user", "BASIS"}};
    ASSERT_EQ(sap.ask("POST", "landscape/approvals/" + request + "/QUA/approve", by).status, 200);
    ASSERT_EQ(sap.ask("POST", "landscape/approvals/" + other + "/QUA/reject", by).status, 200);
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("waiting"));
    EXPECT_THAT(state(sap, "PRD", other), ElementsAre("rejected"));
    sap.import("PRD.300", {request});
    EXPECT_THAT(state(sap, "PRD", request), IsEmpty());
    EXPECT_THAT(sap.column("history?system=PRD", "returnCode"), ElementsAre("0"));
}

TEST_F(StateMachineOfABufferEntry, RunsAndMovesOnOrIsKeptOut) {
    LandscapeBehindApi sap;
    auto const request = sap.alias("price-report");
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("waiting"));
    sap.import("QUA.200", {request}, {}, 1s);
    EXPECT_THAT(state(sap, "QUA", request), ElementsAre("running"));
    sap.run.shard().run_for(30min);
    EXPECT_THAT(state(sap, "QUA", request), IsEmpty()) << "done: it is removed";
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("waiting")) << "and forwarded";

    EXPECT_EQ(sap.ask("PUT", "queue/PRD.300/" + request, {{"excluded", true}}).status, 200);
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("excluded"));
    auto const kept_out = sap.ask("POST", "queue/import", {{"target", "PRD.300"}, {"requests", {request}}});
    EXPECT_EQ(kept_out.status, 409);
    EXPECT_THAT(kept_out.says(), HasSubstr(request));
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("excluded")) << "it was not imported";
    EXPECT_EQ(sap.ask("PUT", "queue/PRD.300/" + request, {{"excluded", "yes"}}).status, 400);
    EXPECT_EQ(sap.ask("PUT", "queue/PRD.300/DEVK900999", {{"excluded", true}}).status, 404);
}

TEST_F(StateMachineOfABufferEntry, StaysAtItsFailedStepAndGoesOnThereWhenItIsRepeated) {
    auto settings = calm_demo();
    settings.landscape.tp.terminating_share = 1;
    LandscapeBehindApi sap{settings};
    auto const request = sap.alias("price-report");
    sap.import("QUA.200", {request});
    auto const row = sap.row("queue", "system=QUA&request=" + request);
    EXPECT_EQ(row["maxReturnCode"], 12);
    EXPECT_EQ(row["state"], "error");
    auto const steps = sap.row("history", "request=" + request)["steps"];
    ASSERT_FALSE(steps.empty());
    auto const failed = steps.back()["step"].get<std::string>();
    EXPECT_EQ(steps.back()["returnCode"], 12);
    EXPECT_THAT(state(sap, "PRD", request), IsEmpty());
    auto& landscape = sap.run.agent().parts().world.keep(0);
    auto profile = landscape.tp_profile(); // what broke it is repaired
    profile.terminating_share = 0;
    landscape.set_tp_profile(profile);
    sap.import("QUA.200", {request});
    EXPECT_THAT(state(sap, "QUA", request), IsEmpty());
    EXPECT_THAT(state(sap, "PRD", request), ElementsAre("waiting"));
    auto const repeated = sap.row("history", "returnCode=0&request=" + request)["steps"];
    ASSERT_FALSE(repeated.empty());
    EXPECT_EQ(repeated[0]["step"], failed) << "what was done is not done again";
}

struct StateMachineOfAnImportCall : testing::Test {
    LandscapeBehindApi sap;
    std::string first = sap.alias("price-report"), second = sap.alias("price-conditions"),
                third = sap.alias("delivery-note");

    LandscapeBehindApi::Answer import(std::vector<std::string> const& requests,
                                      json const& options = {"removeFromQueue"}) {
        return sap.ask("POST", "queue/import", {{"target", "QUA.200"}, {"requests", requests}, {"options", options}},
                       30min);
    }
    std::vector<std::string> imported() { return sap.column("history?system=QUA", "request"); }
};

TEST_F(StateMachineOfAnImportCall, HasTheQueueForItselfAndRunsEachStepForAllItsRequests) {
    sap.import("QUA.200", {second, first}, {{"user", "ANNA"}}, 1s);
    sap.import("QUA.200", {third}, {{"user", "BERT"}}, 1s);
    EXPECT_THAT(sap.column("queue?system=QUA&state=running", "request"), testing::UnorderedElementsAre(first, second))
        << "one import per system: the second call waits";
    sap.run.shard().run_for(1h);
    auto const rows = sap.list("history?system=QUA&sort=importedAt");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[2]["request"], third);
    EXPECT_EQ(rows[2]["user"], "BERT");
    EXPECT_EQ(rows[0]["user"], "ANNA");
    std::vector<std::string> steps; // ALOG: each step for both requests before the next step
    for (auto const& row : sap.list("tplog?kind=ALOG&sort=time&limit=200"))
        if (row["user"] == "ANNA" && row["step"].is_string() && row["request"].is_string())
            steps.push_back(row["step"].get<std::string>() + row["request"].get<std::string>());
    auto const at = [&](std::string const& step) { return std::ranges::find(steps, step) - steps.begin(); };
    EXPECT_LT(at("L" + second), at("I" + first));
    EXPECT_LT(at("I" + first), at("R" + second));
    EXPECT_LT(at("R" + second), static_cast<std::ptrdiff_t>(steps.size()));
}

TEST_F(StateMachineOfAnImportCall, ComparesTheComponentsAllOrNothing) {
    auto const level = [&](int sp) { return sap.ask("PUT", "components/QUA/S4CORE", {{"supportPackage", sp}}).status; };
    ASSERT_EQ(level(1), 200);
    auto const refused = import({first, second});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.says(), HasSubstr("2 of 2 requests do not match the component version of the target system"));
    EXPECT_THAT(imported(), IsEmpty());
    EXPECT_THAT(sap.column("queue?system=QUA&request=" + first, "state"), ElementsAre("componentMismatch"));
    EXPECT_EQ(import({first}, {"removeFromQueue", "ignoreComponentVersion"}).status, 200);
    EXPECT_THAT(imported(), ElementsAre(first));
    ASSERT_EQ(level(2), 200);
    EXPECT_EQ(import({second}).status, 200);
    EXPECT_THAT(imported(), testing::UnorderedElementsAre(first, second));
}

TEST_F(StateMachineOfAnImportCall, LooksForPredecessorsThatAreNotInTheTargetAndNotInTheCall) {
    auto const older = sap.release(sap.create({{"objects", {"R3TR PROG ZSAME"}}}));
    sap.run.shard().run_for(1min);
    auto const newer = sap.release(sap.create({{"objects", {"R3TR PROG ZSAME"}}}));
    auto const refused = import({newer}, {"removeFromQueue", "checkPredecessors"});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.says(), HasSubstr(newer));
    EXPECT_THAT(imported(), IsEmpty());
    EXPECT_EQ(import({newer, older}, {"removeFromQueue", "checkPredecessors"}).status, 200);
    EXPECT_THAT(imported(), testing::UnorderedElementsAre(older, newer)) << "the call brings what it needs";
}

TEST_F(StateMachineOfAnImportCall, LeavesOutWhatItsFlagKeepsOutAndImportsTheRest) {
    auto const mark = [&](std::string const& request, json const& how) {
        return sap.ask("PUT", "queue/QUA.200/" + request, how).status;
    };
    ASSERT_EQ(mark(first, {{"excluded", true}}), 200);
    ASSERT_EQ(mark(second, {{"fileMissing", true}}), 200);
    EXPECT_EQ(import({first}).status, 409);
    EXPECT_EQ(import({second}).status, 409);
    auto const begun = import({first, second, third});
    EXPECT_EQ(begun.status, 200) << begun.body;
    EXPECT_THAT(begun.body["messages"].dump(), testing::AllOf(HasSubstr(first), HasSubstr(second)));
    EXPECT_THAT(imported(), ElementsAre(third));
    EXPECT_THAT(sap.column("queue?system=QUA&request=" + first, "state"), ElementsAre("excluded"));
    EXPECT_THAT(sap.column("queue?system=QUA&request=" + second, "state"), ElementsAre("fileMissing"));
    EXPECT_EQ(import({"DEVK900999"}).status, 404);
}

/// Ends as its slowest and worst step: then history, and for a deployment the feedback record at the cloud.
TEST_F(StateMachineOfAnImportCall, WritesTheHistoryAndTellsTheCloud) {
    sap.run.shard().run_for(25min);
    ASSERT_TRUE(sap.run.cloud().deploy(sap.feature({first})));
    sap.run.shard().run_for(15min);
    auto const row = sap.row("history", "request=" + first);
    ASSERT_TRUE(row.is_object());
    EXPECT_EQ(row["user"], "CALM_QUA");
    int worst = 0;
    for (auto const& step : row["steps"]) worst = std::max(worst, step["returnCode"].get<int>());
    EXPECT_EQ(row["returnCode"], worst);
    EXPECT_THAT(sap.list("log?externalId=IMPORT%20FEEDBACK&type=S"), testing::Not(IsEmpty()));
    EXPECT_TRUE(sap.run.cloud().verdict().clean);
}

struct StateMachineOfAJob : testing::Test {
    LandscapeBehindApi sap{calm_demo(), 6min}; // the next heartbeat is due at minute 10
    std::string const heartbeats = "jobs?system=QUA&name=CALM%20Heartbeat*&status=";

    int work_processes(int total) { return sap.ask("PUT", "workprocesses/QUA", {{"total", total}}).status; }
    /// While the answer of the cloud takes a minute, its job is Active.
    void slow_heartbeats() {
        FaultRule slow;
        slow.operations = {CloudOperation::heartbeat};
        slow.kind = FaultKind::delay;
        slow.delay = 60s;
        ASSERT_TRUE(sap.run.cloud().add_fault(slow));
    }
    void run_until_active() {
        for (int i = 0; i < 40 && sap.list(heartbeats + "R").empty(); ++i) sap.run.shard().run_for(10s);
    }
};

TEST_F(StateMachineOfAJob, GoesFromReleasedOverReadyAndActiveToFinished) {
    auto const released = sap.list(heartbeats + "S");
    ASSERT_THAT(released, SizeIs(1));
    auto const count = released[0]["count"].get<std::string>();
    auto const status = [&] { return sap.column("jobs?system=QUA&name=CALM%20Heartbeat*&count=" + count, "status"); };
    slow_heartbeats();
    ASSERT_EQ(work_processes(0), 200);
    sap.run.shard().run_for(6min);
    EXPECT_THAT(status(), ElementsAre("Y")) << "its time has come, and there is no work process";
    EXPECT_THAT(sap.list(heartbeats + "S"), IsEmpty()) << "no successor before it starts";
    ASSERT_EQ(work_processes(3), 200);
    EXPECT_THAT(status(), ElementsAre("R"));
    EXPECT_THAT(sap.list(heartbeats + "S"), SizeIs(1)) << "its successor is Released at its start";
    sap.run.shard().run_for(2min);
    EXPECT_THAT(status(), ElementsAre("F"));
    auto const row = sap.row("jobs", "system=QUA&name=CALM%20Heartbeat*&count=" + count);
    EXPECT_GE(row["delaySeconds"], 60);
    EXPECT_GE(row["durationSeconds"], 59);
    EXPECT_THAT(sap.list(heartbeats + "S"), SizeIs(1));
}

TEST_F(StateMachineOfAJob, GoesFromActiveToFinishedOrCanceledAndItsSuccessorStaysReleased) {
    ASSERT_EQ(sap.ask("PUT", "users/QUA/CALM_QUA", {{"locked", true}}).status, 200);
    sap.run.shard().run_for(6min);
    auto const canceled = sap.list(heartbeats + "A");
    ASSERT_THAT(canceled, SizeIs(1)) << "its user cannot log on when its step starts";
    auto const log = sap.ask("GET", "jobs/QUA/" + canceled[0]["count"].get<std::string>() + "/log");
    EXPECT_THAT(log.body.dump(), HasSubstr("Job cancelled"));
    EXPECT_THAT(sap.list(heartbeats + "S"), SizeIs(1));
    EXPECT_THAT(sap.list(heartbeats + "R"), IsEmpty());
    ASSERT_EQ(sap.ask("PUT", "users/QUA/CALM_QUA", {{"locked", false}}).status, 200);
    slow_heartbeats();
    run_until_active();
    EXPECT_THAT(sap.list(heartbeats + "R"), SizeIs(1)) << "the successor runs";
    sap.run.shard().run_for(2min);
    EXPECT_THAT(sap.list(heartbeats + "A"), SizeIs(1));
}

} // namespace
} // namespace almd
