// The TMS configuration changes while systems work: versions, refusals, and what becomes of the queues.
#include "simulator/tms/consistency.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace almd {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SystemSpec like(LandscapeSpec const& spec, std::size_t index, std::string_view id, bool is_virtual = false) {
    SystemSpec system = spec.systems[index];
    system.id = sid(id);
    system.virtual_system = is_virtual;
    system.last_request_number = 900'000;
    return system;
}

DeliveryRouteSpec delivery(std::string_view from, std::optional<Client> client, std::string_view target) {
    return {sid(from), client, to(target)};
}

/// QUA delivers to PRD and to the virtual system TRN.
LandscapeSpec with_virtual_system() {
    auto spec = calm(three_tier_landscape());
    spec.systems.push_back(like(spec, 2, "TRN", true));
    spec.tms.delivery_routes.push_back(delivery("QUA", Client{200}, "TRN.300"));
    return spec;
}

Result<ConfigurationActivated> change(SmallWorld& world, ConfigurationChange const& what) {
    return world.landscape.change_configuration(what, "BASIS", world.now());
}

TEST(TmsChange, EachActivatedChangeIsANewVersionWithItsAuthor) {
    SmallWorld world;
    EXPECT_EQ(world.landscape.domain().version(), 1);
    ASSERT_EQ(world.landscape.configuration_versions().size(), 1u);
    auto const added = change(world, AddSystem{like(world.spec, 2, "TRN")});
    ASSERT_TRUE(added) << added.error().context;
    EXPECT_EQ(added->version, 2);
    EXPECT_THAT(added->warnings, IsEmpty()) << "systems may be added as long as no consolidation route changes";
    world.shard.run_for(1h);
    auto const routed = change(world, AddDeliveryRoute{delivery("QUA", Client{200}, "TRN.300")});
    ASSERT_TRUE(routed) << routed.error().context;
    EXPECT_THAT(routed->warnings, ElementsAre(HasSubstr("in part only")));
    auto const versions = world.landscape.configuration_versions();
    ASSERT_EQ(versions.size(), 3u);
    EXPECT_EQ(versions[0].activated_at, test_start);
    EXPECT_EQ(versions[1].text, "real system TRN added");
    EXPECT_EQ(versions[2].text, "delivery route QUA.200 > TRN.300 added");
    EXPECT_EQ(versions[2].version, 3);
    EXPECT_EQ(versions[2].author, "BASIS");
    EXPECT_EQ(versions[2].activated_at, test_start + 1h);
    EXPECT_EQ(world.landscape.domain().version(), 3);
}

TEST(TmsChange, OfVersionsTheNewestHundredAreKept) {
    SmallWorld world;
    auto const route = delivery("QUA", Client{200}, "DEV.000");
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(change(world, AddDeliveryRoute{route}));
        ASSERT_TRUE(change(world, DeleteDeliveryRoute{route}));
    }
    EXPECT_EQ(world.landscape.configuration_versions().size(), ConfigurationVersion::kept_max);
    EXPECT_EQ(world.landscape.configuration_versions().back().version, 201);
}

