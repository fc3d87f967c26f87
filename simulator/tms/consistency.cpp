// The rules of a consistent landscape, each as one finding.
#include "simulator/tms/consistency.hpp"

#include "simulator/abap/texts.hpp"
#include "simulator/cts/object_locks.hpp"
#include "simulator/cts/request.hpp"
#include "simulator/kernel/characters.hpp"
#include "simulator/tms/route_loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace almd {

namespace {

class Check {
public:
    explicit Check(LandscapeSpec const& spec)
        : spec_{spec}
        , tms_{spec.tms} {}

    std::vector<ConsistencyFinding> run() {
        systems();
        if (sid_twice_) return std::move(findings_); // nobody knows which of the two a name means
        domain();
        client_specific();
        layers();
        for (std::size_t i = 0; i < tms_.target_groups.size(); ++i) group(i);
        for (std::size_t i = 0; i < tms_.consolidation_routes.size(); ++i) consolidation(i);
        for (std::size_t i = 0; i < tms_.delivery_routes.size(); ++i) delivery(i);
        links();
        for (std::size_t i = 0; i < tms_.approvals.size(); ++i) approval(i);
        if (findings_.empty()) starts(); // what goes on from broken routes would only repeat what was said
        if (findings_.empty()) loops();
        requests();
        return std::move(findings_);
    }

private:
    template <class... Args>
    void found(std::string path, fmt::format_string<Args...> format, Args&&... args) {
        findings_.push_back({std::move(path), fmt::format(format, std::forward<Args>(args)...)});
    }

    SystemSpec const* find(SystemId id) const {
        auto const at = std::ranges::find(spec_.systems, id, &SystemSpec::id);
        return at == spec_.systems.end() ? nullptr : &*at;
    }
    /// Where one is there twice, the other name of the two is the one that is missing.
    bool has_client(SystemId id, Client client) const {
        auto const* system = find(id);
        return system && (client_twice_.contains(id) ||
                          std::ranges::find(system->clients, client, &ClientSpec::number) != system->clients.end());
    }
    TargetGroupSpec const* find_group(std::string_view name) const {
        auto const at = std::ranges::find(tms_.target_groups, name, &TargetGroupSpec::name);
        return at == tms_.target_groups.end() ? nullptr : &*at;
    }
    std::vector<TransportTarget> resolve(TransportTarget const& target) const {
        if (!target.is_group()) return {target};
        auto const* members = find_group(target.text());
        return members ? members->members : std::vector<TransportTarget>{};
    }
    std::string sids() const {
        std::string all;
        for (auto const& system : spec_.systems) all.append(all.empty() ? "" : ", ").append(system.id.text());
        return all;
    }

    void systems() {
        if (spec_.systems.empty()) found("systems", "there is no system: a landscape has at least one");
        std::set<SystemId> seen;
        for (std::size_t i = 0; i < spec_.systems.size(); ++i) {
            auto const& system = spec_.systems[i];
            auto const path = fmt::format("systems[{}]", i);
            if (!seen.insert(system.id).second) {
                sid_twice_ = true;
                found(path + ".id", "{} is there twice: a system ID is unique in a landscape", system.id.text());
            }
            stand_in(path, system);
            if (!has_client(system.id, client_000))
                found(path + ".clients", "client 000 is missing: every ABAP system has one");
            std::set<Client> clients;
            for (std::size_t c = 0; c < system.clients.size(); ++c)
                if (!clients.insert(system.clients[c].number).second) {
                    client_twice_.insert(system.id);
                    found(fmt::format("{}.clients[{}].number", path, c), "client {} is there twice",
                          system.clients[c].number.text());
                }
        }
    }

    /// Virtual and external systems: placeholders that a real one speaks for.
    void stand_in(std::string const& path, SystemSpec const& system) {
        if (system.external_system && !system.virtual_system)
            found(path + ".external", "{} is external and real: an external system is a virtual one", system.id.text());
        auto const shares = [&](SystemSpec const& other) {
            return other.id != system.id && other.transport_group == system.transport_group;
        };
        if (system.external_system && std::ranges::any_of(spec_.systems, shares))
            found(path + ".transport_group", "{} is external: its transport group {} belongs to no other system",
                  system.id.text(), system.transport_group);
        if (!system.communication_system) return;
        auto const* speaker = find(*system.communication_system);
        if (!system.virtual_system)
            found(path + ".communication_system", "{} is real: only a virtual system needs one", system.id.text());
        else if (!speaker || speaker->virtual_system)
            found(path + ".communication_system", "{} is not a real system of the landscape: one of {}",
                  system.communication_system->text(), sids());
    }

