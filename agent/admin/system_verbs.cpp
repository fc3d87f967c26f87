// Verbs of what an administrator changes inside a system: users, work processes, components, notes, profile parameters.
#include "agent/admin/admin_verb.hpp"
#include "agent/settings/names.hpp"
#include "agent/setup/authority.hpp"
#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::string_view wp_no_btc = "rdisp/wp_no_btc", db_host = "SAPDBHOST"; ///< those that something reads

HttpResponse wrong(std::string sentence) {
    return answer_of(Error{ErrorCode::invalid, std::move(sentence)});
}

/// In the first landscape: SIDs of a fleet are its own.
AbapSystem& abap(AgentParts& parts, SystemSlot system) {
    return parts.world.keep(0).system(parts.world.sid(system));
}

/// "" takes the day away: always.
Result<void> read_day(AdminBody const& body, std::string_view key, std::optional<Day>& into) {
    auto const text = body.text_if_any(key);
    if (!text) return {};
    if (text->empty()) {
        into.reset();
        return {};
    }
    auto const day = Day::parse(*text);
    if (!day) return fail(ErrorCode::invalid, fmt::format("{}: {}", key, day.error().context));
    into = *day;
    return {};
}

Result<int> integer(AdminBody const& body, std::string_view key, int most) {
    auto const* value = body.find(key);
    if (!value || !value->is_number_integer() || value->get<std::int64_t>() < 0 || value->get<std::int64_t>() > most)
        return fail(ErrorCode::invalid, fmt::format("{}: an integer from 0 to {} is needed", key, most));
    return value->get<int>();
}

Result<UserSpec> new_user(AgentParts& parts, SystemSlot system, std::string const& name) {
    if (auto const allowed = allow_user_name(name); !allowed) return std::unexpected(allowed.error());
    if (user_now(parts, system, name)) return fail(ErrorCode::conflict, fmt::format("user {} exists already", name));
    UserSpec user;
    user.name = name;
    return user;
}

Result<void> change_user(UserSpec& user, AdminBody const& body) {
    auto const add = body.texts("addRoles", "SAP_SDF_ALM_METRIC_PUSH_FND");
    auto const remove = body.texts("removeRoles", "SAP_SDF_ALM_METRIC_PUSH_FND");
    auto const batch_names = body.texts("batchNames", "CALM_DEV");
    for (auto const* list : {&add, &remove, &batch_names})
        if (!*list) return std::unexpected(list->error());
    auto const locked = body.flag("locked", user.locked);
    if (!locked) return std::unexpected(locked.error());
    user.locked = *locked;
    if (auto day = read_day(body, "validFrom", user.valid_from); !day) return day;
    if (auto day = read_day(body, "validTo", user.valid_to); !day) return day;
    if (user.valid_from && user.valid_to && *user.valid_to < *user.valid_from)
        return fail(ErrorCode::invalid,
                    fmt::format("validTo: {} is before validFrom, {}", user.valid_to->text(), user.valid_from->text()));
    for (auto const& role : *remove)
        if (std::erase(user.roles, role) == 0)
            return fail(ErrorCode::conflict, fmt::format("user {} has no role {}", user.name, role));
    for (auto const& role : *add)
        if (!has_role(user, role)) user.roles.push_back(role);
    if (body.find("batchNames")) user.batch_names = *batch_names;
    return {};
}

Async<HttpResponse> put_user(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto body = AdminBody::parse(request,
                                 {"create", "locked", "validFrom", "validTo", "addRoles", "removeRoles", "batchNames"});
    if (!body) co_return answer_of(body.error());
    auto const anew = body->flag("create");
    if (!anew) co_return answer_of(anew.error());
    auto user = *anew ? new_user(parts, *system, path[1]) : user_now(parts, *system, path[1]);
    if (!user) co_return answer_of(user.error());
    if (auto changed = change_user(*user, *body); !changed) co_return answer_of(changed.error());
    json answer{{"system", path[0]}, {"user", user->name}, {"locked", user->locked}, {"roles", user->roles}};
    abap(parts, *system).add_user(std::move(*user));
    co_return done(answer);
}

Async<HttpResponse> delete_user(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto user = user_now(parts, *system, path[1]);
    if (!user) co_return answer_of(user.error());
    auto deleted = abap(parts, *system).delete_user(path[1]);
    co_return deleted ? done() : answer_of(deleted.error());
}

Async<HttpResponse> put_work_processes(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto body = AdminBody::parse(request, {"total", "forClassA"});
    if (!body) co_return answer_of(body.error());
    auto const total = integer(*body, "total", BackgroundProcessing::work_processes_max);
    if (!total) co_return answer_of(total.error());
    std::optional<std::uint16_t> reserved;
    if (body->find("forClassA")) {
        auto const given = integer(*body, "forClassA", *total);
        if (!given) co_return answer_of(given.error());
        reserved = static_cast<std::uint16_t>(*given);
    }
    abap(parts, *system).set_batch_processes(*total);
    if (reserved) parts.background.reserve_for_class_a(*system, *reserved);
    parts.background.set_work_processes(*system, static_cast<std::uint16_t>(*total));
    co_return done({{"system", path[0]}, {"total", *total}});
}

