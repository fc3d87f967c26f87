// Upper and lower case beyond ASCII, the same in every locale.
#pragma once

#include <string>
#include <string_view>

namespace almd {

// One character for one, as Unicode's simple case mapping has it for Latin, Greek, Cyrillic and Armenian; other characters, and bytes
// that are no UTF-8, stay as they are.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

} // namespace almd
