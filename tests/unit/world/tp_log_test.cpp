// What tp writes down: rows of ALOG, SLOG and ULOG, and step logs that say why and when.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(TpLog, HasARowForEachStepAndALineForEachCommand) {
    SmallWorld world;
    ASSERT_TRUE(world.import(to("QUA.200"), {tr("DEVK900001")}, "ANNA", {.import_again = true}));
    std::string steps;
    for (auto const& row : world.landscape.tp_log().rows(TpLogKind::action)) steps += row.step;
    EXPECT_EQ(steps, "EEELHAIMRG><!") << "three exports when the world was made, then the import";
    auto const& commands = world.landscape.tp_log().rows(TpLogKind::user);
    ASSERT_EQ(commands.size(), 7u) << "export and addtobuffer three times, then the import";
    EXPECT_EQ(commands[0].text, "tp export DEVK900001 DEV pf=/usr/sap/trans/bin/TP_DOMAIN_PRD.PFL");
    EXPECT_EQ(commands[1].text, "tp addtobuffer DEVK900001 QUA client=200 pf=/usr/sap/trans/bin/TP_DOMAIN_PRD.PFL");
    EXPECT_EQ(commands[1].user, commands[0].user);
    EXPECT_EQ(commands[6].text, "tp import DEVK900001 QUA client=200 U1 pf=/usr/sap/trans/bin/TP_DOMAIN_PRD.PFL");
    EXPECT_EQ(commands[6].user, "ANNA");
    auto const& lines = world.landscape.tp_log().rows(TpLogKind::system);
    EXPECT_EQ(lines.front().text, "START imp single");
    EXPECT_EQ(lines.back().text, "STOP imp single");
}

TEST(TpLog, HasARowForEachCommandByHand) {
    SmallWorld world;
    auto& landscape = world.landscape;
    auto const before = landscape.tp_log().rows(TpLogKind::user).size();
    auto const request = tr("DEVK900001");
    ASSERT_TRUE(landscape.delete_from_buffer(request, to("QUA.200"), world.now()));
    ASSERT_TRUE(landscape.add_to_buffer(request, to("QUA.200"), world.now(), false, "BASIS"));
    ASSERT_TRUE(landscape.forward(request, sid("QUA"), to("PRD.300"), world.now()));
    ASSERT_TRUE(landscape.set_end_mark(sid("QUA"), world.now()));
    ASSERT_TRUE(landscape.delete_end_mark(sid("QUA"), world.now()));
    EXPECT_FALSE(landscape.delete_end_mark(sid("QUA"), world.now()));
    EXPECT_FALSE(landscape.add_to_buffer(request, to("QUA.201"), world.now()));
    std::vector<std::string> commands;
    auto const& rows = landscape.tp_log().rows(TpLogKind::user);
    for (auto i = before; i < rows.size(); ++i)
        commands.push_back(rows[i].user + " " + rows[i].text.substr(0, rows[i].text.find(" pf=")));
    EXPECT_THAT(commands, ElementsAre("DDIC tp delfrombuffer DEVK900001 QUA client=200",
                                      "BASIS tp addtobuffer DEVK900001 QUA client=200",
                                      "DDIC tp addtobuffer DEVK900001 PRD client=300", "DDIC tp setstopmark QUA",
                                      "DDIC tp delstopmark QUA"));
}

TEST(TpLog, SaysHowTheCallWasMadeAndNotHowManyRequestsRan) {
    struct Row {
        std::vector<TrRequest> named;
        bool all;
        std::string_view start;
    };
    for (auto const& row : {
             Row{{tr("DEVK900001")}, false, "START imp single"},
             Row{{tr("DEVK900001"), tr("DEVK900001")}, false, "START imp single"},
             Row{{tr("DEVK900001"), tr("DEVK900003")}, false, "START imp subset"},
             Row{{tr("DEVK900001"), tr("DEVK999999")}, false, "START imp subset"},
             Row{{tr("DEVK900001")}, true, "START imp all"},
             Row{{}, true, "START imp all"},
         }) {
        SmallWorld world;
        ASSERT_TRUE(world.import(to("QUA.200"), row.named, "ANNA", {.all = row.all}));
        EXPECT_EQ(world.landscape.tp_log().rows(TpLogKind::system).front().text, row.start);
    }
}

