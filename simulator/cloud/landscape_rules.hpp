// Which landscapes Cloud ALM can work with (reference/cloud-alm.md 4.4), and the tracks that follow from one.
#pragma once

#include "proto/messages/landscape.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct LandscapeFinding {
    std::string_view code; ///< CTC_REQUIRED, DUPLICATE_SID, UNKNOWN_ROUTE_END, EMPTY_TARGET_GROUP, TRANSPORT_LOOP, ...
    std::string message, target;
};

/// The first rule that a landscape breaks on its own; none: good.
std::optional<LandscapeFinding> check_landscape(LandscapePush const& landscape);

/// One step on the way of a transport.
struct TrackStop {
    TransportTarget target; ///< SID.CLIENT
    int level = 0;          ///< 0: consolidation target; later stops are further away on the longest way
    bool last = false;      ///< nothing follows: counts as production, whatever its role says (V)
    bool virtual_system = false;
};

/// Where a transport with this target goes, nearest first. Empty: the target is not in the landscape.
std::vector<TrackStop> track_of(LandscapePush const& landscape, TransportTarget const& first);

} // namespace almd
