// Metrics and logs (rows 18 to 20), with the refusals that were seen on a tenant (V, reference/cloud-alm.md 2.6 to 2.8).
#include "proto/http/gzip.hpp"
#include "simulator/cloud/metric_query.hpp"
#include "simulator/cloud/otlp.hpp"
#include "simulator/cloud/published_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace almd {

namespace {

constexpr std::string_view protobuf_type = "application/x-protobuf";
constexpr std::size_t push_json_max = 1024 * 1024,
                      push_protobuf_max = 150 * 1024; ///< unpacked (V as a partner's numbers)
constexpr std::size_t telemetry_offset_max = 100'000'000, telemetry_rows_default = 5'000;

/// In SAP's words (V).
HttpResponse parameter_missing(std::string_view name) {
    return error_response(428, "PRECONDITION_REQUIRED", fmt::format("A required parameter is missing : {}", name),
                          name);
}

HttpResponse bad_parameter(std::string_view message, std::string_view name) {
    return error_response(400, "BAD_REQUEST", message, name);
}

std::optional<HttpResponse> also_needs(PublishedCall const& call, CloudScope scope) {
    if (call.scopes.has(scope)) return std::nullopt;
    return error_response(403, "SCOPE_MISSING", fmt::format("scope {} is missing as well", name(scope)));
}

OtlpService service_of(CloudState const& cloud, CloudSlot slot) {
    auto const& row = cloud.registrations.row(slot);
    return {fmt::format("{}{}", row.system.text(), row.client.text()), row.id.text(), {}, row.id.text()};
}

/// The system that a push or a reading is about.
std::expected<CloudSlot, HttpResponse> service_slot(PublishedCall const& call) {
    auto const slot = slot_of_object(call.cloud.registrations, call.tenant, call.query.get("serviceId").value_or(""));
    if (slot == no_cloud_slot || !call.cloud.registrations.row(slot).registered)
        return std::unexpected{
            error_response(404, "SERVICE_UNKNOWN", "no registered service has this LMS ID", "serviceId")};
    return slot;
}

std::optional<HttpResponse> wrong_version(PublishedCall const& call) {
    if (call.query.get("version").value_or("V1") == "V1") return std::nullopt;
    return bad_parameter("V1 was expected", "version");
}

std::expected<CloudSlot, HttpResponse> open_push(PublishedCall const& call, std::string_view use_case) {
    for (auto const* name : {"useCase", "serviceId"})
        if (call.query.get(name).value_or("").empty()) return std::unexpected{parameter_missing(name)};
    if (call.query.get("useCase") != use_case)
        return std::unexpected{bad_parameter(fmt::format("Unknown use case; allowed: {}", use_case), "useCase")};
    if (auto refusal = wrong_version(call)) return std::unexpected{*std::move(refusal)};
    if (auto const dev = call.query.get("dev").value_or("false"); dev != "true" && dev != "false")
        return std::unexpected{bad_parameter("true or false was expected", "dev")};
    return service_slot(call);
}

HttpResponse protobuf_response(std::string body) {
    HttpResponse response{200, std::move(body)};
    response.headers.emplace_back("Content-Type", std::string{protobuf_type});
    return response;
}

/// Code and body of SAP are not public: an empty Export...ServiceResponse, as OTLP over HTTP has it.
template <class ToJson, class Read>
HttpResponse take_push(PublishedCall& call, std::string_view use_case, ToJson to_json, Read read) {
    auto const slot = open_push(call, use_case);
    if (!slot) return slot.error();
    std::string_view body = call.http.body;
    Result<std::string> unpacked, json;
    if (is_gzipped(call.http)) {
        unpacked = gunzip(body, call.cloud.settings.limits.body_bytes_max);
        if (!unpacked) return refused(unpacked.error());
        body = *unpacked;
    }
    bool const is_protobuf = find_header(call.http.headers, "Content-Type").starts_with(protobuf_type);
    if (auto const most = is_protobuf ? push_protobuf_max : push_json_max; body.size() > most)
        return error_response(413, "TOO_LARGE",
                              fmt::format("at most {} bytes of {} at once", most, is_protobuf ? "protobuf" : "JSON"));
    if (is_protobuf) {
        json = to_json(body);
        if (!json) return refused(json.error());
        body = *json;
    }
    auto blocks = read(body, *slot, call.cloud.now());
    if (!blocks) return refused(blocks.error());
    for (auto& block : *blocks) call.cloud.telemetry.keep(std::move(block));
    return is_protobuf ? protobuf_response({}) : json_response(200, "{}");
}

/// YYYYMMDDHHmmss, UTC.
std::optional<TimePoint> compact_time(std::string_view t) {
    if (t.size() != 14 || !std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    auto const at = parse_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", t.substr(0, 4), t.substr(4, 2), t.substr(6, 2),
                                              t.substr(8, 2), t.substr(10, 2), t.substr(12, 2)));
    return at ? std::optional{*at} : std::nullopt;
}

/// limit and offset are for who lets the answer be cut; who does not gets all, or 403 (V for logs, I for metrics).
struct RowWindow {
    std::size_t offset = 0, limit = 0;
    bool truncates = false;
};

