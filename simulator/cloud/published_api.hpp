// The published APIs (rows 17 to 26): which services there are, and what is asked of every call to one.
#pragma once

#include "simulator/cloud/dialogue.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// A call that has passed the door.
struct PublishedCall {
    CloudState& cloud;
    HttpRequest const& http;
    CloudTenant tenant;
    CloudScopes scopes;
    std::vector<std::string> segments; ///< of the path behind the service's root, decoded
    Query query;

    bool reads() const { return http.method == "GET" || http.method == "HEAD"; }
    /// segments and method are these; "*" is any segment.
    bool is(std::string_view method, std::initializer_list<std::string_view> path) const;
    /// Its segments are these, whatever the method.
    bool at(std::initializer_list<std::string_view> path) const;
    /// OData's $batch or $query: the body holds requests, or the options of one.
    bool is_packed() const;
};

struct PublishedService {
    CloudOperation operation;
    std::string_view root; ///< "calm-features/v1"
    HttpResponse (*answer)(PublishedCall&);
    bool takes_otlp = false; ///< what is written may be protobuf, and packed with gzip
};
std::span<PublishedService const> published_services();
PublishedService const* find_published(CloudOperation operation); ///< nullptr: not a published API

/// A path without /api: the sandbox (V), where an API key counts and nothing can be written.
bool is_sandbox(CloudCall const& call);
std::optional<HttpResponse> check_api_key(CloudState& cloud, CloudCall& call);

/// The token was checked; scope, size and content type are checked here. SAP's clients send no Idempotency-Key.
HttpResponse answer_published(CloudState& cloud, PublishedService const& service, CloudCall& call);

// The services. Errors in the one shape of all of them: {"error":{"code","message","target"}}.
HttpResponse answer_features(PublishedCall& call);
HttpResponse answer_projects(PublishedCall& call);
HttpResponse answer_tasks(PublishedCall& call);
HttpResponse answer_landscape(PublishedCall& call);
HttpResponse answer_events(PublishedCall& call);
HttpResponse answer_analytics(PublishedCall& call);
HttpResponse answer_metrics(PublishedCall& call);
HttpResponse answer_logs(PublishedCall& call);

/// The registration that the LMS ID of a landscape object stands for: of a client, or of a system (the client that stands for
/// it). no_cloud_slot: there is none in this tenant.
CloudSlot slot_of_object(RegistrationBook const& book, CloudTenant tenant, std::string_view lms_id);

HttpResponse no_such_path(PublishedCall const& call);
HttpResponse no_such_method(PublishedCall const& call, std::string_view allowed);
/// 501: SAP has it, but its content is not public, or nothing here would answer it.
HttpResponse not_here(std::string_view what);
/// invalid 400, not_found 404, conflict 409, too_large 413, full 507, unavailable 501. A message "field: sentence" names its target.
HttpResponse refused(Error const& error);
/// 400 for the first one that is not among them. What a tenant does with such a parameter is known of metrics and logs (V: refused)
/// and of analytics (V: passed over); the other services refuse it (I), so that a filter with a slip in its name is found.
/// And for one that is given twice, but for those in `lists`.
std::optional<HttpResponse> unknown_parameter(PublishedCall const& call, std::span<std::string_view const> known,
                                              std::span<std::string_view const> lists = {});
/// A number from the query; nullopt: not there. Error: not a number, or over `max`.
Result<std::optional<std::size_t>> number_parameter(Query const& query, std::string_view name, std::size_t max);

} // namespace almd
