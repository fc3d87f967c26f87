// Calls: headers, renewals, repeats, refusals, limits.
#include "tests/unit/session/fake_cloud.hpp"

#include <gmock/gmock.h>

#include <set>

namespace almd::testing {
namespace {

using ::testing::HasSubstr;

TEST(CloudConnection, SendsTheHeadersOfTheContract) {
    World world;
    Uuid const key{7, 8};
    ASSERT_TRUE(world.post(3, key));
    auto const request = world.cloud.seen.at(0);
    EXPECT_EQ(find_header(request.headers, "Authorization"), "Bearer token-1");
    EXPECT_EQ(find_header(request.headers, "Idempotency-Key"), key.text());
    EXPECT_EQ(find_header(request.headers, "Content-Type"), "application/json");
    EXPECT_TRUE(Uuid::parse(find_header(request.headers, "X-Correlation-Id")));
    EXPECT_EQ(request.connection_key, 3u);

    ASSERT_TRUE(world.get(4));
    auto const& get = world.cloud.seen.at(1);
    EXPECT_EQ(find_header(get.headers, "Idempotency-Key"), "");
    EXPECT_EQ(find_header(get.headers, "Content-Type"), "");
    EXPECT_NE(find_header(get.headers, "X-Correlation-Id"), find_header(request.headers, "X-Correlation-Id"));
}

TEST(CloudConnection, RemembersHowItsLastCallCameThroughAsTheConnectionTestOfSM59Would) {
    World world{RetrySpec{.attempts_max = 1}};
    EXPECT_EQ(world.connection.last_failure(), std::nullopt) << "nothing was sent yet";
    ASSERT_TRUE(world.post());
    EXPECT_EQ(world.connection.last_failure(), "");
    for (int const bad : {403, 500, 503}) {
        world.cloud.api_answers.push_back(error_response(bad, "BAD", "no"));
        ASSERT_FALSE(world.post());
        EXPECT_THAT(world.connection.last_failure().value_or(""), HasSubstr(std::to_string(bad)));
    }
    world.cloud.api_answers.push_back(error_response(409, "CONFLICT", "not like that"));
    ASSERT_FALSE(world.post());
    EXPECT_EQ(world.connection.last_failure(), "") << "a refusal of what was said is a connection that works";
}

TEST(CloudConnection, A401IsOneRenewalAndOneRepeatAtOnce) {
    World world;
    ASSERT_TRUE(world.post());
    world.cloud.revoke_all();
    auto const before = world.now();
    ASSERT_TRUE(world.post());
    EXPECT_EQ(world.now(), before);
    EXPECT_EQ(world.cloud.token_calls_at.size(), 2u);
    EXPECT_EQ(world.cloud.seen.size(), 3u);
    EXPECT_EQ(world.posts().renewed, 1u);
    EXPECT_EQ(world.posts().ok, 2u);
}

TEST(CloudConnection, AThousandCallsThatGet401AtOnceAreOneRenewal) {
    World world{{}, secret_key(), 1000};
    ASSERT_TRUE(world.post());
    world.cloud.revoke_all();
    world.cloud.api_latency = 20ms;
    world.cloud.token_latency = 100ms;
    std::vector<std::optional<CallResult<HttpResponse>>> answers(1000);
    for (std::uint32_t n = 0; n < answers.size(); ++n) {
        CallSpec spec{Operation::heartbeat, "POST", "/api/x"};
        spec.registration = n;
        world.shard.tasks().spawn(keep(world.connection.call(std::move(spec)), &answers[n]));
    }
    while (world.shard.step()) {
    }
    for (auto const& one : answers) EXPECT_TRUE(one && *one);
    EXPECT_EQ(world.cloud.token_calls_at.size(), 2u);
    EXPECT_EQ(world.cloud.seen.size(), 1u + 1000u + 1000u);
}

TEST(CloudConnection, ACloudThatRefusesEveryTokenIsNotHammered) {
    World world;
    world.cloud.api = [](HttpRequest const&) { return error_response(401, "TOKEN_INVALID", "no"); };
    constexpr std::size_t calls = 100;
    for (std::size_t n = 0; n < calls; ++n) {
        auto const answer = world.post(static_cast<std::uint32_t>(n));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::refused);
        EXPECT_EQ(answer.error().status, 401);
    }
    auto const tokens = world.cloud.token_calls_at.size();
    EXPECT_EQ(world.cloud.seen.size(), calls * 7) << "six attempts and the repeat after the renewal";
    // One token call per 401, but further and further apart: from the eighth on by 15 s on average.
    EXPECT_GT(world.cloud.token_calls_at.back() - world.cloud.token_calls_at.front(), (tokens - 20) * 10s);
}

TEST(CloudConnection, ASingleMishapWith401LeavesNoTrace) {
    World world;
    for (int n = 0; n < 20; ++n) {
        ASSERT_TRUE(world.post());
        world.cloud.api_answers.push_back(error_response(401, "TOKEN_INVALID", "a fault"));
        auto const before = world.now();
        ASSERT_TRUE(world.post());
        EXPECT_EQ(world.now(), before) << "the token had been taken before, so nothing has to wait";
    }
}

TEST(CloudConnection, RepeatsKeepTheKeyAndTheCorrelationId) {
    World world;
    world.cloud.api_answers.push_back(error_response(503, "DOWN", "maintenance"));
    world.cloud.api_answers.push_back(error_response(401, "TOKEN_INVALID", "a fault"));
    world.cloud.api_answers.push_back(with_retry_after(429, "3"));
    world.cloud.api_answers.push_back(delivered(Delivery::reset));
    ASSERT_TRUE(world.post(0, Uuid{5, 6}));
    ASSERT_EQ(world.cloud.seen.size(), 5u);
    std::set<std::string> keys, correlations;
    for (auto const& request : world.cloud.seen) {
        keys.emplace(find_header(request.headers, "Idempotency-Key"));
        correlations.emplace(find_header(request.headers, "X-Correlation-Id"));
        EXPECT_EQ(request.body, "{}");
    }
    EXPECT_EQ(keys, std::set<std::string>{(Uuid{5, 6}.text())});
    EXPECT_EQ(correlations.size(), 1u);
    EXPECT_EQ(world.posts().retried, 4u);
    EXPECT_EQ(world.posts().ok, 1u);
    EXPECT_EQ(world.posts().statuses.at(503), 1u);
    EXPECT_EQ(world.posts().errors[static_cast<std::size_t>(ErrorCode::closed)], 1u);
    EXPECT_EQ(world.posts().errors[static_cast<std::size_t>(ErrorCode::throttled)], 1u);
}

TEST(CloudConnection, RetryAfterIsKeptAndSpreadOverTheFleet) {
    World world;
    std::set<WireDuration> waits;
    for (std::uint32_t registration = 0; registration < 200; ++registration) {
        world.cloud.api_answers.push_back(with_retry_after(429, "20"));
        auto const before = world.now();
        ASSERT_TRUE(world.post(registration));
        waits.insert(world.now() - before);
    }
    EXPECT_GE(*waits.begin(), 20s);
    EXPECT_LE(*waits.rbegin(), 40s + 1ms);
    EXPECT_GE(*waits.rbegin() - *waits.begin(), 15s);
}

TEST(CloudConnection, RefusalsAreNotRepeatedAndCarryTheCloudsWords) {
    struct Row {
        int status;
        ErrorCode code;
    };
    for (auto const& [status, code] :
         {Row{400, ErrorCode::refused}, Row{403, ErrorCode::refused}, Row{404, ErrorCode::not_found},
          Row{409, ErrorCode::conflict}, Row{413, ErrorCode::too_large}, Row{415, ErrorCode::refused},
          Row{422, ErrorCode::refused}, Row{428, ErrorCode::refused}}) {
        World world;
        world.cloud.api_answers.push_back(error_response(status, "SOME_CODE", "some words", "a.path"));
        auto const answer = world.post();
        ASSERT_FALSE(answer) << status;
        EXPECT_EQ(answer.error().code, code) << status;
        EXPECT_EQ(answer.error().status, status);
        EXPECT_EQ(answer.error().api_code, "SOME_CODE");
        EXPECT_EQ(answer.error().url, "https://cloud.test/api/standin/v1/x");
        EXPECT_THAT(answer.error().context,
                    HasSubstr("heartbeat: POST https://cloud.test/api/standin/v1/x: the answer was " +
                              std::to_string(status) + " SOME_CODE: some words"));
        EXPECT_EQ(world.cloud.seen.size(), 1u) << status;
        EXPECT_EQ(world.posts().refused, 1u) << status;
    }
}

TEST(CloudConnection, GivesUpAfterTheAttemptsWithTheLastError) {
    World world;
    world.cloud.api = [](HttpRequest const&) { return error_response(503, "DOWN", "maintenance"); };
    auto const answer = world.post();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_THAT(answer.error().context, HasSubstr("given up after 6 attempts"));
    EXPECT_EQ(world.cloud.seen.size(), 6u);
    EXPECT_EQ(world.posts().given_up, 1u);
    EXPECT_EQ(world.posts().retried, 5u);
    EXPECT_EQ(world.posts().latency.count(), 6u);
}

TEST(CloudConnection, AWrongSecretEndsTheCallAtOnce) {
    World world;
    world.cloud.token_answers.push_back(json_response(401, R"({"error":"invalid_client"})"));
    auto const answer = world.post();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::refused);
    EXPECT_THAT(answer.error().context, HasSubstr("Oauth access_token not found"));
    EXPECT_TRUE(world.cloud.seen.empty());
}

