// What became of work items.
#include "agent/jobs/work_memory.hpp"

#include <algorithm>
#include <utility>

namespace almd {

WorkMemory::Known WorkMemory::look_up(WorkId id) const {
    auto entry = entries_.find(id);
    if (entry == entries_.end()) return Known::no;
    return entry->second.ended ? Known::ended : Known::in_progress;
}

void WorkMemory::begin(WorkId id) {
    entries_.try_emplace(id);
}

void WorkMemory::end(WorkId id, SetupIndex setup, WorkResult result) {
    Entry& entry = entries_[id];
    entry.setup = setup;
    entry.ended = true;
    entry.result = std::move(result);
    unreported_[setup].push_back(id);
}

void WorkMemory::drop(WorkId id) {
    entries_.erase(id);
}

WorkResult const& WorkMemory::result(WorkId id) const {
    return entries_.at(id).result;
}

bool WorkMemory::reported(WorkId id) const {
    auto entry = entries_.find(id);
    return entry != entries_.end() && entry->second.reported;
}

void WorkMemory::mark_reported(WorkId id) {
    Entry& entry = entries_.at(id);
    if (entry.reported) return;
    entry.reported = true;
    auto& waiting = unreported_[entry.setup];
    std::erase(waiting, id);
    if (waiting.empty()) unreported_.erase(entry.setup);
    reported_order_.push_back(id);
    shrink();
}

std::vector<WorkId> WorkMemory::unreported(SetupIndex setup) const {
    auto waiting = unreported_.find(setup);
    return waiting == unreported_.end() ? std::vector<WorkId>{} : waiting->second;
}

void WorkMemory::queue(SetupIndex setup, WorkItem item) {
    queued_[setup].push_back(std::move(item));
}

std::optional<WorkItem> WorkMemory::next_queued(SetupIndex setup) {
    auto waiting = queued_.find(setup);
    if (waiting == queued_.end()) return std::nullopt;
    WorkItem item = std::move(waiting->second.front());
    waiting->second.pop_front();
    if (waiting->second.empty()) queued_.erase(waiting);
    return item;
}

void WorkMemory::shrink() {
    while (reported_order_.size() > results_max_) {
        entries_.erase(reported_order_.front());
        reported_order_.pop_front();
        ++forgotten_;
    }
}

} // namespace almd
