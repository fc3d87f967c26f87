// The commands of almd: each builds its parts, runs them and answers the exit code of design's command line.
#pragma once

#include "simulator/kernel/log.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// 0 good, 1 failed, 2 usage or configuration, 3 cloud not reachable or not willing, 98 run invalid, 99 thresholds crossed.
enum class Exit : int { good = 0, failed = 1, usage = 2, cloud = 3, invalid_run = 98, thresholds = 99 };

struct RunOptions {
    std::optional<std::filesystem::path> config, service_key, ca, state_dir;
    std::string admin = "127.0.0.1:8100", cloud = "127.0.0.1:8443";
    std::optional<std::string> cloud_via; ///< URL of a proxy on this machine in front of the stand-in
    std::optional<double> speed;
    std::optional<std::uint64_t> seed;
    bool once = false;
};
struct CloudOptions {
    std::string listen = "127.0.0.1:8443", admin = "127.0.0.1:8101";
    std::optional<std::string> mtls_listen; ///< none: the next port after `listen`; 0 with 0
    std::optional<std::filesystem::path> tls_dir, service_key_out, x509_key_out, faults;
    std::optional<std::filesystem::path> api_key_file; ///< none: no sandbox
    std::optional<Duration> token_life, lease;
    std::optional<std::uint64_t> seed;
    std::string token_algorithm = "ES256"; ///< or RS256
    bool no_validation = false;
    std::optional<std::size_t> journal, text_bytes;
    bool allow_duplicate_sids = false;
};
struct LoadOptions {
    std::filesystem::path config;
    std::optional<std::uint64_t> systems, seed;
    std::optional<Duration> duration, ramp;
    std::optional<std::string> connections, shard;
    std::optional<std::filesystem::path> service_key, ca, report;
    std::optional<std::string> admin;
    int threads = 1;
};
struct SimulateOptions {
    std::filesystem::path config;
    Duration span = 24h;
    std::optional<std::uint64_t> systems, seed;
    bool json = false;
};
struct CheckOptions {
    std::filesystem::path config;
    std::optional<std::filesystem::path> service_key, ca;
    bool json = false;
};

Exit run(RunOptions const& options);
Exit cloud(CloudOptions const& options);
Exit load(LoadOptions const& options);
Exit simulate(SimulateOptions const& options);
Exit check(CheckOptions const& options);

} // namespace almd
