// The bodies of jobs and tasks: one file each. Delete the file and its row in job_runner.cpp or scheduler.cpp, and it is gone.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "proto/messages/work.hpp"

#include <vector>

namespace almd {

// Jobs (SM37). They hold a background work process until they return.
JobEnd scheduler(AgentParts& parts, JobStart const& start);
Async<JobEnd> heartbeat(AgentParts& parts, JobStart start);
Async<JobEnd> auto_discovery(AgentParts& parts, JobStart start);
Async<JobEnd> diagnostics(AgentParts& parts, JobStart start);
Async<JobEnd> import_transports_job(AgentParts& parts, JobStart start);
Async<JobEnd> client_dependent_job(AgentParts& parts, JobStart start);
Async<JobEnd> transport_check_job(AgentParts& parts, JobStart start);

/// STMS shows the requests of an import as scheduled from the moment its job is planned until it takes them.
void show_as_scheduled(AgentParts& parts, SetupIndex setup, WorkItem const& item, bool planned);
/// The job of these items was canceled before it began: the leases end, and a later poll brings them again.
void give_back_queued(AgentParts& parts, SetupIndex setup, WorkKind kind);

// Tasks, started by the scheduler as asynchronous RFC. True: everything could be sent.
Async<bool> read_transports(AgentParts& parts, SetupIndex setup);
Async<bool> read_landscape(AgentParts& parts, SetupIndex setup);
Async<bool> import_transports(AgentParts& parts, SetupIndex setup);
Async<bool> reject_check(AgentParts& parts, SetupIndex setup);
Async<bool> reject_export_checks(AgentParts& parts, SetupIndex setup);
Async<bool> reject_retrofit(AgentParts& parts, SetupIndex setup);

/// The job of Create & Export was canceled before its step began.
void client_dependent_refused(AgentParts& parts, JobStart const& start, std::string why);

/// A task takes its lock and runs from now on: the line for the log of the job that starts it.
JobLogLine begin_task(AgentParts& parts, SetupIndex setup, TaskKind kind, std::uint32_t planned);
/// Its lock is given back; its interval stretches after an error.
void end_task(AgentParts& parts, SetupIndex setup, TaskKind kind, bool sent);

/// What every task does with a failed call: count it, write it to SLG1, and stop collecting when the cloud does not know
/// this system any more.
void note_failure(AgentParts& parts, SetupIndex setup, ExternalId id, std::string_view task, CallError const& error);

} // namespace almd
