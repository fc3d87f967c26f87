// How results of work get to the cloud.
#include "agent/jobs/work_feedback.hpp"

#include "agent/jobs/bodies.hpp"

namespace almd {

namespace {

Uuid key_of(AgentParts& parts, SetupIndex setup, WorkId work, WorkStatus status) {
    return call_key(parts.nonce, setup, Operation::work_result,
                    mix(mix(work.high(), work.low()), static_cast<std::uint64_t>(status)));
}

} // namespace

Async<bool> report_result(AgentParts& parts, SetupIndex setup, WorkId work) {
    auto const log_id = parts.work.feedback_id(setup, work);
    WorkResult result = parts.work.result(setup, work);
    auto const status = result.status;
    auto const caller = parts.caller(setup);
    auto const key = key_of(parts, setup, work, status);
    bool const again = parts.work.reported(setup, work);
    auto told = co_await parts.calls(setup).post_work_result(caller, work, std::move(result), key);
    // A conflict or an unknown item is an answer as well: the cloud has closed it, telling it again changes nothing.
    bool const closed = !told && (told.error().code == ErrorCode::conflict ||
                                  told.error().code == ErrorCode::not_found || told.error().code == ErrorCode::refused);
    if (!told) {
        note_failure(parts, setup, log_id, "feedback", told.error());
        if (!closed) {
            parts.slg1(setup, log_id, 'W', text_of(Text::feedback_later, work.text(), told.error().context));
            co_return false;
        }
    } else {
        parts.slg1(setup, log_id, 'S', text_of(Text::feedback_sent, work.text(), name(status)));
        ++(again ? parts.counters.work_repeated : parts.counters.work_reported);
    }
    parts.work.mark_reported(setup, work);
    co_return true;
}

Async<bool> report_unreported(AgentParts& parts, SetupIndex setup) {
    bool all = true;
    for (WorkId work : parts.work.unreported(setup)) {
        bool const told = co_await report_result(parts, setup, work);
        all = all && told;
    }
    co_return all;
}

Async<Result<void>> report_started(AgentParts& parts, SetupIndex setup, WorkId work) {
    WorkResult started;
    started.status = WorkStatus::started;
    started.started_at = parts.now();
    started.user = parts.setups.spec(setup).background_user;
    auto const caller = parts.caller(setup);
    auto const key = key_of(parts, setup, work, WorkStatus::started);
    auto told = co_await parts.calls(setup).post_work_result(caller, work, std::move(started), key);
    if (told) co_return Result<void>{};
    auto const code = told.error().code;
    if (code == ErrorCode::conflict || code == ErrorCode::not_found || code == ErrorCode::stopped)
        co_return fail(code, told.error().context);
    note_failure(parts, setup, ExternalId::import, "start of work", told.error());
    co_return Result<void>{};
}

} // namespace almd
