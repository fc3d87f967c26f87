// Does a value fit its schema: the yes or no that a server asks for each request. Private to this folder.
#pragma once

#include "proto/schema/json_text.hpp"
#include "proto/schema/schema_node.hpp"

#include <string_view>
#include <vector>

namespace almd {

/// The first node is the schema. `uniqueItems` is not looked at.
bool accepts_text(std::vector<SchemaNode> const& nodes, JsonText const& text);

bool is_uuid(std::string_view text);

} // namespace almd
