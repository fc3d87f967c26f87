// tp import in a landscape: decide what runs, let the time of each step pass, then history, buffers and forwarding.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/import_rules.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace almd {

bool Landscape::importing(SystemId system) const {
    auto const* member = find(system);
    return member && !member->imports.empty();
}

/// The same request draws the same fate in the same landscape; each repeat into a target draws anew. Behaviours have a
/// stream of their own, so that one more of them does not move what tp draws.
ImportFate Landscape::fate_of(TransportRequest const& request, TransportTarget const& target,
                              std::string_view steps) const {
    std::uint64_t tries = 0;
    for (auto const* row : history_.of_request(request.trkorr))
        tries += !row->interrupted && TransportTarget{row->system, row->client} == target;
    auto const purpose = mix(mix(hash_text(request.trkorr.text()), hash_text(target.text())), tries);
    auto const stream = [&](std::string_view name) {
        return Rng::stream(identity_.seed, identity_.number, name.empty() ? purpose : mix(purpose, hash_text(name)));
    };
    auto fate = draw_fate(tp_, stream({}));
    fate.pace = 1 + tp_.time_spread * (2 * stream("pace").unit() - 1);
    if (spec_->import_behaviours.empty()) return fate;
    auto rng = stream("behaviour");
    auto const types = object_types(request);
    BehaviourFacts const facts{request.function, request.owner, spec_name_of(*target.system()), types};
    auto const draw = draw_behaviour(spec_->import_behaviours, facts, rng);
    if (!draw.behaviour) return fate;
    if (auto const code = draw.behaviour->return_code; code && steps.contains(draw.behaviour->step)) {
        fate.step = draw.behaviour->step;
        fate.return_code = TpReturnCode{*code};
    }
    fate.delay = draw.delay;
    return fate;
}

/// A fleet computes other SIDs than its file has; what was added while it runs is in no file.
SystemId Landscape::spec_name_of(SystemId system) const {
    for (std::size_t i = 0; i < spec_->systems.size(); ++i)
        if (sid(i) == system) return spec_->systems[i].id;
    return system;
}

/// What the target does not let be overwritten; the other objects are there (V).
std::vector<Landscape::NotWritten> Landscape::not_written(Member const& member, TransportRequest const& request,
                                                          ImportOptions const& options) {
    std::vector<NotWritten> kept;
    if (request.trkorr.system() == member.abap.id())
        return kept; // from client to client: the objects are there already
    for (auto const object : request.objects) {
        if (object.is_comment()) continue;
        if (auto const why = why_not_written(object, member.cts, member.abap.spec().import_rules, options))
            kept.push_back({std::string{object.text()}, *why});
    }
    return kept;
}

Landscape::Run Landscape::plan_run(Member const& member, TransportTarget const& target,
                                   std::vector<TrRequest> const& transports, ImportOptions options) const {
    struct Wanted {
        TrRequest trkorr;
        BufferEntry const* entry;
    };
    std::vector<Wanted> wanted;
    for (auto const& trkorr : transports) wanted.push_back({trkorr, member.buffer.find(trkorr, target.client())});
    auto const place = [](Wanted const& one) {
        return std::pair{one.entry ? one.entry->position : UINT64_MAX, one.trkorr};
    };
    std::ranges::sort(wanted, {}, place); // queue order, whatever the order of selection (V)
    auto const twice = std::ranges::unique(wanted, {}, &Wanted::trkorr);
    wanted.erase(twice.begin(), twice.end());
    std::vector<TrRequest> named;
    for (auto const& one : wanted) named.push_back(one.trkorr);

    std::vector<ImportCandidate> candidates;
    for (auto const& [trkorr, entry] : wanted) {
        auto const* source = request(trkorr);
        ImportCandidate candidate{.trkorr = trkorr, .in_buffer = entry && source};
        if (candidate.in_buffer) {
            candidate.function = source->function;
            candidate.type_locked = type_is_locked(member.abap.spec().import_rules, source->function);
            candidate.state = state_of(*entry, {.approval = approval_of(trkorr, target)});
            candidate.components = system(trkorr.system()).components(source->components);
            if (!options.ignore_predecessors) candidate.predecessors = missing_predecessors(*source, target);
        }
        candidates.push_back(std::move(candidate));
    }

    Run run{.profile = tp_,
            .named = std::move(named),
            .plan = plan_import(tp_, candidates, member.abap.components(), target.text(), options),
            .requests = {},
            .states_before = {},
            .outcome = {.target = target},
            .options = options};
    for (auto const index : run.plan.run) {
        auto const& candidate = candidates[index];
        auto const& source = *request(candidate.trkorr);
        auto const& entry = *member.buffer.find(candidate.trkorr, target.client());
        ImportProgress progress{.trkorr = candidate.trkorr,
                                .function = candidate.function,
                                .contents = ImportContents::of(source),
                                .carried = entry.carried};
        progress.all_steps = steps_of(tp_, candidate.function, progress.contents);
        progress.steps = steps_from(progress.all_steps, entry.resume_at);
        progress.fate = fate_of(source, target, progress.all_steps);
        auto const writes = progress.steps.contains('I');
        run.not_written.push_back(writes ? not_written(member, source, options) : std::vector<NotWritten>{});
        progress.keeps_objects = !run.not_written.back().empty();
        run.requests.push_back(std::move(progress));
    }
    run.outcome.messages = run.plan.messages;
    auto const& refused = run.plan.refused; // in order of the candidates
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (candidates[i].in_buffer && (run.plan.blocked || std::ranges::binary_search(refused, i)))
            run.outcome.requests.push_back({.trkorr = candidates[i].trkorr});
    for (auto const index : run.plan.not_in_buffer)
        run.outcome.requests.push_back({.trkorr = candidates[index].trkorr, .return_code = tp_not_in_buffer});
    return run;
}

