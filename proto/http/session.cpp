// The life of one connection of the server. Every wait has a deadline that the server's one timer watches.
#include "proto/http/session.hpp"

#include "proto/http/router.hpp"
#include "simulator/kernel/log.hpp"

#include <fmt/format.h>

#include <exception>

namespace almd {

namespace {

/// A body may take this many times the header's time: slow, but not for ever.
constexpr int body_patience = 4;
/// After a refusal the rest of the request is read and thrown away, so that the answer is not lost in a TCP reset.
constexpr WireDuration linger_time = 2s;
constexpr std::size_t linger_bytes = 64 * 1024 * 1024;
constexpr std::size_t joined_body_max = 16 * 1024;
constexpr std::size_t dribble_pieces = 64;

} // namespace

Session::Session(std::shared_ptr<ServerState> server, Tcp::socket socket)
    : server_{std::move(server)}
    , stream_{std::move(socket)} {
    position_ = server_->sessions.size();
    server_->sessions.push_back(this);
    server_->connections.add();
    server_->open.add();
}

Session::~Session() {
    auto& all = server_->sessions;
    all[position_] = all.back();
    all[position_]->position_ = position_;
    all.pop_back();
    server_->open.subtract();
    server_->room.open();
}

void Session::enter(Phase phase, WireDuration limit) {
    phase_ = phase;
    deadline_ = limit == WireDuration::max() ? WirePoint::max() : now() + limit;
}

void Session::interrupt() {
    interrupted_ = true;
    stream_.cancel();
}

void Session::stop() {
    if (phase_ == Phase::serving) return;
    if (phase_ == Phase::writing && !server_->no_time) return;
    interrupt();
}

Async<void> Session::run() {
    stream_.set_up();
    // A coroutine that awaits in a condition needs a local variable: without one g++ 12 builds a broken frame.
    if (server_->tls) {
        bool const shaken = co_await shake_hands();
        if (!shaken) {
            co_await linger();
            co_return;
        }
    }
    while (!server_->stopping) {
        if (co_await one_request() == Next::end) co_return;
    }
    stream_.end_sending();
}

Async<bool> Session::shake_hands() {
    auto* const session = server_->tls->session();
    if (session == nullptr) co_return false;
    stream_.start_tls(session);
    enter(Phase::handshake, server_->settings.header_timeout);
    for (;;) {
        auto const step = stream_.handshake();
        if (step.state == Io::done) break;
        if (step.state == Io::broken || step.state == Io::ended) {
            server_->tls_failed.add();
            log(LogLevel::debug, "TLS handshake with a client failed: {}", stream_.failure_detail());
            co_return false;
        }
        co_await stream_.ready(step.state);
        if (interrupted_) {
            server_->tls_failed.add();
            co_return false;
        }
    }
    server_->tls_handshakes.add();
    if (was_resumed(stream_.tls())) server_->tls_resumed.add();
    if (!server_->settings.tls->client_roots_pem.empty()) peer_certificate_ = peer_certificate(stream_.tls());
    co_return true;
}

Async<Session::Next> Session::one_request() {
    enter(Phase::idle, server_->settings.idle_timeout);
    RequestReader reader{{server_->settings.header_bytes_max, server_->settings.body_bytes_max}};
    fed_ = false;
    stream_.rest();
    while (!reader.head_done() && reader.fault() == ReadFault::none) {
        if (co_await read_more(reader)) continue;
        bool const slow = interrupted_ && fed_ && !server_->stopping;
        if (slow) co_return co_await refuse(408, "REQUEST_TIMEOUT", "the header of the request took too long");
        stream_.end_sending(); // closed by the other side, idle for too long, or we stop
        co_return Next::end;
    }
    if (reader.fault() != ReadFault::none) co_return co_await refuse_fault(reader.fault());
    if (!co_await read_body(reader)) {
        bool const slow = interrupted_ && !server_->stopping;
        if (slow) co_return co_await refuse(408, "REQUEST_TIMEOUT", "the body of the request took too long");
        co_return Next::end;
    }
    if (reader.fault() != ReadFault::none) co_return co_await refuse_fault(reader.fault());

    server_->requests.add();
    auto request = reader.take();
    request.peer_certificate_pem = peer_certificate_;
    bool const head_request = request.method == "HEAD";
    HttpResponse response = co_await serve(std::move(request));
    auto after = AfterAnswer::close;
    if (reader.keep_alive() && !server_->stopping)
        after = reader.is_http_1_0() ? AfterAnswer::keep_open_http_1_0 : AfterAnswer::keep_open;
    co_return co_await deliver(std::move(response), head_request, after);
}

/// False: nothing more can be read. A fault of the reader is no reason to return false.
Async<bool> Session::read_body(RequestReader& reader) {
    if (reader.done()) co_return true;
    enter(Phase::reading, server_->settings.header_timeout * body_patience);
    if (reader.expects_continue() && pending_.empty()) {
        bool const told = co_await send("HTTP/1.1 100 Continue\r\n\r\n");
        if (!told) co_return false;
    }
    while (!reader.done() && reader.fault() == ReadFault::none) {
        bool const more = co_await read_more(reader);
        if (!more) co_return false;
    }
    co_return true;
}

Async<bool> Session::read_more(RequestReader& reader) {
    auto const feed = [&](std::string_view bytes) {
        if (!fed_) { // blank lines before a request are allowed; with its first byte the clock of the header starts
            while (bytes.starts_with('\r') || bytes.starts_with('\n')) bytes.remove_prefix(1);
            if (bytes.empty()) return bytes;
            fed_ = true;
            if (phase_ == Phase::idle) enter(Phase::reading, server_->settings.header_timeout);
        }
        return bytes.substr(reader.put(bytes));
    };
    if (!pending_.empty() && !fed_) {
        pending_ = std::string{feed(pending_)};
        if (reader.head_done() || reader.fault() != ReadFault::none) co_return true;
    }
    auto wanted = Io::want_read;
    bool wait = !stream_.has_buffered();
    for (;;) {
        if (wait) co_await stream_.ready(wanted);
        if (interrupted_) co_return false;
        auto const got = stream_.read_some(server_->incoming.data(), server_->incoming.size());
        wait = got.state == Io::want_read || got.state == Io::want_write;
        wanted = got.state;
        if (wait) continue;
        if (got.state != Io::done) co_return false;
        std::string_view const bytes{server_->incoming.data(), got.bytes};
        if (pending_.empty()) {
            pending_ = std::string{feed(bytes)};
        } else {
            pending_.append(bytes);
            pending_ = std::string{feed(pending_)};
        }
        co_return true;
    }
}

/// Our door for exceptions: what a service throws is our fault, not the end of the process.
Async<HttpResponse> Session::serve(HttpRequest request) {
    enter(Phase::serving, WireDuration::max());
    std::string problem;
    try {
        if (server_->settings.door)
            if (auto const allowed = server_->settings.door(request); !allowed)
                co_return error_response(403, "FORBIDDEN", allowed.error().context);
        co_return co_await server_->service.serve(std::move(request));
    } catch (std::exception const& e) {
        problem = e.what();
    } catch (...) {
        problem = "unknown exception";
    }
    log(LogLevel::error, "a request failed: {}", problem);
    co_return error_response(500, "INTERNAL", "this request hit a fault of the server; its log says more");
}

Async<Session::Next> Session::deliver(HttpResponse response, bool head_request, AfterAnswer after) {
    if (response.delivery == Delivery::reset) {
        stream_.reset();
        co_return Next::end;
    }
    if (response.delivery == Delivery::close) {
        stream_.end_sending();
        co_return Next::end;
    }
    if (response.status < 200 || response.status > 999) {
        log(LogLevel::error, "a service answered with status {}, which is none", response.status);
        response = error_response(500, "INTERNAL", "this request hit a fault of the server; its log says more");
    }
    bool const cut = response.delivery == Delivery::close_mid_body;
    if (cut) after = AfterAnswer::close;
    enter(Phase::writing, server_->settings.idle_timeout);

    bool const has_body = answer_has_body(response.status, head_request);
    std::size_t const size = !has_body ? 0 : cut ? response.body.size() / 2 : response.body.size();
    auto& out = server_->outgoing;
    out.clear();
    append_response_head(out, response, after);
    auto& body = response.body;
    body.resize(size);
    bool const joined = size <= joined_body_max;
    if (joined) out.append(body);

    if (response.dribble > WireDuration{0}) {
        std::string slow = out;
        if (!joined) slow.append(body);
        bool const sent = co_await trickle(std::move(slow), response.dribble);
        if (sent && after != AfterAnswer::close) co_return Next::request;
        stream_.end_sending();
        co_return Next::end;
    }
    auto const first = stream_.write_some(out);
    if (first.state == Io::broken || first.state == Io::ended) co_return Next::end;
    if (first.bytes < out.size() || !joined) {
        bool sent = co_await send(out.substr(first.bytes)); // `out` is everybody's
        if (sent && !joined) sent = co_await send(std::move(body));
        if (!sent) co_return Next::end;
    }
    if (after != AfterAnswer::close) co_return Next::request;
    stream_.end_sending();
    if (!pending_.empty()) co_await linger();
    co_return Next::end;
}

Async<bool> Session::send(std::string bytes) {
    std::string_view left = bytes;
    while (!left.empty()) {
        auto const step = stream_.write_some(left);
        if (step.state == Io::broken || step.state == Io::ended) co_return false;
        left.remove_prefix(step.bytes);
        if (step.state == Io::done) continue;
        if (server_->no_time) co_return false;
        co_await stream_.ready(step.state);
        if (interrupted_) co_return false;
        if (phase_ == Phase::writing) enter(Phase::writing, server_->settings.idle_timeout); // slow is not stuck
    }
    co_return true;
}

/// A fault's way of answering: no piece is late, the whole is.
Async<bool> Session::trickle(std::string bytes, WireDuration span) {
    auto const size = std::max<std::size_t>(bytes.size() / dribble_pieces, 1);
    auto const pause = span / static_cast<std::int64_t>((bytes.size() + size - 1) / size);
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        enter(Phase::writing, WireDuration::max());
        bool const sent = co_await send(bytes.substr(at, size));
        if (!sent) co_return false;
        bool const going_on = co_await server_->shard.wire().wait_for(pause);
        if (!going_on || interrupted_) co_return false;
    }
    co_return true;
}

