// Which landscapes are taken, which rule refuses the others, and the tracks that follow.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

namespace almd::test {
namespace {

LandscapePush one_system() {
    LandscapePush landscape;
    landscape.domain = "DOMAIN_S4H";
    landscape.controller = sid("S4H");
    landscape.systems.push_back({sid("S4H"), false, "GROUP_S4H", true, "test landscape of the guide"});
    landscape.consolidation_routes.push_back({sid("S4H"), "ZS4H", target("S4H.200")});
    landscape.delivery_routes.push_back({sid("S4H"), target("S4H.300")});
    return landscape;
}

std::string track_text(LandscapePush const& landscape, std::string_view first) {
    std::string text;
    for (auto const& stop : track_of(landscape, target(first)))
        text += std::string{text.empty() ? "" : " "} + std::to_string(stop.level) + ":" +
                std::string{stop.target.text()} + (stop.last ? "!" : "");
    return text;
}

struct RuleCase {
    std::string_view name, code, path;
    std::function<void(LandscapePush&)> spoil;
};

TEST(CloudLandscapes, EveryRuleRefusesWithItsCodeAndPath) {
    RuleCase const cases[] = {
        {"CTC off", "CTC_REQUIRED", "systems[1].ctc", [](auto& l) { l.systems[1].ctc = false; }},
        {"a SID twice", "DUPLICATE_SID", "systems[3].systemId", [](auto& l) { l.systems.push_back(l.systems[0]); }},
        {"a controller from elsewhere", "UNKNOWN_SYSTEM", "domain.controller",
         [](auto& l) { l.controller = sid("XXX"); }},
        {"a route from nowhere", "UNKNOWN_ROUTE_END", "consolidationRoutes[0].from",
         [](auto& l) { l.consolidation_routes[0].from = sid("XXX"); }},
        {"a route to nowhere", "UNKNOWN_ROUTE_END", "deliveryRoutes[0].to",
         [](auto& l) { l.delivery_routes[0].to = target("XXX.100"); }},
        {"a route to no group", "UNKNOWN_ROUTE_END", "consolidationRoutes[0].to",
         [](auto& l) { l.consolidation_routes[0].to = target("/GRP/"); }},
        {"a target without client", "CTC_REQUIRED", "consolidationRoutes[0].to",
         [](auto& l) { l.consolidation_routes[0].to = target("QUA"); }},
        {"an empty group", "EMPTY_TARGET_GROUP", "targetGroups[0].members",
         [](auto& l) { l.target_groups.push_back({"/GRP/", {}}); }},
        {"a group of strangers", "UNKNOWN_ROUTE_END", "targetGroups[0].members[1]",
         [](auto& l) { l.target_groups.push_back({"/GRP/", {target("QUA.200"), target("XXX.100")}}); }},
        {"a circle", "TRANSPORT_LOOP", "deliveryRoutes",
         [](auto& l) { l.delivery_routes.push_back({sid("PRD"), target("QUA.200")}); }},
        {"back to where it began", "TRANSPORT_LOOP", "deliveryRoutes",
         [](auto& l) { l.delivery_routes.push_back({sid("PRD"), target("DEV.100")}); }},
    };
    for (auto const& c : cases) {
        auto landscape = three_tier();
        c.spoil(landscape);
        auto const finding = check_landscape(landscape);
        ASSERT_TRUE(finding) << c.name;
        EXPECT_EQ(finding->code, c.code) << c.name << ": " << finding->message;
        EXPECT_EQ(finding->target, c.path) << c.name;
    }
    EXPECT_FALSE(check_landscape(three_tier()));
}

TEST(CloudLandscapes, TheOneSystemLandscapeIsLegal) {
    EXPECT_FALSE(check_landscape(one_system()));
    EXPECT_EQ(track_text(one_system(), "S4H.200"), "0:S4H.200 1:S4H.300!");
    auto longer = one_system();
    longer.delivery_routes.push_back({sid("S4H"), target("S4H.400")});
    EXPECT_FALSE(check_landscape(longer));
    EXPECT_EQ(track_text(longer, "S4H.200"), "0:S4H.200 1:S4H.300 2:S4H.400!");
    auto circle = one_system();
    circle.delivery_routes[0].to = target("S4H.200");
    ASSERT_TRUE(check_landscape(circle));
    EXPECT_EQ(check_landscape(circle)->code, "TRANSPORT_LOOP");
}

TEST(CloudLandscapes, TracksFollowGroupsAndBranches) {
    auto landscape = three_tier();
    EXPECT_EQ(track_text(landscape, "QUA.200"), "0:QUA.200 1:PRD.300!");
    EXPECT_EQ(track_text(landscape, "XXX.200"), "");
    landscape.systems.push_back({sid("PR2"), true, "", false, "virtual, CTC does not matter"});
    landscape.target_groups.push_back({"/QA/", {target("QUA.200"), target("QUA.210")}});
    landscape.consolidation_routes[0].to = target("/QA/");
    landscape.delivery_routes.push_back({sid("QUA"), target("PR2.300")});
    ASSERT_FALSE(check_landscape(landscape));
    EXPECT_EQ(track_text(landscape, "/QA/"), "0:QUA.200 0:QUA.210 1:PRD.300! 1:PR2.300!");
    EXPECT_TRUE(track_of(landscape, target("/QA/")).back().virtual_system);
}

TEST(CloudLandscapes, ATrackThatEndsInADevelopmentSystemDoesNotGoOnFromThere) {
    auto landscape = three_tier();
    landscape.systems.push_back({sid("DE2"), false, "", true, ""});
    landscape.consolidation_routes.push_back({sid("DE2"), "ZDE2", target("DEV.100")});
    ASSERT_FALSE(check_landscape(landscape));
    EXPECT_EQ(track_text(landscape, "DEV.100"), "0:DEV.100!");
}

TEST(CloudLandscapes, APushIsKeptOrRefusedOverTheWire) {
    CloudWorld world;
    auto const prd = world.enroll("PRD");
    auto const put = [&](LandscapePush const& l) {
        return world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(l));
    };
    EXPECT_EQ(put(three_tier()).status, 204);
    ASSERT_NE(world.cloud.landscapes().of_system(0, sid("DEV")), nullptr);
    auto landscape = three_tier();
    landscape.systems[0].ctc = false;
    auto const refused = put(landscape);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(code_of(refused), "CTC_REQUIRED");
    EXPECT_EQ(target_of(refused), "systems[0].ctc");
}

TEST(CloudLandscapes, ADomainNameBelongsToItsControllerAndItsBackup) {
    CloudWorld world;
    auto const prd = world.enroll("PRD");
    auto const put = [&](LandscapePush const& l) {
        return world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(l));
    };
    auto landscape = three_tier();
    landscape.backup_controller = sid("QUA");
    EXPECT_EQ(put(landscape).status, 204);
    landscape.controller = sid("DEV");
    auto const refused = put(landscape);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(code_of(refused), "DUPLICATE_DOMAIN_NAME");
    EXPECT_EQ(target_of(refused), "domain.name");
    landscape.controller = sid("QUA");
    EXPECT_EQ(put(landscape).status, 204) << "the backup controller took over";
    EXPECT_EQ(world.cloud.landscapes().size(), 1U);
}

