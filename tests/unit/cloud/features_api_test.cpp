// The Features API as its real clients use it.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct FeaturesApi : testing::Test {
    PublishedWorld world;
    std::string path(Json const& feature, std::string_view rest = {}) const {
        return world.features + "Features/" + feature["uuid"].get<std::string>() + std::string{rest};
    }
};

TEST_F(FeaturesApi, AFeatureIsCreatedReadChangedAndDeleted) {
    auto const made = world.create({{"title", "Invoice list"}, {"statusCode", "CREATED"}, {"priorityCode", 20}});
    EXPECT_EQ(made["displayId"], "6-1");
    EXPECT_EQ(made["statusCode"], "CREATED");
    EXPECT_EQ(made["priorityCode"], 20);
    EXPECT_EQ(made["projectId"], world.project());
    world.pass(1min);
    auto const changed =
        world.ask("PATCH", path(made), {{"statusCode", "IN_REALIZATION"}, {"description", "going on"}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    auto const read = world.get(path(made) + "?$expand=toStatus,toPriority,toProject,toScope,toRelease,toWorkstream");
    EXPECT_EQ(read["description"], "going on");
    EXPECT_EQ(read["toStatus"]["name"], "In Implementation");
    EXPECT_EQ(read["toPriority"]["name"], "High");
    EXPECT_EQ(read["toProject"]["name"], "Stand-in project");
    EXPECT_TRUE(read["toScope"].is_null());
    EXPECT_GT(read["modifiedAt"], read["createdAt"]);
    EXPECT_EQ((*world.cloud.act("6-1", FeatureAction::handover_to_test))->status, FeatureStatus::in_testing)
        << "the person sees the same feature";
    EXPECT_EQ(world.ask("DELETE", path(made)).status, 204);
    EXPECT_EQ(world.ask("GET", path(made)).status, 404);
    EXPECT_EQ(world.create({{"title", "next"}})["displayId"], "6-2") << "numbers are not given twice";
}

TEST_F(FeaturesApi, TheStatusMovesAlongTheStepsOnly) {
    auto const made = world.create({{"title", "one"}});
    for (auto const* far : {"IN_TESTING", "SUCCESSFULLY_TESTED", "APPROVED_FOR_DEPLOYMENT", "CONFIRMED"}) {
        auto const answer = world.ask("PATCH", path(made), {{"statusCode", far}, {"title", "other"}});
        EXPECT_EQ(answer.status, 409) << far;
        EXPECT_EQ(target_of(answer), "statusCode");
    }
    EXPECT_EQ(world.get(path(made))["title"], "one") << "nothing is half done";
    for (auto const* next : {"IN_REALIZATION", "IN_TESTING", "SUCCESSFULLY_TESTED", "APPROVED_FOR_DEPLOYMENT"})
        EXPECT_EQ(world.ask("PATCH", path(made), {{"statusCode", next}}).status, 200) << next;
    auto const nothing = world.ask("PATCH", path(made), {{"statusCode", "CONFIRMED"}});
    EXPECT_EQ(nothing.status, 409);
    EXPECT_THAT(message_of(nothing), HasSubstr("nothing of feature 6-1 was deployed"));
    world.admin_call("POST", "features/6-1/references", {{"kind", "transport"}, {"name", "BTP package 7"}});
    EXPECT_EQ(world.ask("PATCH", path(made), {{"statusCode", "CONFIRMED"}}).status, 200) << "deployed by hand";
}

TEST_F(FeaturesApi, ContextsLeadToTheModelAndSayWhatWasSelected) {
    auto const made = world.create({{"title", "one"}});
    auto const context = [&](std::string const& rest, std::vector<HttpHeader> headers = {}) {
        auto const answer = world.send("GET", world.features + rest, "", std::move(headers));
        auto const json = Json::parse(answer.body, nullptr, false);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return json.value("@odata.context", json.value("@context", ""));
    };
    auto const uuid = made["uuid"].get<std::string>();
    EXPECT_EQ(made["@odata.context"], "$metadata#Features/$entity");
    EXPECT_EQ(context("Features"), "$metadata#Features");
    EXPECT_EQ(context("Features/" + uuid), "../$metadata#Features/$entity") << "as seen from Features/";
    EXPECT_EQ(context("Features(" + uuid + ")"), "$metadata#Features/$entity");
    EXPECT_EQ(context("Features/" + uuid + "?$select=uuid"), "../$metadata#Features(uuid)/$entity");
    EXPECT_EQ(context("Features?$select=uuid,title"), "$metadata#Features(uuid,title)");
    EXPECT_EQ(context("Features?$expand=toStatus($select=code)"), "$metadata#Features(*,toStatus(code))");
    EXPECT_EQ(context("Features?$select=uuid&$expand=toStatus"), "$metadata#Features(uuid)");
    EXPECT_EQ(context("Features?$select=uuid&$expand=toStatus", {{"OData-MaxVersion", "4.01"}}),
              "$metadata#Features(uuid,toStatus())");
    EXPECT_EQ(context("Features/" + uuid + "/toTransports"), "../../$metadata#Transports");
    EXPECT_EQ(context("Features/" + uuid + "/toProject"), "../../$metadata#almd.standin.Project");
    EXPECT_EQ(context("Features/" + uuid + "/toTransportReferences"),
              "../../$metadata#Collection(almd.standin.TransportReference)");
    EXPECT_EQ(context(""), "$metadata");
    EXPECT_EQ(Json::parse(world.ask("GET", "/api/calm-features/v1", nullptr, false).body)["@odata.context"],
              "v1/$metadata");
}

TEST_F(FeaturesApi, WrongBodiesNameTheField) {
    auto const project = world.project();
    std::tuple<Json, std::string_view> const cases[]{
        {{{"projectId", project}}, "title"},
        {{{"title", "x"}}, "projectId"},
        {{{"title", "x"}, {"projectId", "no"}}, "projectId"},
        {{{"title", "x"}, {"projectId", "710b9573-5f47-4de6-b761-070626300009"}}, "projectId"},
        {{{"title", ""}, {"projectId", project}}, "title"},
        {{{"title", 7}, {"projectId", project}}, "title"},
        {{{"title", "x"}, {"projectId", project}, {"priorityCode", 25}}, "priorityCode"},
        {{{"title", "x"}, {"projectId", project}, {"statusCode", "IN_TESTING"}}, "statusCode"},
        {{{"title", "x"}, {"projectId", project}, {"titel", "x"}}, "titel"},
        {{{"title", "x"}, {"projectId", project}, {"toURLReferences", {{{"name", "x"}}}}}, "toURLReferences[0].url"},
    };
    for (auto const& [body, field] : cases) {
        auto const answer = world.ask("POST", world.features + "Features", body, false);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(target_of(answer), field) << answer.body;
    }
    EXPECT_EQ(world.cloud.features().all().size(), 0U);
}

TEST_F(FeaturesApi, ListsAreOData) {
    for (int i = 0; i < 25; ++i)
        world.create({{"title", "Feature " + std::to_string(i)}, {"priorityCode", i % 2 == 0 ? 10 : 40}});
    auto const page = world.get(world.features +
                                "Features?$count=true&$top=10&$skip=10&$orderby=displayId%20desc"
                                "&$filter=statusCode%20eq%20'CREATED'%20and%20priorityCode%20le%2020"
                                "&$select=uuid,displayId&projectId=" +
                                world.project());
    EXPECT_EQ(page["@odata.context"], "$metadata#Features(uuid,displayId)");
    EXPECT_EQ(page["@odata.count"], 13);
    EXPECT_EQ(page["value"].size(), 3U);
    EXPECT_EQ(page["value"][0].size(), 3U) << "with its ETag";
    auto const uuid = page["value"][0]["uuid"].get<std::string>();
    EXPECT_EQ(world.get(world.features + "Features?$filter=uuid%20eq%20" + uuid)["value"].size(), 1U);
    EXPECT_EQ(world.get(world.features + "Features?projectId=710b9573-5f47-4de6-b761-070626300009")["value"].size(),
              0U);
    EXPECT_EQ(world.ask("GET", world.features + "Features/$count", nullptr, false).body, "25");
    world.create({{"title", "Übergröße ŽLUTÝ ПЛАН"}});
    for (auto const* part : {"tolower(title),'übergröße žlutý план'", "toupper(title),'GRÖ'"}) {
        auto const found = world.get(world.features + "Features?$filter=contains(" + percent_encode(part) + ")");
        EXPECT_EQ(found["value"].size(), 1U) << part;
    }
    EXPECT_EQ(world.ask("GET", world.features + "Features(" + uuid + ")", nullptr, false).status, 200);
    auto const wrong = world.ask("GET", world.features + "Features?$filter=nmae%20eq%20'x'");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_THAT(message_of(wrong), HasSubstr("there are: uuid"));
    EXPECT_EQ(world.ask("GET", world.features + "Features?$search=x", nullptr, false).status, 501);
    EXPECT_EQ(world.ask("POST", world.features + "$batch", Json::object(), false).status, 501);
    EXPECT_EQ(world.ask("GET", world.features + "Nothing", nullptr, false).status, 404);
    EXPECT_EQ(world.ask("PUT", path({{"uuid", uuid}}), Json::object(), false).status, 405);
}

TEST_F(FeaturesApi, CodeListsAndModelAreThere) {
    EXPECT_EQ(world.get(world.features + "FeatureStatus")["value"].size(), 7U);
    EXPECT_EQ(world.get(world.features + "FeaturePriorities?$filter=code%20lt%2030")["value"].size(), 2U);
    EXPECT_THAT(world.ask("GET", world.features + "$metadata", nullptr, false).body,
                HasSubstr("<EntitySet Name=\"Features\""));
    auto const document = Json::parse(world.ask("GET", world.features, nullptr, false).body);
    EXPECT_EQ(document["value"].size(), 6U);
    auto const model = world.ask("GET", world.features + "$metadata", nullptr, false).body;
    std::size_t declared = 0;
    for (auto at = model.find("<EntitySet "); at != std::string::npos; at = model.find("<EntitySet ", at + 1))
        ++declared;
    EXPECT_EQ(declared, document["value"].size()) << "both name the same sets";
    EXPECT_THAT(model, HasSubstr("<EntityType Name=\"Project\"")) << "which has no set of its own";
    for (auto const& set : document["value"])
        EXPECT_EQ(world.ask("GET", world.features + set["url"].get<std::string>()).status, 200) << set;
    EXPECT_THAT(world.ask("GET", world.features, nullptr, false).body, HasSubstr("FeaturePriorities"));
}

TEST_F(FeaturesApi, ReferencesComeAndGo) {
    auto const made =
        world.create({{"title", "with references"},
                      {"toURLReferences", {{{"name", "Specification"}, {"url", "https://example.com/spec"}}}},
                      {"toExternalReferences", {{{"id", "jira:ABC-123"}, {"name", "ABC"}, {"url", "https://j/ABC"}}}}});
    auto const read = world.get(path(made) + "?$expand=toURLReferences,toExternalReferences");
    EXPECT_EQ(read["toURLReferences"][0]["url"], "https://example.com/spec");
    EXPECT_EQ(read["toExternalReferences"][0]["id"], "jira:ABC-123");
    auto const added = world.ask("POST", path(made, "/toURLReferences"), {{"name", "Design"}, {"url", "https://d"}});
    ASSERT_EQ(added.status, 201) << added.body;
    auto const uuid = Json::parse(added.body)["uuid"].get<std::string>();
    EXPECT_EQ(world.get(path(made, "/toURLReferences"))["value"].size(), 2U);
    EXPECT_EQ(world.ask("DELETE", world.features + "URLReferences/" + uuid).status, 204);
    EXPECT_EQ(world.ask("DELETE", world.features + "URLReferences/" + uuid).status, 404);
    EXPECT_EQ(world.ask("POST", path(made, "/toExternalReferences"), {{"id", "jira:ABC-123"}}).status, 409);
    auto const external = world.features + "ExternalReferences/jira%3AABC-123/" + made["uuid"].get<std::string>();
    EXPECT_EQ(world.get(external)["name"], "ABC");
    EXPECT_EQ(world.ask("DELETE", external).status, 204);
    EXPECT_EQ(world.get(world.features + "ExternalReferences")["value"].size(), 0U);
    EXPECT_EQ(
        world.ask("POST", world.features + "ExternalReferences", {{"id", "x"}, {"parentUuid", made["uuid"]}}).status,
        201);
}

TEST_F(FeaturesApi, TransportsAreReadOnlyAndLeadToTheirFeature) {
    auto const dev = world.enroll("DEV");
    TransportsPush const push{
        std::nullopt, true, {released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200")}};
    ASSERT_EQ(world.send("POST", CloudWorld::path(dev, "cdm/transports"), encode(push)).status, 200);
    auto const made = world.create({{"title", "with transports"}});
    TrRequest const one[]{request_number("DEVK900001")};
    ASSERT_TRUE(world.cloud.assign("6-1", one));
    EXPECT_EQ(world.get(path(made, "/toTransports"))["value"][0]["transportId"], "DEVK900001");
    EXPECT_EQ(world.get(world.features + "Transports/DEVK900001/parent")["displayId"], "6-1");
    auto const carrying = [&](std::string const& number) {
        auto const filter = percent_encode("toTransports/any(t:t/transportId eq '" + number + "')");
        return world.get(world.features + "Features?$filter=" + filter)["value"].size();
    };
    EXPECT_EQ(carrying("DEVK900001"), 1U);
    EXPECT_EQ(carrying("DEVK900002"), 0U);
    EXPECT_EQ(world.ask("GET", world.features + "Transports/DEVK900002/parent").status, 404) << "not assigned";
    EXPECT_EQ(world.ask("GET", world.features + "Transports/DEVK900009/parent").status, 404) << "not known";
    EXPECT_EQ(world.get(world.features + "Transports?$filter=featureUuid%20eq%20null")["value"].size(), 1U);
    EXPECT_EQ(world.ask("POST", path(made, "/toTransports"), Json::object(), false).status, 405);
    EXPECT_EQ(world.ask("DELETE", path(made)).status, 409) << "it has a transport";
}

TEST_F(FeaturesApi, AnotherTenantSeesNothing) {
    CloudSettings settings;
    settings.tenants = {"alpha", "beta"};
    PublishedWorld two{settings};
    auto const made = two.create({{"title", "of alpha"}});
    two.bearer = two.fetch_token("beta");
    EXPECT_EQ(two.get(two.features + "Features")["value"].size(), 0U);
    EXPECT_EQ(two.ask("GET", path(made)).status, 404);
    EXPECT_EQ(two.ask("PATCH", path(made), {{"title", "stolen"}}).status, 404);
}

} // namespace
} // namespace almd::test
