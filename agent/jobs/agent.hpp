// The agent of one shard: its systems with everything that ST-PI does inside them. A table of contents.
#pragma once

#include "agent/jobs/job_runner.hpp"
#include "agent/jobs/living_landscapes.hpp"
#include "agent/setup/agent_parts.hpp"
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/work_memory.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace almd {

struct AgentLimits {
    std::size_t job_history_max = 100'000, log_history_max = 100'000;
};

class Agent {
public:
    /// `settings` and `shard` must outlive it. `nonce`: drawn once per process start (from the seed in virtual time).
    Agent(Shard& shard, Settings const& settings, WorldRange range, AgentLimits limits, OpenLine open,
          std::uint64_t nonce);

    /// A key for each destination of the settings, used through the proxy that it names; error: one is missing, or cannot
    /// be used.
    Result<void> open_destinations(std::vector<DestinationSpec> const& destinations,
                                   std::map<std::string, ServiceKey> const& keys);

    /// Registers every set-up of the template, evenly over `ramp` of simulated time, at most `at_once_max` at a time; a
    /// registration that fails is tried again until the shard stops. Returns when all of them have been tried once.
    Async<void> register_all(Duration ramp, std::size_t at_once_max = 1000);
    /// The last reason why a registration failed; empty: none did.
    std::string const& last_refusal() const { return last_refusal_; }
    bool last_refusal_is_final() const { return last_refusal_is_final_; }

    AgentParts& parts() { return parts_; }
    AlmSetup& alm_setup() { return alm_setup_; }
    LivingLandscapes& people() { return people_; }
    AgentCounters const& counters() const { return counters_; }
    /// Every job start, registration, heartbeat and import of the run: equal for equal seeds in virtual time.
    EventDigest digest() const;
    /// Memory of the agent's part: set-ups, job chains, kept landscapes, what waits to be sent.
    std::size_t bytes() const;

    /// Called once for each set-up that registers successfully.
    std::function<void(SetupIndex)> on_registered;

private:
    Async<void> keep_registering(SetupIndex setup);
    void register_again(SetupIndex setup);

    World world_;               // the simulated landscapes
    SetupTable setups_;         // who is set up where, and how far it got
    Destinations destinations_; // lines to the clouds
    ApplicationLog log_;        // SLG1
    TaskLocks locks_;           // SM12
    TaskRefusals refusals_;     // tasks that their user may not run
    HeartbeatOutbox outbox_;    // heartbeats that wait for a better network
    WorkMemory work_;           // what was done, so that it is not done twice
    AgentCounters counters_;
    EventDigest digest_;              // registrations, heartbeats, imports; background_ has that of the jobs
    JobRunner runner_;                // which program a job runs
    BackgroundProcessing background_; // SM37
    AlmSetup alm_setup_;              // the transaction
    AgentParts parts_;                // the handle that all of the above share
    LivingLandscapes people_;         // developers at work
    std::size_t registering_ = 0, tried_ = 0;
    std::string last_refusal_;
    bool last_refusal_is_final_ = false;
};

} // namespace almd
