// Work for the systems: made, handed out under a lease, handed out again, ended once.
#pragma once

#include "proto/messages/work.hpp"
#include "simulator/cloud/transport_shelf.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace almd {

/// One piece of work and what became of it.
struct CloudWork {
    WorkItem item;
    CloudSlot slot = no_cloud_slot;
    CloudTenant tenant = 0;
    std::vector<FeatureId> features;
    std::vector<CloudTransportKey> transports;
    std::uint32_t handed_out = 0, started = 0, ended = 0, contradictions = 0, leases_run_out = 0;
    WirePoint lease_until{};
    TimePoint made{}, last{};
    std::optional<WorkResult> result;  ///< the final one
    std::optional<CheckResult> checks; ///< row 15
    bool cancelled = false;            ///< ended by the cloud: `result` says why
    bool done_all_the_same = false;    ///< its system reported afterwards that it had done it
    bool open() const { return !result.has_value(); }
    std::string_view state() const; ///< waiting, leased, started, finished, failed, rejected
};

class WorkDesk {
public:
    WorkDesk(std::uint64_t seed, std::chrono::seconds lease, std::size_t items_max)
        : seed_{seed}
        , lease_{lease}
        , max_{items_max} {}

    static constexpr std::size_t open_per_system_max = 1'000;
    /// Takes its ID from the seed and its number. Error too_large: full of open items, of all systems or of this one.
    Result<WorkId> add(CloudWork entry, TimePoint now);

    struct Poll {
        std::vector<WorkKind> kinds;          ///< empty: all
        std::function<bool(WorkKind)> is_off; ///< whose task is switched off waits; none: nothing is off
        std::optional<Client> client;
        std::size_t max = 50;
        bool ignore_leases = false; ///< a fault: also what another poll has leased
    };
    /// Leases what is free, in the order in which it was made. An import waits until every earlier import into the same target
    /// (system and client) has ended, however often their leases run out; so does other work that changes a transport.
    WorkList poll(CloudSlot slot, Poll const& wanted, TimePoint now, WirePoint wire);
    struct Choice {
        std::vector<WorkId> items;
        std::size_t under_lease = 0; ///< of the items: another poll has them
    };
    Choice choose(CloudSlot slot, Poll const& wanted, WirePoint wire) const; ///< what that poll would get

    enum class Verdict {
        started,       ///< lease renewed
        ended,         ///< first final result: act on it
        duplicate,     ///< said before, same content
        cancelled,     ///< 409: the cloud does not want it any more
        done_in_vain,  ///< 409, but it was done: the first "finished" of cancelled work
        contradiction, ///< 409: ended before with other content, or started again after its end
        not_asked,     ///< 409: it was never handed out
        other_system,  ///< 409: it was made for another system of the tenant
        unknown,       ///< 404
    };
    Verdict report(CloudSlot slot, WorkId id, WorkResult result, TimePoint now, WirePoint wire);

    static constexpr std::size_t findings_max = 200'000; ///< of all checks together
    /// Row 15, before or after the final result: started (first), duplicate, contradiction, unknown (no check of this system).
    Verdict take_checks(CloudSlot slot, WorkId id, CheckResult checks, TimePoint now);
    std::uint64_t findings_not_kept() const { return findings_not_kept_; }

    /// Ends an open item as failed, with this reason. Who still works on it is told so when he reports.
    void cancel(WorkId id, std::string reason, TimePoint now);
    bool is_leased(CloudWork const& work, WirePoint wire) const {
        return work.open() && work.handed_out > 0 && wire < work.lease_until;
    }

    /// Of real time, rounded up; 0: nobody has it.
    std::chrono::seconds lease_left(CloudWork const& work, WirePoint wire) const {
        return is_leased(work, wire) ? std::chrono::ceil<std::chrono::seconds>(work.lease_until - wire)
                                     : std::chrono::seconds{0};
    }

    CloudWork const* find(WorkId id) const;
    std::vector<WorkId> open_of(CloudSlot slot) const; ///< oldest first
    std::deque<CloudWork> const& all() const { return entries_; }
    std::size_t open() const { return open_; }
    std::uint64_t forgotten() const { return forgotten_; } ///< ended items over the limit

    struct Counters {
        std::uint64_t made = 0, handed_out = 0, redelivered = 0, started = 0, finished = 0, failed = 0, rejected = 0;
        std::uint64_t done_after_cancel = 0; ///< of the failed ones: taken back, and done all the same
    };
    Counters const& counters() const { return counters_; }

private:
    CloudWork* entry(WorkId id);
    bool make_room();
    void end(CloudWork& work, WorkResult result);

    std::uint64_t seed_;
    std::chrono::seconds lease_;
    std::size_t max_;
    std::deque<CloudWork> entries_; // oldest first
    std::uint64_t first_ = 0;       // number of entries_.front()
    std::unordered_map<WorkId, std::uint64_t, UuidHash<struct WorkTag>> by_id_;
    std::unordered_map<CloudSlot, std::vector<WorkId>> open_of_; // only systems that have open work
    std::size_t open_ = 0;
    std::uint64_t forgotten_ = 0, findings_not_kept_ = 0;
    std::size_t findings_ = 0;
    Counters counters_;
};

} // namespace almd
