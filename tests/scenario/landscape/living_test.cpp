// A day of a landscape whose developers work, in virtual time.
#include "agent/virtual_run.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd {
namespace {

Settings living(std::uint64_t seed) {
    auto loaded = load_settings(std::string{ALMD_SOURCE_DIR} + "/config/living.yaml");
    auto settings = std::get<Settings>(std::move(loaded));
    settings.seed = seed;
    return settings;
}

std::uint64_t digest_of_a_living_day(std::uint64_t seed) {
    Settings const settings = living(seed);
    VirtualRun run{settings};
    EXPECT_TRUE(run.start().has_value());
    run.shard().run_for(24h);
    return run.agent().digest().value();
}

bool weekend(TimePoint at) {
    using Days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;
    auto const days = std::chrono::floor<Days>(at.time_since_epoch()).count();
    return (days + 3) % 7 >= 5; // 1970-01-01 was a Thursday
}

/// Every number once, in the order in which they were given; what is released is where its history says.
void expect_that_history_agrees(Landscape const& landscape, SystemId development) {
    std::set<TrRequest> numbers;
    for (auto const& request : landscape.cts(development).requests()) {
        EXPECT_TRUE(numbers.insert(request.trkorr).second) << request.trkorr.text();
        for (auto const& task : request.tasks) EXPECT_TRUE(numbers.insert(task.trkorr).second) << task.trkorr.text();
        auto const rows = landscape.imports_of(request.trkorr);
        if (!request.released()) {
            EXPECT_TRUE(rows.empty()) << request.trkorr.text() << " was imported and never released";
            continue;
        }
        if (!request.target || request.function == TrFunction::transport_of_copies) continue;
        bool const waits =
            landscape.buffer(*request.target->system()).find(request.trkorr, request.target->client()) != nullptr;
        bool const imported = std::ranges::any_of(rows, [](auto const* row) { return row->return_code.value() < 8; });
        std::string tries;
        for (auto const* row : rows) tries += " " + std::to_string(row->return_code.value());
        EXPECT_NE(waits, imported) << request.trkorr.text() << " ended with" << tries;
    }
}

TEST(ALivingLandscape, HasABelievableWeek) {
    Settings settings = living(1);
    settings.landscape.tp.warning_share = 0;
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    auto const begin = run.shard().clock().now();
    run.shard().run_for(24h * 7);
    auto const counters = run.agent().people().counters();
    EXPECT_GE(counters.created, 45u) << "75 are expected in 50 hours of 3 people";
    EXPECT_LE(counters.created, 110u);
    EXPECT_GE(counters.released, 25u);
    EXPECT_GT(counters.refused, 0u) << "locks and forgotten tasks";
    std::size_t imports = 0, failed = 0;
    run.agent().parts().world.read(0, [&](Landscape const& landscape) {
        for (auto const& request : landscape.cts(settings.activity.system).requests()) {
            EXPECT_TRUE(settings.activity.hours.open(request.created_at)) << rfc3339(request.created_at);
            EXPECT_TRUE(settings.activity.hours.open(request.changed_at)) << rfc3339(request.changed_at);
            for (auto const* row : landscape.imports_of(request.trkorr)) {
                EXPECT_GE(row->imported_at, begin);
                EXPECT_FALSE(weekend(row->imported_at)) << rfc3339(row->imported_at);
                ++imports;
                failed += row->return_code.value() == 8;
            }
        }
        expect_that_history_agrees(landscape, settings.activity.system);
    });
    EXPECT_GE(imports, counters.released) << "most of them twice: QUA and PRD";
    EXPECT_GT(failed, 0u);
    EXPECT_LT(failed, imports / 4);
    EXPECT_GE(run.agent().counters().transports_sent, counters.created);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

TEST(ALivingLandscape, HasTheShareOfFailingImportsThatItsBehavioursSay) {
    Settings settings = living(3);
    settings.activity.rates = {.requests = 4, .objects = 2, .releases = 6, .imports = 2};
    settings.landscape.tp.warning_share = 0;
    VirtualRun run{settings};
    run.shard().run_for(24h * 7);
    std::size_t imports = 0, failed = 0;
    run.agent().parts().world.read(0, [&](Landscape const& landscape) {
        for (auto const& request : landscape.cts(settings.activity.system).requests())
            for (auto const* row : landscape.imports_of(request.trkorr)) {
                ++imports;
                failed += row->return_code.value() == 8;
            }
        expect_that_history_agrees(landscape, settings.activity.system);
    });
    ASSERT_GT(imports, 500u);
    EXPECT_NEAR(static_cast<double>(failed) / static_cast<double>(imports), 0.1, 0.04);
}

TEST(ALivingLandscape, WithAComponentMismatchGoesOnElsewhereAndImportsItAllAfterwards) {
    Settings settings = living(1);
    auto const qua = *SystemId::parse("QUA");
    VirtualRun run{settings};
    auto& world = run.agent().parts().world;
    auto const level = [&](int support_package) {
        world.keep(0).system(qua).set_component({"S4CORE", "108", support_package});
    };
    level(1);
    run.shard().run_for(24h * 4);
    EXPECT_GT(run.agent().people().counters().released, 5u);
    EXPECT_EQ(world.keep(0).history().rows().size(), 0u) << "XT216 keeps everything out";
    EXPECT_FALSE(world.keep(0).importing(qua));
    level(2);
    run.shard().run_for(24h * 7);
    EXPECT_GT(world.keep(0).history().rows().size(), 10u);
    expect_that_history_agrees(world.keep(0), settings.activity.system);
}

TEST(ALivingLandscape, WaitsInItsImportsForABackgroundWorkProcess) {
    Settings settings = living(1);
    settings.activity.rates = {.requests = 4, .objects = 2, .releases = 6, .imports = 2};
    settings.landscape.systems[1].batch_processes = 0;
    VirtualRun run{settings};
    run.shard().run_for(24h * 3);
    auto const& landscape = run.agent().parts().world.keep(0);
    EXPECT_TRUE(landscape.importing(*SystemId::parse("QUA")));
    EXPECT_EQ(landscape.history().rows().size(), 0u);
    EXPECT_EQ(landscape.tp_log().rows(TpLogKind::system).back().text,
              "HALT Import into QUA waits for a free background work process");
}

TEST(LivingLandscapesProperty, NeverWedgeAndAgreeWithTheirHistoryWhateverTheRates) {
    for (auto const seed : test_seeds(fewer_if_sanitized(25))) {
        Rng rng{mix(seed)};
        Settings settings = living(seed);
        auto& activity = settings.activity;
        activity.rates = {0.2 + 2 * rng.unit(), 4 * rng.unit(), 0.5 + 4 * rng.unit(), 0.5 + 2 * rng.unit()};
        activity.overlap = rng.unit();
        activity.shared_objects = 1 + static_cast<std::uint32_t>(rng.below(30));
        activity.copies_share = 0.3 * rng.unit();
        for (auto& behaviour : activity.behaviours) behaviour.weight = rng.unit();
        for (auto& behaviour : settings.landscape.import_behaviours) behaviour.selector.share = 0.5 * rng.unit();
        VirtualRun run{settings};
        auto const& landscape = run.agent().parts().world.keep(0);
        run.shard().run_for(24h * 7 * 5);
        auto const released = run.agent().people().counters().released;
        auto const imports = landscape.history().last_sequence();
        run.shard().run_for(24h * 7);
        EXPECT_GT(run.agent().people().counters().released, released) << "seed " << seed;
        EXPECT_GT(landscape.history().last_sequence(), imports) << "seed " << seed;
        expect_that_history_agrees(landscape, activity.system);
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
    }
}

TEST(ALivingLandscape, IsTheSameForTheSameSeedAndAnotherForAnother) {
    auto const first = digest_of_a_living_day(7);
    EXPECT_EQ(digest_of_a_living_day(7), first);
    EXPECT_NE(digest_of_a_living_day(8), first);
}

TEST(ALivingLandscape, RestsWhileItIsPaused) {
    Settings const settings = living(1);
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(7h);
    auto& people = run.agent().people();
    ASSERT_TRUE(people.set_active(false));
    run.shard().run_for(24h);
    EXPECT_EQ(people.counters().created, 0u);
    ASSERT_TRUE(people.set_active(true));
    run.shard().run_for(11h);
    EXPECT_GT(people.counters().created, 0u);
}

TEST(ALivingLandscape, WorksAtTheRatesThatAreSetWhileItRuns) {
    Settings const settings = living(1);
    VirtualRun run{settings};
    auto& people = run.agent().people();
    run.shard().run_for(24h);
    auto const before = people.counters().created;
    ActivityRates rates = people.spec().rates;
    rates.requests *= 10;
    rates.releases *= 10;
    ASSERT_TRUE(people.set_rates(rates));
    run.shard().run_for(24h);
    EXPECT_GT(people.counters().created - before, before * 5);
    EXPECT_EQ(people.set_rates({0, 0, 0, 0}).error().code, ErrorCode::invalid);
    EXPECT_EQ(people.set_rates({-1, 0, 0, 1}).error().code, ErrorCode::invalid);
}

TEST(ALandscapeWithoutActivity, CannotBeResumed) {
    Settings const settings = demo_settings();
    VirtualRun run{settings};
    EXPECT_FALSE(run.agent().people().set_active(true));
}

} // namespace
} // namespace almd
