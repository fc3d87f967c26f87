// The way of a call through the door.
#include "simulator/cloud/dialogue.hpp"

#include "proto/messages/heartbeat.hpp"
#include "proto/messages/registration.hpp"
#include "proto/messages/work.hpp"
#include "simulator/cloud/dialogue_rows.hpp"
#include "simulator/cloud/fault_effects.hpp"
#include "simulator/cloud/published_api.hpp"
#include "simulator/cloud/request_contract.hpp"
#include "simulator/cloud/token_endpoint.hpp"
#include "simulator/kernel/log.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <array>

namespace almd {

namespace {

using enum CloudOperation;

struct RouteRow {
    std::string_view method, pattern;
    CloudOperation operation;
};

constexpr std::string_view token_missing = "TOKEN_MISSING";
constexpr std::string_view registration_path = "/api/landscape-management/v1/Registration";
constexpr std::string_view systems_path = "/api/standin/v1/systems/{lmsId}/";

constexpr std::array<RouteRow, 10> system_routes{{
    {"POST", "heartbeat", heartbeat},
    {"GET", "usecases", use_cases},
    {"PUT", "usecases/{task}", report_activation},
    {"POST", "discovery", discovery},
    {"POST", "cdm/diagnostics", diagnostics},
    {"PUT", "cdm/landscape", landscape},
    {"POST", "cdm/transports", transports},
    {"GET", "cdm/work", poll_work},
    {"POST", "cdm/work/{workId}/result", work_result},
    {"POST", "cdm/checks/{workId}", check_result},
}};

bool is_write(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "DELETE";
}

HttpResponse unauthorized(std::string_view message, std::string_view code) {
    auto response = error_response(401, code, message);
    bool const none = code == token_missing; // RFC 6750 3.1: who brought none gets no error code
    response.headers.emplace_back("WWW-Authenticate", none ? "Bearer" : R"(Bearer error="invalid_token")");
    return response;
}

/// A body that is packed would be called broken JSON.
std::optional<HttpResponse> check_coding(CloudCall const& call) {
    auto const coding = content_coding(call.http);
    auto const* service = find_published(call.operation);
    bool const takes_otlp = service != nullptr && service->takes_otlp;
    if (coding.empty() || (takes_otlp && is_gzipped(call.http))) return std::nullopt;
    auto const* const allowed = takes_otlp ? "gzip, identity" : "identity";
    auto response =
        error_response(415, "UNSUPPORTED_MEDIA_TYPE",
                       fmt::format("Content-Encoding {} is not unpacked here; allowed: {}, the body as it is",
                                   in_quotes(coding), allowed),
                       "Content-Encoding");
    response.headers.emplace_back("Accept-Encoding", allowed); // RFC 9110 15.5.16
    return response;
}

/// What tells a new call from a repeat, which may look different: a heartbeat that is sent again later tells of other jobs.
std::uint32_t content_of(CloudCall const& call) {
    if (call.sequence > 0) return call.sequence; // of a heartbeat that was taken
    auto const& body = call.http.body;
    if (call.operation == heartbeat) {
        if (auto const message = decode_heartbeat(body)) return message->sequence;
    } else if (call.operation == register_system) {
        if (auto const message = decode_registration(body))
            return static_cast<std::uint32_t>(
                hash_text(fmt::format("{}:{}", message->system_id.text(), message->client.text())));
    } else if (call.operation == work_result) {
        if (auto const message = decode_work_result(body)) return static_cast<std::uint32_t>(message->status);
    }
    return static_cast<std::uint32_t>(hash_text(body));
}

std::string_view media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return type;
}

} // namespace

CloudDialogue::CloudDialogue(CloudState& cloud, Door door)
    : cloud_{cloud} {
    // The router only finds; serve() calls, because what surrounds a row may have to wait.
    auto const add = [this](std::string_view method, std::string pattern, CloudOperation operation) {
        router_.add(std::string{method}, std::move(pattern), std::string{name(operation)},
                    [](RoutedRequest const&) { return HttpResponse{500}; });
    };
    auto const token_operation = door == Door::main ? token : token_mtls;
    for (auto const* method : {"POST", "GET"})
        for (auto const* path : {"/oauth/token", "/oauth/token/"}) add(method, path, token_operation);
    if (door == Door::mtls) return;
    add("POST", std::string{registration_path}, register_system);
    add("DELETE", fmt::format("{}/{{lmsId}}", registration_path), unregister);
    for (auto const& route : system_routes)
        add(route.method, fmt::format("{}{}", systems_path, route.pattern), route.operation);
    add("GET", "/", connection_test);
    for (auto const* path : {"/token_keys", "/.well-known/jwks.json"}) add("GET", path, token_keys);
    for (auto const& service : published_services())
        for (auto const* method : {"GET", "POST", "PATCH", "PUT", "DELETE"})
            for (auto const* prefix : {"/api", "", "/SAPCALM"}) // without /api: the sandbox
                add(method, fmt::format("{}/{}/{{rest*}}", prefix, service.root), service.operation);
}

