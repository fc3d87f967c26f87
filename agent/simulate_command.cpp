// `almd simulate`: agent and stand-in in process and in virtual time.
#include "agent/composition.hpp"
#include "agent/fleet/fleet_report.hpp"
#include "agent/virtual_run.hpp"
#include "simulator/kernel/usage.hpp"

#include <fmt/format.h>

namespace almd {

Exit simulate(SimulateOptions const& options) {
    auto settings = settings_or_mistakes(options.config);
    if (!settings) return Exit::usage;
    if (options.seed) settings->seed = *options.seed;
    if (options.systems) settings->fleet.systems = *options.systems;
    auto begun = cpu_time_of_process();
    VirtualRun run{*settings};
    if (auto started = run.start(); !started) return complain(Exit::usage, started.error().context);
    run.shard().run_for(options.span);
    auto const cpu = std::chrono::duration<double>{cpu_time_of_process() - begun}.count();

    FleetReport report;
    report.total = snapshot(run.agent(), run.shard());
    report.measured = options.span;
    auto const events = report.total.jobs.started;
    if (options.json) {
        fmt::print("{}\n", report.json());
    } else {
        fmt::print("{}{:<22}{:016x}, {} jobs\n{:<22}{:.2f} s for {} of simulated time, {:.0f} times real time\n",
                   report.text(), "event digest", report.total.digest.value(), events, "CPU", cpu,
                   to_text(options.span), std::chrono::duration<double>{options.span}.count() / cpu);
    }
    for (auto const& reason : run.cloud().verdict().reasons) fmt::print(stderr, "ledger: {}\n", reason);
    return run.cloud().verdict().clean ? Exit::good : Exit::failed;
}

} // namespace almd
