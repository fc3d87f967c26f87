// The release of a request: each verdict, each message, each move of its status.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Release : public testing::Test {
protected:
    TrRequest create(std::vector<std::string> objects, TrFunction function = TrFunction::workbench) {
        auto const request = cts.create({.function = function,
                                         .text = "a change",
                                         .owner = "DEVELOPER",
                                         .source_client = Client{100},
                                         .target = to("QUA.200"),
                                         .task_users = {}},
                                        now)
                                 .value();
        for (auto const& one : objects) EXPECT_TRUE(cts.add_object(request, object(one), now));
        return request;
    }
    ReleaseReport release(TrRequest request, ReleaseOptions options = {}) {
        return cts.release_with_tasks(request, "DEVELOPER", now, options);
    }
    /// "E TR732 Referencing task ..."
    static std::vector<std::string> lines(ReleaseReport const& report) {
        std::vector<std::string> all;
        for (auto const& message : report.messages) {
            auto const& entry = entry_of(message.text);
            all.push_back(fmt::format("{} {}{} {}", message.type, entry.message_class, entry.number, message.words));
        }
        return all;
    }
    static std::string verdict(ReleaseReport const& report) { return std::string{name(report.verdict)}; }
    char status(TrRequest request) const { return static_cast<char>(cts.find(request)->status); }
    void set(std::string_view what, ObjectFacts facts) { cts.set_facts(object(what), std::move(facts)); }

    TransportOrganizer cts{sid("DEV")};
    TimePoint now = test_start;
};

TEST_F(Release, AGoodOneSaysThatItStartedAndThatItIsDone) {
    auto const request = create({"R3TR PROG ZONE"});
    auto const report = release(request);
    EXPECT_EQ(verdict(report), "released");
    EXPECT_TRUE(report.exported);
    EXPECT_THAT(lines(report), ElementsAre("I  Release for request/task DEVK900001 has been started",
                                           "S  Transport request/task DEVK900002 was successfully released",
                                           "S  Transport request/task DEVK900001 was successfully released"));
    EXPECT_EQ(status(request), 'R');
    EXPECT_EQ(cts.lock_count(), 0u);
}

TEST_F(Release, Tr732AnOpenTaskForbidsTheReleaseOfItsRequest) {
    auto const request = create({"R3TR PROG ZONE"});
    auto const report = cts.release_request(request, "DEVELOPER", now);
    EXPECT_EQ(verdict(report), "abortrelapifail");
    EXPECT_THAT(lines(report), ElementsAre("E TR732 Referencing task DEVK900002 not yet released"));
    EXPECT_EQ(status(request), 'D');
    EXPECT_FALSE(report.exported);
}

TEST_F(Release, Tr768NothingIsReleasedTwice) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(release(request));
    auto const again = release(request);
    EXPECT_EQ(verdict(again), "abortrelapifail");
    EXPECT_EQ(again.code, ErrorCode::conflict);
    EXPECT_THAT(lines(again), ElementsAre("E TR768 Request/task DEVK900001 already released (not modifiable)"));
    EXPECT_FALSE(again.exported);
}

TEST_F(Release, Tk494AnUnclassifiedTaskIsNotReleasedAlone) {
    create({});
    auto const report = cts.release_task(tr("DEVK900002"), "DEVELOPER", now);
    EXPECT_EQ(verdict(report), "abortrelapifail");
    EXPECT_THAT(lines(report), ElementsAre("E TK494 Task DEVK900002 is unclassified (it cannot be released)"));
}

TEST_F(Release, AnUnclassifiedTaskIsDeletedWithoutAWordByItsRequest) {
    auto const request = create({});
    auto const report = cts.release_request(request, "DEVELOPER", now);
    EXPECT_TRUE(report);
    EXPECT_EQ(report.messages.size(), 2u);
    EXPECT_THAT(cts.find(request)->tasks, IsEmpty());
}

