// The questions that release and import ask of the routes.
#include "simulator/tms/domain.hpp"

#include <algorithm>

namespace almd {

std::optional<std::size_t> TransportDomain::index_of(SystemId own_sid) const {
    for (std::size_t i = 0; i < spec_->systems.size(); ++i)
        if (identity_.sid(*spec_, i) == own_sid) return i;
    return std::nullopt;
}

SystemSpec const* TransportDomain::find(SystemId own_sid) const {
    auto const index = index_of(own_sid);
    return index ? &spec_->systems[*index] : nullptr;
}

SystemId TransportDomain::own(SystemId of_spec) const {
    if (!identity_.of_fleet) return of_spec;
    auto const found = std::ranges::find(spec_->systems, of_spec, &SystemSpec::id);
    if (found == spec_->systems.end()) return of_spec;
    return identity_.sid(*spec_, static_cast<std::size_t>(found - spec_->systems.begin()));
}

SystemId TransportDomain::of_spec(SystemId own_sid) const {
    if (!identity_.of_fleet) return own_sid;
    auto const index = index_of(own_sid);
    return index ? spec_->systems[*index].id : own_sid;
}

TransportTarget TransportDomain::own(TransportTarget const& of_spec) const {
    auto const system = of_spec.system();
    if (!system) return of_spec; // a group
    return TransportTarget{own(*system), ctc() ? of_spec.client() : std::nullopt};
}

std::string TransportDomain::name() const {
    if (!spec_->tms.domain.empty() && !identity_.of_fleet) return spec_->tms.domain;
    return std::string{"DOMAIN_"}.append(controller().text());
}

SystemId TransportDomain::controller() const {
    return own(spec_->tms.controller);
}

std::optional<SystemId> TransportDomain::backup_controller() const {
    auto const backup = spec_->tms.backup_controller;
    return backup ? std::optional{own(*backup)} : std::nullopt;
}

std::vector<TransportDomain::System> TransportDomain::systems() const {
    std::vector<System> all;
    all.reserve(spec_->systems.size());
    for (auto const& system : spec_->systems)
        all.push_back({own(system.id), system.virtual_system, system.external_system, system.transport_group,
                       system.description});
    return all;
}

std::vector<TargetGroupSpec> TransportDomain::target_groups() const {
    auto all = spec_->tms.target_groups;
    for (auto& group : all)
        for (auto& member : group.members) member = own(member);
    return all;
}

std::vector<ConsolidationRouteSpec> TransportDomain::consolidation_routes() const {
    auto all = spec_->tms.consolidation_routes;
    for (auto& route : all) {
        route.from = own(route.from);
        route.to = own(route.to);
    }
    return all;
}

std::vector<DeliveryRouteSpec> TransportDomain::delivery_routes() const {
    auto all = spec_->tms.delivery_routes;
    for (auto& route : all) {
        route.from = own(route.from);
        route.to = own(route.to);
    }
    return all;
}

std::optional<std::string_view> TransportDomain::standard_layer(SystemId system) const {
    auto const id = of_spec(system);
    std::optional<std::string_view> first;
    for (auto const& route : spec_->tms.consolidation_routes) {
        if (route.from != id) continue;
        if (route.layer.size() == 4 && route.layer[0] == 'Z' && std::string_view{route.layer}.substr(1) == id.text())
            return route.layer;
        if (!first) first = route.layer;
    }
    return first;
}

std::optional<TransportTarget> TransportDomain::consolidation_target(SystemId system, std::string_view layer) const {
    auto const id = of_spec(system);
    for (auto const& route : spec_->tms.consolidation_routes)
        if (route.from == id && route.layer == layer) return own(route.to);
    return std::nullopt;
}

std::vector<TransportTarget> TransportDomain::delivery_targets(SystemId system, std::optional<Client> client) const {
    auto const id = of_spec(system);
    std::vector<TransportTarget> all;
    for (auto const& route : spec_->tms.delivery_routes) {
        if (route.from != id || (client && route.from_client && route.from_client != client)) continue;
        for (auto const& target : resolve(own(route.to)))
            if (std::ranges::find(all, target) == all.end()) all.push_back(target);
    }
    return all;
}

std::vector<TransportTarget> TransportDomain::resolve(TransportTarget const& target) const {
    if (!target.is_group()) return {target};
    std::vector<TransportTarget> members;
    auto const group = std::ranges::find(spec_->tms.target_groups, target.text(), &TargetGroupSpec::name);
    if (group != spec_->tms.target_groups.end())
        for (auto const& member : group->members) members.push_back(own(member));
    return members;
}

bool TransportDomain::same_transport_group(SystemId a, SystemId b) const {
    auto const *one = find(a), *other = find(b);
    return one && other && one->transport_group == other->transport_group;
}

bool TransportDomain::reaches_domain(std::string_view domain) const {
    auto const links = [&](DomainLinkSpec const& link) { return link.confirmed && link.domain == domain; };
    return domain == name() || std::ranges::any_of(spec_->tms.domain_links, links);
}

std::optional<SystemId> TransportDomain::communication_system(SystemId system) const {
    auto const* found = find(system);
    if (!found || !found->virtual_system) return std::nullopt;
    return found->communication_system ? own(*found->communication_system) : controller();
}

std::span<ApprovalStep const> TransportDomain::approval_steps(SystemId qa_system) const {
    auto const found = std::ranges::find(spec_->tms.approvals, of_spec(qa_system), &ApprovalSpec::system);
    return found == spec_->tms.approvals.end() ? std::span<ApprovalStep const>{} : found->steps;
}

bool TransportDomain::has_import_route(SystemId system) const {
    auto const reaches = [&](auto const& route) {
        return std::ranges::any_of(resolve(own(route.to)), [&](auto const& to) { return to.system() == system; });
    };
    return std::ranges::any_of(spec_->tms.consolidation_routes, reaches) ||
           std::ranges::any_of(spec_->tms.delivery_routes, reaches);
}

bool TransportDomain::is_last_in_track(TransportTarget const& target) const {
    auto const reaches = [&](auto const& route) {
        return std::ranges::any_of(resolve(own(route.to)), [&](auto const& to) { return to == target; });
    };
    auto const system = target.system();
    return system && delivery_targets(*system, target.client()).empty() &&
           (std::ranges::any_of(spec_->tms.consolidation_routes, reaches) ||
            std::ranges::any_of(spec_->tms.delivery_routes, reaches));
}

} // namespace almd
