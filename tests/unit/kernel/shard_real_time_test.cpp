// A shard on real and scaled time, alone and two of them on two threads. Only order is asserted, never speed.
#include "simulator/kernel/histogram.hpp"
#include "simulator/kernel/log.hpp"
#include "simulator/kernel/shard.hpp"
#include "tests/unit/kernel/recording_sink.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace almd {
namespace {

using testing::ElementsAre;

class RealShard : public testing::TestWithParam<double> {
public:
    Shard shard{Shard::RealTime{GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Speeds, RealShard, testing::Values(0.5, 1.0, 60.0, 12345.6));

TEST_P(RealShard, EventsAreNeverEarlyAndComeInOrder) {
    RecordingSink sink;
    bool early = false;
    sink.then = [&](std::uint32_t payload) {
        early = early || shard.clock().now() < sink.events.back().planned;
        if (payload == 5) shard.stop();
    };
    shard.set_sink(sink);
    TimePoint const from = shard.clock().now();
    for (std::uint32_t i : {3U, 1U, 5U, 2U, 4U})
        shard.arm(from + Duration{static_cast<std::int64_t>(4 * i * GetParam())}, i);
    shard.run();
    EXPECT_THAT(sink.payloads(), testing::SizeIs(5));
    EXPECT_EQ(sink.payloads().back(), 5U);
    for (std::size_t i = 1; i < sink.events.size(); ++i) EXPECT_LE(sink.events[i - 1].planned, sink.events[i].planned);
    EXPECT_FALSE(early);
    EXPECT_EQ(shard.lateness().count(), 5U);
}

Async<void> measure(Shard& shard, Duration span, bool& right) {
    TimePoint const due = shard.clock().now() + span;
    WirePoint const wire_from = shard.wire().now();
    bool const reached = co_await shard.clock().wait_until(due);
    WirePoint const wire_due = shard.wire().now() + 200us;
    bool const wire_reached = co_await shard.wire().wait_until(wire_due);
    right = reached && wire_reached && shard.clock().now() >= due && shard.wire().now() >= wire_due &&
            shard.wire().now() >= wire_from;
    shard.stop();
}

TEST_P(RealShard, WaitsAreNeverShort) {
    bool right = false;
    shard.tasks().spawn(measure(shard, Duration{static_cast<std::int64_t>(3 * GetParam())}, right));
    shard.run();
    EXPECT_TRUE(right);
}

Async<void> wait_for_stop(Shard& shard, bool on_wire, int& told) {
    bool reached = true;
    if (on_wire) {
        reached = co_await shard.wire().wait_for(24h);
    } else {
        reached = co_await shard.clock().wait_until(TimePoint::max());
    }
    if (!reached && shard.tasks().stopping()) ++told;
}

TEST_P(RealShard, StopEndsEveryWaitAndRun) {
    int told = 0;
    for (int i = 0; i < 10; ++i) shard.tasks().spawn(wait_for_stop(shard, i % 2 == 0, told));
    RecordingSink sink;
    sink.then = [&](std::uint32_t) { shard.stop(); };
    shard.set_sink(sink);
    shard.arm(shard.clock().now() + 1ms, 7);
    shard.arm(shard.clock().now() + 24h * 3650, 8);
    shard.run(24h);
    EXPECT_EQ(told, 10);
    EXPECT_THAT(sink.payloads(), ElementsAre(7));
    EXPECT_EQ(shard.tasks().alive(), 0U);
}

TEST_P(RealShard, StopBeforeRunCounts) {
    int told = 0;
    shard.tasks().spawn(wait_for_stop(shard, true, told));
    shard.tasks().spawn(wait_for_stop(shard, false, told));
    shard.stop();
    shard.run(24h);
    EXPECT_EQ(told, 2);
}

Async<void> ignore_stop(Shard& shard) {
    net::steady_timer stubborn{shard.io()};
    stubborn.expires_after(std::chrono::hours{24});
    co_await stubborn.async_wait(net::use_awaitable);
}

TEST_P(RealShard, AStubbornTaskCostsTheGraceAndNoMore) {
    shard.tasks().spawn(ignore_stop(shard));
    shard.stop();
    shard.run(1ms);
    EXPECT_EQ(shard.tasks().alive(), 1U);
}

TEST(RealShardFairness, AFloodOfDueEventsLetsOtherWorkThrough) {
    Shard shard{Shard::RealTime{}};
    RecordingSink sink;
    constexpr std::uint32_t flood = 5'000;
    std::size_t fired_before_the_other = 0;
    sink.then = [&](std::uint32_t payload) {
        if (payload == 0) net::post(shard.io(), [&] { fired_before_the_other = sink.events.size(); });
        if (payload == flood - 1) shard.stop();
    };
    shard.set_sink(sink);
    for (std::uint32_t i = 0; i < flood; ++i) shard.arm(shard.clock().now() - 1s, i);
    shard.run();
    EXPECT_EQ(sink.events.size(), flood);
    EXPECT_LT(fired_before_the_other, 1'000U);
    EXPECT_GT(fired_before_the_other, 0U);
}

TEST(RealShardErrors, ExceptionsOfHandlersAndEventsDoNotEndTheLoop) {
    Shard shard{Shard::RealTime{}};
    RecordingSink sink;
    sink.then = [&](std::uint32_t payload) {
        if (payload == 1) throw std::runtime_error{"an event breaks"};
        shard.stop();
    };
    shard.set_sink(sink);
    net::post(shard.io(), [] { throw std::runtime_error{"a handler breaks"}; });
    shard.arm(shard.clock().now(), 1);
    shard.arm(shard.clock().now() + 1ms, 2);
    testing::internal::CaptureStderr();
    shard.run();
    auto const log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(sink.payloads(), ElementsAre(1, 2));
    EXPECT_THAT(log, testing::HasSubstr("an event breaks"));
    EXPECT_THAT(log, testing::HasSubstr("a handler breaks"));
}

Async<void> time_out(Shard& shard, bool& timed_out) {
    using namespace net::experimental::awaitable_operators;
    auto quick = shard.wire().wait_for(100us), slow = shard.wire().wait_for(24h);
    auto both = std::move(slow) || std::move(quick);
    auto const winner = co_await std::move(both);
    timed_out = winner.index() == 1;
    shard.stop();
}

TEST(RealShardWire, TheLoserOfARaceIsCancelled) {
    Shard shard{Shard::RealTime{}};
    bool timed_out = false;
    shard.tasks().spawn(time_out(shard, timed_out));
    shard.run(24h);
    EXPECT_TRUE(timed_out);
}

struct CountsDownLate {
    int& alive;
    explicit CountsDownLate(int& count)
        : alive{++count} {}
    CountsDownLate(CountsDownLate const&) = delete;
    ~CountsDownLate() { --alive; }
};

Async<void> hold(Shard& shard, bool on_wire, int& alive) {
    CountsDownLate const guard{alive};
    int told = 0;
    co_await wait_for_stop(shard, on_wire, told);
}

TEST(RealShardEnd, DestroysTheCoroutinesThatStillWait) {
    int alive = 0;
    {
        Shard shard{Shard::RealTime{}};
        for (int i = 0; i < 10; ++i) shard.tasks().spawn(hold(shard, i % 2 == 0, alive));
        shard.io().poll();
        EXPECT_EQ(alive, 10);
        shard.tasks().spawn(hold(shard, true, alive));
    }
    EXPECT_EQ(alive, 0);
}

// ---- two shards

TEST(TwoShards, AgreeOnBothTimes) {
    Shard one{Shard::RealTime{60.0}}, other{Shard::RealTime{60.0}};
    auto const a = one.clock().now(), b = other.clock().now(), c = one.clock().now();
    EXPECT_LE(a, b);
    EXPECT_LE(b, c);
    auto const d = one.wire().now(), e = other.wire().now(), f = one.wire().now();
    EXPECT_LE(d, e);
    EXPECT_LE(e, f);
}

TEST(TwoShards, StopFromAnotherThread) {
    Shard shard{Shard::RealTime{}};
    int told = 0;
    for (int i = 0; i < 4; ++i) shard.tasks().spawn(wait_for_stop(shard, i % 2 == 0, told));
    std::thread thread{[&] { shard.run(24h); }};
    std::thread rival{[&] { shard.stop(); }};
    shard.stop();
    rival.join();
    thread.join();
    EXPECT_EQ(told, 4);
}

/// One ball between two threads, each side touched only by its own.
struct Side {
    Shard shard{Shard::RealTime{1000.0}};
    Side* other = nullptr;
    int touched = 0;
};

Async<void> hit(Side& side, int left);

void pass(Side& to, int left) {
    net::post(to.shard.io(), [&to, left] { to.shard.tasks().spawn(hit(to, left)); });
}

Async<void> hit(Side& side, int left) {
    ++side.touched;
    bool const reached = co_await side.shard.clock().wait_for(1ms);
    if (reached && left > 0) co_return pass(*side.other, left - 1);
    side.other->shard.stop();
    side.shard.stop();
}

TEST(TwoShards, PostToEachOtherAndStopEachOther) {
    Side left, right;
    left.other = &right;
    right.other = &left;
    pass(left, 199);
    std::thread thread{[&] { right.shard.run(); }};
    left.shard.run();
    thread.join();
    EXPECT_EQ(left.touched, 100);
    EXPECT_EQ(right.touched, 100);
}

TEST(TwoShards, ManyThreadsMayLogAtOnce) {
    testing::internal::CaptureStderr();
    std::atomic<int> go{0};
    auto const talk = [&] {
        ++go;
        while (go < 2) std::this_thread::yield();
        for (int i = 0; i < 50; ++i) log(LogLevel::warning, "line {}", i);
    };
    std::thread thread{talk};
    talk();
    thread.join();
    auto const text = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::ranges::count(text, '\n'), 100);
}

} // namespace
} // namespace almd
