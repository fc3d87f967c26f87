// The roles of background users. Source: the table by ST-PI level of SAP's set-up page (V for the roles and since when;
// which job of the agent needs which of them is inferred).
#include "agent/setup/roles.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace almd {

namespace {

constexpr StPiLevel always{}, sp16{740, 16}, sp18{740, 18}, sp25{740, 25}, sp29{740, 29}, sp31{740, 31};
constexpr StPiLevel for_ever{std::numeric_limits<int>::max(), 0};

constexpr std::array<std::string_view, 1> foundation{"SAP_SDF_ALM_METRIC_PUSH_FND"};
constexpr std::array<std::string_view, 1> transports{"SAP_BC_TRANSPORT_ADMINISTRATOR"};
/// Note 3639096 brings the second one, which the background user of the maintenance track needs (V).
constexpr std::array<std::string_view, 2> retrofit_roles{transports[0], "SAP_SDF_CALM_CDM_RETROFIT_UC"};
constexpr std::array<std::string_view, 1> job_roles{"SAP_SDF_ALM_METRIC_PUSH_JOBMON"};
constexpr std::array<std::string_view, 1> process_roles{"SAP_SDF_ALM_METRIC_PUSH_BPMON"};
constexpr std::array<std::string_view, 1> exception_roles{"SAP_SDF_ALM_METRIC_PUSH_EXMON"};
constexpr std::array<std::string_view, 1> health_roles{"SAP_SDF_ALM_METRIC_PUSH_HEALTH"};
constexpr std::array<std::string_view, 1> integration_roles{"SAP_SDF_ALM_METRIC_PUSH_INTMON"};
constexpr std::array<std::string_view, 1> performance_roles{"SAP_SDF_ALM_METRIC_PUSH_PERF"};
/// Exception Monitoring is no use case of its own any more: its rights moved to these two.
constexpr std::array<std::string_view, 2> moved_exception_roles{integration_roles[0], job_roles[0]};
constexpr std::array<std::string_view, 2> focused_run_roles{"SAP_FRN_SDAGENT_CSA_MS", "SAP_FRN_SDAGENT_CSA_SEC_MS"};
constexpr std::array<std::string_view, 2> configuration_roles{"SAP_SDF_ALM_METRIC_PUSH_CSA",
                                                              "SAP_SDF_ALM_METRIC_PUSH_CSA_S"};

struct TaskRow {
    TaskKind task;
    StPiLevel from, below;
    Roles roles;
};
constexpr TaskRow of_tasks[] = {
    {TaskKind::transports_read, always, for_ever, transports},
    {TaskKind::transports_read_landscape, always, for_ever, transports},
    {TaskKind::transports_import, always, for_ever, transports},
    {TaskKind::transports_create_export, always, for_ever, transports},
    {TaskKind::transports_check, always, for_ever, transports},
    {TaskKind::transports_export_checks, always, for_ever, transports},
    {TaskKind::transports_retrofit, always, for_ever, retrofit_roles},
    {TaskKind::job_monitoring, sp16, for_ever, job_roles},
    {TaskKind::business_process_monitoring, always, for_ever, process_roles},
    {TaskKind::configuration_monitoring, sp18, sp25, focused_run_roles},
    {TaskKind::configuration_monitoring, sp25, for_ever, configuration_roles},
    {TaskKind::exception_monitoring, always, sp29, exception_roles},
    {TaskKind::exception_monitoring, sp29, for_ever, moved_exception_roles},
    {TaskKind::health_monitoring, sp16, for_ever, health_roles},
    {TaskKind::integration_monitoring, sp16, for_ever, integration_roles},
    {TaskKind::performance_monitoring, sp16, for_ever, performance_roles},
};

/// What is no task here, or is the right of an RFC user. The templates of notes come with no level.
constexpr OtherRole others[] = {
    {RoleUse::certificate_rotation, "SAP_SDF_ALM_MTLS", sp29},
    {RoleUse::data_volume_management, "SAP_SDF_ALM_METRIC_PUSH_DVM", sp31},
    {RoleUse::rfc_of_checks, "SAP_SDF_ALM_TRCHK", always},
    {RoleUse::rfc_of_retrofit, "SAP_SDF_CALM_CDM_RETROFIT_RFC", always},
};

} // namespace

std::span<OtherRole const> other_roles() {
    return others;
}

StPiLevel st_pi_level(std::span<ComponentVersion const> components) {
    auto const found = std::ranges::find(components, "ST-PI", &ComponentVersion::name);
    if (found == components.end()) return {};
    StPiLevel level{0, found->support_package};
    auto const* end = found->release.data() + found->release.size();
    auto const read = std::from_chars(found->release.data(), end, level.release);
    return read.ptr == end ? level : StPiLevel{}; // 2008_1_710 and the like are older than all that is asked for here
}

Roles roles_of(StPiLevel, Program program) {
    if (program == Program::rddimpdp) return {}; // DDIC has what it needs
    bool const of_transports = program == Program::import_transports || program == Program::client_dependent ||
                               program == Program::transport_check;
    return of_transports ? Roles{transports} : Roles{foundation};
}

Roles roles_of(StPiLevel level, TaskKind task) {
    for (auto const& row : of_tasks)
        if (row.task == task && row.from <= level && level < row.below) return row.roles;
    return {};
}

std::vector<std::string> every_role(StPiLevel level) {
    std::vector<std::string> all{std::string{role_of_setup}, std::string{foundation[0]}};
    for (auto const& task : task_catalogue)
        for (auto const role : roles_of(level, task.kind))
            if (std::ranges::find(all, role) == all.end()) all.emplace_back(role);
    for (auto const& other : others)
        if (other.from <= level && other.of_background_user()) all.emplace_back(other.role);
    return all;
}

} // namespace almd
