// The jobs of a system: those that /SDF/ALM_SETUP generates and tp's RDDIMPDP; one row each, and nothing else in the house
// knows their names.
#pragma once

#include "proto/ids.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace almd {

enum class Program : std::uint8_t {
    scheduler,
    heartbeat,
    auto_discovery,
    diagnostics,
    import_transports,
    client_dependent,
    transport_check,
    rddimpdp
};

struct GeneratedJob {
    Program program;
    std::string_view job;        ///< SM37 name; "<name>": the Target ALM Description, "<client>": the client
    std::string_view report;     ///< ABAP report of step 1; Auto Discovery's is unknown (U), so its name is ours
    std::chrono::minutes period; ///< 0: not periodic, or with the interval of its task
    std::string_view when;
};

/// Source: reference/cloud-alm.md 3.3 (V; report of Auto Discovery U), reference/cts-tms.md 3.6 for RDDIMPDP (names and
/// event I); the report of TR_PROC_CL_DEP is I.
inline constexpr std::array<GeneratedJob, 8> generated_jobs{{
    {Program::scheduler, "CALM Scheduler <name>", "/SDF/CALM_SCHEDULER", std::chrono::minutes{1},
     "from registration on"},
    {Program::heartbeat, "CALM Heartbeat <name>", "/SDF/CALM_HEARTBEAT", std::chrono::minutes{5},
     "from registration on"},
    {Program::auto_discovery, "CALM Auto Discovery <name>", "/SDF/CALM_AUTO_DISCOVERY", std::chrono::minutes{0},
     "once, at registration"},
    {Program::diagnostics, "/SDF/CALM_CDM_DIAGNOSTICS", "/SDF/CALM_CDM_DIAGNOSTICS", std::chrono::minutes{1440},
     "client 000, at the first activation of a transport task, then daily"},
    {Program::import_transports, "/SDF/CALM_CDM_IMPORT_TRANSPORTS", "/SDF/CALM_CDM_IMPORT_TRANSPORTS",
     std::chrono::minutes{0}, "client 000, only when there is something to deploy"},
    {Program::client_dependent, "/SDF/CALM_CDM_TR_PROC_CL_DEP-<client>", "/SDF/CALM_CDM_TR_PROC_CL_DEP",
     std::chrono::minutes{0}, "in the client of Create & Export, at the interval of this task while it is active"},
    {Program::transport_check, "/SDF/CALM_CDM_TR_CHECK", "/SDF/CALM_CDM_TR_CHECK", std::chrono::minutes{0},
     "client 000, only when there is something to check"},
    {Program::rddimpdp, "RDDIMPDP", "RDDIMPDP", std::chrono::minutes{0},
     "in every client, released for the event of an import; scheduled by report RDDNEWPP"},
}};

/// RDDNEWPP schedules and RDDIMPDP runs as this user (I).
inline constexpr std::string_view rddimpdp_user = "DDIC";

constexpr GeneratedJob const& generated_job(Program program) {
    return generated_jobs[static_cast<std::size_t>(program)];
}

/// "RDDIMPDP" in client 000, "RDDIMPDP_CLIENT_100" elsewhere.
std::string rddimpdp_name(Client client);
/// "SAP_TRIGGER_RDDIMPDP", with _CLIENT behind it outside of client 000.
std::string_view rddimpdp_event(Client client);

/// "CALM Scheduler CALM", "/SDF/CALM_CDM_TR_PROC_CL_DEP-100"; JOBNAME has 32 places, what is longer is cut.
std::string job_name(Program program, std::string_view description, Client client = client_000);

} // namespace almd
