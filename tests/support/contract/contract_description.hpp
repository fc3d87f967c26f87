// An OpenAPI description as the checker walks it: operations with their compiled schemas.
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

Result<std::vector<ContractOperation>> read_openapi(nlohmann::json const& document);

} // namespace almd
