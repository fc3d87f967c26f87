// Transaction /SDF/ALM_SETUP: destinations and registration.
#include "agent/setup/alm_setup.hpp"

#include "agent/setup/authority.hpp"
#include "agent/setup/tenants.hpp"
#include "agent/setup/work_memory.hpp"

#include <fmt/format.h>

namespace almd {

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
    if (auto other = same_tenant(system, spec.client, key))
        return fail(
            ErrorCode::conflict,
            fmt::format("destination {} of {} client {} goes to this tenant already, and a client registers once "
                        "at a tenant; change that one, or take a service key of another tenant",
                        parts_.destination_name(*other), spec.system.text(), spec.client.text()));
    auto destination = parts_.destinations.add(spec.destination, std::move(key), std::move(proxy));
    if (!destination) return std::unexpected(destination.error());
    auto setup = parts_.setups.add(std::move(spec), system);
    parts_.setups[setup].destination = *destination;
    return setup;
}

std::optional<SetupIndex> AlmSetup::same_tenant(SystemSlot system, Client client, ServiceKey const& key) const {
    auto const tenant = key.tenant();
    for (auto const setup : parts_.setups.of_system(system))
        if (parts_.setups.spec(setup).client == client &&
            parts_.destinations[parts_.setups[setup].destination].key.tenant() == tenant)
            return setup;
    return std::nullopt;
}

Result<void> AlmSetup::change(SetupIndex setup, std::optional<ServiceKey> key, std::optional<ProxySettings> proxy,
                              std::optional<std::string> background_user) {
    auto& state = parts_.setups[setup];
    if (key || proxy) {
        auto const& old = parts_.destinations[state.destination];
        if (!key) key = old.key;
        bool const moves = old.key.tenant() != key->tenant();
        bool const idle = state.registered == Registered::no || state.registered == Registered::refused;
        if (moves && (!idle || state.registration_wanted))
            return fail(ErrorCode::conflict,
                        fmt::format("destination {} is registered, or on its way to be, and this key is of another "
                                    "tenant; unregister it first, or create another destination",
                                    old.name));
        auto const place = parts_.setups.place(setup);
        if (auto other = same_tenant(place.system, place.client, *key); moves && other)
            return fail(ErrorCode::conflict, fmt::format("destination {} of this client goes to that tenant already",
                                                         parts_.destination_name(*other)));
        auto destination = parts_.destinations.add(old.name, std::move(*key), proxy ? std::move(proxy) : old.proxy);
        if (!destination) return std::unexpected(destination.error());
        parts_.setups[setup].destination = *destination;
        if (moves) parts_.work.forget(setup);
    }
    if (background_user) {
        SetupSpec spec = parts_.setups.spec(setup);
        spec.background_user = std::move(*background_user);
        parts_.setups.change(setup, std::move(spec), parts_.now());
    }
    return {};
}

Async<Result<void>> AlmSetup::remove(SetupIndex setup) {
    if (parts_.setups[setup].registered == Registered::leaving)
        co_return fail(ErrorCode::conflict, "an unregistration of this client is running; wait for its end");
    if (parts_.setups[setup].registered == Registered::yes) {
        auto done = co_await unregister(setup);
        if (!done) co_return done;
    }
    parts_.setups[setup].registration_wanted = false;
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
    if (before.registered == Registered::leaving)
        co_return fail(ErrorCode::conflict, "an unregistration of this client is running; wait for its end");
    if (before.removed) co_return fail(ErrorCode::conflict, "this destination was deleted");
    if (auto const refused = setup_refusal(parts_, setup)) {
        ++parts_.counters.refused; // the state of the destination stays: nothing was asked of the cloud
        parts_.slg1(setup, ExternalId::none, 'E',
                    fmt::format("{} ({})", text_of(Text::http_no_authority), refused->reason));
        co_return fail(ErrorCode::forbidden, refused->message);
    }
    before.registered = Registered::trying;
    before.registration_wanted = true;
    auto const name = parts_.destination_name(setup);
    auto registration = message(setup);
    auto const key = parts_.next_key(setup, Operation::register_system);
    auto answer = co_await parts_.calls(setup).register_system(setup, std::move(registration), key);

    auto& state = parts_.setups[setup];
    if (!state.registration_wanted) {
        std::optional<LmsId> registered_as;
        if (answer) registered_as = answer->lms_id;
        auto given_up = co_await give_up(setup, registered_as);
        co_return given_up;
    }
    if (!answer) {
        state.registration_wanted = false;
        auto const& error = answer.error();
        state.registered = is_refusal(error.code) ? Registered::refused : Registered::no;
        parts_.counters.refused += state.registered == Registered::refused;
        auto const log = parts_.slg1(
            setup, ExternalId::none, 'E',
            error.status ? text_of(Text::registration_answer, error.url, std::to_string(error.status))
            : error.code == ErrorCode::refused ? text_of(Text::oauth_no_token)
                                               : text_of(Text::registration_no_answer, error.url, error.context));
        parts_.slg1(setup, ExternalId::none, 'E', text_of(Text::no_lms_id), log);
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
    auto const log = parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::system_registered));
    if (auto const warning = tenant_warning(parts_, parts_.setups.place(setup).system))
        parts_.slg1(setup, ExternalId::none, 'W', *warning, log);
    start_jobs(setup);
    if (parts_.setups.spec(setup).client == client_000) start_diagnostics(setup);
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::scheduler_scheduled, name), log);
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::discovery_triggered, name), log);
    want_specified_tasks(setup);
    co_await tell_pending(setup);
    co_return Result<void>{};
}

