// Names of the operations and the keys of their calls.
#include "agent/cloud/operation.hpp"

#include "simulator/kernel/rng.hpp"

namespace almd {

namespace {

constexpr std::array<std::string_view, operation_count> operation_names{
    "token",       "registerSystem", "unregister", "heartbeat", "useCases",   "reportActivation", "discovery",
    "diagnostics", "landscape",      "transports", "pollWork",  "workResult", "checkResult",      "connectionTest",
};

} // namespace

std::string_view name(Operation operation) {
    return operation_names[static_cast<std::size_t>(operation)];
}

Uuid call_key(std::uint64_t nonce, std::uint32_t registration, Operation operation, std::uint64_t number) {
    return Uuid::from_hash(mix(nonce, registration), mix(static_cast<std::uint64_t>(operation), number));
}

} // namespace almd