Result<CloudCall> CloudDialogue::open(HttpRequest const& request) const {
    std::string_view const target = request.target;
    auto const mark = target.find('?');
    CloudCall call{request};
    call.path = target.substr(0, mark);
    if (mark != std::string_view::npos) call.query = target.substr(mark + 1);
    auto match = router_.match(request.method, call.path);
    if (!match) return std::unexpected{match.error()};
    call.operation = *parse_cloud_operation(match->operation);
    call.path_values = std::move(match->path_values);
    bool const pushes = (call.operation == metrics_api || call.operation == logs_api) && request.method == "POST";
    if (pushes)
        call.slot = slot_of_push(call.query);
    else if (!call.path_values.empty())
        if (auto const id = LmsId::parse(call.path_values[0])) call.slot = cloud_.find(*id);
    return call;
}

/// Metrics and logs say in their query whose they are; the tenant is not known before the token is.
CloudSlot CloudDialogue::slot_of_push(std::string_view query) const {
    auto const service = Query::parse(query).get("serviceId").value_or("");
    auto slot = no_cloud_slot;
    for (CloudTenant tenant = 0; tenant < cloud_.settings.tenants.size() && slot == no_cloud_slot; ++tenant)
        slot = slot_of_object(cloud_.registrations, tenant, service);
    return slot;
}

Async<HttpResponse> CloudDialogue::serve(HttpRequest request) {
    HttpResponse response;
    auto const began = cloud_.wire();
    auto const arrived = cloud_.now();
    auto call = open(request);
    if (!call) {
        response = refuse_path(request, call.error());
    } else {
        call->arrived = began;
        auto const before = cloud_.ledger.request(call->operation, call->slot);
        if (cloud_.faults.idle())
            response = answer(*call);
        else
            response = co_await answer_with_faults(*call, before);
    }
    if (auto const id = find_header(request.headers, "X-Correlation-Id");
        !id.empty() && id.size() <= correlation_id_max)
        response.headers.emplace_back("X-Correlation-Id", std::string{id});
    if (cloud_.journal.is_on()) note(request, call ? &*call : nullptr, response, arrived, began);
    co_return response;
}

/// `call` lives in the frame of serve(), which waits for this.
Async<HttpResponse> CloudDialogue::answer_with_faults(CloudCall& call, std::uint32_t calls_before) {
    auto const target = fault_target(call, calls_before);
    auto const hit = cloud_.faults.decide(target, cloud_.wire());
    if (!hit) co_return answer(call);
    auto const kind = hit->rule.kind;
    call.fault = hit->rule.name;
    if (is_before_the_work(kind)) {
        cloud_.ledger.fault(call.operation, call.slot);
        co_return fault_answer(*hit, target);
    }
    if (kind == FaultKind::delay) co_await cloud_.shard.wire().wait_for(hit->wait);
    if (kind == FaultKind::token_revoked)
        cloud_.tokens.revoke_owner_of(find_header(call.http.headers, "Authorization"));
    call.ignores_leases = kind == FaultKind::lease_not_honoured;
    call.is_doubled = kind == FaultKind::duplicate_delivery;
    HttpResponse response = answer(call);
    if (breaks_text(kind) && (response.body.empty() || call.http.method == "HEAD")) {
        cloud_.faults.take_back(*hit);
        call.fault.clear();
        co_return response;
    }
    cloud_.ledger.fault(call.operation, call.slot);
    if (call.is_doubled && call.operation != poll_work) {
        cloud_.ledger.request(call.operation, call.slot);
        call.repeated = false;
        response = answer(call);
    }
    response = spoil(hit->rule, std::move(response));
    // Without sockets nothing can trickle or stay silent: only the time passes.
    bool const slow = kind == FaultKind::dribble && cloud_.shard.is_virtual();
    if (slow) response.dribble = WireDuration{0};
    if (slow || kind == FaultKind::no_answer) co_await cloud_.shard.wire().wait_for(hit->wait);
    co_return response;
}

