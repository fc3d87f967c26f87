// Deciding which call goes wrong.
#include "simulator/cloud/faults.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace almd {

namespace {

constexpr std::array<std::string_view, fault_kind_count> kind_names{"status",
                                                                    "reset",
                                                                    "close",
                                                                    "dropAnswer",
                                                                    "delay",
                                                                    "malformedJson",
                                                                    "truncatedJson",
                                                                    "oversizeBody",
                                                                    "noAnswer",
                                                                    "closeMidBody",
                                                                    "dribble",
                                                                    "quota",
                                                                    "tokenRevoked",
                                                                    "scopeRemoved",
                                                                    "certificateExpired",
                                                                    "leaseNotHonoured",
                                                                    "duplicateDelivery",
                                                                    "outage"};

bool is_token_call(CloudOperation operation) {
    return operation == CloudOperation::token || operation == CloudOperation::token_mtls;
}

constexpr std::size_t uuid_size = 36;

bool is_chosen(std::string_view chosen, FaultTarget const& target) {
    auto const label = [chosen](std::string_view key, std::string_view value) {
        return !value.empty() && chosen.starts_with(key) && chosen.substr(key.size()) == value;
    };
    return (target.system && target.system->text() == chosen) ||
           (target.lms_id && chosen.size() == uuid_size && target.lms_id->text() == chosen) ||
           label("role:", target.role) || label("tenant:", target.tenant) ||
           (target.client && label("client:", target.client->text()));
}

bool meets(FaultRule const& rule, FaultTarget const& target) {
    auto const& operations = rule.operations;
    if (!operations.empty() && std::ranges::find(operations, target.operation) == operations.end()) return false;
    if (!can_fire(rule, target.operation) || !rule.call.fits(target.method, target.path)) return false;
    // A poll that nothing would happen to is left to the next rule.
    if (rule.kind == FaultKind::lease_not_honoured && target.items_under_lease == 0) return false;
    bool const is_poll = target.operation == CloudOperation::poll_work;
    if (rule.kind == FaultKind::duplicate_delivery && is_poll && target.items == 0) return false;
    // Reading and writing ask for different scopes.
    if (rule.kind == FaultKind::scope_removed && !rule.scope.empty() && rule.scope != target.scope) return false;
    return rule.systems.empty() ||
           std::ranges::any_of(rule.systems, [&](std::string const& one) { return is_chosen(one, target); });
}

/// `age` counts from the rule's birth.
bool is_down(FaultRule const& rule, WireDuration age) {
    if (rule.window == WireDuration{0}) return true;
    auto const since = age - rule.after;
    return (rule.every == WireDuration{0} ? since : since % rule.every) < rule.window;
}

WireDuration draw_wait(FaultRule const& rule, Rng& draw) {
    auto const delay = static_cast<double>(rule.delay.count());
    switch (rule.spread) {
    case DelaySpread::fixed: break;
    case DelaySpread::uniform:
        return rule.delay + WireDuration{static_cast<std::int64_t>(
                                draw.unit() * static_cast<double>((rule.delay_max - rule.delay).count()))};
    case DelaySpread::lognormal: {
        // Box and Muller; 1 - unit() is never 0.
        auto const normal =
            std::sqrt(-2.0 * std::log(1.0 - draw.unit())) * std::cos(2.0 * std::numbers::pi * draw.unit());
        auto const drawn = delay * std::exp(rule.sigma * normal);
        return WireDuration{static_cast<std::int64_t>(std::min(drawn, static_cast<double>(rule.delay_max.count())))};
    }
    }
    return rule.delay;
}

} // namespace

bool can_fire(FaultRule const& rule, CloudOperation operation) {
    auto const asks_for_it = [&rule](std::optional<CloudScope> scope) {
        return scope && (rule.scope.empty() || rule.scope == name(*scope));
    };
    switch (rule.kind) {
    case FaultKind::certificate_expired: return operation == CloudOperation::token_mtls && rule.systems.empty();
    case FaultKind::lease_not_honoured: return operation == CloudOperation::poll_work;
    case FaultKind::token_revoked: return !is_token_call(operation);
    case FaultKind::scope_removed: {
        auto const scopes = scopes_of(operation);
        return asks_for_it(scopes.read) || asks_for_it(scopes.write);
    }
    default: return rule.systems.empty() || !is_token_call(operation); // who asks for a token says no system
    }
}

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
    auto const named = [this](std::string_view name) {
        return std::ranges::find(rules_, name, [](Counted const& c) { return std::string_view{c.rule.name}; });
    };
    ++made_;
    bool const is_unnamed = rule.name.empty();
    if (is_unnamed) rule.name = fmt::format("fault-{}", made_);
    while (is_unnamed && named(rule.name) != rules_.end()) rule.name = fmt::format("fault-{}", ++made_);
    auto const same = named(rule.name);
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

std::optional<FaultHit> FaultEngine::decide(FaultTarget const& target, WirePoint now) {
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
        if (rule.kind == FaultKind::outage && !is_down(rule, age)) continue;
        FaultHit hit;
        if (rule.kind == FaultKind::quota) {
            auto const length = std::max(rule.window, WireDuration{1});
            auto const window = (age - rule.after) / length;
            if (std::exchange(counted.window, window) != window) counted.in_window = 0;
            if (++counted.in_window <= rule.quota) continue;
            hit.wait = rule.after + (window + 1) * length - age;
        } else {
            hit.wait = draw_wait(rule, draw);
        }
        ++counted.fired;
        ++fired_;
        ++fired_of_[static_cast<std::size_t>(rule.kind)];
        if (rule.count && counted.fired >= *rule.count) counted.ended = true;
        hit.rule = rule;
        if (rule.kind == FaultKind::dribble) hit.rule.delay = hit.wait;
        return hit;
    }
    return std::nullopt;
}

void FaultEngine::take_back(FaultHit const& hit) {
    --fired_;
    --fired_of_[static_cast<std::size_t>(hit.rule.kind)];
    auto const counted =
        std::ranges::find(rules_, hit.rule.name, [](Counted const& c) { return std::string_view{c.rule.name}; });
    if (counted == rules_.end()) return;
    --counted->fired;
    if (counted->rule.count) counted->ended = false;
}

} // namespace almd
