// Rules and defaults of the customizing tables. Source: SAP's guide (V for fields, defaults and "digits only").
#include "simulator/abap/customizing.hpp"

#include "proto/ids.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace almd {

namespace {

constexpr std::array<std::string_view, 3> table_names{"/SDF/CMO_TARGET", "/SDF/CDM_PARAM", "/SDF/CMO_TR_CONF"};
constexpr std::array<std::string_view, 5> rfc_states{"works", "broken", "logonRefused", "notTrusted", "callsRefused"};
constexpr std::string_view retrofit_prefix = "RETROFIT_PROD_SYS_OF_";

struct NumberParameter {
    std::string_view id, initial;
    int most; ///< a share in percent, or hours (I: the guide has no limit for these)
};
constexpr NumberParameter number_parameters[] = {{"TR_CHECK_BATCH_PERCENTAGE", "0", 100},
                                                 {"TR_CHECK_PROCESS_TIME", "10", 9999}};
constexpr int analysis_days_initial = 180, analysis_days_max = 9999;

NumberParameter const* number_parameter(std::string_view id) {
    auto const found = std::ranges::find(number_parameters, id, &NumberParameter::id);
    return found == std::end(number_parameters) ? nullptr : &*found;
}

/// Checks and retrofits are asked for and answered, but not executed yet.
std::string_view effect_of(CustomizingTable table, std::string_view key) {
    if (table == CustomizingTable::cmo_target) return "looked at by /SDF/ALM_DIAGNOSTIC";
    if (table == CustomizingTable::cmo_tr_conf) return "shown only";
    if (key == "TR_CHECK_BATCH_PERCENTAGE") return "transport checks wait for it";
    if (key == "TR_CHECK_PROCESS_TIME") return "a check job that runs longer is canceled";
    return key.starts_with(retrofit_prefix) ? "looked at by /SDF/ALM_DIAGNOSTIC" : "shown only";
}

bool is_system_and_client(std::string_view text) {
    auto const target = TransportTarget::parse(text);
    return target && target->client();
}

Result<void> wrong_entry(std::string_view found, std::string_view allowed) {
    return fail(ErrorCode::invalid, fmt::format("{} is not allowed here: {}", in_quotes(found), allowed));
}

Result<void> allow_number(std::string_view value, int least, int most) {
    int number = -1;
    auto const* end = value.data() + value.size();
    bool const digits = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
    bool const read = digits && std::from_chars(value.data(), end, number).ec == std::errc{};
    if (read && number >= least && number <= most) return {};
    return wrong_entry(value, fmt::format("digits only, {} to {}", least, most));
}

/// "PRD.300,PRE.300"
Result<void> allow_systems(std::string_view value) {
    for (auto rest = value;;) {
        auto const comma = rest.find(',');
        if (!is_system_and_client(rest.substr(0, comma)))
            return wrong_entry(value, "systems with their clients such as PRD.300, with commas between them");
        if (comma == std::string_view::npos) return {};
        rest = rest.substr(comma + 1);
    }
}

} // namespace

std::string_view name(CustomizingTable table) {
    return table_names[static_cast<std::size_t>(table)];
}

Result<CustomizingTable> parse_customizing_table(std::string_view text) {
    for (std::size_t i = 0; i < table_names.size(); ++i)
        if (text == table_names[i] || text == table_names[i].substr(5)) return static_cast<CustomizingTable>(i);
    return fail(
        ErrorCode::not_found,
        fmt::format("there is no table {} here; there are CMO_TARGET, CDM_PARAM and CMO_TR_CONF", in_quotes(text)));
}

std::vector<CustomizingEntry> entries_of(CustomizingTables const& tables) {
    std::vector<CustomizingEntry> all;
    for (auto const& row : tables.targets)
        all.push_back({CustomizingTable::cmo_target, row.target, row.rfc_destination, false});
    for (auto const& row : number_parameters)
        if (std::ranges::find(tables.parameters, row.id, &CdmParameter::id) == tables.parameters.end())
            all.push_back({CustomizingTable::cdm_param, std::string{row.id}, std::string{row.initial}, true});
    for (auto const& row : tables.parameters) all.push_back({CustomizingTable::cdm_param, row.id, row.value, false});
    all.push_back({CustomizingTable::cmo_tr_conf, std::string{analysis_period}, std::to_string(tables.analysis_days),
                   tables.analysis_days == analysis_days_initial});
    for (auto& entry : all) entry.effect = effect_of(entry.table, entry.key);
    return all;
}

