// What sleeping costs: nanoseconds and bytes per event of the timing wheel, and of a coroutine started from it.
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/shard.hpp"
#include "simulator/kernel/timing_wheel.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace {

using namespace almd;

/// Printed with its unit, such as 21.9ns.
benchmark::Counter per_event(std::uint64_t events) {
    return {static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

/// Periodic events with periods around five minutes, as heartbeats have them: one fire and one re-arm each.
void BM_WheelFireAndRearm(benchmark::State& state) {
    auto const events = static_cast<std::uint32_t>(state.range(0));
    constexpr std::uint64_t period = 300'000;
    TimingWheel wheel;
    Rng rng{1};
    for (std::uint32_t i = 0; i < events; ++i) wheel.arm(1 + rng.below(period), i);
    std::uint64_t fired = 0, now = 0;
    for (auto _ : state) {
        now += 1000;
        fired +=
            wheel.advance(now, [&](std::uint32_t payload, std::uint64_t due) { wheel.arm(due + period, payload); });
    }
    state.counters["time_per_event"] = per_event(fired);
    state.counters["bytes_per_event"] = static_cast<double>(wheel.bytes()) / static_cast<double>(events);
}
BENCHMARK(BM_WheelFireAndRearm)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

Async<void> trivial(std::uint64_t& count) {
    ++count;
    co_return;
}

/// Each event re-arms itself and starts a coroutine, as a due job does.
class Starter : public TimerSink {
public:
    explicit Starter(Shard& shard)
        : shard_{shard} {}
    void due(std::uint32_t payload, TimePoint planned) override {
        shard_.arm(planned + 60s, payload);
        shard_.tasks().spawn(trivial(count));
    }
    std::uint64_t count = 0;

private:
    Shard& shard_;
};

void BM_VirtualTimerCoroutine(benchmark::State& state) {
    Shard shard{Shard::VirtualTime{TimePoint{}}};
    Starter starter{shard};
    shard.set_sink(starter);
    Rng rng{1};
    for (std::uint32_t i = 0; i < state.range(0); ++i)
        shard.arm(TimePoint{Duration{static_cast<std::int64_t>(rng.below(60'000))}}, i);
    for (auto _ : state) shard.run_for(1s);
    state.counters["time_per_event"] = per_event(starter.count);
}
BENCHMARK(BM_VirtualTimerCoroutine)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

Async<void> wait_often(Shard& shard, std::uint64_t& count) {
    for (;;) {
        bool const on = co_await shard.clock().wait_for(60s);
        if (!on) co_return;
        ++count;
    }
}

/// A coroutine that lives and waits instead.
void BM_VirtualWait(benchmark::State& state) {
    Shard shard{Shard::VirtualTime{TimePoint{}}};
    std::uint64_t count = 0;
    for (int i = 0; i < state.range(0); ++i) shard.tasks().spawn(wait_often(shard, count));
    for (auto _ : state) shard.run_for(60s);
    state.counters["time_per_event"] = per_event(count);
    shard.stop();
    shard.run_for(0s);
}
BENCHMARK(BM_VirtualWait)->Arg(1'000)->Unit(benchmark::kMicrosecond);

} // namespace
