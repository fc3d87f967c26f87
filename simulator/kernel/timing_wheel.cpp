// The wheel's lists: placing, cascading, cancelling.
#include "simulator/kernel/timing_wheel.hpp"

#include <algorithm>

namespace almd {

TimingWheel::TimingWheel(std::size_t expected_events) {
    nodes_.reserve(expected_events);
}

TimingWheel::Handle TimingWheel::arm(Tick due, Payload payload) {
    due = std::max(due, now_);
    Index const index = take_node();
    nodes_[index] = Node{static_cast<std::uint32_t>(due), payload, end_of_list};
    place(index, due);
    ++size_;
    return index;
}

void TimingWheel::cancel(Handle handle) {
    assert(handle < nodes_.size() && !(nodes_[handle].next & cancelled_bit));
    nodes_[handle].next |= cancelled_bit;
    --size_;
    ++cancelled_;
    if (cancelled_ > 1024 && cancelled_ > size_ / 4) sweep();
}

std::optional<TimingWheel::Tick> TimingWheel::next_due() const {
    if (auto const slot = near_.used.next(now_ % near_slots); slot < near_slots)
        return (now_ & ~Tick{near_slots - 1}) | slot;
    if (auto const slot = mid_.used.next((now_ >> near_bits) % upper_slots + 1); slot < upper_slots)
        return (now_ >> top_shift << top_shift) | Tick{slot} << near_bits;
    Tick const present = now_ >> top_shift;
    auto const after = present % upper_slots + 1;
    if (auto slot = top_.used.next(after); slot < upper_slots || (slot = top_.used.next(0)) < upper_slots) {
        auto const distance = (slot + upper_slots - present % upper_slots) % upper_slots;
        return (present + distance) << top_shift;
    }
    if (!distant_.empty()) return distant_first_;
    return std::nullopt;
}

std::size_t TimingWheel::bytes() const {
    return sizeof *this + nodes_.capacity() * sizeof(Node) + (near_slots + 2 * upper_slots) * sizeof(List) +
           distant_.capacity() * sizeof(Distant);
}

TimingWheel::Index TimingWheel::take_node() {
    if (free_ != end_of_list) {
        Index const index = free_;
        free_ = nodes_[index].next;
        return index;
    }
    assert(nodes_.size() < end_of_list);
    // Grown by a quarter: doubling would let a million events cost 24 bytes each.
    if (nodes_.size() == nodes_.capacity())
        nodes_.reserve(nodes_.size() + std::max<std::size_t>(nodes_.size() / 4, 64));
    nodes_.emplace_back();
    return static_cast<Index>(nodes_.size() - 1);
}

void TimingWheel::free_node(Index index) {
    nodes_[index].next = free_;
    free_ = index;
}

void TimingWheel::place(Index index, Tick due) {
    if (due >> near_bits == now_ >> near_bits) {
        append(near_, due % near_slots, index);
    } else if (due >> top_shift == now_ >> top_shift) {
        append(mid_, (due >> near_bits) % upper_slots, index);
    } else if ((due >> top_shift) - (now_ >> top_shift) < upper_slots) {
        append(top_, (due >> top_shift) % upper_slots, index);
    } else {
        distant_first_ = distant_.empty() ? due : std::min(distant_first_, due);
        distant_.push_back({due, index});
    }
}

template <std::size_t Slots>
void TimingWheel::append(Level<Slots>& level, std::size_t slot, Index index) {
    List& list = level.lists[slot];
    if (list.tail == end_of_list) {
        list.head = index;
        level.used.insert(slot);
    } else {
        Index& link = nodes_[list.tail].next;
        link = (link & cancelled_bit) | index;
    }
    list.tail = index;
}

/// Empties a slot that the wheel has reached into the levels below, in order.
template <std::size_t Slots>
void TimingWheel::cascade(Level<Slots>& level, std::size_t slot) {
    Index index = std::exchange(level.lists[slot], List{}).head;
    if (index == end_of_list) return;
    level.used.erase(slot);
    while (index != end_of_list) {
        Node& node = nodes_[index];
        Index const link = std::exchange(node.next, end_of_list), next = link & ~cancelled_bit;
        if (next != end_of_list) __builtin_prefetch(&nodes_[next]);
        if (link & cancelled_bit) {
            free_node(index);
            --cancelled_;
        } else {
            place(index, full_due(node));
        }
        index = next;
    }
}

void TimingWheel::fetch_distant() {
    auto const within_reach = [this](Tick due) { return (due >> top_shift) - (now_ >> top_shift) < upper_slots; };
    if (distant_.empty() || !within_reach(distant_first_)) return;
    Tick first = std::numeric_limits<Tick>::max();
    std::erase_if(distant_, [&](Distant const& event) {
        if (nodes_[event.index].next & cancelled_bit) {
            free_node(event.index);
            --cancelled_;
            return true;
        }
        if (within_reach(event.due)) {
            place(event.index, event.due);
            return true;
        }
        first = std::min(first, event.due);
        return false;
    });
    distant_first_ = first;
}

/// `now` is not behind any event.
void TimingWheel::move_to(Tick now) {
    Tick const crossed = std::exchange(now_, now) ^ now;
    if (crossed >> near_bits == 0) return;
    if (crossed >> top_shift != 0) {
        fetch_distant();
        cascade(top_, (now >> top_shift) % upper_slots);
    }
    cascade(mid_, (now >> near_bits) % upper_slots);
}

template <std::size_t Slots>
void TimingWheel::sweep(Level<Slots>& level) {
    for (std::size_t slot = level.used.next(0); slot < Slots; slot = level.used.next(slot + 1)) {
        Index index = std::exchange(level.lists[slot], List{}).head;
        level.used.erase(slot);
        while (index != end_of_list) {
            Index const link = std::exchange(nodes_[index].next, end_of_list);
            if (link & cancelled_bit) {
                free_node(index);
            } else {
                append(level, slot, index);
            }
            index = link & ~cancelled_bit;
        }
    }
}

void TimingWheel::sweep() {
    sweep(near_);
    sweep(mid_);
    sweep(top_);
    std::erase_if(distant_, [this](Distant const& event) {
        bool const gone = nodes_[event.index].next & cancelled_bit;
        if (gone) free_node(event.index);
        return gone;
    });
    cancelled_ = 0;
}

} // namespace almd
