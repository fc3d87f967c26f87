// Metrics and logs: pushed as OTLP JSON, read back in all forms, and the refusals of a tenant.
#include "simulator/cloud/telemetry_shelf.hpp"
#include "tests/unit/cloud/telemetry_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

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
    std::string const scope = R"(otel_scope_name="test",otel_scope_version="1")";
    EXPECT_THAT(text.body, HasSubstr("# TYPE heap_used gauge\nheap_used{serviceName=\"DEV000\",serviceId=\"" +
                                     dev.text() + "\",metricName=\"heap.used\"," + scope + "} 12.5\n"));
    EXPECT_THAT(text.body, HasSubstr("sap_calm_hm_metric_rating=\"warning\"," + scope + "} 1\n"));
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
                for (auto const& at : one["gauge"]["dataPoints"]) found.push_back(at["asDouble"]);
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
    EXPECT_EQ(text.body, "# TYPE sap_heap gauge\nsap_heap{serviceType=\"SAP_S4HANA\",otel_scope_name=\"test\","
                         "otel_scope_version=\"1\"} 20\n");
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
    EXPECT_EQ(data({{"timeRange", {{"semantic", "C24H"}}}}).status, 501);
    world.pass(2h);
    EXPECT_TRUE(Json::parse(data({{"timeRange", {{"semantic", "L1H"}}}}).body)["results"][0]["rows"].empty());
}

TEST_F(Telemetry, TheAverageOfAQuotaIsThatOfItsUsedValues) {
    auto const point = [](double value, std::string_view key, std::string_view text) {
        return Json{{"asDouble", value},
                    {"attributes", Json::array({{{"key", key}, {"value", {{"stringValue", text}}}}})}};
    };
    Json quota{{"name", "disk"}};
    quota["gauge"]["dataPoints"] =
        Json::array({point(0, "sap.calm.hm.metric.rating", "critical"), point(100, "sap.calm.hm.quota", "limit"),
                     point(77, "sap.calm.hm.quota", "value")});
    quota["gauge"]["dataPoints"][0]["attributes"].push_back(
        {{"key", "sap.calm.hm.metric.type"}, {"value", {{"stringValue", "quota"}}}});
    ASSERT_EQ(world.ask("POST", push_metrics, metric(quota)).status, 200);
    quota["name"] = "limits";
    quota["gauge"]["dataPoints"].erase(2);
    ASSERT_EQ(world.ask("POST", push_metrics, metric(quota)).status, 200);
    auto const rows = world.get("/api/calm-analytics/v1/odata/v4/analytics/Metrics")["value"];
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["valueAvg"], 77);
    EXPECT_EQ(rows[0]["criticalStatus"], 1);
    EXPECT_EQ(rows[1]["valueAvg"], nullptr) << "a limit is no value";
}

TEST_F(Telemetry, AnalyticsRowsAreFilteredOrderedAndCounted) {
    for (auto const& [name, value] : {std::pair{"heap", 1.5}, {"disk", 30.0}, {"cpu", 30.0}})
        ASSERT_EQ(world.ask("POST", push_metrics, metric(gauge(name, value))).status, 200);
    ASSERT_EQ(world.ask("POST", push_logs, log("Short dump", "ABAP Runtime")).status, 200);
    ASSERT_EQ(world.ask("POST", push_logs, log("Lost", "ABAP System Log")).status, 200);
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics/";
    auto const names = [&](std::string const& options) {
        std::vector<std::string> found;
        auto const answer = world.get(root + "Metrics?" + options);
        for (auto const& row : answer["value"]) found.push_back(row["metricName"]);
        return found;
    };
    using testing::ElementsAre;
    auto const filter = [](std::string_view text) { return "$filter=" + percent_encode(text); };
    EXPECT_THAT(names(filter("metricName eq 'heap'")), ElementsAre("heap"));
    EXPECT_THAT(names(filter("valueAvg gt 1.5 and serviceId eq '" + dev.text() + "'")), ElementsAre("cpu", "disk"));
    EXPECT_EQ(names(filter("serviceId eq " + dev.text())).size(), 3U) << "with quotes or without";
    EXPECT_THAT(names(filter("serviceId ne " + dev.text())), testing::IsEmpty());
    EXPECT_THAT(names("$orderby=valueAvg,metricName%20desc"), ElementsAre("heap", "disk", "cpu"));
    EXPECT_THAT(names("$top=1&$skip=1&$orderby=metricName"), ElementsAre("disk"));
    for (auto const* unknown : {"(((", "colour eq 'red'", "valueAvg eq 'text'"})
        EXPECT_THAT(names(filter(unknown)), ElementsAre("cpu", "disk", "heap")) << "silently ignored: " << unknown;
    EXPECT_EQ(names("$orderby=colour").size(), 3U);
    auto const few = world.get(root + "Metrics?$count=true&$select=valueAvg,colour&" + filter("metricName eq 'heap'"));
    EXPECT_EQ(few["@odata.count"], 1) << "of the rows that the filter leaves";
    EXPECT_EQ(few["value"], Json::array({{{"valueAvg", 1.5}}}));
    auto const set = world.get(root + "DataSet?" +
                               filter("provider eq 'Exceptions' and resolution eq 'M' and period eq 'L24H' and "
                                      "contains(category,'Runtime') and severityNumber ge 17"));
    ASSERT_EQ(set["value"].size(), 1U);
    EXPECT_EQ(set["value"][0]["text"], "Short dump");
    world.pass(25h);
    world.bearer.clear(); // that token has ended
    EXPECT_EQ(world.get(root + "DataSet?" + filter("provider eq 'Exceptions'"))["value"].size(), 2U);
    EXPECT_EQ(world.get(root + "DataSet?" + filter("period eq 'L24H' and provider eq 'Exceptions'"))["value"].size(),
              0U);
}

