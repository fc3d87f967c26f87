// What a system can do for Change and Deployment Management, by the level of ST-PI and its notes.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <span>
#include <string>
#include <vector>

namespace almd {

/// For the daily diagnostic, which tells the cloud (V). Check, export checks and retrofit with the support package or the
/// notes that the set-up guide names for their tasks (V); that the support package after them has the notes is inferred
/// (I), and so is that every level has the others. What this version answers with `rejected` a system of its level could.
std::vector<std::string> capabilities_of(StPiLevel st_pi, std::span<std::string const> notes);

} // namespace almd
