// A shard in virtual time: what runs when, how coroutines wait, and how it stops.
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/shard.hpp"
#include "tests/support/seeds.hpp"
#include "tests/unit/kernel/recording_sink.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint start{Duration{1'795'000'000'000}};

using Notes = std::vector<std::string>;

struct VirtualShard : testing::Test {
    Shard shard{Shard::VirtualTime{start}};
    Notes notes;

    std::string now() const { return to_text(clock.now() - start); }
    Clock& clock = shard.clock();
};

Async<void> wait_and_note(Shard& shard, TimePoint at, Notes& notes, std::string name) {
    bool const reached = co_await shard.clock().wait_until(at);
    notes.push_back(name + (reached ? " at " : " stopped at ") + to_text(shard.clock().now() - start));
}

TEST_F(VirtualShard, WaitsResumeInTheOrderOfTheirDeadlinesAndTheEndIsExclusive) {
    shard.tasks().spawn(wait_and_note(shard, start + 2h, notes, "late"));
    shard.tasks().spawn(wait_and_note(shard, start + 5ms, notes, "early"));
    shard.run_until(start + 1h);
    EXPECT_THAT(notes, ElementsAre("early at 5ms"));
    EXPECT_EQ(clock.now(), start + 1h);
    shard.run_for(1h);
    EXPECT_THAT(notes, ElementsAre("early at 5ms")) << "an event due at the end belongs to the next run";
    EXPECT_EQ(clock.now(), start + 2h);
    shard.run_for(1ms);
    EXPECT_THAT(notes, ElementsAre("early at 5ms", "late at 2h"));
    EXPECT_EQ(shard.tasks().alive(), 0U);
}

TEST_F(VirtualShard, EqualDeadlinesResumeInTheOrderOfWaiting) {
    for (auto const* name : {"a", "b", "c"}) shard.tasks().spawn(wait_and_note(shard, start + 1s, notes, name));
    shard.run_for(2s);
    EXPECT_THAT(notes, ElementsAre("a at 1s", "b at 1s", "c at 1s"));
}

Async<bool> nested(Clock& clock, Duration span, int depth) {
    if (depth == 0) co_return co_await clock.wait_for(span);
    bool const reached = co_await nested(clock, span, depth - 1);
    if (!reached) co_return false;
    co_return co_await clock.wait_for(span);
}

Async<void> note_nested(Shard& shard, Notes& notes) {
    bool const reached = co_await nested(shard.clock(), 1min, 9);
    notes.push_back((reached ? "reached " : "stopped ") + to_text(shard.clock().now() - start));
}

TEST_F(VirtualShard, NestedWaitsAddUp) {
    shard.tasks().spawn(note_nested(shard, notes));
    shard.run_for(1h);
    EXPECT_THAT(notes, ElementsAre("reached 10m"));
}

TEST_F(VirtualShard, EventsOfTheSinkComeInOrderWithTheirPlannedTime) {
    RecordingSink sink;
    shard.set_sink(sink);
    shard.arm(start + 20ms, 2);
    shard.arm(start + 10ms, 1);
    auto const cancelled = shard.arm(start + 15ms, 9);
    shard.arm(start + 20ms, 3);
    shard.cancel(cancelled);
    shard.run_until(start + 20ms);
    EXPECT_THAT(sink.payloads(), ElementsAre(1));
    shard.run_for(1h);
    EXPECT_THAT(sink.payloads(), ElementsAre(1, 2, 3));
    EXPECT_EQ(sink.events[1].planned, start + 20ms);
}

TEST_F(VirtualShard, ATimeInThePastIsDueAtOnce) {
    RecordingSink sink;
    shard.set_sink(sink);
    shard.run_for(1min);
    shard.arm(start, 1);
    shard.arm(start - 24h, 2);
    shard.tasks().spawn(wait_and_note(shard, start, notes, "past"));
    shard.run_for(1ms);
    EXPECT_THAT(sink.payloads(), ElementsAre(1, 2));
    EXPECT_EQ(sink.events[0].planned, start + 1min);
    EXPECT_THAT(notes, ElementsAre("past at 1m"));
}