void CloudDialogue::note(HttpRequest const& request, CloudCall const* call, HttpResponse const& response,
                         TimePoint arrived, WirePoint began) {
    JournalEntry entry;
    entry.at = arrived;
    entry.took = cloud_.wire() - began;
    entry.delivery = response.delivery;
    if (call != nullptr) {
        entry.operation = call->operation;
        entry.slot = call->slot;
        entry.taken = call->taken;
        entry.repeated = call->repeated && !call->taken;
        entry.sequence = call->sequence;
        entry.fault = call->fault;
    }
    cloud_.journal.note(std::move(entry), request, response);
}

HttpResponse CloudDialogue::refuse_path(HttpRequest const& request, Error const& error) const {
    auto const path = std::string_view{request.target}.substr(0, request.target.find('?'));
    if (error.code == ErrorCode::invalid) return error_response(400, "BAD_PATH", error.context);
    if (error.code != ErrorCode::conflict) return error_response(404, "NOT_FOUND", fmt::format("there is no {}", path));
    auto response = error_response(405, "METHOD_NOT_ALLOWED",
                                   fmt::format("{} is not allowed here; allowed: {}", request.method, error.context));
    response.headers.emplace_back("Allow", error.context);
    return response;
}

FaultTarget CloudDialogue::fault_target(CloudCall const& call, std::uint32_t calls_before) const {
    FaultTarget target;
    target.operation = call.operation;
    if (auto const scope = scopes_of(call.operation).of(call.http.method)) target.scope = name(*scope);
    target.call = calls_before;
    target.method = call.http.method;
    target.path = call.path;
    if (call.operation == poll_work)
        if (auto poll = poll_of(cloud_, call)) {
            target.items = cloud_.work.choose(call.slot, *poll, cloud_.wire()).items.size();
            poll->ignore_leases = true;
            target.items_under_lease = cloud_.work.choose(call.slot, *poll, cloud_.wire()).under_lease;
        }
    if (call.slot != no_cloud_slot) {
        auto const& row = cloud_.registrations.row(call.slot);
        target.lms_id = row.id;
        target.system = row.system;
        target.client = row.client;
        target.role = name(row.role);
        target.tenant = cloud_.settings.tenants[row.tenant];
    } else if (call.operation == register_system) {
        // A rule for QUA must meet QUA's registration too, and who registers says so only in the body.
        if (auto const message = decode_registration(call.http.body)) {
            target.system = message->system_id;
            target.client = message->client;
        }
    }
    return target;
}

HttpResponse CloudDialogue::answer(CloudCall& call) {
    HttpResponse response;
    try {
        response = guarded_row(call);
    } catch (std::exception const& e) {
        log(LogLevel::error, "{} {} ({}) failed: {}", call.http.method, call.path, name(call.operation), e.what());
        response = error_response(500, "INTERNAL", "this request hit a fault of the stand-in; its log says more");
    }
    // 304 is a good answer; 400 is the healthy one of the connection test (V).
    bool const good = response.status < 400 || call.operation == connection_test;
    call.taken = call.taken || (good && !call.repeated);
    cloud_.ledger.outcome(call.operation, call.slot,
                          call.repeated ? LedgerOutcome::duplicate
                          : good        ? LedgerOutcome::accepted
                                        : LedgerOutcome::refused);
    return response;
}

HttpResponse CloudDialogue::guarded_row(CloudCall& call) {
    if (call.operation == token) return answer_token(cloud_, call.http, call.query);
    if (call.operation == token_mtls) return answer_mtls_token(cloud_, call.http, call.query);
    if (call.operation == token_keys) return answer_token_keys(cloud_);
    if (auto refusal = check_coding(call)) return *std::move(refusal);
    if (auto const* service = find_published(call.operation)) {
        if (auto refusal = is_sandbox(call) ? check_api_key(cloud_, call) : check_token(call))
            return *std::move(refusal);
        return answer_published(cloud_, *service, call);
    }
    if (auto refusal = check_token(call)) return *std::move(refusal);
    if (auto refusal = check_body(call)) return *std::move(refusal);
    if (auto refusal = check_key(call)) return *std::move(refusal);
    if (auto refusal = check_contract(call)) return *std::move(refusal);
    bool const write = is_write(call.http.method);
    if (write) {
        if (auto remembered = cloud_.idempotency.recall(call.key, cloud_.wire())) {
            if (remembered->content != content_of(call)) return refuse_reused_key(call);
            call.repeated = true;
            return std::move(remembered->answer);
        }
    }
    if (auto refusal = check_system(call)) return *std::move(refusal);
    auto response = answer_row(cloud_, call);
    // Only what was done is remembered: a refusal had no effect, and asking again may find a better world.
    if (write && !call.repeated && response.status < 300)
        cloud_.idempotency.remember(call.key, content_of(call), response, cloud_.wire());
    return response;
}

