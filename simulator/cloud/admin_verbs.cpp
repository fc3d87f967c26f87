// Reading the body of a verb.
#include "simulator/cloud/admin_verbs.hpp"

#include "proto/schema/json_text.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

HttpResponse refuse(Error const& error, std::string_view target) {
    switch (error.code) {
    case ErrorCode::not_found: return error_response(404, "NOT_FOUND", error.context, target);
    case ErrorCode::conflict: return error_response(409, "CONFLICT", error.context, target);
    case ErrorCode::full:
    case ErrorCode::too_large: return error_response(409, "LIMIT", error.context, target);
    case ErrorCode::refused: return error_response(422, "RULE_BROKEN", error.context, target);
    default: return error_response(400, "INVALID", error.context, target);
    }
}

HttpResponse good(int status, nlohmann::json const& body) {
    return json_response(status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

VerbBody::VerbBody(RoutedRequest const& request, std::initializer_list<std::string_view> keys)
    : json_{std::make_unique<nlohmann::json>(nlohmann::json::object())} {
    if (!request.http.body.empty()) *json_ = nlohmann::json::parse(request.http.body, nullptr, false);
    if (!json_->is_object()) {
        *json_ = nlohmann::json::object();
        wrong("$", "the body must be a JSON object");
    }
    if (auto const text = parse_request_body(request.http.body); !request.http.body.empty() && !text)
        wrong("$", text.error().context);
    for (auto const& [key, value] : json_->items())
        if (std::ranges::find(keys, key) == keys.end())
            wrong(key, fmt::format("unknown key; allowed: {}", fmt::join(keys.begin(), keys.end(), ", ")));
}

VerbBody::~VerbBody() = default;

bool VerbBody::has(std::string_view key) const {
    return json_->contains(key) && !json_->at(key).is_null();
}

std::string VerbBody::text(std::string_view key, bool required) {
    if (!has(key)) return required ? wrong(key, "is missing") : void(), std::string{};
    if (!json_->at(key).is_string()) return wrong(key, "must be text"), std::string{};
    return json_->at(key).get<std::string>();
}

std::vector<std::string> VerbBody::texts(std::string_view key, bool required) {
    std::vector<std::string> list;
    if (!has(key)) return required ? wrong(key, "is missing") : void(), list;
    if (!json_->at(key).is_array()) return wrong(key, "must be a list of texts"), list;
    for (auto const& element : json_->at(key)) {
        if (!element.is_string()) return wrong(key, "must be a list of texts"), list;
        list.push_back(element.get<std::string>());
    }
    return list;
}

bool VerbBody::flag(std::string_view key) {
    if (!has(key)) return wrong(key, "is missing"), false;
    if (!json_->at(key).is_boolean()) return wrong(key, "must be true or false"), false;
    return json_->at(key).get<bool>();
}

int VerbBody::number(std::string_view key, int max) {
    if (!has(key)) return 0;
    auto const& value = json_->at(key);
    if (!value.is_number_integer() || value.get<double>() < 1 || value.get<double>() > max)
        return wrong(key, fmt::format("must be a whole number from 1 to {}", max)), 0;
    return value.get<int>();
}

std::map<std::string, std::string> VerbBody::text_map(std::string_view key) {
    std::map<std::string, std::string> map;
    if (!has(key)) return map;
    if (!json_->at(key).is_object()) return wrong(key, "must be an object of texts"), map;
    for (auto const& [name, value] : json_->at(key).items()) {
        if (!value.is_string()) return wrong(key, "must be an object of texts"), map;
        map[name] = value.get<std::string>();
    }
    return map;
}

void VerbBody::wrong(std::string_view key, std::string_view sentence) {
    if (!mistake_) mistake_ = error_response(400, "INVALID", fmt::format("{}: {}", key, sentence), key);
}

} // namespace almd
