// The transport configuration changes while agent and cloud work, in virtual time.
#include "agent/setup/landscape_change.hpp"
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

SystemId system_id(std::string_view text) {
    return *SystemId::parse(text);
}

TransportTarget place(std::string_view text) {
    return *TransportTarget::parse(text);
}

struct ChangedLandscape : testing::Test {
    Settings settings = demo_settings();
    std::unique_ptr<VirtualRun> run;

    void begin() {
        settings.landscape.tp.warning_share = 0;
        run = std::make_unique<VirtualRun>(settings);
        ASSERT_TRUE(run->start());
        run->shard().run_for(30min);
    }
    Landscape& world() { return run->agent().parts().world.keep(0); }
    SystemSpec like_production(std::string_view sid) {
        auto system = settings.landscape.systems[2];
        system.id = system_id(sid);
        return system;
    }
    Result<ConfigurationActivated> change(ConfigurationChange const& what) {
        return change_landscape(run->agent().parts(), what, "BASIS");
    }
    DeliveryRouteSpec route(std::string_view target) { return {system_id("QUA"), Client{200}, place(target)}; }
    /// What the cloud knows of the domain.
    LandscapePush const& reported() { return run->cloud().landscapes().entries().at(0)->landscape; }

    /// A person runs /SDF/ALM_SETUP in client 000 of the system and switches the import on.
    void set_up_imports(std::string_view sid) {
        auto& parts = run->agent().parts();
        auto const slot = parts.world.find(system_id(sid));
        ASSERT_TRUE(slot);
        SetupSpec spec{system_id(sid), client_000, "CALM", "CALM_" + std::string{sid}, "DDIC", {}};
        auto setup = run->agent().alm_setup().create(spec, *slot, parts.destinations[0].key, std::nullopt);
        ASSERT_TRUE(setup) << setup.error().context;
        run->shard().tasks().spawn(join(run->agent().alm_setup(), *setup, joined));
        run->shard().run_for(10min);
        ASSERT_TRUE(joined && *joined) << joined->error().context;
    }
    std::optional<Result<void>> joined;
    static Async<void> join(AlmSetup& setups, SetupIndex setup, std::optional<Result<void>>& joined) {
        auto registered = co_await setups.register_system(setup);
        if (!registered) {
            joined = std::unexpected{registered.error()};
            co_return;
        }
        joined = co_await setups.activate(setup, TaskKind::transports_import, std::nullopt);
    }
    std::string feature(TrRequest transport) {
        auto made = run->cloud().create_feature("For the trainers");
        EXPECT_TRUE(made);
        auto const id = (*made)->display_id();
        EXPECT_TRUE(run->cloud().assign(id, std::vector{transport}));
        EXPECT_TRUE(run->cloud().act(id, FeatureAction::start_implementation));
        return id;
    }
    void approve(std::string const& id) {
        for (auto action : {FeatureAction::handover_to_test, FeatureAction::confirm_successful_test,
                            FeatureAction::approve_for_production})
            EXPECT_TRUE(run->cloud().act(id, action));
    }
    std::vector<std::string> history_of(TrRequest transport) {
        std::vector<std::string> all;
        for (auto const* row : world().imports_of(transport))
            all.push_back(std::string{TransportTarget{row->system, row->client}.text()} + " " + row->user);
        return all;
    }
};

TEST_F(ChangedLandscape, ARouteAddedWhileItRunsIsPushedAsVersionTwoAndADeploymentReachesTheNewSystem) {
    begin();
    EXPECT_EQ(reported().version, 1);
    ASSERT_TRUE(change(AddSystem{like_production("TRN")}));
    run->shard().run_for(5min);
    EXPECT_EQ(reported().version, 2);
    EXPECT_EQ(reported().systems.size(), 4u);
    ASSERT_TRUE(change(AddDeliveryRoute{route("TRN.300")}));
    run->shard().run_for(5min);
    EXPECT_EQ(reported().version, 3);
    EXPECT_EQ(reported().delivery_routes.size(), 2u);
    set_up_imports("TRN");

    auto const transport = *world().find_alias("price-report");
    auto const id = feature(transport);
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(15min);
    approve(id);
    auto const deployed = run->cloud().deploy(id, place("TRN.300"));
    ASSERT_TRUE(deployed) << deployed.error().context;
    run->shard().run_for(15min);
    EXPECT_THAT(history_of(transport), testing::ElementsAre("QUA.200 CALM_QUA", "TRN.300 CALM_TRN"));
    EXPECT_TRUE(run->cloud().verdict().clean) << testing::PrintToString(run->cloud().verdict().reasons);
}

