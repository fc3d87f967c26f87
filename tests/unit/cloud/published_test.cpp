// The other published APIs, and the door that they share: scopes, sandbox, key set.
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string token_of(CloudWorld& world, ServiceKey const& key, std::string_view scope = {}) {
    HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials&scope=" + percent_encode(scope)};
    request.host = "localhost:8443";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Authorization", "Basic " + base64(key.client_id + ":" + key.client_secret));
    return Json::parse(world.serve(world.cloud.dialogue(), std::move(request)).body).value("access_token", "");
}

Json part_of(std::string const& token, int nth) {
    auto const first = token.find('.'), second = token.find('.', first + 1);
    return Json::parse(
        *base64url_decode(nth == 0 ? token.substr(0, first) : token.substr(first + 1, second - first - 1)));
}

TEST(TokenKeys, ATokenSaysWhatLibrariesLookFor) {
    for (auto const algorithm : {TokenAlgorithm::es256, TokenAlgorithm::rs256}) {
        CloudSettings settings;
        settings.token_algorithm = algorithm;
        PublishedWorld world{settings};
        auto const key = *world.cloud.service_key("https://localhost:8443");
        world.bearer = token_of(world, key);
        auto const header = part_of(world.bearer, 0), claims = part_of(world.bearer, 1);
        EXPECT_EQ(header["jku"], "https://localhost:8443/token_keys");
        EXPECT_EQ(claims["iss"], "https://localhost:8443/oauth/token");
        EXPECT_EQ(claims["zid"], key.zone_id);
        EXPECT_EQ(claims["ext_attr"]["zdn"], "standin");
        EXPECT_THAT(claims["aud"], testing::Contains(key.client_id));
        EXPECT_EQ(key.uaa_domain, "localhost:8443");
        auto const keys = world.get("/token_keys?zid=" + key.zone_id);
        EXPECT_EQ(keys, world.get("/.well-known/jwks.json"));
        ASSERT_EQ(keys["keys"].size(), 1U);
        EXPECT_EQ(keys["keys"][0]["kid"], header["kid"]);
        EXPECT_EQ(keys["keys"][0]["alg"], header["alg"]);
        EXPECT_EQ(keys["keys"][0]["kty"], algorithm == TokenAlgorithm::es256 ? "EC" : "RSA");
        EXPECT_EQ(keys["keys"][0]["value"], key.verification_key_pem);
        EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/projects").status, 200) << "and it is good here";
    }
}

TEST(TokenKeys, OtherAlgorithmsAndKeysAreForged) {
    PublishedWorld world;
    auto const token = world.fetch_token();
    auto const rest = token.substr(token.find('.'));
    auto header = part_of(token, 0);
    for (auto const& [member, value] :
         {std::pair{"alg", "none"}, {"alg", "RS256"}, {"alg", "HS256"}, {"kid", "other"}}) {
        auto changed = header;
        changed[member] = value;
        world.bearer = base64url(changed.dump()) + rest;
        EXPECT_EQ(code_of(world.ask("GET", "/api/calm-projects/v1/projects")), "TOKEN_INVALID") << value;
    }
}

TEST(Scopes, BelongToTheClientAndCanBeAskedForInPart) {
    PublishedWorld world;
    auto const limited = *world.cloud.limited_service_key("https://h", "reader", {"calm-api.features.read"});
    EXPECT_THAT(limited.client_id, testing::StartsWith("sb-reader!b"));
    world.bearer = token_of(world, limited);
    EXPECT_EQ(world.ask("GET", world.features + "Features").status, 200);
    auto const write = world.ask("POST", world.features + "Features", {{"title", "x"}});
    EXPECT_EQ(write.status, 403);
    EXPECT_THAT(message_of(write), HasSubstr("calm-api.features.write"));
    EXPECT_EQ(world.ask("GET", "/api/calm-tasks/v1/tasks?projectId=710b9573-5f47-4de6-b761-070626300009").status, 403);
    auto const full = *world.cloud.service_key("https://h");
    world.bearer = token_of(world, full, "calm-api.tasks.read calm-api.nothing");
    EXPECT_THAT(part_of(world.bearer, 1)["scope"], ElementsAre(full.xsappname + ".calm-api.tasks.read"));
    EXPECT_EQ(world.ask("GET", world.features + "Features").status, 403);
    EXPECT_EQ(token_of(world, full, "calm-api.nothing"), "") << "invalid_scope";
}

