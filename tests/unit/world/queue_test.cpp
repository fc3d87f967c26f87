// States of buffer entries and queues, end mark, import options: tables and small stories.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct EntryCase {
    BufferState state;
    std::vector<EntryMark> marks;
    EntryPlace place;
    EntryState shown;
    char import_flag;
};

TEST(EntryStates, EachIsShownForItsReason) {
    EntryCase const table[] = {
        {BufferState::waiting, {}, {}, EntryState::waiting, '1'},
        {BufferState::again, {}, {}, EntryState::again, '1'},
        {BufferState::imported, {}, {}, EntryState::imported, '2'},
        {BufferState::running, {}, {}, EntryState::running, '1'},
        {BufferState::error, {}, {}, EntryState::error, '1'},
        {BufferState::waiting, {EntryMark::scheduled}, {}, EntryState::scheduled, '1'},
        {BufferState::waiting, {EntryMark::excluded}, {}, EntryState::excluded, '5'},
        {BufferState::waiting, {}, {.approval = ApprovalState::pending}, EntryState::unapproved, '4'},
        {BufferState::waiting, {}, {.approval = ApprovalState::rejected}, EntryState::rejected, '4'},
        {BufferState::waiting, {EntryMark::file_missing}, {}, EntryState::file_missing, '1'},
        {BufferState::waiting, {}, {.after_end_mark = true}, EntryState::after_end_mark, '1'},
        {BufferState::waiting, {}, {.component_mismatch = true}, EntryState::component_mismatch, '1'},
        {BufferState::waiting, {EntryMark::excluded}, {.approval = ApprovalState::rejected}, EntryState::rejected, '4'},
        {BufferState::waiting, {}, {.type_locked = true}, EntryState::excluded, 'K'},
        {BufferState::waiting, {EntryMark::excluded}, {.type_locked = true}, EntryState::excluded, '5'},
        {BufferState::running, {EntryMark::scheduled}, {.after_end_mark = true}, EntryState::running, '1'},
    };
    for (auto const& row : table) {
        BufferEntry entry{.trkorr = tr("DEVK900001"), .state = row.state};
        for (auto const mark : row.marks) entry.set(mark, true);
        EXPECT_EQ(name(state_of(entry, row.place)), name(row.shown));
        EXPECT_EQ(import_flag(TpProfile{}, entry, row.place), row.import_flag) << name(row.shown);
        EXPECT_FALSE(title(row.shown).empty());
    }
}

TEST(EntryStates, AMarkCanBeTakenAwayAgain) {
    BufferEntry entry{.trkorr = tr("DEVK900001")};
    entry.set(EntryMark::file_missing, true);
    entry.set(EntryMark::scheduled, true);
    entry.set(EntryMark::file_missing, false);
    EXPECT_EQ(state_of(entry), EntryState::scheduled);
}

TEST(QueueStates, TheMostUrgentIsShown) {
    EXPECT_EQ(state_of(QueueFacts{.exists = false}), QueueState::missing);
    EXPECT_EQ(state_of(QueueFacts{}), QueueState::open);
    EXPECT_EQ(state_of(QueueFacts{.closed = true}), QueueState::closed);
    EXPECT_EQ(state_of(QueueFacts{.closed = true, .scheduled = true}), QueueState::scheduled);
    EXPECT_EQ(state_of(QueueFacts{.scheduled = true, .worst = TpReturnCode{8}}), QueueState::errors);
    EXPECT_EQ(state_of(QueueFacts{.worst = TpReturnCode{12}}), QueueState::terminated);
    EXPECT_EQ(state_of(QueueFacts{.running = true, .worst = TpReturnCode{12}}), QueueState::running);
}

TEST(ImportOptions, TheTableHasEachUmodeOnce) {
    std::string modes;
    for (auto const& option : stms_options())
        if (option.umode) modes += option.umode;
    EXPECT_EQ(modes, "0123689");
    EXPECT_EQ(umodes_of({}), "");
    EXPECT_EQ(umodes_of({.leave_in_queue = true, .overwrite_repairs = true}), "U06");
    EXPECT_EQ(umodes_of(parse_umodes("U0123689").value()), "U0123689");
    EXPECT_EQ(parse_umodes("7").error().code, ErrorCode::invalid);
}

