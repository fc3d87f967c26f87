// Paths into a document, the way a person writes them: "transports[3].tasks[0]". The document itself is "$".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace almd {

inline constexpr std::string_view whole_document = "$";

/// ".name", without the dot at the start of a path; a key that is no plain word becomes ["..."], cut at 80 bytes and with ?
/// for what could be mistaken for the end of the path.
void append_key(std::string& path, std::string_view key);
void append_index(std::string& path, std::size_t index);
/// `path`, or "$" when it is empty: what a person reads.
std::string_view shown_path(std::string_view path);

} // namespace almd
