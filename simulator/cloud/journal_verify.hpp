// Did the calls come that a test expects? Questions to the journal, and answers in a sentence.
#pragma once

#include "simulator/cloud/call_pattern.hpp"
#include "simulator/cloud/journal.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace almd {

/// Which entries. Nothing given: all.
struct JournalFilter {
    std::optional<CloudOperation> operation;
    CallPattern call;
    std::string system; ///< SID or LMS ID
    std::optional<Client> client;
    std::string status;                ///< "200", "5xx", "none" (no answer left), "any"
    std::optional<TimePoint> from, to; ///< [from, to)

    bool fits(JournalEntry const& entry, RegistrationBook const& registrations) const;
    bool names(RegistrationRow const& row) const; ///< as far as system and client go
};
/// Error: what a status may be.
Result<void> check_journal_status(std::string_view status);

/// How many entries fit. Without a status only calls that were taken count: done, and no repeats.
struct Expectation {
    JournalFilter filter;
    std::optional<std::uint64_t> exactly, at_least, at_most; ///< none of them: at least one
    bool in_order = false;                                   ///< heartbeats: each system's sequence rises by one
    std::uint64_t needed() const;
};

struct ExpectationVerdict {
    std::uint64_t found = 0;
    std::string mismatch; ///< empty: as expected
};

/// What came, as far as the journal goes back: entries of a longer past are missing, and then "exactly" and "at most"
/// cannot be confirmed.
ExpectationVerdict verify(Expectation const& expectation, Journal const& journal,
                          RegistrationBook const& registrations);
/// One after the other: each gets what comes after the one before it, until it has enough and the next one begins.
std::vector<ExpectationVerdict> verify_in_order(std::span<Expectation const> expectations, Journal const& journal,
                                                RegistrationBook const& registrations);

} // namespace almd
