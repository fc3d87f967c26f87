// `almd ctl --help`, made from the tables.
#include "agent/admin/ctl.hpp"
#include "agent/admin/ctl_tables.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

std::string capitals(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string usage_of(CtlVerb const& verb) {
    std::string out = fmt::format("almd ctl {} {}", verb.resource, verb.verb);
    bool options = false;
    for (auto const& parameter : verb.parameters) {
        if (!parameter.positional) {
            options = true;
            continue;
        }
        auto const word = capitals(parameter.name) + (parameter.kind == CtlKind::list ? "..." : "");
        out += parameter.required ? " " + word : " [" + word + "]";
    }
    return out + (options ? " [--OPTION VALUE]..." : "");
}

std::string all() {
    std::string out =
        "Looks at a running almd and changes it.\n\n"
        "almd ctl [--admin HOST:PORT] RESOURCE [list] [FIELD=VALUE]... [--sort FIELD,-FIELD] [--limit N] [-o "
        "table|wide|json]\n"
        "almd ctl [--admin HOST:PORT] RESOURCE VERB ... [-o table|json]\n\n"
        "Values of filters may hold * and commas for \"or\"; q=TEXT looks into all fields. The admin address is\n";
    out += fmt::format("{} unless --admin says otherwise.\n\nResources and their verbs besides list:\n",
                       ctl_admin_default);
    for (auto const& resource : ctl_resources()) {
        std::string own_verbs;
        for (auto const& verb : ctl_verbs())
            if (verb.resource == resource.name) (own_verbs += own_verbs.empty() ? "" : ", ") += verb.verb;
        out += fmt::format("  {:<13} {}{}\n", resource.name, resource.help,
                           own_verbs.empty() ? "" : fmt::format(" [{}]", own_verbs));
    }
    return out + "\nExamples:\n"
                 "  almd ctl jobs status=A,R system=DEV --sort -plannedStart --limit 20\n"
                 "  almd ctl history list -o json\n"
                 "  almd ctl destinations create --help\n"
                 "\nExit codes: 0 good, 1 refused, 2 usage, 3 nothing answers.\n";
}

std::string of_resource(CtlResource const& resource) {
    std::string out = fmt::format(
        "{}: {}\n\n  almd ctl {} [FIELD=VALUE]... [--sort FIELD] [--limit N] [-o table|wide|json]\n    columns:",
        resource.name, resource.help, resource.name);
    for (auto const& column : resource.columns) out += fmt::format(" {}", column.field);
    out += "\n";
    for (auto const& verb : ctl_verbs()) {
        if (verb.resource != resource.name) continue;
        out += fmt::format("\n  {}\n    {}\n", usage_of(verb), verb.help);
        for (auto const& parameter : verb.parameters)
            out += fmt::format("      {:<22} {}\n",
                               parameter.positional ? capitals(parameter.name) : fmt::format("--{}", parameter.name),
                               parameter.help);
        out += fmt::format("    example: {}\n", verb.example);
    }
    return out;
}

} // namespace

std::string ctl_help(std::string_view resource) {
    auto const* found = find_ctl_resource(resource);
    return found == nullptr ? all() : of_resource(*found);
}

} // namespace almd
