// From what tp did to what the cloud is told: pure.
#pragma once

#include "proto/messages/work.hpp"
#include "simulator/tms/tp.hpp"

#include <optional>
#include <string>

namespace almd {

/// Component versions differ: nothing was imported and no code written, which is not a final result. The guide's way (V) is
/// to solve it in TMS; that the next poll then imports the same subset is the reading of it here (I).
bool is_blocked(TpOutcome const& outcome);

/// An import that ended with 8 is finished; one that was blocked (XT216) or broke off above 8 has failed.
WorkResult result_of(TpOutcome const& outcome, std::string const& user);
WorkResult failed(std::string const& reason, std::string const& user, TimePoint started, TimePoint ended);
WorkResult rejected(std::string const& reason, std::string const& user, TimePoint at);
/// Why this item cannot be imported by a registration of that system; nullopt: it can.
std::optional<std::string> why_not_importable(WorkItem const& item, SystemId own);

} // namespace almd
