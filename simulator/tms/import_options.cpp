// The table of import options.
#include "simulator/tms/import_options.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

using Options = ImportOptions;

constexpr StmsOption options_table[]{
    {"leaveInQueue", "Leave Transport Request in Queue for Later Import", "IV_OVERTAKE", "IMP_ADV", '0',
     &Options::leave_in_queue},
    {"importAgain", "Import Transport Request Again", "IV_IMPORT_AGAIN", "IMP_AGAIN", '1', &Options::import_again},
    {"overwriteOriginals", "Overwrite Originals", "IV_IGNORE_ORIGINALITY", "IGN_ORIG", '2',
     &Options::overwrite_originals},
    {"overwriteSystemObjects", "", "", "", '3', &Options::overwrite_system_objects},
    {"overwriteRepairs", "Overwrite Objects in Unconfirmed Repairs", "IV_IGNORE_REPAIRS", "IGN_REP", '6',
     &Options::overwrite_repairs},
    {"ignoreTableClass", "Ignore Non-Permitted Table Class", "IV_IGNORE_TABLETYPE", "", '8',
     &Options::ignore_table_class},
    {"ignoreTransportType", "Ignore Non-Permitted Transport Type", "IV_IGNORE_TRANSTYPE", "IGN_TYPE", '9',
     &Options::ignore_transport_type},
    {"ignorePredecessors", "Ignore Predecessor Relations", "IV_IGNORE_PREDEC", "IGN_PRE", 0,
     &Options::ignore_predecessors},
    {"ignoreComponentVersion", "Ignore Invalid Component Version", "IV_IGNORE_CVERS", "IGN_CVERS", 0,
     &Options::ignore_component_version},
    {"ignoreApproval", "", "IV_IGNORE_QAFLAG", "IGN_QA", 0, &Options::ignore_approval},
    {"noDelivery", "", "IV_NO_DELIVERY", "DELIVERY", 0, &Options::no_delivery},
};

} // namespace

std::span<StmsOption const> stms_options() {
    return options_table;
}

std::string_view action_of_call(ImportOptions const& options, std::size_t requests_named) {
    if (options.all) return "imp all";
    return requests_named == 1 ? "imp single" : "imp subset";
}

std::string umodes_of(ImportOptions const& options) {
    std::string modes;
    for (auto const& option : options_table)
        if (option.umode && options.*option.value) modes += option.umode;
    return modes.empty() ? modes : "U" + modes;
}

Result<ImportOptions> parse_umodes(std::string_view digits) {
    ImportOptions options;
    if (digits.starts_with('U')) digits.remove_prefix(1);
    for (char const digit : digits) {
        auto const found =
            std::ranges::find_if(options_table, [&](StmsOption const& one) { return one.umode && one.umode == digit; });
        if (found == std::end(options_table))
            return fail(ErrorCode::invalid, fmt::format("unconditional mode {}: 0 1 2 3 6 8 and 9 are known", digit));
        options.*found->value = true;
    }
    return options;
}

} // namespace almd
