// Lines to a cloud over real sockets.
#include "agent/setup/socket_lines.hpp"

#include "agent/settings/policy_guard.hpp"

#include <map>

namespace almd {

namespace {

/// "https://host:port" of a URL with a path.
std::string origin_of(std::string_view url) {
    auto const scheme = url.find("://");
    auto const path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    return std::string{url.substr(0, path)};
}

Result<std::unique_ptr<HttpClient>> client_to(Shard& shard, LineSettings const& settings, std::string const& url,
                                              std::optional<ProxySettings> const& proxy,
                                              ServiceKey const* certificate_of) {
    auto origin = Origin::parse(origin_of(url));
    if (!origin) return std::unexpected(origin.error());
    ClientSettings client;
    client.origin = *origin;
    client.tls.trusted_pem = settings.trusted_pem;
    if (certificate_of) {
        client.tls.certificate_pem = certificate_of->certificate_pem;
        client.tls.key_pem = certificate_of->key_pem;
    }
    client.proxy = proxy;
    client.policy = settings.policy;
    client.connections_max = settings.connections_max;
    return make_socket_client(shard, std::move(client));
}

} // namespace

OpenLine lines_over_sockets(Shard& shard, LineSettings settings, MakeTokens make_tokens) {
    auto budgets = std::make_shared<std::map<std::string, std::shared_ptr<CallBudget>>>(); // by host
    return [&shard, settings = std::move(settings), make_tokens = std::move(make_tokens), budgets](
               ServiceKey const& key, std::optional<ProxySettings> const& proxy) -> Result<std::unique_ptr<CloudLine>> {
        auto mode = endpoint_mode(key, settings.stand_in_hosts);
        if (!mode) return std::unexpected(mode.error());
        if (auto allowed = allow_speed(*mode, settings.speed); !allowed) return std::unexpected(allowed.error());
        LineSettings token_settings = settings;
        token_settings.policy = ConnectionPolicy::pooled;
        token_settings.connections_max = 2; // one token call at a time, and a spare
        auto token_client = client_to(shard, token_settings, key.token_endpoint, proxy, key.is_x509() ? &key : nullptr);
        if (!token_client) return std::unexpected(token_client.error());
        auto api_client = client_to(shard, settings, key.root_url(), proxy, nullptr);
        if (!api_client) return std::unexpected(api_client.error());
        auto host = host_of_url(key.root_url());
        if (!host) return std::unexpected(host.error());
        auto tokens =
            make_tokens ? make_tokens(key, **token_client)
                        : std::make_unique<OwnedTokenSource>(shard, **token_client, key, settings.retry, settings.seed);
        CallGuard guard = [mode = *mode, host = *host](std::string_view method, std::string_view path) {
            return allow_call(mode, host, path, method);
        };
        ConnectionSettings connection;
        connection.root_url = key.root_url();
        connection.retry = settings.retry;
        connection.seed = settings.seed;
        connection.in_flight_max = settings.connections_max;
        if (is_sap_host(*host)) {
            auto& budget = (*budgets)[*host];
            if (!budget) budget = std::make_shared<CallBudget>(settings.sap_host_requests_per_minute);
            connection.budget = budget;
        }
        auto cloud =
            std::make_unique<CloudConnection>(shard, **api_client, *tokens, std::move(guard), std::move(connection));
        return std::make_unique<CloudLine>(std::move(*token_client), std::move(*api_client), std::move(tokens),
                                           std::move(cloud));
    };
}

} // namespace almd
