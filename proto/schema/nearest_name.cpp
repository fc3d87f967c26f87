// Edit distance over the known names; names are short, so the plain table is fine.
#include "proto/schema/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace almd {

namespace {

constexpr std::size_t length_max = 40; // longer names get no guess

char folded(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

std::size_t edits(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, length_max + 1>, length_max + 1> cost{};
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            std::size_t replace = cost[i - 1][j - 1] + (folded(a[i - 1]) != folded(b[j - 1]));
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
            bool swapped =
                i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

} // namespace

std::optional<std::string_view> nearest_name(std::string_view wrong, std::span<std::string_view const> known) {
    if (wrong.empty() || wrong.size() > length_max) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t fewest = length_max;
    for (std::string_view name : known) {
        if (name.empty() || name.size() > length_max) continue;
        std::size_t distance = edits(wrong, name);
        if (distance < fewest && distance * 3 <= std::max(wrong.size(), name.size())) {
            fewest = distance;
            best = name;
        }
    }
    return best;
}

} // namespace almd
