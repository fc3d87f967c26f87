// The project API (row 23): read-only here. Names of the fields as published clients read them (V), codes inferred (I).
#include "simulator/cloud/published_api.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using Json = nlohmann::json;

Json project_json(CloudState const& cloud, Project const& project) {
    return {{"id", project.id.text()},
            {"name", project.name},
            {"description", ""},
            {"status", "OPEN"},
            {"type", "PROJECT"},
            {"programId", cloud.projects.program(project.tenant).text()},
            {"createdAt", rfc3339(project.created_at)},
            {"modifiedAt", rfc3339(project.created_at)}};
}

Json timeboxes_json(Project const& project) {
    auto all = Json::array();
    for (auto const& box : project.timeboxes)
        all.push_back({{"id", box.id.text()},
                       {"name", box.name},
                       {"projectId", project.id.text()},
                       {"startDate", box.start},
                       {"endDate", box.end},
                       {"status", "ACTIVE"}});
    return all;
}

Json teams_json(Project const& project) {
    auto all = Json::array();
    for (auto const& team : project.teams)
        all.push_back(
            {{"id", team.id.text()}, {"name", team.name}, {"projectId", project.id.text()}, {"members", team.members}});
    return all;
}

Json program_json(CloudState const& cloud, CloudTenant tenant) {
    return {{"id", cloud.projects.program(tenant).text()}, {"name", "Stand-in program"}, {"description", ""}};
}

Json system_json(CloudState const& cloud, CloudTenant tenant, SystemId system, bool is_virtual) {
    auto lms_ids = Json::array();
    for (auto const slot : cloud.registrations.of_system(tenant, system))
        if (cloud.registrations.row(slot).registered) lms_ids.push_back(cloud.registrations.row(slot).id.text());
    return {{"name", system.text()}, {"virtual", is_virtual}, {"lmsIds", std::move(lms_ids)}};
}

Json made_group_json(CloudState const& cloud, SystemGroup const& group) {
    auto systems = Json::array();
    for (auto const& system : group.systems) {
        auto const* domain = cloud.landscapes.of_system(group.tenant, system);
        bool const is_virtual =
            domain != nullptr && std::ranges::any_of(domain->landscape.systems, [&](auto const& known) {
                return known.system_id == system && known.virtual_system;
            });
        systems.push_back(system_json(cloud, group.tenant, system, is_virtual));
    }
    return {{"id", group.id.text()}, {"name", group.name}, {"systems", std::move(systems)}};
}

/// One for each transport domain that was reported: what projects without a plan of their own see.
Json group_json(CloudState const& cloud, LandscapeBook::Entry const& entry) {
    auto systems = Json::array();
    for (auto const& system : entry.landscape.systems)
        systems.push_back(system_json(cloud, entry.tenant, system.system_id, system.virtual_system));
    auto const hash = mix(hash_text(entry.landscape.domain), entry.tenant);
    return {{"id", Uuid::from_hash(hash, mix(hash)).text()},
            {"name", entry.landscape.domain},
            {"systems", std::move(systems)}};
}

Json domain_groups_json(PublishedCall const& call) {
    auto groups = Json::array();
    for (auto const* entry : call.cloud.landscapes.entries())
        if (entry->tenant == call.tenant) groups.push_back(group_json(call.cloud, *entry));
    return groups;
}

Json groups_json(PublishedCall const& call) {
    auto groups = domain_groups_json(call);
    for (auto const& group : call.cloud.plans.groups())
        if (group.tenant == call.tenant) groups.push_back(made_group_json(call.cloud, group));
    return groups;
}

Json texts_of(std::vector<Uuid> const& ids) {
    auto texts = Json::array();
    for (auto const& id : ids) texts.push_back(id.text());
    return texts;
}

/// Those that were made, and one for each project without: everything that was reported can be deployed to.
Json plans_json(PublishedCall const& call, std::string_view status) {
    auto groups = Json::array();
    for (auto const& group : domain_groups_json(call)) groups.push_back(group["id"]);
    auto plans = Json::array();
    for (auto const& plan : call.cloud.plans.plans())
        if (plan.tenant == call.tenant && (status == "all" || plan.archived == (status == "archived")))
            plans.push_back({{"id", plan.id.text()},
                             {"name", plan.name},
                             {"status", plan.archived ? "archived" : "active"},
                             {"projectIds", texts_of(plan.projects)},
                             {"systemGroupIds", texts_of(plan.groups)}});
    if (status == "archived") return plans;
    for (auto const& project : call.cloud.projects.all())
        if (project.tenant == call.tenant && call.cloud.plans.plan_of(project.id) == nullptr) {
            auto const hash = mix(project.id.low(), hash_text("plan"));
            plans.push_back({{"id", Uuid::from_hash(hash, mix(hash)).text()},
                             {"name", project.name},
                             {"status", "active"},
                             {"projectIds", {project.id.text()}},
                             {"systemGroupIds", groups}});
        }
    return plans;
}

HttpResponse project_answer(Json const& json) {
    return json_response(200, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

HttpResponse answer_plans(PublishedCall const& call) {
    auto const status = call.query.get("status").value_or("active");
    if (status != "active" && status != "archived" && status != "all")
        return refused({ErrorCode::invalid, "status: active, archived or all was expected"});
    return project_answer(plans_json(call, status));
}

HttpResponse answer_project(PublishedCall const& call) {
    auto const id = Uuid::parse(call.segments[1]);
    auto const* project = id ? call.cloud.projects.find(call.tenant, *id) : nullptr;
    if (project == nullptr) return error_response(404, "NOT_FOUND", "there is no such project", "id");
    if (call.segments.size() == 2) return project_answer(project_json(call.cloud, *project));
    if (call.at({"projects", "*", "timeboxes"})) return project_answer(timeboxes_json(*project));
    if (call.at({"projects", "*", "teams"})) return project_answer(teams_json(*project));
    return no_such_path(call);
}

} // namespace

HttpResponse answer_projects(PublishedCall& call) {
    static constexpr std::string_view known[]{"projects", "programs", "deploymentPlans", "systemGroups"};
    if (call.segments.empty() || std::ranges::find(known, call.segments[0]) == std::end(known))
        return no_such_path(call);
    if (!call.reads())
        return not_here("writing projects, because what SAP takes and answers is not public; make them with almd ctl "
                        "projects create");
    static constexpr std::string_view of_plans[]{"status"};
    std::span<std::string_view const> const parameters = call.segments[0] == "deploymentPlans"
                                                             ? std::span<std::string_view const>{of_plans}
                                                             : std::span<std::string_view const>{};
    if (auto refusal = unknown_parameter(call, parameters)) return *std::move(refusal);
    if (call.at({"projects"})) {
        auto projects = Json::array();
        for (auto const& project : call.cloud.projects.all())
            if (project.tenant == call.tenant) projects.push_back(project_json(call.cloud, project));
        return project_answer(projects);
    }
    if (call.segments[0] == "projects") return answer_project(call);
    if (call.at({"programs"})) return project_answer(Json::array({program_json(call.cloud, call.tenant)}));
    if (call.at({"programs", "*"})) {
        auto const program = program_json(call.cloud, call.tenant);
        return program["id"] == call.segments[1] ? project_answer(program)
                                                 : error_response(404, "NOT_FOUND", "there is no such program", "id");
    }
    if (call.at({"deploymentPlans"})) return answer_plans(call);
    if (call.at({"systemGroups"})) return project_answer(groups_json(call));
    return no_such_path(call);
}

} // namespace almd
