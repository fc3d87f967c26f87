// The rules of names that are given by hand.
#include "agent/settings/names.hpp"

#include "proto/ids.hpp"
#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace almd {

namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

Result<void> allow(bool good, std::string_view found, std::string_view what, std::string_view allowed) {
    if (good) return {};
    return fail(ErrorCode::invalid, fmt::format("{} is no {}; allowed: {}", in_quotes(found), what, allowed));
}

bool has_length(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most;
}

} // namespace

Result<void> allow_user_name(std::string_view name) {
    return allow(is_user_name(name), name, "user name",
                 "1 to 12 upper-case letters, digits or _ . / # $ & @ -, such as BATCH_USER; or SAP*");
}

Result<void> allow_destination_name(std::string_view name) {
    bool const good = has_length(name, 27) &&
                      std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
    return allow(good, name, "name of a destination", "1 to 27 letters, digits, _ or -, such as CALM");
}

Result<void> allow_proxy_host(std::string_view host) {
    // A name whose labels begin with a letter or digit, or a bare IPv6 address; as config/schema.json has it.
    static std::regex const pattern{"[A-Za-z0-9][A-Za-z0-9_-]*([.][A-Za-z0-9][A-Za-z0-9_-]*)*"
                                    "|::[0-9A-Fa-f]+(:[0-9A-Fa-f]+)*|[0-9A-Fa-f]+(:[0-9A-Fa-f]*){2,}"};
    bool const good = has_length(host, 253) && std::regex_match(host.begin(), host.end(), pattern);
    return allow(good, host, "host of a proxy", "a host name or address without port, such as proxy");
}

Result<void> allow_proxy_user(std::string_view user) {
    return allow(characters(user) <= 64 && !user.contains(':'), user, "user at a proxy",
                 "at most 64 characters, no colon");
}

} // namespace almd
