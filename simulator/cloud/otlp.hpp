// OTLP: what is pushed as JSON is read, what is read back is written as JSON, protobuf or Prometheus text.
#pragma once

#include "simulator/cloud/telemetry_shelf.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline constexpr std::size_t otlp_points_max = 5'000; ///< data points or records of one push (V as a partner's number)

/// resourceMetrics with gauges, the three shapes of reference/cloud-alm.md 2.6. A point without timeUnixNano is of now.
/// Errors: invalid with the path; sums and histograms (not supported by Cloud ALM, V); too_large.
Result<std::vector<MetricPoint>> read_otlp_metrics(std::string_view json, CloudSlot slot, TimePoint now);
Result<std::vector<TelemetryLog>> read_otlp_logs(std::string_view json, CloudSlot slot, TimePoint now);

/// The service that rows belong to, as resource attributes service.name and sap.service.display_name (V); ID and type have names
/// of ours. What is empty is left out.
struct OtlpService {
    std::string name, id, type{};
};
struct OtlpMetrics {
    OtlpService service;
    std::vector<MetricPoint const*> points;
};
struct OtlpLogs {
    OtlpService service;
    std::vector<TelemetryLog const*> logs;
};

std::string otlp_json(std::span<OtlpMetrics const> metrics);
std::string otlp_json(std::span<OtlpLogs const> logs);
/// ExportMetricsServiceRequest and ExportLogsServiceRequest of opentelemetry-proto 1.x, written by hand: eight message types.
std::string otlp_protobuf(std::span<OtlpMetrics const> metrics);
std::string otlp_protobuf(std::span<OtlpLogs const> logs);
/// Text exposition format 0.0.4; the newest value of each series.
std::string prometheus_text(std::span<OtlpMetrics const> metrics, std::string_view prefix = {});

} // namespace almd
