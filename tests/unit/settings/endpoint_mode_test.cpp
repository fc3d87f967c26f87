// Which host gives which mode, and which call may be sent there.
#include "agent/settings/endpoint_mode.hpp"
#include "agent/settings/policy_guard.hpp"
#include "proto/messages/service_key.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::HasSubstr;

ServiceKey key(std::string api, std::string token) {
    ServiceKey out;
    out.api = std::move(api);
    out.token_endpoint = std::move(token);
    out.client_id = "almd!b1|sapcloudalm!b2";
    out.client_secret = "top-secret";
    return out;
}

TEST(EndpointMode, KnowsTheHostsOfSap) {
    for (auto host : {"eu10.alm.cloud.sap", "tenant.eu10-004.alm.cloud.sap", "x.authentication.eu10.hana.ondemand.com",
                      "sandbox.api.sap.com", "EU10.ALM.CLOUD.SAP", "eu10.alm.cloud.sap.", "eu10.alm.cloud.sap:443",
                      "eu10.alm.cloud.sap.:443", "cloud.sap", "ondemand.com"})
        EXPECT_TRUE(is_sap_host(host)) << host;
    for (auto host : {"cloud.sap.example.com", "notcloud.sap", "evilondemand.com", "localhost",
                      "api.sap.com.evil.example", "sap.com", "", ".", "[::1]"})
        EXPECT_FALSE(is_sap_host(host)) << host;
}

