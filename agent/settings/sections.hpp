// The sections of a configuration, each read by its own function; later ones are checked against earlier ones.
#pragma once

#include "agent/settings/node.hpp"
#include "agent/settings/settings.hpp"

namespace almd {

/// The landscape and whether all of it could be read: then places in its lists are places in the file.
struct LandscapeReading {
    LandscapeSpec spec;
    bool systems_complete = true;  ///< else an unknown SID may be the one that could not be read: no second note for it
    bool requests_complete = true; ///< the same for aliases
    std::vector<SystemId> clients_incomplete; ///< the same for the clients of these systems
    bool complete = true;
    bool consistent = false; ///< complete, and no rule of the transport domain is broken: routes mean what they say

    SystemSpec const* find(SystemId id) const;
    std::vector<std::string> sids() const;
    /// Where imports lead to: all targets of routes, groups taken apart.
    std::vector<TransportTarget> import_targets() const;
    /// A note at `node` unless the system is there.
    SystemSpec const* known_system(Node const& node, SystemId id) const;
    /// A note at `node` unless the client is there.
    void known_client(Node const& node, SystemSpec const& system, Client client) const;
};

LandscapeReading read_landscape(Node const& landscape);

/// One of landscape.systems; `reading` notes what of it could not be read.
SystemSpec read_system(Node const& node, SystemId id, LandscapeReading& reading);

/// tables and rfc_destinations of a system.
void read_customizing(Node const& node, SystemSpec& system);

/// landscape.activity with the behaviour files that it names, of which the landscape gets those of imports; nothing
/// there: nobody works.
ActivitySpec read_activity(Node const& activity, LandscapeReading& landscape, std::filesystem::path const& directory);

std::vector<DestinationSpec> read_destinations(Node const& destinations, std::filesystem::path const& directory);

std::vector<SetupSpec> read_setups(Node const& setups, LandscapeReading const& landscape,
                                   std::vector<DestinationSpec> const& destinations);

std::vector<StoryStep> read_story(Node const& story, LandscapeReading const& landscape);

/// cloud, stand_in, strust, retry, history, fleet, seed.
void read_run(Node const& root, std::filesystem::path const& directory, Settings& settings);

/// A file that the configuration names: the path it stands for, and a note when there is no such file.
std::optional<std::filesystem::path> read_file_name(Node const& node, std::filesystem::path const& directory);

} // namespace almd
