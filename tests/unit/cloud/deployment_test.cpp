// Deploying: where transports go next, who does it, what is refused, and how a feature walks to production.
#include "tests/unit/cloud/deploying_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using enum FeatureAction;

/// DEV > QUA.200 > PRD.300 with everything active, and a feature that can be deployed.
struct Deploying : TrackWorld {
    void SetUp() override {
        world.activate(qua, import_task_name);
        world.activate(prd, import_task_name);
        landscape(three_tier());
        push({released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200")});
        feature({"DEVK900001", "DEVK900002"});
    }

    /// The system takes its work and reports one code for every transport.
    void import(LmsId system, int code = 0) {
        auto const list = *decode_work_list(
            world.send("GET", CloudWorld::path(system, "cdm/work?kinds=import&client=000&max=50")).body);
        ASSERT_FALSE(list.items.empty());
        for (auto const& item : list.items) {
            WorkResult result;
            result.status = WorkStatus::finished;
            result.return_code = TpReturnCode{code};
            result.ended_at = world.shard.clock().now();
            result.user = "CALM_BG";
            for (auto const& number : item.transports)
                result.transports.push_back(
                    {.trkorr = number, .target = item.target, .return_code = TpReturnCode{code}, .steps = {}});
            ASSERT_EQ(
                world.send("POST", CloudWorld::path(system, "cdm/work/" + item.id.text() + "/result"), encode(result))
                    .status,
                204);
        }
    }
};

TEST_F(Deploying, WalksFromStageToStageAsOneSubset) {
    auto const first = *world.cloud.deploy("6-1");
    EXPECT_THAT(first.targets, ElementsAre(target("QUA.200")));
    ASSERT_EQ(first.work.size(), 1U);
    auto const& work = *world.cloud.work().find(first.work[0]);
    EXPECT_EQ(work.slot, world.cloud.find(qua)) << "client 000 of the target system imports for all clients";
    EXPECT_EQ(work.item.subset, first.subset);
    EXPECT_THAT(work.item.transports, ElementsAre(request_number("DEVK900001"), request_number("DEVK900002")));
    EXPECT_EQ(state("DEVK900001"), "Scheduled In QUA-200");
    EXPECT_THAT(why("6-1"), HasSubstr("Scheduled In QUA-200"));
    import(qua);
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200");

    EXPECT_THAT(why("6-1"), HasSubstr("Approve it for production first"));
    for (auto const action : {handover_to_test, confirm_successful_test, approve_for_production})
        ASSERT_TRUE(world.cloud.act("6-1", action));
    EXPECT_FALSE(world.cloud.act("6-1", confirm_deployment)) << "not in production yet";
    EXPECT_THAT(world.cloud.deploy("6-1")->targets, ElementsAre(target("PRD.300")));
    import(prd, 4);
    EXPECT_EQ(state("DEVK900002"), "Deployed in PRD - 300");
    EXPECT_THAT(why("6-1"), HasSubstr("already in production"));
    ASSERT_TRUE(world.cloud.act("6-1", confirm_deployment));
    EXPECT_THAT(why("6-1"), HasSubstr("is Deployed"));
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST_F(Deploying, SeveralFeaturesAreOneSubset) {
    push({released("DEVK900003", "QUA.200")});
    auto const other = feature({"DEVK900003"});
    std::string const both[]{"6-1", other};
    auto const done = *world.cloud.deploy(both);
    ASSERT_EQ(done.work.size(), 1U);
    auto const& work = *world.cloud.work().find(done.work[0]);
    EXPECT_EQ(work.item.transports.size(), 3U);
    EXPECT_EQ(work.features.size(), 2U);
}

TEST_F(Deploying, ASubsetIsInTheOrderOfReleaseNotOfAssigning) {
    auto late = released("DEVK900004", "QUA.200"), early = released("DEVK900005", "QUA.200");
    late.released_at = start + 2h;
    early.released_at = start - 1h;
    push({late, early, released("DEVK900003", "QUA.200")});
    auto const other = feature({"DEVK900004", "DEVK900005", "DEVK900003"});
    std::string const both[]{other, "6-1"};
    auto const done = *world.cloud.deploy(both);
    EXPECT_THAT(world.cloud.work().find(done.work[0])->item.transports,
                ElementsAre(request_number("DEVK900005"), request_number("DEVK900001"), request_number("DEVK900002"),
                            request_number("DEVK900003"), request_number("DEVK900004")));
}

TEST_F(Deploying, AFailedImportIsDeployedAgain) {
    ASSERT_TRUE(world.cloud.deploy("6-1"));
    import(qua, 8);
    EXPECT_EQ(state("DEVK900001"), "Import failed in QUA - 200 (8)");
    EXPECT_THAT(problems("6-1"), ElementsAre("DEVK900001: import into QUA.200 ended with 8",
                                             "DEVK900002: import into QUA.200 ended with 8"));
    EXPECT_THAT(world.cloud.deploy("6-1")->targets, ElementsAre(target("QUA.200")));
    import(qua, 0);
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200");
    EXPECT_THAT(problems("6-1"), IsEmpty());
}

TEST_F(Deploying, ARejectedItemLeavesTheTransportsAsTheyWere) {
    auto const done = *world.cloud.deploy("6-1");
    world.send("GET", CloudWorld::path(qua, "cdm/work?kinds=import&client=000&max=50"));
    WorkResult result;
    result.status = WorkStatus::rejected;
    result.return_code = TpReturnCode{0};
    result.messages.push_back({'E', "", "", "not here"});
    EXPECT_EQ(
        world.send("POST", CloudWorld::path(qua, "cdm/work/" + done.work[0].text() + "/result"), encode(result)).status,
        204);
    EXPECT_EQ(state("DEVK900001"), "Released");
}

TEST_F(Deploying, ATransportThatWasNotExecutedIsNotDeployed) {
    auto const done = *world.cloud.deploy("6-1");
    world.send("GET", CloudWorld::path(qua, "cdm/work?kinds=import&client=000&max=50"));
    WorkResult result;
    result.status = WorkStatus::finished;
    result.return_code = TpReturnCode{0};
    result.transports.push_back({.trkorr = request_number("DEVK900001"),
                                 .target = target("QUA.200"),
                                 .return_code = std::nullopt,
                                 .steps = {}});
    result.transports.push_back({.trkorr = request_number("DEVK900002"),
                                 .target = target("QUA.200"),
                                 .return_code = TpReturnCode{0},
                                 .steps = {}});
    ASSERT_EQ(
        world.send("POST", CloudWorld::path(qua, "cdm/work/" + done.work[0].text() + "/result"), encode(result)).status,
        204);
    EXPECT_EQ(state("DEVK900001"), "Released");
    EXPECT_EQ(state("DEVK900002"), "Deployed in QUA - 200");
}

TEST_F(Deploying, WhatIsAheadStaysOutUntilTheOthersCaughtUp) {
    ASSERT_TRUE(world.cloud.deploy("6-1"));
    import(qua);
    push({released("DEVK900003", "QUA.200")});
    TrRequest const late[]{request_number("DEVK900003")};
    ASSERT_TRUE(world.cloud.assign("6-1", late));
    auto const done = *world.cloud.deploy("6-1");
    EXPECT_THAT(done.targets, ElementsAre(target("QUA.200")));
    EXPECT_THAT(world.cloud.work().find(done.work[0])->item.transports, ElementsAre(late[0]));
    EXPECT_THAT(done.left_out, Contains(HasSubstr("DEVK900001")));
}

TEST_F(Deploying, ATargetMayBeChosenIfItIsReachable) {
    EXPECT_THAT(why("6-1", target("PRD.300")), HasSubstr("has not reached QUA.200 yet"));
    EXPECT_THAT(why("6-1", target("XXX.100")), HasSubstr("is not on its track"));
    EXPECT_TRUE(world.cloud.deploy("6-1", target("QUA.200")));
    import(qua);
    EXPECT_THAT(why("6-1", target("QUA.200")), HasSubstr("already deployed in QUA.200"));
}

TEST_F(Deploying, EveryRefusalSaysWhatToDo) {
    EXPECT_THAT(why("6-9"), HasSubstr("there is no feature 6-9"));
    world.cloud.create_feature("empty");
    EXPECT_THAT(why("6-2"), HasSubstr("In Specification"));
    ASSERT_TRUE(world.cloud.act("6-2", start_implementation));
    EXPECT_THAT(why("6-2"), HasSubstr("assign released transports first"));

    auto modifiable = released("DEVK900003", "QUA.200");
    modifiable.status = TrStatus::modifiable;
    push({modifiable, released("DEVK900004", "")});
    TrRequest const numbers[]{request_number("DEVK900003"), request_number("DEVK900004")};
    ASSERT_TRUE(world.cloud.assign("6-2", numbers));
    EXPECT_THAT(why("6-2"), testing::AllOf(HasSubstr("DEVK900003: not released"), HasSubstr("DEVK900004: local")));

    world.activate(qua, import_task_name, false);
    EXPECT_THAT(why("6-1"), HasSubstr("task \"Transports: Import\" is not active in QUA:000"));
    world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + qua.text());
    EXPECT_THAT(why("6-1"), HasSubstr("QUA:000 is not registered"));
}

TEST_F(Deploying, WithoutALandscapeItSaysWhichTaskIsMissing) {
    push({released("XYZK900001", "QUA.200")});
    auto const id = feature({"XYZK900001"});
    EXPECT_THAT(why(id), HasSubstr("Transports: Read Landscape"));
}

TEST_F(Deploying, ProductionMustHaveItsRole) {
    ASSERT_TRUE(world.cloud.deploy("6-1"));
    import(qua);
    for (auto const action : {handover_to_test, confirm_successful_test}) ASSERT_TRUE(world.cloud.act("6-1", action));
    world.enroll("PRD", "000", "TEST");
    auto const refused = world.cloud.act("6-1", approve_for_production);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().context, HasSubstr("role is not PROD"));
    world.enroll("PRD", "000", "PROD");
    EXPECT_TRUE(world.cloud.act("6-1", approve_for_production));
}

TEST_F(Deploying, VirtualSystemsAreNotScheduledAndHoldTheConfirmation) {
    auto changed = three_tier();
    changed.systems.push_back({sid("VIR"), true, "", false, ""});
    changed.delivery_routes.push_back({sid("PRD"), target("VIR.100")});
    landscape(changed);
    ASSERT_TRUE(world.cloud.deploy("6-1"));
    import(qua);
    EXPECT_THAT(world.cloud.deploy("6-1")->targets, ElementsAre(target("PRD.300")))
        << "no longer the last one of the track";
    import(prd);
    EXPECT_THAT(why("6-1"), HasSubstr("already in production"));
    EXPECT_THAT(why("6-1", target("VIR.100")), HasSubstr("virtual"));
    for (auto const action : {handover_to_test, confirm_successful_test, approve_for_production})
        ASSERT_TRUE(world.cloud.act("6-1", action));
    EXPECT_THAT(world.cloud.act("6-1", confirm_deployment).error().context, HasSubstr("virtual"));
}

TEST_F(Deploying, OneSystemWithThreeClientsIsATrack) {
    auto const s4h = world.enroll("S4H", "000", "TEST");
    world.activate(s4h, import_task_name);
    LandscapePush track;
    track.domain = "DOMAIN_S4H";
    track.controller = sid("S4H");
    track.systems.push_back({sid("S4H"), false, "", true, ""});
    track.consolidation_routes.push_back({sid("S4H"), "ZS4H", target("S4H.200")});
    track.delivery_routes.push_back({sid("S4H"), target("S4H.300")});
    ASSERT_EQ(world.send("PUT", CloudWorld::path(s4h, "cdm/landscape"), encode(track)).status, 204);
    TransportsPush const message{std::nullopt, true, {released("S4HK900001", "S4H.200")}};
    ASSERT_EQ(world.send("POST", CloudWorld::path(s4h, "cdm/transports"), encode(message)).status, 200);
    auto const id = feature({"S4HK900001"});
    EXPECT_THAT(world.cloud.deploy(id)->targets, ElementsAre(target("S4H.200")));
    import(s4h);
    for (auto const action : {handover_to_test, confirm_successful_test, approve_for_production})
        ASSERT_TRUE(world.cloud.act(id, action));
    EXPECT_THAT(world.cloud.deploy(id)->targets, ElementsAre(target("S4H.300")));
    import(s4h);
    EXPECT_TRUE(world.cloud.act(id, confirm_deployment));
}

TEST_F(Deploying, ATargetGroupIsOneItemPerSystem) {
    auto const qu2 = world.enroll("QU2", "000", "TEST");
    world.activate(qu2, import_task_name);
    auto changed = three_tier();
    changed.systems.push_back({sid("QU2"), false, "", true, ""});
    changed.target_groups.push_back({"/QA/", {target("QUA.200"), target("QU2.200")}});
    changed.consolidation_routes[0].to = target("/QA/");
    changed.delivery_routes.push_back({sid("QU2"), target("PRD.300")});
    landscape(changed);
    push({released("DEVK900005", "/QA/")});
    auto const id = feature({"DEVK900005"});
    auto const done = *world.cloud.deploy(id);
    EXPECT_THAT(done.targets, ElementsAre(target("QUA.200"), target("QU2.200")));
    import(qua);
    EXPECT_THAT(why(id), HasSubstr("Scheduled In QU2-200"));
}

} // namespace
} // namespace almd::test
