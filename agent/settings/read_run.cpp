// How to run: hosts, stand-in, trust, retry, histories, fleet.
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

void read_cloud(Node const& node, std::filesystem::path const& directory, Settings& settings) {
    node.read("standin_hosts", settings.stand_in_hosts);
    settings.api_key_file = read_file_name(node["api_key_file"], directory);
    node.read("sap_host_systems_max", settings.sap_host_caps.systems_max);
    node.read("sap_host_requests_per_minute", settings.sap_host_caps.requests_per_minute);
}

std::chrono::seconds whole_seconds(Node const& node, Duration most, std::chrono::seconds otherwise) {
    auto const span = node.duration(1s, most);
    if (!span) return otherwise;
    auto const seconds = std::chrono::floor<std::chrono::seconds>(*span);
    if (seconds != *span) node.wrong(fmt::format("{} is no whole number of seconds", to_text(*span)));
    return seconds;
}

void read_stand_in(Node const& node, std::filesystem::path const& directory, StandInSpec& stand_in) {
    node.read("allow_duplicate_sids", stand_in.allow_duplicate_sids);
    stand_in.token_life = whole_seconds(node["token_life"], 30 * 24h, stand_in.token_life);
    stand_in.lease = whole_seconds(node["lease"], 24h, stand_in.lease);
    node.read("token_algorithm", stand_in.token_algorithm);
    node.read("api_key", stand_in.api_key);
    stand_in.faults = read_file_name(node["faults"], directory);
    node.read("validate", stand_in.validate);
    node.read("text_bytes", stand_in.text_bytes);
    node.read("journal_entries", stand_in.journal_entries);
    node.read("journal_bytes", stand_in.journal_bytes);
}

void read_retry(Node const& node, RetrySpec& retry) {
    node.read("attempts_max", retry.attempts_max);
    if (auto const base = node["base"].duration(1ms, 1h)) retry.base = *base;
    if (auto const cap = node["cap"].duration(1ms, 24h)) retry.cap = *cap;
    if (retry.cap < retry.base) node["cap"].wrong("is shorter than base; at least base is allowed");
}

ConnectionPolicy connection_policy(std::string_view name) {
    if (name == "per-system") return ConnectionPolicy::per_system;
    return name == "per-push" ? ConnectionPolicy::per_push : ConnectionPolicy::pooled;
}

void read_fleet(Node const& node, FleetSpec& fleet) {
    node.read("systems", fleet.systems);
    fleet.ramp = node["ramp"].duration(0s, 24h);
    fleet.duration = node["duration"].duration(1s, 30 * 24h).value_or(fleet.duration);
    fleet.connections = connection_policy(node["connections"].text().value_or(""));
    node.read("connections_max", fleet.connections_max);
}

void read_roots(Node const& list, std::filesystem::path const& directory, std::vector<std::filesystem::path>& roots) {
    for (Node const& node : list.items())
        if (auto file = read_file_name(node, directory)) roots.push_back(*std::move(file));
}

} // namespace

std::optional<std::filesystem::path> read_file_name(Node const& node, std::filesystem::path const& directory) {
    auto const name = node.text();
    if (!name || name->empty()) return std::nullopt;
    std::filesystem::path const path = directory / *name;
    std::error_code problem;
    if (name->contains('\0') || !std::filesystem::is_regular_file(path, problem)) {
        node.wrong(fmt::format("there is no file {}", path.string()));
        return std::nullopt;
    }
    return path;
}

void read_run(Node const& root, std::filesystem::path const& directory, Settings& settings) {
    root.read("seed", settings.seed);
    read_cloud(root["cloud"], directory, settings);
    read_stand_in(root["stand_in"], directory, settings.stand_in);
    read_roots(root["strust"]["trusted_roots"], directory, settings.trusted_roots);
    read_retry(root["retry"], settings.retry);
    root["history"].read("jobs_max", settings.job_history_max);
    root["history"].read("logs_max", settings.log_history_max);
    read_fleet(root["fleet"], settings.fleet);
}

} // namespace almd