HttpResponse over_the_limit() {
    return error_response(403, "FORBIDDEN", "Response total count is over the limit"); // V
}

std::expected<RowWindow, HttpResponse> row_window(PublishedCall const& call) {
    auto const offset = number_parameter(call.query, "offset", telemetry_offset_max);
    auto const limit = number_parameter(call.query, "limit", telemetry_offset_max);
    if (!offset || !limit) return std::unexpected{refused(offset ? limit.error() : offset.error())};
    auto const cutting = call.query.get("onLimit");
    bool const truncates = cutting == "truncate" || cutting == "TRUNCATE";
    if (cutting && !truncates) return std::unexpected{bad_parameter("TRUNCATE was expected", "onLimit")};
    if ((*offset || *limit) && !truncates) return std::unexpected{over_the_limit()};
    return RowWindow{offset->value_or(0), limit->value_or(telemetry_rows_default), truncates};
}

/// Rows of one tenant that `takes` takes, oldest first.
template <class Row, class Takes>
std::expected<std::vector<Row const*>, HttpResponse> window_of(PublishedCall const& call, std::deque<Row> const& rows,
                                                               RowWindow const& window, Takes takes) {
    std::vector<Row const*> all;
    for (auto const& row : rows)
        if (call.cloud.registrations.row(row.slot).tenant == call.tenant && takes(row)) all.push_back(&row);
    if (!window.truncates && all.size() > window.limit) return std::unexpected{over_the_limit()};
    auto const begin = std::min(window.offset, all.size());
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
    all.resize(std::min(all.size(), window.limit));
    return all;
}

/// By service and resource, then by scope, each in the order of its first row.
template <class Row, class Service>
std::vector<OtlpGroup<Row>> grouped(std::vector<Row const*> const& rows, Service service) {
    using Group = OtlpGroup<Row>;
    std::vector<Group> groups;
    std::map<std::pair<CloudSlot, void const*>, std::size_t> places;
    for (auto const* row : rows) {
        auto const& resource = row->resource->second.value;
        auto const [place, is_new] = places.try_emplace({row->slot, &resource}, groups.size());
        if (is_new) groups.push_back({service(row->slot), &resource, {}});
        auto& parts = groups[place->second].parts;
        auto part = std::ranges::find(parts, &row->scope->second.value, &Group::Part::scope);
        if (part == parts.end()) part = parts.insert(part, {&row->scope->second.value, {}});
        part->rows.push_back(row);
    }
    return groups;
}

/// What of the service a reader wants to see; the type is known of those whose registration is kept.
OtlpService service_shown(CloudState const& cloud, CloudSlot slot, MetricQuery const& asked) {
    auto service = service_of(cloud, slot);
    if (!asked.has_dimension("serviceName")) service.name.clear();
    if (!asked.has_dimension("serviceId")) service.id.clear();
    if (auto const* details = cloud.registrations.details(slot);
        details != nullptr && asked.has_dimension("serviceType"))
        service.type = details->service_type;
    return service;
}

bool is_service(CloudState const& cloud, CloudSlot slot, MetricQuery const& asked) {
    if (asked.service && cloud.registrations.row(slot).id != *asked.service) return false;
    if (!asked.service_type) return true;
    auto const* details = cloud.registrations.details(slot);
    return details != nullptr && details->service_type == *asked.service_type;
}

HttpResponse read_metrics(PublishedCall const& call) {
    for (auto const* name : {"provider", "metrics", "dimensions"})
        if (call.query.get(name).value_or("").empty()) return parameter_missing(name);
    if (auto refusal = wrong_version(call)) return *std::move(refusal);
    auto asked = read_metric_query(call.query);
    if (!asked) return refused(asked.error());
    if (asked->service) // of a system: of the client that stands for it
        if (auto const slot = slot_of_object(call.cloud.registrations, call.tenant, asked->service->text());
            slot != no_cloud_slot)
            asked->service = call.cloud.registrations.row(slot).id;
    auto const window = row_window(call);
    if (!window) return window.error();
    auto const& cloud = call.cloud;
    auto const since = cloud.now() - asked->period;
    auto const fits = [&](MetricPoint const& point) {
        // What is pushed is data of Health Monitoring; the other providers have none here.
        return asked->provider == "hm" && point.at() >= since && (!asked->metric || point.name == *asked->metric) &&
               is_service(cloud, point.slot, *asked) && asked->wants(point);
    };
    std::deque<MetricPoint> means;
    if (asked->resolution) {
        std::ranges::copy_if(cloud.telemetry.metrics(), std::back_inserter(means), fits);
        means = averaged(means, *asked->resolution);
    }
    auto const points = asked->resolution ? window_of(call, means, *window, [](MetricPoint const&) { return true; })
                                          : window_of(call, cloud.telemetry.metrics(), *window, fits);
    if (!points) return points.error();
    auto const groups = grouped(*points, [&](CloudSlot slot) { return service_shown(cloud, slot, *asked); });
    OtlpShown const shown{asked->has_dimension("metricName"), asked->has_dimension("metricLabel"), asked->shows_times};
    if (asked->format == "protobuf-json") return json_response(200, otlp_json(groups, shown));
    if (asked->format == "protobuf-binary") return protobuf_response(otlp_protobuf(groups, shown));
    HttpResponse response{200, prometheus_text(groups, asked->prefix, shown)};
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4");
    return response;
}

