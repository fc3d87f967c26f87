// Whom we talk to, and what may therefore be said: stand-in, tenant or sandbox.
#pragma once

#include "simulator/kernel/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct ServiceKey;

enum class EndpointMode : std::uint8_t {
    stand_in, ///< our own cloud: the whole cloud dialogue
    tenant,   ///< a customer's Cloud ALM: published APIs only
    sandbox,  ///< sandbox.api.sap.com with an API key: published APIs, reading only
};
std::string_view name(EndpointMode mode);

/// How much may be sent to a host of SAP unless the configuration raises it (cloud.sap_host_*). The numbers are ours:
/// SAP states no limit; about 100 requests a minute are reported to end in 429 (I).
struct SapHostCaps {
    std::uint64_t systems_max = 10;
    std::uint32_t requests_per_minute = 60;
    friend bool operator==(SapHostCaps const&, SapHostCaps const&) = default;
};

/// Below .cloud.sap, .ondemand.com or .api.sap.com; letter case, a port and a closing dot do not matter.
bool is_sap_host(std::string_view host);
/// "localhost", 127.0.0.0/8 or ::1, with or without brackets and port. No other name is looked up.
bool is_loopback_host(std::string_view host);
/// The host of a URL, in lower case, without port, brackets and closing dot. Error: no http(s) URL, or one that carries a user.
Result<std::string> host_of_url(std::string_view url);

/// The mode of a service key. Both hosts of the key count: where the token comes from and where it is shown. Any host that is
/// neither SAP's, loopback nor listed is ErrorCode::invalid with a sentence that says how to list it. A host of SAP stays one even if listed.
Result<EndpointMode> endpoint_mode(ServiceKey const& key, std::vector<std::string> const& stand_in_hosts);

/// The mode of a whole run. No key and no API key: the stand-in in the same process. Both: ErrorCode::invalid.
Result<EndpointMode> endpoint_mode(std::optional<ServiceKey> const& key, bool has_api_key,
                                   std::vector<std::string> const& stand_in_hosts);

/// `--speed`: on hosts of SAP only 1, because data of a faster clock would lie in the future.
Result<void> allow_speed(EndpointMode mode, double speed);
/// The size of a fleet on hosts of SAP.
Result<void> allow_systems(EndpointMode mode, std::uint64_t systems, SapHostCaps const& caps);

} // namespace almd