TEST(CloudConnection, WaitsOutATokenEndpointThatIsDown) {
    World world;
    for (int n = 0; n < 3; ++n) world.cloud.token_answers.push_back(error_response(503, "DOWN", "maintenance"));
    EXPECT_TRUE(world.post());
    EXPECT_EQ(world.cloud.token_calls_at.size(), 4u);
    EXPECT_EQ(world.cloud.seen.size(), 1u);
}

/// What the socket client says goes through as it is: the fleet's counters and the exit code depend on it.
class BrokenWire : public HttpClient {
public:
    explicit BrokenWire(Error error)
        : error_{std::move(error)} {}
    Async<Result<HttpResponse>> send(HttpRequest) override {
        ++attempts;
        co_return std::unexpected<Error>(error_);
    }
    int attempts = 0;

private:
    Error error_;
};

TEST(CloudConnection, ErrorsOfTheWireKeepTheirKind) {
    struct Row {
        ErrorCode code;
        int attempts;
    };
    for (auto const& [code, attempts] :
         {Row{ErrorCode::too_large, 1}, Row{ErrorCode::protocol, 1}, Row{ErrorCode::unreachable, 6},
          Row{ErrorCode::timed_out, 6}, Row{ErrorCode::closed, 6}, Row{ErrorCode::tls, 6}}) {
        World world;
        BrokenWire wire{Error{code, "what the wire says"}};
        CloudConnection connection{world.shard, wire, world.tokens, [](auto, auto) { return Result<void>{}; },
                                   connecting_to("https://cloud.test")};
        CallSpec spec{Operation::heartbeat, "POST", "/api/x"};
        auto const answer = world.result_of(connection.call(std::move(spec)));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, code);
        EXPECT_THAT(answer.error().context, HasSubstr("what the wire says"));
        EXPECT_EQ(wire.attempts, attempts) << name(code);
        EXPECT_EQ(connection.counters().of(Operation::heartbeat).given_up, 1u) << name(code);
    }
}

