// What a person keeps beside features: projects with plans, references, service keys.
#include "simulator/cloud/tls_material.hpp"
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Person : testing::Test {
    PublishedWorld world;

    Json done(std::string method, std::string path, Json const& body, int status = 201) {
        auto const answer = world.admin_call(std::move(method), std::move(path), body);
        EXPECT_EQ(answer.status, status) << answer.body;
        return Json::parse(answer.body, nullptr, false);
    }
    std::string refused(std::string path, Json const& body, int status) {
        auto const answer = world.admin_call("POST", std::move(path), body);
        EXPECT_EQ(answer.status, status) << answer.body;
        return message_of(answer);
    }
};

TEST_F(Person, MakesAProjectThatPublishedClientsSee) {
    world.enroll("DEV");
    world.enroll("QUA");
    auto const made = done("POST", "projects", {{"name", "Go-Live"}});
    done("POST", "projects/Go-Live/timeboxes",
         {{"name", "Test"}, {"startDate", "2026-03-01"}, {"endDate", "2026-03-31"}});
    done("POST", "projects/Go-Live/teams", {{"name", "Testers"}, {"members", {"anna"}}});
    done("POST", "system-groups", {{"name", "ERP track"}, {"systems", {"DEV", "QUA"}}});
    done("POST", "deployment-plans", {{"name", "ERP"}, {"systemGroups", {"ERP track"}}});
    done("POST", "projects/Go-Live/deployment-plan", {{"plan", "ERP"}}, 200);
    auto const id = made["id"].get<std::string>(), root = std::string{"/api/calm-projects/v1/"};
    auto const boxes = world.get(root + "projects/" + id + "/timeboxes");
    EXPECT_EQ(boxes[1]["name"], "Test");
    EXPECT_EQ(boxes[1]["endDate"], "2026-03-31");
    EXPECT_EQ(world.get(root + "projects/" + id + "/teams")[1]["members"], Json::array({"anna"}));
    auto const group = world.get(root + "systemGroups")[0];
    EXPECT_EQ(group["systems"][1]["name"], "QUA");
    auto const plans = world.get(root + "deploymentPlans");
    EXPECT_EQ(plans[0]["projectIds"], Json::array({id}));
    EXPECT_EQ(plans[0]["systemGroupIds"], Json::array({group["id"]}));
    EXPECT_EQ(plans.size(), 2U) << "the project without a plan of its own keeps the one of everything";
    done("POST", "deployment-plans/ERP/archive", nullptr, 200);
    EXPECT_EQ(world.get(root + "deploymentPlans?status=archived")[0]["name"], "ERP");
    EXPECT_THAT(refused("projects", {{"name", "Go-Live"}}, 409), HasSubstr("already"));
    EXPECT_THAT(refused("projects/Go-Live/timeboxes",
                        {{"name", "Back"}, {"startDate", "2026-03-31"}, {"endDate", "2026-03-01"}}, 400),
                HasSubstr("in this order"));
    EXPECT_THAT(refused("projects/none/teams", {{"name", "x"}}, 404), HasSubstr("no project none"));
    EXPECT_THAT(refused("deployment-plans", {{"name", "B"}, {"systemGroups", {"none"}}}, 404), HasSubstr("none"));
    EXPECT_EQ(done("GET", "projects?name=Go-Live", nullptr, 200)["items"][0]["deploymentPlan"], "ERP");
}

