// Counting entries and saying what is wrong with their number or order.
#include "simulator/cloud/journal_verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace almd {

namespace {

bool is_class(std::string_view status) {
    return status.size() == 3 && status[0] >= '1' && status[0] <= '5' && status.ends_with("xx");
}

bool has_status(JournalEntry const& entry, std::string_view wanted) {
    if (wanted.empty()) return entry.taken;
    if (wanted == "any") return true;
    if (wanted == "none") return entry.status == 0;
    if (is_class(wanted)) return entry.status / 100 == wanted[0] - '0';
    int number = 0;
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    return entry.status == number;
}

std::string what(JournalFilter const& filter) {
    auto text = filter.operation ? fmt::format("{} calls", name(*filter.operation)) : std::string{"calls"};
    if (!filter.call.is_empty()) text += " of " + filter.call.text();
    if (!filter.system.empty()) text += " from " + filter.system;
    if (filter.client)
        text += fmt::format("{}client {}", filter.system.empty() ? " from " : ":", filter.client->text());
    if (!filter.status.empty()) text += " with status " + filter.status;
    if (filter.from) text += " from " + rfc3339(*filter.from);
    if (filter.to) text += " to " + rfc3339(*filter.to);
    return text;
}

std::string number_mismatch(Expectation const& expected, std::uint64_t found) {
    auto const wrong = [&](std::string_view words, std::uint64_t number) {
        return fmt::format("expected {} {} {}, found {}", words, number, what(expected.filter), found);
    };
    if (expected.exactly && found != *expected.exactly) return wrong("exactly", *expected.exactly);
    if (expected.at_least && found < *expected.at_least) return wrong("at least", *expected.at_least);
    if (expected.at_most && found > *expected.at_most) return wrong("at most", *expected.at_most);
    if (!expected.exactly && !expected.at_least && !expected.at_most && found == 0) return wrong("at least", 1);
    return {};
}

/// Of the heartbeats of each system, oldest first.
class SequenceCheck {
public:
    explicit SequenceCheck(RegistrationBook const& registrations)
        : registrations_{registrations} {}

    void take(JournalEntry const& entry) {
        if (entry.sequence == 0) return;
        auto& last = last_[entry.slot];
        bool const begins = last == 0 || entry.sequence == 1; // each registration call starts again at 1
        if (!begins && entry.sequence != last + 1 && mismatch_.empty())
            mismatch_ = fmt::format("{}: heartbeat {} came after {} (entry {})",
                                    registrations_.row(entry.slot).system.text(), entry.sequence, last, entry.number);
        last = entry.sequence;
    }
    std::string const& mismatch() const { return mismatch_; }

private:
    RegistrationBook const& registrations_;
    std::map<CloudSlot, std::uint32_t> last_;
    std::string mismatch_;
};

/// Something that would count may have been forgotten.
std::string forgotten(Expectation const& expected, Journal const& journal) {
    if (journal.dropped() == 0) return {};
    auto const oldest = journal.entries().empty() ? std::nullopt : std::optional{journal.entries().front().at};
    if (oldest && expected.filter.from && *expected.filter.from > *oldest) return {};
    return fmt::format(
        "the journal goes back only to {}, {} older requests were dropped: this cannot be confirmed; ask "
        "for a time after that, or give the journal more room",
        oldest ? rfc3339(*oldest) : "now", journal.dropped());
}

std::string mismatch_of(Expectation const& expected, std::uint64_t found, SequenceCheck const& sequence,
                        Journal const& journal) {
    auto text = number_mismatch(expected, found);
    if (text.empty()) text = sequence.mismatch();
    auto const lost = forgotten(expected, journal);
    bool const too_few = found < expected.needed();
    if (!text.empty()) return too_few && !lost.empty() ? text + "; " + lost : text;
    return expected.exactly || expected.at_most || expected.in_order ? lost : std::string{};
}

} // namespace

bool JournalFilter::fits(JournalEntry const& entry, RegistrationBook const& registrations) const {
    if (operation && entry.operation != operation) return false;
    if (!call.fits(entry.method, entry.target)) return false;
    if ((from && entry.at < *from) || (to && entry.at >= *to)) return false;
    if (!has_status(entry, status)) return false;
    if (system.empty() && !client) return true;
    if (entry.slot == no_cloud_slot) return false;
    return names(registrations.row(entry.slot));
}

bool JournalFilter::names(RegistrationRow const& row) const {
    return (system.empty() || row.system.text() == system || row.id.text() == system) &&
           (!client || row.client == *client);
}

Result<void> check_journal_status(std::string_view status) {
    int number = 0;
    auto const [end, problem] = std::from_chars(status.data(), status.data() + status.size(), number);
    bool const whole = problem == std::errc{} && end == status.data() + status.size() && number >= 100 && number <= 599;
    if (status.empty() || status == "any" || status == "none" || is_class(status) || whole) return {};
    return fail(ErrorCode::invalid,
                "must be a status such as 200, a class such as \"5xx\", \"none\" (no answer left) or "
                "\"any\"");
}

std::uint64_t Expectation::needed() const {
    return exactly.value_or(at_least.value_or(at_most ? 0 : 1));
}

ExpectationVerdict verify(Expectation const& expectation, Journal const& journal,
                          RegistrationBook const& registrations) {
    ExpectationVerdict verdict;
    SequenceCheck sequence{registrations};
    for (auto const& entry : journal.entries()) {
        if (!expectation.filter.fits(entry, registrations)) continue;
        ++verdict.found;
        if (expectation.in_order) sequence.take(entry);
    }
    verdict.mismatch = mismatch_of(expectation, verdict.found, sequence, journal);
    return verdict;
}

std::vector<ExpectationVerdict> verify_in_order(std::span<Expectation const> expectations, Journal const& journal,
                                                RegistrationBook const& registrations) {
    std::vector<ExpectationVerdict> verdicts(expectations.size());
    std::vector<SequenceCheck> sequences(expectations.size(), SequenceCheck{registrations});
    std::size_t at = 0;
    for (auto const& entry : journal.entries()) {
        bool const enough = at < expectations.size() && verdicts[at].found >= expectations[at].needed();
        bool const next_begins =
            enough && at + 1 < expectations.size() && expectations[at + 1].filter.fits(entry, registrations);
        if (next_begins) ++at;
        if (at >= expectations.size() || !expectations[at].filter.fits(entry, registrations)) continue;
        ++verdicts[at].found;
        if (expectations[at].in_order) sequences[at].take(entry);
    }
    for (std::size_t i = 0; i < expectations.size(); ++i) {
        auto& verdict = verdicts[i];
        verdict.mismatch = mismatch_of(expectations[i], verdict.found, sequences[i], journal);
        if (!verdict.mismatch.empty()) verdict.mismatch = fmt::format("step {}: {}", i + 1, verdict.mismatch);
    }
    return verdicts;
}

} // namespace almd
