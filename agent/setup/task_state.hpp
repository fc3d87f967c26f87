// What a registration keeps for each use-case task, in 8 bytes, and the rules of its rhythm.
#pragma once

#include "proto/task_catalogue.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>

namespace almd {

struct TaskState {
    static constexpr std::uint32_t never = 0xffffffff;

    std::uint32_t last_start =
        never; ///< planned start of the scheduler run that began it, in simulated seconds since the shard began
    std::uint16_t interval_minutes = 0;
    std::uint8_t errors = 0;     ///< consecutive runs that could not send; stretches the interval
    bool configured : 1 = false; ///< was switched on once, by the system or by the cloud
    bool active : 1 = false;
    bool wanted : 1 = false;        ///< specified, but the cloud could not be told yet
    bool unwanted : 1 = false;      ///< switched off here, but the cloud could not be told yet
    bool running : 1 = false;       ///< it holds its SM12 lock (TaskLocks has the details)
    std::uint8_t good_runs : 2 = 0; ///< since the last error, up to 2
};
static_assert(sizeof(TaskState) == 8);

/// Longest stretched interval (V: "up to about 700 minutes").
inline constexpr int stretched_minutes_max = 700;

/// The curve is unknown (U): the interval doubles with each consecutive error.
int effective_interval_minutes(TaskState const& task);
/// Due when its (stretched) interval has passed since its last start. Both are planned starts of the scheduler job, so that a
/// scheduler that starts some milliseconds late does not move a task to the next minute.
bool is_due(TaskState const& task, std::uint32_t planned_seconds);
/// After a run: an error stretches; two good runs in a row bring the default interval back (V).
void settle(TaskState& task, bool sent);

} // namespace almd
