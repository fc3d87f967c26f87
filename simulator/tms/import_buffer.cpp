// Keeping entries in export order while they come and go.
#include "simulator/tms/import_buffer.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>
#include <utility>

namespace almd {

namespace {

constexpr std::size_t sweep_from = 32; // a short list is not worth sweeping

} // namespace

std::string_view name(BufferState state) {
    switch (state) {
    case BufferState::waiting: return "waiting";
    case BufferState::imported: return "imported";
    case BufferState::running: return "running";
    case BufferState::error: return "error";
    case BufferState::again: return "again";
    }
    return "unknown";
}

void BufferEntry::set(EntryMark mark, bool on) {
    auto const bit = static_cast<unsigned>(mark);
    marks = static_cast<std::uint8_t>(on ? marks | bit : marks & ~bit);
}

std::size_t ImportBuffer::KeyHash::operator()(Key const& key) const {
    return hash_text(key.trkorr.text()) ^ (key.client ? mix(key.client->number() + 1u) : 0);
}

bool ImportBuffer::add(BufferEntry entry) {
    auto const [at, fresh] = index_.try_emplace(Key{entry.trkorr, entry.client}, last_position_ + 1);
    if (!fresh) {
        auto* present = find(entry.trkorr, entry.client);
        if (present->state != BufferState::imported || !entry.import_again) return false;
        present->state = BufferState::waiting;
        present->import_again = true;
        return true;
    }
    entry.position = ++last_position_;
    slots_.push_back({entry});
    return true;
}

bool ImportBuffer::remove(TrRequest trkorr, std::optional<Client> client) {
    auto const found = index_.find(Key{trkorr, client});
    if (found == index_.end()) return false;
    std::ranges::lower_bound(slots_, found->second, {}, [](Slot const& s) { return s.entry.position; })->removed = true;
    index_.erase(found);
    compact();
    return true;
}

bool ImportBuffer::set_end_mark() {
    if (end_mark_) return false;
    end_mark_ = last_position_;
    return true;
}

bool ImportBuffer::delete_end_mark() {
    return std::exchange(end_mark_, std::nullopt).has_value();
}

QueueFacts ImportBuffer::facts() const {
    QueueFacts facts{.closed = closed()};
    for (auto const& [entry, removed] : slots_) {
        if (removed) continue;
        facts.running = facts.running || entry.state == BufferState::running;
        facts.scheduled = facts.scheduled || entry.has(EntryMark::scheduled);
        if (entry.state == BufferState::error) facts.worst = std::max(facts.worst, entry.max_code);
    }
    return facts;
}

void ImportBuffer::compact() {
    if (slots_.size() < sweep_from || slots_.size() < 2 * index_.size()) return;
    std::erase_if(slots_, [](Slot const& slot) { return slot.removed; });
}

BufferEntry const* ImportBuffer::find(TrRequest trkorr, std::optional<Client> client) const {
    auto const found = index_.find(Key{trkorr, client});
    if (found == index_.end()) return nullptr;
    return &std::ranges::lower_bound(slots_, found->second, {}, [](Slot const& s) { return s.entry.position; })->entry;
}

BufferEntry* ImportBuffer::find(TrRequest trkorr, std::optional<Client> client) {
    return const_cast<BufferEntry*>(std::as_const(*this).find(trkorr, client));
}

std::vector<BufferEntry> ImportBuffer::queue(std::optional<Client> client) const {
    std::vector<BufferEntry> all;
    if (!client) all.reserve(index_.size());
    for (auto const& slot : slots_)
        if (!slot.removed && (!client || slot.entry.client == client)) all.push_back(slot.entry);
    return all;
}

std::size_t ImportBuffer::bytes() const {
    constexpr std::size_t node = sizeof(std::pair<Key, std::uint64_t>) + 3 * sizeof(void*); // with its allocation
    return slots_.capacity() * sizeof(Slot) + index_.bucket_count() * sizeof(void*) + index_.size() * node;
}

} // namespace almd
