// Object lists, table keys, the object directory, and the states and types of requests.
#include "simulator/kernel/rng.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Objects : public testing::Test {
protected:
    TrRequest create(TrFunction function = TrFunction::workbench) {
        return cts.create({.function = function, .text = "a change", .owner = "DEVELOPER"}, now).value();
    }
    TransportTask const& task_of(TrRequest request) { return cts.find(request)->tasks[0]; }

    TransportOrganizer cts{sid("DEV")};
    TimePoint now = test_start;
};

TEST(ObjectEntry, TableContentsHaveAKey) {
    auto const entry = object("R3TR TABU T001 0001*");
    EXPECT_EQ(entry.view().name(), "T001");
    EXPECT_EQ(entry.view().table_key(), "0001*");
    EXPECT_EQ(entry.text(), "R3TR TABU T001 0001*");
    EXPECT_EQ(object("R3TR TABU T001").view().table_key(), "") << "the whole table";
    EXPECT_EQ(object("R3TR VDAT V_T001 100 DE").view().table_key(), "100 DE") << "keys may have spaces";
    EXPECT_EQ(object("LIMU METH ZCL_A   RUN").view().name(), "ZCL_A   RUN") << "a name too, and then it is no key";
    EXPECT_FALSE(ObjectEntry::parse("R3TR TABU T001 " + std::string(121, '0')));
    EXPECT_TRUE(ObjectEntry::parse("R3TR TABU T001 " + std::string(120, '0')));
}

TEST_F(Objects, TwoRequestsHoldDifferentKeysOfOneTable) {
    auto const first = create(TrFunction::customizing), second = create(TrFunction::customizing);
    ASSERT_TRUE(cts.add_object(first, object("R3TR TABU T001 0001"), now));
    ASSERT_TRUE(cts.add_object(second, object("R3TR TABU T001 0002"), now));
    auto const clash = cts.add_object(second, object("R3TR TABU T001 0001"), now);
    ASSERT_FALSE(clash);
    EXPECT_EQ(clash.error().context,
              "Object R3TR TABU T001 0001 is already locked in request DEVK900001 of user DEVELOPER");
    EXPECT_EQ(task_of(second).objects.count(), 1u);
}

TEST_F(Objects, AnObjectStandsInAListOnce) {
    auto const request = create();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    EXPECT_EQ(task_of(request).objects.count(), 1u);
}

TEST_F(Objects, AListKeepsItsOrder) {
    auto const request = create();
    for (auto const* text : {"R3TR PROG ZTWO", "LIMU METH ZCL_A RUN", "R3TR PROG ZONE"})
        ASSERT_TRUE(cts.add_object(request, object(text), now));
    std::vector<std::string> all;
    for (auto const entry : task_of(request).objects) all.emplace_back(entry.text());
    EXPECT_THAT(all, ElementsAre("R3TR PROG ZTWO", "LIMU METH ZCL_A RUN", "R3TR PROG ZONE"));
}

TEST_F(Objects, AnObjectOfAnotherSystemMakesTheTaskARepair) {
    cts.set_facts(object("R3TR PROG ZFOREIGN"), {.original = sid("ABC")});
    cts.set_facts(object("R3TR PROG ZOWN"), {.original = sid("DEV")});
    auto const repair = create(), correction = create();
    ASSERT_TRUE(cts.add_object(repair, object("R3TR PROG ZFOREIGN"), now));
    ASSERT_TRUE(cts.add_object(correction, object("R3TR PROG ZOWN"), now));
    EXPECT_EQ(task_of(repair).function, TrFunction::repair_task);
    EXPECT_EQ(task_of(correction).function, TrFunction::development_task);
    ASSERT_TRUE(cts.add_object(repair, object("R3TR PROG ZTHREE"), now));
    EXPECT_EQ(task_of(repair).function, TrFunction::repair_task) << "the first object decides";
}

TEST_F(Objects, ATableHasOneDirectoryEntryForAllItsKeys) {
    cts.set_facts(object("R3TR TABU T001"), {.package = "ZP"});
    EXPECT_EQ(cts.facts_of(object("R3TR TABU T001 0001*")).package, "ZP");
    EXPECT_EQ(cts.facts_of(object("R3TR TABU T002 0001*")).package, "");
}

