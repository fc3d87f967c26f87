// Transaction /SDF/ALM_SETUP.
#include "agent/setup/alm_setup.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

bool is_refusal(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::refused:
    case ErrorCode::too_large: return true;
    default: return false;
    }
}

Result<void> allowed_in(TaskFacts const& task, Client client) {
    if (task.scope == ClientScope::client_000_only && client != client_000)
        return fail(ErrorCode::invalid,
                    fmt::format("task \"{}\" can be active in client 000 only, not in {}", task.name, client.text()));
    if (task.scope == ClientScope::working_client && client == client_000)
        return fail(
            ErrorCode::invalid,
            fmt::format("task \"{}\" is client-specific: activate it in a working client, not in 000", task.name));
    if (!is_emulated(task.kind))
        return fail(
            ErrorCode::invalid,
            fmt::format("task \"{}\" has no collector in this version of almd; the tasks \"Transports: ...\" have one",
                        task.name));
    return {};
}

} // namespace

bool is_emulated(TaskKind task) {
    return facts(task).is_transport();
}

Result<SetupIndex> AlmSetup::create(SetupSpec spec, SystemSlot system, ServiceKey key,
                                    std::optional<ProxySettings> proxy) {
    if (parts_.world.landscapes() > 1)
        return fail(ErrorCode::conflict, "a fleet takes no set-ups made by hand: run one landscape with `almd run`");
    if (parts_.world.is_virtual(system))
        return fail(
            ErrorCode::conflict,
            fmt::format("{} is a virtual system: nobody can log on to it and run /SDF/ALM_SETUP", spec.system.text()));
    if (parts_.setups.find(system, spec.client, spec.destination))
        return fail(ErrorCode::conflict, fmt::format("{} client {} has a destination {} already; change or delete it",
                                                     spec.system.text(), spec.client.text(), spec.destination));
    auto destination = parts_.destinations.add(spec.destination, std::move(key), std::move(proxy));
    if (!destination) return std::unexpected(destination.error());
    parts_.world.keep(0).system(spec.system).add_destination(parts_.destinations[*destination].sm59_name());
    auto setup = parts_.setups.add(std::move(spec), system);
    parts_.setups[setup].destination = *destination;
    return setup;
}

Result<void> AlmSetup::change(SetupIndex setup, std::optional<ServiceKey> key,
                              std::optional<std::string> background_user) {
    auto& state = parts_.setups[setup];
    if (key) {
        auto const& old = parts_.destinations[state.destination];
        auto destination = parts_.destinations.add(old.name, std::move(*key), old.proxy);
        if (!destination) return std::unexpected(destination.error());
        parts_.setups[setup].destination = *destination;
    }
    if (background_user) {
        SetupSpec spec = parts_.setups.spec(setup);
        spec.background_user = std::move(*background_user);
        parts_.setups.change(setup, std::move(spec));
    }
    return {};
}

Async<Result<void>> AlmSetup::remove(SetupIndex setup) {
    if (parts_.setups[setup].registered == Registered::yes) {
        auto done = co_await unregister(setup);
        if (!done) co_return done;
    }
    parts_.setups[setup].removed = true;
    co_return Result<void>{};
}

Registration AlmSetup::message(SetupIndex setup) const {
    auto const place = parts_.setups.place(setup);
    auto const identity = parts_.world.identity(place.system);
    Registration message{
        .system_id = identity.id,
        .client = place.client,
        .description = fmt::format("{} ({}{})", identity.description, identity.id.text(), place.client.text()),
        .system_number = identity.system_number,
        .installation_number = identity.installation_number,
        .db_host = identity.db_host,
        .db_type = std::string{identity.db_type},
        .service_type = std::string{identity.service_type},
        .role = std::string{identity.role},
        .root_url = identity.root_url,
        .external_id = place.client.text(),
        .components = {},
        .instances = {},
    };
    for (auto const& component : identity.components)
        message.components.push_back(ComponentLevel{component.name, component.release, component.support_package});
    message.instances.push_back(InstanceInfo{identity.host, identity.instance_number, {"ABAP", "ICMAN"}});
    return message;
}

