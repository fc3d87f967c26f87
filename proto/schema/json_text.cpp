// Reads JSON (RFC 8259) into a flat table: one pass, an explicit stack, no copy of strings that need none.
#include "proto/schema/json_text.hpp"

#include "proto/schema/json_path.hpp"
#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

namespace almd {

std::size_t utf8_character(std::string_view text) {
    auto byte = [&](std::size_t i) -> unsigned { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
    auto tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    unsigned first = byte(0);
    if (text.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        bool second = first == 0xe0   ? byte(1) >= 0xa0 && byte(1) <= 0xbf
                      : first == 0xed ? byte(1) >= 0x80 && byte(1) <= 0x9f
                                      : tail(1);
        return second && tail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        bool second = first == 0xf0   ? byte(1) >= 0x90 && byte(1) <= 0xbf
                      : first == 0xf4 ? byte(1) >= 0x80 && byte(1) <= 0x8f
                                      : tail(1);
        return second && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto const length = utf8_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

TextPosition position_of(std::string_view text, std::size_t offset) {
    auto const before = text.substr(0, offset);
    auto const lines = std::ranges::count(before, '\n');
    return {1 + static_cast<std::size_t>(lines),
            1 + characters(before.substr(before.rfind('\n') + 1))}; // npos + 1 is 0
}

bool is_integer(double number) {
    constexpr double exact_max = 9007199254740991.0;
    return std::trunc(number) == number && std::abs(number) <= exact_max;
}

double JsonText::Value::number() const {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string JsonText::path(std::uint32_t index) const {
    std::string path;
    for (std::uint32_t at = 0; at < index;) {
        std::uint32_t child = at + 1;
        std::size_t position = 0;
        while (values_[child].next <= index) {
            child = values_[child].next;
            ++position;
        }
        if (values_[at].kind == Kind::object)
            append_key(path, values_[child].key);
        else
            append_index(path, position);
        at = child;
    }
    return path;
}

std::optional<std::uint32_t> JsonText::repeated_member() const {
    std::vector<std::pair<std::string_view, std::uint32_t>> names;
    for (std::uint32_t object = 0; object < values_.size(); ++object) {
        if (values_[object].kind != Kind::object || values_[object].count < 2) continue;
        names.clear();
        for (auto at = object + 1; at < values_[object].next; at = values_[at].next)
            names.emplace_back(values_[at].key, at);
        std::ranges::sort(names);
        auto const twice = std::ranges::adjacent_find(names, {}, &std::pair<std::string_view, std::uint32_t>::first);
        if (twice != names.end()) return std::next(twice)->second;
    }
    return std::nullopt;
}

class JsonTextParser {
public:
    JsonTextParser(std::string_view text, JsonLimits const& limits)
        : text_{text}
        , limits_{limits} {
        json_.values_.reserve(std::min<std::size_t>(text.size() / 16 + 8, 4096));
        open_.reserve(8);
    }

    Result<JsonText> parse() {
        // Offsets are 32 bits wide.
        std::size_t bytes_max = std::min<std::size_t>(limits_.bytes_max, UINT32_MAX - 1);
        if (text_.size() > bytes_max)
            return fail(ErrorCode::too_large, fmt::format("is larger than {} bytes", bytes_max));
        if (run()) return std::move(json_);
        TextPosition where = position_of(text_, at_);
        return fail(code_, fmt::format("is not JSON: line {}, column {}: {}", where.line, where.column, problem_));
    }

private:
    using Kind = JsonText::Kind;

    bool broken(std::string problem, ErrorCode code = ErrorCode::invalid) {
        problem_ = std::move(problem);
        code_ = code;
        return false;
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_space() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
            ++at_;
    }

    // One turn reads one value and then closes whatever ends behind it.
    bool run() {
        std::string_view key;
        for (;;) {
            skip_space();
            if (!value(key)) return false;
            key = {};
            bool opened = !open_.empty() && open_.back() + 1 == json_.values_.size();
            for (;; opened = false) {
                skip_space();
                if (open_.empty()) return at_ == text_.size() || broken("nothing may follow the end of the value");
                JsonText::Value& parent = json_.values_[open_.back()];
                bool object = parent.kind == Kind::object;
                char close = object ? '}' : ']';
                if (peek() == close) {
                    ++at_;
                    parent.next = static_cast<std::uint32_t>(json_.values_.size());
                    open_.pop_back();
                    continue;
                }
                if (!opened) {
                    if (peek() != ',') return broken(fmt::format("expected ',' or '{}'", close));
                    ++at_;
                    skip_space();
                }
                ++parent.count;
                if (object && !member_name(key)) return false;
                break;
            }
        }
    }

    bool member_name(std::string_view& key) {
        if (peek() != '"') return broken("expected a name in double quotes");
        if (!string(key)) return false;
        skip_space();
        if (peek() != ':') return broken("expected ':'");
        ++at_;
        return true;
    }

    bool value(std::string_view key) {
        if (json_.values_.size() >= limits_.values_max)
            return broken(fmt::format("more than {} values", limits_.values_max), ErrorCode::too_large);
        JsonText::Value& value = json_.values_.emplace_back();
        value.key = key;
        value.offset = static_cast<std::uint32_t>(at_);
        value.next = static_cast<std::uint32_t>(json_.values_.size());
        switch (peek()) {
        case '{': return open(value, Kind::object);
        case '[': return open(value, Kind::array);
        case '"': value.kind = Kind::string; return string(value.text);
        case 't': value.integer = 1; return word("true", value, Kind::boolean);
        case 'f': return word("false", value, Kind::boolean);
        case 'n': return word("null", value, Kind::null);
        default: return number(value);
        }
    }

    bool open(JsonText::Value& value, Kind kind) {
        if (open_.size() >= limits_.depth_max)
            return broken(fmt::format("nested deeper than {} levels", limits_.depth_max));
        value.kind = kind;
        open_.push_back(static_cast<std::uint32_t>(json_.values_.size() - 1));
        ++at_;
        return true;
    }

    bool word(std::string_view expected, JsonText::Value& value, Kind kind) {
        if (!text_.substr(at_).starts_with(expected)) return broken("expected a value");
        value.kind = kind;
        at_ += expected.size();
        return true;
    }

    void digits() {
        while (peek() >= '0' && peek() <= '9') ++at_;
    }

    bool number(JsonText::Value& value) {
        std::size_t begin = at_;
        auto is_digit = [&] { return peek() >= '0' && peek() <= '9'; };
        if (peek() == '-') ++at_;
        if (!is_digit()) return broken(at_ == text_.size() ? "the text ends too early" : "expected a value");
        bool whole = true;
        if (peek() == '0')
            ++at_;
        else
            digits();
        if (is_digit()) return broken("a number must not begin with 0");
        if (peek() == '.') {
            whole = false;
            ++at_;
            if (!is_digit()) return broken("expected a digit");
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            if (!is_digit()) return broken("expected a digit");
            digits();
        }
        value.text = text_.substr(begin, at_ - begin);
        char const* end = value.text.data() + value.text.size();
        bool fits = whole && std::from_chars(value.text.data(), end, value.integer).ec == std::errc{};
        value.kind = fits ? Kind::integer : Kind::number;
        if (fits) return true;
        double real = 0;
        if (std::from_chars(value.text.data(), end, real).ec != std::errc{})
            return broken("the number is too large or too small");
        if (!whole && is_integer(real)) {
            value.kind = Kind::integer;
            value.integer = static_cast<std::int64_t>(real);
        }
        return true;
    }

    bool string(std::string_view& out) {
        std::size_t begin = ++at_;
        for (;;) {
            char c = peek();
            if (c == '"') {
                out = text_.substr(begin, at_++ - begin);
                return true;
            }
            if (c == '\\') return escaped_string(begin, out);
            if (!character()) return false;
        }
    }

    bool character() {
        auto c = static_cast<unsigned char>(peek());
        if (c >= 0x20 && c < 0x80) {
            ++at_;
            return true;
        }
        if (at_ == text_.size()) return broken("the text ends inside a string");
        if (c < 0x20) return broken("a control character in a string must be escaped");
        std::size_t length = utf8_character(text_.substr(at_, 4));
        if (length == 0) return broken("not UTF-8");
        at_ += length;
        return true;
    }

    bool escaped_string(std::size_t begin, std::string_view& out) {
        // What is decoded is never longer than its source, so one buffer of the text's size holds all of it.
        if (!json_.decoded_) json_.decoded_ = std::make_unique_for_overwrite<char[]>(text_.size());
        char* const start = json_.decoded_.get() + decoded_size_;
        char* end = std::copy(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                              text_.begin() + static_cast<std::ptrdiff_t>(at_), start);
        while (peek() != '"') {
            if (peek() == '\\') {
                if (!escape(end)) return false;
                continue;
            }
            std::size_t from = at_;
            if (!character()) return false;
            end = std::copy(text_.begin() + static_cast<std::ptrdiff_t>(from),
                            text_.begin() + static_cast<std::ptrdiff_t>(at_), end);
        }
        ++at_;
        decoded_size_ += static_cast<std::size_t>(end - start);
        out = {start, static_cast<std::size_t>(end - start)};
        return true;
    }

    bool escape(char*& end) {
        ++at_;
        static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        if (peek() == 'u') return unicode_escape(end);
        std::size_t known = at_ < text_.size() ? letters.find(peek()) : std::string_view::npos;
        if (known == std::string_view::npos) return broken("unknown escape in a string");
        *end++ = meanings[known];
        ++at_;
        return true;
    }

    std::optional<unsigned> four_hex() {
        unsigned code = 0;
        if (text_.size() - at_ < 5) return std::nullopt;
        auto [last, problem] = std::from_chars(text_.data() + at_ + 1, text_.data() + at_ + 5, code, 16);
        if (problem != std::errc{} || last != text_.data() + at_ + 5) return std::nullopt;
        at_ += 5;
        return code;
    }

    bool unicode_escape(char*& end) {
        auto code = four_hex();
        if (!code) return broken("expected four hexadecimal digits");
        if (*code >= 0xd800 && *code < 0xe000) {
            bool high = *code < 0xdc00 && text_.substr(at_).starts_with("\\u");
            if (high) ++at_;
            auto low = high ? four_hex() : std::nullopt;
            if (!low || *low < 0xdc00 || *low >= 0xe000) return broken("half of a surrogate pair");
            code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
        }
        auto put = [&](unsigned byte) { *end++ = static_cast<char>(byte); };
        if (*code < 0x80)
            put(*code);
        else if (*code < 0x800)
            put(0xc0 | *code >> 6), put(0x80 | (*code & 0x3f));
        else if (*code < 0x10000)
            put(0xe0 | *code >> 12), put(0x80 | (*code >> 6 & 0x3f)), put(0x80 | (*code & 0x3f));
        else
            put(0xf0 | *code >> 18), put(0x80 | (*code >> 12 & 0x3f)), put(0x80 | (*code >> 6 & 0x3f)),
                put(0x80 | (*code & 0x3f));
        return true;
    }

    std::string_view text_;
    JsonLimits const& limits_;
    JsonText json_;
    std::vector<std::uint32_t> open_;
    std::size_t at_ = 0, decoded_size_ = 0;
    std::string problem_;
    ErrorCode code_ = ErrorCode::invalid;
};

Result<JsonText> JsonText::parse(std::string_view text, JsonLimits const& limits) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return fail(ErrorCode::invalid, "is not JSON: the text is UTF-16; save it as UTF-8");
    return JsonTextParser{text, limits}.parse();
}

Result<JsonText> parse_request_body(std::string_view text) {
    auto json = JsonText::parse(text);
    if (!json) return json;
    if (auto const twice = json->repeated_member())
        return fail(ErrorCode::invalid, fmt::format("{}: is given twice", json->path(*twice)));
    return json;
}

} // namespace almd
