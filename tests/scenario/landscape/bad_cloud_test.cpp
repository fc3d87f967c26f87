// A cloud with short tokens that refuses, throttles, resets and loses answers, over simulated hours.
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

FaultRule fault(FaultKind kind, double probability, int status = 503) {
    FaultRule rule;
    rule.kind = kind;
    rule.probability = probability;
    rule.status = status;
    if (status == 429) rule.retry_after = std::chrono::seconds{3};
    return rule;
}

void survive_a_bad_cloud(std::uint64_t seed) {
    SCOPED_TRACE("ALMD_SEED=" + std::to_string(seed));
    Settings settings = demo_settings();
    settings.seed = seed;
    settings.stand_in.token_life = std::chrono::seconds{5};
    VirtualRun run{settings};
    for (auto const& rule :
         {fault(FaultKind::status, 0.0125, 401), fault(FaultKind::status, 0.0125, 429),
          fault(FaultKind::status, 0.0125), fault(FaultKind::reset, 0.0125), fault(FaultKind::drop_answer, 0.02)})
        ASSERT_TRUE(run.cloud().add_fault(rule));
    ASSERT_TRUE(run.start());
    run.shard().run_for(1h);
    auto made = run.cloud().create_feature("Under fire");
    ASSERT_TRUE(made);
    auto const id = (*made)->display_id();
    auto const requests = run.agent().parts().world.read(0, [](Landscape const& world) {
        return std::vector{*world.find_alias("price-report"), *world.find_alias("delivery-note")};
    });
    ASSERT_TRUE(run.cloud().assign(id, requests));
    ASSERT_TRUE(run.cloud().act(id, FeatureAction::start_implementation));
    ASSERT_TRUE(run.cloud().deploy(id));
    run.shard().run_for(5h);

    auto const& ledger = run.cloud().ledger();
    EXPECT_GT(run.cloud().faults().fired(), 50u);
    EXPECT_EQ(ledger.totals().expired_token, 0u);
    EXPECT_EQ(ledger.totals().gaps, 0u);
    auto const imports =
        run.agent().parts().world.read(0, [](Landscape const& world) { return world.history().rows().size(); });
    EXPECT_EQ(imports, 2u);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
    auto& parts = run.agent().parts();
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        EXPECT_GE(parts.setups[setup].heartbeat_sequence, 70u);
        EXPECT_LE(parts.outbox.waiting(setup), 1u);
        EXPECT_EQ(ledger.system(run.cloud().find(parts.setups[setup].lms_id)).beats + parts.outbox.waiting(setup),
                  parts.setups[setup].heartbeat_sequence);
    }
}

TEST(BadCloudProperty, LosesNothingAndNothingIsDoneTwice) {
    for (auto seed : test_seeds(8)) survive_a_bad_cloud(seed);
}

TEST(AnOutage, StretchesTheTasksKeepsTheHeartbeatsAndIsMadeUpForInOrder) {
    Settings settings = demo_settings();
    settings.retry.attempts_max = 2;
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(1h);
    ASSERT_TRUE(run.cloud().add_fault(fault(FaultKind::status, 1.0)));
    run.shard().run_for(3h);
    auto& parts = run.agent().parts();
    auto const read = static_cast<std::size_t>(TaskKind::transports_read);
    EXPECT_GE(parts.outbox.waiting(), 4u * 30u) << "a heartbeat of each client every five minutes waits";
    EXPECT_GT(effective_interval_minutes(parts.setups[0].tasks[read]), 10);
    run.cloud().faults().clear();
    run.shard().run_for(24h);
    EXPECT_EQ(parts.outbox.waiting(), 0u);
    EXPECT_EQ(effective_interval_minutes(parts.setups[0].tasks[read]), 10) << "two good runs bring the default back";
    EXPECT_EQ(run.cloud().ledger().totals().gaps, 0u);
    EXPECT_EQ(run.cloud().ledger().totals().reorderings, 0u);
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup)
        EXPECT_EQ(run.cloud().ledger().system(run.cloud().find(parts.setups[setup].lms_id)).beats,
                  parts.setups[setup].heartbeat_sequence);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

} // namespace
} // namespace almd
