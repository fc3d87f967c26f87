// The typed calls: paths, bodies, answers.
#include "tests/unit/session/fake_cloud.hpp"

#include <gmock/gmock.h>

namespace almd::testing {
namespace {

using ::testing::HasSubstr;

LmsId const lms_id{0x1111, 0x2222};
Caller const who{9, lms_id};
Uuid const call_id{1, 2};
std::string const base = "/api/standin/v1/systems/" + lms_id.text() + "/";

Registration registration() {
    return {*SystemId::parse("DEV"), client_000, "", "", "", "devdb", "", "", "TEST", "", "", {}, {}};
}

TEST(CloudCalls, RegisterGivesTheLmsId) {
    World world;
    world.cloud.api_answers.push_back(json_response(201, encode(RegistrationAnswer{lms_id})));
    auto const answer = world.result_of(world.calls.register_system(9, registration(), call_id));
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->lms_id, lms_id);
    auto const& request = world.cloud.seen.at(0);
    EXPECT_EQ(request.method + " " + request.target, "POST /api/landscape-management/v1/Registration");
    EXPECT_EQ(decode_registration(request.body)->db_host, "devdb");
    EXPECT_EQ(find_header(request.headers, "Idempotency-Key"), call_id.text());
}

TEST(CloudCalls, ARefusedRegistrationNamesUrlStatusAndCode) {
    World world;
    world.cloud.api_answers.push_back(error_response(400, "DB_HOST_MISSING", "dbHost is empty", "dbHost"));
    auto const answer = world.result_of(world.calls.register_system(9, registration(), call_id));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().api_code, "DB_HOST_MISSING");
    EXPECT_EQ(answer.error().status, 400);
    EXPECT_EQ(answer.error().url, "https://cloud.test/api/landscape-management/v1/Registration");
}

TEST(CloudCalls, CallsWithoutAnAnswerGoToTheirPaths) {
    World world;
    auto const sent = [&](Async<CallResult<void>> call) {
        auto const answer = world.result_of(std::move(call));
        EXPECT_TRUE(answer);
        auto const& request = world.cloud.seen.back();
        EXPECT_EQ(find_header(request.headers, "Idempotency-Key"), call_id.text());
        EXPECT_EQ(request.connection_key, 9u);
        return request.method + " " + request.target;
    };
    WorkId const work{3, 4};
    auto const dev = *SystemId::parse("DEV");
    LandscapePush const landscape{"DOMAIN_PRD", dev, std::nullopt, {}, {}, {}, {}, {}, 1};
    UseCaseActivation const activation;
    Discovery const discovery;
    Diagnostics const diagnostics;
    WorkResult const result;
    CheckResult const check;
    EXPECT_EQ(sent(world.calls.unregister(who, call_id)),
              "DELETE /api/landscape-management/v1/Registration/" + lms_id.text());
    EXPECT_EQ(
        sent(world.calls.report_activation(who, "Transports: Create & Export (client-specific)", activation, call_id)),
        "PUT " + base + "usecases/Transports%3A%20Create%20%26%20Export%20%28client-specific%29");
    EXPECT_EQ(sent(world.calls.discovery(who, discovery, call_id)), "POST " + base + "discovery");
    EXPECT_EQ(sent(world.calls.diagnostics(who, diagnostics, call_id)), "POST " + base + "cdm/diagnostics");
    EXPECT_EQ(sent(world.calls.put_landscape(who, landscape, call_id)), "PUT " + base + "cdm/landscape");
    EXPECT_EQ(sent(world.calls.post_work_result(who, work, result, call_id)),
              "POST " + base + "cdm/work/" + work.text() + "/result");
    EXPECT_EQ(sent(world.calls.post_check_result(who, work, check, call_id)),
              "POST " + base + "cdm/checks/" + work.text());
}

TEST(CloudCalls, AHeartbeatComesBackWithTheUseCaseVersion) {
    World world;
    world.cloud.api_answers.push_back(json_response(200, encode(HeartbeatAnswer{17})));
    Heartbeat beat;
    beat.sequence = 4;
    auto const answer = world.result_of(world.calls.heartbeat(who, beat, call_id));
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->use_case_version, 17);
    EXPECT_EQ(world.cloud.seen.at(0).target, base + "heartbeat");
    EXPECT_EQ(decode_heartbeat(world.cloud.seen.at(0).body)->sequence, 4u);
}