    void domain() {
        auto const* controller = find(tms_.controller);
        if (tms_.controller == SystemId{})
            found("tms.controller", "the domain controller is missing: one of {}", sids());
        else if (!controller)
            found("tms.controller", "{} is not a system of the landscape: one of {}", tms_.controller.text(), sids());
        else if (controller->virtual_system)
            found("tms.controller", "{} is virtual: the domain controller is a real system", tms_.controller.text());
        if (tms_.backup_controller && !find(*tms_.backup_controller))
            found("tms.backup_controller", "{} is not a system of the landscape: one of {}",
                  tms_.backup_controller->text(), sids());
        else if (tms_.backup_controller)
            backup(controller, *find(*tms_.backup_controller));
        if (tms_.backup_controller == tms_.controller && controller)
            found("tms.backup_controller", "{} is the domain controller itself", tms_.controller.text());
        if (characters(tms_.domain) > 10)
            found("tms.domain", "\"{}\" is too long: a domain name has at most 10 characters", tms_.domain);
    }

    void backup(SystemSpec const* controller, SystemSpec const& backup) {
        if (backup.virtual_system)
            found("tms.backup_controller", "{} is virtual: the backup controller is a real system", backup.id.text());
        auto const release = [](SystemSpec const& system) {
            auto const basis = std::ranges::find(system.components, "SAP_BASIS", &ComponentVersion::name);
            return basis == system.components.end() ? std::string{} : basis->release;
        };
        if (controller && release(*controller) != release(backup))
            found("tms.backup_controller", "{} has SAP_BASIS {}, the controller {} has {}: both have the same release",
                  backup.id.text(), release(backup), controller->id.text(), release(*controller));
    }

    void layers() {
        for (std::size_t i = 0; i < tms_.layers.size(); ++i) {
            auto const& layer = tms_.layers[i];
            auto const path = fmt::format("tms.layers[{}]", i);
            if (auto const length = characters(layer); length == 0 || length > 4)
                found(path, "\"{}\" has {} characters: a transport layer has 1 to 4", layer, length);
            if (std::ranges::find(tms_.layers, layer) != tms_.layers.begin() + static_cast<long>(i))
                found(path, "{} is there twice", layer);
        }
    }

    void links() {
        auto const own = tms_.domain.empty() ? "DOMAIN_" + std::string{tms_.controller.text()} : tms_.domain;
        for (std::size_t i = 0; i < tms_.domain_links.size(); ++i) {
            auto const& other = tms_.domain_links[i].domain;
            auto const path = fmt::format("tms.domain_links[{}].domain", i);
            if (auto const length = characters(other); length == 0 || length > 10)
                found(path, "\"{}\" has {} characters: a domain name has 1 to 10", other, length);
            else if (other == own)
                found(path, "{} is this domain: equal domain names cannot be linked", other);
            else if (std::ranges::find(tms_.domain_links, other, &DomainLinkSpec::domain) !=
                     tms_.domain_links.begin() + static_cast<long>(i))
                found(path, "domain {} is linked twice", other);
        }
    }

    /// Without CTC no route names a client: all are client-specific or none is (V).
    void client_specific() {
        if (tms_.ctc) return;
        std::vector<std::string> places;
        auto const look = [&](std::string place, TransportTarget const& to) {
            if (to.client()) places.push_back(std::move(place));
        };
        for (std::size_t i = 0; i < tms_.consolidation_routes.size(); ++i)
            look(fmt::format("consolidation_routes[{}].to", i), tms_.consolidation_routes[i].to);
        for (std::size_t i = 0; i < tms_.delivery_routes.size(); ++i) {
            auto const& route = tms_.delivery_routes[i];
            look(fmt::format("delivery_routes[{}].from_client", i), TransportTarget{route.from, route.from_client});
            look(fmt::format("delivery_routes[{}].to", i), route.to);
        }
        for (std::size_t g = 0; g < tms_.target_groups.size(); ++g)
            for (std::size_t i = 0; i < tms_.target_groups[g].members.size(); ++i)
                look(fmt::format("target_groups[{}].members[{}]", g, i), tms_.target_groups[g].members[i]);
        if (!places.empty())
            found("tms.ctc", "is off, but a client stands in {}: all routes are client-specific or none is",
                  fmt::join(places, ", "));
    }

