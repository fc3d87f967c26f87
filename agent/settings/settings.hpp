// CONFIG as typed values: what `almd run`, `load`, `simulate` and `check` work from.
#pragma once

#include "agent/settings/endpoint_mode.hpp"
#include "proto/http/client.hpp"
#include "proto/messages/service_key.hpp"
#include "simulator/tms/activity.hpp"
#include "simulator/tms/landscape_spec.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace almd {

/// An entry of /SDF/ALM_SETUP's "Target ALM Description". Without a key it points at the stand-in (or at --service-key).
struct DestinationSpec {
    std::string name = "CALM";
    std::string tenant = "tenant-a";               ///< which tenant of the stand-in gives the key when none is stated
    std::optional<std::filesystem::path> key_file; ///< a service key as the cockpit gives it; relative to CONFIG
    std::optional<ServiceKey> key;                 ///< by its fields
    std::optional<ProxySettings> proxy;
    bool has_own_key() const { return key_file || key; }
};

/// One task that is switched on at set-up.
struct TaskSpec {
    std::string task;                             ///< SAP name: "Transports: Read"
    std::optional<std::chrono::minutes> interval; ///< none: the default of reference/cloud-alm.md 3.6
};

/// One run of /SDF/ALM_SETUP: in one client of one system, for one destination.
struct SetupSpec {
    SystemId system;
    Client client = client_000;
    std::string destination = "CALM";
    std::string background_user = "BATCH_USER";
    std::string setup_user = "DDIC";
    std::vector<TaskSpec> tasks;
};

/// The steps that `--once` plays, one after the other; each has to come true.
struct StoryStep {
    enum class Kind {
        registered,
        heartbeats,
        landscape_pushed,
        transports_pushed,
        feature,
        deploy,
        imported,
        ledger_clean
    };
    Kind kind;
    std::string feature;                 ///< feature, deploy: its title
    std::vector<std::string> transports; ///< feature, imported: aliases or numbers
    std::optional<SystemId> target;      ///< deploy, imported
    std::optional<Client>
        target_client;       ///< set with CTC=1, also when the file left it out and the routes lead to one client only
    Duration within = 30min; ///< simulated time
};

struct FleetSpec {
    std::uint64_t systems =
        0; ///< registrations; rounded up to whole landscapes. 0: no fleet, the landscape once, as it is
    std::optional<Duration> ramp; ///< none: computed, 1,000 registrations a second
    Duration duration = 60s;
    ConnectionPolicy connections = ConnectionPolicy::pooled;
    std::size_t connections_max = 128;
};

/// The retry of one call, on the wire clock: full jitter, exponential; also on top of Retry-After.
struct RetrySpec {
    int attempts_max = 6;
    WireDuration base = 500ms, cap = 30s;
};

/// The stand-in in the same process.
struct StandInSpec {
    bool allow_duplicate_sids = false; ///< always on for fleets
    std::chrono::seconds token_life{43200};
    std::chrono::seconds lease{600};
    std::string token_algorithm{"ES256"}; ///< or RS256
    std::string api_key;                  ///< empty: no sandbox
    std::optional<std::filesystem::path> faults;
    bool validate = true;
    std::size_t text_bytes = 8 * 1024 * 1024;
    std::size_t journal_entries = 10'000;
    std::size_t journal_bytes = 6 * 1024 * 1024;
};

struct Settings {
    std::string name; ///< of the file, for messages
    std::uint64_t seed = 1;
    LandscapeSpec landscape;
    ActivitySpec activity; ///< of each landscape; off by default
    std::vector<DestinationSpec> destinations;
    std::vector<SetupSpec> setups;
    std::vector<StoryStep> story;
    FleetSpec fleet;
    RetrySpec retry;
    StandInSpec stand_in;
    std::vector<std::string> stand_in_hosts;                          ///< cloud.standin_hosts
    std::optional<std::filesystem::path> api_key_file;                ///< cloud.api_key_file: sandbox mode
    SapHostCaps sap_host_caps;                                        ///< cloud.sap_host_*
    std::vector<std::filesystem::path> trusted_roots;                 ///< STRUST entries: PEM files
    std::size_t job_history_max = 100'000, log_history_max = 100'000; ///< SM37 and SLG1 rows kept per shard
};

/// One mistake of a file.
struct SettingsMistake {
    std::string where;   ///< "config/demo.yaml:12:5"
    std::string path;    ///< "setups[2].client"
    std::string message; ///< what was found, what is allowed
};

/// The file as values, or *all* its mistakes at once (also those between parts: an unknown system in a route, a task that does not exist ...).
std::variant<Settings, std::vector<SettingsMistake>> load_settings(std::filesystem::path const& file);
std::variant<Settings, std::vector<SettingsMistake>> parse_settings(std::string_view yaml, std::string const& name,
                                                                    std::filesystem::path const& directory);
/// One file of config/behaviours. Errors name the place, what was found and what is allowed.
Result<Behaviour> load_behaviour(std::filesystem::path const& file);
/// What `almd run` plays without CONFIG; equal to config/demo.yaml.
Settings demo_settings();

} // namespace almd
