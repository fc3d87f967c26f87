// The command line of almd: flags in, exit code out. One function for each command: its flags, its help, what it calls.
#include "agent/admin/ctl.hpp"
#include "agent/daemon.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <map>

namespace {

using namespace almd;

constexpr std::uint64_t systems_max = 2'000'000;
constexpr int threads_max = 64;

/// The exit code of the command that was called.
struct Outcome {
    Exit exit = Exit::good;
};

void add_log_options(CLI::App& command) {
    static std::map<std::string, LogLevel> const levels{{"trace", LogLevel::trace}, {"debug", LogLevel::debug},
                                                        {"info", LogLevel::info},   {"warning", LogLevel::warning},
                                                        {"error", LogLevel::error}, {"off", LogLevel::off}};
    static std::map<std::string, LogFormat> const formats{{"text", LogFormat::text}, {"json", LogFormat::json}};
    static LogLevel level = LogLevel::info;
    static LogFormat format = LogFormat::text;
    command.add_option("--log-level", level, "trace, debug, info (default), warning, error or off")
        ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case))
        ->option_text("L");
    command.add_option("--log-format", format, "text (default) or json")
        ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case))
        ->option_text("F");
    command.parse_complete_callback([] { set_log(level, format); });
}

/// CLI::Range lets "nan" through: it is neither below nor above.
std::string speed_mistake(std::string const& given) {
    constexpr double least = 0.001, most = 100'000.0;
    double speed = 0;
    bool const good = CLI::detail::lexical_cast(given, speed) && speed >= least && speed <= most;
    return good ? "" : fmt::format("{} is no speed: a number from {} to {} is needed", given, least, most);
}

/// "90s", "5m" ... as CLI11 sees it.
template <class T>
void add_duration(CLI::App& command, std::string const& flag, T& value, Duration least, std::string const& text) {
    command
        .add_option_function<std::string>(
            flag,
            [&value, flag, least](std::string const& given) {
                auto parsed = parse_duration(given);
                if (!parsed) throw CLI::ValidationError(flag, parsed.error().context);
                if (*parsed < least)
                    throw CLI::ValidationError(flag, given + " is too short: at least " + to_text(least));
                value = *parsed;
            },
            text)
        ->option_text("D");
}

/// The command whose options live as long as the command line.
template <class Options>
CLI::App* add_command(CLI::App& app, Outcome& outcome, std::string const& name, std::string const& text,
                      Options& options, Exit (*call)(Options const&)) {
    auto* command = app.add_subcommand(name, text);
    add_log_options(*command);
    command->final_callback([&outcome, &options, call] { outcome.exit = call(options); });
    return command;
}

void add_ca(CLI::App& command, std::optional<std::filesystem::path>& ca) {
    command.add_option("--ca", ca, "trusted roots (PEM), beside the system's")
        ->option_text("FILE")
        ->envname("SSL_CERT_FILE");
}

void add_run(CLI::App& app, Outcome& outcome) {
    static RunOptions options;
    auto& command =
        *add_command(app, outcome, "run",
                     "run a landscape; without CONFIG the built-in demo DEV:100 > QUA:200 > PRD:300", options, run);
    command.add_option("config", options.config, "landscape (YAML)")->option_text("CONFIG");
    command
        .add_option("--service-key", options.service_key,
                    "service key as the BTP cockpit gives it; then no stand-in is started")
        ->option_text("FILE");
    add_ca(command, options.ca);
    command.add_option("--admin", options.admin, "admin API, default 127.0.0.1:8100")->option_text("HOST:PORT");
    command
        .add_option("--cloud", options.cloud,
                    "stand-in cloud, default 127.0.0.1:8443; its mTLS token listener is the next port")
        ->option_text("HOST:PORT");
    command
        .add_option("--cloud-via", options.cloud_via,
                    "agents reach the stand-in here: a recording or validating proxy on this machine")
        ->option_text("URL");
    command.add_option("--state-dir", options.state_dir, "folder of the stand-in's certificate authority")
        ->option_text("DIR");
    command.add_option("--speed", options.speed, "simulated seconds per real second")
        ->option_text("N")
        ->check([](std::string const& given) { return speed_mistake(given); });
    command.add_option("--seed", options.seed, "seed of everything that is drawn")->option_text("N");
    command.add_flag("--once", options.once, "end when the story in CONFIG is done: 0 if every step came true");
    command.footer("Examples:\n"
                   "  almd run                                   the demo, in real time\n"
                   "  almd run --speed 60 --once                 the demo's story, a minute a second\n"
                   "  almd run config/one-system.yaml --service-key key.json --ca ca.pem");
}

