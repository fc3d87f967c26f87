// One registered system that pushes metrics and logs, and a reader of them.
#pragma once

#include "tests/unit/cloud/published_world.hpp"

#include <string>
#include <string_view>

namespace almd::test {

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

} // namespace almd::test