TEST(Sandbox, IsNotThereWithoutAKey) {
    PublishedWorld world;
    HttpRequest request{"GET", "/SAPCALM/calm-features/v1/Features"};
    for (auto const* key : {"standin-sandbox", "any"}) {
        request.headers = {{"APIKey", key}};
        EXPECT_EQ(world.serve(world.cloud.dialogue(), request).status, 401);
    }
    request.headers = {{"APIKey", ""}};
    EXPECT_EQ(world.serve(world.cloud.dialogue(), request).status, 401);
}

TEST(Sandbox, ReadsWithAnApiKeyAndWritesNothing) {
    CloudSettings settings;
    settings.api_key = "mine";
    PublishedWorld world{std::move(settings)};
    world.create({{"title", "demo"}});
    auto const ask = [&](std::string method, std::string target, std::vector<HttpHeader> headers) {
        HttpRequest request{std::move(method), std::move(target)};
        request.headers = std::move(headers);
        return world.serve(world.cloud.dialogue(), std::move(request));
    };
    std::vector<HttpHeader> const key{{"APIKey", world.cloud.settings().api_key}};
    for (auto const* base : {"/SAPCALM", ""}) {
        auto const answer = ask("GET", std::string{base} + "/calm-features/v1/Features", key);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(Json::parse(answer.body)["value"][0]["title"], "demo");
    }
    EXPECT_EQ(ask("GET", "/SAPCALM/calm-projects/v1/projects", {{"apikey", world.cloud.settings().api_key}}).status,
              200);
    EXPECT_EQ(ask("POST", "/SAPCALM/calm-features/v1/Features", key).status, 403);
    EXPECT_EQ(ask("GET", "/SAPCALM/calm-tasks/v1/deliverables?projectId=x", key).status, 403);
    EXPECT_EQ(ask("GET", "/SAPCALM/calm-logs/v1/logs?provider=exm.im", key).status, 404);
    EXPECT_EQ(ask("GET", "/SAPCALM/calm-features/v1/Features", {{"APIKey", "wrong"}}).status, 401);
    EXPECT_EQ(ask("GET", "/SAPCALM/calm-features/v1/Features", {}).status, 401);
    EXPECT_EQ(ask("GET", "/api/calm-features/v1/Features", key).status, 401) << "a tenant wants a token";
    EXPECT_EQ(ask("GET", "/calm-features/v1/Features", {{"Authorization", "Bearer " + world.bearer}}).status, 404)
        << "a tenant's paths begin with /api";
}

TEST(Projects, AreNamedByFeaturesAndShowWhatWasReported) {
    PublishedWorld world;
    world.admin_call("POST", "projects", {{"name", "Go-Live"}});
    world.cloud.create_feature("one", "Go-Live");
    auto const projects = world.get("/api/calm-projects/v1/projects");
    ASSERT_EQ(projects.size(), 2U);
    EXPECT_EQ(projects[1]["name"], "Go-Live");
    auto const id = projects[1]["id"].get<std::string>();
    auto const path = "/api/calm-projects/v1/projects/" + id;
    EXPECT_EQ(world.get(path)["name"], "Go-Live");
    EXPECT_EQ(world.get(path + "/timeboxes").size(), 1U);
    EXPECT_EQ(world.get(path + "/teams").size(), 1U);
    EXPECT_EQ(world.get("/api/calm-projects/v1/programs/" + projects[0]["programId"].get<std::string>())["name"],
              "Stand-in program");
    EXPECT_EQ(world.get(world.features + "Features?projectId=" + id)["value"].size(), 1U);
    auto const dev = world.enroll("DEV");
    world.enroll("QUA", "000", "TEST");
    auto const prd = world.enroll("PRD", "000", "PROD");
    ASSERT_EQ(world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(three_tier())).status, 204);
    auto const groups = world.get("/api/calm-projects/v1/systemGroups");
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0]["systems"][0]["lmsIds"][0], dev.text());
    EXPECT_EQ(world.get("/api/calm-projects/v1/deploymentPlans")[0]["systemGroupIds"][0], groups[0]["id"]);
    EXPECT_EQ(world.get("/api/calm-projects/v1/deploymentPlans?status=archived").size(), 0U);
    EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/deploymentPlans?status=x", nullptr, false).status, 400);
    EXPECT_EQ(world.ask("POST", "/api/calm-projects/v1/projects", {{"name", "x"}}, false).status, 501);
    EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/projects/710b9573-5f47-4de6-b761-070626300009").status, 404);
}

