// The rhythm of a use-case task.
#include "agent/setup/task_state.hpp"

#include <algorithm>

namespace almd {

int effective_interval_minutes(TaskState const& task) {
    int minutes = std::max<int>(task.interval_minutes, 1);
    for (int i = 0; i < task.errors && minutes < stretched_minutes_max; ++i) minutes *= 2;
    return task.errors == 0 ? minutes : std::min(minutes, std::max<int>(stretched_minutes_max, task.interval_minutes));
}

bool is_due(TaskState const& task, std::uint32_t planned_seconds) {
    if (!task.active || task.running) return false;
    if (task.last_start == TaskState::never) return true;
    return planned_seconds - task.last_start >= static_cast<std::uint32_t>(effective_interval_minutes(task)) * 60;
}

void settle(TaskState& task, bool sent) {
    if (!sent) {
        task.good_runs = 0;
        if (task.errors < 255) ++task.errors;
    } else if (task.errors > 0 && ++task.good_runs >= 2) {
        task.errors = 0;
        task.good_runs = 0;
    }
}

} // namespace almd
