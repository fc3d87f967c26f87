// What the published APIs refuse: slips in parameters, bodies that can be read in two ways, texts that say nothing.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct PublishedRefusals : testing::Test {
    PublishedWorld world;
    std::string const project = world.project(), tasks = "/api/calm-tasks/v1/tasks";

    /// Status 400; the field or parameter that it names.
    std::string slip(std::string const& target) {
        auto const answer = world.ask("GET", target, nullptr, false);
        EXPECT_EQ(answer.status, 400) << target << "\n" << answer.body;
        return target_of(answer);
    }
    HttpResponse send_text(std::string const& path, std::string const& body) { return world.send("POST", path, body); }
};

TEST_F(PublishedRefusals, ParametersThatThereAreNot) {
    for (auto const* path : {"/api/calm-projects/v1/projects", "/api/calm-projects/v1/systemGroups",
                             "/api/calm-projects/v1/deploymentPlans", "/api/calm-projects/v1/programs",
                             "/api/calm-landscape/v1/landscapeObjects", "/api/calm-landscape/v1/properties",
                             "/api/bsm-service/v1/events", "/api/calm-tasks/v1/workstreams"})
        EXPECT_EQ(slip(std::string{path} + "?bogus=1"), "bogus") << path;
    EXPECT_EQ(slip("/api/calm-projects/v1/projects?$filter=x"), "$filter");
    EXPECT_EQ(slip("/api/calm-projects/v1/projects/" + project + "/teams?x=1"), "x");
    EXPECT_EQ(slip(tasks + "?projectId=" + project + "&stauts=x"), "stauts");
    EXPECT_THAT(message_of(world.ask("GET", tasks + "?$filter=x", nullptr, false)), HasSubstr("not supported yet"));
    EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/deploymentPlans?status=all").status, 200);
}

TEST_F(PublishedRefusals, ParametersThatAreNoUtf8) {
    EXPECT_EQ(slip(world.features + "Features?$filter=title%20eq%20%27%C3%28%27"), "$filter");
    EXPECT_EQ(slip(tasks + "?projectId=" + project + "&tags=%FF%FE"), "tags");
    EXPECT_EQ(slip("/api/calm-landscape/v1/landscapeObjects?name=%FF"), "name");
    EXPECT_EQ(world.get(world.features + "Features?$filter=title%20eq%20%27%C3%BC%27")["value"].size(), 0U);
}

TEST_F(PublishedRefusals, MembersThatAreGivenTwice) {
    auto const ids = R"("projectId":")" + project + R"(","type":"CALMTASK")";
    auto const task = send_text(tasks, R"({"title":"a","title":"b",)" + ids + "}");
    EXPECT_EQ(task.status, 400);
    EXPECT_EQ(target_of(task), "title") << task.body;
    auto const feature = send_text(world.features + "Features", R"({"title":"a","projectId":")" + project +
                                                                    R"(","toURLReferences":[{"url":"a","url":"b"}]})");
    EXPECT_EQ(feature.status, 400);
    EXPECT_EQ(target_of(feature), "toURLReferences[0].url") << feature.body;
    auto const dev = world.enroll("DEV");
    auto const push = send_text("/api/calm-metrics/v1/metrics?useCase=hm&serviceId=" + dev.text(),
                                R"({"resourceMetrics":[],"resourceMetrics":[]})");
    EXPECT_EQ(push.status, 400);
    EXPECT_THAT(message_of(push), HasSubstr("given twice"));
    HttpRequest const person{"POST", "/api/v1/cloud/features", R"({"title":"a","title":"b"})"};
    EXPECT_THAT(message_of(world.admin.dispatch(person)), HasSubstr("title: is given twice"));
    HttpRequest const fault{"POST", "/api/v1/cloud/faults", R"({"kind":"reset","kind":"close"})"};
    EXPECT_THAT(message_of(world.admin.dispatch(fault)), HasSubstr("kind: is given twice"));
    EXPECT_TRUE(world.cloud.features().all().empty());
}

