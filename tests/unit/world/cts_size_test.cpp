// What as many requests as a system has numbers for cost.
#include "tests/unit/world/small_world.hpp"

#include <fmt/core.h>

namespace almd {
namespace {

TEST(CtsSize, AReleasedRequestWithATaskAndTwoObjectsIsSmall) {
    constexpr int count = 49'000; // a SID has 99,999 numbers, and each request takes two
    TransportOrganizer cts{sid("DEV")};
    for (int i = 0; i < count; ++i) {
        auto const request =
            cts.create({.text = "Correction of report number " + std::to_string(i), .owner = "DEVELOPER"}, test_start)
                .value();
        ASSERT_TRUE(cts.add_object(request, object("R3TR PROG ZREPORT_" + std::to_string(i)), test_start));
        ASSERT_TRUE(cts.add_object(request, object("R3TR CLAS ZCL_REPORT_" + std::to_string(i)), test_start));
        ASSERT_TRUE(cts.release_with_tasks(request, "DEVELOPER", test_start));
    }
    auto const each = static_cast<double>(cts.bytes()) / count;
    RecordProperty("bytes_per_request", fmt::format("{:.0f}", each));
    RecordProperty("sizeof_request", static_cast<int>(sizeof(TransportRequest)));
    RecordProperty("sizeof_task", static_cast<int>(sizeof(TransportTask)));
    EXPECT_LT(each, 540);
}

TEST(CtsSize, AListOfAHundredThousandObjectsIsFilledCopiedAndReleased) {
    TransportOrganizer cts{sid("DEV")};
    auto const request = cts.create({.text = "large", .owner = "A"}, test_start).value();
    for (int i = 0; i < 100'000; ++i)
        ASSERT_TRUE(cts.add_object(request, object("R3TR PROG Z" + std::to_string(i)), test_start));
    auto const copies =
        cts.create({.function = TrFunction::transport_of_copies, .text = "copies", .owner = "A"}, test_start).value();
    ASSERT_TRUE(cts.copy_objects(request, copies, test_start));
    ASSERT_TRUE(cts.release_with_tasks(request, "A", test_start));
    EXPECT_EQ(cts.find(request)->object_count(), 100'000u);
    EXPECT_EQ(cts.find(copies)->object_count(), 100'000u);
    EXPECT_EQ(cts.lock_count(), 0u);
}

} // namespace
} // namespace almd
