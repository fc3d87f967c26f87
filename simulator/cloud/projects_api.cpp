// The project API (row 23): read-only here. Names of the fields as published clients read them (V), codes inferred (I).
#include "simulator/cloud/published_api.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using Json = nlohmann::json;

constexpr auto timebox_length = std::chrono::days{90};

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

Json timebox_json(Project const& project) {
    return {{"id", project.timebox.text()},
            {"name", "Build"},
            {"projectId", project.id.text()},
            {"startDate", rfc3339(project.created_at).substr(0, 10)},
            {"endDate", rfc3339(project.created_at + timebox_length).substr(0, 10)},
            {"status", "ACTIVE"}};
}

Json team_json(Project const& project) {
    return {{"id", project.team.text()},
            {"name", "Project team"},
            {"projectId", project.id.text()},
            {"members", Json::array()}};
}

Json program_json(CloudState const& cloud, CloudTenant tenant) {
    return {{"id", cloud.projects.program(tenant).text()}, {"name", "Stand-in program"}, {"description", ""}};
}

/// One for each transport domain that was reported: what a system group would be made of.
Json group_json(CloudState const& cloud, LandscapeBook::Entry const& entry) {
    auto systems = Json::array();
    for (auto const& system : entry.landscape.systems) {
        auto lms_ids = Json::array();
        for (auto const slot : cloud.registrations.of_system(entry.tenant, system.system_id))
            if (cloud.registrations.row(slot).registered) lms_ids.push_back(cloud.registrations.row(slot).id.text());
        systems.push_back(
            {{"name", system.system_id.text()}, {"virtual", system.virtual_system}, {"lmsIds", std::move(lms_ids)}});
    }
    auto const hash = mix(hash_text(entry.landscape.domain), entry.tenant);
    return {{"id", Uuid::from_hash(hash, mix(hash)).text()},
            {"name", entry.landscape.domain},
            {"systems", std::move(systems)}};
}

Json groups_json(PublishedCall const& call) {
    auto groups = Json::array();
    for (auto const* entry : call.cloud.landscapes.entries())
        if (entry->tenant == call.tenant) groups.push_back(group_json(call.cloud, *entry));
    return groups;
}

/// One for each project, with all system groups: everything that was reported can be deployed to.
Json plans_json(PublishedCall const& call) {
    auto groups = Json::array();
    for (auto const& group : groups_json(call)) groups.push_back(group["id"]);
    auto plans = Json::array();
    for (auto const& project : call.cloud.projects.all())
        if (project.tenant == call.tenant) {
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
    return project_answer(status == "archived" ? Json::array() : plans_json(call));
}

HttpResponse answer_project(PublishedCall const& call) {
    auto const id = Uuid::parse(call.segments[1]);
    auto const* project = id ? call.cloud.projects.find(call.tenant, *id) : nullptr;
    if (project == nullptr) return error_response(404, "NOT_FOUND", "there is no such project", "id");
    if (call.segments.size() == 2) return project_answer(project_json(call.cloud, *project));
    if (call.at({"projects", "*", "timeboxes"})) return project_answer(Json::array({timebox_json(*project)}));
    if (call.at({"projects", "*", "teams"})) return project_answer(Json::array({team_json(*project)}));
    return no_such_path(call);
}

} // namespace

HttpResponse answer_projects(PublishedCall& call) {
    static constexpr std::string_view known[]{"projects", "programs", "deploymentPlans", "systemGroups"};
    if (call.segments.empty() || std::ranges::find(known, call.segments[0]) == std::end(known))
        return no_such_path(call);
    if (!call.reads())
        return not_here(
            "writing projects; a project comes into being when a feature is created in it (almd ctl features create)");
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
