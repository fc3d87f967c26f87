// Field numbers and names of opentelemetry-proto 1.x. A field that is not here is passed over, as protobuf wants it.
#include "simulator/cloud/otlp_messages.hpp"

#include <algorithm>
#include <array>

namespace almd {

namespace otlp_tables {

namespace {

using enum OtlpForm;
using enum OtlpCount;
using Of = OtlpMessage;

constexpr OtlpField metrics_request[]{{1, "resourceMetrics", message, sure_list, Of::resource_metrics}};
constexpr OtlpField resource_metrics[]{{1, "resource", message, one, Of::resource},
                                       {2, "scopeMetrics", message, sure_list, Of::scope_metrics},
                                       {3, "schemaUrl"}};
constexpr OtlpField scope_metrics[]{
    {1, "scope", message, one, Of::scope}, {2, "metrics", message, sure_list, Of::metric}, {3, "schemaUrl"}};
constexpr OtlpField metric[]{
    {1, "name"},
    {2, "description"},
    {3, "unit"},
    {5, "gauge", message, choice, Of::gauge},
    {7, "sum", refused, choice},
    {9, "histogram", refused, choice},
    {10, "exponentialHistogram", refused, choice},
    {11, "summary", refused, choice},
    {12, "metadata", refused, list},
};
constexpr OtlpField gauge[]{{1, "dataPoints", message, sure_list, Of::number_point}};
constexpr OtlpField number_point[]{
    {2, "startTimeUnixNano", fixed64},
    {3, "timeUnixNano", fixed64},
    {4, "asDouble", floating_point, choice},
    {5, "exemplars", refused, list},
    {6, "asInt", signed_64, choice},
    {7, "attributes", message, list, Of::key_value},
    {8, "flags", whole},
};
constexpr OtlpField logs_request[]{{1, "resourceLogs", message, sure_list, Of::resource_logs}};
constexpr OtlpField resource_logs[]{{1, "resource", message, one, Of::resource},
                                    {2, "scopeLogs", message, sure_list, Of::scope_logs},
                                    {3, "schemaUrl"}};
constexpr OtlpField scope_logs[]{
    {1, "scope", message, one, Of::scope}, {2, "logRecords", message, sure_list, Of::log_record}, {3, "schemaUrl"}};
constexpr OtlpField log_record[]{
    {1, "timeUnixNano", fixed64},
    {2, "severityNumber", whole},
    {3, "severityText"},
    {5, "body", message, one, Of::any_value},
    {6, "attributes", message, list, Of::key_value},
    {7, "droppedAttributesCount", whole},
    {8, "flags", fixed32},
    {9, "traceId", hex_bytes},
    {10, "spanId", hex_bytes},
    {11, "observedTimeUnixNano", fixed64},
    {12, "eventName"},
};
constexpr OtlpField resource[]{{1, "attributes", message, list, Of::key_value},
                               {2, "droppedAttributesCount", whole},
                               {3, "entityRefs", refused, list}};
constexpr OtlpField scope[]{
    {1, "name"}, {2, "version"}, {3, "attributes", message, list, Of::key_value}, {4, "droppedAttributesCount", whole}};
constexpr OtlpField key_value[]{{1, "key"}, {2, "value", message, one, Of::any_value}};
constexpr OtlpField key_value_list[]{{1, "values", message, list, Of::key_value}};
constexpr OtlpField any_value[]{
    {1, "stringValue", text, choice},
    {2, "boolValue", boolean, choice},
    {3, "intValue", whole, choice},
    {4, "doubleValue", floating_point, choice},
    {5, "arrayValue", message, choice, Of::array_value},
    {6, "kvlistValue", message, choice, Of::key_value_list},
    {7, "bytesValue", base64_bytes, choice},
};
constexpr OtlpField array_value[]{{1, "values", message, list, Of::any_value}};

/// In the order of OtlpMessage.
constexpr std::array<std::span<OtlpField const>, 16> all{
    metrics_request, resource_metrics, scope_metrics, metric, gauge,     number_point,   logs_request, resource_logs,
    scope_logs,      log_record,       resource,      scope,  key_value, key_value_list, any_value,    array_value};
static_assert(std::ranges::all_of(all, [](auto const& fields) { return fields.size() <= otlp_fields_max; }));

} // namespace

} // namespace otlp_tables

std::span<OtlpField const> fields_of(OtlpMessage message) {
    return otlp_tables::all[static_cast<std::size_t>(message)];
}

} // namespace almd
