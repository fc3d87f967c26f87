// Heartbeats that wait.
#include "agent/cloud/outbox.hpp"

#include <gtest/gtest.h>

namespace almd {
namespace {

constexpr TimePoint at(int minutes) {
    return TimePoint{std::chrono::minutes{minutes}};
}

TEST(HeartbeatOutbox, GivesThemBackInOrder) {
    HeartbeatOutbox box;
    for (std::uint32_t n = 1; n <= 3; ++n) EXPECT_TRUE(box.add(7, {n, at(static_cast<int>(n) * 5)}));
    for (std::uint32_t n = 1; n <= 3; ++n) {
        auto const oldest = box.oldest(7);
        ASSERT_TRUE(oldest);
        EXPECT_EQ(oldest->sequence, n);
        EXPECT_EQ(oldest->timestamp, at(static_cast<int>(n) * 5));
        box.sent(7, n);
    }
    EXPECT_FALSE(box.oldest(7));
    EXPECT_EQ(box.waiting(), 0u);
}

TEST(HeartbeatOutbox, ALateAnswerForAnotherSequenceChangesNothing) {
    HeartbeatOutbox box;
    box.add(7, {4, at(0)});
    box.sent(7, 3);
    box.sent(8, 4);
    EXPECT_EQ(box.oldest(7)->sequence, 4u);
}

TEST(HeartbeatOutbox, AFullOneRefusesTheNewSoThatWhatArrivesHasNoGap) {
    HeartbeatOutbox box{288};
    for (std::uint32_t n = 1; n <= 288; ++n) EXPECT_TRUE(box.add(1, {n, at(static_cast<int>(n) * 5)}));
    EXPECT_FALSE(box.add(1, {289, at(1445)}));
    EXPECT_EQ(box.overflowed(), 1u);
    box.sent(1, 1);
    EXPECT_TRUE(box.add(1, {289, at(1450)}));
    EXPECT_EQ(box.waiting(1), 288u);
    EXPECT_EQ(box.oldest(1)->sequence, 2u);
}

TEST(HeartbeatOutbox, OneHeartbeatOfARegistrationIsOnTheWireAtATime) {
    HeartbeatOutbox box;
    EXPECT_TRUE(box.begin_flight(3));
    EXPECT_FALSE(box.begin_flight(3));
    EXPECT_TRUE(box.begin_flight(2));
    box.end_flight(3);
    EXPECT_TRUE(box.begin_flight(3));
}

TEST(HeartbeatOutbox, RegisteringAgainStartsAnew) {
    HeartbeatOutbox box;
    box.add(1, {5, at(0)});
    box.add(1, {6, at(5)});
    box.forget(1);
    box.forget(2);
    EXPECT_EQ(box.waiting(), 0u);
    EXPECT_TRUE(box.add(1, {1, at(10)}));
    EXPECT_EQ(box.oldest(1)->sequence, 1u);
}

TEST(HeartbeatOutbox, AMillionThatHaveNothingToSendCostABitEach) {
    HeartbeatOutbox box;
    for (std::uint32_t n = 0; n < 1'000'000; ++n) {
        box.add(n, {1, at(0)});
        box.begin_flight(n);
        box.sent(n, 1);
        box.end_flight(n);
    }
    EXPECT_LT(box.bytes(), 300'000u);
}

TEST(HeartbeatOutbox, ABacklogThatNeverEmptiesKeepsItsTimes) {
    HeartbeatOutbox box;
    box.add(1, {1, at(0)});
    for (std::uint32_t n = 2; n <= 40'000; ++n) { // 138 days at 5 minutes
        ASSERT_TRUE(box.add(1, {n, at(static_cast<int>(n) * 5)})) << n;
        box.sent(1, n - 1);
    }
    EXPECT_EQ(box.oldest(1)->timestamp, at(200'000));
}

} // namespace
} // namespace almd
