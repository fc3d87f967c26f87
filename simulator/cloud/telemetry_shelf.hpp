// Metrics and logs that were pushed: the newest of all systems, in two bounded rings.
#pragma once

#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace almd {

using TelemetryAttributes = std::vector<std::pair<std::string, std::string>>;

struct MetricPoint {
    CloudSlot slot = no_cloud_slot;
    TimePoint at{};
    double value = 0;
    std::string name, unit, description, scope, scope_version;
    TelemetryAttributes attributes;
};

struct TelemetryLog {
    CloudSlot slot = no_cloud_slot;
    TimePoint at{}, observed{};
    int severity = 0; ///< severityNumber of OTLP, 0 to 24
    std::string body, severity_text;
    TelemetryAttributes attributes;
};

/// Bytes count, not rows: the oldest go when a ring is full, and are counted.
class TelemetryShelf {
public:
    static constexpr std::size_t ring_bytes_max = 8 * 1024 * 1024;

    void keep(MetricPoint point) { metrics_.keep(std::move(point)); }
    void keep(TelemetryLog log) { logs_.keep(std::move(log)); }

    std::deque<MetricPoint> const& metrics() const { return metrics_.rows; } ///< oldest first
    std::deque<TelemetryLog> const& logs() const { return logs_.rows; }
    std::uint64_t forgotten() const { return metrics_.forgotten + logs_.forgotten; }

private:
    template <class T>
    struct Ring {
        std::deque<T> rows;
        std::size_t bytes = 0;
        std::uint64_t forgotten = 0;
        void keep(T row) {
            bytes += bytes_of(row);
            rows.push_back(std::move(row));
            for (; bytes > ring_bytes_max; ++forgotten) {
                bytes -= bytes_of(rows.front());
                rows.pop_front();
            }
        }
    };
    static std::size_t bytes_of(TelemetryAttributes const& attributes);
    static std::size_t bytes_of(MetricPoint const& point);
    static std::size_t bytes_of(TelemetryLog const& log);

    Ring<MetricPoint> metrics_;
    Ring<TelemetryLog> logs_;
};

} // namespace almd
