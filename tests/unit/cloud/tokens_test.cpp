// Tokens: every way to ask for one, and every way in which one stops being good.
#include "simulator/cloud/tls_material.hpp"
#include "tests/unit/cloud/cloud_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct TokenCase {
    std::string_view name, method, target, body;
    bool basic;
    int status;
};

std::string filled(std::string_view text, ServiceKey const& key) {
    std::string out{text};
    auto const put = [&out](std::string_view mark, std::string const& value) {
        if (auto const at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), value);
    };
    put("ID", percent_encode(key.client_id));
    put("SECRET", percent_encode(key.client_secret));
    return out;
}

TEST(CloudTokens, EveryKnownWayToAskWorks) {
    CloudWorld world;
    auto const key = *world.cloud.service_key("https://localhost:8443");
    TokenCase const cases[] = {
        {"Basic and form", "POST", "/oauth/token", "grant_type=client_credentials", true, 200},
        {"credentials in the form", "POST", "/oauth/token",
         "grant_type=client_credentials&client_id=ID&client_secret=SECRET&scope=", false, 200},
        {"GET with query", "GET", "/oauth/token?grant_type=client_credentials", "", true, 200},
        {"trailing slash, query", "POST", "/oauth/token/?grant_type=client_credentials&response_type=token", "", true,
         200},
        {"no grant type", "POST", "/oauth/token", "client_id=ID&client_secret=SECRET", false, 400},
        {"other grant type", "POST", "/oauth/token", "grant_type=password", true, 400},
        {"wrong secret", "POST", "/oauth/token", "grant_type=client_credentials&client_id=ID&client_secret=x", false,
         401},
        {"half a client id", "POST", "/oauth/token",
         "grant_type=client_credentials&client_id=sb-standin&client_secret=SECRET", false, 401},
        {"no credentials", "POST", "/oauth/token", "grant_type=client_credentials", false, 401},
        {"the same client twice", "POST", "/oauth/token",
         "grant_type=client_credentials&client_id=ID&client_secret=SECRET", true, 200},
        {"the same grant type in the URL too", "POST", "/oauth/token?grant_type=client_credentials",
         "grant_type=client_credentials", true, 200},
        {"grant type twice", "POST", "/oauth/token", "grant_type=client_credentials&grant_type=client_credentials",
         true, 400},
        {"two grant types", "POST", "/oauth/token?grant_type=password", "grant_type=client_credentials", true, 400},
        {"two scopes", "POST", "/oauth/token", "grant_type=client_credentials&scope=a&scope=b", true, 400},
        {"another client in the form", "POST", "/oauth/token", "grant_type=client_credentials&client_id=other", true,
         400},
        {"another secret in the form", "POST", "/oauth/token",
         "grant_type=client_credentials&client_id=ID&client_secret=x", true, 400},
    };
    for (auto const& c : cases) {
        HttpRequest request{std::string{c.method}, std::string{c.target}, filled(c.body, key)};
        if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        if (c.basic)
            request.headers.emplace_back("Authorization", "Basic " + base64(key.client_id + ":" + key.client_secret));
        auto const answer = world.serve(world.cloud.dialogue(), std::move(request));
        EXPECT_EQ(answer.status, c.status) << c.name << ": " << answer.body;
        auto const json = Json::parse(answer.body);
        if (c.status == 200) {
            EXPECT_EQ(json["token_type"], "bearer") << c.name;
            EXPECT_EQ(json["expires_in"], 43'200) << c.name;
            EXPECT_FALSE(json["jti"].get<std::string>().empty()) << c.name;
            EXPECT_THAT(json["scope"].get<std::string>(), HasSubstr(".imp-cdm-feature-display-ui")) << c.name;
        }
        if (c.status == 400) {
            EXPECT_EQ(json["error"], c.body.contains("password") ? "unsupported_grant_type" : "invalid_request")
                << c.name;
        }
        if (c.status == 401) {
            EXPECT_EQ(json["error"], "invalid_client") << c.name;
            EXPECT_EQ(json["error_description"], "Bad credentials") << c.name;
        }
    }
}

TEST(CloudTokens, TheKeyHasTheShapeOfARealOne) {
    CloudWorld world;
    auto const key = *world.cloud.service_key("https://localhost:8443");
    EXPECT_THAT(key.client_id, testing::MatchesRegex("sb-standin!b[0-9]+\\|sapcloudalm!b[0-9]+"));
    EXPECT_LE(key.client_secret.size(), 64U) << "old releases refuse longer ones";
    EXPECT_EQ(key.api, "https://localhost:8443/api");
    EXPECT_EQ(key.token_endpoint, "https://localhost:8443/oauth/token");
    auto const again = parse_service_key(encode(key));
    ASSERT_TRUE(again) << again.error().context;
    EXPECT_EQ(again->client_secret, key.client_secret);
}

TEST(CloudTokens, SecretsFollowTheSeedInVirtualTime) {
    CloudWorld one, other;
    EXPECT_EQ(one.cloud.service_key("https://h")->client_secret, other.cloud.service_key("https://h")->client_secret);
    Shard real{Shard::RealTime{}};
    Cloud cloud{real, {}};
    EXPECT_NE(one.cloud.service_key("https://h")->client_secret, cloud.service_key("https://h")->client_secret);
}

TEST(CloudTokens, TheChallengeSaysWhatIsWrongWithAToken) {
    CloudWorld world;
    auto const ask = [&](std::string authorization) {
        HttpRequest request{"GET", "/api/calm-features/v1/FeatureStatus"};
        if (!authorization.empty()) request.headers.emplace_back("Authorization", std::move(authorization));
        auto const answer = world.serve(world.cloud.dialogue(), std::move(request));
        return fmt::format("{} {}", answer.status, find_header(answer.headers, "WWW-Authenticate"));
    };
    EXPECT_EQ(ask(""), "401 Bearer");
    EXPECT_EQ(ask("Bearer x"), "401 Bearer error=\"invalid_token\"");
    EXPECT_EQ(ask("Bearer "), "401 Bearer error=\"invalid_token\"");
    EXPECT_EQ(ask("bearer   " + world.fetch_token()), "200 ");
}

TEST(CloudTokens, ATokenEndsOnTheWireClock) {
    CloudSettings settings;
    settings.token_life = 5s;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    world.pass(4999ms);
    EXPECT_EQ(world.beat(id, 1).status, 200);
    world.pass(1ms);
    auto const answer = world.beat(id, 2);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(code_of(answer), "TOKEN_EXPIRED");
    EXPECT_THAT(std::string{find_header(answer.headers, "WWW-Authenticate")}, testing::StartsWith("Bearer"));
    EXPECT_EQ(world.cloud.ledger().totals().expired_token, 1U);
    EXPECT_EQ(world.cloud.ledger().system(world.cloud.find(id)).expired_token, 1U);
    EXPECT_FALSE(world.cloud.verdict().clean);
    world.bearer = world.fetch_token();
    EXPECT_EQ(world.beat(id, 2).status, 200);
}

TEST(CloudTokens, ATokenIsNeverIssuedInTheFuture) {
    CloudWorld world;
    world.pass(900ms);
    auto const answer = Json::parse(world.token_call().body);
    auto const jwt = answer["access_token"].get<std::string>();
    auto const from = jwt.find('.') + 1;
    auto const claims = Json::parse(*base64url_decode(jwt.substr(from, jwt.rfind('.') - from)));
    auto const now = world.shard.wire().now().time_since_epoch() / 1s;
    EXPECT_EQ(claims["iat"], now);
    EXPECT_EQ(claims["exp"], now + 43'200);
}

TEST(CloudTokens, ATokenIsGoodAsLongAsItWasTold) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (auto const late : {0ms, 1ms, 500ms, 999ms}) {
        auto const into_second = world.shard.wire().now().time_since_epoch() % 1s;
        world.pass(1s - std::chrono::duration_cast<Duration>(into_second) + late);
        auto const answer = Json::parse(world.token_call().body);
        auto const told = std::chrono::seconds{answer["expires_in"].get<std::int64_t>()};
        EXPECT_EQ(told, late == 0ms ? 43'200s : 43'199s);
        world.bearer = answer["access_token"].get<std::string>();
        world.pass(told - 1ms);
        EXPECT_NE(code_of(world.beat(id, 1)), "TOKEN_EXPIRED") << late.count();
    }
    EXPECT_EQ(world.cloud.ledger().totals().expired_token, 0U);
}

TEST(CloudTokens, RevokedTokensStopNewOnesWork) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.cloud.revoke_tokens("nobody"), 0U);
    EXPECT_EQ(world.cloud.revoke_tokens(), 1U);
    EXPECT_EQ(code_of(world.beat(id, 1)), "TOKEN_REVOKED");
    world.bearer = world.fetch_token();
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_TRUE(world.cloud.verdict().clean) << "the client could not know";
}

