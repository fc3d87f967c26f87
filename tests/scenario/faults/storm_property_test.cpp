// A day under faults of every kind: whatever the cloud and the wire do, nothing is lost and nothing is done twice.
//
// ALMD_SEED, ALMD_SEEDS and ALMD_LANDSCAPES (of each seed) choose how much is tried; CI has 200 seeds of one landscape in 20 s.
#include "agent/virtual_run.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

namespace almd {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t seeds_in_ci = 20; // a sanitizer makes a day some twenty times as long
#else
constexpr std::uint64_t seeds_in_ci = 200;
#endif

/// Errors stretch a task's interval up to 700 minutes (V); a landscape may need that long to come back after the storm.
constexpr int longest_interval_h = 12;
/// Below this it is one seed that somebody looks at again, not a test of the test.
constexpr std::uint64_t days_with_every_kind = 20;

std::uint64_t landscapes_per_seed() {
    char const* text = std::getenv("ALMD_LANDSCAPES");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 1;
}

/// Of one kind, as hard as chance wants it.
FaultRule random_fault(FaultKind kind, Rng& chance) {
    constexpr std::array statuses{401, 429, 500, 502, 503, 504};
    FaultRule rule;
    rule.kind = kind;
    rule.name = std::string{name(kind)};
    rule.probability = 0.002 + chance.unit() * 0.04;
    rule.status = statuses[chance.below(statuses.size())];
    if (rule.status == 429 || rule.status == 503) rule.retry_after = std::chrono::seconds{1 + chance.below(60)};
    rule.delay = std::chrono::seconds{1 + chance.below(90)};
    rule.spread = static_cast<DelaySpread>(chance.below(3));
    rule.delay_max = rule.delay + std::chrono::seconds{chance.below(300)};
    rule.oversize_bytes = 100'000;
    rule.after = std::chrono::minutes{chance.below(180)};
    if (kind == FaultKind::quota) {
        rule.probability = 1;
        rule.quota = 1 + chance.below(6);
        rule.window = std::chrono::minutes{1 + chance.below(3)};
    }
    if (kind == FaultKind::outage) {
        rule.probability = 1;
        rule.window = std::chrono::minutes{1 + chance.below(40)};
        rule.every = rule.window + std::chrono::hours{1 + chance.below(6)};
    }
    // Rare calls need more chance than heartbeats.
    bool const rare = kind == FaultKind::lease_not_honoured || kind == FaultKind::duplicate_delivery;
    if (rare || kind == FaultKind::certificate_expired) rule.probability = 0.3;
    return rule;
}

/// The person at the cloud, who tries the next step again and again until the world is ready for it.
class Person {
public:
    explicit Person(VirtualRun& run)
        : run_{run} {}

    bool done() const { return step_ == 8; }
    void go_on() {
        while (!done() && step()) ++step_;
    }

private:
    bool step() {
        auto& cloud = run_.cloud();
        auto const acted = [&](FeatureAction action) { return cloud.act(feature_, action).has_value(); };
        switch (step_) {
        case 0: {
            auto made = cloud.create_feature("In the storm");
            if (made) feature_ = (*made)->display_id();
            return made.has_value();
        }
        case 1: {
            auto const transports = run_.agent().parts().world.read(0, [](Landscape const& world) {
                return std::vector{*world.find_alias("price-report"), *world.find_alias("delivery-note")};
            });
            return cloud.assign(feature_, transports).has_value();
        }
        case 2: return acted(FeatureAction::start_implementation);
        case 3: return cloud.deploy(feature_).has_value();
        case 4: return acted(FeatureAction::handover_to_test);
        case 5: return acted(FeatureAction::confirm_successful_test);
        case 6: return acted(FeatureAction::approve_for_production);
        default: return cloud.deploy(feature_).has_value();
        }
    }

