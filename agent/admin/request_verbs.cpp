// Verbs of CTS by hand.
#include "agent/admin/admin_verb.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

Async<HttpResponse> create_request(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    if (parts.world.landscapes() > 1)
        co_return answer_of(
            Error{ErrorCode::conflict, "requests are made by hand in one landscape only, not in a fleet"});
    auto body = AdminBody::parse(request, {"system", "client", "function", "text", "owner", "objects"});
    if (!body) co_return answer_of(body.error());
    auto sid = parsed<SystemId>(body->text("system"));
    if (!sid) co_return answer_of(sid.error());
    auto client = parsed<Client>(body->text("client"));
    if (!client) co_return answer_of(client.error());
    auto function = parse_tr_function(body->text_if_any("function").value_or("K"));
    if (!function) co_return answer_of(function.error());
    if (auto system = system_of(parts, sid->text()); !system) co_return answer_of(system.error());
    auto text = body->text("text");
    if (!text) co_return answer_of(text.error());

    std::vector<ObjectEntry> objects;
    if (auto const* list = body->find("objects")) {
        if (!list->is_array())
            co_return answer_of(
                Error{ErrorCode::invalid, "objects: an array of strings such as \"R3TR PROG ZPROG\" is needed"});
        for (auto const& item : *list) {
            auto object = ObjectEntry::parse(item.is_string() ? item.get<std::string>() : item.dump());
            if (!object) co_return answer_of(object.error());
            objects.push_back(std::move(*object));
        }
    }
    CreateRequest wanted{*sid, *client,     *function, *text, body->text_if_any("owner").value_or("DEVELOPER"),
                         {},   std::nullopt};
    auto& landscape = parts.world.keep(0);
    auto created = landscape.create_request(std::move(wanted), parts.now());
    if (!created) co_return answer_of(created.error());
    auto const* made = landscape.request(*created);
    TrRequest const place = made->tasks.empty() ? *created : made->tasks.front().trkorr;
    for (auto& object : objects)
        if (auto added = landscape.cts(*sid).add_object(place, std::move(object), parts.now()); !added)
            co_return answer_of(added.error());
    co_return done({{"request", created->text()}});
}

Async<HttpResponse> release_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    auto trkorr = TrRequest::parse(path[0]);
    if (!trkorr) co_return answer_of(trkorr.error());
    if (!parts.world.keep(0).has(trkorr->system()))
        co_return answer_of(Error{ErrorCode::not_found,
                                  fmt::format("there is no system {} in this landscape", trkorr->system().text())});
    auto released =
        parts.world.keep(0).release_with_tasks(*trkorr, body->text_if_any("user").value_or("DEVELOPER"), parts.now());
    co_return released ? done({{"request", trkorr->text()}, {"status", "R"}}) : answer_of(released.error());
}

constexpr AdminVerb of_requests[] = {
    {"POST", "/api/v1/requests", create_request},
    {"POST", "/api/v1/requests/{request}/release", release_request},
};

} // namespace

std::span<AdminVerb const> request_verbs() {
    return of_requests;
}

} // namespace almd
