// Landscapes at one cloud, under faults of every kind: whatever the cloud and the wire do, nothing is lost and nothing is done
// twice.
//
// ALMD_SEED, ALMD_SEEDS, ALMD_LANDSCAPES (of each seed) and ALMD_HOURS (of storm) choose how much is tried. CI has 200 seeds, each
// a day of 50 landscapes at one cloud, which are some nine minutes of one processor; ALMD_SEEDS=2000 is for once.
#include "agent/virtual_run.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace almd {
namespace {

constexpr std::uint64_t seeds_in_ci = under_sanitizer ? 4 : 200, landscapes_in_ci = under_sanitizer ? 5 : 50;

/// Errors stretch a task's interval up to 700 minutes (V); a landscape may need that long to come back after the storm.
constexpr int longest_interval_h = 12;
/// Below this it is one seed that somebody looks at again, not a test of the test.
constexpr std::uint64_t storms_with_every_kind = 20;

std::uint64_t number_from(char const* variable, std::uint64_t otherwise) {
    char const* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// How much one seed lives through.
struct Size {
    std::uint64_t landscapes = number_from("ALMD_LANDSCAPES", landscapes_in_ci);
    std::uint64_t hours = number_from("ALMD_HOURS", 24);
};

/// Some of the operations where the kind can fire.
std::vector<CloudOperation> some_operations(FaultRule const& rule, Rng& chance) {
    std::vector<CloudOperation> some;
    while (some.empty())
        for (std::size_t i = 0; i < cloud_operation_count; ++i)
            if (auto const operation = static_cast<CloudOperation>(i);
                operation <= CloudOperation::check_result && can_fire(rule, operation) && chance.chance(0.3))
                some.push_back(operation);
    return some;
}

/// A role, a client, or single systems, as a person would name them.
std::vector<std::string> some_systems(World const& world, Rng& chance) {
    constexpr std::array labels{"role:PROD", "role:TEST", "role:DEV", "client:000", "client:100"};
    if (chance.chance(0.5)) return {labels[chance.below(labels.size())]};
    std::vector<std::string> some;
    for (auto left = 1 + chance.below(10); left > 0; --left)
        some.emplace_back(world.sid(static_cast<SystemSlot>(chance.below(world.systems()))).text());
    return some;
}

/// Of one kind, as hard as chance wants it.
FaultRule random_fault(FaultKind kind, Size const& size, World const& world, Rng& chance) {
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
    rule.after = std::chrono::minutes{chance.below(size.hours * 10)};
    if (kind == FaultKind::quota) {
        rule.probability = 1;
        rule.quota = size.landscapes * (1 + chance.below(6));
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
    if (kind == FaultKind::lease_not_honoured) rule.probability = 1; // few polls find anything under a lease
    if (chance.chance(0.4) && kind != FaultKind::certificate_expired) {
        rule.systems = some_systems(world, chance);
        rule.probability = std::min(1.0, rule.probability * 3);
    }
    if (chance.chance(0.4)) {
        rule.operations = some_operations(rule, chance);
        rule.probability = std::min(1.0, rule.probability * 2);
    }
    return rule;
}

/// The person at the cloud for one landscape, who tries the next step again and again until the world is ready for it.
class Person {
public:
    Person(VirtualRun& run, std::uint32_t landscape)
        : run_{run}
        , landscape_{landscape} {}

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
            auto const numbers = run_.agent().parts().world.read(landscape_, [](Landscape const& world) {
                return std::vector{*world.find_alias("price-report"), *world.find_alias("delivery-note"),
                                   *world.find_alias("credit-limit")};
            });
            return cloud.assign(feature_, std::span{numbers}.first(2)).has_value() && ask_for_release(numbers[2]);
        }
        case 2: return acted(FeatureAction::start_implementation);
        case 3: return cloud.deploy(feature_).has_value();
        case 4: return acted(FeatureAction::handover_to_test);
        case 5: return acted(FeatureAction::confirm_successful_test);
        case 6: return acted(FeatureAction::approve_for_production);
        default: return cloud.deploy(feature_).has_value();
        }
    }

    /// Of a request that is still open: work of another kind, in another client, of which the agent must tell an end too.
    bool ask_for_release(TrRequest request) {
        for (auto const& parts = run_.agent().parts(); auto const setup : setups())
            if (parts.setups.spec(setup).client == Client{100}) {
                WorkItem item;
                item.kind = WorkKind::release;
                item.transports = {request};
                return run_.cloud().create_work(parts.setups[setup].lms_id, std::move(item)).has_value();
            }
        return false;
    }

    std::vector<SetupIndex> setups() const {
        auto const& all = run_.agent().parts().setups;
        std::vector<SetupIndex> own;
        for (SetupIndex setup = 0; setup < all.size(); ++setup)
            if (all.place(setup).landscape == landscape_) own.push_back(setup);
        return own;
    }