TEST_F(Objects, NothingIsStoredOfAnObjectLikeAllOthers) {
    auto const before = cts.bytes();
    cts.set_facts(object("R3TR PROG ZONE"), {});
    EXPECT_EQ(cts.bytes(), before);
}

TEST_F(Objects, StatusLTakesNoNewTasksButObjects) {
    auto const request = create();
    ASSERT_TRUE(cts.set_protected(request, true, now));
    EXPECT_EQ(cts.find(request)->status, TrStatus::modifiable_protected);
    auto const refused = cts.add_task(request, "ANNA", now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "Request DEVK900001 is protected: it gets no new tasks");
    EXPECT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.set_protected(request, false, now));
    EXPECT_TRUE(cts.add_task(request, "ANNA", now));
    ASSERT_TRUE(cts.set_protected(request, true, now));
    EXPECT_TRUE(cts.release_with_tasks(request, "A", now));
    EXPECT_FALSE(cts.set_protected(request, false, now));
}

TEST(TrStatus, NCountsAsReleased) {
    TransportRequest request{.trkorr = tr("DEVK900001")};
    request.status = parse_tr_status("N").value();
    EXPECT_TRUE(request.released());
    EXPECT_FALSE(request.open());
    request.status = parse_tr_status("O").value();
    EXPECT_FALSE(request.released());
    EXPECT_FALSE(request.open());
}

TEST_F(Objects, ARequestWithAReleasedTaskIsNotDeleted) {
    auto const request = create();
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now));
    ASSERT_TRUE(cts.release_task(task_of(request).trkorr, "A", now));
    ASSERT_TRUE(cts.remove_objects(request, now));
    auto const refused = cts.remove(request, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "Request DEVK900001 cannot be deleted: task DEVK900002 is released");
}

TEST(Korrdev, SaysWhatARequestTransports) {
    for (auto const function : {TrFunction::workbench, TrFunction::transport_of_copies, TrFunction::development_task,
                                TrFunction::repair_task, TrFunction::unclassified_task})
        EXPECT_EQ(korrdev(function), "SYST") << static_cast<char>(function);
    for (auto const function : {TrFunction::customizing, TrFunction::customizing_task})
        EXPECT_EQ(korrdev(function), "CUST") << static_cast<char>(function);
}

TEST(RequestTypes, OnlyKWAndTAreMadeTheOthersAreRefusedByTheirName) {
    for (auto const* letter : {"K", "W", "T"}) EXPECT_TRUE(parse_creatable_function(letter)) << letter;
    for (auto const& [letter, name] :
         std::vector<std::pair<std::string, std::string>>{{"C", "Relocation of Objects Without Package Change"},
                                                          {"O", "Relocation of Objects with Package Change"},
                                                          {"E", "Relocation of Complete Package"},
                                                          {"M", "Client Transport Request"},
                                                          {"L", "Deletion transport"},
                                                          {"F", "Piece List"},
                                                          {"G", "Piece List for CTS Project"},
                                                          {"P", "Piece List for Upgrade"},
                                                          {"D", "Piece List for Support Package"},
                                                          {"Y", "Piece list for commit"},
                                                          {"S", "Development/Correction"}}) {
        auto const refused = parse_creatable_function(letter);
        ASSERT_FALSE(refused) << letter;
        EXPECT_EQ(refused.error().context,
                  "Type " + letter + " (" + name + ") cannot be created: allowed are K, W and T");
    }
    EXPECT_THAT(parse_creatable_function("KK").error().context, HasSubstr("\"KK\""));
}

/// DEV with two layers: ZDEV to QUA.200 and ZOTH to PRD.300, and a client whose customizing goes through ZOTH.
LandscapeSpec two_layers() {
    auto spec = calm(three_tier_landscape());
    spec.tms.layers.push_back("ZOTH");
    spec.tms.consolidation_routes.push_back({sid("DEV"), "ZOTH", to("PRD.300")});
    spec.systems[0].packages = {{"ZMAIN", "ZDEV"}, {"ZOTHER", "ZOTH"}, {"ZLOCAL", ""}, {"ZLOST", "ZNONE"}};
    spec.systems[0].clients.push_back({Client{110}, "Other customizing", "C", "ZOTH"});
    spec.systems[0].clients.push_back({Client{120}, "No route", "C", "ZNONE"});
    return spec;
}

