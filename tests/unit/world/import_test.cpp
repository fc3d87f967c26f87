// Imports on a virtual clock: from the release to production.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(TpOutcome const& outcome) {
    std::vector<std::string> all;
    for (auto const& message : outcome.messages) all.push_back(message.text);
    return all;
}

TEST(Landscape, BornWithReleasedRequestsHasThemInTheBufferInOrder) {
    SmallWorld world;
    EXPECT_THAT(world.queue("QUA"), ElementsAre("DEVK900001 waiting", "DEVK900003 waiting", "DEVK900005 waiting"));
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_EQ(world.alias("price-report"), tr("DEVK900001"));
    auto const* open = world.landscape.request(world.alias("credit-limit"));
    EXPECT_FALSE(open->released());
    EXPECT_EQ(open->target, to("QUA.200"));
    EXPECT_LT(world.landscape.request(tr("DEVK900001"))->released_at, test_start);
}

TEST(Landscape, FindsARequestByAliasOrNumber) {
    SmallWorld world;
    EXPECT_EQ(world.landscape.find_request("price-report"), tr("DEVK900001"));
    EXPECT_EQ(world.landscape.find_request("DEVK900001"), tr("DEVK900001"));
    EXPECT_EQ(world.landscape.find_request("DEVK900099").error().context,
              "Request/task DEVK900099 does not exist in system DEV");
    EXPECT_EQ(world.landscape.find_request("XXXK900099").error().code, ErrorCode::not_found);
    EXPECT_EQ(world.landscape.find_request("no such alias").error().code, ErrorCode::invalid);
}

TEST(Landscape, Rule3NothingIsImportedAtRelease) {
    SmallWorld world;
    auto const trkorr = world.released("later");
    world.shard.run_for(24h);
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_THAT(world.queue("QUA"), Contains(std::string{trkorr.text()} + " waiting"));
}

TEST(Landscape, Rule9TargetsAreSystemAndClient) {
    SmallWorld world;
    EXPECT_EQ(world.landscape.request(world.released("with a client"))->target, to("QUA.200"));
    auto spec = calm(three_tier_landscape());
    spec.tms.ctc = false;
    spec.tms.consolidation_routes[0].to = to("QUA");
    spec.tms.delivery_routes = {{sid("QUA"), std::nullopt, to("PRD")}};
    SmallWorld without{spec};
    EXPECT_EQ(without.landscape.request(without.alias("price-report"))->target, to("QUA"));
    auto const outcome = without.import(to("QUA"), {without.alias("price-report")});
    ASSERT_TRUE(outcome);
    EXPECT_THAT(without.queue("PRD"), ElementsAre("DEVK900001 waiting"));
}

TEST(Landscape, ARequestWithoutConsolidationRouteIsLocal) {
    SmallWorld world;
    auto const local = world.landscape.create_request(
        {.system = sid("QUA"), .client = Client{200}, .text = "an emergency", .owner = "ANNA"}, world.now());
    ASSERT_TRUE(local);
    EXPECT_EQ(world.landscape.request(*local)->target, std::nullopt);
    EXPECT_TRUE(world.landscape.release_request(*local, "ANNA", world.now()));
    EXPECT_EQ(world.landscape.buffer(sid("PRD")).size(), 0u);
}

TEST(Landscape, RefusesRequestsThatCannotBe) {
    SmallWorld world;
    auto const refused = [&](CreateRequest wanted) {
        return world.landscape.create_request(std::move(wanted), world.now()).error().context;
    };
    EXPECT_EQ(refused({.system = sid("DEV"), .client = Client{101}, .text = "a", .owner = "A"}),
              "Client 101 does not exist in system DEV");
    EXPECT_EQ(refused({.system = sid("XXX"), .client = Client{100}, .text = "a", .owner = "A"}),
              "Target XXX does not exist in the transport domain");
    EXPECT_EQ(
        refused({.system = sid("DEV"), .client = Client{100}, .text = "a", .owner = "A", .target = to("QUA.201")}),
        "Client 201 does not exist in system QUA");
    world.landscape.system(sid("DEV")).add_user({"LOCKED", {}, true});
    EXPECT_EQ(refused({.system = sid("DEV"), .client = Client{100}, .text = "a", .owner = "LOCKED"}),
              "User LOCKED does not exist in the system (or locked)");
    EXPECT_EQ(world.landscape.cts(sid("DEV")).requests().size(), 4u);
}

