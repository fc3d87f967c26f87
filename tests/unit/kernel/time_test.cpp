// Times and durations as text, and real time scaled to simulated ticks.
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/scaled_time.hpp"
#include "simulator/kernel/time.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace almd {
namespace {

constexpr std::int64_t example = 1'795'337'784'000; // 2026-11-22T08:56:24Z

TEST(Rfc3339, IsWrittenInUtcWithMilliseconds) {
    EXPECT_EQ(rfc3339(TimePoint{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(TimePoint{Duration{example + 7}}), "2026-11-22T08:56:24.007Z");
    EXPECT_EQ(rfc3339(WirePoint{WireDuration{example * 1000 + 7'999}}), "2026-11-22T08:56:24.007Z");
    EXPECT_EQ(rfc3339(WirePoint{WireDuration{-1}}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(TimePoint{Duration{951'827'696'789}}), "2000-02-29T12:34:56.789Z");
    EXPECT_EQ(rfc3339(TimePoint::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(TimePoint::min()), "0000-01-01T00:00:00.000Z");
}

struct TimeCase {
    char const* text;
    std::int64_t ms;
};

TEST(Rfc3339, AcceptsZoneAndFractionInEveryForm) {
    constexpr TimeCase cases[] = {
        {"2026-11-22T08:56:24Z", example},
        {"2026-11-22T08:56:24.0Z", example},
        {"2026-11-22T08:56:24.5Z", example + 500},
        {"2026-11-22T08:56:24.05Z", example + 50},
        {"2026-11-22T08:56:24.007Z", example + 7},
        {"2026-11-22T08:56:24.0079Z", example + 7},
        {"2026-11-22T08:56:24.999999999Z", example + 999},
        {"2026-11-22T08:56:24+00:00", example},
        {"2026-11-22T08:56:24-00:00", example},
        {"2026-11-22T09:56:24+01:00", example},
        {"2026-11-22T03:26:24.000-05:30", example},
        {"2026-11-23T00:00:00+15:03", example - 24'000 + 60'000},
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2000-02-29T00:00:00Z", 951'782'400'000},
        {"0000-01-01T00:00:00Z", -62'167'219'200'000},
        {"9999-12-31T23:59:59.999Z", 253'402'300'799'999},
    };
    for (auto const& one : cases) {
        auto const parsed = parse_rfc3339(one.text);
        ASSERT_TRUE(parsed.has_value()) << one.text;
        EXPECT_EQ(parsed->time_since_epoch().count(), one.ms) << one.text;
    }
}

TEST(Rfc3339, RefusesEverythingElse) {
    std::string const bad[] = {"",
                               "Z",
                               "now",
                               "2026-11-22",
                               "2026-11-22T08:56Z",
                               "2026-11-22T08:56:24",
                               "2026-11-22 08:56:24Z",
                               "2026-11-22t08:56:24z",
                               "2026-11-22T08:56:24.Z",
                               "2026-11-22T08:56:24.0123456789Z",
                               "2026-11-22T08:56:24,5Z",
                               "2026-11-22T08:56:24Z ",
                               " 2026-11-22T08:56:24Z",
                               "2026-11-22T08:56:24+0100",
                               "2026-11-22T08:56:24+01",
                               "2026-11-22T08:56:24+24:00",
                               "2026-11-22T08:56:24+01:60",
                               "2026-11-22T08:56:24Z+01:00",
                               "2026-13-22T08:56:24Z",
                               "2026-00-22T08:56:24Z",
                               "2026-11-31T08:56:24Z",
                               "2026-11-00T08:56:24Z",
                               "2025-02-29T08:56:24Z",
                               "2026-11-22T24:00:00Z",
                               "2026-11-22T08:60:24Z",
                               "2026-11-22T23:59:60Z",
                               "+026-11-22T08:56:24Z",
                               "-2026-11-22T08:56:24Z",
                               "20261-11-22T08:56:24Z",
                               "2026-1-22T08:56:24Z",
                               "2026-11-22T8:56:24Z",
                               std::string("2026-11-22T08:56:24Z\0", 21),
                               "1795337784"};
    for (auto const& text : bad) {
        auto const parsed = parse_rfc3339(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
        EXPECT_THAT(parsed.error().context, testing::HasSubstr("2026-11-22T08:56:24.000Z"));
    }
}

TEST(Rfc3339Property, WhatIsWrittenIsReadBack) {
    for (std::uint64_t const seed : test_seeds(500)) {
        Rng rng{seed};
        TimePoint const at{Duration{static_cast<std::int64_t>(rng.below(315'569'520'000'000)) - 62'167'219'200'000}};
        EXPECT_EQ(parse_rfc3339(rfc3339(at)), at) << "ALMD_SEED=" << seed;
    }
}

TEST(DurationText, SumsOfUnits) {
    struct {
        char const* text;
        Duration span;
        char const* written;
    } const cases[] = {
        {"90s", 90s, "1m30s"},
        {"5m", 5min, "5m"},
        {"2h", 2h, "2h"},
        {"1d", 24h, "1d"},
        {"250ms", 250ms, "250ms"},
        {"1h30m", 90min, "1h30m"},
        {"1d2h3m4s5ms", 26h + 3min + 4s + 5ms, "1d2h3m4s5ms"},
        {"0s", 0s, "0s"},
        {"0", 0s, "0s"},
        {"0h0m", 0s, "0s"},
        {"007m", 7min, "7m"},
        {"700m", 700min, "11h40m"},
        {"36500d", 24h * 36500, "36500d"},
        {"1m500ms", 1min + 500ms, "1m500ms"},
    };
    for (auto const& one : cases) {
        auto const parsed = parse_duration(one.text);
        ASSERT_TRUE(parsed.has_value()) << one.text;
        EXPECT_EQ(*parsed, one.span) << one.text;
        EXPECT_EQ(to_text(*parsed), one.written);
    }
    EXPECT_EQ(to_text(-90s), "-1m30s");
    EXPECT_EQ(to_text(Duration::min()), "-106751991167d7h12m55s808ms");
}

TEST(DurationText, RefusesEverythingElse) {
    for (char const* text : {"",
                             "s",
                             "5",
                             "00",
                             "-5m",
                             "+5m",
                             "5 m",
                             " 5m",
                             "5m ",
                             "1.5h",
                             "5M",
                             "5min",
                             "5sec",
                             "1w",
                             "30m1h",
                             "1m1m",
                             "1h-30m",
                             "5mm",
                             "0x5s",
                             "99999999999999999999s",
                             "36501d",
                             "36500d1ms",
                             "9223372036854775807d",
                             "1e3s",
                             "5ms3"}) {
        auto const parsed = parse_duration(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
        EXPECT_THAT(parsed.error().context, testing::HasSubstr("1h30m"));
    }
}

TEST(DurationTextProperty, WhatIsWrittenIsReadBack) {
    for (std::uint64_t const seed : test_seeds(500)) {
        Rng rng{seed};
        Duration const span{static_cast<std::int64_t>(rng.below(std::uint64_t{1} << rng.below(41)))};
        EXPECT_EQ(parse_duration(to_text(span)), span) << "ALMD_SEED=" << seed;
    }
}

TEST(ScaledTimeProperty, ATicksMomentIsWhereTheTickBegins) {
    SteadyPoint const anchor{std::chrono::hours{5}};
    for (std::uint64_t const seed : test_seeds(300)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Rng rng{seed};
        double const speed = rng.chance(0.3) ? 1.0 : std::exp(rng.unit() * 14 - 5);
        ScaledTime const scale{anchor, speed};
        double const ninety_years_ms = 90 * 365.0 * 86'400'000;
        auto const tick = std::min(rng.below(std::uint64_t{1} << (1 + rng.below(36))),
                                   static_cast<std::uint64_t>(ninety_years_ms * speed));
        auto const at = scale.steady_at(tick);
        auto const slack = std::chrono::microseconds{1} +
                           std::chrono::nanoseconds{static_cast<std::int64_t>(1e6 / speed)}; // rounding; one tick
        EXPECT_GE(scale.tick_at(at + std::chrono::microseconds{1}), tick);
        EXPECT_LE(scale.tick_at(at - std::chrono::microseconds{1}), tick);
        EXPECT_TRUE(tick <= 1 || scale.tick_at(at - slack) < tick);
    }
}

TEST(ScaledTime, ExtremesStayInside) {
    SteadyPoint const anchor{std::chrono::hours{5}};
    for (double const speed : {1e-6, 1.0, 1e9}) {
        ScaledTime const scale{anchor, speed};
        EXPECT_EQ(scale.tick_at(SteadyPoint{}), 0U);
        EXPECT_EQ(scale.tick_at(anchor), 0U);
        EXPECT_LE(scale.steady_at(UINT64_MAX), anchor + std::chrono::hours{24 * 36'500});
        EXPECT_EQ(scale.steady_at(0), anchor);
    }
    OsAnchor const os = OsAnchor::get();
    EXPECT_EQ(os.wire_at(os.steady), os.wire);
    EXPECT_EQ(os.steady_at(os.wire + 1500us), os.steady + std::chrono::microseconds{1500});
    EXPECT_GT(os.steady_at(WirePoint::max() - 1us), os.steady);
    EXPECT_LT(os.steady_at(WirePoint{}), os.steady);
}

} // namespace
} // namespace almd