Async<Session::Next> Session::refuse_fault(ReadFault fault) {
    auto const& settings = server_->settings;
    switch (fault) {
    case ReadFault::head_too_large:
        return refuse(431, "HEADER_TOO_LARGE", fmt::format("a header may have {} bytes", settings.header_bytes_max));
    case ReadFault::body_too_large:
        return refuse(413, "BODY_TOO_LARGE", fmt::format("a body may have {} bytes", settings.body_bytes_max));
    case ReadFault::version: return refuse(505, "HTTP_VERSION", "HTTP/1.0 and HTTP/1.1 are spoken here");
    case ReadFault::transfer_coding:
        return refuse(501, "TRANSFER_CODING", "only the transfer coding chunked is known here");
    case ReadFault::malformed:
    case ReadFault::none: break;
    }
    return refuse(400, "BAD_REQUEST", "this is not an HTTP request");
}

Async<Session::Next> Session::refuse(int status, std::string code, std::string message) {
    interrupted_ = false; // the time-out that brought us here is dealt with
    HttpResponse response = error_response(status, code, message);
    co_await deliver(std::move(response), false, AfterAnswer::close);
    co_await linger();
    co_return Next::end;
}

/// Reads what still comes until the other side closes, so that closing does not reset what we sent last.
Async<void> Session::linger() {
    stream_.end_sending();
    if (server_->no_time) co_return;
    interrupted_ = false;
    enter(Phase::lingering, linger_time);
    std::size_t thrown_away = 0;
    auto& socket = stream_.socket();
    while (!interrupted_ && thrown_away < linger_bytes) {
        co_await stream_.ready(Io::want_read);
        boost::system::error_code error;
        thrown_away += socket.read_some(net::buffer(server_->incoming), error);
        if (error && error != net::error::would_block) co_return;
    }
}

} // namespace almd
