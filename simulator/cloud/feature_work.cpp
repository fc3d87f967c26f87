// The rules of the buttons, transport by transport.
#include "simulator/cloud/feature_work.hpp"

#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace almd {

namespace {

std::unexpected<Error> not_allowed(std::string why) {
    return fail(ErrorCode::conflict, std::move(why));
}

struct ButtonRule {
    WorkKind kind;
    std::string_view what;
    bool (*allowed)(FeatureStatus);
    std::string_view statuses;
    TaskKind task;
    std::string_view capability; ///< of the daily diagnostic
};

constexpr std::string_view early = "In Specification, In Implementation or In Testing";
constexpr std::string_view building = "In Implementation or In Testing";
constexpr std::string_view until_deployed =
    "In Implementation, In Testing, Successfully Tested or Ready for Production";

/// Rows of 4.6 are V; those of addUser, deleteEmpty, the checks and retrofit follow their neighbours (I).
constexpr ButtonRule rules[]{
    {WorkKind::create, "transports are created", may_create, early, TaskKind::transports_create_export, "create"},
    {WorkKind::add_user, "users are added to transports", may_create, early, TaskKind::transports_create_export,
     "create"},
    {WorkKind::delete_empty, "empty transports are deleted", may_create, early, TaskKind::transports_create_export,
     "deleteEmpty"},
    {WorkKind::toc, "transports of copies are created", may_copy, building, TaskKind::transports_create_export, "toc"},
    {WorkKind::release, "transports are released", may_release, until_deployed, TaskKind::transports_create_export,
     "release"},
    {WorkKind::check, "import checks are run", may_deploy, until_deployed, TaskKind::transports_check, "check"},
    {WorkKind::export_check, "export checks are run", may_deploy, until_deployed, TaskKind::transports_export_checks,
     "exportCheck"},
    {WorkKind::retrofit, "transports are retrofitted", may_deploy, until_deployed, TaskKind::transports_retrofit,
     "retrofit"},
};

bool is_modifiable(CloudTransport const& transport) {
    auto const status = transport.record.status;
    return status == TrStatus::modifiable || status == TrStatus::modifiable_protected;
}

/// Checks only look, and imports happen elsewhere.
bool are_in_each_others_way(WorkKind one, WorkKind other) {
    auto const changes = [](WorkKind kind) {
        return kind != WorkKind::check && kind != WorkKind::export_check && kind != WorkKind::import;
    };
    return one == other || (changes(one) && changes(other));
}

class OrderPlanner {
public:
    OrderPlanner(DeploymentView const& view, WorkDesk const& work, Feature const& feature, FeatureOrder const& order)
        : view_{view}
        , work_{work}
        , feature_{feature}
        , order_{order} {}

    Result<FeatureOrderPlan> run() {
        rule_ = std::ranges::find(rules, order_.kind, &ButtonRule::kind);
        if (rule_ == std::end(rules)) return fail(ErrorCode::invalid, "imports are asked for with deploy");
        if (!rule_->allowed(feature_.status))
            return not_allowed(fmt::format("feature {} is {}: {} {}", feature_.display_id(), label(feature_.status),
                                           rule_->what, rule_->statuses));
        if (auto good = check_words(); !good) return std::unexpected{good.error()};
        if (order_.kind == WorkKind::create) return create();
        for (auto const& trkorr : order_.transports)
            if (std::ranges::find(feature_.transports, trkorr, &CloudTransportKey::trkorr) == feature_.transports.end())
                return not_allowed(
                    fmt::format("{} is not assigned to feature {}", trkorr.text(), feature_.display_id()));
        for (auto const& key : feature_.transports)
            if (auto taken = take(key); !taken) return std::unexpected{taken.error()};
        if (plan_.parts.empty())
            return not_allowed(plan_.left_out.empty()
                                   ? fmt::format("feature {} has no transports", feature_.display_id())
                                   : fmt::format("nothing to do: {}", fmt::join(plan_.left_out, "; ")));
        return std::move(plan_);
    }

private:
    using Part = FeatureOrderPlan::Part;

    Result<void> check_words() const {
        if (characters(order_.title) > transport_title_max)
            return fail(ErrorCode::invalid, fmt::format("title: at most {} characters", transport_title_max));
        bool const needs_user = order_.kind == WorkKind::create || order_.kind == WorkKind::add_user;
        if (needs_user && order_.owner.empty())
            return fail(ErrorCode::invalid,
                        order_.kind == WorkKind::create ? "owner: a transport needs one" : "user: who is to be added?");
        if (needs_user && !is_user_name(order_.owner))
            return fail(
                ErrorCode::invalid,
                fmt::format("{}: {} is no user name; allowed: 1 to 12 upper-case letters, digits or _ . / # $ & @ -, "
                            "such as DEVELOPER1",
                            order_.kind == WorkKind::create ? "owner" : "user", in_quotes(order_.owner)));
        if (order_.kind == WorkKind::create && is_blank(order_.title))
            return fail(ErrorCode::invalid, "title: a transport needs one");
        if (order_.kind == WorkKind::retrofit) return check_retrofit_target();
        return {};
    }

