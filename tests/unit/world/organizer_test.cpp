// CTS of one system: the numbers, the order of releases, the locks and the exact words.
#include "simulator/kernel/characters.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Organizer : public testing::Test {
protected:
    TrRequest create(TrFunction function = TrFunction::workbench, std::vector<std::string> users = {}) {
        return cts
            .create({.function = function,
                     .text = "a change",
                     .owner = "DEVELOPER",
                     .source_client = Client{100},
                     .target = to("QUA.200"),
                     .task_users = std::move(users)},
                    now)
            .value();
    }
    TrRequest task_of(TrRequest request, std::size_t index = 0) { return cts.find(request)->tasks[index].trkorr; }
    bool release_tasks(TrRequest request) {
        for (auto const& task : cts.find(request)->tasks)
            if (task.function != TrFunction::unclassified_task && !cts.release_task(task.trkorr, "A", now))
                return false;
        return true;
    }
    std::string refusal(Result<void> const& result) { return result ? "no refusal" : result.error().context; }
    std::vector<std::string> objects_of(TrRequest request) {
        std::vector<std::string> all;
        for (auto const entry : cts.find(request)->objects) all.emplace_back(entry.text());
        return all;
    }
    std::vector<std::string> changed_since(std::uint64_t number) {
        std::vector<std::string> all;
        for (auto const* request : cts.changed_since(number).requests) all.emplace_back(request->trkorr.text());
        return all;
    }

    TransportOrganizer cts{sid("DEV")};
    TimePoint now = test_start;
};

