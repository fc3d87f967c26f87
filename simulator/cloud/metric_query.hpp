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
    std::string prefix;       ///< of the names in Prometheus text
    bool shows_times = false; ///< there as well

    bool has_dimension(std::string_view name) const;
    bool wants(MetricPoint const& point) const; ///< it is of a measure that is asked for
};

/// A gauge is a value; a quota is three points: one that carries the rating and a 0, the limit, and the value that is used of it
/// (V, reference/cloud-alm.md 2.6); a rating is a status.
bool is_of_measure(MetricPoint const& point, std::string_view measure);

/// Errors: invalid "parameter: sentence"; unavailable for what is published by its name only.
Result<MetricQuery> read_metric_query(Query const& query);

/// "L1H" goes back one hour, "30M" so many minutes, "L7D" days.
std::optional<Duration> telemetry_period(std::string_view text);
/// Of the parameter `name`. Errors: invalid; unavailable for "C1H" and its like: what C covers is not public (U).
Result<Duration> read_period(std::string_view name, std::string_view text);

/// The mean of each series in each span of this length, at its begin, oldest first.
std::deque<MetricPoint> averaged(std::deque<MetricPoint> const& points, Duration resolution);

} // namespace almd