TEST_F(VirtualShard, NothingRunsInAnEmptySpanAndTimeDoesNotGoBack) {
    RecordingSink sink;
    shard.set_sink(sink);
    shard.arm(start, 1);
    shard.run_for(0s);
    EXPECT_THAT(sink.payloads(), IsEmpty());
    shard.run_for(1min);
    shard.run_until(start);
    EXPECT_EQ(clock.now(), start + 1min);
}

TEST_F(VirtualShard, StepJumpsFromDeadlineToDeadline) {
    shard.tasks().spawn(wait_and_note(shard, start + 24h * 400, notes, "far"));
    shard.tasks().spawn(wait_and_note(shard, start + 1h, notes, "near"));
    EXPECT_TRUE(shard.step());
    EXPECT_EQ(now(), "1h");
    EXPECT_TRUE(shard.step());
    EXPECT_EQ(now(), "400d");
    EXPECT_FALSE(shard.step());
    EXPECT_EQ(now(), "400d");
    EXPECT_THAT(notes, ElementsAre("near at 1h", "far at 400d"));
}

TEST_F(VirtualShard, StepIsOverWhenOnlyCancelledEventsAndEndlessWaitsAreLeft) {
    shard.tasks().spawn(wait_and_note(shard, TimePoint::max(), notes, "never"));
    shard.cancel(shard.arm(start + 1h, 1));
    EXPECT_FALSE(shard.step());
    EXPECT_EQ(now(), "0s");
    shard.stop();
    EXPECT_FALSE(shard.step());
    EXPECT_THAT(notes, ElementsAre("never stopped at 0s"));
}

TEST_F(VirtualShard, StopEndsEveryWaitAndTheEventsOfTheSink) {
    RecordingSink sink;
    shard.set_sink(sink);
    shard.arm(start + 2min, 1);
    shard.tasks().spawn(wait_and_note(shard, start + 1h, notes, "job"));
    shard.tasks().spawn(note_nested(shard, notes));
    shard.run_for(90s);
    EXPECT_EQ(shard.tasks().alive(), 2U);
    shard.stop();
    shard.stop();
    EXPECT_FALSE(shard.tasks().stopping()) << "nothing happens inside the call";
    shard.run_for(1h);
    EXPECT_TRUE(shard.tasks().stopping());
    EXPECT_THAT(notes, ElementsAre("job stopped at 1m30s", "stopped 1m30s"));
    EXPECT_THAT(sink.payloads(), IsEmpty());
    shard.tasks().spawn(wait_and_note(shard, start + 24h, notes, "too late"));
    shard.run_for(0s);
    EXPECT_EQ(notes.back(), "too late stopped at 1h1m30s");
    EXPECT_EQ(shard.tasks().alive(), 0U);
}

Async<void> wait_on_wire(Shard& shard, WireDuration span, Notes& notes) {
    bool const reached = co_await shard.wire().wait_for(span);
    notes.push_back((reached ? "wire " : "wire stopped ") + to_text(shard.clock().now() - start));
}

TEST_F(VirtualShard, TheWireClockIsTheSimulatedClock) {
    EXPECT_EQ(shard.wire().now().time_since_epoch(), clock.now().time_since_epoch());
    shard.tasks().spawn(wait_on_wire(shard, 1500us, notes));
    shard.tasks().spawn(wait_on_wire(shard, WireDuration::max(), notes));
    shard.run_for(1h);
    EXPECT_THAT(notes, ElementsAre("wire 2ms")) << "never before, so up to the next millisecond";
    shard.stop();
    shard.run_for(0s);
    EXPECT_THAT(notes, ElementsAre("wire 2ms", "wire stopped 1h"));
}

Async<void> race(Shard& shard, Duration first, Duration second, Notes& notes) {
    using namespace net::experimental::awaitable_operators;
    auto one = shard.clock().wait_for(first), other = shard.clock().wait_for(second);
    auto both = std::move(one) || std::move(other);
    auto const winner = co_await std::move(both);
    notes.push_back((winner.index() == 0 ? "first " : "second ") + to_text(shard.clock().now() - start));
}

