// Service keys in every form that people paste, and broken ones whose errors name the field but never a value.
#include "proto/messages/service_key.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json nested() {
    return json::parse(R"({
      "endpoints": {"Api": "https://eu10.alm.cloud.sap/api"},
      "uaa": {"clientid": "demo!b123|sapcloudalm!b456", "clientsecret": "s3cr3t-value", "url": "https://acme.authentication.eu10.hana.ondemand.com",
              "identityzone": "acme", "identityzoneid": "guid", "tenantid": "guid", "tenantmode": "shared",
              "sburl": "https://internal-xsuaa.authentication.eu10.hana.ondemand.com", "verificationkey": "-----BEGIN PUBLIC KEY-----",
              "credential-type": "binding-secret", "uaadomain": "authentication.eu10.hana.ondemand.com", "zoneid": 5}})");
}

json x509() {
    return json::parse(R"({
      "endpoints": {"Api": "https://eu10.alm.cloud.sap/api"},
      "uaa": {"clientid": "demo!b123|sapcloudalm!b456", "url": "https://acme.authentication.eu10.hana.ondemand.com",
              "certificate": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nCA\n-----END CERTIFICATE-----\n",
              "key": "-----BEGIN RSA PRIVATE KEY-----\nMII-private\n-----END RSA PRIVATE KEY-----\n",
              "certurl": "https://acme.authentication.cert.eu10.hana.ondemand.com", "credential-type": "x509"}})");
}

json flat(json const& key) {
    json out = key["uaa"];
    out["Api"] = key["endpoints"]["Api"];
    return out;
}

