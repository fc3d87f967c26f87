// Which version of each object a system holds, and what follows: downgrades, overtakers, predecessors.
#pragma once

#include "simulator/cts/transport_organizer.hpp"

#include <functional>
#include <map>
#include <span>
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

    /// `not_written`: objects that the system did not let be overwritten ("R3TR PROG ZPROG"), sorted.
    void import(TransportRequest const& request, std::span<std::string const> not_written = {});
    Version const* find(ObjectView object) const; ///< null: never imported here

    struct Overtaken {
        std::string object;
        TrRequest by; ///< brought the newer version that is active
    };
    /// Objects that this request would set back to an older version, as they stand in it.
    std::vector<Overtaken> overtaken(TransportRequest const& request) const;

    struct Active {
        std::string_view object;
        Version version;
        Version const* newer = nullptr; ///< the newest version that was here before it; null: no downgrade
    };
    /// By object; good until the next import.
    std::vector<Active> all() const;
    std::size_t bytes() const;

private:
    bool newer_than(Version const& version, TransportRequest const& request) const;

    std::unordered_map<std::string, Version> versions_; ///< "R3TR PROG ZPROG" -> what is active
    std::map<std::string, Version, std::less<>> newer_; ///< of those that were set back
};

/// Older released requests of the source with an object in common that the target has not, by number (V). Linear in the
/// requests that share its objects.
std::vector<TrRequest> predecessors_of(TransportRequest const& request, TransportOrganizer const& source,
                                       std::function<bool(TrRequest)> const& is_in_target);

} // namespace almd