Async<Result<void>> AlmSetup::register_system(SetupIndex setup) {
    auto& before = parts_.setups[setup];
    if (before.registered == Registered::yes)
        co_return fail(ErrorCode::conflict, fmt::format("this client is registered at SAP Cloud ALM already, LMS_ID={}",
                                                        before.lms_id.text()));
    if (before.registered == Registered::trying)
        co_return fail(ErrorCode::conflict, "a registration of this client is running; wait for its end");
    before.registered = Registered::trying;
    auto const name = parts_.destination_name(setup);
    auto registration = message(setup);
    auto const key = parts_.next_key(setup, Operation::register_system);
    auto answer = co_await parts_.calls(setup).register_system(setup, std::move(registration), key);

    auto& state = parts_.setups[setup];
    if (!answer) {
        auto const& error = answer.error();
        state.registered = is_refusal(error.code) ? Registered::refused : Registered::no;
        parts_.counters.refused += state.registered == Registered::refused;
        parts_.slg1(setup, ExternalId::none, 'E',
                    error.status ? text_of(Text::registration_answer, error.url, std::to_string(error.status))
                                 : text_of(Text::registration_no_answer, error.url, error.context));
        parts_.slg1(setup, ExternalId::none, 'E', text_of(Text::no_lms_id));
        co_return fail(error.code, fmt::format("{} ({})", text_of(Text::no_lms_id), error.context));
    }
    state.lms_id = answer->lms_id;
    state.registered = Registered::yes;
    state.heartbeat_sequence = 0;
    ++state.registrations;
    state.use_case_version = state.use_case_fetched = 0;
    parts_.outbox.forget(setup);
    ++parts_.counters.registered;
    parts_.note(setup, Operation::register_system, state.lms_id.low());
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::system_registered));
    start_jobs(setup);
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::scheduler_scheduled, name));
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::discovery_triggered, name));
    auto const registered_client = parts_.setups.spec(setup).client;
    for (auto const& task : parts_.setups.spec(setup).tasks) {
        auto kind = find_task(task.task);
        if (!kind) continue;
        if (auto allowed = allowed_in(facts(*kind), registered_client); !allowed) {
            parts_.slg1(setup, ExternalId::none, 'W', allowed.error().context);
            continue;
        }
        auto& wanted = parts_.setups[setup].tasks[static_cast<std::size_t>(*kind)];
        wanted.wanted = true;
        wanted.interval_minutes =
            static_cast<std::uint16_t>(task.interval ? task.interval->count() : facts(*kind).default_minutes);
    }
    co_await activate_wanted(setup);
    co_return Result<void>{};
}

void AlmSetup::start_jobs(SetupIndex setup) {
    auto const place = parts_.setups.place(setup);
    auto release = [&](Program program) {
        return parts_.background.release(place.system, place.client, static_cast<std::uint8_t>(program), setup,
                                         parts_.now(), generated_job(program).period);
    };
    auto& jobs = parts_.setups[setup].jobs;
    jobs[0] = release(Program::scheduler);
    jobs[1] = release(Program::heartbeat);
    release(Program::auto_discovery);
}

Async<Result<void>> AlmSetup::unregister(SetupIndex setup) {
    if (parts_.setups[setup].registered != Registered::yes)
        co_return fail(ErrorCode::conflict, "this client is not registered at SAP Cloud ALM");
    auto const caller = parts_.caller(setup);
    stop_collection(setup);
    ++parts_.counters.unregistered;
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::unregistered, parts_.destination_name(setup)));
    auto const key = parts_.next_key(setup, Operation::unregister);
    auto told = co_await parts_.calls(setup).unregister(caller, key);
    if (!told && told.error().code != ErrorCode::not_found)
        co_return fail(told.error().code,
                       "all collection has stopped, but the cloud could not be told: " + told.error().context);
    co_return Result<void>{};
}

void AlmSetup::stop_collection(SetupIndex setup) {
    auto& state = parts_.setups[setup];
    for (auto& job : state.jobs) {
        if (job != no_job) parts_.background.remove(job);
        job = no_job;
    }
    for (auto& task : state.tasks) task.active = task.wanted = false;
    parts_.outbox.forget(setup);
    state.registered = Registered::no;
    state.cursor.clear();
    state.last_change = state.last_import = 0;
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
    UseCaseActivation message;
    message.client = parts_.setups.spec(setup).client;
    message.active = false;
    message.interval_minutes = state.interval_minutes;
    auto const caller = parts_.caller(setup);
    auto const key = parts_.next_key(setup, Operation::report_activation);
    std::string name{facts(task).name};
    auto told = co_await parts_.calls(setup).report_activation(caller, std::move(name), std::move(message), key);
    if (!told)
        co_return fail(told.error().code,
                       "the task is off here, but the cloud could not be told: " + told.error().context);
    co_return Result<void>{};
}

Async<void> AlmSetup::activate_wanted(SetupIndex setup) {
    for (auto const& task : task_catalogue) {
        auto const at = static_cast<std::size_t>(task.kind);
        auto const& state = parts_.setups[setup].tasks[at];
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
    state.wanted = false;
    state.errors = 0;
    state.interval_minutes = static_cast<std::uint16_t>(minutes);
    if (facts(task).is_transport()) start_diagnostics(setup);
}

/// The daily diagnostic belongs to client 000 of the system, whichever client the transport task is active in.
void AlmSetup::start_diagnostics(SetupIndex setup) {
    auto const system = parts_.setups.place(setup).system;
    auto owner = parts_.setups.find(system, client_000, parts_.setups.spec(setup).destination);
    if (!owner || parts_.setups[*owner].registered != Registered::yes) return;
    auto& job = parts_.setups[*owner].jobs[2];
    if (job != no_job) return;
    job = parts_.background.release(system, client_000, static_cast<std::uint8_t>(Program::diagnostics), *owner,
                                    parts_.now(), generated_job(Program::diagnostics).period);
}

void AlmSetup::apply(SetupIndex setup, UseCaseSelection const& selection) {
    auto const client = parts_.setups.spec(setup).client;
    for (auto const& wish : selection.tasks) {
        auto kind = find_task(wish.task);
        if (!kind || wish.client != client) continue;
        auto& state = parts_.setups[setup].tasks[static_cast<std::size_t>(*kind)];
        bool const was_active = state.active;
        if (wish.active && !was_active) {
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
    parts_.setups[setup].use_case_fetched = static_cast<std::int32_t>(selection.version);
}

} // namespace almd
