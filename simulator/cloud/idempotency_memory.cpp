// Remembering answers: recent ones by time, last ones by system.
#include "simulator/cloud/idempotency_memory.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>

namespace almd {

IdempotencyMemory::Key IdempotencyMemory::key(CloudTenant tenant, CloudOperation operation, CloudSlot slot,
                                              std::string_view path, Uuid id) {
    // Two tasks of one system are two calls of one operation: the path belongs to the key.
    auto const what = static_cast<std::uint64_t>(tenant) << 8 | static_cast<std::uint64_t>(operation);
    return {mix(mix(mix(id.high(), id.low()), hash_text(path)), what), operation, slot};
}

std::optional<IdempotencyMemory::Recalled> IdempotencyMemory::recall(Key const& key, WirePoint now) const {
    if (key.slot < first_of_.size())
        for (auto at = first_of_[key.slot]; at != no_cloud_slot; at = last_[at].next)
            if (last_[at].answer.operation == key.operation && last_[at].hash == key.hash)
                return Recalled{build(last_[at].answer), last_[at].content};
    if (auto const* found = find(key.hash); found != nullptr && now - found->at <= memory_)
        return Recalled{build(found->answer), found->content};
    return std::nullopt;
}

void IdempotencyMemory::remember(Key const& key, std::uint32_t content, HttpResponse const& answer, WirePoint now) {
    forget_old(now);
    auto const kept = keep(answer, key.operation);
    if (find(key.hash) == nullptr) {
        ++bodies_[kept.body].users;
        add({now, key.hash, kept, content});
    }
    if (key.slot == no_cloud_slot) return release(kept);
    if (key.slot >= first_of_.size()) first_of_.resize(key.slot + 1, no_cloud_slot);
    for (auto at = first_of_[key.slot]; at != no_cloud_slot; at = last_[at].next)
        if (last_[at].answer.operation == key.operation) {
            release(last_[at].answer);
            last_[at].hash = key.hash;
            last_[at].content = content;
            last_[at].answer = kept;
            return;
        }
    last_.push_back({key.hash, first_of_[key.slot], content, kept});
    first_of_[key.slot] = static_cast<std::uint32_t>(last_.size() - 1);
}

IdempotencyMemory::Recent const* IdempotencyMemory::find(std::uint64_t hash) const {
    if (newest_.empty()) return nullptr;
    auto at = recent_.size();
    auto back = added_ - newest_[hash & (newest_.size() - 1)];
    while (back != 0 && back <= at) {
        at -= back;
        if (recent_[at].hash == hash) return &recent_[at];
        back = recent_[at].back;
    }
    return nullptr;
}

void IdempotencyMemory::chain(Recent& recent) {
    auto& newest = newest_[recent.hash & (newest_.size() - 1)];
    recent.back = added_ - newest;
    newest = added_++;
}

void IdempotencyMemory::add(Recent recent) {
    if (recent_.size() >= newest_.size()) rebuild_chains();
    chain(recent);
    recent_.push_back(recent);
}

void IdempotencyMemory::rebuild_chains() {
    newest_.assign(std::max<std::size_t>(64, newest_.size() * 2), added_ - 1); // older than all: it ends a chain
    for (auto& recent : recent_) chain(recent);
}

void IdempotencyMemory::forget_old(WirePoint now) {
    while (!recent_.empty()) {
        auto const& oldest = recent_.front();
        bool const full = recent_.size() >= max_;
        if (now - oldest.at <= memory_ && !full) return;
        if (now - oldest.at <= memory_) ++forgotten_early_;
        release(oldest.answer);
        recent_.pop_front();
    }
}

IdempotencyMemory::Answer IdempotencyMemory::keep(HttpResponse const& answer, CloudOperation operation) {
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
    return {place->second, static_cast<std::uint16_t>(answer.status), operation};
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
