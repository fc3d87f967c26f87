// Transaction /SDF/ALM_SETUP, step 4: use cases, their tasks and the daily diagnostic.
#include "agent/setup/alm_setup.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

Result<void> allowed_in(TaskFacts const& task, Client client) {
    if (task.scope == ClientScope::client_000_only && client != client_000)
        return fail(ErrorCode::invalid, text_of(Text::task_only_in_000, task.name, client.text()));
    if (task.scope == ClientScope::working_client && client == client_000)
        return fail(ErrorCode::invalid, text_of(Text::task_not_in_000, task.name));
    if (!is_emulated(task.kind)) return fail(ErrorCode::invalid, text_of(Text::task_no_collector, task.name));
    return {};
}

} // namespace

bool is_emulated(TaskKind task) {
    return facts(task).is_transport();
}

void AlmSetup::want_specified_tasks(SetupIndex setup) {
    auto const client = parts_.setups.spec(setup).client;
    for (auto const& task : parts_.setups.spec(setup).tasks) {
        auto kind = find_task(task.task);
        if (!kind) continue;
        if (auto allowed = allowed_in(facts(*kind), client); !allowed) {
            parts_.slg1(setup, ExternalId::none, 'W', allowed.error().context);
            continue;
        }
        auto& wanted = parts_.setups[setup].tasks[static_cast<std::size_t>(*kind)];
        if (wanted.configured) continue; // a person or the cloud has decided since
        wanted.wanted = true;
        wanted.interval_minutes =
            static_cast<std::uint16_t>(task.interval ? task.interval->count() : facts(*kind).default_minutes);
    }
}

Async<Result<void>> AlmSetup::activate(SetupIndex setup, TaskKind task, std::optional<std::chrono::minutes> interval) {
    auto const& task_facts = facts(task);
    if (parts_.setups[setup].registered != Registered::yes)
        co_return fail(ErrorCode::conflict,
                       "register the system first: use cases are activated at a registered system");
    if (auto allowed = allowed_in(task_facts, parts_.setups.spec(setup).client); !allowed) co_return allowed;
    if (interval && !task_facts.interval_editable)
        co_return fail(ErrorCode::invalid,
                       fmt::format("the collection interval of \"{}\" cannot be edited", task_facts.name));
    if (interval && (interval->count() < 1 || interval->count() > 1440))
        co_return fail(ErrorCode::invalid,
                       fmt::format("a collection interval of {} minutes; allowed: 1 to 1440", interval->count()));
    UseCaseActivation message;
    message.client = parts_.setups.spec(setup).client;
    message.active = true;
    message.interval_minutes = static_cast<int>(interval ? interval->count() : task_facts.default_minutes);
    int const minutes = message.interval_minutes;
    auto const caller = parts_.caller(setup);
    auto const key = parts_.next_key(setup, Operation::report_activation);
    std::string name{task_facts.name};
    auto told = co_await parts_.calls(setup).report_activation(caller, std::move(name), std::move(message), key);
    if (!told) co_return fail(told.error().code, told.error().context);
    if (parts_.setups[setup].registered == Registered::yes) switch_on(setup, task, minutes);
    co_return Result<void>{};
}

Async<Result<void>> AlmSetup::deactivate(SetupIndex setup, TaskKind task) {
    auto& state = parts_.setups[setup].tasks[static_cast<std::size_t>(task)];
    if (!state.active)
        co_return fail(ErrorCode::conflict, fmt::format("task \"{}\" is not active in this client", facts(task).name));
    state.active = state.wanted = false;
    state.unwanted = true;
    keep_client_dependent(setup);
    auto told = co_await tell_deactivated(setup, task);
    if (!told)
        co_return fail(told.error().code,
                       "the task is off here, but the cloud could not be told: " + told.error().context);
    co_return Result<void>{};
}

/// What could not be told stays pending, unless the cloud refused to hear it.
Async<Result<void>> AlmSetup::tell_deactivated(SetupIndex setup, TaskKind task) {
    auto const at = static_cast<std::size_t>(task);
    UseCaseActivation message;
    message.client = parts_.setups.spec(setup).client;
    message.active = false;
    message.interval_minutes = parts_.setups[setup].tasks[at].interval_minutes;
    auto const caller = parts_.caller(setup);
    auto const key = parts_.next_key(setup, Operation::report_activation);
    std::string name{facts(task).name};
    auto told = co_await parts_.calls(setup).report_activation(caller, std::move(name), std::move(message), key);
    if (told || is_refusal(told.error().code)) parts_.setups[setup].tasks[at].unwanted = false;
    if (told) co_return Result<void>{};
    parts_.slg1(setup, ExternalId::none, 'W', text_of(Text::send_failed, facts(task).name, told.error().context));
    if (parts_.setups[setup].tasks[at].unwanted)
        parts_.slg1(setup, ExternalId::none, 'W', text_of(Text::deactivation_pending, facts(task).name));
    co_return fail(told.error().code, told.error().context);
}

