// Drafting a change of the TMS configuration.
#include "simulator/tms/configuration_change.hpp"

#include "simulator/tms/consistency.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view routes_by_hand =
    "SAP Cloud ALM supports changed delivery routes in part only: what was imported before stays out of the new "
    "import queue and remains in the old one; correct the queues by hand";

std::unexpected<Error> not_supported(std::string_view what) {
    return fail(ErrorCode::conflict, fmt::format("warning: SAP Cloud ALM does not support {}", what));
}

class Drafting {
public:
    explicit Drafting(LandscapeSpec before)
        : draft_{std::move(before), {}} {}

    Result<void> operator()(AddSystem const& add) {
        auto const sid = add.system.id;
        if (find(sid) != systems().end())
            return fail(ErrorCode::conflict,
                        fmt::format("{} is in the domain already: a system ID is unique in it", sid.text()));
        if (systems().size() >= landscape_systems_max)
            return fail(ErrorCode::conflict,
                        fmt::format("the domain has {} systems: more are not possible", systems().size()));
        systems().push_back(add.system);
        if (add.system.virtual_system) warn_of_virtual(sid);
        return {};
    }

    Result<void> operator()(ReplaceVirtualSystem const& replace) {
        auto const sid = replace.system.id;
        auto const at = find(sid);
        if (at == systems().end()) return unknown(sid);
        if (is_development(sid)) return not_supported(fmt::format("replacing the development system ({})", sid.text()));
        if (!at->virtual_system)
            return fail(ErrorCode::conflict,
                        fmt::format("{} is a real system: only a virtual one can be replaced", sid.text()));
        if (replace.system.virtual_system)
            return fail(ErrorCode::conflict,
                        fmt::format("{} would be virtual again: a real system replaces a virtual one", sid.text()));
        *at = replace.system;
        warn("imports into {0} that wait are done as soon as task \"Transports: Import\" is active in client 000 of "
             "{0}",
             sid.text());
        return {};
    }

    Result<void> operator()(AddDeliveryRoute const& add) {
        if (find(add.route) != routes().end()) return there_already(add.route);
        routes().push_back(add.route);
        warn("{}", routes_by_hand);
        return {};
    }

    Result<void> operator()(DeleteDeliveryRoute const& remove) {
        auto const at = find(remove.route);
        if (at == routes().end()) return unknown(remove.route);
        routes().erase(at);
        drop_idle_approvals();
        warn("{}", routes_by_hand);
        return {};
    }

    Result<void> operator()(ChangeDeliveryRoute const& change) {
        auto const at = find(change.route);
        if (at == routes().end()) return unknown(change.route);
        DeliveryRouteSpec const changed{at->from, at->from_client, change.to};
        if (find(changed) != routes().end()) return there_already(changed);
        *at = changed;
        warn("{}", routes_by_hand);
        return {};
    }

    Result<void> operator()(AddGroupMember const& add) {
        auto const group = find(add.group);
        if (group == tms().target_groups.end()) return unknown(add.group);
        group->members.push_back(add.member);
        return {};
    }

    Result<void> operator()(RemoveGroupMember const& remove) {
        auto const group = find(remove.group);
        if (group == tms().target_groups.end()) return unknown(remove.group);
        if (std::erase(group->members, remove.member) == 0)
            return fail(ErrorCode::not_found,
                        fmt::format("{} is not in target group {}", remove.member.text(), remove.group));
        warn("{}", routes_by_hand);
        return {};
    }

    Result<void> operator()(ActivateBackupController const&) {
        if (!tms().backup_controller)
            return fail(ErrorCode::conflict, "the domain has no backup controller that could take over");
        std::swap(tms().controller, *tms().backup_controller);
        return {};
    }

    /// What is consolidated to it has no other way; that is a change of consolidation routes, made there first.
    Result<void> operator()(DeleteSystem const& remove) {
        auto const sid = remove.system;
        auto const at = find(sid);
        if (at == systems().end()) return unknown(sid);
        if (is_development(sid)) return not_supported(fmt::format("deleting the development system ({})", sid.text()));
        for (auto const& route : tms().consolidation_routes)
            if (route.to.system() == sid)
                return not_supported(
                    fmt::format("changing consolidation routes, and {} is the consolidation target of {}", sid.text(),
                                route.from.text()));
        systems().erase(at);
        std::erase_if(routes(), [&](auto const& route) { return route.from == sid || route.to.system() == sid; });
        for (auto& group : tms().target_groups)
            std::erase_if(group.members, [&](auto const& member) { return member.system() == sid; });
        drop_idle_approvals();
        warn("SAP Cloud ALM supports deleting a system from a track in part only: empty the import queue of {} by "
             "hand; what was deployed there stays visible",
             sid.text());
        return {};
    }

