// Work that nobody will do any more comes to an end, so that no transport and no feature is stuck with it.
#include "tests/unit/cloud/deploying_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Cancelled : DeployingWorld {
    HttpResponse cancel(WorkId id, Json const& body = Json::object()) {
        return world.admin_call("POST", fmt::format("work/{}/cancel", id.text()), body);
    }
};

TEST_F(Cancelled, WorkOfASystemThatIsUnregisteredHasFailed) {
    auto const id = feature({"DEVK900001"});
    auto const work = world.cloud.deploy(id)->work[0];
    EXPECT_EQ(world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + qua.text()).status, 204);
    EXPECT_EQ(world.cloud.work().find(work)->state(), "failed");
    EXPECT_EQ(world.cloud.work().open(), 0U);
    EXPECT_EQ(state("DEVK900001"), "Released");
    EXPECT_THAT(shown(id)["problems"],
                ElementsAre("import in QUA:000 failed: QUA:000 was unregistered before it was done"));
    EXPECT_THAT(why(id), HasSubstr("QUA:000 is not registered"));
    EXPECT_TRUE(world.cloud.unassign(id, request_number("DEVK900001")));
    EXPECT_TRUE(world.cloud.verdict().clean);
    EXPECT_EQ(world.admin_call("POST", "work", {{"lmsId", qua.text()}, {"kind", "import"}}).status, 409);
}

TEST_F(Cancelled, WaitingWorkIsTakenBackByThePerson) {
    auto const id = feature({"DEVK900001"});
    auto const work = world.cloud.deploy(id)->work[0];
    auto const answer = cancel(work, {{"reason", "wrong week"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(shown(id)["problems"], ElementsAre("import in QUA:000 failed: cancelled at the cloud: wrong week"));
    EXPECT_TRUE(poll(qua).empty());
    EXPECT_EQ(why(id), "deployed") << "and it can be deployed again";
    EXPECT_EQ(cancel(work).status, 409) << "it has ended";
    EXPECT_EQ(cancel(WorkId{1, 2}).status, 404);
}

TEST_F(Cancelled, LeasedWorkIsNotTakenBackBeforeItsLeaseEnds) {
    auto const id = feature({"DEVK900001"});
    auto const work = world.cloud.deploy(id)->work[0];
    auto const item = poll(qua)[0];
    EXPECT_THAT(message_of(cancel(work)), HasSubstr("QUA:000 has it for another 600 s"));
    world.pass(600s);
    EXPECT_EQ(cancel(work).status, 200);
    auto const late = end(qua, item);
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(code_of(late), "WORK_CANCELLED");
    EXPECT_THAT(message_of(late), HasSubstr("cancelled at the cloud"));
    EXPECT_TRUE(world.cloud.verdict().clean) << "the system could not know";
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200") << "but what it did is known";
    EXPECT_THAT(why(id), HasSubstr("Approve it for production")) << "it is not imported there again";
    EXPECT_THAT(problems(id), testing::IsEmpty());
    auto const told = Json::parse(world.admin_call("GET", "work").body)["items"][0];
    EXPECT_EQ(told["messages"], Json::array({"cancelled at the cloud", "but it was done all the same"}));
    EXPECT_EQ(told["returnCode"], 0);
    EXPECT_EQ(world.cloud.work().counters().done_after_cancel, 1U);
    EXPECT_EQ(end(qua, item).status, 409);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST_F(Cancelled, WorkThatWasDoneAfterItWasOrderedAgainIsAnAnomaly) {
    auto const id = feature({"DEVK900001"});
    auto const work = world.cloud.deploy(id)->work[0];
    auto const item = poll(qua)[0];
    world.pass(600s);
    EXPECT_EQ(cancel(work).status, 200);
    EXPECT_EQ(why(id), "deployed");
    EXPECT_EQ(end(qua, item).status, 409);
    EXPECT_FALSE(world.cloud.verdict().clean);
    EXPECT_THAT(world.admin_call("GET", "ledger").body,
                HasSubstr("was done after it had been taken back, and ordered again"));
    EXPECT_EQ(state("DEVK900001"), "Scheduled In QUA-200") << "the second one is still to come";
}

TEST_F(Cancelled, WorkThatHasBegunIsNotTakenBack) {
    auto const id = feature({"DEVK900001"});
    auto const work = world.cloud.deploy(id)->work[0];
    auto const item = poll(qua)[0];
    WorkResult begun;
    begun.status = WorkStatus::started;
    EXPECT_EQ(world.send("POST", CloudWorld::path(qua, "cdm/work/" + item.id.text() + "/result"), encode(begun)).status,
              204);
    world.pass(1200s);
    EXPECT_THAT(message_of(cancel(work)), HasSubstr("QUA:000 has begun it"));
}

TEST_F(Cancelled, WorkOfATaskThatIsOffIsNotHandedOut) {
    auto const id = feature({"DEVK900001"});
    ASSERT_EQ(why(id), "deployed");
    auto const choose = [&](bool active) {
        return world
            .admin_call("POST", "usecases", {{"lmsId", qua.text()}, {"task", import_task_name}, {"active", active}})
            .status;
    };
    ASSERT_EQ(choose(false), 200);
    EXPECT_TRUE(poll(qua).empty());
    EXPECT_THAT(shown(id)["openWork"], ElementsAre("import in QUA:000: waiting, but \"Transports: Import\" is off"));
    ASSERT_EQ(choose(true), 200);
    auto const items = poll(qua);
    ASSERT_EQ(items.size(), 1U);
    ASSERT_EQ(choose(false), 200);
    world.pass(600s);
    EXPECT_TRUE(poll(qua).empty()) << "not again either";
    EXPECT_EQ(end(qua, items[0]).status, 204) << "who had it may end it";
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200");
}

TEST_F(Cancelled, AFeatureWithOpenWorkIsNotDeleted) {
    auto const id = feature({});
    ASSERT_EQ(world
                  .admin_call("POST", "features/" + id + "/create-transport",
                              {{"system", "DEV"}, {"client", "100"}, {"title", "Prices"}, {"owner", "ME"}})
                  .status,
              201);
    auto const path = "/api/calm-features/v1/Features/" + shown(id)["id"].get<std::string>();
    auto const refused = world.send("DELETE", path);
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_THAT(refused.body, HasSubstr("work \\\"create\\\" is waiting"));
    EXPECT_EQ(cancel(world.cloud.work().all()[0].item.id).status, 200);
    EXPECT_EQ(world.send("DELETE", path).status, 204);
}

} // namespace
} // namespace almd::test