TEST(CloudLandscapes, FollowEachNewVersionOfTheConfiguration) {
    CloudWorld world;
    auto const prd = world.enroll("PRD");
    auto const put = [&](LandscapePush const& l) {
        return world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(l));
    };
    auto const before = three_tier();
    auto landscape = before;
    landscape.systems.push_back({sid("TRN"), true, "GROUP_1", true, "training"});
    landscape.delivery_routes.push_back({sid("QUA"), target("TRN.300")});
    landscape.version = 2;
    EXPECT_EQ(put(before).status, 204);
    EXPECT_EQ(put(landscape).status, 204);
    auto const* known = world.cloud.landscapes().of_system(0, sid("TRN"));
    ASSERT_NE(known, nullptr);
    EXPECT_EQ(known->landscape.version, 2);
    EXPECT_EQ(known->pushes, 2u);
    auto const track = track_of(known->landscape, target("QUA.200"));
    EXPECT_TRUE(std::ranges::any_of(track, [](auto const& stop) { return stop.last && stop.virtual_system; }));
    auto after = before;
    after.version = 3;
    EXPECT_EQ(put(after).status, 204);
    EXPECT_EQ(world.cloud.landscapes().of_system(0, sid("TRN")), nullptr) << "it left the domain";
    EXPECT_EQ(world.cloud.landscapes().of_system(0, sid("DEV"))->landscape.version, 3);
}

} // namespace
} // namespace almd::test
