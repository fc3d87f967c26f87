// Destinations and the runs of /SDF/ALM_SETUP.
#include "agent/settings/sections.hpp"
#include "proto/task_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace almd {

namespace {

constexpr std::size_t password_bytes_max = 256;
constexpr auto interval_max = 24h;

std::string first_line(std::filesystem::path const& file) {
    std::array<char, password_bytes_max + 1> line{};
    std::ifstream in{file, std::ios::binary};
    in.read(line.data(), password_bytes_max);
    std::string text{line.data(), static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0))};
    return text.substr(0, text.find_first_of("\r\n"));
}

ProxySettings read_proxy(Node const& node, std::filesystem::path const& directory) {
    ProxySettings proxy;
    node.read("host", proxy.host);
    node.read("port", proxy.port);
    node.read("user", proxy.user);
    Node const password = node["password_file"];
    if (auto const file = read_file_name(password, directory)) {
        proxy.password = first_line(*file);
        if (proxy.user.empty())
            password.wrong("a password without a proxy user: state user, or leave password_file out");
    }
    return proxy;
}

/// What ALM_SETUP's pop-up asks for; the secret stands in a file of its own.
std::optional<ServiceKey> read_fields(Node const& node, std::filesystem::path const& directory) {
    KeyByFields fields;
    node.read("token_endpoint", fields.token_endpoint);
    node.read("client_id", fields.client_id);
    node.read("root_url", fields.root_url);
    auto const secret = read_file_name(node["client_secret_file"], directory);
    if (secret) fields.client_secret = first_line(*secret);
    bool const complete =
        secret && !fields.token_endpoint.empty() && !fields.client_id.empty() && !fields.root_url.empty();
    if (!complete) return std::nullopt; // the schema said what is missing
    auto key = to_service_key(fields);
    if (key) return *std::move(key);
    node.wrong(key.error().context);
    return std::nullopt;
}

DestinationSpec read_destination(Node const& node, std::filesystem::path const& directory) {
    DestinationSpec destination;
    node.read("name", destination.name);
    node.read("tenant", destination.tenant);
    destination.key_file = read_file_name(node["key_file"], directory);
    if (node["fields"]) destination.key = read_fields(node["fields"], directory);
    if (destination.key_file && node["fields"]) node["fields"].wrong("a key file and fields: state one of them");
    if (node["proxy"]) destination.proxy = read_proxy(node["proxy"], directory);
    return destination;
}

std::string seat(SystemId system, Client client) {
    return fmt::format("{}:{}", system.text(), client.text());
}

/// "Transports: Create & Export" for the client-specific one: what people write who know the task from its screen.
std::string task_mistake(std::string const& found) {
    std::vector<std::string> names;
    for (TaskFacts const& task : task_catalogue) {
        if (found.size() >= 8 && task.name.starts_with(found + " ("))
            return fmt::format("\"{}\" is no task; did you mean \"{}\"?", found, task.name);
        names.push_back(fmt::format("\"{}\"", task.name));
    }
    return unknown_name("no task", found, names);
}

void check_scope(Node const& node, TaskFacts const& task, SetupSpec const& setup) {
    if (task.scope == ClientScope::client_000_only && setup.client != client_000)
        node.wrong(fmt::format("\"{}\" belongs in client 000 of {}, this set-up is in {}", task.name,
                               setup.system.text(), setup.client.text()));
    if (task.scope == ClientScope::working_client && setup.client == client_000)
        node.wrong(fmt::format(
            "\"{}\" is client-specific: it belongs in a client of {} in which requests are created, not in 000",
            task.name, setup.system.text()));
}

std::optional<std::chrono::minutes> read_interval(Node const& node, TaskFacts const& task) {
    if (!node) return std::nullopt;
    if (!task.interval_editable) {
        node.wrong(fmt::format(
            "the interval of \"{}\" cannot be changed, it has a scheduler of its own; leave interval out", task.name));
        return std::nullopt;
    }
    auto const span = node.duration(1min, interval_max);
    if (!span) return std::nullopt;
    auto const minutes = std::chrono::floor<std::chrono::minutes>(*span);
    if (minutes != *span)
        node.wrong(fmt::format("{} is no whole number of minutes; 1m to {} is allowed", to_text(*span),
                               to_text(interval_max)));
    return minutes;
}

void read_tasks(Node const& list, bool placed, SetupSpec& setup) {
    std::vector<TaskKind> seen;
    for (Node const& node : list.items()) {
        Node const name = node["task"];
        auto const text = name.text();
        auto const kind = text ? find_task(*text) : std::nullopt;
        if (text && !kind) name.wrong(task_mistake(*text));
        if (!kind) continue;
        TaskFacts const& task = facts(*kind);
        if (std::ranges::find(seen, *kind) != seen.end())
            name.wrong(fmt::format("\"{}\" stands in this set-up twice", task.name));
        seen.push_back(*kind);
        if (placed) check_scope(name, task, setup);
        setup.tasks.push_back({std::string{task.name}, read_interval(node["interval"], task)});
    }
}

/// False: system or client could not be read, so that nothing can be said about where the set-up runs.
bool read_place(Node const& node, LandscapeReading const& landscape, SetupSpec& setup) {
    auto const system = node["system"].as<SystemId>();
    auto const client = node["client"].as<Client>();
    if (system) {
        setup.system = *system;
        if (SystemSpec const* known = landscape.known_system(node["system"], *system)) {
            if (client) landscape.known_client(node["client"], *known, *client);
            if (known->virtual_system)
                node["system"].wrong(fmt::format(
                    "{} is a virtual system: nobody can log on to it and run /SDF/ALM_SETUP", system->text()));
        }
    }
    if (client) setup.client = *client;
    return system && client;
}

} // namespace

std::vector<DestinationSpec> read_destinations(Node const& destinations, std::filesystem::path const& directory) {
    std::vector<DestinationSpec> out;
    for (Node const& node : destinations.items()) {
        DestinationSpec destination = read_destination(node, directory);
        auto const same = [&](DestinationSpec const& other) { return other.name == destination.name; };
        if (std::ranges::any_of(out, same))
            node["name"].wrong(fmt::format("there are two destinations with the name {}", destination.name));
        out.push_back(std::move(destination));
    }
    return out;
}

std::vector<SetupSpec> read_setups(Node const& setups, LandscapeReading const& landscape,
                                   std::vector<DestinationSpec> const& destinations) {
    std::vector<std::string> names;
    for (DestinationSpec const& destination : destinations) names.push_back(destination.name);

    std::vector<SetupSpec> out;
    for (Node const& node : setups.items()) {
        SetupSpec setup;
        bool const placed = read_place(node, landscape, setup);
        node.read("destination", setup.destination);
        node.read("background_user", setup.background_user);
        node.read("setup_user", setup.setup_user);
        if (std::ranges::find(names, setup.destination) == names.end())
            node["destination"].wrong(unknown_name("no entry of destinations", setup.destination, names));
        read_tasks(node["tasks"], placed, setup);
        if (!placed) continue;
        auto const same = [&](SetupSpec const& other) {
            return other.system == setup.system && other.client == setup.client &&
                   other.destination == setup.destination;
        };
        if (std::ranges::any_of(out, same))
            node.wrong(fmt::format("{} is set up for destination {} twice; put all tasks into one set-up",
                                   seat(setup.system, setup.client), setup.destination));
        out.push_back(std::move(setup));
    }
    return out;
}

} // namespace almd
