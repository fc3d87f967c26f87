// The two checks that daemons on loopback make against foreign web pages.
#include "agent/admin/admin_door.hpp"

#include "agent/settings/endpoint_mode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

char lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower_case, lower_case);
}

/// "http://host:8100" -> "host:8100"; "null" and whatever else is no origin of ours: empty.
std::string_view authority_of(std::string_view origin) {
    auto const begin = origin.find("://");
    return begin == std::string_view::npos ? std::string_view{} : origin.substr(begin + 3);
}

/// "name:8100" -> "name", "[::1]:8100" -> "[::1]"
std::string_view without_port(std::string_view host) {
    auto const colon = host.rfind(':');
    bool const in_brackets = host.rfind(']') != std::string_view::npos && host.rfind(']') > colon;
    return colon == std::string_view::npos || in_brackets ? host : host.substr(0, colon);
}

} // namespace

Result<void> allow_caller(std::string_view bound, std::string_view host, std::string_view origin) {
    bool const known = is_loopback_host(host) || is_same(without_port(host), bound);
    if (is_loopback_host(bound) && !known)
        return fail(ErrorCode::invalid,
                    fmt::format("Host {} is not let in: this admin API listens on loopback, ask for "
                                "127.0.0.1, localhost or {}",
                                in_quotes(host), bound));
    if (!origin.empty() && !is_same(authority_of(origin), host))
        return fail(ErrorCode::invalid, fmt::format("Origin {} is not let in: only pages of {} itself may ask",
                                                    in_quotes(origin), in_quotes(host)));
    return {};
}

} // namespace almd
