// Whom we talk to: decided from host names alone, before anything is sent.
#include "agent/settings/endpoint_mode.hpp"

#include "proto/messages/service_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace almd {

namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// "[::1]:8443" -> "::1", "Host.:443" -> "host". A bare IPv6 address keeps its colons.
std::string bare_host(std::string_view host) {
    if (host.starts_with('[')) {
        auto end = host.find(']');
        host = host.substr(1, end == std::string_view::npos ? end : end - 1);
    } else if (std::ranges::count(host, ':') == 1) {
        host = host.substr(0, host.find(':'));
    }
    while (host.ends_with('.')) host.remove_suffix(1);
    return lower(host);
}

bool is_ipv4_loopback(std::string_view host) {
    int parts = 0;
    bool first_is_127 = false;
    while (parts < 4) {
        unsigned value = 256;
        auto [end, problem] = std::from_chars(host.data(), host.data() + host.size(), value);
        auto length = static_cast<std::size_t>(end - host.data());
        if (problem != std::errc{} || length > 3 || value > 255) return false;
        if (parts++ == 0) first_is_127 = value == 127;
        host.remove_prefix(length);
        if (host.empty()) break;
        if (!host.starts_with('.')) return false;
        host.remove_prefix(1);
    }
    return parts == 4 && host.empty() && first_is_127;
}

bool is_listed(std::string const& host, std::vector<std::string> const& stand_in_hosts) {
    return std::ranges::any_of(stand_in_hosts, [&](std::string const& listed) { return bare_host(listed) == host; });
}

std::string how_to_list(std::string_view what, std::string const& host) {
    return fmt::format(
        "the service key's {} host {} is neither SAP's nor loopback; if a stand-in cloud runs there, list it in "
        "CONFIG as cloud.standin_hosts: [\"{}\"]",
        what, host, host);
}

} // namespace

std::string_view name(EndpointMode mode) {
    switch (mode) {
    case EndpointMode::stand_in: return "stand-in";
    case EndpointMode::tenant: return "tenant";
    case EndpointMode::sandbox: return "sandbox";
    }
    return "?";
}

bool is_sap_host(std::string_view host) {
    static constexpr std::array<std::string_view, 3> domains{"cloud.sap", "ondemand.com", "api.sap.com"};
    std::string const bare = bare_host(host);
    return std::ranges::any_of(domains, [&](std::string_view domain) {
        if (!bare.ends_with(domain)) return false;
        return bare.size() == domain.size() || bare[bare.size() - domain.size() - 1] == '.';
    });
}

bool is_loopback_host(std::string_view host) {
    std::string const bare = bare_host(host);
    return bare == "localhost" || bare == "::1" || is_ipv4_loopback(bare);
}

Result<std::string> host_of_url(std::string_view url) {
    auto scheme_end = url.find("://");
    std::string const scheme = lower(url.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
    if (scheme != "https" && scheme != "http") return fail(ErrorCode::invalid, "is no URL that starts with https://");
    std::string_view authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    // "https://127.0.0.1@eu10.alm.cloud.sap" must not pass for loopback.
    if (authority.contains('@')) return fail(ErrorCode::invalid, "must not carry a user before the host");
    std::string const host = bare_host(authority);
    bool const clean = std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
    });
    if (host.empty() || host.size() > 253 || !clean) return fail(ErrorCode::invalid, "has no usable host name");
    return host;
}

Result<EndpointMode> endpoint_mode(ServiceKey const& key, std::vector<std::string> const& stand_in_hosts) {
    auto const api = host_of_url(key.api);
    if (!api) return fail(ErrorCode::invalid, "the service key's endpoints.Api " + api.error().context);
    auto const token = host_of_url(key.token_endpoint);
    if (!token)
        return fail(ErrorCode::invalid,
                    "the service key's token endpoint (uaa.url or uaa.certurl) " + token.error().context);

    if (is_sap_host(*api) && is_sap_host(*token)) return EndpointMode::tenant;
    if (is_sap_host(*api) || is_sap_host(*token))
        return fail(
            ErrorCode::invalid,
            fmt::format("the service key mixes a host of SAP with another one (endpoints.Api: {}, token endpoint: {}); "
                        "a credential of one must not be shown to the other",
                        *api, *token));
    if (!is_loopback_host(*api) && !is_listed(*api, stand_in_hosts))
        return fail(ErrorCode::invalid, how_to_list("endpoints.Api", *api));
    if (!is_loopback_host(*token) && !is_listed(*token, stand_in_hosts))
        return fail(ErrorCode::invalid, how_to_list("token endpoint", *token));
    return EndpointMode::stand_in;
}

Result<EndpointMode> endpoint_mode(std::optional<ServiceKey> const& key, bool has_api_key,
                                   std::vector<std::string> const& stand_in_hosts) {
    if (key && has_api_key)
        return fail(
            ErrorCode::invalid,
            "both a service key and cloud.api_key_file are given; a tenant wants the one, the sandbox the other");
    if (has_api_key) return EndpointMode::sandbox;
    if (!key) return EndpointMode::stand_in;
    return endpoint_mode(*key, stand_in_hosts);
}

Result<void> allow_speed(EndpointMode mode, double speed) {
    if (mode == EndpointMode::stand_in || speed == 1.0) return {};
    return fail(
        ErrorCode::invalid,
        fmt::format("speed {} is refused on hosts of SAP: what is sent there would lie in the future; only 1 is "
                    "allowed (a stand-in takes any speed)",
                    speed));
}

Result<void> allow_systems(EndpointMode mode, std::uint64_t systems, SapHostCaps const& caps) {
    if (mode == EndpointMode::stand_in || systems <= caps.systems_max) return {};
    return fail(
        ErrorCode::invalid,
        fmt::format("{} systems are too many for hosts of SAP: at most {}, unless cloud.sap_host_systems_max in CONFIG "
                    "raises it",
                    systems, caps.systems_max));
}

} // namespace almd
