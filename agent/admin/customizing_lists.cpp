// Lists of customizing tables, of SM59, and of the findings of /SDF/ALM_DIAGNOSTIC. A fleet shows them for systems that
// changed: the others are as its template says.
#include "agent/admin/agent_admin.hpp"
#include "agent/setup/diagnostic.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace almd {

namespace {

bool has_customizing_shown(AgentParts const& parts, SystemSlot system) {
    return parts.world.changed(system) && !parts.world.is_virtual(system);
}

/// SM59's entries of type G: there is one as long as a client uses it (V).
std::map<SystemSlot, std::map<std::string, std::set<std::string>>> made_by_setup(AgentParts& parts) {
    std::map<SystemSlot, std::map<std::string, std::set<std::string>>> entries;
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const place = parts.setups.place(setup);
        if (parts.setups[setup].removed || !has_customizing_shown(parts, place.system)) continue;
        auto const& destination = parts.destinations[parts.setups[setup].destination];
        entries[place.system][destination.sm59_name()].insert(place.client.text());
        if (auto const second = destination.sm59_proxy_name())
            entries[place.system][*second].insert(place.client.text());
    }
    return entries;
}

} // namespace

ListSource tables(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<nlohmann::json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system) {
        if (!has_customizing_shown(parts, system)) continue;
        for (auto const& entry : entries_of(parts.world.changed(system)->tables()))
            rows.push_back({{"system", parts.world.sid(system).text()},
                            {"table", name(entry.table)},
                            {"key", entry.key},
                            {"value", entry.value},
                            {"default", entry.is_default},
                            {"effect", entry.effect}});
    }
    return collected({"system", "table", "key", "value", "default", "effect"}, std::move(rows));
}

ListSource rfc_destinations(Agent& agent) {
    auto& parts = agent.parts();
    auto const of_setup = made_by_setup(parts);
    std::vector<nlohmann::json> rows;
    for (SystemSlot system = 0; system < parts.world.systems(); ++system) {
        if (!has_customizing_shown(parts, system)) continue;
        auto const add = [&](std::string_view name, std::string_view type, std::string_view user, nlohmann::json state,
                             std::set<std::string> const& clients) {
            rows.push_back({{"system", parts.world.sid(system).text()},
                            {"name", name},
                            {"type", type},
                            {"user", user},
                            {"state", std::move(state)},
                            {"clients", clients}});
        };
        if (auto const found = of_setup.find(system); found != of_setup.end())
            for (auto const& [entry, clients] : found->second) add(entry, "G", "", nullptr, clients);
        for (auto const& one : parts.world.changed(system)->rfc_destinations())
            add(one.name, "3", one.user, name(one.state), {});
    }
    return collected({"system", "name", "type", "user", "state", "clients"}, std::move(rows));
}

ListSource diagnostics(Agent& agent) {
    auto& parts = agent.parts();
    std::vector<nlohmann::json> rows;
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const place = parts.setups.place(setup);
        if (parts.setups[setup].removed || !has_customizing_shown(parts, place.system)) continue;
        for (auto const& finding : diagnose(diagnostic_facts(parts, setup)))
            rows.push_back({{"system", parts.world.sid(place.system).text()},
                            {"client", place.client.text()},
                            {"destination", parts.destination_name(setup)},
                            {"area", name(finding.area)},
                            {"severity", finding.severity},
                            {"text", finding.text}});
    }
    return collected({"system", "client", "destination", "area", "severity", "text"}, std::move(rows));
}

} // namespace almd
