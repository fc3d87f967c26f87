// The words of a mistake: what stands there, what is allowed, what to do. Private to this folder.
#pragma once

#include "proto/schema/schema_node.hpp"

#include <nlohmann/json_fwd.hpp>

namespace almd {

/// "200 (a number)", "\"abc\" (a text)", "a list of 3 elements".
std::string shown(nlohmann::json const& value);
/// "an integer from 1 to 9999", "one of a, b", or the schema's own x-allowed.
std::string allowed(std::vector<SchemaNode> const& nodes, std::uint32_t index);
/// "put it in quotes: \"200\""; empty when there is nothing to say.
std::string advice(SchemaNode const& node, nlohmann::json const& value);
/// Whether a value of this type could fit at all, seen through references.
bool accepts_kind(std::vector<SchemaNode> const& nodes, std::uint32_t index, std::uint8_t type);

} // namespace almd
