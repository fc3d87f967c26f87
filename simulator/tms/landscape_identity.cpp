// SIDs and seats of a landscape, computed from seed and number.
#include "simulator/tms/landscape_identity.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>

namespace almd {

LandscapeIdentity LandscapeIdentity::nth(std::uint64_t seed, std::uint64_t n, LandscapeSpec const&) {
    return {seed, n, true};
}

/// Neighbouring numbers go to different SIDs: the factor shares no divisor with 26 * 36 * 36, so the map is one to one.
SystemId LandscapeIdentity::sid(LandscapeSpec const& spec, std::size_t system_index) const {
    if (!of_fleet) return spec.systems[system_index].id;
    constexpr std::uint64_t factor = 12'289;
    static_assert(factor % 2 != 0 && factor % 3 != 0 && factor % 13 != 0 && SystemId::count == (1u << 5) * 81 * 13);
    auto const place = (number % SystemId::count) * std::max<std::size_t>(spec.systems.size(), 1) + system_index;
    return SystemId::nth((place % SystemId::count) * factor + mix(seed, 3) % SystemId::count);
}

SystemSeat LandscapeIdentity::seat(LandscapeSpec const& spec, std::size_t system_index) const {
    return {.id = sid(spec, system_index),
            .seed = seed,
            .landscape = number,
            .index = static_cast<std::uint16_t>(system_index),
            .of_fleet = of_fleet};
}

SystemIdentity identify(LandscapeSpec const& spec, LandscapeIdentity const& identity, std::size_t system_index) {
    return identify(spec.systems[system_index], identity.seat(spec, system_index));
}

} // namespace almd
