// A feature is deployed through the landscape, in virtual time.
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TrRequest alias(VirtualRun& run, std::string_view name) {
    return run.agent().parts().world.read(0, [&](Landscape const& world) { return *world.find_alias(name); });
}

SystemId sid(std::string_view text) {
    return *SystemId::parse(text);
}

std::vector<std::string> log_texts(VirtualRun& run, ExternalId id) {
    std::vector<std::string> texts;
    for (auto const& entry : run.agent().parts().log.entries())
        if (entry.external_id == id) texts.push_back(entry.text);
    return texts;
}

struct Deployed : testing::Test {
    Settings settings = demo_settings();
    std::unique_ptr<VirtualRun> run;

    void begin() {
        settings.landscape.tp.warning_share = 0;
        run = std::make_unique<VirtualRun>(settings);
        ASSERT_TRUE(run->start());
        run->shard().run_for(30min);
    }
    std::string feature(std::vector<TrRequest> transports) {
        auto made = run->cloud().create_feature("New tariff");
        EXPECT_TRUE(made) << made.error().context;
        auto const id = (*made)->display_id();
        EXPECT_TRUE(run->cloud().assign(id, transports));
        EXPECT_TRUE(run->cloud().act(id, FeatureAction::start_implementation));
        return id;
    }
    void approve(std::string const& id) {
        for (auto action : {FeatureAction::handover_to_test, FeatureAction::confirm_successful_test,
                            FeatureAction::approve_for_production}) {
            auto acted = run->cloud().act(id, action);
            ASSERT_TRUE(acted) << acted.error().context;
        }
    }
    std::vector<ImportRow> history() {
        return run->agent().parts().world.read(0, [](Landscape const& world) {
            auto const rows = world.history().rows();
            return std::vector(rows.begin(), rows.end());
        });
    }
};

TEST_F(Deployed, ToQuaAndThenToPrdWithTheBackgroundUserOfClient000InTheHistory) {
    begin();
    auto const first = alias(*run, "price-report"), second = alias(*run, "price-conditions");
    auto const id = feature({first, second});
    auto deployed = run->cloud().deploy(id);
    ASSERT_TRUE(deployed) << deployed.error().context;
    run->shard().run_for(15min);
    ASSERT_EQ(history().size(), 2u);
    for (auto const& row : history()) {
        EXPECT_EQ(row.system, sid("QUA"));
        EXPECT_EQ(row.client, Client{200});
        EXPECT_EQ(row.user, "CALM_QUA");
        EXPECT_EQ(row.return_code.value(), 0);
    }
    approve(id);
    auto to_production = run->cloud().deploy(id);
    ASSERT_TRUE(to_production) << to_production.error().context;
    run->shard().run_for(15min);
    ASSERT_EQ(history().size(), 4u);
    EXPECT_EQ(history().back().system, sid("PRD"));
    EXPECT_EQ(history().back().user, "CALM_PRD");
    EXPECT_THAT(log_texts(*run, ExternalId::import), Contains(HasSubstr("DEVK9")));
    EXPECT_THAT(log_texts(*run, ExternalId::import_feedback), testing::SizeIs(2));
    EXPECT_TRUE(run->cloud().verdict().clean) << testing::PrintToString(run->cloud().verdict().reasons);
}

TEST_F(Deployed, OnlyWhenTheCloudAskedAndWithAnImportJobOfItsOwn) {
    begin();
    run->shard().run_for(2h);
    EXPECT_THAT(history(), IsEmpty()); // released, in the buffer, and nobody deployed
    auto& background = run->agent().parts().background;
    for (std::size_t i = 0; i < background.ended_rows(); ++i)
        ASSERT_NE(static_cast<Program>(background.ended_row(i).program), Program::import_transports);
}

TEST_F(Deployed, Rule7AMismatchBlocksTheSubsetUntilItIsRepairedAndTheNextPollImportsAllOfIt) {
    begin();
    auto& world = run->agent().parts().world.keep(0);
    std::optional<ComponentVersion> good;
    for (auto const& component : world.system(sid("QUA")).components())
        if (component.name == "S4CORE") good = component;
    ASSERT_TRUE(good);
    auto behind = *good;
    behind.support_package -= 1;
    world.system(sid("QUA")).set_component(behind);
    auto const id =
        feature({alias(*run, "price-report"), alias(*run, "price-conditions"), alias(*run, "delivery-note")});
    auto const waiting = world.buffer(sid("QUA")).size();
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(15min);
    EXPECT_THAT(history(), IsEmpty());
    EXPECT_EQ(world.buffer(sid("QUA")).size(), waiting);
    auto const said = HasSubstr("3 of 3 requests do not match the component version of the target system");
    EXPECT_THAT(log_texts(*run, ExternalId::import), Contains(said));
    EXPECT_FALSE(run->cloud().verdict().clean) << "the item is open";
    world.system(sid("QUA")).set_component(*good);
    run->shard().run_for(30min);
    ASSERT_EQ(history().size(), 3u);
    for (auto const& row : history()) EXPECT_EQ(row.return_code.value(), 0);
    EXPECT_TRUE(run->cloud().verdict().clean) << testing::PrintToString(run->cloud().verdict().reasons);
}

TEST_F(Deployed, NothingTwiceWhenTheAnswerToTheResultIsLost) {
    begin();
    FaultRule rule;
    rule.operations = {CloudOperation::work_result};
    rule.kind = FaultKind::drop_answer;
    rule.probability = 0.7;
    ASSERT_TRUE(run->cloud().add_fault(rule));
    auto const id = feature({alias(*run, "price-report")});
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(4h);
    EXPECT_EQ(history().size(), 1u);
    EXPECT_TRUE(run->cloud().verdict().clean) << testing::PrintToString(run->cloud().verdict().reasons);
}

} // namespace
} // namespace almd