TEST(TpLog, RepeatsAnErrorInTheSystemLog) {
    auto spec = calm(three_tier_landscape());
    spec.tp.terminating_share = 1;
    SmallWorld world{spec};
    ASSERT_TRUE(world.import(to("QUA.200"), {tr("DEVK900001")}));
    auto const& lines = world.landscape.tp_log().rows(TpLogKind::system);
    std::vector<std::string> texts;
    for (auto const& line : lines) texts.push_back(line.text);
    EXPECT_THAT(std::vector(texts.end() - 5, texts.end()),
                ElementsAre("START MAIN IMPORT", "ERROR MAIN IMPORT", "ERROR stopping on error 12 during MAIN IMPORT",
                            "STOP MAIN IMPORT", "STOP imp single"));
    EXPECT_EQ(lines[lines.size() - 4].return_code, TpReturnCode{12});
    EXPECT_THAT(world.step_log(tr("DEVK900001"), 'I'), HasSubstr("stopping on error 12 during MAIN IMPORT"));
}

TEST(TpLog, ForgetsTheOldestAndInAFleetKeepsNone) {
    TpLog log{2}, none{0};
    for (int i = 0; i < 5; ++i) {
        log.write({.system = sid("QUA"), .text = std::to_string(i)});
        none.write({.system = sid("QUA")});
    }
    EXPECT_EQ(log.rows(TpLogKind::system).size(), 2u);
    EXPECT_EQ(log.rows(TpLogKind::system).front().text, "3");
    EXPECT_EQ(none.bytes(), 0u);
    auto const spec = three_tier_landscape();
    Landscape const of_fleet{spec, LandscapeIdentity::nth(1, 7, spec), test_start};
    EXPECT_FALSE(of_fleet.tp_log().keeps());
}

TEST(StepLog, IsNamedAfterRequestStepAndTargetAndEndsWithItsCode) {
    EXPECT_EQ(step_log_name(tr("DEVK900042"), 'I', sid("QUA"), test_start), "DEVI900042.QUA");
    EXPECT_EQ(step_log_name(tr("DEVK900042"), 'A', sid("QUA"), parse_rfc3339("2026-11-02T23:59:59Z").value()),
              "A261102.QUA")
        << "it is run once for all requests";
    ImportRow const row{.system = sid("QUA"), .request = tr("DEVK900042")};
    auto const text = step_log_text(row, {'I', TpReturnCode{4}}, {}, {});
    EXPECT_TRUE(text.ends_with("Ended with return code:  ===> 4 <==="));
    EXPECT_THAT(text, HasSubstr("Return code 4 was drawn by the tp profile or a behaviour"));
    EXPECT_THAT(step_log_text(row, {'I', TpReturnCode{0}}, {}, {}), Not(HasSubstr("drawn")));
}

TEST(StepLog, NamesTheObjectThatWasNotOverwrittenAndTheOptionThatWouldHave) {
    SmallWorld world;
    auto& target = world.landscape.cts(sid("QUA"));
    auto facts = target.facts_of(object("R3TR PROG ZOWN"));
    facts.original = sid("QUA");
    target.set_facts(object("R3TR PROG ZOWN"), facts);
    auto const request = world.released("two objects", {"R3TR PROG ZOWN", "R3TR PROG ZFREE"});
    EXPECT_EQ(world.import(to("QUA.200"), {request})->return_code, TpReturnCode{8});
    auto const log = world.step_log(request, 'I');
    EXPECT_THAT(log, HasSubstr("Object R3TR PROG ZOWN is an original in QUA and was not overwritten\n"
                               "Import option \"Overwrite Originals\" (umode 2) overwrites it\n"));
    EXPECT_THAT(log, Not(HasSubstr("ZFREE")));
    EXPECT_THAT(log, Not(HasSubstr("drawn"))) << "there is a cause";
    EXPECT_THAT(world.step_log(request, 'R'), Not(HasSubstr("ZOWN")));
    auto const* versions = world.landscape.versions(sid("QUA"));
    EXPECT_EQ(versions->find(object("R3TR PROG ZOWN")), nullptr) << "it was not brought";
    EXPECT_NE(versions->find(object("R3TR PROG ZFREE")), nullptr);
    EXPECT_EQ(world.import(to("QUA.200"), {request}, "ANNA", {.overwrite_originals = true})->return_code,
              TpReturnCode{0});
    EXPECT_THAT(world.step_log(request, 'I'), Not(HasSubstr("ZOWN")));
    EXPECT_NE(versions->find(object("R3TR PROG ZOWN")), nullptr);
}

TEST(StepLog, TellsFiftyObjectsAndHowManyMoreThereAre) {
    auto spec = calm(three_tier_landscape());
    spec.systems[1].import_rules.system_objects = {"R3TR PROG ZBAD*"};
    SmallWorld world{spec};
    std::vector<std::string> objects;
    for (int i = 0; i < 53; ++i) objects.push_back(fmt::format("R3TR PROG ZBAD{:02}", i));
    auto const request = world.released("many", objects);
    ASSERT_TRUE(world.import(to("QUA.200"), {request}));
    EXPECT_THAT(world.step_log(request, 'I'), HasSubstr("... and 3 more objects\n"));
    EXPECT_EQ(world.landscape.history().remarks_of(world.landscape.history().rows()[0]).size(), 101u);
}

