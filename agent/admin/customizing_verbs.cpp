// Verbs of the customizing tables (SM30, SE16) and of RFC destinations (SM59).
#include "agent/admin/admin_verb.hpp"
#include "agent/settings/names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

/// {system}/{table}/{key} of a path: the system, to be changed, and the row.
struct RowOfPath {
    AbapSystem* system = nullptr;
    CustomizingTable table{};
    std::string key;
};

Result<AbapSystem*> system_to_customize(AgentParts& parts, std::string_view text) {
    auto const slot = system_of(parts, text);
    if (!slot) return std::unexpected(slot.error());
    if (parts.world.is_virtual(*slot))
        return fail(ErrorCode::conflict, fmt::format("{} is a virtual system: nobody can log on to it", text));
    return &parts.world.keep(0).system(parts.world.sid(*slot));
}

Result<RowOfPath> row_of(AgentParts& parts, std::vector<std::string> const& path) {
    auto const system = system_to_customize(parts, path[0]);
    if (!system) return std::unexpected(system.error());
    auto const table = parse_customizing_table(path[1]);
    if (!table) return std::unexpected(table.error());
    if (auto allowed = allow_key(*table, path[2]); !allowed) return std::unexpected(allowed.error());
    return RowOfPath{*system, *table, path[2]};
}

Async<HttpResponse> put_row(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const row = row_of(agent.parts(), path);
    if (!row) co_return answer_of(row.error());
    auto const body = AdminBody::parse(request, {"value"});
    if (!body) co_return answer_of(body.error());
    auto const value = body->text("value");
    if (!value) co_return answer_of(value.error());
    if (auto allowed = allow_value(row->table, row->key, *value); !allowed) co_return answer_of(allowed.error());
    auto const set = set_entry(row->system->change_tables(), row->table, row->key, *value);
    co_return set ? done() : answer_of(set.error());
}

Async<HttpResponse> delete_row(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const row = row_of(agent.parts(), path);
    if (!row) co_return answer_of(row.error());
    auto const deleted = delete_entry(row->system->change_tables(), row->table, row->key);
    co_return deleted ? done() : answer_of(deleted.error());
}

/// Those of type G are made by /SDF/ALM_SETUP.
Result<void> allow_type_3(std::string_view name) {
    if (!name.starts_with("ZSDF_") && !name.starts_with("ZSDE_")) return allow_rfc_name(name);
    return fail(ErrorCode::conflict,
                fmt::format("{} belongs to /SDF/ALM_SETUP: change it with `almd ctl destinations`", name));
}

Async<HttpResponse> put_rfc(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const system = system_to_customize(agent.parts(), path[0]);
    if (!system) co_return answer_of(system.error());
    if (auto allowed = allow_type_3(path[1]); !allowed) co_return answer_of(allowed.error());
    auto const body = AdminBody::parse(request, {"user", "state"});
    if (!body) co_return answer_of(body.error());
    RfcDestination destination{path[1], {}};
    for (auto const& known : (*system)->rfc_destinations())
        if (known.name == path[1]) destination = known;
    if (body->find("user")) {
        auto const user = body->text("user");
        if (!user) co_return answer_of(user.error());
        auto const allowed = user->empty() ? Result<void>{} : allow_user_name(*user);
        if (!allowed) co_return answer_of(Error{ErrorCode::invalid, fmt::format("user: {}", allowed.error().context)});
        destination.user = *user;
    }
    if (body->find("state")) {
        auto const text = body->text("state");
        if (!text) co_return answer_of(text.error());
        auto const state = parse_rfc_state(*text);
        if (!state) co_return answer_of(Error{ErrorCode::invalid, fmt::format("state: {}", state.error().context)});
        destination.state = *state;
    }
    nlohmann::json now{{"system", path[0]},
                       {"name", destination.name},
                       {"user", destination.user},
                       {"state", name(destination.state)}};
    (*system)->set_rfc_destination(std::move(destination));
    co_return done(now);
}

Async<HttpResponse> delete_rfc(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const system = system_to_customize(agent.parts(), path[0]);
    if (!system) co_return answer_of(system.error());
    if (auto allowed = allow_type_3(path[1]); !allowed) co_return answer_of(allowed.error());
    auto const deleted = (*system)->delete_rfc_destination(path[1]);
    co_return deleted ? done() : answer_of(deleted.error());
}

constexpr AdminVerb of_customizing[] = {
    {"PUT", "/api/v1/tables/{system}/{table}/{key}", put_row},
    {"DELETE", "/api/v1/tables/{system}/{table}/{key}", delete_row},
    {"PUT", "/api/v1/rfcdestinations/{system}/{name}", put_rfc},
    {"DELETE", "/api/v1/rfcdestinations/{system}/{name}", delete_rfc},
};

} // namespace

std::span<AdminVerb const> customizing_verbs() {
    return of_customizing;
}

} // namespace almd
