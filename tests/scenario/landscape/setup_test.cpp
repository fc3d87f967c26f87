// /SDF/ALM_SETUP in virtual time: refused registrations, two tenants, a one-system track.
#include "agent/composition.hpp"
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;

Settings settings_of(std::string const& file) {
    auto loaded = load_settings(std::string{ALMD_SOURCE_DIR "/config/"} + file);
    EXPECT_TRUE(std::holds_alternative<Settings>(loaded)) << file;
    return std::get<Settings>(std::move(loaded));
}

std::vector<std::string> log_texts(VirtualRun& run) {
    std::vector<std::string> texts;
    for (auto const& entry : run.agent().parts().log.entries()) texts.push_back(entry.text);
    return texts;
}

TEST(ARefusedRegistration, EndsWithoutLmsIdAndTheLogHasUrlAndResponseCode) {
    Settings settings = demo_settings();
    settings.landscape.systems[0].system_number = "-"; // SLICENSE of DEV has no valid system number
    settings.landscape.systems[1].db_host = "-";       // SAPDBHOST of QUA is not set
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    auto& parts = run.agent().parts();
    EXPECT_EQ(run.agent().counters().registered, 1u) << "PRD only";
    for (SetupIndex setup = 0; setup < 3; ++setup) {
        EXPECT_NE(parts.setups[setup].registered, Registered::yes);
        EXPECT_EQ(parts.setups[setup].jobs[0], no_job) << "scheduling jobs is skipped";
    }
    EXPECT_THAT(log_texts(run), Contains("No LMS ID retrieved. Scheduling jobs is skipped. Check SLG1 /SDF/CALM"));
    EXPECT_THAT(log_texts(run),
                Contains(testing::AllOf(HasSubstr("/api/landscape-management/v1/Registration"), HasSubstr("400"))));
    EXPECT_THAT(run.agent().last_refusal(),
                testing::AnyOf(HasSubstr("SYSTEM_NUMBER_MISSING"), HasSubstr("DB_HOST_MISSING")));
}

TEST(ARegistration, IsRetriedWhenTheCloudIsNotThereYet) {
    Settings settings = demo_settings();
    VirtualRun run{settings};
    FaultRule away;
    away.operations = {CloudOperation::register_system};
    away.until = WireDuration{5min};
    ASSERT_TRUE(run.cloud().add_fault(away));
    ASSERT_TRUE(run.start());
    run.shard().run_for(15min);
    EXPECT_EQ(run.agent().counters().registered, 4u);
    EXPECT_THAT(log_texts(run), Contains("Scheduler job for CALM has been scheduled."));
    EXPECT_THAT(log_texts(run), Contains("Auto Discovery job for CALM has been triggered."));
}

TEST(TwoTenants, HaveRegistrationsLmsIdsAndHeartbeatsOfTheirOwn) {
    Settings settings = settings_of("two-tenants.yaml");
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(1h);
    auto& parts = run.agent().parts();
    std::set<LmsId> ids;
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        EXPECT_EQ(parts.setups[setup].registered, Registered::yes);
        EXPECT_EQ(parts.setups[setup].heartbeat_sequence, 12u);
        ids.insert(parts.setups[setup].lms_id);
    }
    EXPECT_EQ(ids.size(), parts.setups.size());
    EXPECT_EQ(parts.destinations.size(), 2u);
    EXPECT_NE(parts.destinations[0].key.client_id, parts.destinations[1].key.client_id);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

TEST(TwoTenants, NeedTheKeysOfTwoTenants) {
    Settings settings = settings_of("two-tenants.yaml");
    ServiceKey key;
    key.api = "https://localhost:8443/api";
    key.client_id = "sb-one";
    key.identity_zone = "one";
    auto keys = keys_of(settings, key, nullptr);
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, ErrorCode::invalid);
    EXPECT_THAT(keys.error().context, HasSubstr("same tenant"));
}

TEST(ADestination, GoesThroughTheProxyOfItsConfiguration) {
    Settings settings = settings_of("two-tenants.yaml");
    settings.destinations[1].proxy = ProxySettings{};
    settings.destinations[1].proxy->host = "proxy.example.com";
    Shard shard{Shard::VirtualTime{TimePoint{}}};
    std::vector<std::string> proxies;
    OpenLine const open = [&](ServiceKey const&,
                              std::optional<ProxySettings> const& proxy) -> Result<std::unique_ptr<CloudLine>> {
        proxies.push_back(proxy ? proxy->host : "direct");
        return fail(ErrorCode::unreachable, "no network in this test");
    };
    Agent agent{shard, settings, WorldRange{1, 0, 1, false}, AgentLimits{}, open, 1};
    for (auto const& destination : settings.destinations)
        EXPECT_FALSE(agent.open_destinations(settings.destinations, {{destination.name, ServiceKey{}}}));
    EXPECT_THAT(proxies, testing::ElementsAre("direct", "proxy.example.com"));
}

TEST(AOneSystemTrack, DeploysThroughItsClients) {
    Settings settings = settings_of("one-system.yaml");
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(5min);
    auto made = run.cloud().create_feature("One system");
    ASSERT_TRUE(made);
    auto const id = (*made)->display_id();
    auto const first = run.agent().parts().world.read(
        0, [](Landscape const& world) { return world.cts(world.sid(0)).requests().front().trkorr; });
    ASSERT_TRUE(run.cloud().assign(id, std::vector{first}));
    ASSERT_TRUE(run.cloud().act(id, FeatureAction::start_implementation));
    auto deployed = run.cloud().deploy(id);
    ASSERT_TRUE(deployed) << deployed.error().context;
    run.shard().run_for(10min);
    auto const rows = run.agent().parts().world.read(0, [](Landscape const& world) { return world.history().rows(); });
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows.front().system.text(), "S4H");
    EXPECT_EQ(rows.front().client, Client{200});
}

} // namespace
} // namespace almd
