// Analytics (row 26): the entity sets and providers that our data can answer; the others say so.
#include "proto/messages/json_writer.hpp"
#include "simulator/cloud/analytics_model.hpp"
#include "simulator/cloud/metric_query.hpp"
#include "simulator/cloud/odata_query.hpp"
#include "simulator/cloud/published_api.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using Json = nlohmann::json;

constexpr std::size_t analytics_rows_default = 1'000, analytics_rows_max = 10'000, analytics_offset_max = 100'000'000;

bool is_answered(std::string_view set) {
    return std::ranges::find(analytics_model::sets_here(), set) != analytics_model::sets_here().end();
}

HttpResponse no_such_provider(std::string_view provider) {
    return not_here(fmt::format("provider {}, because nothing here makes its data; there are {}", in_quotes(provider),
                                fmt::join(analytics_model::sets_here(), ", ")));
}

/// A $filter, $orderby or $select that is not understood is silently ignored there (V for the first two), whole.
Result<ODataQuery> lenient_query(Query const& asked, ODataEntity const& entity, std::string_view filter) {
    auto const top = number_parameter(asked, "$top", analytics_rows_max);
    auto const skip = number_parameter(asked, "$skip", analytics_offset_max);
    if (!top || !skip) return std::unexpected{top ? skip.error() : top.error()};
    ODataQuery query;
    query.top = *top;
    query.skip = skip->value_or(0);
    query.page_max = *top ? analytics_rows_max : analytics_rows_default;
    query.count = asked.get("$count") == "true";
    if (auto found = ODataExpression::filter(filter, entity)) query.filter = *std::move(found);
    if (auto found = ODataExpression::order(asked.get("$orderby").value_or(""), entity))
        query.order = *std::move(found);
    query.select = known_fields(asked.get("$select").value_or(""), entity);
    return query;
}

HttpResponse entity_set(PublishedCall const& call, std::string_view set, analytics_model::Rows rows,
                        std::string_view filter) {
    auto const query = lenient_query(call.query, *rows.entity, filter);
    if (!query) return refused(query.error());
    auto const context = fmt::format("$metadata#{}", set);
    ODataAnswer const answer{*rows.entity, *query,  &call.cloud,
                             "@odata.",    context, fmt::format("{}{}", set, next_page_options(call.query))};
    return json_response(200, odata_collection(answer, std::move(rows.rows)));
}

/// The parts of a filter between its outermost ands.
std::vector<std::string_view> conditions_of(std::string_view filter) {
    constexpr std::string_view separator = " and ";
    std::vector<std::string_view> parts;
    std::size_t begin = 0, depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < filter.size(); ++i) {
        if (filter[i] == '\'') quoted = !quoted;
        if (quoted) continue;
        if (filter[i] == '(') ++depth;
        if (filter[i] == ')' && depth > 0) --depth;
        if (depth > 0 || !filter.substr(i).starts_with(separator)) continue;
        parts.push_back(filter.substr(begin, i - begin));
        begin = i + separator.size();
    }
    parts.push_back(filter.substr(begin));
    return parts;
}

/// What `name eq 'X'` says of the name.
std::optional<std::string_view> value_of(std::string_view condition, std::string_view name) {
    constexpr std::string_view equals = " eq '";
    while (condition.starts_with(' ')) condition.remove_prefix(1);
    if (!condition.starts_with(name) || !condition.substr(name.size()).starts_with(equals)) return std::nullopt;
    condition.remove_prefix(name.size() + equals.size());
    return condition.substr(0, condition.find('\''));
}

/// The filter of DataSet says what is asked (V: provider, resolution, period and query); what else it says is about the rows.
HttpResponse data_set(PublishedCall const& call) {
    std::string_view provider;
    std::string about_rows;
    TimePoint since{};
    auto const filter = call.query.get("$filter").value_or("");
    for (auto const condition : conditions_of(filter)) {
        if (auto const name = value_of(condition, "provider"))
            provider = *name;
        else if (auto const period = value_of(condition, "period")) {
            // Whether M is minutes or months there is not public: only the others count.
            if (auto const span = telemetry_period(*period); span && !period->ends_with('M'))
                since = call.cloud.now() - *span;
        } else if (!value_of(condition, "resolution") && !value_of(condition, "query"))
            about_rows.append(about_rows.empty() ? "" : " and ").append(condition);
    }
    if (provider.empty()) return refused({ErrorCode::invalid, "$filter: provider eq 'NAME' was expected"});
    if (!is_answered(provider)) return no_such_provider(provider);
    return entity_set(call, "DataSet", analytics_model::rows_of(call.cloud, call.tenant, provider, since), about_rows);
}

