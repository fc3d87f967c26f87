// STMS by hand: a change of the transport configuration, with what the rest of the system needs for a new one.
#pragma once

#include "agent/setup/agent_parts.hpp"

namespace almd {

/// Error: conflict in a fleet, whose systems are counted once and for all; else as Landscape::change_configuration.
Result<ConfigurationActivated> change_landscape(AgentParts& parts, ConfigurationChange const& change,
                                                std::string author);

} // namespace almd