Async<void> AlmSetup::tell_pending(SetupIndex setup) {
    for (auto const& task : task_catalogue) {
        auto const at = static_cast<std::size_t>(task.kind);
        auto const& state = parts_.setups[setup].tasks[at];
        if (state.unwanted) {
            auto told = co_await tell_deactivated(setup, task.kind);
            if (!told && !is_refusal(told.error().code)) break;
            continue;
        }
        if (!state.wanted || state.active) continue;
        std::optional<std::chrono::minutes> interval;
        if (task.interval_editable) interval = std::chrono::minutes{state.interval_minutes};
        auto done = co_await activate(setup, task.kind, interval);
        if (done) continue;
        if (is_refusal(done.error().code)) parts_.setups[setup].tasks[at].wanted = false;
        parts_.slg1(setup, ExternalId::none, 'W', text_of(Text::send_failed, task.name, done.error().context));
    }
}

void AlmSetup::switch_on(SetupIndex setup, TaskKind task, int minutes) {
    auto& state = parts_.setups[setup].tasks[static_cast<std::size_t>(task)];
    state.configured = state.active = true;
    state.wanted = state.unwanted = false;
    state.errors = 0;
    parts_.refusals.forget(setup, task);
    state.interval_minutes = static_cast<std::uint16_t>(minutes);
    if (facts(task).is_transport()) start_diagnostics(setup);
    keep_client_dependent(setup);
}

/// Create & Export has a job of its own in its client, Released as long as the task is active, at the interval of the task.
void AlmSetup::keep_client_dependent(SetupIndex setup) {
    auto const& task = parts_.setups[setup].tasks[static_cast<std::size_t>(TaskKind::transports_create_export)];
    auto& job = parts_.setups[setup].jobs[3];
    std::chrono::minutes const period{std::max<int>(task.interval_minutes, 1)};
    bool const runs = job != no_job;
    if (runs && task.active && parts_.background.period(job) == period) return;
    if (runs) parts_.background.remove(job);
    job = no_job;
    if (!task.active) return;
    auto const place = parts_.setups.place(setup);
    job = parts_.background.release(place.system, place.client, static_cast<std::uint8_t>(Program::client_dependent),
                                    setup, parts_.now() + (runs ? period : std::chrono::minutes{0}), period);
}

/// The daily diagnostic belongs to client 000 of the system, whichever client the transport task is active in.
void AlmSetup::start_diagnostics(SetupIndex setup) {
    auto const system = parts_.setups.place(setup).system;
    auto const destination = parts_.setups.spec(setup).destination;
    auto owner = parts_.setups.find(system, client_000, destination);
    if (!owner || parts_.setups[*owner].registered != Registered::yes) return;
    auto& job = parts_.setups[*owner].jobs[2];
    if (job != no_job) return;
    auto const all = parts_.setups.of_system(system);
    if (std::ranges::none_of(all, [&](SetupIndex other) {
            return parts_.setups.spec(other).destination == destination && has_transport_task(other);
        }))
        return;
    job = parts_.background.release(system, client_000, static_cast<std::uint8_t>(Program::diagnostics), *owner,
                                    parts_.now(), generated_job(Program::diagnostics).period);
}

bool AlmSetup::has_transport_task(SetupIndex setup) const {
    return std::ranges::any_of(task_catalogue, [&](TaskFacts const& task) {
        return task.is_transport() && parts_.setups[setup].tasks[static_cast<std::size_t>(task.kind)].active;
    });
}

void AlmSetup::apply(SetupIndex setup, UseCaseSelection const& selection) {
    auto const client = parts_.setups.spec(setup).client;
    for (auto const& wish : selection.tasks) {
        auto kind = find_task(wish.task);
        if (!kind || wish.client != client) continue;
        auto& state = parts_.setups[setup].tasks[static_cast<std::size_t>(*kind)];
        bool const was_active = state.active;
        if (state.unwanted) {
            // switched off here, which the cloud does not know yet: its selection is older than that
        } else if (wish.active && !was_active) {
            if (auto allowed = allowed_in(facts(*kind), client); !allowed) {
                parts_.slg1(setup, ExternalId::none, 'W', allowed.error().context);
                continue;
            }
            switch_on(setup, *kind, wish.interval_minutes);
        } else if (!wish.active) {
            state.active = state.wanted = false;
        } else if (facts(*kind).interval_editable && wish.interval_minutes > 0) {
            state.interval_minutes = static_cast<std::uint16_t>(wish.interval_minutes);
        }
    }
    keep_client_dependent(setup);
    parts_.setups[setup].use_case_fetched = static_cast<std::int32_t>(selection.version);
}

} // namespace almd
