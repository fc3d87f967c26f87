// The landscape: transport domain, tp profile and requests.
#include "agent/settings/sections.hpp"
#include "simulator/tms/consistency.hpp"
#include "simulator/tms/import_buffer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

void read_systems(Node const& list, LandscapeReading& reading) {
    for (Node const& node : list.items()) {
        auto const id = node["id"].as<SystemId>();
        if (!id) {
            reading.systems_complete = reading.complete = false;
            continue;
        }
        if (reading.find(*id)) reading.systems_complete = false; // the other name of the two is the one that is missing
        reading.spec.systems.push_back(read_system(node, *id, reading));
    }
    if (!list) reading.systems_complete = reading.complete = false;
}

void read_routes(Node const& tms, TmsSpec& spec, bool& complete) {
    for (Node const& node : tms["consolidation_routes"].items()) {
        auto const from = node["from"].as<SystemId>();
        auto const to = node["to"].as<TransportTarget>();
        std::string layer;
        node.read("layer", layer);
        if (from && to)
            spec.consolidation_routes.push_back({*from, std::move(layer), *to});
        else
            complete = false;
    }
    for (Node const& node : tms["delivery_routes"].items()) {
        auto const from = node["from"].as<SystemId>();
        auto const to = node["to"].as<TransportTarget>();
        Node const from_client = node["from_client"];
        auto const client = from_client.as<Client>();
        if (from && to && (client || !from_client))
            spec.delivery_routes.push_back({*from, client, *to});
        else
            complete = false;
    }
}

void read_groups(Node const& list, TmsSpec& spec, bool& complete) {
    for (Node const& node : list.items()) {
        TargetGroupSpec group;
        node.read("name", group.name);
        for (Node const& member : node["members"].items()) {
            auto const target = member.as<TransportTarget>();
            if (target)
                group.members.push_back(*target);
            else
                complete = false;
        }
        spec.target_groups.push_back(std::move(group));
    }
}

void read_links(Node const& list, TmsSpec& spec) {
    for (Node const& node : list.items()) {
        DomainLinkSpec link;
        node.read("domain", link.domain);
        node.read("confirmed", link.confirmed);
        spec.domain_links.push_back(std::move(link));
    }
}

void read_approvals(Node const& list, TmsSpec& spec, bool& complete) {
    for (Node const& node : list.items()) {
        auto const system = node["system"].as<SystemId>();
        if (!system) {
            complete = false;
            continue;
        }
        ApprovalSpec approval{*system, {}};
        for (Node const& step : node["steps"].items()) {
            auto const text = step.text();
            auto const known = text ? parse_approval_step(*text) : Result<ApprovalStep>{fail(ErrorCode::invalid, "")};
            if (known)
                approval.steps.push_back(*known);
            else
                complete = false;
        }
        spec.approvals.push_back(std::move(approval));
    }
}

void read_tms(Node const& node, LandscapeReading& reading) {
    TmsSpec& spec = reading.spec.tms;
    node.read("domain", spec.domain);
    node.read("ctc", spec.ctc);
    node.read("layers", spec.layers);
    auto const controller = node["controller"].as<SystemId>();
    if (controller)
        spec.controller = *controller;
    else
        reading.complete = false;
    spec.backup_controller = node["backup_controller"].as<SystemId>();
    if (node["backup_controller"] && !spec.backup_controller) reading.complete = false;
    read_routes(node, spec, reading.complete);
    read_groups(node["target_groups"], spec, reading.complete);
    read_links(node["domain_links"], spec);
    read_approvals(node["approvals"], spec, reading.complete);
    if (!spec.layers.empty()) return;
    for (auto const& route : spec.consolidation_routes)
        if (std::ranges::find(spec.layers, route.layer) == spec.layers.end()) spec.layers.push_back(route.layer);
}

void read_tp(Node const& node, TpProfile& tp) {
    node.read("stop_on_error", tp.stop_on_error);
    node.read("repeat_on_error", tp.repeat_on_error);
    node.read("no_import_all", tp.no_import_all);
    auto const span = [&](std::string_view key, Duration& into) { into = node[key].duration(0s, 24h).value_or(into); };
    span("per_call", tp.per_call);
    span("batch_poll", tp.batch_poll);
    span("per_request", tp.per_request);
    span("per_object", tp.per_object);
    node.read("time_spread", tp.time_spread);
    node.read("vers_at_imp", tp.versions_at_import);
    node.read("failing_share", tp.failing_share);
    node.read("warning_share", tp.warning_share);
    node.read("terminating_share", tp.terminating_share);
    node.read("component_check", tp.component_check);
    node.read("extra_target_components_block", tp.extra_target_components_block);
    constexpr std::array<std::string_view, entry_states> states{
        "waiting",        "again",      "imported", "running",      "scheduled",          "excluded",
        "after_end_mark", "unapproved", "rejected", "file_missing", "component_mismatch", "error"}; // as EntryState
    for (std::size_t i = 0; i < states.size(); ++i)
        if (auto const flag = node["import_flags"][states[i]].text(); flag && flag->size() == 1)
            tp.import_flags[i] = flag->front();
    node.read("log_rows", tp.log_rows);
    auto const sum = tp.failing_share + tp.warning_share + tp.terminating_share;
    if (sum > 1.0)
        node["warning_share"].wrong(
            fmt::format("together with failing_share and terminating_share it is {}: at most 1 is allowed", sum));
}

