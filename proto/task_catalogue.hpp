// The use-case tasks of /SDF/ALM_SETUP: SAP names, default intervals and where they may be active (reference/cloud-alm.md 3.6).
#pragma once

#include "proto/ids.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace almd {

enum class TaskKind : std::uint8_t {
    transports_read,
    transports_read_landscape,
    transports_import,
    transports_create_export,
    transports_check,
    transports_export_checks,
    transports_retrofit,
    job_monitoring,
    business_process_monitoring,
    configuration_monitoring,
    exception_monitoring,
    health_monitoring,
    integration_monitoring,
    performance_monitoring,
};
inline constexpr std::size_t task_count = 14;

enum class ClientScope : std::uint8_t { client_000_only, working_client, any };

struct TaskFacts {
    TaskKind kind;
    std::string_view name;     ///< since ST-PI SP27 (V)
    std::string_view old_name; ///< before SP27, accepted too; empty: same
    int default_minutes;       ///< V from the guide's picture; the three client-specific ones are not on it: 5 (I)
    bool interval_editable;
    ClientScope scope;
    bool is_transport() const { return kind <= TaskKind::transports_retrofit; }
};

inline constexpr std::array<TaskFacts, task_count> task_catalogue{{
    {TaskKind::transports_read, "Transports: Read", "Manage Transports", 10, true, ClientScope::client_000_only},
    {TaskKind::transports_read_landscape, "Transports: Read Landscape", "Read Transport Landscape", 2, true,
     ClientScope::client_000_only},
    {TaskKind::transports_import, "Transports: Import", "Import Transports", 5, true, ClientScope::client_000_only},
    {TaskKind::transports_create_export, "Transports: Create & Export (client-specific)", "Manage Transport per Client",
     5, true, ClientScope::working_client},
    {TaskKind::transports_check, "Transports: Check", "", 5, true, ClientScope::client_000_only},
    {TaskKind::transports_export_checks, "Transports: Export Checks (client-specific)", "", 5, true,
     ClientScope::working_client},
    {TaskKind::transports_retrofit, "Transports: Retrofit (client-specific)", "", 5, true, ClientScope::working_client},
    {TaskKind::job_monitoring, "Job & Automation Monitoring", "", 5, true, ClientScope::any},
    {TaskKind::business_process_monitoring, "Business Process Monitoring", "", 0, false, ClientScope::any},
    {TaskKind::configuration_monitoring, "Configuration Monitoring (CSA)", "", 5, true, ClientScope::any},
    {TaskKind::exception_monitoring, "Exception Monitoring", "", 5, true, ClientScope::any},
    {TaskKind::health_monitoring, "Health Monitoring", "", 5, true, ClientScope::any},
    {TaskKind::integration_monitoring, "Integration Monitoring", "", 5, true, ClientScope::any},
    {TaskKind::performance_monitoring, "Performance Monitoring (Real User)", "", 2, true, ClientScope::any},
}};

constexpr TaskFacts const& facts(TaskKind kind) {
    return task_catalogue[static_cast<std::size_t>(kind)];
}

/// By the present or the old name.
constexpr std::optional<TaskKind> find_task(std::string_view name) {
    for (auto const& task : task_catalogue)
        if (task.name == name || (!task.old_name.empty() && task.old_name == name)) return task.kind;
    return std::nullopt;
}

} // namespace almd
