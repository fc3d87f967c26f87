// What the simulated world costs: a request on its way through three systems, import queues of any length, bytes of what
// is stored and of a landscape that is kept.
#include "agent/settings/settings.hpp"
#include "agent/setup/world.hpp"
#include "simulator/kernel/shard.hpp"
#include "simulator/tms/activity.hpp"

#include <benchmark/benchmark.h>

#include <malloc.h>
#include <string>
#include <vector>

namespace almd {
namespace {

TimePoint const start = parse_rfc3339("2026-11-22T08:00:00.000Z").value();
TransportTarget const qua = TransportTarget::parse("QUA.200").value();
TransportTarget const prd = TransportTarget::parse("PRD.300").value();
SystemId const dev = SystemId::parse("DEV").value();

LandscapeSpec empty_tiers() {
    auto spec = three_tier_landscape();
    spec.requests.clear();
    spec.systems[0].last_request_number = 100'000; // room for 100,000 requests with their tasks
    return spec;
}

TrRequest create(Landscape& world, TimePoint now) {
    CreateRequest wanted{.system = dev, .client = Client{100}};
    wanted.text = "A change that somebody asked for";
    wanted.owner = "DEVELOPER";
    return world.create_request(std::move(wanted), now).value();
}
void fill(Landscape& world, TrRequest trkorr, TimePoint now) {
    auto object = ObjectEntry::parse("R3TR PROG ZREPORT_" + std::to_string(trkorr.number())).value();
    (void)world.cts(dev).add_object(trkorr, std::move(object), now);
}
TrRequest release_one(Landscape& world, TimePoint now) {
    auto const trkorr = create(world, now);
    fill(world, trkorr, now);
    (void)world.release_with_tasks(trkorr, "DEVELOPER", now);
    return trkorr;
}

Async<void> import_all(Landscape& world, Clock& clock, TransportTarget target, std::vector<TrRequest> list,
                       std::size_t& left) {
    auto const outcome = co_await world.import_subset(clock, target, std::move(list), "CALM_QUA");
    if (!outcome) co_return;
    for (auto const& request : outcome->requests) left += request.left_buffer;
}

/// Released one by one, imported into QUA and PRD in subsets of 100. Time and bytes are per request.
void BM_ThroughThreeSystems(benchmark::State& state) {
    auto const spec = empty_tiers();
    auto const count = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        Shard shard{Shard::VirtualTime{start}};
        Landscape world{spec, LandscapeIdentity::plain(1), start};
        auto const before = world.bytes();
        std::vector<TrRequest> batch;
        std::size_t left = 0;
        for (std::size_t i = 0; i < count; ++i) {
            batch.push_back(release_one(world, shard.clock().now()));
            if (batch.size() < 100 && i + 1 < count) continue;
            for (auto const& target : {qua, prd}) {
                shard.tasks().spawn(import_all(world, shard.clock(), target, batch, left));
                shard.run_for(24h);
            }
            batch.clear();
        }
        if (left != 2 * count) state.SkipWithError("not every request arrived");
        state.counters["bytes_per_request"] = static_cast<double>((world.bytes() - before) / count);
    }
    state.counters["per_request"] = benchmark::Counter(
        static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_ThroughThreeSystems)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_BytesOfAReleasedRequest(benchmark::State& state) {
    auto const spec = empty_tiers();
    for (auto _ : state) {
        Landscape world{spec, LandscapeIdentity::plain(1), start};
        auto const before = world.bytes();
        for (int i = 0; i < 10'000; ++i) release_one(world, start);
        state.counters["cts_bytes"] = static_cast<double>(world.cts(dev).bytes()) / 10'000;
        state.counters["buffer_bytes"] = static_cast<double>(world.buffer(*qua.system()).bytes()) / 10'000;
        state.counters["all_bytes"] = static_cast<double>(world.bytes() - before) / 10'000;
    }
}
BENCHMARK(BM_BytesOfAReleasedRequest)->Unit(benchmark::kMillisecond);

TrRequest nth(std::int64_t n) {
    return TrRequest{dev, static_cast<std::uint32_t>(100'001 + n)};
}
ImportBuffer buffer_of(std::int64_t entries) {
    ImportBuffer buffer;
    for (std::int64_t i = 0; i < entries; ++i) buffer.add({.trkorr = nth(i), .client = Client{200}});
    return buffer;
}

void BM_QueueAddAndRemove(benchmark::State& state) {
    auto const length = state.range(0);
    auto buffer = buffer_of(length);
    std::int64_t i = 0;
    for (auto _ : state) { // the oldest leaves, a new one comes, as in a queue that is worked on
        benchmark::DoNotOptimize(buffer.remove(nth(i), Client{200}));
        benchmark::DoNotOptimize(buffer.add({.trkorr = nth(i), .client = Client{200}}));
        i = (i + 1) % length;
    }
}
BENCHMARK(BM_QueueAddAndRemove)->Arg(10)->Arg(1'000)->Arg(100'000);

void BM_QueueFind(benchmark::State& state) {
    auto const length = state.range(0);
    auto const buffer = buffer_of(length);
    std::int64_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(buffer.find(nth(i = (i + 7'919) % length), Client{200}));
}
BENCHMARK(BM_QueueFind)->Arg(10)->Arg(1'000)->Arg(100'000);

void BM_QueueWhole(benchmark::State& state) {
    auto const buffer = buffer_of(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(buffer.queue(Client{200}));
}
BENCHMARK(BM_QueueWhole)->Arg(10)->Arg(1'000)->Arg(100'000);

/// A call over ten of the queue, from tp's start to its end; the component of the target is broken, so all stay.
void BM_PlanOfASubsetOfTen(benchmark::State& state) {
    auto const spec = empty_tiers();
    auto const length = static_cast<std::size_t>(state.range(0));
    Shard shard{Shard::VirtualTime{start}};
    Landscape world{spec, LandscapeIdentity::plain(1), start};
    std::vector<TrRequest> all;
    for (std::size_t i = 0; i < length; ++i) all.push_back(release_one(world, start));
    world.system(*qua.system()).set_component({"SAP_BASIS", "758", 9});
    std::size_t left = 0, at = 0;
    for (auto _ : state) {
        std::vector<TrRequest> subset;
        for (int i = 0; i < 10; ++i) subset.push_back(all[at = (at + 7'919) % length]);
        shard.tasks().spawn(import_all(world, shard.clock(), qua, std::move(subset), left));
        shard.run_for(1s);
    }
    if (left != 0 || world.buffer(*qua.system()).size() != length) state.SkipWithError("something was imported");
}
BENCHMARK(BM_PlanOfASubsetOfTen)->Arg(10)->Arg(1'000)->Arg(100'000);

LandscapeSpec fleet_template() {
    auto loaded = load_settings(ALMD_SOURCE_DIR "/config/fleet.yaml");
    return std::get<Settings>(std::move(loaded)).landscape;
}

/// Landscapes of config/fleet.yaml that differ from it by one import.
void BM_KeptLandscape(benchmark::State& state) {
    auto const spec = fleet_template();
    Shard shard{Shard::VirtualTime{start}};
    constexpr std::uint32_t count = 100;
    auto const per_landscape = [](std::size_t bytes) { return static_cast<double>(bytes) / count; };
    for (auto _ : state) {
        World world{spec, {.seed = 42, .first = 0, .count = count, .fleet = true}, start};
        std::size_t left = 0;
        auto const heap_before = mallinfo2().uordblks;
        for (std::uint32_t i = 0; i < count; ++i) world.keep(i);
        state.counters["bytes_kept"] = per_landscape(world.bytes());
        state.counters["heap_kept"] = per_landscape(mallinfo2().uordblks - heap_before);
        for (std::uint32_t i = 0; i < count; ++i) {
            auto& landscape = world.keep(i);
            auto const trkorr = (*landscape.cts(landscape.sid(0)).requests().begin()).trkorr;
            shard.tasks().spawn(
                import_all(landscape, shard.clock(), TransportTarget{landscape.sid(1), Client{200}}, {trkorr}, left));
        }
        shard.run_for(1h);
        if (left != count) state.SkipWithError("not every request arrived");
        state.counters["bytes_after_import"] = per_landscape(world.bytes());
        state.counters["heap_after_import"] = per_landscape(mallinfo2().uordblks - heap_before);
        auto const& one = std::as_const(world.keep(0));
        std::size_t cts = 0, buffers = 0, systems = 0;
        for (std::size_t i = 0; i < one.system_count(); ++i) {
            cts += one.cts(one.sid(i)).bytes();
            buffers += one.buffer(one.sid(i)).bytes();
            systems += one.system(one.sid(i)).bytes();
        }
        state.counters["of_cts"] = static_cast<double>(cts);
        state.counters["of_buffers"] = static_cast<double>(buffers);
        state.counters["of_systems"] = static_cast<double>(systems);
        state.counters["of_history"] = static_cast<double>(one.history().bytes());
    }
}
BENCHMARK(BM_KeptLandscape)->Unit(benchmark::kMillisecond);

/// The developers of one landscape and its import rounds: four weeks, Monday to Sunday. Times and bytes of one landscape;
/// those of what it stores grow with its requests.
void BM_LivingLandscape(benchmark::State& state) {
    auto const spec = empty_tiers();
    ActivitySpec activity;
    activity.system = dev;
    activity.developers = {"ANNA", "BERT", "CARLA"};
    activity.rates = {.requests = 0.5, .objects = 2, .releases = 0.5, .imports = 0.6};
    constexpr int days = 28;
    auto const identity = LandscapeIdentity::plain(1);
    for (auto _ : state) {
        Shard shard{Shard::VirtualTime{start}};
        Landscape world{spec, identity, start};
        Activity people{activity, identity, start};
        auto const before = world.bytes();
        std::size_t left = 0;
        while (people.next() < start + 24h * days) {
            shard.run_until(people.next());
            auto event = people.act(world, shard.clock().now());
            if (event.target)
                shard.tasks().spawn(import_all(world, shard.clock(), *event.target, std::move(event.imports), left));
        }
        shard.run_for(24h);
        if (left == 0) state.SkipWithError("nothing was imported");
        state.counters["bytes_of_people"] = static_cast<double>(sizeof people + people.bytes());
        state.counters["world_bytes_per_day"] = static_cast<double>(world.bytes() - before) / days;
        state.counters["requests_per_day"] = static_cast<double>(people.counters().created) / days;
    }
    state.counters["per_day"] =
        benchmark::Counter(days, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_LivingLandscape)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace almd
