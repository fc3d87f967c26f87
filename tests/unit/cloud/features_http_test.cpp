// Paths, headers and parameters of the Features API as generic OData clients write them.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct FeaturesHttp : testing::Test {
    PublishedWorld world;
    std::string const set = world.features + "Features";

    static std::string location(HttpResponse const& answer) {
        return std::string{find_header(answer.headers, "Location")};
    }
    static std::string text(Json const& feature, char const* field) { return feature[field].get<std::string>(); }
};

TEST_F(FeaturesHttp, BatchAndQueryAreRefusedForWhatTheyAre) {
    for (auto const* path : {"/api/calm-features/v1/$batch", "/api/calm-analytics/v1/odata/v4/analytics/$batch"})
        for (auto const* type : {"multipart/mixed; boundary=x", "application/json", "text/plain"}) {
            auto const answer = world.send("POST", path, "--x--", {{"Content-Type", type}});
            EXPECT_EQ(answer.status, 501) << path << " " << type << " " << answer.body;
            EXPECT_THAT(message_of(answer), HasSubstr("one by one"));
        }
    auto const query = world.send("POST", set + "/$query", "$top=1", {{"Content-Type", "text/plain"}});
    EXPECT_EQ(query.status, 501);
    EXPECT_THAT(message_of(query), HasSubstr("in the URL"));
    EXPECT_EQ(world.send("POST", set, "{}", {{"Content-Type", "text/plain"}}).status, 415);
}

TEST_F(FeaturesHttp, KeysOfSeveralPartsInAnyOrder) {
    auto const made =
        world.create({{"title", "one"}, {"toExternalReferences", {{{"id", "it's q:1,a=b"}, {"name", "N"}}}}});
    auto const uuid = text(made, "uuid");
    auto const refused = [&](std::string const& key) {
        auto const answer = world.ask("GET", world.features + "ExternalReferences(" + key + ")", nullptr, false);
        EXPECT_EQ(answer.status, 400) << key << answer.body;
        EXPECT_EQ(target_of(answer), "ExternalReferences");
        EXPECT_THAT(message_of(answer), HasSubstr("id and parentUuid"));
    };
    std::string const id = "id='it''s%20q:1,a=b'", parent = "parentUuid=" + uuid;
    for (auto const& key : {id + "," + parent, parent + "," + id}) {
        auto const path = world.features + "ExternalReferences(" + key + ")";
        auto const answer = world.ask("GET", path, nullptr, false);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_THAT(answer.body, HasSubstr(R"("name":"N")"));
    }
    for (auto const& key : {id, parent, id + "," + id, "idd='x'," + parent, id + "," + parent + ",x=1",
                            std::string{"'it''s%20q:1'"}, id + parent, std::string{}, parent + ",", "id='x," + parent})
        refused(key);
    auto const other = world.features + "ExternalReferences(id='none'," + parent + ")";
    EXPECT_EQ(world.ask("GET", other, nullptr, false).status, 404);
    EXPECT_EQ(world.ask("GET", world.features + "Features(uuid=" + uuid + ")", nullptr, false).status, 200);
    EXPECT_EQ(world.ask("GET", world.features + "Features(id=" + uuid + ")", nullptr, false).status, 400);
    EXPECT_EQ(world.ask("GET", world.features + "FeatureStatus('CREATED')", nullptr, false).status, 200);
    EXPECT_EQ(
        world.ask("DELETE", world.features + "ExternalReferences(" + parent + "," + id + ")", nullptr, false).status,
        204);
}

TEST_F(FeaturesHttp, WhatWasMadeIsWhereLocationSays) {
    auto const project = world.project();
    for (auto const* end : {"", "/"}) {
        auto const made = world.ask("POST", set + end, {{"title", "one"}, {"projectId", project}}, false);
        ASSERT_EQ(made.status, 201) << made.body;
        EXPECT_EQ(location(made), set + "/" + text(Json::parse(made.body), "uuid"));
        EXPECT_EQ(world.get(location(made))["title"], "one");
    }
    auto const uuid = text(world.create({{"title", "two"}}), "uuid");
    Json const bodies[]{{{"url", "https://s"}}, {{"id", "q:1/2"}, {"name", "N"}}};
    std::string const sets[]{"URLReferences", "ExternalReferences"};
    for (std::size_t i = 0; i < 2; ++i) {
        auto const added = world.ask("POST", set + "/" + uuid + "/to" + sets[i], bodies[i]);
        ASSERT_EQ(added.status, 201) << added.body;
        EXPECT_THAT(location(added), testing::StartsWith(world.features + sets[i] + "/"));
        EXPECT_EQ(world.get(location(added))["parentUuid"], uuid);
        EXPECT_EQ(world.ask("DELETE", location(added)).status, 204);
        auto body = bodies[i];
        body["parentUuid"] = uuid;
        auto const alone = world.ask("POST", world.features + sets[i], body);
        EXPECT_EQ(world.get(location(alone))["parentUuid"], uuid);
    }
}

