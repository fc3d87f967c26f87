// Making and finding projects and tasks.
#include "simulator/cloud/project_board.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

Uuid derived(std::uint64_t seed, std::string_view what) {
    auto const hash = mix(seed, hash_text(what));
    return Uuid::from_hash(hash, mix(hash));
}

} // namespace

Result<Project const*> ProjectBoard::named(CloudTenant tenant, std::string_view name, TimePoint now) {
    if (name.empty()) name = default_name;
    if (auto const id = Uuid::parse(name))
        if (auto const* found = find(tenant, *id)) return found;
    auto const id = derived(seed_, fmt::format("project/{}/{}", tenant, name));
    if (auto const found = by_id_.find(id); found != by_id_.end()) return found->second;
    if (name.size() > name_max)
        return fail(ErrorCode::invalid, fmt::format("project: a name has at most {} characters", name_max));
    if (projects_.size() >= projects_max)
        return fail(ErrorCode::too_large, fmt::format("the stand-in keeps at most {} projects", projects_max));
    auto& project = projects_.emplace_back();
    project.id = id;
    project.tenant = tenant;
    project.name = name;
    project.created_at = now;
    project.timebox = derived(id.high(), "timebox");
    project.team = derived(id.high(), "team");
    by_id_.emplace(id, &project);
    return &project;
}

Project const* ProjectBoard::find(CloudTenant tenant, Uuid id) const {
    auto const found = by_id_.find(id);
    return found != by_id_.end() && found->second->tenant == tenant ? found->second : nullptr;
}

Uuid ProjectBoard::program(CloudTenant tenant) const {
    return derived(seed_, fmt::format("program/{}", tenant));
}

Result<ProjectTask*> ProjectBoard::add_task(CloudTenant tenant, ProjectTask task) {
    if (find(tenant, task.project) == nullptr)
        return fail(ErrorCode::not_found, fmt::format("projectId: there is no project {}", task.project.text()));
    if (tasks_.size() >= tasks_max)
        return fail(ErrorCode::too_large, fmt::format("the stand-in keeps at most {} tasks", tasks_max));
    auto const id = derived(seed_, fmt::format("task/{}", ++task_serial_));
    task.id = id;
    return &tasks_.insert_or_assign(id, std::move(task)).first->second;
}

ProjectTask* ProjectBoard::find_task(CloudTenant tenant, Uuid id) {
    auto const found = tasks_.find(id);
    return found != tasks_.end() && find(tenant, found->second.project) != nullptr ? &found->second : nullptr;
}

bool ProjectBoard::remove_task(CloudTenant tenant, Uuid id) {
    if (find_task(tenant, id) == nullptr) return false;
    tasks_.erase(id);
    return true;
}

} // namespace almd
