// Transports: Create & Export, Check, Export Checks, Retrofit. They poll their kinds of work, and answer each item that it
// cannot be done yet, with the reason: the cloud is never left waiting for a lease to end.
#include "agent/jobs/bodies.hpp"
#include "agent/jobs/work_feedback.hpp"
#include "agent/jobs/work_result.hpp"

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

/// A check needs a share of free background work processes; without it, it is tried again when its lease ends, and given up
/// after the third time (V).
enum class MayCheck : std::uint8_t { yes, later, never };
MayCheck may_check(AgentParts& parts, SetupIndex setup, WorkId work) {
    auto const system = parts.setups.place(setup).system;
    auto const* changed = parts.world.changed(system);
    auto const& tables = changed ? changed->tables() : parts.world.spec_of(system).tables;
    auto const percentage = parameter_of(tables, "TR_CHECK_BATCH_PERCENTAGE");
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

/// False: it comes again.
bool reject(AgentParts& parts, SetupIndex setup, WorkItem const& item) {
    auto const& log = *std::ranges::find(logs, item.kind, &LogOfKind::kind);
    auto const check = item.kind == WorkKind::check ? may_check(parts, setup, item.id) : MayCheck::yes;
    if (check == MayCheck::later) return false;
    ++parts.counters.work_rejected;
    auto const reason = reason_to_reject(item, check);
    auto const written = parts.slg1(setup, log.request, 'S', what_was_asked(item));
    parts.slg1(setup, log.request, 'E', text_of(Text::work_rejected, reason), written);
    parts.work.begin(setup, item.id, log.feedback);
    parts.work.end(setup, item.id, rejected(reason, parts.setups.spec(setup).background_user, parts.now()));
    return true;
}

Async<bool> reject_all(AgentParts& parts, SetupIndex setup, TaskKind task, ExternalId log_id,
                       std::vector<WorkKind> kinds) {
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
        parts.slg1(setup, log_id, 'S',
                   text_of(Text::work_received, std::to_string(polled->items.size()), facts(task).name));
    for (auto const& item : polled->items) {
        bool const known = parts.work.look_up(setup, item.id) != WorkMemory::Known::no;
        if (!known && !reject(parts, setup, item)) continue;
        WorkId const work = item.id;
        bool const told = co_await report_result(parts, setup, work);
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
    return reject_all(parts, setup, TaskKind::transports_export_checks, ExternalId::tr_check, std::move(kinds));
}

Async<bool> reject_retrofit(AgentParts& parts, SetupIndex setup) {
    std::vector<WorkKind> kinds{WorkKind::retrofit};
    return reject_all(parts, setup, TaskKind::transports_retrofit, ExternalId::retro, std::move(kinds));
}

} // namespace almd
