// One token per credential: single flight, early renewal, 401 and back-off.
#include "tests/unit/session/fake_cloud.hpp"

#include <gmock/gmock.h>

namespace almd::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Waiting {
    std::optional<Result<Token>> token;
};

TEST(TokenSource, OneThousandWaitersAreOneTokenCall) {
    World world;
    world.cloud.token_latency = 300ms;
    std::vector<Waiting> waiting(1000);
    for (auto& one : waiting) world.shard.tasks().spawn(keep(world.tokens.token(), &one.token));
    while (world.shard.step()) {
    }
    for (auto const& one : waiting) {
        ASSERT_TRUE(one.token && *one.token);
        EXPECT_EQ((*one.token)->authorization, "Bearer token-1");
    }
    EXPECT_EQ(world.cloud.token_calls_at.size(), 1u);
    EXPECT_EQ(world.tokens.counters().joined, 999u);
}

TEST(TokenSource, AsksWithBasicAndAFormAsTheTokenEndpointWantsIt) {
    World world;
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    auto const& question = world.cloud.token_requests.at(0);
    EXPECT_EQ(question.method, "POST");
    EXPECT_EQ(question.target, "/oauth/token");
    EXPECT_EQ(question.body, "grant_type=client_credentials");
    EXPECT_EQ(find_header(question.headers, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_TRUE(find_header(question.headers, "Authorization").starts_with("Basic "));
    EXPECT_EQ(world.tokens.scope(), "imp-cdm-feature-display-ui");
}

TEST(TokenSource, AnX509KeyPutsTheClientIdIntoTheBodyAndShowsNoSecret) {
    auto key = secret_key();
    key.client_secret.clear();
    key.certificate_pem = "-----BEGIN CERTIFICATE-----";
    World world{{}, key};
    world.cloud.token_answers.push_back(
        json_response(200, R"({"access_token":"abc","token_type":"bearer","expires_in":60})"));
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    auto const& question = world.cloud.token_requests.at(0);
    EXPECT_EQ(question.body, "grant_type=client_credentials&client_id=almd%21b1%7Csapcloudalm%21b2");
    EXPECT_EQ(find_header(question.headers, "Authorization"), "");
}

TEST(TokenSource, RenewsBeforeTheEndByOneMinuteAndALittleJitter) {
    World world;
    world.cloud.token_life = 1h;
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    auto const begin = world.now();
    world.shard.run_until(TimePoint{begin.time_since_epoch() / 1ms * 1ms + 1h - 76s});
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    EXPECT_EQ(world.cloud.token_calls_at.size(), 1u) << "earlier than 60 s and a quarter of it";
    world.shard.run_for(16s);
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    EXPECT_EQ(world.cloud.token_calls_at.size(), 2u);
}

/// Anchors goal 15: no request with an expired token, at most one token call per life.
TEST(TokenSource, TokensOfFiveSecondsOverThreeHoursNeverReachTheCloudExpired) {
    World world;
    world.cloud.token_life = 5s;
    world.cloud.token_latency = 200ms;
    world.cloud.api_latency = 50ms;
    world.cloud.keep_requests = false;
    constexpr auto caller = [](World* in, std::uint32_t registration) -> Async<void> {
        auto rng = Rng::stream(3, registration);
        auto const end = in->now() + 3h;
        while (in->now() < end) {
            CallSpec spec{Operation::poll_work, "GET", "/api/x"};
            spec.registration = registration;
            auto const answer = co_await in->connection.call(std::move(spec));
            EXPECT_TRUE(answer);
            if (!co_await in->shard.wire().wait_for(std::chrono::milliseconds{rng.below(900)})) co_return;
        }
    };
    for (std::uint32_t n = 0; n < 5; ++n) world.shard.tasks().spawn(caller(&world, n));
    while (world.shard.step()) {
    }
    EXPECT_GT(world.cloud.seen_at.size(), 100'000u);
    EXPECT_EQ(world.cloud.calls_with_expired_token, 0u);
    EXPECT_EQ(world.cloud.calls_with_unknown_token, 0u);
    auto const calls = world.cloud.token_calls_at;
    for (std::size_t n = 1; n < calls.size(); ++n)
        EXPECT_GE(calls[n] - calls[n - 1], 3s) << "a life of 5 s, renewed 1 to 1.25 s early";
}

TEST(TokenSource, WhileOneRenewsTheOthersGoOnWithTheTokenThatStillLives) {
    World world;
    world.cloud.token_life = 100s; // renewed 20 to 25 s early, usable until 10 s before the end
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    world.shard.run_for(82s);
    world.cloud.token_latency = 3s;
    Waiting leader;
    world.shard.tasks().spawn(keep(world.tokens.token(), &leader.token));
    world.shard.run_for(1s);
    auto const before = world.now();
    auto const other = world.result_of(world.tokens.token());
    EXPECT_EQ((*other).authorization, "Bearer token-1");
    EXPECT_EQ(world.now(), before) << "it did not wait";
    while (world.shard.step()) {
    }
    EXPECT_EQ((*leader.token)->authorization, "Bearer token-2");
}

TEST(TokenSource, AFailedEarlyRenewalHurtsNobodyWhileTheOldTokenLives) {
    World world;
    world.cloud.token_life = 100s;
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    world.shard.run_for(82s);
    world.cloud.token_answers.push_back(error_response(503, "DOWN", "maintenance"));
    auto const token = world.result_of(world.tokens.token());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->authorization, "Bearer token-1");
    EXPECT_EQ(world.tokens.counters().failures, 1u);
}

TEST(TokenSource, OnlyTheCurrentTokenCanBeInvalidated) {
    World world;
    auto const first = world.result_of(world.tokens.token());
    world.tokens.accepted(first->serial);
    world.tokens.invalidate(first->serial);
    world.tokens.invalidate(first->serial);
    auto const second = world.result_of(world.tokens.token());
    EXPECT_NE(first->serial, second->serial);
    world.tokens.invalidate(first->serial);
    auto const third = world.result_of(world.tokens.token());
    EXPECT_EQ(second->serial, third->serial);
    EXPECT_EQ(world.cloud.token_calls_at.size(), 2u);
}

TEST(TokenSource, ATokenEndpointThatIsDownGetsOneAttemptAtATimeHoweverManyWait) {
    World world;
    constexpr int waiters = 200, rounds = 20;
    world.cloud.token_latency = 10ms;
    for (int n = 0; n < 1000; ++n) world.cloud.token_answers.push_back(error_response(503, "DOWN", "maintenance"));
    for (int round = 0; round < rounds; ++round) {
        std::vector<Waiting> waiting(waiters);
        for (auto& one : waiting) world.shard.tasks().spawn(keep(world.tokens.token(), &one.token));
        while (world.shard.step()) {
        }
        for (auto const& one : waiting) EXPECT_EQ(one.token->error().code, ErrorCode::unavailable);
        EXPECT_EQ(world.cloud.token_calls_at.size(), static_cast<std::size_t>(round) + 1);
    }
    // After 7 failures the span is the cap of 30 s: 13 full-jitter waits sum to 195 s on average.
    EXPECT_GT(world.cloud.token_calls_at.back() - world.cloud.token_calls_at.front(), 60s);
}

TEST(TokenSource, RetryAfterOfTheTokenEndpointIsKept) {
    World world;
    world.cloud.token_answers.push_back(with_retry_after(429, "20"));
    EXPECT_EQ(world.result_of(world.tokens.token()).error().code, ErrorCode::throttled);
    ASSERT_TRUE(world.result_of(world.tokens.token()));
    EXPECT_GE(world.cloud.token_calls_at.at(1) - world.cloud.token_calls_at.at(0), 20s);
}

TEST(TokenSource, AWrongSecretIsRefusedInSapsWordsAndWithoutTheSecret) {
    World world;
    world.cloud.token_answers.push_back(
        json_response(401, R"({"error":"invalid_client","error_description":"Bad credentials"})"));
    auto const token = world.result_of(world.tokens.token());
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code, ErrorCode::refused);
    EXPECT_THAT(token.error().context, HasSubstr("'Oauth access_token not found from Destination' 401"));
    EXPECT_THAT(token.error().context, HasSubstr("Bad credentials"));
    EXPECT_THAT(token.error().context, HasSubstr("https://uaa.test/oauth/token"));
    EXPECT_THAT(token.error().context, Not(HasSubstr(std::string{secret})));
}

TEST(TokenSource, ARefusalIsRememberedUntilTheBackOffIsOverThenProbedAgain) {
    RetrySpec slow;
    slow.base = 30s;
    World world{slow};
    world.cloud.token_answers.push_back(json_response(401, R"({"error":"invalid_client"})"));
    for (int n = 0; n < 50; ++n) EXPECT_EQ(world.result_of(world.tokens.token()).error().code, ErrorCode::refused);
    EXPECT_EQ(world.cloud.token_calls_at.size(), 1u);
    world.shard.run_for(31s);
    EXPECT_TRUE(world.result_of(world.tokens.token()));
}

TEST(TokenSource, ACredentialThatHasWorkedIsNotGivenUpForOneRefusal) {
    World world;
    ASSERT_TRUE(world.post());
    world.cloud.revoke_all();
    world.cloud.token_answers.push_back(json_response(401, R"({"error":"invalid_client"})"));
    EXPECT_TRUE(world.post());

    world.cloud.revoke_all();
    for (int n = 0; n < 3; ++n)
        world.cloud.token_answers.push_back(json_response(401, R"({"error":"invalid_client"})"));
    auto const refused = world.post();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::refused) << "three in a row are believed";
    EXPECT_TRUE(world.cloud.token_answers.empty());
}

