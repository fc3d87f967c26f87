// Paths into a document, the way a person writes them.
#include "proto/schema/json_path.hpp"

#include <algorithm>

namespace almd {

namespace {

constexpr std::size_t key_bytes_max = 80;

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

void append_key(std::string& path, std::string_view key) {
    if (!key.empty() && key.size() <= key_bytes_max && std::ranges::all_of(key, is_word)) {
        if (!path.empty()) path += '.';
        path += key;
        return;
    }
    std::size_t length = std::min(key.size(), key_bytes_max);
    while (length > 0 && length < key.size() && (static_cast<unsigned char>(key[length]) & 0xc0) == 0x80) --length;
    path += "[\"";
    for (char c : key.substr(0, length))
        path += static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == ':' ? '?' : c;
    if (length < key.size()) path += "...";
    path += "\"]";
}

void append_index(std::string& path, std::size_t index) {
    path += '[';
    path += std::to_string(index);
    path += ']';
}

std::string_view shown_path(std::string_view path) {
    return path.empty() ? whole_document : path;
}

} // namespace almd
