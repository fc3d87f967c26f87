// Walks document and schema side by side; knows as much of JSON Schema as config/schema.json uses around a default.
#include "agent/settings/schema_defaults.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace almd {

namespace {

nlohmann::json const& definition(std::string_view reference) {
    constexpr std::string_view prefix = "#/definitions/";
    return settings_schema().at("definitions").at(std::string{reference.substr(prefix.size())});
}

/// The schema has no cycle, so its own depth bounds the recursion.
void fill(nlohmann::json& value, nlohmann::json const& schema) {
    if (auto const reference = schema.find("$ref"); reference != schema.end())
        return fill(value, definition(reference->get<std::string>()));
    if (auto const parts = schema.find("allOf"); parts != schema.end())
        for (auto const& part : *parts) fill(value, part);
    if (auto const items = schema.find("items"); items != schema.end() && value.is_array())
        for (auto& item : value) fill(item, *items);
    auto const properties = schema.find("properties");
    if (properties == schema.end() || !value.is_object()) return;
    for (auto const& [key, property] : properties->items()) {
        auto const otherwise = property.find("default");
        if (!value.contains(key) && otherwise != property.end()) value[key] = *otherwise;
        if (value.contains(key)) fill(value[key], property);
    }
}

} // namespace

nlohmann::json const& settings_schema() {
    static nlohmann::json const schema = nlohmann::json::parse(settings_schema_text());
    return schema;
}

void fill_defaults(nlohmann::json& document) {
    fill(document, settings_schema());
}

void fill_defaults(nlohmann::json& document, std::string_view definition) {
    fill(document, settings_schema().at("definitions").at(std::string{definition}));
}

} // namespace almd
