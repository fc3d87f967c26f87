// "did you mean jitter?": the known name that a wrong one most likely stands for.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace almd {

/// Fewest edits (insert, delete, replace, swap of neighbours), ignoring case and the difference of - and _; at most a
/// third of the name's letters may differ, else there is no good guess.
std::optional<std::string_view> nearest_name(std::string_view wrong, std::span<std::string_view const> known);

} // namespace almd
