// Analytics (row 26): the entity sets and providers that our data can answer; the others say so.
#include "proto/messages/json_writer.hpp"
#include "simulator/cloud/analytics_model.hpp"
#include "simulator/cloud/metric_query.hpp"
#include "simulator/cloud/odata_service.hpp"

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

ODataService analytics_service() {
    return {"calm-analytics/v1/odata/v4/analytics", analytics_model::entities()};
}

/// Rows of `entity`, asked for under the name `set`; the filter is read.
struct AskedSet {
    std::string_view set;
    analytics_model::Rows rows;
    std::optional<ODataExpression> filter;
};

/// An $orderby or $select that is not understood is silently ignored there (V for the first), whole.
Result<ODataQuery> lenient_query(Query const& asked, ODataEntity const& entity) {
    auto const top = number_parameter(asked, "$top", analytics_rows_max);
    auto const skip = number_parameter(asked, "$skip", analytics_offset_max);
    if (!top || !skip) return std::unexpected{top ? skip.error() : top.error()};
    ODataQuery query;
    query.top = *top;
    query.skip = skip->value_or(0);
    query.page_max = *top ? analytics_rows_max : analytics_rows_default;
    query.count = asked.get("$count") == "true";
    if (auto found = ODataExpression::order(asked.get("$orderby").value_or(""), entity))
        query.order = *std::move(found);
    query.select = known_fields(asked.get("$select").value_or(""), entity);
    return query;
}

/// The last segment may be $count.
HttpResponse entity_set(PublishedCall const& call, AskedSet asked) {
    auto const& entity = *asked.rows.entity;
    auto query = lenient_query(call.query, entity);
    if (!query) return refused(query.error());
    query->filter = std::move(asked.filter);
    if (call.segments.back() == "$count") return odata_count_response(entity, *query, &call.cloud, asked.rows.rows);
    auto const context = odata_context(call, analytics_service(), entity, *query, true);
    ODataAnswer const answer{entity,      *query,
                             &call.cloud, annotation_prefix(call.http),
                             context,     fmt::format("{}{}", asked.set, next_page_options(call.query))};
    return odata_response(call, 200, odata_collection(answer, std::move(asked.rows.rows)));
}

/// A $filter that is not understood is silently ignored, too (V).
std::optional<ODataExpression> lenient_filter(std::string_view text, ODataEntity const& entity) {
    auto found = ODataExpression::filter(text, entity);
    return found ? std::optional{*std::move(found)} : std::nullopt;
}

/// What the filter of DataSet says beside conditions on rows (V).
constexpr ODataProperty questions[]{
    {"provider", ODataType::text, [](ODataRow) { return ODataValue{}; }},
    {"resolution", ODataType::text, [](ODataRow) { return ODataValue{}; }},
    {"period", ODataType::text, [](ODataRow) { return ODataValue{}; }},
    {"query", ODataType::text, [](ODataRow) { return ODataValue{}; }},
};

/// Which fields there are is known when the provider is.
constexpr ODataEntity data_set_entity{.type = "DataSet",
                                      .set = "DataSet",
                                      .properties = questions,
                                      .navigations = {},
                                      .keys = 1,
                                      .is_set = true,
                                      .is_open = true};

struct DataSetQuestion {
    std::string provider, period, query;
};

/// Takes the questions out of a filter, so that the conditions on rows are left.
Result<DataSetQuestion> take_questions(ODataExpression& filter) {
    DataSetQuestion asked;
    for (auto const& question : questions) {
        auto value = filter.take_equal(question.name);
        if (filter.looks_at(question.name))
            return fail(ErrorCode::invalid,
                        fmt::format("$filter: {0} was expected once, as {0} eq 'VALUE', joined to the rest by and",
                                    question.name));
        if (value && question.name == "provider") asked.provider = *std::move(value);
        if (value && question.name == "period") asked.period = *std::move(value);
        if (value && question.name == "query") asked.query = *std::move(value);
    }
    return asked;
}

