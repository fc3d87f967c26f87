// The checks of /SDF/ALM_DIAGNOSTIC: facts in, findings out. Texts are SAP's (V); how bad each one is, is inferred (I).
#include "agent/setup/diagnostic.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

using Area = DiagnosticArea;

constexpr std::array<std::string_view, 15> area_names{
    "general",     "activeTasks", "timeZone",  "batchJob", "workProcesses", "connection",   "locks",  "notes",
    "tokenScopes", "stPi",        "webDynpro", "cts",      "retrofit",      "exportChecks", "tenants"};
constexpr std::string_view ok = "ok", info = "info", warning = "warning", bad = "error";
constexpr std::string_view target_view = "/SDF/CMO_TARGET";

/// What retrofit calls with its destination (V).
constexpr std::string_view retrofit_modules[] = {"/SDF/CALM_CDM_RETRO_DELTOC",   "/SDF/CALM_CDM_CSOL_FOR_RETRO",
                                                 "/SDF/CALM_CDM_RETRO_GETLAYER", "/SDF/CALM_CDM_RETRO_SETTRATTR",
                                                 "TMW_ADJUST_ORIGINAL_SYSTEM",   "TMW_COPY_TO_TARGET_REQUEST",
                                                 "TMW_IMPORT_REQUESTS"};

/// Collects the findings of one run.
class Checks {
public:
    explicit Checks(DiagnosticFacts const& facts)
        : facts_{facts} {}

    std::vector<DiagnosticFinding> run() && {
        say(Area::general, ok, Text::running_for, facts_.system.text(), facts_.client.text(), facts_.destination);
        tasks();
        time_zone();
        jobs();
        work_processes();
        connection();
        say(Area::locks,
            facts_.locks == Text::locks_none   ? ok
            : facts_.locks == Text::lock_found ? warning
                                               : bad,
            facts_.locks);
        notes();
        st_pi();
        say(Area::web_dynpro, facts_.may_display_transports ? ok : warning,
            facts_.may_display_transports ? Text::s_transprt_assigned : Text::s_transprt_missing);
        say(Area::cts, facts_.ctc ? ok : bad, facts_.ctc ? Text::ctc_enabled : Text::ctc_disabled,
            facts_.system.text());
        if (facts_.is_active(TaskKind::transports_check)) rfc_for_checks();
        if (facts_.is_active(TaskKind::transports_retrofit)) retrofit();
        if (facts_.is_active(TaskKind::transports_export_checks)) export_checks();
        if (facts_.tenant_warning) findings_.push_back({Area::tenants, warning, *facts_.tenant_warning});
        return std::move(findings_);
    }

private:
    template <class... Arguments>
    void say(Area area, std::string_view severity, Text text, Arguments const&... arguments) {
        findings_.push_back({area, severity, text_of(text, arguments...)});
    }

    void tasks() {
        auto const client = facts_.client.text();
        for (auto const& task : facts_.active) {
            say(Area::active_tasks, task.refused.empty() ? ok : bad, Text::task_is_active, facts(task.kind).name,
                client, task.last_run ? rfc3339(*task.last_run) : "-");
            if (!task.refused.empty()) findings_.push_back({Area::active_tasks, bad, task.refused});
        }
        say(Area::active_tasks, facts_.export_route ? ok : info,
            facts_.export_route ? Text::export_route : Text::no_export_route);
        if (facts_.client != client_000 && facts_.export_route) {
            bool const on = facts_.is_active(TaskKind::transports_create_export);
            say(Area::active_tasks, on ? ok : warning, on ? Text::export_task_active : Text::export_task_inactive,
                client);
        }
        say(Area::active_tasks, facts_.import_route ? ok : info,
            facts_.import_route ? Text::import_route : Text::no_import_route);
        if (facts_.client == client_000 && facts_.import_route) {
            bool const on = facts_.is_active(TaskKind::transports_import);
            say(Area::active_tasks, on ? ok : warning, on ? Text::import_task_active : Text::import_task_inactive,
                client);
        }
    }

