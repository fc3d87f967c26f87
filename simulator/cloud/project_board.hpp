// Projects and their tasks: what features belong to, and what the published project and task APIs tell.
#pragma once

#include "proto/ids.hpp"
#include "simulator/cloud/registration_book.hpp"
#include "simulator/cloud/text_budget.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct Timebox {
    Uuid id;
    std::string name, start, end; ///< dates: 2026-03-01
};
struct Team {
    Uuid id;
    std::string name;
    std::vector<std::string> members;
};
struct Project {
    Uuid id;
    CloudTenant tenant = 0;
    std::string name;
    TimePoint created_at{};
    std::vector<Timebox> timeboxes; ///< one is made with the project
    std::vector<Team> teams;        ///< likewise
};

bool is_date(std::string const& text); ///< "2026-03-01", a day that there is

/// Names of the fields as published clients read them (V); the codes of type and status are inferred (I).
struct ProjectTask {
    Uuid id, project;
    std::string title, description, type, status, sub_status, external_id, due_date, assignee_id;
    std::vector<std::string> tags;
    int priority = 30;
    TimePoint last_changed{};
};

class ProjectBoard {
public:
    static constexpr std::size_t name_max = 256, projects_max = 10'000, rows_of_project_max = 200, tasks_max = 100'000;
    static constexpr std::string_view default_name = "Stand-in project";

    ProjectBoard(std::uint64_t seed, TextBudget& texts)
        : seed_{seed}
        , texts_{texts} {}

    /// By name or by the text of its UUID. Empty: default_name, so that every tenant has one to work in. Error not_found: which
    /// projects there are.
    Result<Project const*> named(CloudTenant tenant, std::string_view name) const;
    /// The ID follows from seed, tenant and name. Errors: invalid, conflict (the name is taken), full.
    Result<Project const*> create(CloudTenant tenant, std::string_view name, TimePoint now);
    /// By name or UUID, in any tenant.
    Result<Project*> find_any(std::string_view name);
    /// The ID is given here. Errors: invalid dates, no name, conflict for a name that is there.
    Result<void> add(Project& project, Timebox timebox);
    Result<void> add(Project& project, Team team);
    Project const* find(CloudTenant tenant, Uuid id) const;
    std::deque<Project> const& all() const { return projects_; }
    Uuid program(CloudTenant tenant) const; ///< the one that all projects of the tenant belong to

    /// Error full: no room for so many or such long ones.
    Result<ProjectTask*> add_task(CloudTenant tenant, ProjectTask task);
    Result<void> change_task(ProjectTask& task, ProjectTask changed); ///< error full: as it was
    ProjectTask* find_task(CloudTenant tenant, Uuid id);
    bool remove_task(CloudTenant tenant, Uuid id);
    std::map<Uuid, ProjectTask> const& tasks() const { return tasks_; }

private:
    std::uint64_t seed_, task_serial_ = 0;
    TextBudget& texts_;
    std::deque<Project> projects_; // addresses stay
    std::map<Uuid, Project const*> by_id_;
    std::map<Uuid, ProjectTask> tasks_;
};

} // namespace almd
