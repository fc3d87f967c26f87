// Locks of whole objects and their parts, of tables and their keys.
#include "simulator/kernel/rng.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(ObjectMaster, PartsBelongToTheObjectThatTheirNameBeginsWith) {
    struct Row {
        std::string part, master;
    };
    for (auto const& [part, master] : {
             Row{"R3TR PROG ZPROG", "R3TR PROG ZPROG"},
             Row{"LIMU REPS ZPROG", "R3TR PROG ZPROG"},
             Row{"LIMU REPT ZPROG", "R3TR PROG ZPROG"},
             Row{"LIMU DYNP ZPROG                                   0100", "R3TR PROG ZPROG"},
             Row{"LIMU REPS SAPLZGRP", "R3TR FUGR ZGRP"},
             Row{"LIMU REPS LZGRPTOP", "R3TR FUGR ZGRP"},
             Row{"LIMU FUGT ZGRP", "R3TR FUGR ZGRP"},
             Row{"LIMU METH ZCL_A                         RUN", "R3TR CLAS ZCL_A"},
             Row{"LIMU CINC ZCL_A=========================CCIMP", "R3TR CLAS ZCL_A"},
             Row{"LIMU CLSD /SDF/CL_X", "R3TR CLAS /SDF/CL_X"},
             Row{"LIMU TABD ZTAB", "R3TR TABL ZTAB"},
             Row{"LIMU MESS ZM                  001", "R3TR MSAG ZM"},
             Row{"LIMU FUNC Z_READ", "LIMU FUNC Z_READ"}, // its name does not say its group
             Row{"LIMU ZZZZ ZTHING", "LIMU ZZZZ ZTHING"}, // a type that is not known
             Row{"LANG PROG ZPROG", "LANG PROG ZPROG"},
             Row{"R3TR TABU T001 0001*", "R3TR TABU T001"},
             Row{"R3TR TABU T001", "R3TR TABU T001"},
         })
        EXPECT_EQ(master_of(object(part)), master);
    EXPECT_EQ(master_of(object("LIMU FUNC Z_READ"), "ZGRP"), "R3TR FUGR ZGRP");
}

TEST(LockArea, NamesTheEntryThatLocks) {
    for (auto const* text : {"R3TR PROG ZPROG", "LIMU REPS ZPROG", "LIMU METH ZCL_A   RUN", "R3TR TABU T001",
                             "R3TR TABU T001 *", "R3TR TABU T001 0001", "R3TR TABU T001 0001*", "R3TR VDAT V_T 100 DE",
                             "R3TR TABU T001 =A", "LIMU FUNC Z_READ", "LANG PROG ZPROG"})
        EXPECT_EQ(LockArea::entry_of(LockArea{object(text)}.text()), text);
    EXPECT_EQ(LockArea::entry_of((LockArea{object("LIMU FUNC Z_READ"), "ZGRP"}.text())), "LIMU FUNC Z_READ");
}

class Locks : public testing::Test {
protected:
    TrRequest create(std::string owner = "DEVELOPER", TrFunction function = TrFunction::workbench) {
        return cts.create({.function = function, .text = "a change", .owner = std::move(owner)}, now).value();
    }
    TrRequest create_for(std::string_view what, std::string owner = "DEVELOPER") { // of the category that takes it
        bool const customizing = object(what).view().holds_table_contents();
        return create(std::move(owner), customizing ? TrFunction::customizing : TrFunction::workbench);
    }
    Result<void> add(TrRequest request, std::string_view what) { return cts.add_object(request, object(what), now); }
    TrRequest task_of(TrRequest request, std::size_t which = 0) { return cts.find(request)->tasks[which].trkorr; }

    TransportOrganizer cts{sid("DEV")};
    TimePoint now = test_start;
};

struct LockPair {
    std::string held, wanted;
    bool overlap;
};

class LockPairs : public Locks, public testing::WithParamInterface<LockPair> {};

