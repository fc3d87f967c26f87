// The outbox of heartbeats.
#include "agent/cloud/outbox.hpp"

#include <cassert>
#include <limits>

namespace almd {

bool HeartbeatOutbox::add(std::uint32_t registration, UnsentHeartbeat beat) {
    auto [it, fresh] = entries_.try_emplace(registration, Entry{beat.sequence, beat.timestamp, {}});
    auto& entry = it->second;
    auto const delta = (beat.timestamp - entry.first).count();
    bool const fits = delta >= 0 && delta <= std::numeric_limits<std::uint32_t>::max();
    if (entry.deltas.size() >= max_ || !fits) {
        if (fresh) entries_.erase(it);
        ++overflowed_;
        return false;
    }
    assert(beat.sequence == entry.first_sequence + entry.deltas.size());
    entry.deltas.push_back(static_cast<std::uint32_t>(delta));
    ++waiting_;
    return true;
}

std::optional<UnsentHeartbeat> HeartbeatOutbox::oldest(std::uint32_t registration) const {
    auto const it = entries_.find(registration);
    if (it == entries_.end()) return std::nullopt;
    auto const& entry = it->second;
    return UnsentHeartbeat{entry.first_sequence, entry.first};
}

void HeartbeatOutbox::sent(std::uint32_t registration, std::uint32_t sequence) {
    auto const it = entries_.find(registration);
    if (it == entries_.end() || it->second.first_sequence != sequence) return;
    auto& entry = it->second;
    --waiting_;
    ++entry.first_sequence;
    entry.deltas.erase(entry.deltas.begin()); // at most a few hundred of 4 bytes
    if (entry.deltas.empty()) {
        entries_.erase(it);
        return;
    }
    auto const step = entry.deltas.front();
    for (auto& delta : entry.deltas) delta -= step;
    entry.first += Duration{step};
}

void HeartbeatOutbox::forget(std::uint32_t registration) {
    auto const it = entries_.find(registration);
    if (it == entries_.end()) return;
    waiting_ -= it->second.deltas.size();
    entries_.erase(it);
}

bool HeartbeatOutbox::begin_flight(std::uint32_t registration) {
    if (registration >= in_flight_.size()) in_flight_.resize(std::size_t{registration} + 1);
    if (in_flight_[registration]) return false;
    in_flight_[registration] = true;
    return true;
}

void HeartbeatOutbox::end_flight(std::uint32_t registration) {
    assert(registration < in_flight_.size() && in_flight_[registration]);
    in_flight_[registration] = false;
}

std::size_t HeartbeatOutbox::waiting(std::uint32_t registration) const {
    auto const it = entries_.find(registration);
    return it == entries_.end() ? 0 : it->second.deltas.size();
}

std::size_t HeartbeatOutbox::bytes() const {
    std::size_t sum = in_flight_.capacity() / 8 + entries_.bucket_count() * sizeof(void*);
    for (auto const& [registration, entry] : entries_)
        sum += sizeof(void*) + sizeof(std::pair<std::uint32_t const, Entry>) +
               entry.deltas.capacity() * sizeof(std::uint32_t);
    return sum;
}

} // namespace almd
