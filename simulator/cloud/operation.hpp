// The operations of the cloud dialogue: one word for a row of the contract, used by routes, faults and the ledger
// alike.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace almd {

enum class Operation : std::uint8_t {
    token,
    token_mtls,
    register_system,
    unregister,
    heartbeat,
    use_cases,
    report_use_case,
    discovery,
    diagnostics,
    landscape,
    transports,
    poll_work,
    work_result,
    connection_test,
};

inline constexpr std::size_t operation_count = static_cast<std::size_t>(Operation::connection_test) + 1;

/// As in fault files, the ledger and route tables: "workResult".
std::string_view name(Operation operation);
std::optional<Operation> parse_operation(std::string_view text);
/// "token, tokenMtls, register, ...": for messages that say what is allowed.
std::string_view operation_names();

template <class T>
using PerOperation = std::array<T, operation_count>;

inline std::size_t index(Operation operation) {
    return static_cast<std::size_t>(operation);
}

} // namespace almd