TEST(Import, Rule4WalksThroughTheLandscapeAndIsForwarded) {
    SmallWorld world;
    auto const report = world.alias("price-report"), conditions = world.alias("price-conditions");
    auto const outcome = world.import(to("QUA.200"), {report, conditions});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->return_code, TpReturnCode{0});
    EXPECT_THAT(world.queue("QUA"), ElementsAre("DEVK900005 waiting"));
    EXPECT_THAT(world.queue("PRD"), ElementsAre("DEVK900001 waiting", "DEVK900003 waiting"));
    ASSERT_TRUE(world.import(to("PRD.300"), {report, conditions}, "CALM_PRD"));
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    EXPECT_THAT(world.history(), ElementsAre("QUA.200 DEVK900001 0 CALM_QUA", "QUA.200 DEVK900003 0 CALM_QUA",
                                             "PRD.300 DEVK900001 0 CALM_PRD", "PRD.300 DEVK900003 0 CALM_PRD"));
    EXPECT_EQ(world.landscape.imports_of(report).size(), 2u);
}

TEST(Import, Rule8TheHistoryShowsTheUserThatWasGiven) {
    SmallWorld world;
    ASSERT_TRUE(world.import(to("QUA.200"), {world.alias("price-report")}, "BATCH_QUA"));
    EXPECT_EQ(world.landscape.history().rows()[0].user, "BATCH_QUA");
}

TEST(Import, OneRequestWithOthersBeforeItIsPreliminary) {
    SmallWorld world;
    auto const report = world.alias("price-report"), conditions = world.alias("price-conditions");
    EXPECT_TRUE(world.landscape.is_preliminary({conditions}, to("QUA.200")));
    EXPECT_FALSE(world.landscape.is_preliminary({report}, to("QUA.200"))) << "it is its turn";
    EXPECT_FALSE(world.landscape.is_preliminary({report, conditions}, to("QUA.200"))) << "a subset";
    EXPECT_FALSE(world.landscape.is_preliminary({tr("DEVK999999")}, to("PRD.300"))) << "it is not there";
}

TEST(Import, ShowsItsRequestsAsRunningMeanwhile) {
    SmallWorld world;
    SmallWorld::Call call;
    world.start_import(call, to("QUA.200"), {world.alias("price-report")});
    world.shard.run_for(5s);
    EXPECT_FALSE(call.ended);
    EXPECT_TRUE(world.landscape.importing(sid("QUA")));
    EXPECT_THAT(world.queue("QUA"), Contains("DEVK900001 running"));
    world.shard.run_for(1h);
    EXPECT_TRUE(call.ended);
    EXPECT_FALSE(world.landscape.importing(sid("QUA")));
}

TEST(Import, RunsInQueueOrderWhateverTheOrderOfSelection) {
    SmallWorld world;
    auto const outcome = world.import(
        to("QUA.200"), {world.alias("delivery-note"), world.alias("price-report"), world.alias("delivery-note")});
    ASSERT_EQ(outcome->requests.size(), 2u);
    EXPECT_EQ(outcome->requests[0].trkorr, world.alias("price-report"));
    EXPECT_EQ(outcome->requests[1].trkorr, world.alias("delivery-note"));
}

TEST(Import, EachStepRunsForAllRequestsBeforeTheNext) {
    SmallWorld world;
    auto const outcome = world.import(to("QUA.200"), {world.alias("price-report"), world.alias("price-conditions")});
    auto const letters = [](TpOutcome::Request const& request) {
        std::string all;
        for (auto const& step : request.steps) all += step.step;
        return all;
    };
    EXPECT_EQ(letters(outcome->requests[0]), "LHAIMRG");
    EXPECT_EQ(letters(outcome->requests[1]), "LIR");
}