TEST(KeptOut, EachStateSaysItsReasonAndOptionsOverruleTwoOfThem) {
    auto const reason = [](EntryState state, ImportOptions options = {}) {
        auto const why = why_kept_out(state, options);
        return why ? text_of(*why, "DEVK900001") : std::string{};
    };
    EXPECT_EQ(reason(EntryState::imported), "DEVK900001 has already been imported completely.");
    EXPECT_EQ(reason(EntryState::imported, {.import_again = true}), "");
    EXPECT_EQ(reason(EntryState::unapproved), "Request DEVK900001 must still be approved");
    EXPECT_EQ(reason(EntryState::unapproved, {.ignore_approval = true}), "");
    EXPECT_EQ(reason(EntryState::rejected, {.ignore_approval = true}), "Request DEVK900001 was rejected");
    EXPECT_EQ(reason(EntryState::excluded), "Request DEVK900001 will not be imported");
    EXPECT_EQ(reason(EntryState::file_missing), "The data file of request DEVK900001 must be transferred");
    EXPECT_EQ(reason(EntryState::running), "DEVK900001 is currently being imported");
    for (auto const state : {EntryState::waiting, EntryState::again, EntryState::scheduled, EntryState::error})
        EXPECT_EQ(reason(state), "");
}

LandscapeSpec import_all_allowed() {
    auto spec = calm(three_tier_landscape());
    spec.tp.no_import_all = false;
    return spec;
}

TEST(ImportAll, IsRefusedByTheProfileOfTheSample) {
    SmallWorld world;
    auto const refused = world.landscape.all_for_import(to("QUA.200"));
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(refused.error().context, "Import all into QUA.200 is switched off (NO_IMPORT_ALL)");
}

TEST(ImportAll, StopsAtTheEndMark) {
    SmallWorld world{import_all_allowed()};
    ASSERT_TRUE(world.landscape.set_end_mark(sid("QUA"), world.now()));
    EXPECT_EQ(world.landscape.queue_state(sid("QUA")), QueueState::closed);
    EXPECT_EQ(world.landscape.set_end_mark(sid("QUA"), world.now()).error().code, ErrorCode::conflict);
    auto const late = world.released("after the mark");
    auto const& buffer = world.landscape.buffer(sid("QUA"));
    EXPECT_EQ(world.landscape.entry_state(sid("QUA"), *buffer.find(late, Client{200})), EntryState::after_end_mark);
    EXPECT_THAT(world.landscape.all_for_import(to("QUA.200")).value(),
                ElementsAre(tr("DEVK900001"), tr("DEVK900003"), tr("DEVK900005")));
    ASSERT_TRUE(world.landscape.delete_end_mark(sid("QUA"), world.now()));
    EXPECT_EQ(world.landscape.delete_end_mark(sid("QUA"), world.now()).error().code, ErrorCode::conflict);
    EXPECT_EQ(world.landscape.all_for_import(to("QUA.200"))->back(), late);
}

TEST(ImportAll, LeavesOutWhatIsKeptOut) {
    SmallWorld world{import_all_allowed()};
    auto* entry = world.landscape.buffer(sid("QUA")).find(tr("DEVK900003"), Client{200});
    entry->set(EntryMark::excluded, true);
    EXPECT_THAT(world.landscape.all_for_import(to("QUA.200")).value(), ElementsAre(tr("DEVK900001"), tr("DEVK900005")));
    auto const asked = world.import(to("QUA.200"), {tr("DEVK900003")});
    EXPECT_EQ(asked->return_code, std::nullopt);
    EXPECT_THAT(world.history(), IsEmpty());
}

TEST(Import, APreliminaryOneLeavesTheEntryToBeImportedAgainAtItsPlace) {
    SmallWorld world{import_all_allowed()};
    auto const last = tr("DEVK900005");
    auto const early = world.import(to("QUA.200"), {last}, "ANNA", {.leave_in_queue = true});
    EXPECT_FALSE(early->requests[0].left_buffer);
    EXPECT_THAT(world.queue("QUA"), ElementsAre("DEVK900001 waiting", "DEVK900003 waiting", "DEVK900005 again"));
    EXPECT_THAT(world.queue("PRD"), ElementsAre("DEVK900005 waiting"));
    auto const all = world.import(to("QUA.200"), world.landscape.all_for_import(to("QUA.200")).value());
    EXPECT_EQ(all->requests.size(), 3u);
    EXPECT_EQ(all->requests[2].trkorr, last) << "imported again, without umode 1";
    EXPECT_THAT(world.queue("QUA"), IsEmpty());
    EXPECT_EQ(world.queue("PRD").size(), 3u);
}

