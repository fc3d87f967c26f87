// The operations of the cloud dialogue by name: what counters, idempotency keys and error texts speak of.
#pragma once

#include "proto/ids.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace almd {

/// Rows of contract.md. The order is part of the idempotency keys: add at the end.
enum class Operation : std::uint8_t {
    token,
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
};
inline constexpr std::size_t operation_count = 14;

/// "heartbeat", "workResult": as reports and JSON show it.
std::string_view name(Operation operation);

/// The Idempotency-Key of one call; its repeats use the same. `nonce` is drawn once per process start, because a
/// process that starts again must not repeat the keys of the one before; `number` counts the calls of this registration
/// and operation.
Uuid call_key(std::uint64_t nonce, std::uint32_t registration, Operation operation, std::uint64_t number);

} // namespace almd
