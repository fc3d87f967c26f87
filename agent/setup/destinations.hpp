// The HTTP destinations of a shard (SM59 type G, ZSDF_<name>) and the lines behind them.
#pragma once

#include "agent/cloud/calls.hpp"
#include "proto/http/client.hpp"
#include "proto/messages/service_key.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// An open line to one cloud with one credential: declared in the order of need, so destroyed in the reverse.
struct CloudLine {
    std::unique_ptr<HttpClient> token_client, api_client;
    std::unique_ptr<TokenSource> tokens;
    std::unique_ptr<CloudConnection> connection;
    CloudCalls calls;
    explicit CloudLine(std::unique_ptr<HttpClient> token_client_, std::unique_ptr<HttpClient> api_client_,
                       std::unique_ptr<TokenSource> tokens_, std::unique_ptr<CloudConnection> connection_)
        : token_client{std::move(token_client_)}
        , api_client{std::move(api_client_)}
        , tokens{std::move(tokens_)}
        , connection{std::move(connection_)}
        , calls{*connection} {}
};

/// How lines are opened: by sockets in the daemon, in process in tests and virtual time. Errors are those of a key that
/// cannot be used here (unknown host, broken certificate).
using OpenLine =
    std::function<Result<std::unique_ptr<CloudLine>>(ServiceKey const& key, std::optional<ProxySettings> const& proxy)>;

struct Destination {
    std::string name; ///< Target ALM Description
    ServiceKey key;   ///< its secret never leaves this struct but for the token endpoint
    std::optional<ProxySettings> proxy;
    std::unique_ptr<CloudLine> line;
    std::string sm59_name() const { return "ZSDF_" + name; }
    /// The second entry of SM59 where a proxy wants a user (V); none: it does not.
    std::optional<std::string> sm59_proxy_name() const {
        return proxy && !proxy->user.empty() ? std::optional{"ZSDE_" + name} : std::nullopt;
    }
};

/// Destinations are named by number; one that was deleted or replaced stays until the end, because calls may be on it.
class Destinations {
public:
    explicit Destinations(OpenLine open)
        : open_{std::move(open)} {}
    Result<std::uint16_t> add(std::string name, ServiceKey key, std::optional<ProxySettings> proxy);
    Destination& operator[](std::uint16_t index) { return *all_[index]; }
    Destination const& operator[](std::uint16_t index) const { return *all_[index]; }
    std::size_t size() const { return all_.size(); }

private:
    OpenLine open_;
    std::vector<std::unique_ptr<Destination>> all_;
};

} // namespace almd
