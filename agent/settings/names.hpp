// The names a person may give, as config/schema.json allows them; the admin API asks here, a test holds both together.
#pragma once

#include "simulator/kernel/result.hpp"

#include <string_view>

namespace almd {

/// Errors (ErrorCode::invalid) say what was found and what is allowed.
Result<void> allow_user_name(std::string_view name);        ///< schema: definitions/user
Result<void> allow_destination_name(std::string_view name); ///< schema: definitions/destination, name
Result<void> allow_proxy_host(std::string_view host);       ///< schema: definitions/proxy, host
Result<void> allow_proxy_user(std::string_view user);       ///< schema: definitions/proxy, user

} // namespace almd