TEST(Tasks, AreCreatedFilteredChangedAndDeleted) {
    PublishedWorld world;
    auto const project = world.project();
    std::string const tasks = "/api/calm-tasks/v1/tasks";
    auto const create = [&](std::string_view title, std::string_view type) {
        auto const answer = world.ask(
            "POST", tasks, {{"projectId", project}, {"title", title}, {"type", type}, {"tags", {"a", title}}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body)["id"].get<std::string>();
    };
    auto const one = create("one", "CALMTASK"), two = create("two", "CALMUS");
    world.pass(1h);
    auto const changed = world.ask("PATCH", tasks + "/" + two, {{"status", "CIPTKINP"}, {"assigneeId", "me"}});
    EXPECT_EQ(changed.status, 200) << changed.body;
    auto const titles = [&](std::string const& filter) {
        std::string out;
        auto const answer = world.get(tasks + "?projectId=" + project + filter);
        for (auto const& task : answer) out += task["title"].get<std::string>() + " ";
        return out;
    };
    EXPECT_EQ(titles("&type=CALMUS"), "two ");
    EXPECT_EQ(titles("&status=CIPTKINP&assigneeId=me"), "two ");
    EXPECT_EQ(titles("&tags=one"), "one ");
    EXPECT_EQ(titles("&lastChangedDate=gt:2026-03-01T06:30:00Z"), "two ");
    EXPECT_EQ(titles("&lastChangedDate=lt:2026-03-01T06:30:00Z"), "one ");
    EXPECT_EQ(world.get(tasks + "?projectId=" + project + "&limit=1&offset=1").size(), 1U);
    EXPECT_THAT(message_of(world.ask("GET", tasks + "?projectId=" + project + "&$top=1", nullptr, false)),
                HasSubstr("not supported yet"));
    EXPECT_EQ(world.ask("GET", tasks, nullptr, false).status, 400) << "projectId is mandatory";
    EXPECT_EQ(world.ask("POST", tasks + "/" + one, Json::object(), false).status, 405);
    EXPECT_EQ(world.ask("POST", tasks, {{"projectId", project}, {"title", "x"}}).status, 400) << "no type";
    EXPECT_EQ(world.ask("DELETE", tasks + "/" + one).status, 204);
    EXPECT_EQ(world.ask("GET", tasks + "/" + one).status, 404);
    EXPECT_EQ(world.get("/api/calm-tasks/v1/workstreams?projectId=" + project).size(), 0U);
}

TEST(LandscapeApi, FindsSystemsByTheirFilters) {
    PublishedWorld world;
    auto const dev = world.enroll("DEV");
    auto const dev100 = world.enroll("DEV", "100");
    world.enroll("PRD", "000", "PROD");
    auto const count = [&](std::string const& filter) {
        return world.get("/api/calm-landscape/v1/landscapeObjects" + filter).size();
    };
    EXPECT_EQ(count(""), 5U) << "DEV with two clients, PRD with one";
    EXPECT_EQ(count("?name=DEV"), 1U) << "one system, however many clients are registered";
    EXPECT_EQ(count("?name=DEV&externalId=000"), 1U);
    EXPECT_EQ(count("?systemNumber=00000000081000DEV"), 3U);
    EXPECT_EQ(count("?role=PROD"), 2U);
    EXPECT_EQ(count("?objectType=TechnicalSystem"), 2U);
    EXPECT_EQ(count("?objectType=LogicalSystem"), 3U);
    EXPECT_EQ(count("?name=DEV100"), 1U);
    EXPECT_EQ(count("?objectType=CloudService"), 0U);
    EXPECT_EQ(count("?limit=2"), 2U);
    EXPECT_EQ(count("?offset=2"), 3U);
    auto const clients = world.get("/api/calm-landscape/v1/landscapeObjects?objectType=LogicalSystem&systemNumber="
                                   "00000000081000DEV");
    EXPECT_EQ(clients[0]["name"], "DEV000");
    EXPECT_EQ(clients[0]["lmsId"], dev.text());
    EXPECT_EQ(clients[1]["lmsId"], dev100.text());
    for (auto const& one : clients) {
        EXPECT_EQ(count("?lmsId=" + one["lmsId"].get<std::string>()), 1U);
        EXPECT_EQ(world.ask("GET", "/api/calm-landscape/v1/properties?lmsId=" + one["lmsId"].get<std::string>()).status,
                  200);
    }
    auto const one = world.get("/api/calm-landscape/v1/landscapeObjects?name=DEV");
    EXPECT_NE(one[0]["lmsId"], dev.text()) << "that is client 000";
    EXPECT_EQ(one[0]["serviceType"], "SAP_S4HANA");
    EXPECT_THAT(world.get("/api/calm-landscape/v1/properties?lmsId=" + dev.text()).dump(), HasSubstr("db-DEV"));
    EXPECT_EQ(world.ask("GET", "/api/calm-landscape/v1/properties?lmsId=710b9573-5f47-4de6-b761-070626300009").status,
              403);
    EXPECT_EQ(world.ask("GET", "/api/calm-landscape/v1/landscapeObjects?limit=x", nullptr, false).status, 400);
    EXPECT_EQ(world.ask("POST", "/api/calm-landscape/v1/landscapeObjects", Json::object(), false).status, 405);
    ASSERT_EQ(world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + dev.text()).status, 204);
    EXPECT_EQ(count("?name=DEV"), 1U) << "client 100 stands for the system now";
    EXPECT_EQ(count("?name=DEV000"), 0U) << "who left is not shown";
    EXPECT_EQ(count("?lmsId=" + dev100.text()), 1U);
}

