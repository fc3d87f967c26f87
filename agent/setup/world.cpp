// The landscapes of a shard.
#include "agent/setup/world.hpp"

namespace almd {

World::World(LandscapeSpec const& spec, WorldRange range, TimePoint born)
    : spec_{spec}
    , range_{range}
    , born_{born} {
    if (!range_.fleet) keep(0);
}

LandscapeIdentity World::name_of(std::uint32_t landscape) const {
    if (!range_.fleet) return LandscapeIdentity::plain(range_.seed);
    return LandscapeIdentity::nth(range_.seed, range_.first + landscape, spec_);
}

SystemIdentity World::identity(SystemSlot system) const {
    auto const landscape = landscape_of(system);
    auto const index = index_of(system);
    if (auto kept = kept_.find(landscape); kept != kept_.end())
        return std::as_const(*kept->second).system(kept->second->sid(index)).identity();
    return identify(spec_, name_of(landscape), index);
}

std::size_t World::systems() const {
    return range_.fleet ? spec_.systems.size() * range_.count : kept_.at(0)->system_count();
}

AbapSystem const* World::changed(SystemSlot system) const {
    auto const kept = kept_.find(landscape_of(system));
    if (kept == kept_.end()) return nullptr;
    return &std::as_const(*kept->second).system(kept->second->sid(index_of(system)));
}

SystemSpec const& World::spec_of(SystemSlot system) const {
    auto const* own = changed(system);
    return own ? own->spec() : spec_.systems[index_of(system)];
}

bool World::is_virtual(SystemSlot system) const {
    return spec_of(system).virtual_system;
}

SystemId World::sid(SystemSlot system) const {
    if (!range_.fleet) return kept_.at(0)->sid(system);
    return name_of(landscape_of(system)).sid(spec_, system % systems_per_landscape());
}

std::optional<SystemSlot> World::find(SystemId sid) const {
    auto const count = range_.fleet ? systems_per_landscape() : systems();
    for (SystemSlot system = 0; system < count; ++system)
        if (this->sid(system) == sid) return system;
    return std::nullopt;
}

Landscape& World::keep(std::uint32_t landscape) {
    auto& place = kept_[landscape];
    if (!place) {
        place = std::make_unique<Landscape>(spec_, name_of(landscape), born_);
        place->shrink();
    }
    return *place;
}

std::size_t World::bytes() const {
    std::size_t sum = 0;
    for (auto const& [number, landscape] : kept_) sum += landscape->bytes();
    return sum;
}

} // namespace almd
