// Faults of the stand-in: which calls go wrong, how, how often, and for how long.
#pragma once

#include "proto/http/message.hpp"
#include "proto/ids.hpp"
#include "simulator/cloud/cloud_operation.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

enum class FaultKind : std::uint8_t {
    status,         ///< answer `status` with `body` and Retry-After; nothing is done
    reset,          ///< TCP reset; nothing is done
    close,          ///< orderly close; nothing is done
    drop_answer,    ///< the work is done, the answer never leaves
    delay,          ///< the call waits, then goes on as usual
    malformed_json, ///< the work is done, the answer is broken JSON
    oversize_body,  ///< the work is done, the answer is `oversize_bytes` long
};
std::string_view name(FaultKind kind); ///< "dropAnswer"
Result<FaultKind> parse_fault_kind(std::string_view text);

/// Empty lists mean "all". Times count from the moment the rule was added, on the wire clock.
struct FaultRule {
    std::string name; ///< unique; made up ("fault-1") when empty
    std::vector<CloudOperation> operations;
    std::vector<std::string> systems; ///< LMS IDs or SIDs; a rule with systems never meets the token calls
    double probability = 1.0;
    std::optional<std::uint64_t> count; ///< ends after so many firings
    WireDuration after{0};              ///< sleeps before it can fire
    std::optional<WireDuration> until;  ///< time to live, counted like `after`
    FaultKind kind = FaultKind::status;
    int status = 503;
    std::string body; ///< empty: an error body of the contract that names the rule
    std::optional<std::chrono::seconds> retry_after;
    WireDuration delay{0};
    std::size_t oversize_bytes = 20 * 1024 * 1024;
};

/// Unknown keys, kinds and operations are errors with their path and what is allowed. Durations are texts ("90s").
Result<FaultRule> fault_rule_from_json(nlohmann::json const& json, std::string_view path);
nlohmann::json to_json(FaultRule const& rule);
/// `{"faults":[...]}` or a bare list, as JSON or YAML.
Result<std::vector<FaultRule>> load_faults(std::string const& file);

/// What a call is, as far as rules look at it.
struct FaultTarget {
    CloudOperation operation;
    std::optional<LmsId> lms_id;
    std::optional<SystemId> system;
    std::uint64_t call =
        0; ///< how many calls of this operation came before from the same identity; makes draws independent
};

class FaultEngine {
public:
    FaultEngine(std::uint64_t seed, std::size_t rules_max)
        : seed_{seed}
        , rules_max_{rules_max} {}

    /// Error conflict: the name is taken, or the list is full. Answers the rule's name.
    Result<std::string> add(FaultRule rule, WirePoint now);
    bool remove(std::string_view name); ///< what it fired stays counted
    std::size_t clear();

    /// The first rule that fires for this call, or nullptr. Draws are seeded: one stream per rule and identity.
    /// The pointer is good until rules change: copy what is needed over a co_await.
    FaultRule const* decide(FaultTarget const& target, WirePoint now);
    bool idle() const { return rules_.empty(); }

    struct Counted {
        FaultRule rule;
        std::uint64_t met = 0, fired = 0;
        bool ended = false;
        std::uint64_t stream = 0;
        WirePoint added{};
    };
    std::vector<Counted> const& rules() const { return rules_; }
    std::uint64_t fired() const { return fired_; }

private:
    std::uint64_t seed_;
    std::size_t rules_max_;
    std::vector<Counted> rules_;
    std::uint64_t fired_ = 0, made_ = 0;
};

} // namespace almd
