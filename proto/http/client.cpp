// The socket client: settings in, HttpClient out; and the one timer that ends what takes too long.
#include "proto/http/client.hpp"

#include "proto/http/exchange.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <charconv>

namespace almd {

namespace {

/// One timer for each client instead of one for each request: a time-out may come this much late.
constexpr WireDuration sweep_interval = 250ms;
constexpr std::size_t answer_head_bytes_max = 32 * 1024;

std::string host_header_of(Origin const& origin) {
    bool const usual = origin.port == (origin.tls ? 443 : 80);
    auto const host = origin.host.contains(':') ? fmt::format("[{}]", origin.host) : origin.host;
    return usual ? host : fmt::format("{}:{}", host, origin.port);
}

std::shared_ptr<Addresses> addresses_for(Shard& shard, ClientSettings const& settings) {
    auto const& proxy = settings.proxy;
    return std::make_shared<Addresses>(shard.io(), proxy ? proxy->host : settings.origin.host,
                                       proxy ? proxy->port : settings.origin.port);
}

/// Runs while there is anything that could become late or must end with the shard.
Async<void> sweep(std::shared_ptr<ClientState> client) {
    while (client->busy()) {
        bool const going_on = co_await client->shard.wire().wait_for(sweep_interval);
        if (!going_on) {
            client->end();
            break;
        }
        auto const now = client->shard.wire().now();
        for (auto* const exchange : client->exchanges)
            if (exchange->is_late(now)) exchange->interrupt(Exchange::Fate::timed_out);
        client->pool.sweep(now, client->settings.idle_timeout);
    }
    client->sweeping = false;
}

Async<Result<HttpResponse>> run_exchange(std::shared_ptr<ClientState> client, HttpRequest request) {
    if (client->ended || client->shard.tasks().stopping()) co_return std::unexpected{client->errors.stopped()};
    if (auto const why = unsendable(request); !why.empty()) co_return std::unexpected{client->errors.unsendable(why)};
    Exchange exchange{client, std::move(request)};
    if (!client->sweeping) {
        client->sweeping = true;
        client->shard.tasks().spawn(sweep(client));
    }
    co_return co_await exchange.run();
}

class SocketClient final : public HttpClient {
public:
    explicit SocketClient(std::shared_ptr<ClientState> state)
        : state_{std::move(state)} {}
    ~SocketClient() override { state_->end(); }
    SocketClient(SocketClient const&) = delete;
    SocketClient& operator=(SocketClient const&) = delete;

    Async<Result<HttpResponse>> send(HttpRequest request) override { return run_exchange(state_, std::move(request)); }

    ClientCounters counters() const {
        return {state_->requests.read(), state_->connects.read(), state_->tls_resumed.read(), state_->bytes_out.read(),
                state_->bytes_in.read()};
    }

private:
    std::shared_ptr<ClientState> state_;
};

Error bad_url(std::string_view url, std::string_view why) {
    return {ErrorCode::invalid, fmt::format("{:?} is not a URL such as https://host:443: {}", url, why)};
}

} // namespace

ClientState::ClientState(Shard& on, ClientSettings given, std::unique_ptr<ClientTls> context)
    : shard{on}
    , settings{std::move(given)}
    , limits{answer_head_bytes_max, settings.body_bytes_max}
    , tls{std::move(context)}
    , errors{settings.origin, settings.proxy}
    , host_header{host_header_of(settings.origin)}
    , addresses{addresses_for(shard, settings)}
    , pool{settings.policy, std::max<std::size_t>(1, settings.connections_max)} {
}

void ClientState::end() {
    ended = true;
    for (auto* const exchange : exchanges) exchange->interrupt(Exchange::Fate::stopped);
    pool.close_idle();
}

Result<Origin> Origin::parse(std::string_view url) {
    Origin origin;
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
        origin.tls = false;
        origin.port = 80;
    } else {
        return std::unexpected{bad_url(url, "it must begin with https:// or http://")};
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find_first_of("/?#@ \t\r\n") != std::string_view::npos)
        return std::unexpected{bad_url(url, "only scheme, host and port are allowed here")};

    bool const bracketed = rest.starts_with('[');
    auto const host_end = bracketed ? rest.find(']') : rest.find(':');
    if (bracketed && host_end == std::string_view::npos)
        return std::unexpected{bad_url(url, "the bracket is not closed")};
    auto const host = bracketed ? rest.substr(1, host_end - 1) : rest.substr(0, host_end);
    auto port = host_end == std::string_view::npos ? std::string_view{} : rest.substr(host_end + (bracketed ? 1 : 0));
    if (host.empty()) return std::unexpected{bad_url(url, "the host is missing")};
    origin.host = host;
    if (port.empty()) return origin;
    if (!port.starts_with(':')) return std::unexpected{bad_url(url, "after the host only :port may follow")};
    port.remove_prefix(1);
    auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), origin.port);
    if (error != std::errc{} || end != port.data() + port.size() || origin.port == 0)
        return std::unexpected{bad_url(url, "the port must be a number from 1 to 65535")};
    return origin;
}

std::string Origin::text() const {
    return fmt::format("{}://{}", tls ? "https" : "http", host_header_of(*this));
}

Result<std::unique_ptr<HttpClient>> make_socket_client(Shard& shard, ClientSettings settings) {
    std::unique_ptr<ClientTls> tls;
    if (settings.origin.tls) {
        auto made = ClientTls::make(settings.tls);
        if (!made) return std::unexpected{made.error()};
        tls = *std::move(made);
    }
    return std::make_unique<SocketClient>(std::make_shared<ClientState>(shard, std::move(settings), std::move(tls)));
}

ClientCounters counters(HttpClient const& client) {
    auto const* const ours = dynamic_cast<SocketClient const*>(&client);
    return ours != nullptr ? ours->counters() : ClientCounters{};
}

} // namespace almd