struct LogWindow {
    TimePoint from{}, to{};
};

std::expected<LogWindow, HttpResponse> log_window(PublishedCall const& call) {
    constexpr auto window_max = std::chrono::minutes{60}; // V
    Duration length = window_max;
    LogWindow window{{}, call.cloud.now()};
    if (auto const text = call.query.get("period")) {
        auto const period = text->ends_with('M') ? telemetry_period(*text) : std::nullopt;
        if (!period) return std::unexpected{bad_parameter("a period such as 30M was expected", "period")};
        length = *period;
    }
    if (auto const text = call.query.get("to")) {
        auto const at = compact_time(*text);
        if (!at) return std::unexpected{bad_parameter("To is not of format YYYYMMDDHHmmss", "to")};
        window.to = *at;
    }
    window.from = window.to - length;
    if (auto const text = call.query.get("from")) {
        auto const at = compact_time(*text);
        if (!at) return std::unexpected{bad_parameter("From is not of format YYYYMMDDHHmmss", "from")};
        window.from = *at;
    }
    auto const* const begin = call.query.get("from") ? "from" : "period";
    if (window.to < window.from)
        return std::unexpected{bad_parameter(
            fmt::format("From is after to, which is {}", call.query.get("to") ? rfc3339(window.to) : "now"), begin)};
    if (window.to - window.from > window_max) return std::unexpected{bad_parameter("Time interval > 60 mins", begin)};
    return window;
}

HttpResponse read_logs(PublishedCall const& call) {
    static constexpr std::array<std::string_view, 8> providers{"exm.im", "exm.jam", "bsm",     "im",
                                                               "iep",    "jam.def", "jam.run", "jam.run_step"};
    static constexpr std::array<std::string_view, 12> known{"provider", "serviceId", "version",  "period",
                                                            "from",     "to",        "category", "limit",
                                                            "offset",   "onLimit",   "format",   "observedTimestamp"};
    for (auto const* name : {"provider", "serviceId"})
        if (call.query.get(name).value_or("").empty()) return parameter_missing(name);
    for (auto const& [name, value] : call.query.all())
        if (std::ranges::find(known, name) == known.end() && name != "preserveTimeStamp")
            return bad_parameter("Unknown filter", name);
    if (auto refusal = wrong_version(call)) return *std::move(refusal);
    if (std::ranges::find(providers, *call.query.get("provider")) == providers.end())
        return bad_parameter("Unknown provider", "provider");
    auto const slot = service_slot(call);
    if (!slot) return slot.error();
    auto const window = log_window(call);
    if (!window) return window.error();
    auto const rows = row_window(call);
    if (!rows) return rows.error();
    auto const format = call.query.get("format").value_or("protobuf-binary");
    if (format != "protobuf-binary" && format != "protobuf-json")
        return bad_parameter("protobuf-binary or protobuf-json was expected", "format");
    auto const category = call.query.get("category");
    auto const in_category = [&](TelemetryLog const& log) {
        auto const* found = find_attribute(log.attributes, "sap.exm.category");
        return !category || (found != nullptr && text_of(*found) == *category);
    };
    // What is pushed are exceptions; the other providers have none here.
    bool const has_any = call.query.get("provider")->starts_with("exm.");
    auto const logs = window_of(call, call.cloud.telemetry.logs(), *rows, [&](TelemetryLog const& log) {
        return has_any && log.slot == *slot && log.at() >= window->from && log.at() <= window->to && in_category(log);
    });
    if (!logs) return logs.error();
    auto const groups = grouped(*logs, [&](CloudSlot of) { return service_of(call.cloud, of); });
    return format == "protobuf-json" ? json_response(200, otlp_json(groups)) : protobuf_response(otlp_protobuf(groups));
}

} // namespace

HttpResponse answer_metrics(PublishedCall& call) {
    if (!call.at({"metrics"})) return no_such_path(call);
    if (call.reads()) {
        if (auto refusal = also_needs(call, CloudScope::health_read)) return *std::move(refusal); // V: both scopes
        return read_metrics(call);
    }
    if (call.http.method != "POST") return no_such_method(call, "GET, POST");
    if (auto refusal = also_needs(call, CloudScope::health_write)) return *std::move(refusal);
    return take_push(call, "hm", otlp_metrics_json, read_otlp_metrics);
}

HttpResponse answer_logs(PublishedCall& call) {
    if (!call.at({"logs"})) return no_such_path(call);
    if (call.reads()) return read_logs(call);
    if (call.http.method != "POST") return no_such_method(call, "GET, POST");
    return take_push(call, "exm", otlp_logs_json, read_otlp_logs); // exm: I
}

} // namespace almd
