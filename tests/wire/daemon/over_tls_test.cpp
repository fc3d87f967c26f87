// Agent and stand-in as they are put together: two shards, real sockets, real TLS, scaled time.
#include "agent/jobs/agent.hpp"
#include "agent/setup/socket_lines.hpp"
#include "agent/stand_in.hpp"
#include "tests/support/contract/contract_checker.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <thread>

namespace almd {
namespace {

/// The stand-in on a thread of its own; ends it in any case.
struct CloudThread {
    explicit CloudThread(CloudSettings settings = {}) {
        auto started =
            StandIn::start(shard, {HostPort{"127.0.0.1", 0}, HostPort{"127.0.0.1", 0}, "", std::move(settings)});
        EXPECT_TRUE(started) << started.error().context;
        stand_in = std::move(*started);
        key = *stand_in->cloud().service_key(stand_in->origin());
        thread = std::jthread{[this] { shard.run(); }};
    }
    ~CloudThread() { stop(); }
    void stop() {
        shard.stop();
        if (thread.joinable()) thread.join();
    }
    Shard shard{Shard::RealTime{}};
    std::unique_ptr<StandIn> stand_in;
    ServiceKey key;
    std::jthread thread;
};

Async<void> register_all(Agent& agent) {
    co_await agent.register_all(Duration{0});
}

/// Stops the shard as soon as `done` is true, or after a simulated day.
Async<void> stop_when(Shard& shard, std::function<bool()> done) {
    auto const deadline = shard.clock().now() + 24h;
    while (!done() && shard.clock().now() < deadline)
        if (!co_await shard.clock().wait_for(1min)) co_return;
    shard.stop();
}

struct TwoShards : testing::Test {
    Settings settings = demo_settings();
    std::unique_ptr<Agent> agent;

    void run_until(CloudThread& cloud, Shard& shard, std::string const& trusted, std::function<bool(Agent&)> done) {
        LineSettings lines;
        lines.trusted_pem.push_back(trusted);
        lines.retry = settings.retry;
        agent =
            std::make_unique<Agent>(shard, settings, WorldRange{}, AgentLimits{}, lines_over_sockets(shard, lines), 42);
        ASSERT_TRUE(agent->open_destinations({}, {{"CALM", cloud.key}}));
        shard.tasks().spawn(register_all(*agent));
        std::function<bool()> condition = [this, done = std::move(done)] { return done(*agent); };
        shard.tasks().spawn(stop_when(shard, std::move(condition)));
        shard.run();
    }
};

TEST_F(TwoShards, RegisterBeatAndPushOverTls) {
    CloudThread cloud;
    Shard shard{Shard::RealTime{600}};
    run_until(cloud, shard, cloud.stand_in->authority_pem(), [](Agent& one) {
        auto const& counters = one.counters();
        return counters.heartbeats >= 12 && counters.landscape_pushes > 0 && counters.transports_sent >= 4 &&
               counters.polls > 0;
    });
    cloud.stop();
    EXPECT_EQ(agent->counters().registered, 4u);
    EXPECT_GE(agent->counters().heartbeats, 12u);
    EXPECT_EQ(agent->counters().send_errors, 0u);
    EXPECT_GE(cloud.stand_in->cloud()
                  .ledger()
                  .totals()
                  .operations[static_cast<std::size_t>(CloudOperation::heartbeat)]
                  .accepted,
              12u);
    EXPECT_EQ(cloud.stand_in->cloud().ledger().totals().gaps, 0u);
    EXPECT_LE(cloud.stand_in->server().counters().connections, 64u) << "connections are kept alive";
    agent.reset();
}

TEST_F(TwoShards, AnAuthorityThatIsNotTrustedEndsInSapsWords) {
    CloudThread cloud;
    settings.retry.attempts_max = 1;
    Shard shard{Shard::RealTime{600}};
    run_until(cloud, shard, CloudThread{}.stand_in->authority_pem(),
              [](Agent& one) { return !one.last_refusal().empty(); });
    EXPECT_EQ(agent->counters().registered, 0u);
    EXPECT_THAT(agent->last_refusal(), testing::HasSubstr("SSSLERR_PEER_CERT_UNTRUSTED"));
    EXPECT_THAT(agent->last_refusal(), testing::HasSubstr("No LMS ID retrieved"));
    agent.reset();
}

} // namespace
} // namespace almd
