// The landscapes of a shard: what never changed is computed when asked for, what changed is kept.
#pragma once

#include "simulator/abap/background_processing.hpp"
#include "simulator/tms/landscape.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

namespace almd {

/// Which part of the whole fleet a shard holds. One landscape alone keeps the names of its file.
struct WorldRange {
    std::uint64_t seed = 1;
    std::uint64_t first = 0; ///< number of the first landscape in the whole fleet
    std::uint32_t count = 1;
    bool fleet = false;
};

class World {
public:
    World(LandscapeSpec const& spec, WorldRange range, TimePoint born);

    LandscapeSpec const& spec() const { return spec_; }
    std::uint32_t landscapes() const { return range_.count; }
    bool is_fleet() const { return range_.fleet; } ///< also one of a single landscape
    std::uint32_t systems_per_landscape() const { return static_cast<std::uint32_t>(spec_.systems.size()); }
    /// Systems that were added while it runs come last; only one landscape alone has such, a fleet has none.
    std::size_t systems() const;
    TimePoint born() const { return born_; }

    std::uint32_t landscape_of(SystemSlot system) const { return range_.fleet ? system / systems_per_landscape() : 0; }
    /// Without building a landscape. Profile parameters that were changed in a kept landscape count.
    SystemIdentity identity(SystemSlot system) const;
    SystemId sid(SystemSlot system) const;
    bool is_virtual(SystemSlot system) const;
    /// null: the system belongs to a landscape that never changed, so it is as its template says.
    AbapSystem const* changed(SystemSlot system) const;
    /// What the system is like, or was when it came into the landscape.
    SystemSpec const& spec_of(SystemSlot system) const;
    LandscapeIdentity name_of(std::uint32_t landscape) const;
    /// In the whole fleet, whatever the shards.
    std::uint64_t number_of(std::uint32_t landscape) const { return range_.first + landscape; }
    /// In the first landscape.
    std::optional<SystemSlot> find(SystemId sid) const;

    /// Calls look(Landscape const&). A landscape that never changed is built for it and thrown away.
    template <class Look>
    auto read(std::uint32_t landscape, Look&& look) const {
        if (auto kept = kept_.find(landscape); kept != kept_.end()) return look(std::as_const(*kept->second));
        Landscape const built{spec_, name_of(landscape), born_};
        return look(built);
    }
    /// The same for its transport domain only, which is cheap to build.
    template <class Look>
    auto look_at_domain(std::uint32_t landscape, Look&& look) const {
        if (auto kept = kept_.find(landscape); kept != kept_.end()) return look(std::as_const(*kept->second).domain());
        TransportDomain const built{spec_, name_of(landscape)};
        return look(built);
    }
    bool is_kept(std::uint32_t landscape) const { return kept_.contains(landscape); }
    /// For a change: from here on the landscape is kept. The reference is good for the whole run.
    Landscape& keep(std::uint32_t landscape);

    std::size_t bytes() const;

private:
    std::uint32_t index_of(SystemSlot system) const { return system - landscape_of(system) * systems_per_landscape(); }

    LandscapeSpec const& spec_;
    WorldRange range_;
    TimePoint born_;
    std::unordered_map<std::uint32_t, std::unique_ptr<Landscape>> kept_;
};

} // namespace almd
