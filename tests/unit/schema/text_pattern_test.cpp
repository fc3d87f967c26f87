// TextPattern answers as std::regex does, only faster.
#include "proto/schema/text_pattern.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace almd {
namespace {

/// Patterns and texts of a few characters each, so that they meet often.
class PatternDraw {
public:
    explicit PatternDraw(std::uint64_t seed)
        : rng_{seed} {}

    std::string pattern() {
        std::string out = rng_.chance(0.4) ? "^" : "";
        out += alternatives(0);
        if (rng_.chance(0.4)) out += '$';
        return out;
    }
    std::string text() {
        std::string out;
        for (auto count = rng_.below(9); count > 0; --count)
            out += pick({"a", "b", "c", "0", "1", ".", "/", "\n", "\xc3"});
        return out;
    }

private:
    std::string pick(std::vector<std::string_view> const& from) { return std::string{from[rng_.below(from.size())]}; }

    std::string alternatives(int depth) {
        auto out = sequence(depth);
        while (rng_.chance(0.15)) out += "|" + sequence(depth);
        return out;
    }
    std::string sequence(int depth) {
        std::string out;
        for (auto count = 1 + rng_.below(4); count > 0; --count) {
            out += atom(depth);
            if (rng_.chance(0.35)) out += pick({"*", "+", "?", "{2}", "{0,2}", "{1,}", "{3}", "{1,4}?", "*?"});
        }
        return out;
    }
    std::string atom(int depth) {
        if (depth < 2 && rng_.chance(0.15)) return pick({"(", "(?:"}) + alternatives(depth + 1) + ")";
        return pick(
            {"a", "b", "c", "0", ".", "\\.", "/", "\\d", "[ab]", "[a-c]", "[^a]", "[0-9a]", "[.-]", "[^b-c/]", "\\/"});
    }

    Rng rng_;
};

TEST(TextPatternProperty, ItMatchesWhatStdRegexMatches) {
    auto const seeds = test_seeds(3000);
    std::size_t automata = 0;
    for (auto const seed : seeds) {
        PatternDraw draw{seed};
        auto const source = draw.pattern();
        auto const pattern = TextPattern::compile(source);
        ASSERT_TRUE(pattern) << source;
        automata += pattern->is_automaton() ? 1 : 0; // the largest are left to std::regex
        std::regex const reference{source, std::regex::ECMAScript};
        for (int i = 0; i < 20; ++i) {
            auto const text = draw.text();
            ASSERT_EQ(pattern->matches(text), std::regex_search(text, reference))
                << "seed " << seed << ": " << source << " and \"" << text << '"';
        }
    }
    EXPECT_GT(automata * 10, seeds.size() * 9);
}

TEST(TextPattern, EveryPatternOfTheContractsIsAnAutomaton) {
    int seen = 0;
    for (auto const* file : {"standin.yaml", "admin.yaml"}) {
        std::ifstream in{ALMD_SOURCE_DIR "/proto/openapi/" + std::string{file}};
        for (std::string line; std::getline(in, line);) {
            auto const at = line.find("      pattern: ^");
            if (at == std::string::npos) continue;
            auto const pattern = TextPattern::compile(line.substr(at + 15));
            EXPECT_TRUE(pattern && pattern->is_automaton()) << line;
            ++seen;
        }
    }
    EXPECT_GE(seen, 8);
}

TEST(TextPattern, WhatItDoesNotKnowIsLeftToStdRegex) {
    for (auto const* source : {"a(?=b)", "\\bab", "[[:alpha:]]b", "^(?!x)ab$", "\\x61b"}) {
        auto const pattern = TextPattern::compile(source);
        ASSERT_TRUE(pattern) << source;
        EXPECT_FALSE(pattern->is_automaton()) << source;
        EXPECT_EQ(pattern->matches("ab"), std::regex_search("ab", std::regex{source})) << source;
    }
    for (auto const* wrong : {"(", "[a", "a{2", "*", "a{3,1}", "\\"})
        EXPECT_FALSE(TextPattern::compile(wrong)) << wrong;
}

TEST(TextPattern, LongTextsAndHugeCountsDoNoHarm) {
    auto const any = TextPattern::compile("^(a|b)*$");
    EXPECT_TRUE(any->matches(std::string(1'000'000, 'a')));
    EXPECT_FALSE(any->matches(std::string(1'000'000, 'a') + "c"));
    EXPECT_FALSE(TextPattern::compile("^a{200}b{200}$")->is_automaton()) << "too many steps";
}

} // namespace
} // namespace almd
