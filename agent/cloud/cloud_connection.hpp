// One shard's way to one cloud with one credential: token, headers, repeats, counters.
#pragma once

#include "agent/cloud/call_budget.hpp"
#include "agent/cloud/operation.hpp"
#include "agent/cloud/retry.hpp"
#include "agent/cloud/token_source.hpp"
#include "simulator/kernel/histogram.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// What became of a call that did not succeed. `context` is a whole sentence with operation, URL and status; the parts
/// stand beside it for those who decide or log. Converts to Error.
struct CallError : Error {
    int status = 0;       ///< of the last answer; 0: there was none
    std::string api_code; ///< the cloud's own: "SYSTEM_UNREGISTERED", "CLOUD_IS_LEADING"; empty: none
    std::string url;
    CallError(Error error, int status_ = 0, std::string api_code_ = {}, std::string url_ = {})
        : Error{std::move(error)}
        , status{status_}
        , api_code{std::move(api_code_)}
        , url{std::move(url_)} {}
};

template <class T>
using CallResult = std::expected<T, CallError>;

/// ErrorCode::io is the last one.
inline constexpr std::size_t error_code_count = static_cast<std::size_t>(ErrorCode::io) + 1;

/// One call. The key is the caller's and stays the same over repeats; GET has none.
struct CallSpec {
    Operation operation;
    std::string method, target; ///< path with query, percent-encoded
    std::string body;           ///< JSON; empty: none
    std::optional<Uuid> key;
    std::uint32_t registration = 0;  ///< index in the shard's fleet: jitter stream and connection key
    std::vector<HttpHeader> headers; ///< added to ours
    CallSpec(Operation o, std::string m, std::string t)
        : operation{o}
        , method{std::move(m)}
        , target{std::move(t)} {}
};

struct OperationCounters {
    std::uint64_t calls = 0;   ///< call() was asked
    std::uint64_t ok = 0;      ///< ... and ended well
    std::uint64_t refused = 0; ///< ... or with a refusal (4xx, guard)
    std::uint64_t given_up =
        0; ///< ... or with another error, after all attempts; calls = ok + refused + given_up + in flight
    std::uint64_t retried = 0;                            ///< attempts after the first one
    std::uint64_t renewed = 0;                            ///< 401 that led to a renewal
    std::array<std::uint64_t, error_code_count> errors{}; ///< failed attempts by ErrorCode
    std::map<int, std::uint64_t> statuses;                ///< failed attempts by HTTP status
    Histogram latency; ///< microseconds of wire time from sending to the answer, per attempt
    void merge(OperationCounters const& other);
};

struct ConnectionCounters {
    std::array<OperationCounters, operation_count> by_operation;
    OperationCounters const& of(Operation operation) const { return by_operation[static_cast<std::size_t>(operation)]; }
    void merge(ConnectionCounters const& other);
};

/// May this path be called at all? endpoint_mode's allow_call; an error ends the call before a connection is opened.
using CallGuard = std::function<Result<void>(std::string_view method, std::string_view path)>;

struct ConnectionSettings {
    std::string root_url; ///< "https://127.0.0.1:8443", for messages
    RetrySpec retry;
    std::uint64_t seed = 1;
    /// Calls on the wire at a time; more wait here in order, before they take a token, so that none grows old in a
    /// queue. As many as the client has connections.
    std::size_t in_flight_max = 64;
    /// Every attempt takes a place of it, repeats too; null: as many as there are.
    std::shared_ptr<CallBudget> budget{};
};

class CloudConnection {
public:
    CloudConnection(Shard& shard, HttpClient& client, TokenSource& tokens, CallGuard guard,
                    ConnectionSettings settings);
    ~CloudConnection();
    CloudConnection(CloudConnection const&) = delete;
    CloudConnection& operator=(CloudConnection const&) = delete;

    /// Good: 2xx, and 304 when If-None-Match was sent. 401: renew once, repeat once, then back off like the others.
    /// Ends with the last error when attempts_max is reached; the caller keeps what it could not send.
    Async<CallResult<HttpResponse>> call(CallSpec spec);

    /// For decoders: a good answer that turned out not to be the contract. Corrects the counters.
    CallError not_understood(CallSpec const& spec, Error error);

    ConnectionCounters const& counters() const { return counters_; }
    std::size_t in_flight() const;
    std::string const& root_url() const { return settings_.root_url; }
    /// How the last call that ended came through; empty: well. None: there was no call. As with SM59's connection test only
    /// no answer, 401, 403 and 5xx are bad (V).
    std::optional<std::string> const& last_failure() const { return last_failure_; }

private:
    class Turnstile;
    struct Attempt;
    Async<Attempt> attempt(CallSpec const* spec, std::string correlation);
    HttpRequest request(CallSpec const& spec, std::string const& correlation, std::string authorization) const;
    Attempt judge(CallSpec const& spec, HttpResponse answer, Token const& token);
    CallError failed(CallSpec const& spec, Error error, int status = 0, std::string api_code = {});
    CallError conclude(CallSpec const& spec, CallError error, int attempts);
    OperationCounters& count(Operation operation) {
        return counters_.by_operation[static_cast<std::size_t>(operation)];
    }

    Shard& shard_;
    HttpClient& client_;
    TokenSource& tokens_;
    CallGuard guard_;
    ConnectionSettings settings_;
    std::shared_ptr<Turnstile> turnstile_; ///< shared with those inside, who may outlive us by a shutdown
    std::uint64_t accepted_serial_ = 0;
    std::optional<std::string> last_failure_;
    ConnectionCounters counters_;
};

} // namespace almd
