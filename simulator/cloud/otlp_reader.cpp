// Reading pushed OTLP JSON from the flat table, field by field.
#include "proto/http/certificates.hpp"
#include "proto/schema/json_text.hpp"
#include "simulator/cloud/otlp.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

namespace almd {

namespace {

constexpr std::size_t otlp_text_max = 100'000, otlp_attributes_max = 64, otlp_common_bytes_max = 16 * 1024;

constexpr std::array<std::string_view, 7> any_value_kinds{"stringValue", "boolValue",   "intValue",  "doubleValue",
                                                          "arrayValue",  "kvlistValue", "bytesValue"};

/// What metrics and logs have in common.
class OtlpReader {
public:
    OtlpReader(std::string_view text, CloudSlot slot, TimePoint now)
        : slot_{slot}
        , now_{static_cast<std::uint64_t>(now.time_since_epoch().count()) * 1'000'000} {
        auto parsed = parse_request_body(text);
        if (parsed)
            json_ = *std::move(parsed);
        else
            error_ = parsed.error();
    }

protected:
    using Kind = JsonText::Kind;
    using At = std::uint32_t;

    void wrong(At at, std::string_view sentence, ErrorCode code = ErrorCode::invalid) {
        if (error_) return;
        auto const path = json_->path(at);
        error_ = Error{code, fmt::format("{}: {}", path.empty() ? "$" : path, sentence)};
    }
    /// About a member that is not there.
    void missing(At object, std::string_view name, std::string_view sentence) {
        if (error_) return;
        auto const path = json_->path(object);
        error_ = Error{ErrorCode::invalid, fmt::format("{}{}{}: {}", path, path.empty() ? "" : ".", name, sentence)};
    }

    JsonText::Value const& at(At index) const { return (*json_)[index]; }

    bool is_object(At index) {
        if (at(index).kind != Kind::object) wrong(index, "an object was expected");
        return at(index).kind == Kind::object;
    }

    /// Null is as good as nothing.
    std::optional<At> member(At object, std::string_view name) const {
        if (at(object).kind != Kind::object) return std::nullopt;
        for (auto one = object + 1; one < at(object).next; one = at(one).next)
            if (at(one).key == name && at(one).kind != Kind::null) return one;
        return std::nullopt;
    }

    template <class Use>
    void each(At object, std::string_view list, Use use) {
        if (error_ || !is_object(object)) return;
        auto const found = member(object, list);
        if (!found) return missing(object, list, "a list was expected");
        if (at(*found).kind != Kind::array) return wrong(*found, "a list was expected");
        for (auto one = *found + 1; one < at(*found).next && !error_; one = at(one).next) use(one);
    }

    std::string text_at(At index) {
        if (at(index).kind == Kind::string && at(index).text.size() <= otlp_text_max)
            return std::string{at(index).text};
        wrong(index, fmt::format("a text of at most {} bytes was expected", otlp_text_max));
        return {};
    }
    std::string text(At object, std::string_view name) {
        auto const found = member(object, name);
        return found ? text_at(*found) : std::string{};
    }

    /// 64-bit whole numbers are texts in OTLP JSON, and numbers in many clients.
    template <std::integral T>
    T whole_at(At index) {
        auto const& value = at(index);
        if (value.kind == Kind::integer && std::in_range<T>(value.integer)) return static_cast<T>(value.integer);
        T read = 0;
        auto const end = value.text.data() + value.text.size();
        auto const [stop, failure] = std::from_chars(value.text.data(), end, read);
        if (value.kind != Kind::string || failure != std::errc{} || stop != end)
            wrong(index, fmt::format("a whole number from {} to {} was expected", std::numeric_limits<T>::min(),
                                     std::numeric_limits<T>::max()));
        return read;
    }
    template <std::integral T>
    T whole(At object, std::string_view name) {
        auto const found = member(object, name);
        return found ? whole_at<T>(*found) : T{0};
    }
    /// Nothing, and 0, is now.
    std::uint64_t moment(At object, std::string_view name) {
        auto const nano = whole<std::uint64_t>(object, name);
        return nano == 0 ? now_ : nano;
    }

    double number_at(At index) {
        double read = 0;
        auto const& value = at(index);
        auto const end = value.text.data() + value.text.size();
        bool const kind = value.kind == Kind::integer || value.kind == Kind::number;
        if (!kind || std::from_chars(value.text.data(), end, read).ec != std::errc{})
            wrong(index, "a number that 64 bits can hold was expected");
        return read;
    }

    OtlpAttributes attributes(At object, std::string_view list = "attributes", std::size_t most = otlp_attributes_max) {
        OtlpAttributes out;
        if (!member(object, list)) return out;
        each(object, list, [&](At one) {
            if (out.size() == most) return wrong(one, fmt::format("at most {} attributes are taken", most));
            if (!is_object(one)) return;
            auto key = text(one, "key");
            if (key.empty()) return missing(one, "key", "a text was expected");
            auto const value = member(one, "value");
            out.push_back({std::move(key), value ? any_value(*value) : OtlpValue{}});
        });
        return out;
    }

