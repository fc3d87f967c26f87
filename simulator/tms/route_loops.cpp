// The walk along the routes.
#include "simulator/tms/route_loops.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

namespace almd {

namespace {

class Walk {
public:
    explicit Walk(LandscapeSpec const& spec)
        : spec_{spec} {}

    std::optional<RouteLoop> run() {
        for (std::size_t i = 0; i < tms().consolidation_routes.size(); ++i) {
            auto const& route = tms().consolidation_routes[i];
            std::set<TransportTarget> reached;
            for (auto const& to : resolve(route.to))
                if (auto loop = visit(to, {}, reached)) return loop;
            if (auto const place = home_taken(route.from, reached); !place.empty())
                return RouteLoop{
                    fmt::format("tms.consolidation_routes[{}].from", i),
                    fmt::format("requests of {} come back to {}, and no other client is left to develop in",
                                route.from.text(), place)};
        }
        std::set<TransportTarget> reached; // circles that no development system feeds
        for (auto const& route : tms().delivery_routes)
            for (auto const& to : resolve(route.to))
                if (auto loop = visit(to, {}, reached)) return loop;
        return std::nullopt;
    }

private:
    TmsSpec const& tms() const { return spec_.tms; }

    std::vector<TransportTarget> resolve(TransportTarget const& target) const {
        if (!target.is_group()) return {target};
        auto const group = std::ranges::find(tms().target_groups, target.text(), &TargetGroupSpec::name);
        return group == tms().target_groups.end() ? std::vector<TransportTarget>{} : group->members;
    }

    static bool starts_at(DeliveryRouteSpec const& route, TransportTarget const& place) {
        return route.from == place.system() && (!route.from_client || route.from_client == place.client());
    }

    /// Depth first; `way` is the path to `place`, `reached` what was walked to its end.
    std::optional<RouteLoop> visit(TransportTarget const& place, std::vector<TransportTarget> way,
                                   std::set<TransportTarget>& reached) {
        if (!reached.insert(place).second) return std::nullopt;
        way.push_back(place);
        for (std::size_t i = 0; i < tms().delivery_routes.size(); ++i) {
            auto const& route = tms().delivery_routes[i];
            if (!starts_at(route, place)) continue;
            for (auto const& to : resolve(route.to)) {
                if (auto const at = std::ranges::find(way, to); at != way.end())
                    return RouteLoop{fmt::format("tms.delivery_routes[{}].to", i), circle(at, way.end(), to)};
                if (auto loop = visit(to, way, reached)) return loop;
            }
        }
        return std::nullopt;
    }

    template <class At>
    static std::string circle(At from, At end, TransportTarget const& back) {
        std::string text = "the routes lead in a circle: ";
        for (; from != end; ++from) text.append(from->text()).append(" > ");
        return text.append(back.text());
    }

    /// The source of a consolidation route is a SID: the loop closes when no client is left that is not a target too.
    /// 000, 001 and 066 are nobody's development clients.
    std::string home_taken(SystemId from, std::set<TransportTarget> const& reached) const {
        auto const comes_back = std::ranges::find_if(reached, [&](auto const& to) { return to.system() == from; });
        if (comes_back == reached.end()) return {};
        auto const system = std::ranges::find(spec_.systems, from, &SystemSpec::id);
        if (system == spec_.systems.end() || !tms().ctc) return std::string{comes_back->text()};
        for (auto const& client : system->clients) {
            auto const number = client.number.number();
            if (number != 0 && number != 1 && number != 66 && !reached.contains(TransportTarget{from, client.number}))
                return {};
        }
        return std::string{comes_back->text()};
    }

    LandscapeSpec const& spec_;
};

} // namespace

std::optional<RouteLoop> find_route_loop(LandscapeSpec const& spec) {
    return Walk{spec}.run();
}

} // namespace almd
