// A change of the TMS configuration while it runs: what becomes of the landscape, or why it is refused.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace almd {

/// A real, virtual or external system comes into the domain; no route leads to it yet.
struct AddSystem {
    SystemSpec system;
};
/// The real system keeps the SID, the clients that routes lead to, and what waits in the buffer.
struct ReplaceVirtualSystem {
    SystemSpec system;
};
struct AddDeliveryRoute {
    DeliveryRouteSpec route;
};
struct DeleteDeliveryRoute {
    DeliveryRouteSpec route;
};
/// The route leads to another place from now on.
struct ChangeDeliveryRoute {
    DeliveryRouteSpec route;
    TransportTarget to;
};
/// The way to a new system that changes no consolidation route: the route leads to a group, the group grows (V).
struct AddGroupMember {
    std::string group; ///< "/QGRP/"
    TransportTarget member;
};
struct RemoveGroupMember {
    std::string group;
    TransportTarget member;
};
/// The backup controller is activated as domain controller; they change places (that the old one is the backup then: I).
struct ActivateBackupController {};
/// Out of its track and of the domain, with the delivery routes from and to it.
struct DeleteSystem {
    SystemId system;
};
/// Switching client-specific routes on or off; always refused.
struct SwitchCtc {
    bool ctc;
};

using ConfigurationChange =
    std::variant<AddSystem, ReplaceVirtualSystem, AddDeliveryRoute, DeleteDeliveryRoute, ChangeDeliveryRoute,
                 AddGroupMember, RemoveGroupMember, ActivateBackupController, DeleteSystem, SwitchCtc>;

struct ConfigurationDraft {
    LandscapeSpec after;
    std::vector<std::string> warnings; ///< what Cloud ALM supports in part only (V), each a sentence
};

inline constexpr std::size_t landscape_systems_max = 64; ///< as in a configuration file

/// The landscape after the change, free of findings. Error: not_found for a system or route that is not there; conflict
/// with all findings of the consistency check, with the reason why the change makes no sense, or with "warning: ..."
/// for what Cloud ALM does not support (reference/cts-tms.md 2.3, V).
Result<ConfigurationDraft> draft_change(LandscapeSpec before, ConfigurationChange const& change);

/// "delivery route QUA.200 > PRD.300 added", for the list of versions.
std::string describe(ConfigurationChange const& change);

/// The system that a change brings along; null: none.
SystemSpec const* new_system(ConfigurationChange const& change);

} // namespace almd
