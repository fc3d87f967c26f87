// Features: statuses, verbs, assigning.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd::test {
namespace {

using testing::HasSubstr;
using enum FeatureStatus;
using enum FeatureAction;

TEST(CloudFeatures, TheVerbsLeadWhereTheTableSays) {
    struct Way {
        FeatureStatus from;
        FeatureAction action;
        FeatureStatus to;
    };
    Way const allowed[] = {
        {in_specification, start_implementation, in_implementation},
        {in_testing, start_implementation, in_implementation},
        {not_planned, start_implementation, in_implementation},
        {in_implementation, handover_to_test, in_testing},
        {in_testing, confirm_successful_test, successfully_tested},
        {successfully_tested, approve_for_production, ready_for_production},
        {ready_for_production, confirm_deployment, deployed},
        {in_specification, set_to_not_planned, not_planned},
        {in_implementation, set_to_not_planned, not_planned},
        {in_testing, set_to_not_planned, not_planned},
    };
    int ways = 0;
    for (int s = 0; s <= static_cast<int>(not_planned); ++s)
        for (int a = 0; a <= static_cast<int>(set_to_not_planned); ++a)
            ways += after(static_cast<FeatureStatus>(s), static_cast<FeatureAction>(a)).has_value();
    EXPECT_EQ(ways, static_cast<int>(std::size(allowed))) << "no way that the table does not name";
    for (auto const& way : allowed)
        EXPECT_EQ(after(way.from, way.action), way.to) << label(way.from) << " " << name(way.action);
}

TEST(CloudFeatures, WhatMayBeDoneInEachStatus) {
    struct Row {
        FeatureStatus status;
        bool assign, unassign, deploy;
    };
    for (auto const& [status, assign, unassign, deploy] :
         {Row{not_planned, false, true, false}, Row{in_specification, true, true, false},
          Row{in_implementation, true, true, true}, Row{in_testing, true, true, true},
          Row{successfully_tested, false, false, true}, Row{ready_for_production, true, false, true},
          Row{deployed, false, false, false}}) {
        EXPECT_EQ(may_assign(status), assign) << label(status);
        EXPECT_EQ(may_unassign(status), unassign) << label(status);
        EXPECT_EQ(may_deploy(status), deploy) << label(status);
    }
}

TEST(CloudFeatures, AreFoundByDisplayIdAndUuid) {
    CloudWorld world;
    auto const* one = *world.cloud.create_feature("first", "Stand-in project");
    auto const* two = *world.cloud.create_feature("second");
    EXPECT_EQ(one->display_id(), "6-1");
    EXPECT_EQ(two->display_id(), "6-2");
    EXPECT_EQ(*world.cloud.act("6-1", start_implementation), one);
    EXPECT_EQ(*world.cloud.act(two->id.text(), start_implementation), two);
    for (auto const* wrong : {"6-3", "6-0", "6-", "6-1x", "1", "", "710b9573-5f47-4de6-b761-070626300001"})
        EXPECT_EQ(world.cloud.act(wrong, start_implementation).error().code, ErrorCode::not_found) << wrong;
    EXPECT_EQ(world.cloud.create_feature("").error().code, ErrorCode::invalid);
}

struct Assigning : testing::Test {
    CloudWorld world;
    CloudTransport transport(TrFunction function) {
        auto record = released("DEVK900001", "QUA.200");
        record.function = function;
        return {std::move(record), {}, {}, start};
    }
    TextBudget texts{1 << 20};
    FeatureBoard board{1, 10, texts};
    CloudTransportKey key{0, request_number("DEVK900001")};
};

TEST_F(Assigning, OneFeaturePerTransport) {
    auto& one = **board.create(0, "one", "", start);
    auto& two = **board.create(0, "two", "", start);
    auto it = transport(TrFunction::workbench);
    EXPECT_TRUE(board.assign(one, key, it, start));
    EXPECT_TRUE(board.assign(one, key, it, start)) << "again is no harm";
    EXPECT_EQ(one.transports.size(), 1U);
    auto const refused = board.assign(two, key, it, start);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().context, HasSubstr("6-1"));
    EXPECT_TRUE(board.unassign(one, key, it, start));
    EXPECT_TRUE(board.assign(two, key, it, start));
}

TEST_F(Assigning, CopiesAndTasksAreRefused) {
    auto& feature = **board.create(0, "one", "", start);
    auto copy = transport(TrFunction::transport_of_copies);
    EXPECT_THAT(board.assign(feature, key, copy, start).error().context, HasSubstr("transport of copies"));
    auto task = transport(TrFunction::development_task);
    task.record.parent = request_number("DEVK900009");
    EXPECT_THAT(board.assign(feature, key, task, start).error().context, HasSubstr("DEVK900009"));
}

TEST_F(Assigning, TheStatusDecides) {
    auto& feature = **board.create(0, "one", "", start);
    auto it = transport(TrFunction::customizing);
    feature.status = successfully_tested;
    EXPECT_THAT(board.assign(feature, key, it, start).error().context, HasSubstr("Successfully Tested"));
    feature.status = ready_for_production;
    EXPECT_TRUE(board.assign(feature, key, it, start));
    EXPECT_FALSE(board.unassign(feature, key, it, start));
    feature.status = in_testing;
    it.scheduled.push_back(target("QUA.200"));
    EXPECT_THAT(board.unassign(feature, key, it, start).error().context, HasSubstr("Scheduled In QUA-200"));
}

TEST_F(Assigning, ATransportThatNobodyReportedIsExplained) {
    world.cloud.create_feature("one");
    TrRequest const one[]{request_number("DEVK900001")};
    auto const refused = world.cloud.assign("6-1", one);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_THAT(refused.error().context, HasSubstr("Transports: Read"));
}

TEST_F(Assigning, SeveralAtOnceAreAllOrNothing) {
    auto const dev = world.enroll("DEV");
    auto copy = released("DEVK900002", "QUA.200");
    copy.function = TrFunction::transport_of_copies;
    TransportsPush const push{std::nullopt, true, {released("DEVK900001", "QUA.200"), copy}};
    ASSERT_EQ(world.send("POST", CloudWorld::path(dev, "cdm/transports"), encode(push)).status, 200);
    world.cloud.create_feature("one");
    TrRequest const both[]{request_number("DEVK900001"), request_number("DEVK900002")};
    EXPECT_FALSE(world.cloud.assign("6-1", both));
    EXPECT_TRUE(world.cloud.features().all().at(1).transports.empty());
    EXPECT_TRUE(world.cloud.assign("6-1", std::span{both}.first(1)));
}

} // namespace
} // namespace almd::test
