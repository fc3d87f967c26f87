// What became of work items: so that nothing is done twice and no result contradicts an earlier one.
#pragma once

#include "agent/setup/setup_table.hpp"
#include "proto/messages/work.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace almd {

/// Bounded: the oldest reported results are forgotten first, and counted. An unreported one is never forgotten.
class WorkMemory {
public:
    explicit WorkMemory(std::size_t results_max = 10'000)
        : results_max_{results_max} {}

    enum class Known { no, in_progress, ended };
    Known look_up(WorkId id) const;
    /// The item is being worked on until end() or drop().
    void begin(WorkId id);
    void end(WorkId id, SetupIndex setup, WorkResult result);
    void drop(WorkId id); ///< nothing of it was done, or it was blocked (XT216): a later poll may bring it again

    WorkResult const& result(WorkId id) const; ///< of an ended one
    bool reported(WorkId id) const;
    void mark_reported(WorkId id);
    /// Ended ones of this set-up whose result the cloud has not taken yet.
    std::vector<WorkId> unreported(SetupIndex setup) const;

    /// Begun items that wait for their job, in order.
    void queue(SetupIndex setup, WorkItem item);
    std::optional<WorkItem> next_queued(SetupIndex setup);

    std::uint64_t forgotten() const { return forgotten_; }

private:
    struct Entry {
        SetupIndex setup = 0;
        bool ended = false, reported = false;
        WorkResult result;
    };
    void shrink();

    std::size_t results_max_;
    std::unordered_map<WorkId, Entry, UuidHash<WorkTag>> entries_;
    std::unordered_map<SetupIndex, std::vector<WorkId>> unreported_;
    std::unordered_map<SetupIndex, std::deque<WorkItem>> queued_;
    std::deque<WorkId> reported_order_;
    std::uint64_t forgotten_ = 0;
};

} // namespace almd
