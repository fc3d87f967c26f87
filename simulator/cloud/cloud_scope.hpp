// The scopes of tokens that the stand-in looks at, as one set of bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace almd {

/// Names are V (reference/cloud-alm.md 1.6) but those of logs, which are inferred by analogy (I).
enum class CloudScope : std::uint8_t {
    transport_display, ///< imp-cdm-feature-display-ui
    transport_manage,  ///< imp-cdm-feature-manage-ui
    features_read,     ///< calm-api.features.read
    features_write,
    projects_read,
    projects_write,
    tasks_read,
    tasks_write,
    landscape_read,
    events_read, ///< calm-api.bsm.read
    analytics_read,
    analytics_providers_read,
    metrics_read,
    metrics_write,
    health_read, ///< calm-api.hm.read
    health_write,
    logs_read,
    logs_write,
};
inline constexpr std::size_t cloud_scope_count = static_cast<std::size_t>(CloudScope::logs_write) + 1;

std::string_view name(CloudScope scope);

class CloudScopes {
public:
    bool has(CloudScope scope) const { return (bits_ >> static_cast<unsigned>(scope) & 1U) != 0; }
    void add(CloudScope scope) { bits_ |= 1U << static_cast<unsigned>(scope); }
    /// As it stands in a token: "<xsappname>.calm-api.features.read", or the name alone. Others are ignored.
    void add(std::string_view full);

private:
    std::uint32_t bits_ = 0;
};
static_assert(cloud_scope_count <= 32);

/// How tokens are signed.
enum class TokenAlgorithm : std::uint8_t { es256, rs256 };

} // namespace almd
