// The rule behind it: SAP API Policy v.4.2026a, section 1.2 (reference/cloud-alm.md 0.2).
#include "agent/settings/policy_guard.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Escapes undone, in lower case, without query. Twice escaped text is undone twice: a proxy may do the same.
std::string plain(std::string_view path) {
    std::string text{path.substr(0, path.find_first_of("?#"))};
    for (int round = 0; round < 2; ++round) {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            bool const escape =
                text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
            char c = escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
            if (escape) i += 2;
            if (c == '\\') c = '/';
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        text = std::move(out);
    }
    return text;
}

/// "/api//x/./y/../Registration" -> "/api/x/registration/"
std::string normalized(std::string_view path) {
    std::string const text = plain(path);
    std::string out = "/";
    for (std::size_t at = 0; at < text.size();) {
        auto end = std::min(text.find('/', at), text.size());
        std::string_view segment = std::string_view{text}.substr(at, end - at);
        segment = segment.substr(0, segment.find(';'));
        at = end + 1;
        if (segment.empty() || segment == ".") continue;
        if (segment != "..")
            (out += segment) += '/';
        else if (out.size() > 1)
            out.erase(out.rfind('/', out.size() - 2) + 1);
    }
    return out;
}

/// Anywhere in the path, so that the sandbox's form without /api and a gateway's prefix are covered too.
bool is_unpublished(std::string_view path) {
    std::string const text = normalized(path);
    return text.contains("/landscape-management/v1/registration/") || text.contains("/standin/");
}

} // namespace

Result<void> allow_call(EndpointMode mode, std::string_view host, std::string_view path, std::string_view method) {
    std::string_view const shown = path.substr(0, path.find_first_of("?#"));
    if ((mode != EndpointMode::stand_in || is_sap_host(host)) && is_unpublished(path))
        return fail(ErrorCode::invalid, fmt::format("{} {} is not sent to {}: SAP's API policy allows third parties "
                                                    "published APIs only, and this path is not one of "
                                                    "them; it is spoken with a stand-in only",
                                                    method, shown, host));
    if (mode == EndpointMode::sandbox && method != "GET")
        return fail(ErrorCode::invalid,
                    fmt::format("{} {} is not sent to {}: the sandbox is for reading only", method, shown, host));
    return {};
}

} // namespace almd
