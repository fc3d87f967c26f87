// OTLP is read back as it was pushed, and as Prometheus text that a parser takes.
#include "tests/unit/cloud/telemetry_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;
using testing::Not;

Json text_attribute(std::string_view key, std::string_view value) {
    return {{"key", key}, {"value", {{"stringValue", value}}}};
}

/// One resource and scope with these elements.
Json pushed(std::string_view kind, std::string_view list, Json elements, Json resource = Json::array()) {
    Json scope{{"scope", {{"name", "lib"}, {"version", "2"}}}};
    scope[std::string{list}] = std::move(elements);
    Json one{{"resource", {{"attributes", std::move(resource)}}}};
    one["scope" + std::string{kind}] = Json::array({std::move(scope)});
    Json out;
    out["resource" + std::string{kind}] = Json::array({std::move(one)});
    return out;
}

Json metrics_of(Json elements, Json resource = Json::array()) {
    return pushed("Metrics", "metrics", std::move(elements), std::move(resource));
}
Json logs_of(Json elements, Json resource = Json::array()) {
    return pushed("Logs", "logRecords", std::move(elements), std::move(resource));
}

struct Otlp : Telemetry {
    std::string const plain = "/api/calm-metrics/v1/metrics?provider=hm&metrics=measure:value&dimensions=";

