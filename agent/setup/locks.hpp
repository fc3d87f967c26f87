// SM12: the enqueue entries of tasks that run.
#pragma once

#include "agent/setup/task_state.hpp"
#include "proto/ids.hpp"
#include "simulator/abap/texts.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almd {

inline constexpr std::string_view lock_table = "/SDF/CALM_SCHED";
/// From here on a lock counts as left over (V).
inline constexpr std::chrono::minutes stale_lock_age{10};

struct EnqueueLock {
    std::uint32_t setup = 0; ///< whose task took it
    TaskKind task{};
    TimePoint since{};
    std::string owner; ///< the user that ran the task when it took the lock
    bool stale = false;
};

/// The key that is locked, client first. The key fields of the table are unknown (U): destination and task stand in.
std::string lock_argument(Client client, std::string_view destination, TaskKind task);

/// The locks of a shard: only tasks that run right now have one.
class TaskLocks {
public:
    void take(std::uint32_t setup, TaskKind task, std::string owner, TimePoint now);
    void give_back(std::uint32_t setup, TaskKind task) { held_.erase({setup, task}); }
    /// Of one set-up, or of all.
    std::vector<EnqueueLock> of(std::uint32_t setup, TimePoint now) const;
    std::vector<EnqueueLock> all(TimePoint now) const;

private:
    using Key = std::pair<std::uint32_t, TaskKind>;
    struct Held {
        TimePoint since;
        std::string owner;
    };
    using Entries = std::map<Key, Held>;
    static std::vector<EnqueueLock> listed(Entries::const_iterator from, Entries::const_iterator to, TimePoint now);
    Entries held_;
};

/// What /SDF/ALM_DIAGNOSTIC says about them: a text without placeholders.
Text lock_finding(std::span<EnqueueLock const> locks);

} // namespace almd
