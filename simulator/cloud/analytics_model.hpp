// The entity sets of Analytics that our data can answer, as tables of properties.
#pragma once

#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/odata_model.hpp"

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd::analytics_model {

struct MetricRow {
    std::string name, service;
    std::optional<double> average; ///< none: no point of it has a value
    std::uint64_t warnings = 0, criticals = 0;
};
struct ExceptionRow {
    TelemetryLog const* log;
    std::string service;
};

/// Rows, and what was made for them.
struct Rows {
    ODataEntity const* entity;
    std::vector<ODataRow> rows;
    std::deque<MetricRow> metrics{};
    std::deque<ExceptionRow> exceptions{};
};

std::span<std::string_view const> sets();      ///< all that are published (V)
std::span<std::string_view const> sets_here(); ///< those that are answered
/// Their types, for $metadata.
std::span<ODataEntity const* const> entities();
/// set: one of sets_here(). since: of what has a time of its own.
Rows rows_of(CloudState const& cloud, CloudTenant tenant, std::string_view set, TimePoint since);

} // namespace almd::analytics_model