std::string parameter_of(CustomizingTables const& tables, std::string_view id) {
    auto const found = std::ranges::find(tables.parameters, id, &CdmParameter::id);
    if (found != tables.parameters.end()) return found->value;
    auto const* known = number_parameter(id);
    return known ? std::string{known->initial} : std::string{};
}

Result<void> allow_key(CustomizingTable table, std::string_view key) {
    switch (table) {
    case CustomizingTable::cmo_target: {
        auto const target = TransportTarget::parse(key);
        if (target && !target->is_group()) return {};
        return wrong_entry(key, "a system such as DEV for transport checks, or with its client, DEV.100, for retrofit");
    }
    case CustomizingTable::cdm_param:
        if (number_parameter(key) ||
            (key.starts_with(retrofit_prefix) && is_system_and_client(key.substr(retrofit_prefix.size()))))
            return {};
        return wrong_entry(key, "TR_CHECK_BATCH_PERCENTAGE, TR_CHECK_PROCESS_TIME, or RETROFIT_PROD_SYS_OF_ with a "
                                "system and its client, such as RETROFIT_PROD_SYS_OF_DEV.100");
    case CustomizingTable::cmo_tr_conf:
        if (key == analysis_period) return {};
        return wrong_entry(key, in_quotes(analysis_period));
    }
    return {};
}

Result<void> allow_value(CustomizingTable table, std::string_view key, std::string_view value) {
    switch (table) {
    case CustomizingTable::cmo_target: return value.empty() ? Result<void>{} : allow_rfc_name(value);
    case CustomizingTable::cmo_tr_conf: return allow_number(value, 1, analysis_days_max);
    case CustomizingTable::cdm_param:
        if (auto const* number = number_parameter(key)) return allow_number(value, 0, number->most);
        return allow_systems(value);
    }
    return {};
}

Result<void> set_entry(CustomizingTables& tables, CustomizingTable table, std::string_view key,
                       std::string_view value) {
    if (auto allowed = allow_key(table, key); !allowed) return allowed;
    if (auto allowed = allow_value(table, key, value); !allowed) return allowed;
    if (table == CustomizingTable::cmo_target) {
        auto const found = std::ranges::find(tables.targets, key, &CmoTarget::target);
        if (found == tables.targets.end())
            tables.targets.push_back({std::string{key}, std::string{value}});
        else
            found->rfc_destination = value;
    } else if (table == CustomizingTable::cdm_param) {
        auto const found = std::ranges::find(tables.parameters, key, &CdmParameter::id);
        if (found == tables.parameters.end())
            tables.parameters.push_back({std::string{key}, std::string{value}});
        else
            found->value = value;
    } else {
        std::from_chars(value.data(), value.data() + value.size(), tables.analysis_days);
    }
    return {};
}

Result<void> delete_entry(CustomizingTables& tables, CustomizingTable table, std::string_view key) {
    if (auto allowed = allow_key(table, key); !allowed) return allowed;
    std::size_t gone = 0;
    if (table == CustomizingTable::cmo_target)
        gone = std::erase_if(tables.targets, [&](CmoTarget const& row) { return row.target == key; });
    else if (table == CustomizingTable::cdm_param)
        gone = std::erase_if(tables.parameters, [&](CdmParameter const& row) { return row.id == key; });
    else if (std::exchange(tables.analysis_days, analysis_days_initial) != analysis_days_initial)
        gone = 1;
    if (gone > 0) return {};
    return fail(ErrorCode::not_found, fmt::format("{} has no entry {} of its own", name(table), in_quotes(key)));
}

std::string_view name(RfcState state) {
    return rfc_states[static_cast<std::size_t>(state)];
}

Result<RfcState> parse_rfc_state(std::string_view text) {
    auto const found = std::ranges::find(rfc_states, text);
    if (found != rfc_states.end()) return static_cast<RfcState>(found - rfc_states.begin());
    return std::unexpected(wrong_entry(text, "works, broken, logonRefused, notTrusted or callsRefused").error());
}

Result<void> allow_rfc_name(std::string_view name) {
    bool const good = !name.empty() && name.size() <= 32 &&
                      std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
    if (good) return {};
    return wrong_entry(name, "a destination of SM59, 1 to 32 characters without spaces, such as DEV_RFC");
}

} // namespace almd