    /// Same domain, or one with a link to it. What systems report of their domain says nothing of links: for another domain
    /// the system itself has the last word.
    Result<void> check_retrofit_target() const {
        if (!order_.target || !order_.target->system() || !order_.target->client())
            return fail(ErrorCode::invalid, "target: the development system of the other track, such as DEV.100");
        auto const system = *order_.target->system();
        auto const* domain = view_.landscapes.of_system(feature_.tenant, system);
        if (domain == nullptr)
            return not_allowed(fmt::format("{} is in no transport domain that was reported; retrofit needs a target in "
                                           "the same domain or in one that is linked to it",
                                           system.text()));
        return check_is_development(system, domain->landscape);
    }

    /// Where a consolidation route starts and no role says otherwise.
    Result<void> check_is_development(SystemId system, LandscapePush const& landscape) const {
        auto const target = order_.target->text();
        auto const& routes = landscape.consolidation_routes;
        if (std::ranges::find(routes, system, &LandscapePush::ConsolidationRoute::from) == routes.end())
            return not_allowed(fmt::format("{} is no development system: in domain {} no consolidation route starts "
                                           "there; retrofit goes into the development system of the other track",
                                           target, landscape.domain));
        for (auto const slot : view_.registrations.of_system(feature_.tenant, system)) {
            auto const& row = view_.registrations.row(slot);
            if (row.registered && row.role != RegistrationRow::Role::development)
                return not_allowed(
                    fmt::format("{} is no development system: {}:{} is registered with role {}; retrofit "
                                "goes into a system of role DEV",
                                target, system.text(), row.client.text(), name(row.role)));
        }
        return {};
    }

    /// Who does it, if the system's last diagnostic says that it can.
    Result<CloudSlot> able_executor(SystemId system, Client client) const {
        auto slot = executor(view_, feature_.tenant, system, client, rule_->task);
        if (!slot) return slot;
        if (auto good = offers(view_, feature_.tenant, system, client, rule_->capability); !good)
            return std::unexpected{good.error()};
        return slot;
    }

    Result<FeatureOrderPlan> create() {
        if (order_.type != TrFunction::workbench && order_.type != TrFunction::customizing)
            return fail(ErrorCode::invalid, "type: K (workbench) or W (customizing) was expected");
        if (!order_.system || !order_.client)
            return fail(ErrorCode::invalid, "system, client: where is the transport to be created?");
        auto const* domain = view_.landscapes.of_system(feature_.tenant, *order_.system);
        auto const sid = order_.system->text();
        if (domain == nullptr)
            return not_allowed(fmt::format("no landscape with system {} was reported; activate \"Transports: Read "
                                           "Landscape\" in client 000 of its "
                                           "domain controller and wait for its next run",
                                           sid));
        auto const& routes = domain->landscape.consolidation_routes;
        if (std::ranges::find(routes, *order_.system, &LandscapePush::ConsolidationRoute::from) == routes.end())
            return not_allowed(fmt::format("{} has no export route: in domain {} no consolidation route starts there",
                                           sid, domain->landscape.domain));
        auto slot = able_executor(*order_.system, *order_.client);
        if (!slot) return std::unexpected{slot.error()};
        plan_.parts.push_back({*slot,
                               std::nullopt,
                               {},
                               {{"title", order_.title},
                                {"type", std::string(1, static_cast<char>(order_.type))},
                                {"owner", order_.owner}}});
        return std::move(plan_);
    }

    Result<void> take(CloudTransportKey const& key) {
        bool const named = std::ranges::find(order_.transports, key.trkorr) != order_.transports.end();
        if (!named && !order_.transports.empty()) return {};
        auto const* transport = view_.transports.find(key);
        if (transport == nullptr) return {};
        auto parts = parts_of(key, *transport);
        if (!parts) {
            if (named) return std::unexpected{parts.error()};
            plan_.left_out.push_back(parts.error().context);
            return {};
        }
        for (auto& part : *parts) {
            auto const same = std::ranges::find_if(
                plan_.parts, [&](Part const& known) { return known.slot == part.slot && known.target == part.target; });
            if (same == plan_.parts.end())
                plan_.parts.push_back(std::move(part));
            else
                same->transports.push_back(key);
        }
        return {};
    }

