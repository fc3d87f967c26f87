// Lengths of UTF-8 texts in characters, as people and SAP's fields count them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace almd {

/// Does a character begin with this byte? The others continue one.
constexpr bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

/// Of valid UTF-8.
constexpr std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

/// Nothing to see in it: empty, or spaces and tabs only.
constexpr bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// At most that many from the front, none of them cut in two.
constexpr std::string_view first_characters(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t taken = 0; end < text.size(); ++end)
        if (begins_character(text[end]) && taken++ == most) break;
    return text.substr(0, end);
}

} // namespace almd
