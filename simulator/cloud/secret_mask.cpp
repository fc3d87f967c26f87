// Masking by the names of what is secret. Texts may be cut or malformed by faults, so nothing is parsed.
#include "simulator/cloud/secret_mask.hpp"

#include "proto/http/router.hpp"

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::array<std::string_view, 6> secret_headers{"authorization", "proxy-authorization",  "cookie",
                                                         "set-cookie",    "x-client-certificate", "apikey"};
constexpr std::array<std::string_view, 11> secret_names{
    "secret",       "client_secret", "clientsecret", "client_assertion",
    "access_token", "refresh_token", "id_token",     "assertion",
    "password",     "key",           "apikey"};

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y; });
}

bool is_secret(std::string_view name) {
    return std::ranges::any_of(secret_names, [name](std::string_view secret) { return same_word(name, secret); });
}

/// Position of the quote that ends the text which begins at `from`, or the end of all.
std::size_t end_of_text(std::string_view json, std::size_t from) {
    while (from < json.size()) {
        auto const quote = std::min(json.find('"', from), json.size());
        auto const escape = json.substr(0, quote).find('\\', from);
        if (escape == std::string_view::npos) return quote;
        from = escape + 2;
    }
    return json.size();
}

bool is_private_key(std::string_view word) {
    constexpr std::string_view shortest = "-----BEGIN PRIVATE KEY-----"; // spares most words the search
    return word.size() >= shortest.size() && word.find("PRIVATE KEY") != std::string_view::npos;
}

} // namespace

std::string masked_header(std::string_view name, std::string_view value) {
    if (std::ranges::none_of(secret_headers, [name](std::string_view secret) { return same_word(name, secret); }))
        return std::string{value};
    auto const space = value.find(' ');
    auto const scheme = space == std::string_view::npos ? std::string_view{} : value.substr(0, space + 1);
    return std::string{scheme}.append(masked);
}

std::string masked_form(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        auto const equals = part.find('=');
        auto const name = percent_decode(part.substr(0, equals));
        out.append(out.empty() ? "" : "&");
        if (equals != std::string_view::npos && (!name || is_secret(*name)))
            out.append(part.substr(0, equals + 1)).append(masked);
        else
            out.append(part);
    }
    return out;
}

std::string masked_json(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    for (std::size_t quote = text.find('"'); quote < text.size(); quote = text.find('"', quote)) {
        auto const end = end_of_text(text, quote + 1);
        auto const word = text.substr(quote + 1, end - quote - 1);
        quote = end + 1;
        if (is_private_key(word)) {
            out.append(text.substr(done, end - word.size() - done)).append(masked);
            done = end;
            continue;
        }
        if (!is_secret(word) || quote >= text.size()) continue;
        auto value = text.find_first_not_of(" \t\r\n:", quote);
        if (value == std::string_view::npos || text[value] != '"') continue;
        auto const close = end_of_text(text, value + 1);
        out.append(text.substr(done, value + 1 - done)).append(masked);
        done = close;
        quote = close + 1;
    }
    return out.append(text.substr(std::min(done, text.size())));
}

} // namespace almd
