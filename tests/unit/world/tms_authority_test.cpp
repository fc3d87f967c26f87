// Whom a landscape lets release, import and approve.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr auto release = TransportActivity::release, import_single = TransportActivity::import_single,
               import_all = TransportActivity::import_all, approve = TransportActivity::approve;

UserSpec user_with(std::string name, std::vector<std::string> roles) {
    UserSpec user;
    user.name = std::move(name);
    user.roles = std::move(roles);
    return user;
}

TEST(TransportAuthority, FollowsFromRoles) {
    struct Row {
        std::string role;
        bool release, import_single, import_all, approve;
    };
    for (auto const& row :
         {Row{"SAP_BC_TRANSPORT_ADMINISTRATOR", true, true, true, true}, Row{"S_CTS_ADMIN", true, true, true, true},
          Row{"S_CTS_DEVELO", true, false, false, false}, Row{"S_CTS_IMPALL", false, false, true, false},
          Row{"S_CTS_SHOW", false, false, false, false}, Row{"SAP_ALL", true, true, true, true}}) {
        auto const user = user_with("ANNA", {row.role});
        EXPECT_EQ(may(user, release), row.release) << row.role;
        EXPECT_EQ(may(user, import_single), row.import_single) << row.role;
        EXPECT_EQ(may(user, import_all), row.import_all) << row.role;
        EXPECT_EQ(may(user, approve), row.approve) << row.role;
        EXPECT_EQ(may(user, TransportActivity::display), row.role != "S_CTS_IMPALL") << row.role;
    }
}

TEST(TransportAuthority, WhereUsersAreListedNobodyElseExistsButSapsStandardUsers) {
    auto spec = calm(three_tier_landscape());
    spec.systems[1].users = {user_with("BASIS", {"S_CTS_ADMIN"})};
    SmallWorld world{spec};
    auto const in_qua = [&](std::string_view user, TransportActivity activity) {
        auto const done = world.landscape.authorize(sid("QUA"), user, activity, world.now());
        return done ? std::string{"yes"} : std::string{name(done.error().code)};
    };
    EXPECT_EQ(in_qua("BASIS", import_single), "yes");
    EXPECT_EQ(in_qua("DDIC", import_single), "yes");
    EXPECT_EQ(in_qua("NOBODY", import_single), "not_found");
    EXPECT_EQ(in_qua("", import_single), "not_found");
    ASSERT_TRUE(world.landscape.system(sid("QUA")).set_locked("BASIS", true));
    EXPECT_EQ(in_qua("BASIS", import_single), "conflict");
    EXPECT_EQ(world.landscape.authorize(sid("XXX"), "BASIS", approve, world.now()).error().code, ErrorCode::not_found);
}

TEST(TransportAuthority, TmsadmAloneImportsNothing) {
    SmallWorld world;
    auto const trkorr = world.released("one");
    auto const refused = world.import(to("QUA.200"), {trkorr}, "TMSADM");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_THAT(world.history(), IsEmpty());
    EXPECT_TRUE(world.import(to("QUA.200"), {trkorr}, "BASIS"));
    EXPECT_THAT(world.history(), SizeIs(1));
}

TEST(TransportAuthority, AReleaseThatIsRefusedLeavesTheRequestOpenAndItsQueueEmpty) {
    SmallWorld world;
    auto const made = world.landscape.create_request(
        {.system = sid("DEV"), .client = Client{100}, .text = "one", .owner = "ANNA"}, world.now());
    ASSERT_TRUE(made);
    world.landscape.system(sid("DEV")).add_user(user_with("ANNA", {"S_CTS_SHOW"}));
    auto const queue = world.queue("QUA");
    auto const report = world.landscape.release_with_tasks(*made, "ANNA", world.now());
    EXPECT_EQ(report.verdict, ReleaseVerdict::api_failed);
    EXPECT_EQ(report.code, ErrorCode::forbidden);
    ASSERT_THAT(report.messages, SizeIs(1));
    EXPECT_EQ(report.messages[0].text, Text::not_authorized);
    EXPECT_FALSE(world.landscape.release_request(*made, "ANNA", world.now()));
    EXPECT_FALSE(world.landscape.release_task(world.landscape.request(*made)->tasks[0].trkorr, "ANNA", world.now()));
    EXPECT_TRUE(world.landscape.request(*made)->open());
    EXPECT_EQ(world.queue("QUA"), queue);
}

} // namespace
} // namespace almd
