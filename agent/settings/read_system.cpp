// One system of the landscape: clients, components, users, packages and what else is inside it.
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

ClientSpec read_client(Node const& node, Client number) {
    ClientSpec client;
    client.number = number;
    node.read("name", client.name);
    node.read("role", client.role);
    node.read("standard_layer", client.standard_layer);
    return client;
}

/// False: one of them could not be read.
bool read_clients(Node const& list, SystemSpec& system) {
    bool complete = true;
    for (Node const& node : list.items()) {
        auto const client = node["number"].as<Client>();
        if (client)
            system.clients.push_back(read_client(node, *client));
        else
            complete = false;
    }
    return complete;
}

/// Then the other name of the two is the one that is missing.
bool one_is_twice(std::vector<ClientSpec> const& clients) {
    return std::ranges::any_of(clients, [&](ClientSpec const& client) {
        return std::ranges::count(clients, client.number, &ClientSpec::number) > 1;
    });
}

void read_components(Node const& list, SystemSpec& system) {
    for (Node const& node : list.items()) {
        ComponentVersion component;
        node.read("name", component.name);
        node.read("release", component.release);
        node.read("support_package", component.support_package);
        auto const same = [&](ComponentVersion const& other) { return other.name == component.name; };
        if (std::ranges::any_of(system.components, same))
            node["name"].wrong(fmt::format("component {} stands here twice", component.name));
        system.components.push_back(std::move(component));
    }
}

void read_users(Node const& list, SystemSpec& system) {
    for (Node const& node : list.items()) {
        UserSpec user;
        node.read("name", user.name);
        node.read("roles", user.roles);
        node.read("locked", user.locked);
        user.valid_from = node["valid_from"].as<Day>();
        user.valid_to = node["valid_to"].as<Day>();
        if (user.valid_from && user.valid_to && *user.valid_to < *user.valid_from)
            node["valid_to"].wrong(fmt::format("{} is before valid_from, {}: the user could never log on",
                                               user.valid_to->text(), user.valid_from->text()));
        if (node["batch_names"]) user.batch_names.clear();
        node.read("batch_names", user.batch_names);
        auto const same = [&](UserSpec const& other) { return other.name == user.name; };
        if (std::ranges::any_of(system.users, same))
            node["name"].wrong(fmt::format("user {} stands here twice", user.name));
        system.users.push_back(std::move(user));
    }
}

void read_packages(Node const& list, SystemSpec& system) {
    for (Node const& node : list.items()) {
        PackageSpec package;
        node.read("name", package.name);
        node.read("layer", package.layer);
        if (std::ranges::find(system.packages, package.name, &PackageSpec::name) != system.packages.end())
            node["name"].wrong(fmt::format("package {} stands here twice", package.name));
        system.packages.push_back(std::move(package));
    }
}

/// "never" or the lowest priority that counts.
void read_threshold(Node const& atc, std::string_view key, int& threshold) {
    if (atc[key].text() != "never") atc.read(key, threshold);
}

} // namespace

SystemSpec read_system(Node const& node, SystemId id, LandscapeReading& reading) {
    SystemSpec system;
    system.id = id;
    node.read("role", system.role);
    node.read("description", system.description);
    node.read("virtual", system.virtual_system);
    node.read("external", system.external_system);
    system.virtual_system = system.virtual_system || system.external_system; // external is a kind of virtual
    system.communication_system = node["communication_system"].as<SystemId>();
    if (node["communication_system"] && !system.communication_system) reading.complete = false;
    node.read("transport_group", system.transport_group);
    node.read("service_type", system.service_type);
    node.read("host", system.host);
    node.read("instance_number", system.instance_number);
    node.read("system_number", system.system_number);
    node.read("installation_number", system.installation_number);
    node.read("db_host", system.db_host);
    node.read("db_type", system.db_type);
    node.read("time_zone", system.time_zone);
    node.read("batch_processes", system.batch_processes);
    node.read("batch_processes_class_a", system.batch_processes_class_a);
    if (system.batch_processes_class_a >= system.batch_processes)
        node["batch_processes_class_a"].wrong(
            fmt::format("{} of {} background work processes kept for class A: no job of SAP Cloud ALM, class C, could "
                        "ever start; at most {} is allowed",
                        system.batch_processes_class_a, system.batch_processes, system.batch_processes - 1));
    node.read("last_request_number", system.last_request_number);
    node.read("notes", system.notes);
    bool const readable = read_clients(node["clients"], system);
    reading.complete &= readable;
    if (!readable || one_is_twice(system.clients)) reading.clients_incomplete.push_back(id);
    read_components(node["components"], system);
    read_users(node["users"], system);
    read_packages(node["packages"], system);
    read_threshold(node["atc"], "block_on", system.atc.block_on);
    read_threshold(node["atc"], "inform_on", system.atc.inform_on);
    node["atc"].read("findings_share", system.atc.findings_share);
    node.read("failing_exports", system.failing_exports);
    auto const rules = node["import_rules"];
    rules.read("locked_types", system.import_rules.locked_types);
    rules.read("protected_tables", system.import_rules.protected_tables);
    rules.read("system_objects", system.import_rules.system_objects);
    read_customizing(node, system);
    return system;
}

} // namespace almd