class Targets : public testing::Test {
protected:
    TrRequest create(TrFunction function = TrFunction::workbench, int client = 100) {
        return world.landscape
            .create_request({.system = sid("DEV"),
                             .client = Client{static_cast<std::uint16_t>(client)},
                             .function = function,
                             .text = "a change",
                             .owner = "DEVELOPER"},
                            world.now())
            .value();
    }
    Result<void> record(std::string_view what, std::string package, std::optional<TrRequest> request) {
        return world.landscape.record_object(sid("DEV"), {object(what), std::move(package), request}, world.now());
    }
    std::string target(TrRequest request) {
        auto const& at = world.landscape.request(request)->target;
        return at ? std::string{at->text()} : "local";
    }

    SmallWorld world{two_layers()};
};

TEST_F(Targets, OfCustomizingFollowTheStandardLayerOfTheClient) {
    EXPECT_EQ(target(create(TrFunction::customizing, 100)), "QUA.200") << "none of its own: the system's";
    EXPECT_EQ(target(create(TrFunction::customizing, 110)), "PRD.300");
    EXPECT_EQ(target(create(TrFunction::customizing, 120)), "local") << "a layer without a route";
    EXPECT_EQ(target(create(TrFunction::workbench, 110)), "QUA.200");
}

TEST_F(Targets, OfAWorkbenchRequestFollowThePackageOfTheFirstObject) {
    struct Row {
        std::string package, target;
    };
    for (auto const& row : {Row{"ZMAIN", "QUA.200"}, Row{"ZOTHER", "PRD.300"}, Row{"ZLOCAL", "local"},
                            Row{"$TMP", "local"}, Row{"ZLOST", "local"}, Row{"", "QUA.200"}}) {
        auto const request = create();
        EXPECT_EQ(target(request), "QUA.200") << "as it is created: the system's standard layer";
        ASSERT_TRUE(record("R3TR PROG ZX" + row.package, row.package, request)) << row.package;
        EXPECT_EQ(target(request), row.target) << row.package;
    }
}

TEST_F(Targets, AnObjectThatGoesElsewhereIsRefusedWithAReason) {
    auto const request = create();
    ASSERT_TRUE(record("R3TR PROG ZONE", "ZMAIN", request));
    auto const refused = record("R3TR PROG ZTWO", "ZOTHER", request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "R3TR PROG ZTWO of package ZOTHER goes to PRD.300, the request to QUA.200");
    EXPECT_EQ(world.landscape.request(request)->object_count(), 1u);
    EXPECT_EQ(world.landscape.cts(sid("DEV")).lock_of(object("R3TR PROG ZTWO")), std::nullopt);
    EXPECT_EQ(record("R3TR PROG ZTMP", "$TMP", request).error().context,
              "R3TR PROG ZTMP of package $TMP goes to no other system (local), the request to QUA.200");
}

TEST_F(Targets, TheDirectoryRemembersThePackage) {
    ASSERT_TRUE(record("R3TR PROG ZONE", "ZOTHER", create()));
    EXPECT_EQ(world.landscape.cts(sid("DEV")).facts_of(object("R3TR PROG ZONE")).package, "ZOTHER");
    ASSERT_TRUE(record("R3TR PROG ZTMP", "$TMP", std::nullopt)) << "a local object needs no request";
    EXPECT_TRUE(record("R3TR PROG ZTMP", "", std::nullopt));
}

TEST_F(Targets, Tk136ATransportableObjectNeedsARequest) {
    auto const refused = record("R3TR PROG ZONE", "ZMAIN", std::nullopt);
    ASSERT_FALSE(refused);
    EXPECT_EQ(find_text(refused.error().context)->number, "136");
    EXPECT_EQ(world.landscape.cts(sid("DEV")).facts_of(object("R3TR PROG ZONE")).package, "");
}

