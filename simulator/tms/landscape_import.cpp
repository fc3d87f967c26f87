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
ImportFate Landscape::fate_of(TransportRequest const& request, TransportTarget const& target) const {
    std::uint64_t tries = 0;
    for (auto const* row : history_.of_request(request.trkorr))
        tries += TransportTarget{row->system, row->client} == target;
    auto const purpose = mix(mix(hash_text(request.trkorr.text()), hash_text(target.text())), tries);
    auto fate = draw_fate(tp_, Rng::stream(identity_.seed, identity_.number, purpose), request.function);
    if (spec_->import_behaviours.empty()) return fate;
    auto rng = Rng::stream(identity_.seed, identity_.number, mix(purpose, hash_text("behaviour")));
    auto const types = object_types(request);
    BehaviourFacts const facts{request.function, request.owner, spec_name_of(*target.system()), types};
    auto const draw = draw_behaviour(spec_->import_behaviours, facts, rng);
    if (!draw.behaviour) return fate;
    if (auto const code = draw.behaviour->return_code) fate = {'I', TpReturnCode{*code}};
    fate.delay = draw.delay;
    return fate;
}

/// A fleet computes other SIDs than its file has; what was added while it runs is in no file.
SystemId Landscape::spec_name_of(SystemId system) const {
    for (std::size_t i = 0; i < spec_->systems.size(); ++i)
        if (sid(i) == system) return spec_->systems[i].id;
    return system;
}

