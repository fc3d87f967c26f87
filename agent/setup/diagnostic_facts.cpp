// Where the facts of /SDF/ALM_DIAGNOSTIC come from.
#include "agent/setup/authority.hpp"
#include "agent/setup/diagnostic.hpp"
#include "agent/setup/locks.hpp"
#include "agent/setup/tenants.hpp"
#include "simulator/abap/transport_authority.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace almd {

namespace {

/// Of any component, as the level of ST-PI is read.
StPiLevel level_of_component(std::span<ComponentVersion const> components, std::string_view name) {
    auto const found = std::ranges::find(components, name, &ComponentVersion::name);
    if (found == components.end()) return {};
    StPiLevel level{0, found->support_package};
    std::from_chars(found->release.data(), found->release.data() + found->release.size(), level.release);
    return level;
}

void add_tasks_and_jobs(AgentParts& parts, SetupIndex setup, DiagnosticFacts& facts) {
    auto const& state = parts.setups[setup];
    bool transport_task = false;
    for (auto const& task : task_catalogue) {
        auto const& kept = state.tasks[static_cast<std::size_t>(task.kind)];
        if (!kept.active) continue;
        transport_task = transport_task || task.is_transport();
        facts.active.push_back({task.kind, std::nullopt, {}});
        auto const* refusal = parts.refusals.find(setup, task.kind);
        auto const last_run = refusal ? refusal->last_run : kept.last_start;
        if (last_run != TaskState::never) facts.active.back().last_run = parts.time_of(last_run);
        if (refusal) facts.active.back().refused = refusal->reason;
    }
    auto const add = [&](Program program, JobSlot slot) {
        facts.jobs.push_back({job_name(program, facts.destination, facts.client), parts.background.next_start(slot)});
    };
    add(Program::scheduler, state.jobs[0]);
    add(Program::heartbeat, state.jobs[1]);
    if (facts.is_active(TaskKind::transports_create_export)) add(Program::client_dependent, state.jobs[3]);
    if (facts.client != client_000 || (state.jobs[2] == no_job && !transport_task)) return;
    add(Program::diagnostics, state.jobs[2]);
    auto const next = facts.jobs.back().next_start;
    auto const last = next.value_or(TimePoint::max()) - generated_job(Program::diagnostics).period;
    facts.diagnostics_ran_today = next && *next > facts.now && Day{last} == Day{facts.now};
}

void add_tms(AgentParts& parts, SystemSlot system, DiagnosticFacts& facts) {
    parts.world.look_at_domain(parts.world.landscape_of(system), [&](TransportDomain const& domain) {
        facts.export_route = domain.has_export_route(facts.system);
        facts.import_route = domain.has_import_route(facts.system);
        facts.ctc = domain.ctc();
        return 0;
    });
    if (!facts.is_active(TaskKind::transports_retrofit)) return;
    auto const first =
        parts.world.is_fleet() ? parts.world.landscape_of(system) * parts.world.systems_per_landscape() : 0;
    auto const count = parts.world.is_fleet() ? parts.world.systems_per_landscape() : parts.world.systems();
    for (SystemSlot other = first; other < first + count; ++other)
        if (is_production(parts.world, other)) facts.production.push_back(parts.world.sid(other));
}

} // namespace

DiagnosticFacts diagnostic_facts(AgentParts& parts, SetupIndex setup) {
    auto const place = parts.setups.place(setup);
    auto const identity = parts.world.identity(place.system);
    auto const& spec = parts.world.spec_of(place.system);
    auto const* changed = parts.world.changed(place.system);
    auto const& line = *parts.destinations[parts.setups[setup].destination].line;
    DiagnosticFacts facts;
    facts.system = identity.id;
    facts.client = place.client;
    facts.destination = parts.destination_name(setup);
    facts.now = parts.now();
    facts.time_zone = identity.time_zone;
    add_tasks_and_jobs(parts, setup, facts);
    add_tms(parts, place.system, facts);
    facts.free_batch_processes = parts.background.free_work_processes(place.system);
    facts.connection = line.connection->last_failure();
    facts.scopes = line.tokens->scope();
    std::vector<EnqueueLock> locks;
    for (auto const other : parts.setups.of_system(place.system))
        for (auto const& lock : parts.locks.of(other, facts.now)) locks.push_back(lock);
    facts.locks = lock_finding(locks);
    facts.st_pi = st_pi_level(identity.components);
    facts.st_pi_limits = parts.world.spec().st_pi;
    auto const person = user_as_meant(parts.world, place.system, parts.setups.spec(setup).setup_user);
    facts.may_display_transports = person && may(*person, TransportActivity::display);
    if (auto const found = std::ranges::find(identity.components, "ST-PI", &ComponentVersion::name);
        found != identity.components.end())
        facts.st_pi_text = fmt::format("{} SP{:02}", found->release, found->support_package);
    facts.sap_basis = level_of_component(identity.components, "SAP_BASIS");
    facts.notes = identity.notes;
    facts.atc = spec.atc;
    facts.tables = changed ? &changed->tables() : &spec.tables;
    facts.rfc_destinations = changed ? changed->rfc_destinations() : spec.rfc_destinations;
    facts.tenant_warning = tenant_warning(parts, place.system);
    return facts;
}

} // namespace almd
