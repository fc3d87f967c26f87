// SM12: the enqueue entries of tasks that run.
#include "agent/setup/locks.hpp"

#include <algorithm>

namespace almd {

std::vector<EnqueueLock> locks_of(AgentParts& parts, SetupIndex setup) {
    std::vector<EnqueueLock> locks;
    for (auto const& task : task_catalogue) {
        auto const& state = parts.setups[setup].tasks[static_cast<std::size_t>(task.kind)];
        if (!state.running) continue;
        auto const since = parts.time_of(state.last_start);
        locks.push_back({setup, task.kind, since, parts.now() - since > stale_lock_age});
    }
    return locks;
}

Text lock_finding(std::span<EnqueueLock const> locks) {
    if (locks.empty()) return Text::locks_none;
    return std::ranges::any_of(locks, &EnqueueLock::stale) ? Text::lock_stale : Text::lock_found;
}

} // namespace almd