    void time_zone() {
        if (facts_.time_zone.empty())
            say(Area::time_zone, bad, Text::time_zone_not_specified, facts_.client.text(), facts_.system.text());
        else
            say(Area::time_zone, ok, Text::time_zone_good, rfc3339(facts_.now));
    }

    void jobs() {
        for (auto const& job : facts_.jobs) {
            if (!job.next_start) {
                say(Area::batch_job, bad, Text::job_not_scheduled, job.name);
                continue;
            }
            auto const next = rfc3339(*job.next_start);
            say(Area::batch_job, ok, Text::job_is_scheduled, job.name, next.substr(0, 10), next.substr(11, 8));
        }
        if (facts_.diagnostics_ran_today)
            say(Area::batch_job, *facts_.diagnostics_ran_today ? ok : warning,
                *facts_.diagnostics_ran_today ? Text::diagnostics_ran : Text::diagnostics_did_not_run);
    }

    void work_processes() {
        int const free = facts_.free_batch_processes;
        if (free <= 0)
            say(Area::work_processes, bad, Text::no_free_batch);
        else if (free == 1)
            say(Area::work_processes, warning, Text::one_free_batch);
        else
            say(Area::work_processes, ok, Text::free_batch, std::to_string(free));
    }

    void connection() {
        if (facts_.connection && facts_.connection->empty())
            say(Area::connection, ok, Text::connection_successful);
        else if (facts_.connection)
            say(Area::connection, bad, Text::connection_failed, *facts_.connection);
        if (facts_.scopes.empty()) return;
        bool const display = facts_.scopes.contains("imp-cdm-feature-display-ui");
        bool const manage = facts_.scopes.contains("imp-cdm-feature-manage-ui");
        if (!display) say(Area::token_scopes, bad, Text::scope_display_missing);
        if (!manage) say(Area::token_scopes, bad, Text::scope_manage_missing);
        if (display && manage) say(Area::token_scopes, ok, Text::scopes_valid);
    }

    bool has_note(std::string_view number) const {
        return std::ranges::find(facts_.notes, number) != facts_.notes.end();
    }

    /// Implemented by itself, or by the collective note that the guide names beside it.
    void notes() {
        if (has_note("3322679") || has_note("3425282"))
            say(Area::notes, ok, Text::note_3322679_latest);
        else
            say(Area::notes, warning, Text::note_older, "3322679");
    }

    void st_pi() {
        bool const recent = facts_.st_pi >= facts_.st_pi_limits.recent,
                   outdated = facts_.st_pi < facts_.st_pi_limits.outdated_below;
        say(Area::st_pi,
            recent     ? ok
            : outdated ? bad
                       : warning,
            recent     ? Text::st_pi_recent
            : outdated ? Text::st_pi_outdated
                       : Text::st_pi_older,
            facts_.st_pi_text.empty() ? "-" : facts_.st_pi_text);
    }

    RfcDestination const* destination(std::string_view name) const {
        auto const found = std::ranges::find(facts_.rfc_destinations, name, &RfcDestination::name);
        return found == facts_.rfc_destinations.end() ? nullptr : &*found;
    }

    /// False: a finding was added.
    bool can_be_called(Area area, std::string const& name) {
        bool const retro = area == Area::retrofit;
        auto const* found = destination(name);
        if (!found) {
            say(area, bad, retro ? Text::retrofit_rfc_does_not_exist : Text::rfc_does_not_exist, name, target_view);
        } else if (found->user.empty()) {
            say(area, bad, retro ? Text::retrofit_rfc_without_user : Text::rfc_without_user, name, target_view);
        } else if (found->state == RfcState::broken) {
            say(area, bad, Text::rfc_does_not_work, name, target_view);
        } else if (found->state == RfcState::logon_refused) {
            say(area, bad, Text::rfc_logon_refused, name);
        } else if (found->state == RfcState::not_trusted) {
            say(area, bad, Text::rfc_not_trusted, name);
        } else if (found->state == RfcState::calls_refused && retro) {
            for (auto const module : retrofit_modules) say(area, bad, Text::retrofit_call_refused, name, module);
        } else {
            return true;
        }
        return false;
    }

