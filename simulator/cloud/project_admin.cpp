// Routes of Project Management: projects, their timeboxes and teams, system groups, deployment plans.
#include "proto/http/listing.hpp"
#include "simulator/cloud/admin_verbs.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using Listed = nlohmann::json;

Listed project_row(CloudState const& state, Project const& project) {
    auto timeboxes = Listed::array(), teams = Listed::array();
    for (auto const& box : project.timeboxes)
        timeboxes.push_back(fmt::format("{} {}..{}", box.name, box.start, box.end));
    for (auto const& team : project.teams) teams.push_back(team.name);
    auto const* plan = state.plans.plan_of(project.id);
    std::size_t features = 0;
    for (auto const& [number, feature] : state.features.all()) features += feature.project_id == project.id;
    return {{"id", project.id.text()},
            {"name", project.name},
            {"tenant", state.settings.tenants[project.tenant]},
            {"deploymentPlan", plan == nullptr ? Listed{} : Listed(plan->name)},
            {"timeboxes", std::move(timeboxes)},
            {"teams", std::move(teams)},
            {"features", features},
            {"createdAt", rfc3339(project.created_at)}};
}

Listed group_row(CloudState const& state, SystemGroup const& group) {
    auto systems = Listed::array();
    for (auto const& system : group.systems) systems.push_back(system.text());
    return {{"id", group.id.text()},
            {"name", group.name},
            {"tenant", state.settings.tenants[group.tenant]},
            {"systems", std::move(systems)}};
}

Listed plan_row(CloudState const& state, ProjectPlan const& plan) {
    auto groups = Listed::array(), projects = Listed::array();
    for (auto const& group : state.plans.groups())
        if (std::ranges::find(plan.groups, group.id) != plan.groups.end()) groups.push_back(group.name);
    for (auto const id : plan.projects)
        if (auto const* project = state.projects.find(plan.tenant, id)) projects.push_back(project->name);
    return {{"id", plan.id.text()},
            {"name", plan.name},
            {"tenant", state.settings.tenants[plan.tenant]},
            {"status", plan.archived ? "archived" : "active"},
            {"systemGroups", std::move(groups)},
            {"projects", std::move(projects)}};
}

/// Registered, or in a landscape that was reported: virtual systems are only there.
bool is_known_system(CloudState const& state, CloudTenant tenant, SystemId system) {
    return !state.registrations.of_system(tenant, system).empty() ||
           state.landscapes.of_system(tenant, system) != nullptr;
}

struct ProjectVerbs {
    CloudState& state;

    HttpResponse create(RoutedRequest const& request) const {
        VerbBody body{request, {"name", "tenant"}};
        auto const name = body.text("name");
        auto const tenant = state.tenant(body.text("tenant", false));
        if (body.mistake()) return *body.mistake();
        if (!tenant) return refuse(tenant.error(), "tenant");
        auto const made = state.projects.create(*tenant, name, state.now());
        return made ? good(201, project_row(state, **made)) : refuse(made.error(), "name");
    }

    HttpResponse add_timebox(RoutedRequest const& request) const {
        VerbBody body{request, {"name", "startDate", "endDate"}};
        Timebox box{{}, body.text("name"), body.text("startDate"), body.text("endDate")};
        if (body.mistake()) return *body.mistake();
        auto const project = state.projects.find_any(request.path_values[0]);
        if (!project) return refuse(project.error());
        auto const added = state.projects.add(**project, std::move(box));
        return added ? good(201, project_row(state, **project)) : refuse(added.error());
    }

    HttpResponse add_team(RoutedRequest const& request) const {
        VerbBody body{request, {"name", "members"}};
        Team team{{}, body.text("name"), body.texts("members", false)};
        if (body.mistake()) return *body.mistake();
        auto const project = state.projects.find_any(request.path_values[0]);
        if (!project) return refuse(project.error());
        auto const added = state.projects.add(**project, std::move(team));
        return added ? good(201, project_row(state, **project)) : refuse(added.error());
    }

