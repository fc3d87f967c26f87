// What a deploy action means: which transports go to which target next, decided without doing it.
#pragma once

#include "proto/messages/discovery.hpp"
#include "simulator/cloud/feature_board.hpp"
#include "simulator/cloud/landscape_book.hpp"
#include "simulator/cloud/use_case_board.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

/// The state that a deployment is decided from.
struct DeploymentView {
    RegistrationBook const& registrations;
    UseCaseBoard const& use_cases;
    LandscapeBook const& landscapes;
    TransportShelf const& transports;
    std::unordered_map<CloudSlot, Diagnostics> const& diagnostics; ///< the last ones
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

/// The way of a transport that has a target, nearest stop first. Error conflict: no landscape, or no route.
Result<std::vector<TrackStop>> track_of_transport(DeploymentView const& view, CloudTenant tenant,
                                                  CloudTransport const& transport);
/// The last diagnostic of a system: of this client, or of client 000, where it is run. nullptr: none came yet.
Diagnostics const* last_diagnostic(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client);
/// Error conflict: the last diagnostic of the system does not offer it; none yet: it may be tried. The words are those of the
/// contract: create, release, toc, deleteEmpty, import, check, exportCheck, retrofit.
Result<void> offers(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client,
                    std::string_view capability);
/// False: without ST-PI SP31 and note 3623614 a failed import is shown as successful (V, reference/cloud-alm.md 4.5).
bool tells_failures(Diagnostics const& diagnostics);
/// The registration that does work of this task for a system and client. Error conflict: not registered, or the task is not
/// active in that client (V: client-specific tasks are active in the working client, the others in 000).
Result<CloudSlot> executor(DeploymentView const& view, CloudTenant tenant, SystemId system, Client client,
                           TaskKind task);

/// All features as one subset. Error conflict: why not, and what to do.
Result<DeploymentPlan> plan_deployment(DeploymentView const& view, std::span<Feature const* const> features,
                                       std::optional<TransportTarget> target);

/// Error conflict: a transport of the feature has not reached the end of its track.
Result<void> may_confirm_deployment(DeploymentView const& view, Feature const& feature);
/// Error conflict: a system at the end of a track does not have the role PROD (V: "fails when system roles are wrong").
Result<void> may_approve_for_production(DeploymentView const& view, Feature const& feature);

} // namespace almd
