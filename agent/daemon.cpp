// `almd run`: the composition root, where agent and stand-in meet.
#include "agent/admin/agent_admin.hpp"
#include "agent/composition.hpp"
#include "agent/fleet/story.hpp"
#include "agent/settings/endpoint_mode.hpp"
#include "agent/setup/tenants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace almd {

namespace {

/// The story is told in every run that has one; with --once its end is the end.
Async<void> play_story(Story& story, Shard& shard, bool once, Exit& exit) {
    bool const good = co_await story.play();
    if (!once || shard.tasks().stopping()) co_return;
    exit = good ? Exit::good : Exit::failed;
    shard.stop();
}

/// `--once`: a cloud that cannot be reached or does not want us ends the run, when every registration was tried once.
Async<void> register_everything(Agent& agent, Shard& shard, bool once, Exit& exit) {
    co_await agent.register_all(Duration{0});
    auto const& counters = agent.counters();
    bool const hopeless = counters.registered == 0 || agent.last_refusal_is_final();
    if (agent.last_refusal().empty() || !hopeless || shard.tasks().stopping()) co_return;
    tell("almd: registration failed: " + agent.last_refusal());
    if (once) {
        exit = Exit::cloud;
        shard.stop();
    } else {
        tell("almd: it is tried again; `almd ctl log` shows SLG1");
    }
}

/// A CONFIG without a story still has an end for --once: everything is registered, or the cloud does not want us.
std::vector<StoryStep> story_of(Settings const& settings) {
    if (!settings.story.empty()) return settings.story;
    StoryStep registered{};
    registered.kind = StoryStep::Kind::registered;
    return {registered};
}

/// The cloud on this machine; its mTLS port is the one after its own.
Result<std::unique_ptr<StandIn>> start_stand_in(Shard& shard, RunOptions const& options, HostPort const& cloud_at,
                                                Settings const& settings) {
    StandIn::Options with{cloud_at, cloud_at, options.state_dir ? options.state_dir->string() : "",
                          cloud_settings(settings), options.cloud_via.value_or("")};
    if (cloud_at.port != 0) ++with.mtls_listen.port;
    auto faults = faults_of(settings);
    if (!faults) return std::unexpected{faults.error()};
    with.cloud.faults = std::move(*faults);
    return StandIn::start(shard, std::move(with));
}

} // namespace

Exit run(RunOptions const& options) {
    auto settings = settings_or_mistakes(options.config);
    if (!settings) return Exit::usage;
    if (options.seed) settings->seed = *options.seed;
    double const speed = options.speed.value_or(1.0);
    auto admin_at = HostPort::parse(options.admin);
    auto cloud_at = HostPort::parse(options.cloud);
    auto key = key_from(options.service_key);
    auto roots = trusted_roots(options.ca, *settings);
    if (!admin_at) return complain(Exit::usage, "--admin: " + admin_at.error().context);
    if (!cloud_at) return complain(Exit::usage, "--cloud: " + cloud_at.error().context);
    if (!key) return complain(Exit::usage, key.error().context);
    if (!roots) return complain(Exit::usage, roots.error().context);
    auto mode = endpoint_mode(*key, settings->api_key_file.has_value(), settings->stand_in_hosts);
    if (!mode) return complain(Exit::usage, mode.error().context);
    if (auto const via = host_of_url(options.cloud_via.value_or("http://127.0.0.1")); !via || !is_loopback_host(*via))
        return complain(Exit::usage,
                        fmt::format("--cloud-via {}: the URL of a proxy on this machine is needed, such as "
                                    "http://127.0.0.1:4010",
                                    *options.cloud_via));
    if (auto allowed = allow_speed(*mode, speed); !allowed) return complain(Exit::usage, allowed.error().context);

    Shard shard{Shard::RealTime{speed}}; // the one thread of a run
    std::unique_ptr<StandIn> stand_in;   // the cloud, unless a key names another one
    bool const every_destination_has_a_key = std::all_of(settings->destinations.begin(), settings->destinations.end(),
                                                         [](auto const& one) { return one.has_own_key(); });
    if (!*key && !every_destination_has_a_key) {
        auto started = start_stand_in(shard, options, *cloud_at, *settings);
        if (!started) return complain(Exit::usage, started.error().context);
        stand_in = std::move(*started);
        roots->push_back(stand_in->authority_pem());
    }
    auto keys = keys_of(*settings, *key, stand_in.get());
    if (!keys) return complain(Exit::usage, keys.error().context);

    for (auto const& warning : tenant_warnings(*settings, [&](auto const& one) { return keys->at(one.name).tenant(); }))
        tell("almd: warning: " + warning);

    AgentLimits const limits{settings->job_history_max, settings->log_history_max};
    Agent agent{shard,
                *settings,
                WorldRange{settings->seed, 0, 1, false},
                limits,
                lines_over_sockets(shard, line_settings(*settings, *roots, speed)),
                process_nonce()};
    if (auto opened = agent.open_destinations(settings->destinations, *keys); !opened)
        return complain(Exit::usage, opened.error().context);

    Router cloud_routes; // the cloud's part of the admin API; empty when the cloud is somebody else's
    if (stand_in) stand_in->cloud().mount_admin(cloud_routes);
    RouterService cloud_admin{cloud_routes};
    AgentAdmin admin{agent, cloud_admin};
    auto admin_server = listen_admin(shard, *admin_at, admin);
    if (!admin_server) return complain(Exit::usage, admin_server.error().context);

    auto const admin_url = fmt::format("http://{}", HostPort{admin_at->host, (*admin_server)->port()}.text());
    auto const cloud_url = stand_in ? stand_in->origin() : keys->begin()->second.root_url();
    bool ready = false;
    agent.on_registered = [&](SetupIndex) {
        if (ready) return;
        ready = true;
        fmt::print("ready admin={} cloud={}\n", admin_url, cloud_url);
        std::fflush(stdout);
    };

    InProcessClient to_admin{admin};
    CloudPerson person{to_admin};
    Story story{agent, story_of(*settings), stand_in ? &person : nullptr, [](std::string const& line) { tell(line); }};
    Exit exit = Exit::good;
    StopSignals signals{shard};
    shard.tasks().spawn(register_everything(agent, shard, options.once, exit));
    if (options.once || (stand_in && !settings->story.empty()))
        shard.tasks().spawn(play_story(story, shard, options.once, exit));
    shard.run();
    return exit;
}

} // namespace almd