TEST_F(Release, Eu829AnInactiveObjectForbidsItAndNoTaskIsReleased) {
    set("R3TR PROG ZTWO", {.inactive = true});
    auto const request = create({"R3TR PROG ZONE", "R3TR PROG ZTWO"});
    auto const change = cts.find(request)->change;
    auto const report = release(request);
    EXPECT_EQ(verdict(report), "abortrelinacobj");
    EXPECT_THAT(lines(report), ElementsAre("E EU829 Object PROG ZTWO is inactive"));
    EXPECT_EQ(cts.find(request)->change, change) << "a refusal leaves everything as it was";
    EXPECT_EQ(verdict(cts.release_task(tr("DEVK900002"), "DEVELOPER", now)), "abortrelinacobj");
    set("R3TR PROG ZTWO", {.inactive = false});
    EXPECT_TRUE(release(request));
}

TEST_F(Release, ObjectsThatAnotherRequestLocksNeedIgnoreLocks) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(cts.unlock_objects(request));
    auto const other = create({"R3TR PROG ZONE"});
    auto const report = release(request);
    EXPECT_EQ(verdict(report), "relwithignlock");
    EXPECT_THAT(lines(report), ElementsAre("E  R3TR PROG ZONE is locked in request/task DEVK900003",
                                           "E  Not all objects in the request could be locked",
                                           "I  Do you want to release them anyway?"));
    EXPECT_EQ(status(request), 'D');
    EXPECT_TRUE(release(request, {.ignore_locks = true}));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), cts.find(other)->tasks[0].trkorr) << "the other keeps its lock";
}

TEST_F(Release, UnlockedObjectsThatNobodyLocksAreReleased) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(cts.unlock_objects(request));
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZONE"), now)) << "it stands in the list already";
    EXPECT_TRUE(release(request));
    EXPECT_EQ(cts.find(request)->object_count(), 1u);
    EXPECT_EQ(cts.lock_count(), 0u);
}

TEST_F(Release, ATransportOfCopiesAlwaysNeedsIgnoreLocksAndTheOriginalKeepsItsOwn) {
    auto const original = create({"R3TR PROG ZONE"});
    auto const copies = create({}, TrFunction::transport_of_copies);
    ASSERT_TRUE(cts.copy_objects(original, copies, now));
    auto const report = release(copies);
    EXPECT_EQ(verdict(report), "relwithignlock");
    EXPECT_THAT(lines(report), ElementsAre("E  R3TR PROG ZONE is locked in request/task DEVK900001",
                                           "E  Not all objects in the request could be locked",
                                           "I  Do you want to release them anyway?"));
    EXPECT_TRUE(release(copies, {.ignore_locks = true}));
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), tr("DEVK900002"));
    EXPECT_EQ(status(original), 'D');
}

TEST_F(Release, ChecksAreObsoleteWhenTheRequestWasChangedSince) {
    auto const request = create({"R3TR PROG ZONE"});
    auto const seen = cts.find(request)->change;
    ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZTWO"), now));
    auto const report = release(request, {.seen_change = seen});
    EXPECT_EQ(verdict(report), "relobjchkobs");
    EXPECT_EQ(status(request), 'D');
    EXPECT_TRUE(release(request, {.seen_change = cts.find(request)->change}));
}

TEST_F(Release, AFailedExportLeavesItStartedUntilASecondReleaseRepeatsIt) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(cts.set_fault(request, ReleaseFault::export_step));
    auto const failed = release(request);
    EXPECT_EQ(verdict(failed), "abortrelapifail");
    EXPECT_FALSE(failed.exported);
    EXPECT_EQ(failed.error().context, "Export of request DEVK900001 ended with return code 8");
    EXPECT_EQ(status(request), 'O');
    EXPECT_EQ(cts.lock_of(object("R3TR PROG ZONE")), request) << "locks go with the export";
    EXPECT_FALSE(cts.add_object(request, object("R3TR PROG ZTWO"), now));
    EXPECT_FALSE(cts.add_task(request, "ANNA", now));
    EXPECT_FALSE(cts.remove(request, now));
    EXPECT_TRUE(cts.release_request(request, "DEVELOPER", now));
    EXPECT_EQ(status(request), 'R');
    EXPECT_EQ(cts.lock_count(), 0u);
}

