// The wheel's lists: placing, cascading, cancelling.
#include "simulator/kernel/timing_wheel.hpp"

#include <algorithm>

namespace almd {

namespace {

/// By an eighth: doubling would let an event cost twice its bytes.
template <class T>
void make_room(std::vector<T>& in) {
    if (in.size() == in.capacity()) in.reserve(in.size() + std::max<std::size_t>(in.size() / 8, 64));
}

} // namespace

TimingWheel::TimingWheel(std::size_t expected_events) {
    events_.reserve(expected_events);
}

TimingWheel::Handle TimingWheel::arm(Tick due, Payload payload) {
    due = std::max(due, now_);
    Index const index = take_event();
    events_[index] = Event{static_cast<std::uint32_t>(due) & ~cancelled_bit, payload};
    place(index, due);
    ++size_;
    return index;
}

void TimingWheel::cancel(Handle handle) {
    assert(handle < events_.size() && !is_cancelled(handle));
    events_[handle].due |= cancelled_bit;
    --size_;
    ++cancelled_;
    if (cancelled_ > 1024 && cancelled_ > size_ / 4) sweep();
}

std::optional<TimingWheel::Tick> TimingWheel::next_due() const {
    if (auto const slot = near_.used.next(now_ % near_slots); slot < near_slots)
        return (now_ & ~Tick{near_slots - 1}) | slot;
    if (auto const slot = mid_.used.next((now_ >> near_bits) % mid_slots + 1); slot < mid_slots)
        return (now_ >> top_shift << top_shift) | Tick{slot} << near_bits;
    Tick const present = now_ >> top_shift;
    auto slot = top_.used.next(present % top_slots + 1);
    if (slot == top_slots) slot = top_.used.next(0); // the top level is a ring
    if (slot < top_slots) return (present + (slot - present) % top_slots) << top_shift;
    if (!distant_.empty()) return distant_first_;
    return std::nullopt;
}

std::size_t TimingWheel::bytes() const {
    return sizeof *this + (near_slots + mid_slots + top_slots) * sizeof(List) + events_.capacity() * sizeof(Event) +
           chunks_.capacity() * sizeof(Chunk) + distant_.capacity() * sizeof(Distant);
}

TimingWheel::Index TimingWheel::take_event() {
    if (free_event_ != none) return std::exchange(free_event_, events_[free_event_].payload);
    assert(events_.size() < none);
    make_room(events_);
    events_.emplace_back();
    return static_cast<Index>(events_.size() - 1);
}

void TimingWheel::free_event(Index event) {
    events_[event].payload = std::exchange(free_event_, event);
}

TimingWheel::Index TimingWheel::take_chunk() {
    if (free_chunk_ != none) {
        Index const chunk = std::exchange(free_chunk_, chunks_[free_chunk_].next);
        chunks_[chunk].next = none;
        chunks_[chunk].begin = chunks_[chunk].end = 0;
        return chunk;
    }
    make_room(chunks_);
    chunks_.emplace_back();
    return static_cast<Index>(chunks_.size() - 1);
}

void TimingWheel::free_chunk(Index chunk) {
    chunks_[chunk].next = std::exchange(free_chunk_, chunk);
}

void TimingWheel::place(Index event, Tick due) {
    if (due >> near_bits == now_ >> near_bits) {
        append(near_, due % near_slots, event);
    } else if (due >> top_shift == now_ >> top_shift) {
        append(mid_, (due >> near_bits) % mid_slots, event);
    } else if ((due >> top_shift) - (now_ >> top_shift) < top_slots) {
        append(top_, (due >> top_shift) % top_slots, event);
    } else {
        distant_first_ = distant_.empty() ? due : std::min(distant_first_, due);
        distant_.push_back({due, event});
    }
}

template <std::size_t Slots>
void TimingWheel::append(Level<Slots>& level, std::size_t slot, Index event) {
    List& list = level.lists[slot];
    if (list.tail == none) {
        list.head = list.tail = take_chunk();
        level.used.insert(slot);
    } else if (chunks_[list.tail].end == chunks_[list.tail].events.size()) {
        Index const added = take_chunk();
        list.tail = chunks_[list.tail].next = added;
    }
    Chunk& chunk = chunks_[list.tail];
    chunk.events[chunk.end++] = event;
}

template <std::size_t Slots, class Each>
void TimingWheel::drain(Level<Slots>& level, std::size_t slot, Each each) {
    Index at = std::exchange(level.lists[slot], List{}).head;
    if (at == none) return;
    level.used.erase(slot);
    fetch_ahead(chunks_[at]);
    while (at != none) {
        Chunk const chunk = chunks_[at]; // a copy: `each` may take new chunks, this one first
        free_chunk(at);
        at = chunk.next;
        if (at != none) {
            fetch_ahead(chunks_[at]);
            if (Index const after = chunks_[at].next; after != none) __builtin_prefetch(&chunks_[after]);
        }
        for (std::size_t i = chunk.begin; i < chunk.end; ++i) each(chunk.events[i]);
    }
}

/// The wheel has reached this slot: its events go to the levels below, in order.
template <std::size_t Slots>
void TimingWheel::cascade(Level<Slots>& level, std::size_t slot) {
    drain(level, slot, [this](Index event) {
        if (is_cancelled(event)) {
            free_event(event);
            --cancelled_;
        } else {
            place(event, full_due(event));
        }
    });
}

/// The next event of the present tick; an emptied list is clean before anyone sees it.
TimingWheel::Index TimingWheel::take_due(List& list) {
    Chunk& chunk = chunks_[list.head];
    Index const event = chunk.events[chunk.begin++];
    if (chunk.begin < chunk.end) return event;
    Index const spent = list.head, next = chunk.next;
    free_chunk(spent);
    list.head = next;
    if (next == none) {
        list.tail = none;
        near_.used.erase(now_ % near_slots);
    }
    return event;
}

void TimingWheel::fetch_distant() {
    auto const within_reach = [this](Tick due) { return (due >> top_shift) - (now_ >> top_shift) < top_slots; };
    if (distant_.empty() || !within_reach(distant_first_)) return;
    Tick first = std::numeric_limits<Tick>::max();
    std::erase_if(distant_, [&](Distant const& one) {
        if (is_cancelled(one.event)) {
            free_event(one.event);
            --cancelled_;
            return true;
        }
        if (within_reach(one.due)) {
            place(one.event, one.due);
            return true;
        }
        first = std::min(first, one.due);
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
        cascade(top_, (now >> top_shift) % top_slots);
    }
    cascade(mid_, (now >> near_bits) % mid_slots);
}

template <std::size_t Slots>
void TimingWheel::sweep(Level<Slots>& level) {
    for (std::size_t slot = level.used.next(0); slot < Slots; slot = level.used.next(slot + 1)) {
        drain(level, slot, [&](Index event) {
            if (is_cancelled(event)) {
                free_event(event);
            } else {
                append(level, slot, event);
            }
        });
    }
}

void TimingWheel::sweep() {
    sweep(near_);
    sweep(mid_);
    sweep(top_);
    std::erase_if(distant_, [this](Distant const& one) {
        bool const gone = is_cancelled(one.event);
        if (gone) free_event(one.event);
        return gone;
    });
    cancelled_ = 0;
}

} // namespace almd
