// Tasks that their background user may not run: when they ran last, and how often they were refused since.
#pragma once

#include "agent/setup/task_state.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace almd {

struct TaskRefusal {
    std::uint32_t last_run = TaskState::never; ///< last_start is the last try meanwhile
    std::uint8_t times = 0;                    ///< in a row; what comes beyond 255 is not counted
    std::string reason;                        ///< of the last one
};

/// Of a shard: only tasks that were refused when they were due last have one. Nothing was sent, so their interval is not stretched.
class TaskRefusals {
public:
    /// `last_start`: what the task has from the run or the try before.
    void refused(std::uint32_t setup, TaskKind task, std::uint32_t last_start, std::string reason);
    /// It runs, or was switched on anew.
    void forget(std::uint32_t setup, TaskKind task) { refusals_.erase({setup, task}); }
    TaskRefusal const* find(std::uint32_t setup, TaskKind task) const; ///< null: it was not refused

private:
    std::map<std::pair<std::uint32_t, TaskKind>, TaskRefusal> refusals_;
};

} // namespace almd
