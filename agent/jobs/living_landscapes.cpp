// People at work: who is due, what it leaves in the digest, pausing.
#include "agent/jobs/living_landscapes.hpp"

#include "agent/setup/import_dispatcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace almd {

namespace {

constexpr double rate_max = 1000; // as in the schema

} // namespace

LivingLandscapes::LivingLandscapes(AgentParts& parts, ActivitySpec const& activity)
    : parts_{parts}
    , spec_{activity} {
    if (!spec_.on()) return;
    parts_.shard.set_sink(*this);
    people_.reserve(parts_.world.landscapes());
    for (std::uint32_t i = 0; i < parts_.world.landscapes(); ++i)
        people_.push_back({Activity{spec_, parts_.world.name_of(i), parts_.world.born()}});
    (void)set_active(true); // it is there
}

void LivingLandscapes::arm(std::uint32_t landscape) {
    auto& person = people_[landscape];
    person.event = parts_.shard.arm(person.activity.next(), activity_bit | landscape);
}

Result<void> LivingLandscapes::check_on() const {
    if (!people_.empty()) return {};
    return fail(ErrorCode::conflict, "the configuration has no landscape.activity: there is nobody who works");
}

Result<void> LivingLandscapes::set_rates(ActivityRates rates) {
    if (auto const on = check_on(); !on) return on;
    for (double const rate : {rates.requests, rates.objects, rates.releases, rates.imports})
        if (!(rate >= 0 && rate <= rate_max))
            return fail(ErrorCode::invalid, fmt::format("a rate of {}: 0 to {} per hour are allowed", rate, rate_max));
    auto changed = spec_;
    changed.rates = rates;
    if (!changed.on()) return fail(ErrorCode::invalid, "all rates are 0: stop the activity instead");
    spec_.rates = rates;
    for (std::uint32_t i = 0; i < people_.size(); ++i) {
        people_[i].activity.resume(parts_.now());
        if (!active_) continue;
        parts_.shard.cancel(people_[i].event);
        arm(i);
    }
    return {};
}

Result<void> LivingLandscapes::set_active(bool active) {
    if (auto const on = check_on(); !on) return on;
    if (active == active_) return {};
    active_ = active;
    for (std::uint32_t i = 0; i < people_.size(); ++i) {
        auto& person = people_[i];
        if (!active) {
            parts_.shard.cancel(person.event);
            continue;
        }
        if (person.activity.next() < parts_.now()) person.activity.resume(parts_.now());
        arm(i);
    }
    return {};
}

void LivingLandscapes::due(std::uint32_t payload, TimePoint planned) {
    if (!(payload & activity_bit)) return parts_.background.due(payload, planned);
    auto const landscape = payload & ~activity_bit;
    auto const now = parts_.now();
    auto event = people_[landscape].activity.act(parts_.world.keep(landscape), now);
    if (event.kind != ActivityEvent::Kind::nothing)
        parts_.digest.add(now, parts_.world.number_of(landscape), hash_text("activity") + static_cast<int>(event.kind),
                          event.request ? hash_text(event.request->text()) : 0);
    if (event.target) parts_.shard.tasks().spawn(import_round(landscape, *event.target, std::move(event.imports)));
    arm(landscape);
}

/// What it ended with stands in history, queue and tp's logs, as of every import by hand.
Async<void> LivingLandscapes::import_round(std::uint32_t landscape, TransportTarget target,
                                           std::vector<TrRequest> requests) {
    ImportDispatcher rddimpdp{parts_, landscape, target};
    auto const outcome = co_await parts_.world.keep(landscape).import_subset(
        parts_.shard.clock(), target, std::move(requests), "DDIC", ImportOptions(), &rddimpdp);
    rddimpdp.finish();
    if (!outcome) co_return; // the shard stops
    parts_.digest.add(parts_.now(), parts_.world.number_of(landscape), hash_text(target.text()),
                      outcome->requests.size() * 100 +
                          static_cast<std::uint64_t>(outcome->return_code.value_or(TpReturnCode{}).value()));
}

std::size_t LivingLandscapes::bytes() const {
    std::size_t sum = people_.capacity() * sizeof(Person);
    for (auto const& person : people_) sum += person.activity.bytes();
    return sum;
}

ActivityCounters LivingLandscapes::counters() const {
    ActivityCounters sum;
    for (auto const& [activity, event] : people_) sum.merge(activity.counters());
    return sum;
}

std::optional<TimePoint> LivingLandscapes::next() const {
    if (!active_) return std::nullopt;
    auto const earliest =
        std::ranges::min_element(people_, {}, [](Person const& person) { return person.activity.next(); });
    return earliest->activity.next();
}

} // namespace almd
