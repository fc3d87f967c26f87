// CALM Scheduler: once a minute it starts the tasks that are due, as asynchronous RFC.
#include "agent/jobs/bodies.hpp"
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/authority.hpp"

#include <array>
#include <exception>

namespace almd {

namespace {

using TaskBody = Async<bool> (*)(AgentParts&, SetupIndex);

/// Tasks that can be switched on (is_emulated). Without a body here: it has a job of its own.
struct TaskRow {
    TaskKind kind;
    TaskBody body;
};
constexpr std::array<TaskRow, 7> task_bodies{{
    {TaskKind::transports_read, read_transports},
    {TaskKind::transports_read_landscape, read_landscape},
    {TaskKind::transports_import, import_transports},
    {TaskKind::transports_create_export, nullptr},
    {TaskKind::transports_check, reject_check},
    {TaskKind::transports_export_checks, reject_export_checks},
    {TaskKind::transports_retrofit, reject_retrofit},
}};

Async<void> run_task(AgentParts& parts, SetupIndex setup, TaskRow const* row) {
    bool sent = false;
    try {
        sent = co_await row->body(parts, setup);
    } catch (std::exception const& dump) {
        parts.slg1(setup, ExternalId::none, 'A', text_of(Text::send_failed, facts(row->kind).name, dump.what()));
    }
    end_task(parts, setup, row->kind, sent);
}

/// "Fetch latest use-case selection from SAP Cloud ALM", when a heartbeat answer named a newer one.
Async<void> fetch_use_cases(AgentParts& parts, SetupIndex setup) {
    auto const caller = parts.caller(setup);
    auto answer = co_await parts.calls(setup).use_cases(caller, std::string{});
    parts.setups[setup].fetching_use_cases = false;
    if (!answer) {
        note_failure(parts, setup, ExternalId::none, "use-case selection", answer.error());
    } else if (*answer && parts.setups[setup].registered == Registered::yes) {
        parts.alm_setup.apply(setup, (*answer)->selection);
    }
}

Async<void> tell_pending(AgentParts& parts, SetupIndex setup) {
    co_await parts.alm_setup.tell_pending(setup);
    parts.setups[setup].telling_pending = false;
}

} // namespace

JobLogLine begin_task(AgentParts& parts, SetupIndex setup, TaskKind kind, std::uint32_t planned) {
    auto& task = parts.setups[setup].tasks[static_cast<std::size_t>(kind)];
    task.last_start = planned;
    task.running = true;
    parts.refusals.forget(setup, kind);
    ++parts.counters.task_runs;
    parts.locks.take(setup, kind, parts.setups.spec(setup).background_user, parts.now());
    return job_line(parts.now(), 'S', Text::task_started, facts(kind).name);
}

void end_task(AgentParts& parts, SetupIndex setup, TaskKind kind, bool sent) {
    auto& task = parts.setups[setup].tasks[static_cast<std::size_t>(kind)];
    auto const before = effective_interval_minutes(task);
    task.running = false;
    parts.locks.give_back(setup, kind);
    if (parts.shard.tasks().stopping()) return;
    settle(task, sent);
    auto const after = effective_interval_minutes(task);
    if (after > before)
        parts.slg1(setup, ExternalId::none, 'W',
                   text_of(Text::interval_stretched, facts(kind).name, std::to_string(after)));
    if (after < before)
        parts.slg1(setup, ExternalId::none, 'S',
                   text_of(Text::interval_restored, facts(kind).name, std::to_string(after)));
}

JobEnd scheduler(AgentParts& parts, JobStart const& start) {
    ++parts.counters.scheduler_runs;
    SetupIndex const setup = start.owner;
    auto& state = parts.setups[setup];
    auto const planned = parts.seconds(start.planned);
    state.scheduler_last_run = parts.seconds(start.started);
    JobEnd end;
    if (state.use_case_version != state.use_case_fetched && !state.fetching_use_cases) {
        state.fetching_use_cases = true;
        parts.shard.tasks().spawn(fetch_use_cases(parts, setup));
    }
    bool any_pending = false;
    for (auto const& row : task_bodies) {
        auto& task = state.tasks[static_cast<std::size_t>(row.kind)];
        any_pending = any_pending || task.unwanted || (task.wanted && !task.active);
        if (!row.body || !is_due(task, planned)) continue;
        if (auto refused = task_refusal(parts, setup, row.kind)) {
            end.log.push_back(std::move(*refused));
            parts.refusals.refused(setup, row.kind, task.last_start, end.log.back().text);
            task.last_start = planned;
            continue;
        }
        end.log.push_back(begin_task(parts, setup, row.kind, planned));
        parts.shard.tasks().spawn(run_task(parts, setup, &row));
    }
    if (any_pending && !state.telling_pending) {
        state.telling_pending = true;
        parts.shard.tasks().spawn(tell_pending(parts, setup));
    }
    return end;
}

} // namespace almd
