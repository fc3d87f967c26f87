// Taking a reported domain, and finding the domain of a system.
#include "simulator/cloud/landscape_book.hpp"

#include <fmt/core.h>

namespace almd {

std::optional<LandscapeFinding> LandscapeBook::put(CloudTenant tenant, CloudSlot reporter, RegistrationRow const& row,
                                                   LandscapePush landscape, TimePoint now) {
    if (auto finding = check_landscape(landscape)) return finding;
    auto key = std::pair{tenant, landscape.domain};
    if (allow_duplicates_) key.second += fmt::format("/{}", row.system_number());
    auto found = entries_.find(key);
    if (found != entries_.end()) {
        auto const& before = found->second.landscape;
        // The backup controller may take over; any other controller is another domain with the same name.
        if (before.controller != landscape.controller && before.backup_controller != landscape.controller)
            return LandscapeFinding{
                "DUPLICATE_DOMAIN_NAME",
                fmt::format("domain {} is known with controller {}; equal domain names are not supported. Rename one "
                            "of the two domains",
                            landscape.domain, before.controller.text()),
                "domain.name"};
        for (auto const& system : before.systems) by_system_.erase({tenant, system.system_id});
    } else if (entries_.size() >= max_) {
        ++not_kept_;
        return std::nullopt;
    } else {
        found = entries_.try_emplace(key).first;
        found->second.pushes = 0;
    }
    auto& entry = found->second;
    for (auto const& system : landscape.systems) by_system_.insert_or_assign({tenant, system.system_id}, key.second);
    entry = {tenant, reporter, std::move(landscape), now, entry.pushes + 1};
    return std::nullopt;
}

LandscapeBook::Entry const* LandscapeBook::of_system(CloudTenant tenant, SystemId system) const {
    auto const name = by_system_.find({tenant, system});
    if (name == by_system_.end()) return nullptr;
    auto const found = entries_.find({tenant, name->second});
    return found == entries_.end() ? nullptr : &found->second;
}

std::vector<LandscapeBook::Entry const*> LandscapeBook::entries() const {
    std::vector<Entry const*> all;
    all.reserve(entries_.size());
    for (auto const& [key, entry] : entries_) all.push_back(&entry);
    return all;
}

} // namespace almd
