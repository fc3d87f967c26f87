// The states of a buffer entry and of a queue, as STMS shows them: pure functions over a few flags.
#include "simulator/tms/import_buffer.hpp"

#include <array>

namespace almd {

namespace {

struct EntryWords {
    std::string_view name, title; ///< titles: V as meaning, wording I
};

/// In the order of EntryState.
constexpr std::array<EntryWords, entry_states> entry_words{{
    {"waiting", "Request waiting to be imported"},
    {"again", "Request ready for import again"},
    {"imported", "Request already imported"},
    {"running", "Import running"},
    {"scheduled", "Import scheduled"},
    {"excluded", "Request will not be imported"},
    {"afterEndMark", "Request after end mark"},
    {"unapproved", "Request must still be approved"},
    {"rejected", "Request was rejected"},
    {"fileMissing", "Data file must be transferred"},
    {"componentMismatch", "Request does not match component version"},
    {"error", "Import ended with errors"},
}};

/// In the order of QueueState.
constexpr std::array<std::string_view, 7> queue_names{"missing", "open",   "closed",    "scheduled",
                                                      "running", "errors", "terminated"};

EntryWords const& words(EntryState state) {
    return entry_words[static_cast<std::size_t>(state)];
}

} // namespace

/// What runs is shown as running whatever else it is; then what can never be imported, then what cannot yet (order I).
EntryState state_of(BufferEntry const& entry, EntryPlace place) {
    if (entry.state == BufferState::running) return EntryState::running;
    if (place.approval == ApprovalState::rejected) return EntryState::rejected;
    if (entry.has(EntryMark::excluded) || place.type_locked) return EntryState::excluded;
    if (entry.state == BufferState::imported) return EntryState::imported;
    if (place.approval == ApprovalState::pending) return EntryState::unapproved;
    if (entry.has(EntryMark::file_missing)) return EntryState::file_missing;
    if (place.component_mismatch) return EntryState::component_mismatch;
    if (place.after_end_mark) return EntryState::after_end_mark;
    if (entry.has(EntryMark::scheduled)) return EntryState::scheduled;
    if (entry.state == BufferState::error) return EntryState::error;
    return entry.state == BufferState::again ? EntryState::again : EntryState::waiting;
}

std::string_view name(EntryState state) {
    return words(state).name;
}

std::string_view title(EntryState state) {
    return words(state).title;
}

QueueState state_of(QueueFacts const& facts) {
    if (!facts.exists) return QueueState::missing;
    if (facts.running) return QueueState::running;
    if (facts.worst.severity() == TpReturnCode::Severity::terminated) return QueueState::terminated;
    if (facts.worst.severity() == TpReturnCode::Severity::error) return QueueState::errors;
    if (facts.scheduled) return QueueState::scheduled;
    return facts.closed ? QueueState::closed : QueueState::open;
}

std::string_view name(QueueState state) {
    return queue_names[static_cast<std::size_t>(state)];
}

} // namespace almd
