// The landscape rules and the walk along the routes.
#include "simulator/cloud/landscape_rules.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

namespace almd {

namespace {

/// Routes come with a SID as source, targets are SID.CLIENT: the graph is drawn over targets. What the source client of
/// a consolidation route is, nobody says; it is one node per SID.
struct RouteGraph {
    struct Node {
        SystemId system;
        std::string text; ///< "QUA.200", or "DEV" for the origin
        std::vector<std::size_t> next;
    };
    std::vector<Node> nodes;
    std::size_t targets = 0; ///< nodes from here on are origins: ways begin there, imports never end there
    std::map<std::string, std::size_t, std::less<>> by_text;
    std::string self_route; ///< a route within one system that leads from a client into the same one

    std::size_t node(SystemId system, std::string_view text) {
        auto const [place, added] = by_text.try_emplace(std::string{text}, nodes.size());
        if (added) nodes.push_back({system, std::string{text}, {}});
        return place->second;
    }
};

std::vector<TransportTarget> members(LandscapePush const& landscape, TransportTarget const& target) {
    if (!target.is_group()) return {target};
    for (auto const& group : landscape.target_groups)
        if (group.name == target.text()) return group.members;
    return {};
}

/// Targets stand in the order in which routes name them first: within one system (S4H.200 > S4H.300 > S4H.400) this
/// order is the way, because the routes' sources cannot say which client they start from.
RouteGraph draw(LandscapePush const& landscape) {
    RouteGraph graph;
    for (auto const& route : landscape.consolidation_routes)
        for (auto const& to : members(landscape, route.to)) graph.node(*to.system(), to.text());
    for (auto const& route : landscape.delivery_routes)
        for (auto const& to : members(landscape, route.to)) graph.node(*to.system(), to.text());
    graph.targets = graph.nodes.size();
    std::map<SystemId, std::size_t> origins;
    for (auto const& route : landscape.consolidation_routes) {
        auto const origin = graph.node(route.from, route.from.text());
        origins.emplace(route.from, origin);
        for (auto const& to : members(landscape, route.to))
            graph.nodes[origin].next.push_back(graph.by_text.find(to.text())->second);
    }
    std::map<SystemId, std::vector<std::size_t>> clients;
    for (std::size_t at = 0; at < graph.targets; ++at) clients[graph.nodes[at].system].push_back(at);
    for (auto const& route : landscape.delivery_routes)
        for (auto const& member : members(landscape, route.to)) {
            auto const to = graph.by_text.find(member.text())->second;
            bool const inside = member.system() == route.from;
            bool starts = false;
            for (auto const from : clients[route.from]) {
                if (inside && from >= to) continue;
                starts = true;
                graph.nodes[from].next.push_back(to);
                if (auto const home = origins.find(graph.nodes[to].system); home != origins.end() && !inside)
                    graph.nodes[from].next.push_back(home->second); // back into a system where the way began
            }
            if (inside && !starts) graph.self_route = member.text();
        }
    return graph;
}

/// A way that comes back to where it was, as "QUA.200 > PRD.300 > QUA.200"; empty: none.
std::string find_loop(RouteGraph const& graph) {
    enum class Mark : std::uint8_t { fresh, open, done };
    std::vector<Mark> marks(graph.nodes.size(), Mark::fresh);
    struct Step {
        std::size_t node, next;
    };
    for (std::size_t start = 0; start < graph.nodes.size(); ++start) {
        if (marks[start] != Mark::fresh) continue;
        std::vector<Step> path{{start, 0}};
        marks[start] = Mark::open;
        while (!path.empty()) {
            auto& step = path.back();
            auto const& next = graph.nodes[step.node].next;
            if (step.next == next.size()) {
                marks[step.node] = Mark::done;
                path.pop_back();
                continue;
            }
            auto const to = next[step.next++];
            if (marks[to] == Mark::open) {
                auto const from = std::ranges::find(path, to, &Step::node);
                std::string way;
                for (auto at = from; at != path.end(); ++at) way += graph.nodes[at->node].text + " > ";
                return way + graph.nodes[to].text;
            }
            if (marks[to] == Mark::fresh) {
                marks[to] = Mark::open;
                path.push_back({to, 0});
            }
        }
    }
    return graph.self_route.empty() ? "" : graph.self_route + " > " + graph.self_route;
}

class LandscapeCheck {
public:
    explicit LandscapeCheck(LandscapePush const& landscape)
        : landscape_{landscape} {}

    std::optional<LandscapeFinding> run() {
        systems();
        if (!found_) groups();
        if (!found_) routes();
        if (!found_) loops();
        return std::move(found_);
    }

private:
    void find(std::string_view code, std::string target, std::string message) {
        if (!found_) found_ = LandscapeFinding{code, std::move(message), std::move(target)};
    }

