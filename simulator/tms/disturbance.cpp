// Breaking and repairing, by the same changes that a person can make by hand.
#include "simulator/tms/disturbance.hpp"

namespace almd {

namespace {

/// ST-PI is left alone: its level decides about roles and tasks, not about imports only.
std::optional<ComponentVersion> one_to_take_back(AbapSystem const& system) {
    for (auto const& component : system.components())
        if (component.support_package > 0 && component.name != "ST-PI") return component;
    return std::nullopt;
}

std::optional<Disturbance> take_back_a_component(Landscape& landscape, TransportRequest const& request,
                                                 TimePoint until) {
    if (!request.target) return std::nullopt;
    auto const targets = landscape.domain().resolve(*request.target);
    if (targets.empty() || !landscape.has(*targets.front().system())) return std::nullopt;
    auto& system = landscape.system(*targets.front().system());
    auto component = one_to_take_back(system);
    if (!component) return std::nullopt;
    --component->support_package;
    Disturbance begun{BehaviourOutcome::component_mismatch, system.id(), component->name, component->support_package,
                      until};
    system.set_component(*std::move(component));
    return begun;
}

std::optional<Disturbance> lock_owner(Landscape& landscape, TransportRequest const& request, TimePoint until) {
    auto& system = landscape.system(request.trkorr.system());
    auto const* known = system.user(request.owner);
    auto user = known ? *known : UserSpec{};
    if (user.locked) return std::nullopt;
    user.name = request.owner;
    user.locked = true;
    system.add_user(std::move(user));
    return Disturbance{BehaviourOutcome::lock_user, system.id(), request.owner, 0, until};
}

} // namespace

std::optional<Disturbance> begin_disturbance(Landscape& landscape, TransportRequest const& request,
                                             BehaviourOutcome kind, TimePoint until) {
    if (kind == BehaviourOutcome::component_mismatch) return take_back_a_component(landscape, request, until);
    if (kind == BehaviourOutcome::lock_user) return lock_owner(landscape, request, until);
    return std::nullopt;
}

void end_disturbance(Landscape& landscape, Disturbance const& disturbance) {
    auto& system = landscape.system(disturbance.system);
    if (disturbance.kind == BehaviourOutcome::component_mismatch) {
        auto const* now = system.component(disturbance.subject);
        if (!now || now->support_package != disturbance.level) return;
        auto repaired = *now;
        ++repaired.support_package;
        system.set_component(std::move(repaired));
    } else if (auto const* locked = system.user(disturbance.subject); locked && locked->locked) {
        auto user = *locked;
        user.locked = false;
        system.add_user(std::move(user));
    }
}

} // namespace almd
