// Customizing tables of transports with SAP Cloud ALM, and the RFC destinations they name: what a person maintains with
// SM30, SE16 and SM59.
#pragma once

#include "simulator/kernel/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// One row of view /SDF/CMO_TARGET (V): a system for transport checks, system and client for retrofit.
struct CmoTarget {
    std::string target, rfc_destination; ///< no destination: the row is not finished
    friend bool operator==(CmoTarget const&, CmoTarget const&) = default;
};

/// One row of /SDF/CDM_PARAM (V).
struct CdmParameter {
    std::string id, value;
    friend bool operator==(CdmParameter const&, CdmParameter const&) = default;
};

/// What was maintained; a parameter that is not there has its default.
struct CustomizingTables {
    std::vector<CmoTarget> targets;
    std::vector<CdmParameter> parameters;
    int analysis_days = 180; ///< /SDF/CMO_TR_CONF, number of days in analysis period (V)
    friend bool operator==(CustomizingTables const&, CustomizingTables const&) = default;
};

enum class CustomizingTable : std::uint8_t { cmo_target, cdm_param, cmo_tr_conf };
std::string_view name(CustomizingTable table); ///< "/SDF/CMO_TARGET"
/// With or without /SDF/.
Result<CustomizingTable> parse_customizing_table(std::string_view text);

/// The one key of /SDF/CMO_TR_CONF.
inline constexpr std::string_view analysis_period = "Number of days in analysis period";

struct CustomizingEntry {
    CustomizingTable table{};
    std::string key, value;
    bool is_default = false;
    std::string_view effect{}; ///< what almd does with it
};
/// All rows, with those that have their default.
std::vector<CustomizingEntry> entries_of(CustomizingTables const& tables);
/// As the table says, or the documented default; empty: it has none.
std::string parameter_of(CustomizingTables const& tables, std::string_view id);

/// Errors (ErrorCode::invalid) say what was found and what is allowed. Nothing says that a system or destination exists:
/// the real tables do not look, either, /SDF/ALM_DIAGNOSTIC does.
Result<void> allow_key(CustomizingTable table, std::string_view key);
Result<void> allow_value(CustomizingTable table, std::string_view key, std::string_view value);
/// Adds or changes a row.
Result<void> set_entry(CustomizingTables& tables, CustomizingTable table, std::string_view key, std::string_view value);
/// Error not_found: there is no such row, or only its default.
Result<void> delete_entry(CustomizingTables& tables, CustomizingTable table, std::string_view key);

/// What becomes of a call with an RFC destination.
enum class RfcState : std::uint8_t { works, broken, logon_refused, not_trusted, calls_refused };
std::string_view name(RfcState state); ///< "works", "logonRefused" ...
Result<RfcState> parse_rfc_state(std::string_view text);

/// SM59, type 3.
struct RfcDestination {
    std::string name, user; ///< user empty: none is assigned
    RfcState state = RfcState::works;
    friend bool operator==(RfcDestination const&, RfcDestination const&) = default;
};
Result<void> allow_rfc_name(std::string_view name);

} // namespace almd
