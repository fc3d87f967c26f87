// tp's decisions as pure functions: what a call imports, step by step, how long it takes, what becomes of each request.
#pragma once

#include "simulator/abap/texts.hpp"
#include "simulator/kernel/rng.hpp"
#include "simulator/tms/import_buffer.hpp"
#include "simulator/tms/import_history.hpp"
#include "simulator/tms/import_options.hpp"
#include "simulator/tms/import_steps.hpp"
#include "simulator/tms/landscape_spec.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// tp's "request not in buffer" (V).
inline constexpr TpReturnCode tp_not_in_buffer{152};

/// A line for job log, application log and work result. Type A E W I S.
struct TpMessage {
    char type = 'I';
    std::string message_class, number, text;
    friend bool operator==(TpMessage const&, TpMessage const&) = default;
};

/// With class and number of its catalogue entry.
TpMessage message_of(char type, Text text, std::string rendered);

/// What an import call ended with. An import that ended with 8 is a result, not an Error.
struct TpOutcome {
    struct Request {
        TrRequest trkorr;
        std::optional<TpReturnCode> return_code{}; ///< none: not executed, or interrupted by another one's error
        std::vector<ImportStep> steps{};           ///< those that ran
        bool left_buffer = false;
    };
    TransportTarget target;
    std::optional<TpReturnCode> return_code{}; ///< highest of the requests; none: nothing was executed (XT216)
    std::vector<Request> requests{};           ///< in queue order, then those that are not in the buffer
    std::vector<TpMessage> messages{};
    TimePoint started_at{}, ended_at{};
};

/// One request of a call, with all that the decision needs.
struct ImportCandidate {
    TrRequest trkorr;
    TrFunction function = TrFunction::workbench;
    bool in_buffer = true;
    bool type_locked = false; ///< the target lets no transports of this type in (umode 9)
    EntryState state = EntryState::waiting;
    std::vector<TrRequest> predecessors{};          ///< older requests with the same objects that the target lacks
    std::span<ComponentVersion const> components{}; ///< of its source system when it was exported
};

/// The code with which a request will end, and the step that brings it.
struct ImportFate {
    char step = ' ';
    TpReturnCode return_code{};
    Duration delay{0}; ///< that much longer takes its main import
    double pace = 1.0; ///< the time of its steps is multiplied with it
    friend bool operator==(ImportFate const&, ImportFate const&) = default;
};

struct ImportPlan {
    std::vector<std::size_t> run; ///< places in the span given, in queue order; empty: nothing is imported
    std::vector<std::size_t> not_in_buffer, refused; ///< likewise
    std::vector<TpMessage> messages;
    bool blocked = false; ///< a component mismatch keeps the whole subset out (V)
};

/// Candidates come in queue order.
ImportPlan plan_import(TpProfile const& profile, std::span<ImportCandidate const> candidates,
                       std::span<ComponentVersion const> target_components, std::string_view target,
                       ImportOptions options = {});
/// Why an entry in this state is not imported by a call with these options; none: it is.
std::optional<Text> why_kept_out(EntryState state, ImportOptions const& options);

/// Every component of the request at the same release and level in the target; one that the target lacks is a mismatch
/// (V). `extra_blocks`: so is one that only the target has (TpProfile::extra_target_components_block).
bool components_match(std::span<ComponentVersion const> of_request, std::span<ComponentVersion const> of_target,
                      bool extra_blocks = true);
/// TMSBUFFER-IMPFLG: a flag for each state; what its type keeps out has the letter of the type (V).
inline char import_flag(TpProfile const& profile, BufferEntry const& entry, EntryPlace place) {
    auto const state = state_of(entry, place);
    bool const by_type = state == EntryState::excluded && !entry.has(EntryMark::excluded);
    return by_type ? static_cast<char>(entry.function) : profile.import_flags[static_cast<std::size_t>(state)];
}

ImportFate draw_fate(TpProfile const& profile, Rng rng);

bool stops_call(TpProfile const& profile, TpReturnCode code);      ///< STOPONERROR
bool stays_in_buffer(TpProfile const& profile, TpReturnCode code); ///< REPEATONERROR: repeated, not forwarded

/// One request while its call runs.
struct ImportProgress {
    TrRequest trkorr;
    TrFunction function = TrFunction::workbench;
    ImportContents contents{};
    ImportFate fate{};
    std::string all_steps{}, steps{}; ///< of the request; those that it still has to run
    bool keeps_objects = false;       ///< the target does not let all be overwritten: its main import ends with 8 (V)
    std::vector<ImportStep> done{};   ///< in this call
    TpReturnCode carried{};           ///< highest code of the steps before, which an earlier call ran

    TpReturnCode worst() const;            ///< of all steps that ran, also before (V)
    TpReturnCode code_of(char step) const; ///< in this call; 0: it did not run
    bool ran(char step) const;
};

/// How long this step takes for all requests that run it; none: no request does.
std::optional<Duration> step_duration(TpProfile const& profile, std::span<ImportProgress const> requests, char step);
/// Runs the step for all of them. False: its code stops the call (STOPONERROR).
bool run_step(TpProfile const& profile, std::span<ImportProgress> requests, char step);

/// What a request that is not running any more leaves behind.
struct ImportEnd {
    std::optional<TpReturnCode> return_code{}; ///< none: interrupted by another request's error
    char resume_at = 0;                        ///< 0: it is done and leaves the buffer
    TpReturnCode carried{};                    ///< highest code of the steps before that one, which stay as they ended
};
ImportEnd end_of(TpProfile const& profile, ImportProgress const& request);

/// "Import of DEVK900042 into QUA.200: 0008 ended with errors", with type S W or E.
TpMessage end_message(TrRequest trkorr, std::string_view target, ImportEnd const& end);

} // namespace almd
