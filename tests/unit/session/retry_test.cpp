// The retry plan as tables.
#include "agent/cloud/retry.hpp"
#include "simulator/kernel/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace almd {
namespace {

Failure failure_of(int status) {
    return Failure{*code_of_status(status), status, std::nullopt};
}

TEST(RetryPlan, RefusalsAreNotRepeated) {
    for (int status : {400, 403, 404, 405, 409, 413, 415, 422, 428, 302, 100})
        EXPECT_FALSE(after_failure(RetrySpec{}, 1, failure_of(status), 0.5).again) << status;
}

TEST(RetryPlan, WhatMayPassIsRepeated) {
    for (int status : {401, 408, 429, 500, 502, 503, 504, 599})
        EXPECT_TRUE(after_failure(RetrySpec{}, 1, failure_of(status), 0.5).again) << status;
}

TEST(RetryPlan, NetworkTroubleIsRepeatedAndOurOwnIsNot) {
    auto const again = [](ErrorCode code) { return after_failure(RetrySpec{}, 1, Failure{code, 0, {}}, 0.5).again; };
    for (auto code : {ErrorCode::unreachable, ErrorCode::timed_out, ErrorCode::closed, ErrorCode::tls})
        EXPECT_TRUE(again(code)) << name(code);
    for (auto code : {ErrorCode::invalid, ErrorCode::protocol, ErrorCode::too_large, ErrorCode::stopped, ErrorCode::io})
        EXPECT_FALSE(again(code)) << name(code);
}

TEST(RetryPlan, EveryStatusHasTheCodeThatTheExitCodeNeeds) {
    struct Row {
        int status;
        ErrorCode code;
    };
    for (auto const& [status, code] :
         {Row{400, ErrorCode::refused}, Row{401, ErrorCode::refused}, Row{403, ErrorCode::refused},
          Row{404, ErrorCode::not_found}, Row{408, ErrorCode::timed_out}, Row{409, ErrorCode::conflict},
          Row{413, ErrorCode::too_large}, Row{422, ErrorCode::refused}, Row{429, ErrorCode::throttled},
          Row{500, ErrorCode::unavailable}, Row{503, ErrorCode::unavailable}, Row{301, ErrorCode::protocol}})
        EXPECT_EQ(code_of_status(status), code) << status;
    EXPECT_EQ(code_of_status(200), std::nullopt);
    EXPECT_EQ(code_of_status(204), std::nullopt);
}

TEST(RetryPlan, TheSpanDoublesUpToTheCap) {
    RetrySpec const spec{100, 500ms, 30s};
    Failure const down{ErrorCode::unavailable, 503, {}};
    auto const half = [&](int attempts) { return after_failure(spec, attempts, down, 0.5).wait; };
    EXPECT_EQ(half(1), 250ms);
    EXPECT_EQ(half(2), 500ms);
    EXPECT_EQ(half(3), 1s);
    EXPECT_EQ(half(6), 8s);
    EXPECT_EQ(half(7), 15s);
    EXPECT_EQ(half(8), 15s);
    EXPECT_EQ(half(99), 15s);
}

TEST(RetryPlan, ItGivesUpWhenTheAttemptsAreUsedUp) {
    Failure const down{ErrorCode::unavailable, 503, {}};
    RetrySpec const spec{3, 500ms, 30s};
    EXPECT_TRUE(after_failure(spec, 2, down, 0).again);
    EXPECT_FALSE(after_failure(spec, 3, down, 0).again);
    RetrySpec const once{1, 500ms, 30s};
    EXPECT_FALSE(after_failure(once, 1, down, 0).again);
}

/// fleet#53357: jitter before the cap leaves no spread at the cap, and an outage ends in a herd.
TEST(RetryPlan, TheSpreadAtTheCapIsAtLeastHalfOfTheCap) {
    RetrySpec const spec{100, 500ms, 30s};
    Failure const down{ErrorCode::unavailable, 503, {}};
    auto shortest = WireDuration::max(), longest = WireDuration::min();
    int in_last_tenth = 0;
    for (std::uint64_t registration = 0; registration < 10'000; ++registration) {
        auto rng = Rng::stream(1, registration);
        auto const wait = after_failure(spec, 20, down, rng.unit()).wait;
        shortest = std::min(shortest, wait);
        longest = std::max(longest, wait);
        in_last_tenth += wait > 27s;
    }
    EXPECT_GE(longest - shortest, spec.cap / 2);
    EXPECT_LE(longest, spec.cap);
    EXPECT_NEAR(in_last_tenth, 1'000, 150) << "they return together";
}

TEST(RetryPlan, RetryAfterIsNeverUndercutAndGetsJitterOnTop) {
    RetrySpec const spec{100, 500ms, 30s};
    Failure const busy{ErrorCode::throttled, 429, 20s};
    EXPECT_EQ(after_failure(spec, 1, busy, 0).wait, 20s);
    EXPECT_EQ(after_failure(spec, 1, busy, 0.5).wait, 30s);
    Failure const soon{ErrorCode::throttled, 429, 0s};
    EXPECT_EQ(after_failure(spec, 8, soon, 0.5).wait, 15s) << "a zero must not switch the back-off off";
}

TEST(RetryPlan, AnAbsurdRetryAfterIsBounded) {
    Failure const busy{ErrorCode::throttled, 429, std::chrono::hours{1000}};
    EXPECT_LE(after_failure(RetrySpec{}, 1, busy, 0.999).wait, 2 * retry_after_max);
}

TEST(RetryAfter, SecondsAndDatesAreUnderstoodOtherTextIsNot) {
    WirePoint const now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}.time_since_epoch()};
    EXPECT_EQ(parse_retry_after("7", now), 7s);
    EXPECT_EQ(parse_retry_after(" 0 ", now), 0s);
    EXPECT_EQ(parse_retry_after("99999999999999999999", now), retry_after_max);
    EXPECT_EQ(parse_retry_after("86400", now), retry_after_max);
    EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 00:01:30 GMT", now), 90s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 0s) << "in the past: now";
    for (auto text :
         {"", "soon", "-5", "1.5", "Sun, 32 Nov 2026 00:01:30 GMT", "Sun, 22 Nov 2026 25:01:30 GMT",
          "Sun, 22 Nox 2026 00:01:30 GMT", "Sun, 22 Nov 2026 00:01:30 CET", "Sun, 22 Nov 20 6 00:01:30 GMT"})
        EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
}

} // namespace
} // namespace almd
