// Transports: Create & Export, Check, Export Checks, Retrofit. They poll their kinds of work, and answer each item that it
// cannot be done yet, with the reason: the cloud is never left waiting for a lease to end.
#include "agent/jobs/bodies.hpp"
#include "agent/jobs/work_feedback.hpp"
#include "agent/jobs/work_result.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace almd {

namespace {

constexpr int items_per_poll = 50;

Async<bool> reject_all(AgentParts& parts, SetupIndex setup, TaskKind task, ExternalId log_id,
                       std::vector<WorkKind> kinds) {
    bool all_told = co_await report_unreported(parts, setup, log_id);
    auto const caller = parts.caller(setup);
    auto const client = parts.setups.spec(setup).client;
    auto polled = co_await parts.calls(setup).poll_work(caller, std::move(kinds), client, items_per_poll);
    if (!polled) {
        note_failure(parts, setup, log_id, facts(task).name, polled.error());
        co_return false;
    }
    ++parts.counters.polls;
    for (auto const& item : polled->items) {
        if (parts.work.look_up(setup, item.id) == WorkMemory::Known::no) {
            ++parts.counters.work_rejected;
            auto const reason = fmt::format(
                "work of kind \"{}\" cannot be done by this version of almd; it can do: import", name(item.kind));
            parts.work.begin(setup, item.id);
            parts.work.end(setup, item.id, rejected(reason, parts.setups.spec(setup).background_user, parts.now()));
        }
        WorkId const work = item.id;
        bool const told = co_await report_result(parts, setup, work, log_id);
        all_told = all_told && told;
    }
    co_return all_told;
}

} // namespace

Async<bool> reject_create_export(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::create, WorkKind::add_user, WorkKind::release, WorkKind::toc,
                                WorkKind::delete_empty};
    return reject_all(parts, setup, TaskKind::transports_create_export, ExternalId::client_dependent, std::move(kinds));
}

Async<bool> reject_check(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::check};
    return reject_all(parts, setup, TaskKind::transports_check, ExternalId::tr_check, std::move(kinds));
}

Async<bool> reject_export_checks(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::export_check};
    return reject_all(parts, setup, TaskKind::transports_export_checks, ExternalId::export_feedback, std::move(kinds));
}

Async<bool> reject_retrofit(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::retrofit};
    return reject_all(parts, setup, TaskKind::transports_retrofit, ExternalId::retro, std::move(kinds));
}

} // namespace almd
