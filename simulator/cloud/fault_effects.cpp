// Broken answers, made from good ones or from nothing.
#include "simulator/cloud/fault_effects.hpp"

#include "proto/http/codec.hpp"
#include "proto/http/router.hpp"

#include <fmt/format.h>

#include <chrono>

namespace almd {

namespace {

/// The first colon is lost; where there is none, an opening brace is too many.
std::string malformed(std::string body) {
    auto const colon = body.find(':');
    if (colon == std::string::npos)
        body.insert(body.begin(), '{');
    else
        body[colon] = ' ';
    return body;
}

/// Half of a JSON text is never JSON.
std::string truncated(std::string body) {
    body.resize(body.size() / 2);
    return body;
}

HttpResponse quota_answer(FaultHit const& hit) {
    auto const& rule = hit.rule;
    auto response = error_response(429, "TOO_MANY_REQUESTS",
                                   fmt::format("fault {}: the quota of {} calls is used up", rule.name, rule.quota));
    auto const rest = std::chrono::ceil<std::chrono::seconds>(hit.wait);
    response.headers.emplace_back("Retry-After", fmt::format("{}", rest.count()));
    return response;
}

HttpResponse status_answer(FaultRule const& rule) {
    auto response = rule.body.empty()
                        ? error_response(rule.status, "FAULT", fmt::format("fault {} of the stand-in", rule.name))
                        : json_response(rule.status, rule.body);
    if (rule.retry_after) response.headers.emplace_back("Retry-After", fmt::format("{}", rule.retry_after->count()));
    if (rule.status == 401) response.headers.emplace_back("WWW-Authenticate", R"(Bearer error="invalid_token")");
    return response;
}

HttpResponse delivered(Delivery delivery) {
    HttpResponse response;
    response.delivery = delivery;
    return response;
}

} // namespace

bool is_before_the_work(FaultKind kind) {
    switch (kind) {
    case FaultKind::status:
    case FaultKind::reset:
    case FaultKind::close:
    case FaultKind::quota:
    case FaultKind::scope_removed:
    case FaultKind::certificate_expired:
    case FaultKind::outage: return true;
    default: return false;
    }
}

bool breaks_text(FaultKind kind) {
    return kind == FaultKind::malformed_json || kind == FaultKind::truncated_json;
}

HttpResponse fault_answer(FaultHit const& hit, FaultTarget const& target) {
    switch (hit.rule.kind) {
    case FaultKind::reset:
    case FaultKind::outage: return delivered(Delivery::reset);
    case FaultKind::close: return delivered(Delivery::close);
    case FaultKind::quota: return quota_answer(hit);
    case FaultKind::scope_removed:
        return error_response(403, "SCOPE_MISSING",
                              fmt::format("fault {}: scope {} was taken away", hit.rule.name, target.scope));
    case FaultKind::certificate_expired: // in the words of a token endpoint
        return json_response(403,
                             R"({"error":"access_denied","error_description":"The client certificate has expired"})");
    default: return status_answer(hit.rule);
    }
}

HttpResponse spoil(FaultRule const& rule, HttpResponse response) {
    switch (rule.kind) {
    case FaultKind::drop_answer:
    case FaultKind::no_answer: response.delivery = Delivery::close; break;
    // Half of an empty body would be a whole answer.
    case FaultKind::close_mid_body:
        response.delivery = response.body.empty() ? Delivery::close : Delivery::close_mid_body;
        break;
    case FaultKind::malformed_json: response.body = malformed(std::move(response.body)); break;
    case FaultKind::truncated_json: response.body = truncated(std::move(response.body)); break;
    case FaultKind::oversize_body:
        response = json_response(answer_has_body(response.status, false) ? response.status : 200,
                                 std::string(rule.oversize_bytes, ' '));
        break;
    case FaultKind::dribble: response.dribble = rule.delay; break;
    default: break;
    }
    return response;
}

} // namespace almd
