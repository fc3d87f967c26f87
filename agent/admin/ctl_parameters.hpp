// What the verb tables of `almd ctl` share: parameters that stand in paths, and the tables themselves.
#pragma once

#include "agent/admin/ctl_tables.hpp"

namespace almd::ctl_verb_tables {

using Kind = CtlKind;

constexpr CtlParameter in_path(std::string_view name, std::string_view key, std::string_view help) {
    return {name, key, Kind::text, true, true, help};
}

inline constexpr CtlParameter system_part = in_path("system", "{system}", "SID, such as DEV");
inline constexpr CtlParameter client_part = in_path("client", "{client}", "client, such as 000");
inline constexpr CtlParameter name_part = in_path("name", "{name}", "name of the destination");
inline constexpr std::span<CtlParameter const> no_parameters{};
inline constexpr auto answer = CtlShow::answer;

// One table for each screen; each in a file of its own.
std::span<CtlVerb const> setup_verbs();
std::span<CtlVerb const> transport_verbs();
std::span<CtlVerb const> cloud_verbs();
std::span<CtlVerb const> system_verbs();

} // namespace almd::ctl_verb_tables