TEST(Import, Umode1ImportsAgainWhatIsThere) {
    SmallWorld world;
    auto const report = tr("DEVK900001");
    ASSERT_TRUE(world.import(to("QUA.200"), {report}));
    ASSERT_TRUE(world.landscape.add_to_buffer(report, to("QUA.200"), world.now()));
    EXPECT_EQ(world.import(to("QUA.200"), {report})->return_code, std::nullopt);
    EXPECT_EQ(world.import(to("QUA.200"), {report}, "ANNA", {.import_again = true})->return_code, TpReturnCode{0});
}

TEST(Import, NoDeliveryForwardsNothing) {
    SmallWorld world;
    ASSERT_TRUE(world.import(to("QUA.200"), {tr("DEVK900001")}, "ANNA", {.no_delivery = true}));
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
}

TEST(Import, Rule7AMismatchIsShownInTheQueueAndCanBeIgnored) {
    SmallWorld world;
    world.landscape.system(sid("DEV")).set_component({"S4CORE", "108", 3});
    auto const newer = world.released("from the higher level");
    auto const& entry = *world.landscape.buffer(sid("QUA")).find(newer, Client{200});
    EXPECT_EQ(world.landscape.entry_state(sid("QUA"), entry), EntryState::component_mismatch);
    EXPECT_EQ(world.import(to("QUA.200"), {newer})->return_code, std::nullopt);
    EXPECT_EQ(world.import(to("QUA.200"), {newer}, "ANNA", {.ignore_component_version = true})->return_code,
              TpReturnCode{0});
}

TEST(Queue, AnEntryIsDeletedUnlessItIsImportedRightNow) {
    SmallWorld world;
    EXPECT_EQ(world.landscape.delete_from_buffer(tr("DEVK900007"), to("QUA.200"), world.now()).error().code,
              ErrorCode::not_found);
    SmallWorld::Call call;
    world.start_import(call, to("QUA.200"), {tr("DEVK900001")});
    world.shard.run_for(5s);
    EXPECT_EQ(world.landscape.queue_state(sid("QUA")), QueueState::running);
    EXPECT_EQ(world.landscape.delete_from_buffer(tr("DEVK900001"), to("QUA.200"), world.now()).error().code,
              ErrorCode::conflict);
    EXPECT_TRUE(world.landscape.delete_from_buffer(tr("DEVK900003"), to("QUA.200"), world.now()));
    world.shard.run_for(1h);
    EXPECT_THAT(world.queue("QUA"), ElementsAre("DEVK900005 waiting"));
}

