// The agent's part of the admin API: routes and verbs.
#include "agent/admin/agent_admin.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using nlohmann::json;

HttpResponse answer_of(Error const& error) {
    switch (error.code) {
    case ErrorCode::invalid: return error_response(400, "INVALID", error.context);
    case ErrorCode::not_found: return error_response(404, "NOT_FOUND", error.context);
    case ErrorCode::conflict: return error_response(409, "CONFLICT", error.context);
    case ErrorCode::too_large: return error_response(413, "TOO_LARGE", error.context);
    case ErrorCode::stopped: return error_response(503, "STOPPING", "almd is stopping");
    default: return error_response(502, "CLOUD_" + std::string{name(error.code)}, error.context);
    }
}

HttpResponse done(json body = json::object()) {
    return json_response(200, body.dump());
}

/// The body of a verb: an object with known keys only, so that a misspelt key is told and not ignored.
class Body {
public:
    static Result<Body> parse(HttpRequest const& request, std::initializer_list<std::string_view> allowed) {
        Body body;
        if (request.body.empty()) return body;
        body.json_ = json::parse(request.body, nullptr, false);
        if (!body.json_.is_object()) return fail(ErrorCode::invalid, "the body is not a JSON object");
        for (auto const& [key, value] : body.json_.items())
            if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
                return fail(ErrorCode::invalid,
                            fmt::format("{}: unknown key; allowed: {}", key, fmt::join(allowed, ", ")));
        return body;
    }
    Result<std::string> text(std::string_view key) const {
        auto at = json_.find(key);
        if (at == json_.end() || !at->is_string())
            return fail(ErrorCode::invalid, fmt::format("{}: a string is needed", key));
        return at->get<std::string>();
    }
    std::optional<std::string> text_if_any(std::string_view key) const {
        auto at = json_.find(key);
        return at != json_.end() && at->is_string() ? std::optional{at->get<std::string>()} : std::nullopt;
    }
    json const* find(std::string_view key) const {
        auto at = json_.find(key);
        return at == json_.end() || at->is_null() ? nullptr : &*at;
    }

private:
    json json_ = json::object();
};

template <class T>
Result<T> parsed(Result<std::string> text) {
    if (!text) return std::unexpected(text.error());
    return T::parse(*text);
}

/// The service key of a "create" or "change": as the cockpit gives it, in `serviceKey`.
Result<ServiceKey> key_of(Body const& body) {
    auto const* key = body.find("serviceKey");
    if (key == nullptr) return fail(ErrorCode::invalid, "serviceKey: paste the service key, as the cockpit gives it");
    return parse_service_key(key->is_string() ? key->get<std::string>() : key->dump());
}

Result<SystemSlot> system_of(AgentParts& parts, std::string_view text) {
    auto sid = SystemId::parse(text);
    if (!sid) return std::unexpected(sid.error());
    auto slot = parts.world.find(*sid);
    if (!slot) return fail(ErrorCode::not_found, fmt::format("there is no system {} in this landscape", sid->text()));
    return *slot;
}

/// {system}/{client}/{name} of a path.
Result<SetupIndex> setup_of(AgentParts& parts, std::vector<std::string> const& path) {
    auto system = system_of(parts, path[0]);
    if (!system) return std::unexpected(system.error());
    auto client = Client::parse(path[1]);
    if (!client) return std::unexpected(client.error());
    auto setup = parts.setups.find(*system, *client, path[2]);
    if (!setup)
        return fail(ErrorCode::not_found,
                    fmt::format("{} client {} has no destination {}; `almd ctl destinations` lists them", path[0],
                                path[1], path[2]));
    return *setup;
}

