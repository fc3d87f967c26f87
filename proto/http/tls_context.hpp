// What connections of one client or one server share: roots, certificate, versions, the session to resume.
#pragma once

#include "proto/http/client.hpp"
#include "proto/http/server.hpp"

#include <memory>

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace almd {

class ClientTls {
public:
    static Result<std::unique_ptr<ClientTls>> make(TlsClientSettings const& settings);
    ~ClientTls();
    ClientTls(ClientTls const&) = delete;
    ClientTls& operator=(ClientTls const&) = delete;

    /// For Stream::start_tls: a session that will demand a certificate for `host` (name or address) and resumes the last
    /// one if the server gave a ticket. Null: out of memory.
    ssl_st* session_for(std::string const& host);

private:
    ClientTls() = default;
    static int keep_session(ssl_st* connection, ssl_session_st* session);

    ssl_ctx_st* context_ = nullptr;
    /// A client has one origin, and a ticket fits all connections to it: one session is enough, however many connections.
    ssl_session_st* resumable_ = nullptr;
};

class ServerTls {
public:
    static Result<std::unique_ptr<ServerTls>> make(TlsServerSettings const& settings);
    ~ServerTls();
    ServerTls(ServerTls const&) = delete;
    ServerTls& operator=(ServerTls const&) = delete;

    ssl_st* session();

private:
    ServerTls() = default;
    ssl_ctx_st* context_ = nullptr;
};

bool was_resumed(ssl_st* connection);
/// PEM of the verified leaf that the other side showed; empty without one.
std::string peer_certificate(ssl_st* connection);

} // namespace almd
