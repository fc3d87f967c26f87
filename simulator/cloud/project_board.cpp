// Making and finding projects and tasks.
#include "simulator/cloud/project_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

Uuid derived(std::uint64_t seed, std::string_view what) {
    auto const hash = mix(seed, hash_text(what));
    return Uuid::from_hash(hash, mix(hash));
}

constexpr auto first_timebox = std::chrono::days{90};

template <class Row>
Result<void> check_row(std::vector<Row> const& rows, std::string_view name) {
    if (name.empty() || characters(name) > ProjectBoard::name_max)
        return fail(ErrorCode::invalid, fmt::format("name: 1 to {} characters were expected", ProjectBoard::name_max));
    if (std::ranges::find(rows, name, &Row::name) != rows.end())
        return fail(ErrorCode::conflict, fmt::format("name: the project has {} already", name));
    if (rows.size() >= ProjectBoard::rows_of_project_max)
        return fail(ErrorCode::too_large,
                    fmt::format("a project has at most {} of them", ProjectBoard::rows_of_project_max));
    return {};
}

bool is_date(std::string const& text) {
    return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z");
}

} // namespace

Result<Project const*> ProjectBoard::named(CloudTenant tenant, std::string_view name, TimePoint now) {
    if (name.empty()) name = default_name;
    if (auto const id = Uuid::parse(name))
        if (auto const* found = find(tenant, *id)) return found;
    auto const id = derived(seed_, fmt::format("project/{}/{}", tenant, name));
    if (auto const found = by_id_.find(id); found != by_id_.end()) return found->second;
    if (characters(name) > name_max)
        return fail(ErrorCode::invalid, fmt::format("project: a name has at most {} characters", name_max));
    if (projects_.size() >= projects_max)
        return fail(ErrorCode::too_large, fmt::format("the stand-in keeps at most {} projects", projects_max));
    auto& project = projects_.emplace_back();
    project.id = id;
    project.tenant = tenant;
    project.name = name;
    project.created_at = now;
    project.timeboxes.push_back({derived(id.high(), "timebox"), "Build", rfc3339(now).substr(0, 10),
                                 rfc3339(now + first_timebox).substr(0, 10)});
    project.teams.push_back({derived(id.high(), "team"), "Project team", {}});
    by_id_.emplace(id, &project);
    return &project;
}

Result<Project const*> ProjectBoard::create(CloudTenant tenant, std::string_view name, TimePoint now) {
    if (name.empty()) return fail(ErrorCode::invalid, "name: a project needs one");
    for (auto const& project : projects_)
        if (project.tenant == tenant && project.name == name)
            return fail(ErrorCode::conflict, fmt::format("name: there is a project {} already", name));
    return named(tenant, name, now);
}

Result<Project*> ProjectBoard::find_any(std::string_view name) {
    for (auto& project : projects_)
        if (project.name == name || project.id.text() == name) return &project;
    return fail(ErrorCode::not_found, fmt::format("there is no project {}; name it by its name or UUID", name));
}

Result<void> ProjectBoard::add(Project& project, Timebox timebox) {
    if (auto good = check_row(project.timeboxes, timebox.name); !good) return good;
    if (!is_date(timebox.start) || !is_date(timebox.end) || timebox.end < timebox.start)
        return fail(ErrorCode::invalid,
                    "startDate, endDate: two dates such as 2026-03-01 were expected, in this order");
    timebox.id = derived(project.id.high(), "timebox/" + timebox.name);
    project.timeboxes.push_back(std::move(timebox));
    return {};
}

Result<void> ProjectBoard::add(Project& project, Team team) {
    if (auto good = check_row(project.teams, team.name); !good) return good;
    if (team.members.size() > rows_of_project_max)
        return fail(ErrorCode::invalid, fmt::format("members: at most {}", rows_of_project_max));
    team.id = derived(project.id.high(), "team/" + team.name);
    project.teams.push_back(std::move(team));
    return {};
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
