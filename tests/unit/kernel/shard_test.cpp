// Shards: one loop, two clocks, virtual and real time, and how they stop.
#include "simulator/kernel/histogram.hpp"
#include "simulator/kernel/shard.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace almd {
namespace {

using testing::ElementsAre;

constexpr TimePoint start{Duration{1'795'000'000'000}};

/// Calls a function for every event.
class Sink : public TimerSink {
public:
    std::function<void(std::uint32_t, TimePoint)> on_due;
    void due(std::uint32_t payload, TimePoint planned) override {
        if (on_due) on_due(payload, planned);
    }
};

Async<void> wait_and_note(Shard& shard, TimePoint at, std::vector<std::string>& notes, std::string name) {
    bool const reached = co_await shard.clock().wait_until(at);
    notes.push_back(name + (reached ? " at " : " stopped at ") + to_text(shard.clock().now() - start));
}

TEST(VirtualShard, WaitsResumeAtTheirTimeInTheOrderOfTheirDeadlines) {
    Shard shard{Shard::VirtualTime{start}};
    std::vector<std::string> notes;
    shard.tasks().spawn(wait_and_note(shard, start + 2h, notes, "late"));
    shard.tasks().spawn(wait_and_note(shard, start + 5ms, notes, "early"));
    shard.run_until(start + 1h);
    EXPECT_THAT(notes, ElementsAre("early at 5ms"));
    EXPECT_EQ(shard.clock().now(), start + 1h);
    shard.run_for(1h);
    EXPECT_THAT(notes, ElementsAre("early at 5ms")) << "an event due at the end belongs to the next run";
    shard.run_for(1ms);
    EXPECT_THAT(notes, ElementsAre("early at 5ms", "late at 2h"));
    EXPECT_EQ(shard.tasks().alive(), 0U);
}

TEST(RealShard, StopEndsWaitsAndRun) {
    Shard shard{Shard::RealTime{1000.0}};
    std::vector<std::string> notes;
    shard.tasks().spawn(wait_and_note(shard, TimePoint::max(), notes, "never"));
    Sink sink;
    sink.on_due = [&](std::uint32_t payload, TimePoint) {
        notes.push_back(std::to_string(payload));
        shard.stop();
    };
    shard.set_sink(sink);
    shard.arm(shard.clock().now() + 1s, 7);
    shard.run();
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_EQ(notes[0], "7");
    EXPECT_EQ(shard.tasks().alive(), 0U);
    EXPECT_EQ(shard.lateness().count(), 1U);
}

} // namespace
} // namespace almd