    /// One procedure for a QA system that delivers further, with a step to wait for (V).
    void approval(std::size_t index) {
        auto const& approval = tms_.approvals[index];
        auto const path = fmt::format("tms.approvals[{}]", index);
        auto const* system = find(approval.system);
        if (!system)
            found(path + ".system", "{} is not a system of the landscape: one of {}", approval.system.text(), sids());
        else if (system->virtual_system)
            found(path + ".system", "{} is virtual: nothing is imported there that could be approved",
                  approval.system.text());
        else if (std::ranges::find(tms_.delivery_routes, approval.system, &DeliveryRouteSpec::from) ==
                 tms_.delivery_routes.end())
            found(path + ".system", "{} delivers to no system: approval stands between a QA system and its targets",
                  approval.system.text());
        if (&*std::ranges::find(tms_.approvals, approval.system, &ApprovalSpec::system) != &approval)
            found(path + ".system", "{} has an approval procedure already", approval.system.text());
        if (approval.steps.empty())
            found(path + ".steps", "no step is active: at least one of {}, {} and {}",
                  name(ApprovalStep::request_owner), name(ApprovalStep::user_department),
                  name(ApprovalStep::system_administration));
        for (std::size_t i = 0; i < approval.steps.size(); ++i)
            if (std::ranges::find(approval.steps, approval.steps[i]) != approval.steps.begin() + static_cast<long>(i))
                found(fmt::format("{}.steps[{}]", path, i), "{} is there twice", name(approval.steps[i]));
    }

    void group(std::size_t index) {
        auto const& group = tms_.target_groups[index];
        auto const path = fmt::format("tms.target_groups[{}]", index);
        auto const name = TransportTarget::parse(group.name);
        if (!name || !name->is_group())
            found(path + ".name", "\"{}\" is not a group name: /NAME/ with at most 8 characters between the slashes",
                  group.name);
        if (find_group(group.name) != &group) found(path + ".name", "{} is there twice", group.name);
        if (group.members.empty())
            found(path + ".members", "group {} is empty: it has at least one target", group.name);
        for (std::size_t i = 0; i < group.members.size(); ++i) {
            auto const& member = group.members[i];
            auto const at = fmt::format("{}.members[{}]", path, i);
            if (member.is_group())
                found(at, "{} is a group: members are systems", member.text());
            else if (std::ranges::find(group.members, member) != group.members.begin() + static_cast<long>(i))
                found(at, "{} is in the group twice", member.text());
            else
                this->target(at, member);
        }
    }

    /// A place that requests can be imported into.
    void target(std::string const& path, TransportTarget const& target) {
        if (target.is_group()) {
            if (!find_group(target.text())) found(path, "there is no target group {}", target.text());
            return;
        }
        auto const system = *target.system();
        if (!find(system))
            found(path, "{} is not a system of the landscape: one of {}", system.text(), sids());
        else if (tms_.ctc && !target.client())
            found(path, "{} has no client: with client-specific routes (ctc) every target is SID.CLIENT",
                  target.text());
        else if (tms_.ctc && target.client() && !has_client(system, *target.client()))
            found(path, "system {} has no client {}", system.text(), target.client()->text());
    }

    void consolidation(std::size_t index) {
        auto const& route = tms_.consolidation_routes[index];
        auto const path = fmt::format("tms.consolidation_routes[{}]", index);
        source(path + ".from", route.from);
        if (route.layer.empty())
            found(path + ".layer", "the transport layer is missing, such as Z{}", route.from.text());
        else if (std::ranges::find(tms_.layers, route.layer) == tms_.layers.end())
            found(path + ".layer", "{} is not in tms.layers", route.layer);
        auto const same = [&](ConsolidationRouteSpec const& other) {
            return other.from == route.from && other.layer == route.layer;
        };
        if (&*std::ranges::find_if(tms_.consolidation_routes, same) != &route)
            found(path, "system {} and layer {} have a route already: several targets need a target group",
                  route.from.text(), route.layer);
        target(path + ".to", route.to);
        not_itself(path + ".to", route.from, std::nullopt, route.to);
        not_both_ends(path, route);
    }

    /// What comes in through a layer cannot go out through it again: it would be delivered, not consolidated (I).
    void not_both_ends(std::string const& path, ConsolidationRouteSpec const& route) {
        for (auto const& other : tms_.consolidation_routes)
            if (other.layer == route.layer && other.from != route.from)
                for (auto const& to : resolve(other.to))
                    if (to.system() == route.from) {
                        found(path + ".from",
                              "{} is the consolidation target of {} in layer {}: it cannot be the source of the same "
                              "layer",
                              route.from.text(), other.from.text(), route.layer);
                        return;
                    }
    }

    void delivery(std::size_t index) {
        auto const& route = tms_.delivery_routes[index];
        auto const path = fmt::format("tms.delivery_routes[{}]", index);
        source(path + ".from", route.from);
        if (tms_.ctc && find(route.from) && !route.from_client)
            found(path + ".from_client",
                  "{} has no client: with client-specific routes (ctc) a delivery route starts at SID.CLIENT",
                  route.from.text());
        else if (tms_.ctc && find(route.from) && !has_client(route.from, *route.from_client))
            found(path + ".from_client", "system {} has no client {}", route.from.text(), route.from_client->text());
        if (std::ranges::find(tms_.delivery_routes, route) != tms_.delivery_routes.begin() + static_cast<long>(index))
            found(path, "there is a delivery route {} already", route.text());
        target(path + ".to", route.to);
        not_itself(path + ".to", route.from, route.from_client, route.to);
    }

