// Seeded chance. Each identity draws from its own stream, so adding a system does not move the others.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace almd {

/// A good 64-bit mix (splitmix64 finalizer); the base of streams, digests and computed identities.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return mix(a ^ mix(b));
}

/// Stable over runs and machines (unlike std::hash).
constexpr std::uint64_t hash_text(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return mix(h);
}

/// 8 bytes of state: a stream can be kept per system. Satisfies UniformRandomBitGenerator.
class Rng {
public:
    using result_type = std::uint64_t;

    constexpr explicit Rng(std::uint64_t seed)
        : state_{seed} {}
    /// The stream of one identity and purpose: Rng::stream(seed, registration_index, hash_text("retry")).
    static constexpr Rng stream(std::uint64_t seed, std::uint64_t identity, std::uint64_t purpose = 0) {
        return Rng{mix(mix(seed, identity), purpose)};
    }

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    constexpr result_type operator()() { return mix(state_++); }

    /// In [0, 1).
    constexpr double unit() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
    /// In [0, bound); bound must be > 0.
    constexpr std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<Wide>((*this)()) * bound) >> 64);
    }
    constexpr bool chance(double probability) { return unit() < probability; }

private:
    __extension__ typedef unsigned __int128 Wide; // not ISO C++, but on both compilers the product is one instruction

    std::uint64_t state_;
};

} // namespace almd