std::string problem(std::string_view text) {
    auto key = parse_service_key(text);
    if (key) return "accepted";
    EXPECT_EQ(key.error().code, ErrorCode::invalid);
    EXPECT_THAT(key.error().context, Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(key.error().context, Not(HasSubstr("MII")));
    return key.error().context;
}

TEST(ServiceKey, TheSecretFormIsReadNestedAndFlat) {
    for (json const& form : {nested(), flat(nested())}) {
        auto key = parse_service_key(form.dump());
        ASSERT_TRUE(key) << key.error().context;
        EXPECT_EQ(key->api, "https://eu10.alm.cloud.sap/api");
        EXPECT_EQ(key->root_url(), "https://eu10.alm.cloud.sap");
        EXPECT_EQ(key->token_endpoint, "https://acme.authentication.eu10.hana.ondemand.com/oauth/token");
        EXPECT_EQ(key->client_id, "demo!b123|sapcloudalm!b456");
        EXPECT_EQ(key->client_secret, "s3cr3t-value");
        EXPECT_EQ(key->identity_zone, "acme");
        EXPECT_FALSE(key->is_x509());
        EXPECT_EQ(key->label(), key->client_id);
    }
}

TEST(ServiceKey, TheCertificateFormIsReadNestedAndFlat) {
    for (json const& form : {x509(), flat(x509())}) {
        auto key = parse_service_key(form.dump());
        ASSERT_TRUE(key) << key.error().context;
        EXPECT_TRUE(key->is_x509());
        EXPECT_EQ(key->token_endpoint, "https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token");
        EXPECT_EQ(key->client_secret, "");
        EXPECT_THAT(key->key_pem, HasSubstr("RSA PRIVATE KEY"));
    }
}

TEST(ServiceKey, BothFormsSurviveWriting) {
    for (json const& form : {nested(), x509()}) {
        auto key = parse_service_key(form.dump());
        ASSERT_TRUE(key);
        auto again = parse_service_key(encode(*key));
        ASSERT_TRUE(again) << again.error().context;
        EXPECT_EQ(encode(*again), encode(*key));
        EXPECT_EQ(again->token_endpoint, key->token_endpoint);
        EXPECT_EQ(again->certificate_pem, key->certificate_pem);
        EXPECT_EQ(again->key_pem, key->key_pem);
    }
}

TEST(ServiceKey, SmallLibertiesAreTaken) {
    json key = nested();
    key["endpoints"]["Api"] = "https://eu10.alm.cloud.sap/api/";
    key["uaa"]["url"] = "https://acme.authentication.eu10.hana.ondemand.com/";
    auto slashes = parse_service_key(key.dump());
    ASSERT_TRUE(slashes);
    EXPECT_EQ(slashes->api, "https://eu10.alm.cloud.sap/api");
    EXPECT_EQ(slashes->token_endpoint, "https://acme.authentication.eu10.hana.ondemand.com/oauth/token");
    key["endpoints"]["Api"] = "https://eu10.alm.cloud.sap";
    key["uaa"]["url"] = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
    auto missing = parse_service_key("\xef\xbb\xbf" + key.dump());
    ASSERT_TRUE(missing) << "without /api, with /oauth/token and with a byte order mark";
    EXPECT_EQ(missing->api, "https://eu10.alm.cloud.sap/api");
    EXPECT_EQ(missing->token_endpoint, "https://acme.authentication.eu10.hana.ondemand.com/oauth/token");
    json mixed = nested();
    mixed["url"] = mixed["uaa"]["url"];
    mixed["uaa"].erase("url");
    EXPECT_TRUE(parse_service_key(mixed.dump())) << "each field is searched on both levels";
}

TEST(ServiceKey, HttpIsForLoopbackHostsOnly) {
    for (char const* host :
         {"127.0.0.1", "127.0.0.1:8443", "127.255.3.4:80", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8443"}) {
        json key = nested();
        key["endpoints"]["Api"] = "http://" + std::string{host} + "/api";
        key["uaa"]["url"] = "http://" + std::string{host};
        EXPECT_TRUE(parse_service_key(key.dump())) << host;
    }
    for (char const* host : {"eu10.alm.cloud.sap", "127.0.0.1.example.com", "128.0.0.1", "127.0.0", "127.0.0.256",
                             "127.1", "localhost.example.com", "[::2]", "10.0.0.1", "127.0.0.1x"}) {
        json key = nested();
        key["endpoints"]["Api"] = "http://" + std::string{host} + "/api";
        EXPECT_THAT(problem(key.dump()), HasSubstr("endpoints.Api begins with http://")) << host;
        key = nested();
        key["uaa"]["url"] = "http://" + std::string{host};
        EXPECT_THAT(problem(key.dump()), HasSubstr("uaa.url begins with http://")) << host;
    }
}

TEST(ServiceKey, ErrorsNameTheFieldThatIsMissingOrBroken) {
    struct Row {
        char const* pointer;
        json value; // null: erased
        char const* expected;
    };
    Row const rows[] = {
        {"/uaa/url", nullptr, "service key: uaa.url is missing"},
        {"/uaa/clientid", nullptr, "service key: uaa.clientid is missing"},
        {"/uaa/clientsecret", nullptr, "service key: uaa.clientsecret and uaa.certificate are both missing"},
        {"/uaa/clientsecret", "", "uaa.clientsecret and uaa.certificate are both missing"},
        {"/endpoints/Api", nullptr, "service key: endpoints.Api is missing"},
        {"/endpoints", nullptr, "service key: endpoints.Api is missing"},
        {"/uaa", nullptr, "service key: uaa.url is missing"},
        {"/uaa/url", 5, "service key: uaa.url must be a text in double quotes"},
        {"/uaa/url", "", "service key: uaa.url is empty"},
        {"/uaa/clientid", json::array(), "uaa.clientid must be a text"},
        {"/uaa/clientsecret", 12345, "uaa.clientsecret must be a text"},
        {"/uaa/identityzone", 12345, "uaa.identityzone must be a text"},
        {"/uaa/url", "acme.authentication.eu10.hana.ondemand.com", "uaa.url must be a URL that begins with https://"},
        {"/uaa/url", "ftp://acme.example", "uaa.url must be a URL that begins with https://"},
        {"/uaa/url", "https://", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "https://s3cr3t@acme.example", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "http://127.0.0.1@example.com/", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "https://acme.example:99999", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "https://acme.example:", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "https://[::1", "uaa.url must be https://host or https://host:port"},
        {"/uaa/url", "https://acme.example/a b", "uaa.url must be a URL without spaces, query or fragment"},
        {"/uaa/url", "https://acme.example/\r\nX: s3cr3t", "uaa.url must be a URL without spaces, query or fragment"},
        {"/uaa/url", "https://acme.example/?a=s3cr3t", "uaa.url must be a URL without spaces, query or fragment"},
        {"/endpoints/Api", "https://eu10.alm.cloud.sap/apis", "endpoints.Api must end in /api"},
        {"/endpoints/Api", "https://eu10.alm.cloud.sap/?x=/api",
         "endpoints.Api must be a URL without spaces, query or fragment"},
    };
    for (Row const& row : rows) {
        json key = nested();
        json::json_pointer const pointer{row.pointer};
        if (row.value.is_null())
            key[pointer.parent_pointer()].erase(pointer.back());
        else
            key[pointer] = row.value;
        EXPECT_THAT(problem(key.dump()), HasSubstr(row.expected)) << row.pointer << row.value;
    }
}

TEST(ServiceKey, ABrokenCertificateFormNamesItsField) {
    struct Row {
        char const *field, *expected;
        json value;
    };
    Row const rows[] = {
        {"certurl", "uaa.certurl is missing", nullptr},
        {"key", "uaa.key is missing", nullptr},
        {"key", "uaa.key is not PEM text", "MII-private"},
        {"key", "uaa.key is not PEM text", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"},
        {"certificate", "uaa.certificate is not PEM text", "MII"},
        {"certificate", "uaa.certificate is empty", ""},
        {"certurl", "uaa.certurl begins with http://", "http://acme.example"},
    };
    for (Row const& row : rows) {
        json key = x509();
        key["uaa"][row.field] = row.value;
        EXPECT_THAT(problem(key.dump()), HasSubstr(row.expected)) << row.field;
    }
    json bare = x509();
    bare["uaa"].erase("certificate");
    EXPECT_THAT(problem(bare.dump()), HasSubstr("uaa.clientsecret and uaa.certificate are both missing"));
}

TEST(ServiceKey, TextThatIsNotJsonTellsWhereItBreaksAndNothingElse) {
    EXPECT_EQ(problem(""), "service key: is not JSON: line 1, column 1: the text ends too early");
    EXPECT_EQ(problem("{\n  \"clientsecret\": s3cr3t\n}"),
              "service key: is not JSON: line 2, column 19: expected a value");
    EXPECT_EQ(problem("clientsecret=s3cr3t"), "service key: is not JSON: line 1, column 1: expected a value");
    EXPECT_EQ(problem("[\"s3cr3t\"]"), "service key: must be a JSON object {...}, unchanged as the cockpit shows it");
    EXPECT_THAT(problem("{\"a\": \"s3cr3t\xff\"}"), HasSubstr("not UTF-8"));
    EXPECT_THAT(problem(std::string{"\xff\xfe{\0}\0", 6}), HasSubstr("UTF-16; save it as UTF-8"));
    EXPECT_EQ(parse_service_key(std::string(300'000, ' ')).error().code, ErrorCode::too_large);
}

TEST(TokenAnswer, IsReadLenientlyButNeverQuoted) {
    auto answer = decode_token_answer(
        R"({"access_token":"a.b.c","token_type":"Bearer","expires_in":43199,"scope":"x y","jti":"1","ext":{"a":1}})");
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->expires_in, std::chrono::seconds{43199});
    auto bare = decode_token_answer(R"({"access_token":"a.b.c"})");
    ASSERT_TRUE(bare) << "a life of 12 hours is assumed";
    EXPECT_EQ(bare->expires_in, std::chrono::seconds{43200});
    struct Row {
        char const *text, *expected;
    };
    Row const rows[] = {
        {R"({"token_type":"bearer","expires_in":1})", "access_token: is missing"},
        {R"({"access_token":"s3cr3t\r\nX-Evil: 1"})", "access_token: is empty or has characters"},
        {R"({"access_token":""})", "access_token: is empty or has characters"},
        {R"({"access_token":["s3cr3t"]})", "access_token: is an array; it must be a text"},
        {R"({"access_token":"a","expires_in":"s3cr3t"})", "expires_in: is a text; it must be an integer"},
        {R"({"access_token":"a","expires_in":-1})", "expires_in: is a number; it must be an integer"},
        {R"({"access_token":"a","token_type":"mac"})", "token_type: is not bearer"},
        {"s3cr3t", "$: is not JSON"},
    };
    for (Row const& row : rows) {
        auto refused = decode_token_answer(row.text);
        ASSERT_FALSE(refused) << row.text;
        EXPECT_EQ(refused.error().code, ErrorCode::protocol);
        EXPECT_THAT(refused.error().context, HasSubstr(row.expected));
        EXPECT_THAT(refused.error().context, Not(HasSubstr("s3cr3t")));
    }
}

} // namespace
} // namespace almd