    /// A delivery route starts where something arrives.
    void starts() {
        for (std::size_t i = 0; i < tms_.delivery_routes.size(); ++i)
            if (auto const& route = tms_.delivery_routes[i]; !is_target(route.from, route.from_client))
                found(fmt::format("tms.delivery_routes[{}].from", i),
                      "nothing is consolidated or delivered to {}: a delivery route starts at a target",
                      TransportTarget{route.from, route.from_client}.text());
    }

    void source(std::string const& path, SystemId from) {
        if (from == SystemId{})
            found(path, "the source system is missing: one of {}", sids());
        else if (!find(from))
            found(path, "{} is not a system of the landscape: one of {}", from.text(), sids());
    }

    bool is_target(SystemId system, std::optional<Client> client) const {
        auto const reaches = [&](auto const& route) {
            return std::ranges::any_of(resolve(route.to), [&](TransportTarget const& to) {
                return to.system() == system && (!client || to.client() == client);
            });
        };
        return std::ranges::any_of(tms_.consolidation_routes, reaches) ||
               std::ranges::any_of(tms_.delivery_routes, reaches);
    }

    /// A group without the source, and no route from a place to itself.
    void not_itself(std::string const& path, SystemId from, std::optional<Client> client, TransportTarget const& to) {
        if (tms_.ctc && !client) return; // the source may be another client of the system: the loop check walks it
        TransportTarget const place{from, client};
        auto const members = resolve(to);
        if (to == place)
            found(path, "a route cannot lead from {} to itself", place.text());
        else if (std::ranges::find(members, place) != members.end())
            found(path, "group {} contains the source {} of the route", to.text(), place.text());
    }

    void loops() {
        if (auto loop = find_route_loop(spec_)) findings_.push_back({std::move(loop->path), std::move(loop->text)});
    }

    void requests() {
        std::set<std::string_view> aliases;
        std::map<SystemId, ObjectLocks> locks;
        for (std::size_t i = 0; i < spec_.requests.size(); ++i) {
            auto const& request = spec_.requests[i];
            auto const path = fmt::format("requests[{}]", i);
            if (!find(request.system))
                found(path + ".system", "{} is not a system of the landscape: one of {}", request.system.text(),
                      sids());
            else if (!has_client(request.system, request.client))
                found(path + ".client", "system {} has no client {}", request.system.text(), request.client.text());
            if (request.function != TrFunction::workbench && request.function != TrFunction::customizing)
                found(path + ".function", "{} cannot stand here: K (workbench) or W (customizing)",
                      static_cast<char>(request.function));
            if (auto const length = characters(request.text); length == 0 || length > 60)
                found(path + ".text", "the short text has {} characters: 1 to 60 are allowed", length);
            if (!request.alias.empty() && !aliases.insert(request.alias).second)
                found(path + ".alias", "{} is there twice", request.alias);
            objects(path, i, locks);
        }
    }

    static constexpr std::uint32_t first_place = 900'000; ///< a place in the file as a number: requests[0]

    void objects(std::string const& path, std::size_t index, std::map<SystemId, ObjectLocks>& locks) {
        auto const& request = spec_.requests[index];
        for (std::size_t i = 0; i < request.objects.size(); ++i) {
            auto const at = fmt::format("{}.objects[{}]", path, i);
            auto const object = ObjectEntry::parse(request.objects[i]);
            if (!object) {
                found(at, "{}", object.error().context);
                continue;
            }
            if (request.function == TrFunction::customizing && !object->view().holds_table_contents())
                found(at, "{}", text_of(Text::not_customizing, object->text()));
            TrRequest const holder{request.system, first_place + static_cast<std::uint32_t>(index)};
            LockArea const area{*object};
            auto& held = locks[request.system];
            if (auto const* other = held.other(area, [&](TrRequest one) { return one == holder; }))
                found(at, "{} is locked by requests[{}], which is not released", request.objects[i],
                      other->second.number() - first_place);
            else if (!request.released)
                held.add(area, holder);
        }
    }

    LandscapeSpec const& spec_;
    TmsSpec const& tms_;
    bool sid_twice_ = false;
    std::set<SystemId> client_twice_;
    std::vector<ConsistencyFinding> findings_;
};

} // namespace

std::vector<ConsistencyFinding> check_landscape(LandscapeSpec const& spec) {
    return Check{spec}.run();
}

} // namespace almd