TEST_F(VirtualShard, TheLoserOfARaceIsCancelledAtOnce) {
    shard.tasks().spawn(race(shard, 10ms, 1h, notes));
    shard.tasks().spawn(race(shard, Duration::max(), 20ms, notes));
    shard.run_for(1s);
    EXPECT_THAT(notes, ElementsAre("first 10ms", "second 20ms"));
    EXPECT_EQ(shard.tasks().alive(), 0U);
    EXPECT_FALSE(shard.step()) << "the wheel holds nothing of the losers";
}

Async<void> chain(Shard& shard, int length, int& ran) {
    ++ran;
    if (length > 0) shard.tasks().spawn(chain(shard, length - 1, ran));
    co_return;
}

TEST_F(VirtualShard, WhatIsReadyRunsBeforeTimeMoves) {
    int ran = 0;
    shard.tasks().spawn(chain(shard, 99, ran));
    shard.run_for(0s);
    EXPECT_EQ(ran, 100);
}

TEST_F(VirtualShard, AnExceptionOfTheSinkReachesTheCallerAndNothingIsLost) {
    struct Broken : TimerSink {
        int calls = 0;
        void due(std::uint32_t payload, TimePoint) override {
            ++calls;
            if (payload == 1) throw std::runtime_error{"broken"};
        }
    } sink;
    shard.set_sink(sink);
    shard.arm(start + 1ms, 1);
    shard.arm(start + 1ms, 2);
    EXPECT_THROW(shard.run_for(1s), std::runtime_error);
    shard.run_for(1s);
    EXPECT_EQ(sink.calls, 2);
}

struct CountsDown {
    int& alive;
    explicit CountsDown(int& count)
        : alive{++count} {}
    CountsDown(CountsDown const&) = delete;
    ~CountsDown() { --alive; }
};

Async<void> hold(Shard& shard, int& alive, bool on_wire) {
    CountsDown const guard{alive};
    bool const reached = on_wire ? co_await shard.wire().wait_for(24h) : co_await shard.clock().wait_for(24h);
    if (reached) alive = 1000;
}

Async<void> join(Shard& shard, int& alive) {
    CountsDown const guard{alive};
    TaskGroup others{shard.io().get_executor()};
    co_await others.join();
    bool const reached = co_await shard.clock().wait_for(24h);
    if (reached) alive = 1000;
}

TEST(ShardEnd, DestroysTheCoroutinesThatStillWait) {
    int alive = 0;
    {
        Shard shard{Shard::VirtualTime{start}};
        for (int i = 0; i < 100; ++i) shard.tasks().spawn(hold(shard, alive, i % 2 == 0));
        shard.tasks().spawn(join(shard, alive));
        shard.run_for(1h);
        EXPECT_EQ(alive, 101);
        for (int i = 0; i < 3; ++i) shard.tasks().spawn(hold(shard, alive, false)); // not yet started
    }
    EXPECT_EQ(alive, 0);
}

/// Coroutines that wait random spans, re-arm and cancel: every wake-up is exactly on time and in order.
Async<void> wander(Shard& shard, Rng rng, int steps, std::vector<TimePoint>& seen, int& wrong) {
    for (int i = 0; i < steps; ++i) {
        TimePoint const due =
            shard.clock().now() + Duration{static_cast<std::int64_t>(rng.below(1ULL << rng.below(34)))};
        bool const reached = co_await shard.clock().wait_until(due);
        if (!reached || shard.clock().now() != due) ++wrong;
        seen.push_back(shard.clock().now());
    }
}

TEST(VirtualShardProperty, EveryWaitEndsExactlyOnTimeAndInOrder) {
    for (std::uint64_t const seed : test_seeds(20)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Shard shard{Shard::VirtualTime{start}};
        std::vector<TimePoint> seen;
        int wrong = 0;
        for (std::uint64_t i = 0; i < 50; ++i)
            shard.tasks().spawn(wander(shard, Rng::stream(seed, i), 40, seen, wrong));
        Rng rng{seed};
        while (shard.tasks().alive() > 0) {
            if (rng.chance(0.5)) {
                shard.run_for(Duration{static_cast<std::int64_t>(rng.below(1ULL << 30))});
            } else {
                shard.step();
            }
        }
        EXPECT_EQ(wrong, 0);
        EXPECT_EQ(seen.size(), 50U * 40U);
        EXPECT_TRUE(std::ranges::is_sorted(seen));
    }
}

} // namespace
} // namespace almd
