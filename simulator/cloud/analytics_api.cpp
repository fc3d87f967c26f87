// Analytics (row 26): the entity analytics_sets and providers that our data can answer; the others say so.
#include "simulator/cloud/metric_query.hpp"
#include "simulator/cloud/published_api.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace almd {

namespace {

using Json = nlohmann::json;

constexpr std::size_t analytics_rows_default = 1'000, analytics_rows_max = 10'000, analytics_offset_max = 100'000'000;

// Of the published sets; the first six are answered.
constexpr std::string_view analytics_sets[]{
    "Features",         "Projects",     "Tasks",   "Metrics",       "StatusEvents",
    "Exceptions",       "Requirements", "Defects", "Tests",         "ConfigurationItems",
    "Requests",         "QualityGates", "Jobs",    "ServiceLevels", "ScenarioExecutions",
    "MonitoringEvents", "Messages"};
constexpr std::size_t analytics_sets_answered = 6;

Json feature_rows(PublishedCall const& call) {
    auto rows = Json::array();
    for (auto const& [number, feature] : call.cloud.features.all())
        if (feature.tenant == call.tenant)
            rows.push_back({{"id", feature.id.text()},
                            {"displayId", feature.display_id()},
                            {"title", feature.title},
                            {"projectId", feature.project_id.text()},
                            {"projectName", feature.project},
                            {"status", label(feature.status)},
                            {"statusCode", code(feature.status)},
                            {"priorityCode", feature.priority},
                            {"transports", feature.transports.size()},
                            {"modifiedAt", rfc3339(feature.modified_at)}});
    return rows;
}

Json project_rows(PublishedCall const& call) {
    auto rows = Json::array();
    for (auto const& project : call.cloud.projects.all())
        if (project.tenant == call.tenant)
            rows.push_back(
                {{"id", project.id.text()}, {"name", project.name}, {"createdAt", rfc3339(project.created_at)}});
    return rows;
}

Json task_rows(PublishedCall const& call) {
    auto rows = Json::array();
    for (auto const& [id, task] : call.cloud.projects.tasks())
        if (call.cloud.projects.find(call.tenant, task.project) != nullptr)
            rows.push_back({{"id", id.text()},
                            {"title", task.title},
                            {"type", task.type},
                            {"status", task.status},
                            {"projectId", task.project.text()},
                            {"lastChangedDate", rfc3339(task.last_changed)}});
    return rows;
}

/// The system's own data of the tenant that asks, not older than `since`.
bool is_shown(PublishedCall const& call, CloudSlot slot, TimePoint at, TimePoint since) {
    return call.cloud.registrations.row(slot).tenant == call.tenant && at >= since;
}

/// One row for each metric of each service: names as published, even the misspelt one (V); that the two status columns count the
/// points with that rating is ours (I).
Json metric_rows(PublishedCall const& call, TimePoint since) {
    struct Sum {
        double value = 0;
        std::uint64_t count = 0, warnings = 0, criticals = 0;
    };
    std::map<std::pair<CloudSlot, std::string_view>, Sum> sums;
    for (auto const& point : call.cloud.telemetry.metrics()) {
        if (!is_shown(call, point.slot, point.at, since)) continue;
        auto& sum = sums[{point.slot, point.name}];
        sum.value += point.value;
        ++sum.count;
        for (auto const& [key, rating] : point.attributes) {
            if (key != "sap.calm.hm.metric.rating") continue;
            sum.warnings += rating == "warning";
            sum.criticals += rating == "critical" || rating == "fatal" || rating == "error";
        }
    }
    auto rows = Json::array();
    for (auto const& [key, sum] : sums)
        rows.push_back({{"metricName", key.second},
                        {"valueAvg", sum.value / static_cast<double>(sum.count)},
                        {"warningStratus", sum.warnings},
                        {"criticalStatus", sum.criticals},
                        {"serviceId", call.cloud.registrations.row(key.first).id.text()}});
    return rows;
}

Json event_rows(PublishedCall const& call, TimePoint since) {
    auto rows = Json::array();
    for (auto const& event : call.cloud.events.all())
        if (event.tenant == call.tenant && event.end.value_or(TimePoint::max()) >= since)
            rows.push_back({{"eventId", event.id.text()},
                            {"eventType", event.type},
                            {"eventName", event.name},
                            {"eventDescription", event.description},
                            {"eventStartTime", rfc3339(event.start)},
                            {"serviceName", event.service},
                            {"serviceDescription", event.service_description},
                            {"systemNumber", event.system_number}});
    return rows;
}

/// Attributes of a record under their last word: sap.exm.category is category.
Json exception_rows(PublishedCall const& call, TimePoint since) {
    auto rows = Json::array();
    for (auto const& log : call.cloud.telemetry.logs()) {
        if (!is_shown(call, log.slot, log.at, since)) continue;
        Json row{{"timestamp", rfc3339(log.at)},
                 {"severityNumber", log.severity},
                 {"text", log.body},
                 {"category", nullptr},
                 {"correlationId", nullptr},
                 {"serviceId", call.cloud.registrations.row(log.slot).id.text()}};
        for (auto const& [key, value] : log.attributes) {
            if (key == "sap.exm.category") row["category"] = value;
            if (key == "sap.exm.correlationId") row["correlationId"] = value;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// since: of what has a time of its own.
Json set_rows(PublishedCall const& call, std::string_view set, TimePoint since = {}) {
    if (set == "Features") return feature_rows(call);
    if (set == "Projects") return project_rows(call);
    if (set == "Tasks") return task_rows(call);
    if (set == "Metrics") return metric_rows(call, since);
    return set == "StatusEvents" ? event_rows(call, since) : exception_rows(call, since);
}

std::string json_text_of(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json cut_rows(Json rows, std::size_t offset, std::size_t limit) {
    auto const begin = std::min(offset, rows.size()), end = std::min(rows.size(), begin + limit);
    Json out = Json::array();
    for (auto i = begin; i < end; ++i) out.push_back(std::move(rows[i]));
    return out;
}

/// $top, $skip and $count count; an unknown $filter or $orderby is silently ignored there (V).
HttpResponse entity_set(PublishedCall const& call, std::string_view set, Json rows) {
    auto const top = number_parameter(call.query, "$top", analytics_rows_max);
    auto const skip = number_parameter(call.query, "$skip", analytics_offset_max);
    if (!top || !skip) return refused(top ? skip.error() : top.error());
    Json answer{{"@odata.context", fmt::format("$metadata#{}", set)}};
    if (call.query.get("$count") == "true") answer["@odata.count"] = rows.size();
    answer["value"] = cut_rows(std::move(rows), skip->value_or(0), top->value_or(analytics_rows_default));
    return json_response(200, json_text_of(answer));
}

/// What `provider eq 'X'` in the filter says; empty: nothing.
std::string provider_in(std::string_view filter) {
    constexpr std::string_view words = "provider eq '";
    auto const at = filter.find(words);
    if (at == std::string_view::npos) return {};
    auto const name = filter.substr(at + words.size());
    return std::string{name.substr(0, name.find('\''))};
}

bool is_answered(std::string_view set) {
    return std::ranges::find(std::span{analytics_sets}.first<analytics_sets_answered>(), set) !=
           std::span{analytics_sets}.first<analytics_sets_answered>().end();
}

HttpResponse no_such_provider(std::string_view provider) {
    return not_here(fmt::format("provider {}, because nothing here makes its data; there are {}", in_quotes(provider),
                                fmt::join(std::span{analytics_sets}.first<analytics_sets_answered>(), ", ")));
}

/// "L24H" in timeRange: what is older is left out. Error: not one that is understood.
Result<TimePoint> begin_of(PublishedCall const& call, Json const& body) {
    auto const range = body.find("timeRange");
    if (range == body.end() || range->is_null()) return TimePoint{};
    auto const found = range->is_object() ? range->find("semantic") : range->end();
    bool const text = range->is_object() && found != range->end() && found->is_string();
    auto const period = text ? telemetry_period(found->get<std::string>()) : std::nullopt;
    if (!period) return fail(ErrorCode::invalid, "timeRange.semantic: a period such as L24H was expected");
    return call.cloud.now() - *period;
}

/// Table, when nothing is said.
std::optional<HttpResponse> check_format(Json const& body) {
    auto const found = body.find("format");
    if (found == body.end() || found->is_null() || *found == "table") return std::nullopt;
    if (*found == "time_series") return not_here("format time_series; the form of its answer is not public");
    return refused({ErrorCode::invalid, "format: table or time_series was expected"});
}

HttpResponse data_set(PublishedCall const& call) {
    auto const provider = provider_in(call.query.get("$filter").value_or(""));
    if (provider.empty()) return refused({ErrorCode::invalid, "$filter: provider eq 'NAME' was expected"});
    if (!is_answered(provider)) return no_such_provider(provider);
    return entity_set(call, "DataSet", set_rows(call, provider));
}

HttpResponse provider_data(PublishedCall const& call) {
    auto const body = Json::parse(call.http.body, nullptr, false);
    if (!body.is_object() || !body.contains("queries") || !body["queries"].is_array())
        return refused({ErrorCode::invalid, "queries: a list was expected"});
    if (auto refusal = check_format(body)) return *std::move(refusal);
    auto const since = begin_of(call, body);
    if (!since) return refused(since.error());
    auto const number = [&body](char const* name, std::size_t otherwise, std::size_t max) {
        return body.contains(name) && body[name].is_number_unsigned() ? std::min(body[name].get<std::size_t>(), max)
                                                                      : otherwise;
    };
    auto results = Json::array();
    for (auto const& query : body["queries"]) {
        auto const found = query.is_object() ? query.find("provider") : query.end();
        std::string const provider =
            query.is_object() && found != query.end() && found->is_string() ? found->get<std::string>() : "";
        if (!is_answered(provider)) return no_such_provider(provider);
        Json result{{"provider", provider}};
        result["rows"] = cut_rows(set_rows(call, provider, *since), number("offset", 0, analytics_offset_max),
                                  number("limit", analytics_rows_default, analytics_rows_max));
        results.push_back(std::move(result));
        if (results.size() > 10) return refused({ErrorCode::invalid, "queries: at most 10"});
    }
    return json_response(200, json_text_of({{"format", "table"}, {"results", std::move(results)}}));
}

} // namespace

HttpResponse answer_analytics(PublishedCall& call) {
    if (call.is("GET", {"analytics", "providers"})) {
        if (!call.scopes.has(CloudScope::analytics_providers_read))
            return error_response(403, "SCOPE_MISSING",
                                  fmt::format("scope {} is missing", name(CloudScope::analytics_providers_read)));
        auto providers = Json::array();
        for (auto const set : std::span{analytics_sets}.first<analytics_sets_answered>())
            providers.push_back({{"name", set}, {"version", "1"}});
        return json_response(200, json_text_of(providers));
    }
    if (call.is("POST", {"analytics", "providers", "data"})) return provider_data(call);
    if (call.at({"analytics", "providers", "filters"}))
        return not_here("the filters of a provider; their form is not public");
    if (!call.at({"odata", "v4", "analytics", "*"})) return no_such_path(call);
    if (!call.reads()) return no_such_method(call, "GET");
    auto const& set = call.segments[3];
    if (set == "DataSet") return data_set(call);
    if (is_answered(set)) return entity_set(call, set, set_rows(call, set));
    if (std::ranges::find(analytics_sets, set) != std::end(analytics_sets))
        return not_here(fmt::format("{}; nothing here makes such data", set));
    return no_such_path(call);
}

} // namespace almd