TEST(StatusEvents, ShowWhatWasAnnounced) {
    PublishedWorld world;
    std::string const events = "/api/bsm-service/v1/events";
    EXPECT_EQ(world.get(events + "?type=TechnicalSystem&eventType=Maintenance&limit=10").size(), 0U);
    auto const announce = [&](std::string_view type, std::string_view service, std::string_view from,
                              std::string_view to) {
        auto const answer = world.admin_call("POST", "events",
                                             {{"eventType", type},
                                              {"serviceName", service},
                                              {"eventName", "Kernel update"},
                                              {"startTime", from},
                                              {"endTime", to}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body).value("eventId", "");
    };
    auto const prd = announce("Maintenance", "PRD", "2026-03-01T06:00:00Z", "2026-03-01T08:00:00Z");
    announce("Disruption", "QUA", "2026-03-02T06:00:00Z", "2026-03-02T08:00:00Z");
    auto const all = world.get(events);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["eventId"], prd);
    EXPECT_EQ(all[0]["eventStartTime"], "2026-03-01T06:00:00.000Z");
    EXPECT_EQ(world.get(events + "?serviceName=QUA")[0]["eventType"], "Disruption");
    EXPECT_EQ(world.get(events + "?startTime=2026-03-01T09:00:00Z").size(), 1U);
    EXPECT_EQ(world.get(events + "?endTime=2026-03-01T09:00:00Z")[0]["serviceName"], "PRD");
    EXPECT_EQ(world.get(events + "?limit=1&offset=1")[0]["serviceName"], "QUA");
    EXPECT_EQ(world.ask("GET", events + "?eventType=Party", nullptr, false).status, 400);
    EXPECT_EQ(world.ask("GET", events + "?startTime=yesterday", nullptr, false).status, 400);
    EXPECT_EQ(world.ask("GET", events + "?period=L1H").status, 501);
    EXPECT_EQ(world.admin_call("DELETE", "events/" + prd).status, 204);
    EXPECT_EQ(world.get(events).size(), 1U);
    EXPECT_EQ(world.admin_call("DELETE", "events/" + prd).status, 404);
}