HttpResponse data_set(PublishedCall const& call) {
    auto const text = call.query.get("$filter").value_or("");
    Error const no_provider{ErrorCode::invalid, "$filter: provider eq 'NAME' was expected"};
    if (text.find_first_not_of(' ') == std::string::npos) return refused(no_provider);
    auto filter = ODataExpression::filter(text, data_set_entity);
    if (!filter) return refused({filter.error().code, fmt::format("$filter: {}", filter.error().context)});
    auto const asked = take_questions(*filter);
    if (!asked) return refused(asked.error());
    if (asked->provider.empty()) return refused(no_provider);
    if (!asked->query.empty())
        return not_here("query in $filter; its language is not public, conditions on fields of the rows are answered");
    if (!is_answered(asked->provider)) return no_such_provider(asked->provider);
    TimePoint since{};
    // Whether M is minutes or months there is not public: only the others count.
    if (auto const span = telemetry_period(asked->period); span && !asked->period.ends_with('M'))
        since = call.cloud.now() - *span;
    auto rows = analytics_model::rows_of(call.cloud, call.tenant, asked->provider, since);
    std::vector<ODataProperty> fields{std::begin(questions), std::end(questions)};
    fields.insert(fields.end(), rows.entity->properties.begin(), rows.entity->properties.end());
    ODataEntity const with_questions{rows.entity->type, rows.entity->set, fields, {}};
    auto conditions = lenient_filter(text, with_questions);
    if (conditions) (void)take_questions(*conditions);
    return entity_set(call, {"DataSet", std::move(rows), std::move(conditions)});
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

/// A number from 0, cut to what is given at once; of nothing else silently.
Result<std::size_t> number_in(Json const& body, char const* member, std::size_t otherwise, std::size_t max) {
    auto const found = body.find(member);
    if (found == body.end() || found->is_null()) return otherwise;
    if (!found->is_number_unsigned())
        return fail(ErrorCode::invalid, fmt::format("{}: a whole number from 0 was expected", member));
    return std::min(found->get<std::size_t>(), max);
}

/// A member as part of a path; in quotes what would not look like one.
std::string as_place(std::string const& member) {
    constexpr std::size_t place_max = 40;
    bool const plain = !member.empty() && member.size() <= place_max && std::ranges::all_of(member, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    return plain ? member : in_quotes(member);
}

/// What would change the rows and is not done is refused, not passed over.
std::optional<Error> unknown_in(Json const& body) {
    static constexpr std::string_view known[]{"format", "timeRange", "resolution", "offset",
                                              "limit",  "timezone",  "queries"};
    for (auto const& [member, value] : body.items())
        if (std::ranges::find(known, member) == std::end(known))
            return Error{ErrorCode::invalid, fmt::format("{}: there is no such member; there are: {}", as_place(member),
                                                         fmt::join(known, ", "))};
    auto const is_said = [&body](char const* member) { return body.contains(member) && !body[member].is_null(); };
    if (is_said("timezone") && body["timezone"] != "UTC")
        return Error{ErrorCode::unavailable, "timezone: all times are UTC here; leave it out or say UTC"};
    if (is_said("resolution"))
        return Error{ErrorCode::unavailable,
                     "resolution: what it does to a table is not public; leave it out, rows come as they are"};
    if (auto const range = body.find("timeRange"); range != body.end() && range->is_object())
        for (auto const& [member, value] : range->items())
            if (member != "semantic")
                return Error{ErrorCode::unavailable,
                             fmt::format("timeRange.{}: only semantic is known here, such as L24H", as_place(member))};
    return std::nullopt;
}

/// The provider of queries[i]; what else is public of a query is nothing.
Result<std::string> provider_in(Json const& query, std::size_t i) {
    if (!query.is_object() || !query.contains("provider") || !query["provider"].is_string())
        return fail(ErrorCode::invalid, fmt::format("queries[{}].provider: a text was expected, one of {}", i,
                                                    fmt::join(analytics_model::sets_here(), ", ")));
    for (auto const& [member, value] : query.items())
        if (member != "provider")
            return fail(ErrorCode::unavailable,
                        fmt::format("queries[{}].{}: what it does is not public; only provider is known here, and all "
                                    "fields of all rows come",
                                    i, as_place(member)));
    return query["provider"].get<std::string>();
}

HttpResponse provider_data(PublishedCall const& call) {
    auto const body = Json::parse(call.http.body, nullptr, false);
    if (!body.is_object() || !body.contains("queries") || !body["queries"].is_array())
        return refused({ErrorCode::invalid, "queries: a list was expected"});
    if (body["queries"].size() > 10) return refused({ErrorCode::invalid, "queries: at most 10"});
    if (auto refusal = check_format(body)) return *std::move(refusal);
    if (auto const error = unknown_in(body)) return refused(*error);
    auto const since = begin_of(call, body);
    if (!since) return refused(since.error());
    auto const offset = number_in(body, "offset", 0, analytics_offset_max);
    auto const limit = number_in(body, "limit", analytics_rows_default, analytics_rows_max);
    if (!offset || !limit) return refused(offset ? limit.error() : offset.error());
    ODataQuery page;
    page.skip = *offset;
    page.top = *limit;
    page.page_max = analytics_rows_max;
    JsonWriter out{1024};
    out.begin_object();
    out.field("format", "table");
    out.name("results");
    out.begin_array();
    for (std::size_t i = 0; i < body["queries"].size(); ++i) {
        auto const provider = provider_in(body["queries"][i], i);
        if (!provider) return refused(provider.error());
        if (!is_answered(*provider)) return no_such_provider(*provider);
        auto rows = analytics_model::rows_of(call.cloud, call.tenant, *provider, *since);
        out.begin_object();
        out.field("provider", *provider);
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
    if (call.is_packed()) return odata_packed_response(call);
    bool const is_root = call.at({"odata", "v4", "analytics"});
    if (!is_root && !call.at({"odata", "v4", "analytics", "*"}) &&
        !call.at({"odata", "v4", "analytics", "*", "$count"}))
        return no_such_path(call);
    if (!call.reads()) return no_such_method(call, "GET");
    if (is_root) return odata_sets_response(call, analytics_service());
    if (call.segments.back() == "$metadata") return odata_model_response(analytics_service());
    auto const& set = call.segments[3];
    if (set == "DataSet") return data_set(call);
    if (is_answered(set)) {
        auto rows = analytics_model::rows_of(call.cloud, call.tenant, set, {});
        auto filter = lenient_filter(call.query.get("$filter").value_or(""), *rows.entity);
        return entity_set(call, {set, std::move(rows), std::move(filter)});
    }
    if (std::ranges::find(analytics_model::sets(), set) != analytics_model::sets().end())
        return not_here(fmt::format("{}; nothing here makes such data", set));
    return no_such_path(call);
}

} // namespace almd
