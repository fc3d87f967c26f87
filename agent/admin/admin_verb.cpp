// Bodies and refusals of the admin API's verbs.
#include "agent/admin/admin_verb.hpp"

#include "proto/schema/json_text.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

constexpr AdminRefusal refusals[] = {
    {ErrorCode::invalid, 400, "INVALID"},
    {ErrorCode::forbidden, 403, "FORBIDDEN"},
    {ErrorCode::not_found, 404, "NOT_FOUND"},
    {ErrorCode::conflict, 409, "CONFLICT"},
    {ErrorCode::too_large, 413, "TOO_LARGE"},
    {ErrorCode::full, 409, "LIMIT"},
    {ErrorCode::stopped, 503, "STOPPING"},
    {ErrorCode::refused, 502, "CLOUD_REFUSED"},
    {ErrorCode::unreachable, 502, "CLOUD_UNREACHABLE"},
    {ErrorCode::timed_out, 502, "CLOUD_TIMED_OUT"},
    {ErrorCode::closed, 502, "CLOUD_CLOSED"},
    {ErrorCode::tls, 502, "CLOUD_TLS"},
    {ErrorCode::protocol, 502, "CLOUD_PROTOCOL"},
    {ErrorCode::throttled, 502, "CLOUD_THROTTLED"},
    {ErrorCode::unavailable, 502, "CLOUD_UNAVAILABLE"},
    {ErrorCode::io, 502, "CLOUD_IO"},
};

} // namespace

std::span<AdminRefusal const> admin_refusals() {
    return refusals;
}

HttpResponse answer_of(Error const& error, std::string_view about) {
    auto const* row = std::ranges::find(refusals, error.code, &AdminRefusal::code);
    std::string code{row->name};
    bool const ours = row->status < 500; // what a cloud says may look like anything
    if (auto const* entry = ours ? find_text(error.context) : nullptr; entry && !entry->number.empty())
        code = std::string{entry->message_class}.append(entry->number);
    return error_response(row->status, std::move(code),
                          error.code == ErrorCode::stopped ? "almd is stopping" : error.context, std::string{about});
}

HttpResponse done() {
    return json_response(200, "{}");
}

HttpResponse done(nlohmann::json const& body) {
    return json_response(200, body.dump());
}

Result<AdminBody> AdminBody::parse(HttpRequest const& request, std::initializer_list<std::string_view> allowed) {
    AdminBody body;
    if (request.body.empty()) return body;
    auto json = std::make_shared<nlohmann::json>(nlohmann::json::parse(request.body, nullptr, false));
    if (!json->is_object()) return fail(ErrorCode::invalid, "the body is not a JSON object");
    if (auto const strict = parse_request_body(request.body); !strict) return std::unexpected{strict.error()};
    for (auto const& [key, value] : json->items())
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
            return fail(ErrorCode::invalid, fmt::format("{}: unknown key; allowed: {}", key, fmt::join(allowed, ", ")));
    body.json_ = std::move(json);
    return body;
}

Result<std::string> AdminBody::text(std::string_view key) const {
    auto found = text_if_any(key);
    if (!found) return fail(ErrorCode::invalid, fmt::format("{}: a string is needed", key));
    return *std::move(found);
}

std::optional<std::string> AdminBody::text_if_any(std::string_view key) const {
    auto const* value = find(key);
    return value && value->is_string() ? std::optional{value->get<std::string>()} : std::nullopt;
}

nlohmann::json const* AdminBody::find(std::string_view key) const {
    if (!json_) return nullptr;
    auto at = json_->find(key);
    return at == json_->end() || at->is_null() ? nullptr : &*at;
}

Result<std::optional<std::string>> AdminBody::name_if_any(std::string_view key, Rule rule) const {
    if (!find(key)) return std::nullopt;
    auto found = text(key);
    if (!found) return std::unexpected{found.error()};
    if (auto const allowed = rule(*found); !allowed)
        return fail(ErrorCode::invalid, fmt::format("{}: {}", key, allowed.error().context));
    return std::optional{*std::move(found)};
}

Result<std::string> AdminBody::name(std::string_view key, Rule rule) const {
    auto found = name_if_any(key, rule);
    if (!found) return std::unexpected{found.error()};
    if (!*found) return text(key); // it is missing, and that is the error
    return **std::move(found);
}

Result<std::string> AdminBody::name_or(std::string_view key, Rule rule, std::string_view otherwise) const {
    auto found = name_if_any(key, rule);
    if (!found) return std::unexpected{found.error()};
    return std::move(*found).value_or(std::string{otherwise});
}

Result<bool> AdminBody::flag(std::string_view key, bool if_missing) const {
    auto const* value = find(key);
    if (!value) return if_missing;
    if (!value->is_boolean()) return fail(ErrorCode::invalid, fmt::format("{}: true or false is needed", key));
    return value->get<bool>();
}

Result<std::vector<std::string>> AdminBody::texts(std::string_view key, std::string_view example) const {
    std::vector<std::string> all;
    auto const* list = find(key);
    if (!list) return all;
    auto const is_text = [](nlohmann::json const& item) { return item.is_string(); };
    if (!list->is_array() || !std::ranges::all_of(*list, is_text))
        return fail(ErrorCode::invalid, fmt::format("{}: an array of strings such as \"{}\" is needed", key, example));
    for (auto const& item : *list) all.push_back(item.get<std::string>());
    return all;
}

namespace {

std::string sids_of(World const& world) {
    std::string all;
    for (SystemSlot system = 0; system < world.systems_per_landscape(); ++system)
        all.append(all.empty() ? "" : ", ").append(world.sid(system).text());
    return all;
}

} // namespace

Result<SystemSlot> system_of(AgentParts& parts, std::string_view text) {
    auto sid = SystemId::parse(text);
    if (!sid) return std::unexpected(sid.error());
    auto slot = parts.world.find(*sid);
    if (slot) return *slot;
    if (parts.world.landscapes() > 1)
        return fail(ErrorCode::not_found,
                    fmt::format("{} is not in the first landscape, the only one of a fleet that is changed by hand: {}",
                                sid->text(), sids_of(parts.world)));
    return fail(ErrorCode::not_found, fmt::format("there is no system {} in this landscape", sid->text()));
}

Result<Landscape*> landscape_of(Agent& agent, SystemId system) {
    auto& world = agent.parts().world;
    if (world.landscapes() > 1)
        return fail(ErrorCode::conflict, "requests are made by hand in one landscape only, not in a fleet");
    auto& parts = agent.parts();
    auto const slot = system_of(parts, system.text());
    if (!slot) return std::unexpected{slot.error()};
    auto& landscape = world.keep(0);
    for (auto const setup : parts.setups.of_system(*slot)) // who runs its jobs exists, and may have a request
        for (auto const& user : {parts.setups.spec(setup).background_user, parts.setups.spec(setup).setup_user})
            landscape.system(system).expect_user(user);
    return &landscape;
}

} // namespace almd