    OtlpValue any_value(At object) {
        if (!is_object(object)) return {};
        std::optional<At> found;
        for (auto one = object + 1; one < at(object).next; one = at(one).next) {
            if (at(one).kind == Kind::null) continue;
            if (std::ranges::find(any_value_kinds, at(one).key) == any_value_kinds.end() || found) {
                wrong(one, fmt::format("one of {} was expected", fmt::join(any_value_kinds, ", ")));
                return {};
            }
            found = one;
        }
        return found ? value_of_kind(*found) : OtlpValue{};
    }

    OtlpValue value_of_kind(At one) {
        auto const kind = at(one).key;
        if (kind == "stringValue") return {text_at(one)};
        if (kind == "intValue") return {whole_at<std::int64_t>(one)};
        if (kind == "doubleValue") return {number_at(one)};
        if (kind == "kvlistValue") return {attributes(one, "values", SIZE_MAX)};
        if (kind == "boolValue") {
            if (at(one).kind != Kind::boolean) wrong(one, "true or false was expected");
            return {at(one).integer != 0};
        }
        if (kind == "bytesValue") {
            auto data = base64_decode(text_at(one));
            if (!data) wrong(one, "base64 was expected");
            return {OtlpBytes{data ? *std::move(data) : std::string{}}};
        }
        OtlpArray list;
        if (is_object(one) && member(one, "values"))
            each(one, "values", [&](At element) { list.push_back(any_value(element)); });
        return {std::move(list)};
    }

    /// OTLP has it and it would be lost: better to say so.
    void not_kept(At object, std::initializer_list<std::string_view> names) {
        for (auto const name : names)
            if (auto const found = member(object, name); found && at(*found).count > 0)
                wrong(*found, "is not kept here, leave it out");
    }

    /// Of a resource or scope: they become labels of every series that is of it.
    OtlpAttributes common_attributes(At of) {
        auto out = attributes(of);
        if (bytes_of(out) > otlp_common_bytes_max)
            wrong(member(of, "attributes").value_or(of),
                  fmt::format("at most {} bytes of attributes are taken here", otlp_common_bytes_max));
        return out;
    }

    OtlpResource resource(At of) {
        OtlpResource out;
        out.schema_url = text(of, "schemaUrl");
        auto const found = member(of, "resource");
        if (!found || !is_object(*found)) return out;
        not_kept(*found, {"entityRefs"});
        out.attributes = common_attributes(*found);
        out.dropped_attributes = whole<std::uint32_t>(*found, "droppedAttributesCount");
        return out;
    }

    OtlpScope scope(At of) {
        OtlpScope out;
        out.schema_url = text(of, "schemaUrl");
        auto const found = member(of, "scope");
        if (!found || !is_object(*found)) return out;
        out.name = text(*found, "name");
        out.version = text(*found, "version");
        out.attributes = common_attributes(*found);
        out.dropped_attributes = whole<std::uint32_t>(*found, "droppedAttributesCount");
        return out;
    }

    /// What is too large for the ring would be lost.
    void count(At of, std::size_t bytes) {
        kept_ += bytes;
        if (kept_ > TelemetryShelf::ring_bytes_max)
            wrong(of,
                  fmt::format("with this the push has more than the {} bytes that are kept; send less at once",
                              TelemetryShelf::ring_bytes_max),
                  ErrorCode::too_large);
    }

    /// resourceMetrics or resourceLogs: `read(element, rows)` for each element of the innermost list.
    template <class Row, class Read>
    Result<std::vector<OtlpBlock<Row>>> blocks(std::string_view resources, std::string_view scopes,
                                               std::string_view list, Read read) {
        std::vector<OtlpBlock<Row>> out;
        if (!error_)
            each(0, resources, [&](At of_resource) {
                if (!is_object(of_resource)) return;
                OtlpBlock<Row> block{resource(of_resource), {}};
                count(of_resource, bytes_of(block.resource));
                each(of_resource, scopes, [&](At of_scope) {
                    if (!is_object(of_scope)) return;
                    typename OtlpBlock<Row>::Part part{scope(of_scope), {}};
                    count(of_scope, bytes_of(part.scope));
                    each(of_scope, list, [&](At one) {
                        if (is_object(one)) read(one, part.rows);
                    });
                    block.parts.push_back(std::move(part));
                });
                out.push_back(std::move(block));
            });
        if (error_) return std::unexpected{*error_};
        return out;
    }

    CloudSlot slot_;
    std::uint64_t now_; // nanoseconds
    std::optional<JsonText> json_;
    std::optional<Error> error_;
    std::size_t rows_ = 0, kept_ = 0;
};

class MetricReader : OtlpReader {
public:
    using OtlpReader::OtlpReader;

