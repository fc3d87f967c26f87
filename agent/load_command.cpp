// `almd load`: very many registrations from one template, over real sockets, and a report.
#include "agent/admin/agent_admin.hpp"
#include "agent/cloud/token_owners.hpp"
#include "agent/composition.hpp"
#include "agent/fleet/fleet_report.hpp"
#include "agent/settings/endpoint_mode.hpp"
#include "simulator/kernel/usage.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace almd {

namespace {

/// Landscapes [first, first + count) of the whole fleet.
struct Part {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
};

/// --shard I/N: contiguous parts whose sizes differ by one at most.
Result<Part> part_of(std::uint64_t landscapes, std::optional<std::string> const& shard) {
    std::uint64_t index = 0, of = 1;
    if (shard) {
        char const* const end = shard->data() + shard->size();
        auto first = std::from_chars(shard->data(), end, index);
        auto second = first.ptr < end && *first.ptr == '/' ? std::from_chars(first.ptr + 1, end, of)
                                                           : std::from_chars_result{end, std::errc::invalid_argument};
        if (first.ec != std::errc{} || second.ec != std::errc{} || second.ptr != end || of == 0 || index >= of)
            return fail(ErrorCode::invalid,
                        fmt::format("--shard {}: I/N is needed with I from 0 to N-1, such as 0/4", *shard));
    }
    auto const begin = landscapes * index / of, end = landscapes * (index + 1) / of;
    return Part{begin, static_cast<std::uint32_t>(end - begin)};
}

/// One shard of the agent, with the thread that runs it (the first one runs on the caller's).
struct AgentShard {
    std::unique_ptr<Shard> shard;
    std::unique_ptr<Agent> agent;
    ShardSnapshot last; ///< taken on its thread when it ends
    std::jthread thread;
};

class LoadRun {
public:
    LoadRun(Settings const& settings, Duration ramp, Duration duration)
        : settings_{settings}
        , ramp_{ramp}
        , duration_{duration} {}

    Result<void> build(Part part, int threads, std::map<std::string, ServiceKey> const& keys,
                       LineSettings const& lines);
    /// Blocks until the measured time is over or a signal came.
    void run();
    FleetReport& report() { return report_; }
    Agent& first_agent() { return *shards_.front().agent; }
    Shard& first_shard() { return *shards_.front().shard; }

private:
    Async<void> conduct();
    Async<void> watch();
    Async<void> register_shard(AgentShard& shard);
    Async<ShardSnapshot> look();
    Async<ShardSnapshot> look_at(AgentShard& shard);
    void finish();

    Settings const& settings_;
    Duration ramp_, duration_;
    std::vector<AgentShard> shards_;
    FleetReport report_;
    WirePoint started_{};
    bool over_ = false;
};

Result<void> LoadRun::build(Part part, int threads, std::map<std::string, ServiceKey> const& keys,
                            LineSettings const& lines) {
    report_.rss_before = resident_bytes();
    auto const nonce = process_nonce();
    TokenOwners owners; // one token per credential for the whole process, owned by the first shard
    shards_.resize(static_cast<std::size_t>(threads));
    LineSettings of_shard = lines;
    of_shard.sap_host_requests_per_minute =
        std::max(1u, lines.sap_host_requests_per_minute / static_cast<std::uint32_t>(threads));
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        auto& one = shards_[i];
        one.shard = std::make_unique<Shard>(Shard::RealTime{});
        MakeTokens tokens = [&owners, &one, &lines, i](ServiceKey const& key,
                                                       HttpClient& client) -> std::unique_ptr<TokenSource> {
            if (i > 0) return std::make_unique<SharedTokenSource>(*one.shard, owners.of(key));
            auto owned = std::make_unique<OwnedTokenSource>(*one.shard, client, key, lines.retry, lines.seed);
            owners.add(key, *owned);
            return owned;
        };
        auto const begin = part.first + part.count * i / shards_.size(),
                   end = part.first + part.count * (i + 1) / shards_.size();
        WorldRange const range{settings_.seed, begin, static_cast<std::uint32_t>(end - begin), true};
        AgentLimits limits;
        limits.job_history_max = limits.log_history_max = 10'000; // shared rings: the fleet's memory is in its systems
        one.agent = std::make_unique<Agent>(*one.shard, settings_, range, limits,
                                            lines_over_sockets(*one.shard, of_shard, tokens), mix(nonce, i));
        if (auto opened = one.agent->open_destinations(settings_.destinations, keys); !opened) return opened;
    }
    report_.rss_idle = resident_bytes();
    return {};
}

