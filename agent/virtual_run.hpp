// A whole run in one process and in virtual time: agent and stand-in over values instead of sockets. `almd simulate`,
// scenario tests and benchmarks are this.
#pragma once

#include "agent/jobs/agent.hpp"
#include "simulator/cloud/cloud.hpp"

#include <functional>
#include <memory>

namespace almd {

class VirtualRun {
public:
    /// Puts something between agent and cloud: a contract check, a recorder.
    using Between = std::function<std::unique_ptr<HttpClient>(HttpService& dialogue)>;

    /// `settings` must outlive it. born: when the simulated world begins.
    explicit VirtualRun(Settings const& settings, Between between = {});
    ~VirtualRun();

    /// Opens the destinations and asks every set-up to register, now.
    Result<void> start();

    Shard& shard() { return shard_; }
    Cloud& cloud() { return cloud_; }
    Agent& agent() { return agent_; }

private:
    OpenLine lines();
    Async<void> register_everything();

    Settings const& settings_;
    Between between_;
    Shard shard_;
    Cloud cloud_;
    Agent agent_;
};

} // namespace almd
