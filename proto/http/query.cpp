// Percent-encoding and query strings.
#include "proto/http/router.hpp"

#include <algorithm>

namespace almd {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

std::string form_decode(std::string_view text) {
    std::string spaced{text};
    for (char& c : spaced)
        if (c == '+') c = ' ';
    if (auto decoded = percent_decode(spaced)) return *std::move(decoded);
    return std::string{text};
}

} // namespace

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        if (unreserved(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        int const high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Query Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        auto const end = text.find('&');
        auto const part = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (part.empty()) continue;
        auto const equals = part.find('=');
        auto const value = equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
        query.pairs_.emplace_back(form_decode(part.substr(0, equals)), form_decode(value));
    }
    return query;
}

std::size_t Query::count(std::string_view key) const {
    return static_cast<std::size_t>(std::ranges::count(pairs_, key, &std::pair<std::string, std::string>::first));
}

std::optional<std::string> Query::get(std::string_view key) const {
    for (auto const& [name, value] : pairs_)
        if (name == key) return value;
    return std::nullopt;
}

} // namespace almd