TEST_F(Person, APlanSaysWhichSystemsAProjectSees) {
    auto const dev = world.enroll("DEV");
    world.send("POST", CloudWorld::path(dev, "cdm/transports"),
               encode(TransportsPush{std::nullopt, true, {released("DEVK900001", "QUA.200")}}));
    world.enroll("HRD");
    done("POST", "projects", {{"name", "HR"}});
    done("POST", "system-groups", {{"name", "HR track"}, {"systems", {"HRD"}}});
    done("POST", "deployment-plans", {{"name", "HR plan"}, {"systemGroups", {"HR track"}}});
    done("POST", "projects/HR/deployment-plan", {{"plan", "HR plan"}}, 200);
    done("POST", "features", {{"title", "Payroll"}, {"project", "HR"}});
    EXPECT_THAT(refused("features/6-1/transports", {{"transports", {"DEVK900001"}}}, 409),
                AllOf(HasSubstr("does not see system DEV"), HasSubstr("HR plan")));
    done("POST", "system-groups", {{"name", "ERP track"}, {"systems", {"DEV"}}});
    done("POST", "deployment-plans", {{"name", "Both"}, {"systemGroups", {"HR track", "ERP track"}}});
    done("POST", "projects/HR/deployment-plan", {{"plan", "Both"}}, 200);
    done("POST", "features/6-1/transports", {{"transports", {"DEVK900001"}}}, 200);
    auto const blind = done("POST", "projects", {{"name", "Blind"}});
    done("POST", "projects/Blind/deployment-plan", {{"plan", "HR plan"}}, 200);
    auto const uuid = Json::parse(world.admin_call("GET", "features/6-1").body)["id"].get<std::string>();
    auto const moved = world.ask("PATCH", world.features + "Features/" + uuid, {{"projectId", blind["id"]}});
    EXPECT_EQ(moved.status, 409);
    EXPECT_THAT(message_of(moved),
                AllOf(HasSubstr("DEVK900001 is assigned"), HasSubstr("Blind does not see system DEV")));
    EXPECT_EQ(Json::parse(moved.body)["error"]["target"], "projectId");
}

TEST_F(Person, NamesAProjectThatThereIsAndSystemsThatThereAre) {
    done("POST", "projects", {{"name", "HR"}});
    auto const before = world.cloud.projects().all().size();
    EXPECT_THAT(refused("features", {{"title", "x"}, {"project", "Typo"}}, 404),
                AllOf(HasSubstr("no project \"Typo\""), HasSubstr("Stand-in project, HR")));
    EXPECT_EQ(world.cloud.projects().all().size(), before);
    EXPECT_TRUE(world.cloud.features().all().empty());
    auto const uuid = done("GET", "projects?name=HR", nullptr, 200)["items"][0]["id"];
    EXPECT_EQ(done("POST", "features", {{"title", "x"}, {"project", uuid}})["project"], "HR");
    EXPECT_EQ(done("POST", "features", {{"title", "x"}})["project"], "Stand-in project");
    auto const dev = world.enroll("DEV");
    EXPECT_THAT(refused("system-groups", {{"name", "G"}, {"systems", {"DEV", "NOP"}}}, 404),
                HasSubstr("no system NOP"));
    ASSERT_EQ(world
                  .send("PUT", CloudWorld::path(dev, "cdm/landscape"),
                        [] {
                            auto landscape = three_tier();
                            landscape.controller = sid("DEV");
                            return encode(landscape);
                        }())
                  .status,
              204);
    done("POST", "system-groups", {{"name", "G"}, {"systems", {"DEV", "PRD"}}});
}

