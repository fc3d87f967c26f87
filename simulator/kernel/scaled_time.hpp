// Real time and the simulated ticks that follow it at a speed: the one place that reads the operating system's clocks.
#pragma once

#include "simulator/kernel/time.hpp"
#include "simulator/kernel/timing_wheel.hpp"

#include <chrono>

namespace almd {

using SteadyPoint = std::chrono::steady_clock::time_point;

SteadyPoint steady_now();

/// The system's time, read once per process and carried on by the steady clock: setting the system's time moves
/// nothing, and all shards agree on the wire's time and, at one speed, on the simulated time.
struct OsAnchor {
    SteadyPoint steady;
    WirePoint wire;

    static OsAnchor const& get();
    WirePoint wire_at(SteadyPoint at) const;
    /// At most 100 years ahead: later would overflow the steady clock.
    SteadyPoint steady_at(WirePoint at) const;
};

/// Ticks are simulated milliseconds since the anchor.
class ScaledTime {
public:
    ScaledTime(SteadyPoint anchor, double speed)
        : anchor_{anchor}
        , speed_{speed} {}

    TimingWheel::Tick tick_at(SteadyPoint at) const; ///< 0 before the anchor
    /// The moment from which tick_at() says `tick` (up to rounding); at most 100 years after the anchor.
    SteadyPoint steady_at(TimingWheel::Tick tick) const;

private:
    SteadyPoint anchor_;
    double speed_;
};

} // namespace almd
