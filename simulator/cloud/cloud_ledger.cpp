// Counting compactly, and the verdict over it.
#include "simulator/cloud/cloud_ledger.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace almd {

namespace {

void bump(std::uint16_t& count, std::uint64_t by = 1) {
    constexpr auto most = std::numeric_limits<std::uint16_t>::max();
    count = static_cast<std::uint16_t>(std::min<std::uint64_t>(most, count + by)); // the totals go on counting
}

} // namespace

void CloudLedger::open(CloudSlot slot) {
    if (slot >= rows_.size()) rows_.resize(slot + 1);
    rows_[slot].last_sequence = 0;
    // What was missing under the old count never comes any more.
    if (auto const old = missing_.find(slot); old != missing_.end()) {
        missing_ranges_ -= old->second.size();
        missing_.erase(old);
    }
}

CloudCounts* CloudLedger::counts_of(CloudSlot slot, CloudOperation op) {
    if (slot >= rows_.size()) return nullptr;
    for (auto at = rows_[slot].first; at != no_cloud_slot; at = nodes_[at].next)
        if (nodes_[at].operation == op) return &nodes_[at].counts;
    nodes_.push_back({{}, rows_[slot].first, op});
    rows_[slot].first = static_cast<std::uint32_t>(nodes_.size() - 1);
    return &nodes_.back().counts;
}

std::uint32_t CloudLedger::request(CloudOperation op, CloudSlot slot) {
    auto const before = totals_.operations[index(op)].requests++;
    auto* counts = counts_of(slot, op);
    return counts ? counts->requests++ : static_cast<std::uint32_t>(before);
}

void CloudLedger::adopt(CloudOperation op, CloudSlot slot) {
    if (auto* counts = counts_of(slot, op)) ++counts->requests;
}

void CloudLedger::outcome(CloudOperation op, CloudSlot slot, LedgerOutcome outcome) {
    auto const add = [outcome](auto& counts) {
        ++(outcome == LedgerOutcome::accepted    ? counts.accepted
           : outcome == LedgerOutcome::duplicate ? counts.duplicates
                                                 : counts.refused);
    };
    add(totals_.operations[index(op)]);
    if (auto* counts = counts_of(slot, op)) add(*counts);
}

void CloudLedger::fault(CloudOperation op, CloudSlot slot) {
    ++totals_.operations[index(op)].faults;
    if (auto* counts = counts_of(slot, op)) ++counts->faults;
}

bool CloudLedger::heartbeat(CloudSlot slot, std::uint32_t sequence, TimePoint at) {
    auto& row = rows_[slot];
    ++row.beats;
    row.last_beat_s = static_cast<std::uint32_t>(at.time_since_epoch() / 1s);
    if (sequence <= row.last_sequence) {
        if (take_late(slot, sequence)) {
            bump(row.reorderings);
            ++totals_.reorderings;
            if (row.gaps > 0) --row.gaps;
            --totals_.gaps;
            return true;
        }
        bump(row.repeated);
        ++totals_.repeated;
        return false;
    }
    if (auto const missing = sequence - row.last_sequence - 1; missing > 0) {
        bump(row.gaps, missing);
        totals_.gaps += missing;
        if (missing_ranges_ < missing_ranges_max) {
            missing_[slot].push_back({row.last_sequence + 1, sequence - 1});
            ++missing_ranges_;
        }
    }
    row.last_sequence = sequence;
    return true;
}

/// True: it was missing until now.
bool CloudLedger::take_late(CloudSlot slot, std::uint32_t sequence) {
    auto const system = missing_.find(slot);
    if (system == missing_.end()) return false;
    auto& ranges = system->second;
    auto const found = std::ranges::find_if(
        ranges, [sequence](Missing const& range) { return range.first <= sequence && sequence <= range.last; });
    if (found == ranges.end()) return false;
    Missing const before{found->first, sequence - 1}, behind{sequence + 1, found->last};
    ranges.erase(found);
    --missing_ranges_;
    for (auto const& rest : {before, behind})
        if (rest.first <= rest.last) {
            ranges.push_back(rest);
            ++missing_ranges_;
        }
    if (ranges.empty()) missing_.erase(system);
    return true;
}