TEST(CloudTokens, MissingAndForgedTokensAreRefusedAndCounted) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto forged = world.bearer;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    for (auto const& text : {forged, std::string{"x"}, std::string(20'000, 'a'), std::string{"a.b.c"}})
        EXPECT_EQ(code_of(world.beat(id, 1, {{"Authorization", "Bearer " + text}})), "TOKEN_INVALID");
    HttpRequest bare{"GET", CloudWorld::path(id, "usecases")};
    EXPECT_EQ(code_of(world.serve(world.cloud.dialogue(), bare)), "TOKEN_MISSING");
    EXPECT_EQ(world.cloud.ledger().totals().unknown_token, 4U);
    EXPECT_EQ(world.cloud.ledger().totals().missing_token, 1U);
    EXPECT_EQ(world.cloud.ledger().counts(world.cloud.find(id), CloudOperation::heartbeat).accepted, 0U);
}

TEST(CloudTokens, ASignatureIsVerifiedOncePerToken) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (std::uint32_t n = 1; n <= 50; ++n) ASSERT_EQ(world.beat(id, n).status, 200);
    EXPECT_EQ(world.cloud.tokens().verifications(), 1U);
    EXPECT_EQ(world.cloud.tokens().clients()[0].token_calls, 1U);
}

TEST(CloudTokens, TheMemoryOfTokensIsBounded) {
    CloudSettings settings;
    settings.limits.tokens_cached_max = 2;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    std::vector<std::string> tokens;
    for (int i = 0; i < 5; ++i) tokens.push_back(world.fetch_token());
    std::uint32_t sequence = 0;
    for (int round = 0; round < 2; ++round)
        for (auto const& token : tokens)
            EXPECT_EQ(world.beat(id, ++sequence, {{"Authorization", "bearer " + token}}).status, 200);
    EXPECT_GT(world.cloud.tokens().verifications(), 5U) << "forgotten ones are verified again";
}

TEST(CloudTokens, WithoutTheTransportScopesTheTransportPathsAre403) {
    CloudSettings settings;
    settings.scopes = {"imp-cdm-feature-display-ui"};
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_EQ(world.send("GET", CloudWorld::path(id, "cdm/work?kinds=import&client=000&max=50")).status, 200);
    auto const answer =
        world.send("POST", CloudWorld::path(id, "cdm/work/710b9573-5f47-4de6-b761-070626300000/result"), "{}");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(code_of(answer), "SCOPE_MISSING");
    EXPECT_THAT(message_of(answer), HasSubstr("imp-cdm-feature-manage-ui"));
}

TEST(CloudTokens, ACertificateAndItsClientIdBelongTogether) {
    auto const tls = *open_tls_material("", {}, WirePoint{start.time_since_epoch()});
    CloudSettings settings;
    settings.tenants = {"alpha", "beta"};
    settings.authority = tls.authority;
    CloudWorld world{settings};
    auto const alpha = *world.cloud.x509_service_key("https://h:1", "https://h:2", "alpha");
    auto const beta = *world.cloud.service_key("https://h:1", "beta");
    EXPECT_EQ(alpha.token_endpoint, "https://h:2/oauth/token");
    EXPECT_TRUE(alpha.is_x509());
    EXPECT_EQ(alpha.uaa_domain, "h:1") << "where the key set is read without a certificate";
    auto const ask = [&](std::string const& certificate, std::string const& id) {
        HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials&client_id=" + percent_encode(id)};
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.peer_certificate_pem = certificate;
        return world.serve(world.cloud.mtls_tokens(), std::move(request)).status;
    };
    EXPECT_EQ(ask(alpha.certificate_pem, alpha.client_id), 200);
    EXPECT_EQ(ask(alpha.certificate_pem, beta.client_id), 401);
    EXPECT_EQ(ask(alpha.certificate_pem, "sb-alpha"), 401);
    EXPECT_EQ(ask("", alpha.client_id), 403);
    EXPECT_EQ(ask(tls.server.certificate_pem, alpha.client_id), 403);
    CloudWorld bare;
    EXPECT_FALSE(bare.cloud.x509_service_key("https://h:1", "https://h:2"));
}

} // namespace
} // namespace almd::test