TEST(Analytics, AnswersWhatOurDataCan) {
    PublishedWorld world;
    world.create({{"title", "one"}});
    std::string const root = "/api/calm-analytics/v1/";
    EXPECT_EQ(world.get(root + "analytics/providers").size(), 6U);
    EXPECT_EQ(world.get(root + "odata/v4/analytics/Features?$count=true&$filter=any%20thing")["@odata.count"], 1);
    EXPECT_EQ(world.get(root + "odata/v4/analytics/DataSet?$filter=provider%20eq%20'Projects'")["value"].size(), 1U);
    EXPECT_EQ(world.ask("GET", root + "odata/v4/analytics/Jobs").status, 501);
    EXPECT_EQ(world.ask("GET", root + "odata/v4/analytics/Nonsense").status, 404);
    auto const data =
        world.ask("POST", root + "analytics/providers/data",
                  {{"format", "table"}, {"queries", {{{"provider", "Features"}}, {{"provider", "Tasks"}}}}});
    ASSERT_EQ(data.status, 200) << data.body;
    EXPECT_EQ(Json::parse(data.body)["results"][0]["rows"][0]["title"], "one");
    EXPECT_EQ(world.ask("POST", root + "analytics/providers/data", {{"queries", {{{"provider", "Jobs"}}}}}).status,
              501);
}

TEST(Analytics, ContextsLeadToAModelThatHasWhatTheyName) {
    PublishedWorld world;
    world.create({{"title", "one"}});
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics";
    auto const model = world.ask("GET", root + "/$metadata", nullptr, false);
    EXPECT_EQ(model.status, 200);
    EXPECT_EQ(find_header(model.headers, "Content-Type"), "application/xml");
    EXPECT_THAT(model.body, HasSubstr(R"(<Property Name="valueAvg" Type="Edm.Double"/>)"));
    EXPECT_THAT(model.body, HasSubstr(R"(<PropertyRef Name="metricName"/><PropertyRef Name="serviceId"/></Key>)"));
    auto const sets = world.get(root);
    EXPECT_EQ(sets["@odata.context"], "analytics/$metadata");
    EXPECT_EQ(Json::parse(world.ask("GET", root + "/", nullptr, false).body)["@odata.context"], "$metadata");
    ASSERT_EQ(sets["value"].size(), 6U);
    for (auto const& row : sets["value"]) {
        auto const set = row["name"].get<std::string>();
        EXPECT_THAT(model.body, HasSubstr("<EntitySet Name=\"" + set + "\"")) << set;
        EXPECT_EQ(world.get(root + "/" + set)["@odata.context"], "$metadata#" + set);
    }
    EXPECT_EQ(world.get(root + "/Features?$select=title,id,colour")["@odata.context"], "$metadata#Features(title,id)");
    EXPECT_EQ(world.get(root + "/DataSet?$filter=provider%20eq%20'Tasks'&$select=title")["@odata.context"],
              "$metadata#Tasks(title)");
    EXPECT_EQ(world.ask("POST", root + "/Features", Json::object(), false).status, 405);
}

TEST(Analytics, CountsTheRowsThatAFilterLeaves) {
    PublishedWorld world;
    world.create({{"title", "one"}});
    world.create({{"title", "two"}});
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics/";
    auto const count = [&](std::string const& path) { return world.ask("GET", root + path, nullptr, false).body; };
    EXPECT_EQ(count("Features/$count"), "2");
    EXPECT_EQ(count("Features/$count?$filter=title%20eq%20'two'"), "1");
    EXPECT_EQ(count("DataSet/$count?$filter=provider%20eq%20'Features'%20and%20title%20eq%20'two'"), "1");
    EXPECT_EQ(world.ask("GET", root + "Features/count", nullptr, false).status, 404);
    EXPECT_EQ(world.ask("GET", root + "Jobs/$count").status, 501);
}

