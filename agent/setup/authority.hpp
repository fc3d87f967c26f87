// What the users of /SDF/ALM_SETUP may do: whether a background user can log on and has the roles of a job or task.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "agent/setup/roles.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace almd {

/// Why somebody may not.
struct NotAllowed {
    LogonState logon = LogonState::good; ///< good: it is the role that is missing
    std::string_view missing_role;
};

/// A user of whom the configuration says nothing (null) exists with all it needs, unless somebody deleted it.
std::optional<NotAllowed> not_allowed(UserSpec const* user, bool deleted, Day today, Roles needed);

/// The end of a job that its background user may not run; none: it may.
std::optional<JobEnd> job_refusal(AgentParts& parts, JobStart const& start);
/// The line of a task that the background user may not run, which is written to SLG1, too; none: it may.
std::optional<JobLogLine> task_refusal(AgentParts& parts, SetupIndex setup, TaskKind task);
/// Why somebody may not register: the message on the screen, and the reason that SLG1 has.
struct SetUpRefusal {
    std::string message, reason;
};
/// None: the set-up user may register.
std::optional<SetUpRefusal> setup_refusal(AgentParts& parts, SetupIndex setup);

/// The user as it is now, or with all it needs when the configuration says nothing about it; none: it was deleted.
std::optional<UserSpec> user_as_meant(World const& world, SystemSlot system, std::string_view name);
/// The user as it is now, or as it is meant when the configuration says nothing about it: for a change by hand. Error
/// not_found: nobody by that name, and no set-up of the system is for it.
Result<UserSpec> user_now(AgentParts& parts, SystemSlot system, std::string_view name);

} // namespace almd
