// Transports: Read Landscape. The transport domain as the cloud wants to see it, from the domain controller.
#include "agent/jobs/bodies.hpp"

namespace almd {

namespace {

LandscapePush describe(TransportDomain const& domain) {
    LandscapePush push{domain.name(),   domain.controller(), domain.backup_controller(), {}, {}, {}, {}, {},
                       domain.version()};
    for (auto const& system : domain.systems())
        push.systems.push_back(LandscapePush::System{system.id, system.virtual_system,
                                                     std::string{system.transport_group}, domain.ctc(),
                                                     std::string{system.description}});
    for (auto& group : domain.target_groups())
        push.target_groups.push_back(LandscapePush::TargetGroup{group.name, group.members});
    push.transport_layers.assign(domain.layers().begin(), domain.layers().end());
    for (auto const& route : domain.consolidation_routes())
        push.consolidation_routes.push_back(LandscapePush::ConsolidationRoute{route.from, route.layer, route.to});
    for (auto const& route : domain.delivery_routes())
        push.delivery_routes.push_back(LandscapePush::DeliveryRoute{route.from, route.to});
    return push;
}

} // namespace

Async<bool> read_landscape(AgentParts& parts, SetupIndex setup) {
    auto const landscape = parts.setups.place(setup).landscape;
    auto push = parts.world.read(landscape, [](Landscape const& world) { return describe(world.domain()); });
    auto const domain = push.domain;
    auto const systems = push.systems.size();
    auto const caller = parts.caller(setup);
    auto const key = parts.next_key(setup, Operation::landscape);
    auto told = co_await parts.calls(setup).put_landscape(caller, std::move(push), key);
    if (!told) {
        note_failure(parts, setup, ExternalId::read_landscape, facts(TaskKind::transports_read_landscape).name,
                     told.error());
        co_return false;
    }
    ++parts.counters.landscape_pushes;
    parts.slg1(setup, ExternalId::read_landscape, 'S',
               text_of(Text::read_landscape_sent, domain, std::to_string(systems), parts.destination_name(setup)));
    co_return true;
}

} // namespace almd
