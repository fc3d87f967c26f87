// All runs of /SDF/ALM_SETUP of a shard.
#include "agent/setup/setup_table.hpp"

#include <algorithm>
#include <utility>

namespace almd {

SetupTable::SetupTable(std::vector<SetupSpec> setups, std::vector<SystemId> systems, std::uint32_t landscapes)
    : template_{std::move(setups)}
    , landscapes_{landscapes}
    , systems_per_landscape_{static_cast<std::uint32_t>(systems.size())}
    , states_(template_.size() * landscapes) {
    for (auto const& spec : template_) {
        auto at = std::find(systems.begin(), systems.end(), spec.system);
        template_system_.push_back(static_cast<std::uint32_t>(at - systems.begin()));
    }
}

SetupPlace SetupTable::place(SetupIndex index) const {
    SetupPlace place;
    std::size_t const from_template = template_.size() * landscapes_;
    if (index < from_template) {
        auto const which = index % template_.size();
        place.landscape = static_cast<std::uint32_t>(index / template_.size());
        place.system_index = template_system_[which];
    } else {
        place.system_index = by_hand_system_[index - from_template];
    }
    place.system = place.landscape * systems_per_landscape_ + place.system_index;
    place.client = spec(index).client;
    return place;
}

SetupSpec const& SetupTable::spec(SetupIndex index) const {
    if (!own_.empty())
        if (auto own = own_.find(index); own != own_.end()) return own->second;
    return template_[index % template_.size()];
}

SetupIndex SetupTable::add(SetupSpec spec, std::uint32_t system_index) {
    auto index = static_cast<SetupIndex>(states_.size());
    states_.emplace_back();
    by_hand_system_.push_back(system_index);
    own_.emplace(index, std::move(spec));
    return index;
}

void SetupTable::change(SetupIndex index, SetupSpec spec, TimePoint now) {
    if (auto const& before = this->spec(index).background_user; before != spec.background_user)
        earlier_users_[index].push_back({now, before});
    own_.insert_or_assign(index, std::move(spec));
}

std::string const& SetupTable::background_user(SetupIndex index, TimePoint at) const {
    if (auto const earlier = earlier_users_.find(index); earlier != earlier_users_.end())
        for (auto const& [until, name] : earlier->second)
            if (at < until) return name;
    return spec(index).background_user;
}

std::vector<SetupIndex> SetupTable::of_system(SystemSlot system) const {
    std::vector<SetupIndex> found;
    auto const per_landscape = static_cast<SetupIndex>(template_.size());
    auto const from_template = per_landscape * landscapes_;
    SetupIndex const first = per_landscape * (system / systems_per_landscape_);
    auto take = [&](SetupIndex index) {
        if (!states_[index].removed && place(index).system == system) found.push_back(index);
    };
    // A system that was added while it runs has set-ups made by hand only.
    for (SetupIndex index = first; index < std::min(first + per_landscape, from_template); ++index) take(index);
    for (SetupIndex index = from_template; index < states_.size(); ++index) take(index);
    return found;
}

std::optional<SetupIndex> SetupTable::find(SystemSlot system, Client client, std::string_view destination) const {
    for (auto const index : of_system(system))
        if (auto const& candidate = spec(index); candidate.client == client && candidate.destination == destination)
            return index;
    return std::nullopt;
}

std::size_t SetupTable::bytes() const {
    return states_.capacity() * sizeof(SetupState) + own_.size() * (sizeof(SetupSpec) + 32);
}

} // namespace almd
