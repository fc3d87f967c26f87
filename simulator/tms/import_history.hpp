// The import history of a domain: one row per request and import, oldest first.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace almd {

struct ImportStep {
    char step = ' '; ///< tp step letter (V)
    TpReturnCode return_code;
    friend bool operator==(ImportStep const&, ImportStep const&) = default;
};

struct ImportRow {
    SystemId system;
    std::optional<Client> client{}; ///< none while CTC=0
    TrRequest request;
    TpReturnCode return_code{};
    TimePoint imported_at{};
    std::string user{}; ///< with Cloud ALM the background user of /SDF/ALM_SETUP, client 000 (V)
    std::vector<ImportStep> steps{};
    std::uint64_t sequence = 0; ///< 1, 2, ... in the domain
    std::uint64_t previous = 0; ///< sequence of the request's row before; 0: none. It may be dropped already
    bool done = false; ///< by the profile that counted then (REPEATONERROR): it is not repeated and was forwarded
    /// Another request's error stopped the call: no result of this one, only steps that the cofile remembers (V).
    bool interrupted = false;
};

struct StepTimes {
    TimePoint start{}, end{};
};

/// A line in the log of one step that its return code alone does not tell: what was not overwritten, and why.
struct StepRemark {
    std::uint64_t sequence = 0; ///< of the row
    char step = ' ';
    std::string text{};
};

/// When the steps of one tp call ran. Its rows stand one after the other and share it: kept per row it would cost each
/// stored import as much as its return codes do.
class ImportCall {
public:
    explicit ImportCall(TimePoint first_step)
        : first_step_{first_step} {
        ends_.fill(never);
    }
    void ended(char step, TimePoint at);
    StepTimes of(char step) const; ///< of a step that ran

private:
    friend class ImportHistory;
    static constexpr std::size_t steps_max = 12;
    static constexpr std::uint32_t never = UINT32_MAX;

    std::uint64_t first_row_ = 0;
    TimePoint first_step_;
    std::array<std::uint32_t, steps_max> ends_; ///< ms after the start of the first step, in tp's order of steps
};

class ImportHistory {
public:
    static constexpr std::size_t rows_max = 100'000; ///< older rows are dropped and counted

    /// The rows that are added next belong to it.
    void begin_call(ImportCall call);
    void add(ImportRow row); ///< sets its sequence
    /// About the row that was added last.
    void remark(char step, std::string text);
    /// Of one of its steps; without a call: the moment of the row.
    StepTimes times_of(ImportRow const& row, char step) const;
    /// Good until the next addition; of all steps of the row.
    std::span<StepRemark const> remarks_of(ImportRow const& row) const;
    /// Good until the next addition.
    std::span<ImportRow const> rows() const { return std::span{rows_}.subspan(head_); }
    std::vector<ImportRow const*> of_request(TrRequest request) const;
    /// Rows of a system after a sequence number: what a system can report of its own imports.
    std::vector<ImportRow const*> of_system_since(SystemId system, std::uint64_t after) const;
    /// The last import of that request into that client that had a result; null: none.
    ImportRow const* last(TrRequest request, SystemId system, std::optional<Client> client) const;
    std::uint64_t last_sequence() const { return last_sequence_; }
    std::uint64_t dropped() const { return dropped_; }
    std::size_t bytes() const;

private:
    struct Hash {
        std::size_t operator()(TrRequest const& request) const;
    };
    ImportRow const* newest_of(TrRequest request) const;
    ImportRow const* before(ImportRow const& row) const;
    ImportRow const* find(std::uint64_t sequence) const;
    void sweep();

    // A vector: a landscape without imports has no memory here (an empty deque takes 600 bytes).
    std::vector<ImportRow> rows_;
    std::size_t head_ = 0;            ///< rows before it are dropped and wait for the next sweep
    std::vector<ImportCall> calls_;   ///< oldest first
    std::vector<StepRemark> remarks_; ///< in the order of the rows
    std::unordered_map<TrRequest, std::uint64_t, Hash> last_of_; ///< -> sequence of its newest row
    std::uint64_t last_sequence_ = 0, dropped_ = 0;
};

} // namespace almd