Duration Landscape::duration_of(Run const& run) const {
    Duration sum = run.profile.per_call;
    for (char const step : step_order()) sum += step_duration(run.profile, run.requests, step).value_or(Duration{0});
    return sum;
}

void Landscape::set_running(Member& member, Run& run) {
    for (auto const& request : run.requests) {
        auto* entry = member.buffer.find(request.trkorr, run.outcome.target.client());
        entry->set(EntryMark::scheduled, false);
        run.states_before.push_back(std::exchange(entry->state, BufferState::running));
    }
}

void Landscape::give_up(Member& member, Run const& run) {
    for (std::size_t i = 0; i < run.requests.size(); ++i)
        if (auto* entry = member.buffer.find(run.requests[i].trkorr, run.outcome.target.client()))
            entry->state = run.states_before[i];
}

Result<void> Landscape::check_import(TransportTarget const& target) const {
    if (auto const good = check_target(target); !good) return good;
    if (target.is_group()) return fail(ErrorCode::invalid, text_of(Text::target_not_known, target.text()));
    if (find(*target.system())->abap.is_virtual())
        return fail(ErrorCode::conflict, text_of(Text::no_import_into_virtual, target.system()->text()));
    return {};
}

Result<Landscape::ImportPreview> Landscape::preview_import(TransportTarget target,
                                                           std::vector<TrRequest> const& transports,
                                                           ImportOptions options) const {
    if (auto const good = check_import(target); !good) return std::unexpected{good.error()};
    auto run = plan_run(*find(*target.system()), target, transports, options);
    return ImportPreview{!run.requests.empty(), std::move(run.outcome.messages)};
}

Async<Result<TpOutcome>> Landscape::import_subset(Clock& clock, TransportTarget target,
                                                  std::vector<TrRequest> transports, std::string user,
                                                  ImportOptions options, BatchProcesses* batch) {
    if (auto const good = check_import(target); !good) co_return std::unexpected{good.error()};
    auto const activity = options.all ? TransportActivity::import_all : TransportActivity::import_single;
    if (auto const good = authorize(*target.system(), user, activity, clock.now()); !good)
        co_return std::unexpected{good.error()};
    auto const stopped = fail(ErrorCode::stopped, text_of(Text::imports_stopped, target.text()));
    Member& member = *find(*target.system()); // members have stable addresses: this holds over every wait

    auto const ticket = ++member.last_ticket;
    member.imports.push_back(ticket);
    while (member.imports.front() != ticket) {
        auto const again = std::max(member.busy_until, clock.now() + Duration{1s});
        if (co_await clock.wait_until(again)) continue;
        std::erase(member.imports, ticket);
        co_return stopped;
    }

    Run run = plan_run(member, target, transports, options);
    run.outcome.started_at = clock.now();
    member.busy_until = clock.now() + (run.requests.empty() ? Duration{0} : duration_of(run));
    set_running(member, run);
    log_call(run, user, clock.now(), "START");
    bool const alive = co_await run_steps(clock, member, run, user, batch);
    std::erase(member.imports, ticket);
    if (!alive) {
        give_up(member, run);
        co_return stopped;
    }
    finish(member, run, clock.now(), user);
    log_call(run, user, clock.now(), "STOP");
    co_return std::move(run.outcome);
}

/// False: the shard stops.
Async<bool> Landscape::run_steps(Clock& clock, Member& member, Run& run, std::string user, BatchProcesses* batch) {
    if (run.requests.empty()) co_return true;
    if (!co_await clock.wait_for(run.profile.per_call)) co_return false;
    run.call.emplace(clock.now());
    for (auto const step : step_order()) {
        auto const span = step_duration(run.profile, run.requests, step);
        if (!span) continue;
        log_line(run, "START", step, {}, user, clock.now());
        if (batch && needs_batch_process(step) && !co_await wait_for_batch(clock, member.abap.id(), batch))
            co_return false;
        if (!co_await clock.wait_for(*span)) co_return false;
        bool const goes_on = run_step(run.profile, run.requests, step);
        run.call->ended(step, clock.now());
        log_step(run, step, user, clock.now());
        if (goes_on) continue;
        run.stopped_at = step;
        break;
    }
    co_return true;
}

