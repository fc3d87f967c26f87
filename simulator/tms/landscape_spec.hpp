// A landscape as plain values: what a configuration file says and what a fleet shares as its template.
#pragma once

#include "proto/ids.hpp"
#include "simulator/abap/system_spec.hpp"
#include "simulator/kernel/time.hpp"
#include "simulator/tms/behaviour.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct ConsolidationRouteSpec {
    SystemId from;
    std::string layer;
    TransportTarget to;
};
struct DeliveryRouteSpec {
    SystemId from;
    std::optional<Client> from_client; ///< there is one exactly with client-specific routes
    TransportTarget to;

    std::string text() const; ///< "QUA.200 > PRD.300"
    friend bool operator==(DeliveryRouteSpec const&, DeliveryRouteSpec const&) = default;
};
struct TargetGroupSpec {
    std::string name; ///< "/QGRP/"
    std::vector<TransportTarget> members;
};

/// Another domain whose controller is permanently connected; it counts when both sides have confirmed it (V).
struct DomainLinkSpec {
    std::string domain;
    bool confirmed = true;
};

/// The three predefined steps of QA approval (names and order I).
enum class ApprovalStep : std::uint8_t { request_owner, user_department, system_administration };
inline constexpr std::array all_approval_steps{ApprovalStep::request_owner, ApprovalStep::user_department,
                                               ApprovalStep::system_administration};
std::string_view name(ApprovalStep step); ///< "request_owner"
Result<ApprovalStep> parse_approval_step(std::string_view text);

/// What was imported into this QA system is imported into its delivery targets only after all of these steps (V).
struct ApprovalSpec {
    SystemId system;
    std::vector<ApprovalStep> steps;
};

struct TmsSpec {
    std::string domain; ///< empty: DOMAIN_<controller>
    SystemId controller;
    std::optional<SystemId> backup_controller;
    bool ctc = true;
    std::vector<std::string> layers;
    std::vector<ConsolidationRouteSpec> consolidation_routes;
    std::vector<DeliveryRouteSpec> delivery_routes;
    std::vector<TargetGroupSpec> target_groups;
    std::vector<DomainLinkSpec> domain_links;
    std::vector<ApprovalSpec> approvals;
};

/// tp profile of the domain. STOPONERROR and REPEATONERROR: the sample system of the guide has 9 and 8 (V); other
/// sources remember 9 and 9 (I).
struct TpProfile {
    int stop_on_error = 9;
    int repeat_on_error = 8;
    bool no_import_all = true;
    bool versions_at_import = false; ///< VERS_AT_IMP (name V, default I): step V runs
    /// How long an import takes (I): a call costs `per_call`, each request `per_request` more, each object
    /// `per_object` by its kind (import_steps.hpp); `time_spread` 0.2: each request between 0.8 and 1.2 of that.
    Duration per_call = 8s, per_request = 4s, per_object = 150ms;
    double time_spread = 0.2;
    double failing_share = 0.0;     ///< share of imports that end with 8
    double warning_share = 0.05;    ///< share that end with 4
    double terminating_share = 0.0; ///< share that end with 12
    bool component_check = true;    ///< compare component versions at import; a tool parameter in a real system (I)
    /// A component that only the target has is a mismatch too. That additional components count is V, on which side they
    /// must stand is not said: the stricter reading (I).
    bool extra_target_components_block = true;
    /// TMSBUFFER-IMPFLG of each EntryState (the flags V, which state shows which one I).
    std::array<char, 12> import_flags{'1', '1', '2', '1', '1', '5', '1', '4', '4', '1', '1', '1'};
    Duration batch_poll = 5s; ///< how often tp looks for a work process for RDDIMPDP (I)
    int log_rows = 2000;      ///< kept of each of ALOG, SLOG and ULOG in a landscape; those of a fleet keep none
    friend bool operator==(TpProfile const&, TpProfile const&) = default;
};

/// A request that exists when the world starts.
struct RequestSpec {
    SystemId system;
    Client client{100};
    TrFunction function = TrFunction::workbench; ///< K or W
    std::string text, owner = "DEVELOPER";
    std::vector<std::string> objects; ///< "R3TR PROG ZPROG"; may be empty
    bool released = true;
    std::string alias; ///< a name for the story; empty: none
};

/// What /SDF/ALM_DIAGNOSTIC calls a recent and an outdated ST-PI (I: the guide asks for the latest or the second latest
/// support package; SP34 is the last it names).
struct StPiLimits {
    StPiLevel recent{740, 32}, outdated_below{740, 27};
};

struct LandscapeSpec {
    std::vector<SystemSpec> systems;
    TmsSpec tms;
    TpProfile tp;
    StPiLimits st_pi;
    std::vector<RequestSpec> requests;
    std::vector<Behaviour> import_behaviours; ///< for every import, whoever starts it; the tp profile draws the rest
};

/// DEV:100 > QUA:200 > PRD:300, domain controller PRD, CTC=1, a few released requests: the built-in demo.
LandscapeSpec three_tier_landscape();
/// S4H:100 > S4H:200 > S4H:300, the one-system test landscape of the guide: the routes go from client to client.
LandscapeSpec one_system_landscape();

} // namespace almd
