// Verbs of /SDF/ALM_SETUP: destinations and use cases.
#include "agent/admin/admin_verb.hpp"
#include "agent/settings/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::string_view key_fields[]{"tokenEndpoint", "clientId", "clientSecret", "rootUrl"};

/// Does the body say anything of a key?
bool has_key(AdminBody const& body) {
    return body.find("serviceKey") || std::ranges::any_of(key_fields, [&](auto field) { return body.find(field); });
}

/// The service key of a "create" or "change": pasted into `serviceKey` as the cockpit gives it, or its four fields.
Result<ServiceKey> key_of(AdminBody const& body) {
    if (auto const* key = body.find("serviceKey")) {
        for (auto const field : key_fields)
            if (body.find(field))
                return fail(ErrorCode::invalid, fmt::format("{}: is in serviceKey already; give one of them", field));
        return parse_service_key(key->is_string() ? key->get<std::string>() : key->dump());
    }
    if (!has_key(body))
        return fail(ErrorCode::invalid, "serviceKey: paste the service key, as the cockpit gives it, or give "
                                        "tokenEndpoint, clientId, clientSecret and rootUrl");
    std::array<std::string, std::size(key_fields)> values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto value = body.text(key_fields[i]);
        if (!value) return std::unexpected{value.error()};
        values[i] = *std::move(value);
    }
    return to_service_key({values[0], values[1], values[2], values[3]});
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

Result<std::optional<ProxySettings>> proxy_of(AdminBody const& body) {
    if (!body.find("proxyHost")) {
        for (auto const* key : {"proxyPort", "proxyUser", "proxyPassword"})
            if (body.find(key)) return fail(ErrorCode::invalid, fmt::format("{}: needs proxyHost beside it", key));
        return std::nullopt;
    }
    ProxySettings proxy;
    auto host = body.name("proxyHost", allow_proxy_host);
    if (!host) return std::unexpected{host.error()};
    proxy.host = *std::move(host);
    if (auto const* port = body.find("proxyPort")) {
        if (!port->is_number_unsigned() || *port < 1 || *port > 65535)
            return fail(ErrorCode::invalid, "proxyPort: an integer from 1 to 65535 is needed");
        proxy.port = port->get<std::uint16_t>();
    }
    auto user = body.name_or("proxyUser", allow_proxy_user, "");
    if (!user) return std::unexpected{user.error()};
    proxy.user = *std::move(user);
    if (!body.find("proxyPassword")) return proxy;
    auto password = body.text("proxyPassword");
    if (!password) return std::unexpected{password.error()};
    if (std::ranges::any_of(*password, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
        return fail(ErrorCode::invalid, "proxyPassword: control characters are not allowed");
    if (proxy.user.empty())
        return fail(ErrorCode::invalid,
                    "proxyPassword: a password without a proxy user; state proxyUser, or leave it out");
    proxy.password = *std::move(password);
    return proxy;
}

/// None: the body says nothing. The number is checked as wide as it came.
Result<std::optional<std::chrono::minutes>> interval_of(AdminBody const& body) {
    constexpr int minutes_max = 1440;
    auto const* minutes = body.find("intervalMinutes");
    if (minutes == nullptr) return std::nullopt;
    if (!minutes->is_number_integer() || *minutes < 1 || *minutes > minutes_max)
        return fail(ErrorCode::invalid, fmt::format("intervalMinutes: an integer from 1 to {} is needed", minutes_max));
    return std::chrono::minutes{minutes->get<int>()};
}

Async<HttpResponse> create_destination(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"system", "client", "name", "backgroundUser", "setupUser", "serviceKey",
                                           "tokenEndpoint", "clientId", "clientSecret", "rootUrl", "proxyHost",
                                           "proxyPort", "proxyUser", "proxyPassword"});
    if (!body) co_return answer_of(body.error());
    auto sid = parsed<SystemId>(body->text("system"));
    auto client = parsed<Client>(body->text("client"));
    auto destination = body->name("name", allow_destination_name);
    SetupSpec spec;
    auto user = body->name_or("backgroundUser", allow_user_name, spec.background_user);
    auto setup_user = body->name_or("setupUser", allow_user_name, spec.setup_user);
    auto key = key_of(*body);
    auto proxy = proxy_of(*body);
    if (!sid) co_return answer_of(sid.error());
    if (!client) co_return answer_of(client.error());
    if (!destination) co_return answer_of(destination.error());
    if (!user) co_return answer_of(user.error());
    if (!setup_user) co_return answer_of(setup_user.error());
    if (!key) co_return answer_of(key.error());
    if (!proxy) co_return answer_of(proxy.error());
    auto system = system_of(parts, sid->text());
    if (!system) co_return answer_of(system.error());
    if (!parts.world.keep(0).system(*sid).has_client(*client))
        co_return answer_of(Error{ErrorCode::not_found, text_of(Text::client_unknown, client->text(), sid->text())});
    spec.system = *sid;
    spec.client = *client;
    spec.destination = *destination;
    spec.background_user = *std::move(user);
    spec.setup_user = *std::move(setup_user);
    auto setup = agent.alm_setup().create(std::move(spec), *system, std::move(*key), std::move(*proxy));
    if (!setup) co_return answer_of(setup.error());
    co_return done({{"system", sid->text()}, {"client", client->text()}, {"name", *destination}});
}

