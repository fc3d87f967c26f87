// Bodies and refusals of the admin API's verbs.
#include "agent/admin/admin_verb.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

constexpr AdminRefusal refusals[] = {
    {ErrorCode::invalid, 400, "INVALID"},
    {ErrorCode::not_found, 404, "NOT_FOUND"},
    {ErrorCode::conflict, 409, "CONFLICT"},
    {ErrorCode::too_large, 413, "TOO_LARGE"},
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

HttpResponse answer_of(Error const& error) {
    auto const* row = std::ranges::find(refusals, error.code, &AdminRefusal::code);
    return error_response(row->status, std::string{row->name},
                          error.code == ErrorCode::stopped ? "almd is stopping" : error.context);
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

Result<SystemSlot> system_of(AgentParts& parts, std::string_view text) {
    auto sid = SystemId::parse(text);
    if (!sid) return std::unexpected(sid.error());
    auto slot = parts.world.find(*sid);
    if (!slot) return fail(ErrorCode::not_found, fmt::format("there is no system {} in this landscape", sid->text()));
    return *slot;
}

} // namespace almd
