// Metrics and logs: pushed as OTLP JSON, read back in all forms, and the refusals of a tenant.
#include "simulator/cloud/telemetry_shelf.hpp"
#include "tests/unit/cloud/published_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct Telemetry : testing::Test {
    PublishedWorld world;
    LmsId dev = world.enroll("DEV");
    std::string const service = "&serviceId=" + dev.text();
    std::string const push_metrics = "/api/calm-metrics/v1/metrics?useCase=hm" + service;
    std::string const push_logs = "/api/calm-logs/v1/logs?useCase=exm" + service;
    std::string const read_metrics =
        "/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=metricName";
    std::string const read_logs = "/api/calm-logs/v1/logs?provider=exm.im" + service;

    static Json metric(Json one) {
        return {{"resourceMetrics",
                 Json::array({{{"scopeMetrics", Json::array({{{"scope", {{"name", "test"}, {"version", "1"}}},
                                                              {"metrics", Json::array({std::move(one)})}}})}}})}};
    }
    static Json gauge(std::string_view name, double value) {
        return {{"name", name}, {"unit", "mb"}, {"gauge", {{"dataPoints", Json::array({{{"asDouble", value}}})}}}};
    }
    static Json log(std::string_view text, std::string_view category) {
        Json record{{"severityNumber", 17}, {"body", {{"stringValue", text}}}};
        record["attributes"] = Json::array({{{"key", "sap.exm.category"}, {"value", {{"stringValue", category}}}}});
        return {
            {"resourceLogs", Json::array({{{"scopeLogs", Json::array({{{"logRecords", Json::array({record})}}})}}})}};
    }
};