TEST(TmsChange, TheLastVersionHasFourPlaces) {
    SmallWorld world;
    auto const route = delivery("QUA", Client{200}, "DEV.000");
    for (std::int64_t version = 2; version <= ConfigurationVersion::last; ++version)
        ASSERT_TRUE(version % 2 == 0 ? change(world, AddDeliveryRoute{route})
                                     : change(world, DeleteDeliveryRoute{route}));
    auto const refused = change(world, AddDeliveryRoute{route});
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(world.landscape.domain().version(), 9'999);
}

TEST(TmsChange, ARequestReachesASystemThatWasAddedWhileItRuns) {
    SmallWorld world;
    ASSERT_TRUE(change(world, AddSystem{like(world.spec, 2, "TRN")}));
    ASSERT_TRUE(change(world, AddDeliveryRoute{delivery("PRD", Client{300}, "TRN.300")}));
    EXPECT_FALSE(world.landscape.domain().is_last_in_track(to("PRD.300")));
    EXPECT_TRUE(world.landscape.domain().is_last_in_track(to("TRN.300"))) << "production moves to the new end";
    auto const trkorr = world.released("all the way");
    for (auto const* target : {"QUA.200", "PRD.300", "TRN.300"}) {
        auto const outcome = world.import(to(target), {trkorr});
        ASSERT_TRUE(outcome) << outcome.error().context;
        EXPECT_EQ(outcome->return_code, TpReturnCode{0}) << target;
    }
    EXPECT_EQ(world.landscape.system_count(), 4u);
    EXPECT_EQ(world.landscape.sid(3), sid("TRN"));
    EXPECT_NE(world.landscape.system(sid("TRN")).identity().system_number,
              world.landscape.system(sid("PRD")).identity().system_number);
}

TEST(TmsChange, ASystemIsAddedWhileAnImportRuns) {
    SmallWorld world;
    auto const trkorr = world.released("under way");
    SmallWorld::Call call;
    world.start_import(call, to("QUA.200"), {trkorr});
    world.shard.run_for(9s);
    ASSERT_TRUE(world.landscape.importing(sid("QUA")));
    for (char letter = 'A'; letter < 'Z'; ++letter)
        ASSERT_TRUE(change(world, AddSystem{like(world.spec, 2, std::string{"N0"} + letter)}));
    ASSERT_TRUE(change(world, AddDeliveryRoute{delivery("QUA", Client{200}, "N0A.300")}));
    world.shard.run_for(4h);
    ASSERT_TRUE(call.ended && *call.ended);
    EXPECT_THAT(world.queue("N0A"), ElementsAre(std::string{trkorr.text()} + " waiting"))
        << "the route was there when it was forwarded";
}

TEST(TmsChange, ASystemIsNotDeletedWhileImportsRunOrWaitThere) {
    auto const spec = [] {
        auto made = with_virtual_system();
        made.systems[3].virtual_system = false;
        return made;
    }();
    SmallWorld world{spec};
    auto const trkorr = world.released("under way"), next = world.released("behind it");
    ASSERT_TRUE(world.import(to("QUA.200"), {trkorr, next}));
    SmallWorld::Call first, second;
    world.start_import(first, to("TRN.300"), {trkorr});
    world.start_import(second, to("TRN.300"), {next});
    world.shard.run_for(5s);
    auto const refused = change(world, DeleteSystem{sid("TRN")});
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().context, HasSubstr("imports run or wait in TRN"));
    EXPECT_EQ(world.landscape.domain().version(), 1);
    world.shard.run_for(4h);
    ASSERT_TRUE(first.ended && *first.ended && second.ended && *second.ended);
    EXPECT_TRUE(change(world, DeleteSystem{sid("TRN")}));
}

TEST(TmsChange, WhatWasImportedBeforeStaysOutOfTheNewQueue) {
    SmallWorld world;
    auto const before = world.released("before");
    ASSERT_TRUE(world.import(to("QUA.200"), {before}));
    ASSERT_TRUE(change(world, AddSystem{like(world.spec, 2, "TRN")}));
    ASSERT_TRUE(change(world, AddDeliveryRoute{delivery("QUA", Client{200}, "TRN.300")}));
    auto const after = world.released("after");
    ASSERT_TRUE(world.import(to("QUA.200"), {after}));
    EXPECT_EQ(world.queue("TRN").size(), 1u);
    EXPECT_THAT(world.queue("TRN"), ElementsAre(HasSubstr(after.text())));
    ASSERT_TRUE(world.landscape.add_to_buffer(before, to("TRN.300"), world.now())) << "the queue is corrected by hand";
    EXPECT_EQ(world.queue("TRN").size(), 2u);
}

TEST(TmsChange, AChangedRouteForwardsToItsNewTarget) {
    SmallWorld world;
    ASSERT_TRUE(change(world, AddSystem{like(world.spec, 2, "TRN")}));
    ASSERT_TRUE(change(world, ChangeDeliveryRoute{delivery("QUA", Client{200}, "PRD.300"), to("TRN.300")}));
    auto const trkorr = world.released("around PRD");
    ASSERT_TRUE(world.import(to("QUA.200"), {trkorr}));
    EXPECT_THAT(world.queue("PRD"), IsEmpty());
    EXPECT_EQ(world.queue("TRN").size(), 1u);
}

TEST(TmsChange, AVirtualSystemThatBecomesRealTakesWhatWaited) {
    SmallWorld world{with_virtual_system()};
    auto const trkorr = world.released("for the trainers");
    ASSERT_TRUE(world.import(to("QUA.200"), {trkorr}));
    EXPECT_EQ(world.queue("TRN").size(), 1u) << "its buffer fills";
    EXPECT_EQ(world.import(to("TRN.300"), {trkorr}).error().code, ErrorCode::conflict) << "and nothing is imported";

    auto const replaced = change(world, ReplaceVirtualSystem{like(world.spec, 2, "TRN")});
    ASSERT_TRUE(replaced) << replaced.error().context;
    EXPECT_THAT(replaced->warnings, ElementsAre(HasSubstr("\"Transports: Import\"")));
    EXPECT_FALSE(world.landscape.system(sid("TRN")).is_virtual());
    EXPECT_FALSE(world.landscape.domain().systems()[3].virtual_system);
    EXPECT_EQ(world.queue("TRN").size(), 1u);
    auto const imported = world.import(to("TRN.300"), {trkorr});
    ASSERT_TRUE(imported) << imported.error().context;
    EXPECT_EQ(imported->return_code, TpReturnCode{0});
    EXPECT_THAT(world.queue("TRN"), IsEmpty());
}

