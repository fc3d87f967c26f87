// SM12: the enqueue entries of tasks that run.
#pragma once

#include "agent/setup/agent_parts.hpp"

#include <vector>

namespace almd {

inline constexpr std::string_view lock_table = "/SDF/CALM_SCHED";
/// From here on a lock counts as left over (V).
inline constexpr std::chrono::minutes stale_lock_age{10};

struct EnqueueLock {
    SetupIndex setup = 0;
    TaskKind task{};
    TimePoint since{};
    bool stale = false;
};

/// Of the tasks of one set-up.
std::vector<EnqueueLock> locks_of(AgentParts& parts, SetupIndex setup);
/// What /SDF/ALM_DIAGNOSTIC says about them: a text without placeholders.
Text lock_finding(std::span<EnqueueLock const> locks);

} // namespace almd
