// Writing OTLP as JSON, in protobuf's mapping: 64-bit whole numbers are texts, bytes are base64, and so are traceId and spanId.
#include "proto/http/certificates.hpp"
#include "proto/messages/json_writer.hpp"
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>

#include <cmath>

namespace almd {

namespace {

void write_any(JsonWriter& out, OtlpValue const& value);

void write_attributes(JsonWriter& out, OtlpAttributes const& attributes, std::string_view list = "attributes") {
    out.objects(list, attributes, [&out](OtlpAttribute const& one) {
        out.field("key", one.key);
        out.name("value");
        write_any(out, one.value);
    });
}

void write_double(JsonWriter& out, double number) {
    if (std::isfinite(number)) return out.value(number);
    out.value(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
}

struct AnyJsonWriter {
    JsonWriter& out;
    void operator()(std::monostate) const {}
    void operator()(std::string const& text) const { out.field("stringValue", text); }
    void operator()(bool flag) const { out.field("boolValue", flag); }
    void operator()(std::int64_t whole) const { out.field("intValue", fmt::format("{}", whole)); }
    void operator()(double number) const {
        out.name("doubleValue");
        write_double(out, number);
    }
    void operator()(OtlpBytes const& data) const { out.field("bytesValue", base64(data.bytes)); }
    void operator()(OtlpArray const& list) const {
        out.name("arrayValue");
        out.begin_object();
        out.name("values");
        out.begin_array();
        for (auto const& one : list) write_any(out, one);
        out.end_array();
        out.end_object();
    }
    void operator()(OtlpAttributes const& map) const {
        out.name("kvlistValue");
        out.begin_object();
        write_attributes(out, map, "values");
        out.end_object();
    }
};

void write_any(JsonWriter& out, OtlpValue const& value) {
    out.begin_object();
    std::visit(AnyJsonWriter{out}, value.is);
    out.end_object();
}

void write_count(JsonWriter& out, std::string_view name, std::uint32_t count) {
    if (count != 0) out.field(name, count);
}
void write_text(JsonWriter& out, std::string_view name, std::string_view text) {
    if (!text.empty()) out.field(name, text);
}
void write_nano(JsonWriter& out, std::string_view name, std::uint64_t nano) {
    out.field(name, fmt::format("{}", nano));
}

void write_point(JsonWriter& out, MetricPoint const& point, OtlpShown shown) {
    out.begin_object();
    write_attributes(out, joined(point.attributes, dimensions_of(point, shown)));
    if (point.start != 0) write_nano(out, "startTimeUnixNano", point.start);
    write_nano(out, "timeUnixNano", point.time);
    if (auto const* whole = std::get_if<std::int64_t>(&point.value)) {
        out.field("asInt", fmt::format("{}", *whole));
    } else {
        out.name("asDouble");
        write_double(out, std::get<double>(point.value));
    }
    write_count(out, "flags", point.flags);
    out.end_object();
}

void write_rows(JsonWriter& out, std::vector<MetricPoint const*> const& points, OtlpShown shown) {
    out.name("metrics");
    out.begin_array();
    for (std::size_t i = 0; i < points.size();) {
        auto const& first = *points[i];
        out.begin_object();
        out.field("name", first.name);
        out.field("unit", first.unit);
        out.field("description", first.description);
        out.name("gauge");
        out.begin_object();
        out.name("dataPoints");
        out.begin_array();
        for (; i < points.size() && is_same_metric(first, *points[i]); ++i) write_point(out, *points[i], shown);
        out.end_array();
        out.end_object();
        out.end_object();
    }
    out.end_array();
}

void write_rows(JsonWriter& out, std::vector<TelemetryLog const*> const& logs, OtlpShown) {
    out.objects("logRecords", logs, [&out](TelemetryLog const* log) {
        write_nano(out, "timeUnixNano", log->time);
        write_nano(out, "observedTimeUnixNano", log->observed);
        out.field("severityNumber", log->severity);
        out.field("severityText", log->severity_text);
        if (!std::holds_alternative<std::monostate>(log->body.is)) {
            out.name("body");
            write_any(out, log->body);
        }
        write_attributes(out, log->attributes);
        write_count(out, "droppedAttributesCount", log->dropped_attributes);
        write_count(out, "flags", log->flags);
        write_text(out, "traceId", base64(log->trace_id));
        write_text(out, "spanId", base64(log->span_id));
        write_text(out, "eventName", log->event_name);
    });
}

void write_scope(JsonWriter& out, OtlpScope const& scope) {
    out.name("scope");
    out.begin_object();
    write_text(out, "name", scope.name);
    write_text(out, "version", scope.version);
    if (!scope.attributes.empty()) write_attributes(out, scope.attributes);
    write_count(out, "droppedAttributesCount", scope.dropped_attributes);
    out.end_object();
}

template <class Row>
std::string export_json(std::span<OtlpGroup<Row> const> groups, OtlpShown shown, std::string_view resources,
                        std::string_view scopes) {
    JsonWriter out{4096};
    out.begin_object();
    if (!groups.empty()) {
        out.name(resources);
        out.begin_array();
        for (auto const& group : groups) {
            out.begin_object();
            out.name("resource");
            out.begin_object();
            write_attributes(out, resource_attributes(group.service, *group.resource));
            write_count(out, "droppedAttributesCount", group.resource->dropped_attributes);
            out.end_object();
            out.objects(scopes, group.parts, [&](typename OtlpGroup<Row>::Part const& part) {
                write_scope(out, *part.scope);
                write_rows(out, part.rows, shown);
                write_text(out, "schemaUrl", part.scope->schema_url);
            });
            write_text(out, "schemaUrl", group.resource->schema_url);
            out.end_object();
        }
        out.end_array();
    }
    out.end_object();
    return out.take();
}

} // namespace

OtlpAttributes joined(OtlpAttributes attributes, OtlpAttributes more) {
    for (auto& one : more)
        if (find_attribute(attributes, one.key) == nullptr) attributes.push_back(std::move(one));
    return attributes;
}

OtlpAttributes dimensions_of(MetricPoint const& point, OtlpShown shown) {
    OtlpAttributes out;
    if (shown.metric_name) out.push_back({"metricName", {point.name}});
    if (shown.metric_label)
        out.push_back({"metricLabel", {point.description.empty() ? point.name : point.description}});
    return out;
}

OtlpAttributes resource_attributes(OtlpService const& service, OtlpResource const& resource) {
    OtlpAttributes all;
    for (auto const& [key, value] :
         {std::pair{"service.name", &service.name}, std::pair{"sap.service.display_name", &service.name},
          std::pair{"sap.service.id", &service.id}, std::pair{"sap.service.type", &service.type}})
        if (!value->empty() && find_attribute(resource.attributes, key) == nullptr) all.push_back({key, {*value}});
    all.insert(all.end(), resource.attributes.begin(), resource.attributes.end());
    return all;
}

std::string otlp_json(std::span<OtlpMetrics const> metrics, OtlpShown shown) {
    return export_json(metrics, shown, "resourceMetrics", "scopeMetrics");
}

std::string otlp_json(std::span<OtlpLogs const> logs) {
    return export_json(logs, {}, "resourceLogs", "scopeLogs");
}

std::string otlp_json(OtlpValue const& value) {
    JsonWriter out{64};
    write_any(out, value);
    return out.take();
}

} // namespace almd
