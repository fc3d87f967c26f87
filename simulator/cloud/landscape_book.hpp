// The transport domains that were reported, one per tenant and domain name.
#pragma once

#include "simulator/cloud/landscape_rules.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <map>
#include <string>
#include <utility>

namespace almd {

class LandscapeBook {
public:
    LandscapeBook(bool allow_duplicate_sids, std::size_t landscapes_max)
        : allow_duplicates_{allow_duplicate_sids}
        , max_{landscapes_max} {}

    struct Entry {
        CloudTenant tenant = 0;
        CloudSlot reporter = no_cloud_slot;
        LandscapePush landscape;
        TimePoint at{};
        std::uint32_t pushes = 1;
    };
    /// Takes it, or says which rule it breaks. Over the limit it is accepted and counted, not kept.
    std::optional<LandscapeFinding> put(CloudTenant tenant, CloudSlot reporter, RegistrationRow const& row,
                                        LandscapePush landscape, TimePoint now);

    /// The domain that has this system; `reporter` of the same system is preferred. nullptr: none.
    Entry const* of_system(CloudTenant tenant, SystemId system) const;
    std::vector<Entry const*> entries() const;
    std::size_t size() const { return entries_.size(); }
    std::uint64_t not_kept() const { return not_kept_; }

private:
    bool allow_duplicates_;
    std::size_t max_;
    // With duplicate SIDs a domain name means nothing without the system number of who reports it.
    std::map<std::pair<CloudTenant, std::string>, Entry> entries_;
    std::map<std::pair<CloudTenant, SystemId>, std::string> by_system_;
    std::uint64_t not_kept_ = 0;
};

} // namespace almd