    void take(std::string const& target, Json const& body) {
        auto const answer = world.ask("POST", target, body);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    std::string text(std::string const& rest) {
        return world.ask("GET", plain + rest + "&format=text", nullptr, false).body;
    }
};

TEST_F(Otlp, RowsOverTheLimitAreRefusedUnlessTheAnswerMayBeCut) {
    Json records = Json::array(), points = Json::array();
    for (int i = 0; i < 5'000; ++i) {
        records.push_back({{"body", {{"stringValue", std::to_string(i)}}}});
        points.push_back({{"asInt", i}});
    }
    auto const gauges = [](Json list) {
        return metrics_of(Json::array({{{"name", "m"}, {"gauge", {{"dataPoints", std::move(list)}}}}}));
    };
    take(push_logs, logs_of(records));
    take(push_metrics, gauges(points));
    for (auto const& read : {read_logs + "&format=protobuf-json", read_metrics})
        EXPECT_EQ(world.ask("GET", read).status, 200) << "the limit itself is none too many";
    take(push_logs, logs_of(Json::array({records[0]})));
    take(push_metrics, gauges(Json::array({points[0]})));
    for (auto const& read : {read_logs + "&format=protobuf-json", read_metrics}) {
        auto const refused = world.ask("GET", read);
        EXPECT_EQ(refused.status, 403);
        EXPECT_EQ(code_of(refused), "FORBIDDEN");
        EXPECT_EQ(message_of(refused), "Response total count is over the limit");
    }
    auto const records_in = [&](std::string const& rest) {
        return world
            .get(read_logs + "&format=protobuf-json&onLimit=truncate" +
                 rest)["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
            .size();
    };
    EXPECT_EQ(records_in(""), 5'000U);
    EXPECT_EQ(records_in("&offset=5000"), 1U);
    EXPECT_EQ(records_in("&limit=6000"), 5'001U);
    auto const cut = world.get(read_metrics + "&onLimit=TRUNCATE&offset=4999&limit=2");
    auto const metric = cut["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0];
    EXPECT_EQ(metric["gauge"]["dataPoints"].size(), 2U);
}

TEST_F(Otlp, LabelsAreUniqueAndNoAttributeSpeaksForADimension) {
    Json point{{"asInt", "1"}};
    point["attributes"] =
        Json::array({text_attribute("x_y", "2"), text_attribute("x.y", "1"), text_attribute("1k", "k"),
                     text_attribute("serviceId", "mine"), text_attribute("__name__", "n\"\n"),
                     text_attribute("metric.name", "free"), text_attribute("metricName", "other")});
    take(push_metrics, metrics_of(Json::array({{{"name", "5xx"}, {"gauge", {{"dataPoints", Json::array({point})}}}}})));
    EXPECT_EQ(text("serviceId,metricName"),
              "# TYPE _5xx gauge\n_5xx{serviceId=\"" + dev.text() +
                  "\",metricName=\"5xx\",_1k=\"k\",_name_=\"n\\\"\\n\",exported_metricName=\"other\","
                  "exported_serviceId=\"mine\",metric_name=\"free\",x_y=\"1;2\",otel_scope_name=\"lib\","
                  "otel_scope_version=\"2\"} 1\n");
}

TEST_F(Otlp, EverySeriesIsALineOfItsOwn) {
    auto const push = [&](std::string_view name, int value, std::string_view host, std::string_view unit = "") {
        Json metric{{"name", name}, {"unit", unit}, {"gauge", {{"dataPoints", Json::array({{{"asInt", value}}})}}}};
        take(push_metrics, metrics_of(Json::array({metric}), Json::array({text_attribute("host.name", host)})));
    };
    push("a.b", 1, "h1");
    push("a_b", 2, "h1");
    push("a.b", 11, "h2");
    push("u", 5, "h1", "mb");
    push("u", 6, "h1", "gb");
    std::string const rest = "otel_scope_name=\"lib\",otel_scope_version=\"2\"";
    EXPECT_EQ(text("serviceType"), "# TYPE a_b gauge\n"
                                   "a_b{serviceType=\"SAP_S4HANA\",host_name=\"h1\"," +
                                       rest +
                                       ",metricName=\"a.b\"} 1\n"
                                       "a_b{serviceType=\"SAP_S4HANA\",host_name=\"h1\"," +
                                       rest +
                                       ",metricName=\"a_b\"} 2\n"
                                       "a_b{serviceType=\"SAP_S4HANA\",host_name=\"h2\"," +
                                       rest +
                                       "} 11\n"
                                       "# TYPE u gauge\n"
                                       "u{serviceType=\"SAP_S4HANA\",host_name=\"h1\"," +
                                       rest +
                                       ",metricUnit=\"gb\"} 6\n"
                                       "u{serviceType=\"SAP_S4HANA\",host_name=\"h1\"," +
                                       rest + ",metricUnit=\"mb\"} 5\n");
    auto const qua = world.enroll("QUA");
    take("/api/calm-metrics/v1/metrics?useCase=hm&serviceId=" + qua.text(),
         metrics_of(Json::array({{{"name", "a.b"}, {"gauge", {{"dataPoints", Json::array({{{"asInt", 12}}})}}}}}),
                    Json::array({text_attribute("host.name", "h2")})));
    EXPECT_THAT(text("metricName"), HasSubstr(rest + ",serviceId=\"" + dev.text() + "\"} 11\n"));
    EXPECT_THAT(text("metricName"), HasSubstr(rest + ",serviceId=\"" + qua.text() + "\"} 12\n"));
}

TEST_F(Otlp, TextShowsTheNewestValueAndItsTimeWhenAskedFor) {
    Json points = Json::array({{{"asDouble", 2.5}, {"timeUnixNano", "1772344800123456789"}},
                               {{"asDouble", 1}, {"timeUnixNano", "1772344799000000000"}}});
    take(push_metrics,
         metrics_of(Json::array({{{"name", "m"}, {"description", "Memory"}, {"gauge", {{"dataPoints", points}}}}})));
    std::string const series = "m{metricName=\"m\",metricLabel=\"Memory\",otel_scope_name=\"lib\","
                               "otel_scope_version=\"2\"} 2.5";
    EXPECT_EQ(text("metricName,metricLabel"), "# TYPE m gauge\n" + series + "\n");
    EXPECT_EQ(text("metricName,metricLabel&preserveTimeStamp=true"), "# TYPE m gauge\n" + series + " 1772344800123\n");
    auto const read = world.get(plain + "metricName,metricLabel");
    auto const point = read["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["gauge"]["dataPoints"][0];
    EXPECT_EQ(point["attributes"],
              Json::array({text_attribute("metricName", "m"), text_attribute("metricLabel", "Memory")}));
    EXPECT_EQ(point["timeUnixNano"], "1772344800123456789");
    auto const bare = world.get(plain + "serviceType");
    EXPECT_EQ(bare["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["gauge"]["dataPoints"][0]["attributes"],
              Json::array());
}

TEST_F(Otlp, WholeNumbersStayWhole) {
    // Neither is a double.
    Json points =
        Json::array({{{"asInt", "9223372036854775807"}, {"attributes", Json::array({text_attribute("n", "max")})}},
                     {{"asInt", -9'007'199'254'740'993}},
                     {{"asInt", 2.0}, {"attributes", Json::array({text_attribute("n", "two")})}}});
    take(push_metrics, metrics_of(Json::array({{{"name", "m"}, {"gauge", {{"dataPoints", points}}}}})));
    auto const read = world.get(plain + "serviceId");
    auto const back = read["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["gauge"]["dataPoints"];
    EXPECT_EQ(back[0]["asInt"], "9223372036854775807");
    EXPECT_EQ(back[1]["asInt"], "-9007199254740993");
    EXPECT_EQ(back[2]["asInt"], "2");
    EXPECT_FALSE(back[0].contains("asDouble"));
    EXPECT_THAT(text("serviceId"), HasSubstr("} 9223372036854775807\n"));
    EXPECT_THAT(text("serviceId"), HasSubstr("} -9007199254740993\n"));
    auto const binary = world.ask("GET", plain + "serviceId&format=protobuf-binary", nullptr, false).body;
    EXPECT_THAT(binary, HasSubstr("\x31\xff\xff\xff\xff\xff\xff\xff\x7f")) << "sfixed64 in field 6";
    auto const mean = world.get(plain + "serviceId&resolution=5Mi");
    EXPECT_EQ(mean["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["gauge"]["dataPoints"].size(), 3U);
}

TEST_F(Otlp, ALogIsReadBackAsItCame) {
    Json const list{{"arrayValue", {{"values", Json::array({{{"stringValue", "x"}}, {{"intValue", "-7"}}})}}}};
    Json const body{{"kvlistValue",
                     {{"values", Json::array({{{"key", "a"}, {"value", {{"intValue", "5"}}}},
                                              {{"key", "list"}, {"value", list}},
                                              {{"key", "none"}, {"value", Json::object()}}})}}}};
    Json const attributes = Json::array({{{"key", "i"}, {"value", {{"intValue", "9007199254740993"}}}},
                                         {{"key", "b"}, {"value", {{"boolValue", true}}}},
                                         {{"key", "d"}, {"value", {{"doubleValue", 0.1}}}},
                                         {{"key", "raw"}, {"value", {{"bytesValue", "AP8="}}}},
                                         {{"key", "list"}, {"value", list}}});
    Json record{{"timeUnixNano", "1772344799123456789"},
                {"observedTimeUnixNano", "1772344799123456790"},
                {"severityNumber", 17},
                {"severityText", "ERROR"},
                {"traceId", "5b8efff798038103d269b633813fc60c"},
                {"spanId", "EEE19B7EC3C1B174"},
                {"flags", 1},
                {"droppedAttributesCount", 2},
                {"eventName", "dump"},
                {"body", body},
                {"attributes", attributes}};
    Json one = logs_of(Json::array({record}), Json::array({text_attribute("host.name", "h1")}));
    one["resourceLogs"][0]["schemaUrl"] = "https://schema/1";
    one["resourceLogs"][0]["scopeLogs"][0]["scope"]["attributes"] = attributes;
    take(push_logs, one);
    auto const read = world.get(read_logs + "&format=protobuf-json")["resourceLogs"];
    ASSERT_EQ(read.size(), 1U);
    record["traceId"] = "W47/95gDgQPSabYzgT/GDA=="; // protobuf's mapping has base64
    record["spanId"] = "7uGbfsPBsXQ=";
    EXPECT_EQ(read[0]["scopeLogs"][0]["logRecords"], Json::array({record}));
    EXPECT_EQ(read[0]["scopeLogs"][0]["scope"], one["resourceLogs"][0]["scopeLogs"][0]["scope"]);
    EXPECT_EQ(read[0]["schemaUrl"], "https://schema/1");
    EXPECT_THAT(read[0]["resource"]["attributes"], testing::Contains(text_attribute("host.name", "h1")));
    EXPECT_THAT(read[0]["resource"]["attributes"], testing::Contains(text_attribute("service.name", "DEV000")));
    auto const binary = world.ask("GET", read_logs, nullptr, false).body;
    EXPECT_THAT(binary, HasSubstr("\x4a\x10\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c"));
    EXPECT_THAT(binary, HasSubstr("\x52\x08\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74"));
    EXPECT_THAT(binary, HasSubstr("\x0a\x01"
                                  "b\x12\x02\x10\x01"))
        << "a boolean";
    EXPECT_THAT(binary, HasSubstr("\x0a\x01"
                                  "a\x12\x02\x18\x05"))
        << "a whole number, in the body";
    EXPECT_THAT(binary, HasSubstr("\x2a\x12\x0a\x03\x0a\x01x\x0a\x0b\x18\xf9\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
        << "a list";
    EXPECT_THAT(binary, HasSubstr(std::string{"\x45\x01\x00\x00\x00\x4a", 6})) << "flags are fixed32";
}

TEST_F(Otlp, AMetricKeepsResourceScopeAndTypes) {
    Json const list{{"arrayValue", {{"values", Json::array({{{"boolValue", false}}})}}}};
    Json point{
        {"asDouble", 0.5}, {"timeUnixNano", "1772344800000000001"}, {"startTimeUnixNano", "1772344799000000001"}};
    point["attributes"] = Json::array({{{"key", "list"}, {"value", list}}});
    Json const metric{{"name", "m"}, {"unit", "s"}, {"description", "d"}, {"gauge", {{"dataPoints", {point, point}}}}};
    Json const resource =
        Json::array({text_attribute("service.name", "third-party"), {{"key", "pid"}, {"value", {{"intValue", "12"}}}}});
    take(push_metrics, metrics_of(Json::array({metric}), resource));
    auto const read = world.get(plain + "serviceName,serviceId")["resourceMetrics"];
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0]["scopeMetrics"][0]["metrics"], Json::array({metric}));
    EXPECT_EQ(read[0]["scopeMetrics"][0]["scope"], (Json{{"name", "lib"}, {"version", "2"}}));
    EXPECT_EQ(read[0]["resource"]["attributes"],
              Json::array({text_attribute("sap.service.display_name", "DEV000"),
                           text_attribute("sap.service.id", dev.text()), resource[0], resource[1]}));
    EXPECT_THAT(text("serviceName"),
                HasSubstr("m{serviceName=\"DEV000\",list=\"{\\\"arrayValue\\\":{\\\"values\\\":"
                          "[{\\\"boolValue\\\":false}]}}\",pid=\"12\",service_name=\"third-party\""));
}

TEST_F(Otlp, WhatCannotBeKeptIsRefusedWithItsPath) {
    std::pair<Json, std::string_view> const logs[]{
        {Json::object(), "resourceLogs"},
        {{{"resourceLogs", 5}}, "resourceLogs"},
        {{{"resourceLogs", Json::array({Json::object()})}}, "resourceLogs[0].scopeLogs"},
        {logs_of(Json::array({{{"traceId", "zz"}}})), "resourceLogs[0].scopeLogs[0].logRecords[0].traceId"},
        {logs_of(Json::array({{{"spanId", "eee19b7ec3c1b17"}}})), "resourceLogs[0].scopeLogs[0].logRecords[0].spanId"},
        {logs_of(Json::array({{{"body", "text"}}})), "resourceLogs[0].scopeLogs[0].logRecords[0].body"},
        {logs_of(Json::array({{{"body", {{"textValue", "x"}}}}})),
         "resourceLogs[0].scopeLogs[0].logRecords[0].body.textValue"},
        {logs_of(Json::array({{{"body", {{"intValue", 1.5}}}}})),
         "resourceLogs[0].scopeLogs[0].logRecords[0].body.intValue"},
        {logs_of(Json::array({{{"attributes", Json::array({{{"value", Json::object()}}})}}})),
         "resourceLogs[0].scopeLogs[0].logRecords[0].attributes[0].key"},
    };
    for (auto const& [body, target] : logs) {
        auto const answer = world.ask("POST", push_logs, body, false);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(target_of(answer), target);
        EXPECT_THAT(message_of(answer), testing::StartsWith(std::string{target} + ": "));
    }
    std::string const point = "resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0]";
    std::pair<Json, std::string> const points[]{
        {{{"asInt", "9223372036854775808"}}, ".asInt"},
        {{{"asInt", 1.5}}, ".asInt"},
        {{{"asInt", 1}, {"asDouble", 1}}, ".asDouble"},
        {{{"asDouble", "1"}}, ".asDouble"},
        {{{"asDouble", 1}, {"exemplars", Json::array({Json::object()})}}, ".exemplars"},
        {{{"asDouble", 1}, {"timeUnixNano", "soon"}}, ".timeUnixNano"},
    };
    for (auto const& [one, target] : points) {
        auto const answer = world.ask(
            "POST", push_metrics,
            metrics_of(Json::array({{{"name", "m"}, {"gauge", {{"dataPoints", Json::array({one})}}}}})), false);
        EXPECT_EQ(answer.status, 400) << one;
        EXPECT_EQ(target_of(answer), point + target);
    }
    // 3 bytes each here, 40 or more when they are kept.
    Json many = Json::array();
    for (int i = 0; i < 250'000; ++i) many.push_back(Json::object());
    auto const swollen = world.ask(
        "POST", push_logs, logs_of(Json::array({{{"body", {{"arrayValue", {{"values", std::move(many)}}}}}}})), false);
    EXPECT_EQ(swollen.status, 413);
    EXPECT_EQ(target_of(swollen), "resourceLogs[0].scopeLogs[0].logRecords[0]");
    auto const heavy =
        world.ask("POST", push_logs,
                  logs_of(Json::array({Json::object()}), Json::array({text_attribute("a", std::string(9'000, 'x')),
                                                                      text_attribute("b", std::string(9'000, 'x'))})),
                  false);
    EXPECT_EQ(target_of(heavy), "resourceLogs[0].resource.attributes");
    EXPECT_EQ(target_of(world.ask("POST", push_metrics, Json::object(), false)), "resourceMetrics");
    EXPECT_EQ(target_of(world.ask("POST", push_metrics, Json::array(), false)), "$");
    EXPECT_THAT(text("serviceId"), Not(HasSubstr("m{"))) << "nothing of a refused push is kept";
}

} // namespace
} // namespace almd::test
