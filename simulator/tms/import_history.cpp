// Rows in, rows found again, the oldest out.
#include "simulator/tms/import_history.hpp"

#include "simulator/kernel/rng.hpp"

#include <algorithm>

namespace almd {

std::size_t ImportHistory::Hash::operator()(TrRequest const& request) const {
    return hash_text(request.text());
}

void ImportHistory::add(ImportRow row) {
    row.sequence = ++last_sequence_;
    by_request_[row.request].push_back(row.sequence);
    rows_.push_back(std::move(row));
    if (rows_.size() <= rows_max) return;
    auto const oldest = by_request_.find(rows_.front().request);
    oldest->second.erase(oldest->second.begin());
    if (oldest->second.empty()) by_request_.erase(oldest);
    rows_.pop_front();
    ++dropped_;
}

std::vector<ImportRow const*> ImportHistory::of_request(TrRequest request) const {
    std::vector<ImportRow const*> found;
    auto const at = by_request_.find(request);
    if (at == by_request_.end()) return found;
    for (auto const sequence : at->second) found.push_back(&rows_[sequence - dropped_ - 1]);
    return found;
}

std::vector<ImportRow const*> ImportHistory::of_system_since(SystemId system, std::uint64_t after) const {
    std::vector<ImportRow const*> found;
    for (std::size_t i = after > dropped_ ? after - dropped_ : 0; i < rows_.size(); ++i)
        if (rows_[i].system == system) found.push_back(&rows_[i]);
    return found;
}

ImportRow const* ImportHistory::last(TrRequest request, SystemId system, std::optional<Client> client) const {
    ImportRow const* last = nullptr;
    for (auto const* row : of_request(request))
        if (row->system == system && row->client == client) last = row;
    return last;
}

std::size_t ImportHistory::bytes() const {
    std::size_t sum = rows_.size() * sizeof(ImportRow) + by_request_.bucket_count() * sizeof(void*) +
                      by_request_.size() * 80; // a node with a short list
    for (auto const& row : rows_) sum += row.steps.capacity() * sizeof(ImportStep);
    return sum;
}

} // namespace almd