TEST(Import, Rule7AComponentMismatchImportsNothingAndWritesNoCode) {
    SmallWorld world;
    world.landscape.system(sid("DEV")).set_component({"S4CORE", "108", 3});
    auto const newer = world.released("from the higher level");
    auto const before = world.queue("QUA");
    auto const list = std::vector{world.alias("price-report"), newer, world.alias("delivery-note")};
    auto const outcome = world.import(to("QUA.200"), list);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->return_code, std::nullopt);
    EXPECT_EQ(outcome->started_at, outcome->ended_at);
    ASSERT_EQ(outcome->requests.size(), 3u);
    for (auto const& request : outcome->requests) EXPECT_EQ(request.return_code, std::nullopt);
    EXPECT_THAT(texts(*outcome), Contains("1 of 3 requests do not match the component version of the target system"));
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_EQ(world.queue("QUA"), before);
    // Solved by hand, as the guide wants it: then the same subset goes through.
    world.landscape.system(sid("QUA")).set_component({"S4CORE", "108", 3});
    EXPECT_EQ(world.import(to("QUA.200"), {newer})->return_code, TpReturnCode{0});
    EXPECT_EQ(world.import(to("QUA.200"), list)->return_code, tp_not_in_buffer)
        << "the others were exported at the old level, and this one is gone from the buffer";
}

TEST(Import, ARequestThatIsNotInTheBufferGetsCode152) {
    SmallWorld world;
    auto const open = world.alias("credit-limit"), report = world.alias("price-report");
    auto const outcome = world.import(to("QUA.200"), {open, report});
    ASSERT_EQ(outcome->requests.size(), 2u);
    EXPECT_EQ(outcome->requests[0].return_code, TpReturnCode{0}) << "the other one is imported";
    EXPECT_EQ(outcome->requests[1].trkorr, open);
    EXPECT_EQ(outcome->requests[1].return_code, tp_not_in_buffer);
    EXPECT_EQ(world.history().size(), 1u) << "152 is no import";
}

TEST(Import, WhatWasImportedIsRefusedUntilItIsWantedAgain) {
    SmallWorld world;
    auto const report = world.alias("price-report");
    ASSERT_TRUE(world.import(to("QUA.200"), {report}));
    EXPECT_EQ(world.import(to("QUA.200"), {report})->return_code, tp_not_in_buffer);
    ASSERT_TRUE(world.landscape.add_to_buffer(report, to("QUA.200"), world.now()));
    EXPECT_THAT(world.queue("QUA"), Contains("DEVK900001 imported"));
    auto const refused = world.import(to("QUA.200"), {report});
    EXPECT_EQ(refused->return_code, std::nullopt);
    EXPECT_THAT(texts(*refused), Contains("DEVK900001 has already been imported completely."));
    ASSERT_TRUE(world.landscape.add_to_buffer(report, to("QUA.200"), world.now(), true));
    EXPECT_EQ(world.import(to("QUA.200"), {report})->return_code, TpReturnCode{0});
    EXPECT_EQ(world.history().size(), 2u) << "imported twice is two rows";
}

TEST(Import, OnlyReleasedRequestsAreAddedToABuffer) {
    SmallWorld world;
    auto const refused = world.landscape.add_to_buffer(world.alias("credit-limit"), to("QUA.200"), world.now());
    EXPECT_EQ(refused.error().context, "Request DEVK900007 is not yet released");
    EXPECT_FALSE(world.landscape.add_to_buffer(tr("DEVK900099"), to("QUA.200"), world.now()));
    EXPECT_FALSE(world.landscape.add_to_buffer(world.alias("price-report"), to("QUA"), world.now()));
}

TEST(Import, Rule4ATransportOfCopiesIsNotForwarded) {
    SmallWorld world;
    auto const original = world.alias("credit-limit");
    auto const copies = world.landscape
                            .create_request({.system = sid("DEV"),
                                             .client = Client{100},
                                             .function = TrFunction::transport_of_copies,
                                             .text = "for a test",
                                             .owner = "DEVELOPER",
                                             .target = to("QUA.200")},
                                            world.now())
                            .value();
    ASSERT_TRUE(world.landscape.cts(sid("DEV")).copy_objects(original, copies, world.now()));
    EXPECT_FALSE(world.landscape.release_request(copies, "DEVELOPER", world.now()));
    ASSERT_TRUE(world.landscape.release_request(copies, "DEVELOPER", world.now(), {.ignore_locks = true}));
    EXPECT_EQ(world.import(to("QUA.200"), {copies})->return_code, TpReturnCode{0});
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    EXPECT_FALSE(world.landscape.request(original)->released()) << "the original stays open";
}

