// SM37 as an administrator sees it through the admin API: job logs with their messages, and RDDIMPDP.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Imports long enough to be looked at.
Settings slow_imports() {
    auto settings = calm_demo();
    settings.landscape.tp.per_request = 10min;
    return settings;
}

struct Sm37 : testing::Test, LandscapeBehindApi {
    Sm37()
        : LandscapeBehindApi{slow_imports()} {}
    json log_of(json const& job) {
        auto const path = job["system"].get<std::string>() + "/" + job["count"].get<std::string>();
        return ask("GET", "jobs/" + path + "/log").body["items"];
    }
    /// "S 00 516 Job started"
    static std::vector<std::string> lines(json const& log) {
        std::vector<std::string> all;
        for (auto const& line : log) {
            auto const part = [&](char const* key) { return line[key].get<std::string>(); };
            all.push_back(part("type") + ' ' + part("class") + ' ' + part("number") + ' ' + part("text"));
        }
        return all;
    }
    std::string released(std::string const& object) { return release(create({{"objects", {"R3TR PROG " + object}}})); }
    json rddimpdp(std::string const& filter) { return list("jobs?system=QUA&report=RDDIMPDP&" + filter); }
};

TEST_F(Sm37, EveryLineOfAJobLogHasItsTimeClassNumberAndType) {
    auto const job = list("jobs?system=DEV&status=F&report=/SDF/CALM_SCHEDULER")[0];
    auto const log = log_of(job);
    EXPECT_EQ(lines(log).front(), "S 00 516 Job started");
    EXPECT_THAT(lines(log)[1], testing::StartsWith("S 00 550 Step 001 started (program /SDF/CALM_SCHEDULER, "));
    EXPECT_EQ(lines(log).back(), "S 00 517 Job finished");
    EXPECT_EQ(log.front()["time"], job["start"]);
    EXPECT_EQ(log.back()["time"], job["end"]);
    for (auto const& row : list("jobs?status=F"))
        for (auto const& line : log_of(row)) {
            EXPECT_NE(line["class"], "") << line;
            EXPECT_NE(line["number"], "") << line;
        }
}

TEST_F(Sm37, AJobWhoseUserIsLockedHasStartedButNoStepHas) {
    ASSERT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"locked", true}}).status, 200);
    run.shard().run_for(5min);
    auto const canceled = list("jobs?system=DEV&client=000&status=A&report=/SDF/CALM_HEARTBEAT");
    ASSERT_FALSE(canceled.empty());
    EXPECT_THAT(lines(log_of(canceled[0])),
                ElementsAre("S 00 516 Job started",
                            "A 00 560 Logon of user CALM_DEV in client 000 failed when starting a step",
                            "A ALMD 150 Reason: user CALM_DEV is locked", "A 00 518 Job cancelled"));
}

TEST_F(Sm37, AJobWhoseUserLacksTheRoleIsCanceledByTheMessageOfItsStep) {
    ASSERT_EQ(ask("PUT", "users/DEV/CALM_DEV", {{"removeRoles", {"SAP_SDF_ALM_METRIC_PUSH_FND"}}}).status, 200);
    run.shard().run_for(5min);
    auto const canceled = list("jobs?system=DEV&client=000&status=A&report=/SDF/CALM_HEARTBEAT");
    ASSERT_FALSE(canceled.empty());
    EXPECT_THAT(lines(log_of(canceled[0])),
                ElementsAre("S 00 516 Job started",
                            "S 00 550 Step 001 started (program /SDF/CALM_HEARTBEAT, variant , user ID CALM_DEV)",
                            "E ALMD 151 User CALM_DEV lacks role SAP_SDF_ALM_METRIC_PUSH_FND, which "
                            "/SDF/CALM_HEARTBEAT needs",
                            "A 00 564 Job cancelled after system exception ERROR_MESSAGE"));
}

TEST_F(Sm37, RddimpdpWaitsInEveryClientForItsEvent) {
    auto const waiting = rddimpdp("status=S");
    ASSERT_THAT(waiting, SizeIs(settings.landscape.systems[1].clients.size()));
    for (auto const& job : waiting) {
        bool const cross_client = job["client"] == "000";
        EXPECT_EQ(job["name"], cross_client ? "RDDIMPDP" : "RDDIMPDP_CLIENT_" + job["client"].get<std::string>());
        EXPECT_EQ(job["event"], cross_client ? "SAP_TRIGGER_RDDIMPDP" : "SAP_TRIGGER_RDDIMPDP_CLIENT");
        EXPECT_EQ(job["user"], "DDIC");
        EXPECT_TRUE(job["plannedStart"].is_null());
        EXPECT_EQ(job["delaySeconds"], 0);
    }
}

