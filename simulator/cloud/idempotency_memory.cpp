// Remembering answers: recent ones by time, last ones by system.
#include "simulator/cloud/idempotency_memory.hpp"

#include "simulator/kernel/rng.hpp"

namespace almd {

IdempotencyMemory::Key IdempotencyMemory::key(CloudTenant tenant, CloudOperation operation, CloudSlot slot,
                                              std::string_view path, Uuid id) {
    // Two tasks of one system are two calls of one operation: the path belongs to the key.
    auto const what = static_cast<std::uint64_t>(tenant) << 8 | static_cast<std::uint64_t>(operation);
    return {mix(mix(mix(id.high(), id.low()), hash_text(path)), what), operation, slot};
}

std::optional<HttpResponse> IdempotencyMemory::recall(Key const& key, WirePoint now) const {
    if (key.slot < first_of_.size())
        for (auto at = first_of_[key.slot]; at != no_cloud_slot; at = last_[at].next)
            if (last_[at].operation == key.operation && last_[at].hash == key.hash) return build(last_[at].answer);
    if (auto const found = recent_.find(key.hash); found != recent_.end() && now - found->second.at <= memory_)
        return build(found->second.answer);
    return std::nullopt;
}

void IdempotencyMemory::remember(Key const& key, HttpResponse const& answer, WirePoint now) {
    forget_old(now);
    auto const kept = keep(answer);
    if (auto const [place, added] = recent_.try_emplace(key.hash, Recent{now, kept}); added) {
        ++bodies_[kept.body].users;
        order_.emplace_back(now, key.hash);
    }
    if (key.slot == no_cloud_slot) return release(kept);
    if (key.slot >= first_of_.size()) first_of_.resize(key.slot + 1, no_cloud_slot);
    for (auto at = first_of_[key.slot]; at != no_cloud_slot; at = last_[at].next)
        if (last_[at].operation == key.operation) {
            release(last_[at].answer);
            last_[at].hash = key.hash;
            last_[at].answer = kept;
            return;
        }
    last_.push_back({key.hash, first_of_[key.slot], kept, key.operation});
    first_of_[key.slot] = static_cast<std::uint32_t>(last_.size() - 1);
}

void IdempotencyMemory::forget_old(WirePoint now) {
    while (!order_.empty()) {
        auto const& [at, hash] = order_.front();
        bool const full = order_.size() >= max_;
        if (now - at <= memory_ && !full) return;
        if (now - at <= memory_) ++forgotten_early_;
        auto const found = recent_.find(hash);
        release(found->second.answer);
        recent_.erase(found);
        order_.pop_front();
    }
}

IdempotencyMemory::Answer IdempotencyMemory::keep(HttpResponse const& answer) {
    auto const fresh = free_bodies_.empty() ? static_cast<std::uint32_t>(bodies_.size()) : free_bodies_.back();
    auto const [place, added] = ids_.try_emplace(answer.body, fresh);
    if (added) {
        if (free_bodies_.empty())
            bodies_.emplace_back();
        else
            free_bodies_.pop_back();
        bodies_[fresh] = {&place->first, 0};
    }
    ++bodies_[place->second].users;
    return {place->second, static_cast<std::uint16_t>(answer.status)};
}

void IdempotencyMemory::release(Answer const& answer) {
    auto& body = bodies_[answer.body];
    if (--body.users > 0) return;
    ids_.erase(ids_.find(*body.text));
    body = {};
    free_bodies_.push_back(answer.body);
}

HttpResponse IdempotencyMemory::build(Answer const& answer) const {
    HttpResponse response{answer.status, *bodies_[answer.body].text};
    if (!response.body.empty()) response.headers.emplace_back("Content-Type", "application/json");
    return response;
}

} // namespace almd
