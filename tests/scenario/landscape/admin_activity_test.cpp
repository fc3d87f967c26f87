// The developers through the admin API: what they do, stop, go on, faster; bad input changes nothing.
#include "agent/admin/agent_admin.hpp"
#include "agent/composition.hpp"
#include "agent/virtual_run.hpp"
#include "tests/support/contract/contract_checker.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

Async<void> serve_activity(HttpService& service, HttpRequest request, HttpResponse& response) {
    response = co_await service.serve(std::move(request));
}

struct AdminActivity : testing::Test {
    Settings settings = std::get<Settings>(load_settings(std::string{ALMD_SOURCE_DIR} + "/config/living.yaml"));
    VirtualRun run{settings};
    Router no_routes;
    RouterService rest{no_routes};
    AgentAdmin admin{run.agent(), rest};
    ContractChecker contract = ContractChecker::load(ALMD_SOURCE_DIR "/proto/openapi/admin.yaml").value();

    HttpResponse ask(std::string method, nlohmann::json const& body = nullptr) {
        HttpRequest request{std::move(method), "/api/v1/activity", body.is_null() ? "" : body.dump()};
        if (!body.is_null()) request.headers.emplace_back("Content-Type", "application/json");
        HttpResponse response;
        run.shard().tasks().spawn(serve_activity(admin, request, response));
        run.shard().run_for(1s);
        if (response.status == 400) return response; // what is refused may well break the description of the request
        EXPECT_THAT(contract.check(request, response), testing::IsEmpty());
        return response;
    }
    nlohmann::json now() { return nlohmann::json::parse(ask("GET").body)["items"][0]; }
};

TEST_F(AdminActivity, ShowsTheRatesAndWhatWasDoneSoFar) {
    run.shard().run_for(24h);
    auto const row = now();
    EXPECT_EQ(row["active"], true);
    EXPECT_EQ(row["requestsPerHour"], settings.activity.rates.requests);
    EXPECT_EQ(row["importsPerHour"], settings.activity.rates.imports);
    EXPECT_GT(row["created"], 0);
    EXPECT_GT(row["importRounds"], 0);
}

TEST_F(AdminActivity, OneRateIsChangedAndTheOthersStay) {
    EXPECT_EQ(ask("PUT", {{"requestsPerHour", 7.5}}).status, 200);
    auto const row = now();
    EXPECT_EQ(row["requestsPerHour"], 7.5);
    EXPECT_EQ(row["objectsPerHour"], settings.activity.rates.objects);
}

TEST_F(AdminActivity, IsStoppedAndStartedAgain) {
    EXPECT_EQ(ask("PUT", {{"active", false}}).status, 200);
    run.shard().run_for(24h);
    EXPECT_EQ(now()["created"], 0);
    EXPECT_EQ(ask("PUT", {{"active", true}}).status, 200);
    run.shard().run_for(24h);
    EXPECT_GT(now()["created"], 0);
}

TEST_F(AdminActivity, BadInputIsRefusedAndChangesNothing) {
    auto const before = now();
    for (nlohmann::json const& body :
         {nlohmann::json{{"requestsPerHour", -1}}, nlohmann::json{{"requestsPerHour", "many"}},
          nlohmann::json{{"importsPerHour", 5000}, {"active", false}}, nlohmann::json{{"active", "yes"}},
          nlohmann::json{{"active", 1}, {"requestsPerHour", 3}}, nlohmann::json{{"perHour", 3}}})
        EXPECT_EQ(ask("PUT", body).status, 400) << body;
    EXPECT_EQ(now(), before);
}

TEST_F(AdminActivity, IsRefusedWhereNobodyWorks) {
    Settings const demo = demo_settings();
    VirtualRun other{demo};
    AgentAdmin of_demo{other.agent(), rest};
    HttpRequest request{"PUT", "/api/v1/activity", R"({"active":true})"};
    request.headers.emplace_back("Content-Type", "application/json");
    HttpResponse response;
    other.shard().tasks().spawn(serve_activity(of_demo, request, response));
    other.shard().run_for(1s);
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, testing::HasSubstr("nobody who works"));
}

} // namespace
} // namespace almd
