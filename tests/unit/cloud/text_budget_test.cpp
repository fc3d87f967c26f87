// What clients and persons write down is bounded in bytes, and deleting makes room again.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(TextBudget, TakesWhatFitsAndSaysHowFullItIs) {
    TextBudget budget{1'000};
    EXPECT_TRUE(budget.change(0, 600));
    EXPECT_TRUE(budget.change(600, 900)) << "the row before makes room for itself";
    auto const refused = budget.change(0, 101);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::full);
    EXPECT_THAT(refused.error().context,
                AllOf(HasSubstr("keeps 1000 bytes"), HasSubstr("900 are taken"), HasSubstr("101 more"),
                      HasSubstr("delete some of them"), HasSubstr("stand_in.text_bytes")));
    EXPECT_EQ(budget.used(), 900U) << "nothing was changed";
    EXPECT_TRUE(budget.change(900, 100));
    budget.give_back(100);
    EXPECT_EQ(budget.used(), 0U);
}

struct FewTexts : testing::Test {
    static CloudSettings settings() {
        CloudSettings few;
        few.limits.text_bytes_max = 64 * 1024;
        return few;
    }
    PublishedWorld world{settings()};
    std::string const project = world.project(), tasks = "/api/calm-tasks/v1/tasks";

    Json task(std::size_t length) const {
        return {
            {"projectId", project}, {"title", "t"}, {"type", "CALMTASK"}, {"description", std::string(length, 'd')}};
    }
    Json feature(std::size_t length) const {
        return {{"projectId", project}, {"title", "f"}, {"description", std::string(length, 'd')}};
    }
    std::string made(HttpResponse const& answer, char const* id) {
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body, nullptr, false).value(id, "");
    }
    /// The answer that is not 201 any more; a bound, so that a budget that is not kept ends too.
    HttpResponse fill(std::string const& path, Json const& body, std::vector<std::string>& ids, char const* id) {
        for (int i = 0; i < 200; ++i) {
            auto answer = world.ask("POST", path, body);
            if (answer.status != 201) return answer;
            ids.push_back(Json::parse(answer.body)[id]);
        }
        return HttpResponse{0};
    }
};

TEST_F(FewTexts, AreSharedByAllThatIsWritten) {
    std::vector<std::string> ids;
    auto const full = fill(tasks, task(10'000), ids, "id");
    EXPECT_EQ(full.status, 507) << full.body;
    EXPECT_EQ(code_of(full), "INSUFFICIENT_STORAGE");
    EXPECT_THAT(message_of(full), HasSubstr("delete"));
    EXPECT_EQ(ids.size(), 6U) << "of 10.5 KB each";
    EXPECT_EQ(world.ask("POST", world.features + "Features", feature(9'000)).status, 507);
    EXPECT_EQ(world.ask("PATCH", tasks + "/" + ids[0], {{"title", std::string(5'000, 't')}}).status, 507);
    EXPECT_EQ(world.get(tasks + "/" + ids[0])["title"], "t") << "as it was";
    EXPECT_EQ(world.ask("DELETE", tasks + "/" + ids[0]).status, 204);
    auto const uuid = made(world.ask("POST", world.features + "Features", feature(9'000)), "uuid");
    EXPECT_EQ(world.ask("POST", tasks, task(10'000)).status, 507);
    EXPECT_EQ(world.ask("DELETE", world.features + "Features/" + uuid).status, 204);
    EXPECT_EQ(world.ask("POST", tasks, task(10'000)).status, 201);
}

TEST_F(FewTexts, CountRowsAndNotOnlyTheirWords) {
    std::vector<std::string> ids;
    EXPECT_EQ(fill(tasks, task(0), ids, "id").status, 507);
    EXPECT_LT(ids.size(), 150U) << "a row has half a kilobyte without any text";
    for (auto const& id : ids) EXPECT_EQ(world.ask("DELETE", tasks + "/" + id).status, 204);
    std::vector<std::string> again;
    EXPECT_EQ(fill(tasks, task(0), again, "id").status, 507);
    EXPECT_EQ(again.size(), ids.size()) << "all was given back";
}

TEST_F(FewTexts, LetAFeatureChangeAndItsReferencesGo) {
    auto const uuid = made(world.ask("POST", world.features + "Features", feature(20'000)), "uuid");
    auto const path = world.features + "Features/" + uuid;
    EXPECT_EQ(world.ask("PATCH", path, {{"description", std::string(90'000, 'd')}, {"title", "big"}}).status, 507);
    EXPECT_EQ(world.get(path)["title"], "f") << "nothing is half done";
    EXPECT_EQ(world.ask("PATCH", path, {{"statusCode", "CONFIRMED"}, {"description", std::string(50'000, 'd')}}).status,
              409);
    EXPECT_EQ(world.ask("PATCH", path, {{"description", "short"}}).status, 200);
    for (int round = 0; round < 3; ++round) {
        std::vector<std::string> ids;
        EXPECT_EQ(fill(path + "/toURLReferences", {{"name", std::string(900, 'n')}, {"url", "https://a"}}, ids, "uuid")
                      .status,
                  507)
            << round;
        EXPECT_GT(ids.size(), 40U) << "what the status refused was given back";
        for (auto const& id : ids) EXPECT_EQ(world.ask("DELETE", world.features + "URLReferences/" + id).status, 204);
    }
    auto body = feature(62'000);
    body["toURLReferences"] = {{{"name", std::string(1'000, 'n')}, {"url", std::string(1'000, 'u')}}};
    EXPECT_EQ(world.ask("POST", world.features + "Features", body).status, 507);
    EXPECT_EQ(world.get(world.features + "Features")["value"].size(), 1U) << "the one that did not fit is not there";
    EXPECT_EQ(world.ask("POST", world.features + "Features", feature(50'000)).status, 201) << "and took no room";
}

TEST_F(FewTexts, BoundWhatAPersonWritesToo) {
    auto const until_full = [&](std::string const& path, auto body_of) {
        for (int i = 0; i < 500; ++i) {
            auto const answer = world.admin_call("POST", path, body_of(i));
            if (answer.status != 201) return code_of(answer);
        }
        return std::string{};
    };
    auto const name = [](int i) { return std::to_string(i) + std::string(200, 'n'); };
    auto const event = [&](int i) {
        return Json{{"eventType", "Maintenance"}, {"serviceName", "PRD"}, {"eventName", name(i)}};
    };
    EXPECT_EQ(until_full("events", event), "LIMIT");
    EXPECT_EQ(world.admin_call("POST", "projects", {{"name", name(0)}}).status, 409);
    EXPECT_EQ(world.admin_call("POST", "features", {{"title", name(0)}}).status, 409);
    auto const events = Json::parse(world.admin_call("GET", "events?limit=1000").body)["items"];
    for (auto const& one : events) world.admin_call("DELETE", "events/" + one["eventId"].get<std::string>());
    EXPECT_EQ(until_full("projects", [&](int i) { return Json{{"name", name(i)}}; }), "LIMIT");
}

} // namespace
} // namespace almd::test