TEST(StepLog, HasTheTimesOfItsStepWhichRunsForAllRequestsOfTheCall) {
    SmallWorld world;
    ASSERT_TRUE(world.import(to("QUA.200"), {tr("DEVK900001"), tr("DEVK900003")}));
    auto const& history = world.landscape.history();
    auto const& outcome = history.rows();
    auto const one = history.times_of(outcome[0], 'I'), other = history.times_of(outcome[1], 'I');
    EXPECT_EQ(one.start, other.start);
    EXPECT_EQ(one.end, other.end);
    auto const& lines = world.landscape.tp_log().rows(TpLogKind::system);
    auto const line_at = [&](std::string_view text) { return std::ranges::find(lines, text, &TpLogRow::text)->at; };
    EXPECT_EQ(line_at("START MAIN IMPORT"), one.start);
    EXPECT_EQ(line_at("STOP MAIN IMPORT"), one.end);
    EXPECT_THAT(world.step_log(tr("DEVK900001"), 'I'), HasSubstr("Start               : " + rfc3339(one.start)));
}

TEST(TpLog, HasOneLineOfACommandForAWholeCall) {
    auto spec = calm(three_tier_landscape());
    spec.tp.no_import_all = false;
    SmallWorld world{spec};
    auto const& commands = world.landscape.tp_log().rows(TpLogKind::user);
    auto const command = [&](std::vector<TrRequest> const& requests, ImportOptions options) {
        EXPECT_TRUE(world.import(to("QUA.200"), requests, "ANNA", options));
        return commands.back().text.substr(0, commands.back().text.find(" pf="));
    };
    auto const before = commands.size();
    EXPECT_EQ(command({tr("DEVK900003"), tr("DEVK900001")}, {}), "tp import DEVK900001 DEVK900003 QUA client=200");
    EXPECT_EQ(command(world.landscape.all_for_import(to("QUA.200")).value(), {.all = true}),
              "tp import all QUA client=200");
    EXPECT_EQ(commands.size(), before + 2);
    std::vector<TrRequest> many;
    for (int i = 0; i < 12; ++i) many.push_back(world.released(fmt::format("number {}", i)));
    EXPECT_THAT(command(many, {}), testing::EndsWith(" ... (12 requests) QUA client=200"));
}

TEST(TpLog, AFailedExportIsARowToo) {
    SmallWorld world;
    auto const trkorr =
        world.landscape
            .create_request({.system = sid("DEV"), .client = Client{100}, .text = "x", .owner = "DEVELOPER"},
                            world.now())
            .value();
    ASSERT_TRUE(world.landscape.cts(sid("DEV")).add_object(trkorr, object("R3TR PROG ZX"), world.now()));
    ASSERT_TRUE(world.landscape.cts(sid("DEV")).set_fault(trkorr, ReleaseFault::export_step));
    EXPECT_FALSE(world.landscape.release_with_tasks(trkorr, "DEVELOPER", world.now()));
    auto const& row = world.landscape.tp_log().rows(TpLogKind::action).back();
    EXPECT_EQ(row.step, 'E');
    EXPECT_EQ(row.return_code, TpReturnCode{8});
}

TEST(ImportHistory, KeepsTimesAndRemarksAsLongAsItsRows) {
    ImportHistory history;
    for (std::size_t i = 0; i < ImportHistory::rows_max * 2; ++i) {
        if (i % 2 == 0) {
            ImportCall call{test_start + Duration{i}};
            call.ended('I', test_start + Duration{i + 7});
            history.begin_call(call);
        }
        history.add({.system = sid("QUA"), .request = tr("DEVK900042"), .steps = {{'I', TpReturnCode{8}}}});
        history.remark('I', std::to_string(i));
    }
    ASSERT_EQ(history.rows().size(), ImportHistory::rows_max);
    for (auto const* row : {&history.rows().front(), &history.rows()[1], &history.rows().back()}) {
        auto const i = row->sequence - 1;
        EXPECT_EQ(history.times_of(*row, 'I').start, test_start + Duration{i / 2 * 2});
        EXPECT_EQ(history.times_of(*row, 'I').end, test_start + Duration{i / 2 * 2 + 7});
        ASSERT_EQ(history.remarks_of(*row).size(), 1u);
        EXPECT_EQ(history.remarks_of(*row)[0].text, std::to_string(i));
    }
}

} // namespace
} // namespace almd
