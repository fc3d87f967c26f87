// The cloud's part of the admin API: the person's verbs and the lists.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

Json body(HttpResponse const& answer) {
    return Json::parse(answer.body);
}

struct Admin : testing::Test {
    CloudWorld world;
    LmsId dev = world.enroll("DEV"), qua = world.enroll("QUA"), prd = world.enroll("PRD", "000", "PROD");

    void SetUp() override {
        world.activate(qua, "Transports: Import");
        world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(three_tier()));
        TransportsPush const push{
            std::nullopt, true, {released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200")}};
        world.send("POST", CloudWorld::path(dev, "cdm/transports"), encode(push));
    }
    Json list(std::string rest) {
        auto const answer = world.admin_call("GET", std::move(rest));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return body(answer);
    }
};

TEST_F(Admin, TheWholeStoryGoesThroughRoutes) {
    ASSERT_EQ(world.admin_call("POST", "projects", {{"name", "P1"}}).status, 201);
    auto const made = world.admin_call("POST", "features", {{"title", "New pricing"}, {"project", "P1"}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(body(made)["displayId"], "6-1");
    EXPECT_EQ(body(made)["status"], "CREATED");
    EXPECT_EQ(
        world.admin_call("POST", "features/6-1/transports", {{"transports", {"DEVK900001", "DEVK900002"}}}).status,
        200);
    EXPECT_EQ(body(world.admin_call("DELETE", "features/6-1/transports/DEVK900002"))["transports"],
              Json::array({"DEVK900001"}));
    EXPECT_EQ(body(world.admin_call("POST", "features/6-1/status", {{"action", "startImplementation"}}))["statusText"],
              "In Implementation");
    auto const deployed = world.admin_call("POST", "features/6-1/deploy");
    ASSERT_EQ(deployed.status, 200) << deployed.body;
    EXPECT_EQ(body(deployed)["targets"], Json::array({"QUA.200"}));
    auto const work = list("work?state=waiting");
    EXPECT_EQ(work["total"], 1);
    EXPECT_EQ(work["items"][0]["system"], "QUA");
    EXPECT_EQ(list("features")["items"][0]["transportStates"][0], "DEVK900001: Scheduled In QUA-200");
    EXPECT_EQ(list("transports?trkorr=DEVK900001")["items"][0]["featureId"], "6-1");
    EXPECT_EQ(body(world.admin_call("GET", "features/6-1"))["title"], "New pricing");
}

TEST_F(Admin, SeveralFeaturesDeployTogether) {
    for (auto const* number : {"DEVK900001", "DEVK900002"}) {
        auto const id = body(world.admin_call("POST", "features", {{"title", number}}))["displayId"].get<std::string>();
        world.admin_call("POST", "features/" + id + "/transports", {{"transports", {number}}});
        world.admin_call("POST", "features/" + id + "/status", {{"action", "startImplementation"}});
    }
    auto const answer = body(world.admin_call("POST", "deploy", {{"features", {"6-1", "6-2"}}, {"target", "QUA.200"}}));
    ASSERT_EQ(answer["work"].size(), 1U);
    EXPECT_EQ(answer["work"][0]["transports"].size(), 2U);
}

TEST_F(Admin, MistakesAreExplained) {
    struct Case {
        std::string_view method, rest;
        Json body;
        int status;
        std::string_view says;
    };
    Case const cases[] = {
        {"POST", "features", {{"titel", "x"}}, 400, "allowed: title, project, tenant"},
        {"POST", "features", Json::array(), 400, "must be a JSON object"},
        {"POST", "features", {{"title", 1}}, 400, "must be text"},
        {"POST", "features", {{"title", "x"}, {"tenant", "beta"}}, 404, "there are: standin"},
        {"GET", "features/6-9", nullptr, 404, "display ID"},
        {"POST", "features/6-9/transports", {{"transports", {"nothing"}}}, 400, "transports"},
        {"POST", "features/6-9/status", {{"action", "dance"}}, 400, "startImplementation"},
        {"POST", "usecases", {{"lmsId", dev.text()}, {"task", "x"}, {"active", true}}, 400, "Transports: Read"},
        {"POST", "usecases", {{"lmsId", "x"}, {"task", "Transports: Read"}, {"active", true}}, 400, "lmsId"},
        {"POST", "work", {{"lmsId", dev.text()}, {"kind", "dance"}}, 400, "kind"},
        {"POST", "work", {{"lmsId", dev.text()}, {"kind", "toc"}, {"parameters", "x"}}, 400, "an object of texts"},
        {"POST",
         "work",
         {{"lmsId", dev.text()}, {"kind", "toc"}, {"parameters", {{"title", std::string(2'000, 'x')}}}},
         400,
         "at most 2000"},
        {"POST", "faults", {{"kind", "boom"}}, 400, "allowed"},
        {"DELETE", "faults/none", nullptr, 404, "no fault none"},
        {"POST", "tokens/revoke", {{"clientId", "none"}}, 404, "cloud/keys"},
        {"GET", "features?colour=red", nullptr, 400, "colour"},
    };
    for (auto const& c : cases) {
        auto const answer = world.admin_call(std::string{c.method}, std::string{c.rest}, c.body);
        EXPECT_EQ(answer.status, c.status) << c.rest << " " << answer.body;
        EXPECT_THAT(message_of(answer), HasSubstr(c.says)) << c.rest;
    }
}

TEST_F(Admin, ARefusedFaultNamesTheFieldAsTarget) {
    std::pair<Json, std::string_view> const cases[]{
        {{{"kind", "boom"}}, "kind"},
        {{{"kind", "status"}, {"operations", {"heartbeat", "dance"}}}, "operations[1]"},
        {{{"kind", "status"}, {"colour", 1}}, "colour"},
        {Json::array(), "$"},
    };
    for (auto const& [rule, target] : cases) {
        auto const answer = world.admin_call("POST", "faults", rule);
        EXPECT_EQ(answer.status, 400) << rule;
        EXPECT_EQ(target_of(answer), target) << answer.body;
    }
}

TEST_F(Admin, UseCasesWorkFaultsAndTokensAreVerbs) {
    auto const chosen = world.admin_call(
        "POST", "usecases",
        {{"lmsId", qua.text()}, {"task", "Transports: Import"}, {"active", true}, {"intervalMinutes", 1}});
    EXPECT_EQ(chosen.status, 200) << chosen.body;
    EXPECT_EQ(Json::parse(world.beat(qua, 1).body)["useCaseVersion"], body(chosen)["useCaseVersion"]);
    auto const work =
        world.admin_call("POST", "work", {{"lmsId", qua.text()}, {"kind", "toc"}, {"parameters", {{"title", "copy"}}}});
    EXPECT_EQ(work.status, 201) << work.body;
    auto const fault =
        world.admin_call("POST", "faults", {{"name", "down"}, {"kind", "status"}, {"operations", {"heartbeat"}}});
    EXPECT_EQ(fault.status, 201) << fault.body;
    EXPECT_EQ(world.beat(qua, 2).status, 503);
    EXPECT_EQ(list("faults")["items"][0]["fired"], 1);
    EXPECT_EQ(world.admin_call("DELETE", "faults/down").status, 204);
    EXPECT_EQ(world.beat(qua, 2).status, 200);
    EXPECT_EQ(world.admin_call("POST", "tokens/revoke").status, 200);
    EXPECT_EQ(world.beat(qua, 3).status, 401);
    auto const keys = list("keys")["items"][0];
    EXPECT_EQ(keys["tokenCalls"], 1);
    EXPECT_FALSE(keys.dump().find(world.cloud.service_key("https://h")->client_secret) != std::string::npos)
        << "no secret on any page";
}

TEST_F(Admin, ListsShowTheState) {
    auto const registrations = list("registrations?sort=-system&limit=2");
    EXPECT_EQ(registrations["total"], 3);
    EXPECT_EQ(registrations["items"][0]["system"], "QUA");
    EXPECT_EQ(registrations["items"][0]["activeTasks"], Json::array({"Transports: Import"}));
    auto const landscape = list("landscapes")["items"][0];
    EXPECT_EQ(landscape["domain"], "DOMAIN_PRD");
    EXPECT_EQ(landscape["deliveryRoutes"], Json::array({"QUA > PRD.300"}));
    EXPECT_EQ(list("transports")["total"], 2);
}

TEST_F(Admin, TheLedgerSumsUpAndShowsEachSystem) {
    world.beat(dev, 1);
    world.beat(dev, 3);
    auto const ledger = list("ledger?system=DEV");
    EXPECT_EQ(ledger["total"], 1);
    EXPECT_EQ(ledger["summary"]["clean"], false);
    EXPECT_EQ(ledger["summary"]["operations"]["heartbeat"]["accepted"], 2);
    EXPECT_EQ(ledger["summary"]["heartbeats"]["gaps"], 1);
    EXPECT_EQ(ledger["summary"]["registered"], 3);
    auto const row = ledger["items"][0];
    EXPECT_EQ(row["lmsId"], dev.text());
    EXPECT_EQ(row["gaps"], 1);
    EXPECT_EQ(row["operations"]["transports"]["accepted"], 1);
    EXPECT_EQ(row["operations"]["register"]["requests"], 1);
}

} // namespace
} // namespace almd::test
