// From a JSON Schema to the nodes that the validator walks. Private to this folder.
#pragma once

#include "proto/schema/schema_node.hpp"
#include "simulator/kernel/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace almd {

/// The first node is the schema at `pointer`.
Result<std::vector<SchemaNode>> compile_schema(nlohmann::json const& document, std::string_view pointer);

} // namespace almd
