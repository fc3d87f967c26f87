// Writing OTLP and Prometheus text.
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <map>

namespace almd {

namespace {

std::string nano_text(TimePoint at) {
    return fmt::format("{}000000", at.time_since_epoch().count());
}
std::uint64_t nano_of(TimePoint at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1'000'000;
}

nlohmann::json attribute_json(std::string_view key, std::string_view value) {
    return {{"key", key}, {"value", {{"stringValue", value}}}};
}

nlohmann::json attributes_json(TelemetryAttributes const& attributes) {
    auto out = nlohmann::json::array();
    for (auto const& [key, value] : attributes) out.push_back(attribute_json(key, value));
    return out;
}

TelemetryAttributes resource_attributes(OtlpService const& service) {
    TelemetryAttributes all;
    for (auto const& [key, value] :
         {std::pair{"service.name", &service.name}, std::pair{"sap.service.display_name", &service.name},
          std::pair{"service.instance.id", &service.id}, std::pair{"sap.service.type", &service.type}})
        if (!value->empty()) all.emplace_back(key, *value);
    return all;
}

nlohmann::json resource_json(OtlpService const& service) {
    auto attributes = nlohmann::json::array();
    for (auto const& [key, value] : resource_attributes(service)) attributes.push_back(attribute_json(key, value));
    return {{"attributes", std::move(attributes)}};
}

std::string otlp_dumped(nlohmann::json const& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The wire types that OTLP needs: varint, 64 bits, and bytes with their length.
class Protobuf {
public:
    void varint(int field, std::uint64_t value) {
        tag(field, 0);
        raw(value);
    }
    void fixed64(int field, std::uint64_t value) {
        tag(field, 1);
        for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
    }
    void bytes(int field, std::string_view value) {
        tag(field, 2);
        raw(value.size());
        out_ += value;
    }
    void text(int field, std::string_view value) {
        if (!value.empty()) bytes(field, value); // the default is not written
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

void add_attribute(Protobuf& out, int field, std::string_view key, std::string_view value) {
    Protobuf any, pair;
    any.bytes(1, value); // AnyValue.string_value
    pair.bytes(1, key);
    pair.message(2, any);
    out.message(field, pair);
}

Protobuf resource_message(OtlpService const& service) {
    Protobuf out;
    for (auto const& [key, value] : resource_attributes(service)) add_attribute(out, 1, key, value);
    return out;
}

std::string prometheus_name(std::string_view name) {
    std::string out;
    for (char const c : name) {
        bool const good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9' && !out.empty());
        out += good ? c : '_';
    }
    return out;
}

std::string prometheus_label(std::string_view value) {
    std::string out;
    for (char const c : value) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// ResourceMetrics and ResourceLogs have the same shape: a resource, then what is in its scope.
void add_resource(Protobuf& request, OtlpService const& service, Protobuf const& scope) {
    Protobuf resource;
    resource.message(1, resource_message(service));
    resource.message(2, scope);
    request.message(1, resource);
}

} // namespace

std::string otlp_json(std::span<OtlpMetrics const> all) {
    auto resources = nlohmann::json::array();
    for (auto const& [service, points] : all) {
        auto metrics = nlohmann::json::array();
        for (auto const* point : points) {
            nlohmann::json one{{"timeUnixNano", nano_text(point->at)}, {"asDouble", point->value}};
            one["attributes"] = attributes_json(point->attributes);
            auto list = nlohmann::json::array();
            list.push_back(std::move(one));
            metrics.push_back({{"name", point->name},
                               {"unit", point->unit},
                               {"description", point->description},
                               {"gauge", {{"dataPoints", std::move(list)}}}});
        }
        auto scopes = nlohmann::json::array();
        scopes.push_back({{"metrics", std::move(metrics)}});
        resources.push_back({{"resource", resource_json(service)}, {"scopeMetrics", std::move(scopes)}});
    }
    return resources.empty() ? "{}" : otlp_dumped({{"resourceMetrics", std::move(resources)}});
}

std::string otlp_json(std::span<OtlpLogs const> all) {
    auto resources = nlohmann::json::array();
    for (auto const& [service, logs] : all) {
        auto records = nlohmann::json::array();
        for (auto const* log : logs)
            records.push_back({{"timeUnixNano", nano_text(log->at)},
                               {"observedTimeUnixNano", nano_text(log->observed)},
                               {"severityNumber", log->severity},
                               {"severityText", log->severity_text},
                               {"body", {{"stringValue", log->body}}},
                               {"attributes", attributes_json(log->attributes)}});
        auto scopes = nlohmann::json::array();
        scopes.push_back({{"logRecords", std::move(records)}});
        resources.push_back({{"resource", resource_json(service)}, {"scopeLogs", std::move(scopes)}});
    }
    return resources.empty() ? "{}" : otlp_dumped({{"resourceLogs", std::move(resources)}});
}

std::string otlp_protobuf(std::span<OtlpMetrics const> all) {
    Protobuf request;
    for (auto const& [service, points] : all) {
        Protobuf scope;
        for (auto const* point : points) {
            Protobuf number, gauge, metric;
            number.fixed64(3, nano_of(point->at));
            number.fixed64(4, std::bit_cast<std::uint64_t>(point->value));
            for (auto const& [key, value] : point->attributes) add_attribute(number, 7, key, value);
            gauge.message(1, number);
            metric.text(1, point->name);
            metric.text(2, point->description);
            metric.text(3, point->unit);
            metric.message(5, gauge);
            scope.message(2, metric);
        }
        add_resource(request, service, scope);
    }
    return request.take();
}

std::string otlp_protobuf(std::span<OtlpLogs const> all) {
    Protobuf request;
    for (auto const& [service, logs] : all) {
        Protobuf scope;
        for (auto const* log : logs) {
            Protobuf record, body;
            record.fixed64(1, nano_of(log->at));
            record.varint(2, static_cast<std::uint64_t>(log->severity));
            record.text(3, log->severity_text);
            body.bytes(1, log->body);
            record.message(5, body);
            for (auto const& [key, value] : log->attributes) add_attribute(record, 6, key, value);
            record.fixed64(11, nano_of(log->observed));
            scope.message(2, record);
        }
        add_resource(request, service, scope);
    }
    return request.take();
}

std::string prometheus_text(std::span<OtlpMetrics const> all, std::string_view prefix) {
    std::map<std::string, std::map<std::string, double>> series; // by name, then labels: the newest value stays
    for (auto const& [service, points] : all)
        for (auto const* point : points) {
            std::string labels;
            auto const add = [&labels](std::string_view name, std::string_view value) {
                if (value.empty()) return;
                labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", name, prometheus_label(value));
            };
            add("serviceName", service.name);
            add("serviceId", service.id);
            add("serviceType", service.type);
            for (auto const& [key, value] : point->attributes) add(prometheus_name(key), value);
            series[prometheus_name(fmt::format("{}{}", prefix, point->name))][labels] = point->value;
        }
    std::string out;
    for (auto const& [name, values] : series) {
        out += fmt::format("# TYPE {} gauge\n", name);
        for (auto const& [labels, value] : values) out += fmt::format("{}{{{}}} {}\n", name, labels, value);
    }
    return out;
}

} // namespace almd
