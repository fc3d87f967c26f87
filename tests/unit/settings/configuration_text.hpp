// Configurations for tests: the shipped files, changed at one place or another.
#pragma once

#include "agent/settings/settings.hpp"
#include "tests/unit/settings/spell_out.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace almd {

inline std::filesystem::path const config_folder = std::filesystem::path{ALMD_SOURCE_DIR} / "config";

inline std::string text_of(std::filesystem::path const& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Change {
    std::string from, to; ///< the first occurrence
};

inline std::string changed(std::string text, std::vector<Change> const& changes) {
    for (auto const& [from, to] : changes) {
        auto const at = text.find(from);
        if (at == std::string::npos) throw std::logic_error{"no \"" + from + "\" in the text"};
        text.replace(at, from.size(), to);
    }
    return text;
}

using Loaded = std::variant<Settings, std::vector<SettingsMistake>>;

inline Loaded parse(std::string const& yaml) {
    return parse_settings(yaml, "test.yaml", config_folder);
}

inline Settings good(Loaded const& loaded) {
    if (auto const* mistakes = std::get_if<1>(&loaded)) throw std::logic_error{"mistakes:\n" + spell_out(*mistakes)};
    return std::get<Settings>(loaded);
}

inline std::vector<SettingsMistake> mistakes(Loaded const& loaded) {
    return std::holds_alternative<Settings>(loaded) ? std::vector<SettingsMistake>{} : std::get<1>(loaded);
}

inline testing::Matcher<SettingsMistake const&> mistake(std::string path, std::string part) {
    return testing::AllOf(testing::Field("path", &SettingsMistake::path, path),
                          testing::Field("message", &SettingsMistake::message, testing::HasSubstr(part)));
}

inline void PrintTo(SettingsMistake const& one, std::ostream* out) {
    *out << one.where << ": " << one.path << ": " << one.message;
}

/// The least that is a configuration.
inline constexpr std::string_view smallest = R"(landscape:
  systems:
    - id: DEV
      clients: [{number: "000"}, {number: "100"}]
  tms: {controller: DEV}
)";

} // namespace almd
