// What became of work items: so that nothing is done twice and no result contradicts an earlier one. An ID means something
// to one registration only: two clouds may give out the same.
#pragma once

#include "agent/setup/setup_table.hpp"
#include "proto/messages/work.hpp"
#include "simulator/abap/application_log.hpp"

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
    Known look_up(SetupIndex setup, WorkId id) const;
    /// The item is being worked on until end() or drop(); `feedback`: where SLG1 has that its result was sent.
    void begin(SetupIndex setup, WorkId id, ExternalId feedback);
    ExternalId feedback_id(SetupIndex setup, WorkId id) const;
    void end(SetupIndex setup, WorkId id, WorkResult result);
    void drop(SetupIndex setup, WorkId id); ///< nothing of it was done: a later poll may bring it again
    /// Blocked as a whole (XT216): still in progress, tried again with each poll until somebody repaired what blocks it.
    void block(SetupIndex setup, WorkItem item);
    std::vector<WorkItem> take_blocked(SetupIndex setup);

    WorkResult const& result(SetupIndex setup, WorkId id) const; ///< of an ended one
    bool reported(SetupIndex setup, WorkId id) const;
    void mark_reported(SetupIndex setup, WorkId id);
    /// Ended ones of this set-up whose result the cloud has not taken yet.
    std::vector<WorkId> unreported(SetupIndex setup) const;

    /// Begun items that wait for the job of their kind, in order.
    void queue(SetupIndex setup, WorkItem item);
    std::optional<WorkItem> next_queued(SetupIndex setup, WorkKind kind);
    bool has_queued(SetupIndex setup, WorkKind kind) const;

    /// It cannot begin yet, and comes again when its lease ends. Answers how often that was said.
    int put_off(SetupIndex setup, WorkId id) { return ++put_off_[{setup, id}]; }
    void not_put_off_any_more(SetupIndex setup, WorkId id) { put_off_.erase({setup, id}); }

    /// The set-up belongs to another tenant from now on: nothing it knew means anything there.
    void forget(SetupIndex setup);

    std::uint64_t forgotten() const { return forgotten_; }

private:
    struct Key {
        SetupIndex setup = 0;
        WorkId id;
        friend bool operator==(Key const&, Key const&) = default;
    };
    struct KeyHash {
        std::size_t operator()(Key const& key) const { return UuidHash<WorkTag>{}(key.id) + key.setup; }
    };
    struct Entry {
        bool ended = false, reported = false;
        ExternalId feedback = ExternalId::none;
        WorkResult result;
    };
    void shrink();

    std::size_t results_max_;
    std::unordered_map<Key, Entry, KeyHash> entries_;
    std::unordered_map<SetupIndex, std::vector<WorkId>> unreported_;
    std::unordered_map<SetupIndex, std::deque<WorkItem>> queued_;
    std::unordered_map<SetupIndex, std::vector<WorkItem>> blocked_;
    std::unordered_map<Key, int, KeyHash> put_off_;
    std::deque<Key> reported_order_;
    std::uint64_t forgotten_ = 0;
};

} // namespace almd
