// Who a landscape is: the plain one keeps its file's SIDs, number n of a fleet is computed as f(seed, n).
#pragma once

#include "simulator/abap/system.hpp"
#include "simulator/tms/landscape_spec.hpp"

#include <cstddef>
#include <cstdint>

namespace almd {

/// Trivially copyable and 24 bytes: the SIDs used in place of the template's are computed, not stored.
struct LandscapeIdentity {
    std::uint64_t seed = 1;
    std::uint64_t number = 0;
    bool of_fleet = false;

    /// The landscape as its specification has it.
    static LandscapeIdentity plain(std::uint64_t seed) { return {seed, 0, false}; }
    /// Number n of a fleet: other SIDs (distinct inside the landscape), system numbers that no other (n, system) has,
    /// other installation numbers, hosts and domain names.
    static LandscapeIdentity nth(std::uint64_t seed, std::uint64_t n, LandscapeSpec const& spec);

    SystemId sid(LandscapeSpec const& spec, std::size_t system_index) const;
    SystemSeat seat(LandscapeSpec const& spec, std::size_t system_index) const;
};

/// What registration needs, without building a Landscape.
SystemIdentity identify(LandscapeSpec const& spec, LandscapeIdentity const& identity, std::size_t system_index);

} // namespace almd
