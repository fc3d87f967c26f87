// The table of capabilities.
#include "agent/setup/capabilities.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace almd {

namespace {

struct Capability {
    std::string_view name;
    StPiLevel level{};                       ///< has it
    StPiLevel level_with_notes{};            ///< has it with both notes
    std::array<std::string_view, 2> notes{}; ///< none: level decides alone
};

constexpr Capability capabilities[]{
    {"create"},
    {"release"},
    {"toc"},
    {"deleteEmpty"},
    {"import"},
    {"check", {740, 28}, {740, 27}, {"3497169", "3497168"}},
    {"exportCheck", {740, 31}, {740, 30}, {"3569187", "3569295"}},
    {"retrofit", {740, 32}, {740, 31}, {"3688071", "3639096"}},
};

} // namespace

std::vector<std::string> capabilities_of(StPiLevel st_pi, std::span<std::string const> notes) {
    auto const has = [&](std::string_view note) { return std::ranges::find(notes, note) != notes.end(); };
    std::vector<std::string> all;
    for (auto const& one : capabilities)
        if (st_pi >= one.level || (st_pi >= one.level_with_notes && std::ranges::all_of(one.notes, has)))
            all.emplace_back(one.name);
    return all;
}

} // namespace almd
