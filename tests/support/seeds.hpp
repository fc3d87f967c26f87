// The seeds of property tests: ALMD_SEED is the first, ALMD_SEEDS how many; both are printed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

namespace almd {

#ifdef ALMD_SANITIZED
inline constexpr bool under_sanitizer = true;
#else
inline constexpr bool under_sanitizer = false;
#endif

/// A default number of seeds: a sanitizer makes each some twenty times as long, and looks for other things.
constexpr std::uint64_t fewer_if_sanitized(std::uint64_t count) {
    return under_sanitizer ? (count + 19) / 20 : count;
}

struct SeedRange {
    std::uint64_t first = 1, count;
};

inline SeedRange seed_range(std::uint64_t count) {
    SeedRange range{.count = count};
    if (char const* text = std::getenv("ALMD_SEED")) range.first = std::strtoull(text, nullptr, 10);
    if (char const* text = std::getenv("ALMD_SEEDS")) range.count = std::strtoull(text, nullptr, 10);
    std::cout << "ALMD_SEED=" << range.first << " ALMD_SEEDS=" << range.count << '\n';
    return range;
}

inline std::vector<std::uint64_t> test_seeds(std::uint64_t count) {
    auto const range = seed_range(count);
    std::vector<std::uint64_t> seeds(range.count);
    std::iota(seeds.begin(), seeds.end(), range.first);
    return seeds;
}

} // namespace almd