Async<HttpResponse> create_destination(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = Body::parse(request, {"system", "client", "name", "backgroundUser", "serviceKey", "proxyHost",
                                      "proxyPort", "proxyUser", "proxyPassword"});
    if (!body) co_return answer_of(body.error());
    auto sid = parsed<SystemId>(body->text("system"));
    auto client = parsed<Client>(body->text("client"));
    auto destination = body->text("name");
    auto key = key_of(*body);
    if (!sid) co_return answer_of(sid.error());
    if (!client) co_return answer_of(client.error());
    if (!destination) co_return answer_of(destination.error());
    if (!key) co_return answer_of(key.error());
    auto system = system_of(parts, sid->text());
    if (!system) co_return answer_of(system.error());
    if (!parts.world.keep(0).system(*sid).has_client(*client))
        co_return answer_of(
            Error{ErrorCode::not_found, fmt::format("system {} has no client {}", sid->text(), client->text())});
    std::optional<ProxySettings> proxy;
    if (auto host = body->text_if_any("proxyHost")) {
        proxy.emplace();
        proxy->host = *host;
        if (auto const* port = body->find("proxyPort"); port && port->is_number_unsigned())
            proxy->port = port->get<std::uint16_t>();
        proxy->user = body->text_if_any("proxyUser").value_or("");
        proxy->password = body->text_if_any("proxyPassword").value_or("");
    }
    SetupSpec spec{*sid, *client, *destination, body->text_if_any("backgroundUser").value_or("BATCH_USER"), "DDIC", {}};
    auto setup = agent.alm_setup().create(std::move(spec), *system, std::move(*key), std::move(proxy));
    if (!setup) co_return answer_of(setup.error());
    co_return done({{"system", sid->text()}, {"client", client->text()}, {"name", *destination}});
}

Async<HttpResponse> change_destination(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto body = Body::parse(request, {"serviceKey", "backgroundUser"});
    if (!body) co_return answer_of(body.error());
    std::optional<ServiceKey> key;
    if (body->find("serviceKey")) {
        auto parsed_key = key_of(*body);
        if (!parsed_key) co_return answer_of(parsed_key.error());
        key = std::move(*parsed_key);
    }
    auto changed = agent.alm_setup().change(*setup, std::move(key), body->text_if_any("backgroundUser"));
    co_return changed ? done() : answer_of(changed.error());
}

Async<HttpResponse> delete_destination(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto removed = co_await agent.alm_setup().remove(*setup);
    co_return removed ? done() : answer_of(removed.error());
}

Async<HttpResponse> register_destination(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto registered = co_await agent.alm_setup().register_system(*setup);
    if (!registered) co_return answer_of(registered.error());
    auto const& destination = agent.parts().destination_name(*setup);
    co_return done(
        {{"lmsId", agent.parts().setups[*setup].lms_id.text()},
         {"messages",
          {text_of(Text::scheduler_scheduled, destination), text_of(Text::discovery_triggered, destination)}}});
}

/// What SM59's connection test would show, and one step more: a token.
Async<HttpResponse> check_destination(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto const& destination = agent.parts().destinations[agent.parts().setups[*setup].destination];
    auto token = co_await destination.line->tokens->token();
    if (!token) co_return answer_of(token.error());
    co_return done({{"tokenEndpoint", destination.key.token_endpoint}, {"token", "good"}});
}

Async<HttpResponse> unregister_destination(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto unregistered = co_await agent.alm_setup().unregister(*setup);
    co_return unregistered ? done() : answer_of(unregistered.error());
}

Async<HttpResponse> put_use_case(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto body = Body::parse(request, {"task", "active", "intervalMinutes"});
    if (!body) co_return answer_of(body.error());
    auto task = body->text("task");
    if (!task) co_return answer_of(task.error());
    auto kind = find_task(*task);
    if (!kind) {
        std::string names;
        for (auto const& known : task_catalogue)
            names.append(names.empty() ? "\"" : ", \"").append(known.name).append("\"");
        co_return answer_of(
            Error{ErrorCode::invalid, fmt::format("task: there is no task \"{}\"; allowed: {}", *task, names)});
    }
    auto const* active = body->find("active");
    if (active == nullptr || !active->is_boolean())
        co_return answer_of(Error{ErrorCode::invalid, "active: true or false is needed"});
    std::optional<std::chrono::minutes> interval;
    if (auto const* minutes = body->find("intervalMinutes")) {
        if (!minutes->is_number_integer())
            co_return answer_of(Error{ErrorCode::invalid, "intervalMinutes: an integer is needed"});
        interval = std::chrono::minutes{minutes->get<std::int32_t>()};
    }
    Result<void> result;
    if (active->get<bool>()) {
        result = co_await agent.alm_setup().activate(*setup, *kind, interval);
    } else {
        result = co_await agent.alm_setup().deactivate(*setup, *kind);
    }
    co_return result ? done() : answer_of(result.error());
}

