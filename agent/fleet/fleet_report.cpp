// What a fleet did.
#include "agent/fleet/fleet_report.hpp"

#include "simulator/kernel/usage.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace almd {

namespace {

using nlohmann::ordered_json;
using seconds = std::chrono::duration<double>;

constexpr std::array<double, 5> percentiles{50, 90, 99, 99.9, 100};

/// Latency of every operation together, token calls aside.
Histogram all_latencies(ConnectionCounters const& calls) {
    Histogram all;
    for (auto const& operation : calls.by_operation) all.merge(operation.latency);
    return all;
}

ordered_json percentile_json(Histogram const& histogram) {
    ordered_json json{{"count", histogram.count()}};
    for (auto percentile : percentiles) json[fmt::format("p{}", percentile)] = histogram.percentile(percentile);
    return json;
}

std::string percentile_text(Histogram const& histogram) {
    std::string text;
    for (auto percentile : percentiles)
        text += fmt::format("{}p{} {:.2f} ms", text.empty() ? "" : ", ", percentile,
                            static_cast<double>(histogram.percentile(percentile)) / 1000.0);
    return text;
}

/// Failed attempts by kind: what the network said, then what the cloud said.
std::map<std::string, std::uint64_t> errors_by_kind(ConnectionCounters const& calls) {
    std::map<std::string, std::uint64_t> kinds;
    for (auto const& operation : calls.by_operation) {
        for (std::size_t code = 0; code < error_code_count; ++code)
            if (operation.errors[code])
                kinds[std::string{name(static_cast<ErrorCode>(code))}] += operation.errors[code];
        for (auto const& [status, count] : operation.statuses) kinds[fmt::format("HTTP {}", status)] += count;
    }
    return kinds;
}

std::uint64_t failed_attempts(ConnectionCounters const& calls) {
    std::uint64_t sum = 0;
    for (auto const& operation : calls.by_operation)
        for (auto const count : operation.errors) sum += count;
    return sum;
}

double per(double amount, std::uint64_t count) {
    return count == 0 ? 0.0 : amount / static_cast<double>(count);
}

std::uint64_t attempts(ConnectionCounters const& calls) {
    std::uint64_t sum = 0;
    for (auto const& operation : calls.by_operation) sum += operation.calls + operation.retried;
    return sum;
}

std::size_t idle_bytes_per_registration(FleetReport const& report) {
    auto const grown = report.rss_idle > report.rss_before ? report.rss_idle - report.rss_before : 0;
    return report.total.registrations == 0 ? 0 : grown / report.total.registrations;
}

} // namespace

void ShardSnapshot::merge(ShardSnapshot const& other) {
    agent.merge(other.agent);
    jobs.started += other.jobs.started;
    jobs.finished += other.jobs.finished;
    jobs.canceled += other.jobs.canceled;
    jobs.waited += other.jobs.waited;
    jobs.skipped += other.jobs.skipped;
    jobs.dropped += other.jobs.dropped;
    calls.merge(other.calls);
    lateness.merge(other.lateness);
    digest.merge(other.digest);
    registrations += other.registrations;
    bytes += other.bytes;
    heartbeats_waiting += other.heartbeats_waiting;
    cpu += other.cpu;
}

ShardSnapshot snapshot(Agent& agent, Shard& shard) {
    ShardSnapshot now;
    auto& parts = agent.parts();
    now.agent = agent.counters();
    now.jobs = parts.background.counters();
    for (std::size_t i = 0; i < parts.destinations.size(); ++i)
        now.calls.merge(parts.destinations[static_cast<std::uint16_t>(i)].line->connection->counters());
    now.lateness = shard.lateness();
    now.digest = agent.digest();
    now.registrations = parts.setups.size();
    now.bytes = agent.bytes();
    now.heartbeats_waiting = parts.outbox.waiting();
    now.cpu = cpu_time_of_this_thread();
    return now;
}

std::uint64_t pushes(AgentCounters const& counters) {
    return counters.heartbeats + counters.discoveries + counters.diagnostics + counters.landscape_pushes +
           counters.transport_pushes;
}

std::string progress_line(ShardSnapshot const& now, std::size_t expected, std::chrono::nanoseconds since_start) {
    return fmt::format(
        "{:7.1f} s  {}/{} registered  {} beats  {} pushes  {} polls  {} failed attempts  late p99 {:.1f} ms",
        seconds{since_start}.count(), now.agent.registered, expected, now.agent.heartbeats, pushes(now.agent),
        now.agent.polls, failed_attempts(now.calls), static_cast<double>(now.lateness.percentile(99)) / 1000.0);
}

