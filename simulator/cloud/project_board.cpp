// Making and finding projects and tasks.
#include "simulator/cloud/project_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    if (is_blank(name) || characters(name) > ProjectBoard::name_max)
        return fail(ErrorCode::invalid, fmt::format("name: 1 to {} characters were expected", ProjectBoard::name_max));
    if (std::ranges::find(rows, name, &Row::name) != rows.end())
        return fail(ErrorCode::conflict, fmt::format("name: the project has {} already", name));
    if (rows.size() >= ProjectBoard::rows_of_project_max)
        return fail(ErrorCode::full,
                    fmt::format("a project has at most {} of them", ProjectBoard::rows_of_project_max));
    return {};
}

std::size_t kept_bytes(Timebox const& box) {
    return 2 * sizeof box + heap_bytes(box.name) + heap_bytes(box.start) + heap_bytes(box.end);
}

std::size_t kept_bytes(Team const& team) {
    return 2 * sizeof team + heap_bytes(team.name) + heap_bytes(team.members);
}

std::size_t kept_bytes(ProjectTask const& task) {
    auto bytes = sizeof task + TextBudget::row_bytes + heap_bytes(task.tags);
    for (auto const* text : {&task.title, &task.description, &task.type, &task.status, &task.sub_status,
                             &task.external_id, &task.due_date, &task.assignee_id})
        bytes += heap_bytes(*text);
    return bytes;
}

} // namespace

bool is_date(std::string const& text) {
    return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z");
}

Result<Project const*> ProjectBoard::named(CloudTenant tenant, std::string_view name) const {
    if (name.empty()) name = default_name;
    constexpr std::size_t named_max = 20;
    std::vector<std::string_view> others;
    for (auto const& project : projects_) {
        if (project.tenant != tenant) continue;
        if (project.name == name || project.id.text() == name) return &project;
        if (others.size() < named_max) others.push_back(project.name);
    }
    return fail(ErrorCode::not_found,
                fmt::format("project: there is no project {}; create it first, or name one of: {}", in_quotes(name),
                            fmt::join(others, ", ")));
}

Result<Project const*> ProjectBoard::create(CloudTenant tenant, std::string_view name, TimePoint now) {
    if (is_blank(name) || characters(name) > name_max)
        return fail(ErrorCode::invalid, fmt::format("name: a project needs one, at most {} characters long", name_max));
    auto const id = derived(seed_, fmt::format("project/{}/{}", tenant, name));
    if (by_id_.contains(id)) return fail(ErrorCode::conflict, fmt::format("name: there is a project {} already", name));
    if (projects_.size() >= projects_max)
        return fail(ErrorCode::full, fmt::format("the stand-in keeps at most {} projects", projects_max));
    Project project;
    project.id = id;
    project.tenant = tenant;
    project.name = name;
    project.created_at = now;
    project.timeboxes.push_back({derived(id.high(), "timebox"), "Build", rfc3339(now).substr(0, 10),
                                 rfc3339(now + first_timebox).substr(0, 10)});
    project.teams.push_back({derived(id.high(), "team"), "Project team", {}});
    auto const bytes = sizeof project + TextBudget::row_bytes + heap_bytes(project.name) +
                       kept_bytes(project.timeboxes.front()) + kept_bytes(project.teams.front());
    if (auto room = texts_.change(0, bytes); !room) return std::unexpected{room.error()};
    return by_id_.emplace(id, &projects_.emplace_back(std::move(project))).first->second;
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
    if (auto room = texts_.change(0, kept_bytes(timebox)); !room) return room;
    timebox.id = derived(project.id.high(), "timebox/" + timebox.name);
    project.timeboxes.push_back(std::move(timebox));
    return {};
}

Result<void> ProjectBoard::add(Project& project, Team team) {
    if (auto good = check_row(project.teams, team.name); !good) return good;
    if (team.members.size() > rows_of_project_max)
        return fail(ErrorCode::invalid, fmt::format("members: at most {}", rows_of_project_max));
    if (auto room = texts_.change(0, kept_bytes(team)); !room) return room;
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
        return fail(ErrorCode::full, fmt::format("the stand-in keeps at most {} tasks; delete some", tasks_max));
    if (auto room = texts_.change(0, kept_bytes(task)); !room) return std::unexpected{room.error()};
    auto const id = derived(seed_, fmt::format("task/{}", ++task_serial_));
    task.id = id;
    return &tasks_.insert_or_assign(id, std::move(task)).first->second;
}

Result<void> ProjectBoard::change_task(ProjectTask& task, ProjectTask changed) {
    if (auto room = texts_.change(kept_bytes(task), kept_bytes(changed)); !room) return room;
    task = std::move(changed);
    return {};
}

ProjectTask* ProjectBoard::find_task(CloudTenant tenant, Uuid id) {
    auto const found = tasks_.find(id);
    return found != tasks_.end() && find(tenant, found->second.project) != nullptr ? &found->second : nullptr;
}

bool ProjectBoard::remove_task(CloudTenant tenant, Uuid id) {
    auto const* task = find_task(tenant, id);
    if (task == nullptr) return false;
    texts_.give_back(kept_bytes(*task));
    tasks_.erase(id);
    return true;
}

} // namespace almd
