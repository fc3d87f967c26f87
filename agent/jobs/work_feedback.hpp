// How results of work get to the cloud, and stay the same however often they are told.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "agent/setup/work_memory.hpp"

namespace almd {

/// Tells the cloud what became of an ended item; the key depends on item and status only. False: it stays unreported.
Async<bool> report_result(AgentParts& parts, SetupIndex setup, WorkId work);
/// Everything of this set-up that the cloud has not taken yet. False: at least one is still unreported.
Async<bool> report_unreported(AgentParts& parts, SetupIndex setup);
/// "started" renews the lease. Good also when the cloud could not be reached: the work is ours until it says otherwise.
/// Error: the cloud knows better (item withdrawn or ended), so do not begin.
Async<Result<void>> report_started(AgentParts& parts, SetupIndex setup, WorkId work);

} // namespace almd
