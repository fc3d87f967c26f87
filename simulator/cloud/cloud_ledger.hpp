// The ledger: what arrived, from whom, in order, once; and whether everything that was handed out came to an end.
#pragma once

#include "simulator/cloud/cloud_operation.hpp"
#include "simulator/cloud/registration_book.hpp"
#include "simulator/cloud/work_desk.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace almd {

struct CloudCounts {
    std::uint32_t requests = 0;   ///< all that reached the cloud
    std::uint32_t accepted = 0;   ///< done, once each
    std::uint32_t duplicates = 0; ///< repeats that were answered without doing it again
    std::uint32_t refused = 0;    ///< 4xx of our own
    std::uint32_t faults = 0;     ///< a fault fired
};

/// How a call ended, as the ledger sees it.
enum class LedgerOutcome : std::uint8_t { accepted, duplicate, refused };

class CloudLedger {
public:
    explicit CloudLedger(std::size_t anomalies_max)
        : anomalies_max_{anomalies_max} {}

    void open(CloudSlot slot); ///< a registration was entered: the heartbeat sequence starts at 1 again
    /// Answers how many there were before, of this system (or in sum, when it is none).
    std::uint32_t request(CloudOperation op, CloudSlot slot);
    /// The request just counted turned out to be of this system (a registration).
    void adopt(CloudOperation op, CloudSlot slot);
    void outcome(CloudOperation op, CloudSlot slot, LedgerOutcome outcome);
    void fault(CloudOperation op, CloudSlot slot);

    static constexpr std::size_t missing_ranges_max = 100'000; ///< of all systems; what is over it counts as repeated
    /// False: this sequence number was there before (counted as duplicate). A late one closes its gap.
    bool heartbeat(CloudSlot slot, std::uint32_t sequence, TimePoint at);

    enum class TokenFault : std::uint8_t { missing, unknown, expired, revoked };
    void token_fault(TokenFault fault, CloudSlot slot);
    void anomaly(CloudSlot slot, std::string text); ///< something that must not happen; listed

    struct System {
        std::uint32_t last_sequence = 0, beats = 0, gaps = 0, reorderings = 0, repeated = 0;
        std::uint32_t expired_token = 0, unknown_token = 0, revoked_token = 0;
        TimePoint last_beat{};
    };
    System system(CloudSlot slot) const;
    CloudCounts counts(CloudSlot slot, CloudOperation op) const;
    CloudCounts counts(CloudSlot slot) const; ///< over all operations

    struct Totals {
        struct Counts {
            std::uint64_t requests = 0, accepted = 0, duplicates = 0, refused = 0, faults = 0;
        };
        PerCloudOperation<Counts> operations{};
        std::uint64_t gaps = 0, reorderings = 0, repeated = 0;
        std::uint64_t expired_token = 0, unknown_token = 0, missing_token = 0, revoked_token = 0;
        std::uint64_t anomalies = 0;
    };
    Totals const& totals() const { return totals_; }
    struct Anomaly {
        CloudSlot slot;
        std::string text;
    };
    std::deque<Anomaly> const& anomalies() const { return anomalies_; }
    std::size_t bytes() const;

private:
    // A beating system costs one 32-byte row; counts of what it does besides are nodes of 28 bytes in one pool.
    struct Row {
        std::uint32_t last_sequence = 0, beats = 0, last_beat_s = 0, first = no_cloud_slot;
        std::uint16_t gaps = 0, reorderings = 0, repeated = 0, expired = 0, unknown = 0, revoked = 0;
    };
    struct Node {
        CloudCounts counts;
        std::uint32_t next = no_cloud_slot;
        CloudOperation operation = CloudOperation::token;
    };
    struct Missing {
        std::uint32_t first, last; ///< sequence numbers that did not come yet
    };
    CloudCounts* counts_of(CloudSlot slot, CloudOperation op);
    bool take_late(CloudSlot slot, std::uint32_t sequence);

    std::size_t anomalies_max_;
    std::unordered_map<CloudSlot, std::vector<Missing>> missing_; // only systems that have gaps
    std::size_t missing_ranges_ = 0;
    std::vector<Row> rows_;
    std::vector<Node> nodes_;
    Totals totals_;
    std::deque<Anomaly> anomalies_;
};

/// Clean: nothing lost, doubled, out of order or left open. `reasons` says what is not.
struct LedgerVerdict {
    bool clean = true;
    std::vector<std::string> reasons;
};
inline constexpr std::size_t unfinished_listed_max = 20;
LedgerVerdict verdict(CloudLedger const& ledger, WorkDesk const& work, RegistrationBook const& registrations);

} // namespace almd