std::optional<HttpResponse> CloudDialogue::check_token(CloudCall& call) {
    using Standing = TokenIssuer::Standing;
    auto const caller = cloud_.tokens.check(find_header(call.http.headers, "Authorization"), call.arrived);
    call.tenant = caller.tenant;
    call.scopes = caller.scopes;
    switch (caller.standing) {
    case Standing::good: break;
    case Standing::missing:
        cloud_.ledger.token_fault(CloudLedger::TokenFault::missing, call.slot);
        return unauthorized("no bearer token; get one from /oauth/token", token_missing);
    case Standing::unknown:
        cloud_.ledger.token_fault(CloudLedger::TokenFault::unknown, call.slot);
        return unauthorized("this token was not given out here", "TOKEN_INVALID");
    case Standing::expired:
        cloud_.ledger.token_fault(CloudLedger::TokenFault::expired, call.slot);
        return unauthorized("the token has expired; get a new one", "TOKEN_EXPIRED");
    case Standing::revoked:
        cloud_.ledger.token_fault(CloudLedger::TokenFault::revoked, call.slot);
        return unauthorized("the token was revoked; get a new one", "TOKEN_REVOKED");
    }
    // The published APIs look for theirs themselves: an API key counts there too.
    auto const scope = scopes_of(call.operation).of(call.http.method);
    if (scope && find_published(call.operation) == nullptr && !caller.scopes.has(*scope)) {
        return error_response(
            403, "SCOPE_MISSING",
            fmt::format("scope {} is missing; add it to the service instance and make a new key", name(*scope)));
    }
    return std::nullopt;
}

std::optional<HttpResponse> CloudDialogue::check_body(CloudCall const& call) const {
    auto const& http = call.http;
    if (http.method != "POST" && http.method != "PUT") return std::nullopt;
    if (http.body.size() > cloud_.settings.limits.body_bytes_max)
        return error_response(413, "TOO_LARGE",
                              fmt::format("the body has {} bytes; at most {} are taken", http.body.size(),
                                          cloud_.settings.limits.body_bytes_max));
    if (media_type(find_header(http.headers, "Content-Type")) != "application/json")
        return error_response(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json", "Content-Type");
    return std::nullopt;
}

std::optional<HttpResponse> CloudDialogue::check_key(CloudCall& call) const {
    if (!is_write(call.http.method)) return std::nullopt;
    auto const text = find_header(call.http.headers, "Idempotency-Key");
    if (text.empty())
        return error_response(400, "IDEMPOTENCY_KEY_MISSING", "a write needs the header Idempotency-Key with a UUID",
                              "Idempotency-Key");
    auto const id = Uuid::parse(text);
    if (!id) return error_response(400, "IDEMPOTENCY_KEY_INVALID", "Idempotency-Key must be a UUID", "Idempotency-Key");
    call.key = IdempotencyMemory::key(call.tenant, call.operation, call.slot, call.path, *id);
    return std::nullopt;
}

/// The answer of the other call would tell of something that was never done.
HttpResponse CloudDialogue::refuse_reused_key(CloudCall const& call) const {
    cloud_.ledger.anomaly(call.slot,
                          fmt::format("a new {} came with the Idempotency-Key of another", name(call.operation)));
    return error_response(422, "IDEMPOTENCY_KEY_REUSED",
                          "this key was used for another call; a new call needs a new key", "Idempotency-Key");
}

std::optional<HttpResponse> CloudDialogue::check_contract(CloudCall const& call) const {
    if (!cloud_.settings.validate) return std::nullopt;
    auto const found = RequestContract::standin().check(call.operation, call.http, call.query);
    if (!found) return std::nullopt;
    return found->in_body ? invalid_body(found->target, found->message)
                          : error_response(400, "INVALID_PARAMETER", found->message, found->target);
}

std::optional<HttpResponse> CloudDialogue::check_system(CloudCall const& call) const {
    if (call.operation == register_system || call.operation == connection_test) return std::nullopt;
    // A system of another tenant does not exist for this one.
    if (call.slot == no_cloud_slot || cloud_.registrations.row(call.slot).tenant != call.tenant)
        return error_response(404, "SYSTEM_UNKNOWN",
                              "no system with this LMS ID is registered in this tenant; register it first", "lmsId");
    if (!cloud_.registrations.row(call.slot).registered)
        return error_response(404, "SYSTEM_UNREGISTERED", "this system was unregistered; register it again", "lmsId");
    return std::nullopt;
}

} // namespace almd
