// The activity of a landscape, and the behaviours in files of their own.
#include "agent/settings/schema_defaults.hpp"
#include "agent/settings/sections.hpp"
#include "proto/schema/document.hpp"
#include "proto/schema/validator.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

Validator const& behaviour_validator() {
    // value(): as for the whole schema, a test finds a mistake of ours.
    static Validator const compiled = Validator::compile(settings_schema(), "#/definitions/behaviour").value();
    return compiled;
}

Behaviour read_behaviour(Node const& node) {
    Behaviour behaviour;
    node.read("name", behaviour.name);
    node.read("weight", behaviour.weight);
    behaviour.delay = node["delay"].duration(0s, 24h * 30).value_or(0s);
    behaviour.jitter = node["jitter"].duration(0s, 24h * 30).value_or(0s);
    Node const selector = node["selector"];
    if (auto const letter = selector["function"].text())
        if (auto const function = parse_tr_function(*letter)) behaviour.selector.function = *function;
    selector.read("owner", behaviour.selector.owner);
    selector.read("object_type", behaviour.selector.object_type);
    behaviour.selector.system = selector["system"].as<SystemId>();
    selector.read("share", behaviour.selector.share);
    Node const outcome = node["outcome"];
    if (auto const kind = outcome["kind"].text())
        behaviour.outcome = parse_behaviour_outcome(*kind).value_or(BehaviourOutcome::release);
    Node const lasts = outcome["lasts"];
    if (behaviour.breaks_something())
        behaviour.lasts = lasts.duration(1min, 24h * 30).value_or(4h);
    else if (lasts)
        lasts.wrong(fmt::format("a {} breaks nothing that could last", name(behaviour.outcome)));
    bool const locks = behaviour.outcome == BehaviourOutcome::lock_user;
    outcome.read("user", behaviour.user);
    behaviour.in_target = outcome["in"].text().value_or("source") == "target";
    for (auto const* key : {"user", "in"})
        if (Node const given = outcome[key]; given && !locks)
            given.wrong(fmt::format("a {} locks nobody: it is for kind lock_user", name(behaviour.outcome)));
    if (Node const code = outcome["return_code"]) {
        outcome.read("return_code", behaviour.return_code.emplace());
        if (!behaviour.of_import())
            code.wrong(fmt::format("a {} has none: it is for kind import", name(behaviour.outcome)));
    }
    if (Node const step = outcome["step"]) {
        if (auto const letter = step.text(); letter && !letter->empty()) behaviour.step = letter->front();
        if (!behaviour.return_code) step.wrong("needs a return_code for the step to end with");
    }
    return behaviour;
}

WorkingHours read_hours(Node const& node) {
    static constexpr std::string_view days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    WorkingHours hours;
    node.read("from_hour", hours.from_hour);
    node.read("to_hour", hours.to_hour);
    std::vector<std::string> wanted;
    node.read("weekdays", wanted);
    for (std::size_t i = 0; i < std::size(days); ++i)
        hours.days[i] = std::ranges::find(wanted, days[i]) != wanted.end();
    if (hours.from_hour >= hours.to_hour)
        node["to_hour"].wrong(
            fmt::format("is {}, but work begins at {}: it has to be later", hours.to_hour, hours.from_hour));
    return hours;
}

void read_behaviours(Node const& list, LandscapeReading const& landscape, std::filesystem::path const& directory,
                     ActivitySpec& activity, std::vector<Behaviour>& of_imports) {
    for (Node const& node : list.items()) {
        auto const file = read_file_name(node, directory);
        if (!file) continue;
        auto behaviour = load_behaviour(*file);
        if (!behaviour) {
            node.wrong(behaviour.error().context);
            continue;
        }
        if (auto const& system = behaviour->selector.system) landscape.known_system(node, *system);
        (behaviour->of_import() ? of_imports : activity.behaviours).push_back(*std::move(behaviour));
    }
}

} // namespace

Result<Behaviour> load_behaviour(std::filesystem::path const& file) {
    auto const document = Document::load(file.string());
    if (!document) return std::unexpected{document.error()};
    auto const mistakes = behaviour_validator().check(*document);
    if (!mistakes.empty()) return fail(ErrorCode::invalid, to_text(mistakes.front()));
    nlohmann::json filled = document->value();
    fill_defaults(filled, "behaviour");
    std::vector<PathMistake> of_reading;
    Behaviour behaviour = read_behaviour(Node{filled, of_reading});
    if (of_reading.empty()) return behaviour;
    auto const& first = of_reading.front();
    return fail(ErrorCode::invalid, fmt::format("{}: {}: {}", document->where(first.path), first.path, first.message));
}

ActivitySpec read_activity(Node const& node, LandscapeReading& landscape, std::filesystem::path const& directory) {
    ActivitySpec activity;
    if (!node) return activity;
    node.read("system", activity.system);
    node.read("client", activity.client);
    node.read("developers", activity.developers);
    node.read("requests_per_hour", activity.rates.requests);
    node.read("objects_per_hour", activity.rates.objects);
    node.read("releases_per_hour", activity.rates.releases);
    node.read("imports_per_hour", activity.rates.imports);
    node.read("customizing_share", activity.customizing_share);
    node.read("copies_share", activity.copies_share);
    node.read("shared_objects", activity.shared_objects);
    node.read("overlap", activity.overlap);
    activity.hours = read_hours(node);
    if (node["system"].text())
        if (auto const* system = landscape.known_system(node["system"], activity.system))
            landscape.known_client(node["client"], *system, activity.client);
    if (activity.customizing_share + activity.copies_share > 1.0)
        node["customizing_share"].wrong("together with copies_share it is more than 1: at most 1 is allowed");
    read_behaviours(node["behaviours"], landscape, directory, activity, landscape.spec.import_behaviours);
    return activity;
}

} // namespace almd
