// Service keys as a person makes, rotates and deletes them; the one place that writes them down with their secrets.
#pragma once

#include "proto/messages/service_key.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline constexpr std::size_t instance_name_max = 32; ///< alphanumeric, ".", "-", "_" (V)

/// public_origin: "https://localhost:8443".
ServiceKey secret_key(CloudState const& cloud, CloudClient const& client, std::string_view public_origin);
/// A certificate for the name that the client has now. Error conflict: no authority in the settings.
Result<ServiceKey> certificate_key(CloudState& cloud, CloudClient& client, std::string_view public_origin,
                                   std::string_view mtls_origin);
/// One more service instance. scopes: short names, none: all of the stand-in; an empty list: a token that opens nothing. Errors: name or scopes invalid, conflict for
/// a name that is taken.
Result<CloudClient*> add_instance(CloudState& cloud, CloudTenant tenant, std::string instance,
                                  std::optional<std::vector<std::string>> scopes);

} // namespace almd
