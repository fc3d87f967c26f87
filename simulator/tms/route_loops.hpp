// Does a request come back to where it was? Walks the routes over SID.CLIENT, so that one SID may be a whole track.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <optional>
#include <string>

namespace almd {

struct RouteLoop {
    std::string path; ///< of the route that closes it
    std::string text; ///< "the routes lead in a circle: QUA.200 > PRD.300 > QUA.200"
};

/// The routes must name existing systems and groups (consistency.hpp).
std::optional<RouteLoop> find_route_loop(LandscapeSpec const& spec);

} // namespace almd
