// A shard: one thread with its own event loop, clocks, wheel and tasks. Shards share nothing.
#pragma once

#include "simulator/kernel/clock.hpp"
#include "simulator/kernel/task_group.hpp"
#include "simulator/kernel/timing_wheel.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>

namespace almd {

/// Receives the events of sleeping systems: one call per due event, on the shard's thread.
class TimerSink {
public:
    virtual ~TimerSink() = default;
    virtual void due(std::uint32_t payload, TimePoint planned) = 0;
};

class Shard {
public:
    struct RealTime {
        double speed = 1.0; ///< simulated seconds per real second, > 0
    };
    struct VirtualTime {
        TimePoint start;
    };

    explicit Shard(RealTime mode);
    explicit Shard(VirtualTime mode);
    /// Coroutines that still wait are destroyed. When their locals refer to what dies before the shard, stop it and let
    /// it run to the end first.
    ~Shard();
    Shard(Shard const&) = delete;
    Shard& operator=(Shard const&) = delete;

    net::io_context& io();
    Clock& clock();
    WireClock& wire();
    TaskGroup& tasks();
    bool is_virtual() const;

    /// The wheel speaks milliseconds of simulated time; `sink` gets every event that was armed through here, until
    /// stop.
    void set_sink(TimerSink& sink);
    /// payload < 2^31. A time in the past is due at once.
    TimingWheel::Handle arm(TimePoint due, std::uint32_t payload);
    void cancel(TimingWheel::Handle handle);

    /// Real time: blocks until stop() was called and every task has returned, or `grace` of real time has passed since.
    /// What is asked to stop: clock waits return false, TaskGroup::stopping() is true.
    void run(std::chrono::milliseconds grace = std::chrono::seconds{5});
    /// From any thread, also before run() (but not from a raw signal handler: use asio::signal_set). In virtual time it
    /// takes effect when time runs next.
    void stop();

    /// Virtual time: run everything that is due in [now, until), then set the clock to `until`. Not from a task.
    void run_until(TimePoint until);
    void run_for(Duration span);
    /// Virtual time: run all that is ready, then jump to the next deadline and run it. False: nothing is waiting any
    /// more.
    bool step();

    /// How late events fired (real time), in microseconds of real time; for the lateness report.
    class Histogram const& lateness() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace almd
