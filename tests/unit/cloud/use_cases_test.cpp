// Use cases: reported by the system, led by the cloud.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

constexpr std::string_view read_task = "Transports: Read";

UseCaseSelection selection(CloudWorld& world, LmsId id) {
    return *decode_use_case_selection(world.send("GET", CloudWorld::path(id, "usecases")).body);
}

std::int64_t version(CloudWorld& world, LmsId id) {
    return world.cloud.use_cases().version(world.cloud.find(id));
}

TEST(CloudUseCases, ASystemReportsItsActivation) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_TRUE(selection(world, id).tasks.empty());
    EXPECT_EQ(world.activate(id, read_task, true, 1).status, 200);
    auto const tasks = selection(world, id).tasks;
    ASSERT_EQ(tasks.size(), 1U);
    EXPECT_EQ(tasks[0].task, read_task);
    EXPECT_TRUE(tasks[0].active);
    EXPECT_EQ(tasks[0].interval_minutes, 1);
    EXPECT_TRUE(tasks[0].cloud_leads) << "from the first activation on";
}

TEST(CloudUseCases, OnlyTheCloudMaySwitchOnAgain) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    world.activate(id, read_task);
    EXPECT_EQ(world.activate(id, read_task, false).status, 200) << "switching off is always the system's right";
    auto const refused = world.activate(id, read_task);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "CLOUD_IS_LEADING");
    ASSERT_TRUE(world.cloud.choose_use_case(id, read_task, true));
    EXPECT_TRUE(selection(world, id).tasks[0].active);
    EXPECT_EQ(world.activate(id, read_task).status, 200);
}

TEST(CloudUseCases, ATaskThatWasNeverActiveMayBeSwitchedOnAtAnyTime) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.activate(id, read_task, false).status, 200);
    EXPECT_EQ(world.activate(id, read_task, true).status, 200);
}

TEST(CloudUseCases, OnlyChangesMoveTheVersionThatHeartbeatsAnswer) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    world.activate(id, read_task, true, 10);
    auto const before = version(world, id);
    world.activate(id, read_task, true, 10);
    EXPECT_EQ(version(world, id), before);
    ASSERT_TRUE(world.cloud.choose_use_case(id, read_task, true, 1));
    EXPECT_EQ(version(world, id), before + 1);
    EXPECT_EQ(Json::parse(world.beat(id, 1).body)["useCaseVersion"], before + 1);
    EXPECT_EQ(selection(world, id).tasks[0].interval_minutes, 1);
}

TEST(CloudUseCases, NothingNewIs304) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const path = CloudWorld::path(id, "usecases");
    auto const first = world.send("GET", path);
    std::string const tag{find_header(first.headers, "ETag")};
    ASSERT_FALSE(tag.empty());
    auto const same = world.send("GET", path, "", {{"If-None-Match", tag}});
    EXPECT_EQ(same.status, 304);
    EXPECT_TRUE(same.body.empty());
    ASSERT_TRUE(world.cloud.choose_use_case(id, read_task, true));
    auto const news = world.send("GET", path, "", {{"If-None-Match", tag}});
    EXPECT_EQ(news.status, 200);
    EXPECT_NE(find_header(news.headers, "ETag"), tag);
}

TEST(CloudUseCases, UnknownTasksAreNamedAndOldNamesUnderstood) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const answer = world.activate(id, "Transports: Teleport");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(code_of(answer), "TASK_UNKNOWN");
    EXPECT_EQ(world.activate(id, "Manage Transports").status, 200);
    EXPECT_EQ(selection(world, id).tasks[0].task, read_task);
    EXPECT_EQ(world.cloud.choose_use_case(id, "Nothing", true).error().code, ErrorCode::invalid);
}

TEST(CloudUseCases, EachTransportTaskHasItsClients) {
    CloudWorld world;
    auto const head = world.enroll("DEV"), working = world.enroll("DEV", "100");
    struct Case {
        LmsId at;
        std::string_view task, client, says;
    };
    for (auto const& [at, task, client, says] :
         {Case{head, read_task, "100", "a task of client 000, not of 100"},
          Case{working, read_task, "000", "this registration is of client 100"},
          Case{head, "Transports: Create & Export (client-specific)", "000", "clients that people work in"},
          Case{head, "Transports: Retrofit (client-specific)", "100", "this registration is of client 000"},
          Case{head, "Transports: Import", "300", "a task of client 000"}}) {
        UseCaseActivation message{*Client::parse(client), true, 5};
        auto const from_system =
            world.send("PUT", CloudWorld::path(at, "usecases/" + percent_encode(task)), encode(message));
        EXPECT_EQ(from_system.status, 422) << task;
        EXPECT_EQ(code_of(from_system), "WRONG_CLIENT");
        EXPECT_EQ(target_of(from_system), "client");
        auto const from_cloud = world.admin_call(
            "POST", "usecases", {{"lmsId", at.text()}, {"task", task}, {"client", client}, {"active", true}});
        EXPECT_EQ(from_cloud.status, 422) << task;
        for (auto const& answer : {from_system, from_cloud}) EXPECT_THAT(message_of(answer), testing::HasSubstr(says));
        EXPECT_TRUE(selection(world, at).tasks.empty());
    }
    EXPECT_EQ(world.activate(working, "Transports: Create & Export (client-specific)").status, 200);
    EXPECT_EQ(world.activate(working, "Health Monitoring").status, 200) << "in any client";
}

TEST(CloudUseCases, ThePersonCannotEditAnIntervalThatIsNotEditable) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.cloud.choose_use_case(id, "Business Process Monitoring", true, 5).error().code,
              ErrorCode::conflict);
    ASSERT_TRUE(world.cloud.choose_use_case(id, "Business Process Monitoring", true));
    auto const task = selection(world, id).tasks.at(0);
    EXPECT_EQ(task.interval_minutes, 0);
    EXPECT_FALSE(task.interval_editable);
}

TEST(CloudUseCases, SystemsWithTheSameTasksShareOneList) {
    UseCaseBoard board;
    UseCaseActivation const on{client_000, true, 5};
    for (CloudSlot slot = 0; slot < 1'000; ++slot) {
        board.open(slot);
        board.report(slot, TaskKind::transports_import, on);
        board.report(slot, TaskKind::transports_read, on);
    }
    EXPECT_LE(board.distinct_lists(), 3U) << "the empty one, the common one, and none of those on the way";
    board.choose(7, TaskKind::transports_read, client_000, false, 0);
    EXPECT_FALSE(board.is_active(7, TaskKind::transports_read));
    EXPECT_TRUE(board.is_active(8, TaskKind::transports_read));
    EXPECT_EQ(board.version(7), 3);
    EXPECT_EQ(board.version(8), 2);
}

} // namespace
} // namespace almd::test