void CloudLedger::token_fault(TokenFault fault, CloudSlot slot) {
    auto* row = slot < rows_.size() ? &rows_[slot] : nullptr;
    switch (fault) {
    case TokenFault::missing: ++totals_.missing_token; break;
    case TokenFault::unknown:
        ++totals_.unknown_token;
        if (row) bump(row->unknown);
        break;
    case TokenFault::expired:
        ++totals_.expired_token;
        if (row) bump(row->expired);
        break;
    case TokenFault::revoked:
        ++totals_.revoked_token;
        if (row) bump(row->revoked);
        break;
    }
}

void CloudLedger::anomaly(CloudSlot slot, std::string text) {
    ++totals_.anomalies;
    if (anomalies_.size() >= anomalies_max_) anomalies_.pop_front();
    anomalies_.push_back({slot, std::move(text)});
}

CloudLedger::System CloudLedger::system(CloudSlot slot) const {
    if (slot >= rows_.size()) return {};
    auto const& row = rows_[slot];
    return {row.last_sequence, row.beats,    row.gaps,
            row.reorderings,   row.repeated, row.expired,
            row.unknown,       row.revoked,  TimePoint{std::chrono::seconds{row.last_beat_s}}};
}

CloudCounts CloudLedger::counts(CloudSlot slot, CloudOperation op) const {
    if (slot < rows_.size())
        for (auto at = rows_[slot].first; at != no_cloud_slot; at = nodes_[at].next)
            if (nodes_[at].operation == op) return nodes_[at].counts;
    return {};
}

CloudCounts CloudLedger::counts(CloudSlot slot) const {
    CloudCounts sum;
    if (slot >= rows_.size()) return sum;
    for (auto at = rows_[slot].first; at != no_cloud_slot; at = nodes_[at].next) {
        auto const& counts = nodes_[at].counts;
        sum.requests += counts.requests;
        sum.accepted += counts.accepted;
        sum.duplicates += counts.duplicates;
        sum.refused += counts.refused;
        sum.faults += counts.faults;
    }
    return sum;
}

std::size_t CloudLedger::bytes() const {
    return rows_.capacity() * sizeof(Row) + nodes_.capacity() * sizeof(Node);
}

LedgerVerdict verdict(CloudLedger const& ledger, WorkDesk const& work, RegistrationBook const& registrations) {
    LedgerVerdict verdict;
    auto const complain = [&verdict](std::uint64_t count, std::string_view what) {
        if (count == 0) return;
        verdict.clean = false;
        verdict.reasons.push_back(fmt::format("{} {}", count, what));
    };
    auto const& totals = ledger.totals();
    complain(totals.gaps, "heartbeats are missing (gaps in the sequence)");
    complain(totals.reorderings, "heartbeats came out of order");
    complain(totals.repeated, "heartbeats were sent twice as new calls");
    complain(totals.expired_token, "calls came with an expired token");
    complain(totals.unknown_token, "calls came with a token that was never given out");
    complain(totals.missing_token, "calls came without a token");
    complain(totals.anomalies, "contradictions; the ledger lists them");
    std::uint64_t open = 0;
    for (auto const& item : work.all()) {
        if (item.handed_out == 0 || !item.open()) continue;
        if (++open > unfinished_listed_max) continue;
        auto const& row = registrations.row(item.slot);
        verdict.reasons.push_back(fmt::format("work {} ({}) was handed out to {}:{} and never ended",
                                              item.item.id.text(), name(item.item.kind), row.system.text(),
                                              row.client.text()));
    }
    complain(open, "work items were handed out and never ended");
    return verdict;
}

} // namespace almd
