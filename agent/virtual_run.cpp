// A whole run in one process and in virtual time.
#include "agent/virtual_run.hpp"

#include "agent/composition.hpp"

namespace almd {

namespace {

/// 2026-01-01T00:00:00Z: virtual runs do not depend on today.
constexpr TimePoint virtual_birth{std::chrono::milliseconds{1'767'225'600'000}};
constexpr std::string_view virtual_origin = "https://localhost:8443";

WorldRange range_of(Settings const& settings) {
    if (settings.fleet.systems == 0) return WorldRange{settings.seed, 0, 1, false};
    auto const landscapes = (settings.fleet.systems + settings.setups.size() - 1) / settings.setups.size();
    return WorldRange{settings.seed, 0, static_cast<std::uint32_t>(landscapes), true};
}

} // namespace

VirtualRun::VirtualRun(Settings const& settings, Between between)
    : settings_{settings}
    , between_{between ? std::move(between)
                       : [](HttpService& dialogue) { return std::make_unique<InProcessClient>(dialogue); }}
    , shard_{Shard::VirtualTime{virtual_birth}}
    , cloud_{shard_, cloud_settings(settings)}
    , agent_{shard_,
             settings,
             range_of(settings),
             AgentLimits{settings.job_history_max, settings.log_history_max},
             lines(),
             mix(settings.seed, hash_text("virtual run"))} {
}

VirtualRun::~VirtualRun() {
    shard_.stop();
    shard_.run_for(1s); // waits end with "stopping", so that every coroutine returns
}

OpenLine VirtualRun::lines() {
    return [this](ServiceKey const& key, std::optional<ProxySettings> const&) -> Result<std::unique_ptr<CloudLine>> {
        auto token_client = between_(cloud_.dialogue());
        auto api_client = between_(cloud_.dialogue());
        auto tokens = std::make_unique<OwnedTokenSource>(shard_, *token_client, key, settings_.retry, settings_.seed);
        ConnectionSettings connection;
        connection.root_url = key.root_url();
        connection.retry = settings_.retry;
        connection.seed = settings_.seed;
        connection.in_flight_max = 1'000'000; // in process there is no wire to crowd
        CallGuard everything_allowed = [](std::string_view, std::string_view) { return Result<void>{}; };
        auto cloud = std::make_unique<CloudConnection>(shard_, *api_client, *tokens, std::move(everything_allowed),
                                                       std::move(connection));
        return std::make_unique<CloudLine>(std::move(token_client), std::move(api_client), std::move(tokens),
                                           std::move(cloud));
    };
}

Result<void> VirtualRun::start() {
    auto faults = faults_of(settings_);
    if (!faults) return std::unexpected(faults.error());
    for (auto& rule : *faults)
        if (auto added = cloud_.add_fault(std::move(rule)); !added) return std::unexpected(added.error());
    std::map<std::string, ServiceKey> keys;
    for (auto const& destination : settings_.destinations) {
        auto key = cloud_.service_key(virtual_origin, destination.tenant);
        if (!key) return std::unexpected(key.error());
        keys.emplace(destination.name, std::move(*key));
    }
    if (auto opened = agent_.open_destinations(settings_.destinations, keys); !opened) return opened;
    shard_.tasks().spawn(register_everything());
    return {};
}

Async<void> VirtualRun::register_everything() {
    co_await agent_.register_all(Duration{0}, agent_.parts().setups.size());
}

} // namespace almd
