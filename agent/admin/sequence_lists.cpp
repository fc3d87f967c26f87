// Lists of what the order of imports did: the versions of objects, overtakers and predecessors.
#include "agent/admin/agent_admin.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace almd {

namespace {

using nlohmann::json;

/// A request that shares objects with one of a queue, and those objects.
using Sharing = std::map<TrRequest, std::vector<std::string>>;

Sharing predecessors(Landscape const& landscape, TransportRequest const& request, TransportTarget const& target) {
    Sharing found;
    auto const missing = landscape.missing_predecessors(request, target);
    if (missing.empty()) return found;
    std::set<std::string, std::less<>> own;
    for (auto const object : request.objects)
        if (!object.is_comment()) own.emplace(object.text());
    for (auto const& trkorr : missing)
        for (auto const object : landscape.request(trkorr)->objects)
            if (own.contains(object.text())) found[trkorr].emplace_back(object.text());
    return found;
}

Sharing overtakers(Landscape const& landscape, TransportRequest const& request, SystemId system) {
    Sharing found;
    if (auto const* versions = landscape.versions(system))
        for (auto& [object, by] : versions->overtaken(request)) found[by].push_back(std::move(object));
    return found;
}

} // namespace

ListSource object_versions(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        auto const* versions = landscape.versions(system);
        if (!versions) return;
        for (auto const& [object, version, newer] : versions->all())
            rows.push_back({{"system", system.text()},
                            {"object", object},
                            {"request", version.from.text()},
                            {"released", rfc3339(version.released_at)},
                            {"downgraded", newer != nullptr},
                            {"newerRequest", newer ? json(newer->from.text()) : json(nullptr)}});
    });
    return collected({"system", "object", "request", "released", "downgraded", "newerRequest"}, std::move(rows));
}

ListSource import_sequence(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& entry : landscape.buffer(system).queue()) {
            auto const* request = landscape.request(entry.trkorr);
            if (!request) continue;
            auto const add = [&](std::string_view kind, Sharing const& others) {
                for (auto const& [other, objects] : others)
                    rows.push_back({{"system", system.text()},
                                    {"client", entry.client ? json(entry.client->text()) : json(nullptr)},
                                    {"request", entry.trkorr.text()},
                                    {"relation", kind},
                                    {"other", other.text()},
                                    {"objects", objects}});
            };
            add("predecessor", predecessors(landscape, *request, TransportTarget{system, entry.client}));
            add("overtaker", overtakers(landscape, *request, system));
        }
    });
    return collected({"system", "client", "request", "relation", "other", "objects"}, std::move(rows));
}

} // namespace almd
