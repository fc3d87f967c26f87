// Names of the operations.
#include "simulator/cloud/cloud_operation.hpp"

#include <fmt/ranges.h>

#include <string>

namespace almd {

namespace {

constexpr PerCloudOperation<std::string_view> operation_names{
    "token",          "tokenMtls",   "register",    "unregister",  "heartbeat", "useCases",     "reportActivation",
    "discovery",      "diagnostics", "landscape",   "transports",  "pollWork",  "workResult",   "checkResult",
    "connectionTest", "tokenKeys",   "featuresApi", "projectsApi", "tasksApi",  "landscapeApi", "eventsApi",
    "analyticsApi",   "metricsApi",  "logsApi",
};

} // namespace

std::string_view name(CloudOperation operation) {
    return operation_names[index(operation)];
}

std::optional<CloudOperation> parse_cloud_operation(std::string_view text) {
    for (std::size_t i = 0; i < operation_names.size(); ++i)
        if (operation_names[i] == text) return static_cast<CloudOperation>(i);
    return std::nullopt;
}

OperationScopes scopes_of(CloudOperation operation) {
    using enum CloudScope;
    switch (operation) {
    // That the paths of Change and Deployment Management ask for these two is inferred (I).
    case CloudOperation::diagnostics:
    case CloudOperation::landscape:
    case CloudOperation::transports:
    case CloudOperation::poll_work: return {transport_display, transport_display};
    case CloudOperation::work_result:
    case CloudOperation::check_result: return {transport_manage, transport_manage};
    case CloudOperation::features_api: return {features_read, features_write};
    case CloudOperation::projects_api: return {projects_read, projects_write};
    case CloudOperation::tasks_api: return {tasks_read, tasks_write};
    case CloudOperation::landscape_api: return {landscape_read, landscape_read};
    case CloudOperation::events_api: return {events_read, events_read};
    case CloudOperation::analytics_api: return {analytics_read, analytics_read};
    case CloudOperation::metrics_api: return {metrics_read, metrics_write};
    case CloudOperation::logs_api: return {logs_read, logs_write};
    default: return {};
    }
}

std::string_view cloud_operation_names() {
    static std::string const all = fmt::format("{}", fmt::join(operation_names, ", "));
    return all;
}

} // namespace almd
