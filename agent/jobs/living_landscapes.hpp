// People at work in the landscapes of a shard: one entry of the wheel for each landscape, no coroutine.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "simulator/tms/activity.hpp"

#include <cstdint>
#include <vector>

namespace almd {

/// Shares the shard's wheel with background processing: its payloads have the highest bit that a payload may have.
class LivingLandscapes : public TimerSink {
public:
    /// While the activity is off nothing is armed, and nothing stored for a landscape.
    LivingLandscapes(AgentParts& parts, ActivitySpec const& activity);

    /// Paused, nobody works and nothing is made up for later. Error conflict: the configuration has no activity.
    Result<void> set_active(bool active);
    bool active() const { return active_; }
    /// From now on. Errors: as set_active; invalid: a rate that is none, or none above 0.
    Result<void> set_rates(ActivityRates rates);
    ActivitySpec const& spec() const { return spec_; }
    /// Of all landscapes.
    ActivityCounters counters() const;
    /// When somebody does something next, in any landscape; none: nobody will.
    std::optional<TimePoint> next() const;
    std::size_t bytes() const;

    void due(std::uint32_t payload, TimePoint planned) override;

private:
    static constexpr std::uint32_t activity_bit = 0x40000000;
    struct Person {
        Activity activity;
        TimingWheel::Handle event = TimingWheel::no_event;
    };
    void arm(std::uint32_t landscape);
    Async<void> import_round(std::uint32_t landscape, TransportTarget target, std::vector<TrRequest> requests);
    Result<void> check_on() const;

    AgentParts& parts_;
    ActivitySpec spec_;
    std::vector<Person> people_; ///< by landscape; empty: off
    bool active_ = false;
};

} // namespace almd