TEST_F(Release, Pu238AnErrorBeforeTheExportIsReportedThoughTheRequestIsReleased) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(cts.set_fault(request, ReleaseFault::pre_export));
    auto const report = release(request);
    EXPECT_EQ(verdict(report), "abortrelapifail");
    EXPECT_EQ(lines(report).back(), "E PU238 Error in pre-export methods for request DEVK900001");
    EXPECT_TRUE(report.exported);
    EXPECT_EQ(status(request), 'R');
}

TEST_F(Release, AFaultIsTakenBackOrRefusedForWhatIsReleased) {
    auto const request = create({"R3TR PROG ZONE"});
    ASSERT_TRUE(cts.set_fault(request, ReleaseFault::export_step));
    ASSERT_TRUE(cts.set_fault(request, ReleaseFault::none));
    EXPECT_TRUE(release(request));
    EXPECT_FALSE(cts.set_fault(request, ReleaseFault::export_step));
    EXPECT_FALSE(cts.set_fault(tr("DEVK900099"), ReleaseFault::export_step));
}

TEST_F(Release, AShareOfExportsFailsAndTheSameSeedFailsTheSame) {
    auto const failed = [&](std::uint64_t seed) {
        TransportOrganizer fresh{sid("DEV")};
        std::vector<std::uint32_t> all;
        for (int i = 0; i < 1000; ++i) {
            auto const request = fresh.create({.text = "a", .owner = "A"}, now).value();
            if (!fresh.release_request(request, "A", now, {.seed = seed, .failing_exports = 0.1}))
                all.push_back(request.number());
        }
        return all;
    };
    EXPECT_NEAR(static_cast<double>(failed(1).size()), 100, 40);
    EXPECT_EQ(failed(1), failed(1));
    EXPECT_NE(failed(1), failed(2));
}

struct AtcRow {
    char const* name;
    AtcSpec atc;
    std::uint8_t priority;
    bool ignore;
    char const* verdict;
    std::size_t findings;
};
class AtcAtRelease : public Release, public testing::WithParamInterface<AtcRow> {};

TEST_P(AtcAtRelease, BlocksAndInformsAsSet) {
    auto const& row = GetParam();
    set("R3TR PROG ZONE", {.atc_priority = row.priority});
    auto const request = create({"R3TR PROG ZONE"});
    auto const report = release(request, {.ignore_atc = row.ignore, .atc = &row.atc});
    EXPECT_EQ(verdict(report), row.verdict);
    auto const is_finding = [](auto const& message) { return message.text == Text::atc_finding; };
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count_if(report.messages, is_finding)), row.findings);
    EXPECT_EQ(status(request), report.good() ? 'R' : 'D');
}

INSTANTIATE_TEST_SUITE_P(Rows, AtcAtRelease,
                         testing::Values(AtcRow{"NeverSaysNothing", {0, 0}, 1, false, "released", 0},
                                         AtcRow{"InformsOnly", {0, 2}, 2, false, "released", 1},
                                         AtcRow{"InformsNotBelow", {0, 2}, 3, false, "released", 0},
                                         AtcRow{"Blocks", {1, 3}, 1, false, "abortrelapifail", 1},
                                         AtcRow{"BlocksUpToItsPriority", {2, 0}, 2, false, "abortrelapifail", 1},
                                         AtcRow{"BlocksNotBelow", {2, 3}, 3, false, "released", 1},
                                         AtcRow{"IsIgnoredWhenAsked", {1, 3}, 1, true, "released", 1},
                                         AtcRow{"NoFinding", {4, 4}, 0, false, "released", 0}),
                         [](auto const& row) { return std::string{row.param.name}; });

TEST(AtcFindings, AShareOfObjectsHasOneWhateverTheOrder) {
    AtcSpec const atc{.findings_share = 0.2};
    int found = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const priority = atc_priority(atc, 0, 7, "R3TR PROG Z" + std::to_string(i));
        EXPECT_LE(priority, 3);
        EXPECT_EQ(priority, atc_priority(atc, 0, 7, "R3TR PROG Z" + std::to_string(i)));
        found += priority > 0;
    }
    EXPECT_NEAR(found, 200, 60);
    EXPECT_EQ(atc_priority(atc, 1, 7, "R3TR PROG Z"), 1) << "by hand comes first";
}

} // namespace
} // namespace almd
