// Metrics and logs that were pushed: the newest of all systems, in two bounded rings.
#pragma once

#include "simulator/cloud/otlp_value.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace almd {

/// Equal ones are kept once, for as long as a row is of them. The key is their protobuf form.
template <class T>
struct OtlpShared {
    T value;
    std::size_t rows = 0;
};
template <class T>
using OtlpPool = std::map<std::string, OtlpShared<T>>;

/// What a row of either kind has; the shelf fills in resource and scope when it keeps the row.
struct TelemetryRow {
    CloudSlot slot = no_cloud_slot;
    std::uint64_t time = 0; ///< timeUnixNano
    OtlpAttributes attributes;
    OtlpPool<OtlpResource>::iterator resource{};
    OtlpPool<OtlpScope>::iterator scope{};

    TimePoint at() const { return TimePoint{Duration{static_cast<std::int64_t>(time / 1'000'000)}}; }
};

struct MetricPoint : TelemetryRow {
    std::string name, unit, description;
    std::variant<double, std::int64_t> value; ///< asDouble, asInt
    std::uint64_t start = 0;                  ///< startTimeUnixNano; 0: not said
    std::uint32_t flags = 0;

    double number() const {
        auto const* whole = std::get_if<std::int64_t>(&value);
        return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    }
};

struct TelemetryLog : TelemetryRow {
    std::uint64_t observed = 0; ///< observedTimeUnixNano
    int severity = 0;           ///< severityNumber of OTLP, 0 to 24
    std::uint32_t flags = 0, dropped_attributes = 0;
    std::string severity_text, event_name;
    std::string trace_id, span_id; ///< 16 and 8 bytes, or empty
    OtlpValue body;
};

/// Rows of one resource, by scope, as they were pushed.
template <class Row>
struct OtlpBlock {
    struct Part {
        OtlpScope scope;
        std::vector<Row> rows;
    };
    OtlpResource resource;
    std::vector<Part> parts;
};

/// What is kept of them in all.
std::size_t bytes_of(MetricPoint const& point);
std::size_t bytes_of(TelemetryLog const& log);
std::size_t bytes_of(OtlpResource const& resource);
std::size_t bytes_of(OtlpScope const& scope);

/// Bytes count, not rows: the oldest go when a ring is full, and are counted.
class TelemetryShelf {
public:
    static constexpr std::size_t ring_bytes_max = 8 * 1024 * 1024;

    void keep(OtlpBlock<MetricPoint> block) { metrics_.keep(std::move(block)); }
    void keep(OtlpBlock<TelemetryLog> block) { logs_.keep(std::move(block)); }

    std::deque<MetricPoint> const& metrics() const { return metrics_.rows; } ///< oldest first
    std::deque<TelemetryLog> const& logs() const { return logs_.rows; }
    std::uint64_t forgotten() const { return metrics_.forgotten + logs_.forgotten; }
    std::size_t bytes() const { return metrics_.bytes + logs_.bytes; }

private:
    template <class Row>
    struct Ring {
        std::deque<Row> rows;
        OtlpPool<OtlpResource> resources;
        OtlpPool<OtlpScope> scopes;
        std::size_t bytes = 0;
        std::uint64_t forgotten = 0;

        void keep(OtlpBlock<Row> block);

    private:
        template <class T>
        typename OtlpPool<T>::iterator shared(OtlpPool<T>& pool, T value);
        template <class T>
        void release(OtlpPool<T>& pool, typename OtlpPool<T>::iterator one);
    };

    Ring<MetricPoint> metrics_;
    Ring<TelemetryLog> logs_;
};

} // namespace almd
