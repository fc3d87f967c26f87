// The command line of almd: flags in, exit code out.
#include "agent/admin/ctl.hpp"
#include "agent/daemon.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>

namespace {

using namespace almd;

std::map<std::string, LogLevel> const log_levels{{"trace", LogLevel::trace}, {"debug", LogLevel::debug},
                                                 {"info", LogLevel::info},   {"warning", LogLevel::warning},
                                                 {"error", LogLevel::error}, {"off", LogLevel::off}};
std::map<std::string, LogFormat> const log_formats{{"text", LogFormat::text}, {"json", LogFormat::json}};

struct LogOptions {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

void add_log_options(CLI::App& command, LogOptions& options) {
    command.add_option("--log-level", options.level, "trace, debug, info, warning, error or off")
        ->transform(CLI::CheckedTransformer(log_levels, CLI::ignore_case));
    command.add_option("--log-format", options.format, "text or json")
        ->transform(CLI::CheckedTransformer(log_formats, CLI::ignore_case));
}

/// "90s", "5m" ... as CLI11 sees it.
void add_duration(CLI::App& command, std::string const& flag, std::optional<Duration>& value, std::string const& text) {
    command.add_option_function<std::string>(
        flag,
        [&value, flag](std::string const& given) {
            auto parsed = parse_duration(given);
            if (!parsed) throw CLI::ValidationError(flag, parsed.error().context);
            value = *parsed;
        },
        text);
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
    LogOptions log_options;

    RunOptions run_options;
    auto* run_command =
        app.add_subcommand("run", "run a landscape; without CONFIG the built-in demo DEV:100 > QUA:200 > PRD:300");
    run_command->add_option("config", run_options.config, "landscape (YAML)")->option_text("CONFIG");
    run_command
        ->add_option("--service-key", run_options.service_key,
                     "service key as the BTP cockpit gives it; then no stand-in is started")
        ->option_text("FILE");
    run_command->add_option("--ca", run_options.ca, "trusted roots (PEM), beside the system's")
        ->option_text("FILE")
        ->envname("SSL_CERT_FILE");
    run_command->add_option("--admin", run_options.admin, "admin API, default 127.0.0.1:8100")
        ->option_text("HOST:PORT");
    run_command
        ->add_option("--cloud", run_options.cloud,
                     "stand-in cloud, default 127.0.0.1:8443; its mTLS token listener is the next port")
        ->option_text("HOST:PORT");
    run_command->add_option("--state-dir", run_options.state_dir, "folder of the stand-in's certificate authority")
        ->option_text("DIR");
    run_command->add_option("--speed", run_options.speed, "simulated seconds per real second")
        ->option_text("N")
        ->check(CLI::Range(0.001, 100'000.0));
    run_command->add_option("--seed", run_options.seed, "seed of everything that is drawn")->option_text("N");
    run_command->add_flag("--once", run_options.once,
                          "end when the story in CONFIG is done: 0 if every step came true");
    add_log_options(*run_command, log_options);
    run_command->footer("Examples:\n"
                        "  almd run                                   the demo, in real time\n"
                        "  almd run --speed 60 --once                 the demo's story, a minute a second\n"
                        "  almd run config/one-system.yaml --service-key key.json --ca ca.pem");

    CloudOptions cloud_options;
    auto* cloud_command = app.add_subcommand("cloud", "run the stand-in cloud alone");
    cloud_command->add_option("--listen", cloud_options.listen, "default 127.0.0.1:8443")->option_text("HOST:PORT");
    cloud_command
        ->add_option("--mtls-listen", cloud_options.mtls_listen, "token listener for X.509 keys, default the next port")
        ->option_text("HOST:PORT");
    cloud_command->add_option("--admin", cloud_options.admin, "default 127.0.0.1:8101")->option_text("HOST:PORT");
    cloud_command->add_option("--tls-dir", cloud_options.tls_dir, "keeps the certificate authority as DIR/ca.pem")
        ->option_text("DIR");
    cloud_command
        ->add_option("--service-key-out", cloud_options.service_key_out, "writes the service key that agents need")
        ->option_text("FILE");
    cloud_command->add_option("--faults", cloud_options.faults, "fault rules (YAML or JSON)")->option_text("FILE");
    cloud_command
        ->add_option_function<std::string>(
            "--token-life",
            [&cloud_options](std::string const& given) {
                auto life = parse_duration(given);
                if (!life || *life < 1s)
                    throw CLI::ValidationError("--token-life", "a duration of at least 1s is needed, such as 12h");
                cloud_options.token_life = std::chrono::floor<std::chrono::seconds>(*life);
            },
            "life of a token, default 12h")
        ->option_text("D");
    cloud_command->add_flag("--allow-duplicate-sids", cloud_options.allow_duplicate_sids,
                            "for fleets: there are only 33,696 SIDs");
    add_log_options(*cloud_command, log_options);
    cloud_command->footer("Example:\n"
                          "  almd cloud --tls-dir tls --service-key-out key.json\n"
                          "  almd run --service-key key.json --ca tls/ca.pem      (in another terminal)");

    LoadOptions load_options;
    auto* load_command = app.add_subcommand("load", "run many registrations from a template and report");
    load_command->add_option("config", load_options.config, "template (YAML)")->option_text("CONFIG")->required();
    load_command->add_option("--systems", load_options.systems, "registrations; rounded up to whole landscapes")
        ->option_text("N")
        ->check(CLI::Range(1, 2'000'000));
    add_duration(*load_command, "--duration", load_options.duration, "measured time after the ramp");
    add_duration(*load_command, "--ramp", load_options.ramp,
                 "time over which registrations spread; default 1 s per 1,000");
    load_command->add_option("--threads", load_options.threads, "shards of the agent")
        ->option_text("N")
        ->check(CLI::Range(1, 64));
    load_command->add_option("--shard", load_options.shard, "this process's part, 0/4 to 3/4")->option_text("I/N");
    load_command->add_option("--connections", load_options.connections, "pooled, per-system or per-push")
        ->check(CLI::IsMember({"pooled", "per-system", "per-push"}));
    load_command->add_option("--admin", load_options.admin, "admin API while it runs")->option_text("HOST:PORT");
    load_command
        ->add_option("--service-key", load_options.service_key,
                     "without: the stand-in in the same process, over real sockets")
        ->option_text("FILE");
    load_command->add_option("--ca", load_options.ca, "trusted roots (PEM)")
        ->option_text("FILE")
        ->envname("SSL_CERT_FILE");
    load_command->add_option("--report", load_options.report, "writes summary.json here")->option_text("DIR");
    load_command->add_option("--seed", load_options.seed)->option_text("N");
    add_log_options(*load_command, log_options);
    load_command->footer("Example:\n  almd load config/fleet.yaml --systems 100000 --duration 60s");

    SimulateOptions simulate_options;
    std::optional<Duration> simulated_span;
    auto* simulate_command = app.add_subcommand("simulate", "run in virtual time, with the stand-in in process");
    simulate_command->add_option("config", simulate_options.config)->option_text("CONFIG")->required();
    add_duration(*simulate_command, "--for", simulated_span, "simulated time, default 24h");
    simulate_command->add_option("--systems", simulate_options.systems)
        ->option_text("N")
        ->check(CLI::Range(1, 2'000'000));
    simulate_command->add_option("--seed", simulate_options.seed)->option_text("N");
    simulate_command->add_flag("--json", simulate_options.json, "the summary as JSON");
    add_log_options(*simulate_command, log_options);
    simulate_command->footer("Example:\n  almd simulate config/demo.yaml --for 24h");

    CheckOptions check_options;
    auto* check_command =
        app.add_subcommand("check", "report every mistake of a configuration; with a key go as far as a token");
    check_command->add_option("config", check_options.config)->option_text("CONFIG")->required();
    check_command->add_option("--service-key", check_options.service_key)->option_text("FILE");
    check_command->add_option("--ca", check_options.ca)->option_text("FILE")->envname("SSL_CERT_FILE");
    check_command->add_flag("--json", check_options.json, "mistakes as JSON");
    add_log_options(*check_command, log_options);
    check_command->footer("Exit codes: 0 good, 2 configuration or key broken, 3 cloud not reachable or not willing.\n"
                          "Example:\n  almd check config/demo.yaml --service-key key.json --ca tls/ca.pem");

    // ctl has words of its own; it gets them as they are.
    auto* ctl_command = app.add_subcommand("ctl", "look at a running almd and change it: almd ctl RESOURCE [VERB] ...");
    ctl_command->prefix_command();
    ctl_command->set_help_flag();
    ctl_command->allow_extras();

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? static_cast<int>(Exit::good) : static_cast<int>(Exit::usage);
    }
    set_log(log_options.level, log_options.format);
    if (simulated_span) simulate_options.span = *simulated_span;
    if (*run_command) return static_cast<int>(run(run_options));
    if (*cloud_command) return static_cast<int>(cloud(cloud_options));
    if (*load_command) return static_cast<int>(load(load_options));
    if (*simulate_command) return static_cast<int>(simulate(simulate_options));
    if (*check_command) return static_cast<int>(check(check_options));
    return ctl_main(ctl_command->remaining(), stdout, stderr);
}
