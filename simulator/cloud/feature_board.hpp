// Features: what a person at the cloud plans, and which statuses and verbs they have (reference/cloud-alm.md 4.6).
#pragma once

#include "simulator/cloud/text_budget.hpp"
#include "simulator/cloud/transport_shelf.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

enum class FeatureStatus : std::uint8_t {
    in_specification,
    in_implementation,
    in_testing,
    successfully_tested,
    ready_for_production,
    deployed,
    not_planned,
};
/// CREATED and IN_REALIZATION are proven for features (V), the other codes are their neighbours (I).
std::string_view code(FeatureStatus status);
std::string_view label(FeatureStatus status); ///< "In Implementation"

enum class FeatureAction : std::uint8_t {
    start_implementation,
    handover_to_test,
    confirm_successful_test,
    approve_for_production,
    confirm_deployment,
    set_to_not_planned,
};
std::string_view name(FeatureAction action); ///< "startImplementation"
Result<FeatureAction> parse_feature_action(std::string_view text);
/// Where the verb leads from here; none: not allowed in this status.
std::optional<FeatureStatus> after(FeatureStatus status, FeatureAction action);

bool may_create(FeatureStatus status); ///< transports
bool may_copy(FeatureStatus status);   ///< transports of copies
bool may_release(FeatureStatus status);
bool may_assign(FeatureStatus status);
bool may_unassign(FeatureStatus status);
bool may_deploy(FeatureStatus status);

/// Of the published API: links that a feature carries.
struct FeatureReference {
    std::string
        id; ///< URL and transport references: a UUID of ours; external ones: what the client says, "jira:ABC-123"
    FeatureId feature;
    std::string name, url;
};

struct Feature {
    FeatureId id;
    std::uint32_t number = 0;
    CloudTenant tenant = 0;
    FeatureStatus status = FeatureStatus::in_specification;
    std::string title, project;
    std::vector<CloudTransportKey> transports;
    std::vector<CloudTransportKey> copies; ///< transports of copies made for it; never assigned
    std::vector<WorkId> work;              ///< asked for here, oldest first
    std::vector<std::string> notes;        ///< what an ended work could not do at the cloud
    TimePoint created_at{}, modified_at{};
    // Beyond what a person needs here; fields of the published API (V as names).
    Uuid project_id;
    int priority = 30; ///< 10 very high, 20 high, 30 medium, 40 low (V)
    std::string description, release_id, scope_id, responsible_id, workstream_id, type, tags;
    std::vector<FeatureReference> url_references, external_references;
    std::vector<FeatureReference> transport_references; ///< written down by hand, never deployed (V)
    std::string display_id() const;                     ///< "6-1"
};
// What was written of it, for the budget; what systems made of it is bounded by what they reported.
std::size_t kept_bytes(FeatureReference const& reference);
std::size_t kept_bytes(Feature const& feature);

class FeatureBoard {
public:
    static constexpr std::size_t title_max = 256, transports_per_feature_max = 1'000, references_max = 100,
                                 work_max = 200, notes_max = 20;

    FeatureBoard(std::uint64_t seed, std::size_t features_max, TextBudget& texts)
        : seed_{seed}
        , max_{features_max}
        , texts_{texts} {}

    Result<void> check_new(std::string_view title) const; ///< what create() would refuse
    /// Errors: those of check_new, and full.
    Result<Feature*> create(CloudTenant tenant, std::string title, std::string project, TimePoint now);
    /// By display ID ("6-1") or UUID.
    Result<Feature*> find(std::string_view name);
    Feature* find(FeatureId id);
    Feature const* find(FeatureId id) const;
    /// Error conflict: it has transports; unassign them first.
    Result<void> remove(FeatureId id);

    /// Refusals say which rule forbids it. The transport learns its feature.
    Result<void> check_assign(Feature const& feature, CloudTransportKey const& key, CloudTransport const& transport);
    Result<void> assign(Feature& feature, CloudTransportKey const& key, CloudTransport& transport, TimePoint now);
    Result<void> unassign(Feature& feature, CloudTransportKey const& key, CloudTransport& transport, TimePoint now);

    static void remember(Feature& feature, WorkId work); ///< the oldest goes over work_max
    static void note(Feature& feature, std::string text);

    std::map<std::uint32_t, Feature> const& all() const { return features_; } ///< by number

private:
    std::uint64_t seed_;
    std::size_t max_;
    TextBudget& texts_;
    std::uint32_t last_number_ = 0;
    std::map<std::uint32_t, Feature> features_; // addresses stay
    std::unordered_map<FeatureId, std::uint32_t, UuidHash<struct FeatureTag>> by_id_;
};

} // namespace almd
