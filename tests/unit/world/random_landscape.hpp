// Landscapes drawn at random for the property tests: a theme says what is drawn, a stream of chance draws it.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "simulator/tms/consistency.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace almd {

/// What a group of sequences is about.
struct Theme {
    std::size_t systems_min = 2, systems_max = 5, clients_max = 3;
    double second_development = 0.3, groups = 0.3, without_ctc = 0.2, last_is_virtual = 0.1;
    double failing_share = 0.1, terminating_share = 0.1, warning_share = 0.1;
    bool one_system = false; ///< routes from client to client of one system instead
};

class RandomLandscape {
public:
    RandomLandscape(Rng& rng, Theme const& theme)
        : rng_{rng}
        , theme_{theme} {}

    LandscapeSpec draw() {
        LandscapeSpec spec = theme_.one_system ? one_system_landscape() : tracks();
        spec.requests.clear();
        spec.tp.repeat_on_error = rng_.chance(0.5) ? 8 : 9; // both known profiles: 9/8 and 9/9
        spec.tp.failing_share = theme_.failing_share;
        spec.tp.terminating_share = theme_.terminating_share;
        spec.tp.warning_share = theme_.warning_share;
        return spec;
    }

private:
    static SystemId sid_at(std::size_t index) { return SystemId::parse(fmt::format("S{:02}", index)).value(); }

    SystemSpec system(std::size_t index, std::size_t clients) {
        SystemSpec spec;
        spec.id = sid_at(index);
        spec.clients.push_back({client_000, "SAP SE", "S"});
        for (std::size_t i = 0; i < clients; ++i)
            spec.clients.push_back({Client{static_cast<std::uint16_t>(100 * (i + 1))}, "Client", "C"});
        spec.components = {{"SAP_BASIS", "758", 2}, {"ST-PI", "740", 32}};
        spec.users = {
            {"ANNA", {"S_CTS_DEVELO"}, false}, {"BERT", {"S_CTS_DEVELO"}, false}, {"CALM_QUA", {"S_CTS_ADMIN"}, false}};
        return spec;
    }

    /// One client of a system, or a group of several of its clients.
    TransportTarget place(LandscapeSpec& spec, std::size_t index) {
        auto const& clients = spec.systems[index].clients;
        auto const at = [&](std::size_t i) {
            return TransportTarget{spec.systems[index].id,
                                   spec.tms.ctc ? std::optional{clients[i].number} : std::nullopt};
        };
        if (!spec.tms.ctc || clients.size() < 3 || !rng_.chance(theme_.groups))
            return at(1 + rng_.below(clients.size() - 1));
        TargetGroupSpec group{fmt::format("/G{}/", spec.tms.target_groups.size()), {}};
        for (std::size_t i = 1; i < clients.size(); ++i) group.members.push_back(at(i));
        spec.tms.target_groups.push_back(group);
        return TransportTarget::parse(group.name).value();
    }

    static std::set<TransportTarget> members(LandscapeSpec const& spec, TransportTarget const& target) {
        if (!target.is_group()) return {target};
        auto const& all = std::ranges::find(spec.tms.target_groups, target.text(), &TargetGroupSpec::name)->members;
        return {all.begin(), all.end()};
    }

    /// Developments first, then one track of targets behind each other, each delivering to the next one.
    LandscapeSpec tracks() {
        LandscapeSpec spec;
        std::set<TransportTarget> arrived; ///< in the system whose delivery routes come next
        auto const count = theme_.systems_min + rng_.below(theme_.systems_max - theme_.systems_min + 1);
        std::size_t const developments = count > 2 && rng_.chance(theme_.second_development) ? 2 : 1;
        spec.tms.ctc = !rng_.chance(theme_.without_ctc);
        for (std::size_t i = 0; i < count; ++i) spec.systems.push_back(system(i, 1 + rng_.below(theme_.clients_max)));
        spec.systems.back().virtual_system = count > 2 && rng_.chance(theme_.last_is_virtual);
        spec.tms.controller = sid_at(0);
        for (std::size_t i = 0; i < developments; ++i) {
            auto const layer = fmt::format("Z{}", sid_at(i).text());
            spec.tms.layers.push_back(layer);
            auto const to = place(spec, developments);
            arrived.merge(members(spec, to));
            spec.tms.consolidation_routes.push_back({sid_at(i), layer, to});
        }
        for (auto i = developments; i + 1 < count; ++i) {
            auto const to = place(spec, i + 1);
            for (auto const& from : std::exchange(arrived, members(spec, to)))
                spec.tms.delivery_routes.push_back({sid_at(i), from.client(), to});
        }
        return spec;
    }

    Rng& rng_;
    Theme const& theme_;
};

} // namespace almd
