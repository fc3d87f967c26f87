// config/schema.json at run time: the one place where defaults are stated.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace almd {

/// config/schema.json and config/demo.yaml as they were when the program was built.
std::string_view settings_schema_text();
std::string_view demo_configuration_text();

nlohmann::json const& settings_schema();
/// Puts the default of every key that is missing into the document, also inside what a default brought. Values of a wrong type stay.
void fill_defaults(nlohmann::json& document);
/// Of a document that one of the schema's definitions describes: "behaviour".
void fill_defaults(nlohmann::json& document, std::string_view definition);

} // namespace almd
