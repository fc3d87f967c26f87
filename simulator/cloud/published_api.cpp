// The door of the published APIs.
#include "simulator/cloud/published_api.hpp"

#include "proto/schema/json_text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace almd {

namespace {

using enum CloudOperation;

constexpr std::array<PublishedService, 8> published_table{{
    {features_api, "calm-features/v1", answer_features},
    {projects_api, "calm-projects/v1", answer_projects},
    {tasks_api, "calm-tasks/v1", answer_tasks},
    {landscape_api, "calm-landscape/v1", answer_landscape},
    {events_api, "bsm-service/v1", answer_events},
    {analytics_api, "calm-analytics/v1", answer_analytics},
    {metrics_api, "calm-metrics/v1", answer_metrics, true},
    {logs_api, "calm-logs/v1", answer_logs, true},
}};

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        auto const end = path.find('/');
        auto const part = path.substr(0, end);
        if (!part.empty()) segments.push_back(percent_decode(part).value_or(std::string{part}));
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
    }
    return segments;
}

std::optional<HttpResponse> check_scope(PublishedService const& service, PublishedCall const& call) {
    auto const wanted = scopes_of(service.operation).of(call.http.method).value();
    if (call.scopes.has(wanted)) return std::nullopt;
    return error_response(
        403, "SCOPE_MISSING",
        fmt::format("scope {} is missing; add it to the service instance and make a new key", name(wanted)));
}

std::optional<HttpResponse> check_content(PublishedService const& service, PublishedCall const& call) {
    auto const& http = call.http;
    if (http.method == "GET" || http.method == "HEAD" || http.method == "DELETE") return std::nullopt;
    auto const limit = call.cloud.settings.limits.body_bytes_max;
    if (http.body.size() > limit)
        return error_response(413, "TOO_LARGE",
                              fmt::format("the body has {} bytes; at most {} are taken", http.body.size(), limit));
    if (call.is_packed()) return std::nullopt; // multipart/mixed, text/plain: the service says what it makes of them
    auto type = find_header(http.headers, "Content-Type");
    type = type.substr(0, std::min(type.find(';'), type.find(' ')));
    if (type == "application/json" || (http.method == "PATCH" && type == "application/merge-patch+json") ||
        (service.takes_otlp && type == "application/x-protobuf"))
        return std::nullopt;
    return error_response(415, "UNSUPPORTED_MEDIA_TYPE",
                          service.takes_otlp ? "Content-Type must be application/json or application/x-protobuf"
                                             : "Content-Type must be application/json",
                          "Content-Type");
}

/// V-live (reference/cloud-alm.md 2.1); which of 403 and 404 it is differs there, the words are ours.
std::optional<HttpResponse> missing_in_sandbox(std::string_view path) {
    for (auto const* list : {"/calm-tasks/v1/deliverables", "/calm-tasks/v1/workstreams"})
        if (path.find(list) != std::string_view::npos)
            return error_response(403, "FORBIDDEN", "the sandbox does not show deliverables and workstreams");
    if (path.find("/calm-logs/") != std::string_view::npos)
        return error_response(404, "NOT_FOUND", "the sandbox has no provider for logs");
    return std::nullopt;
}

/// Words, [0] and ["what is no word"]; a sentence has spaces.
bool is_path(std::string_view text) {
    for (bool quoted = false; !text.empty();) {
        bool const turns = text.starts_with(quoted ? "\"]" : "[\"");
        if (turns) quoted = !quoted;
        if (!turns && !quoted && (text.front() == ' ' || text.front() == '"')) return false;
        text.remove_prefix(turns ? 2 : 1);
    }
    return true;
}

} // namespace

bool PublishedCall::at(std::initializer_list<std::string_view> path) const {
    return std::ranges::equal(segments, path, [](std::string const& segment, std::string_view wanted) {
        return wanted == "*" || segment == wanted;
    });
}

bool PublishedCall::is(std::string_view method, std::initializer_list<std::string_view> path) const {
    return (http.method == method || (method == "GET" && http.method == "HEAD")) && at(path);
}

bool PublishedCall::is_packed() const {
    return !segments.empty() && (segments.back() == "$batch" || segments.back() == "$query");
}

std::span<PublishedService const> published_services() {
    return published_table;
}

PublishedService const* find_published(CloudOperation operation) {
    if (operation < features_api) return nullptr;
    auto const found = std::ranges::find(published_table, operation, &PublishedService::operation);
    return found == published_table.end() ? nullptr : &*found;
}

bool is_sandbox(CloudCall const& call) {
    return !call.path.starts_with("/api/");
}

