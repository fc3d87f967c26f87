// Listens for the stand-in cloud.
#include "agent/stand_in.hpp"

#include <fmt/format.h>

#include <charconv>

namespace almd {

Result<HostPort> HostPort::parse(std::string_view text) {
    auto const colon = text.rfind(':');
    HostPort result;
    if (colon == std::string_view::npos)
        return fail(ErrorCode::invalid, fmt::format("\"{}\": HOST:PORT is needed, such as 127.0.0.1:8100", text));
    result.host = text.substr(0, colon);
    if (result.host.size() > 2 && result.host.front() == '[' && result.host.back() == ']')
        result.host = result.host.substr(1, result.host.size() - 2);
    auto const digits = text.substr(colon + 1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || result.host.empty())
        return fail(ErrorCode::invalid,
                    fmt::format("\"{}\": HOST:PORT is needed, with a port from 0 to 65535 (0 picks a free one)", text));
    return result;
}

std::string HostPort::text() const {
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

StandIn::StandIn(Shard& shard, TlsMaterial tls, CloudSettings settings, std::string host)
    : host_{std::move(host)}
    , tls_{std::move(tls)}
    , cloud_{shard, std::move(settings)} {
}

Result<std::unique_ptr<StandIn>> StandIn::start(Shard& shard, Options options) {
    auto tls = open_tls_material(options.tls_dir, {options.listen.host}, shard.wire().now());
    if (!tls) return std::unexpected(tls.error());
    options.cloud.authority = tls->authority;
    options.cloud.token_key_pem = tls->token_key_pem;
    std::unique_ptr<StandIn> stand_in{
        new StandIn{shard, std::move(*tls), std::move(options.cloud), options.listen.host}};
    stand_in->via_ = std::move(options.via);
    auto open = [&](HostPort const& at, bool client_certificates, HttpService& service) {
        ServerSettings server;
        server.host = at.host;
        server.port = at.port;
        server.tls = TlsServerSettings{stand_in->tls_.server.certificate_pem, stand_in->tls_.server.key_pem,
                                       client_certificates ? stand_in->tls_.authority.certificate_pem : std::string{}};
        return listen(shard, std::move(server), service);
    };
    auto dialogue = open(options.listen, false, stand_in->cloud_.dialogue());
    if (!dialogue) return std::unexpected(dialogue.error());
    stand_in->dialogue_ = std::move(*dialogue);
    auto mtls = open(options.mtls_listen, true, stand_in->cloud_.mtls_tokens());
    if (!mtls) return std::unexpected(mtls.error());
    stand_in->mtls_ = std::move(*mtls);
    stand_in->cloud_.set_origins(stand_in->origin(), stand_in->mtls_origin());
    return stand_in;
}

} // namespace almd
