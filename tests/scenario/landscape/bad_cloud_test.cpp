// A cloud with short tokens that refuses, throttles, resets and loses answers, over simulated hours.
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

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

struct BadCloud : testing::TestWithParam<std::uint64_t> {};

TEST_P(BadCloud, LosesNothingAndNothingIsDoneTwice) {
    Settings settings = demo_settings();
    settings.seed = GetParam();
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

INSTANTIATE_TEST_SUITE_P(Seeds, BadCloud, testing::Range<std::uint64_t>(1, 9));

} // namespace
} // namespace almd