TEST(CloudConnection, TheGuardRefusesBeforeAnythingIsSent) {
    World world;
    auto const guard = [](std::string_view method, std::string_view path) -> Result<void> {
        if (path != "/api/standin/v1/x") return {};
        return fail(ErrorCode::invalid, std::string{method} + " is not published");
    };
    CloudConnection connection{world.shard, world.client, world.tokens, guard,
                               connecting_to("https://eu10.alm.cloud.sap")};
    CallSpec spec{Operation::heartbeat, "POST", "/api/standin/v1/x?a=b"};
    auto const answer = world.result_of(connection.call(std::move(spec)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid);
    EXPECT_THAT(answer.error().context, HasSubstr("POST is not published"));
    EXPECT_TRUE(world.cloud.seen.empty());
    EXPECT_TRUE(world.cloud.token_calls_at.empty());
    EXPECT_EQ(connection.counters().of(Operation::heartbeat).refused, 1u);
}

TEST(CloudConnection, ARedirectIsNotFollowed) {
    World world;
    world.cloud.api_answers.emplace_back(302);
    auto const answer = world.post();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::protocol);
}

TEST(CloudConnection, NoMoreCallsThanConnectionsAreOnTheWire) {
    World world{{}, secret_key(), 8};
    world.cloud.api_latency = 10ms;
    std::vector<std::optional<CallResult<HttpResponse>>> answers(100);
    for (std::uint32_t n = 0; n < answers.size(); ++n) {
        CallSpec spec{Operation::heartbeat, "POST", "/api/" + std::to_string(n)};
        spec.registration = n;
        world.shard.tasks().spawn(keep(world.connection.call(std::move(spec)), &answers[n]));
    }
    while (world.shard.step()) {
    }
    EXPECT_EQ(world.cloud.at_once_max, 8u);
    EXPECT_EQ(world.connection.in_flight(), 0u);
    ASSERT_EQ(world.cloud.seen.size(), 100u);
    for (std::size_t n = 0; n < 100; ++n)
        EXPECT_EQ(world.cloud.seen[n].target, "/api/" + std::to_string(n)) << "in the order they came";
}

