// Rows in, rows found again, the oldest out.
#include "simulator/tms/import_history.hpp"

#include "simulator/kernel/rng.hpp"
#include "simulator/tms/tp.hpp"

#include <algorithm>
#include <utility>

namespace almd {

namespace {

constexpr std::size_t swept_at_once = ImportHistory::rows_max / 8; // so that a drop costs a few moves of a row

} // namespace

void ImportCall::ended(char step, TimePoint at) {
    auto const place = step_order().find(step);
    if (place < ends_.size())
        ends_[place] = static_cast<std::uint32_t>(std::clamp<std::int64_t>((at - first_step_) / 1ms, 0, never - 1));
}

StepTimes ImportCall::of(char step) const {
    std::uint32_t start = 0;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
        if (ends_[i] == never) continue;
        if (step_order()[i] == step)
            return {first_step_ + Duration{std::chrono::milliseconds{start}},
                    first_step_ + Duration{std::chrono::milliseconds{ends_[i]}}};
        start = ends_[i];
    }
    return {first_step_, first_step_};
}

std::size_t ImportHistory::Hash::operator()(TrRequest const& request) const {
    return hash_text(request.text());
}

void ImportHistory::add(ImportRow row) {
    row.sequence = ++last_sequence_;
    row.previous = std::exchange(last_of_[row.request], row.sequence);
    rows_.push_back(std::move(row));
    if (rows_.size() - head_ <= rows_max) return;
    auto const& oldest = rows_[head_];
    if (auto const at = last_of_.find(oldest.request); at->second == oldest.sequence) last_of_.erase(at);
    ++dropped_;
    if (++head_ >= swept_at_once) sweep();
}

void ImportHistory::sweep() {
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
    remarks_.erase(remarks_.begin(), std::ranges::upper_bound(remarks_, dropped_, {}, &StepRemark::sequence));
    auto const first_kept = std::ranges::upper_bound(calls_, dropped_ + 1, {}, &ImportCall::first_row_);
    if (first_kept != calls_.begin()) calls_.erase(calls_.begin(), std::prev(first_kept));
}

void ImportHistory::begin_call(ImportCall call) {
    call.first_row_ = last_sequence_ + 1;
    calls_.push_back(call);
}

void ImportHistory::remark(char step, std::string text) {
    remarks_.push_back({last_sequence_, step, std::move(text)});
}

StepTimes ImportHistory::times_of(ImportRow const& row, char step) const {
    auto const after = std::ranges::upper_bound(calls_, row.sequence, {}, &ImportCall::first_row_);
    if (after == calls_.begin()) return {row.imported_at, row.imported_at};
    return std::prev(after)->of(step);
}

std::span<StepRemark const> ImportHistory::remarks_of(ImportRow const& row) const {
    return std::ranges::equal_range(remarks_, row.sequence, {}, &StepRemark::sequence);
}

ImportRow const* ImportHistory::find(std::uint64_t sequence) const {
    return sequence > dropped_ ? &rows()[sequence - dropped_ - 1] : nullptr;
}

ImportRow const* ImportHistory::newest_of(TrRequest request) const {
    auto const at = last_of_.find(request);
    return at == last_of_.end() ? nullptr : find(at->second);
}

ImportRow const* ImportHistory::before(ImportRow const& row) const {
    return find(row.previous);
}

std::vector<ImportRow const*> ImportHistory::of_request(TrRequest request) const {
    std::vector<ImportRow const*> found;
    for (auto const* row = newest_of(request); row; row = before(*row)) found.push_back(row);
    std::ranges::reverse(found);
    return found;
}

std::vector<ImportRow const*> ImportHistory::of_system_since(SystemId system, std::uint64_t after) const {
    std::vector<ImportRow const*> found;
    auto const kept = rows();
    for (std::size_t i = after > dropped_ ? after - dropped_ : 0; i < kept.size(); ++i)
        if (kept[i].system == system) found.push_back(&kept[i]);
    return found;
}

ImportRow const* ImportHistory::last(TrRequest request, SystemId system, std::optional<Client> client) const {
    auto const* row = newest_of(request);
    while (row && (row->interrupted || row->system != system || row->client != client)) row = before(*row);
    return row;
}

std::size_t ImportHistory::bytes() const {
    constexpr std::size_t node = sizeof(std::pair<TrRequest, std::uint64_t>) + 3 * sizeof(void*); // with its allocation
    std::size_t sum = rows_.capacity() * sizeof(ImportRow) + last_of_.size() * node;
    if (last_of_.bucket_count() > 1) sum += last_of_.bucket_count() * sizeof(void*);
    for (auto const& row : rows_) sum += row.steps.capacity() * sizeof(ImportStep);
    sum += calls_.capacity() * sizeof(ImportCall) + remarks_.capacity() * sizeof(StepRemark);
    for (auto const& remark : remarks_) sum += remark.text.capacity();
    return sum;
}

} // namespace almd
