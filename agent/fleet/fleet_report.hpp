// What a fleet did: taken from its shards, merged exactly, printed and written.
#pragma once

#include "agent/jobs/agent.hpp"
#include "simulator/kernel/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace almd {

/// One shard at one moment.
struct ShardSnapshot {
    AgentCounters agent;
    BackgroundProcessing::Counters jobs;
    ConnectionCounters calls;
    Histogram lateness; ///< microseconds of real time
    EventDigest digest;
    std::size_t registrations = 0, bytes = 0, heartbeats_waiting = 0;
    std::chrono::nanoseconds cpu{0}; ///< of the shard's thread
    void merge(ShardSnapshot const& other);
};
/// On the shard's thread.
ShardSnapshot snapshot(Agent& agent, Shard& shard);

struct FleetReport {
    ShardSnapshot total;
    std::size_t rss_before = 0, rss_idle = 0, rss_end = 0; ///< of the process: without fleet, fleet built, at the end
    std::size_t duplicate_lms_ids = 0;
    std::chrono::nanoseconds ramp{0}, measured{0}; ///< real time
    ShardSnapshot at_ramp_end;
    bool stand_in_in_process = false;

    std::uint64_t errors() const; ///< calls that did not end well: refused or given up
    std::string text() const;     ///< for people
    std::string json() const;     ///< for machines
};

/// Pushes: heartbeats, discoveries, diagnostics, landscapes and transports.
std::uint64_t pushes(AgentCounters const& counters);
/// "12.3 s: 45,000 registered, 61,234 beats ..."
std::string progress_line(ShardSnapshot const& now, std::size_t expected, std::chrono::nanoseconds since_start);

/// LMS IDs that more than one set-up has.
std::size_t duplicates_in(std::vector<LmsId>& ids);

} // namespace almd
