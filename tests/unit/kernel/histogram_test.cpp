// The histogram against sorted values, and its merge against recording everything in one.
#include "simulator/kernel/histogram.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace almd {
namespace {

constexpr double percentiles[] = {0, 0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100};

TEST(Histogram, AnEmptyOneSaysZeroAndCostsNothing) {
    Histogram const empty;
    EXPECT_EQ(empty.count(), 0U);
    EXPECT_EQ(empty.min(), 0U);
    EXPECT_EQ(empty.max(), 0U);
    EXPECT_EQ(empty.mean(), 0.0);
    EXPECT_EQ(empty.percentile(50), 0U);
    EXPECT_EQ(empty.bytes(), sizeof(Histogram));
}

TEST(Histogram, SmallValuesAreExact) {
    Histogram histogram;
    for (std::uint64_t v = 0; v < 2048; ++v) histogram.record(v);
    EXPECT_EQ(histogram.min(), 0U);
    EXPECT_EQ(histogram.max(), 2047U);
    EXPECT_DOUBLE_EQ(histogram.mean(), 1023.5);
    EXPECT_EQ(histogram.percentile(0), 0U);
    EXPECT_EQ(histogram.percentile(50), 1023U);
    EXPECT_EQ(histogram.percentile(100), 2047U);
}

TEST(Histogram, RanksAreNotRoundedUpByTheBinaryFormOfAPercentile) {
    Histogram histogram;
    for (std::uint64_t v = 1; v <= 1000; ++v) histogram.record(v);
    EXPECT_EQ(histogram.percentile(99.9), 999U);
    EXPECT_EQ(histogram.percentile(99), 990U);
    EXPECT_EQ(histogram.percentile(99.91), 1000U);
    EXPECT_EQ(histogram.percentile(-5), 1U);
    EXPECT_EQ(histogram.percentile(500), 1000U);
}

TEST(Histogram, EveryValueKeepsThreeDigits) {
    for (std::uint64_t v = 1; v <= Histogram::largest; v = v + v / 7 + 1) {
        Histogram histogram;
        histogram.record(v);
        histogram.record(Histogram::largest); // so that max() does not cap the answer
        auto const seen = histogram.percentile(50);
        EXPECT_GE(seen, v);
        EXPECT_LE(static_cast<double>(seen - v), static_cast<double>(v) / 1000.0) << v;
    }
}

TEST(Histogram, ValuesOverTheRangeCountAsTheMaximumAndAreClipped) {
    Histogram histogram;
    histogram.record(Histogram::largest);
    EXPECT_EQ(histogram.clipped(), 0U);
    histogram.record(Histogram::largest + 1, 3);
    histogram.record(UINT64_MAX);
    EXPECT_EQ(histogram.clipped(), 4U);
    EXPECT_EQ(histogram.count(), 5U);
    EXPECT_EQ(histogram.max(), Histogram::largest);
    EXPECT_EQ(histogram.percentile(100), Histogram::largest);
}

TEST(Histogram, ACountOfZeroRecordsNothing) {
    Histogram histogram;
    histogram.record(7, 0);
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.bytes(), sizeof(Histogram));
}

std::uint64_t any_value(Rng& rng) {
    return rng.below(std::uint64_t{1} << (1 + rng.below(32)));
}

TEST(HistogramProperty, PercentilesAgreeWithSortedValues) {
    for (std::uint64_t const seed : test_seeds(20)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Rng rng{seed};
        Histogram histogram;
        std::vector<std::uint64_t> values;
        for (std::uint64_t n = 1 + rng.below(5000); values.size() < n;) {
            auto const value = std::min(any_value(rng), Histogram::largest);
            auto const count = 1 + rng.below(3);
            histogram.record(value, count);
            values.insert(values.end(), count, value);
        }
        std::ranges::sort(values);
        EXPECT_EQ(histogram.count(), values.size());
        EXPECT_EQ(histogram.min(), values.front());
        EXPECT_EQ(histogram.max(), values.back());
        for (double const p : percentiles) {
            auto const rank = static_cast<std::size_t>(std::ceil(p / 100 * static_cast<double>(values.size()) - 1e-6));
            auto const truth = values[std::max<std::size_t>(rank, 1) - 1];
            auto const seen = histogram.percentile(p);
            EXPECT_GE(seen, truth) << p;
            EXPECT_LE(static_cast<double>(seen - truth), static_cast<double>(truth) / 1000.0) << p;
        }
    }
}

TEST(HistogramProperty, MergingIsExactInAnyOrder) {
    for (std::uint64_t const seed : test_seeds(20)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Rng rng{seed};
        Histogram whole;
        std::vector<Histogram> parts(1 + rng.below(5));
        for (int i = 0; i < 3000; ++i) {
            auto const value = any_value(rng);
            whole.record(value);
            parts[rng.below(parts.size())].record(value);
        }
        Histogram forward, backward;
        for (auto const& part : parts) forward.merge(part);
        std::ranges::reverse(parts);
        for (auto const& part : parts) backward.merge(part);
        for (auto const* merged : {&forward, &backward}) {
            EXPECT_EQ(merged->count(), whole.count());
            EXPECT_EQ(merged->min(), whole.min());
            EXPECT_EQ(merged->max(), whole.max());
            EXPECT_EQ(merged->clipped(), whole.clipped());
            EXPECT_EQ(merged->mean(), whole.mean());
            for (double const p : percentiles) EXPECT_EQ(merged->percentile(p), whole.percentile(p));
        }
    }
}

} // namespace
} // namespace almd
