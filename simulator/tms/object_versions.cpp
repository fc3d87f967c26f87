// Versions of objects: a map for each system that imported something.
#include "simulator/tms/object_versions.hpp"

#include <algorithm>
#include <set>

namespace almd {

void ObjectVersions::import(TransportRequest const& request, std::span<std::string const> not_written) {
    Version const version{request.trkorr, request.released_at.value_or(request.changed_at)};
    for (auto const& object : request.objects) {
        if (object.is_comment() || std::ranges::binary_search(not_written, object.text())) continue;
        auto const [active, fresh] = versions_.try_emplace(std::string{object.text()}, version);
        if (fresh) continue;
        if (newer_than(active->second, request))
            newer_.try_emplace(active->first, active->second); // set back twice: the newest stays
        else if (auto const lost = newer_.find(active->first);
                 lost != newer_.end() && !newer_than(lost->second, request))
            newer_.erase(lost);
        active->second = version;
    }
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

std::vector<ObjectVersions::Overtaken> ObjectVersions::overtaken(TransportRequest const& request) const {
    std::vector<Overtaken> objects;
    for (auto const& object : request.objects)
        if (auto const* active = find(object); active && newer_than(*active, request))
            objects.push_back({std::string{object.text()}, active->from});
    return objects;
}

std::vector<ObjectVersions::Active> ObjectVersions::all() const {
    std::vector<Active> rows;
    rows.reserve(versions_.size());
    for (auto const& [object, version] : versions_) {
        auto const newer = newer_.find(object);
        rows.push_back({object, version, newer == newer_.end() ? nullptr : &newer->second});
    }
    std::ranges::sort(rows, {}, &Active::object);
    return rows;
}

std::size_t ObjectVersions::bytes() const {
    std::size_t sum = sizeof *this + versions_.bucket_count() * sizeof(void*);
    for (auto const& [object, version] : versions_) sum += sizeof object + object.capacity() + sizeof version + 24;
    for (auto const& [object, version] : newer_) sum += sizeof object + object.capacity() + sizeof version + 40;
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
