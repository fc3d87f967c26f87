// Writing OTLP as protobuf.
#include "simulator/cloud/otlp.hpp"

#include <bit>

namespace almd {

namespace {

/// The wire types that OTLP needs: varint, 64 and 32 bits, and bytes with their length. A default is not written.
class Protobuf {
public:
    void varint(int field, std::uint64_t value) {
        tag(field, 0);
        raw(value);
    }
    void number(int field, std::uint64_t value) {
        if (value != 0) varint(field, value);
    }
    void fixed64(int field, std::uint64_t value) {
        tag(field, 1);
        for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
    }
    void fixed32(int field, std::uint32_t value) {
        tag(field, 5);
        for (int i = 0; i < 4; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
    }
    void bytes(int field, std::string_view value) {
        tag(field, 2);
        raw(value.size());
        out_ += value;
    }
    void text(int field, std::string_view value) {
        if (!value.empty()) bytes(field, value);
    }
    void message(int field, Protobuf const& inner) { bytes(field, inner.out_); }
    std::string take() { return std::move(out_); }

private:
    void tag(int field, int type) { raw(static_cast<std::uint64_t>(field) << 3 | static_cast<unsigned>(type)); }
    void raw(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) out_ += static_cast<char>((value & 0x7f) | 0x80);
        out_ += static_cast<char>(value);
    }
    std::string out_;
};

Protobuf any_value_message(OtlpValue const& value);

void add_attributes(Protobuf& out, int field, OtlpAttributes const& attributes) {
    for (auto const& [key, value] : attributes) {
        Protobuf pair;
        pair.text(1, key);
        pair.message(2, any_value_message(value));
        out.message(field, pair);
    }
}

/// Of a oneof the default is written too, because the field says which one it is.
struct AnyValueWriter {
    Protobuf& out;
    void operator()(std::monostate) const {}
    void operator()(std::string const& text) const { out.bytes(1, text); }
    void operator()(bool flag) const { out.varint(2, flag ? 1 : 0); }
    void operator()(std::int64_t whole) const { out.varint(3, static_cast<std::uint64_t>(whole)); }
    void operator()(double number) const { out.fixed64(4, std::bit_cast<std::uint64_t>(number)); }
    void operator()(OtlpBytes const& data) const { out.bytes(7, data.bytes); }
    void operator()(OtlpArray const& list) const {
        Protobuf array;
        for (auto const& one : list) array.message(1, any_value_message(one));
        out.message(5, array);
    }
    void operator()(OtlpAttributes const& map) const {
        Protobuf pairs;
        add_attributes(pairs, 1, map);
        out.message(6, pairs);
    }
};

Protobuf any_value_message(OtlpValue const& value) {
    Protobuf out;
    std::visit(AnyValueWriter{out}, value.is);
    return out;
}

Protobuf scope_message(OtlpScope const& scope) {
    Protobuf out;
    out.text(1, scope.name);
    out.text(2, scope.version);
    add_attributes(out, 3, scope.attributes);
    out.number(4, scope.dropped_attributes);
    return out;
}

Protobuf resource_message(OtlpAttributes const& attributes, std::uint32_t dropped) {
    Protobuf out;
    add_attributes(out, 1, attributes);
    out.number(2, dropped);
    return out;
}

void add_rows(Protobuf& scope, std::vector<MetricPoint const*> const& points, OtlpShown shown) {
    for (std::size_t i = 0; i < points.size();) {
        auto const& first = *points[i];
        Protobuf gauge, metric;
        for (; i < points.size() && is_same_metric(first, *points[i]); ++i) {
            auto const& point = *points[i];
            Protobuf number;
            if (point.start != 0) number.fixed64(2, point.start);
            number.fixed64(3, point.time);
            if (auto const* whole = std::get_if<std::int64_t>(&point.value))
                number.fixed64(6, static_cast<std::uint64_t>(*whole));
            else
                number.fixed64(4, std::bit_cast<std::uint64_t>(std::get<double>(point.value)));
            add_attributes(number, 7, joined(point.attributes, dimensions_of(point, shown)));
            number.number(8, point.flags);
            gauge.message(1, number);
        }
        metric.text(1, first.name);
        metric.text(2, first.description);
        metric.text(3, first.unit);
        metric.message(5, gauge);
        scope.message(2, metric);
    }
}

void add_rows(Protobuf& scope, std::vector<TelemetryLog const*> const& logs, OtlpShown) {
    for (auto const* log : logs) {
        Protobuf record;
        record.fixed64(1, log->time);
        record.number(2, static_cast<std::uint64_t>(log->severity));
        record.text(3, log->severity_text);
        if (!std::holds_alternative<std::monostate>(log->body.is)) record.message(5, any_value_message(log->body));
        add_attributes(record, 6, log->attributes);
        record.number(7, log->dropped_attributes);
        if (log->flags != 0) record.fixed32(8, log->flags);
        record.text(9, log->trace_id);
        record.text(10, log->span_id);
        record.fixed64(11, log->observed);
        record.text(12, log->event_name);
        scope.message(2, record);
    }
}

/// ResourceMetrics and ResourceLogs have the same shape: a resource, then scopes with what is in them.
template <class Row>
std::string export_request(std::span<OtlpGroup<Row> const> groups, OtlpShown shown) {
    Protobuf request;
    for (auto const& group : groups) {
        Protobuf of_resource;
        of_resource.message(1, resource_message(resource_attributes(group.service, *group.resource),
                                                group.resource->dropped_attributes));
        for (auto const& part : group.parts) {
            Protobuf of_scope;
            of_scope.message(1, scope_message(*part.scope));
            add_rows(of_scope, part.rows, shown);
            of_scope.text(3, part.scope->schema_url);
            of_resource.message(2, of_scope);
        }
        of_resource.text(3, group.resource->schema_url);
        request.message(1, of_resource);
    }
    return request.take();
}

} // namespace

std::string otlp_protobuf(std::span<OtlpMetrics const> metrics, OtlpShown shown) {
    return export_request(metrics, shown);
}

std::string otlp_protobuf(std::span<OtlpLogs const> logs) {
    return export_request(logs, {});
}

std::string otlp_protobuf(OtlpResource const& resource) {
    auto out = resource_message(resource.attributes, resource.dropped_attributes);
    out.text(3, resource.schema_url);
    return out.take();
}

std::string otlp_protobuf(OtlpScope const& scope) {
    auto out = scope_message(scope);
    out.text(5, scope.schema_url);
    return out.take();
}

std::string otlp_protobuf(OtlpAttributes const& attributes) {
    Protobuf out;
    add_attributes(out, 1, attributes);
    return out.take();
}

} // namespace almd
