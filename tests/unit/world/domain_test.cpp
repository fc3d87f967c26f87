// Routes: where a request goes first, and where next.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LandscapeSpec with_group() {
    auto spec = three_tier_landscape();
    auto second = spec.systems[1];
    second.id = sid("QU2");
    spec.systems.push_back(second);
    spec.tms.target_groups = {{"/QGRP/", {to("QUA.200"), to("QU2.200")}}};
    spec.tms.consolidation_routes[0].to = to("/QGRP/");
    return spec;
}

TEST(TransportDomain, FollowsTheRoutesOfTheThreeTierLandscape) {
    auto const spec = three_tier_landscape();
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_EQ(domain.name(), "DOMAIN_PRD");
    EXPECT_EQ(domain.standard_layer(sid("DEV")), "ZDEV");
    EXPECT_EQ(domain.standard_layer(sid("QUA")), std::nullopt);
    EXPECT_EQ(domain.consolidation_target(sid("DEV"), "ZDEV"), to("QUA.200"));
    EXPECT_EQ(domain.consolidation_target(sid("DEV"), "ZOTH"), std::nullopt);
    EXPECT_THAT(domain.delivery_targets(sid("QUA"), Client{200}), ElementsAre(to("PRD.300")));
    EXPECT_THAT(domain.delivery_targets(sid("PRD"), Client{300}), IsEmpty());
    EXPECT_TRUE(domain.has_export_route(sid("DEV")));
    EXPECT_FALSE(domain.has_import_route(sid("DEV")));
    EXPECT_TRUE(domain.has_import_route(sid("QUA")));
}

TEST(TransportDomain, Rule10TheLastSystemOfATrackIsProduction) {
    auto const spec = three_tier_landscape();
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_FALSE(domain.is_last_in_track(to("QUA.200")));
    EXPECT_TRUE(domain.is_last_in_track(to("PRD.300")));
    EXPECT_FALSE(domain.is_last_in_track(to("PRD.000"))) << "nothing is imported there";
    EXPECT_FALSE(domain.is_last_in_track(to("DEV.100")));
}

TEST(TransportDomain, TellsClientsOfOneSystemApart) {
    auto const spec = one_system_landscape();
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_EQ(domain.consolidation_target(sid("S4H"), "ZS4H"), to("S4H.200"));
    EXPECT_THAT(domain.delivery_targets(sid("S4H"), Client{200}), ElementsAre(to("S4H.300")));
    EXPECT_THAT(domain.delivery_targets(sid("S4H"), Client{300}), IsEmpty());
    EXPECT_TRUE(domain.is_last_in_track(to("S4H.300")));
    EXPECT_FALSE(domain.is_last_in_track(to("S4H.200")));
}

TEST(TransportDomain, ResolvesATargetGroupToItsMembers) {
    auto const spec = with_group();
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_THAT(domain.resolve(to("/QGRP/")), ElementsAre(to("QUA.200"), to("QU2.200")));
    EXPECT_THAT(domain.resolve(to("/NONE/")), IsEmpty());
    EXPECT_TRUE(domain.has_import_route(sid("QU2")));
    EXPECT_TRUE(domain.is_last_in_track(to("QU2.200"))) << "only QUA delivers to PRD";
}

TEST(TransportDomain, WithoutClientSpecificRoutesATargetIsASystem) {
    auto spec = three_tier_landscape();
    spec.tms.ctc = false;
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_EQ(domain.consolidation_target(sid("DEV"), "ZDEV"), to("QUA"));
    EXPECT_THAT(domain.delivery_targets(sid("QUA"), std::nullopt), ElementsAre(to("PRD")));
}

TEST(TransportDomain, OfAFleetSpeaksItsOwnSystemIds) {
    auto const spec = with_group();
    auto const identity = LandscapeIdentity::nth(7, 42, spec);
    TransportDomain const domain{spec, identity};
    auto const dev = identity.sid(spec, 0), qua = identity.sid(spec, 1), prd = identity.sid(spec, 2);
    EXPECT_NE(dev, sid("DEV"));
    EXPECT_EQ(domain.controller(), prd);
    EXPECT_EQ(domain.name(), "DOMAIN_" + std::string{prd.text()});
    EXPECT_EQ(domain.systems()[0].id, dev);
    EXPECT_EQ(domain.index_of(qua), 1u);
    EXPECT_EQ(domain.index_of(sid("DEV")), std::nullopt);
    auto const target = domain.consolidation_target(dev, domain.standard_layer(dev).value());
    ASSERT_TRUE(target);
    EXPECT_EQ(domain.resolve(*target)[0], (TransportTarget{qua, Client{200}}));
    EXPECT_THAT(domain.delivery_targets(qua, Client{200}), ElementsAre(TransportTarget{prd, Client{300}}));
    EXPECT_EQ(domain.delivery_routes()[0].from, qua);
    EXPECT_EQ(domain.consolidation_routes()[0].from, dev);
    EXPECT_EQ(domain.target_groups()[0].members[0], (TransportTarget{qua, Client{200}}));
}

} // namespace
} // namespace almd
