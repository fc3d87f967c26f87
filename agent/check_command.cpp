// `almd check`: every mistake of a configuration; with a key as far as a token.
#include "agent/composition.hpp"
#include "agent/settings/endpoint_mode.hpp"
#include "agent/setup/tenants.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

std::string to_json_text(std::vector<SettingsMistake> const& mistakes, std::vector<std::string> const& warnings = {}) {
    auto list = nlohmann::json::array();
    for (auto const& mistake : mistakes)
        list.push_back({{"where", mistake.where}, {"path", mistake.path}, {"message", mistake.message}});
    return nlohmann::json{{"good", mistakes.empty()}, {"mistakes", std::move(list)}, {"warnings", warnings}}.dump(2);
}

Async<void> fetch_token(TokenSource& tokens, Shard& shard, Result<Token>& token) {
    token = co_await tokens.token();
    shard.stop();
}

struct KeyToTry {
    std::string file;
    ServiceKey key;
    std::optional<ProxySettings> proxy;
};

/// Every key once, through the proxy of the first destination that uses it. Error: one cannot be read, or two open the
/// same tenant for one client.
Result<std::vector<KeyToTry>> keys_to_try(Settings const& settings, std::optional<ServiceKey> const& given,
                                          CheckOptions const& options) {
    std::vector<KeyToTry> keys;
    bool complete = true;
    auto const known = [&](std::filesystem::path const& file) {
        return std::ranges::find(keys, file.string(), &KeyToTry::file) != keys.end();
    };
    for (auto const& destination : settings.destinations) {
        if (destination.key) keys.emplace_back("destination " + destination.name, *destination.key, destination.proxy);
        if (destination.key) continue;
        auto const& file = destination.key_file ? destination.key_file : options.service_key;
        complete = complete && file;
        if (!file || known(*file)) continue;
        auto own = destination.key_file ? key_from(file) : Result<std::optional<ServiceKey>>{given};
        if (!own) return std::unexpected(own.error());
        keys.emplace_back(file->string(), std::move(**own), destination.proxy);
    }
    if (given && !known(*options.service_key)) keys.emplace_back(options.service_key->string(), *given, std::nullopt);
    if (complete)
        if (auto all = keys_of(settings, given, nullptr); !all) return std::unexpected(all.error());
    return keys;
}

} // namespace

Exit check(CheckOptions const& options) {
    auto loaded = load_settings(options.config);
    if (auto* mistakes = std::get_if<std::vector<SettingsMistake>>(&loaded)) {
        if (options.json) fmt::print("{}\n", to_json_text(*mistakes));
        print_mistakes(*mistakes);
        return Exit::usage;
    }
    auto& settings = std::get<Settings>(loaded);
    auto key = key_from(options.service_key);
    if (!key) return complain(Exit::usage, key.error().context);
    auto roots = trusted_roots(options.ca, settings);
    if (!roots) return complain(Exit::usage, roots.error().context);
    auto keys = keys_to_try(settings, *key, options);
    auto const warnings = tenant_warnings(settings, [&](DestinationSpec const& one) {
        auto const& file = one.key_file ? one.key_file : options.service_key;
        if (file && keys)
            for (auto const& known : *keys)
                if (known.file == file->string()) return known.key.tenant();
        return one.tenant; // of the stand-in
    });
    for (auto const& warning : warnings) fmt::print(stderr, "{}: warning: {}\n", options.config.string(), warning);
    auto const verdict = [&](Exit exit, std::string text) {
        std::vector<SettingsMistake> mistakes;
        if (exit != Exit::good) mistakes.push_back({options.config.string(), "", text});
        if (options.json) fmt::print("{}\n", to_json_text(mistakes, warnings));
        return exit == Exit::good ? exit : complain(exit, text);
    };
    if (!keys) return verdict(Exit::usage, keys.error().context);
    if (auto faults = faults_of(settings); !faults) return verdict(Exit::usage, faults.error().context);
    for (auto const& [file, one, proxy] : *keys)
        if (auto mode = endpoint_mode(one, settings.stand_in_hosts); !mode)
            return verdict(Exit::usage, fmt::format("{}: {}", file, mode.error().context));
    fmt::print(stderr, "{}: good: {} systems, {} set-ups, {} destinations\n", options.config.string(),
               settings.landscape.systems.size(), settings.setups.size(), settings.destinations.size());
    for (auto const& [file, one, proxy] : *keys) {
        Shard shard{Shard::RealTime{}};
        auto line = lines_over_sockets(shard, line_settings(settings, *roots))(one, proxy);
        if (!line) return verdict(Exit::usage, fmt::format("{}: {}", file, line.error().context));
        Result<Token> token = fail(ErrorCode::stopped, "interrupted");
        shard.tasks().spawn(fetch_token(*(*line)->tokens, shard, token));
        StopSignals signals{shard};
        shard.run();
        if (!token) return verdict(Exit::cloud, fmt::format("{}: no token: {}", file, token.error().context));
        fmt::print(stderr, "{}: good: a token was given by {}\n", file, one.token_endpoint);
    }
    return verdict(Exit::good, "");
}

} // namespace almd
