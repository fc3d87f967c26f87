// What the commands have in common: files, keys, roots, listeners, signals.
#include "agent/composition.hpp"

#include "agent/admin/admin_door.hpp"
#include "agent/settings/endpoint_mode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <tuple>
#include <unistd.h>

namespace almd {

constexpr std::size_t file_bytes_max = 8 * 1024 * 1024;

Result<std::string> read_file(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return fail(ErrorCode::invalid, fmt::format("{}: cannot be read", path.string()));
    std::string text(file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > file_bytes_max)
        return fail(ErrorCode::too_large, fmt::format("{}: larger than 8 MiB", path.string()));
    return text;
}

Exit complain(Exit exit, std::string const& text) {
    fmt::print(stderr, "almd: {}\n", text);
    return exit;
}

void print_mistakes(std::vector<SettingsMistake> const& mistakes) {
    for (auto const& mistake : mistakes)
        fmt::print(stderr, "{}: {}: {}\n", mistake.where, mistake.path, mistake.message);
    fmt::print(stderr, "almd: {} mistake{} found; nothing was started\n", mistakes.size(),
               mistakes.size() == 1 ? "" : "s");
}

/// The file, or the built-in demo; nullopt: its mistakes are printed.
std::optional<Settings> settings_or_mistakes(std::optional<std::filesystem::path> const& file) {
    if (!file) return demo_settings();
    auto loaded = load_settings(*file);
    if (auto* mistakes = std::get_if<std::vector<SettingsMistake>>(&loaded)) {
        print_mistakes(*mistakes);
        return std::nullopt;
    }
    return std::get<Settings>(std::move(loaded));
}

Result<std::optional<ServiceKey>> key_from(std::optional<std::filesystem::path> const& file) {
    if (!file) return std::optional<ServiceKey>{};
    auto text = read_file(*file);
    if (!text) return std::unexpected(text.error());
    auto key = parse_service_key(*text);
    if (!key) return fail(ErrorCode::invalid, fmt::format("{}: {}", file->string(), key.error().context));
    return std::optional<ServiceKey>{std::move(*key)};
}

/// --ca and the configuration's STRUST entries.
Result<std::vector<std::string>> trusted_roots(std::optional<std::filesystem::path> const& ca,
                                               Settings const& settings) {
    std::vector<std::string> roots;
    std::vector<std::filesystem::path> files = settings.trusted_roots;
    if (ca) files.push_back(*ca);
    for (auto const& file : files) {
        auto pem = read_file(file);
        if (!pem) return std::unexpected(pem.error());
        roots.push_back(std::move(*pem));
    }
    return roots;
}

LineSettings line_settings(Settings const& settings, std::vector<std::string> roots, double speed) {
    LineSettings lines;
    lines.speed = speed;
    lines.trusted_pem = std::move(roots);
    lines.policy = settings.fleet.connections;
    lines.connections_max = settings.fleet.connections_max;
    lines.retry = settings.retry;
    lines.seed = settings.seed;
    lines.stand_in_hosts = settings.stand_in_hosts;
    lines.sap_host_requests_per_minute = settings.sap_host_caps.requests_per_minute;
    return lines;
}

Result<std::vector<FaultRule>> faults_of(Settings const& settings) {
    if (!settings.stand_in.faults) return std::vector<FaultRule>{};
    return load_faults(settings.stand_in.faults->string());
}

CloudSettings cloud_settings(Settings const& settings) {
    CloudSettings cloud;
    cloud.seed = settings.seed;
    cloud.tenants.clear();
    for (auto const& destination : settings.destinations)
        if (std::find(cloud.tenants.begin(), cloud.tenants.end(), destination.tenant) == cloud.tenants.end())
            cloud.tenants.push_back(destination.tenant);
    if (cloud.tenants.empty()) cloud.tenants.emplace_back("tenant-a");
    cloud.token_life = settings.stand_in.token_life;
    cloud.lease = settings.stand_in.lease;
    if (settings.stand_in.token_algorithm == "RS256") cloud.token_algorithm = TokenAlgorithm::rs256;
    cloud.api_key = settings.stand_in.api_key;
    cloud.validate = settings.stand_in.validate;
    cloud.limits.text_bytes_max = settings.stand_in.text_bytes;
    cloud.limits.journal_entries_max = settings.stand_in.journal_entries;
    cloud.limits.journal_bytes_max = settings.stand_in.journal_bytes;
    cloud.allow_duplicate_sids = settings.stand_in.allow_duplicate_sids || settings.fleet.systems > 0;
    return cloud;
}

namespace {

/// (tenant, system, client) is one registration: a second destination to the same tenant would break its sequences.
Result<void> one_registration_a_client(Settings const& settings, std::map<std::string, ServiceKey> const& keys) {
    std::map<std::tuple<std::string, std::string_view, Client>, std::string_view> taken;
    for (auto const& setup : settings.setups) {
        auto const tenant = keys.at(setup.destination).tenant();
        auto const [place, is_new] = taken.try_emplace({tenant, setup.system.text(), setup.client}, setup.destination);
        if (!is_new)
            return fail(ErrorCode::invalid,
                        fmt::format("destinations {} and {} are set up in {} client {} and their service keys open the "
                                    "same tenant; a client registers once at a tenant: leave one out, or give it the "
                                    "key of another tenant",
                                    place->second, setup.destination, setup.system.text(), setup.client.text()));
    }
    return {};
}

} // namespace

/// The key of each destination: --service-key for all of them, its own file, or the stand-in's for its tenant.
Result<std::map<std::string, ServiceKey>> keys_of(Settings const& settings, std::optional<ServiceKey> const& given,
                                                  StandIn* stand_in) {
    std::map<std::string, ServiceKey> keys;
    for (auto const& destination : settings.destinations) {
        Result<ServiceKey> key =
            fail(ErrorCode::invalid, fmt::format("destination {} has no service key", destination.name));
        if (destination.key) {
            key = *destination.key;
        } else if (destination.key_file) {
            auto from_file = key_from(destination.key_file);
            if (!from_file) return std::unexpected(from_file.error());
            key = std::move(**from_file);
        } else if (given) {
            key = *given;
        } else if (stand_in) {
            key = stand_in->cloud().service_key(stand_in->origin_for_agents(), destination.tenant);
        }
        if (!key) return std::unexpected(key.error());
        keys.emplace(destination.name, std::move(*key));
    }
    if (auto distinct = one_registration_a_client(settings, keys); !distinct) return std::unexpected(distinct.error());
    return keys;
}

std::uint64_t process_nonce() {
    std::uint64_t nonce = 0;
    for (unsigned char byte : random_bytes(sizeof nonce)) nonce = nonce << 8 | byte;
    return nonce;
}

StopSignals::StopSignals(Shard& shard)
    : signals_{shard.io(), SIGINT, SIGTERM} {
    signals_.async_wait([this, &shard](boost::system::error_code error, int) {
        if (error) return;
        log(LogLevel::info, "stopping; once more ends at once");
        signals_.clear();
        shard.stop();
    });
}

Result<std::string> read_secret(std::filesystem::path const& path) {
    auto text = read_file(path);
    if (!text) return text;
    text->resize(std::min(text->size(), text->find_first_of("\r\n")));
    if (text->empty()) return fail(ErrorCode::invalid, fmt::format("{}: the first line is empty", path.string()));
    return text;
}

Result<void> write_secret(std::filesystem::path const& path, std::string_view text) {
    auto const cannot = [&path] {
        return fail(ErrorCode::io, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
    };
    auto const temporary = path.string() + ".new";
    int const file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return cannot();
    auto const written = ::write(file, text.data(), text.size());
    bool const good = ::close(file) == 0 && written == static_cast<ssize_t>(text.size());
    if (!good || ::rename(temporary.c_str(), path.c_str()) != 0) return cannot();
    return {};
}

Result<std::unique_ptr<HttpServer>> listen_admin(Shard& shard, HostPort const& at, HttpService& service) {
    if (!is_loopback_host(at.host))
        log(LogLevel::warning, "the admin API listens on {}: anybody who reaches it may change everything", at.host);
    ServerSettings server;
    server.host = at.host;
    server.port = at.port;
    server.door = [bound = at.host](HttpRequest const& request) {
        return allow_caller(bound, request.host, find_header(request.headers, "Origin"));
    };
    return listen(shard, std::move(server), service);
}

} // namespace almd
