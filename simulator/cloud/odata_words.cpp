// Reading the words.
#include "simulator/cloud/odata_words.hpp"

#include "proto/ids.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace almd {

namespace {

bool word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "2026-11-22" is midnight UTC.
Result<TimePoint> parse_moment(std::string_view text) {
    return parse_rfc3339(text.size() == 10 ? fmt::format("{}T00:00:00Z", text) : std::string{text});
}

} // namespace

void ODataWords::wrong(std::string_view sentence, ErrorCode code) {
    if (!error_) error_ = Error{code, fmt::format("at position {}: {}", at_ + 1, sentence)};
}

bool ODataWords::at_end() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_ == text_.size();
}

bool ODataWords::take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
}

void ODataWords::need(char c) {
    if (!take(c)) wrong(fmt::format("\"{}\" was expected", c));
}

std::string_view ODataWords::peek_word() {
    if (at_end()) return {};
    auto end = at_;
    while (end < text_.size() && word_char(text_[end])) ++end;
    return text_.substr(at_, end - at_);
}

std::string_view ODataWords::word() {
    auto const found = peek_word();
    at_ += found.size();
    return found;
}

bool ODataWords::call_ahead() {
    auto const behind = peek_word().size() + at_;
    return behind < text_.size() && text_[behind] == '(';
}

std::optional<ODataWords::Literal> ODataWords::literal() {
    if (at_end()) return std::nullopt;
    auto const c = text_[at_];
    if (c == '\'') return text_literal();
    if (auto guid = guid_ahead()) return guid;
    if ((c >= '0' && c <= '9') || c == '-' || c == '+') return number_or_time();
    return std::nullopt;
}

std::optional<ODataWords::Literal> ODataWords::text_literal() {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] != '\'') {
            value += text_[at_];
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
            value += text_[++at_]; // a quote inside is doubled
        } else {
            ++at_;
            return Literal{ODataType::text, std::move(value)};
        }
    }
    wrong("a quote is not closed");
    return std::nullopt;
}

std::optional<ODataWords::Literal> ODataWords::guid_ahead() {
    constexpr std::size_t guid_bytes = 36;
    auto const candidate = text_.substr(at_, guid_bytes);
    if (candidate.size() != guid_bytes || candidate[8] != '-') return std::nullopt;
    auto const id = Uuid::parse(candidate);
    if (!id) return std::nullopt;
    at_ += guid_bytes;
    return Literal{ODataType::guid, id->text()};
}

std::optional<ODataWords::Literal> ODataWords::number_or_time() {
    auto end = at_;
    auto const part = [](char c) { return word_char(c) || c == '-' || c == '+' || c == '.' || c == ':'; };
    while (end < text_.size() && part(text_[end])) ++end;
    auto const found = text_.substr(at_, end - at_);
    if (found.size() >= 10 && found[4] == '-') {
        if (auto const at = parse_moment(found)) {
            at_ = end;
            return Literal{ODataType::time, *at};
        }
    } else {
        auto const digits = found.front() == '+' ? found.substr(1) : found;
        double value = 0;
        auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error == std::errc{} && stop == digits.data() + digits.size()) {
            at_ = end;
            return Literal{ODataType::number, value};
        }
    }
    wrong("this is neither a number nor a time");
    return std::nullopt;
}

} // namespace almd
