// Ranges of letters instead of a table of all: neither glibc nor a library that is linked maps case without a locale.
#include "simulator/cloud/letter_case.hpp"

#include "proto/schema/json_text.hpp"

#include <cstddef>

namespace almd {

namespace {

/// Upper case letters, every `step`-th from first to last; the lower case one is `distance` away. ways: 'b'oth, or only to 'l'ower
/// or to 'u'pper, where two letters share a partner.
struct LetterRange {
    char32_t first, last;
    int step, distance;
    char ways = 'b';
};
constexpr LetterRange letter_ranges[]{
    {0x41, 0x5a, 1, 32},          {0xc0, 0xd6, 1, 32},          {0xd8, 0xde, 1, 32},
    {0x100, 0x12e, 2, 1},         {0x132, 0x136, 2, 1},         {0x139, 0x147, 2, 1},
    {0x14a, 0x176, 2, 1},         {0x178, 0x178, 1, -121},      {0x179, 0x17d, 2, 1},
    {0x1a0, 0x1a0, 1, 1},         {0x1af, 0x1af, 1, 1},         {0x1cd, 0x1db, 2, 1},
    {0x1de, 0x1ee, 2, 1},         {0x1f8, 0x21e, 2, 1},         {0x222, 0x232, 2, 1},
    {0x386, 0x386, 1, 38},        {0x388, 0x38a, 1, 37},        {0x38c, 0x38c, 1, 64},
    {0x38e, 0x38f, 1, 63},        {0x391, 0x3a1, 1, 32},        {0x3a3, 0x3ab, 1, 32},
    {0x400, 0x40f, 1, 80},        {0x410, 0x42f, 1, 32},        {0x460, 0x480, 2, 1},
    {0x48a, 0x4be, 2, 1},         {0x4c0, 0x4c0, 1, 15},        {0x4c1, 0x4cd, 2, 1},
    {0x4d0, 0x52e, 2, 1},         {0x531, 0x556, 1, 48},        {0x1e00, 0x1e94, 2, 1},
    {0x1ea0, 0x1efe, 2, 1},       {0x130, 0x130, 1, -199, 'l'}, {0x1e9e, 0x1e9e, 1, -7615, 'l'},
    {0x39c, 0x39c, 1, -743, 'u'}, {0x49, 0x49, 1, 232, 'u'},    {0x53, 0x53, 1, 300, 'u'},
    {0x3a3, 0x3a3, 1, 31, 'u'},
};

char32_t mapped(char32_t letter, bool upper) {
    for (auto const& range : letter_ranges) {
        if (range.ways == (upper ? 'l' : 'u')) continue;
        auto const distance = static_cast<char32_t>(range.distance); // unsigned: it wraps as it should
        auto const from = upper ? letter - distance : letter;
        if (from < range.first || from > range.last) continue;
        if ((from - range.first) % static_cast<char32_t>(range.step) == 0) return upper ? from : letter + distance;
    }
    return letter;
}

char32_t decoded(std::string_view character) {
    auto const byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(character[i])); };
    if (character.size() == 1) return byte(0);
    auto letter = byte(0) & (0xffU >> (character.size() + 1));
    for (std::size_t i = 1; i < character.size(); ++i) letter = letter << 6 | (byte(i) & 0x3fU);
    return letter;
}

/// Every letter of the table has at most three bytes.
void append(std::string& out, char32_t letter) {
    auto const add = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (letter < 0x80) return add(letter);
    if (letter < 0x800) {
        add(0xc0 | letter >> 6);
    } else {
        add(0xe0 | letter >> 12);
        add(0x80 | (letter >> 6 & 0x3f));
    }
    add(0x80 | (letter & 0x3f));
}

std::string with_case(std::string_view text, bool upper) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const size = utf8_character(text);
        auto const character = text.substr(0, size == 0 ? 1 : size);
        auto const letter = size == 0 || size > 3 ? 0 : decoded(character);
        if (auto const other = mapped(letter, upper); other == letter)
            out += character;
        else
            append(out, other);
        text.remove_prefix(character.size());
    }
    return out;
}

} // namespace

std::string to_lower(std::string_view text) {
    return with_case(text, false);
}
std::string to_upper(std::string_view text) {
    return with_case(text, true);
}

} // namespace almd