TEST_F(Sm37, AnImportStartsOneRunOfRddimpdpAndTheNextOneWaits) {
    import("QUA.200", {released("ZONE")}, {}, 5min);
    ASSERT_THAT(rddimpdp("status=R"), SizeIs(1));
    EXPECT_EQ(rddimpdp("status=R")[0]["client"], "200");
    EXPECT_THAT(rddimpdp("status=S&client=200"), SizeIs(1)) << "released anew when it started";
    EXPECT_EQ(run.agent().parts().background.free_work_processes(1), 5);
    run.shard().run_for(30min);
    auto const ended = rddimpdp("status=F");
    ASSERT_THAT(ended, SizeIs(1));
    EXPECT_THAT(lines(log_of(ended[0])),
                ElementsAre("S 00 516 Job started",
                            "S 00 550 Step 001 started (program RDDIMPDP, variant , user ID DDIC)",
                            "S ALMD 207 The steps of tp inside ABAP for QUA.200 have ended", "S 00 517 Job finished"));
    EXPECT_EQ(run.agent().parts().background.free_work_processes(1), 6);
    import("QUA.200", {released("ZTWO")});
    EXPECT_THAT(rddimpdp("status=F"), SizeIs(2));
    EXPECT_NE(rddimpdp("status=F")[0]["count"], rddimpdp("status=F")[1]["count"]);
    EXPECT_THAT(rddimpdp("status=S"), SizeIs(settings.landscape.systems[1].clients.size()));
}

TEST_F(Sm37, WithoutAWorkProcessRddimpdpIsReadyAndTheImportHangs) {
    auto const request = released("ZONE");
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 0}}).status, 200);
    import("QUA.200", {request}, {}, 1h);
    auto const ready = rddimpdp("status=Y");
    ASSERT_THAT(ready, SizeIs(1));
    EXPECT_GT(ready[0]["delaySeconds"], 3000);
    EXPECT_THAT(rddimpdp("status=S&client=200"), IsEmpty()) << "it is that one that waits for a work process";
    EXPECT_EQ(column("queue?system=QUA&request=" + request, "state"), std::vector<std::string>{"running"});
    EXPECT_THAT(list("history"), IsEmpty());
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 2}}).status, 200);
    run.shard().run_for(30min);
    EXPECT_EQ(column("history?request=" + request, "returnCode"), std::vector<std::string>{"0"});
    EXPECT_THAT(rddimpdp("status=F"), SizeIs(1));
}

TEST_F(Sm37, WithOneWorkProcessRddimpdpIsActiveAndTheImportHangs) {
    auto const request = released("ZONE");
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 1}}).status, 200);
    import("QUA.200", {request}, {}, 1h);
    EXPECT_THAT(rddimpdp("status=R"), SizeIs(1)) << "it has the only work process, its step has none";
    EXPECT_EQ(column("queue?system=QUA&request=" + request, "state"), std::vector<std::string>{"running"});
    EXPECT_THAT(column("tplog?kind=SLOG&system=QUA", "text"),
                Contains("HALT Import into QUA waits for a free background work process"));
    EXPECT_THAT(list("history"), IsEmpty());
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 2}}).status, 200);
    run.shard().run_for(30min);
    EXPECT_EQ(column("history?request=" + request, "returnCode"), std::vector<std::string>{"0"});
}

TEST_F(Sm37, AnImportByTheJobOfCloudAlmNeedsAThirdWorkProcess) {
    run.shard().run_for(30min);
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 2}}).status, 200);
    auto const request = alias("price-report");
    ASSERT_TRUE(run.cloud().deploy(feature({request})));
    run.shard().run_for(1h);
    EXPECT_THAT(list("jobs?system=QUA&status=R&name=*IMPORT_TRANSPORTS*"), SizeIs(1));
    EXPECT_THAT(list("history"), IsEmpty());
    ASSERT_EQ(ask("PUT", "workprocesses/QUA", {{"total", 3}}).status, 200);
    run.shard().run_for(30min);
    EXPECT_EQ(column("history?request=" + request, "returnCode"), std::vector<std::string>{"0"});
}

TEST_F(Sm37, RddimpdpOfALockedDdicIsCanceledAndTheImportGoesOnWhenItIsUnlocked) {
    auto const request = released("ZONE");
    ASSERT_EQ(ask("PUT", "users/QUA/DDIC", {{"locked", true}}).status, 200);
    import("QUA.200", {request}, {{"user", "BASIS"}}, 12min);
    auto const canceled = rddimpdp("status=A");
    ASSERT_FALSE(canceled.empty());
    EXPECT_THAT(lines(log_of(canceled[0])), Contains("A ALMD 150 Reason: user DDIC is locked"));
    EXPECT_THAT(list("history"), IsEmpty());
    ASSERT_EQ(ask("PUT", "users/QUA/DDIC", {{"locked", false}}).status, 200);
    run.shard().run_for(30min);
    EXPECT_EQ(column("history?request=" + request, "returnCode"), std::vector<std::string>{"0"});
}

} // namespace
} // namespace almd