    VirtualRun& run_;
    std::uint32_t landscape_;
    std::string feature_;
    int step_ = 0;
};

Async<void> ask_for_a_token_with_a_certificate(Cloud& cloud) {
    HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials&client_id=x"};
    co_await cloud.mtls_tokens().serve(std::move(request));
}

using Fired = std::array<std::uint64_t, fault_kind_count>;

void expect_each_import_once(VirtualRun& run, std::uint32_t landscape) {
    std::map<std::pair<std::string, std::string>, int> imports;
    run.agent().parts().world.read(landscape, [&](Landscape const& world) {
        for (auto const& row : world.history().rows())
            ++imports[{std::string{row.system.text()}, std::string{row.request.text()}}];
        return 0;
    });
    EXPECT_EQ(imports.size(), 4U) << "two requests in two systems of landscape " << landscape;
    for (auto const& [where, times] : imports) EXPECT_EQ(times, 1) << where.second << " in " << where.first;
}

void expect_nothing_lost_and_nothing_twice(VirtualRun& run, Size const& size) {
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
        EXPECT_GT(parts.setups[setup].heartbeat_sequence, size.hours * 8) << "set-up " << setup; // of 12 an hour
    }
    for (std::uint32_t landscape = 0; landscape < size.landscapes; ++landscape) expect_each_import_once(run, landscape);
    std::set<WorkId> known;
    for (auto const& work : run.cloud().work().all()) known.insert(work.item.id);
    EXPECT_EQ(known.size(), size.landscapes * 3) << "two deployments and a release each";
}

void live_through_a_storm(std::uint64_t seed, Size const& size, Fired& fired) {
    Rng chance{mix(seed, hash_text("storm"))};
    Settings settings = demo_settings();
    settings.seed = seed;
    settings.fleet.systems = size.landscapes * settings.setups.size();
    settings.stand_in.token_life = std::chrono::seconds{60 + chance.below(3'600)};
    settings.stand_in.journal_entries = 0;
    VirtualRun run{settings};
    auto const& world = run.agent().parts().world;
    // A third of the kinds at a time: all at once would leave no call that arrives.
    for (std::size_t kind = 0; kind < fault_kind_count; ++kind) {
        if (!chance.chance(0.35)) continue;
        ASSERT_TRUE(run.cloud().add_fault(random_fault(static_cast<FaultKind>(kind), size, world, chance)));
    }
    ASSERT_TRUE(run.start());
    std::vector<Person> people;
    for (std::uint32_t landscape = 0; landscape < size.landscapes; ++landscape) people.emplace_back(run, landscape);
    auto const all_done = [&] { return std::ranges::all_of(people, &Person::done); };
    auto const one_hour = [&] {
        run.shard().run_for(1h);
        for (auto& person : people) person.go_on();
        run.shard().tasks().spawn(ask_for_a_token_with_a_certificate(run.cloud()));
    };
    for (std::uint64_t hour = 0; hour < size.hours; ++hour) one_hour();
    for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
        fired[kind] += run.cloud().faults().fired(static_cast<FaultKind>(kind));
    run.cloud().faults().clear();
    for (int hour = 0; hour < 4 * longest_interval_h && !all_done(); ++hour) one_hour();
    EXPECT_TRUE(all_done()) << "somebody waits for something that never comes";
    for (int hour = 0; hour < longest_interval_h && run.cloud().work().open() > 0; ++hour) run.shard().run_for(1h);
    run.shard().run_for(1h);
    expect_nothing_lost_and_nothing_twice(run, size);
}

/// A quarter of the seeds each, so that they run side by side.
constexpr std::uint64_t quarters = 4;
struct StormProperty : testing::TestWithParam<std::uint64_t> {};

TEST_P(StormProperty, LosesNothingAndDoesNothingTwiceUnderFaultsOfEveryKind) {
    Fired fired{};
    std::vector<std::uint64_t> seeds = test_seeds(seeds_in_ci);
    std::erase_if(seeds, [](std::uint64_t seed) { return seed % quarters != GetParam(); });
    for (auto const seed : seeds) {
        SCOPED_TRACE("ALMD_SEED=" + std::to_string(seed));
        live_through_a_storm(seed, Size{}, fired);
        if (testing::Test::HasFailure()) break;
    }
    for (std::size_t kind = 0; kind < fault_kind_count && seeds.size() >= storms_with_every_kind; ++kind) {
        std::cout << name(static_cast<FaultKind>(kind)) << ' ' << fired[kind] << '\n';
        EXPECT_GT(fired[kind], 0U) << name(static_cast<FaultKind>(kind)) << " never fired: more seeds are needed";
    }
}

INSTANTIATE_TEST_SUITE_P(Quarters, StormProperty, testing::Range<std::uint64_t>(0, quarters));

} // namespace
} // namespace almd
