// The questions that release and import ask of the routes.
#include "simulator/tms/domain.hpp"

#include <algorithm>

namespace almd {

/// Requests and tp profile are no part of the configuration that changes.
LandscapeSpec TransportDomain::spelled_out() const {
    LandscapeSpec all;
    all.systems = configuration().systems;
    all.tms = configuration().tms;
    all.tms.domain = name();
    all.tms.controller = controller();
    all.tms.backup_controller = backup_controller();
    for (auto& system : all.systems) {
        system.id = own(system.id);
        if (system.communication_system) system.communication_system = own(*system.communication_system);
    }
    all.tms.consolidation_routes = consolidation_routes();
    all.tms.delivery_routes = delivery_routes();
    all.tms.target_groups = target_groups();
    for (auto& approval : all.tms.approvals) approval.system = own(approval.system);
    return all;
}

void TransportDomain::activate(LandscapeSpec configuration) {
    if (!changed_) changed_ = std::make_unique<Changed>();
    changed_->configuration = std::move(configuration);
    ++changed_->version;
}

std::optional<std::size_t> TransportDomain::index_of(SystemId own_sid) const {
    for (std::size_t i = 0; i < configuration().systems.size(); ++i)
        if (sid_at(i) == own_sid) return i;
    return std::nullopt;
}

SystemSpec const* TransportDomain::find(SystemId own_sid) const {
    auto const index = index_of(own_sid);
    return index ? &configuration().systems[*index] : nullptr;
}

SystemId TransportDomain::sid_at(std::size_t index) const {
    return renamed() ? identity_.sid(*spec_, index) : configuration().systems[index].id;
}

SystemId TransportDomain::own(SystemId of_spec) const {
    if (!renamed()) return of_spec;
    auto const found = std::ranges::find(configuration().systems, of_spec, &SystemSpec::id);
    if (found == configuration().systems.end()) return of_spec;
    return sid_at(static_cast<std::size_t>(found - configuration().systems.begin()));
}

SystemId TransportDomain::of_spec(SystemId own_sid) const {
    if (!renamed()) return own_sid;
    auto const index = index_of(own_sid);
    return index ? configuration().systems[*index].id : own_sid;
}

TransportTarget TransportDomain::own(TransportTarget const& of_spec) const {
    auto const system = of_spec.system();
    if (!system) return of_spec; // a group
    return TransportTarget{own(*system), ctc() ? of_spec.client() : std::nullopt};
}

std::string TransportDomain::name() const {
    if (!configuration().tms.domain.empty() && !renamed()) return configuration().tms.domain;
    return std::string{"DOMAIN_"}.append(controller().text());
}

SystemId TransportDomain::controller() const {
    return own(configuration().tms.controller);
}

std::optional<SystemId> TransportDomain::backup_controller() const {
    auto const backup = configuration().tms.backup_controller;
    return backup ? std::optional{own(*backup)} : std::nullopt;
}

std::vector<TransportDomain::System> TransportDomain::systems() const {
    std::vector<System> all;
    all.reserve(configuration().systems.size());
    for (auto const& system : configuration().systems)
        all.push_back({own(system.id), system.virtual_system, system.external_system, system.transport_group,
                       system.description});
    return all;
}

std::vector<TargetGroupSpec> TransportDomain::target_groups() const {
    auto all = configuration().tms.target_groups;
    for (auto& group : all)
        for (auto& member : group.members) member = own(member);
    return all;
}

std::vector<ConsolidationRouteSpec> TransportDomain::consolidation_routes() const {
    auto all = configuration().tms.consolidation_routes;
    for (auto& route : all) {
        route.from = own(route.from);
        route.to = own(route.to);
    }
    return all;
}

std::vector<DeliveryRouteSpec> TransportDomain::delivery_routes() const {
    auto all = configuration().tms.delivery_routes;
    for (auto& route : all) {
        route.from = own(route.from);
        route.to = own(route.to);
    }
    return all;
}

std::optional<std::string_view> TransportDomain::standard_layer(SystemId system) const {
    auto const id = of_spec(system);
    std::optional<std::string_view> first;
    for (auto const& route : configuration().tms.consolidation_routes) {
        if (route.from != id) continue;
        if (route.layer.size() == 4 && route.layer[0] == 'Z' && std::string_view{route.layer}.substr(1) == id.text())
            return route.layer;
        if (!first) first = route.layer;
    }
    return first;
}

std::optional<TransportTarget> TransportDomain::consolidation_target(SystemId system, std::string_view layer) const {
    auto const id = of_spec(system);
    for (auto const& route : configuration().tms.consolidation_routes)
        if (route.from == id && route.layer == layer) return own(route.to);
    return std::nullopt;
}

std::vector<TransportTarget> TransportDomain::delivery_targets(SystemId system, std::optional<Client> client) const {
    auto const id = of_spec(system);
    std::vector<TransportTarget> all;
    for (auto const& route : configuration().tms.delivery_routes) {
        if (route.from != id || (client && route.from_client && route.from_client != client)) continue;
        for (auto const& target : resolve(own(route.to)))
            if (std::ranges::find(all, target) == all.end()) all.push_back(target);
    }
    return all;
}

std::vector<TransportTarget> TransportDomain::resolve(TransportTarget const& target) const {
    if (!target.is_group()) return {target};
    std::vector<TransportTarget> members;
    auto const group = std::ranges::find(configuration().tms.target_groups, target.text(), &TargetGroupSpec::name);
    if (group != configuration().tms.target_groups.end())
        for (auto const& member : group->members) members.push_back(own(member));
    return members;
}

bool TransportDomain::same_transport_group(SystemId a, SystemId b) const {
    auto const *one = find(a), *other = find(b);
    return one && other && one->transport_group == other->transport_group;
}

bool TransportDomain::reaches_domain(std::string_view domain) const {
    auto const links = [&](DomainLinkSpec const& link) { return link.confirmed && link.domain == domain; };
    return domain == name() || std::ranges::any_of(configuration().tms.domain_links, links);
}

std::optional<SystemId> TransportDomain::communication_system(SystemId system) const {
    auto const* found = find(system);
    if (!found || !found->virtual_system) return std::nullopt;
    return found->communication_system ? own(*found->communication_system) : controller();
}

std::vector<SystemId> TransportDomain::approval_systems() const {
    std::vector<SystemId> all;
    for (auto const& approval : configuration().tms.approvals) all.push_back(own(approval.system));
    return all;
}

std::span<ApprovalStep const> TransportDomain::approval_steps(SystemId qa_system) const {
    auto const found = std::ranges::find(configuration().tms.approvals, of_spec(qa_system), &ApprovalSpec::system);
    return found == configuration().tms.approvals.end() ? std::span<ApprovalStep const>{} : found->steps;
}

bool TransportDomain::has_import_route(SystemId system) const {
    auto const reaches = [&](auto const& route) {
        return std::ranges::any_of(resolve(own(route.to)), [&](auto const& to) { return to.system() == system; });
    };
    return std::ranges::any_of(configuration().tms.consolidation_routes, reaches) ||
           std::ranges::any_of(configuration().tms.delivery_routes, reaches);
}

bool TransportDomain::has_route_to(TransportTarget const& target) const {
    auto const reaches = [&](auto const& route) {
        return std::ranges::any_of(resolve(own(route.to)), [&](auto const& to) { return to == target; });
    };
    return std::ranges::any_of(configuration().tms.consolidation_routes, reaches) ||
           std::ranges::any_of(configuration().tms.delivery_routes, reaches);
}

bool TransportDomain::is_last_in_track(TransportTarget const& target) const {
    auto const system = target.system();
    return system && delivery_targets(*system, target.client()).empty() && has_route_to(target);
}

} // namespace almd
