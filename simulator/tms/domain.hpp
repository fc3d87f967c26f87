// A transport domain: its systems, layers, target groups and routes, and the questions that release and import ask of
// them.
#pragma once

#include "simulator/tms/landscape_identity.hpp"
#include "simulator/tms/landscape_spec.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// A view on the specification, which must outlive it, with the landscape's own SIDs put in; a changed configuration is
/// its own. Lists are made when asked for; spans and views in them are good until the next change.
class TransportDomain {
public:
    struct System {
        SystemId id;
        bool virtual_system = false, external_system = false;
        std::string_view transport_group, description;
    };

    TransportDomain(LandscapeSpec const& spec, LandscapeIdentity identity)
        : spec_{&spec}
        , identity_{identity} {}

    std::string name() const; ///< DOMAIN_<controller> unless the specification names one
    SystemId controller() const;
    std::optional<SystemId> backup_controller() const;
    /// Client-specific routes. Without them targets have no client, and Cloud ALM cannot deploy what was released (V).
    bool ctc() const { return configuration().tms.ctc; }
    /// Of the configuration: each activated change makes a new one (V).
    std::int64_t version() const { return changed_ ? changed_->version : 1; }
    /// The configuration as values, in own SIDs: what a change starts from.
    LandscapeSpec spelled_out() const;
    /// Free of findings, in own SIDs; it becomes the next version.
    void activate(LandscapeSpec configuration);

    std::size_t system_count() const { return configuration().systems.size(); }
    std::vector<System> systems() const;
    std::span<std::string const> layers() const { return configuration().tms.layers; }
    std::vector<TargetGroupSpec> target_groups() const;
    std::vector<ConsolidationRouteSpec> consolidation_routes() const;
    std::vector<DeliveryRouteSpec> delivery_routes() const;

    /// Place of an own SID in the specification.
    std::optional<std::size_t> index_of(SystemId own) const;

    /// The layer that customizing and unassigned development of a system goes through: the first one with a route from
    /// it, by default Z<SID> (I). None: the system has no consolidation route, its requests are local (V).
    std::optional<std::string_view> standard_layer(SystemId system) const;
    /// "QUA.200", "/QGRP/", with CTC=0 "QUA"; none: no route, the request is local (V).
    std::optional<TransportTarget> consolidation_target(SystemId system, std::string_view layer) const;
    /// Where tp forwards to after an import into system and client; groups are resolved.
    std::vector<TransportTarget> delivery_targets(SystemId system, std::optional<Client> client) const;
    /// A group's members, or the target itself.
    std::vector<TransportTarget> resolve(TransportTarget const& target) const;

    /// Something is consolidated or delivered to exactly this place.
    bool has_route_to(TransportTarget const& target) const;
    bool has_export_route(SystemId system) const { return standard_layer(system).has_value(); }
    bool has_import_route(SystemId system) const; ///< something is consolidated or delivered to it
    /// They share a transport directory; data files need not be copied between them (V).
    bool same_transport_group(SystemId a, SystemId b) const;
    /// This domain, or one that is linked to it and has confirmed the link (V).
    bool reaches_domain(std::string_view domain) const;
    /// Through which a virtual system is administrated; none: the system is real or unknown.
    std::optional<SystemId> communication_system(SystemId system) const;
    std::vector<SystemId> approval_systems() const; ///< QA systems with an approval procedure
    /// Active steps of the approval procedure of a QA system; empty: it has none.
    std::span<ApprovalStep const> approval_steps(SystemId qa_system) const;
    bool has_approvals() const { return !configuration().tms.approvals.empty(); }
    /// Imported into, and nothing is delivered from there: production, whatever its role says (V).
    bool is_last_in_track(TransportTarget const& target) const;

private:
    SystemSpec const* find(SystemId own_sid) const;
    SystemId own(SystemId of_spec) const;
    TransportTarget own(TransportTarget const& of_spec) const;
    SystemId of_spec(SystemId own_sid) const;

    struct Changed {
        LandscapeSpec configuration; ///< in own SIDs
        std::int64_t version = 1;
    };
    LandscapeSpec const& configuration() const { return changed_ ? changed_->configuration : *spec_; }
    bool renamed() const { return identity_.of_fleet && !changed_; } ///< configuration() has the template's SIDs
    SystemId sid_at(std::size_t index) const;

    LandscapeSpec const* spec_;
    LandscapeIdentity identity_;
    std::unique_ptr<Changed> changed_; ///< copy on write: null while it is like its specification
};

} // namespace almd