std::vector<std::string> Landscape::Run::kept_objects(std::size_t index) const {
    std::vector<std::string> names;
    for (auto const& one : not_written[index]) names.push_back(one.object);
    std::ranges::sort(names);
    return names;
}

/// By its main import, however the request ends later. What was not overwritten keeps its version.
void Landscape::bring_versions(Member& member, Run const& run, std::size_t index) {
    auto const& progress = run.requests[index];
    if (!progress.ran('I') || progress.code_of('I').value() >= 12) return;
    if (!member.versions) member.versions = std::make_unique<ObjectVersions>();
    member.versions->import(*request(progress.trkorr), run.kept_objects(index));
}

/// After a preliminary import: it waits at its place, from the beginning.
void Landscape::keep_for_later(Member& member, TrRequest trkorr, std::optional<Client> client) {
    auto* entry = member.buffer.find(trkorr, client);
    if (!entry) return;
    entry->state = BufferState::again;
    entry->resume_at = 0;
    entry->carried = {};
}

/// tp polls until RDDIMPDP can start; false: the shard stops.
Async<bool> Landscape::wait_for_batch(Clock& clock, SystemId system, BatchProcesses* batch) {
    bool told = false;
    while (!batch->granted(system)) {
        if (!std::exchange(told, true))
            log_.write(
                {.at = clock.now(), .system = system, .text = "HALT " + text_of(Text::waits_for_batch, system.text())});
        if (!co_await clock.wait_for(tp_.batch_poll)) co_return false;
    }
    co_return true;
}

void Landscape::finish(Member& member, Run& run, TimePoint now, std::string const& user) {
    auto& outcome = run.outcome;
    auto const target = outcome.target;
    outcome.ended_at = now;
    auto const system = std::string{member.abap.id().text()};
    for (auto const& of_request : run.not_written)
        for (auto const& [object, why] : of_request)
            outcome.messages.push_back(message_of('E', why, text_of(why, object, system)));
    if (run.call) history_.begin_call(*run.call);
    std::vector<TpOutcome::Request> executed;
    for (std::size_t i = 0; i < run.requests.size(); ++i) {
        auto& request = run.requests[i];
        auto const end = end_of(run.profile, request);
        outcome.messages.push_back(end_message(request.trkorr, target.text(), end));
        if (end.return_code || !request.done.empty()) {
            history_.add({.system = member.abap.id(),
                          .client = target.client(),
                          .request = request.trkorr,
                          .return_code = request.worst(),
                          .imported_at = now,
                          .user = user,
                          .steps = request.done,
                          .done = end.resume_at == 0,
                          .interrupted = !end.return_code});
            remark(member, run, i);
        }
        bring_versions(member, run, i);
        bool const stays = end.resume_at == 0 && run.options.leave_in_queue;
        if (stays) {
            keep_for_later(member, request.trkorr, target.client());
        } else if (end.resume_at == 0) {
            member.buffer.remove(request.trkorr, target.client());
            log_mark(run, '>', request.trkorr, {}, {}, user, now);
        }
        if (end.resume_at == 0) {
            // Copies go to their own target only (V).
            if (request.function != TrFunction::transport_of_copies && !run.options.no_delivery)
                for (auto const& next : domain_.delivery_targets(member.abap.id(), target.client())) {
                    enter_buffer(*this->request(request.trkorr), next, now, false);
                    log_mark(run, '<', request.trkorr, {}, next, user, now);
                }
        } else if (auto* entry = member.buffer.find(request.trkorr, target.client())) {
            entry->state = end.return_code ? BufferState::error : BufferState::waiting;
            entry->resume_at = end.resume_at;
            entry->carried = end.carried;
            entry->max_code = std::max(entry->max_code, request.worst());
        }
        executed.push_back({.trkorr = request.trkorr,
                            .return_code = end.return_code,
                            .steps = std::move(request.done),
                            .left_buffer = end.resume_at == 0 && !stays});
    }
    outcome.requests.insert(outcome.requests.begin(), executed.begin(), executed.end());
    for (auto const& request : outcome.requests)
        if (request.return_code)
            outcome.return_code = std::max(outcome.return_code.value_or(TpReturnCode{}), *request.return_code);
    if (outcome.return_code) log_mark(run, '!', std::nullopt, *outcome.return_code, {}, user, now);
}

} // namespace almd