std::size_t duplicates_in(std::vector<LmsId>& ids) {
    std::ranges::sort(ids);
    auto const unique = std::ranges::unique(ids);
    return unique.size();
}

std::uint64_t FleetReport::errors() const {
    std::uint64_t sum = 0;
    for (auto const& operation : total.calls.by_operation) // what our own stop cut off is nobody's error
        sum += operation.refused + operation.given_up -
               std::min(operation.given_up, operation.errors[static_cast<std::size_t>(ErrorCode::stopped)]);
    return sum;
}

std::string FleetReport::text() const {
    auto const& agent = total.agent;
    std::string text;
    auto line = [&text](std::string_view label, std::string const& value) {
        text += fmt::format("{:<22}{}\n", label, value);
    };
    line("registered", fmt::format("{} of {}, duplicate LMS IDs: {}, refused: {}", agent.registered,
                                   total.registrations, duplicate_lms_ids, agent.refused));
    line("beats", fmt::format("{}, waiting: {}", agent.heartbeats, total.heartbeats_waiting));
    line("pushes", fmt::format("{} (landscape {}, transports {}, discovery {}, diagnostic {})", pushes(agent),
                               agent.landscape_pushes, agent.transport_pushes, agent.discoveries, agent.diagnostics));
    line("polls", fmt::format("{}, imports: {}", agent.polls, agent.imports));
    line("scheduler runs", fmt::format("{}, tasks started: {}, starts missed: {}", agent.scheduler_runs,
                                       agent.task_runs, total.jobs.skipped));
    line("errors", std::to_string(errors()));
    for (auto const& [kind, count] : errors_by_kind(total.calls)) line("  attempts: " + kind, std::to_string(count));
    line("latency", percentile_text(all_latencies(total.calls)));
    line("lateness of schedule", percentile_text(total.lateness));
    line("measured", fmt::format("ramp {:.1f} s, then {:.1f} s", seconds{ramp}.count(), seconds{measured}.count()));
    auto const cpu = static_cast<double>(total.cpu.count()) / 1000.0;
    line("CPU of the agent", fmt::format("{:.1f} s, {:.1f} us a call, {:.1f} us a push", cpu / 1e6,
                                         per(cpu, attempts(total.calls)), per(cpu, pushes(agent))));
    line("memory",
         fmt::format("{} B a registration when idle (resident), {} B accounted, process {} MiB at the end{}",
                     idle_bytes_per_registration(*this), total.registrations ? total.bytes / total.registrations : 0,
                     rss_end >> 20, stand_in_in_process ? " with the stand-in" : ""));
    return text;
}

std::string FleetReport::json() const {
    ordered_json json;
    for (auto const& counter : agent_counters())
        json["counters"][std::string{counter.name}] = total.agent.*counter.member;
    json["registrations"] = total.registrations;
    json["duplicateLmsIds"] = duplicate_lms_ids;
    json["pushes"] = pushes(total.agent);
    json["errors"] = errors();
    json["errorsByKind"] = errors_by_kind(total.calls);
    json["heartbeatsWaiting"] = total.heartbeats_waiting;
    json["jobs"] = {{"started", total.jobs.started},
                    {"finished", total.jobs.finished},
                    {"canceled", total.jobs.canceled},
                    {"waited", total.jobs.waited},
                    {"skipped", total.jobs.skipped}};
    json["latencyMicroseconds"]["all"] = percentile_json(all_latencies(total.calls));
    for (std::size_t i = 0; i < operation_count; ++i) {
        auto const& operation = total.calls.by_operation[i];
        if (operation.calls)
            json["latencyMicroseconds"][std::string{name(static_cast<Operation>(i))}] =
                percentile_json(operation.latency);
    }
    json["latenessMicroseconds"] = percentile_json(total.lateness);
    json["rampSeconds"] = seconds{ramp}.count();
    json["measuredSeconds"] = seconds{measured}.count();
    auto const cpu = static_cast<double>(total.cpu.count()) / 1000.0;
    json["cpu"] = {{"seconds", cpu / 1e6},
                   {"microsecondsPerCall", per(cpu, attempts(total.calls))},
                   {"microsecondsPerPush", per(cpu, pushes(total.agent))}};
    json["memory"] = {{"idleBytesPerRegistration", idle_bytes_per_registration(*this)},
                      {"accountedBytes", total.bytes},
                      {"rssEnd", rss_end},
                      {"standInInProcess", stand_in_in_process}};
    json["eventDigest"] = fmt::format("{:016x}", total.digest.value());
    return json.dump(2);
}

} // namespace almd
