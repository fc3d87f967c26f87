// Everything the stand-in knows, in one place: what its doors (dialogue, admin, the person's verbs) work on.
#pragma once

#include "proto/messages/discovery.hpp"
#include "simulator/cloud/cloud_ledger.hpp"
#include "simulator/cloud/deployment.hpp"
#include "simulator/cloud/event_board.hpp"
#include "simulator/cloud/faults.hpp"
#include "simulator/cloud/idempotency_memory.hpp"
#include "simulator/cloud/journal.hpp"
#include "simulator/cloud/plan_board.hpp"
#include "simulator/cloud/project_board.hpp"
#include "simulator/cloud/settings.hpp"
#include "simulator/cloud/telemetry_shelf.hpp"
#include "simulator/cloud/text_budget.hpp"
#include "simulator/cloud/token_issuer.hpp"
#include "simulator/kernel/shard.hpp"

#include <optional>
#include <string_view>
#include <unordered_map>

namespace almd {

struct CloudState {
    CloudState(Shard& shard, CloudSettings given);

    Shard& shard;
    CloudSettings settings;
    TokenIssuer tokens;
    RegistrationBook registrations;
    UseCaseBoard use_cases;
    LandscapeBook landscapes;
    TransportShelf transports;
    TextBudget texts; ///< one for the four boards of what is written
    ProjectBoard projects;
    PlanBoard plans;
    FeatureBoard features;
    EventBoard events;
    WorkDesk work;
    IdempotencyMemory idempotency;
    FaultEngine faults;
    CloudLedger ledger;
    TelemetryShelf telemetry;
    std::string public_origin{"https://localhost:8443"}, mtls_origin{"https://localhost:8444"}; ///< as clients reach us
    std::uint64_t references = 0; ///< URL references ever made
    Journal journal;
    // Last reports, as long as there is room (settings.limits.registration_details_max).
    std::unordered_map<CloudSlot, Discovery> discoveries;
    std::unordered_map<CloudSlot, Diagnostics> diagnostics;

    TimePoint now() const { return shard.clock().now(); }
    WirePoint wire() const { return shard.wire().now(); }
    DeploymentView view() const { return {registrations, use_cases, landscapes, transports, diagnostics}; }
    /// Error not_found lists the tenants. Empty: the first one.
    Result<CloudTenant> tenant(std::string_view name) const;
    CloudSlot find(LmsId id) const; ///< in any tenant
    /// A new feature in a project that is named by its name or UUID; empty: the default one.
    Result<Feature*> create_feature(CloudTenant tenant, std::string title, std::string project);
    /// The project of the feature works with this system (V: only systems of a group of its deployment plan).
    Result<void> check_sees(Feature const& feature, SystemId system) const;
    /// Nothing that was asked for this transport is still to be done.
    Result<void> check_idle(Feature const& feature, CloudTransportKey const& key) const;
    /// A step of the feature's way, if its status and its transports allow it.
    Result<void> act(Feature& feature, FeatureAction action);
    /// What a final result means for the transports and features of the item.
    void apply(CloudWork const& work);
    /// Work that was taken back was done all the same: its transports are where it brought them. Error conflict: the same was
    /// ordered again meanwhile, so that it may be done twice.
    Result<void> learn_late(CloudWork const& work, WorkResult result);
    /// The feature may move there: nothing is under way, and the project works with the systems of its transports.
    Result<void> check_move(Feature const& feature, Project const& project) const;
    /// Nobody is to do it any more: it has failed, for this reason.
    void cancel(WorkId id, std::string reason);
    /// Open work that was asked for here. nullptr: none.
    CloudWork const* open_work_of(Feature const& feature) const;
};

} // namespace almd