Async<ShardSnapshot> LoadRun::look_at(AgentShard& shard) {
    co_return snapshot(*shard.agent, *shard.shard);
}

/// Every shard is asked on its own thread.
Async<ShardSnapshot> LoadRun::look() {
    ShardSnapshot total = snapshot(*shards_.front().agent, *shards_.front().shard);
    for (std::size_t i = 1; i < shards_.size(); ++i) {
        auto part = co_await net::co_spawn(shards_[i].shard->io(), look_at(shards_[i]), net::use_awaitable);
        total.merge(part);
    }
    co_return total;
}

Async<void> LoadRun::register_shard(AgentShard& shard) {
    co_await shard.agent->register_all(ramp_);
}

/// Progress once a second, on a terminal over itself.
Async<void> LoadRun::watch() {
    bool const terminal = ::isatty(STDERR_FILENO) == 1;
    auto& wire = first_shard().wire();
    std::size_t expected = 0;
    for (auto const& one : shards_) expected += one.agent->parts().setups.size();
    for (int second = 1; !over_; ++second) {
        if (!co_await wire.wait_until(started_ + std::chrono::seconds{second})) co_return;
        if (over_ || (!terminal && second % 10 != 0)) continue;
        auto now = co_await look();
        fmt::print(stderr, "{}{}{}", terminal ? "\r" : "", progress_line(now, expected, wire.now() - started_),
                   terminal ? "" : "\n");
    }
}

Async<void> LoadRun::conduct() {
    auto& wire = first_shard().wire();
    started_ = wire.now();
    first_shard().tasks().spawn(watch());
    for (std::size_t i = 1; i < shards_.size(); ++i) shards_[i].shard->tasks().spawn(register_shard(shards_[i]));
    co_await register_shard(shards_.front());
    std::size_t expected = 0;
    for (auto const& one : shards_) expected += one.agent->parts().setups.size();
    auto const give_up = started_ + std::chrono::duration_cast<WireDuration>(ramp_) * 2 + 60s;
    while (true) { // the other shards end their ramp at about the same moment
        auto now = co_await look();
        report_.at_ramp_end = now;
        if (now.agent.registered >= expected || wire.now() >= give_up || first_shard().tasks().stopping()) break;
        if (now.agent.registered == 0 && first_agent().last_refusal_is_final()) break; // nobody is wanted here
        if (!co_await wire.wait_for(100ms)) co_return;
    }
    report_.ramp = wire.now() - started_;
    auto const measured_from = wire.now();
    if (report_.at_ramp_end.agent.registered > 0)
        co_await wire.wait_for(std::chrono::duration_cast<WireDuration>(duration_));
    report_.measured = wire.now() - measured_from;
    report_.rss_end = resident_bytes();
    finish();
}

void LoadRun::finish() {
    over_ = true;
    for (auto& one : shards_) one.shard->stop();
}

