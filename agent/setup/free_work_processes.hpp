// RDDIMPDP's question, asked of SM50.
#pragma once

#include "agent/setup/agent_parts.hpp"

namespace almd {

class FreeWorkProcesses final : public BatchProcesses {
public:
    /// landscape: number inside the shard.
    FreeWorkProcesses(AgentParts const& parts, std::uint32_t landscape)
        : parts_{parts}
        , landscape_{landscape} {}
    bool any_free(SystemId system) const override {
        auto const count = parts_.world.is_fleet() ? parts_.world.systems_per_landscape() : parts_.world.systems();
        auto const first = static_cast<SystemSlot>(landscape_ * count);
        for (SystemSlot slot = first; slot < first + count; ++slot)
            if (parts_.world.sid(slot) == system) return parts_.background.free_work_processes(slot) > 0;
        return true;
    }

private:
    AgentParts const& parts_;
    std::uint32_t landscape_;
};

} // namespace almd