void read_st_pi(Node const& node, StPiLimits& limits) {
    node.read("recent_release", limits.recent.release);
    node.read("recent_support_package", limits.recent.support_package);
    node.read("outdated_below_release", limits.outdated_below.release);
    node.read("outdated_below_support_package", limits.outdated_below.support_package);
    if (limits.recent < limits.outdated_below)
        node["recent_support_package"].wrong("what is recent cannot be outdated: it has to be outdated_below or later");
}

void read_requests(Node const& list, LandscapeReading& reading) {
    for (Node const& node : list.items()) {
        RequestSpec request;
        node.read("text", request.text);
        node.read("owner", request.owner);
        node.read("objects", request.objects);
        node.read("released", request.released);
        node.read("alias", request.alias);
        if (auto const letter = node["function"].text())
            if (auto const function = parse_tr_function(*letter)) request.function = *function;
        auto const system = node["system"].as<SystemId>();
        auto const client = node["client"].as<Client>();
        if (!system || !client) {
            reading.requests_complete = reading.complete = false;
            continue;
        }
        request.system = *system;
        request.client = *client;
        reading.spec.requests.push_back(std::move(request));
    }
}

/// Where some of the landscape could not be read, its rules as a whole cannot be checked; but that every name stands for something can.
class NameCheck {
public:
    explicit NameCheck(LandscapeReading const& reading)
        : reading_{reading} {}

    void check(Node const& landscape) const {
        Node const tms = landscape["tms"];
        system(tms["controller"]);
        system(tms["backup_controller"]);
        for (auto const* routes : {"consolidation_routes", "delivery_routes"})
            for (Node const& route : tms[routes].items()) {
                system(route["from"]);
                target(route["to"]);
            }
        for (Node const& group : tms["target_groups"].items())
            for (Node const& member : group["members"].items()) target(member);
        for (Node const& approval : tms["approvals"].items()) system(approval["system"]);
        for (Node const& one : landscape["systems"].items()) system(one["communication_system"]);
        for (Node const& request : landscape["requests"].items()) {
            auto const* known = system(request["system"]);
            auto const client = parsed<Client>(request["client"]);
            if (known && client) reading_.known_client(request["client"], *known, *client);
        }
    }

private:
    /// What cannot be parsed has its note already.
    template <class T>
    static std::optional<T> parsed(Node const& node) {
        auto const text = node.text();
        auto const value = text ? T::parse(*text) : Result<T>{fail(ErrorCode::invalid, "")};
        return value ? std::optional<T>{*value} : std::nullopt;
    }
    SystemSpec const* system(Node const& node) const {
        auto const id = parsed<SystemId>(node);
        return id ? reading_.known_system(node, *id) : nullptr;
    }
    void target(Node const& node) const {
        auto const place = parsed<TransportTarget>(node);
        if (place && place->system()) reading_.known_system(node, *place->system());
    }

    LandscapeReading const& reading_;
};

/// The rules of the transport domain have one owner, in the simulator; its places are those of the file as long as nothing was left out.
void check_consistency(Node const& landscape, LandscapeReading& reading) {
    if (!reading.complete) NameCheck{reading}.check(landscape);
    if (!reading.complete || !landscape["tms"]) return;
    auto const findings = check_landscape(reading.spec);
    for (ConsistencyFinding const& finding : findings) landscape.below(finding.path).wrong(finding.text);
    reading.consistent = findings.empty();
}

} // namespace

SystemSpec const* LandscapeReading::find(SystemId id) const {
    auto const found = std::ranges::find(spec.systems, id, &SystemSpec::id);
    return found == spec.systems.end() ? nullptr : &*found;
}

std::vector<std::string> LandscapeReading::sids() const {
    std::vector<std::string> out;
    for (SystemSpec const& system : spec.systems) out.emplace_back(system.id.text());
    return out;
}

std::vector<TransportTarget> LandscapeReading::import_targets() const {
    std::vector<TransportTarget> out;
    auto const add = [&](TransportTarget const& target) {
        if (!target.is_group() && std::ranges::find(out, target) == out.end()) out.push_back(target);
    };
    auto const add_resolved = [&](TransportTarget const& target) {
        add(target);
        for (TargetGroupSpec const& group : spec.tms.target_groups)
            if (group.name == target.text()) std::ranges::for_each(group.members, add);
    };
    for (auto const& route : spec.tms.consolidation_routes) add_resolved(route.to);
    for (auto const& route : spec.tms.delivery_routes) add_resolved(route.to);
    return out;
}

SystemSpec const* LandscapeReading::known_system(Node const& node, SystemId id) const {
    SystemSpec const* system = find(id);
    if (!system && systems_complete) node.wrong(unknown_name("no system of the landscape", id.text(), sids()));
    return system;
}

void LandscapeReading::known_client(Node const& node, SystemSpec const& system, Client client) const {
    std::vector<std::string> known;
    if (client == client_000) return; // every system has it: that it is not there is a finding of its own
    for (ClientSpec const& have : system.clients) {
        if (have.number == client) return;
        known.push_back('"' + have.number.text() + '"');
    }
    if (std::ranges::find(clients_incomplete, system.id) == clients_incomplete.end())
        node.wrong(unknown_name(fmt::format("no client of system {}", system.id.text()), client.text(), known));
}

LandscapeReading read_landscape(Node const& landscape) {
    LandscapeReading reading;
    read_systems(landscape["systems"], reading);
    read_tms(landscape["tms"], reading);
    read_tp(landscape["tp"], reading.spec.tp);
    read_st_pi(landscape["st_pi"], reading.spec.st_pi);
    read_requests(landscape["requests"], reading);
    check_consistency(landscape, reading);
    return reading;
}

} // namespace almd
