// Texts after reference/cloud-alm.md 4.1 and reference/cts-tms.md 8.3; only wording marked V is quoted.
#include "proto/http/client_errors.hpp"

#include <boost/asio/error.hpp>
#include <fmt/format.h>

namespace almd {

namespace {

std::string address(std::string_view host, std::uint16_t port) {
    return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string seconds(WireDuration span) {
    return to_text(std::chrono::ceil<Duration>(span));
}

} // namespace

ClientErrors::ClientErrors(Origin origin, std::optional<ProxySettings> const& proxy)
    : origin_{std::move(origin)}
    , peer_{address(origin_.host, origin_.port)}
    , proxy_{proxy ? address(proxy->host, proxy->port) : std::string{}} {
}

Error ClientErrors::stopped() const {
    return {ErrorCode::stopped, fmt::format("the request to {} was given up because the daemon stops", origin_.text())};
}

Error ClientErrors::unsendable(std::string_view why) const {
    return {ErrorCode::invalid, fmt::format("the request to {} cannot be sent: {}", origin_.text(), why)};
}

Error ClientErrors::no_free_connection(std::size_t connections_max, WireDuration waited) const {
    return {
        ErrorCode::timed_out,
        fmt::format("no connection to {} became free within {}: all {} were busy; allow more connections or slow down",
                    origin_.text(), seconds(waited), connections_max)};
}

Error ClientErrors::name_unknown(std::string_view detail) const {
    bool const direct = proxy_.empty();
    return {ErrorCode::unreachable,
            fmt::format("{} {} cannot be resolved ({}); check the name, the network, or whether a proxy is needed",
                        direct ? "the host" : "the proxy's name", direct ? peer_ : proxy_, detail)};
}

Error ClientErrors::not_connected(boost::system::error_code why) const {
    if (!proxy_.empty())
        return {ErrorCode::unreachable,
                fmt::format("cannot connect to the proxy {} for {}: {}; check the proxy's settings", proxy_,
                            origin_.text(), why.message())};
    if (why == net::error::connection_refused)
        return {
            ErrorCode::unreachable,
            fmt::format("Direct connect to {} failed NIECONN_REFUSED(-10): nothing listens there, or a proxy is needed",
                        peer_)};
    if (why == net::error::no_descriptors)
        return {ErrorCode::unreachable,
                fmt::format(
                    "cannot connect to {}: this process has no file descriptor left; raise `ulimit -n` or use fewer "
                    "connections",
                    origin_.text())};
    if (why == boost::system::errc::address_not_available)
        return {ErrorCode::unreachable,
                fmt::format("cannot connect to {}: no free local port; keep connections open instead of one per push",
                            origin_.text())};
    return {ErrorCode::unreachable,
            fmt::format("cannot connect to {}: {}; check the network, or whether a proxy is needed", origin_.text(),
                        why.message())};
}

Error ClientErrors::connect_timed_out(WireDuration waited) const {
    bool const direct = proxy_.empty();
    return {ErrorCode::timed_out,
            fmt::format("{} {} did not accept a connection within {}; a firewall may drop it, or a "
                        "proxy is needed",
                        direct ? "host" : "proxy", direct ? peer_ : proxy_, seconds(waited))};
}

Error ClientErrors::proxy_answered(int status, std::string_view reason) const {
    auto const* const what_to_do = status == 403   ? "the proxy must allow this target"
                                   : status == 407 ? "give the proxy's user and password"
                                                   : "the proxy's log may say why";
    return {ErrorCode::unreachable,
            fmt::format("IcmConnInitClientSSL: Proxy connection to {} via {} failed (proxy returned {} {}); {}",
                        fmt::format("{}://{}", origin_.tls ? "https" : "http", peer_), proxy_, status, reason,
                        what_to_do)};
}

Error ClientErrors::proxy_broke(std::string_view detail) const {
    return {ErrorCode::unreachable, fmt::format("the proxy {} ended the connection to {} before it was made: {}",
                                                proxy_, origin_.text(), detail)};
}

std::string ClientErrors::sap_handshake(std::string_view code) const {
    return fmt::format("SSL handshake with {} failed: {}", peer_, code);
}

Error ClientErrors::handshake_failed(TlsFailure failure, std::string_view detail) const {
    switch (failure) {
    case TlsFailure::untrusted:
        return {ErrorCode::tls,
                fmt::format("{}: The peer's X.509 Certificate (chain) is untrusted ({}); add its root with "
                            "--ca FILE or in STRUST",
                            sap_handshake("SSSLERR_PEER_CERT_UNTRUSTED (-102)"), detail)};
    case TlsFailure::host_mismatch:
        return {ErrorCode::tls,
                fmt::format("{}: the server's certificate is not for this host name ({}); check the URL",
                            sap_handshake("SSSLERR_SERVER_CERT_MISMATCH (-30)"), detail)};
    case TlsFailure::protocol_version:
        return {ErrorCode::tls,
                fmt::format("{} ... Server aborted TLS handshake with fatal TLS alert ({}); TLS 1.2 or 1.3 is needed",
                            sap_handshake("SSSLERR_ALERT_PROTOCOL_VERSION"), detail)};
    case TlsFailure::handshake_alert:
        return {ErrorCode::tls,
                fmt::format("{}: received a fatal TLS handshake failure alert message from the peer ({}); "
                            "something between may intercept TLS",
                            sap_handshake("SSSLERR_ALERT_HANDSHAKE_FAILURE (-122)"), detail)};
    case TlsFailure::certificate_wanted:
        return {ErrorCode::tls,
                fmt::format("SSL handshake with {} failed: the server wants a client certificate that it "
                            "trusts ({}); use the certificate and key of the service key",
                            peer_, detail)};
    case TlsFailure::none:
        return {ErrorCode::closed, fmt::format("{}: the other side ended the connection during the handshake ({}); a "
                                               "firewall may do that",
                                               sap_handshake("SSSLRC_CONN_CLOSED (-10)"), detail)};
    case TlsFailure::other: break;
    }
    return {ErrorCode::tls, fmt::format("SSL handshake with {} failed: {}; is this a TLS port?", peer_, detail)};
}

Error ClientErrors::handshake_timed_out(WireDuration waited) const {
    return {ErrorCode::timed_out,
            fmt::format("{}: not complete within {}; the network is slow or a firewall swallows it",
                        sap_handshake("SSSLERR_EWOULDBLOCK (-71)"), seconds(waited))};
}

Error ClientErrors::no_answer(WireDuration waited) const {
    return {ErrorCode::timed_out, fmt::format("{} did not answer within {}", origin_.text(), seconds(waited))};
}

Error ClientErrors::closed(bool answer_begun, std::string_view detail) const {
    return {ErrorCode::closed, fmt::format("{} ended the connection {} ({})", origin_.text(),
                                           answer_begun ? "in the middle of its answer" : "without an answer", detail)};
}

Error ClientErrors::bad_answer(ReadFault fault, ReadLimits const& limits) const {
    switch (fault) {
    case ReadFault::body_too_large:
        return {ErrorCode::too_large,
                fmt::format("the answer of {} is larger than {} bytes", origin_.text(), limits.body_bytes_max)};
    case ReadFault::head_too_large:
        return {ErrorCode::too_large, fmt::format("the header of the answer of {} is larger than {} bytes",
                                                  origin_.text(), limits.head_bytes_max)};
    default:
        return {ErrorCode::protocol,
                fmt::format("{} does not answer in HTTP/1.1; is this the right port?", origin_.text())};
    }
}

} // namespace almd
