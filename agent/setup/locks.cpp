// SM12: the enqueue entries of tasks that run.
#include "agent/setup/locks.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

std::string lock_argument(Client client, std::string_view destination, TaskKind task) {
    return fmt::format("{}{} {}", client.text(), destination, facts(task).name);
}

void TaskLocks::take(std::uint32_t setup, TaskKind task, std::string owner, TimePoint now) {
    held_[{setup, task}] = {now, std::move(owner)};
}

std::vector<EnqueueLock> TaskLocks::listed(Entries::const_iterator from, Entries::const_iterator to, TimePoint now) {
    std::vector<EnqueueLock> locks;
    for (; from != to; ++from) {
        auto const& [key, held] = *from;
        locks.push_back({key.first, key.second, held.since, held.owner, now - held.since > stale_lock_age});
    }
    return locks;
}

std::vector<EnqueueLock> TaskLocks::of(std::uint32_t setup, TimePoint now) const {
    return listed(held_.lower_bound({setup, TaskKind{}}), held_.lower_bound({setup + 1, TaskKind{}}), now);
}

std::vector<EnqueueLock> TaskLocks::all(TimePoint now) const {
    return listed(held_.begin(), held_.end(), now);
}

Text lock_finding(std::span<EnqueueLock const> locks) {
    if (locks.empty()) return Text::locks_none;
    return std::ranges::any_of(locks, &EnqueueLock::stale) ? Text::lock_stale : Text::lock_found;
}

} // namespace almd