void LoadRun::run() {
    for (std::size_t i = 1; i < shards_.size(); ++i)
        shards_[i].thread = std::jthread{[&one = shards_[i]] {
            one.shard->run();
            one.last = snapshot(*one.agent, *one.shard);
        }};
    StopSignals signals{first_shard()};
    first_shard().tasks().spawn(conduct());
    first_shard().run();
    for (std::size_t i = 1; i < shards_.size(); ++i) shards_[i].shard->stop();
    for (auto& one : shards_)
        if (one.thread.joinable()) one.thread.join();
    shards_.front().last = snapshot(first_agent(), first_shard());
    report_.total = ShardSnapshot{};
    std::vector<LmsId> ids;
    for (auto& one : shards_) {
        report_.total.merge(one.last);
        auto& setups = one.agent->parts().setups;
        for (SetupIndex setup = 0; setup < setups.size(); ++setup)
            if (setups[setup].registered == Registered::yes) ids.push_back(setups[setup].lms_id);
    }
    report_.duplicate_lms_ids = duplicates_in(ids);
    if (report_.rss_end == 0) report_.rss_end = resident_bytes();
}

/// The stand-in on a thread of its own, so that agent and cloud are measured apart.
struct StandInThread {
    Shard shard{Shard::RealTime{}};
    std::unique_ptr<StandIn> stand_in;
    std::jthread thread;
    ~StandInThread() {
        shard.stop();
        if (thread.joinable()) thread.join();
    }
};

CloudSettings roomy_cloud(Settings const& settings, std::uint64_t landscapes) {
    auto cloud = cloud_settings(settings);
    cloud.allow_duplicate_sids = true;
    cloud.limits.landscapes_max = std::max<std::size_t>(cloud.limits.landscapes_max, landscapes);
    cloud.limits.transports_max =
        std::max<std::size_t>(cloud.limits.transports_max, landscapes * (settings.landscape.requests.size() + 16));
    return cloud;
}

constexpr std::uint64_t lateness_p99_max_us = 1'000'000; ///< above it the tool, not the cloud, was the bottleneck

Exit verdict(FleetReport const& report, std::string const& last_refusal) {
    auto const& total = report.total;
    if (total.agent.registered == 0)
        return complain(Exit::cloud, "nothing could be registered: " +
                                         (last_refusal.empty() ? "ended before the first answer" : last_refusal));
    if (total.lateness.percentile(99) > lateness_p99_max_us)
        return complain(Exit::invalid_run, "run invalid: this machine could not keep the schedule (lateness p99 above "
                                           "1 s); use fewer systems, a longer --ramp or more --threads");
    if (report.duplicate_lms_ids > 0) return complain(Exit::failed, "an LMS ID was given twice");
    if (total.agent.registered < total.registrations)
        return complain(Exit::failed, "not every system could be registered: " + last_refusal);
    if (report.errors() > 0) return complain(Exit::failed, "there were errors");
    return Exit::good;
}

void apply(LoadOptions const& options, Settings& settings) {
    if (options.systems) settings.fleet.systems = *options.systems;
    if (options.duration) settings.fleet.duration = *options.duration;
    if (options.ramp) settings.fleet.ramp = *options.ramp;
    if (options.seed) settings.seed = *options.seed;
    if (options.connections == "per-system") settings.fleet.connections = ConnectionPolicy::per_system;
    if (options.connections == "per-push") settings.fleet.connections = ConnectionPolicy::per_push;
    if (options.connections == "pooled") settings.fleet.connections = ConnectionPolicy::pooled;
    if (settings.fleet.systems == 0) settings.fleet.systems = settings.setups.size();
}

Exit write_report(std::filesystem::path const& folder, FleetReport const& report) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::ofstream file{folder / "summary.json"};
    file << report.json() << '\n';
    return file.good()
               ? Exit::good
               : complain(Exit::failed, fmt::format("{}: cannot be written", (folder / "summary.json").string()));
}

} // namespace

