// What a deploy action means: which transports go to which target next, decided without doing it.
#pragma once

#include "simulator/cloud/feature_board.hpp"
#include "simulator/cloud/landscape_book.hpp"
#include "simulator/cloud/use_case_board.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace almd {

/// The state that a deployment is decided from.
struct DeploymentView {
    RegistrationBook const& registrations;
    UseCaseBoard const& use_cases;
    LandscapeBook const& landscapes;
    TransportShelf const& transports;
};

struct DeploymentPlan {
    struct Import {
        TransportTarget target;
        CloudSlot slot; ///< registration of client 000 that does it
        std::vector<CloudTransportKey> transports;
    };
    std::vector<Import> imports;
    std::vector<std::string> left_out; ///< "DEVK900003: not released"
};

/// All features as one subset. Error conflict: why not, and what to do.
Result<DeploymentPlan> plan_deployment(DeploymentView const& view, std::span<Feature const* const> features,
                                       std::optional<TransportTarget> target);

/// Error conflict: a transport of the feature has not reached the end of its track.
Result<void> may_confirm_deployment(DeploymentView const& view, Feature const& feature);
/// Error conflict: a system at the end of a track does not have the role PROD (V: "fails when system roles are wrong").
Result<void> may_approve_for_production(DeploymentView const& view, Feature const& feature);

} // namespace almd
