// From nothing to a usable connection: look up, dial, proxy CONNECT, TLS handshake.
#include "proto/http/certificates.hpp"
#include "proto/http/exchange.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

namespace almd {

Async<Exchange::Step> Exchange::connect() {
    auto const request_deadline = deadline_;
    deadline_ = std::min(deadline_, now() + client_->settings.connect_timeout);
    turn_.connection = std::make_unique<Connection>(client_->shard.io());
    client_->connects.add();
    auto problem = co_await find_addresses();
    if (!problem) problem = co_await dial();
    if (!problem && client_->settings.proxy) problem = co_await ask_proxy();
    if (!problem && client_->tls) problem = co_await shake_hands();
    if (fate_ == Fate::stopped) problem = client_->errors.stopped();
    deadline_ = request_deadline;
    co_return problem;
}

Async<Exchange::Step> Exchange::find_addresses() {
    auto& addresses = *client_->addresses;
    if (addresses.known(now())) co_return std::nullopt;
    addresses.ask(turn_.gate, now());
    co_await turn_.gate.pass();
    addresses.leave(turn_.gate);
    if (fate_ != Fate::going) co_return client_->errors.name_unknown("the look-up took too long");
    if (addresses.list().empty()) co_return client_->errors.name_unknown(addresses.failure().message());
    co_return std::nullopt;
}

Async<Exchange::Step> Exchange::dial() {
    auto const candidates = client_->addresses->list(); // a copy: others may look up while we wait
    boost::system::error_code last;
    for (auto const& endpoint : candidates) {
        auto const [error] = co_await stream().socket().async_connect(endpoint, tuple_awaitable);
        if (fate_ != Fate::going) break;
        if (!error) {
            client_->addresses->worked(endpoint);
            stream().set_up();
            co_return std::nullopt;
        }
        last = error;
        stream().close();
    }
    if (fate_ != Fate::going) co_return client_->errors.connect_timed_out(client_->settings.connect_timeout);
    co_return client_->errors.not_connected(last);
}

Async<Exchange::Step> Exchange::ask_proxy() {
    auto const& proxy = *client_->settings.proxy;
    auto const& origin = client_->settings.origin;
    auto const target = origin.host.contains(':') ? fmt::format("[{}]:{}", origin.host, origin.port)
                                                  : fmt::format("{}:{}", origin.host, origin.port);
    HttpRequest ask{"CONNECT", target};
    if (!proxy.user.empty())
        ask.headers.emplace_back("Proxy-Authorization", "Basic " + base64(proxy.user + ":" + proxy.password));
    std::string head;
    append_request_head(head, ask, target, false);
    bool const asked = co_await send_rest(std::move(head));

    ResponseReader reader{client_->limits, true};
    sent_all_ = asked;
    auto const problem = co_await read_answer(reader);
    if (fate_ != Fate::going) co_return client_->errors.connect_timed_out(client_->settings.connect_timeout);
    if (problem)
        co_return client_->errors.proxy_broke(stream().failure_detail().empty() ? "no answer in HTTP"
                                                                                : stream().failure_detail());
    auto const answer = reader.take();
    if (answer.status / 100 != 2) {
        auto const reason = boost::beast::http::obsolete_reason(
            boost::beast::http::int_to_status(static_cast<unsigned>(answer.status)));
        co_return client_->errors.proxy_answered(answer.status, {reason.data(), reason.size()});
    }
    if (!unparsed_.empty()) co_return client_->errors.proxy_broke("it sent more than its answer");
    co_return std::nullopt;
}

Async<Exchange::Step> Exchange::shake_hands() {
    auto* const session = client_->tls->session_for(client_->settings.origin.host);
    if (session == nullptr) co_return client_->errors.handshake_failed(TlsFailure::other, "out of memory");
    stream().start_tls(session);
    for (;;) {
        auto const step = stream().handshake();
        if (step.state == Io::done) break;
        if (step.state == Io::broken || step.state == Io::ended)
            co_return client_->errors.handshake_failed(stream().tls_failure(), stream().failure_detail());
        co_await stream().ready(step.state);
        if (fate_ != Fate::going) co_return client_->errors.handshake_timed_out(client_->settings.connect_timeout);
    }
    if (was_resumed(stream().tls())) client_->tls_resumed.add();
    co_return std::nullopt;
}

} // namespace almd