TEST(TmsChange, ADeletedSystemGetsNothingAnyMoreAndItsQueueStaysForAPerson) {
    SmallWorld world{with_virtual_system()};
    auto const before = world.released("before");
    ASSERT_TRUE(world.import(to("QUA.200"), {before}));
    auto const deleted = change(world, DeleteSystem{sid("TRN")});
    ASSERT_TRUE(deleted) << deleted.error().context;
    EXPECT_THAT(deleted->warnings, ElementsAre(HasSubstr("empty the import queue of TRN by hand")));
    EXPECT_EQ(world.landscape.domain().system_count(), 3u);
    EXPECT_THAT(world.landscape.domain().delivery_targets(sid("QUA"), Client{200}), ElementsAre(to("PRD.300")));
    auto const after = world.released("after");
    ASSERT_TRUE(world.import(to("QUA.200"), {after}));
    EXPECT_EQ(world.queue("TRN").size(), 1u) << "what stood there";
    EXPECT_EQ(world.landscape.add_to_buffer(after, to("TRN.300"), world.now()).error().code, ErrorCode::not_found);
    ASSERT_TRUE(change(world, AddSystem{like(world.spec, 2, "TRN")})) << "its SID is free again";
    EXPECT_EQ(world.landscape.system_count(), 4u);
    EXPECT_FALSE(world.landscape.system(sid("TRN")).is_virtual());
}

TEST(TmsChange, ATargetGroupGrowsWithoutAChangedConsolidationRoute) {
    auto spec = calm(three_tier_landscape());
    spec.tms.target_groups = {{"/QGRP/", {to("QUA.200")}}};
    spec.tms.consolidation_routes[0].to = to("/QGRP/");
    SmallWorld world{spec};
    ASSERT_TRUE(change(world, AddSystem{like(world.spec, 1, "QU2")}));
    auto const grown = change(world, AddGroupMember{"/QGRP/", to("QU2.200")});
    ASSERT_TRUE(grown) << grown.error().context;
    EXPECT_THAT(grown->warnings, IsEmpty());
    auto const trkorr = world.released("for both");
    EXPECT_THAT(world.queue("QU2"), ElementsAre(std::string{trkorr.text()} + " waiting")) << "only what came later";
    EXPECT_THAT(world.queue("QUA"), Contains(std::string{trkorr.text()} + " waiting"));
    EXPECT_EQ(change(world, AddGroupMember{"/QGRP/", to("QU2.200")}).error().code, ErrorCode::conflict);
    ASSERT_TRUE(change(world, RemoveGroupMember{"/QGRP/", to("QU2.200")}));
    EXPECT_EQ(change(world, RemoveGroupMember{"/QGRP/", to("QU2.200")}).error().code, ErrorCode::not_found);
    auto const last = change(world, RemoveGroupMember{"/QGRP/", to("QUA.200")});
    ASSERT_FALSE(last);
    EXPECT_THAT(last.error().context, HasSubstr("group /QGRP/ is empty"));
}

TEST(TmsChange, TheBackupControllerTakesOverAndTheDomainKeepsItsName) {
    auto spec = calm(three_tier_landscape());
    spec.tms.backup_controller = sid("QUA");
    SmallWorld world{spec};
    ASSERT_TRUE(change(world, ActivateBackupController{}));
    EXPECT_EQ(world.landscape.domain().controller(), sid("QUA"));
    EXPECT_EQ(world.landscape.domain().backup_controller(), sid("PRD"));
    EXPECT_EQ(world.landscape.domain().name(), "DOMAIN_PRD");
}

struct Refusal {
    std::string name;
    std::function<ConfigurationChange(LandscapeSpec const&)> change;
    ErrorCode code;
    std::string text;
};

class TmsRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(TmsRefusal, SaysWhyAndChangesNothing) {
    SmallWorld world{with_virtual_system()};
    auto const refused = change(world, GetParam().change(world.spec));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, GetParam().code);
    EXPECT_THAT(refused.error().context, HasSubstr(GetParam().text));
    EXPECT_EQ(world.landscape.domain().version(), 1);
    EXPECT_EQ(world.landscape.system_count(), 4u);
    EXPECT_EQ(world.landscape.configuration_versions().size(), 1u);
}

Refusal const refusals[] = {
    {"AddASidTwice", [](auto const& s) { return AddSystem{like(s, 2, "QUA")}; }, ErrorCode::conflict,
     "QUA is in the domain already"},
    {"AddWithoutClient000",
     [](auto const& s) {
         auto system = like(s, 2, "NEW");
         system.clients.clear();
         return AddSystem{system};
     },
     ErrorCode::conflict, "systems[4].clients: client 000 is missing"},
    {"AddExternalInASharedGroup",
     [](auto const& s) {
         auto system = like(s, 2, "EXT", true);
         system.external_system = true;
         return AddSystem{system};
     },
     ErrorCode::conflict, "its transport group GROUP_1 belongs to no other system"},
    {"ReplaceTheDevelopmentSystem", [](auto const& s) { return ReplaceVirtualSystem{like(s, 0, "DEV")}; },
     ErrorCode::conflict, "warning: SAP Cloud ALM does not support replacing the development system"},
    {"ReplaceARealSystem", [](auto const& s) { return ReplaceVirtualSystem{like(s, 1, "QUA")}; }, ErrorCode::conflict,
     "QUA is a real system"},
    {"ReplaceByAVirtualSystem", [](auto const& s) { return ReplaceVirtualSystem{like(s, 2, "TRN", true)}; },
     ErrorCode::conflict, "TRN would be virtual again"},
    {"ReplaceWithoutTheClientOfTheRoute",
     [](auto const& s) {
         auto system = like(s, 2, "TRN");
         system.clients.resize(1);
         return ReplaceVirtualSystem{system};
     },
     ErrorCode::conflict, "system TRN has no client 300"},
    {"ReplaceAnUnknownSystem", [](auto const& s) { return ReplaceVirtualSystem{like(s, 2, "XXX")}; },
     ErrorCode::not_found, "there is no system XXX"},
    {"RouteToAnUnknownSystem", [](auto const&) { return AddDeliveryRoute{delivery("QUA", Client{200}, "XXX.300")}; },
     ErrorCode::conflict, "tms.delivery_routes[2].to: XXX is not a system"},
    {"RouteTwice", [](auto const&) { return AddDeliveryRoute{delivery("QUA", Client{200}, "PRD.300")}; },
     ErrorCode::conflict, "there is a delivery route QUA.200 > PRD.300 already"},
    {"ChangeIntoARouteThatIsThere",
     [](auto const&) { return ChangeDeliveryRoute{delivery("QUA", Client{200}, "TRN.300"), to("PRD.300")}; },
     ErrorCode::conflict, "there is a delivery route QUA.200 > PRD.300 already"},
    {"RouteFromNoClient", [](auto const&) { return AddDeliveryRoute{delivery("QUA", std::nullopt, "PRD.300")}; },
     ErrorCode::conflict, "tms.delivery_routes[2].from_client: QUA has no client"},
    {"RouteToNoClient", [](auto const&) { return AddDeliveryRoute{delivery("QUA", Client{200}, "PRD")}; },
     ErrorCode::conflict, "tms.delivery_routes[2].to: PRD has no client"},
    {"RouteInACircle", [](auto const&) { return AddDeliveryRoute{delivery("PRD", Client{300}, "QUA.200")}; },
     ErrorCode::conflict, "in a circle"},
    {"RouteThatIsNotThere", [](auto const&) { return DeleteDeliveryRoute{delivery("PRD", Client{300}, "QUA.200")}; },
     ErrorCode::not_found, "there is no delivery route PRD.300 > QUA.200"},
    {"ChangeOfARouteThatIsNotThere",
     [](auto const&) { return ChangeDeliveryRoute{delivery("PRD", Client{300}, "QUA.200"), to("TRN.300")}; },
     ErrorCode::not_found, "there is no delivery route"},
    {"DeleteTheDevelopmentSystem", [](auto const&) { return DeleteSystem{sid("DEV")}; }, ErrorCode::conflict,
     "warning: SAP Cloud ALM does not support deleting the development system"},
    {"DeleteAConsolidationTarget", [](auto const&) { return DeleteSystem{sid("QUA")}; }, ErrorCode::conflict,
     "QUA is the consolidation target of DEV"},
    {"DeleteTheController", [](auto const&) { return DeleteSystem{sid("PRD")}; }, ErrorCode::conflict,
     "tms.controller: PRD is not a system"},
    {"DeleteAnUnknownSystem", [](auto const&) { return DeleteSystem{sid("XXX")}; }, ErrorCode::not_found,
     "there is no system XXX"},
    {"NoBackupController", [](auto const&) { return ActivateBackupController{}; }, ErrorCode::conflict,
     "has no backup controller"},
    {"GroupThatIsNotThere", [](auto const&) { return AddGroupMember{"/NONE/", to("TRN.300")}; }, ErrorCode::not_found,
     "there is no target group /NONE/"},
    {"SwitchCtcOff", [](auto const&) { return SwitchCtc{false}; }, ErrorCode::conflict,
     "warning: SAP Cloud ALM does not support switching client-specific routes"},
    {"SwitchCtcOnAgain", [](auto const&) { return SwitchCtc{true}; }, ErrorCode::conflict, "CTC is 1 already"},
};

