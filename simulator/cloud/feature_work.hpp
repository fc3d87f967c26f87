// What a person asks of the transports of a feature (create, ToC, release, checks, retrofit): which registration does what,
// decided without doing it.
#pragma once

#include "simulator/cloud/deployment.hpp"
#include "simulator/cloud/work_desk.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// One press of a button in the Features app. Imports are deployments (deployment.hpp).
struct FeatureOrder {
    WorkKind kind = WorkKind::release;
    std::vector<TrRequest> transports{}; ///< of the feature; empty: all that it can be done with
    std::string title{};                 ///< of a created transport or a ToC; the feature's without one
    std::string owner{};                 ///< of a created transport; addUser: who is added
    TrFunction type = TrFunction::workbench;
    std::optional<SystemId> system{}; ///< create: where, with the client
    std::optional<Client> client{};
    std::optional<TransportTarget> target{}; ///< retrofit: SID.CLIENT of the other development system
};

struct FeatureOrderPlan {
    struct Part {
        CloudSlot slot = no_cloud_slot; ///< registration that does it
        std::optional<TransportTarget> target;
        std::vector<CloudTransportKey> transports;
        std::map<std::string, std::string> parameters;
    };
    std::vector<Part> parts;
    std::vector<std::string> left_out; ///< "DEVK900003: it is released"
};

inline constexpr std::size_t transport_title_max = 60; ///< AS4TEXT (V, reference/cts-tms.md)

/// The task of /SDF/ALM_SETUP that does work of this kind.
TaskKind task_of(WorkKind kind);

/// Rules: reference/cloud-alm.md 4.5 to 4.7. Where 4.6 has no row for a button the statuses are inferred (I). A transport
/// that is named and may not is an error (conflict), one that was not named is left out.
Result<FeatureOrderPlan> plan_order(DeploymentView const& view, WorkDesk const& work, Feature const& feature,
                                    FeatureOrder const& order);

} // namespace almd
