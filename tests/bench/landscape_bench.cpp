// A day of the three-tier landscape in virtual time, agent and stand-in together; and what a fleet's day costs per event.
#include "agent/virtual_run.hpp"

#include <benchmark/benchmark.h>

namespace almd {
namespace {

void BM_LandscapeDay(benchmark::State& state) {
    Settings const settings = demo_settings();
    std::uint64_t jobs = 0;
    for (auto _ : state) {
        VirtualRun run{settings};
        if (!run.start()) state.SkipWithError("the run did not start");
        run.shard().run_for(24h);
        jobs += run.agent().parts().background.counters().started;
    }
    state.counters["jobs_a_day"] = static_cast<double>(jobs) / static_cast<double>(state.iterations());
    state.counters["jobs_per_second"] = benchmark::Counter(static_cast<double>(jobs), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_LandscapeDay)->Unit(benchmark::kMillisecond);

void BM_FleetHour(benchmark::State& state) {
    auto loaded = load_settings(ALMD_SOURCE_DIR "/config/fleet.yaml");
    Settings settings = std::get<Settings>(std::move(loaded));
    settings.fleet.systems = static_cast<std::uint64_t>(state.range(0));
    std::uint64_t jobs = 0;
    for (auto _ : state) {
        VirtualRun run{settings};
        if (!run.start()) state.SkipWithError("the run did not start");
        run.shard().run_for(1h);
        jobs += run.agent().parts().background.counters().started;
        state.counters["bytes_per_registration"] =
            static_cast<double>(run.agent().bytes() / run.agent().parts().setups.size());
    }
    state.counters["jobs_per_second"] = benchmark::Counter(static_cast<double>(jobs), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_FleetHour)->Arg(1000)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace almd
