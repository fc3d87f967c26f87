// Several features as one subset, and transports of copies on their way to the test system.
#include "tests/unit/cloud/deploying_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct DeploymentParts : DeployingWorld {
    /// DEVK900011 copies the open DEVK900003.
    std::string with_copy() {
        auto const id = feature({"DEVK900003"});
        auto const asked = world.admin_call("POST", "features/" + id + "/copies", Json::object());
        EXPECT_EQ(asked.status, 201) << asked.body;
        EXPECT_EQ(end(dev100, poll(dev100)[0], 0, {"DEVK900011"}).status, 204);
        return id;
    }
};

TEST_F(DeploymentParts, AnItemBelongsToTheFeaturesWhoseTransportsItHas) {
    auto const empty = feature({}), first = feature({"DEVK900001"});
    std::string const both[]{empty, first};
    auto const done = *world.cloud.deploy(both);
    EXPECT_THAT(done.left_out,
                ElementsAre("feature " + empty + ": it has no transports; assign released transports first"));
    auto const& work = *world.cloud.work().find(done.work[0]);
    EXPECT_EQ(work.item.feature, (*world.cloud.features().all().rbegin()).second.id);
    EXPECT_EQ(work.features.size(), 1U);
    EXPECT_THAT(shown(empty)["openWork"], IsEmpty());
    EXPECT_THAT(shown(first)["openWork"], ElementsAre("import in QUA:000: waiting"));
}

TEST_F(DeploymentParts, ACopyIsDeployedToItsTargetAndNoFurther) {
    auto const id = with_copy();
    EXPECT_EQ(state("DEVK900011"), "Released");
    auto const done = *world.cloud.deploy(id);
    EXPECT_THAT(done.targets, ElementsAre(target("QUA.200")));
    EXPECT_THAT(done.left_out, ElementsAre("DEVK900003: not released"));
    auto const item = poll(qua)[0];
    EXPECT_THAT(item.transports, ElementsAre(request_number("DEVK900011")));
    EXPECT_EQ(state("DEVK900011"), "Scheduled In QUA-200");
    EXPECT_EQ(end(qua, item).status, 204);
    EXPECT_EQ(state("DEVK900011"), "Deployed in QUA - 200");
    EXPECT_THAT(why(id), HasSubstr("DEVK900011: Deployed in QUA - 200 already"));
    EXPECT_THAT(why(id, target("PRD.300")), HasSubstr("PRD.300 is not on its track"));
}

TEST_F(DeploymentParts, ACopyStaysBehindWhenItsOriginalIsReleased) {
    auto const id = with_copy();
    push({released("DEVK900003", "QUA.200")});
    auto const done = *world.cloud.deploy(id);
    EXPECT_THAT(world.cloud.work().find(done.work[0])->item.transports, ElementsAre(request_number("DEVK900003")));
    EXPECT_THAT(done.left_out, Contains("DEVK900011: what it copies is released and goes itself"));
}

} // namespace
} // namespace almd::test
