// Making groups and plans, and what a project sees through them.
#include "simulator/cloud/plan_board.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace almd {

namespace {

template <class Row>
Result<void> check_new(std::deque<Row> const& rows, CloudTenant tenant, std::string_view what, std::string_view name,
                       std::size_t max) {
    if (is_blank(name) || characters(name) > PlanBoard::name_max)
        return fail(ErrorCode::invalid,
                    fmt::format("name: a {} needs one, at most {} characters long", what, PlanBoard::name_max));
    if (std::ranges::any_of(rows, [&](Row const& row) { return row.tenant == tenant && row.name == name; }))
        return fail(ErrorCode::conflict, fmt::format("name: there is a {} \"{}\" already", what, name));
    if (rows.size() >= max)
        return fail(ErrorCode::full, fmt::format("the stand-in keeps at most {} of this kind: {}", max, what));
    return {};
}

template <class Row>
bool is_named(Row const& row, std::string_view name) {
    return row.name == name || row.id.text() == name;
}

Uuid plan_id(std::uint64_t seed, CloudTenant tenant, std::string_view what, std::string_view name) {
    auto const hash = mix(seed, hash_text(fmt::format("{}/{}/{}", what, tenant, name)));
    return Uuid::from_hash(hash, mix(hash));
}

} // namespace

Result<SystemGroup const*> PlanBoard::create_group(CloudTenant tenant, std::string name,
                                                   std::vector<SystemId> systems) {
    if (auto fresh = check_new(groups_, tenant, "system group", name, groups_max); !fresh)
        return std::unexpected{fresh.error()};
    if (systems.empty() || systems.size() > systems_max)
        return fail(ErrorCode::invalid, fmt::format("systems: 1 to {} are needed", systems_max));
    std::ranges::sort(systems);
    systems.erase(std::ranges::unique(systems).begin(), systems.end());
    SystemGroup group{plan_id(seed_, tenant, "group", name), tenant, std::move(name), std::move(systems)};
    auto const bytes =
        sizeof group + TextBudget::row_bytes + heap_bytes(group.name) + group.systems.capacity() * sizeof(SystemId);
    if (auto room = texts_.change(0, bytes); !room) return std::unexpected{room.error()};
    return &groups_.emplace_back(std::move(group));
}

Result<ProjectPlan const*> PlanBoard::create_plan(CloudTenant tenant, std::string name,
                                                  std::vector<std::string> const& groups) {
    if (auto fresh = check_new(plans_, tenant, "deployment plan", name, plans_max); !fresh)
        return std::unexpected{fresh.error()};
    ProjectPlan plan{plan_id(seed_, tenant, "plan", name), tenant, std::move(name), false, {}, {}};
    for (auto const& wanted : groups) {
        auto const group = std::ranges::find_if(
            groups_, [&](SystemGroup const& one) { return one.tenant == tenant && is_named(one, wanted); });
        if (group == groups_.end())
            return fail(ErrorCode::not_found, fmt::format("systemGroups: there is no system group {}", wanted));
        if (std::ranges::find(plan.groups, group->id) == plan.groups.end()) plan.groups.push_back(group->id);
    }
    auto const bytes = sizeof plan + TextBudget::row_bytes + heap_bytes(plan.name) + list_bytes(plan.groups);
    if (auto room = texts_.change(0, bytes); !room) return std::unexpected{room.error()};
    return &plans_.emplace_back(std::move(plan));
}

Result<ProjectPlan*> PlanBoard::find_plan(std::string_view name) {
    auto const plan = std::ranges::find_if(plans_, [&](ProjectPlan const& one) { return is_named(one, name); });
    if (plan == plans_.end()) return fail(ErrorCode::not_found, fmt::format("there is no deployment plan {}", name));
    return &*plan;
}

Result<ProjectPlan const*> PlanBoard::assign(Project const& project, std::string_view name) {
    auto plan = std::ranges::find_if(
        plans_, [&](ProjectPlan const& one) { return one.tenant == project.tenant && is_named(one, name); });
    if (plan == plans_.end())
        return fail(ErrorCode::not_found, fmt::format("plan: there is no deployment plan {}", name));
    if (plan->archived) return fail(ErrorCode::conflict, fmt::format("deployment plan {} is archived", plan->name));
    for (auto& other : plans_) std::erase(other.projects, project.id);
    plan->projects.push_back(project.id);
    return &*plan;
}

Result<ProjectPlan const*> PlanBoard::archive(std::string_view name) {
    auto const plan = find_plan(name);
    if (!plan) return std::unexpected{plan.error()};
    (*plan)->archived = true;
    return *plan;
}

ProjectPlan const* PlanBoard::plan_of(Uuid project) const {
    for (auto const& plan : plans_)
        if (std::ranges::find(plan.projects, project) != plan.projects.end()) return &plan;
    return nullptr;
}

Result<void> PlanBoard::check_sees(Project const& project, SystemId system) const {
    auto const* plan = plan_of(project.id);
    if (plan == nullptr) return {};
    if (plan->archived)
        return fail(ErrorCode::conflict, fmt::format("deployment plan {} of project {} is archived; assign another",
                                                     plan->name, project.name));
    for (auto const& group : groups_)
        if (std::ranges::find(plan->groups, group.id) != plan->groups.end() &&
            std::ranges::find(group.systems, system) != group.systems.end())
            return {};
    return fail(ErrorCode::conflict,
                fmt::format("project {} does not see system {}: no system group of its deployment plan {} has it",
                            project.name, system.text(), plan->name));
}

} // namespace almd
