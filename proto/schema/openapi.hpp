// An OpenAPI description as who checks exchanges walks it: operations with their compiled schemas.
#pragma once

#include "proto/schema/validator.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace almd {

enum class ParameterType : std::uint8_t { text, integer, boolean, list };

struct ContractParameter {
    std::string name, in; // path, query or header
    bool required = false;
    ParameterType type = ParameterType::text;
    Validator schema;
};

using ContractContent = std::map<std::string, Validator>; // by media type

struct ContractAnswer {
    ContractContent content;
    std::vector<std::string> required_headers;
};

struct ContractOperation {
    std::string id, method, pattern;
    std::vector<ContractParameter> parameters;
    bool needs_bearer = false;
    bool body_required = false;
    ContractContent body;
    std::map<std::string, ContractAnswer> answers; // "200", "default"
};

/// What a parameter's text stands for; text that is no such thing stays text, and the schema says so.
nlohmann::json parameter_value(ParameterType type, std::string const& text);

/// Errors when it is not OpenAPI 3.0 in the part that is understood here.
Result<std::vector<ContractOperation>> read_openapi(nlohmann::json const& document);

} // namespace almd
