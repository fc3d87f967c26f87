// A hierarchical timing wheel: sleeping systems cost bytes, not coroutines.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace almd {

/// Events are {due tick, payload}; at most 16 bytes each. Ticks are milliseconds since the wheel's start, modulo 2^32;
/// an event more than 2^31 - 1 ticks away is held at the horizon and armed again, so any deadline works.
/// Events of one tick fire in the order they were armed. Not thread safe: one shard, one wheel.
class TimingWheel {
public:
    using Tick = std::uint64_t;    ///< milliseconds since start; only the low half is stored per event
    using Payload = std::uint32_t; ///< the owner's meaning: a slot number
    using Handle = std::uint32_t;  ///< valid until the event fired or was cancelled
    static constexpr Handle no_event = 0xffffffff;

    explicit TimingWheel(std::size_t expected_events = 0);

    Handle arm(Tick due, Payload payload);
    /// The handle must be live.
    void cancel(Handle handle);

    /// Earliest due tick, or none. Never later than the truth; exact once it lies in the lowest level.
    std::optional<Tick> next_due() const;

    /// Moves to `now` and calls fire(payload, due) for every event due until then, in order of (due, armed). `fire` may
    /// arm and cancel. Returns how many fired.
    template <class Fire>
    std::size_t advance(Tick now, Fire&& fire);

    Tick now() const { return now_; }
    std::size_t size() const { return size_; }
    std::size_t bytes() const;

private:
    // Owner of this file: fill in. See tests/bench/wheel_bench.cpp for the targets (16 B, 50 ns at 1,000,000 events).
    Tick now_ = 0;
    std::size_t size_ = 0;
};

} // namespace almd
