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

TEST(TransportDomain, Rule9WithoutClientSpecificRoutesARequestHasNoTargetClient) {
    auto spec = calm(three_tier_landscape());
    spec.tms.ctc = false;
    SmallWorld world{spec};
    auto const trkorr = world.released("before the switch");
    EXPECT_EQ(world.landscape.request(trkorr)->target, to("QUA"));
    auto const queue = world.landscape.buffer(sid("QUA")).queue();
    ASSERT_FALSE(queue.empty());
    EXPECT_EQ(queue.back().trkorr, trkorr);
    EXPECT_EQ(queue.back().client, std::nullopt) << "nobody can say into which client";
    EXPECT_EQ(world.import(to("QUA.200"), {trkorr}).error().code, ErrorCode::not_found);
}

TEST(TransportDomain, SystemsOfOneGroupShareATransportDirectory) {
    auto spec = with_group();
    spec.systems[3].transport_group = "GROUP_2";
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_TRUE(domain.same_transport_group(sid("DEV"), sid("PRD")));
    EXPECT_FALSE(domain.same_transport_group(sid("DEV"), sid("QU2")));
    EXPECT_FALSE(domain.same_transport_group(sid("DEV"), sid("XXX"))) << "nobody knows it";
}

TEST(TransportDomain, AnotherDomainIsReachedOverAConfirmedLink) {
    auto spec = three_tier_landscape();
    spec.tms.domain_links = {{"DOMAIN_MNT", true}, {"DOMAIN_NEW", false}};
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_TRUE(domain.reaches_domain("DOMAIN_PRD"));
    EXPECT_TRUE(domain.reaches_domain("DOMAIN_MNT"));
    EXPECT_FALSE(domain.reaches_domain("DOMAIN_NEW")) << "one side has not confirmed it";
    EXPECT_FALSE(domain.reaches_domain("DOMAIN_X"));
}

TEST(TransportDomain, AVirtualSystemIsReachedThroughItsCommunicationSystem) {
    auto spec = with_group();
    spec.systems[3].virtual_system = spec.systems[3].external_system = true;
    auto const identity = LandscapeIdentity::nth(7, 3, spec);
    TransportDomain const domain{spec, identity};
    EXPECT_EQ(domain.communication_system(identity.sid(spec, 3)), identity.sid(spec, 2)) << "the domain controller";
    EXPECT_EQ(domain.communication_system(identity.sid(spec, 1)), std::nullopt);
    EXPECT_TRUE(domain.systems()[3].external_system);
    spec.systems[3].communication_system = sid("DEV");
    EXPECT_EQ(domain.communication_system(identity.sid(spec, 3)), identity.sid(spec, 0));
}

TEST(TransportDomain, ATrackOfFourLevelsEndsInProductionWhateverItsRole) {
    auto spec = calm(three_tier_landscape());
    auto last = spec.systems[2];
    last.id = sid("TRN");
    last.role = "TEST";
    spec.systems.push_back(last);
    spec.tms.delivery_routes.push_back({sid("PRD"), Client{300}, to("TRN.300")});
    TransportDomain const domain{spec, LandscapeIdentity::plain(1)};
    EXPECT_FALSE(domain.is_last_in_track(to("PRD.300")));
    EXPECT_TRUE(domain.is_last_in_track(to("TRN.300")));

    SmallWorld world{spec};
    auto const trkorr = world.released("all the way");
    for (auto const* target : {"QUA.200", "PRD.300", "TRN.300"}) {
        auto const outcome = world.import(to(target), {trkorr});
        ASSERT_TRUE(outcome) << outcome.error().context;
        EXPECT_EQ(outcome->return_code, TpReturnCode{0}) << target;
    }
    EXPECT_EQ(world.landscape.imports_of(trkorr).size(), 3u);
}

TEST(TransportDomain, ANamedTargetIsOneThatARouteLeadsTo) {
    SmallWorld world;
    auto const last = world.landscape.cts(sid("DEV")).last_number();
    auto const create = [](SmallWorld& in, std::string_view system, Client client, TrFunction function,
                           std::string_view target) {
        CreateRequest wanted{.system = sid(system), .client = client, .function = function, .text = "t"};
        wanted.owner = "DEVELOPER";
        wanted.target = to(target);
        return in.landscape.create_request(wanted, in.now());
    };
    for (auto const function : {TrFunction::workbench, TrFunction::customizing})
        for (auto const* target : {"PRD.300", "DEV.000", "DEV.100"}) {
            auto const refused = create(world, "DEV", Client{100}, function, target);
            EXPECT_EQ(refused.error().code, ErrorCode::conflict);
            EXPECT_EQ(refused.error().context,
                      std::string{"No consolidation route of DEV leads to "} + target + "; allowed: QUA.200");
        }
    EXPECT_EQ(create(world, "QUA", Client{200}, TrFunction::workbench, "PRD.300").error().context,
              "No consolidation route of QUA leads to PRD.300; allowed: no other system (local)");
    for (auto const* target : {"DEV.000", "DEV.100"})
        EXPECT_EQ(create(world, "DEV", Client{100}, TrFunction::transport_of_copies, target).error().context,
                  std::string{"Copies of DEV.100 cannot go to "} + target +
                      "; allowed: any other system of the transport domain");
    EXPECT_EQ(world.landscape.cts(sid("DEV")).last_number(), last) << "what is refused takes no number";
    EXPECT_TRUE(create(world, "DEV", Client{100}, TrFunction::workbench, "QUA.200"));
    EXPECT_TRUE(create(world, "DEV", Client{100}, TrFunction::transport_of_copies, "PRD.300"));
    SmallWorld one_system{calm(one_system_landscape())};
    for (auto const* target : {"S4H.200", "S4H.300"})
        EXPECT_TRUE(create(one_system, "S4H", Client{100}, TrFunction::transport_of_copies, target)) << target;
    EXPECT_TRUE(create(one_system, "S4H", Client{100}, TrFunction::workbench, "S4H.200"));
    EXPECT_FALSE(create(one_system, "S4H", Client{100}, TrFunction::workbench, "S4H.300"));
}

} // namespace
} // namespace almd