TEST_F(PublishedRefusals, TitlesOfBlanks) {
    auto const task = world.ask("POST", tasks, {{"projectId", project}, {"title", " \t"}, {"type", "CALMTASK"}});
    EXPECT_EQ(task.status, 400);
    EXPECT_EQ(target_of(task), "title");
    auto const feature = world.ask("POST", world.features + "Features", {{"projectId", project}, {"title", "  "}});
    EXPECT_EQ(feature.status, 400);
    EXPECT_EQ(target_of(feature), "title");
    EXPECT_EQ(world.admin_call("POST", "features", {{"title", " "}}).status, 400);
    EXPECT_EQ(world.admin_call("POST", "projects", {{"name", " "}}).status, 400);
}

TEST_F(PublishedRefusals, TasksNameTheFieldOrParameter) {
    auto const slip_of = [this](char const* field, Json value) {
        Json task{{"projectId", project}, {"title", "t"}, {"type", "CALMTASK"}};
        task[field] = std::move(value);
        auto const answer = world.ask("POST", tasks, task, false);
        EXPECT_EQ(answer.status, 400) << answer.body;
        return target_of(answer);
    };
    EXPECT_EQ(slip_of("titel", "t"), "titel");
    EXPECT_EQ(slip_of("my field", "t"), R"(["my field"])");
    EXPECT_EQ(slip_of("tags", {"a", 7}), "tags[1]");
    EXPECT_EQ(slip_of("tags", {"a", "b", std::string(1'001, 't')}), "tags[2]");
    EXPECT_EQ(slip_of("tags", "a"), "tags");
    EXPECT_EQ(slip(tasks + "?$filter=x"), "$filter");
    EXPECT_EQ(slip(tasks + "?projectId=" + project + "&$filter=x"), "$filter");
}

TEST_F(PublishedRefusals, DueDatesThatAreNone) {
    Json task{{"projectId", project}, {"title", "t"}, {"type", "CALMTASK"}};
    for (auto const* wrong : {"tomorrow", "2026-02-30", "2026-3-1", "31.03.2026"}) {
        task["dueDate"] = wrong;
        auto const answer = world.ask("POST", tasks, task, false);
        EXPECT_EQ(answer.status, 400) << wrong;
        EXPECT_EQ(target_of(answer), "dueDate");
    }
    task["dueDate"] = "2026-03-31";
    auto const made = world.ask("POST", tasks, task);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(Json::parse(made.body)["dueDate"], "2026-03-31");
    task["dueDate"] = nullptr;
    EXPECT_EQ(world.ask("POST", tasks, task).status, 201);
    task["tags"] = {std::string(10'001, 't')};
    EXPECT_EQ(world.ask("POST", tasks, task).status, 400) << "a long tag is not cut";
}

TEST_F(PublishedRefusals, NoObjectOfTheLandscapeIsOneThatPushesDoNotKnow) {
    auto const dev = world.enroll("DEV");
    world.enroll("DEV", "100");
    world.enroll("PRD", "100", "PROD");
    auto const objects = world.get("/api/calm-landscape/v1/landscapeObjects");
    ASSERT_EQ(objects.size(), 5U);
    Json const metric = Json::parse(
        R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{"asDouble":1}]}}]}]}]})");
    Json const log = Json::parse(R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]})");
    for (auto const& object : objects) {
        auto const id = object["lmsId"].get<std::string>();
        EXPECT_EQ(world.ask("POST", "/api/calm-metrics/v1/metrics?useCase=hm&serviceId=" + id, metric).status, 200)
            << object;
        EXPECT_EQ(world.ask("POST", "/api/calm-logs/v1/logs?useCase=exm&serviceId=" + id, log).status, 200) << object;
        EXPECT_EQ(world.ask("GET", "/api/calm-logs/v1/logs?provider=exm.im&serviceId=" + id, nullptr, false).status,
                  200);
        EXPECT_THAT(
            world.get("/api/calm-metrics/v1/metrics?provider=hm&metrics=value&dimensions=metricName&serviceId=" + id)
                .dump(),
            HasSubstr("\"m\""))
            << object;
        EXPECT_EQ(world.get("/api/calm-landscape/v1/landscapeObjects?lmsId=" + id)[0]["name"], object["name"]);
        EXPECT_THAT(world.get("/api/calm-landscape/v1/properties?lmsId=" + id).dump(), HasSubstr("Registered"));
    }
    EXPECT_EQ(world.get("/api/calm-landscape/v1/landscapeObjects?name=DEV000")[0]["lmsId"], dev.text())
        << "the client has the LMS ID of its registration";
}

} // namespace
} // namespace almd::test
