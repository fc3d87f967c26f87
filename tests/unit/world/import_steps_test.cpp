// How long the steps of a call take, and what becomes of its requests when one of them fails.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Behaviour ending(std::string object_type, char step, int code) {
    Behaviour behaviour;
    behaviour.name = "ends badly";
    behaviour.selector.object_type = std::move(object_type);
    behaviour.outcome = BehaviourOutcome::import;
    behaviour.step = step;
    behaviour.return_code = code;
    return behaviour;
}

std::string steps_in_cofile(SmallWorld const& world, TrRequest trkorr) {
    std::string all;
    for (auto const& step : cofile_of(world.landscape.history(), trkorr))
        all += fmt::format("{}{} ", step.step, step.return_code.value());
    return all;
}

TEST(ImportSteps, Rule5WhatAnInterruptedRequestRanCountsWhenItGoesOn) {
    auto spec = calm(three_tier_landscape());
    spec.tp.repeat_on_error = 9;
    spec.import_behaviours = {ending("CLAS", 'I', 12)};
    SmallWorld world{spec};
    world.landscape.cts(sid("QUA")).set_facts(object("R3TR PROG ZORIG"), {.original = sid("QUA")});
    auto const original = world.released("an original of QUA", {"R3TR PROG ZORIG"});
    auto const broken = world.released("breaks off", {"R3TR CLAS ZCL_BAD"});

    auto const outcome = world.import(to("QUA.200"), {original, broken});
    EXPECT_EQ(outcome->requests[0].return_code, std::nullopt) << "another one's error interrupted it";
    EXPECT_EQ(outcome->requests[1].return_code, TpReturnCode{12});
    EXPECT_EQ(steps_in_cofile(world, original), "L0 H0 A0 I8 ");
    EXPECT_THAT(world.step_log(original, 'I'), HasSubstr("is an original in QUA"));
    EXPECT_THAT(world.landscape.imports_of(original), IsEmpty()) << "no result yet";
    EXPECT_EQ(world.landscape.history().last(original, sid("QUA"), Client{200}), nullptr);

    EXPECT_EQ(code_of(world.import(to("QUA.200"), {original})), TpReturnCode{8});
    EXPECT_EQ(steps_in_cofile(world, original), "L0 H0 A0 I8 M0 R0 G0 ");
    ASSERT_EQ(world.landscape.imports_of(original).size(), 1u);
    EXPECT_EQ(world.landscape.imports_of(original)[0]->return_code, TpReturnCode{8});
    EXPECT_EQ(world.landscape.versions(sid("QUA"))->find(object("R3TR PROG ZORIG")), nullptr);
}

TEST(ImportSteps, AMainImportThatRanBroughtItsObjectsHoweverTheCallEnded) {
    auto spec = calm(three_tier_landscape());
    spec.import_behaviours = {ending("CLAS", 'I', 12)};
    SmallWorld world{spec};
    auto const good = world.released("good", {"R3TR PROG ZGOOD"}), bad = world.released("bad", {"R3TR CLAS ZCL_BAD"});
    ASSERT_TRUE(world.import(to("QUA.200"), {good, bad}));
    auto const* versions = world.landscape.versions(sid("QUA"));
    ASSERT_NE(versions, nullptr);
    EXPECT_NE(versions->find(object("R3TR PROG ZGOOD")), nullptr);
    EXPECT_EQ(versions->find(object("R3TR CLAS ZCL_BAD")), nullptr);
}

TEST(ImportSteps, Rule5AnActivationThatFailsCountsForEveryRequestOfTheCall) {
    auto spec = calm(three_tier_landscape());
    spec.import_behaviours = {ending("TABL", 'A', 8)};
    SmallWorld world{spec};
    auto const table = world.released("a table", {"R3TR TABL ZTAB"}), program = world.released("a program");
    auto const setting = world.released("a setting", {"R3TR TABU T001 0001"});
    auto const outcome = world.import(to("QUA.200"), {table, program, setting});
    for (auto const& request : outcome->requests) EXPECT_EQ(request.return_code, TpReturnCode{8});
    EXPECT_EQ(steps_in_cofile(world, table), "L0 H0 A8 S0 N0 60 I0 M0 R0 G0 ");
    auto const& rows = world.landscape.tp_log().rows(TpLogKind::action);
    auto const activations = [](TpLogRow const& row) { return row.step == 'A'; };
    ASSERT_EQ(std::ranges::count_if(rows, activations), 1) << "one row for ALL";
    EXPECT_EQ(std::ranges::find_if(rows, activations)->request, std::nullopt);
    EXPECT_EQ(std::ranges::find_if(rows, activations)->return_code, TpReturnCode{8});
    EXPECT_EQ(code_of(world.import(to("QUA.200"), {program})), TpReturnCode{0}) << "without the table it is good";
}

TEST(ImportSteps, WhatIsNotOverwrittenEndsWith8WhateverElseFails) {
    auto spec = calm(three_tier_landscape());
    spec.import_behaviours = {ending("PROG", 'R', 8)};
    SmallWorld world{spec};
    world.landscape.cts(sid("QUA")).set_facts(object("R3TR PROG ZORIG"), {.original = sid("QUA")});
    auto const original = world.released("an original of QUA", {"R3TR PROG ZORIG"});
    EXPECT_EQ(code_of(world.import(to("QUA.200"), {original})), TpReturnCode{8});
    EXPECT_EQ(steps_in_cofile(world, original), "L0 H0 A0 I8 M0 R8 G0 ");
}

TEST(ImportSteps, AStepThatARequestDoesNotRunCannotFail) {
    auto spec = calm(three_tier_landscape());
    spec.import_behaviours = {ending("TABU", 'G', 8)};
    SmallWorld world{spec};
    auto const setting = world.released("a setting", {"R3TR TABU T001 0001"});
    EXPECT_EQ(code_of(world.import(to("QUA.200"), {setting})), TpReturnCode{0});
}

TEST(ImportSteps, TakesTheTimeOfTheProfile) {
    SmallWorld world;
    auto const start = world.now();
    auto const outcome = world.import(to("QUA.200"), {world.alias("price-report"), world.alias("price-conditions")});
    auto const& tp = world.spec.tp;
    EXPECT_EQ(outcome->started_at, start);
    EXPECT_EQ(outcome->ended_at - start, tp.per_call + 2 * tp.per_request + 2 * tp.per_object + 2 * tp.per_object / 5)
        << "two objects of code, two tables' contents";
    EXPECT_EQ(world.landscape.history().rows()[0].imported_at, outcome->ended_at);
}

TEST(ImportSteps, TakesItsTimeFromTheSeed) {
    auto const took = [](std::uint64_t seed) {
        auto spec = calm(three_tier_landscape());
        spec.tp.time_spread = 0.5;
        SmallWorld world{spec, seed};
        auto const outcome = world.import(to("QUA.200"), {world.alias("price-report")});
        return outcome->ended_at - outcome->started_at;
    };
    std::set<Duration> all;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) all.insert(took(seed));
    EXPECT_GT(all.size(), 15u);
    EXPECT_EQ(took(7), took(7));
    TpProfile const tp;
    auto const usual = tp.per_request + 2 * tp.per_object;
    EXPECT_GE(*all.begin(), tp.per_call + usual / 2 - 1ms);
    EXPECT_LE(*all.rbegin(), tp.per_call + usual * 3 / 2 + 1ms);
}

} // namespace
} // namespace almd
