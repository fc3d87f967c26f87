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
        "/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=serviceName,serviceId,metricName";
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

TEST_F(Telemetry, AReadingTakesTheMeasuresDimensionsAndServicesThatItAsksFor) {
    auto const point = [](double value, std::vector<std::pair<std::string, std::string>> const& attributes) {
        Json one{{"asDouble", value}, {"attributes", Json::array()}};
        for (auto const& [key, text] : attributes)
            one["attributes"].push_back({{"key", "sap.calm.hm." + key}, {"value", {{"stringValue", text}}}});
        return one;
    };
    Json quota{{"name", "disk"}, {"gauge", {{"dataPoints", Json::array()}}}};
    quota["gauge"]["dataPoints"] = Json::array({point(0, {{"metric.type", "quota"}, {"metric.rating", "critical"}}),
                                                point(100, {{"quota", "limit"}}), point(60, {{"quota", "value"}})});
    ASSERT_EQ(world.ask("POST", push_metrics, metric(quota)).status, 200);
    ASSERT_EQ(world.ask("POST", push_metrics, metric(gauge("heap", 10))).status, 200);
    world.pass(1min);
    ASSERT_EQ(world.ask("POST", push_metrics, metric(gauge("heap", 20))).status, 200);
    auto const values = [&](std::string const& measures, std::string const& rest = "") {
        std::vector<double> found;
        auto const json =
            world.get("/api/calm-metrics/v1/metrics?provider=hm&dimensions=serviceType&metrics=" + measures + rest);
        for (auto const& resource : json.value("resourceMetrics", Json::array()))
            for (auto const& one : resource["scopeMetrics"][0]["metrics"])
                found.push_back(one["gauge"]["dataPoints"][0]["asDouble"]);
        return found;
    };
    using testing::ElementsAre;
    EXPECT_THAT(values("measure:value"), ElementsAre(60, 10, 20));
    EXPECT_THAT(values("measure:limit"), ElementsAre(100));
    EXPECT_THAT(values("measure:usage,measure:limit"), ElementsAre(100, 60));
    EXPECT_THAT(values("criticalStatus"), ElementsAre(0));
    EXPECT_THAT(values("measure:okStatus"), testing::IsEmpty());
    EXPECT_THAT(values("measure:value", "&metricId=heap&resolution=5Mi"), ElementsAre(15)) << "the mean";
    EXPECT_THAT(values("measure:value", "&serviceType=SAP_CP_CF"), testing::IsEmpty());
    EXPECT_EQ(values("measure:value", "&serviceType=SAP_S4HANA").size(), 3U);
    auto const text = world.ask("GET",
                                "/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=serviceType"
                                "&metricId=heap&format=text&prefix=sap_",
                                nullptr, false);
    EXPECT_EQ(text.body, "# TYPE sap_heap gauge\nsap_heap{serviceType=\"SAP_S4HANA\"} 20\n");
}

TEST_F(Telemetry, AnalyticsShowWhatWasPushed) {
    std::string const root = "/api/calm-analytics/v1/";
    auto rated = gauge("heap", 30);
    rated["gauge"]["dataPoints"][0]["attributes"] =
        Json::array({{{"key", "sap.calm.hm.metric.rating"}, {"value", {{"stringValue", "warning"}}}}});
    ASSERT_EQ(world.ask("POST", push_metrics, metric(gauge("heap", 10))).status, 200);
    ASSERT_EQ(world.ask("POST", push_metrics, metric(rated)).status, 200);
    ASSERT_EQ(world.ask("POST", push_logs, log("Short dump", "ABAP Runtime")).status, 200);
    ASSERT_EQ(world
                  .admin_call("POST", "events",
                              {{"eventType", "Maintenance"}, {"serviceName", "PRD"}, {"eventName", "Kernel"}})
                  .status,
              201);
    auto const row = world.get(root + "odata/v4/analytics/Metrics")["value"][0];
    EXPECT_EQ(row, (Json{{"metricName", "heap"},
                         {"valueAvg", 20.0},
                         {"warningStratus", 1},
                         {"criticalStatus", 0},
                         {"serviceId", dev.text()}}));
    auto const exceptions = world.get(root + "odata/v4/analytics/DataSet?$filter=provider%20eq%20'Exceptions'");
    EXPECT_EQ(exceptions["value"][0]["text"], "Short dump");
    EXPECT_EQ(exceptions["value"][0]["category"], "ABAP Runtime");
    EXPECT_EQ(world.get(root + "odata/v4/analytics/StatusEvents")["value"][0]["eventName"], "Kernel");
    auto const data = [&](Json body) {
        body["queries"] = Json::array({{{"provider", "Metrics"}}});
        return world.ask("POST", root + "analytics/providers/data", body, false);
    };
    EXPECT_EQ(Json::parse(data({{"format", "table"}}).body)["results"][0]["rows"].size(), 1U);
    EXPECT_EQ(data({{"format", "zzz"}}).status, 400);
    EXPECT_EQ(data({{"format", "time_series"}}).status, 501);
    EXPECT_EQ(data({{"timeRange", {{"semantic", "soon"}}}}).status, 400);
    world.pass(2h);
    EXPECT_TRUE(Json::parse(data({{"timeRange", {{"semantic", "L1H"}}}}).body)["results"][0]["rows"].empty());
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
        {read_metrics + "&colour=red", 400, "Unknown filter"},
        {read_metrics + "&version=V2", 400, "V1 was expected"},
        {read_metrics + "&resolution=7Mi", 400, "5Mi or 15Mi"},
        {read_metrics + "&onLimit=explode", 400, "TRUNCATE"},
        {read_metrics + "&shift=L1H", 501, "not public"},
        {"/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:zzz&dimensions=serviceId", 400, "okStatus"},
        {"/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=zzz", 400, "metricLabel"},
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
    EXPECT_EQ(target_of(push(push_metrics + "&dev=maybe", metric(gauge("a", 1)))), "dev");
    auto purple = gauge("a", 1);
    purple["gauge"]["dataPoints"][0]["attributes"] =
        Json::array({{{"key", "sap.calm.hm.metric.rating"}, {"value", {{"stringValue", "purple"}}}}});
    auto const coloured = push(push_metrics, metric(purple));
    EXPECT_EQ(coloured.status, 400);
    EXPECT_EQ(target_of(coloured), "resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0].attributes");
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