Async<HttpResponse> put_component(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto body = AdminBody::parse(request, {"release", "supportPackage"});
    if (!body) co_return answer_of(body.error());
    auto const release = body->text_if_any("release");
    auto& own = abap(parts, *system);
    auto const* now = own.component(path[1]);
    ComponentVersion next = now ? *now : ComponentVersion{path[1], "", 0};
    if (release) next.release = *release;
    if (path[1].empty() || characters(path[1]) > 30 || next.release.empty() || characters(next.release) > 10)
        co_return wrong("release: a component has a name of at most 30 and a release of 1 to 10 characters");
    if (body->find("supportPackage")) {
        auto const level = integer(*body, "supportPackage", 9999);
        if (!level) co_return answer_of(level.error());
        next.support_package = *level;
    }
    json answer{{"system", path[0]},
                {"component", next.name},
                {"release", next.release},
                {"supportPackage", next.support_package}};
    own.set_component(std::move(next));
    co_return done(answer);
}

/// Components are what an add-on installation brings; without the two that /SDF/ALM_SETUP asks for nothing would run.
Async<HttpResponse> delete_component(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto const system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    if (path[1] == "SAP_BASIS" || path[1] == "ST-PI")
        co_return answer_of(Error{ErrorCode::conflict, fmt::format("{} is in every system: set its level", path[1])});
    if (!abap(parts, *system).delete_component(path[1]))
        co_return answer_of(Error{ErrorCode::not_found, fmt::format("{} has no component {}", path[0], path[1])});
    co_return done({{"system", path[0]}, {"component", path[1]}});
}

Async<HttpResponse> add_note(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto body = AdminBody::parse(request, {"note"});
    if (!body) co_return answer_of(body.error());
    auto const note = body->text_if_any("note").value_or("");
    if (note.size() < 4 || note.size() > 10 || note.find_first_not_of("0123456789") != std::string::npos)
        co_return wrong("note: the number of a note is needed, 4 to 10 digits in quotes");
    abap(parts, *system).add_note(note);
    co_return done({{"system", path[0]}, {"note", note}});
}

/// The number of background work processes is a parameter that counts at once. Empty: that of the configuration.
Result<void> change_wp_no_btc(AgentParts& parts, SystemSlot system, std::optional<std::string> const& value) {
    int total = parts.world.spec_of(system).batch_processes;
    if (value) {
        auto const* end = value->data() + value->size();
        auto const read = std::from_chars(value->data(), end, total);
        if (read.ec != std::errc{} || read.ptr != end || total < 0 || total > BackgroundProcessing::work_processes_max)
            return fail(ErrorCode::invalid, fmt::format("value: {} takes a number from 0 to {}", wp_no_btc,
                                                        BackgroundProcessing::work_processes_max));
    }
    abap(parts, system).set_batch_processes(total);
    parts.background.set_work_processes(system, static_cast<std::uint16_t>(total));
    return {};
}

Async<HttpResponse> put_parameter(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto& parts = agent.parts();
    auto system = system_of(parts, path[0]);
    if (!system) co_return answer_of(system.error());
    auto body = AdminBody::parse(request, {"name", "value", "unset"});
    if (!body) co_return answer_of(body.error());
    auto const name = body->text("name");
    if (!name) co_return answer_of(name.error());
    auto const value = body->text_if_any("value");
    auto const take_out = body->flag("unset");
    if (!take_out) co_return answer_of(take_out.error());
    if (name->empty() || characters(*name) > 64 || *take_out == value.has_value())
        co_return wrong("value: a parameter with a name of 1 to 64 characters has either a value or unset = true");
    if (*name == wp_no_btc) {
        if (auto const changed = change_wp_no_btc(parts, *system, value); !changed)
            co_return answer_of(changed.error());
        co_return done({{"system", path[0]}, {"name", *name}});
    }
    if (*name != db_host)
        co_return wrong(fmt::format("name: {} has no effect here; allowed: {}, {}. What belongs to the transport tool, "
                                    "such as CTC, is set in the configuration below tms",
                                    in_quotes(*name), wp_no_btc, db_host));
    abap(parts, *system).set_profile_parameter(*name, value);
    co_return done({{"system", path[0]}, {"name", *name}});
}

constexpr AdminVerb of_systems[] = {
    {"PUT", "/api/v1/users/{system}/{user}", put_user},
    {"DELETE", "/api/v1/users/{system}/{user}", delete_user},
    {"PUT", "/api/v1/workprocesses/{system}", put_work_processes},
    {"PUT", "/api/v1/components/{system}/{component}", put_component},
    {"DELETE", "/api/v1/components/{system}/{component}", delete_component},
    {"POST", "/api/v1/notes/{system}", add_note},
    {"PUT", "/api/v1/parameters/{system}", put_parameter},
};

} // namespace

std::span<AdminVerb const> system_verbs() {
    return of_systems;
}

} // namespace almd