    HttpResponse assign_plan(RoutedRequest const& request) const {
        VerbBody body{request, {"plan"}};
        auto const name = body.text("plan");
        if (body.mistake()) return *body.mistake();
        auto const project = state.projects.find_any(request.path_values[0]);
        if (!project) return refuse(project.error());
        auto const plan = state.plans.assign(**project, name);
        return plan ? good(200, project_row(state, **project)) : refuse(plan.error(), "plan");
    }

    HttpResponse create_group(RoutedRequest const& request) const {
        VerbBody body{request, {"name", "systems", "tenant"}};
        auto const name = body.text("name");
        auto systems = body.values<SystemId>("systems");
        auto const tenant = state.tenant(body.text("tenant", false));
        if (body.mistake()) return *body.mistake();
        if (!tenant) return refuse(tenant.error(), "tenant");
        for (auto const system : systems)
            if (!is_known_system(state, *tenant, system))
                return refuse({ErrorCode::not_found,
                               fmt::format("systems: there is no system {}; register it first, or report a landscape "
                                           "that has it (almd ctl registrations, landscapes)",
                                           system.text())},
                              "systems");
        auto const made = state.plans.create_group(*tenant, name, std::move(systems));
        return made ? good(201, group_row(state, **made)) : refuse(made.error());
    }

    HttpResponse create_plan(RoutedRequest const& request) const {
        VerbBody body{request, {"name", "systemGroups", "tenant"}};
        auto const name = body.text("name");
        auto const groups = body.texts("systemGroups");
        auto const tenant = state.tenant(body.text("tenant", false));
        if (body.mistake()) return *body.mistake();
        if (!tenant) return refuse(tenant.error(), "tenant");
        auto const made = state.plans.create_plan(*tenant, name, groups);
        return made ? good(201, plan_row(state, **made)) : refuse(made.error());
    }

    HttpResponse archive_plan(RoutedRequest const& request) const {
        auto const plan = state.plans.archive(request.path_values[0]);
        return plan ? good(200, plan_row(state, **plan)) : refuse(plan.error());
    }

    HttpResponse projects(RoutedRequest const& request) const {
        auto const& rows = state.projects.all();
        return list_response(request.query,
                             {{"id", "name", "tenant", "deploymentPlan", "timeboxes", "teams", "features", "createdAt"},
                              rows.size(),
                              [&](std::size_t i) { return project_row(state, rows[i]); }});
    }
    HttpResponse groups(RoutedRequest const& request) const {
        auto const& rows = state.plans.groups();
        return list_response(request.query, {{"id", "name", "tenant", "systems"}, rows.size(), [&](std::size_t i) {
                                                 return group_row(state, rows[i]);
                                             }});
    }
    HttpResponse plans(RoutedRequest const& request) const {
        auto const& rows = state.plans.plans();
        return list_response(request.query, {{"id", "name", "tenant", "status", "systemGroups", "projects"},
                                             rows.size(),
                                             [&](std::size_t i) { return plan_row(state, rows[i]); }});
    }
};

} // namespace

void mount_project_verbs(Router& router, CloudState& state) {
    ProjectVerbs const verbs{state};
    add_verb(router, "GET", "projects", "projects", verbs, &ProjectVerbs::projects);
    add_verb(router, "POST", "projects", "createProject", verbs, &ProjectVerbs::create);
    add_verb(router, "POST", "projects/{project}/timeboxes", "addTimebox", verbs, &ProjectVerbs::add_timebox);
    add_verb(router, "POST", "projects/{project}/teams", "addTeam", verbs, &ProjectVerbs::add_team);
    add_verb(router, "POST", "projects/{project}/deployment-plan", "assignPlan", verbs, &ProjectVerbs::assign_plan);
    add_verb(router, "GET", "system-groups", "systemGroups", verbs, &ProjectVerbs::groups);
    add_verb(router, "POST", "system-groups", "createSystemGroup", verbs, &ProjectVerbs::create_group);
    add_verb(router, "GET", "deployment-plans", "deploymentPlans", verbs, &ProjectVerbs::plans);
    add_verb(router, "POST", "deployment-plans", "createPlan", verbs, &ProjectVerbs::create_plan);
    add_verb(router, "POST", "deployment-plans/{plan}/archive", "archivePlan", verbs, &ProjectVerbs::archive_plan);
}

} // namespace almd