TEST_F(Person, GivesTasksAnIntervalOfAMinuteOrMore) {
    auto const dev = world.enroll("DEV");
    Json choice{{"lmsId", dev.text()}, {"task", "Transports: Read"}, {"active", true}};
    for (int const wrong : {0, -1, 10'081}) {
        choice["intervalMinutes"] = wrong;
        EXPECT_THAT(refused("usecases", choice, 400), HasSubstr("from 1 to 10080")) << wrong;
    }
    choice["intervalMinutes"] = 1;
    done("POST", "usecases", choice, 200);
}

TEST_F(Person, WritesReferencesDownAtAFeature) {
    done("POST", "features", {{"title", "x"}});
    done("POST", "features/6-1/references", {{"kind", "transport"}, {"name", "BTP package 7"}});
    done("POST", "features/6-1/references", {{"kind", "external"}, {"id", "jira:ABC-1"}, {"name", "ABC-1"}});
    auto const feature = done("POST", "features/6-1/references", {{"kind", "url"}, {"url", "https://a.example"}});
    EXPECT_EQ(feature["references"].size(), 3U);
    auto const path = world.features + "Features/" + feature["id"].get<std::string>();
    EXPECT_EQ(world.get(path + "/toTransportReferences")["value"][0]["name"], "BTP package 7");
    EXPECT_EQ(world.get(path + "/toURLReferences")["value"].size(), 1U);
    EXPECT_EQ(world.get(path + "/toTransports")["value"].size(), 0U) << "nothing that is deployed";
    EXPECT_THAT(refused("features/6-1/references", {{"kind", "transport"}}, 400), HasSubstr("name"));
    EXPECT_THAT(refused("features/6-1/references", {{"kind", "film"}}, 400), HasSubstr("url, external or transport"));
    EXPECT_EQ(world.admin_call("DELETE", "features/6-1/references/jira:ABC-1").status, 204);
    EXPECT_EQ(world.admin_call("DELETE", "features/6-1/references/jira:ABC-1").status, 404);
}

struct Keys : Person {
    int token_status(Json const& key) {
        HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials"};
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.headers.emplace_back("Authorization",
                                     "Basic " + base64(key["uaa"]["clientid"].get<std::string>() + ":" +
                                                       key["uaa"]["clientsecret"].get<std::string>()));
        auto const answer = world.serve(world.cloud.dialogue(), std::move(request));
        if (answer.status == 200) world.bearer = Json::parse(answer.body)["access_token"];
        return answer.status;
    }
    static std::string path_of(Json const& key) {
        return "keys/" + percent_encode(key["uaa"]["clientid"].get<std::string>());
    }
};

TEST_F(Keys, WithFewScopesOpenLittleAndNoListHasTheirSecret) {
    auto const key = done("POST", "keys", {{"instance", "reader"}, {"scopes", {"calm-api.features.read"}}});
    ASSERT_EQ(token_status(key), 200);
    EXPECT_EQ(world.ask("GET", world.features + "Features").status, 200);
    EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/projects").status, 403);
    auto const list = world.admin_call("GET", "keys").body;
    EXPECT_THAT(list, Not(HasSubstr(key["uaa"]["clientsecret"].get<std::string>())));
    EXPECT_THAT(list, HasSubstr("calm-api.features.read"));
    EXPECT_THAT(refused("keys", {{"instance", "reader"}}, 409), HasSubstr("instance reader"));
    EXPECT_THAT(refused("keys", {{"instance", "a b"}}, 400), HasSubstr("letters, digits"));
    EXPECT_THAT(refused("keys", {{"instance", "b"}, {"scopes", {"all"}}}, 400), HasSubstr("there is no scope all"));
    EXPECT_THAT(refused("keys", {{"instance", "c"}, {"x509", true}}, 409), HasSubstr("authority"));
}

TEST_F(Keys, WithAnEmptyListOfScopesOpenNothing) {
    auto const key = done("POST", "keys", {{"instance", "blind"}, {"scopes", Json::array()}});
    ASSERT_EQ(token_status(key), 200);
    EXPECT_EQ(world.ask("GET", world.features + "Features").status, 403);
    auto const twice =
        done("POST", "keys", {{"instance", "twice"}, {"scopes", {"calm-api.tasks.read", "calm-api.tasks.read"}}});
    ASSERT_EQ(token_status(twice), 200);
    EXPECT_THAT(world.admin_call("GET", "keys?clientId=*twice*").body,
                HasSubstr(R"("scopes":["calm-api.tasks.read"])"));
}

TEST_F(Keys, RotateAtOnceOrAfterATime) {
    auto const first = done("POST", "keys", {{"instance", "agent"}});
    auto const second = done("POST", path_of(first) + "/rotate", {{"keep", "10m"}}, 200);
    EXPECT_NE(first["uaa"]["clientsecret"], second["uaa"]["clientsecret"]);
    EXPECT_EQ(token_status(first), 200);
    EXPECT_EQ(token_status(second), 200);
    world.pass(10min);
    EXPECT_EQ(token_status(first), 401);
    EXPECT_EQ(token_status(second), 200);
    auto const third = done("POST", path_of(first) + "/rotate", nullptr, 200);
    EXPECT_EQ(token_status(second), 401) << "ended at once";
    EXPECT_EQ(token_status(third), 200);
    EXPECT_THAT(refused(path_of(first) + "/rotate", {{"keep", "forever"}}, 400), HasSubstr("10m"));
}

TEST_F(Keys, ThatAreDeletedOpenNothingAndTheirTokensEnd) {
    auto const key = done("POST", "keys", {{"instance", "gone"}});
    ASSERT_EQ(token_status(key), 200);
    ASSERT_EQ(world.ask("GET", world.features + "Features").status, 200);
    EXPECT_EQ(world.admin_call("DELETE", path_of(key)).status, 204);
    EXPECT_EQ(world.ask("GET", world.features + "Features", nullptr, false).status, 401);
    EXPECT_EQ(token_status(key), 401);
    EXPECT_EQ(world.admin_call("DELETE", path_of(key)).status, 404);
    EXPECT_EQ(world.admin_call("POST", path_of(key) + "/rotate").status, 404);
}

TEST_F(Keys, CanBeMadeAgainUnderANameThatWasDeleted) {
    auto const first = done("POST", "keys", {{"instance", "reader"}});
    ASSERT_EQ(token_status(first), 200);
    auto const old_token = world.bearer;
    EXPECT_EQ(world.admin_call("DELETE", path_of(first)).status, 204);
    auto const second = done("POST", "keys", {{"instance", "reader"}, {"scopes", {"calm-api.features.read"}}});
    EXPECT_NE(second["uaa"]["clientsecret"], first["uaa"]["clientsecret"]);
    EXPECT_EQ(token_status(first), 401) << "its secret is not good again";
    ASSERT_EQ(token_status(second), 200);
    EXPECT_EQ(world.ask("GET", world.features + "Features").status, 200);
    EXPECT_EQ(world.ask("GET", "/api/calm-projects/v1/projects").status, 403) << "with the scopes of now";
    world.bearer = old_token;
    EXPECT_EQ(code_of(world.ask("GET", world.features + "Features", nullptr, false)), "TOKEN_REVOKED");
    EXPECT_THAT(refused("keys", {{"instance", "reader"}}, 409), HasSubstr("delete it first"));
}

TEST(X509Keys, AreMadeAndRotatedByThePersonAndHaveNoSecret) {
    CloudSettings settings;
    settings.authority = *make_authority("test", WirePoint{});
    CloudWorld world{settings};
    auto const made = world.admin_call("POST", "keys", {{"instance", "agent"}, {"x509", true}});
    ASSERT_EQ(made.status, 201) << made.body;
    auto const key = Json::parse(made.body);
    EXPECT_FALSE(key["uaa"].contains("clientsecret"));
    auto const token = [&](Json const& with) {
        HttpRequest request{"POST", "/oauth/token",
                            "grant_type=client_credentials&client_id=" +
                                percent_encode(with["uaa"]["clientid"].get<std::string>())};
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.peer_certificate_pem = with["uaa"]["certificate"];
        return world.serve(world.cloud.mtls_tokens(), std::move(request)).status;
    };
    EXPECT_EQ(token(key), 200);
    auto const path = "keys/" + percent_encode(key["uaa"]["clientid"].get<std::string>());
    auto const rotated = Json::parse(world.admin_call("POST", path + "/rotate").body);
    EXPECT_EQ(token(rotated), 200);
    EXPECT_EQ(token(key), 403) << "the certificate before";
    HttpRequest empty{"POST", "/oauth/token",
                      "grant_type=client_credentials&client_secret=&client_id=" +
                          percent_encode(key["uaa"]["clientid"].get<std::string>())};
    empty.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    EXPECT_EQ(world.serve(world.cloud.dialogue(), std::move(empty)).status, 401) << "nothing is no secret";
    EXPECT_EQ(world.admin_call("DELETE", path).status, 204);
    auto const again = Json::parse(world.admin_call("POST", "keys", {{"instance", "agent"}, {"x509", true}}).body);
    EXPECT_EQ(token(again), 200);
    for (auto const& old : {key, rotated}) EXPECT_EQ(token(old), 403) << "of the key that was deleted";
}

} // namespace
} // namespace almd::test
