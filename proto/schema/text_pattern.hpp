// A regular expression that is asked one question: does it match anywhere in a text.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// ECMAScript's syntax. What contracts use (literals, classes, groups, alternatives, counts, anchors) becomes a small automaton
/// that is made in a microsecond and walks a text once; anything else, such as a look-ahead, is left to std::regex, which
/// takes 100 microseconds to make and recurses for each character: do not show that one texts of any length.
class TextPattern {
public:
    /// nullopt: no regular expression.
    static std::optional<TextPattern> compile(std::string_view text);

    bool matches(std::string_view text) const;
    bool is_automaton() const { return fallback_ == nullptr; }

private:
    friend class TextPatternCompiler;
    enum class Op : std::uint8_t { one_of, split, jump, begin, end, found };
    struct Step {
        Op op;
        std::uint16_t next = 0, other = 0; ///< of one_of: `other` is its class
    };
    static constexpr std::size_t steps_max = 256;

    struct Walk;
    bool walk(std::string_view text) const;
    bool fits_at(std::string_view text, std::size_t at) const;

    std::vector<Step> steps_; ///< starts at 0
    std::vector<std::bitset<256>> classes_;
    bool straight_ = false; ///< nothing but a row of classes, as most are: between first_ and last_ in steps_
    std::size_t first_ = 0, last_ = 0;
    std::shared_ptr<std::regex const> fallback_;
};

} // namespace almd
