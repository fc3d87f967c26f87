// Heartbeats that could not be sent yet, in order; a registration that has none costs nothing here.
#pragma once

#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace almd {

struct UnsentHeartbeat {
    std::uint32_t sequence;
    TimePoint timestamp;
};

/// For all registrations of a shard; they are named by their index. What waits is consecutive, so an entry keeps its
/// first sequence number and 4 bytes per heartbeat.
class HeartbeatOutbox {
public:
    /// 288 is a day at 5 minutes.
    explicit HeartbeatOutbox(std::size_t per_registration_max = 288)
        : max_{per_registration_max} {}

    /// Appends. False: full; the beat is dropped and counted, and the caller must not use up its sequence number, so
    /// that what does arrive has no gap. `beat.sequence` must follow the one before.
    bool add(std::uint32_t registration, UnsentHeartbeat beat);
    std::optional<UnsentHeartbeat> oldest(std::uint32_t registration) const;
    /// The oldest one, with this sequence number, was taken by the cloud. Anything else is ignored.
    void sent(std::uint32_t registration, std::uint32_t sequence);
    /// Unregistered, or registered again: its sequence restarts at 1.
    void forget(std::uint32_t registration);

    /// One heartbeat of a registration is on the wire at a time. False: there is one already.
    bool begin_flight(std::uint32_t registration);
    void end_flight(std::uint32_t registration);

    std::size_t waiting(std::uint32_t registration) const;
    std::size_t waiting() const { return waiting_; }
    std::uint64_t overflowed() const { return overflowed_; }
    std::size_t bytes() const;

private:
    struct Entry {
        std::uint32_t first_sequence;
        TimePoint first;                   ///< timestamp of the oldest
        std::vector<std::uint32_t> deltas; ///< milliseconds after `first`; 49 days fit
    };
    std::size_t max_, waiting_ = 0;
    std::uint64_t overflowed_ = 0;
    std::unordered_map<std::uint32_t, Entry> entries_;
    std::vector<bool> in_flight_;
};

} // namespace almd
