// The jobs that /SDF/ALM_SETUP generates: one row each, and nothing else in the house knows their names.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace almd {

enum class Program : std::uint8_t { scheduler, heartbeat, auto_discovery, diagnostics, import_transports };

struct GeneratedJob {
    Program program;
    std::string_view job;        ///< SM37 name; "<name>" stands for the Target ALM Description
    std::string_view report;     ///< ABAP report of step 1; Auto Discovery's is unknown (U), so its name is ours
    std::chrono::minutes period; ///< 0: not periodic
    std::string_view when;
};

/// Source: reference/cloud-alm.md 3.3 (V; report of Auto Discovery U).
inline constexpr std::array<GeneratedJob, 5> generated_jobs{{
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
}};

constexpr GeneratedJob const& generated_job(Program program) {
    return generated_jobs[static_cast<std::size_t>(program)];
}

/// "CALM Scheduler CALM"; JOBNAME has 32 places, what is longer is cut.
std::string job_name(Program program, std::string_view description);

} // namespace almd
