// Leases and results.
#include "simulator/cloud/work_desk.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

/// Work that must not overtake earlier work on the same transport. Who creates names none yet, checks only look, and imports
/// have their own order.
bool changes_transports(WorkKind kind) {
    return kind == WorkKind::add_user || kind == WorkKind::release || kind == WorkKind::toc ||
           kind == WorkKind::delete_empty || kind == WorkKind::retrofit;
}

/// QUA (CTC=0) is every client of QUA.
bool same_place(TransportTarget const& a, TransportTarget const& b) {
    if (a == b) return true;
    return a.system() && a.system() == b.system() && (!a.client() || !b.client());
}

/// What stands in front of the items of one system, as they are walked through from the oldest.
class Queue {
public:
    bool is_behind_another(WorkItem const& item) const {
        if (item.kind == WorkKind::import)
            return item.target &&
                   std::ranges::any_of(targets_, [&](auto const* other) { return same_place(*other, *item.target); });
        return changes_transports(item.kind) && std::ranges::any_of(item.transports, [&](TrRequest trkorr) {
                   return std::ranges::find(transports_, trkorr) != transports_.end();
               });
    }
    void pass(WorkItem const& item) {
        if (item.kind == WorkKind::import && item.target)
            targets_.push_back(&*item.target);
        else if (changes_transports(item.kind))
            transports_.insert(transports_.end(), item.transports.begin(), item.transports.end());
    }

private:
    std::vector<TransportTarget const*> targets_;
    std::vector<TrRequest> transports_;
};

} // namespace

std::string_view CloudWork::state() const {
    if (result) return name(result->status);
    return started > 0 ? "started" : handed_out > 0 ? "leased" : "waiting";
}

CloudWork* WorkDesk::entry(WorkId id) {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &entries_[found->second - first_];
}

CloudWork const* WorkDesk::find(WorkId id) const {
    auto const found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &entries_[found->second - first_];
}

/// Ended items go first; open ones that stand in front of them move to the end of the line.
bool WorkDesk::make_room() {
    if (open_ >= max_) return false;
    while (entries_.size() >= max_) {
        auto front = std::move(entries_.front());
        entries_.pop_front();
        ++first_;
        if (front.open()) {
            by_id_[front.item.id] = first_ + entries_.size();
            entries_.push_back(std::move(front));
        } else {
            if (front.checks) findings_ -= front.checks->findings.size();
            by_id_.erase(front.item.id);
            ++forgotten_;
        }
    }
    return true;
}

Result<WorkId> WorkDesk::add(CloudWork entry, TimePoint now) {
    if (!make_room())
        return fail(ErrorCode::too_large,
                    fmt::format("{} work items are open, which is the limit; let the systems do some first", open_));
    auto const open = open_of_.find(entry.slot);
    if (open != open_of_.end() && open->second.size() >= open_per_system_max)
        return fail(ErrorCode::too_large,
                    fmt::format("this system has {} open work items, which is the limit; let it do some first",
                                open->second.size()));
    auto const hash = mix(mix(seed_, hash_text("work")), ++counters_.made);
    auto const id = WorkId::from_hash(hash, mix(hash));
    entry.item.id = id;
    entry.item.lease_seconds = static_cast<int>(lease_.count());
    entry.made = entry.last = now;
    by_id_.emplace(id, first_ + entries_.size());
    open_of_[entry.slot].push_back(id);
    ++open_;
    entries_.push_back(std::move(entry));
    return id;
}

WorkDesk::Choice WorkDesk::choose(CloudSlot slot, Poll const& wanted, WirePoint wire) const {
    Choice choice;
    auto const open = open_of_.find(slot);
    if (open == open_of_.end()) return choice;
    Queue queue;
    for (auto const id : open->second) {
        if (choice.items.size() >= wanted.max) break;
        auto const& work = *find(id);
        bool const waits = queue.is_behind_another(work.item);
        if (waits) continue;
        queue.pass(work.item);
        bool const fits = wanted.kinds.empty() || std::ranges::find(wanted.kinds, work.item.kind) != wanted.kinds.end();
        if (!fits || (wanted.client && *wanted.client != work.item.client)) continue;
        if (wanted.is_off && wanted.is_off(work.item.kind)) continue;
        bool const leased = is_leased(work, wire);
        if (leased && !wanted.ignore_leases) continue;
        if (leased) ++choice.under_lease;
        choice.items.push_back(id);
    }
    return choice;
}

