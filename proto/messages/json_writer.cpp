// Escapes text for JSON: runs of harmless bytes are appended at once.
#include "proto/messages/json_writer.hpp"

#include "proto/schema/json_text.hpp"

#include <cstdint>
#include <cstring>

namespace almd {

namespace {

bool harmless(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/// Eight bytes at once. True may be a false alarm, false is certain.
bool may_need_escapes(char const* eight) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101, high = 0x80 * ones;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, sizeof word);
    auto const zero = [](std::uint64_t x) { return (x - ones) & ~x; }; // high bit of a byte that is 0
    auto const control = (word - 0x20 * ones) & ~word, not_ascii = word | (word + ones);
    return ((control | not_ascii | zero(word ^ ('"' * ones)) | zero(word ^ ('\\' * ones))) & high) != 0;
}

std::size_t harmless_run(std::string_view text) {
    std::size_t run = 0;
    while (run + 8 <= text.size() && !may_need_escapes(text.data() + run)) run += 8;
    while (run < text.size() && harmless(text[run])) ++run;
    return run;
}

void append_escaped(std::string& out, char c) {
    static constexpr char digits[] = "0123456789abcdef";
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 0xf];
    }
}

} // namespace

void JsonWriter::value(std::string_view text) {
    separate();
    out_ += '"';
    while (!text.empty()) {
        auto const run = harmless_run(text);
        out_ += text.substr(0, run);
        text.remove_prefix(run);
        if (text.empty()) break;
        std::size_t length = utf8_character(text);
        if (length > 1)
            out_ += text.substr(0, length);
        else if (length == 1)
            append_escaped(out_, text.front());
        else
            out_ += "\xef\xbf\xbd";
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out_ += '"';
}

} // namespace almd
