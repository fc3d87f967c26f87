// From what tp did to what the cloud is told: pure.
#pragma once

#include "proto/messages/work.hpp"
#include "simulator/tms/tp.hpp"

#include <optional>
#include <string>

namespace almd {

/// An import that ended with 8 is finished; one that was blocked (XT216) or broke off above 8 has failed.
WorkResult result_of(TpOutcome const& outcome, std::string const& user);
WorkResult failed(std::string const& reason, std::string const& user, TimePoint started, TimePoint ended);
WorkResult rejected(std::string const& reason, std::string const& user, TimePoint at);
/// Why this item cannot be imported by a registration of that system; nullopt: it can.
std::optional<std::string> why_not_importable(WorkItem const& item, SystemId own);

} // namespace almd
