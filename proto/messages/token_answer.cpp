// Codec of what a token endpoint answers (reference/cloud-alm.md 1.4); no error repeats a value of it.
#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"
#include "proto/messages/service_key.hpp"

#include <algorithm>

namespace almd {

namespace {

constexpr std::size_t token_characters_max = 64 * 1024;
/// SAP's own sample collection takes this life when expires_in is missing (reference/cloud-alm.md 1.4).
constexpr std::int64_t life_seconds_fallback = 43'200;
constexpr std::int64_t life_seconds_max = 10LL * 365 * 24 * 3600;

bool is_bearer(std::string_view type) {
    return std::ranges::equal(type, std::string_view{"bearer"}, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

} // namespace

std::string encode(TokenAnswer const& message) {
    JsonWriter out{128 + message.access_token.size() + message.scope.size()};
    out.begin_object();
    out.field("access_token", message.access_token);
    out.field("token_type", "bearer");
    out.field("expires_in", message.expires_in.count());
    out.field("scope", message.scope);
    out.field("jti", message.jti);
    out.end_object();
    return out.take();
}

Result<TokenAnswer> decode_token_answer(std::string_view json) {
    return decode(json, Speaker::cloud_with_secrets, TokenAnswer{}, [](Fields& in, TokenAnswer& message) {
        message.access_token = in.text("access_token", token_characters_max);
        // It becomes a header line, so nothing but visible characters may be in it.
        bool visible = !message.access_token.empty() &&
                       std::ranges::all_of(message.access_token, [](char c) { return c > ' ' && c < 0x7f; });
        if (!visible) in.mistake("access_token", "is empty or has characters that a header cannot carry");
        if (!is_bearer(in.text_or("token_type", "bearer"))) in.mistake("token_type", "is not bearer");
        message.expires_in =
            std::chrono::seconds{in.integer_or<std::int64_t>("expires_in", life_seconds_fallback, 0, life_seconds_max)};
        message.scope = in.text_or("scope", "", token_characters_max);
        message.jti = in.text_or("jti", "");
    });
}

} // namespace almd
