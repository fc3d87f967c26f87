// What the OData services among the published APIs share: context URLs, the model, the list of sets, counts.
#pragma once

#include "simulator/cloud/odata_query.hpp"
#include "simulator/cloud/published_api.hpp"

#include <span>
#include <string>
#include <string_view>

namespace almd {

struct ODataService {
    std::string_view root; ///< "calm-features/v1": what stands before $metadata in every path to it
    std::span<ODataEntity const* const> entities;
};

/// "@odata.", or "@" for who asks for OData 4.01.
std::string_view annotation_prefix(HttpRequest const& http);
HttpResponse odata_response(PublishedCall const& call, int status, std::string body);

/// What an answer is about: a set, or a type that has none; what was selected of it; one of it or a list. It is relative to the
/// URL of the request.
std::string odata_context(PublishedCall const& call, ODataService const& service, ODataEntity const& entity,
                          ODataQuery const& query, bool is_list);

/// 412 unless If-Match names this ETag (with W/ or without) or any, or when If-None-Match does; that is 304 for reading.
std::optional<HttpResponse> check_etag(PublishedCall const& call, std::string_view etag);

HttpResponse odata_packed_response(PublishedCall const& call);  ///< 501 for $batch and $query
HttpResponse odata_model_response(ODataService const& service); ///< $metadata
HttpResponse odata_sets_response(PublishedCall const& call, ODataService const& service);
HttpResponse odata_count_response(ODataEntity const& entity, ODataQuery const& query, void const* world,
                                  std::vector<ODataRow> const& rows);

} // namespace almd
