// Bodies and refusals of the admin API's verbs.
#include "agent/admin/admin_verb.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

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

Result<SystemSlot> system_of(AgentParts& parts, std::string_view text) {
    auto sid = SystemId::parse(text);
    if (!sid) return std::unexpected(sid.error());
    auto slot = parts.world.find(*sid);
    if (!slot) return fail(ErrorCode::not_found, fmt::format("there is no system {} in this landscape", sid->text()));
    return *slot;
}

} // namespace almd
