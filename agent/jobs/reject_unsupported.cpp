// Transports: Create & Export, Check, Export Checks, Retrofit. They poll their kinds of work, and answer each item that it
// cannot be done yet, with the reason: the cloud is never left waiting for a lease to end. Create & Export is a job in its
// client; a check is answered by the check job.
#include "agent/jobs/bodies.hpp"
#include "agent/jobs/work_feedback.hpp"
#include "agent/jobs/work_result.hpp"
#include "agent/setup/generated_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace almd {

namespace {

constexpr int items_per_poll = 50;
constexpr int tries_max = 3; ///< of a check without a free work process (V)

/// Which log a kind of work has (V for those of Create & Export, Check and Retrofit; I: tasks of users and deletions belong
/// to CLIENT DEPENDENT, export checks to TR CHECK).
struct LogOfKind {
    WorkKind kind;
    ExternalId request, feedback;
};
constexpr LogOfKind logs[] = {
    {WorkKind::create, ExternalId::create, ExternalId::create},
    {WorkKind::add_user, ExternalId::client_dependent, ExternalId::client_dependent},
    {WorkKind::release, ExternalId::release, ExternalId::export_feedback},
    {WorkKind::toc, ExternalId::toc, ExternalId::export_feedback},
    {WorkKind::delete_empty, ExternalId::client_dependent, ExternalId::client_dependent},
    {WorkKind::check, ExternalId::tr_check, ExternalId::tr_check},
    {WorkKind::export_check, ExternalId::tr_check, ExternalId::tr_check},
    {WorkKind::retrofit, ExternalId::retro, ExternalId::retro},
};

std::string what_was_asked(WorkItem const& item) {
    std::string requests;
    for (auto const& trkorr : item.transports) requests.append(requests.empty() ? "" : ", ").append(trkorr.text());
    if (requests.empty()) requests = "-";
    auto const parameter = [&](char const* key) {
        auto const found = item.parameters.find(key);
        return found == item.parameters.end() ? std::string{"-"} : found->second;
    };
    auto const by =
        item.feature ? fmt::format("feature {}", item.feature->text()) : fmt::format("work item {}", item.id.text());
    switch (item.kind) {
    case WorkKind::create: return text_of(Text::create_requested, parameter("title"), parameter("type"), by);
    case WorkKind::add_user: return text_of(Text::add_user_requested, parameter("user"), requests, by);
    case WorkKind::release: return text_of(Text::release_requested, requests, by);
    case WorkKind::toc:
        return text_of(Text::toc_requested, requests, item.target ? item.target->text() : std::string_view{"-"}, by);
    case WorkKind::delete_empty: return text_of(Text::delete_requested, requests, by);
    case WorkKind::retrofit: return text_of(Text::retrofit_requested, requests, by);
    default: return text_of(Text::check_requested, requests, by);
    }
}

CustomizingTables const& tables_of(AgentParts& parts, SystemSlot system) {
    auto const* changed = parts.world.changed(system);
    return changed ? changed->tables() : parts.world.spec_of(system).tables;
}

/// A check needs a share of free background work processes; without it, it is tried again when its lease ends, and given up
/// after the third time (V).
enum class MayCheck : std::uint8_t { yes, later, never };
MayCheck may_check(AgentParts& parts, SetupIndex setup, WorkId work) {
    auto const system = parts.setups.place(setup).system;
    auto const percentage = parameter_of(tables_of(parts, system), "TR_CHECK_BATCH_PERCENTAGE");
    int const free = parts.background.free_work_processes(system);
    int const total = static_cast<int>(parts.background.work_processes(system).total);
    if (free > 0 && free * 100 >= std::stoi(percentage) * total) {
        parts.work.not_put_off_any_more(setup, work);
        return MayCheck::yes;
    }
    int const tries = parts.work.put_off(setup, work);
    parts.slg1(setup, ExternalId::tr_check, 'W',
               text_of(Text::check_waits, std::to_string(free), std::to_string(total), percentage,
                       fmt::format("{} of {}", tries, tries_max)));
    if (tries < tries_max) return MayCheck::later;
    parts.work.not_put_off_any_more(setup, work);
    return MayCheck::never;
}

std::string reason_to_reject(WorkItem const& item, MayCheck check) {
    if (check == MayCheck::never) return text_of(Text::too_few_processes, std::to_string(tries_max));
    return text_of(Text::kind_not_possible, name(item.kind));
}

/// SLG1, and the log of the job if it is one.
LogNumber say(AgentParts& parts, SetupIndex setup, ExternalId id, char type, std::string const& text,
              std::vector<JobLogLine>* job_log, LogNumber log = 0) {
    if (job_log) {
        auto const* known = find_text(text);
        job_log->push_back({parts.now(), handled(type), known ? std::optional{known->id} : std::nullopt, text});
    }
    return parts.slg1(setup, id, type, text, log);
}

void reject(AgentParts& parts, SetupIndex setup, WorkItem const& item, MayCheck check,
            std::vector<JobLogLine>* job_log) {
    auto const& log = *std::ranges::find(logs, item.kind, &LogOfKind::kind);
    ++parts.counters.work_rejected;
    auto const reason = reason_to_reject(item, check);
    auto const written = say(parts, setup, log.request, 'S', what_was_asked(item), job_log);
    say(parts, setup, log.request, 'E', text_of(Text::work_rejected, reason), job_log, written);
    parts.work.begin(setup, item.id, log.feedback);
    parts.work.end(setup, item.id, rejected(reason, parts.setups.spec(setup).background_user, parts.now()));
}

/// Released, Ready or Active.
bool has_open_job(AgentParts& parts, SetupIndex setup, Program program) {
    return std::ranges::any_of(parts.background.open_rows(), [&](JobRow const& row) {
        return row.owner == setup && row.program == static_cast<std::uint8_t>(program);
    });
}

/// False: nothing is to be told about it now.
bool take(AgentParts& parts, SetupIndex setup, WorkItem& item, std::vector<JobLogLine>* job_log) {
    auto const known = parts.work.look_up(setup, item.id);
    if (known != WorkMemory::Known::no) return known == WorkMemory::Known::ended;
    if (item.kind != WorkKind::check) {
        reject(parts, setup, item, MayCheck::yes, job_log);
        return true;
    }
    auto const check = may_check(parts, setup, item.id);
    if (check == MayCheck::never) reject(parts, setup, item, check, job_log);
    if (check == MayCheck::yes) {
        parts.work.begin(setup, item.id, ExternalId::tr_check);
        parts.work.queue(setup, std::move(item));
    }
    return check == MayCheck::never;
}

Async<bool> poll_and_reject(AgentParts& parts, SetupIndex setup, TaskKind task, ExternalId log_id,
                            std::vector<WorkKind> kinds, std::vector<JobLogLine>* job_log) {
    bool all_told = co_await report_unreported(parts, setup);
    auto const caller = parts.caller(setup);
    auto const client = parts.setups.spec(setup).client;
    auto polled = co_await parts.calls(setup).poll_work(caller, std::move(kinds), client, items_per_poll);
    if (!polled) {
        note_failure(parts, setup, log_id, facts(task).name, polled.error());
        co_return false;
    }
    ++parts.counters.polls;
    if (!polled->items.empty())
        say(parts, setup, log_id, 'S',
            text_of(Text::work_received, std::to_string(polled->items.size()), facts(task).name), job_log);
    for (auto& item : polled->items) {
        WorkId const work = item.id;
        if (!take(parts, setup, item, job_log)) continue;
        bool const told = co_await report_result(parts, setup, work);
        all_told = all_told && told;
    }
    co_return all_told;
}

} // namespace

