// Fields and rows of the entity sets. Those of Metrics have names as published, even the misspelt one (V), the others are ours (I).
#include "simulator/cloud/analytics_model.hpp"

#include "simulator/cloud/metric_query.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace almd::analytics_model {

namespace {

constexpr std::string_view published_sets[]{
    "Features",         "Projects",     "Tasks",   "Metrics",       "StatusEvents",
    "Exceptions",       "Requirements", "Defects", "Tests",         "ConfigurationItems",
    "Requests",         "QualityGates", "Jobs",    "ServiceLevels", "ScenarioExecutions",
    "MonitoringEvents", "Messages"};

template <class T>
T const& row_as(ODataRow row) {
    return *static_cast<T const*>(row);
}
ODataValue words(std::string_view value) {
    return std::string{value};
}
ODataValue count_of(std::size_t count) {
    return static_cast<double>(count);
}
ODataValue attribute_or_null(ODataRow row, std::string_view key) {
    auto const* value = find_attribute(row_as<ExceptionRow>(row).log->attributes, key);
    return value == nullptr ? ODataValue{} : ODataValue{text_of(*value)};
}

// IDs are texts here (I).
constexpr ODataProperty analytics_features[]{
    {"id", ODataType::text, [](ODataRow row) { return words(row_as<Feature>(row).id.text()); }},
    {"displayId", ODataType::text, [](ODataRow row) { return words(row_as<Feature>(row).display_id()); }},
    {"title", ODataType::text, [](ODataRow row) { return words(row_as<Feature>(row).title); }},
    {"projectId", ODataType::text, [](ODataRow row) { return words(row_as<Feature>(row).project_id.text()); }},
    {"projectName", ODataType::text, [](ODataRow row) { return words(row_as<Feature>(row).project); }},
    {"status", ODataType::text, [](ODataRow row) { return words(label(row_as<Feature>(row).status)); }},
    {"statusCode", ODataType::text, [](ODataRow row) { return words(code(row_as<Feature>(row).status)); }},
    {"priorityCode", ODataType::number,
     [](ODataRow row) -> ODataValue { return double(row_as<Feature>(row).priority); }},
    {"transports", ODataType::number, [](ODataRow row) { return count_of(row_as<Feature>(row).transports.size()); }},
    {"modifiedAt", ODataType::time, [](ODataRow row) -> ODataValue { return row_as<Feature>(row).modified_at; }},
};
constexpr ODataProperty analytics_projects[]{
    {"id", ODataType::text, [](ODataRow row) { return words(row_as<Project>(row).id.text()); }},
    {"name", ODataType::text, [](ODataRow row) { return words(row_as<Project>(row).name); }},
    {"createdAt", ODataType::time, [](ODataRow row) -> ODataValue { return row_as<Project>(row).created_at; }},
};
constexpr ODataProperty analytics_tasks[]{
    {"id", ODataType::text, [](ODataRow row) { return words(row_as<ProjectTask>(row).id.text()); }},
    {"title", ODataType::text, [](ODataRow row) { return words(row_as<ProjectTask>(row).title); }},
    {"type", ODataType::text, [](ODataRow row) { return words(row_as<ProjectTask>(row).type); }},
    {"status", ODataType::text, [](ODataRow row) { return words(row_as<ProjectTask>(row).status); }},
    {"projectId", ODataType::text, [](ODataRow row) { return words(row_as<ProjectTask>(row).project.text()); }},
    {"lastChangedDate", ODataType::time,
     [](ODataRow row) -> ODataValue { return row_as<ProjectTask>(row).last_changed; }},
};
// That the two status columns count the points with that rating is ours (I).
constexpr ODataProperty analytics_metrics[]{
    {"metricName", ODataType::text, [](ODataRow row) { return words(row_as<MetricRow>(row).name); }},
    {"serviceId", ODataType::text, [](ODataRow row) { return words(row_as<MetricRow>(row).service); }},
    {"valueAvg", ODataType::number,
     [](ODataRow row) {
         auto const& average = row_as<MetricRow>(row).average;
         return average ? ODataValue{*average} : ODataValue{};
     },
     false},
    {"warningStratus", ODataType::number, [](ODataRow row) { return count_of(row_as<MetricRow>(row).warnings); }},
    {"criticalStatus", ODataType::number, [](ODataRow row) { return count_of(row_as<MetricRow>(row).criticals); }},
};
constexpr ODataProperty analytics_events[]{
    {"eventId", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).id.text()); }},
    {"eventType", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).type); }},
    {"eventName", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).name); }},
    {"eventDescription", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).description); }},
    {"eventStartTime", ODataType::time, [](ODataRow row) -> ODataValue { return row_as<StatusEvent>(row).start; }},
    {"serviceName", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).service); }},
    {"serviceDescription", ODataType::text,
     [](ODataRow row) { return words(row_as<StatusEvent>(row).service_description); }},
    {"systemNumber", ODataType::text, [](ODataRow row) { return words(row_as<StatusEvent>(row).system_number); }},
};
/// Attributes of a record under their last word: sap.exm.category is category.
constexpr ODataProperty analytics_exceptions[]{
    {"timestamp", ODataType::time, [](ODataRow row) -> ODataValue { return row_as<ExceptionRow>(row).log->at(); }},
    {"serviceId", ODataType::text, [](ODataRow row) { return words(row_as<ExceptionRow>(row).service); }},
    {"severityNumber", ODataType::number,
     [](ODataRow row) -> ODataValue { return double(row_as<ExceptionRow>(row).log->severity); }},
    {"text", ODataType::text, [](ODataRow row) { return words(text_of(row_as<ExceptionRow>(row).log->body)); }},
    {"category", ODataType::text, [](ODataRow row) { return attribute_or_null(row, "sap.exm.category"); }},
    {"correlationId", ODataType::text, [](ODataRow row) { return attribute_or_null(row, "sap.exm.correlationId"); }},
};