TEST_F(Organizer, Rule1RequestsAndTasksShareOneSequenceRequestFirst) {
    EXPECT_EQ(create(TrFunction::workbench, {"ANNA", "BERT"}), tr("DEVK900001"));
    EXPECT_EQ(task_of(tr("DEVK900001"), 0), tr("DEVK900002"));
    EXPECT_EQ(task_of(tr("DEVK900001"), 1), tr("DEVK900003"));
    EXPECT_EQ(create(), tr("DEVK900004"));
    EXPECT_EQ(cts.add_task(tr("DEVK900001"), "CLARA", now), tr("DEVK900006"));
    EXPECT_EQ(cts.last_number(), 900'006u);
    EXPECT_EQ(cts.find_owner_of(tr("DEVK900006"))->trkorr, tr("DEVK900001"));
    EXPECT_EQ(cts.find_task(tr("DEVK900006"))->owner, "CLARA");
    EXPECT_EQ(cts.find_task(tr("DEVK900004")), nullptr) << "a request is not a task";
    EXPECT_EQ(cts.find(tr("DEVK900005")), nullptr) << "a task is not a request";
    EXPECT_EQ(cts.find(tr("QUAK900001")), nullptr);
}

TEST_F(Organizer, Rule1TheSequenceGoesOnBehindTheLastNumberGiven) {
    TransportOrganizer continued{sid("DEV"), 900'041};
    auto const trkorr = continued.create({.text = "a", .owner = "A"}, now);
    EXPECT_EQ(trkorr, tr("DEVK900042"));
}

TEST_F(Organizer, TheLastNumberIsNotGivenTwice) {
    TransportOrganizer full{sid("DEV"), 999'998};
    auto const refused = full.create({.text = "needs two numbers", .owner = "A"}, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(full.last_number(), 999'998u);
    EXPECT_TRUE(full.create({.function = TrFunction::transport_of_copies, .text = "one number", .owner = "A"}, now));
}

TEST_F(Organizer, AWorkbenchTaskIsUnclassifiedUntilItsFirstObject) {
    auto const request = create();
    auto const task = task_of(request);
    EXPECT_EQ(cts.find_task(task)->function, TrFunction::unclassified_task);
    ASSERT_TRUE(cts.add_object(task, object("R3TR PROG ZONE"), now));
    EXPECT_EQ(cts.find_task(task)->function, TrFunction::development_task);
}

TEST_F(Organizer, ACustomizingRequestHasCustomizingTasks) {
    EXPECT_EQ(cts.find_task(task_of(create(TrFunction::customizing)))->function, TrFunction::customizing_task);
}

TEST_F(Organizer, ATransportOfCopiesHasNoTasksAndTakesNoLocks) {
    auto const original = create();
    ASSERT_TRUE(cts.add_object(original, object("R3TR PROG ZONE"), now));
    auto const copies = create(TrFunction::transport_of_copies, {"ANNA"});
    EXPECT_THAT(cts.find(copies)->tasks, IsEmpty());
    EXPECT_FALSE(cts.add_task(copies, "ANNA", now));
    ASSERT_TRUE(cts.copy_objects(original, copies, now));
    EXPECT_THAT(objects_of(copies), ElementsAre("R3TR PROG ZONE"));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), task_of(original));
    EXPECT_EQ(refusal(cts.release_request(copies, "ANNA", now)), "R3TR PROG ZONE is locked in request/task DEVK900001");
    EXPECT_TRUE(cts.release_request(copies, "ANNA", now, {.ignore_locks = true}));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), task_of(original)) << "the original keeps its locks";
}

TEST_F(Organizer, ATransportOfCopiesAlwaysNeedsIgnoreLocks) {
    auto const copies = create(TrFunction::transport_of_copies);
    ASSERT_TRUE(cts.add_object(copies, object("R3TR PROG ZONE"), now));
    EXPECT_EQ(refusal(cts.release_request(copies, "A", now)), "Not all objects in the request could be locked");
}

TEST_F(Organizer, OtherTypesAreRefusedWithAReason) {
    auto const refused = cts.create({.function = TrFunction::repair_task, .text = "x", .owner = "A"}, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "Type R cannot be created: allowed are K, W and T");
    EXPECT_EQ(cts.last_number(), 900'000u);
}

TEST_F(Organizer, Rule2ARequestIsReleasedOnlyAfterItsTasks) {
    auto const request = create();
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    EXPECT_EQ(refusal(cts.release_request(request, "DEVELOPER", now)), "Referencing task DEVK900002 not yet released");
    EXPECT_EQ(cts.find(request)->status, TrStatus::modifiable) << "a refusal leaves everything as it was";
    ASSERT_TRUE(cts.release_task(task_of(request), "DEVELOPER", now));
    ASSERT_TRUE(cts.release_request(request, "DEVELOPER", now + 1min, {.components = 3}));
    EXPECT_TRUE(cts.find(request)->released());
    EXPECT_EQ(cts.find(request)->released_at, now + 1min);
    EXPECT_EQ(cts.find(request)->components, 3);
}

TEST_F(Organizer, Rule2AReleasedTaskMovesObjectsAndLeavesItsLine) {
    auto const request = create();
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.release_task(task_of(request), "ANNA", now));
    EXPECT_THAT(objects_of(request), ElementsAre("R3TR PROG ZONE", "CORR RELE DEVK900002 20261122 080000 ANNA"));
    EXPECT_EQ(cts.find(request)->object_count(), 1u) << "a comment line transports nothing";
    EXPECT_TRUE(cts.find(request)->tasks[0].objects.empty());
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), request);
}

TEST_F(Organizer, Rule2TheReleaseFreesTheLocks) {
    auto const first = create();
    ASSERT_TRUE(cts.add_object(first, object("R3TR PROG ZONE"), now));
    auto const second = create();
    EXPECT_EQ(refusal(cts.add_object(second, object("R3TR PROG ZONE"), now)),
              "Object R3TR PROG ZONE is already locked in request DEVK900001 of user DEVELOPER");
    ASSERT_TRUE(release_tasks(first));
    EXPECT_FALSE(cts.add_object(second, object("R3TR PROG ZONE"), now)) << "a task's release does not";
    ASSERT_TRUE(cts.release_request(first, "A", now));
    EXPECT_TRUE(cts.add_object(second, object("R3TR PROG ZONE"), now));
}

