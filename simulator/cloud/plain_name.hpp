// Names that stand in paths, in log lines and in the journal as they are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace almd {

/// At most so many letters, digits, ".", "-" and "_".
constexpr bool is_plain_name(std::string_view name, std::size_t most) {
    return name.size() <= most && std::ranges::all_of(name, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                      c == '-' || c == '_';
           });
}

} // namespace almd
