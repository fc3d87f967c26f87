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

/// Events are {due tick, payload}, 12 bytes each. Ticks are milliseconds since the wheel's start. An event more than
/// 49 days away waits in a side list (16 bytes more) until the wheel reaches it, so any deadline works.
/// Events of one tick fire in the order they were armed. Not thread safe: one shard, one wheel.
///
/// Three levels: 4,096 slots of 1 ms, 1,024 of 4 s, 1,024 of 70 min. The two lower ones hold only what shares their
/// parent's present slot, so that an event armed late can never overtake one of the same tick that was armed early
/// (levels by distance, as in Linux, would allow that). A slot is a singly linked list through one vector of nodes.
/// Cancelling marks the node and sweeps when a quarter of all nodes are marked: O(1) on average, and 4 bytes an event
/// less than a second link.
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
    static constexpr Index end_of_list = 0x7fffffff; // also the limit of events
    static constexpr Index cancelled_bit = 0x80000000;
    static constexpr unsigned near_bits = 12, upper_bits = 10, top_shift = near_bits + upper_bits;
    static constexpr std::size_t near_slots = std::size_t{1} << near_bits, upper_slots = std::size_t{1} << upper_bits;

    struct Node {
        std::uint32_t due; // the low half; the high half follows from now_, as every due lies within 2^32 of it
        Payload payload;
        Index next; // and the mark of a cancelled event in the highest bit
    };
    struct List {
        Index head = end_of_list, tail = end_of_list;
    };
    template <std::size_t Slots>
    struct Level {
        std::vector<List> lists = std::vector<List>(Slots);
        SlotSet<Slots> used;
    };
    struct Distant {
        Tick due;
        Index index;
    };

    Index take_node();
    void free_node(Index index);
    void place(Index index, Tick due);
    template <std::size_t Slots>
    void append(Level<Slots>& level, std::size_t slot, Index index);
    template <std::size_t Slots>
    void cascade(Level<Slots>& level, std::size_t slot);
    template <std::size_t Slots>
    void sweep(Level<Slots>& level);
    void sweep();
    void fetch_distant();
    void move_to(Tick now);
    Tick full_due(Node const& node) const {
        return now_ + static_cast<std::uint32_t>(node.due - static_cast<std::uint32_t>(now_));
    }

    Level<near_slots> near_;
    Level<upper_slots> mid_, top_;
    std::vector<Distant> distant_; // in order of arming
    Tick distant_first_ = 0;       // not later than the earliest of distant_

    std::vector<Node> nodes_;
    Index free_ = end_of_list;
    std::size_t size_ = 0, cancelled_ = 0;
    Tick now_ = 0;
};

template <class Fire>
std::size_t TimingWheel::advance(Tick now, Fire&& fire, std::size_t most) {
    if (now < now_) return 0;
    std::size_t fired = 0;
    for (;;) {
        std::size_t const slot = now_ % near_slots;
        List& list = near_.lists[slot];
        while (list.head != end_of_list) {
            if (fired == most) return fired;
            Index const index = list.head;
            Node const node = nodes_[index];
            list.head = node.next & ~cancelled_bit;
            if (list.head == end_of_list) {
                list.tail = end_of_list;
                near_.used.erase(slot);
            } else {
                __builtin_prefetch(&nodes_[list.head]);
            }
            free_node(index);
            if (node.next & cancelled_bit) {
                --cancelled_;
                continue;
            }
            --size_;
            ++fired;
            fire(node.payload, now_);
        }
        auto const next = next_due();
        if (!next || *next > now) break;
        move_to(*next);
    }
    move_to(now);
    return fired;
}

} // namespace almd
