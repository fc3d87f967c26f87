// One number for a whole run: equal seeds give equal digests, over any number of shards.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>

namespace almd {

/// A commutative sum of mixed events. Give what orders one identity's events (a job count, a sequence) in `detail`.
class EventDigest {
public:
    void add(TimePoint at, std::uint64_t identity, std::uint64_t kind, std::uint64_t detail) {
        sum_ += mix(mix(mix(static_cast<std::uint64_t>(at.time_since_epoch().count()), identity), kind), detail);
        ++events_;
    }
    void merge(EventDigest const& other) {
        sum_ += other.sum_;
        events_ += other.events_;
    }
    std::uint64_t value() const { return sum_; }
    std::uint64_t events() const { return events_; }

private:
    std::uint64_t sum_ = 0, events_ = 0;
};

} // namespace almd
