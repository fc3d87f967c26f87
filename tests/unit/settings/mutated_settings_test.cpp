// Property: whatever is done to a configuration, the loader answers with settings or with mistakes, never with a crash.
#include "simulator/kernel/rng.hpp"
#include "tests/unit/settings/configuration_text.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>

namespace almd {
namespace {

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
    char const* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

constexpr std::string_view words[] = {
    "null", "~",       "[]",      "{}",       "\"000\"", "000", "-1",    "1e999", "99999999999999999999",
    "true", "QUA.200", "/QGRP/",  "*notes",   "&notes",  "<<",  "!!int", "- - -", "\"\\u0000\"",
    "0.5",  "DEV",     "999999d", "\xc3\xa4", "...",     "---", ":",     "#"};

class Mutator {
public:
    Mutator(std::string text, Rng rng)
        : text_{std::move(text)}
        , rng_{rng} {}

    std::string mutate() {
        for (std::uint64_t rounds = 1 + rng_.below(4); rounds > 0 && !text_.empty(); --rounds) mutate_once();
        return text_;
    }

private:
    void mutate_once() {
        switch (rng_.below(6)) {
        case 0: text_[place()] = static_cast<char>(rng_.below(256)); break;
        case 1: replace_value(); break;
        case 2: move_line(true, false); break; // dropped
        case 3: move_line(false, true); break; // doubled somewhere else
        case 4: move_line(true, true); break;  // moved
        default: text_.insert(place(), words[rng_.below(std::size(words))]); break;
        }
    }
    std::size_t place() { return rng_.below(text_.size()); }
    void replace_value() {
        auto const colon = text_.find(": ", place());
        if (colon == std::string::npos) return;
        auto const end = std::min(text_.find_first_of(",}\n", colon), text_.size());
        text_.replace(colon + 2, end - std::min(colon + 2, end), words[rng_.below(std::size(words))]);
    }
    void move_line(bool cut, bool paste) {
        auto const begin = text_.rfind('\n', place()) + 1;
        auto const end = std::min(text_.find('\n', begin), text_.size() - 1) + 1;
        std::string const line = text_.substr(std::min(begin, end), end - std::min(begin, end));
        if (cut) text_.erase(begin, line.size());
        if (!paste || text_.empty()) return;
        text_.insert(text_.rfind('\n', place()) + 1, line);
    }

    std::string text_;
    Rng rng_;
};

TEST(MutatedSettings, AreEitherGoodOrHaveMistakesWithWords) {
    auto const first = from_environment("ALMD_SEED", 1), count = from_environment("ALMD_SEEDS", 300);
    std::cout << "ALMD_SEED=" << first << " ALMD_SEEDS=" << count << '\n';
    std::string const demo = text_of(config_folder / "demo.yaml");
    std::uint64_t still_good = 0, wrong = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        std::string const text = Mutator{demo, Rng::stream(seed, 0, hash_text("mutated settings"))}.mutate();
        Loaded const loaded = parse(text);
        if (std::holds_alternative<Settings>(loaded)) {
            ++still_good;
            continue;
        }
        ++wrong;
        ASSERT_FALSE(std::get<1>(loaded).empty()) << "seed " << seed;
        for (SettingsMistake const& one : std::get<1>(loaded)) {
            ASSERT_FALSE(one.where.empty() || one.path.empty() || one.message.empty())
                << "seed " << seed << ": " << spell_out(std::get<1>(loaded));
            ASSERT_LT(one.message.size(), 2000u) << "seed " << seed;
        }
    }
    EXPECT_EQ(still_good + wrong, count);
    EXPECT_TRUE(wrong > 0 || count < 100);
}

} // namespace
} // namespace almd
