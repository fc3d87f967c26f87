// The consistency check of a landscape: one finding per broken rule, before anything is built from it.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <string>
#include <vector>

namespace almd {

struct ConsistencyFinding {
    std::string path; ///< inside the landscape: "tms.delivery_routes[1].to"
    std::string text; ///< what was found and what is allowed
    friend bool operator==(ConsistencyFinding const&, ConsistencyFinding const&) = default;
};

/// Rules of reference/cts-tms.md 2.2 and reference/cloud-alm.md 4.4, with which systems, routes and requests fit together.
/// In the order of the specification; empty: consistent.
std::vector<ConsistencyFinding> check_landscape(LandscapeSpec const& spec);

} // namespace almd
