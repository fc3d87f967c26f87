// What somebody who reads metrics asks for (reference/cloud-alm.md 2.6), and which points answer it.
#pragma once

#include "proto/http/router.hpp"
#include "simulator/cloud/telemetry_shelf.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct MetricQuery {
    std::string provider, format;
    std::vector<std::string> measures, dimensions;
    Duration period{};
    std::optional<Duration> resolution;
    std::optional<std::string> service_type, metric;
    std::optional<LmsId> service;
    std::string prefix; ///< of the names in Prometheus text

    bool has_dimension(std::string_view name) const;
    /// Of the measures that are asked for: a gauge is a value, a quota has a limit and what is used of it, a rating is a status.
    bool wants(MetricPoint const& point) const;
};

/// Errors: invalid "parameter: sentence"; unavailable for what is published by its name only.
Result<MetricQuery> read_metric_query(Query const& query);

/// "L1H" and "C24H" go back so many hours, "30M" minutes, "L7D" days.
std::optional<Duration> telemetry_period(std::string_view text);

/// The mean of each series in each span of this length, at its begin, oldest first.
std::deque<MetricPoint> averaged(std::deque<MetricPoint> const& points, Duration resolution);

} // namespace almd
