// The table of tp's parameters.
#include "simulator/tms/tp_profile.hpp"

#include <fmt/core.h>

#include <charconv>

namespace almd {

namespace {

struct Changeable {
    std::string_view name, meaning;
    int value_max;
    int (*get)(TpProfile const&);
    void (*set)(TpProfile&, int);
};

constexpr Changeable changeable[]{
    {"STOPONERROR", "tp stops at once at this return code or above", 255,
     [](TpProfile const& profile) { return profile.stop_on_error; },
     [](TpProfile& profile, int value) { profile.stop_on_error = value; }},
    {"REPEATONERROR", "a request that ends at this return code or above is repeated", 255,
     [](TpProfile const& profile) { return profile.repeat_on_error; },
     [](TpProfile& profile, int value) { profile.repeat_on_error = value; }},
    {"NO_IMPORT_ALL", "1: the whole queue cannot be imported at once", 1,
     [](TpProfile const& profile) { return int{profile.no_import_all}; },
     [](TpProfile& profile, int value) { profile.no_import_all = value != 0; }},
    {"VERS_AT_IMP", "1: the target makes versions of what is overwritten, in step V", 1,
     [](TpProfile const& profile) { return int{profile.versions_at_import}; },
     [](TpProfile& profile, int value) { profile.versions_at_import = value != 0; }},
};

} // namespace

std::vector<TpParameter> tp_parameters(TpProfile const& profile, bool ctc) {
    std::vector<TpParameter> all;
    for (auto const& one : changeable) all.push_back({one.name, one.meaning, true, std::to_string(one.get(profile))});
    all.push_back({"CTC", "1: client-specific transport routes; follows the routes", false, ctc ? "1" : "0"});
    all.push_back(
        {"NBUFFORM", "1: request numbers of 20 places in the buffer; CTC=1 needs it", false, ctc ? "1" : "0"});
    return all;
}

Result<void> set_tp_parameter(TpProfile& profile, std::string_view name, std::string_view value) {
    std::string known;
    for (auto const& one : changeable) {
        known.append(known.empty() ? "" : ", ").append(one.name);
        if (one.name != name) continue;
        int number = 0;
        auto const* end = value.data() + value.size();
        auto const read = std::from_chars(value.data(), end, number);
        if (value.empty() || read.ec != std::errc{} || read.ptr != end || number < 0 || number > one.value_max)
            return fail(ErrorCode::invalid, fmt::format("value: {} takes a number from 0 to {}", name, one.value_max));
        one.set(profile, number);
        return {};
    }
    if (name == "CTC" || name == "NBUFFORM")
        return fail(ErrorCode::conflict,
                    fmt::format("{} follows the transport routes: SAP Cloud ALM does not support switching "
                                "client-specific routes on or off, so choose `tms.ctc` in the configuration",
                                name));
    return fail(
        ErrorCode::not_found,
        fmt::format("{} is no parameter of the transport profile with an effect here; allowed: {}", name, known));
}

} // namespace almd
