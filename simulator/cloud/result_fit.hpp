// Whether a result speaks of the work item that it answers: its transports, its target, the numbers of its own system.
#pragma once

#include "proto/messages/work.hpp"

#include <optional>
#include <string>

namespace almd {

struct ResultMisfit {
    std::string target; ///< path of the field: "transports[1].trkorr"
    std::string message;
};

/// Of a work item that is done in this system. Who failed or rejected it need not name any transport; who finished it names all
/// of them, and what creation and copying made. No code is below one that it sums up, and nothing ends before it starts.
std::optional<ResultMisfit> misfit_of(WorkItem const& item, SystemId executing, WorkResult const& result);

} // namespace almd