constexpr ODataEntity entities_here[]{
    {"Feature", "Features", analytics_features, {}},
    {"Project", "Projects", analytics_projects, {}},
    {"Task", "Tasks", analytics_tasks, {}},
    {"Metric", "Metrics", analytics_metrics, {}, 2},
    {"StatusEvent", "StatusEvents", analytics_events, {}},
    {"Exception", "Exceptions", analytics_exceptions, {}, 2},
};
constexpr auto entity_pointers = [] {
    std::array<ODataEntity const*, std::size(entities_here)> all{};
    std::ranges::transform(entities_here, all.begin(), [](ODataEntity const& entity) { return &entity; });
    return all;
}();

/// One row for each metric of each service. The limit of a quota and the point that carries its rating are no values.
void add_metrics(Rows& out, CloudState const& cloud, CloudTenant tenant, TimePoint since) {
    struct Sum {
        MetricRow row;
        long double value = 0;
        std::uint64_t values = 0;
    };
    std::map<std::pair<CloudSlot, std::string_view>, Sum> sums;
    for (auto const& point : cloud.telemetry.metrics()) {
        auto const& service = cloud.registrations.row(point.slot);
        if (service.tenant != tenant || point.at() < since) continue;
        auto& sum = sums[{point.slot, point.name}];
        sum.row.warnings += is_of_measure(point, "warningStatus");
        sum.row.criticals += is_of_measure(point, "criticalStatus");
        if (!is_of_measure(point, "value")) continue;
        sum.value += static_cast<long double>(point.number());
        ++sum.values;
    }
    for (auto& [key, sum] : sums) {
        sum.row.name = key.second;
        sum.row.service = cloud.registrations.row(key.first).id.text();
        if (sum.values > 0) sum.row.average = static_cast<double>(sum.value / static_cast<long double>(sum.values));
        out.rows.push_back(&out.metrics.emplace_back(std::move(sum.row)));
    }
}

void add_exceptions(Rows& out, CloudState const& cloud, CloudTenant tenant, TimePoint since) {
    for (auto const& log : cloud.telemetry.logs()) {
        auto const& service = cloud.registrations.row(log.slot);
        if (service.tenant == tenant && log.at() >= since)
            out.rows.push_back(&out.exceptions.emplace_back(ExceptionRow{&log, service.id.text()}));
    }
}

} // namespace

std::span<std::string_view const> sets() {
    return published_sets;
}

std::span<std::string_view const> sets_here() {
    return sets().first<std::size(entities_here)>();
}

std::span<ODataEntity const* const> entities() {
    return entity_pointers;
}

Rows rows_of(CloudState const& cloud, CloudTenant tenant, std::string_view set, TimePoint since) {
    Rows out{std::ranges::find(entities_here, set, &ODataEntity::set), {}};
    if (set == "Features") {
        for (auto const& [number, feature] : cloud.features.all())
            if (feature.tenant == tenant) out.rows.push_back(&feature);
    } else if (set == "Projects") {
        for (auto const& project : cloud.projects.all())
            if (project.tenant == tenant) out.rows.push_back(&project);
    } else if (set == "Tasks") {
        for (auto const& [id, task] : cloud.projects.tasks())
            if (cloud.projects.find(tenant, task.project) != nullptr) out.rows.push_back(&task);
    } else if (set == "Metrics") {
        add_metrics(out, cloud, tenant, since);
    } else if (set == "StatusEvents") {
        for (auto const& event : cloud.events.all())
            if (event.tenant == tenant && event.end.value_or(TimePoint::max()) >= since) out.rows.push_back(&event);
    } else {
        add_exceptions(out, cloud, tenant, since);
    }
    return out;
}

} // namespace almd::analytics_model
