// The table of waiting coroutines.
#include "simulator/kernel/waiters.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace almd {

void Waiters::add(Suspended<bool> waiting, std::optional<TimingWheel::Tick> due) {
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(slots_.size()));
        slots_.emplace_back();
    }
    std::uint32_t const index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    auto cancellation = net::get_associated_cancellation_slot(waiting);
    slot.waiting.emplace(std::move(waiting));
    if (due) slot.event = wheel_.arm(*due, index | mark);
    if (cancellation.is_connected())
        cancellation.assign([this, index, use = slot.use](net::cancellation_type) { cancel(index, use); });
}

std::optional<Suspended<bool>> Waiters::take(std::uint32_t index) {
    Slot& slot = slots_[index];
    auto waiting = std::exchange(slot.waiting, std::nullopt);
    slot.event = TimingWheel::no_event;
    ++slot.use;
    free_.push_back(index);
    return waiting;
}

void Waiters::resume(TimingWheel::Payload payload) {
    auto waiting = take(payload & ~mark);
    std::move (*waiting)(true);
}

void Waiters::cancel(std::uint32_t index, std::uint32_t use) {
    if (slots_[index].use != use) return;
    if (auto const event = slots_[index].event; event != TimingWheel::no_event) wheel_.cancel(event);
    // Posted: the canceller may be in the middle of cancelling a whole group.
    net::post(io_, [waiting = *take(index)]() mutable { std::move(waiting)(false); });
}

void Waiters::resume_all() {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        if (!slots_[i].waiting) continue;
        if (slots_[i].event != TimingWheel::no_event) wheel_.cancel(slots_[i].event);
        auto waiting = take(i);
        std::move (*waiting)(false);
    }
}

void Waiters::destroy_all() {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].waiting) take(i).reset();
    }
}

} // namespace almd
