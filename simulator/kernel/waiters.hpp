// Coroutines that wait for simulated time: a table of slots, each the payload of one wheel event.
#pragma once

#include "simulator/kernel/suspended.hpp"
#include "simulator/kernel/timing_wheel.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <vector>

namespace almd {

class Waiters {
public:
    /// Marks a wheel event as a waiting coroutine's.
    static constexpr TimingWheel::Payload mark = 0x80000000;

    Waiters(net::io_context& io, TimingWheel& wheel)
        : io_{io}
        , wheel_{wheel} {}

    /// Without a tick: until resume_all or cancellation.
    void add(Suspended<bool> waiting, std::optional<TimingWheel::Tick> due);
    /// The event of `payload` fired: resumes its coroutine with true.
    void resume(TimingWheel::Payload payload);
    /// We are stopping: resumes all with false, in the order of their slots.
    void resume_all();
    /// Destroys the coroutines instead of resuming them.
    void destroy_all();

private:
    struct Slot {
        std::optional<Suspended<bool>> waiting;
        TimingWheel::Handle event = TimingWheel::no_event;
        std::uint32_t use = 0; // tells a late cancellation that its wait is over
    };

    std::optional<Suspended<bool>> take(std::uint32_t slot);
    void cancel(std::uint32_t slot, std::uint32_t use);

    net::io_context& io_;
    TimingWheel& wheel_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
};

} // namespace almd