Async<HttpResponse> create_request(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    if (parts.world.landscapes() > 1)
        co_return answer_of(
            Error{ErrorCode::conflict, "requests are made by hand in one landscape only, not in a fleet"});
    auto body = Body::parse(request, {"system", "client", "function", "text", "owner", "objects"});
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
    auto body = Body::parse(request, {"user"});
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

Async<HttpResponse> show_job_log(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = system_of(agent.parts(), path[0]);
    if (!system) co_return answer_of(system.error());
    std::uint32_t count = 0;
    bool const digits =
        path[1].size() <= 8 && !path[1].empty() && path[1].find_first_not_of("0123456789") == std::string::npos;
    if (digits) count = static_cast<std::uint32_t>(std::stoul(path[1]));
    auto lines = agent.parts().background.job_log(*system, count);
    if (!digits || lines.empty())
        co_return answer_of(
            Error{ErrorCode::not_found, fmt::format("{} has no started job with count {}", path[0], path[1])});
    json items = json::array();
    for (auto& line : lines) items.push_back({{"text", std::move(line)}});
    auto const total = items.size();
    co_return done({{"items", std::move(items)}, {"total", total}});
}

struct AdminVerb {
    std::string_view method, pattern;
    Async<HttpResponse> (*body)(Agent&, HttpRequest, std::vector<std::string>);
};

constexpr AdminVerb admin_verbs[] = {
    {"POST", "/api/v1/destinations", create_destination},
    {"PUT", "/api/v1/destinations/{system}/{client}/{name}", change_destination},
    {"DELETE", "/api/v1/destinations/{system}/{client}/{name}", delete_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/register", register_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/unregister", unregister_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/check", check_destination},
    {"PUT", "/api/v1/usecases/{system}/{client}/{name}", put_use_case},
    {"POST", "/api/v1/requests", create_request},
    {"POST", "/api/v1/requests/{request}/release", release_request},
    {"GET", "/api/v1/jobs/{system}/{count}/log", show_job_log},
};

} // namespace

AgentAdmin::AgentAdmin(Agent& agent, HttpService& rest)
    : agent_{agent}
    , rest_{rest} {
    for (auto const& list : agent_lists())
        router_.add("GET", fmt::format("/api/v1/{}", list.resource), std::string{list.resource},
                    [this, source = list.source](RoutedRequest const& request) {
                        return list_response(request.query, source(agent_));
                    });
    for (std::size_t i = 0; i < std::size(admin_verbs); ++i)
        router_.add(std::string{admin_verbs[i].method}, std::string{admin_verbs[i].pattern}, fmt::format("verb {}", i),
                    [](RoutedRequest const&) { return HttpResponse{500}; });
}

Async<HttpResponse> AgentAdmin::serve(HttpRequest request) {
    std::string_view const target = request.target;
    auto match = router_.match(request.method, target.substr(0, target.find('?')));
    if (!match && match.error().code == ErrorCode::not_found) co_return co_await rest_.serve(std::move(request));
    if (!match || !match->operation.starts_with("verb ")) co_return router_.dispatch(request);
    auto const which = static_cast<std::size_t>(std::stoul(std::string{match->operation.substr(5)}));
    auto path = std::move(match->path_values);
    co_return co_await admin_verbs[which].body(agent_, std::move(request), std::move(path));
}

} // namespace almd
