// Whatever goes wrong, no text shows a secret.
#include "tests/unit/session/fake_cloud.hpp"

#include <gmock/gmock.h>

namespace almd::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void expect_no_secret(std::string const& text) {
    auto const key = secret_key();
    EXPECT_THAT(text, Not(HasSubstr(key.client_secret)));
    EXPECT_THAT(text, Not(HasSubstr(base64(key.client_id + ":" + key.client_secret))));
    EXPECT_THAT(text, Not(HasSubstr("token-1")));
}

/// Servers that repeat in their answer what they were sent exist.
HttpResponse echo(int status, HttpRequest const& request) {
    std::string text;
    for (auto const& header : request.headers) text += header.value + " ";
    text += std::string{secret};
    return error_response(status, "ECHO", text);
}

TEST(Secrets, AreInNoErrorOfACallEvenIfTheCloudRepeatsThem) {
    for (int status : {400, 401, 403, 404, 409, 413, 422, 429, 500, 503}) {
        World world;
        world.cloud.api = [&](HttpRequest const& request) {
            HttpRequest without_secret = request; // the API never gets the client secret, so it cannot repeat it
            auto answer = echo(status, without_secret);
            answer.body.erase(answer.body.find(secret), secret.size());
            return answer;
        };
        auto const answer = world.post();
        ASSERT_FALSE(answer) << status;
        EXPECT_THAT(answer.error().context, HasSubstr("ECHO")) << status;
        expect_no_secret(answer.error().context);
    }
}

TEST(Secrets, AreInNoErrorOfATokenFetchEvenIfTheEndpointRepeatsThem) {
    for (int status : {200, 400, 401, 403, 404, 429, 500}) {
        World world;
        HttpRequest request{"POST", "/oauth/token"};
        auto const key = secret_key();
        request.headers.emplace_back("Authorization", "Basic " + base64(key.client_id + ":" + key.client_secret));
        world.cloud.token_answers.push_back(echo(status, request));
        auto const token = world.result_of(world.tokens.token());
        ASSERT_FALSE(token) << status;
        expect_no_secret(token.error().context);
        world.cloud.token_answers.push_back(json_response(status, std::string{secret}));
        auto const again = world.post();
        if (!again) expect_no_secret(again.error().context);
    }
}

class TalkativeWire : public HttpClient {
public:
    Async<Result<HttpResponse>> send(HttpRequest request) override {
        std::string text = "cannot send:";
        for (auto const& header : request.headers) text += " " + header.value;
        co_return fail(ErrorCode::protocol, std::move(text));
    }
};

TEST(Secrets, AreNotRepeatedFromTheWireEither) {
    World world;
    TalkativeWire wire;
    OwnedTokenSource tokens{world.shard, wire, secret_key(), {}, 1};
    auto const token = world.result_of(tokens.token());
    ASSERT_FALSE(token);
    expect_no_secret(token.error().context);

    CloudConnection connection{world.shard, wire, world.tokens, [](auto, auto) { return Result<void>{}; },
                               connecting_to("https://cloud.test")};
    CallSpec spec{Operation::heartbeat, "POST", "/api/x"};
    auto const answer = world.result_of(connection.call(std::move(spec)));
    ASSERT_FALSE(answer);
    expect_no_secret(answer.error().context);
}

} // namespace
} // namespace almd::testing