void add_cloud(CLI::App& app, Outcome& outcome) {
    static CloudOptions options;
    auto& command = *add_command(app, outcome, "cloud", "run the stand-in cloud alone", options, cloud);
    command.add_option("--listen", options.listen, "default 127.0.0.1:8443")->option_text("HOST:PORT");
    command.add_option("--mtls-listen", options.mtls_listen, "token listener for X.509 keys, default the next port")
        ->option_text("HOST:PORT");
    command.add_option("--admin", options.admin, "default 127.0.0.1:8101")->option_text("HOST:PORT");
    command.add_option("--tls-dir", options.tls_dir, "keeps the certificate authority as DIR/ca.pem")
        ->option_text("DIR");
    command.add_option("--service-key-out", options.service_key_out, "writes the service key that agents need")
        ->option_text("FILE");
    command
        .add_option("--x509-key-out", options.x509_key_out, "writes a service key with a client certificate as well")
        ->option_text("FILE");
    command.add_option("--faults", options.faults, "fault rules (YAML or JSON)")->option_text("FILE");
    add_duration(command, "--token-life", options.token_life, 1s, "life of a token, default 12h of real time");
    add_duration(command, "--lease", options.lease, 1s,
                 "how long who took work may be silent, default 10m of real time");
    command.add_option("--seed", options.seed, "seed of fault draws and generated IDs, default 1")->option_text("N");
    command
        .add_option("--api-key-file", options.api_key_file,
                    "opens the sandbox (reading only, no /api in the path) to the API key in the first line of FILE")
        ->option_text("FILE");
    command.add_option("--token-algorithm", options.token_algorithm, "signs the tokens: ES256 (default) or RS256")
        ->option_text("ALG")
        ->check(CLI::IsMember({"ES256", "RS256"}));
    command.add_flag("--no-validation", options.no_validation, "do not hold requests against the contract");
    command.add_option("--journal", options.journal, "requests that the journal keeps, default 10000; 0: none")
        ->option_text("N")
        ->check(CLI::Range(0, 10'000'000));
    command
        .add_option("--text-bytes", options.text_bytes,
                    "bytes of features, tasks and the like that are kept, default 8388608")
        ->option_text("N")
        ->check(CLI::Range(1'048'576, 1'073'741'824));
    command.add_flag("--allow-duplicate-sids", options.allow_duplicate_sids, "for fleets: there are only 33,696 SIDs");
    command.footer("Example:\n"
                   "  almd cloud --tls-dir tls --service-key-out key.json\n"
                   "  almd run --service-key key.json --ca tls/ca.pem      (in another terminal)");
}

void add_load(CLI::App& app, Outcome& outcome) {
    static LoadOptions options;
    auto& command =
        *add_command(app, outcome, "load", "run many registrations from a template and report", options, load);
    command.add_option("config", options.config, "template (YAML)")->option_text("CONFIG")->required();
    command.add_option("--systems", options.systems, "registrations; rounded up to whole landscapes")
        ->option_text("N")
        ->check(CLI::Range(std::uint64_t{1}, systems_max));
    add_duration(command, "--duration", options.duration, 0s, "measured time after the ramp");
    add_duration(command, "--ramp", options.ramp, 0s, "time over which registrations spread; default 1 s per 1,000");
    command.add_option("--threads", options.threads, "shards of the agent, default 1")
        ->option_text("N")
        ->check(CLI::Range(1, threads_max));
    command.add_option("--shard", options.shard, "this process's part, 0/4 to 3/4")->option_text("I/N");
    command.add_option("--connections", options.connections, "pooled, per-system or per-push")
        ->option_text("POLICY")
        ->check(CLI::IsMember({"pooled", "per-system", "per-push"}));
    command.add_option("--admin", options.admin, "admin API while it runs")->option_text("HOST:PORT");
    command
        .add_option("--service-key", options.service_key,
                    "without: the stand-in in the same process, over real sockets")
        ->option_text("FILE");
    add_ca(command, options.ca);
    command.add_option("--report", options.report, "writes summary.json here")->option_text("DIR");
    command.add_option("--seed", options.seed, "seed of every identity")->option_text("N");
    command.footer("Example:\n  almd load config/fleet.yaml --systems 100000 --duration 60s");
}

void add_simulate(CLI::App& app, Outcome& outcome) {
    static SimulateOptions options;
    auto& command =
        *add_command(app, outcome, "simulate", "run in virtual time, with the stand-in in process", options, simulate);
    command.add_option("config", options.config, "landscape or template (YAML)")->option_text("CONFIG")->required();
    add_duration(command, "--for", options.span, 1ms, "simulated time, default 24h");
    command.add_option("--systems", options.systems, "registrations; rounded up to whole landscapes")
        ->option_text("N")
        ->check(CLI::Range(std::uint64_t{1}, systems_max));
    command.add_option("--seed", options.seed, "equal seeds give equal event digests")->option_text("N");
    command.add_flag("--json", options.json, "the summary as JSON");
    command.footer("Example:\n  almd simulate config/demo.yaml --for 24h");
}

void add_check(CLI::App& app, Outcome& outcome) {
    static CheckOptions options;
    auto& command =
        *add_command(app, outcome, "check", "report every mistake of a configuration; with a key go as far as a token",
                     options, check);
    command.add_option("config", options.config, "landscape or template (YAML)")->option_text("CONFIG")->required();
    command.add_option("--service-key", options.service_key, "logs on with it, and does nothing else there")
        ->option_text("FILE");
    add_ca(command, options.ca);
    command.add_flag("--json", options.json, "mistakes as JSON");
    command.footer("Exit codes: 0 good, 2 configuration or key broken, 3 cloud not reachable or not willing.\n"
                   "Example:\n  almd check config/demo.yaml --service-key key.json --ca tls/ca.pem");
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"almd behaves like ABAP systems that were set up with /SDF/ALM_SETUP for SAP Cloud ALM, and brings a "
                 "stand-in for the cloud.\n"
                 "It is no SAP product.",
                 "almd"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "almd 0.1.0");
    app.get_formatter()->column_width(34);
    Outcome outcome;
    add_run(app, outcome);
    add_cloud(app, outcome);
    add_load(app, outcome);
    add_simulate(app, outcome);
    add_check(app, outcome);
    // ctl has words of its own; it gets them as they are.
    auto& ctl = *app.add_subcommand("ctl", "look at a running almd and change it: almd ctl RESOURCE [VERB] ...");
    ctl.prefix_command();
    ctl.set_help_flag();
    ctl.allow_extras();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? static_cast<int>(Exit::good) : static_cast<int>(Exit::usage);
    }
    return ctl ? ctl_main(ctl.remaining(), stdout, stderr) : static_cast<int>(outcome.exit);
}
