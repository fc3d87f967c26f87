// Names of the scopes.
#include "simulator/cloud/cloud_scope.hpp"

#include <array>

namespace almd {

namespace {

constexpr std::array<std::string_view, cloud_scope_count> scope_names{
    "imp-cdm-feature-display-ui", "imp-cdm-feature-manage-ui", "calm-api.features.read",
    "calm-api.features.write",    "calm-api.projects.read",    "calm-api.projects.write",
    "calm-api.tasks.read",        "calm-api.tasks.write",      "calm-api.landscape.read",
    "calm-api.bsm.read",          "calm-api.analytics.read",   "calm-api.analytics.providers.read",
    "calm-api.metrics.read",      "calm-api.metrics.write",    "calm-api.hm.read",
    "calm-api.hm.write",          "calm-api.logs.read",        "calm-api.logs.write",
};

/// In the token a scope stands as <xsappname>.<scope> (I).
bool is_scope(std::string_view full, std::string_view wanted) {
    return full == wanted ||
           (full.ends_with(wanted) && full.size() > wanted.size() && full[full.size() - wanted.size() - 1] == '.');
}

} // namespace

std::string_view name(CloudScope scope) {
    return scope_names[static_cast<std::size_t>(scope)];
}

void CloudScopes::add(std::string_view full) {
    for (std::size_t i = 0; i < scope_names.size(); ++i)
        if (is_scope(full, scope_names[i])) add(static_cast<CloudScope>(i));
}

} // namespace almd
