// Who reports to how many tenants.
#include "agent/setup/tenants.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace almd {

namespace {

/// Destinations by the tenant they go to: the first one of each is named.
using ByTenant = std::map<std::string, std::string>;

std::optional<std::string> warning_about(SystemId system, ByTenant const& tenants) {
    if (tenants.size() < 2) return std::nullopt;
    std::set<std::string> names;
    for (auto const& [tenant, destination] : tenants) names.insert(destination);
    std::string list;
    for (auto const& name : names) list += (list.empty() ? "" : ", ") + name;
    return text_of(Text::two_tenants, system.text(), list);
}

bool is_production(TransportDomain const& domain, SystemSpec const& system, SystemId sid) {
    if (system.role == "PROD") return true;
    if (system.virtual_system) return false;
    if (domain.is_last_in_track(TransportTarget{sid})) return true;
    return std::ranges::any_of(system.clients, [&](ClientSpec const& client) {
        return domain.is_last_in_track(TransportTarget{sid, client.number});
    });
}

} // namespace

std::vector<std::string> tenant_warnings(Settings const& settings,
                                         std::function<std::string(DestinationSpec const&)> const& tenant) {
    std::vector<std::string> warnings;
    TransportDomain const domain{settings.landscape, LandscapeIdentity::plain(settings.seed)};
    for (auto const& system : settings.landscape.systems) {
        if (!is_production(domain, system, system.id)) continue;
        ByTenant tenants;
        for (auto const& setup : settings.setups) {
            if (setup.system != system.id) continue;
            auto const found = std::ranges::find(settings.destinations, setup.destination, &DestinationSpec::name);
            if (found != settings.destinations.end()) tenants.try_emplace(tenant(*found), found->name);
        }
        if (auto warning = warning_about(system.id, tenants)) warnings.push_back(*std::move(warning));
    }
    return warnings;
}

bool is_production(World const& world, SystemSlot system) {
    auto const& spec = world.spec_of(system);
    auto const sid = world.sid(system);
    return world.look_at_domain(world.landscape_of(system),
                                [&](TransportDomain const& domain) { return is_production(domain, spec, sid); });
}

std::optional<std::string> tenant_warning(AgentParts const& parts, SystemSlot system) {
    ByTenant tenants;
    for (auto const setup : parts.setups.of_system(system)) {
        if (parts.setups[setup].registered != Registered::yes) continue;
        auto const& destination = parts.destinations[parts.setups[setup].destination];
        tenants.try_emplace(destination.key.tenant(), destination.name);
    }
    if (tenants.size() < 2 || !is_production(parts.world, system)) return std::nullopt;
    return warning_about(parts.world.sid(system), tenants);
}

} // namespace almd
