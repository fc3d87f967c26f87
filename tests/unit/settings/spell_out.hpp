// All fields of Settings as lines of text, so that tests compare whole configurations and show where they differ.
#pragma once

#include "agent/settings/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

namespace almd {

class SpellOut {
public:
    explicit SpellOut(Settings const& s) {
        line("seed", s.seed);
        landscape(s.landscape);
        for (auto const& d : s.destinations) destination(d);
        for (auto const& setup : s.setups) add(setup);
        for (auto const& step : s.story) add(step);
        line("fleet", s.fleet.systems, s.fleet.ramp.value_or(-1ms).count(), s.fleet.duration.count(),
             static_cast<int>(s.fleet.connections), s.fleet.connections_max);
        line("retry", s.retry.attempts_max, s.retry.base.count(), s.retry.cap.count());
        line("stand_in", s.stand_in.allow_duplicate_sids, s.stand_in.token_life.count(), s.stand_in.lease.count(),
             s.stand_in.token_algorithm, s.stand_in.api_key, file(s.stand_in.faults), s.stand_in.validate,
             s.stand_in.text_bytes, s.stand_in.journal_entries, s.stand_in.journal_bytes);
        line("cloud", s.stand_in_hosts, file(s.api_key_file), s.sap_host_caps.systems_max,
             s.sap_host_caps.requests_per_minute);
        for (auto const& root : s.trusted_roots) line("root", root.string());
        line("history", s.job_history_max, s.log_history_max);
    }
    std::string text;

private:
    template <class... Values>
    void line(std::string_view what, Values const&... values) {
        text += what;
        ((text += fmt::format(" | {}", values)), ...);
        text += '\n';
    }
    static std::string file(std::optional<std::filesystem::path> const& path) { return path ? path->string() : "none"; }
    static std::string sid(std::optional<SystemId> const& id) {
        return id && *id != SystemId{} ? std::string{id->text()} : "none";
    }
    static std::string client(std::optional<Client> const& number) { return number ? number->text() : "none"; }

    void landscape(LandscapeSpec const& l) {
        for (SystemSpec const& s : l.systems) system(s);
        line("tms", l.tms.domain, sid(l.tms.controller), sid(l.tms.backup_controller), l.tms.ctc, l.tms.layers);
        for (auto const& r : l.tms.consolidation_routes) line("consolidation", sid(r.from), r.layer, r.to.text());
        for (auto const& r : l.tms.delivery_routes) line("delivery", sid(r.from), client(r.from_client), r.to.text());
        for (auto const& g : l.tms.target_groups) {
            line("group", g.name);
            for (auto const& member : g.members) line("  member", member.text());
        }
        for (auto const& link : l.tms.domain_links) line("link", link.domain, link.confirmed);
        for (auto const& approval : l.tms.approvals) {
            line("approval", sid(approval.system));
            for (auto const step : approval.steps) line("  step", name(step));
        }
        line("tp", l.tp.stop_on_error, l.tp.repeat_on_error, l.tp.no_import_all, l.tp.per_call.count(),
             l.tp.batch_poll.count(), l.tp.per_request.count(), l.tp.per_object.count(), l.tp.failing_share,
             l.tp.warning_share);
        for (auto const& level : {l.st_pi.recent, l.st_pi.outdated_below})
            line("st_pi", level.release, level.support_package);
        for (RequestSpec const& r : l.requests)
            line("request", sid(r.system), r.client.text(), static_cast<char>(r.function), r.text, r.owner, r.objects,
                 r.released, r.alias);
    }
    void system(SystemSpec const& s) {
        line("system", sid(s.id), s.role, s.description, s.virtual_system, s.external_system,
             sid(s.communication_system), s.transport_group, s.service_type, s.host, s.instance_number, s.system_number,
             s.installation_number, s.db_host, s.db_type, s.time_zone, s.batch_processes, s.batch_processes_class_a,
             s.notes);
        for (auto const& c : s.clients) line("  client", c.number.text(), c.name, c.role, c.standard_layer);
        for (auto const& c : s.components) line("  component", c.name, c.release, c.support_package);
        for (auto const& u : s.users)
            if (!u.implied) // they follow from the rest
                line("  user", u.name, u.roles, u.locked, u.valid_from ? u.valid_from->text() : "always",
                     u.valid_to ? u.valid_to->text() : "always", u.batch_names);
        for (auto const& p : s.packages) line("  package", p.name, p.layer);
        for (auto const& row : entries_of(s.tables)) line("  table", name(row.table), row.key, row.value);
        for (auto const& r : s.rfc_destinations) line("  rfc", r.name, r.user, name(r.state));
        line("  imports", s.import_rules.locked_types, s.import_rules.protected_tables, s.import_rules.system_objects);
        line("  release", s.atc.block_on, s.atc.inform_on, s.atc.findings_share, s.failing_exports);
    }
    void destination(DestinationSpec const& d) {
        line("destination", d.name, d.tenant, file(d.key_file), d.key ? d.key->label() : "");
        if (d.proxy) line("  proxy", d.proxy->host, d.proxy->port, d.proxy->user, d.proxy->password);
    }
    void add(SetupSpec const& s) {
        line("setup", sid(s.system), s.client.text(), s.destination, s.background_user, s.setup_user);
        for (auto const& t : s.tasks) line("  task", t.task, t.interval.value_or(std::chrono::minutes{-1}).count());
    }
    void add(StoryStep const& s) {
        line("step", static_cast<int>(s.kind), s.feature, s.transports, sid(s.target), client(s.target_client),
             s.within.count());
    }
};

inline std::string spell_out(Settings const& settings) {
    return SpellOut{settings}.text;
}

inline std::string spell_out(std::vector<SettingsMistake> const& mistakes) {
    std::string text;
    for (auto const& mistake : mistakes)
        text += fmt::format("{}: {}: {}\n", mistake.where, mistake.path, mistake.message);
    return text;
}

} // namespace almd
