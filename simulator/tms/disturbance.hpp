// What a behaviour breaks in a system for a while: a support package that is missing, a user that is locked.
#pragma once

#include "simulator/tms/behaviour.hpp"
#include "simulator/tms/landscape.hpp"

#include <optional>
#include <string>

namespace almd {

struct Disturbance {
    BehaviourOutcome kind = BehaviourOutcome::component_mismatch;
    SystemId system;
    std::string subject; ///< name of the component or user
    int level = 0;       ///< support package that the component was taken back to
    TimePoint until{};
};

/// component_mismatch: the target of the request loses one support package of a component; lock_user: its owner is locked
/// in its system, or the user that the behaviour names, in source or target. None: there is nothing to break, or it is
/// broken already; nothing was changed then.
std::optional<Disturbance> begin_disturbance(Landscape& landscape, TransportRequest const& request,
                                             Behaviour const& behaviour, TimePoint until);
/// Repairs it, unless a person did so before.
void end_disturbance(Landscape& landscape, Disturbance const& disturbance);

} // namespace almd