Exit load(LoadOptions const& options) {
    auto settings = settings_or_mistakes(options.config);
    if (!settings) return Exit::usage;
    apply(options, *settings);
    auto key = key_from(options.service_key);
    auto roots = trusted_roots(options.ca, *settings);
    if (!key) return complain(Exit::usage, key.error().context);
    if (!roots) return complain(Exit::usage, roots.error().context);
    auto mode = endpoint_mode(*key, settings->api_key_file.has_value(), settings->stand_in_hosts);
    if (!mode) return complain(Exit::usage, mode.error().context);
    if (settings->setups.empty())
        return complain(Exit::usage, "setups: a fleet needs at least one run of /SDF/ALM_SETUP in its template");
    auto const landscapes = (settings->fleet.systems + settings->setups.size() - 1) / settings->setups.size();
    auto part = part_of(landscapes, options.shard);
    if (!part) return complain(Exit::usage, part.error().context);
    std::optional<HostPort> admin_at;
    if (options.admin) {
        auto parsed = HostPort::parse(*options.admin);
        if (!parsed) return complain(Exit::usage, "--admin: " + parsed.error().context);
        admin_at = *parsed;
    }

    std::unique_ptr<StandInThread> cloud_thread;
    if (!*key) {
        cloud_thread = std::make_unique<StandInThread>();
        auto faults = faults_of(*settings);
        if (!faults) return complain(Exit::usage, faults.error().context);
        auto cloud = roomy_cloud(*settings, landscapes);
        cloud.faults = std::move(*faults);
        auto started = StandIn::start(cloud_thread->shard,
                                      {HostPort{"127.0.0.1", 0}, HostPort{"127.0.0.1", 0}, "", std::move(cloud), {}});
        if (!started) return complain(Exit::usage, started.error().context);
        cloud_thread->stand_in = std::move(*started);
        roots->push_back(cloud_thread->stand_in->authority_pem());
    }
    auto keys = keys_of(*settings, *key, cloud_thread ? cloud_thread->stand_in.get() : nullptr);
    if (!keys) return complain(Exit::usage, keys.error().context);
    for (auto const& [name, one] : *keys) {
        auto goes_to = endpoint_mode(one, settings->stand_in_hosts);
        if (!goes_to) return complain(Exit::usage, fmt::format("destination {}: {}", name, goes_to.error().context));
        if (auto allowed = allow_systems(*goes_to, settings->fleet.systems, settings->sap_host_caps); !allowed)
            return complain(Exit::usage, allowed.error().context);
    }

    auto const registrations = static_cast<std::uint64_t>(part->count) * settings->setups.size();
    Duration const ramp =
        settings->fleet.ramp.value_or(std::max<Duration>(1s, Duration{static_cast<std::int64_t>(registrations)}));
    LoadRun run{*settings, ramp, settings->fleet.duration};
    if (auto built = run.build(*part, options.threads, *keys, line_settings(*settings, *roots)); !built)
        return complain(Exit::usage, built.error().context);
    run.report().stand_in_in_process = cloud_thread != nullptr;

    Router cloud_routes;
    if (cloud_thread) cloud_thread->stand_in->cloud().mount_admin(cloud_routes);
    RouterService cloud_router{cloud_routes};
    std::unique_ptr<HttpService> cloud_admin;
    if (cloud_thread) cloud_admin = hop_to(cloud_thread->shard, cloud_router);
    HttpService& beside = cloud_admin ? *cloud_admin : cloud_router;
    AgentAdmin admin{run.first_agent(), beside};
    std::unique_ptr<HttpServer> admin_server;
    if (admin_at) {
        auto listening = listen_admin(run.first_shard(), *admin_at, admin);
        if (!listening) return complain(Exit::usage, listening.error().context);
        admin_server = std::move(*listening);
    }
    if (cloud_thread) cloud_thread->thread = std::jthread{[shard = &cloud_thread->shard] { shard->run(); }};
    fmt::print(stderr, "almd load: {} registrations in {} landscapes, ramp {}, then {}, {} shard{}\n", registrations,
               part->count, to_text(ramp), to_text(settings->fleet.duration), options.threads,
               options.threads == 1 ? "" : "s");
    run.run();
    fmt::print("{}", run.report().text());
    if (options.report) {
        auto written = write_report(*options.report, run.report());
        if (written != Exit::good) return written;
    }
    return verdict(run.report(), run.first_agent().last_refusal());
}

} // namespace almd