    /// Where work on this transport is done, or why it is not.
    Result<std::vector<Part>> parts_of(CloudTransportKey const& key, CloudTransport const& transport) const {
        auto const number = key.trkorr.text();
        for (auto const id : feature_.work) {
            auto const* open = work_.find(id);
            if (open == nullptr || !open->open() || !are_in_each_others_way(open->item.kind, order_.kind)) continue;
            if (std::ranges::find(open->transports, key) != open->transports.end())
                return not_allowed(fmt::format("{}: work \"{}\" on it is {}; wait until it has ended", number,
                                               name(open->item.kind), open->state()));
        }
        switch (order_.kind) {
        case WorkKind::check: return import_checks(key, transport);
        case WorkKind::retrofit:
            if (!transport.is_released())
                return not_allowed(
                    fmt::format("{}: it is {}; retrofit takes released transports", number, transport.status_text()));
            if (*order_.target->system() == transport.record.source_system)
                return not_allowed(fmt::format("{}: it comes from {} itself", number, order_.target->text()));
            return in_source(key, transport, order_.target, {});
        case WorkKind::toc: return copies(key, transport);
        default: break;
        }
        if (!is_modifiable(transport)) return not_allowed(fmt::format("{}: it is {}", number, transport.status_text()));
        if (order_.kind == WorkKind::delete_empty && transport.record.objects > 0)
            return not_allowed(fmt::format("{}: it has {} objects; only empty transports are deleted", number,
                                           transport.record.objects));
        if (order_.kind == WorkKind::add_user) return in_source(key, transport, {}, {{"user", order_.owner}});
        return in_source(key, transport, {}, {});
    }

    Result<std::vector<Part>> in_source(CloudTransportKey const& key, CloudTransport const& transport,
                                        std::optional<TransportTarget> target,
                                        std::map<std::string, std::string> parameters) const {
        auto const& record = transport.record;
        auto slot = able_executor(record.source_system, record.source_client);
        if (!slot)
            return std::unexpected{
                Error{slot.error().code, fmt::format("{}: {}", key.trkorr.text(), slot.error().context)}};
        return std::vector{Part{*slot, target, {key}, std::move(parameters)}};
    }

    Result<std::vector<TrackStop>> track(CloudTransportKey const& key, CloudTransport const& transport) const {
        auto const number = key.trkorr.text();
        if (!transport.record.target)
            return not_allowed(
                fmt::format("{}: it has no target; it is local, or was not reported with one yet", number));
        auto stops = track_of_transport(view_, feature_.tenant, transport);
        if (!stops) return not_allowed(fmt::format("{}: {}", number, stops.error().context));
        return stops;
    }

    Result<std::vector<Part>> copies(CloudTransportKey const& key, CloudTransport const& transport) const {
        auto const number = key.trkorr.text();
        if (!is_modifiable(transport)) // what is released goes its way itself (I)
            return not_allowed(
                fmt::format("{}: it is {}; deploy it instead of a copy", number, transport.status_text()));
        auto const stops = track(key, transport);
        if (!stops) return std::unexpected{stops.error()};
        std::set<int> levels;
        for (auto const& stop : *stops) levels.insert(stop.level);
        if (levels.size() < 2)
            return not_allowed(fmt::format("{}: its track has two systems, {} and {}; transports of copies are not "
                                           "available in two-system landscapes",
                                           number, transport.record.source_system.text(),
                                           stops->front().target.text()));
        auto const title =
            order_.title.empty() ? std::string{first_characters(feature_.title, transport_title_max)} : order_.title;
        return in_source(key, transport, transport.record.target, {{"title", title}});
    }

    /// On production, client 000, for what waits in its queue or was imported there.
    Result<std::vector<Part>> import_checks(CloudTransportKey const& key, CloudTransport const& transport) const {
        auto const number = key.trkorr.text();
        if (!transport.is_released())
            return not_allowed(
                fmt::format("{}: it is {}; import checks take released transports", number, transport.status_text()));
        auto const stops = track(key, transport);
        if (!stops) return std::unexpected{stops.error()};
        std::vector<Part> parts;
        for (auto const& stop : *stops) {
            if (!stop.last || stop.virtual_system) continue;
            auto const production = stop.target.text();
            if (*stop.target.system() == transport.record.source_system)
                return not_allowed(fmt::format("{}: source and target are both {}; import checks need two systems",
                                               number, stop.target.system()->text()));
            auto const missing = std::ranges::find_if(*stops, [&](TrackStop const& before) {
                return before.level < stop.level && !before.virtual_system && !transport.deployed_in(before.target);
            });
            if (!transport.deployed_in(stop.target) && missing != stops->end())
                return not_allowed(fmt::format("{}: it is not in the import queue of {} yet; deploy it to {} first",
                                               number, production, missing->target.text()));
            auto slot = able_executor(*stop.target.system(), client_000);
            if (!slot) return not_allowed(fmt::format("{}: {}", number, slot.error().context));
            parts.push_back({*slot, stop.target, {key}, {}});
        }
        if (parts.empty()) return not_allowed(fmt::format("{}: the end of its track is virtual", number));
        return parts;
    }

    DeploymentView const& view_;
    WorkDesk const& work_;
    Feature const& feature_;
    FeatureOrder const& order_;
    ButtonRule const* rule_ = nullptr;
    FeatureOrderPlan plan_;
};

} // namespace

TaskKind task_of(WorkKind kind) {
    auto const rule = std::ranges::find(rules, kind, &ButtonRule::kind);
    return rule == std::end(rules) ? TaskKind::transports_import : rule->task;
}

Result<FeatureOrderPlan> plan_order(DeploymentView const& view, WorkDesk const& work, Feature const& feature,
                                    FeatureOrder const& order) {
    return OrderPlanner{view, work, feature, order}.run();
}

} // namespace almd