    /// Rows of /SDF/CMO_TARGET: without a client for checks, with one for retrofit (V).
    std::vector<CmoTarget const*> targets(bool with_client) const {
        std::vector<CmoTarget const*> rows;
        for (auto const& row : facts_.tables->targets)
            if (row.target.contains('.') == with_client) rows.push_back(&row);
        return rows;
    }

    void rfc_for_checks() {
        auto const rows = targets(false);
        auto const unfinished = [](CmoTarget const* row) { return row->rfc_destination.empty(); };
        if (rows.empty() || std::ranges::any_of(rows, unfinished)) {
            say(Area::cts, bad, Text::rfc_missing_for_checks, target_view);
            return;
        }
        bool good = true;
        for (auto const* row : rows) good = can_be_called(Area::cts, row->rfc_destination) && good;
        if (good) say(Area::cts, ok, Text::rfc_valid, target_view);
    }

    void retrofit() {
        auto const id = fmt::format("RETROFIT_PROD_SYS_OF_{}", TransportTarget{facts_.system, facts_.client}.text());
        auto const systems = parameter_of(*facts_.tables, id);
        if (systems.empty())
            say(Area::retrofit, bad, Text::retrofit_not_configured);
        else if (all_are_production(systems))
            say(Area::retrofit, ok, Text::retrofit_configured);
        else
            say(Area::retrofit, bad, Text::retrofit_invalid_system);
        auto const rows = targets(true);
        if (rows.empty()) say(Area::retrofit, bad, Text::retrofit_rfc_missing);
        bool good = !rows.empty();
        for (auto const* row : rows) {
            if (row->rfc_destination.empty()) say(Area::retrofit, bad, Text::retrofit_rfc_missing_for, row->target);
            good = !row->rfc_destination.empty() && can_be_called(Area::retrofit, row->rfc_destination) && good;
        }
        if (good) say(Area::retrofit, ok, Text::retrofit_rfc_valid, target_view);
    }

    /// "PRD.300,PRE.300"
    bool all_are_production(std::string_view systems) const {
        for (auto rest = systems;;) {
            auto const comma = rest.find(',');
            auto const target = TransportTarget::parse(rest.substr(0, comma));
            if (!target || std::ranges::find(facts_.production, target->system()) == facts_.production.end())
                return false;
            if (comma == std::string_view::npos) return true;
            rest = rest.substr(comma + 1);
        }
    }

    void export_checks() {
        bool const good = facts_.sap_basis >= basis_for_export_checks;
        say(Area::export_checks, good ? ok : bad, good ? Text::basis_good : Text::basis_too_low);
        // ST-PI SP31 has it (V).
        if (!has_note("3569187") && facts_.st_pi < StPiLevel{740, 31})
            say(Area::export_checks, bad, Text::atc_note_missing);
        if (facts_.atc.block_on == 0 && facts_.atc.inform_on == 0) say(Area::export_checks, warning, Text::atc_is_off);
    }

    DiagnosticFacts const& facts_;
    std::vector<DiagnosticFinding> findings_;
};

} // namespace

std::string_view name(DiagnosticArea area) {
    return area_names[static_cast<std::size_t>(area)];
}

bool DiagnosticFacts::is_active(TaskKind kind) const {
    return std::ranges::find(active, kind, &ActiveTask::kind) != active.end();
}

std::vector<DiagnosticFinding> diagnose(DiagnosticFacts const& facts) {
    return Checks{facts}.run();
}

} // namespace almd
