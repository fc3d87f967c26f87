// The socket server: plain or TLS, keep-alive, limits, faults of delivery, graceful stop.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/kernel/shard.hpp"

#include <functional>
#include <memory>
#include <string>

namespace almd {

struct TlsServerSettings {
    std::string certificate_pem, key_pem;
    std::string client_roots_pem; ///< not empty: a client certificate signed by these is demanded (mTLS)
};

struct ServerSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0; ///< 0 picks a free one
    std::optional<TlsServerSettings> tls;
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 8 * 1024 * 1024; ///< larger: 413
    std::size_t connections_max = 16'000;
    WireDuration header_timeout = 15s; ///< slow senders are closed (slowloris)
    WireDuration idle_timeout = 120s;
    /// Asked before the service; its Error is the sentence of a 403. Empty: everybody is let in.
    std::function<Result<void>(HttpRequest const&)> door;
};

struct ServerCounters {
    std::uint64_t connections = 0, open = 0, requests = 0, tls_handshakes = 0, tls_resumed = 0, tls_failed = 0;
};

/// Destroy it before its shard, and while the shard runs only on the shard's thread.
class HttpServer {
public:
    virtual ~HttpServer() = default;
    virtual std::uint16_t port() const = 0;
    virtual ServerCounters counters() const = 0; ///< from any thread
    /// Stops accepting, lets running requests end, closes the rest; idempotent, from any thread. Shard::stop leads here too.
    virtual void stop() = 0;
};

/// Listens at once; Error when the address is taken or not ours. Sessions run on `shard`; `service` is called on it and
/// must live until the shard has stopped. For a service that lives on another shard wrap it with hop_to().
Result<std::unique_ptr<HttpServer>> listen(Shard& shard, ServerSettings settings, HttpService& service);

/// A service that runs `inner` on `owner`'s thread and resumes on the caller's; called from any shard's thread. Once the
/// owner stops, the answer is 503. `owner` must outlive the calls, `inner` the owner's run.
std::unique_ptr<HttpService> hop_to(Shard& owner, HttpService& inner);

} // namespace almd
