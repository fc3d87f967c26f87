// What every job and every set-up action of a shard works with.
#pragma once

#include "agent/cloud/outbox.hpp"
#include "agent/setup/destinations.hpp"
#include "agent/setup/locks.hpp"
#include "agent/setup/setup_table.hpp"
#include "agent/setup/task_refusals.hpp"
#include "agent/setup/world.hpp"
#include "simulator/abap/application_log.hpp"
#include "simulator/abap/background_processing.hpp"
#include "simulator/abap/texts.hpp"
#include "simulator/kernel/event_digest.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace almd {

class AlmSetup;
class WorkMemory;

/// What the whole shard did; the story, reports and `ctl fleet` read it.
struct AgentCounters {
    std::uint64_t registered = 0, unregistered = 0, refused = 0, heartbeats = 0, scheduler_runs = 0, task_runs = 0,
                  discoveries = 0, diagnostics = 0, landscape_pushes = 0, transport_pushes = 0, transports_sent = 0,
                  polls = 0, imports = 0, requests_imported = 0, work_reported = 0, work_rejected = 0,
                  work_repeated = 0, send_errors = 0;
    void merge(AgentCounters const& other);
};

/// Every counter with its JSON name, so that reports and merges cannot forget one.
struct AgentCounter {
    std::string_view name;
    std::uint64_t AgentCounters::* member;
};
std::span<AgentCounter const> agent_counters();

/// References only: all of it is owned by the Agent, for the whole run.
struct AgentParts {
    Shard& shard;
    World& world;
    SetupTable& setups;
    Destinations& destinations;
    ApplicationLog& log;
    BackgroundProcessing& background;
    TaskLocks& locks;
    TaskRefusals& refusals;
    HeartbeatOutbox& outbox;
    WorkMemory& work;
    AlmSetup& alm_setup;
    AgentCounters& counters;
    EventDigest& digest;
    std::uint64_t nonce; ///< drawn once per process start; part of every idempotency key

    TimePoint now() const { return shard.clock().now(); }
    CloudCalls& calls(SetupIndex setup) { return destinations[setups[setup].destination].line->calls; }
    Caller caller(SetupIndex setup) const { return Caller{setup, setups[setup].lms_id}; }
    std::string const& destination_name(SetupIndex setup) const { return destinations[setups[setup].destination].name; }
    /// A new call's key; its repeats keep it.
    Uuid next_key(SetupIndex setup, Operation operation) {
        return call_key(nonce, setup, operation, ++setups[setup].calls);
    }
    std::uint32_t seconds(TimePoint at) const {
        return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(at - world.born()).count());
    }
    TimePoint time_of(std::uint32_t seconds_since_birth) const {
        return world.born() + std::chrono::seconds{seconds_since_birth};
    }
    /// Something that happened, for the digest of the run.
    void note(SetupIndex setup, Operation what, std::uint64_t detail) {
        digest.add(now(), setup, static_cast<std::uint64_t>(what), detail);
    }
    /// One line of SLG1, object /SDF/CALM, subobject BUILD_CDM.
    /// Answers the log that it stands in: who writes several messages in one run passes it on.
    LogNumber slg1(SetupIndex setup, ExternalId id, char type, std::string text, LogNumber log = 0);
};

} // namespace almd
