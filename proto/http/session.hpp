// One connection of the server: handshake, requests in order, answers, farewell.
#pragma once

#include "proto/http/codec.hpp"
#include "proto/http/gate.hpp"
#include "proto/http/server.hpp"
#include "proto/http/stream.hpp"
#include "proto/http/tally.hpp"
#include "proto/http/tls_context.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almd {

class Session;

/// What the connections of one server share. Lives as long as the server or its last connection.
struct ServerState {
    ServerState(Shard& shard, ServerSettings settings, std::unique_ptr<ServerTls> tls, HttpService& service);

    Shard& shard;
    ServerSettings const settings;
    std::unique_ptr<ServerTls> const tls; ///< null: plain
    HttpService& service;
    Tcp::acceptor acceptor;
    Gate room;                ///< opens when a connection ended while the server was full
    std::size_t starting = 0; ///< accepted, its session does not run yet
    std::vector<Session*> sessions;

    /// Shared by all sessions, since nothing waits between filling and emptying them: an idle connection has no buffer.
    std::array<char, 32 * 1024> incoming;
    std::string outgoing;

    Tally connections, open, requests, tls_handshakes, tls_resumed, tls_failed;
    bool stopping = false; ///< no new requests
    bool no_time = false;  ///< the shard stops: nothing may wait any more but a running request

    void stop();
};

/// Lives in the frame of the coroutine that awaits run().
class Session {
public:
    Session(std::shared_ptr<ServerState> server, Tcp::socket socket);
    ~Session();
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    Async<void> run();

    bool is_late(WirePoint now) const { return now >= deadline_; }
    /// Ends what it waits for, as a time-out.
    void interrupt();
    /// Ends the session unless a request is running; then after its answer.
    void stop();

private:
    enum class Phase : std::uint8_t { handshake, idle, reading, serving, writing, lingering };
    enum class Next : std::uint8_t { request, end };

    Async<bool> shake_hands();
    Async<Next> one_request();
    Async<bool> read_head(RequestReader& reader);
    Async<bool> read_body(RequestReader& reader);
    /// Feeds what is buffered, else what comes; false: ended, broken, late or stopped.
    Async<bool> read_more(RequestReader& reader);
    Async<HttpResponse> serve(HttpRequest request);
    Async<Next> deliver(HttpResponse response, bool head_request, AfterAnswer after);
    Async<Next> refuse(int status, std::string code, std::string message);
    Async<Next> refuse_fault(ReadFault fault);
    Async<bool> send(std::string bytes);
    Async<bool> trickle(std::string bytes, WireDuration span);
    Async<void> linger();

    void enter(Phase phase, WireDuration limit);
    WirePoint now() const { return server_->shard.wire().now(); }

    std::shared_ptr<ServerState> server_;
    Stream stream_;
    std::string pending_;          ///< bytes of the next request that came with the last one
    std::string peer_certificate_; ///< of the TLS handshake; the same for each request
    WirePoint deadline_ = WirePoint::max();
    std::size_t position_ = 0; ///< in ServerState::sessions
    Phase phase_ = Phase::idle;
    bool interrupted_ = false, fed_ = false;
};

} // namespace almd
