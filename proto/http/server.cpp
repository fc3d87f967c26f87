// Listening, accepting, and the one timer that ends sessions which take too long.
#include "proto/http/server.hpp"

#include "proto/http/session.hpp"
#include "simulator/kernel/log.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace almd {

namespace {

using boost::system::error_code;

constexpr WireDuration sweep_interval = 250ms;
/// Out of descriptors or memory: asking again at once would only burn the CPU that could free some.
constexpr WireDuration accept_pause = 100ms;
constexpr int backlog = 4096;

Async<void> run_session(std::shared_ptr<ServerState> server, Tcp::socket socket) {
    --server->starting;
    Session session{std::move(server), std::move(socket)};
    co_await session.run();
}

Async<void> accept_loop(std::shared_ptr<ServerState> server) {
    while (!server->stopping) {
        if (server->sessions.size() + server->starting >= server->settings.connections_max) {
            co_await server->room.pass();
            continue;
        }
        auto [error, socket] = co_await server->acceptor.async_accept(tuple_awaitable);
        if (server->stopping) break;
        if (!error) {
            ++server->starting;
            server->shard.tasks().spawn(run_session(server, std::move(socket)));
            continue;
        }
        if (error == net::error::connection_aborted) continue;
        log(LogLevel::warning, "cannot accept a connection on port {}: {}", server->settings.port, error.message());
        bool const going_on = co_await server->shard.wire().wait_for(accept_pause);
        if (!going_on) break;
    }
}

/// Runs until the last session has ended; on a shard that stops, until it has told them.
Async<void> watch(std::shared_ptr<ServerState> server) {
    while (!server->stopping || !server->sessions.empty()) {
        bool const going_on = co_await server->shard.wire().wait_for(sweep_interval);
        if (!going_on) {
            server->no_time = true;
            server->stop();
            break;
        }
        auto const now = server->shard.wire().now();
        for (auto* const session : server->sessions)
            if (session->is_late(now)) session->interrupt();
    }
}

class SocketServer final : public HttpServer {
public:
    SocketServer(std::shared_ptr<ServerState> state, std::uint16_t port)
        : state_{std::move(state)}
        , port_{port} {}
    ~SocketServer() override { state_->stop(); }
    SocketServer(SocketServer const&) = delete;
    SocketServer& operator=(SocketServer const&) = delete;

    std::uint16_t port() const override { return port_; }
    ServerCounters counters() const override {
        return {state_->connections.read(),    state_->open.read(),        state_->requests.read(),
                state_->tls_handshakes.read(), state_->tls_resumed.read(), state_->tls_failed.read()};
    }
    void stop() override {
        net::dispatch(state_->shard.io(), [state = state_] { state->stop(); });
    }

private:
    std::shared_ptr<ServerState> state_;
    std::uint16_t port_;
};

Result<std::vector<Tcp::endpoint>> addresses_of(Shard& shard, ServerSettings const& settings) {
    error_code error;
    auto const literal = net::ip::make_address(settings.host, error);
    if (!error) return std::vector{Tcp::endpoint{literal, settings.port}};
    Tcp::resolver resolver{shard.io()};
    auto const found = resolver.resolve(settings.host, std::to_string(settings.port), Tcp::resolver::passive, error);
    if (error)
        return fail(ErrorCode::invalid,
                    fmt::format("cannot listen on {}: {}; give a host name or an IP address of this machine",
                                settings.host, error.message()));
    std::vector<Tcp::endpoint> list;
    for (auto const& entry : found) list.push_back(entry.endpoint());
    return list;
}

error_code open_at(Tcp::acceptor& acceptor, Tcp::endpoint const& endpoint) {
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(backlog, error);
    if (error) {
        error_code ignored;
        acceptor.close(ignored);
    }
    return error;
}

Error cannot_listen(ServerSettings const& settings, error_code why) {
    auto const what_to_do = why == net::error::address_in_use  ? "; another program listens there, choose another port"
                            : why == net::error::access_denied ? "; ports below 1024 need privileges"
                            : why == boost::system::errc::address_not_available
                                ? "; this address is not of this machine"
                                : "";
    return {why == net::error::address_in_use ? ErrorCode::conflict : ErrorCode::invalid,
            fmt::format("cannot listen on {}:{}: {}{}", settings.host, settings.port, why.message(), what_to_do)};
}

} // namespace

ServerState::ServerState(Shard& on, ServerSettings given, std::unique_ptr<ServerTls> context, HttpService& behind)
    : shard{on}
    , settings{std::move(given)}
    , tls{std::move(context)}
    , service{behind}
    , acceptor{shard.io()}
    , room{shard.io()} {
}

void ServerState::stop() {
    stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    room.open();
    for (auto* const session : sessions) session->stop();
}

Result<std::unique_ptr<HttpServer>> listen(Shard& shard, ServerSettings settings, HttpService& service) {
    std::unique_ptr<ServerTls> tls;
    if (settings.tls) {
        auto made = ServerTls::make(*settings.tls);
        if (!made) return std::unexpected{made.error()};
        tls = *std::move(made);
    }
    auto const endpoints = addresses_of(shard, settings);
    if (!endpoints) return std::unexpected{endpoints.error()};
    auto state = std::make_shared<ServerState>(shard, std::move(settings), std::move(tls), service);
    error_code error = net::error::host_not_found;
    for (auto const& endpoint : *endpoints) {
        error = open_at(state->acceptor, endpoint);
        if (!error) break;
    }
    if (error) return std::unexpected{cannot_listen(state->settings, error)};
    auto const port = state->acceptor.local_endpoint().port();
    shard.tasks().spawn(accept_loop(state));
    shard.tasks().spawn(watch(state));
    return std::make_unique<SocketServer>(std::move(state), port);
}

} // namespace almd
