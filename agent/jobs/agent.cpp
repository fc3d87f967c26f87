// The agent of one shard.
#include "agent/jobs/agent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

std::vector<SystemId> sids_of(LandscapeSpec const& spec) {
    std::vector<SystemId> sids;
    for (auto const& system : spec.systems) sids.push_back(system.id);
    return sids;
}

} // namespace

Agent::Agent(Shard& shard, Settings const& settings, WorldRange range, AgentLimits limits, OpenLine open,
             std::uint64_t nonce)
    : world_{settings.landscape, range, shard.clock().now()}
    , setups_{settings.setups, sids_of(settings.landscape), range.count}
    , destinations_{std::move(open)}
    , log_{limits.log_history_max}
    , runner_{parts_}
    , background_{shard, runner_, limits.job_history_max}
    , alm_setup_{parts_}
    , parts_{shard,     world_,  setups_, destinations_, log_,      background_, locks_,
             refusals_, outbox_, work_,   alm_setup_,    counters_, digest_,     nonce}
    , people_{parts_, settings.activity} {
    alm_setup_.register_again = [this](SetupIndex setup) { register_again(setup); };
    for (std::uint32_t landscape = 0; landscape < range.count; ++landscape)
        for (auto const& system : settings.landscape.systems)
            background_.add_systems(1, static_cast<std::uint16_t>(system.batch_processes),
                                    static_cast<std::uint16_t>(system.batch_processes_class_a));
}

void Agent::register_again(SetupIndex setup) {
    if (parts_.shard.tasks().stopping()) return;
    ++registering_;
    --tried_;
    parts_.shard.tasks().spawn(keep_registering(setup));
}

Result<void> Agent::open_destinations(std::vector<DestinationSpec> const& destinations,
                                      std::map<std::string, ServiceKey> const& keys) {
    std::map<std::string, std::uint16_t> opened;
    for (auto const& [name, key] : keys) {
        auto const spec = std::ranges::find(destinations, name, &DestinationSpec::name);
        auto index = destinations_.add(name, key, spec == destinations.end() ? std::nullopt : spec->proxy);
        if (!index) return std::unexpected(index.error());
        opened[name] = *index;
    }
    for (SetupIndex setup = 0; setup < setups_.size(); ++setup) {
        auto found = opened.find(setups_.spec(setup).destination);
        if (found == opened.end())
            return fail(ErrorCode::invalid,
                        fmt::format("destination {} has no service key", setups_.spec(setup).destination));
        setups_[setup].destination = found->second;
    }
    return {};
}

Async<void> Agent::register_all(Duration ramp, std::size_t at_once_max) {
    auto const begin = parts_.now();
    auto const total = static_cast<SetupIndex>(setups_.size());
    for (SetupIndex setup = 0; setup < total; ++setup) {
        auto const planned = begin + ramp * setup / total;
        if (planned > parts_.now())
            if (!co_await parts_.shard.clock().wait_until(planned)) co_return;
        while (registering_ >= at_once_max)
            if (!co_await parts_.shard.clock().wait_for(5ms)) co_return;
        ++registering_;
        parts_.shard.tasks().spawn(keep_registering(setup));
    }
    while (tried_ < total)
        if (!co_await parts_.shard.clock().wait_for(20ms)) co_return;
}

Async<void> Agent::keep_registering(SetupIndex setup) {
    auto rng = Rng::stream(parts_.nonce, setup, hash_text("register again"));
    for (int failures = 0;; ++failures) {
        auto done = co_await alm_setup_.register_system(setup);
        if (failures == 0) {
            ++tried_;
            --registering_;
        }
        if (done) {
            if (on_registered) on_registered(setup);
            co_return;
        }
        auto& state = parts_.setups[setup];
        bool const may_come = state.registered == Registered::refused && !state.removed; // the cloud thinks it over
        if (done.error().code == ErrorCode::stopped) co_return;
        if (done.error().code == ErrorCode::conflict && !may_come) co_return;
        state.registration_wanted = true;
        last_refusal_ = done.error().context;
        last_refusal_is_final_ = state.registered == Registered::refused || done.error().code == ErrorCode::forbidden;
        // Nobody sits at this screen: what a person would do, press Register again, with growing patience.
        auto const patience = std::min<WireDuration>(10s * (1 << std::min(failures, 3)), 60s);
        auto const wait = patience / 2 + std::chrono::duration_cast<WireDuration>(patience * rng.unit());
        if (!co_await parts_.shard.wire().wait_for(wait)) co_return;
        if (!parts_.setups[setup].registration_wanted) co_return;
    }
}

EventDigest Agent::digest() const {
    EventDigest all = digest_;
    all.merge(background_.digest());
    return all;
}

std::size_t Agent::bytes() const {
    return setups_.bytes() + background_.bytes() + world_.bytes() + outbox_.bytes() + people_.bytes();
}

} // namespace almd
