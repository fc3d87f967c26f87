// The parts of objects and how their names begin (I: well known, no public source lists them all).
#include "simulator/cts/object_master.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

/// Where the name of a part has that of its master.
enum class Named : std::uint8_t {
    whole,      ///< ZPROG
    first_word, ///< "ZCL_A                         RUN": padded, then the rest
    to_equals,  ///< ZCL_A=========================CCIMP
    report,     ///< a program, or an include of a function group
    function,   ///< does not say
};

struct Part {
    std::string_view type, master;
    Named named = Named::whole;
};

constexpr Part parts[] = {
    {"REPS", "PROG", Named::report},     {"REPT", "PROG", Named::report},     {"CUAD", "PROG", Named::report},
    {"DYNP", "PROG", Named::first_word}, {"VARI", "PROG", Named::first_word}, {"VARX", "PROG", Named::first_word},
    {"FUNC", "FUGR", Named::function},   {"FUGT", "FUGR", Named::whole},      {"METH", "CLAS", Named::first_word},
    {"CLSD", "CLAS", Named::whole},      {"CPUB", "CLAS", Named::whole},      {"CPRO", "CLAS", Named::whole},
    {"CPRI", "CLAS", Named::whole},      {"CINC", "CLAS", Named::to_equals},  {"INTD", "INTF", Named::whole},
    {"TABD", "TABL", Named::whole},      {"TABT", "TABL", Named::whole},      {"INDX", "TABL", Named::first_word},
    {"DTED", "DTEL", Named::whole},      {"DOMD", "DOMA", Named::whole},      {"VIED", "VIEW", Named::whole},
    {"VIET", "VIEW", Named::whole},      {"ENQD", "ENQU", Named::whole},      {"SHLD", "SHLP", Named::whole},
    {"TTYD", "TTYP", Named::whole},      {"MSAD", "MSAG", Named::whole},      {"MESS", "MSAG", Named::first_word},
    {"WAPP", "WAPA", Named::first_word}, {"WAPD", "WAPA", Named::whole},
};

/// SAPLZGRP is the main program of function group ZGRP, LZGRPTOP and LZGRPU01 are includes of it; empty: neither.
std::string_view group_of_report(std::string_view name) {
    constexpr std::string_view main = "SAPL";
    constexpr std::size_t include_suffix = 3; // TOP, U01, F01 ...
    if (name.starts_with(main)) return name.substr(main.size());
    bool const include = name.starts_with('L') && name.size() > 1 + include_suffix;
    return include ? name.substr(1, name.size() - 1 - include_suffix) : std::string_view{};
}

std::string whole(std::string_view type, std::string_view name) {
    return fmt::format("R3TR {} {}", type, name);
}

} // namespace

std::string master_of(ObjectView object, std::string_view function_group) {
    auto const text = object.text();
    if (auto const key = object.table_key(); !key.empty()) {
        auto const end = text.find_last_not_of(' ', text.size() - key.size() - 1);
        return std::string{text.substr(0, end + 1)};
    }
    if (object.pgmid() != "LIMU") return std::string{text};
    auto const* part = std::ranges::find(parts, object.object(), &Part::type);
    if (part == std::end(parts)) return std::string{text};
    auto const name = object.name();
    switch (part->named) {
    case Named::whole: return whole(part->master, name);
    case Named::first_word: return whole(part->master, name.substr(0, name.find(' ')));
    case Named::to_equals: return whole(part->master, name.substr(0, name.find('=')));
    case Named::function: return function_group.empty() ? std::string{text} : whole(part->master, function_group);
    case Named::report: break;
    }
    auto const group = group_of_report(name);
    return group.empty() ? whole(part->master, name) : whole("FUGR", group);
}

} // namespace almd