Async<JobEnd> client_dependent_job(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    auto constexpr kind = TaskKind::transports_create_export;
    auto const planned = parts.seconds(start.planned);
    JobEnd end;
    auto const& task = parts.setups[setup].tasks[static_cast<std::size_t>(kind)];
    if (!task.active) co_return end;
    if (task.running || (task.errors > 0 && !is_due(task, planned))) {
        end.log.push_back(job_line(parts.now(), 'S', Text::task_not_due, facts(kind).name,
                                   std::to_string(effective_interval_minutes(task))));
        co_return end;
    }
    end.log.push_back(begin_task(parts, setup, kind, planned));
    std::vector<WorkKind> kinds{WorkKind::create, WorkKind::add_user, WorkKind::release, WorkKind::toc,
                                WorkKind::delete_empty};
    bool sent = false;
    try {
        sent = co_await poll_and_reject(parts, setup, kind, ExternalId::client_dependent, std::move(kinds), &end.log);
    } catch (...) { // the job door cancels the job; the task must not keep its lock
        end_task(parts, setup, kind, false);
        throw;
    }
    end_task(parts, setup, kind, sent);
    co_return end;
}

void client_dependent_refused(AgentParts& parts, JobStart const& start, std::string why) {
    auto constexpr kind = TaskKind::transports_create_export;
    auto& task = parts.setups[start.owner].tasks[static_cast<std::size_t>(kind)];
    parts.refusals.refused(start.owner, kind, task.last_start, std::move(why));
    task.last_start = parts.seconds(start.planned);
}

Async<bool> reject_check(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::check};
    bool const told = co_await poll_and_reject(parts, setup, TaskKind::transports_check, ExternalId::tr_check,
                                               std::move(kinds), nullptr);
    auto constexpr job = Program::transport_check;
    auto const place = parts.setups.place(setup);
    if (parts.work.has_queued(setup, WorkKind::check) && !has_open_job(parts, setup, job))
        parts.background.release(place.system, place.client, static_cast<std::uint8_t>(job), setup, parts.now(),
                                 generated_job(job).period);
    co_return told;
}

/// TR_CHECK_PROCESS_TIME is in hours; what a job did not get to is given back and comes again when its lease ends.
Async<JobEnd> transport_check_job(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    JobEnd end;
    while (auto item = parts.work.next_queued(setup, WorkKind::check)) {
        if (parts.shard.tasks().stopping()) co_return end;
        auto const hours = parameter_of(tables_of(parts, start.system), "TR_CHECK_PROCESS_TIME");
        WorkId const work = item->id;
        if (parts.now() - start.started >= std::chrono::hours{std::stoi(hours)}) {
            parts.work.drop(setup, work);
            give_back_queued(parts, setup, WorkKind::check);
            end.log.push_back(job_line(parts.now(), 'A', Text::check_too_long, hours));
            parts.slg1(setup, ExternalId::tr_check, 'E', end.log.back().text);
            co_return end;
        }
        reject(parts, setup, *item, MayCheck::yes, &end.log);
        co_await report_result(parts, setup, work);
    }
    co_return end;
}

Async<bool> reject_export_checks(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::export_check};
    return poll_and_reject(parts, setup, TaskKind::transports_export_checks, ExternalId::tr_check, std::move(kinds),
                           nullptr);
}

Async<bool> reject_retrofit(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::retrofit};
    return poll_and_reject(parts, setup, TaskKind::transports_retrofit, ExternalId::retro, std::move(kinds), nullptr);
}

} // namespace almd
