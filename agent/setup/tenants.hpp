// The warning where one production system reports to more than one tenant.
#pragma once

#include "agent/setup/agent_parts.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// Of a configuration, before anything runs. `tenant` names what the key of a destination opens.
std::vector<std::string> tenant_warnings(Settings const& settings,
                                         std::function<std::string(DestinationSpec const&)> const& tenant);

/// By its role, or because it is the last one of a track (V).
bool is_production(World const& world, SystemSlot system);
/// The warning about a system, by its set-ups that are registered; none: there is one tenant, or it is not production.
std::optional<std::string> tenant_warning(AgentParts const& parts, SystemSlot system);

} // namespace almd