TEST_F(Targets, AnUnknownPackageOrRequestIsRefusedByName) {
    EXPECT_EQ(record("R3TR PROG ZONE", "ZNOWHERE", create()).error().context,
              "Package ZNOWHERE does not exist in system DEV");
    EXPECT_EQ(record("R3TR PROG ZONE", "ZMAIN", tr("DEVK999999")).error().context,
              "Request/task DEVK999999 does not exist in system DEV");
}

TEST_F(Targets, AReleasedRequestStandsInTheBufferOfItsTarget) {
    auto const request = create();
    ASSERT_TRUE(record("R3TR PROG ZONE", "ZOTHER", request));
    ASSERT_TRUE(world.landscape.release_with_tasks(request, "DEVELOPER", world.now()));
    EXPECT_TRUE(world.landscape.buffer(sid("PRD")).find(request, Client{300}));
    EXPECT_FALSE(world.landscape.buffer(sid("QUA")).find(request, Client{200}));
}

TEST_F(Targets, AFailedExportEntersNoBufferTheRepeatDoesOnce) {
    auto const request = create();
    ASSERT_TRUE(record("R3TR PROG ZONE", "ZMAIN", request));
    ASSERT_TRUE(world.landscape.cts(sid("DEV")).set_fault(request, ReleaseFault::export_step));
    EXPECT_FALSE(world.landscape.release_with_tasks(request, "DEVELOPER", world.now()));
    EXPECT_FALSE(world.landscape.buffer(sid("QUA")).find(request, Client{200}));
    EXPECT_TRUE(world.landscape.release_with_tasks(request, "DEVELOPER", world.now()));
    EXPECT_TRUE(world.landscape.buffer(sid("QUA")).find(request, Client{200}));
    EXPECT_FALSE(world.landscape.release_with_tasks(request, "DEVELOPER", world.now()));
}

TEST(ReplayedRequests, AreReleasedAsStatedWhateverTheSettings) {
    auto spec = calm(three_tier_landscape());
    spec.systems[0].failing_exports = 1;
    spec.systems[0].atc = {.block_on = 4, .findings_share = 1};
    SmallWorld world{spec};
    for (std::size_t i = 0; i < spec.requests.size(); ++i) {
        auto const& stated = spec.requests[i];
        if (stated.released && !stated.alias.empty()) {
            EXPECT_TRUE(world.landscape.request(world.alias(stated.alias))->released()) << stated.alias;
        }
    }
    EXPECT_FALSE(world.queue("QUA").empty());
    auto const trkorr =
        world.landscape
            .create_request({.system = sid("DEV"), .client = Client{100}, .text = "t", .owner = "A"}, world.now())
            .value();
    ASSERT_TRUE(world.landscape.record_object(sid("DEV"), {object("R3TR PROG ZNEW"), "", trkorr}, world.now()));
    EXPECT_EQ(world.landscape.release_with_tasks(trkorr, "A", world.now()).error().context,
              "ATC: R3TR PROG ZNEW has a finding of priority " +
                  std::to_string(atc_priority(spec.systems[0].atc, 0, mix(1, 0), "R3TR PROG ZNEW")));
    auto const failed = world.landscape.release_with_tasks(trkorr, "A", world.now(), {.ignore_atc = true});
    EXPECT_FALSE(failed.exported);
    EXPECT_EQ(world.landscape.request(trkorr)->status, TrStatus::release_started);
}

TEST_F(Targets, Tr809TasksAndOwnersMustBeAbleToLogOn) {
    auto& system = world.landscape.system(sid("DEV"));
    system.add_user({.name = "LOCKED", .roles = {}, .locked = true});
    auto const request = create();
    for (auto const& error : {world.landscape.add_task(request, "LOCKED", world.now()).error(),
                              world.landscape.change_owner(request, "LOCKED", world.now()).error()})
        EXPECT_EQ(error.context, "User LOCKED does not exist in the system (or locked)");
    EXPECT_TRUE(world.landscape.add_task(request, "ANNA", world.now()));
    EXPECT_TRUE(world.landscape.change_owner(request, "ANNA", world.now()));
    EXPECT_EQ(world.landscape.request(request)->owner, "ANNA");
    EXPECT_FALSE(world.landscape.add_task(tr("XXXK900001"), "ANNA", world.now()));
}

} // namespace
} // namespace almd