TEST_F(Organizer, TasksOfOneRequestShareItsLocks) {
    auto const request = create(TrFunction::workbench, {"ANNA", "BERT"});
    ASSERT_TRUE(cts.add_object(task_of(request, 0), object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.add_object(task_of(request, 1), object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.remove_objects(task_of(request, 0), now));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), task_of(request, 1));
    ASSERT_TRUE(cts.add_object(task_of(request, 0), object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(release_tasks(request));
    EXPECT_EQ(cts.find(request)->object_count(), 1u) << "the object stands in the request once";
}

TEST_F(Organizer, EmptyUnclassifiedTasksAreDeletedSilently) {
    auto const request = create(TrFunction::workbench, {"ANNA", "BERT"});
    ASSERT_TRUE(cts.add_object(task_of(request, 1), object("R3TR PROG ZONE"), now));
    EXPECT_EQ(refusal(cts.release_task(task_of(request, 0), "A", now)),
              "Task DEVK900002 is unclassified (it cannot be released)");
    ASSERT_TRUE(release_tasks(request));
    ASSERT_TRUE(cts.release_request(request, "A", now));
    ASSERT_EQ(cts.find(request)->tasks.size(), 1u);
    EXPECT_EQ(task_of(request), tr("DEVK900003"));
    EXPECT_EQ(cts.find_owner_of(tr("DEVK900002")), nullptr);
}

TEST_F(Organizer, NothingReleasedIsReleasedOrChangedAgain) {
    auto const request = create();
    auto const task = task_of(request);
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.release_task(task, "A", now));
    EXPECT_EQ(refusal(cts.release_task(task, "A", now)), "Request/task DEVK900002 already released (not modifiable)");
    ASSERT_TRUE(cts.release_request(request, "A", now));
    auto const words = "Request/task DEVK900001 already released (not modifiable)";
    auto const change = cts.last_change();
    EXPECT_EQ(refusal(cts.release_request(request, "A", now)), words);
    EXPECT_EQ(refusal(cts.add_object(request, object("R3TR PROG ZTWO"), now)), words);
    EXPECT_EQ(refusal(cts.change_owner(request, "ANNA", now)), words);
    EXPECT_EQ(refusal(cts.change_text(request, "other", now)), words);
    EXPECT_EQ(refusal(cts.remove(request, now)), words);
    EXPECT_FALSE(cts.add_task(request, "ANNA", now));
    EXPECT_EQ(cts.last_change(), change);
}

TEST_F(Organizer, OnlyEmptyModifiableRequestsAreDeleted) {
    auto const request = create();
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    EXPECT_EQ(refusal(cts.remove(request, now)),
              "Request/task DEVK900001 contains locked objects and cannot be deleted");
    EXPECT_FALSE(cts.remove(task_of(request), now));
    ASSERT_TRUE(cts.remove_objects(request, now));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), std::nullopt);
    ASSERT_TRUE(cts.remove(request, now));
    EXPECT_EQ(cts.find(request), nullptr);
    EXPECT_EQ(create(), tr("DEVK900003")) << "numbers are not given again";
}

