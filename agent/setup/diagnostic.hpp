// Transaction /SDF/ALM_DIAGNOSTIC: what a system knows of itself, and what the checks make of it.
#pragma once

#include "agent/setup/agent_parts.hpp"
#include "agent/setup/roles.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

enum class DiagnosticArea : std::uint8_t {
    general,
    active_tasks,
    time_zone,
    batch_job,
    work_processes,
    connection,
    locks,
    notes,
    token_scopes,
    st_pi,
    web_dynpro,
    cts,
    retrofit,
    export_checks,
    tenants
};
std::string_view name(DiagnosticArea area); ///< "activeTasks"

struct DiagnosticFinding {
    DiagnosticArea area{};
    std::string_view severity; ///< ok, info, warning, error
    std::string text;
};

/// Of one set-up. Its views are good until the system changes.
struct DiagnosticFacts {
    SystemId system;
    Client client = client_000;
    std::string destination;
    TimePoint now{};
    std::string time_zone; ///< empty: not specified

    struct ActiveTask {
        TaskKind kind{};
        std::optional<TimePoint> last_run;
        std::string refused; ///< why its user may not run it; empty: it may
    };
    std::vector<ActiveTask> active;
    bool export_route = false, import_route = false, ctc = true; ///< of the system
    struct Job {
        std::string name;
        std::optional<TimePoint> next_start;
    };
    std::vector<Job> jobs;                     ///< those that should be scheduled
    std::optional<bool> diagnostics_ran_today; ///< none: it is not this client that runs it
    int free_batch_processes = 0;
    std::optional<std::string> connection; ///< empty: it works; else why not; none: nothing was sent yet
    std::string scopes;                    ///< of the last token; empty: none is known
    Text locks = Text::locks_none;         ///< of the whole system
    std::string st_pi_text;                ///< "740 SP32"; empty: not installed
    StPiLevel st_pi, sap_basis;
    StPiLimits st_pi_limits;
    bool may_display_transports = true; ///< the set-up's user
    std::span<std::string const> notes;
    AtcSpec atc;
    CustomizingTables const* tables = nullptr;
    std::span<RfcDestination const> rfc_destinations;
    std::vector<SystemId> production;          ///< the last systems of the tracks
    std::optional<std::string> tenant_warning; ///< none: one tenant

    bool is_active(TaskKind kind) const;
};

/// Minimum of the export checks (V).
inline constexpr StPiLevel basis_for_export_checks{740, 13};

DiagnosticFacts diagnostic_facts(AgentParts& parts, SetupIndex setup);
/// In the order of the transaction. Checks of which nothing is known say nothing.
std::vector<DiagnosticFinding> diagnose(DiagnosticFacts const& facts);

} // namespace almd