/// Somebody unregistered the client, or deleted its destination, while the registration was on its way.
Async<Result<void>> AlmSetup::give_up(SetupIndex setup, std::optional<LmsId> registered_as) {
    auto const name = parts_.destination_name(setup);
    if (registered_as) {
        parts_.setups[setup].registered = Registered::leaving;
        Caller const caller{setup, *registered_as};
        auto const key = parts_.next_key(setup, Operation::unregister);
        auto told = co_await parts_.calls(setup).unregister(caller, key);
        if (!told)
            parts_.slg1(setup, ExternalId::none, 'W', text_of(Text::send_failed, "unregister", told.error().context));
    }
    parts_.setups[setup].registered = Registered::no;
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::registration_given_up, name));
    co_return fail(ErrorCode::conflict, fmt::format("the registration at {} was given up: the client was unregistered, "
                                                    "or its destination deleted, meanwhile",
                                                    name));
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
    if (auto& state = parts_.setups[setup]; state.registered != Registered::yes) {
        if (!state.registration_wanted)
            co_return fail(ErrorCode::conflict, "this client is not registered at SAP Cloud ALM");
        state.registration_wanted = false;
        co_return Result<void>{};
    }
    auto const caller = parts_.caller(setup);
    stop_collection(setup);
    parts_.setups[setup].registered = Registered::leaving;
    ++parts_.counters.unregistered;
    for (auto& task : parts_.setups[setup].tasks) task.configured = false; // the next registration begins anew
    parts_.slg1(setup, ExternalId::none, 'S', text_of(Text::unregistered, parts_.destination_name(setup)));
    auto const key = parts_.next_key(setup, Operation::unregister);
    auto told = co_await parts_.calls(setup).unregister(caller, key);
    parts_.setups[setup].registered = Registered::no;
    if (!told && told.error().code != ErrorCode::not_found)
        co_return fail(told.error().code,
                       "all collection has stopped, but the cloud could not be told: " + told.error().context);
    co_return Result<void>{};
}

void AlmSetup::forgotten_by_cloud(SetupIndex setup) {
    auto& state = parts_.setups[setup];
    auto const tasks = state.tasks;
    stop_collection(setup);
    for (std::size_t i = 0; i < tasks.size(); ++i) state.tasks[i].wanted = tasks[i].active || tasks[i].wanted;
    state.registration_wanted = true;
    if (register_again) register_again(setup);
}

void AlmSetup::stop_collection(SetupIndex setup) {
    auto& state = parts_.setups[setup];
    for (auto& job : state.jobs) {
        if (job != no_job) parts_.background.remove(job);
        job = no_job;
    }
    for (auto& task : state.tasks) task.active = task.wanted = task.unwanted = false;
    parts_.outbox.forget(setup);
    state.registered = Registered::no;
    state.registration_wanted = false;
    state.cursor.clear();
    state.last_change = state.last_import = 0;
}

} // namespace almd