TEST(Analytics, DataSetUnderstandsItsQuestionsHoweverTheyAreWritten) {
    PublishedWorld world;
    world.create({{"title", "one"}});
    world.create({{"title", "two"}});
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics/DataSet?$filter=";
    auto const titles = [&](std::string_view filter) {
        std::vector<std::string> found;
        auto const answer = world.get(root + percent_encode(filter));
        for (auto const& row : answer["value"]) found.push_back(row["title"]);
        return found;
    };
    for (std::string_view const filter :
         {"provider eq 'Features' and title eq 'two'", "title eq 'two' and provider eq 'Features'",
          "(provider eq 'Features') and (title eq 'two')", "((provider eq 'Features' and title eq 'two'))",
          "provider  eq  'Features'  and  title  eq  'two'", "'Features' eq provider and 'two' eq title",
          "(resolution eq 'M' and (provider eq 'Features')) and period eq 'x and y' and title ne 'one'",
          "provider eq 'Features' and (title eq 'two' or title eq 'three')"})
        EXPECT_EQ(titles(filter), std::vector<std::string>{"two"}) << filter;
    EXPECT_EQ(titles("provider eq 'Features' and colour eq 'red'").size(), 2U) << "not understood: passed over";
    auto const asked = world.ask("GET", root + percent_encode("provider eq 'Features' and query eq 'title'"));
    EXPECT_EQ(asked.status, 501) << "all rows would be a wrong answer";
    EXPECT_THAT(message_of(asked), HasSubstr("query in $filter"));
}

TEST(Analytics, DataSetRefusesWhatItCannotAnswerAsAsked) {
    PublishedWorld world;
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics/DataSet?$filter=";
    for (auto const& [filter, sentence] :
         {std::pair{"provider eq 'Features' or provider eq 'Tasks'", "provider was expected once"},
          std::pair{"provider eq 'Features' and provider eq 'Tasks'", "provider was expected once"},
          std::pair{"not (provider eq 'Features')", "provider was expected once, as provider eq 'VALUE', joined"},
          std::pair{"provider ne 'Features'", "provider was expected once"},
          std::pair{"provider eq 'Features' and (period eq 'L24H' or title eq 'a')", "period was expected once"},
          std::pair{"title eq 'a'", "provider eq 'NAME' was expected"}, std::pair{" ", "provider eq 'NAME'"},
          std::pair{"provider eq 'Features' and (", "at position"}}) {
        auto const answer = world.ask("GET", root + percent_encode(filter));
        EXPECT_EQ(answer.status, 400) << filter;
        EXPECT_EQ(target_of(answer), "$filter") << filter;
        EXPECT_THAT(message_of(answer), HasSubstr(sentence)) << filter;
    }
}

TEST(Analytics, WhatIsAskedOfDataAndNotDoneIsRefusedWithItsPlace) {
    PublishedWorld world;
    auto const data = [&](Json const& more) {
        Json body{{"queries", Json::array({{{"provider", "Features"}}})}};
        body.update(more);
        return world.ask("POST", "/api/calm-analytics/v1/analytics/providers/data", body, false);
    };
    EXPECT_EQ(data({{"timezone", "UTC"}, {"resolution", nullptr}, {"limit", 5}}).status, 200);
    auto const queries = [](Json query) { return Json{{"queries", Json::array({std::move(query)})}}; };
    struct Case {
        Json more;
        int status;
        std::string_view target;
    };
    for (auto const& [more, status, target] :
         {Case{{{"colour", "red"}}, 400, "colour"}, Case{{{"timezone", "Mars/X"}}, 501, "timezone"},
          Case{{{"resolution", "H"}}, 501, "resolution"}, Case{{{"limit", "five"}}, 400, "limit"},
          Case{{{"offset", -1}}, 400, "offset"},
          Case{{{"timeRange", {{"semantic", "L1H"}, {"from", "x"}}}}, 501, "timeRange.from"},
          Case{queries({{"provider", "Features"}, {"columns", {"title"}}}), 501, "queries[0].columns"},
          Case{queries({{"provider", "Features"}, {"filters", Json::array()}}), 501, "queries[0].filters"},
          Case{queries({{"name", "q"}}), 400, "queries[0].provider"}}) {
        auto const answer = data(more);
        EXPECT_EQ(answer.status, status) << more;
        EXPECT_EQ(target_of(answer), target) << more;
    }
}

} // namespace
} // namespace almd::test
