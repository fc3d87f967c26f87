// What became of work items.
#include "agent/setup/work_memory.hpp"

#include <algorithm>
#include <utility>

namespace almd {

WorkMemory::Known WorkMemory::look_up(SetupIndex setup, WorkId id) const {
    auto entry = entries_.find({setup, id});
    if (entry == entries_.end()) return Known::no;
    return entry->second.ended ? Known::ended : Known::in_progress;
}

void WorkMemory::begin(SetupIndex setup, WorkId id, ExternalId feedback) {
    entries_.try_emplace({setup, id}).first->second.feedback = feedback;
}

ExternalId WorkMemory::feedback_id(SetupIndex setup, WorkId id) const {
    auto const entry = entries_.find({setup, id});
    return entry == entries_.end() ? ExternalId::none : entry->second.feedback;
}

void WorkMemory::end(SetupIndex setup, WorkId id, WorkResult result) {
    Entry& entry = entries_[{setup, id}];
    entry.ended = true;
    entry.result = std::move(result);
    unreported_[setup].push_back(id);
}

void WorkMemory::drop(SetupIndex setup, WorkId id) {
    entries_.erase({setup, id});
}

WorkResult const& WorkMemory::result(SetupIndex setup, WorkId id) const {
    return entries_.at({setup, id}).result;
}

bool WorkMemory::reported(SetupIndex setup, WorkId id) const {
    auto entry = entries_.find({setup, id});
    return entry != entries_.end() && entry->second.reported;
}

void WorkMemory::mark_reported(SetupIndex setup, WorkId id) {
    auto entry = entries_.find({setup, id});
    if (entry == entries_.end() || entry->second.reported) return; // forgotten meanwhile, or told twice
    entry->second.reported = true;
    auto& waiting = unreported_[setup];
    std::erase(waiting, id);
    if (waiting.empty()) unreported_.erase(setup);
    reported_order_.push_back({setup, id});
    shrink();
}

std::vector<WorkId> WorkMemory::unreported(SetupIndex setup) const {
    auto waiting = unreported_.find(setup);
    return waiting == unreported_.end() ? std::vector<WorkId>{} : waiting->second;
}

void WorkMemory::queue(SetupIndex setup, WorkItem item) {
    queued_[setup].push_back(std::move(item));
}

std::optional<WorkItem> WorkMemory::next_queued(SetupIndex setup, WorkKind kind) {
    auto waiting = queued_.find(setup);
    if (waiting == queued_.end()) return std::nullopt;
    auto const first = std::ranges::find(waiting->second, kind, &WorkItem::kind);
    if (first == waiting->second.end()) return std::nullopt;
    WorkItem item = std::move(*first);
    waiting->second.erase(first);
    if (waiting->second.empty()) queued_.erase(waiting);
    return item;
}

bool WorkMemory::has_queued(SetupIndex setup, WorkKind kind) const {
    auto const waiting = queued_.find(setup);
    return waiting != queued_.end() &&
           std::ranges::find(waiting->second, kind, &WorkItem::kind) != waiting->second.end();
}

void WorkMemory::block(SetupIndex setup, WorkItem item) {
    blocked_[setup].push_back(std::move(item));
}

std::vector<WorkItem> WorkMemory::take_blocked(SetupIndex setup) {
    auto found = blocked_.extract(setup);
    return found ? std::move(found.mapped()) : std::vector<WorkItem>{};
}

void WorkMemory::forget(SetupIndex setup) {
    blocked_.erase(setup);
    std::erase_if(put_off_, [setup](auto const& entry) { return entry.first.setup == setup; });
    std::erase_if(entries_, [setup](auto const& entry) { return entry.first.setup == setup; });
    std::erase_if(reported_order_, [setup](Key const& key) { return key.setup == setup; });
    unreported_.erase(setup);
    queued_.erase(setup);
}

void WorkMemory::shrink() {
    while (reported_order_.size() > results_max_) {
        entries_.erase(reported_order_.front());
        reported_order_.pop_front();
        ++forgotten_;
    }
}

} // namespace almd
