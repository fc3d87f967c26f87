// Customizing tables and RFC destinations of a system.
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

/// One row of a customizing table; its rules have one owner, in the simulator.
void read_row(Node const& key, Node const& value, CustomizingTable table, CustomizingTables& tables) {
    auto const found = key.text();
    if (!found) return;
    auto const text = value.text().value_or("");
    if (auto const allowed = allow_key(table, *found); !allowed) return key.wrong(allowed.error().context);
    if (auto const allowed = allow_value(table, *found, text); !allowed) return value.wrong(allowed.error().context);
    auto const twice = [&](CustomizingEntry const& row) {
        return row.table == table && row.key == *found && !row.is_default;
    };
    if (std::ranges::any_of(entries_of(tables), twice)) key.wrong(fmt::format("{} stands here twice", *found));
    if (auto const set = set_entry(tables, table, *found, text); !set) key.wrong(set.error().context);
}

} // namespace

void read_customizing(Node const& node, SystemSpec& system) {
    Node const tables = node["tables"];
    for (Node const& row : tables["cmo_target"].items())
        read_row(row["target"], row["rfc_destination"], CustomizingTable::cmo_target, system.tables);
    for (Node const& row : tables["cdm_param"].items())
        read_row(row["id"], row["value"], CustomizingTable::cdm_param, system.tables);
    tables.read("analysis_days", system.tables.analysis_days);
    for (Node const& row : node["rfc_destinations"].items()) {
        RfcDestination destination;
        row.read("name", destination.name);
        row.read("user", destination.user);
        if (auto const state = row["state"].text())
            if (auto const known = parse_rfc_state(*state)) destination.state = *known;
        auto const same = [&](RfcDestination const& other) { return other.name == destination.name; };
        if (std::ranges::any_of(system.rfc_destinations, same))
            row["name"].wrong(fmt::format("destination {} stands here twice", destination.name));
        system.rfc_destinations.push_back(std::move(destination));
    }
}

} // namespace almd
