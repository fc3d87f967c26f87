// The typed calls.
#include "agent/cloud/calls.hpp"

#include "proto/http/router.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

constexpr std::string_view registration_path = "/api/landscape-management/v1/Registration";

std::string system_path(Caller const& caller, std::string_view rest) {
    return fmt::format("/api/standin/v1/systems/{}/{}", caller.lms_id.text(), rest);
}

CallSpec spec_for(Operation operation, std::string method, std::string target, std::uint32_t registration) {
    CallSpec spec{operation, std::move(method), std::move(target)};
    spec.registration = registration;
    return spec;
}

CallSpec spec_for(Operation operation, std::string method, std::string target, std::uint32_t registration,
                  std::string body, Uuid key) {
    auto spec = spec_for(operation, std::move(method), std::move(target), registration);
    spec.body = std::move(body);
    spec.key = key;
    return spec;
}

} // namespace

template <class T>
Async<CallResult<T>> CloudCalls::ask(CallSpec spec, Result<T> (*decode)(std::string_view)) {
    CallSpec const about{spec.operation, spec.method, spec.target}; // what an error must say, without the body
    auto answer = co_await connection_.call(std::move(spec));
    if (!answer) co_return std::unexpected<CallError>(std::move(answer.error()));
    auto decoded = decode(answer->body);
    if (!decoded) co_return std::unexpected<CallError>(connection_.not_understood(about, std::move(decoded.error())));
    co_return std::move(*decoded);
}

Async<CallResult<void>> CloudCalls::tell(CallSpec spec) {
    auto answer = co_await connection_.call(std::move(spec));
    if (!answer) co_return std::unexpected<CallError>(std::move(answer.error()));
    co_return CallResult<void>{};
}

Async<CallResult<RegistrationAnswer>> CloudCalls::register_system(std::uint32_t registration, Registration message,
                                                                  Uuid key) {
    return ask(spec_for(Operation::register_system, "POST", std::string{registration_path}, registration,
                        encode(message), key),
               decode_registration_answer);
}

Async<CallResult<void>> CloudCalls::unregister(Caller caller, Uuid key) {
    auto target = fmt::format("{}/{}", registration_path, caller.lms_id.text());
    return tell(spec_for(Operation::unregister, "DELETE", std::move(target), caller.registration, {}, key));
}

Async<CallResult<HeartbeatAnswer>> CloudCalls::heartbeat(Caller caller, Heartbeat message, Uuid key) {
    auto target = system_path(caller, "heartbeat");
    return ask(spec_for(Operation::heartbeat, "POST", std::move(target), caller.registration, encode(message), key),
               decode_heartbeat_answer);
}

Async<CallResult<std::optional<UseCasesAnswer>>> CloudCalls::use_cases(Caller caller, std::string etag) {
    auto spec = spec_for(Operation::use_cases, "GET", system_path(caller, "usecases"), caller.registration);
    if (!etag.empty()) spec.headers.emplace_back("If-None-Match", std::move(etag));
    CallSpec const about{spec.operation, spec.method, spec.target}; // what an error must say, without the body
    auto answer = co_await connection_.call(std::move(spec));
    if (!answer) co_return std::unexpected<CallError>(std::move(answer.error()));
    if (answer->status == 304) co_return std::optional<UseCasesAnswer>{};
    auto decoded = decode_use_case_selection(answer->body);
    if (!decoded) co_return std::unexpected<CallError>(connection_.not_understood(about, std::move(decoded.error())));
    std::string new_etag{find_header(answer->headers, "ETag")};
    UseCasesAnswer told{std::move(*decoded), std::move(new_etag)};
    co_return std::optional<UseCasesAnswer>{std::move(told)};
}

Async<CallResult<void>> CloudCalls::report_activation(Caller caller, std::string task, UseCaseActivation message,
                                                      Uuid key) {
    auto target = system_path(caller, "usecases/" + percent_encode(task));
    return tell(
        spec_for(Operation::report_activation, "PUT", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<void>> CloudCalls::discovery(Caller caller, Discovery message, Uuid key) {
    auto target = system_path(caller, "discovery");
    return tell(spec_for(Operation::discovery, "POST", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<void>> CloudCalls::diagnostics(Caller caller, Diagnostics message, Uuid key) {
    auto target = system_path(caller, "cdm/diagnostics");
    return tell(spec_for(Operation::diagnostics, "POST", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<void>> CloudCalls::put_landscape(Caller caller, LandscapePush message, Uuid key) {
    auto target = system_path(caller, "cdm/landscape");
    return tell(spec_for(Operation::landscape, "PUT", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<TransportsAnswer>> CloudCalls::post_transports(Caller caller, TransportsPush message, Uuid key) {
    auto target = system_path(caller, "cdm/transports");
    return ask(spec_for(Operation::transports, "POST", std::move(target), caller.registration, encode(message), key),
               decode_transports_answer);
}

Async<CallResult<WorkList>> CloudCalls::poll_work(Caller caller, std::vector<WorkKind> kinds, Client client, int max) {
    std::string list;
    for (auto kind : kinds) (list += list.empty() ? "" : ",") += name(kind);
    auto query = fmt::format("cdm/work?kinds={}&client={}&max={}", list, client.text(), max);
    return ask(spec_for(Operation::poll_work, "GET", system_path(caller, query), caller.registration),
               decode_work_list);
}

Async<CallResult<void>> CloudCalls::post_work_result(Caller caller, WorkId work, WorkResult message, Uuid key) {
    auto target = system_path(caller, fmt::format("cdm/work/{}/result", work.text()));
    return tell(spec_for(Operation::work_result, "POST", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<void>> CloudCalls::post_check_result(Caller caller, WorkId work, CheckResult message, Uuid key) {
    auto target = system_path(caller, "cdm/checks/" + work.text());
    return tell(
        spec_for(Operation::check_result, "POST", std::move(target), caller.registration, encode(message), key));
}

Async<CallResult<void>> CloudCalls::connection_test(std::uint32_t registration) {
    return tell(spec_for(Operation::connection_test, "GET", "/", registration));
}

} // namespace almd
