// What the Features API makes of the bodies that generic OData clients send.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct FeatureBodies : testing::Test {
    PublishedWorld world;
    std::string const set = world.features + "Features";

    std::string path(Json const& feature, std::string_view rest = {}) const {
        return set + "/" + feature["uuid"].get<std::string>() + std::string{rest};
    }
    Json with_references() {
        return world.create({{"title", "one"},
                             {"toURLReferences", {{{"name", "S"}, {"url", "https://s"}}, {{"url", "https://t"}}}},
                             {"toExternalReferences", {{{"id", "jira:1"}}}}});
    }
    static std::string path_of(std::string_view name) { return "[\"" + std::string{name} + "\"]"; }
    /// Refused with 400; what it names.
    std::string slip(std::string const& method, std::string const& where, Json const& body) {
        auto const answer = world.ask(method, where, body, false);
        EXPECT_EQ(answer.status, 400) << body << "\n" << answer.body;
        return target_of(answer);
    }
};

TEST_F(FeatureBodies, AnnotationsArePassedOver) {
    Json const annotations{{"@odata.type", "#almd.standin.Feature"},
                           {"@odata.context", "$metadata#Features/$entity"},
                           {"@odata.etag", "W/\"1\""},
                           {"priorityCode@odata.type", "#Int32"},
                           {"toStatus@odata.navigationLink", "x"},
                           {"title@Core.Description", Json{{"a", 1}}}};
    auto body = annotations;
    body["title"] = "one";
    body["toURLReferences"] = {{{"@odata.type", "#x"}, {"url", "https://s"}}};
    auto const made = world.create(body);
    EXPECT_EQ(made["title"], "one");
    body = annotations;
    body["title"] = "two";
    EXPECT_EQ(Json::parse(world.ask("PATCH", path(made), body).body)["title"], "two");
    Json const reference{{"@odata.type", "#x"}, {"url", "https://t"}};
    EXPECT_EQ(world.ask("POST", path(made, "/toURLReferences"), reference).status, 201);
}

TEST_F(FeatureBodies, LinksThatWouldDoNothingAreRefused) {
    auto const made = world.create({{"title", "one"}});
    for (auto const* link :
         {"toProject@odata.bind", "toProject@bind", "toURLReferences@odata.delta", "toURLReferences@delta"}) {
        EXPECT_EQ(slip("PATCH", path(made), {{link, "Projects(1)"}}), path_of(link));
        EXPECT_EQ(slip("POST", set, {{"title", "x"}, {"projectId", world.project()}, {link, "Projects(1)"}}),
                  path_of(link));
    }
    EXPECT_EQ(slip("POST", set, {{"title", "x"}, {"toURLReferences", {{{"a@odata.bind", "x"}}}}}),
              R"(toURLReferences[0]["a@odata.bind"])");
}

TEST_F(FeatureBodies, WhatWasReadCanBeSentBack) {
    auto const dev = world.enroll("DEV");
    TransportsPush const push{std::nullopt, true, {released("DEVK900001", "QUA.200")}};
    ASSERT_EQ(world.send("POST", CloudWorld::path(dev, "cdm/transports"), encode(push)).status, 200);
    auto const made = with_references();
    TrRequest const one[]{request_number("DEVK900001")};
    ASSERT_TRUE(world.cloud.assign("6-1", one));
    world.pass(1min);
    auto const before = world.get(path(made) + "?$expand=*");
    ASSERT_EQ(before["toTransports"].size(), 1U);
    auto const answer = world.ask("PATCH", path(made), before);
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto after = world.get(path(made) + "?$expand=*");
    for (auto const* moved : {"modifiedAt", "@odata.etag"}) after[moved] = before[moved];
    EXPECT_EQ(after, before);
    auto upper = made["uuid"].get<std::string>();
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'f' ? char(c - 32) : c; });
    EXPECT_EQ(world.ask("PATCH", path(made), {{"uuid", upper}}).status, 200) << "the same UUID";
}