TEST_F(Telemetry, AnalyticsComeInPages) {
    Json many = metric(gauge("m0", 0));
    auto& metrics = many["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
    for (int i = 1; i < 1'200; ++i) metrics.push_back(gauge("m" + std::to_string(i), i));
    ASSERT_EQ(world.ask("POST", push_metrics, many).status, 200);
    std::string const root = "/api/calm-analytics/v1/odata/v4/analytics/";
    auto const first = world.get(root + "Metrics?$filter=valueAvg%20ge%201");
    EXPECT_EQ(first["value"].size(), 1'000U);
    auto const second = world.get(root + first["@odata.nextLink"].get<std::string>());
    EXPECT_EQ(second["value"].size(), 199U);
    EXPECT_FALSE(second.contains("@odata.nextLink"));
    EXPECT_EQ(world.get(root + "Metrics?$top=1100")["value"].size(), 1'100U);
    auto const body = world.ask("POST", "/api/calm-analytics/v1/analytics/providers/data",
                                {{"limit", 1'100}, {"offset", 150}, {"queries", {{{"provider", "Metrics"}}}}});
    EXPECT_EQ(Json::parse(body.body)["results"][0]["rows"].size(), 1'050U);
}

TEST_F(Telemetry, ProtobufIsWhatTheWireFormatSays) {
    Json one = gauge("m", 1);
    one["unit"] = "";
    one["gauge"]["dataPoints"][0]["timeUnixNano"] = "1772344800000000000"; // 2026-03-01T06:00:00Z
    ASSERT_EQ(world.ask("POST", push_metrics, metric(one)).status, 200);
    auto const body = world
                          .ask("GET",
                               "/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=serviceId"
                               "&format=protobuf-binary",
                               nullptr, false)
                          .body;
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

TEST_F(Telemetry, AWindowOfLogsThatCannotBeIsRefusedWhereItWasSaid) {
    for (auto const& [rest, target] :
         {std::pair{"&from=20260301063000&to=20260301060000", "from"}, std::pair{"&from=20260301070000", "from"},
          std::pair{"&from=20260301040000&to=20260301060000", "from"}, std::pair{"&period=61M", "period"}}) {
        auto const answer = world.ask("GET", read_logs + rest, nullptr, false);
        EXPECT_EQ(answer.status, 400) << rest;
        EXPECT_EQ(target_of(answer), target) << rest;
    }
    EXPECT_THAT(message_of(world.ask("GET", read_logs + "&from=20260301063000&to=20260301060000", nullptr, false)),
                HasSubstr("From is after to, which is 2026-03-01T06:00:00.000Z"));
    world.get(read_logs + "&format=protobuf-json&to=20260301040000"); // of old times: the hour before
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
        {read_metrics + "&period=C1H", 501, "not public; L1H goes back from now"},
        {read_metrics + "&limit=5", 403, "Response total count is over the limit"},
        {read_logs + "&version=V2", 400, "V1 was expected"},
        {read_logs + "&onLimit=explode", 400, "TRUNCATE"},
        {read_logs + "&format=text", 400, "protobuf-json"},
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
    for (int i = 0; i < 3'000; ++i) {
        OtlpBlock<TelemetryLog> block;
        block.resource.attributes.push_back({"host.name", {"h" + std::to_string(i)}});
        block.parts.emplace_back().rows.emplace_back().body.is = std::string(10'000, 'x');
        shelf.keep(std::move(block));
    }
    EXPECT_LT(shelf.logs().size() * 10'000, TelemetryShelf::ring_bytes_max);
    EXPECT_EQ(shelf.logs().size() + shelf.forgotten(), 3'000U);
    EXPECT_EQ(text_attribute(shelf.logs().back().resource->second.value.attributes, "host.name"), "h2999");
}

TEST_F(Telemetry, WhatIsKeptInDepthCountsAndIsKeptOnce) {
    auto const kept = [](OtlpValue const& body, std::string_view host, std::size_t rows) {
        TelemetryShelf shelf;
        for (std::size_t i = 0; i < rows; ++i) {
            OtlpBlock<TelemetryLog> block;
            block.resource.attributes.push_back({"host.name", {std::string{host}}});
            block.parts.emplace_back().rows.emplace_back().body = body;
            shelf.keep(std::move(block));
        }
        return shelf.bytes();
    };
    OtlpValue nested;
    nested.is = OtlpAttributes{{"list", {OtlpArray{{std::string(5'000, 'x')}, {std::int64_t{1}}}}}};
    EXPECT_GT(kept(nested, "h", 1), kept({}, "h", 1) + 5'000);
    std::string const host(5'000, 'h');
    EXPECT_GT(kept({}, host, 1), kept({}, "h", 1) + 5'000);
    EXPECT_LT(kept({}, host, 2), kept({}, "h", 2) + 15'000) << "the resource is kept once";
}

} // namespace
} // namespace almd::test