TEST_F(Telemetry, APushedMetricIsReadBackInAllForms) {
    ASSERT_EQ(world.ask("POST", push_metrics + "&dev=true", metric(gauge("heap.used", 12.5))).status, 200);
    Json status = gauge("status", 1);
    status["gauge"]["dataPoints"][0]["attributes"] =
        Json::array({{{"key", "sap.calm.hm.metric.rating"}, {"value", {{"stringValue", "warning"}}}}});
    ASSERT_EQ(world.ask("POST", push_metrics, metric(status)).status, 200);
    auto const json = world.get(read_metrics + service);
    auto const metrics = json["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
    ASSERT_EQ(metrics.size(), 2U);
    EXPECT_EQ(metrics[0]["gauge"]["dataPoints"][0]["asDouble"], 12.5);
    EXPECT_EQ(json["resourceMetrics"][0]["resource"]["attributes"][0]["value"]["stringValue"], "DEV000");
    auto const text = world.ask("GET", read_metrics + "&format=text", nullptr, false);
    EXPECT_THAT(text.body, HasSubstr("# TYPE heap_used gauge\nheap_used{serviceName=\"DEV000\",serviceId=\"" +
                                     dev.text() + "\"} 12.5\n"));
    EXPECT_THAT(text.body, HasSubstr("sap_calm_hm_metric_rating=\"warning\"} 1\n"));
    auto const binary = world.ask("GET", read_metrics + "&format=protobuf-binary", nullptr, false);
    EXPECT_EQ(find_header(binary.headers, "Content-Type"), "application/x-protobuf");
    EXPECT_THAT(binary.body, HasSubstr("heap.used"));
    EXPECT_EQ(world.get(read_metrics + "&metricId=status")["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].size(),
              1U);
    world.pass(2h);
    EXPECT_EQ(world.get(read_metrics), Json::object()) << "the last hour is empty";
    EXPECT_EQ(world.get(read_metrics + "&period=L24H")["resourceMetrics"].size(), 1U);
}

TEST_F(Telemetry, ProtobufIsWhatTheWireFormatSays) {
    Json one = gauge("m", 1);
    one["unit"] = "";
    one["gauge"]["dataPoints"][0]["timeUnixNano"] = "1772344800000000000"; // 2026-03-01T06:00:00Z
    ASSERT_EQ(world.ask("POST", push_metrics, metric(one)).status, 200);
    auto const body = world.ask("GET", read_metrics + "&format=protobuf-binary", nullptr, false).body;
    // Metric{1:"m", 5:Gauge{1:NumberDataPoint{3:fixed64 time, 4:fixed64 1.0}}} inside ScopeMetrics field 2
    EXPECT_THAT(body, HasSubstr(std::string{"\x19\x00\xc0\x82\x8f\x34\xa2\x98\x18", 9}))
        << "nanoseconds, little end first";
    EXPECT_THAT(body, HasSubstr(std::string{"\x0a\x01m\x2a\x14\x0a\x12", 7}));
    EXPECT_THAT(body, HasSubstr(std::string{"\x21\x00\x00\x00\x00\x00\x00\xf0\x3f", 9}));
    EXPECT_EQ(body[0], '\x0a');
}

TEST_F(Telemetry, APushedExceptionIsReadBack) {
    ASSERT_EQ(world.ask("POST", push_logs, log("Short dump", "ABAP Runtime")).status, 200);
    ASSERT_EQ(world.ask("POST", push_logs, log("Lost", "ABAP System Log")).status, 200);
    auto const records = [&](std::string const& rest) {
        auto const json = world.get(read_logs + "&format=protobuf-json" + rest);
        return json.contains("resourceLogs") ? json["resourceLogs"][0]["scopeLogs"][0]["logRecords"].size() : 0U;
    };
    EXPECT_EQ(records(""), 2U);
    EXPECT_EQ(records("&category=ABAP%20Runtime"), 1U);
    EXPECT_EQ(records("&limit=1&onLimit=truncate"), 1U);
    EXPECT_EQ(records("&from=20260301060000&to=20260301063000"), 2U);
    EXPECT_EQ(records("&from=20260301050000&to=20260301053000"), 0U);
    EXPECT_THAT(world.ask("GET", read_logs, nullptr, false).body, HasSubstr("Short dump"));
    EXPECT_EQ(world.get("/api/calm-logs/v1/logs?provider=im&format=protobuf-json" + service), Json::object());
}

TEST_F(Telemetry, RefusalsAreInTheWordsOfATenant) {
    std::tuple<std::string, int, std::string_view> const cases[]{
        {"/api/calm-logs/v1/logs?provider=exm.im", 428, "A required parameter is missing : serviceId"},
        {"/api/calm-logs/v1/logs?x=1" + service, 428, "A required parameter is missing : provider"},
        {read_logs + "&period=61M", 400, "Time interval > 60 mins"},
        {read_logs + "&from=2026-03-01T06:00:00Z", 400, "From is not of format YYYYMMDDHHmmss"},
        {read_logs + "&limit=5", 403, "Response total count is over the limit"},
        {read_logs + "&colour=red", 400, "Unknown filter"},
        {"/api/calm-metrics/v1/metrics?provider=hm&metrics=x", 428, "A required parameter is missing : dimensions"},
        {read_metrics + "&period=soon", 400, "a period such as"},
        {read_metrics + "&format=xml", 400, "protobuf-json"},
    };
    for (auto const& [target, status, sentence] : cases) {
        auto const answer = world.ask("GET", target, nullptr, false);
        EXPECT_EQ(answer.status, status) << target;
        EXPECT_THAT(message_of(answer), HasSubstr(std::string{sentence})) << target;
    }
    auto const push = [&](std::string const& target, Json const& body) {
        return world.ask("POST", target, body, false);
    };
    EXPECT_EQ(push("/api/calm-metrics/v1/metrics?useCase=hm", metric(gauge("a", 1))).status, 428);
    EXPECT_EQ(push("/api/calm-metrics/v1/metrics?useCase=zz" + service, metric(gauge("a", 1))).status, 400);
    EXPECT_EQ(push("/api/calm-metrics/v1/metrics?useCase=hm&serviceId=710b9573-5f47-4de6-b761-070626300009",
                   metric(gauge("a", 1)))
                  .status,
              404);
    auto const sum = push(push_metrics, metric({{"name", "a"}, {"sum", {{"dataPoints", Json::array()}}}}));
    EXPECT_EQ(sum.status, 400);
    EXPECT_EQ(target_of(sum), "resourceMetrics[0].scopeMetrics[0].metrics[0].sum");
    EXPECT_EQ(push(push_metrics, Json::array()).status, 400);
    Json many = gauge("a", 1);
    for (int i = 0; i < 5'001; ++i) many["gauge"]["dataPoints"].push_back({{"asInt", "1"}});
    EXPECT_EQ(push(push_metrics, metric(many)).status, 413);
    EXPECT_EQ(push(push_metrics, std::string(1'100'000, 'x')).status, 413);
    auto const limited = *world.cloud.limited_service_key("https://h", "half", {"calm-api.metrics.write"});
    HttpRequest token{"GET", "/oauth/token?grant_type=client_credentials"};
    token.headers.emplace_back("Authorization", "Basic " + base64(limited.client_id + ":" + limited.client_secret));
    world.bearer = Json::parse(world.serve(world.cloud.dialogue(), token).body)["access_token"];
    EXPECT_EQ(push(push_metrics, metric(gauge("a", 1))).status, 403) << "calm-api.hm.write is wanted as well";
}

TEST_F(Telemetry, TheRingsAreBounded) {
    TelemetryShelf shelf;
    for (int i = 0; i < 3'000; ++i) shelf.keep(TelemetryLog{0, {}, {}, 0, std::string(10'000, 'x'), {}, {}});
    EXPECT_LT(shelf.logs().size() * 10'000, TelemetryShelf::ring_bytes_max);
    EXPECT_EQ(shelf.logs().size() + shelf.forgotten(), 3'000U);
}

} // namespace
} // namespace almd::test
