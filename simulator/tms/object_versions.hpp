// Which version of each object a system holds, and what follows: downgrades, overtakers, predecessors.
#pragma once

#include "simulator/cts/transport_organizer.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace almd {

/// The versions that imports brought into one system. The last import wins, be it older (V): that is a downgrade.
class ObjectVersions {
public:
    struct Version {
        TrRequest from;
        TimePoint released_at{}; ///< the order of versions is the order of release in the source
    };

    void import(TransportRequest const& request);
    Version const* find(ObjectView object) const; ///< null: never imported here

    /// Objects that this request would set back to an older version: what overtook it brought a newer one.
    std::vector<std::string> downgraded_by(TransportRequest const& request) const;
    /// The requests that overtook it, in order of their numbers.
    std::vector<TrRequest> overtakers_of(TransportRequest const& request) const;
    std::unordered_map<std::string, Version> const& all() const { return versions_; } ///< in no order
    std::size_t bytes() const;

private:
    bool newer_than(Version const& version, TransportRequest const& request) const;

    std::unordered_map<std::string, Version> versions_; ///< "R3TR PROG ZPROG" -> what is active
};

/// Older released requests of the source with an object in common that the target has not, by number (V). Linear in the
/// requests that share its objects.
std::vector<TrRequest> predecessors_of(TransportRequest const& request, TransportOrganizer const& source,
                                       std::function<bool(TrRequest)> const& is_in_target);

} // namespace almd
