// The options of an import call: STMS's words, the parameter of the function module, tp's unconditional mode.
#pragma once

#include "simulator/kernel/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace almd {

/// Trivial on purpose: it is a defaulted argument of a coroutine.
struct ImportOptions {
    bool leave_in_queue = false; ///< preliminary import: stays at its place to be imported again
    bool import_again = false;   ///< although it was imported already
    bool overwrite_originals = false;
    bool overwrite_system_objects = false; ///< system-dependent ones
    bool overwrite_repairs = false;        ///< objects in unconfirmed repairs
    bool ignore_table_class = false;
    bool ignore_transport_type = false;
    bool ignore_predecessors = true; ///< STMS ticks it by default (I)
    bool ignore_component_version = false;
    bool ignore_approval = false;
    bool no_delivery = false; ///< nothing is forwarded
    bool all = false;         ///< the call was "import all" (IV_REQUEST 'ALL', I); false: its requests were named
    friend bool operator==(ImportOptions const&, ImportOptions const&) = default;
};

struct StmsOption {
    std::string_view key;        ///< in the admin API
    std::string_view name;       ///< as the dialog shows it; empty: it does not
    std::string_view parameter;  ///< of TMS_MGR_IMPORT_TR_REQUEST
    std::string_view rest_field; ///< of CTWFTARGET; empty: none
    char umode;                  ///< 0: none
    bool ImportOptions::* value;
};
/// 3.2 of the reference: names V, which umode belongs to which one partly I.
std::span<StmsOption const> stms_options();

/// What SLOG calls it: imp single and imp all are V, imp subset I.
std::string_view action_of_call(ImportOptions const& options, std::size_t requests_named);

/// "U0126": the unconditional modes of a call, empty: none.
std::string umodes_of(ImportOptions const& options);
/// The digits 0 1 2 3 6 8 9, with or without the U. Error invalid: another one.
Result<ImportOptions> parse_umodes(std::string_view digits);

} // namespace almd
