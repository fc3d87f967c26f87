// Requests against the contract: the exact path, one wording, off when it is switched off.
#include "simulator/cloud/request_contract.hpp"
#include "tests/support/contract/sample_messages.hpp"
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

TEST(RequestContract, CoversEveryOperationWhosePayloadIsOurs) {
    auto const& contract = RequestContract::standin();
    using enum CloudOperation;
    for (auto const operation : {register_system, unregister, heartbeat, use_cases, report_activation, discovery,
                                 diagnostics, landscape, transports, poll_work, work_result})
        EXPECT_TRUE(contract.covers(operation)) << name(operation);
    for (auto const operation : {token, token_mtls, connection_test})
        EXPECT_FALSE(contract.covers(operation)) << name(operation) << " is refused in other words";
}

struct Validation : testing::Test {
    HttpResponse post(std::string_view rest, std::string body, std::vector<HttpHeader> headers = {}) {
        return world.send("POST", CloudWorld::path(id, rest), std::move(body), std::move(headers));
    }
    CloudWorld world;
    LmsId id = world.enroll("DEV");
};

TEST_F(Validation, NamesTheFieldWhatWasFoundAndWhatIsAllowed) {
    auto push = Json::parse(encode(sample::transports_push()));
    push["transports"][0]["imports"] = Json::array({{{"target", "QUA.200"}, {"returnCode", "4"}, {"user", "X"}}});
    push["transports"][0]["imports"][0]["at"] = "2026-11-22T08:56:24.000Z";
    auto const answer = post("cdm/transports", push.dump());
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(code_of(answer), "INVALID_BODY");
    EXPECT_EQ(target_of(answer), "transports[0].imports[0].returnCode");
    EXPECT_THAT(message_of(answer), testing::AllOf(HasSubstr("\"4\""), HasSubstr("allowed: ")));
    EXPECT_EQ(world.cloud.ledger().counts(0, CloudOperation::transports).refused, 1U);
}

TEST_F(Validation, RefusesWhatIsUnknownMissingOrOfAWrongKind) {
    struct Case {
        std::string_view change, target;
    };
    for (auto const& [change, target] :
         {Case{R"({"colour":"red"})", "colour"}, Case{R"({"sequence":null})", "sequence"},
          Case{R"({"sequence":0})", "sequence"}, Case{R"({"sequence":1.5})", "sequence"},
          Case{R"({"timestamp":"yesterday"})", "timestamp"},
          Case{R"({"timestamp":"2026-11-22T08:56:24Z"})", "timestamp"}, Case{R"({"client":0})", "client"},
          Case{R"({"jobs":{}})", "jobs"},
          Case{R"({"jobs":[{"name":"A","lastStatus":"Z","lastEnd":null}]})", "jobs[0].lastStatus"}}) {
        auto beat = Json::parse(encode(sample::heartbeat()));
        beat.update(Json::parse(change));
        auto const answer = post("heartbeat", beat.dump());
        EXPECT_EQ(answer.status, 400) << change;
        EXPECT_EQ(target_of(answer), target) << change;
    }
    auto beat = Json::parse(encode(sample::heartbeat()));
    beat.erase("agentVersion");
    EXPECT_EQ(target_of(post("heartbeat", beat.dump())), "agentVersion");
    EXPECT_EQ(target_of(post("heartbeat", "[]")), "") << "the body as a whole";
    EXPECT_THAT(message_of(post("heartbeat", "{\"sequence\":1,}")), HasSubstr("line 1, column"))
        << "no JSON at all: the place in the text";
}

TEST_F(Validation, AsksForTheHeadersAndParametersOfTheContract) {
    HttpRequest request{"GET", CloudWorld::path(id, "usecases")};
    request.headers.emplace_back("Authorization", "Bearer " + world.bearer);
    auto const missing = world.serve(world.cloud.dialogue(), request);
    EXPECT_EQ(missing.status, 400);
    EXPECT_EQ(code_of(missing), "INVALID_PARAMETER");
    EXPECT_EQ(target_of(missing), "X-Correlation-Id");
    EXPECT_EQ(target_of(world.send("GET", CloudWorld::path(id, "cdm/work?max=0"))), "max");
    EXPECT_EQ(target_of(world.send("GET", CloudWorld::path(id, "cdm/work?kinds=import,dance"))), "kinds[1]");
    EXPECT_EQ(target_of(world.send("GET", CloudWorld::path(id, "cdm/work?colour=red"))), "colour");
    for (auto const* twice : {"kinds=import&kinds=import", "client=100&client=200", "max=1&max=2"}) {
        auto const answer = world.send("GET", CloudWorld::path(id, std::string{"cdm/work?"} + twice));
        EXPECT_EQ(code_of(answer), "INVALID_PARAMETER") << twice;
        EXPECT_TRUE(std::string_view{twice}.starts_with(target_of(answer))) << answer.body;
    }
    EXPECT_EQ(world.send("GET", CloudWorld::path(id, "cdm/work?kinds=import&client=100&max=5")).status, 200);
}

TEST_F(Validation, LeavesAListThatIsTooLongToItsOwnStatus) {
    auto push = sample::transports_push();
    push.transports.assign(501, push.transports.front());
    auto const answer = post("cdm/transports", encode(push));
    EXPECT_EQ(answer.status, 413);
}

TEST_F(Validation, ATokenIsAskedForBeforeTheBodyIsRead) {
    EXPECT_EQ(post("heartbeat", "{}", {{"Authorization", "Bearer nothing"}}).status, 401);
}

TEST(ValidationSwitchedOff, TheDecodersStillKeepWrongDataOut) {
    CloudSettings settings;
    settings.validate = false;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    auto beat = Json::parse(encode(sample::heartbeat()));
    beat["client"] = "000";
    HttpRequest request{"POST", CloudWorld::path(id, "heartbeat"), beat.dump()};
    request.headers.emplace_back("Authorization", "Bearer " + world.bearer);
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Idempotency-Key", world.fresh_key());
    EXPECT_EQ(world.serve(world.cloud.dialogue(), request).status, 200) << "no X-Correlation-Id";
    beat["sequence"] = "two";
    EXPECT_EQ(target_of(world.send("POST", CloudWorld::path(id, "heartbeat"), beat.dump())), "sequence");
}

} // namespace
} // namespace almd::test
