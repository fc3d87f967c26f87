// System groups and deployment plans that a person made: which systems a project sees (reference/cloud-alm.md 4.4).
#pragma once

#include "simulator/cloud/project_board.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct SystemGroup {
    Uuid id;
    CloudTenant tenant = 0;
    std::string name;
    std::vector<SystemId> systems;
};

struct ProjectPlan {
    Uuid id;
    CloudTenant tenant = 0;
    std::string name;
    bool archived = false;
    std::vector<Uuid> groups, projects;
};

/// A project without a plan sees everything that was reported: it has a plan of its own with all domains as groups.
class PlanBoard {
public:
    static constexpr std::size_t name_max = 256, groups_max = 1'000, plans_max = 1'000, systems_max = 1'000;

    PlanBoard(std::uint64_t seed, TextBudget& texts)
        : seed_{seed}
        , texts_{texts} {}

    /// Errors: conflict (the name is taken), full.
    Result<SystemGroup const*> create_group(CloudTenant tenant, std::string name, std::vector<SystemId> systems);
    /// groups by name or UUID.
    Result<ProjectPlan const*> create_plan(CloudTenant tenant, std::string name,
                                           std::vector<std::string> const& groups);
    /// A project has one plan; the one before loses it.
    Result<ProjectPlan const*> assign(Project const& project, std::string_view plan);
    Result<ProjectPlan const*> archive(std::string_view plan);

    ProjectPlan const* plan_of(Uuid project) const; ///< nullptr: none was assigned
    /// Error conflict: why the project cannot work with this system.
    Result<void> check_sees(Project const& project, SystemId system) const;

    std::deque<SystemGroup> const& groups() const { return groups_; }
    std::deque<ProjectPlan> const& plans() const { return plans_; }

private:
    Result<ProjectPlan*> find_plan(std::string_view plan);

    std::uint64_t seed_;
    TextBudget& texts_;
    std::deque<SystemGroup> groups_;
    std::deque<ProjectPlan> plans_;
};

} // namespace almd
