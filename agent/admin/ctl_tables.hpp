// What `almd ctl` can show and do, as data: --help, the parser and the tables all read these arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace almd {

/// How a value of the API looks in a table.
enum class CtlFormat : std::uint8_t {
    text,
    number,
    time,        ///< 2026-11-22T08:56:24.000Z -> 2026-11-22 08:56:24
    words,       ///< by CtlColumn::words
    return_code, ///< 0 good, 4 a warning, 8 an error, more is worse (V)
};

/// A code and the word that a person reads.
struct CtlWord {
    std::string_view code, word;
    char tone = ' '; ///< g good, w warning, b bad, f faint
};

struct CtlColumn {
    std::string_view field, title;
    CtlFormat format = CtlFormat::text;
    std::span<CtlWord const> words{};
};

struct CtlResource {
    std::string_view name, path, help;
    std::span<CtlColumn const>
        columns;          ///< fields that no row has are left out; -o wide adds those that are not named here
    bool one_row = false; ///< shown with all fields, one below the other
    bool last = false;    ///< --limit N without an order: the last N, not the first
};

enum class CtlKind : std::uint8_t {
    text,
    integer,
    number,
    flag,       ///< true or false; the name alone is true
    list,       ///< may be given several times, or with commas
    pairs,      ///< k=v, may be given several times: an object of texts
    json_file,  ///< the name of a file with JSON
    secret_file ///< the name of a file whose first line is the value: secrets are never on the command line
};

/// One thing that a verb takes. Positional ones stand without a name, in this order; all may be given as --name VALUE or
/// name=VALUE.
struct CtlParameter {
    std::string_view name; ///< as typed: "interval"
    std::string_view
        key; ///< where it goes: "{system}" into the path, "?system" into the query, else a JSON pointer of the body ("" is all of it)
    CtlKind kind = CtlKind::text;
    bool positional = false, required = false;
    std::string_view help = {};
    std::string_view remove_suffix = {}, add_suffix = {}; ///< of the typed value
};

enum class CtlShow : std::uint8_t {
    answer,
    list,
    one,
    json,
    document, ///< objects one below the other, arrays as the table of the resource of that name
};

struct CtlVerb {
    std::string_view resource, verb, method, path;
    std::span<CtlParameter const> parameters;
    std::string_view fixed_body; ///< JSON to start from: {"active":true}
    CtlShow show;
    std::string_view help, example;
    std::span<CtlColumn const> columns{}; ///< of CtlShow::list; none: the fields that come
};

std::span<CtlResource const> ctl_resources();
std::span<CtlVerb const> ctl_verbs();
CtlResource const* find_ctl_resource(std::string_view name);
CtlVerb const* find_ctl_verb(std::string_view resource, std::string_view verb);

} // namespace almd