TEST(Queue, AnOlderRequestAfterANewerOneIsADowngradeThatCanBeFound) {
    SmallWorld world;
    EXPECT_EQ(world.landscape.versions(sid("QUA")), nullptr);
    auto const older = world.released("first", {"R3TR PROG ZSAME"});
    world.shard.run_for(1h);
    auto const newer = world.released("second", {"R3TR PROG ZSAME"});
    auto const& request = *world.landscape.request(newer);
    EXPECT_THAT(world.landscape.missing_predecessors(request, to("QUA.200")), ElementsAre(older));
    auto const refused = world.import(to("QUA.200"), {newer}, "ANNA", {.ignore_predecessors = false});
    EXPECT_EQ(refused->messages.at(0).text,
              fmt::format("Request {} has 1 predecessors that were not imported", newer.text()));
    ASSERT_TRUE(world.import(to("QUA.200"), {newer}));
    auto const* versions = world.landscape.versions(sid("QUA"));
    auto const overtaken = versions->overtaken(*world.landscape.request(older));
    ASSERT_EQ(overtaken.size(), 1u);
    EXPECT_EQ(overtaken[0].object, "R3TR PROG ZSAME");
    EXPECT_EQ(overtaken[0].by, newer);
    EXPECT_EQ(versions->all().at(0).newer, nullptr);
    auto const outcome = world.import(to("QUA.200"), {older});
    EXPECT_EQ(outcome->return_code, TpReturnCode{0}) << "tp does not notice";
    EXPECT_EQ(versions->find(object("R3TR PROG ZSAME"))->from, older) << "the downgrade really happened";
    ASSERT_NE(versions->all().at(0).newer, nullptr) << "and can be found";
    EXPECT_EQ(versions->all().at(0).newer->from, newer);
    EXPECT_THAT(
        world.step_log(older, 'I'),
        HasSubstr(fmt::format("Object R3TR PROG ZSAME is set back: {} is older than {}", older.text(), newer.text())));
    ASSERT_TRUE(world.landscape.add_to_buffer(newer, to("QUA.200"), world.now(), true));
    ASSERT_TRUE(world.import(to("QUA.200"), {newer}, "ANNA", {.import_again = true}));
    EXPECT_EQ(versions->all().at(0).newer, nullptr) << "repaired by importing the newer one again";
    EXPECT_THAT(world.landscape.missing_predecessors(request, to("QUA.200")), IsEmpty());
}

class Processes final : public BatchProcesses {
public:
    bool granted(SystemId) override { return free; }
    bool free = false;
};

TEST(Predecessors, AreFoundAmongRequestsReleasedBeforeAndAfterTheFirstQuestion) {
    SmallWorld world;
    auto const first = world.released("first", {"R3TR PROG ZONE"});
    world.shard.run_for(1min);
    auto const second = world.released("second", {"R3TR PROG ZONE", "R3TR PROG ZTWO"});
    auto const of = [&](TrRequest trkorr) {
        return world.landscape.missing_predecessors(*world.landscape.request(trkorr), to("QUA.200"));
    };
    EXPECT_THAT(of(second), ElementsAre(first));
    world.shard.run_for(1min);
    auto const third = world.released("third", {"R3TR PROG ZTWO"});
    EXPECT_THAT(of(third), ElementsAre(second)) << "released after the index was made";
    EXPECT_THAT(of(first), IsEmpty());
}

TEST(Import, HangsVisiblyWithoutAFreeBackgroundProcessAndGoesOnWithOne) {
    Processes processes;
    SmallWorld world;
    SmallWorld::Call call;
    world.start_import(call, to("QUA.200"), {tr("DEVK900001")}, "ANNA", {}, &processes);
    world.shard.run_for(2h);
    EXPECT_FALSE(call.ended);
    EXPECT_EQ(world.queue("QUA").front(), "DEVK900001 running");
    EXPECT_EQ(world.landscape.tp_log().rows(TpLogKind::system).back().text,
              "HALT Import into QUA waits for a free background work process");
    processes.free = true;
    world.shard.run_for(1h);
    ASSERT_TRUE(call.ended);
    EXPECT_EQ((*call.ended)->return_code, TpReturnCode{0});
}

TEST(Cofile, TellsTheStepsOfARequestInEachSystem) {
    SmallWorld world;
    ASSERT_TRUE(world.import(to("QUA.200"), {tr("DEVK900001")}));
    ASSERT_TRUE(world.import(to("PRD.300"), {tr("DEVK900001")}));
    auto const steps = cofile_of(world.landscape.history(), tr("DEVK900001"));
    ASSERT_EQ(steps.size(), 14u);
    EXPECT_EQ(steps.front().system, sid("QUA"));
    EXPECT_EQ(steps.back().system, sid("PRD"));
    EXPECT_EQ(steps.back().step, 'G');
    EXPECT_EQ(steps.back().return_code, TpReturnCode{0});
    EXPECT_LT(steps[0].times.start, steps[0].times.end);
    for (std::size_t i = 1; i < 7; ++i)
        EXPECT_EQ(steps[i].times.start, steps[i - 1].times.end) << "one after the other";
    EXPECT_EQ(steps[6].times.end, world.landscape.history().rows()[0].imported_at);
    EXPECT_LT(steps[6].times.end, steps[7].times.start);
}

} // namespace
} // namespace almd
