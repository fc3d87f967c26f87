// The socket client: pools, TLS, proxy CONNECT, time-outs. Beast and OpenSSL stay in the .cpp files.
#pragma once

#include "proto/http/message.hpp"
#include "simulator/kernel/shard.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// scheme://host:port, parsed. Port defaults to 443 and 80.
struct Origin {
    bool tls = true;
    std::string host;
    std::uint16_t port = 443;
    static Result<Origin> parse(std::string_view url); ///< a path, if any, must be "/" or empty
    std::string text() const;
};

struct ProxySettings {
    std::string host;
    std::uint16_t port = 3128;
    std::string user, password; ///< Basic, empty user: none
};

struct TlsClientSettings {
    std::vector<std::string> trusted_pem; ///< added roots (--ca, STRUST)
    bool system_roots = true;
    std::string certificate_pem, key_pem; ///< client certificate for mTLS, chain allowed
};

enum class ConnectionPolicy { pooled, per_system, per_push };

struct ClientSettings {
    Origin origin;
    TlsClientSettings tls;
    std::optional<ProxySettings> proxy;
    ConnectionPolicy policy = ConnectionPolicy::pooled;
    std::size_t connections_max = 64;             ///< pooled: more requests wait in order
    std::size_t body_bytes_max = 8 * 1024 * 1024; ///< a larger answer is ErrorCode::too_large
    WireDuration connect_timeout = 10s;
    WireDuration request_timeout = 30s;
    WireDuration idle_timeout = 60s; ///< an unused pooled connection is closed after it
};

/// Counted since the start; for reports.
struct ClientCounters {
    std::uint64_t requests = 0, connects = 0, tls_resumed = 0, bytes_out = 0, bytes_in = 0;
};

/// Use and destroy it on the shard's thread (or while the shard does not run), and before the shard. What is still on its
/// way then, or when the shard stops, ends with ErrorCode::stopped. A request_timeout counts from send(), waiting for a free
/// connection included; ClientErrors has the texts.
/// Error when a certificate, key or root cannot be read. TLS texts follow SAP's wording where the reference has one
/// ("SSSLERR_PEER_CERT_UNTRUSTED (-102)" ...) beside the plain explanation.
Result<std::unique_ptr<HttpClient>> make_socket_client(Shard& shard, ClientSettings settings);
/// The counters of a client made here; from any thread.
ClientCounters counters(HttpClient const& client);

} // namespace almd