    VirtualRun& run_;
    std::string feature_;
    int step_ = 0;
};

Async<void> ask_for_a_token_with_a_certificate(Cloud& cloud) {
    HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials&client_id=x"};
    co_await cloud.mtls_tokens().serve(std::move(request));
}

using Fired = std::array<std::uint64_t, fault_kind_count>;

void expect_each_import_once(VirtualRun& run) {
    std::map<std::pair<std::string, std::string>, int> imports;
    run.agent().parts().world.read(0, [&](Landscape const& world) {
        for (auto const& row : world.history().rows())
            ++imports[{std::string{row.system.text()}, std::string{row.request.text()}}];
        return 0;
    });
    EXPECT_EQ(imports.size(), 4U) << "two requests in two systems";
    for (auto const& [where, times] : imports) EXPECT_EQ(times, 1) << where.second << " in " << where.first;
}

void expect_nothing_lost_and_nothing_twice(VirtualRun& run) {
    auto const verdict = run.cloud().verdict();
    EXPECT_TRUE(verdict.clean) << testing::PrintToString(verdict.reasons);
    EXPECT_EQ(run.cloud().work().open(), 0U);
    for (auto const& work : run.cloud().work().all()) {
        EXPECT_EQ(work.ended, 1U) << work.item.id.text();
        EXPECT_EQ(work.contradictions, 0U) << work.item.id.text();
    }
    auto& parts = run.agent().parts();
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const slot = run.cloud().find(parts.setups[setup].lms_id);
        ASSERT_NE(slot, no_cloud_slot) << "set-up " << setup << " never registered";
        EXPECT_EQ(run.cloud().ledger().system(slot).beats + parts.outbox.waiting(setup),
                  parts.setups[setup].heartbeat_sequence)
            << "set-up " << setup;
        EXPECT_GT(parts.setups[setup].heartbeat_sequence, 200U) << "set-up " << setup;
    }
    expect_each_import_once(run);
}

void live_through_a_day(std::uint64_t seed, Fired& fired) {
    SCOPED_TRACE("seed of the landscape: " + std::to_string(seed));
    Rng chance{mix(seed, hash_text("storm"))};
    Settings settings = demo_settings();
    settings.seed = seed;
    settings.stand_in.token_life = std::chrono::seconds{60 + chance.below(3'600)};
    settings.stand_in.journal_entries = 0;
    VirtualRun run{settings};
    // A third of the kinds at a time: all at once would leave no call that arrives.
    for (std::size_t kind = 0; kind < fault_kind_count; ++kind) {
        if (!chance.chance(0.35)) continue;
        ASSERT_TRUE(run.cloud().add_fault(random_fault(static_cast<FaultKind>(kind), chance)));
    }
    ASSERT_TRUE(run.start());
    Person person{run};
    for (int hour = 0; hour < 24; ++hour) {
        run.shard().run_for(1h);
        person.go_on();
        run.shard().tasks().spawn(ask_for_a_token_with_a_certificate(run.cloud()));
    }
    for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
        fired[kind] += run.cloud().faults().fired(static_cast<FaultKind>(kind));
    run.cloud().faults().clear();
    for (int hour = 0; hour < 4 * longest_interval_h && !person.done(); ++hour) {
        person.go_on();
        run.shard().run_for(1h);
    }
    EXPECT_TRUE(person.done()) << "the person waits for something that never comes";
    for (int hour = 0; hour < longest_interval_h && run.cloud().work().open() > 0; ++hour) run.shard().run_for(1h);
    run.shard().run_for(1h);
    expect_nothing_lost_and_nothing_twice(run);
}

TEST(StormProperty, LosesNothingAndDoesNothingTwiceUnderFaultsOfEveryKind) {
    Fired fired{};
    auto const landscapes = landscapes_per_seed();
    auto const seeds = test_seeds(seeds_in_ci);
    for (auto const seed : seeds) {
        SCOPED_TRACE("ALMD_SEED=" + std::to_string(seed));
        for (std::uint64_t n = 0; n < landscapes && !testing::Test::HasFailure(); ++n)
            live_through_a_day(n == 0 ? seed : mix(seed, n), fired);
        if (testing::Test::HasFailure()) break;
    }
    for (std::size_t kind = 0; kind < fault_kind_count && seeds.size() * landscapes >= days_with_every_kind; ++kind) {
        std::cout << name(static_cast<FaultKind>(kind)) << ' ' << fired[kind] << '\n';
        EXPECT_GT(fired[kind], 0U) << name(static_cast<FaultKind>(kind)) << " never fired: more seeds are needed";
    }
}

} // namespace
} // namespace almd
