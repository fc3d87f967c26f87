// The seeds of property tests: ALMD_SEED is the first, ALMD_SEEDS how many; both are printed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

namespace almd {

inline std::vector<std::uint64_t> test_seeds(std::uint64_t count) {
    std::uint64_t first = 1;
    if (char const* text = std::getenv("ALMD_SEED")) first = std::strtoull(text, nullptr, 10);
    if (char const* text = std::getenv("ALMD_SEEDS")) count = std::strtoull(text, nullptr, 10);
    std::cout << "ALMD_SEED=" << first << " ALMD_SEEDS=" << count << '\n';
    std::vector<std::uint64_t> seeds(count);
    std::iota(seeds.begin(), seeds.end(), first);
    return seeds;
}

} // namespace almd
