// Verbs of STMS: the transport configuration changes, QA approval.
#include "agent/admin/admin_verb.hpp"
#include "agent/setup/landscape_change.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

HttpResponse answer_of(Result<ConfigurationActivated> const& activated) {
    if (!activated) return answer_of(activated.error());
    return done({{"version", activated->version}, {"warnings", activated->warnings}});
}

/// Who changes it, for the list of versions.
std::string author_of(AdminBody const& body) {
    return body.text_if_any("user").value_or("DDIC");
}

/// A system of the landscape that a new one is like: components, notes, users. Error: not_found.
Result<SystemSpec> pattern_of(AgentParts& parts, AdminBody const& body) {
    auto const sid = parsed<SystemId>(body.text("like"));
    if (!sid) return std::unexpected(sid.error());
    auto const slot = system_of(parts, sid->text());
    if (!slot) return std::unexpected(slot.error());
    SystemSpec spec = parts.world.keep(0).system(*sid).spec();
    spec.last_request_number = SystemSpec{}.last_request_number;
    for (auto* own : {&spec.host, &spec.system_number, &spec.installation_number, &spec.db_host}) own->clear();
    return spec;
}

/// What the body says about the system itself; what it does not say stays.
Result<void> read_system(AdminBody const& body, SystemSpec& spec) {
    spec.description = body.text_if_any("description").value_or(spec.description);
    spec.transport_group = body.text_if_any("transportGroup").value_or(spec.transport_group);
    if (auto const role = body.text_if_any("role")) {
        if (*role != "PROD" && *role != "TEST" && *role != "DEV")
            return fail(ErrorCode::invalid, fmt::format("role: {} is none; allowed: PROD, TEST, DEV", *role));
        spec.role = *role;
    }
    auto const* list = body.find("clients");
    if (!list) return {};
    if (!list->is_array()) return fail(ErrorCode::invalid, "clients: an array of texts such as \"300\" is needed");
    spec.clients = {{client_000, "SAP SE", "S"}};
    for (auto const& item : *list) {
        auto const client = Client::parse(item.is_string() ? item.get<std::string>() : item.dump());
        if (!client) return std::unexpected(client.error());
        if (*client != client_000) spec.clients.push_back({*client, "", "C"});
    }
    return {};
}

Async<HttpResponse> add_system(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto const body = AdminBody::parse(
        request, {"system", "kind", "like", "description", "role", "clients", "transportGroup", "user"});
    if (!body) co_return answer_of(body.error());
    auto const sid = parsed<SystemId>(body->text("system"));
    if (!sid) co_return answer_of(sid.error());
    auto spec = pattern_of(parts, *body);
    if (!spec) co_return answer_of(spec.error());
    auto const kind = body->text_if_any("kind").value_or("real");
    if (kind != "real" && kind != "virtual" && kind != "external")
        co_return answer_of(
            Error{ErrorCode::invalid, fmt::format("kind: {} is none; allowed: real, virtual, external", kind)});
    spec->id = *sid;
    spec->virtual_system = kind != "real";
    spec->external_system = kind == "external";
    spec->communication_system.reset();
    if (auto const read = read_system(*body, *spec); !read) co_return answer_of(read.error());
    co_return answer_of(change_landscape(parts, AddSystem{*std::move(spec)}, author_of(*body)));
}

/// Components, notes and users come from `like`; clients and description are the virtual system's.
Async<HttpResponse> replace_virtual(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto const body = AdminBody::parse(request, {"like", "description", "role", "clients", "transportGroup", "user"});
    if (!body) co_return answer_of(body.error());
    auto const slot = system_of(parts, path[0]);
    if (!slot) co_return answer_of(slot.error());
    auto spec = pattern_of(parts, *body);
    if (!spec) co_return answer_of(spec.error());
    auto const& before = parts.world.keep(0).system(parts.world.sid(*slot)).spec();
    spec->id = parts.world.sid(*slot);
    spec->description = before.description;
    spec->clients = before.clients;
    if (auto const read = read_system(*body, *spec); !read) co_return answer_of(read.error());
    co_return answer_of(change_landscape(parts, ReplaceVirtualSystem{*std::move(spec)}, author_of(*body)));
}

Async<HttpResponse> delete_system(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    auto const sid = SystemId::parse(path[0]);
    if (!sid) co_return answer_of(sid.error());
    co_return answer_of(change_landscape(agent.parts(), DeleteSystem{*sid}, author_of(*body)));
}

/// "QUA.200" or "QUA", and a target or group.
Result<DeliveryRouteSpec> route_of(Result<std::string> const& from, Result<std::string> const& to) {
    auto const ends = names_of<TransportTarget, TransportTarget>(from, to);
    if (!ends) return std::unexpected(ends.error());
    auto const& [source, target] = *ends;
    if (source.is_group()) return fail(ErrorCode::invalid, "from: a delivery route starts at a system, not at a group");
    return DeliveryRouteSpec{*source.system(), source.client(), target};
}