TEST(Import, Rule6ACodeOf8IsForwardedUnlessTheProfileRepeatsIt) {
    for (int const repeat : {8, 9}) {
        auto spec = calm(three_tier_landscape());
        spec.tp.failing_share = 1;
        spec.tp.repeat_on_error = repeat;
        SmallWorld world{spec};
        auto const outcome = world.import(to("QUA.200"), {world.alias("price-report")});
        EXPECT_EQ(outcome->return_code, TpReturnCode{8});
        EXPECT_THAT(world.history(), ElementsAre("QUA.200 DEVK900001 8 CALM_QUA")) << "visible in either case";
        EXPECT_EQ(world.queue("PRD").empty(), repeat == 8);
        EXPECT_EQ(outcome->requests[0].left_buffer, repeat == 9);
        EXPECT_EQ(world.queue("QUA").front(), repeat == 8 ? "DEVK900001 error" : "DEVK900003 waiting");
    }
}

TEST(Import, Rule6AnImportThatTerminatedContinuesAtItsStep) {
    auto spec = calm(three_tier_landscape());
    spec.tp.terminating_share = 1;
    SmallWorld world{spec};
    auto const report = world.alias("price-report"), note = world.alias("delivery-note");
    auto const stopped = world.import(to("QUA.200"), {report});
    EXPECT_EQ(stopped->return_code, TpReturnCode{12});
    EXPECT_THAT(world.history(), ElementsAre("QUA.200 DEVK900001 12 CALM_QUA"));
    EXPECT_EQ(world.landscape.buffer(sid("QUA")).find(report, Client{200})->resume_at, 'I');
    EXPECT_EQ(world.landscape.buffer(sid("QUA")).find(report, Client{200})->max_code, TpReturnCode{12});
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    world.landscape.set_tp_profile(calm(three_tier_landscape()).tp);
    auto const resumed = world.import(to("QUA.200"), {report, note});
    EXPECT_EQ(resumed->return_code, TpReturnCode{0});
    EXPECT_EQ(resumed->requests[0].steps.front().step, 'I') << "steps that ran are not repeated";
    EXPECT_EQ(resumed->requests[1].steps.front().step, 'L');
    EXPECT_THAT(world.queue("PRD"), ElementsAre("DEVK900001 waiting", "DEVK900005 waiting"));
}

TEST(Import, ThatTerminatedIsNotTakenForDoneWhenItIsAddedAgain) {
    auto spec = calm(three_tier_landscape());
    spec.tp.terminating_share = 1;
    SmallWorld world{spec};
    auto const report = world.alias("price-report");
    ASSERT_TRUE(world.import(to("QUA.200"), {report}));
    ASSERT_TRUE(world.landscape.buffer(sid("QUA")).remove(report, Client{200}));
    ASSERT_TRUE(world.landscape.add_to_buffer(report, to("QUA.200"), world.now()));
    EXPECT_THAT(world.queue("QUA"), Contains("DEVK900001 waiting"));
}

TEST(Import, OneAtATimePerSystemFirstComeFirstServed) {
    SmallWorld world;
    SmallWorld::Call first, second, third, other;
    ASSERT_TRUE(world.import(to("QUA.200"), {world.alias("delivery-note")}));
    world.start_import(first, to("QUA.200"), {world.alias("price-report")});
    world.start_import(second, to("QUA.200"), {world.alias("price-report")});
    world.start_import(third, to("QUA.200"), {world.alias("price-conditions")});
    world.start_import(other, to("PRD.300"), {world.alias("delivery-note")}, "CALM_PRD");
    world.shard.run_for(2h);
    ASSERT_TRUE(first.ended && second.ended && third.ended && other.ended);
    EXPECT_EQ((*first.ended)->return_code, TpReturnCode{0});
    EXPECT_EQ((*second.ended)->return_code, tp_not_in_buffer) << "it came too late: nothing is imported twice";
    EXPECT_GE((*third.ended)->started_at, (*first.ended)->ended_at);
    EXPECT_EQ((*other.ended)->started_at, (*first.ended)->started_at) << "another system does not wait";
    EXPECT_EQ(world.history().size(), 4u);
}

