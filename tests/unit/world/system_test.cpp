// One ABAP system: what is computed, and what differs after a change.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;

SystemSpec spec_of_dev() {
    auto spec = three_tier_landscape().systems[0];
    spec.users = {{"CALM_DEV", {"SAP_SDF_ALM_METRIC_PUSH_FND"}}, {"OLD", {}, true}};
    return spec;
}

AbapSystem dev(SystemSpec const& spec) {
    return AbapSystem{spec, SystemSeat{.id = spec.id}};
}

TEST(AbapSystem, ComputesWhatItsSpecificationLeavesOpen) {
    auto const spec = spec_of_dev();
    auto const identity = dev(spec).identity();
    EXPECT_EQ(identity.host, "dev.landscape.example");
    EXPECT_EQ(identity.db_host, identity.host);
    EXPECT_EQ(identity.root_url, "https://dev.landscape.example:44300");
    EXPECT_EQ(identity.system_number.size(), 18u);
    EXPECT_EQ(identity.installation_number.size(), 10u);
    EXPECT_EQ(identity.clients.size(), 2u);
    EXPECT_EQ(identity.components.size(), 3u);
}

TEST(AbapSystem, TakesWhatItsSpecificationSays) {
    auto spec = spec_of_dev();
    spec.host = "erpdev.corp";
    spec.db_host = "hana.corp";
    spec.system_number = "000000000312345678";
    spec.installation_number = "0020123456";
    auto const identity = dev(spec).identity();
    EXPECT_EQ(identity.host, "erpdev.corp");
    EXPECT_EQ(identity.db_host, "hana.corp");
    EXPECT_EQ(identity.system_number, "000000000312345678");
    EXPECT_EQ(identity.installation_number, "0020123456");
}

TEST(AbapSystem, WithADashHasNoSystemNumberAndNoDatabaseHost) {
    auto spec = spec_of_dev();
    spec.system_number = spec.db_host = "-";
    auto const system = dev(spec);
    EXPECT_EQ(system.identity().system_number, "");
    EXPECT_EQ(system.identity().db_host, "");
    EXPECT_EQ(system.profile_parameter("SAPDBHOST"), std::nullopt);
}

TEST(AbapSystem, LosesItsDatabaseHostWithTheProfileParameter) {
    auto const spec = spec_of_dev();
    auto system = dev(spec);
    EXPECT_EQ(system.profile_parameter("SAPDBHOST"), "dev.landscape.example");
    system.set_profile_parameter("SAPDBHOST", std::nullopt);
    EXPECT_EQ(system.identity().db_host, "");
    system.set_profile_parameter("SAPDBHOST", "other.example");
    EXPECT_EQ(system.identity().db_host, "other.example");
}

TEST(AbapSystem, LetsGoodUsersLogOnAndLockedOnesNot) {
    auto const spec = spec_of_dev();
    auto system = dev(spec);
    EXPECT_EQ(system.logon("CALM_DEV", test_start), LogonState::good);
    EXPECT_EQ(system.logon("OLD", test_start), LogonState::locked);
    EXPECT_EQ(system.logon("NOBODY", test_start), LogonState::unknown_user);
    EXPECT_EQ(system.logon("SAP*", test_start), LogonState::good) << "in every system";
    EXPECT_EQ(system.logon("", test_start), LogonState::unknown_user);
    system.expect_user("CALM_OTHER");
    EXPECT_EQ(system.logon("CALM_OTHER", test_start), LogonState::good);
    ASSERT_TRUE(system.delete_user("CALM_OTHER"));
    EXPECT_EQ(system.logon("CALM_OTHER", test_start), LogonState::unknown_user);
    ASSERT_TRUE(system.set_locked("CALM_DEV", true));
    EXPECT_EQ(system.logon("CALM_DEV", test_start), LogonState::locked);
    EXPECT_FALSE(spec.users[0].locked) << "the specification is shared";
    EXPECT_EQ(system.set_locked("NOBODY", true).error().context,
              "User NOBODY does not exist in the system (or locked)");
}