Async<HttpResponse> add_route(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto const body = AdminBody::parse(request, {"from", "to", "user"});
    if (!body) co_return answer_of(body.error());
    auto const route = route_of(body->text("from"), body->text("to"));
    if (!route) co_return answer_of(route.error());
    co_return answer_of(change_landscape(agent.parts(), AddDeliveryRoute{*route}, author_of(*body)));
}

Async<HttpResponse> change_route(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"to", "user"});
    if (!body) co_return answer_of(body.error());
    auto const route = route_of(path[0], path[1]);
    if (!route) co_return answer_of(route.error());
    auto const target = parsed<TransportTarget>(body->text("to"));
    if (!target) co_return answer_of(target.error());
    co_return answer_of(change_landscape(agent.parts(), ChangeDeliveryRoute{*route, *target}, author_of(*body)));
}

Async<HttpResponse> delete_route(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    auto const route = route_of(path[0], path[1]);
    if (!route) co_return answer_of(route.error());
    co_return answer_of(change_landscape(agent.parts(), DeleteDeliveryRoute{*route}, author_of(*body)));
}

HttpResponse change_group(Agent& agent, std::string const& group, Result<std::string> const& member, bool add,
                          std::string author) {
    auto const target = parsed<TransportTarget>(member);
    if (!target) return answer_of(target.error());
    auto const change = add ? ConfigurationChange{AddGroupMember{group, *target}}
                            : ConfigurationChange{RemoveGroupMember{group, *target}};
    return answer_of(change_landscape(agent.parts(), change, std::move(author)));
}

Async<HttpResponse> add_member(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"member", "user"});
    if (!body) co_return answer_of(body.error());
    co_return change_group(agent, path[0], body->text("member"), true, author_of(*body));
}

Async<HttpResponse> remove_member(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    co_return change_group(agent, path[0], path[1], false, author_of(*body));
}

Async<HttpResponse> take_over(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto const body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    co_return answer_of(change_landscape(agent.parts(), ActivateBackupController{}, author_of(*body)));
}

Async<HttpResponse> versions(Agent& agent, HttpRequest, std::vector<std::string>) {
    auto const all =
        agent.parts().world.read(0, [](Landscape const& landscape) { return landscape.configuration_versions(); });
    json items = json::array();
    for (auto const& one : all)
        items.push_back({{"version", one.version},
                         {"active", &one == &all.back()},
                         {"author", one.author},
                         {"activatedAt", rfc3339(one.activated_at)},
                         {"text", one.text}});
    auto const total = items.size();
    co_return done({{"items", std::move(items)}, {"total", total}});
}

/// One step for one request, at the QA system's procedure.
HttpResponse decide(Agent& agent, HttpRequest const& request, std::vector<std::string> const& path, bool approved) {
    auto& parts = agent.parts();
    auto const body = AdminBody::parse(request, {"step", "user"});
    if (!body) return answer_of(body.error());
    auto const what = names_of<TrRequest, SystemId>(path[0], path[1]);
    if (!what) return answer_of(what.error());
    auto const& [trkorr, qa_system] = *what;
    auto const text = body->text("step");
    if (!text) return answer_of(text.error());
    auto const step = parse_approval_step(*text);
    if (!step) return answer_of(step.error());
    auto& landscape = parts.world.keep(0);
    auto const user = author_of(*body);
    auto const state = approved ? landscape.approve(trkorr, qa_system, *step, user, parts.now())
                                : landscape.reject(trkorr, qa_system, *step, user, parts.now());
    return state ? done({{"request", trkorr.text()}, {"state", name(*state)}})
                 : answer_of(state.error(), trkorr.text());
}

Async<HttpResponse> approve(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    co_return decide(agent, request, path, true);
}

Async<HttpResponse> reject(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    co_return decide(agent, request, path, false);
}

constexpr AdminVerb of_landscape[] = {
    {"POST", "/api/v1/landscape/systems", add_system},
    {"POST", "/api/v1/landscape/systems/{system}/replace", replace_virtual},
    {"DELETE", "/api/v1/landscape/systems/{system}", delete_system},
    {"POST", "/api/v1/landscape/routes", add_route},
    {"PUT", "/api/v1/landscape/routes/{from}/{to}", change_route},
    {"DELETE", "/api/v1/landscape/routes/{from}/{to}", delete_route},
    {"POST", "/api/v1/landscape/groups/{group}/members", add_member},
    {"DELETE", "/api/v1/landscape/groups/{group}/members/{member}", remove_member},
    {"POST", "/api/v1/landscape/controller/take-over", take_over},
    {"GET", "/api/v1/landscape/versions", versions},
    {"POST", "/api/v1/landscape/approvals/{request}/{system}/approve", approve},
    {"POST", "/api/v1/landscape/approvals/{request}/{system}/reject", reject},
};

} // namespace

std::span<AdminVerb const> landscape_verbs() {
    return of_landscape;
}

} // namespace almd
