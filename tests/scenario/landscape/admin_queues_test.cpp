// STMS_IMPORT through the admin API: the overview, step logs, cofiles, and what is forwarded by hand.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

struct ImportOverview : testing::Test {
    LandscapeBehindApi world;
};

TEST_F(ImportOverview, HasOneRowForEachSystemAndClientThatRequestsGoTo) {
    EXPECT_THAT(world.column("queues", "system"), ElementsAre("DEV", "QUA", "PRD"));
    EXPECT_THAT(world.column("queues", "client"), ElementsAre("null", "200", "300"));
    auto const waiting = world.row("queues", "system=QUA")["waiting"].get<int>();
    world.release(world.create());
    auto const queue = world.row("queues", "system=QUA");
    EXPECT_EQ(queue["waiting"], waiting + 1);
    EXPECT_EQ(queue["requests"], world.list("queue").size());
    EXPECT_EQ(queue["state"], "open");
    EXPECT_EQ(queue["endMark"], false);
}

TEST_F(ImportOverview, ShowsTheEndMarkAndAnImportThatRuns) {
    auto const request = world.release(world.create());
    EXPECT_EQ(world.ask("PUT", "endmarks/PRD").status, 200);
    EXPECT_EQ(world.row("queues", "system=PRD")["endMark"], true);
    EXPECT_EQ(world.row("queues", "system=PRD")["state"], "closed");
    world.import("QUA.200", {request}, {}, 1s);
    EXPECT_EQ(world.row("queues", "system=QUA")["state"], "running");
    EXPECT_EQ(world.row("queues", "system=QUA")["running"], 1);
}

TEST_F(ImportOverview, AnImportLeavesALogForEachStepAndLinesInTheCofile) {
    auto const request = world.release(world.create());
    EXPECT_EQ(world.list("steplogs").size(), 0u);
    world.import("QUA.200", {request});
    auto const log = world.row("steplogs", "step=I&request=" + request);
    EXPECT_EQ(log["name"], "DEVI" + request.substr(4) + ".QUA");
    EXPECT_EQ(log["returnCode"], 0);
    EXPECT_EQ(log["lines"].front(), "MAIN IMPORT");
    EXPECT_EQ(log["lines"].back(), "Ended with return code:  ===> 0 <===");
    auto const steps = world.list("steplogs").size();
    EXPECT_GE(steps, 5u);
    EXPECT_EQ(world.list("cofiles").size(), steps);
    auto const line = world.row("cofiles", "step=I&request=" + request);
    EXPECT_EQ(line["system"], "QUA");
    EXPECT_EQ(line["client"], "200");
    EXPECT_EQ(line["stepName"], "MAIN IMPORT");
}

TEST_F(ImportOverview, WhatWaitsOrWasImportedIsForwardedToAnotherTarget) {
    auto const request = world.release(world.create());
    json const forward{{"source", "QUA"}, {"target", "PRD.300"}, {"request", request}};
    EXPECT_EQ(world.ask("POST", "queue/forward", forward).status, 200);
    EXPECT_EQ(world.row("queue", "system=PRD&request=" + request)["state"], "waiting");
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + request)["state"], "waiting") << "it stays where it came from";
    world.import("PRD.300", {request});
    EXPECT_EQ(world.ask("DELETE", "queue/QUA.200/" + request).status, 200);
    auto const gone = world.ask("POST", "queue/forward", forward);
    EXPECT_EQ(gone.status, 404);
    EXPECT_THAT(gone.says(), HasSubstr("not in the import buffer of QUA"));
    json back{{"source", "PRD"}, {"target", "PRD.300"}, {"request", request}};
    EXPECT_EQ(world.ask("POST", "queue/forward", back).status, 200);
    EXPECT_EQ(world.row("queue", "system=PRD&request=" + request)["state"], "imported");
    EXPECT_EQ(world.ask("DELETE", "queue/PRD.300/" + request).status, 200);
    back["importAgain"] = true;
    EXPECT_EQ(world.ask("POST", "queue/forward", back).status, 200);
    EXPECT_EQ(world.row("queue", "system=PRD&request=" + request)["state"], "waiting") << "umode 1";
}

} // namespace
} // namespace almd
