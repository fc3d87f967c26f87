// Tasks that their background user may not run.
#include "agent/setup/task_refusals.hpp"

namespace almd {

void TaskRefusals::refused(std::uint32_t setup, TaskKind task, std::uint32_t last_start, std::string reason) {
    auto const [place, first] = refusals_.try_emplace({setup, task});
    auto& refusal = place->second;
    if (first) refusal.last_run = last_start;
    if (refusal.times < 255) ++refusal.times;
    refusal.reason = std::move(reason);
}

TaskRefusal const* TaskRefusals::find(std::uint32_t setup, TaskKind task) const {
    auto const found = refusals_.find({setup, task});
    return found == refusals_.end() ? nullptr : &found->second;
}

} // namespace almd