INSTANTIATE_TEST_SUITE_P(Change, TmsRefusal, testing::ValuesIn(refusals),
                         [](auto const& refusal) { return refusal.param.name; });

TEST(TmsChange, InAFleetALandscapeKeepsItsOwnSystemIds) {
    auto const spec = with_virtual_system();
    auto const identity = LandscapeIdentity::nth(7, 42, spec);
    Landscape landscape{spec, identity, test_start};
    auto const qua = identity.sid(spec, 1), prd = identity.sid(spec, 2), trn = identity.sid(spec, 3);
    auto const name_before = landscape.domain().name();
    auto real = like(spec, 2, "TRN");
    real.id = trn;
    auto const replaced = landscape.change_configuration(ReplaceVirtualSystem{real}, "BASIS", test_start + 1h);
    ASSERT_TRUE(replaced) << replaced.error().context;
    EXPECT_EQ(landscape.domain().name(), name_before);
    EXPECT_EQ(landscape.domain().controller(), prd);
    EXPECT_EQ(landscape.domain().index_of(qua), 1u);
    EXPECT_EQ(landscape.domain().index_of(sid("QUA")), std::nullopt);
    EXPECT_THAT(landscape.domain().delivery_targets(qua, Client{200}),
                ElementsAre(TransportTarget{prd, Client{300}}, TransportTarget{trn, Client{300}}));
    EXPECT_FALSE(landscape.system(trn).is_virtual());
    EXPECT_EQ(landscape.system(trn).identity().system_number, identify(spec, identity, 3).system_number);
}

/// Whatever is asked for: a version is consistent and one higher, or nothing has changed.
TEST(TmsChangeProperty, AnySequenceOfChangesLeavesAConsistentConfiguration) {
    auto const base = with_virtual_system();
    std::vector<std::string> const sids{"DEV", "QUA", "PRD", "TRN", "N01", "N02"};
    check_property(fewer_if_sanitized(10'000), [&] {
        SmallWorld world{base, *random_seed()};
        Rng rng{0};
        auto const any = [&] { return sids[rng.below(sids.size())]; };
        auto const place = [&] { return any() + (rng.below(2) ? ".300" : ".200"); };
        for (auto const step : *random_steps(25)) {
            rng = Rng{step};
            auto const route = delivery(any(), rng.below(2) ? Client{300} : Client{200}, place());
            auto const version = world.landscape.domain().version();
            ConfigurationChange what = DeleteSystem{sid(any())};
            switch (rng.below(6)) {
            case 0: what = AddSystem{like(base, 2, any(), rng.below(2) == 0)}; break;
            case 1: what = ReplaceVirtualSystem{like(base, 2, any(), rng.below(8) == 0)}; break;
            case 2: what = AddDeliveryRoute{route}; break;
            case 3: what = DeleteDeliveryRoute{route}; break;
            case 4: what = ChangeDeliveryRoute{route, to(place())}; break;
            default: break;
            }
            auto const made = change(world, what);
            auto const now = world.landscape.domain().version();
            ASSERT_EQ(now, version + (made ? 1 : 0)) << describe(what);
            if (!made) continue;
            auto const findings = check_landscape(world.landscape.domain().spelled_out());
            ASSERT_TRUE(findings.empty()) << describe(what) << ": " << findings[0].path << ' ' << findings[0].text;
            for (auto const& system : world.landscape.domain().systems())
                ASSERT_EQ(world.landscape.system(system.id).is_virtual(), system.virtual_system);
        }
    });
}

} // namespace
} // namespace almd
