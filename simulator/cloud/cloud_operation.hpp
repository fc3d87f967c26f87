// The operations of the cloud dialogue: one word for a row of the contract, used by routes, faults and the ledger
// alike.
#pragma once

#include "simulator/cloud/cloud_scope.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace almd {

enum class CloudOperation : std::uint8_t {
    token,
    token_mtls,
    register_system,
    unregister,
    heartbeat,
    use_cases,
    report_activation,
    discovery,
    diagnostics,
    landscape,
    transports,
    poll_work,
    work_result,
    check_result,
    connection_test,
    // The published APIs, one word for each service.
    token_keys,
    features_api,
    projects_api,
    tasks_api,
    landscape_api,
    events_api,
    analytics_api,
    metrics_api,
    logs_api,
};

inline constexpr std::size_t cloud_operation_count = static_cast<std::size_t>(CloudOperation::logs_api) + 1;

/// As in fault files, the ledger and route tables: "workResult".
std::string_view name(CloudOperation operation);
std::optional<CloudOperation> parse_cloud_operation(std::string_view text);
/// "token, tokenMtls, register, ...": for messages that say what is allowed.
std::string_view cloud_operation_names();

/// The scope that an operation asks of a token, for reading and for writing; none: any token is good.
struct OperationScopes {
    std::optional<CloudScope> read, write;
    std::optional<CloudScope> of(std::string_view method) const {
        return method == "GET" || method == "HEAD" ? read : write;
    }
};
OperationScopes scopes_of(CloudOperation operation);

template <class T>
using PerCloudOperation = std::array<T, cloud_operation_count>;

inline std::size_t index(CloudOperation operation) {
    return static_cast<std::size_t>(operation);
}

} // namespace almd