Async<HttpResponse> change_destination(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto body = AdminBody::parse(request, {"serviceKey", "tokenEndpoint", "clientId", "clientSecret", "rootUrl",
                                           "backgroundUser", "proxyHost", "proxyPort", "proxyUser", "proxyPassword"});
    if (!body) co_return answer_of(body.error());
    std::optional<ServiceKey> key;
    if (has_key(*body)) {
        auto parsed_key = key_of(*body);
        if (!parsed_key) co_return answer_of(parsed_key.error());
        key = std::move(*parsed_key);
    }
    auto user = body->name_if_any("backgroundUser", allow_user_name);
    if (!user) co_return answer_of(user.error());
    auto proxy = proxy_of(*body);
    if (!proxy) co_return answer_of(proxy.error());
    auto changed = agent.alm_setup().change(*setup, std::move(key), *std::move(proxy), *std::move(user));
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

/// What SM59's connection test shows: a token, and HTTP 400 of the root URL, which is the good case (V).
Async<HttpResponse> check_destination(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto setup = setup_of(agent.parts(), path);
    if (!setup) co_return answer_of(setup.error());
    auto const endpoint = agent.parts().destinations[agent.parts().setups[*setup].destination].key.token_endpoint;
    auto tested = co_await agent.parts().calls(*setup).connection_test(*setup);
    if (!tested) co_return answer_of(tested.error());
    co_return done({{"tokenEndpoint", endpoint}, {"token", "good"}, {"connectionTest", 400}});
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
    auto body = AdminBody::parse(request, {"task", "active", "intervalMinutes"});
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
    auto const interval = interval_of(*body);
    if (!interval) co_return answer_of(interval.error());
    Result<void> result;
    if (active->get<bool>()) {
        result = co_await agent.alm_setup().activate(*setup, *kind, *interval);
    } else {
        result = co_await agent.alm_setup().deactivate(*setup, *kind);
    }
    co_return result ? done() : answer_of(result.error());
}

constexpr AdminVerb of_setup[] = {
    {"POST", "/api/v1/destinations", create_destination},
    {"PUT", "/api/v1/destinations/{system}/{client}/{name}", change_destination},
    {"DELETE", "/api/v1/destinations/{system}/{client}/{name}", delete_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/register", register_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/unregister", unregister_destination},
    {"POST", "/api/v1/destinations/{system}/{client}/{name}/check", check_destination},
    {"PUT", "/api/v1/usecases/{system}/{client}/{name}", put_use_case},
};

} // namespace

std::span<AdminVerb const> setup_verbs() {
    return of_setup;
}

} // namespace almd
