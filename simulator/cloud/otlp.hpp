// OTLP: what is pushed as JSON or protobuf is read, what is read back is written as JSON, protobuf or Prometheus text.
#pragma once

#include "simulator/cloud/telemetry_shelf.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline constexpr std::size_t otlp_points_max = 5'000; ///< data points or records of one push (V as a partner's number)

/// resourceMetrics with gauges, the three shapes of reference/cloud-alm.md 2.6. A point without timeUnixNano is of now. Names
/// that OTLP does not have are passed over, as its specification wants it; what it has and is not kept here is refused.
/// Errors: invalid with the path; sums and histograms (not supported by Cloud ALM, V); too_large.
Result<std::vector<OtlpBlock<MetricPoint>>> read_otlp_metrics(std::string_view json, CloudSlot slot, TimePoint now);
Result<std::vector<OtlpBlock<TelemetryLog>>> read_otlp_logs(std::string_view json, CloudSlot slot, TimePoint now);

/// The JSON that says what an ExportMetricsServiceRequest or ExportLogsServiceRequest says; at most ten times as long. Errors:
/// invalid with the path in that JSON: no protobuf, a field of another type, what JSON cannot say.
Result<std::string> otlp_metrics_json(std::string_view protobuf);
Result<std::string> otlp_logs_json(std::string_view protobuf);

/// The service that rows belong to, added to the resource that was pushed: service.name, unless that names one (V),
/// sap.service.display_name (V); ID and type have names of ours. What is empty is left out.
struct OtlpService {
    std::string name, id, type{};
    std::string lms_id{}; ///< always there; not shown
};

template <class Row>
struct OtlpGroup {
    struct Part {
        OtlpScope const* scope;
        std::vector<Row const*> rows;
    };
    OtlpService service;
    OtlpResource const* resource;
    std::vector<Part> parts;
};
using OtlpMetrics = OtlpGroup<MetricPoint>;
using OtlpLogs = OtlpGroup<TelemetryLog>;

/// What a reader of metrics asked to see beside the points: attributes metricName and metricLabel (names V; that a label is the
/// description, or the name where there is none, is I), and times in Prometheus text.
struct OtlpShown {
    bool metric_name = false, metric_label = false, times = false;
};
/// The metric as dimensions that were asked for.
OtlpAttributes dimensions_of(MetricPoint const& point, OtlpShown shown);
/// Attributes with those of `more` whose keys are not there yet.
OtlpAttributes joined(OtlpAttributes attributes, OtlpAttributes more);
OtlpAttributes resource_attributes(OtlpService const& service, OtlpResource const& resource);
inline bool is_same_metric(MetricPoint const& a, MetricPoint const& b) {
    return a.name == b.name && a.unit == b.unit && a.description == b.description;
}

std::string otlp_json(std::span<OtlpMetrics const> metrics, OtlpShown shown = {});
std::string otlp_json(std::span<OtlpLogs const> logs);
std::string otlp_json(OtlpValue const& value);
/// ExportMetricsServiceRequest and ExportLogsServiceRequest of opentelemetry-proto 1.x, written by hand: a dozen message types.
std::string otlp_protobuf(std::span<OtlpMetrics const> metrics, OtlpShown shown = {});
std::string otlp_protobuf(std::span<OtlpLogs const> logs);
std::string otlp_protobuf(OtlpResource const& resource); ///< with its schema, so that equal bytes are equal resources
std::string otlp_protobuf(OtlpScope const& scope);
std::string otlp_protobuf(OtlpAttributes const& attributes);
/// Text exposition format 0.0.4; the newest value of each series.
std::string prometheus_text(std::span<OtlpMetrics const> metrics, std::string_view prefix = {}, OtlpShown shown = {});

} // namespace almd
