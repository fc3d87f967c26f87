// The import history of a domain: one row per request and import, oldest first.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

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
};

class ImportHistory {
public:
    static constexpr std::size_t rows_max = 100'000; ///< older rows are dropped and counted

    void add(ImportRow row); ///< sets its sequence
    /// Good until the next addition.
    std::span<ImportRow const> rows() const { return std::span{rows_}.subspan(head_); }
    std::vector<ImportRow const*> of_request(TrRequest request) const;
    /// Rows of a system after a sequence number: what a system can report of its own imports.
    std::vector<ImportRow const*> of_system_since(SystemId system, std::uint64_t after) const;
    /// The last import of that request into that client; null: none.
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

    // A vector: a landscape without imports has no memory here (an empty deque takes 600 bytes).
    std::vector<ImportRow> rows_;
    std::size_t head_ = 0; ///< rows before it are dropped and wait for the next sweep
    std::unordered_map<TrRequest, std::uint64_t, Hash> last_of_; ///< -> sequence of its newest row
    std::uint64_t last_sequence_ = 0, dropped_ = 0;
};

} // namespace almd
