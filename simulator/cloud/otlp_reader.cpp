// Reading pushed OTLP JSON from the flat table, field by field; fields that are not kept are passed over.
#include "proto/schema/json_text.hpp"
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace almd {

namespace {

constexpr std::size_t otlp_text_max = 10'000, otlp_attributes_max = 64;

class OtlpReader {
public:
    OtlpReader(std::string_view text, CloudSlot slot, TimePoint now)
        : slot_{slot}
        , now_{now} {
        auto parsed = parse_request_body(text);
        if (parsed)
            json_ = *std::move(parsed);
        else
            error_ = parsed.error();
    }

    Result<std::vector<MetricPoint>> metrics() {
        each(0, "resourceMetrics", [&](std::uint32_t resource) {
            each(resource, "scopeMetrics", [&](std::uint32_t scope) {
                MetricPoint like;
                if (auto const about = member(scope, "scope"); about && is_object(*about)) {
                    like.scope = text(*about, "name");
                    like.scope_version = text(*about, "version");
                }
                each(scope, "metrics", [&](std::uint32_t metric) { read_metric(metric, like); });
            });
        });
        if (error_) return std::unexpected{*error_};
        return std::move(points_);
    }

    Result<std::vector<TelemetryLog>> logs() {
        each(0, "resourceLogs", [&](std::uint32_t resource) {
            each(resource, "scopeLogs",
                 [&](std::uint32_t scope) { each(scope, "logRecords", [&](std::uint32_t log) { read_log(log); }); });
        });
        if (error_) return std::unexpected{*error_};
        return std::move(logs_);
    }

private:
    using Kind = JsonText::Kind;

    void wrong(std::uint32_t at, std::string_view sentence, ErrorCode code = ErrorCode::invalid) {
        if (!error_) error_ = Error{code, fmt::format("{}: {}", json_->path(at), sentence)};
    }

    /// Every list of OTLP is one of objects.
    bool is_object(std::uint32_t at) {
        if ((*json_)[at].kind != Kind::object) wrong(at, "an object was expected");
        return (*json_)[at].kind == Kind::object;
    }

    std::optional<std::uint32_t> member(std::uint32_t object, std::string_view name) const {
        if ((*json_)[object].kind != Kind::object) return std::nullopt;
        for (auto at = object + 1; at < (*json_)[object].next; at = (*json_)[at].next)
            if ((*json_)[at].key == name) return at;
        return std::nullopt;
    }

    template <class Use>
    void each(std::uint32_t object, std::string_view list, Use use) {
        if (error_) return;
        auto const at = member(object, list);
        if (!at || (*json_)[*at].kind != Kind::array)
            return wrong(at.value_or(object), fmt::format("{} with a list was expected", list));
        for (auto one = *at + 1; one < (*json_)[*at].next && !error_; one = (*json_)[one].next) {
            if (!is_object(one)) return;
            use(one);
        }
    }

    std::string text(std::uint32_t object, std::string_view name) {
        auto const at = member(object, name);
        if (!at || (*json_)[*at].kind == Kind::null) return {};
        if ((*json_)[*at].kind != Kind::string || (*json_)[*at].text.size() > otlp_text_max) {
            wrong(*at, fmt::format("a text of at most {} bytes was expected", otlp_text_max));
            return {};
        }
        return std::string{(*json_)[*at].text};
    }

    /// 64-bit numbers are texts in OTLP JSON, and numbers in many clients.
    TimePoint moment(std::uint32_t object, std::string_view name) {
        auto const at = member(object, name);
        if (!at) return now_;
        auto const& value = (*json_)[*at];
        std::uint64_t nano = 0;
        auto const [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), nano);
        if (value.kind == Kind::integer && value.integer >= 0)
            nano = static_cast<std::uint64_t>(value.integer);
        else if (value.kind != Kind::string || error != std::errc{} || end != value.text.data() + value.text.size())
            wrong(*at, "nanoseconds since 1970 were expected");
        return nano == 0 ? now_ : TimePoint{Duration{static_cast<std::int64_t>(nano / 1'000'000)}};
    }

    TelemetryAttributes attributes(std::uint32_t object) {
        TelemetryAttributes out;
        if (!member(object, "attributes")) return out;
        each(object, "attributes", [&](std::uint32_t one) {
            if (out.size() == otlp_attributes_max)
                return wrong(one, fmt::format("at most {} attributes are taken", otlp_attributes_max));
            auto key = text(one, "key");
            std::string value;
            if (auto const any = member(one, "value")) value = any_value(*any);
            out.emplace_back(std::move(key), std::move(value));
        });
        return out;
    }

    /// V: the words of Health Monitoring.
    void check_rating(std::uint32_t point, TelemetryAttributes const& attributes) {
        constexpr std::array<std::string_view, 6> ratings{"ok", "warning", "critical", "fatal", "error", "info"};
        for (auto const& [key, value] : attributes)
            if (key == "sap.calm.hm.metric.rating" && std::ranges::find(ratings, value) == ratings.end())
                wrong(member(point, "attributes").value_or(point),
                      "sap.calm.hm.metric.rating: ok, warning, critical, fatal, error or info was expected");
    }

    /// Numbers and booleans as they were written; lists and maps are not kept.
    std::string any_value(std::uint32_t object) {
        if (!is_object(object)) return {};
        for (auto const* name : {"stringValue", "intValue", "doubleValue", "boolValue"})
            if (auto const at = member(object, name)) {
                auto const& value = (*json_)[*at];
                if (value.kind == Kind::object || value.kind == Kind::array)
                    wrong(*at, "a text, a number or a boolean was expected");
                if (value.kind == Kind::boolean) return value.integer != 0 ? "true" : "false";
                if (value.text.size() > otlp_text_max)
                    wrong(*at, fmt::format("at most {} bytes are taken", otlp_text_max));
                return std::string{value.text.substr(0, otlp_text_max)};
            }
        return {};
    }

    double number(std::uint32_t point) {
        if (auto const at = member(point, "asDouble"))
            if ((*json_)[*at].kind == Kind::integer || (*json_)[*at].kind == Kind::number)
                return (*json_)[*at].number();
        if (auto const at = member(point, "asInt")) {
            auto const& value = (*json_)[*at];
            if (value.kind == Kind::integer) return value.number();
            std::int64_t read = 0;
            auto const [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), read);
            if (value.kind == Kind::string && error == std::errc{} && end == value.text.data() + value.text.size())
                return static_cast<double>(read);
        }
        wrong(point, "asDouble or asInt with a number was expected");
        return 0;
    }

    void read_metric(std::uint32_t metric, MetricPoint like) {
        like.slot = slot_;
        like.name = text(metric, "name");
        like.unit = text(metric, "unit");
        like.description = text(metric, "description");
        if (like.name.empty()) return wrong(metric, "a metric needs a name");
        for (auto const* kind : {"sum", "histogram", "exponentialHistogram", "summary"})
            if (auto const at = member(metric, kind)) return wrong(*at, "only gauges are supported");
        auto const gauge = member(metric, "gauge");
        if (!gauge) return wrong(metric, "gauge was expected");
        each(*gauge, "dataPoints", [&](std::uint32_t at) {
            if (points_.size() == otlp_points_max)
                return wrong(at, fmt::format("at most {} data points at once", otlp_points_max), ErrorCode::too_large);
            auto point = like;
            point.at = moment(at, "timeUnixNano");
            point.value = number(at);
            point.attributes = attributes(at);
            check_rating(at, point.attributes);
            points_.push_back(std::move(point));
        });
    }

    void read_log(std::uint32_t at) {
        if (logs_.size() == otlp_points_max)
            return wrong(at, fmt::format("at most {} records at once", otlp_points_max), ErrorCode::too_large);
        TelemetryLog log;
        log.slot = slot_;
        log.at = moment(at, "timeUnixNano");
        log.observed = moment(at, "observedTimeUnixNano");
        if (auto const severity = member(at, "severityNumber")) {
            auto const& value = (*json_)[*severity];
            if (value.kind != Kind::integer || value.integer < 0 || value.integer > 24)
                return wrong(*severity, "a number from 0 to 24 was expected");
            log.severity = static_cast<int>(value.integer);
        }
        log.severity_text = text(at, "severityText");
        if (auto const body = member(at, "body")) log.body = any_value(*body);
        log.attributes = attributes(at);
        logs_.push_back(std::move(log));
    }

    CloudSlot slot_;
    TimePoint now_;
    std::optional<JsonText> json_;
    std::optional<Error> error_;
    std::vector<MetricPoint> points_;
    std::vector<TelemetryLog> logs_;
};

} // namespace

Result<std::vector<MetricPoint>> read_otlp_metrics(std::string_view json, CloudSlot slot, TimePoint now) {
    return OtlpReader{json, slot, now}.metrics();
}

Result<std::vector<TelemetryLog>> read_otlp_logs(std::string_view json, CloudSlot slot, TimePoint now) {
    return OtlpReader{json, slot, now}.logs();
}

} // namespace almd
