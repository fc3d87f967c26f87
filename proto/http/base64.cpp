// Base64, both alphabets.
#include "proto/http/certificates.hpp"

#include <array>
#include <cstdint>

namespace almd {

namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t const whole = bytes.size() / 3 * 3;
    for (std::size_t i = 0; i < whole; i += 3) {
        auto const byte = [&](std::size_t k) { return std::uint32_t{static_cast<unsigned char>(bytes[i + k])}; };
        auto const group = byte(0) << 16 | byte(1) << 8 | byte(2);
        char const four[]{alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
                          alphabet[group & 63]};
        out.append(four, 4);
    }
    for (std::size_t i = whole; i < bytes.size(); i += 3) {
        auto const n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k <= n; ++k) out += alphabet[group >> (18 - 6 * k) & 63];
        if (padded) out.append(3 - n, '=');
    }
    return out;
}

using Values = std::array<std::int8_t, 256>;

consteval Values values_of(std::string_view alphabet) {
    Values values;
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}

constexpr Values standard_values = values_of(standard), url_safe_values = values_of(url_safe);

/// Bits that no byte needs must be zero, so that one text has one meaning.
Result<std::string> decode(std::string_view text, Values const& values) {
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char c : text) {
        auto const value = values[static_cast<unsigned char>(c)];
        if (value < 0) return fail(ErrorCode::invalid, "not base64: a character that is not in the alphabet");
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 255);
    }
    if (count >= 6 || (bits & ((1U << count) - 1)) != 0)
        return fail(ErrorCode::invalid, "not base64: the end is cut off");
    return out;
}

} // namespace

std::string base64url(std::string_view bytes) {
    return encode(bytes, url_safe, false);
}

Result<std::string> base64url_decode(std::string_view text) {
    return decode(text, url_safe_values);
}

std::string base64(std::string_view bytes) {
    return encode(bytes, standard, true);
}

Result<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return fail(ErrorCode::invalid, "not base64: the length is not a multiple of 4");
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return decode(text, standard_values);
}

} // namespace almd
