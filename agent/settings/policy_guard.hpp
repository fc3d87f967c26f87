// Keeps unpublished paths away from hosts of SAP, before a connection is opened.
#pragma once

#include "agent/settings/endpoint_mode.hpp"

namespace almd {

/// Error (ErrorCode::invalid) for a call that must not be made: Registration and everything below /api/standin/ on a host of SAP,
/// and any call but GET in sandbox mode. The path may carry a query; escapes, doubled slashes, dots and letter case do not help it through.
Result<void> allow_call(EndpointMode mode, std::string_view host, std::string_view path,
                        std::string_view method = "GET");

} // namespace almd
