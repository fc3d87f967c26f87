// Answers that are the same for every OData service.
#include "simulator/cloud/odata_service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view model_name_space = "almd.standin";

/// The URL of $metadata as seen from the request's, which is what a relative one is resolved against. The root may be written with
/// escapes there; so many segments as it has stand before the rest anyway.
std::string model_url(PublishedCall const& call, ODataService const& service) {
    auto const path = std::string_view{call.http.target}.substr(0, call.http.target.find('?'));
    auto const first = service.root.substr(0, service.root.find('/'));
    auto rest = path.substr(std::min(path.find(first), path.size()));
    for (auto left = std::ranges::count(service.root, '/') + 1; left > 0; --left)
        rest.remove_prefix(std::min(rest.find('/', 1), rest.size()));
    std::string url{rest.empty() ? fmt::format("{}/", service.root.substr(service.root.rfind('/') + 1)) : ""};
    for (auto i = std::ranges::count(rest, '/'); i > 1; --i) url += "../";
    return url += "$metadata";
}

/// A header of ETags names this one.
bool names_etag(std::string_view list, std::string_view etag) {
    while (!list.empty()) {
        auto one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(one.size() + 1, list.size()));
        one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
        one = one.substr(0, one.find_last_not_of(" \t") + 1);
        if (one == "*" || one == etag || one == etag.substr(2)) return true;
    }
    return false;
}

} // namespace

std::string_view annotation_prefix(HttpRequest const& http) {
    auto const version = find_header(http.headers, "OData-MaxVersion");
    return version == "4.01" || find_header(http.headers, "OData-Version") == "4.01" ? "@" : "@odata.";
}

HttpResponse odata_response(PublishedCall const& call, int status, std::string body) {
    auto response = json_response(status, std::move(body));
    response.headers.emplace_back("OData-Version", annotation_prefix(call.http) == "@" ? "4.01" : "4.0");
    return response;
}

std::string odata_context(PublishedCall const& call, ODataService const& service, ODataEntity const& entity,
                          ODataQuery const& query, bool is_list) {
    auto what = std::string{entity.set};
    if (!entity.is_set) {
        what = fmt::format("{}.{}", model_name_space, entity.type);
        if (is_list) what = fmt::format("Collection({})", what);
    }
    return fmt::format("{}#{}{}{}", model_url(call, service), what,
                       odata_projection(entity, query, annotation_prefix(call.http) == "@"),
                       entity.is_set && !is_list ? "/$entity" : "");
}

std::optional<HttpResponse> check_etag(PublishedCall const& call, std::string_view etag) {
    auto const wanted = find_header(call.http.headers, "If-Match");
    auto const unwanted = find_header(call.http.headers, "If-None-Match");
    if (!wanted.empty() && !names_etag(wanted, etag))
        return error_response(412, "PRECONDITION_FAILED",
                              fmt::format("If-Match: it was changed since it was read; its ETag is {}", etag),
                              "If-Match");
    if (unwanted.empty() || !names_etag(unwanted, etag)) return std::nullopt;
    if (!call.reads())
        return error_response(412, "PRECONDITION_FAILED",
                              fmt::format("If-None-Match: it is there, with the ETag {}", etag), "If-None-Match");
    HttpResponse response{304};
    response.headers.emplace_back("ETag", std::string{etag});
    return response;
}

HttpResponse odata_packed_response(PublishedCall const& call) {
    return call.segments.back() == "$batch"
               ? not_here("$batch, because no public client was seen using it; send the requests one by one")
               : not_here("$query; send the options in the URL of a GET");
}

HttpResponse odata_model_response(ODataService const& service) {
    HttpResponse response{200, odata_metadata(model_name_space, service.entities)};
    response.headers.emplace_back("Content-Type", "application/xml");
    response.headers.emplace_back("OData-Version", "4.0");
    return response;
}

HttpResponse odata_sets_response(PublishedCall const& call, ODataService const& service) {
    return odata_response(
        call, 200, odata_service_document(annotation_prefix(call.http), model_url(call, service), service.entities));
}

HttpResponse odata_count_response(ODataEntity const& entity, ODataQuery const& query, void const* world,
                                  std::vector<ODataRow> const& rows) {
    HttpResponse response{200, fmt::format("{}", odata_count({entity, query, world, {}, {}}, rows))};
    response.headers.emplace_back("Content-Type", "text/plain");
    return response;
}

} // namespace almd
