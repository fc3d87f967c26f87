// tp's decisions, as tables.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <map>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ComponentVersion> const level_2 = {{"SAP_BASIS", "758", 2}, {"S4CORE", "108", 2}};

struct ComponentCase {
    std::string name;
    std::vector<ComponentVersion> of_request, of_target;
    bool match;
};

class Components : public testing::TestWithParam<ComponentCase> {};

TEST_P(Components, AreComparedByReleaseAndLevel) {
    EXPECT_EQ(components_match(GetParam().of_request, GetParam().of_target), GetParam().match);
}

INSTANTIATE_TEST_SUITE_P(
    Tp, Components,
    testing::Values(ComponentCase{"Equal", level_2, level_2, true},
                    ComponentCase{"OtherOrder", level_2, {level_2[1], level_2[0]}, true},
                    ComponentCase{"OtherLevel", level_2, {{"SAP_BASIS", "758", 2}, {"S4CORE", "108", 3}}, false},
                    ComponentCase{"LowerLevel", level_2, {{"SAP_BASIS", "758", 2}, {"S4CORE", "108", 1}}, false},
                    ComponentCase{"OtherRelease", level_2, {{"SAP_BASIS", "757", 2}, {"S4CORE", "108", 2}}, false},
                    ComponentCase{"AdditionalInRequest", level_2, {{"SAP_BASIS", "758", 2}}, false},
                    ComponentCase{"AdditionalInTarget", {level_2[0]}, level_2, false},
                    ComponentCase{"NothingKnown", {}, level_2, true}),
    [](auto const& one) { return one.param.name; });

TEST(TpProfile, DecidesWhetherAComponentThatOnlyTheTargetHasCounts) {
    EXPECT_TRUE(components_match(std::span{level_2}.first(1), level_2, false));
    ImportCandidate only{.trkorr = tr("DEVK900001"), .components = std::span{level_2}.first(1)};
    auto const blocked = plan_import({}, {&only, 1}, level_2, "QUA.200");
    EXPECT_TRUE(blocked.blocked);
    EXPECT_EQ(blocked.messages.at(1).text,
              "Software component S4CORE rel.108 level 0002 is only in QUA.200, not in the source system");
    EXPECT_FALSE(plan_import({.extra_target_components_block = false}, {&only, 1}, level_2, "QUA.200").blocked);
}

ImportCandidate candidate(std::uint32_t number, std::span<ComponentVersion const> components = level_2) {
    ImportCandidate made{.trkorr = TrRequest{sid("DEV"), number}};
    made.components = components;
    return made;
}

std::vector<std::string> lines(ImportPlan const& plan) {
    std::vector<std::string> all;
    for (auto const& message : plan.messages)
        all.push_back(fmt::format("{} {}{} {}", message.type, message.message_class, message.number, message.text));
    return all;
}

TEST(ImportPlan, RunsWhatIsInTheBufferInQueueOrder) {
    ImportCandidate const all[] = {candidate(900'003), candidate(900'001)};
    auto const plan = plan_import({}, all, level_2, "QUA.200");
    EXPECT_THAT(plan.run, ElementsAre(0, 1));
    EXPECT_FALSE(plan.blocked);
    EXPECT_THAT(plan.messages, IsEmpty());
}

