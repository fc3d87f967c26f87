// Versions of objects: a map for each system that imported something.
#include "simulator/tms/object_versions.hpp"

#include <algorithm>
#include <set>

namespace almd {

void ObjectVersions::import(TransportRequest const& request) {
    Version const version{request.trkorr, request.released_at.value_or(request.changed_at)};
    for (auto const& object : request.objects)
        if (!object.is_comment()) versions_.insert_or_assign(std::string{object.text()}, version);
}

ObjectVersions::Version const* ObjectVersions::find(ObjectView object) const {
    auto const found = versions_.find(std::string{object.text()});
    return found == versions_.end() ? nullptr : &found->second;
}

/// Requests of two sources cannot be compared: each source has its own versions.
bool ObjectVersions::newer_than(Version const& version, TransportRequest const& request) const {
    return request.released_at && version.from != request.trkorr && version.from.system() == request.trkorr.system() &&
           version.released_at > *request.released_at;
}

std::vector<std::string> ObjectVersions::downgraded_by(TransportRequest const& request) const {
    std::vector<std::string> objects;
    for (auto const& object : request.objects)
        if (auto const* active = find(object); active && newer_than(*active, request))
            objects.emplace_back(object.text());
    return objects;
}

std::vector<TrRequest> ObjectVersions::overtakers_of(TransportRequest const& request) const {
    std::set<TrRequest> all;
    for (auto const& object : request.objects)
        if (auto const* active = find(object); active && newer_than(*active, request)) all.insert(active->from);
    return {all.begin(), all.end()};
}

std::size_t ObjectVersions::bytes() const {
    std::size_t sum = sizeof *this + versions_.bucket_count() * sizeof(void*);
    for (auto const& [object, version] : versions_) sum += sizeof object + object.capacity() + sizeof version + 24;
    return sum;
}

std::vector<TrRequest> predecessors_of(TransportRequest const& request, TransportOrganizer const& source,
                                       std::function<bool(TrRequest)> const& is_in_target) {
    std::set<TrRequest> found;
    for (auto const object : request.objects) {
        if (object.is_comment()) continue;
        for (auto const& other : source.released_with(object)) {
            if (other == request.trkorr) continue;
            if (request.released_at && source.find(other)->released_at >= request.released_at)
                break; // younger ones follow
            if (!is_in_target(other)) found.insert(other);
        }
    }
    return {found.begin(), found.end()};
}

} // namespace almd
