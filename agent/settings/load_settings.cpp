// From text to Settings: read, validate, fill in defaults, convert; every mistake of all four on one list.
#include "agent/settings/schema_defaults.hpp"
#include "agent/settings/sections.hpp"
#include "proto/schema/document.hpp"
#include "proto/schema/json_path.hpp"
#include "proto/schema/validator.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

constexpr std::size_t mistakes_max = 200; // more than anybody mends in one go

using Loaded = std::variant<Settings, std::vector<SettingsMistake>>;

Validator const& validator() {
    // value(): a schema with a keyword that the validator does not know is our mistake, and a test finds it.
    static Validator const compiled = Validator::compile(settings_schema()).value();
    return compiled;
}

/// Developers, and who owns a request of the file, are users of their system. Who sets it up or runs its jobs is more.
void add_implied_users(Settings& settings) {
    auto const imply = [&](SystemId id, std::string const& name) {
        auto const of_set_up = [&](SetupSpec const& setup) {
            return setup.system == id && (setup.background_user == name || setup.setup_user == name);
        };
        auto const system = std::ranges::find(settings.landscape.systems, id, &SystemSpec::id);
        if (system == settings.landscape.systems.end() || is_standard_user(name) ||
            std::ranges::find(system->users, name, &UserSpec::name) != system->users.end() ||
            std::ranges::any_of(settings.setups, of_set_up))
            return;
        UserSpec user;
        user.name = name;
        user.roles = {std::string{developer_role}};
        user.implied = true;
        system->users.push_back(std::move(user));
    };
    for (auto const& name : settings.activity.developers) imply(settings.activity.system, name);
    for (auto const& request : settings.landscape.requests) imply(request.system, request.owner);
}

Settings read_settings(nlohmann::json const& filled, std::string const& name, std::filesystem::path const& directory,
                       std::vector<PathMistake>& mistakes) {
    Node const root{filled, mistakes};
    LandscapeReading landscape = read_landscape(root["landscape"]);
    Settings settings;
    settings.name = name;
    settings.destinations = read_destinations(root["destinations"], directory);
    settings.setups = read_setups(root["setups"], landscape, settings.destinations);
    settings.story = read_story(root["story"], landscape);
    read_run(root, directory, settings);
    if (settings.fleet.systems > 0 && settings.setups.empty())
        root["fleet"]["systems"].wrong("there is nothing to multiply: a fleet needs setups, each copy of the landscape "
                                       "registers once for each of them");
    settings.activity = read_activity(root["landscape"]["activity"], landscape, directory);
    settings.landscape = std::move(landscape.spec);
    add_implied_users(settings);
    return settings;
}

/// "demo.yaml:12:5" -> {12, 5}; {0, 0} for the document as a whole. The name may have colons too.
std::pair<int, int> line_and_column(std::string_view where) {
    auto const number_behind_last_colon = [&] {
        int number = 0;
        auto const colon = where.rfind(':');
        if (colon == std::string_view::npos) return number;
        std::from_chars(where.data() + colon + 1, where.data() + where.size(), number);
        where = where.substr(0, colon);
        return number;
    };
    int const column = number_behind_last_colon();
    return {number_behind_last_colon(), column};
}

/// In the order of the file. What reading says about a leaf is worded for people ("is not a system ID: three characters
/// ..."), so it replaces what the schema says about the same one.
std::vector<SettingsMistake> merged(Document const& document, std::vector<Mistake> const& of_schema,
                                    std::vector<PathMistake> const& of_reading) {
    auto const reworded = [&](Mistake const& mistake) {
        return std::ranges::any_of(
            of_reading, [&](PathMistake const& other) { return other.of_leaf && other.path == mistake.path; });
    };
    std::vector<SettingsMistake> out;
    for (Mistake const& mistake : of_schema) {
        if (reworded(mistake)) continue;
        std::string const hint = mistake.hint.empty() ? "" : "; " + mistake.hint;
        out.push_back({mistake.where, std::string{shown_path(mistake.path)}, mistake.message + hint});
    }
    for (PathMistake const& mistake : of_reading)
        out.push_back({document.where(mistake.path), std::string{shown_path(mistake.path)}, mistake.message});
    std::ranges::stable_sort(out, {}, [](SettingsMistake const& mistake) { return line_and_column(mistake.where); });
    if (out.size() > mistakes_max) out.resize(mistakes_max);
    return out;
}

Loaded from_document(Document const& document, std::string const& name, std::filesystem::path const& directory) {
    std::vector<Mistake> const of_schema = validator().check(document);
    std::vector<PathMistake> of_reading;
    nlohmann::json filled = document.value();
    fill_defaults(filled);
    Settings settings = read_settings(filled, name, directory, of_reading);
    auto mistakes = merged(document, of_schema, of_reading);
    if (!mistakes.empty()) return mistakes;
    return settings;
}

/// The reader's sentence begins with the place ("demo.yaml:3:7: is not YAML: ..."), which has a field of its own here.
Loaded unreadable(std::string const& name, Error const& error) {
    std::string_view const context = error.context;
    auto const end = context.starts_with(name) ? context.find(": ", name.size()) : std::string_view::npos;
    if (end == std::string_view::npos)
        return std::vector<SettingsMistake>{{name, std::string{whole_document}, error.context}};
    std::string message{context.substr(end + 2)};
    if (message.starts_with("is not YAML"))
        message += R"(; a frequent cause is a task name without quotes, which must read "Transports: Read")";
    return std::vector<SettingsMistake>{
        {std::string{context.substr(0, end)}, std::string{whole_document}, std::move(message)}};
}

} // namespace

Loaded load_settings(std::filesystem::path const& file) {
    auto const document = Document::load(file.string());
    if (!document) return unreadable(file.string(), document.error());
    return from_document(*document, file.string(), file.parent_path());
}

Loaded parse_settings(std::string_view yaml, std::string const& name, std::filesystem::path const& directory) {
    auto const document = Document::from_yaml(yaml, name);
    if (!document) return unreadable(name, document.error());
    return from_document(*document, name, directory);
}

Settings demo_settings() {
    return std::get<Settings>(parse_settings(demo_configuration_text(), "the built-in demo", {}));
}

} // namespace almd