TEST(EndpointMode, KnowsLoopbackWithoutAskingTheNameService) {
    for (auto host : {"localhost", "LOCALHOST", "localhost:8443", "127.0.0.1", "127.255.0.9:80", "::1", "[::1]",
                      "[::1]:8443", "localhost."})
        EXPECT_TRUE(is_loopback_host(host)) << host;
    for (auto host : {"", "128.0.0.1", "127.0.0", "127.0.0.1.example.com", "127.0.0.256", "127.0.0.1.1", "1270.0.0.1",
                      "127..0.1", "::2", "10.0.0.1", "localhost.example.com", "0127.0.0.1", "2130706433"})
        EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(EndpointMode, TakesTheHostOutOfAUrl) {
    EXPECT_EQ(host_of_url("https://EU10.alm.cloud.sap/api"), "eu10.alm.cloud.sap");
    EXPECT_EQ(host_of_url("http://127.0.0.1:8443"), "127.0.0.1");
    EXPECT_EQ(host_of_url("HTTPS://[::1]:8443/oauth/token"), "::1");
    EXPECT_EQ(host_of_url("https://host.?x=1"), "host");
    for (auto url : {"", "eu10.alm.cloud.sap", "ftp://host", "https://", "https:///api",
                     "https://127.0.0.1@eu10.alm.cloud.sap/api", "https://user:pw@localhost", "https://ho st/",
                     "https://h\xc3\xb6st/", "://x", "https://..."})
        EXPECT_FALSE(host_of_url(url)) << url;
}

struct ModeCase {
    std::string api, token;
    std::vector<std::string> listed;
    std::optional<EndpointMode> mode; ///< none: refused
    std::string says = "";
};

TEST(EndpointMode, IsDecidedByBothHostsOfTheKey) {
    std::vector<ModeCase> const cases{
        {"https://127.0.0.1:8443/api", "https://127.0.0.1:8443/oauth/token", {}, EndpointMode::stand_in},
        {"http://localhost:1/api", "http://[::1]:1/oauth/token", {}, EndpointMode::stand_in},
        {"https://calm.lab.example/api",
         "https://calm.lab.example/oauth/token",
         {"calm.lab.example"},
         EndpointMode::stand_in},
        {"https://calm.lab.example/api",
         "https://CALM.lab.example:8444/oauth/token",
         {"Calm.Lab.Example:8443"},
         EndpointMode::stand_in},
        {"https://calm.lab.example/api",
         "https://calm.lab.example/oauth/token",
         {},
         std::nullopt,
         "cloud.standin_hosts: [\"calm.lab.example\"]"},
        {"https://calm.lab.example/api",
         "https://calm.lab.example/oauth/token",
         {"lab.example"},
         std::nullopt,
         "calm.lab.example"},
        {"https://127.0.0.1/api",
         "https://uaa.lab.example/oauth/token",
         {},
         std::nullopt,
         "cloud.standin_hosts: [\"uaa.lab.example\"]"},
        {"https://eu10.alm.cloud.sap/api",
         "https://t.authentication.eu10.hana.ondemand.com/oauth/token",
         {},
         EndpointMode::tenant},
        {"https://eu10.alm.cloud.sap/api",
         "https://t.authentication.eu10.hana.ondemand.com/oauth/token",
         {"eu10.alm.cloud.sap", "t.authentication.eu10.hana.ondemand.com"},
         EndpointMode::tenant},
        {"https://eu10.alm.cloud.sap./api",
         "https://t.authentication.eu10.hana.ondemand.com/oauth/token",
         {"eu10.alm.cloud.sap."},
         EndpointMode::tenant},
        {"https://127.0.0.1/api",
         "https://t.authentication.eu10.hana.ondemand.com/oauth/token",
         {},
         std::nullopt,
         "mixes"},
        {"https://eu10.alm.cloud.sap/api", "https://127.0.0.1/oauth/token", {}, std::nullopt, "mixes"},
        {"eu10.alm.cloud.sap", "https://127.0.0.1/oauth/token", {}, std::nullopt, "endpoints.Api"},
        {"https://127.0.0.1/api", "nonsense", {}, std::nullopt, "uaa.url"},
    };
    for (auto const& [api, token, listed, expected, says] : cases) {
        auto const mode = endpoint_mode(key(api, token), listed);
        ASSERT_EQ(mode.has_value(), expected.has_value()) << api << " " << token;
        if (expected) {
            EXPECT_EQ(*mode, *expected) << api << " " << token;
            continue;
        }
        EXPECT_EQ(mode.error().code, ErrorCode::invalid);
        EXPECT_THAT(mode.error().context, HasSubstr(says));
        EXPECT_THAT(mode.error().context, Not(HasSubstr("top-secret")));
    }
}

TEST(EndpointMode, ARunHasOneKindOfCredential) {
    auto const local = key("https://127.0.0.1/api", "https://127.0.0.1/oauth/token");
    EXPECT_EQ(endpoint_mode(std::nullopt, false, {}), EndpointMode::stand_in);
    EXPECT_EQ(endpoint_mode(std::nullopt, true, {}), EndpointMode::sandbox);
    EXPECT_EQ(endpoint_mode(local, false, {}), EndpointMode::stand_in);
    ASSERT_FALSE(endpoint_mode(local, true, {}));
    EXPECT_THAT(endpoint_mode(local, true, {}).error().context, HasSubstr("cloud.api_key_file"));
}

TEST(EndpointMode, HostsOfSapTakeRealTimeAndSmallFleetsOnly) {
    for (auto mode : {EndpointMode::tenant, EndpointMode::sandbox}) {
        EXPECT_TRUE(allow_speed(mode, 1.0));
        ASSERT_FALSE(allow_speed(mode, 60.0));
        EXPECT_THAT(allow_speed(mode, 60.0).error().context, HasSubstr("60"));
        EXPECT_TRUE(allow_systems(mode, 10, {}));
        ASSERT_FALSE(allow_systems(mode, 11, {}));
        EXPECT_THAT(allow_systems(mode, 11, {}).error().context, HasSubstr("cloud.sap_host_systems_max"));
        EXPECT_TRUE(allow_systems(mode, 11, {.systems_max = 11, .requests_per_minute = 60}));
    }
    EXPECT_TRUE(allow_speed(EndpointMode::stand_in, 60.0));
    EXPECT_TRUE(allow_systems(EndpointMode::stand_in, 1'000'000, {}));
    EXPECT_EQ(SapHostCaps{}.requests_per_minute, 60u);
}

TEST(PolicyGuard, KeepsUnpublishedPathsFromHostsOfSap) {
    for (auto path : {"/api/landscape-management/v1/Registration",
                      "/api/landscape-management/v1/Registration/710b9573-5f47-4de6-b761-070626300000",
                      "/api/standin/v1/systems/x/heartbeat", "/api/standin/", "/api/Standin/v1",
                      "/API/LANDSCAPE-MANAGEMENT/V1/REGISTRATION", "/api//standin/v1", "/api/./standin/v1",
                      "/api/calm-landscape/../standin/v1", "/api/%73tandin/v1", "/api/%2573tandin/v1",
                      "/api/standin;x=1/v1", "/api/standin%2Fv1", "/api\\standin\\v1",
                      "/api/landscape-management/v1/Registration?x=/", "/landscape-management/v1/Registration",
                      "/SAPCALM/standin/v1", "api/standin/v1", "/api/x/%2e%2e/standin/v1"}) {
        auto const refused = allow_call(EndpointMode::tenant, "eu10.alm.cloud.sap", path);
        ASSERT_FALSE(refused) << path;
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
        EXPECT_THAT(refused.error().context, HasSubstr("SAP's API policy"));
        // A wrong mode does not help, neither does a letter case.
        EXPECT_FALSE(allow_call(EndpointMode::stand_in, "EU10.alm.cloud.sap.", path)) << path;
        EXPECT_FALSE(allow_call(EndpointMode::sandbox, "sandbox.api.sap.com", path)) << path;
        EXPECT_TRUE(allow_call(EndpointMode::stand_in, "127.0.0.1", path)) << path;
    }
}

TEST(PolicyGuard, LetsPublishedPathsThrough) {
    for (auto path :
         {"/oauth/token", "/api/calm-landscape/v1/landscapeObjects?name=standin", "/api/calm-metrics/v1/metrics", "/",
          "", "/api/calm-features/v1/Features?$filter=title eq '/standin/'", "/api/standing/v1", "/api/x-standin/v1",
          "%", "/%zz/%4"})
        EXPECT_TRUE(allow_call(EndpointMode::tenant, "eu10.alm.cloud.sap", path, "POST")) << path;
}

TEST(PolicyGuard, TheSandboxIsForReading) {
    EXPECT_TRUE(allow_call(EndpointMode::sandbox, "sandbox.api.sap.com", "/SAPCALM/calm-projects/v1/projects"));
    auto const refused =
        allow_call(EndpointMode::sandbox, "sandbox.api.sap.com", "/SAPCALM/calm-features/v1/Features", "POST");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().context, HasSubstr("reading only"));
}

} // namespace
} // namespace almd