TEST(CloudCalls, UseCasesAreFetchedOnceAndThenAskedForChanges) {
    World world;
    UseCaseSelection selection;
    selection.version = 3;
    selection.tasks.emplace_back().task = "Transports: Read";
    auto full = json_response(200, encode(selection));
    full.headers.emplace_back("ETag", "\"3\"");
    world.cloud.api_answers.push_back(std::move(full));
    world.cloud.api_answers.emplace_back(304);

    auto const first = world.result_of(world.calls.use_cases(who, ""));
    ASSERT_TRUE(first && *first);
    EXPECT_EQ((*first)->etag, "\"3\"");
    EXPECT_EQ((*first)->selection.tasks.at(0).task, "Transports: Read");
    EXPECT_EQ(find_header(world.cloud.seen.at(0).headers, "If-None-Match"), "");

    auto const second = world.result_of(world.calls.use_cases(who, (*first)->etag));
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    EXPECT_EQ(find_header(world.cloud.seen.at(1).headers, "If-None-Match"), "\"3\"");
}

TEST(CloudCalls, A304ThatNobodyAskedForIsNotTheContract) {
    World world;
    world.cloud.api_answers.emplace_back(304);
    auto const answer = world.result_of(world.calls.use_cases(who, ""));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::protocol);
}

TEST(CloudCalls, AnActivationThatOnlyTheCloudMayMakeIsAConflict) {
    World world;
    world.cloud.api_answers.push_back(error_response(409, "CLOUD_IS_LEADING", "switch it on in the cloud"));
    UseCaseActivation const activation;
    auto const answer = world.result_of(world.calls.report_activation(who, "Transports: Read", activation, call_id));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::conflict);
    EXPECT_EQ(answer.error().api_code, "CLOUD_IS_LEADING");
}

TEST(CloudCalls, TransportsComeBackWithACursor) {
    World world;
    world.cloud.api_answers.push_back(json_response(200, encode(TransportsAnswer{"c1", 0})));
    TransportsPush const push;
    auto const answer = world.result_of(world.calls.post_transports(who, push, call_id));
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->cursor, "c1");
    EXPECT_EQ(world.cloud.seen.at(0).target, base + "cdm/transports");
}

TEST(CloudCalls, PollingNamesKindsClientAndMaximum) {
    World world;
    WorkList list;
    list.items.emplace_back().id = WorkId{1, 1};
    world.cloud.api_answers.push_back(json_response(200, encode(list)));
    std::vector<WorkKind> kinds{WorkKind::create, WorkKind::add_user};
    auto const answer = world.result_of(world.calls.poll_work(who, kinds, Client{100}, 50));
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->items.size(), 1u);
    EXPECT_EQ(world.cloud.seen.at(0).method + " " + world.cloud.seen.at(0).target,
              "GET " + base + "cdm/work?kinds=create,addUser&client=100&max=50");
}

TEST(CloudCalls, AnAnswerThatIsNotTheContractIsAProtocolErrorWithOperationAndUrl) {
    for (auto body :
         {"<html>it works</html>", "", "{", "[]", R"({"useCaseVersion":"three"})", R"({"useCaseVersion":)"}) {
        World world;
        world.cloud.api_answers.push_back(json_response(200, body));
        Heartbeat const beat;
        auto const answer = world.result_of(world.calls.heartbeat(who, beat, call_id));
        ASSERT_FALSE(answer) << body;
        EXPECT_EQ(answer.error().code, ErrorCode::protocol) << body;
        EXPECT_THAT(answer.error().context, HasSubstr("heartbeat: POST https://cloud.test" + base + "heartbeat"))
            << body;
        auto const& counters = world.posts();
        EXPECT_EQ(counters.ok, 0u);
        EXPECT_EQ(counters.given_up, 1u);
        EXPECT_EQ(counters.errors[static_cast<std::size_t>(ErrorCode::protocol)], 1u);
    }
}

TEST(CloudCalls, KeysDifferByProcessRegistrationOperationAndNumberAndRepeatOtherwise) {
    auto const one = call_key(1, 2, Operation::heartbeat, 3);
    EXPECT_EQ(one, call_key(1, 2, Operation::heartbeat, 3));
    EXPECT_NE(one, call_key(2, 2, Operation::heartbeat, 3));
    EXPECT_NE(one, call_key(1, 3, Operation::heartbeat, 3));
    EXPECT_NE(one, call_key(1, 2, Operation::discovery, 3));
    EXPECT_NE(one, call_key(1, 2, Operation::heartbeat, 4));
}

TEST(CloudCalls, ACallErrorIsAnErrorForThoseWhoNeedNoMore) {
    CallResult<int> const refused = std::unexpected<CallError>(CallError{Error{ErrorCode::conflict, "why"}, 409});
    Result<int> const plain = refused;
    EXPECT_EQ(plain.error().code, ErrorCode::conflict);
    EXPECT_EQ(plain.error().context, "why");
}

} // namespace
} // namespace almd::testing