TEST_F(FeatureBodies, WhatCanOnlyBeReadDoesNotChange) {
    auto const made = with_references();
    auto const read = world.get(path(made) + "?$expand=*");
    std::tuple<std::string_view, Json, std::string_view> const cases[]{
        {"/uuid", "710b9573-5f47-4de6-b761-070626300009", "uuid"},
        {"/displayId", "6-2", "displayId"},
        {"/displayId", 7, "displayId"},
        {"/createdAt", "2020-01-01T00:00:00Z", "createdAt"},
        {"/createdAt", "yesterday", "createdAt"},
        {"/modifiedAt", nullptr, "modifiedAt"},
        {"/toStatus/code", "IN_TESTING", "toStatus.code"},
        {"/toStatus", nullptr, "toStatus"},
        {"/toStatus", "CREATED", "toStatus"},
        {"/toPriority/code", 10, "toPriority.code"},
        {"/toScope", Json::object(), "toScope"},
        {"/toTransports", Json{Json::object()}, "toTransports"},
        {"/toURLReferences", Json::array(), "toURLReferences"},
        {"/toURLReferences/1/url", "https://other", "toURLReferences[1].url"},
        {"/toURLReferences/1/zz", "x", "toURLReferences[1].zz"},
        {"/toExternalReferences/0", "jira:1", "toExternalReferences[0]"},
        {"/zz", 1, "zz"},
    };
    for (auto const& [pointer, value, target] : cases) {
        auto changed = read;
        changed["title"] = "changed";
        changed[Json::json_pointer{std::string{pointer}}] = value;
        EXPECT_EQ(slip("PATCH", path(made), changed), target);
    }
    EXPECT_EQ(world.get(path(made) + "?$expand=*"), read) << "nothing is half done";
}

TEST_F(FeatureBodies, RefusalsNameTheExactPath) {
    auto const body = [this](std::string_view field, Json value) {
        return Json{{"title", "x"}, {"projectId", world.project()}, {field, std::move(value)}};
    };
    EXPECT_EQ(slip("POST", set, body("toURLReferences", {{{"url", "x"}}, {{"name", "n"}}})), "toURLReferences[1].url");
    EXPECT_EQ(slip("POST", set, body("toExternalReferences", {{{"id", "a"}}, {{"name", "n"}}})),
              "toExternalReferences[1].id");
    EXPECT_EQ(slip("POST", set, body("toExternalReferences", {{{"id", "a"}}, {{"id", "b"}}, {{"id", "a"}}})),
              "toExternalReferences[2].id");
    EXPECT_EQ(slip("POST", set, body("toURLReferences", Json(101, Json{{"url", "x"}}))), "toURLReferences");
    EXPECT_EQ(slip("POST", set, body("toURLReferences", {{{"url", "x"}, {"parentUuid", "y"}}})),
              "toURLReferences[0].parentUuid");
    auto const unknown = world.ask("POST", set, body("toExternalReferences", {{{"id", "a"}, {"zz", 7}}}), false);
    EXPECT_EQ(target_of(unknown), "toExternalReferences[0].zz");
    EXPECT_THAT(message_of(unknown), HasSubstr("there is no such field"));
    EXPECT_EQ(world.cloud.features().all().size(), 0U);
}

TEST_F(FeatureBodies, ARefusedStepNamesTheStatus) {
    auto const made = world.create({{"title", "one"}});
    for (auto const* next : {"IN_REALIZATION", "IN_TESTING", "SUCCESSFULLY_TESTED", "APPROVED_FOR_DEPLOYMENT"})
        ASSERT_EQ(world.ask("PATCH", path(made), {{"statusCode", next}}).status, 200) << next;
    auto const answer = world.ask("PATCH", path(made), {{"statusCode", "CONFIRMED"}});
    EXPECT_EQ(answer.status, 409) << "nothing was deployed";
    EXPECT_EQ(target_of(answer), "statusCode") << answer.body;
}

TEST_F(FeatureBodies, AReferenceBelongsToTheFeatureOfItsPath) {
    auto const one = world.create({{"title", "one"}}), two = world.create({{"title", "two"}});
    Json const reference{{"url", "https://s"}, {"parentUuid", two["uuid"]}};
    EXPECT_EQ(slip("POST", path(one, "/toURLReferences"), reference), "parentUuid");
    EXPECT_EQ(world.ask("POST", path(two, "/toURLReferences"), reference).status, 201);
    EXPECT_EQ(slip("POST", world.features + "URLReferences", {{"url", "https://s"}}), "parentUuid");
}

TEST_F(FeatureBodies, LengthsAreCharacters) {
    auto const umlauts = [](std::size_t count) {
        std::string text;
        while (count-- > 0) text += "ä";
        return text;
    };
    auto const made = world.create({{"title", umlauts(256)}, {"tags", umlauts(1'000)}});
    EXPECT_EQ(made["title"], umlauts(256));
    EXPECT_EQ(slip("PATCH", path(made), {{"title", umlauts(257)}}), "title");
    EXPECT_EQ(slip("PATCH", path(made), {{"tags", umlauts(1'001)}}), "tags");
    Json reference{{"url", "https://s"}, {"name", umlauts(1'000)}};
    EXPECT_EQ(world.ask("POST", path(made, "/toURLReferences"), reference).status, 201);
    reference["name"] = umlauts(1'001);
    EXPECT_EQ(slip("POST", path(made, "/toURLReferences"), reference), "name");
}

} // namespace
} // namespace almd::test
