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

/// The first system that the request goes to.
AbapSystem* target_of(Landscape& landscape, TransportRequest const& request) {
    if (!request.target) return nullptr;
    auto const targets = landscape.domain().resolve(*request.target);
    if (targets.empty() || !landscape.has(*targets.front().system())) return nullptr;
    return &landscape.system(*targets.front().system());
}

std::optional<Disturbance> take_back_a_component(AbapSystem* system, TimePoint until) {
    auto component = system ? one_to_take_back(*system) : std::nullopt;
    if (!component) return std::nullopt;
    --component->support_package;
    Disturbance begun{BehaviourOutcome::component_mismatch, system->id(), component->name, component->support_package,
                      until};
    system->set_component(*std::move(component));
    return begun;
}

/// A user of whom nothing was said had all it needs, and has it again when it is unlocked.
std::optional<Disturbance> lock_user(AbapSystem* system, std::string const& name, TimePoint until) {
    if (!system || system->was_deleted(name)) return std::nullopt;
    auto const* known = system->user(name);
    UserSpec user;
    user.name = name;
    user.roles.emplace_back(all_roles);
    if (known) user = *known;
    if (user.locked) return std::nullopt;
    user.locked = true;
    system->add_user(std::move(user));
    return Disturbance{BehaviourOutcome::lock_user, system->id(), name, 0, until};
}

} // namespace

std::optional<Disturbance> begin_disturbance(Landscape& landscape, TransportRequest const& request,
                                             Behaviour const& behaviour, TimePoint until) {
    if (behaviour.outcome == BehaviourOutcome::component_mismatch)
        return take_back_a_component(target_of(landscape, request), until);
    if (behaviour.outcome != BehaviourOutcome::lock_user) return std::nullopt;
    auto* system = behaviour.in_target ? target_of(landscape, request) : &landscape.system(request.trkorr.system());
    return lock_user(system, behaviour.user.empty() ? request.owner : behaviour.user, until);
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
