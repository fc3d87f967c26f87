// The door of the stand-in: what happens to every call around the row that it asks for.
#pragma once

#include "proto/http/router.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// A call on its way through the door.
struct CloudCall {
    HttpRequest const& http;
    CloudOperation operation = CloudOperation::token;
    std::vector<std::string> path_values;
    std::string_view path, query;
    CloudSlot slot =
        no_cloud_slot;      ///< of the system in the path, whose metrics or logs these are, or the one just registered
    CloudTenant tenant = 0; ///< of the token, once it was checked
    CloudScopes scopes;     ///< of the token, once it was checked
    IdempotencyMemory::Key key;  ///< writes only
    bool repeated = false;       ///< answered from memory, or a row found out itself
    WirePoint arrived{};         ///< a token that ends while a fault delays the call was good
    bool taken = false;          ///< done now
    std::uint32_t sequence = 0;  ///< of a heartbeat
    std::string fault;           ///< name of the rule that fired
    bool ignores_leases = false; ///< faults: a poll gets leased items too
    bool is_doubled = false;     ///< faults: a poll gets each item twice
    explicit CloudCall(HttpRequest const& request)
        : http{request} {}
};

/// Around each row, in this order: ledger, faults, content coding, token, scope, body, Idempotency-Key, contract, system; then
/// the row.
class CloudDialogue : public HttpService {
public:
    static constexpr std::size_t correlation_id_max = 128; ///< longer ones are not echoed

    enum class Door { main, mtls };
    CloudDialogue(CloudState& cloud, Door door);

    Async<HttpResponse> serve(HttpRequest request) override;
    std::vector<Router::Route> routes() const { return router_.routes(); }

private:
    Result<CloudCall> open(HttpRequest const& request) const;
    CloudSlot slot_of_push(std::string_view query) const;
    HttpResponse refuse_path(HttpRequest const& request, Error const& error) const;
    FaultTarget fault_target(CloudCall const& call, std::uint32_t calls_before) const;
    Async<HttpResponse> answer_with_faults(CloudCall& call, std::uint32_t calls_before);
    HttpResponse answer(CloudCall& call);
    void note(HttpRequest const& request, CloudCall const* call, HttpResponse const& response, TimePoint arrived,
              WirePoint began);
    HttpResponse guarded_row(CloudCall& call);
    std::optional<HttpResponse> check_token(CloudCall& call);
    std::optional<HttpResponse> check_body(CloudCall const& call) const;
    std::optional<HttpResponse> check_key(CloudCall& call) const;
    HttpResponse refuse_reused_key(CloudCall const& call) const;
    std::optional<HttpResponse> check_contract(CloudCall const& call) const;
    std::optional<HttpResponse> check_system(CloudCall const& call) const;

    CloudState& cloud_;
    Router router_;
};

} // namespace almd