TEST_F(ChangedLandscape, AVirtualSystemThatBecomesRealTakesWhatWaited) {
    auto trainers = like_production("TRN");
    trainers.virtual_system = true;
    settings.landscape.systems.push_back(trainers);
    settings.landscape.tms.delivery_routes.push_back(route("TRN.300"));
    begin();
    auto const& systems = reported().systems;
    auto const virtual_one = std::ranges::find(systems, system_id("TRN"), &LandscapePush::System::system_id);
    ASSERT_NE(virtual_one, systems.end());
    EXPECT_TRUE(virtual_one->virtual_system);

    auto const transport = *world().find_alias("price-report");
    auto const id = feature(transport);
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(15min);
    approve(id);
    ASSERT_TRUE(run->cloud().deploy(id)) << "production is real";
    run->shard().run_for(15min);
    auto const refused = run->cloud().deploy(id, place("TRN.300"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().context, HasSubstr("is a virtual system"));
    EXPECT_FALSE(run->cloud().act(id, FeatureAction::confirm_deployment)) << "not before all systems are real";
    auto const before = world().buffer(system_id("TRN")).queue();
    EXPECT_THAT(before, Contains(testing::Field(&BufferEntry::trkorr, transport)));

    auto real = trainers;
    real.virtual_system = false;
    ASSERT_TRUE(change(ReplaceVirtualSystem{real}));
    run->shard().run_for(5min);
    EXPECT_EQ(reported().version, 2);
    EXPECT_TRUE(std::ranges::none_of(reported().systems, &LandscapePush::System::virtual_system));
    set_up_imports("TRN");
    auto const deployed = run->cloud().deploy(id, place("TRN.300"));
    ASSERT_TRUE(deployed) << deployed.error().context;
    run->shard().run_for(15min);
    EXPECT_THAT(history_of(transport), Contains("TRN.300 CALM_TRN"));
    EXPECT_THAT(world().buffer(system_id("TRN")).queue(), IsEmpty());
    EXPECT_TRUE(run->cloud().act(id, FeatureAction::confirm_deployment));
}

TEST_F(ChangedLandscape, NobodyRunsTheSetUpInAVirtualSystem) {
    begin();
    auto trainers = like_production("TRN");
    trainers.virtual_system = true;
    ASSERT_TRUE(change(AddSystem{trainers}));
    auto& parts = run->agent().parts();
    EXPECT_EQ(parts.world.systems(), 4u);
    SetupSpec spec{system_id("TRN"), client_000, "CALM", "CALM_TRN", "DDIC", {}};
    auto const refused =
        run->agent().alm_setup().create(spec, *parts.world.find(system_id("TRN")), parts.destinations[0].key, {});
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
}

TEST_F(ChangedLandscape, AnImportThatWasNotApprovedIsReportedAsNotExecuted) {
    settings.landscape.tms.approvals = {{system_id("QUA"), {ApprovalStep::system_administration}}};
    begin();
    auto const transport = *world().find_alias("price-report");
    auto const id = feature(transport);
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(15min);
    approve(id);
    ASSERT_TRUE(run->cloud().deploy(id));
    run->shard().run_for(15min);
    EXPECT_THAT(history_of(transport), testing::ElementsAre("QUA.200 CALM_QUA"));
    std::vector<std::string> log;
    for (auto const& entry : run->agent().parts().log.entries()) log.push_back(entry.text);
    EXPECT_THAT(log, Contains(HasSubstr("must still be approved")));
    ASSERT_TRUE(world().approve(transport, system_id("QUA"), ApprovalStep::system_administration, "BASIS",
                                run->agent().parts().now()));
    ASSERT_TRUE(run->cloud().deploy(id)) << "it is asked for again";
    run->shard().run_for(15min);
    EXPECT_THAT(history_of(transport), Contains("PRD.300 CALM_PRD"));
}

} // namespace
} // namespace almd
