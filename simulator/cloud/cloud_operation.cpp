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

std::string_view cloud_operation_names() {
    static std::string const all = fmt::format("{}", fmt::join(operation_names, ", "));
    return all;
}

} // namespace almd