TEST(ImportPlan, Rule7OneComponentMismatchBlocksTheWholeSubset) {
    std::vector<ComponentVersion> const level_3 = {{"SAP_BASIS", "758", 2}, {"S4CORE", "108", 3}};
    ImportCandidate const all[] = {candidate(900'001), candidate(900'003, level_3), candidate(900'005)};
    auto const plan = plan_import({}, all, level_2, "QUA.200");
    EXPECT_TRUE(plan.blocked);
    EXPECT_THAT(plan.run, IsEmpty());
    EXPECT_THAT(lines(plan),
                ElementsAre("E XT216 1 of 3 requests do not match the component version of the target system",
                            "E TN561 The software component S4CORE rel.108 does not have the required SP level 0003"));
}

TEST(ImportPlan, TheComponentCheckCanBeSwitchedOff) {
    ImportCandidate const all[] = {candidate(900'001)};
    TpProfile profile;
    profile.component_check = false;
    EXPECT_THAT(plan_import(profile, all, {}, "QUA.200").run, ElementsAre(0));
    EXPECT_TRUE(plan_import({}, all, {}, "QUA.200").blocked);
}

TEST(ImportPlan, WhatIsNotInTheBufferDoesNotHoldTheOthersUp) {
    std::vector<ComponentVersion> const other = {{"S4CORE", "999", 0}};
    ImportCandidate all[] = {candidate(900'001), candidate(900'003, other), candidate(900'005)};
    all[1].in_buffer = false;
    all[2].state = EntryState::imported;
    auto const plan = plan_import({}, all, level_2, "QUA.200");
    EXPECT_THAT(plan.run, ElementsAre(0));
    EXPECT_THAT(plan.not_in_buffer, ElementsAre(1));
    EXPECT_THAT(plan.refused, ElementsAre(2));
    EXPECT_THAT(lines(plan), ElementsAre("E ALMD020 Request DEVK900003 is not in the import buffer of QUA.200 (tp "
                                         "return code 0152)",
                                         "W  DEVK900005 has already been imported completely."));
}

TEST(ImportPlan, APredecessorThatIsNamedButNotImportedIsMissingToo) {
    ImportCandidate all[] = {candidate(900'001), candidate(900'003), candidate(900'005)};
    all[0].state = EntryState::excluded;
    all[1].predecessors = {all[0].trkorr};
    all[2].predecessors = {all[1].trkorr};
    EXPECT_THAT(plan_import({}, all, level_2, "QUA.200", {.ignore_predecessors = false}).run, IsEmpty());
    EXPECT_THAT(plan_import({}, all, level_2, "QUA.200").run, ElementsAre(1, 2));
    all[0].state = EntryState::waiting;
    EXPECT_THAT(plan_import({}, all, level_2, "QUA.200", {.ignore_predecessors = false}).run, ElementsAre(0, 1, 2));
}

ImportContents contents_of(std::vector<std::string> const& objects) {
    ImportContents contents;
    for (auto const& one : objects) contents.add(object(one));
    return contents;
}

TEST(ImportSteps, AreThoseThatTheContentsNeed) {
    struct Row {
        TrFunction function;
        std::vector<std::string> objects;
        std::string steps;
    };
    auto const workbench = TrFunction::workbench, copies = TrFunction::transport_of_copies;
    Row const rows[] = {
        {workbench, {}, "LHAIMRG"},
        {workbench, {"R3TR PROG ZA", "CORR RELE DEVK900002 20261122 080000 ANNA"}, "LHAIMRG"},
        {workbench, {"R3TR TABL ZA"}, "LHASN6IMRG"},
        {workbench, {"R3TR PROG ZA", "LIMU DTED ZA"}, "LHASN6IMRG"},
        {workbench, {"R3TR FORM ZA"}, "LHAIMDRG"},
        {workbench, {"R3TR TABU T000 100"}, "LIR"},
        {TrFunction::customizing, {"R3TR TABU T001 0001"}, "LIR"},
        {TrFunction::customizing, {}, "LIR"},
        {copies, {"R3TR TABU T001 0001"}, "LIR"},
        {copies, {"R3TR TABU T001 0001", "R3TR PROG ZA"}, "LHAIMRG"},
    };
    TpProfile profile;
    for (auto const& row : rows) EXPECT_EQ(steps_of(profile, row.function, contents_of(row.objects)), row.steps);
    profile.versions_at_import = true;
    EXPECT_EQ(steps_of(profile, workbench, contents_of({"R3TR FORM ZA", "R3TR VIEW ZV"})), "LHASN6IMDVRG");
    EXPECT_EQ(step_order(), "LHASN6IMDVRG");
}

TEST(ImportSteps, AreResumedInTheOrderOfTp) {
    EXPECT_EQ(steps_from("LHAIMRG", 0), "LHAIMRG");
    EXPECT_EQ(steps_from("LHAIMRG", 'I'), "IMRG");
    EXPECT_EQ(steps_from("LIR", 'A'), "IR") << "another request's A failed and counted for this one";
    EXPECT_EQ(steps_from("LHAIMRG", 'N'), "IMRG");
}

TEST(ImportSteps, TakeTheTimeOfTheRequestAndOfEachKindOfObject) {
    TpProfile profile;
    profile.per_request = 4001ms;
    profile.per_object = 151ms;
    struct Row {
        std::vector<std::string> objects;
        double times_per_object;
    };
    for (auto const& [objects, factor] : {Row{{}, 0}, Row{{"R3TR PROG ZA"}, 1}, Row{{"R3TR TABL ZA"}, 3},
                                          Row{{"R3TR TABU T001 1", "R3TR TABU T001 2"}, 0.4}, Row{{"R3TR FORM ZF"}, 1},
                                          Row{{"R3TR CLAS ZC", "R3TR DOMA ZD", "R3TR TABU T001 1"}, 4.2}}) {
        auto const contents = contents_of(objects);
        auto const steps = steps_of(profile, TrFunction::workbench, contents);
        Duration sum{0};
        for (char const step : steps) sum += step_duration(profile, steps, contents, step);
        auto const wanted = profile.per_request + std::chrono::duration_cast<Duration>(profile.per_object * factor);
        EXPECT_NEAR(std::chrono::duration<double>(sum).count(), std::chrono::duration<double>(wanted).count(), 0.02)
            << factor;
    }
}

ImportProgress progress_of(std::string_view number, TrFunction function, std::vector<std::string> const& objects,
                           ImportFate fate, char resume_at = 0) {
    ImportProgress progress{.trkorr = tr(number), .function = function, .contents = contents_of(objects), .fate = fate};
    progress.all_steps = steps_of({}, function, progress.contents);
    progress.steps = steps_from(progress.all_steps, resume_at);
    return progress;
}

std::vector<ImportProgress> two_requests(ImportFate first, ImportFate second) {
    return {progress_of("DEVK900001", TrFunction::workbench, {"R3TR PROG ZA"}, first),
            progress_of("DEVK900003", TrFunction::customizing, {"R3TR TABU T001 1"}, second)};
}

/// Runs all steps; returns the letters that ran.
std::string run_all(TpProfile const& profile, std::vector<ImportProgress>& requests) {
    std::string ran;
    for (char const step : step_order()) {
        if (!step_duration(profile, requests, step)) continue;
        ran += step;
        if (!run_step(profile, requests, step)) break;
    }
    return ran;
}

TEST(ImportSteps, Rule5TheCodeOfARequestIsTheMaximumOfItsSteps) {
    auto requests = two_requests({'I', TpReturnCode{4}}, {});
    EXPECT_EQ(run_all({}, requests), "LHAIMRG");
    EXPECT_EQ(end_of({}, requests[0]).return_code, TpReturnCode{4});
    EXPECT_EQ(end_of({}, requests[1]).return_code, TpReturnCode{0});
    EXPECT_THAT(requests[1].done, ElementsAre(ImportStep{'L', {}}, ImportStep{'I', {}}, ImportStep{'R', {}}));
}

TEST(ImportSteps, AnErrorOfARequestIndependentStepCountsForAll) {
    auto requests = two_requests({'A', TpReturnCode{8}}, {});
    run_all({}, requests);
    EXPECT_EQ(requests[0].worst(), TpReturnCode{8});
    EXPECT_EQ(requests[1].worst(), TpReturnCode{8}) << "though it has no such step of its own";
    auto warned = two_requests({'A', TpReturnCode{4}}, {});
    run_all({}, warned);
    EXPECT_EQ(warned[1].worst(), TpReturnCode{0});
}

TEST(ImportSteps, Rule6ACodeOf12StopsTheCallAndLaterStepsDoNotRun) {
    auto requests = two_requests({'I', TpReturnCode{12}}, {});
    EXPECT_EQ(run_all({}, requests), "LHAI");
    auto const failed = end_of({}, requests[0]), interrupted = end_of({}, requests[1]);
    EXPECT_EQ(failed.return_code, TpReturnCode{12});
    EXPECT_EQ(failed.resume_at, 'I');
    EXPECT_EQ(interrupted.return_code, std::nullopt);
    EXPECT_EQ(interrupted.resume_at, 'R') << "its step I ran in the same call";
}

TEST(ImportSteps, Rule5ACodeOfAnEarlierCallCountsUnlessItsStepRunsAgain) {
    TpProfile profile;
    profile.repeat_on_error = 9;
    auto requests = two_requests({'I', TpReturnCode{8}}, {'I', TpReturnCode{12}});
    run_all(profile, requests);
    auto const interrupted = end_of(profile, requests[0]), failed = end_of(profile, requests[1]);
    EXPECT_EQ(interrupted.return_code, std::nullopt);
    EXPECT_EQ(interrupted.resume_at, 'M');
    EXPECT_EQ(interrupted.carried, TpReturnCode{8}) << "its main import is not repeated";
    EXPECT_EQ(failed.resume_at, 'I');
    EXPECT_EQ(failed.carried, TpReturnCode{0}) << "the step that failed is repeated";

    auto again = progress_of("DEVK900001", TrFunction::workbench, {"R3TR PROG ZA"}, {}, interrupted.resume_at);
    again.carried = interrupted.carried;
    std::vector<ImportProgress> second{again};
    EXPECT_EQ(run_all(profile, second), "MRG");
    EXPECT_EQ(end_of(profile, second[0]).return_code, TpReturnCode{8});
}

struct ErrorLevelCase {
    int stop, repeat, code;
    bool stops, stays;
};

TEST(TpProfile, Rule6StopOnErrorAndRepeatOnErrorDecideWhatACodeMeans) {
    ErrorLevelCase const table[] = {
        {9, 8, 0, false, false}, {9, 8, 4, false, false}, {9, 8, 8, false, true}, {9, 8, 12, true, true},
        {9, 9, 8, false, false}, {9, 9, 12, true, true},  {8, 8, 8, true, true},  {13, 13, 12, false, false},
    };
    for (auto const& row : table) {
        TpProfile profile;
        profile.stop_on_error = row.stop;
        profile.repeat_on_error = row.repeat;
        EXPECT_EQ(stops_call(profile, TpReturnCode{row.code}), row.stops) << row.stop << " " << row.code;
        EXPECT_EQ(stays_in_buffer(profile, TpReturnCode{row.code}), row.stays) << row.repeat << " " << row.code;
    }
}

TEST(ImportFate, FollowsTheSharesOfTheProfile) {
    TpProfile profile;
    profile.terminating_share = 0.1;
    profile.failing_share = 0.2;
    profile.warning_share = 0.3;
    std::map<int, int> codes;
    for (std::uint64_t i = 0; i < 10'000; ++i) ++codes[draw_fate(profile, Rng::stream(1, i)).return_code.value()];
    EXPECT_NEAR(codes[12], 1'000, 150);
    EXPECT_NEAR(codes[8], 2'000, 200);
    EXPECT_NEAR(codes[4], 3'000, 200);
    EXPECT_NEAR(codes[0], 4'000, 200);
}

TEST(ImportFate, OfTheSameStreamIsTheSame) {
    TpProfile profile;
    profile.failing_share = 0.5;
    for (std::uint64_t i = 0; i < 100; ++i)
        EXPECT_EQ(draw_fate(profile, Rng::stream(1, i)), draw_fate(profile, Rng::stream(1, i)));
}

TEST(EndMessage, SaysTheCodeInTheWordsOfTheHistory) {
    auto const line = [](std::optional<TpReturnCode> code, char resume) {
        auto const message = end_message(tr("DEVK900001"), "QUA.200", {code, resume});
        return fmt::format("{} {}", message.type, message.text);
    };
    EXPECT_EQ(line(TpReturnCode{0}, 0), "S Import of DEVK900001 into QUA.200: 0000 successful");
    EXPECT_EQ(line(TpReturnCode{4}, 0), "W Import of DEVK900001 into QUA.200: 0004 ended with warnings");
    EXPECT_EQ(line(TpReturnCode{8}, 'I'), "E Import of DEVK900001 into QUA.200: 0008 ended with errors");
    EXPECT_EQ(line(TpReturnCode{12}, 'I'), "E Import of DEVK900001 into QUA.200: 0012 terminated");
    EXPECT_EQ(line(std::nullopt, 'R'), "W Import of DEVK900001 into QUA.200 was interrupted; it continues at step R");
}

} // namespace
} // namespace almd