TEST(TokenSource, AnswersThatAreNoTokenAreProtocolErrorsThatNameTheUrl) {
    for (auto body : {"<html>login</html>", "{}", R"({"access_token":"","expires_in":5})",
                      R"({"access_token":"a b","expires_in":5})", R"({"access_token":"a","expires_in":0})",
                      R"({"access_token":"a","expires_in":-5})", R"({"access_token":7,"expires_in":5})",
                      "{\"access_token\":\"a\\r\\nX-Evil: 1\",\"expires_in\":5}"}) {
        World world;
        world.cloud.token_answers.push_back(json_response(200, body));
        auto const token = world.result_of(world.tokens.token());
        ASSERT_FALSE(token) << body;
        EXPECT_EQ(token.error().code, ErrorCode::protocol) << body;
        EXPECT_THAT(token.error().context, HasSubstr("https://uaa.test/oauth/token")) << body;
    }
}

TEST(TokenSource, ATokenThatIsOverBeforeItArrivesIsNotUsed) {
    World world;
    world.cloud.token_life = 2s;
    world.cloud.token_latency = 3s;
    EXPECT_EQ(world.result_of(world.tokens.token()).error().code, ErrorCode::timed_out);
}

TEST(TokenSource, StoppingEndsTheWaitForTheBackOff) {
    World world;
    for (int n = 0; n < 10; ++n) world.cloud.token_answers.push_back(with_retry_after(503, "600"));
    EXPECT_FALSE(world.result_of(world.tokens.token()));
    Waiting leader, follower;
    world.shard.tasks().spawn(keep(world.tokens.token(), &leader.token));
    world.shard.tasks().spawn(keep(world.tokens.token(), &follower.token));
    world.shard.run_for(1s);
    auto const before = world.now();
    world.shard.stop();
    world.shard.run_for(1ms);
    ASSERT_TRUE(leader.token && follower.token);
    EXPECT_EQ(leader.token->error().code, ErrorCode::stopped);
    EXPECT_EQ(follower.token->error().code, ErrorCode::stopped);
    EXPECT_LE(world.now() - before, 1ms);
}

TEST(TokenRefusal, SaysWhatToDo) {
    struct Row {
        int status;
        bool x509;
        ErrorCode code;
        std::string_view advice;
    };
    for (auto const& row :
         {Row{401, false, ErrorCode::refused, "enter the service key again"},
          Row{401, true, ErrorCode::refused, "the part after |"}, Row{400, true, ErrorCode::refused, "client id"},
          Row{403, true, ErrorCode::refused, "certificate is refused"}, Row{404, true, ErrorCode::refused, "certurl"},
          Row{404, false, ErrorCode::refused, "uaa.url"}, Row{429, false, ErrorCode::throttled, "429"},
          Row{503, false, ErrorCode::unavailable, "503"}, Row{302, false, ErrorCode::protocol, "302"}}) {
        auto key = secret_key();
        if (row.x509) key.certificate_pem = "pem";
        auto const error = token_refusal(key, HttpResponse{row.status, "{}"});
        EXPECT_EQ(error.code, row.code) << row.status;
        EXPECT_THAT(error.context, HasSubstr(std::string{row.advice})) << row.status;
    }
}

} // namespace
} // namespace almd::testing
