// Deciding which call goes wrong.
#include "simulator/cloud/faults.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::array<std::string_view, 7> kind_names{"status", "reset",         "close",       "dropAnswer",
                                                     "delay",  "malformedJson", "oversizeBody"};

bool meets(FaultRule const& rule, FaultTarget const& target) {
    auto const& operations = rule.operations;
    if (!operations.empty() && std::ranges::find(operations, target.operation) == operations.end()) return false;
    if (rule.systems.empty()) return true;
    return std::ranges::any_of(rule.systems, [&](std::string const& system) {
        return (target.system && target.system->text() == system) || (target.lms_id && target.lms_id->text() == system);
    });
}

} // namespace

std::string_view name(FaultKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

Result<FaultKind> parse_fault_kind(std::string_view text) {
    for (std::size_t i = 0; i < kind_names.size(); ++i)
        if (kind_names[i] == text) return static_cast<FaultKind>(i);
    std::string allowed;
    for (auto const kind : kind_names) allowed.append(allowed.empty() ? "" : ", ").append(kind);
    return fail(ErrorCode::invalid, fmt::format("no such kind of fault; allowed: {}", allowed));
}

Result<std::string> FaultEngine::add(FaultRule rule, WirePoint now) {
    ++made_;
    if (rule.name.empty()) rule.name = fmt::format("fault-{}", made_);
    auto const same =
        std::ranges::find(rules_, rule.name, [](Counted const& c) { return std::string_view{c.rule.name}; });
    if (same != rules_.end() && !same->ended)
        return fail(ErrorCode::conflict,
                    fmt::format("a fault named {} is there already; remove it first or take another name", rule.name));
    if (same != rules_.end()) rules_.erase(same);
    if (rules_.size() >= rules_max_) std::erase_if(rules_, [](Counted const& c) { return c.ended; });
    if (rules_.size() >= rules_max_)
        return fail(ErrorCode::conflict,
                    fmt::format("there are {} faults, which is the limit; remove some", rules_max_));
    auto const stream = mix(mix(seed_, hash_text("fault")), hash_text(rule.name));
    rules_.push_back({.rule = std::move(rule), .stream = stream, .added = now});
    return rules_.back().rule.name;
}

bool FaultEngine::remove(std::string_view name) {
    return std::erase_if(rules_, [name](Counted const& c) { return c.rule.name == name; }) > 0;
}

std::size_t FaultEngine::clear() {
    return std::exchange(rules_, {}).size();
}

FaultRule const* FaultEngine::decide(FaultTarget const& target, WirePoint now) {
    for (auto& counted : rules_) {
        auto const& rule = counted.rule;
        auto const age = now - counted.added;
        if (!counted.ended && rule.until && age >= *rule.until) counted.ended = true;
        if (counted.ended || age < rule.after || !meets(rule, target)) continue;
        ++counted.met;
        // Who calls and how often it did so before choose the draw: another system's calls do not move it.
        auto const identity = target.lms_id ? mix(target.lms_id->high(), target.lms_id->low()) : 0;
        auto draw =
            Rng{mix(mix(mix(counted.stream, identity), static_cast<std::uint64_t>(target.operation)), target.call)};
        if (!draw.chance(rule.probability)) continue;
        ++counted.fired;
        ++fired_;
        if (rule.count && counted.fired >= *rule.count) counted.ended = true;
        return &rule;
    }
    return nullptr;
}

} // namespace almd