/// "L24H" in timeRange: what is older is left out. Error: not one that is understood.
Result<TimePoint> begin_of(PublishedCall const& call, Json const& body) {
    auto const range = body.find("timeRange");
    if (range == body.end() || range->is_null()) return TimePoint{};
    auto const found = range->is_object() ? range->find("semantic") : range->end();
    bool const text = range->is_object() && found != range->end() && found->is_string();
    auto const period = read_period("timeRange.semantic", text ? found->get<std::string>() : "");
    if (!period) return std::unexpected{period.error()};
    return call.cloud.now() - *period;
}

/// Table, when nothing is said.
std::optional<HttpResponse> check_format(Json const& body) {
    auto const found = body.find("format");
    if (found == body.end() || found->is_null() || *found == "table") return std::nullopt;
    if (*found == "time_series") return not_here("format time_series; the form of its answer is not public");
    return refused({ErrorCode::invalid, "format: table or time_series was expected"});
}

HttpResponse provider_data(PublishedCall const& call) {
    auto const body = Json::parse(call.http.body, nullptr, false);
    if (!body.is_object() || !body.contains("queries") || !body["queries"].is_array())
        return refused({ErrorCode::invalid, "queries: a list was expected"});
    if (body["queries"].size() > 10) return refused({ErrorCode::invalid, "queries: at most 10"});
    if (auto refusal = check_format(body)) return *std::move(refusal);
    auto const since = begin_of(call, body);
    if (!since) return refused(since.error());
    auto const number = [&body](char const* name, std::size_t otherwise, std::size_t max) {
        return body.contains(name) && body[name].is_number_unsigned() ? std::min(body[name].get<std::size_t>(), max)
                                                                      : otherwise;
    };
    ODataQuery page;
    page.skip = number("offset", 0, analytics_offset_max);
    page.top = number("limit", analytics_rows_default, analytics_rows_max);
    page.page_max = analytics_rows_max;
    JsonWriter out{1024};
    out.begin_object();
    out.field("format", "table");
    out.name("results");
    out.begin_array();
    for (auto const& query : body["queries"]) {
        auto const found = query.is_object() ? query.find("provider") : query.end();
        std::string const provider =
            query.is_object() && found != query.end() && found->is_string() ? found->get<std::string>() : "";
        if (!is_answered(provider)) return no_such_provider(provider);
        auto rows = analytics_model::rows_of(call.cloud, call.tenant, provider, *since);
        out.begin_object();
        out.field("provider", provider);
        out.name("rows");
        write_odata_rows(out, {*rows.entity, page, &call.cloud, {}, {}}, std::move(rows.rows));
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return json_response(200, out.take());
}

HttpResponse providers(PublishedCall const& call) {
    if (!call.scopes.has(CloudScope::analytics_providers_read))
        return error_response(403, "SCOPE_MISSING",
                              fmt::format("scope {} is missing", name(CloudScope::analytics_providers_read)));
    auto list = Json::array();
    for (auto const set : analytics_model::sets_here()) list.push_back({{"name", set}, {"version", "1"}});
    return json_response(200, list.dump());
}

} // namespace

HttpResponse answer_analytics(PublishedCall& call) {
    if (call.is("GET", {"analytics", "providers"})) return providers(call);
    if (call.is("POST", {"analytics", "providers", "data"})) return provider_data(call);
    if (call.at({"analytics", "providers", "filters"}))
        return not_here("the filters of a provider; their form is not public");
    if (!call.at({"odata", "v4", "analytics", "*"})) return no_such_path(call);
    if (!call.reads()) return no_such_method(call, "GET");
    auto const& set = call.segments[3];
    if (set == "DataSet") return data_set(call);
    if (is_answered(set))
        return entity_set(call, set, analytics_model::rows_of(call.cloud, call.tenant, set, {}),
                          call.query.get("$filter").value_or(""));
    if (std::ranges::find(analytics_model::sets(), set) != analytics_model::sets().end())
        return not_here(fmt::format("{}; nothing here makes such data", set));
    return no_such_path(call);
}

} // namespace almd