    Result<std::vector<OtlpBlock<MetricPoint>>> run() {
        return blocks<MetricPoint>("resourceMetrics", "scopeMetrics", "metrics",
                                   [this](At one, std::vector<MetricPoint>& rows) { read_metric(one, rows); });
    }

private:
    void read_metric(At metric, std::vector<MetricPoint>& rows) {
        MetricPoint like;
        like.slot = slot_;
        like.name = text(metric, "name");
        like.unit = text(metric, "unit");
        like.description = text(metric, "description");
        if (like.name.empty()) return missing(metric, "name", "a metric needs a name");
        for (auto const* kind : {"sum", "histogram", "exponentialHistogram", "summary"})
            if (auto const found = member(metric, kind)) return wrong(*found, "only gauges are supported");
        not_kept(metric, {"metadata"});
        auto const gauge = member(metric, "gauge");
        if (!gauge) return missing(metric, "gauge", "a gauge was expected");
        each(*gauge, "dataPoints", [&](At one) {
            if (rows_++ == otlp_points_max)
                return wrong(one, fmt::format("at most {} data points at once", otlp_points_max), ErrorCode::too_large);
            if (!is_object(one)) return;
            count(one, bytes_of(rows.emplace_back(point(one, like))));
        });
    }

    MetricPoint point(At one, MetricPoint out) {
        not_kept(one, {"exemplars"});
        out.time = moment(one, "timeUnixNano");
        out.start = whole<std::uint64_t>(one, "startTimeUnixNano");
        out.flags = whole<std::uint32_t>(one, "flags");
        auto const real = member(one, "asDouble"), whole_number = member(one, "asInt");
        if (real.has_value() == whole_number.has_value())
            missing(one, "asDouble", "asDouble or asInt with a number was expected");
        else if (real)
            out.value = number_at(*real);
        else
            out.value = whole_at<std::int64_t>(*whole_number);
        out.attributes = attributes(one);
        check_rating(one, out.attributes);
        return out;
    }

    /// V: the words of Health Monitoring.
    void check_rating(At one, OtlpAttributes const& attributes) {
        constexpr std::array<std::string_view, 6> ratings{"ok", "warning", "critical", "fatal", "error", "info"};
        auto const* rating = find_attribute(attributes, "sap.calm.hm.metric.rating");
        if (rating != nullptr && std::ranges::find(ratings, text_of(*rating)) == ratings.end())
            wrong(member(one, "attributes").value_or(one),
                  "sap.calm.hm.metric.rating: ok, warning, critical, fatal, error or info was expected");
    }
};

class LogReader : OtlpReader {
public:
    using OtlpReader::OtlpReader;

    Result<std::vector<OtlpBlock<TelemetryLog>>> run() {
        return blocks<TelemetryLog>("resourceLogs", "scopeLogs", "logRecords",
                                    [this](At one, std::vector<TelemetryLog>& rows) { read_log(one, rows); });
    }

private:
    void read_log(At one, std::vector<TelemetryLog>& rows) {
        if (rows_++ == otlp_points_max)
            return wrong(one, fmt::format("at most {} records at once", otlp_points_max), ErrorCode::too_large);
        TelemetryLog log;
        log.slot = slot_;
        log.time = moment(one, "timeUnixNano");
        log.observed = moment(one, "observedTimeUnixNano");
        if (auto const severity = member(one, "severityNumber")) {
            auto const& value = at(*severity);
            if (value.kind != Kind::integer || value.integer < 0 || value.integer > 24)
                return wrong(*severity, "a number from 0 to 24 was expected");
            log.severity = static_cast<int>(value.integer);
        }
        log.severity_text = text(one, "severityText");
        log.event_name = text(one, "eventName");
        log.trace_id = id_of(one, "traceId", 16);
        log.span_id = id_of(one, "spanId", 8);
        log.flags = whole<std::uint32_t>(one, "flags");
        log.dropped_attributes = whole<std::uint32_t>(one, "droppedAttributesCount");
        if (auto const body = member(one, "body")) log.body = any_value(*body);
        log.attributes = attributes(one);
        count(one, bytes_of(rows.emplace_back(std::move(log))));
    }

    /// In OTLP JSON these two are hexadecimal, unlike other bytes.
    std::string id_of(At object, std::string_view name, std::size_t bytes) {
        auto const found = member(object, name);
        if (!found) return {};
        auto const hex = text_at(*found);
        std::string out;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
            unsigned byte = 0;
            auto const end = hex.data() + i + 2;
            if (std::from_chars(hex.data() + i, end, byte, 16).ptr != end) break;
            out += static_cast<char>(byte);
        }
        if (!hex.empty() && (out.size() != bytes || hex.size() != 2 * bytes))
            wrong(*found, fmt::format("{} hexadecimal digits were expected", 2 * bytes));
        return out;
    }
};

} // namespace

Result<std::vector<OtlpBlock<MetricPoint>>> read_otlp_metrics(std::string_view json, CloudSlot slot, TimePoint now) {
    return MetricReader{json, slot, now}.run();
}

Result<std::vector<OtlpBlock<TelemetryLog>>> read_otlp_logs(std::string_view json, CloudSlot slot, TimePoint now) {
    return LogReader{json, slot, now}.run();
}

} // namespace almd