TEST(CloudConnection, WaitingInTheQueueDoesNotMakeATokenOld) {
    World world{{}, secret_key(), 1};
    world.cloud.token_life = 5s;
    world.cloud.api_latency = 1s;
    std::vector<std::optional<CallResult<HttpResponse>>> answers(60);
    for (std::uint32_t n = 0; n < answers.size(); ++n) {
        CallSpec spec{Operation::heartbeat, "POST", "/api/x"};
        world.shard.tasks().spawn(keep(world.connection.call(std::move(spec)), &answers[n]));
    }
    while (world.shard.step()) {
    }
    for (auto const& one : answers) EXPECT_TRUE(one && *one);
    EXPECT_EQ(world.cloud.calls_with_expired_token, 0u);
}

TEST(CloudConnection, StoppingEndsTheBackOff) {
    World world;
    for (int n = 0; n < 10; ++n) world.cloud.api_answers.push_back(with_retry_after(503, "600"));
    std::optional<CallResult<HttpResponse>> answer;
    CallSpec spec{Operation::heartbeat, "POST", "/api/x"};
    world.shard.tasks().spawn(keep(world.connection.call(std::move(spec)), &answer));
    world.shard.run_for(1s);
    EXPECT_FALSE(answer);
    world.shard.stop();
    world.shard.run_for(1ms);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().code, ErrorCode::stopped);
    EXPECT_THAT(answer->error().context, HasSubstr("503"));
    EXPECT_EQ(world.shard.tasks().alive(), 0u);
}

TEST(CloudConnection, EqualSeedsWaitEqually) {
    auto const run = [] {
        World world;
        for (int n = 0; n < 5; ++n) world.cloud.api_answers.push_back(error_response(503, "DOWN", "maintenance"));
        EXPECT_TRUE(world.post(42));
        return world.cloud.seen_at;
    };
    EXPECT_EQ(run(), run());
}

TEST(CloudConnection, CountersOfShardsAddUp) {
    World world;
    world.cloud.api_answers.push_back(error_response(503, "DOWN", "maintenance"));
    ASSERT_TRUE(world.post());
    auto sum = world.connection.counters();
    sum.merge(world.connection.counters());
    auto const& heartbeat = sum.of(Operation::heartbeat);
    EXPECT_EQ(heartbeat.calls, 2u);
    EXPECT_EQ(heartbeat.ok, 2u);
    EXPECT_EQ(heartbeat.retried, 2u);
    EXPECT_EQ(heartbeat.statuses.at(503), 2u);
    EXPECT_EQ(heartbeat.latency.count(), 4u);
}

TEST(CallBudget, GivesAQuietHostItsCallAtOnceAndABusyOneAGap) {
    CallBudget budget{60};
    WirePoint const start{1h};
    EXPECT_EQ(budget.take(start), start);
    EXPECT_EQ(budget.take(start), start + 1s);
    EXPECT_EQ(budget.take(start + 500ms), start + 2s);
    EXPECT_EQ(budget.take(start + 1min), start + 1min) << "what was not used is not saved up";
}

TEST(CloudConnection, ABudgetSpreadsCallsOverTheMinuteRepeatsIncluded) {
    World world{{}, secret_key(), 64, std::make_shared<CallBudget>(30u)};
    world.cloud.api_answers.push_back(json_response(200, "{}"));
    world.cloud.api_answers.push_back(with_retry_after(429, "0"));
    for (int n = 0; n < 5; ++n) world.cloud.api_answers.push_back(json_response(200, "{}"));
    for (int n = 0; n < 4; ++n) EXPECT_TRUE(world.get());
    ASSERT_EQ(world.cloud.seen_at.size(), 5u);
    for (std::size_t n = 1; n < 5; ++n) EXPECT_GE(world.cloud.seen_at[n] - world.cloud.seen_at[n - 1], 2s) << n;
}

} // namespace
} // namespace almd::testing
