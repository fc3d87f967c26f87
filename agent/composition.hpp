// What the commands have in common: files, keys, roots, listeners, signals.
#pragma once

#include "agent/daemon.hpp"
#include "agent/settings/settings.hpp"
#include "agent/setup/socket_lines.hpp"
#include "agent/stand_in.hpp"

#include <boost/asio/signal_set.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// Says it on standard error and answers `exit`.
Exit complain(Exit exit, std::string const& text);
void print_mistakes(std::vector<SettingsMistake> const& mistakes);

/// At most 8 MiB.
Result<std::string> read_file(std::filesystem::path const& path);
/// The first line, which must not be empty.
Result<std::string> read_secret(std::filesystem::path const& path);
/// Readable by its owner only, and never half written.
Result<void> write_secret(std::filesystem::path const& path, std::string_view text);

/// The file, or the built-in demo; nullopt: its mistakes are printed.
std::optional<Settings> settings_or_mistakes(std::optional<std::filesystem::path> const& file);
/// No file: no key.
Result<std::optional<ServiceKey>> key_from(std::optional<std::filesystem::path> const& file);
/// --ca and the configuration's STRUST entries.
Result<std::vector<std::string>> trusted_roots(std::optional<std::filesystem::path> const& ca,
                                               Settings const& settings);
/// The key of each destination: its own file's, --service-key, or the stand-in's for its tenant.
Result<std::map<std::string, ServiceKey>> keys_of(Settings const& settings, std::optional<ServiceKey> const& given,
                                                  StandIn* stand_in);

LineSettings line_settings(Settings const& settings, std::vector<std::string> roots, double speed = 1.0);
/// stand_in.faults of the configuration; none: empty.
Result<std::vector<FaultRule>> faults_of(Settings const& settings);
CloudSettings cloud_settings(Settings const& settings);
/// From the operating system: a process that starts again must not repeat the idempotency keys of the one before.
std::uint64_t process_nonce();

/// A router as a service: the cloud's part of the admin API.
class RouterService : public HttpService {
public:
    explicit RouterService(Router const& router)
        : router_{router} {}
    Async<HttpResponse> serve(HttpRequest request) override { co_return router_.dispatch(request); }

private:
    Router const& router_;
};

/// SIGINT and SIGTERM ask the shard to stop; a second one ends the process at once.
class StopSignals {
public:
    explicit StopSignals(Shard& shard);

private:
    net::signal_set signals_;
};

/// Warns when it is not loopback; refuses callers that agent/admin/admin_door.hpp does not let in.
Result<std::unique_ptr<HttpServer>> listen_admin(Shard& shard, HostPort const& at, HttpService& service);

} // namespace almd