    void systems() {
        for (std::size_t i = 0; i < landscape_.systems.size(); ++i) {
            auto const& system = landscape_.systems[i];
            if (!systems_.insert(system.system_id).second)
                find("DUPLICATE_SID", fmt::format("systems[{}].systemId", i),
                     fmt::format("{} stands in the landscape twice; a system ID must be unique",
                                 system.system_id.text()));
            if (!system.ctc && !system.virtual_system)
                find(
                    "CTC_REQUIRED", fmt::format("systems[{}].ctc", i),
                    fmt::format("{} has CTC=0; Cloud ALM needs CTC=1 in the tp profile of every system, from the start",
                                system.system_id.text()));
        }
        if (!systems_.contains(landscape_.controller))
            find("UNKNOWN_SYSTEM", "domain.controller",
                 fmt::format("the domain controller {} is not among the systems", landscape_.controller.text()));
    }

    void groups() {
        std::set<std::string, std::less<>> names;
        for (std::size_t i = 0; i < landscape_.target_groups.size(); ++i) {
            auto const& group = landscape_.target_groups[i];
            auto const path = fmt::format("targetGroups[{}]", i);
            if (!names.insert(group.name).second)
                find("DUPLICATE_TARGET_GROUP", path + ".name",
                     fmt::format("target group {} is there twice", group.name));
            if (group.members.empty())
                find("EMPTY_TARGET_GROUP", path + ".members",
                     fmt::format("target group {} is empty; add a system and client to it, or remove it", group.name));
            for (std::size_t m = 0; m < group.members.size(); ++m) {
                if (group.members[m].is_group())
                    find("UNKNOWN_ROUTE_END", fmt::format("{}.members[{}]", path, m),
                         "a target group cannot contain a target group");
                else
                    target(group.members[m], fmt::format("{}.members[{}]", path, m));
            }
        }
    }

    void routes() {
        for (std::size_t i = 0; i < landscape_.consolidation_routes.size(); ++i) {
            auto const& route = landscape_.consolidation_routes[i];
            source(route.from, fmt::format("consolidationRoutes[{}].from", i));
            target(route.to, fmt::format("consolidationRoutes[{}].to", i));
        }
        for (std::size_t i = 0; i < landscape_.delivery_routes.size(); ++i) {
            auto const& route = landscape_.delivery_routes[i];
            source(route.from, fmt::format("deliveryRoutes[{}].from", i));
            target(route.to, fmt::format("deliveryRoutes[{}].to", i));
        }
    }

    void source(SystemId system, std::string path) {
        if (!systems_.contains(system))
            find("UNKNOWN_ROUTE_END", std::move(path),
                 fmt::format("a route starts in {}, which is not among the systems", system.text()));
    }

    void target(TransportTarget const& to, std::string path) {
        if (to.is_group()) {
            if (members(landscape_, to).empty())
                find("UNKNOWN_ROUTE_END", std::move(path), fmt::format("there is no target group {}", to.text()));
        } else if (!systems_.contains(*to.system())) {
            find("UNKNOWN_ROUTE_END", std::move(path), fmt::format("{} is not among the systems", to.system()->text()));
        } else if (!to.client()) {
            find("CTC_REQUIRED", std::move(path),
                 fmt::format(
                     "{} has no client; with CTC=1 a target is SID.CLIENT, and without it nothing can be deployed",
                     to.text()));
        }
    }

    void loops() {
        if (auto const loop = find_loop(draw(landscape_)); !loop.empty())
            find("TRANSPORT_LOOP", "deliveryRoutes", fmt::format("the routes lead in a circle: {}", loop));
    }

    LandscapePush const& landscape_;
    std::set<SystemId> systems_;
    std::optional<LandscapeFinding> found_;
};

} // namespace

std::optional<LandscapeFinding> check_landscape(LandscapePush const& landscape) {
    return LandscapeCheck{landscape}.run();
}

std::vector<TrackStop> track_of(LandscapePush const& landscape, TransportTarget const& first) {
    auto const graph = draw(landscape);
    std::vector<int> level(graph.targets, -1);
    for (auto const& target : members(landscape, first))
        if (auto const node = graph.by_text.find(target.text()); node != graph.by_text.end()) level[node->second] = 0;
    // A checked landscape has no circle, so the longest ways are settled after as many rounds as they have stops.
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t node = 0; node < graph.targets; ++node)
            for (auto const next : graph.nodes[node].next)
                if (next < graph.targets && level[node] >= 0 && level[next] <= level[node]) {
                    level[next] = level[node] + 1;
                    moved = true;
                }
    }
    std::vector<std::size_t> way;
    for (std::size_t node = 0; node < graph.targets; ++node)
        if (level[node] >= 0) way.push_back(node);
    std::ranges::sort(way, {}, [&](std::size_t node) { return std::pair{level[node], node}; });
    std::vector<TrackStop> track;
    for (auto const node : way) {
        auto const& [system, text, next] = graph.nodes[node];
        auto const target = TransportTarget::parse(text);
        if (!target) continue;
        bool const last = std::ranges::none_of(next, [&](std::size_t to) { return to < graph.targets; });
        auto const facts = std::ranges::find(landscape.systems, system, &LandscapePush::System::system_id);
        bool const is_virtual = facts != landscape.systems.end() && facts->virtual_system;
        track.push_back({*target, level[node], last, is_virtual});
    }
    return track;
}

} // namespace almd
