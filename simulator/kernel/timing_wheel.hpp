// A hierarchical timing wheel: sleeping systems cost bytes, not coroutines.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace almd {

/// A set of slot numbers that finds its next member in a few instructions.
template <std::size_t Slots>
class SlotSet {
    static_assert(Slots % 64 == 0 && Slots / 64 <= 64);

public:
    void insert(std::size_t slot) {
        words_[slot / 64] |= bit(slot % 64);
        summary_ |= bit(slot / 64);
    }
    void erase(std::size_t slot) {
        words_[slot / 64] &= ~bit(slot % 64);
        if (words_[slot / 64] == 0) summary_ &= ~bit(slot / 64);
    }
    /// The first member that is >= from, or Slots.
    std::size_t next(std::size_t from) const {
        if (from >= Slots) return Slots;
        std::size_t word = from / 64;
        std::uint64_t rest = words_[word] & (~std::uint64_t{0} << (from % 64));
        if (rest == 0) {
            std::uint64_t const later = word == 63 ? 0 : summary_ & (~std::uint64_t{0} << (word + 1));
            if (later == 0) return Slots;
            word = static_cast<std::size_t>(std::countr_zero(later));
            rest = words_[word];
        }
        return word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
    }

private:
    static constexpr std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << i; }
    std::array<std::uint64_t, Slots / 64> words_{};
    std::uint64_t summary_ = 0;
};

/// Events are {due tick, payload}: 8 bytes each, and 4.6 for their place in a list. Ticks are milliseconds since the
/// wheel's start. An event more than 24 days away waits in a side list (16 bytes) until the wheel comes within
/// reach, so any deadline works. Events of one tick fire in the order they were armed. Not thread safe: one shard, one
/// wheel.
///
/// Three levels: 4,096 slots of 1 ms, 1,024 of 4 s, 512 of 70 min. The two lower ones hold only what shares their
/// parent's present slot, so that an event armed late can never overtake one of the same tick that was armed early
/// (levels by distance, as in Linux, would allow that). A slot is a list of chunks of event numbers, because the next
/// events can then be fetched ahead: links through the events themselves were three times slower at a million.
/// Cancelling marks the event, and a sweep follows when marks are a quarter of what is alive: O(1) on average.
class TimingWheel {
public:
    using Tick = std::uint64_t;    ///< milliseconds since start; only the low half is stored per event
    using Payload = std::uint32_t; ///< the owner's meaning: a slot number
    using Handle = std::uint32_t;  ///< valid until the event fired or was cancelled
    static constexpr Handle no_event = 0xffffffff;

    explicit TimingWheel(std::size_t expected_events = 0);

    /// A tick in the past counts as now: it fires at the next advance, or still in the present one.
    Handle arm(Tick due, Payload payload);
    /// The handle must be live.
    void cancel(Handle handle);

    /// Earliest due tick, or none. Never later than the truth; exact once it lies in the lowest level and nothing was
    /// cancelled before it. Advancing to it brings the truth nearer even when nothing fires.
    std::optional<Tick> next_due() const;

    /// Moves to `now` and calls fire(payload, due) for every event due until then, in order of (due, armed). `fire` may
    /// arm and cancel, and see now() == due. Returns how many fired. After `most` events it stops early, at the tick of
    /// the last one: call again. An exception from `fire` leaves the wheel whole, without the event that threw.
    template <class Fire>
    std::size_t advance(Tick now, Fire&& fire, std::size_t most = std::numeric_limits<std::size_t>::max());

    Tick now() const { return now_; }
    std::size_t size() const { return size_; }
    std::size_t bytes() const;

private:
    using Index = std::uint32_t;
    static constexpr Index none = 0x7fffffff; // also the limit of events
    static constexpr std::uint32_t cancelled_bit = 0x80000000;
    static constexpr unsigned near_bits = 12, mid_bits = 10, top_bits = 9, top_shift = near_bits + mid_bits;
    static constexpr std::size_t near_slots = 1 << near_bits, mid_slots = 1 << mid_bits, top_slots = 1 << top_bits;
    static_assert(top_shift + top_bits == 31);

    struct Event {
        std::uint32_t due; // the low 31 bits (the rest follows from now_) and the mark of a cancelled event
        Payload payload;   // of a free one: the next free one
    };
    struct alignas(64) Chunk { // one cache line
        Index next = none;
        std::uint16_t begin = 0, end = 0;
        std::array<Index, 14> events;
    };
    struct List {
        Index head = none, tail = none; // chunks
    };
    template <std::size_t Slots>
    struct Level {
        std::vector<List> lists = std::vector<List>(Slots);
        SlotSet<Slots> used;
    };
    struct Distant {
        Tick due;
        Index event;
    };

    Index take_event();
    void free_event(Index event);
    Index take_chunk();
    void free_chunk(Index chunk);

    void place(Index event, Tick due);
    template <std::size_t Slots>
    void append(Level<Slots>& level, std::size_t slot, Index event);
    /// Empties a slot: each(event) in order.
    template <std::size_t Slots, class Each>
    void drain(Level<Slots>& level, std::size_t slot, Each each);
    template <std::size_t Slots>
    void cascade(Level<Slots>& level, std::size_t slot);
    template <std::size_t Slots>
    void sweep(Level<Slots>& level);
    void sweep();
    void fetch_distant();
    void move_to(Tick now);
    Index take_due(List& list);

    bool is_cancelled(Index event) const { return events_[event].due & cancelled_bit; }
    Tick full_due(Index event) const {
        return now_ + ((events_[event].due - static_cast<std::uint32_t>(now_)) & ~cancelled_bit);
    }
    void fetch_ahead(Chunk const& chunk) const {
        for (std::size_t i = chunk.begin; i < chunk.end; ++i) __builtin_prefetch(&events_[chunk.events[i]]);
    }

    Level<near_slots> near_;
    Level<mid_slots> mid_;
    Level<top_slots> top_;
    std::vector<Distant> distant_; // in order of arming
    Tick distant_first_ = 0;       // not later than the earliest of distant_

    std::vector<Event> events_;
    std::vector<Chunk> chunks_;
    Index free_event_ = none, free_chunk_ = none;
    std::size_t size_ = 0, cancelled_ = 0;
    Tick now_ = 0;
};

template <class Fire>
std::size_t TimingWheel::advance(Tick now, Fire&& fire, std::size_t most) {
    if (now < now_) return 0;
    std::size_t fired = 0;
    for (;;) {
        // `fire` may add to this very list.
        for (List& list = near_.lists[now_ % near_slots]; list.head != none;) {
            if (fired == most) return fired;
            Index const index = take_due(list);
            Event const event = events_[index];
            free_event(index);
            if (event.due & cancelled_bit) {
                --cancelled_;
                continue;
            }
            --size_;
            ++fired;
            fire(event.payload, now_);
        }
        auto const next = next_due();
        if (!next || *next > now) break;
        move_to(*next);
    }
    move_to(now);
    return fired;
}

} // namespace almd