std::optional<HttpResponse> check_api_key(CloudState& cloud, CloudCall& call) {
    auto const key = find_header(call.http.headers, "APIKey");
    if (key.empty()) {
        // With a token somebody took the tenant's host without /api: there is nothing (V).
        if (!find_header(call.http.headers, "Authorization").empty())
            return error_response(404, "NOT_FOUND",
                                  "there is nothing at this path; the paths of a tenant begin with /api");
        return error_response(401, "API_KEY_MISSING", "the sandbox wants the header APIKey");
    }
    if (cloud.settings.api_key.empty())
        return error_response(401, "API_KEY_INVALID",
                              "this stand-in has no sandbox; stand_in.api_key or `almd cloud --api-key-file` opens it");
    if (key != cloud.settings.api_key) return error_response(401, "API_KEY_INVALID", "this API key is not known here");
    bool const asks = call.http.method == "POST" && call.path.ends_with("/calm-analytics/v1/analytics/providers/data");
    if (call.http.method != "GET" && call.http.method != "HEAD" && !asks)
        return error_response(403, "FORBIDDEN", "the sandbox is for reading only");
    if (auto lack = missing_in_sandbox(call.path)) return lack;
    for (std::size_t i = 0; i < cloud_scope_count; ++i) call.scopes.add(static_cast<CloudScope>(i));
    return std::nullopt;
}

HttpResponse answer_published(CloudState& cloud, PublishedService const& service, CloudCall& call) {
    auto const root = call.path.find(service.root);
    PublishedCall published{cloud,
                            call.http,
                            call.tenant,
                            call.scopes,
                            segments_of(call.path.substr(root + service.root.size())),
                            Query::parse(call.query)};
    if (auto refusal = check_scope(service, published)) return *std::move(refusal);
    if (auto refusal = check_content(service, published)) return *std::move(refusal);
    for (auto const& [name, value] : published.query.all())
        if (!is_utf8(name) || !is_utf8(value))
            return refused(
                {ErrorCode::invalid, fmt::format("{}: is not UTF-8", is_utf8(name) ? name : in_quotes(name))});
    return service.answer(published);
}

HttpResponse no_such_path(PublishedCall const& call) {
    return error_response(
        404, "NOT_FOUND",
        fmt::format("there is no {}", in_quotes(call.http.target.substr(0, call.http.target.find('?')), 120)));
}

HttpResponse no_such_method(PublishedCall const& call, std::string_view allowed) {
    auto response = error_response(405, "METHOD_NOT_ALLOWED",
                                   fmt::format("{} is not allowed here; allowed: {}", call.http.method, allowed));
    response.headers.emplace_back("Allow", std::string{allowed});
    return response;
}

std::optional<HttpResponse> unknown_parameter(PublishedCall const& call, std::span<std::string_view const> known,
                                              std::span<std::string_view const> lists) {
    for (auto const& [name, value] : call.query.all()) {
        if (std::ranges::find(known, name) == known.end())
            return error_response(400, "BAD_REQUEST",
                                  known.empty() ? fmt::format("{}: there are no parameters here", in_quotes(name))
                                                : fmt::format("{}: there is no such parameter; there are: {}",
                                                              in_quotes(name), fmt::join(known, ", ")),
                                  name);
        if (call.query.count(name) > 1 && std::ranges::find(lists, name) == lists.end())
            return error_response(400, "BAD_REQUEST", fmt::format("{}: is given twice", name), name);
    }
    return std::nullopt;
}

HttpResponse not_here(std::string_view what) {
    return error_response(501, "NOT_IMPLEMENTED", fmt::format("the stand-in does not have this: {}", what));
}

HttpResponse refused(Error const& error) {
    auto const colon = error.context.find(": ");
    auto const field = std::string_view{error.context}.substr(0, colon);
    bool const named = colon != std::string::npos && is_path(field);
    auto const target = named ? field : std::string_view{};
    switch (error.code) {
    case ErrorCode::not_found: return error_response(404, "NOT_FOUND", error.context, target);
    case ErrorCode::conflict: return error_response(409, "CONFLICT", error.context, target);
    case ErrorCode::too_large: return error_response(413, "TOO_LARGE", error.context, target);
    case ErrorCode::full: return error_response(507, "INSUFFICIENT_STORAGE", error.context, target);
    case ErrorCode::unavailable: return error_response(501, "NOT_IMPLEMENTED", error.context, target);
    default: return error_response(400, "BAD_REQUEST", error.context, target);
    }
}

Result<std::optional<std::size_t>> number_parameter(Query const& query, std::string_view name, std::size_t max) {
    auto const text = query.get(name);
    if (!text) return std::nullopt;
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value > max)
        return fail(ErrorCode::invalid, fmt::format("{}: a number from 0 to {} was expected", name, max));
    return value;
}

} // namespace almd