TEST_P(LockPairs, ConflictExactlyWhenTheyOverlapInBothOrders) {
    auto const& [one, two, overlap] = GetParam();
    for (auto const& [first, second] : {std::pair{one, two}, std::pair{two, one}}) {
        auto const holder = create_for(first, "ANNA"), other = create_for(second, "BERT");
        ASSERT_TRUE(add(holder, first));
        auto const added = add(other, second);
        EXPECT_EQ(added.has_value(), !overlap) << first << " / " << second;
        if (!added) {
            EXPECT_EQ(added.error().context, "Object " + first + " is already locked in request " +
                                                 std::string{holder.text()} + " of user ANNA");
            EXPECT_EQ(cts.find(other)->object_count(), 0u);
        }
        EXPECT_TRUE(add(holder, second) || !overlap) << "their own requests may hold both: " << first << second;
        ASSERT_TRUE(cts.remove_objects(holder, now));
        ASSERT_TRUE(cts.remove_objects(other, now));
        EXPECT_EQ(cts.lock_count(), 0u);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, LockPairs,
    testing::Values(
        LockPair{"R3TR PROG ZA", "LIMU REPS ZA", true}, LockPair{"R3TR PROG ZA", "LIMU REPS ZAB", false},
        LockPair{"R3TR PROG ZA", "R3TR PROG ZAB", false}, LockPair{"R3TR PROG ZA", "R3TR PROG ZA", true},
        LockPair{"LIMU REPS ZA", "LIMU REPT ZA", false}, LockPair{"R3TR PROG ZA", "R3TR TABL ZA", false},
        LockPair{"R3TR CLAS ZCL_A", "LIMU METH ZCL_A   RUN", true},
        LockPair{"LIMU METH ZCL_A   RUN", "LIMU METH ZCL_A   STOP", false},
        LockPair{"LIMU METH ZCL_A   RUN", "LIMU CPUB ZCL_A", false}, LockPair{"R3TR FUGR ZG", "LIMU REPS LZGTOP", true},
        LockPair{"R3TR FUGR ZG", "LIMU FUNC Z_F", false}, LockPair{"R3TR TABU T001", "R3TR TABU T001 0001", true},
        LockPair{"R3TR TABU T001", "R3TR TABU T001 00*", true},
        LockPair{"R3TR TABU T001 *", "R3TR TABU T001 0001", true},
        LockPair{"R3TR TABU T001 00*", "R3TR TABU T001 0001", true},
        LockPair{"R3TR TABU T001 00*", "R3TR TABU T001 000*", true},
        LockPair{"R3TR TABU T001 00*", "R3TR TABU T001 00", true},
        LockPair{"R3TR TABU T001 00*", "R3TR TABU T001 01*", false},
        LockPair{"R3TR TABU T001 0001", "R3TR TABU T001 00011", false},
        LockPair{"R3TR TABU T001 00*", "R3TR TABU T0010 0001", false},
        LockPair{"R3TR TABU T001 00*", "R3TR VDAT T001 0001", false}, LockPair{"LANG PROG ZA", "R3TR PROG ZA", false}));

TEST_F(Locks, AFunctionModuleIsLockedWithItsGroupWhereThatIsKnown) {
    ASSERT_TRUE(cts.set_function_group(object("LIMU FUNC Z_F"), "ZG"));
    auto const group = create(), module = create();
    ASSERT_TRUE(add(group, "R3TR FUGR ZG"));
    EXPECT_FALSE(add(module, "LIMU FUNC Z_F"));
    ASSERT_TRUE(cts.remove_objects(group, now));
    ASSERT_TRUE(add(module, "LIMU FUNC Z_F"));
    auto const refused = cts.set_function_group(object("LIMU FUNC Z_F"), "ZOTHER");
    ASSERT_FALSE(refused) << "its lock would be forgotten";
    EXPECT_EQ(refused.error().context,
              "Object LIMU FUNC Z_F is already locked in request DEVK900003 of user DEVELOPER");
    ASSERT_TRUE(cts.release_with_tasks(module, "A", now));
    EXPECT_TRUE(cts.set_function_group(object("LIMU FUNC Z_F"), "ZOTHER"));
    EXPECT_EQ(cts.lock_count(), 0u);
}

TEST_F(Locks, TheReleaseOfOneRequestWaitsForThePartsThatAnotherHolds) {
    auto const whole = create(), part = create();
    ASSERT_TRUE(add(whole, "R3TR PROG ZA"));
    ASSERT_TRUE(cts.unlock_objects(whole));
    ASSERT_TRUE(add(part, "LIMU REPS ZA"));
    auto const report = cts.release_with_tasks(whole, "A", now);
    EXPECT_EQ(name(report.verdict), "relwithignlock");
    EXPECT_EQ(report.error().context, "R3TR PROG ZA is locked in request/task DEVK900003");
    EXPECT_TRUE(cts.release_with_tasks(whole, "A", now, {.ignore_locks = true}));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZA")), task_of(part)) << "a part of it is locked";
}

TEST_F(Locks, AllHoldersOfPartsAreFound) {
    auto const first = create(), second = create();
    ASSERT_TRUE(add(first, "LIMU METH ZCL_A   RUN"));
    ASSERT_TRUE(add(first, "LIMU METH ZCL_A   GO"));
    ASSERT_TRUE(add(second, "LIMU CPUB ZCL_A"));
    EXPECT_THAT(cts.locks_on(object("R3TR CLAS ZCL_A")), UnorderedElementsAre(task_of(first), task_of(second)));
    EXPECT_THAT(cts.locks_on(object("LIMU CPUB ZCL_A")), UnorderedElementsAre(task_of(second)));
    EXPECT_THAT(cts.locks_on(object("R3TR CLAS ZCL_B")), IsEmpty());
}

TEST_F(Locks, WhatTwoTasksOfARequestHaveStaysLockedUntilBothAreEmpty) {
    auto const request = cts.create({.text = "t", .owner = "A", .task_users = {"A", "B"}}, now).value();
    ASSERT_TRUE(add(task_of(request, 0), "R3TR PROG ZA"));
    ASSERT_TRUE(add(task_of(request, 1), "LIMU REPS ZA")) << "tasks of one request share its locks";
    ASSERT_TRUE(add(task_of(request, 1), "R3TR PROG ZA"));
    ASSERT_TRUE(cts.remove_objects(task_of(request, 0), now));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZA")), task_of(request, 1));
    ASSERT_TRUE(cts.unlock_objects(request));
    auto const other = create();
    ASSERT_TRUE(add(other, "R3TR PROG ZA"));
    ASSERT_TRUE(cts.remove_objects(request, now)) << "emptying what was unlocked locks nothing";
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZA")), task_of(other));
    EXPECT_EQ(cts.lock_count(), 1u);
}

/// Against a plain scan over all locks, on keys so short that they meet each other all the time.
TEST_F(Locks, AgreeWithAScanOverRandomKeys) {
    auto rng = Rng::stream(1, 2, 3);
    auto const key = [&] {
        std::string text = "R3TR TABU T001";
        auto const length = rng.below(4);
        if (length > 0) text += ' ';
        for (std::uint64_t i = 0; i < length; ++i) text += rng.below(2) ? '1' : '0';
        return rng.below(2) ? text + (length ? "*" : "") : text;
    };
    auto const covers = [](std::string_view a, std::string_view b) {
        ObjectView const one{a}, two{b};
        if (one.table_key().empty() || a == b) return true;
        auto const generic = one.table_key().ends_with('*');
        auto const begin = one.table_key().substr(0, one.table_key().size() - 1);
        return generic && !two.table_key().empty() && two.table_key().starts_with(begin);
    };
    auto const table = "R3TR TABU T001";
    TrRequest const requests[]{create_for(table), create_for(table), create_for(table)};
    std::vector<std::pair<TrRequest, std::string>> held;
    int refusals = 0, taken = 0;
    for (int i = 0; i < 3'000; ++i) {
        if (i % 10 == 0) {
            for (auto const request : requests) ASSERT_TRUE(cts.remove_objects(request, now));
            held.clear();
        }
        auto const request = requests[rng.below(3)];
        auto const text = key();
        bool const free = std::ranges::none_of(held, [&](auto const& one) {
            return one.first != request && (covers(one.second, text) || covers(text, one.second));
        });
        ASSERT_EQ(add(request, text).has_value(), free) << i << ' ' << text;
        if (free) held.emplace_back(request, text);
        ++(free ? taken : refusals);
    }
    EXPECT_GT(refusals, 300);
    EXPECT_GT(taken, 300);
}

TEST_F(Locks, AHundredThousandKeysOfOneTableAreAskedForWithoutAScan) {
    constexpr int count = 100'000;
    auto const holder = create("ANNA", TrFunction::customizing), other = create("BERT", TrFunction::customizing);
    for (int i = 0; i < count; ++i) ASSERT_TRUE(add(holder, fmt::format("R3TR TABU T001 {:06}", 2 * i)));
    for (int i = 0; i < count; ++i) ASSERT_TRUE(add(other, fmt::format("R3TR TABU T001 {:06}", 2 * i + 1)));
    EXPECT_FALSE(add(other, "R3TR TABU T001 0*"));
    EXPECT_TRUE(add(other, "R3TR TABU T001 A*"));
    EXPECT_EQ(cts.lock_count(), 2u * count + 1);
}

TEST(LocksAtImport, ARepairOfAPartKeepsTheWholeFromBeingOverwritten) {
    SmallWorld world;
    auto const came = world.released("the class", {"R3TR CLAS ZCL_A"});
    ASSERT_TRUE(world.import(to("QUA.200"), {came}));
    auto const repair = world.landscape
                            .create_request({.system = sid("QUA"),
                                             .client = Client{200},
                                             .text = "repair",
                                             .owner = "DEVELOPER",
                                             .objects = {object("LIMU METH ZCL_A   RUN")}},
                                            world.now())
                            .value();
    EXPECT_EQ(world.landscape.request(repair)->tasks[0].function, TrFunction::repair_task);
    auto const next = world.released("the class again", {"R3TR CLAS ZCL_A"});
    auto const done = world.import(to("QUA.200"), {next});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->requests[0].return_code->value(), 8);
}

} // namespace
} // namespace almd
