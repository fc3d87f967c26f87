// Chance that is the same on every run and machine, and the sum over a run that proves it.
#include "simulator/kernel/event_digest.hpp"
#include "simulator/kernel/rng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace almd {
namespace {

TEST(Rng, NeverChangesItsNumbers) {
    EXPECT_EQ(mix(0), 0xe220a8397b1dcdafULL); // the published first output of splitmix64
    EXPECT_EQ(hash_text(""), mix(0xcbf29ce484222325ULL));
    EXPECT_EQ(hash_text("a"), mix(0xaf63dc4c8601ec8cULL)); // FNV-1a of "a"
    Rng rng{0};
    EXPECT_EQ(rng(), 0xe220a8397b1dcdafULL);
}

TEST(Rng, StreamsOfIdentitiesAndPurposesDiffer) {
    auto first = [](std::uint64_t seed, std::uint64_t identity, std::uint64_t purpose) {
        return Rng::stream(seed, identity, purpose)();
    };
    EXPECT_EQ(first(1, 2, 3), first(1, 2, 3));
    EXPECT_NE(first(1, 2, 3), first(2, 1, 3));
    EXPECT_NE(first(1, 2, 3), first(1, 3, 2));
    EXPECT_NE(first(1, 2, 3), first(1, 2, 4));
}

TEST(Rng, IsEvenEnoughAndStaysInside) {
    Rng rng = Rng::stream(42, 7);
    std::array<int, 10> counts{};
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        ++counts.at(rng.below(10));
        double const u = rng.unit();
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        sum += u;
    }
    for (int const count : counts) EXPECT_NEAR(count, 10'000, 500);
    EXPECT_NEAR(sum / 100'000, 0.5, 0.01);
    EXPECT_EQ(rng.below(1), 0U);
    EXPECT_FALSE(rng.chance(0.0));
    EXPECT_TRUE(rng.chance(1.0));
}

TEST(EventDigest, DoesNotDependOnOrderOrShards) {
    TimePoint const at{Duration{1000}};
    EventDigest whole, left, right;
    for (std::uint64_t i = 0; i < 100; ++i) whole.add(at + Duration{static_cast<std::int64_t>(i)}, i, 1, i * 3);
    for (std::uint64_t i = 100; i-- > 0;)
        (i % 3 == 0 ? left : right).add(at + Duration{static_cast<std::int64_t>(i)}, i, 1, i * 3);
    right.merge(left);
    EXPECT_EQ(whole.value(), right.value());
    EXPECT_EQ(whole.events(), 100U);
    EXPECT_EQ(right.events(), 100U);
}

TEST(EventDigest, NoticesEveryField) {
    auto const of = [](std::int64_t ms, std::uint64_t identity, std::uint64_t kind, std::uint64_t detail) {
        EventDigest digest;
        digest.add(TimePoint{Duration{ms}}, identity, kind, detail);
        return digest.value();
    };
    auto const one = of(1, 2, 3, 4);
    EXPECT_NE(one, of(2, 2, 3, 4));
    EXPECT_NE(one, of(1, 3, 3, 4));
    EXPECT_NE(one, of(1, 2, 4, 4));
    EXPECT_NE(one, of(1, 2, 3, 5));
    EXPECT_NE(one, of(2, 1, 3, 4));
    EXPECT_NE(one, of(1, 2, 4, 3));
}

} // namespace
} // namespace almd