TEST(AbapSystem, LetsAUserLogOnFromTheFirstToTheLastDayOfItsValidity) {
    UserSpec user{"TEMP", {}};
    user.valid_from = Day::parse("2026-11-22").value();
    user.valid_to = Day::parse("2026-11-30").value();
    struct Row {
        std::string_view today;
        LogonState state;
    };
    for (Row const row : {Row{"2026-11-21", LogonState::not_yet_valid}, Row{"2026-11-22", LogonState::good},
                          Row{"2026-11-30", LogonState::good}, Row{"2026-12-01", LogonState::expired}})
        EXPECT_EQ(logon_state(user, Day::parse(row.today).value()), row.state) << row.today;
    user.locked = true;
    EXPECT_EQ(logon_state(user, Day::parse("2026-12-01").value()), LogonState::locked) << "the lock goes first";
    user = UserSpec{"ALWAYS", {}};
    EXPECT_EQ(logon_state(user, Day::parse("1970-01-01").value()), LogonState::good);
    EXPECT_EQ(Day{test_start}.text(), "2026-11-22");
    EXPECT_EQ(Day::parse("2026-02-30").error().context,
              "\"2026-02-30\" is no day; allowed: year, month, day such as 2026-12-31");
    EXPECT_FALSE(Day::parse("2026-2-3"));
}

TEST(AbapSystem, KnowsADeletedUserFromOneOfWhomNobodySaidAnything) {
    auto const spec = spec_of_dev();
    auto system = dev(spec);
    EXPECT_FALSE(system.was_deleted("NOBODY"));
    ASSERT_TRUE(system.delete_user("CALM_DEV"));
    EXPECT_TRUE(system.was_deleted("CALM_DEV"));
    EXPECT_EQ(system.logon("CALM_DEV", test_start), LogonState::unknown_user);
    EXPECT_FALSE(system.delete_user("CALM_DEV"));
    system.add_user({"CALM_DEV", {}});
    EXPECT_FALSE(system.was_deleted("CALM_DEV"));
    EXPECT_EQ(system.logon("CALM_DEV", test_start), LogonState::good);
}

TEST(AbapSystem, RemembersEarlierComponentVectors) {
    auto const spec = spec_of_dev();
    auto system = dev(spec);
    EXPECT_EQ(system.components_generation(), 0);
    system.set_component({"S4CORE", "108", 3});
    system.set_component({"S4CORE", "108", 3});
    EXPECT_EQ(system.components_generation(), 1) << "nothing changed the second time";
    EXPECT_EQ(system.component("S4CORE")->support_package, 3);
    EXPECT_EQ(system.components(0)[1].support_package, 2);
    system.set_component({"ADDON", "100", 0});
    EXPECT_EQ(system.components().size(), 4u);
    EXPECT_EQ(system.component("NONE"), nullptr);
}

TEST(AbapSystem, KeepsCustomizingAndRfcDestinationsOfItsOwn) {
    auto spec = spec_of_dev();
    spec.rfc_destinations = {{"QUA_RFC", "RFC_USER"}};
    auto system = dev(spec), other = dev(spec);
    ASSERT_TRUE(set_entry(system.change_tables(), CustomizingTable::cmo_target, "QUA", "QUA_RFC"));
    system.set_rfc_destination({"PRD_RFC", ""});
    system.set_rfc_destination({"QUA_RFC", "RFC_USER", RfcState::broken});
    EXPECT_THAT(system.tables().targets, ElementsAre(CmoTarget{"QUA", "QUA_RFC"}));
    EXPECT_EQ(system.rfc_destinations().size(), 2u);
    EXPECT_EQ(system.rfc_destinations()[1].state, RfcState::broken);
    EXPECT_TRUE(system.delete_rfc_destination("PRD_RFC"));
    EXPECT_EQ(system.delete_rfc_destination("PRD_RFC").error().code, ErrorCode::not_found);
    EXPECT_TRUE(other.tables().targets.empty());
    EXPECT_EQ(other.rfc_destinations()[0].state, RfcState::works);
    EXPECT_EQ(other.bytes(), 0u);
}

TEST(AbapSystem, CostsNothingBeyondItsTemplateUntilItDiffers) {
    auto const spec = spec_of_dev();
    auto system = dev(spec);
    EXPECT_EQ(system.bytes(), 0u);
    system.set_batch_processes(1);
    EXPECT_GT(system.bytes(), 0u);
    EXPECT_EQ(system.batch_processes(), 1);
    EXPECT_EQ(system.profile_parameter("rdisp/wp_no_btc"), "1");
}

} // namespace
} // namespace almd
