// Which behaviours match a request, and which one is drawn.
#include "simulator/tms/behaviour.hpp"

#include <algorithm>
#include <vector>

namespace almd {

namespace {

struct OutcomeName {
    BehaviourOutcome outcome;
    std::string_view name;
};
constexpr OutcomeName outcome_names[] = {{BehaviourOutcome::release, "release"},
                                         {BehaviourOutcome::failing_export, "failing_export"},
                                         {BehaviourOutcome::forgotten_task, "forgotten_task"},
                                         {BehaviourOutcome::copies, "copies"},
                                         {BehaviourOutcome::leave_open, "leave_open"},
                                         {BehaviourOutcome::component_mismatch, "component_mismatch"},
                                         {BehaviourOutcome::lock_user, "lock_user"},
                                         {BehaviourOutcome::import, "import"}};

} // namespace

std::string_view name(BehaviourOutcome outcome) {
    return std::ranges::find(outcome_names, outcome, &OutcomeName::outcome)->name;
}

std::optional<BehaviourOutcome> parse_behaviour_outcome(std::string_view text) {
    auto const found = std::ranges::find(outcome_names, text, &OutcomeName::name);
    return found == std::end(outcome_names) ? std::nullopt : std::optional{found->outcome};
}

bool matches(Behaviour::Selector const& selector, BehaviourFacts const& facts) {
    return (!selector.function || *selector.function == facts.function) &&
           (selector.owner.empty() || selector.owner == facts.owner) &&
           (!selector.system || *selector.system == facts.system) &&
           (selector.object_type.empty() ||
            std::ranges::find(facts.object_types, selector.object_type) != facts.object_types.end());
}

/// Every behaviour takes one draw, so that a change of one selector does not move the rest of the run more than it must.
BehaviourDraw draw_behaviour(std::span<Behaviour const> behaviours, BehaviourFacts const& facts, Rng& rng) {
    std::vector<double> weights;
    double sum = 0;
    for (auto const& one : behaviours) {
        bool const in_share = rng.chance(one.selector.share);
        weights.push_back(in_share && matches(one.selector, facts) ? one.weight : 0.0);
        sum += weights.back();
    }
    double dice = rng.unit() * sum;
    double const swing = rng.unit() * 2 - 1;
    BehaviourDraw draw;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0) continue;
        draw.behaviour = &behaviours[i]; // the last one that matches, if rounding leaves a rest
        if ((dice -= weights[i]) < 0) break;
    }
    if (!draw.behaviour) return draw;
    auto const& chosen = *draw.behaviour;
    auto const moved = static_cast<double>(chosen.jitter.count()) * swing;
    draw.delay = std::max(Duration{0}, chosen.delay + Duration{static_cast<Duration::rep>(moved)});
    return draw;
}

} // namespace almd