TEST(Import, OfClientsOfOneSystemFollowsTheClients) {
    SmallWorld world{calm(one_system_landscape())};
    auto const report = world.alias("first-report");
    EXPECT_EQ(world.import(to("S4H.300"), {report})->return_code, tp_not_in_buffer) << "it has to pass 200 first";
    EXPECT_EQ(world.import(to("S4H.200"), {report})->return_code, TpReturnCode{0});
    EXPECT_EQ(world.landscape.buffer(sid("S4H")).queue(Client{300}).size(), 1u);
    EXPECT_EQ(world.landscape.buffer(sid("S4H")).queue(Client{200}).size(), 1u) << "the other request";
    EXPECT_EQ(world.import(to("S4H.300"), {report})->return_code, TpReturnCode{0});
    EXPECT_THAT(world.history(), ElementsAre("S4H.200 S4HK900001 0 CALM_QUA", "S4H.300 S4HK900001 0 CALM_QUA"));
}

TEST(Import, AGroupFansOutAndEachMemberForwardsOnItsOwn) {
    auto spec = calm(three_tier_landscape());
    auto second = spec.systems[1];
    second.id = sid("QU2");
    spec.systems.push_back(second);
    spec.tms.target_groups = {{"/QGRP/", {to("QUA.200"), to("QU2.200")}}};
    spec.tms.consolidation_routes[0].to = to("/QGRP/");
    SmallWorld world{spec};
    auto const report = world.alias("price-report");
    EXPECT_EQ(world.landscape.request(report)->target, to("/QGRP/"));
    EXPECT_EQ(world.queue("QUA"), world.queue("QU2"));
    ASSERT_TRUE(world.import(to("QU2.200"), {report}));
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    ASSERT_TRUE(world.import(to("QUA.200"), {report}));
    EXPECT_THAT(world.queue("PRD"), ElementsAre("DEVK900001 waiting"));
    EXPECT_EQ(world.import(to("/QGRP/"), {report}).error().code, ErrorCode::invalid);
}

TEST(Import, IntoAVirtualSystemIsRefusedWhileItsBufferFills) {
    auto spec = calm(three_tier_landscape());
    spec.systems[1].virtual_system = true;
    SmallWorld world{spec};
    EXPECT_EQ(world.queue("QUA").size(), 3u);
    auto const refused = world.import(to("QUA.200"), {world.alias("price-report")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "System QUA is virtual: its buffer fills, nothing is imported");
}

TEST(Import, IntoWhatDoesNotExistIsRefused) {
    SmallWorld world;
    for (auto const* target : {"XXX.200", "QUA.201", "QUA", "/NONE/"}) {
        auto const refused = world.import(to(target), {world.alias("price-report")});
        ASSERT_FALSE(refused) << target;
        EXPECT_THAT(world.history(), IsEmpty());
    }
    auto const nothing = world.import(to("QUA.200"), {});
    ASSERT_TRUE(nothing);
    EXPECT_THAT(nothing->requests, IsEmpty());
}

TEST(Import, ThatIsStoppedLeavesTheBufferAsItWas) {
    SmallWorld world;
    auto const before = world.queue("QUA");
    SmallWorld::Call running, waiting;
    world.start_import(running, to("QUA.200"), {world.alias("price-report")});
    world.start_import(waiting, to("QUA.200"), {world.alias("price-conditions")});
    world.shard.run_for(10s);
    world.shard.stop();
    world.shard.run_for(1s);
    ASSERT_TRUE(running.ended && waiting.ended);
    EXPECT_EQ(running.ended->error().code, ErrorCode::stopped);
    EXPECT_EQ(waiting.ended->error().code, ErrorCode::stopped);
    EXPECT_EQ(world.queue("QUA"), before);
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_FALSE(world.landscape.importing(sid("QUA")));
}

TEST(Import, EndsTheSameForTheSameSeedAndNotForAllOthers) {
    auto spec = three_tier_landscape();
    spec.tp.failing_share = 0.5;
    auto const codes = [&](std::uint64_t seed) {
        SmallWorld world{spec, seed};
        std::string all;
        for (auto const* alias : {"price-report", "price-conditions", "delivery-note"})
            all += std::to_string(world.import(to("QUA.200"), {world.alias(alias)})->return_code->value());
        return all;
    };
    std::set<std::string> different;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        EXPECT_EQ(codes(seed), codes(seed)) << "seed " << seed;
        different.insert(codes(seed));
    }
    EXPECT_GT(different.size(), 1u);
}

} // namespace
} // namespace almd
