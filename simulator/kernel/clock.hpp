// Clock and WireClock: the only sources of time. Everything that waits, waits here.
#pragma once

#include "simulator/kernel/async.hpp"
#include "simulator/kernel/time.hpp"

namespace almd {

/// Simulated time. Owned by a shard and used on its thread only.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    /// Resumes at `at` (never before; a time in the past lets what is ready run first). TimePoint::max() is never.
    /// False: the shard is stopping (or this wait was cancelled, as by `||`), return at once.
    virtual Async<bool> wait_until(TimePoint at) = 0;

    Async<bool> wait_for(Duration span) {
        TimePoint const from = now();
        return wait_until(span > TimePoint::max() - from ? TimePoint::max() : from + span);
    }
};

/// Wire time: real time while sockets are used, however fast the simulation goes; the simulated time in virtual runs.
class WireClock {
public:
    virtual ~WireClock() = default;
    virtual WirePoint now() const = 0;
    /// As Clock::wait_until.
    virtual Async<bool> wait_until(WirePoint at) = 0;

    Async<bool> wait_for(WireDuration span) {
        WirePoint const from = now();
        return wait_until(span > WirePoint::max() - from ? WirePoint::max() : from + span);
    }
};

} // namespace almd