WorkList WorkDesk::poll(CloudSlot slot, Poll const& wanted, TimePoint now, WirePoint wire) {
    WorkList list;
    for (auto const id : choose(slot, wanted, wire).items) {
        auto& work = *entry(id);
        if (work.handed_out > 0 && !is_leased(work, wire)) ++work.leases_run_out;
        if (work.handed_out++ > 0) ++counters_.redelivered;
        ++counters_.handed_out;
        work.lease_until = wire + lease_;
        work.last = now;
        list.items.push_back(work.item);
    }
    return list;
}

WorkDesk::Verdict WorkDesk::report(CloudSlot slot, WorkId id, WorkResult result, TimePoint now, WirePoint wire) {
    auto* work = entry(id);
    if (work == nullptr) return Verdict::unknown;
    if (work->slot != slot) return Verdict::other_system;
    bool const was_had = work->handed_out > 0;
    if (work->cancelled && was_had && result.status == WorkStatus::finished && !work->done_all_the_same) {
        work->done_all_the_same = true;
        ++counters_.done_after_cancel;
        work->result->return_code = result.return_code;
        work->result->messages.push_back({'W', "", "", "but it was done all the same"});
        return Verdict::done_in_vain;
    }
    if (work->cancelled) return Verdict::cancelled;
    if (!was_had) return Verdict::not_asked;
    work->last = now;
    if (result.status == WorkStatus::started) {
        if (!work->open()) {
            ++work->contradictions;
            return Verdict::contradiction;
        }
        work->lease_until = wire + lease_;
        bool const again = work->started > 0 && work->started > work->leases_run_out;
        ++work->started;
        if (again) return Verdict::duplicate;
        ++counters_.started;
        return Verdict::started;
    }
    if (!work->open()) {
        if (*work->result == result) return Verdict::duplicate;
        ++work->contradictions;
        return Verdict::contradiction;
    }
    end(*work, std::move(result));
    return Verdict::ended;
}

void WorkDesk::end(CloudWork& work, WorkResult result) {
    ++work.ended;
    ++(result.status == WorkStatus::finished ? counters_.finished
       : result.status == WorkStatus::failed ? counters_.failed
                                             : counters_.rejected);
    work.result = std::move(result);
    --open_;
    auto& open = open_of_[work.slot];
    std::erase(open, work.item.id);
    if (open.empty()) open_of_.erase(work.slot);
}

void WorkDesk::cancel(WorkId id, std::string reason, TimePoint now) {
    auto* work = entry(id);
    if (work == nullptr || !work->open()) return;
    WorkResult result;
    result.status = WorkStatus::failed;
    result.ended_at = now;
    result.messages.push_back({'E', "", "", std::move(reason)});
    work->cancelled = true;
    work->last = now;
    end(*work, std::move(result));
}

std::vector<WorkId> WorkDesk::open_of(CloudSlot slot) const {
    auto const found = open_of_.find(slot);
    return found == open_of_.end() ? std::vector<WorkId>{} : found->second;
}

WorkDesk::Verdict WorkDesk::take_checks(CloudSlot slot, WorkId id, CheckResult checks, TimePoint now) {
    auto* work = entry(id);
    if (work == nullptr) return Verdict::unknown;
    if (work->slot != slot) return Verdict::other_system;
    if (work->cancelled) return Verdict::cancelled;
    if (work->handed_out == 0) return Verdict::not_asked;
    auto const kind = work->item.kind;
    if (kind != WorkKind::check && kind != WorkKind::export_check && kind != WorkKind::retrofit)
        return Verdict::unknown;
    auto const room = findings_max - findings_;
    if (checks.findings.size() > room && !work->checks) {
        findings_not_kept_ += checks.findings.size() - room;
        checks.findings.resize(room);
    }
    if (work->checks) {
        if (*work->checks == checks) return Verdict::duplicate;
        ++work->contradictions;
        return Verdict::contradiction;
    }
    findings_ += checks.findings.size();
    work->checks = std::move(checks);
    work->last = now;
    return Verdict::started;
}

} // namespace almd