TEST_F(FeaturesHttp, AParameterThatIsGivenTwiceIsRefused) {
    auto const project = "projectId=" + world.project();
    auto const slip = [&](std::string const& target) {
        auto const answer = world.ask("GET", target, nullptr, false);
        EXPECT_EQ(answer.status, 400) << target << answer.body;
        EXPECT_THAT(message_of(answer), HasSubstr("given twice"));
        return target_of(answer);
    };
    EXPECT_EQ(slip(set + "?" + project + "&" + project), "projectId");
    std::string const tasks = "/api/calm-tasks/v1/tasks?" + project;
    EXPECT_EQ(slip(tasks + "&" + project), "projectId");
    EXPECT_EQ(slip(tasks + "&type=a&type=b"), "type");
    EXPECT_EQ(slip("/api/calm-landscape/v1/landscapeObjects?name=a&name=b"), "name");
    EXPECT_EQ(world.ask("GET", tasks + "&tags=a&tags=b").status, 200) << "both of them";
}

TEST_F(FeaturesHttp, AWrongOptionWritesNothing) {
    auto const made = world.create({{"title", "one"}});
    auto const path = set + "/" + text(made, "uuid");
    Json const body{{"title", "two"}, {"projectId", world.project()}};
    for (auto const& [method, target] : {std::pair{"POST", set}, std::pair{"PATCH", path}}) {
        auto const answer = world.ask(method, target + "?$select=nope", body, false);
        EXPECT_EQ(answer.status, 400) << method;
        EXPECT_EQ(target_of(answer), "$select");
    }
    EXPECT_EQ(world.ask("POST", path + "/toURLReferences?$select=nope", {{"url", "x"}}, false).status, 400);
    EXPECT_EQ(world.get(path + "?$expand=toURLReferences")["toURLReferences"].size(), 0U);
    EXPECT_EQ(world.get(set)["value"].size(), 1U);
    EXPECT_EQ(world.get(path)["title"], "one");
}

TEST_F(FeaturesHttp, WhoChangesWhatAnotherChangedMeanwhileIsTold) {
    auto const uuid = text(world.create({{"title", "one"}}), "uuid");
    auto const path = set + "/" + uuid;
    auto const read = world.ask("GET", path + "?$select=title");
    std::string const etag{find_header(read.headers, "ETag")};
    EXPECT_EQ(Json::parse(read.body)["@odata.etag"], etag);
    EXPECT_THAT(etag, testing::StartsWith("W/\""));
    auto const send = [&](std::string method, std::string if_match, std::string title) {
        return world.send(std::move(method), path, Json{{"title", std::move(title)}}.dump(),
                          {{"Content-Type", "application/json"}, {"If-Match", std::move(if_match)}});
    };
    auto const changed = send("PATCH", etag, "two");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_NE(find_header(changed.headers, "ETag"), etag) << "in the same moment";
    auto const late = send("PATCH", etag, "three");
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(target_of(late), "If-Match");
    EXPECT_EQ(send("DELETE", etag, "").status, 412);
    EXPECT_EQ(world.get(path)["title"], "two");
    std::string const present{find_header(changed.headers, "ETag")};
    EXPECT_EQ(send("PATCH", "\"x\", " + present.substr(2), "two").status, 200) << "one of several, and without W/";
    auto const unless = [&](std::string method, std::string if_none_match) {
        return world.send(std::move(method), path, R"({"title":"two"})",
                          {{"Content-Type", "application/json"}, {"If-None-Match", std::move(if_none_match)}});
    };
    auto const same = unless("GET", "\"x\", " + present);
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(find_header(same.headers, "ETag"), present);
    EXPECT_EQ(unless("GET", "\"x\"").status, 200);
    EXPECT_EQ(target_of(unless("PATCH", "*")), "If-None-Match");
    EXPECT_EQ(world.get(set)["value"][0]["@odata.etag"], present) << "a list tells it as well";
    EXPECT_EQ(send("PATCH", "*", "four").status, 200);
    EXPECT_EQ(send("DELETE", "*", "").status, 204);
    EXPECT_EQ(send("DELETE", "*", "").status, 404);
}

TEST_F(FeaturesHttp, TheContractKnowsAnswersAndHeaders) {
    auto const made = world.create({{"title", "one"}});
    HttpRequest change{"PATCH", set + "/" + text(made, "uuid"), R"({"title":"two"})"};
    change.headers = {
        {"Authorization", "Bearer " + world.bearer}, {"Content-Type", "application/json"}, {"If-Match", "W/\"0\""}};
    auto const late = world.serve(world.cloud.dialogue(), change);
    EXPECT_EQ(late.status, 412);
    EXPECT_THAT(standin_contract().check(change, late), testing::IsEmpty());
}

} // namespace
} // namespace almd::test