    Result<void> operator()(SwitchCtc const& change) {
        if (change.ctc == tms().ctc)
            return fail(ErrorCode::conflict, fmt::format("CTC is {} already", change.ctc ? 1 : 0));
        return not_supported(
            "switching client-specific routes on or off: requests that were released before have targets of the old "
            "kind, and import queues must be empty");
    }

    Result<ConfigurationDraft> finish() {
        std::string all;
        for (auto const& finding : check_landscape(draft_.after))
            all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", finding.path, finding.text);
        if (!all.empty()) return fail(ErrorCode::conflict, std::move(all));
        return std::move(draft_);
    }

private:
    std::vector<SystemSpec>& systems() { return draft_.after.systems; }
    TmsSpec& tms() { return draft_.after.tms; }
    std::vector<DeliveryRouteSpec>& routes() { return tms().delivery_routes; }

    std::vector<SystemSpec>::iterator find(SystemId sid) { return std::ranges::find(systems(), sid, &SystemSpec::id); }
    std::vector<DeliveryRouteSpec>::iterator find(DeliveryRouteSpec const& wanted) {
        return std::ranges::find(routes(), wanted);
    }
    std::vector<TargetGroupSpec>::iterator find(std::string_view group) {
        return std::ranges::find(tms().target_groups, group, &TargetGroupSpec::name);
    }
    bool is_development(SystemId sid) {
        return std::ranges::find(tms().consolidation_routes, sid, &ConsolidationRouteSpec::from) !=
               tms().consolidation_routes.end();
    }
    /// A procedure ends with the last delivery route of its QA system.
    void drop_idle_approvals() {
        std::erase_if(tms().approvals, [&](ApprovalSpec const& approval) {
            return std::ranges::find(routes(), approval.system, &DeliveryRouteSpec::from) == routes().end();
        });
    }

    static std::unexpected<Error> unknown(SystemId sid) {
        return fail(ErrorCode::not_found, fmt::format("there is no system {} in the transport domain", sid.text()));
    }
    static std::unexpected<Error> unknown(DeliveryRouteSpec const& route) {
        return fail(ErrorCode::not_found, fmt::format("there is no delivery route {}", route.text()));
    }
    static std::unexpected<Error> there_already(DeliveryRouteSpec const& route) {
        return fail(ErrorCode::conflict, fmt::format("there is a delivery route {} already", route.text()));
    }
    static std::unexpected<Error> unknown(std::string const& group) {
        return fail(ErrorCode::not_found, fmt::format("there is no target group {}", group));
    }
    template <class... Args>
    void warn(fmt::format_string<Args...> format, Args&&... args) {
        draft_.warnings.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
    void warn_of_virtual(SystemId sid) {
        warn("{} is virtual: SAP Cloud ALM schedules no deployment for it and confirms no feature until a real system "
             "replaces it",
             sid.text());
    }

    ConfigurationDraft draft_;
};

struct Describing {
    std::string operator()(AddSystem const& add) const {
        auto const* kind = add.system.external_system ? "external" : add.system.virtual_system ? "virtual" : "real";
        return fmt::format("{} system {} added", kind, add.system.id.text());
    }
    std::string operator()(ReplaceVirtualSystem const& replace) const {
        return fmt::format("virtual system {} replaced by a real one", replace.system.id.text());
    }
    std::string operator()(AddDeliveryRoute const& add) const {
        return fmt::format("delivery route {} added", add.route.text());
    }
    std::string operator()(DeleteDeliveryRoute const& remove) const {
        return fmt::format("delivery route {} deleted", remove.route.text());
    }
    std::string operator()(ChangeDeliveryRoute const& change) const {
        return fmt::format("delivery route {} leads to {}", change.route.text(), change.to.text());
    }
    std::string operator()(AddGroupMember const& add) const {
        return fmt::format("{} added to target group {}", add.member.text(), add.group);
    }
    std::string operator()(RemoveGroupMember const& remove) const {
        return fmt::format("{} removed from target group {}", remove.member.text(), remove.group);
    }
    std::string operator()(ActivateBackupController const&) const { return "backup domain controller activated"; }
    std::string operator()(DeleteSystem const& remove) const {
        return fmt::format("system {} deleted", remove.system.text());
    }
    std::string operator()(SwitchCtc const& change) const { return fmt::format("CTC={}", change.ctc ? 1 : 0); }
};

} // namespace

Result<ConfigurationDraft> draft_change(LandscapeSpec before, ConfigurationChange const& change) {
    Drafting drafting{std::move(before)};
    if (auto const made = std::visit(drafting, change); !made) return std::unexpected{made.error()};
    return drafting.finish();
}

std::string describe(ConfigurationChange const& change) {
    return std::visit(Describing{}, change);
}

SystemSpec const* new_system(ConfigurationChange const& change) {
    if (auto const* add = std::get_if<AddSystem>(&change)) return &add->system;
    if (auto const* replace = std::get_if<ReplaceVirtualSystem>(&change)) return &replace->system;
    return nullptr;
}

} // namespace almd
