// Writing metrics as Prometheus text, by the rules of OpenTelemetry for Prometheus: https://opentelemetry.io/docs/specs/otel/compatibility
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

namespace almd {

namespace {

/// Dimensions and what tells series apart: no attribute may speak for them.
constexpr std::array<std::string_view, 8> reserved_labels{"serviceName",     "serviceId",         "serviceType",
                                                          "metricName",      "metricLabel",       "metricUnit",
                                                          "otel_scope_name", "otel_scope_version"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// What is not allowed becomes "_", several of them one; a digit cannot be the first.
std::string prometheus_name(std::string_view name) {
    std::string out;
    for (char const c : name) {
        bool const good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
        if (good)
            out += c;
        else if (!out.ends_with('_'))
            out += '_';
    }
    if (out.empty() || is_digit(out.front())) out.insert(0, "_");
    return out;
}

std::string attribute_label(std::string_view key) {
    auto label = prometheus_name(key);
    return std::ranges::find(reserved_labels, label) == reserved_labels.end() ? label : "exported_" + label;
}

std::string escaped_label(std::string_view value) {
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

/// A label without a text is one that is not there.
void add_label(std::string& label_set, std::string_view name, std::string_view value) {
    if (!value.empty())
        label_set += fmt::format("{}{}=\"{}\"", label_set.empty() ? "" : ",", name, escaped_label(value));
}

/// Values whose names become the same are one label, joined by ";" in the order of their keys.
void add_attributes_as_labels(std::string& label_set, MetricPoint const& point, OtlpMetrics const& group,
                              OtlpScope const& scope) {
    std::vector<std::pair<std::string, std::string>> all;
    for (auto const* attributes : {&group.resource->attributes, &point.attributes})
        for (auto const& [key, value] : *attributes) all.emplace_back(key, text_of(value));
    for (auto const& [key, value] : scope.attributes) all.emplace_back("otel_scope_" + key, text_of(value));
    std::ranges::stable_sort(all, {}, &std::pair<std::string, std::string>::first);
    std::map<std::string, std::string> merged;
    for (auto const& [key, value] : all) {
        if (value.empty()) continue;
        auto& text = merged[attribute_label(key)];
        text += text.empty() ? value : ";" + value;
    }
    for (auto const& [label, text] : merged) add_label(label_set, label, text);
}

std::string labels_of(MetricPoint const& point, OtlpMetrics const& group, OtlpScope const& scope, OtlpShown shown) {
    std::string label_set;
    add_label(label_set, "serviceName", group.service.name);
    add_label(label_set, "serviceId", group.service.id);
    add_label(label_set, "serviceType", group.service.type);
    for (auto const& [key, value] : dimensions_of(point, shown)) add_label(label_set, key, text_of(value));
    add_attributes_as_labels(label_set, point, group, scope);
    add_label(label_set, "otel_scope_name", scope.name);
    add_label(label_set, "otel_scope_version", scope.version);
    return label_set;
}

std::string sample_text(MetricPoint const& point) {
    if (auto const* whole = std::get_if<std::int64_t>(&point.value)) return fmt::format("{}", *whole);
    auto const number = std::get<double>(point.value);
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", number);
}

/// Of one set of labels: metrics whose names differ only in what Prometheus cannot say, or services that were not asked to be
/// told apart, each with its newest point.
using Namesakes =
    std::map<std::tuple<std::string, std::string, std::string>, MetricPoint const*>; // name, unit, service

void write_series(std::string& out, std::string_view name, std::string const& label_set, Namesakes const& series,
                  OtlpShown shown) {
    auto const& [name0, unit0, service0] = series.begin()->first;
    bool names = false, units = false, services = false;
    for (auto const& [identity, point] : series) {
        names |= std::get<0>(identity) != name0;
        units |= std::get<1>(identity) != unit0;
        services |= std::get<2>(identity) != service0;
    }
    for (auto const& [identity, point] : series) {
        auto all = label_set;
        if (names) add_label(all, "metricName", std::get<0>(identity));
        if (units) add_label(all, "metricUnit", std::get<1>(identity));
        if (services) add_label(all, "serviceId", std::get<2>(identity));
        out += fmt::format("{}{{{}}} {}", name, all, sample_text(*point));
        if (shown.times) out += fmt::format(" {}", point->at().time_since_epoch().count()); // ms
        out += '\n';
    }
}

} // namespace

std::string prometheus_text(std::span<OtlpMetrics const> metrics, std::string_view prefix, OtlpShown shown) {
    std::map<std::string, std::map<std::string, Namesakes>> families; // by name, then by labels
    for (auto const& group : metrics)
        for (auto const& part : group.parts)
            for (auto const* point : part.rows) {
                auto& series = families[prometheus_name(fmt::format("{}{}", prefix, point->name))];
                auto& newest = series[labels_of(*point, group, *part.scope, shown)]
                                     [{point->name, point->unit, group.service.lms_id}];
                if (newest == nullptr || newest->time <= point->time) newest = point;
            }
    std::string out;
    for (auto const& [name, series] : families) {
        out += fmt::format("# TYPE {} gauge\n", name);
        for (auto const& [label_set, namesakes] : series) write_series(out, name, label_set, namesakes, shown);
    }
    return out;
}

} // namespace almd
