// The import buffer of one system: what waits for import into its clients, in export order.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"
#include "simulator/tms/approval.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

enum class BufferState : std::uint8_t {
    waiting,
    imported, ///< already in this client: needs umode 1 to run again
    running,
    error, ///< ended with a code that repeats: the next import continues at its step (I)
    again, ///< after a preliminary import: imported again at its place, without umode 1 (V)
};
std::string_view name(BufferState state);

/// What keeps an entry out, bit by bit; an entry can have several.
enum class EntryMark : std::uint8_t {
    excluded = 1, ///< "will not be imported", set by hand
    file_missing = 2,
    scheduled = 4, ///< its import is planned; keeps nothing out
};

struct BufferEntry {
    TrRequest trkorr;
    std::optional<Client> client{}; ///< none while CTC=0
    TrFunction function = TrFunction::workbench;
    BufferState state = BufferState::waiting;
    std::uint8_t marks = 0;     ///< of EntryMark
    bool import_again = false;  ///< umode 1 was set when it was added
    char resume_at = 0;         ///< step to continue with; 0: from the beginning
    TpReturnCode max_code{};    ///< highest code of its earlier tries
    TpReturnCode carried{};     ///< highest code of the steps before resume_at: they are not run again
    std::uint64_t position = 0; ///< grows with each addition: export order
    TimePoint added_at{};

    bool has(EntryMark mark) const { return marks & static_cast<std::uint8_t>(mark); }
    void set(EntryMark mark, bool on);
};

/// The states of an entry as STMS shows them (3.1 of the reference, V).
enum class EntryState : std::uint8_t {
    waiting,
    again,
    imported,
    running,
    scheduled,
    excluded,
    after_end_mark,
    unapproved,
    rejected,
    file_missing,
    component_mismatch,
    error, ///< the last import ended with a code that repeats
};
/// What an entry does not know of itself.
struct EntryPlace {
    bool after_end_mark = false, component_mismatch = false, type_locked = false;
    ApprovalState approval = ApprovalState::not_needed;
};
EntryState state_of(BufferEntry const& entry, EntryPlace place = {});
inline constexpr std::size_t entry_states = 12;
std::string_view name(EntryState state);
/// STMS's words for it.
std::string_view title(EntryState state);

/// The state of a queue as the import overview shows it (V).
enum class QueueState : std::uint8_t { missing, open, closed, scheduled, running, errors, terminated };
struct QueueFacts {
    bool exists = true, closed = false, scheduled = false, running = false;
    TpReturnCode worst{}; ///< of the entries that ended with an error
};
/// The most urgent of them: running, terminated, errors, scheduled, closed, open (order I).
QueueState state_of(QueueFacts const& facts);
std::string_view name(QueueState state);

/// Keyed by request and client: the same request may stand several times, for different clients (I).
class ImportBuffer {
public:
    /// False: it is there already, nothing was changed.
    bool add(BufferEntry entry);
    bool remove(TrRequest trkorr, std::optional<Client> client);
    BufferEntry* find(TrRequest trkorr, std::optional<Client> client);
    BufferEntry const* find(TrRequest trkorr, std::optional<Client> client) const;

    /// Closes the queue: what is added from now on stands after the mark. False: there is one already.
    bool set_end_mark();
    bool delete_end_mark(); ///< false: there is none
    bool closed() const { return end_mark_.has_value(); }
    bool after_end_mark(BufferEntry const& entry) const { return end_mark_ && entry.position > *end_mark_; }
    /// One pass over the queue.
    QueueFacts facts() const;

    std::size_t size() const { return index_.size(); }
    /// In export order; only one client's if one is given.
    std::vector<BufferEntry> queue(std::optional<Client> client = std::nullopt) const;
    std::size_t bytes() const;

private:
    struct Slot {
        BufferEntry entry;
        bool removed = false;
    };
    struct Key {
        TrRequest trkorr;
        std::optional<Client> client;
        friend bool operator==(Key const&, Key const&) = default;
    };
    struct KeyHash {
        std::size_t operator()(Key const& key) const;
    };
    void compact();

    std::vector<Slot> slots_; ///< sorted by position; removed ones are swept when they are the majority
    std::unordered_map<Key, std::uint64_t, KeyHash> index_; ///< -> position
    std::uint64_t last_position_ = 0;
    std::optional<std::uint64_t> end_mark_; ///< position of the last entry before it
};

} // namespace almd