TEST_F(Organizer, WhatSE03HasUnlockedIsDeletedWithItsObjects) {
    auto const request = create(TrFunction::workbench, {"ANNA", "BERT"});
    ASSERT_TRUE(cts.add_object(task_of(request, 0), object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.add_object(task_of(request, 1), object("R3TR PROG ZTWO"), now));
    ASSERT_TRUE(cts.unlock_objects(request));
    ASSERT_TRUE(cts.add_object(task_of(request, 1), object("R3TR PROG ZNEW"), now)) << "locked after that";
    EXPECT_FALSE(cts.remove(request, now));
    EXPECT_FALSE(cts.remove(task_of(request, 1), now));
    EXPECT_TRUE(cts.remove(task_of(request, 0), now));
    ASSERT_TRUE(cts.unlock_objects(request));
    ASSERT_TRUE(cts.remove(request, now));
    EXPECT_EQ(cts.find(request), nullptr);
    EXPECT_EQ(cts.lock_count(), 0u);
}

TEST_F(Organizer, AnUnknownNumberIsRefusedByName) {
    EXPECT_EQ(refusal(cts.release_request(tr("DEVK900099"), "A", now)),
              "Request/task DEVK900099 does not exist in system DEV");
    auto const request = create();
    EXPECT_EQ(refusal(cts.release_request(task_of(request), "A", now)),
              "Request/task DEVK900002 does not exist in system DEV")
        << "a task is not released as a request";
    EXPECT_EQ(refusal(cts.release_task(request, "A", now)), "Request/task DEVK900001 does not exist in system DEV");
}

TEST_F(Organizer, AShortTextHasOneToSixtyCharacters) {
    auto const request = create();
    EXPECT_FALSE(cts.change_text(request, "", now));
    EXPECT_FALSE(cts.change_text(request, std::string(61, 'x'), now));
    EXPECT_TRUE(cts.change_text(request, std::string(60, 'x'), now));
    std::string umlauts;
    for (int i = 0; i < 60; ++i) umlauts += "ü";
    EXPECT_TRUE(cts.change_text(request, umlauts, now)) << "not one to sixty bytes";
    EXPECT_FALSE(cts.change_text(request, umlauts + "ü", now));
    EXPECT_TRUE(cts.create({.text = umlauts, .owner = "ANNA"}, now));
    EXPECT_FALSE(cts.create({.text = umlauts + "ü", .owner = "ANNA"}, now));
    auto const value = umlauts.substr(0, std::size_t{2} * 32);
    EXPECT_TRUE(cts.set_attribute(request, "SAPCTS", value, now));
    EXPECT_FALSE(cts.set_attribute(request, "SAPCTS", value + "ü", now));
}

TEST(Characters, AreCountedAndCutWhole) {
    EXPECT_EQ(characters(""), 0u);
    EXPECT_EQ(characters("aü€\U0001F680"), 4u);
    EXPECT_EQ(first_characters("aü€b", 2), "aü");
    EXPECT_EQ(first_characters("aü€b", 3), "aü€");
    EXPECT_EQ(first_characters("aü€b", 4), "aü€b");
    EXPECT_EQ(first_characters("aü€b", 9), "aü€b");
    EXPECT_EQ(first_characters("ü", 0), "");
}

TEST_F(Organizer, ChangesAreReportedOnceInTheirOrder) {
    auto const first = create(), second = create();
    EXPECT_THAT(changed_since(0), ElementsAre("DEVK900001", "DEVK900003"));
    auto const seen = cts.changed_since(0).up_to;
    EXPECT_THAT(changed_since(seen), IsEmpty());
    ASSERT_TRUE(cts.change_owner(second, "ANNA", now));
    ASSERT_TRUE(cts.set_attribute(first, "SAPCTS", "PROJECT", now));
    ASSERT_TRUE(cts.set_attribute(first, "SAPCTS", "OTHER", now));
    EXPECT_THAT(changed_since(seen), ElementsAre("DEVK900003", "DEVK900001"));
    EXPECT_EQ(cts.find(first)->attribute("SAPCTS"), "OTHER");
    EXPECT_EQ(cts.find(first)->attribute("NONE"), "");
}

TEST_F(Organizer, ChangesComeInBatchesThatJoinWithoutAGap) {
    for (int i = 0; i < 25; ++i) create();
    std::vector<TrRequest> all;
    std::uint64_t after = 0;
    for (bool more = true; more;) {
        auto const batch = cts.changed_since(after, 10);
        EXPECT_LE(batch.requests.size(), 10u);
        for (auto const* request : batch.requests) all.push_back(request->trkorr);
        after = batch.up_to;
        more = batch.more;
    }
    EXPECT_EQ(all.size(), 25u);
    EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST_F(Organizer, ADeletedRequestIsNotReported) {
    auto const request = create();
    ASSERT_TRUE(cts.remove(request, now));
    EXPECT_THAT(changed_since(0), IsEmpty());
}

TEST_F(Organizer, TheLogOfChangesDoesNotGrowWithTheChanges) {
    auto const request = create();
    auto const before = cts.bytes();
    for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(cts.change_owner(request, i % 2 ? "ANNA" : "BERT", now));
    EXPECT_LT(cts.bytes(), before + 4'000);
    EXPECT_THAT(changed_since(0), ElementsAre("DEVK900001"));
}

TEST(ObjectEntry, IsReadAndWrittenAsInTheObjectList) {
    for (std::string_view const text :
         {"R3TR PROG ZPROG", "LIMU METH ZCL_A RUN", "R3TR TABU T001", "R3TR CLAS /SDF/CL_X"}) {
        auto const entry = ObjectEntry::parse(text);
        ASSERT_TRUE(entry) << text;
        EXPECT_EQ(entry->text(), text);
        EXPECT_FALSE(entry->is_comment());
    }
}

TEST(ObjectEntry, RefusesWhatIsNone) {
    std::string const too_long = "R3TR PROG " + std::string(121, 'Z');
    for (std::string_view const text :
         {std::string_view{}, std::string_view{"R3TR"}, std::string_view{"R3TR PROG"}, std::string_view{"R3TR PROG  "},
          std::string_view{"PROG ZPROG"}, std::string_view{"R3TR prog ZPROG"}, std::string_view{"R3TR TOOLONG ZPROG"},
          std::string_view{too_long}})
        EXPECT_FALSE(ObjectEntry::parse(text)) << text;
    EXPECT_THAT(ObjectEntry::parse("nonsense").error().context, HasSubstr("R3TR PROG ZPROG"));
}

TEST_F(Organizer, ACopyIntoARequestIsAllOrNothing) {
    auto const source = create(TrFunction::transport_of_copies);
    ASSERT_TRUE(cts.add_object(source, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.add_object(source, object("R3TR PROG ZTWO"), now));
    auto const other = create(), target = create();
    ASSERT_TRUE(cts.add_object(other, object("R3TR PROG ZTWO"), now));
    EXPECT_FALSE(cts.copy_objects(source, target, now)) << "ZTWO is locked by another request";
    EXPECT_EQ(cts.find(target)->object_count(), 0u);
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), std::nullopt);
    EXPECT_FALSE(cts.copy_objects(create(), tr("DEVK900500"), now)) << "even if there is nothing to copy";
    auto const mixed = create(TrFunction::transport_of_copies);
    ASSERT_TRUE(cts.add_object(mixed, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.add_object(mixed, object("R3TR TABU T001"), now));
    EXPECT_FALSE(cts.copy_objects(mixed, target, now)) << "T001 is for customizing requests";
    EXPECT_EQ(cts.find(target)->object_count(), 0u);
}

TEST_F(Organizer, CustomizingAndWorkbenchRequestsTakeWhatIsTheirs) {
    auto const workbench = create(), customizing = create(TrFunction::customizing);
    auto const program = object("R3TR PROG ZONE"), table = object("R3TR TABU T001"), shared = object("R3TR TABU ZALL");
    cts.set_facts(shared, {.cross_client = true});
    EXPECT_FALSE(cts.add_object(workbench, table, now));
    EXPECT_FALSE(cts.add_object(customizing, program, now));
    EXPECT_FALSE(cts.add_object(customizing, shared, now)) << "its table has no client";
    EXPECT_EQ(cts.lock_count(), 0u);
    EXPECT_TRUE(cts.add_object(workbench, program, now));
    EXPECT_TRUE(cts.add_object(customizing, table, now));
    EXPECT_TRUE(cts.add_object(workbench, shared, now));
}

} // namespace
} // namespace almd
