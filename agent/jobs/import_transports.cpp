// Transports: Import. The task asks the cloud for imports; when there are some, /SDF/CALM_CDM_IMPORT_TRANSPORTS does them.
#include "agent/jobs/bodies.hpp"
#include "agent/jobs/work_feedback.hpp"
#include "agent/jobs/work_result.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "agent/setup/import_dispatcher.hpp"

namespace almd {

namespace {

constexpr int items_per_poll = 50;

void schedule_import_job(AgentParts& parts, SetupIndex setup) {
    auto const place = parts.setups.place(setup);
    parts.background.release(place.system, place.client, static_cast<std::uint8_t>(Program::import_transports), setup,
                             parts.now(), generated_job(Program::import_transports).period);
}

/// One item: one tp call for all its requests. Ended in any way, its result is in the memory; it is told afterwards.
Async<void> import_item(AgentParts& parts, SetupIndex setup, WorkItem item, std::vector<JobLogLine>* job_log) {
    WorkId const work = item.id;
    auto const user = parts.setups.spec(setup).background_user;
    auto const landscape_number = parts.setups.place(setup).landscape;
    if (auto unfit = why_not_importable(item, parts.world.sid(parts.setups.place(setup).system))) {
        ++parts.counters.work_rejected;
        job_log->push_back(job_line(parts.now(), 'W', Text::work_rejected, *unfit));
        parts.slg1(setup, ExternalId::import, 'E', job_log->back().text);
        parts.work.end(setup, work, rejected(*unfit, user, parts.now()));
        co_return;
    }
    auto begun = co_await report_started(parts, setup, work);
    if (!begun) {
        job_log->push_back(job_line(parts.now(), 'W', Text::work_not_begun, work.text(), begun.error().context));
        show_as_scheduled(parts, setup, item, false);
        parts.work.drop(setup, work);
        co_return;
    }
    auto const started = parts.now();
    auto const target = std::string{item.target->text()};
    auto const requests = std::to_string(item.transports.size());
    job_log->push_back(job_line(parts.now(), 'S', Text::import_started, requests, target, user));
    auto const log = parts.slg1(setup, ExternalId::import, 'S', job_log->back().text);
    ++parts.counters.imports;
    show_as_scheduled(parts, setup, item, false);
    ImportDispatcher rddimpdp{parts, landscape_number, *item.target};
    auto outcome =
        co_await parts.world.keep(landscape_number)
            .import_subset(parts.shard.clock(), *item.target, item.transports, user, ImportOptions(), &rddimpdp);
    rddimpdp.finish();
    if (!outcome && outcome.error().code == ErrorCode::stopped) {
        parts.work.drop(setup, work); // nothing was written: the lease ends and the item comes again
        co_return;
    }
    auto result = outcome ? result_of(*outcome, user) : failed(outcome.error().context, user, started, parts.now());
    for (auto const& message : result.messages) {
        job_log->push_back(
            {parts.now(), handled(message.type), text_with_number(message.id, message.number), message.text});
        parts.slg1(setup, ExternalId::import, message.type, message.text, log);
    }
    if (outcome && is_blocked(*outcome)) {
        parts.work.block(setup, std::move(item)); // stays open at the cloud: the poll after the repair imports it
        co_return;
    }
    for (auto const& transport : result.transports) {
        if (!transport.return_code) continue;
        ++parts.counters.requests_imported;
        parts.note(setup, Operation::work_result,
                   mix(hash_text(transport.trkorr.text()), static_cast<std::uint64_t>(transport.return_code->value())));
        char const type = transport.return_code->value() <= 4 ? 'S' : 'E';
        job_log->push_back(job_line(parts.now(), handled(type), Text::import_request_ended, transport.trkorr.text(),
                                    target, std::to_string(transport.return_code->value())));
        parts.slg1(setup, ExternalId::import, type, job_log->back().text, log);
    }
    parts.work.end(setup, work, std::move(result));
}

} // namespace

void show_as_scheduled(AgentParts& parts, SetupIndex setup, WorkItem const& item, bool planned) {
    if (why_not_importable(item, parts.world.sid(parts.setups.place(setup).system))) return;
    auto& landscape = parts.world.keep(parts.setups.place(setup).landscape);
    for (auto const& trkorr : item.transports)
        (void)landscape.set_mark(trkorr, *item.target, EntryMark::scheduled, planned); // what is not there fails later
}

void give_back_queued(AgentParts& parts, SetupIndex setup, WorkKind kind) {
    while (auto item = parts.work.next_queued(setup, kind)) {
        if (kind == WorkKind::import) show_as_scheduled(parts, setup, *item, false);
        parts.work.drop(setup, item->id);
    }
}

Async<bool> import_transports(AgentParts& parts, SetupIndex setup) {
    bool const all_told = co_await report_unreported(parts, setup);
    auto const caller = parts.caller(setup);
    auto const client = parts.setups.spec(setup).client;
    std::vector<WorkKind> kinds{WorkKind::import};
    auto polled = co_await parts.calls(setup).poll_work(caller, std::move(kinds), client, items_per_poll);
    if (!polled) {
        note_failure(parts, setup, ExternalId::import, facts(TaskKind::transports_import).name, polled.error());
        co_return false;
    }
    ++parts.counters.polls;
    bool all_repeated = true, anything_new = false;
    for (auto& item : parts.work.take_blocked(setup)) {
        show_as_scheduled(parts, setup, item, true);
        parts.work.queue(setup, std::move(item));
        anything_new = true;
    }
    for (auto& item : polled->items) {
        switch (parts.work.look_up(setup, item.id)) {
        case WorkMemory::Known::in_progress: break;
        case WorkMemory::Known::ended: {
            parts.slg1(setup, ExternalId::import_feedback, 'S', text_of(Text::import_done_before, item.id.text()));
            WorkId const work = item.id;
            bool const told = co_await report_result(parts, setup, work);
            all_repeated = all_repeated && told;
            break;
        }
        case WorkMemory::Known::no:
            parts.work.begin(setup, item.id, ExternalId::import_feedback);
            parts.slg1(setup, ExternalId::import, 'S',
                       text_of(Text::import_requested, std::to_string(item.transports.size()),
                               item.target ? item.target->text() : "?"));
            show_as_scheduled(parts, setup, item, true);
            parts.work.queue(setup, std::move(item));
            anything_new = true;
            break;
        }
    }
    if (anything_new) schedule_import_job(parts, setup);
    co_return all_told&& all_repeated;
}

Async<JobEnd> import_transports_job(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    JobEnd end;
    while (auto item = parts.work.next_queued(setup, WorkKind::import)) {
        if (parts.shard.tasks().stopping()) co_return end;
        WorkId const work = item->id;
        WorkItem taken = std::move(*item);
        co_await import_item(parts, setup, std::move(taken), &end.log);
        if (parts.work.look_up(setup, work) == WorkMemory::Known::ended) co_await report_result(parts, setup, work);
    }
    co_return end;
}

} // namespace almd
