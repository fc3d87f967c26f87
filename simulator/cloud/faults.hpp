// Faults of the stand-in: which calls go wrong, how, how often, and for how long.
#pragma once

#include "proto/http/message.hpp"
#include "proto/ids.hpp"
#include "simulator/cloud/call_pattern.hpp"
#include "simulator/cloud/cloud_operation.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

inline constexpr std::size_t fault_rules_max = 256;

enum class FaultKind : std::uint8_t {
    status,              ///< answer `status` with `body` and Retry-After; nothing is done
    reset,               ///< TCP reset; nothing is done
    close,               ///< orderly close; nothing is done
    drop_answer,         ///< the work is done, the answer never leaves
    delay,               ///< the call waits, then goes on as usual
    malformed_json,      ///< the work is done, the text of the answer is broken; its status stays
    truncated_json,      ///< the work is done, the answer has the first half of its text; its status stays
    oversize_body,       ///< the work is done, the answer is `oversize_bytes` long
    no_answer,           ///< the work is done, the connection stays silent for `delay`, then it is closed
    close_mid_body,      ///< the work is done, the connection ends in the middle of the answer
    dribble,             ///< the work is done, the answer comes in small pieces over `delay`
    quota,               ///< more than `quota` calls in a `window`: 429 until the window ends
    token_revoked,       ///< the client's tokens are revoked, then the call goes on: 401
    scope_removed,       ///< 403, as if the token had lost `scope`; nothing is done
    certificate_expired, ///< token calls with a client certificate: 403; nothing is done
    lease_not_honoured,  ///< a poll for work gets what another poll has leased, too
    duplicate_delivery,  ///< a poll gets every item twice; any other call arrives twice
    outage,              ///< for `window`, again `every` so often: TCP reset of every call; nothing is done
};
inline constexpr std::size_t fault_kind_count = static_cast<std::size_t>(FaultKind::outage) + 1;
std::string_view name(FaultKind kind); ///< "dropAnswer"
Result<FaultKind> parse_fault_kind(std::string_view text);

enum class DelaySpread : std::uint8_t {
    fixed,
    uniform,  ///< between `delay` and `delay_max`
    lognormal ///< median `delay`, spread `sigma`, at most `delay_max`
};

/// Empty lists mean "all". Times count from the moment the rule was added, on the wire clock.
struct FaultRule {
    std::string name; ///< unique; made up ("fault-1") when empty
    std::vector<CloudOperation> operations;
    CallPattern call; ///< which of their calls
    /// LMS IDs, SIDs or labels ("role:PROD", "client:000", "tenant:standin"); a rule with systems never meets the token calls.
    std::vector<std::string> systems;
    double probability = 1.0;
    std::optional<std::uint64_t> count; ///< ends after so many firings
    WireDuration after{0};              ///< sleeps before it can fire
    std::optional<WireDuration> until;  ///< time to live, counted like `after`
    FaultKind kind = FaultKind::status;
    int status = 503;
    std::string body; ///< empty: an error body of the contract that names the rule
    std::optional<std::chrono::seconds> retry_after;
    WireDuration delay{0};
    DelaySpread spread = DelaySpread::fixed;
    WireDuration delay_max{0};
    double sigma = 0.5;
    std::size_t oversize_bytes = 20 * 1024 * 1024;
    std::uint64_t quota = 0;
    WireDuration window{0}; ///< of a quota or an outage; 0 for an outage: as long as the rule lives
    WireDuration every{0};  ///< 0: one outage only
    std::string scope;      ///< empty: whichever the operation needs
};

/// Some kinds make sense for some calls only.
bool can_fire(FaultRule const& rule, CloudOperation operation);

/// Unknown keys, kinds and operations are errors with their path and what is allowed, and so is a kind that could never fire there. Durations are texts ("90s").
Result<FaultRule> fault_rule_from_json(nlohmann::json const& json, std::string_view path);
nlohmann::json to_json(FaultRule const& rule);
/// `{"faults":[...]}` or a bare list, as JSON or YAML. Every rule has a name afterwards, its own; at most fault_rules_max.
Result<std::vector<FaultRule>> load_faults(std::string const& file);

/// What a call is, as far as rules look at it.
struct FaultTarget {
    CloudOperation operation = CloudOperation::token;
    std::string_view method, path; ///< "GET"; a query behind the path is passed over
    std::optional<LmsId> lms_id;
    std::optional<SystemId> system;
    std::optional<Client> client;
    std::string_view role, tenant;     ///< "PROD"; empty: not known (yet)
    std::string_view scope;            ///< that the operation needs, or empty
    std::size_t items = 0;             ///< that a poll gets
    std::size_t items_under_lease = 0; ///< that it would get if nobody else had them
    std::uint64_t call =
        0; ///< how many calls of this operation came before from the same identity; makes draws independent
};

/// What goes wrong with one call: a copy, because rules may change while the call waits.
struct FaultHit {
    FaultRule rule;
    WireDuration wait{0}; ///< of the kinds that take time, drawn
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

    /// The first rule that fires for this call. Draws are seeded: one stream per rule and identity.
    std::optional<FaultHit> decide(FaultTarget const& target, WirePoint now);
    /// This firing did nothing: the answer had no text to break. It does not count, and a rule that it ended goes on.
    void take_back(FaultHit const& hit);
    bool idle() const { return rules_.empty(); }

    struct Counted {
        FaultRule rule;
        std::uint64_t met = 0, fired = 0;
        bool ended = false;
        std::uint64_t stream = 0;
        WirePoint added{};
        std::int64_t window = -1;    ///< number of the quota's present window
        std::uint64_t in_window = 0; ///< calls that it met
    };
    std::vector<Counted> const& rules() const { return rules_; }
    std::uint64_t fired() const { return fired_; }
    std::uint64_t fired(FaultKind kind) const { return fired_of_[static_cast<std::size_t>(kind)]; }

private:
    std::uint64_t seed_;
    std::size_t rules_max_;
    std::vector<Counted> rules_;
    std::uint64_t fired_ = 0, made_ = 0;
    std::array<std::uint64_t, fault_kind_count> fired_of_{};
};

} // namespace almd