/// What the target does not let be overwritten ends with 8 in the main import; the other objects are there (V).
ImportFate Landscape::checked(Member const& member, TransportRequest const& request, ImportOptions const& options,
                              ImportFate fate, std::vector<TpMessage>& messages) const {
    if (request.trkorr.system() == member.abap.id())
        return fate; // from client to client: the objects are there already
    auto const system = std::string{member.abap.id().text()};
    bool all_written = true;
    for (auto const object : request.objects) {
        if (object.is_comment()) continue;
        auto const why = why_not_written(object, member.cts, member.abap.spec().import_rules, options);
        if (!why) continue;
        all_written = false;
        messages.push_back(message_of('E', *why, text_of(*why, object.text(), system)));
    }
    if (!all_written && fate.return_code.value() < 8) fate = {'I', TpReturnCode{8}};
    return fate;
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
    auto const named = wanted.size();

    std::vector<ImportCandidate> candidates;
    for (auto const& [trkorr, entry] : wanted) {
        auto const* source = request(trkorr);
        ImportCandidate candidate{.trkorr = trkorr, .in_buffer = entry && source};
        if (candidate.in_buffer) {
            candidate.function = source->function;
            candidate.objects = source->object_count();
            candidate.type_locked = type_is_locked(member.abap.spec().import_rules, source->function);
            candidate.state = state_of(*entry, {.approval = approval_of(trkorr, target)});
            candidate.resume_at = entry->resume_at;
            candidate.components = system(trkorr.system()).components(source->components);
            if (!options.ignore_predecessors)
                candidate.predecessors = static_cast<std::size_t>(
                    std::ranges::count_if(missing_predecessors(*source, target), [&](TrRequest missing) {
                        return std::ranges::find(wanted, missing, &Wanted::trkorr) == wanted.end();
                    }));
        }
        candidates.push_back(candidate);
    }

    Run run{.named = named,
            .plan = plan_import(tp_, candidates, member.abap.components(), target.text(), options),
            .requests = {},
            .states_before = {},
            .outcome = {.target = target},
            .options = options,
            .object_messages = {}};
    for (auto const index : run.plan.run) {
        auto const& candidate = candidates[index];
        run.requests.push_back({.trkorr = candidate.trkorr,
                                .function = candidate.function,
                                .objects = candidate.objects,
                                .fate = checked(member, *request(candidate.trkorr), options,
                                                fate_of(*request(candidate.trkorr), target), run.object_messages),
                                .steps = steps_of(candidate.function, candidate.resume_at)});
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
    Duration sum = tp_.per_call;
    for (char const step : step_order()) sum += step_duration(tp_, run.requests, step).value_or(Duration{0});
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
    bool alive = true, goes_on = !run.requests.empty();
    if (goes_on) alive = co_await clock.wait_for(tp_.per_call);
    for (auto const step : step_order()) {
        auto const span = step_duration(tp_, run.requests, step);
        if (!alive || !goes_on || !span) continue;
        if (batch && needs_batch_process(step)) alive = co_await wait_for_batch(clock, member.abap.id(), batch);
        if (alive) alive = co_await clock.wait_for(*span);
        if (!alive) continue;
        goes_on = run_step(tp_, run.requests, step);
        log_step(run, step, user, clock.now());
    }
    std::erase(member.imports, ticket);
    if (!alive) {
        give_up(member, run);
        co_return stopped;
    }
    log_call(run, user, clock.now(), "STOP");
    finish(member, run, clock.now(), user);
    co_return std::move(run.outcome);
}

/// After a preliminary import: it waits at its place, from the beginning.
void Landscape::keep_for_later(Member& member, TrRequest trkorr, std::optional<Client> client) {
    auto* entry = member.buffer.find(trkorr, client);
    if (!entry) return;
    entry->state = BufferState::again;
    entry->resume_at = 0;
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

void Landscape::log_call(Run const& run, std::string const& user, TimePoint now, std::string_view word) {
    if (!log_.keeps()) return;
    auto const& target = run.outcome.target;
    log_.write({.at = now,
                .system = *target.system(),
                .client = target.client(),
                .text = fmt::format("{} {}", word, action_of_call(run.options, run.named)),
                .user = user});
    if (word != "START") return;
    for (auto const& message : run.outcome.messages) // what keeps requests out stands in SLOG (I)
        log_.write({.at = now,
                    .system = *target.system(),
                    .client = target.client(),
                    .text = "ERROR " + message.text,
                    .user = user});
    for (auto const& request : run.requests) {
        auto const client = target.client() ? fmt::format(" client={}", target.client()->text()) : std::string{};
        log_.write({.kind = TpLogKind::user,
                    .at = now,
                    .system = *target.system(),
                    .client = target.client(),
                    .request = request.trkorr,
                    .text = fmt::format("tp import {} {}{} {}", request.trkorr.text(), target.system()->text(), client,
                                        umodes_of(run.options)),
                    .user = user});
    }
}

void Landscape::log_step(Run const& run, char step, std::string const& user, TimePoint now) {
    if (!log_.keeps()) return;
    auto const& target = run.outcome.target;
    for (auto const& request : run.requests) {
        if (request.done.empty() || request.done.back().step != step) continue;
        TpLogRow row{.kind = TpLogKind::action,
                     .at = now,
                     .system = *target.system(),
                     .client = target.client(),
                     .request = request.trkorr,
                     .step = step,
                     .return_code = request.done.back().return_code,
                     .text = std::string{step_name(step)},
                     .user = user};
        log_.write(row);
        if (row.return_code->value() < 8) continue;
        row.kind = TpLogKind::system; // an ERROR line repeats the row of ALOG (V)
        row.text = fmt::format("ERROR {}", row.text);
        log_.write(std::move(row));
    }
}

void Landscape::finish(Member& member, Run& run, TimePoint now, std::string const& user) {
    auto& outcome = run.outcome;
    auto const target = outcome.target;
    outcome.ended_at = now;
    std::ranges::move(run.object_messages, std::back_inserter(outcome.messages));
    std::vector<TpOutcome::Request> executed;
    for (auto& request : run.requests) {
        auto const end = end_of(tp_, request);
        outcome.messages.push_back(end_message(request.trkorr, target.text(), end));
        if (end.return_code)
            history_.add({.system = member.abap.id(),
                          .client = target.client(),
                          .request = request.trkorr,
                          .return_code = *end.return_code,
                          .imported_at = now,
                          .user = user,
                          .steps = request.done});
        if (end.return_code && end.return_code->value() < 12) {
            if (!member.versions) member.versions = std::make_unique<ObjectVersions>();
            member.versions->import(*this->request(request.trkorr));
        }
        bool const stays = end.resume_at == 0 && run.options.leave_in_queue;
        if (stays)
            keep_for_later(member, request.trkorr, target.client());
        else if (end.resume_at == 0)
            member.buffer.remove(request.trkorr, target.client());
        if (end.resume_at == 0) {
            // Copies go to their own target only (V).
            if (request.function != TrFunction::transport_of_copies && !run.options.no_delivery)
                for (auto const& next : domain_.delivery_targets(member.abap.id(), target.client()))
                    enter_buffer(*this->request(request.trkorr), next, now, false);
        } else if (auto* entry = member.buffer.find(request.trkorr, target.client())) {
            entry->state = end.return_code ? BufferState::error : BufferState::waiting;
            entry->resume_at = end.resume_at;
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
}

} // namespace almd
