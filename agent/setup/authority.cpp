// What the users of /SDF/ALM_SETUP may do.
#include "agent/setup/authority.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

/// What is asked about a user of a system, without building the landscape of a system that never changed.
struct Known {
    UserSpec const* user = nullptr;
    bool deleted = false;
    StPiLevel level;
};

Known known(World const& world, SystemSlot system, std::string_view name) {
    if (auto const* changed = world.changed(system))
        return {changed->user(name), changed->was_deleted(name), st_pi_level(changed->components())};
    auto const& spec = world.spec_of(system);
    auto const found = std::ranges::find(spec.users, name, &UserSpec::name);
    return {found == spec.users.end() ? nullptr : &*found, false, st_pi_level(spec.components)};
}

/// Nobody differs: the answer for all but a few systems of a fleet.
bool nothing_said(World const& world, SystemSlot system) {
    return !world.changed(system) && world.spec_of(system).users.empty();
}

ExternalId external_id(TaskKind task) {
    switch (task) {
    case TaskKind::transports_read: return ExternalId::read;
    case TaskKind::transports_read_landscape: return ExternalId::read_landscape;
    case TaskKind::transports_import: return ExternalId::import;
    case TaskKind::transports_create_export: return ExternalId::client_dependent;
    case TaskKind::transports_check: return ExternalId::tr_check;
    case TaskKind::transports_export_checks: return ExternalId::tr_check;
    case TaskKind::transports_retrofit: return ExternalId::retro;
    default: return ExternalId::none;
    }
}

ExternalId external_id(Program program) {
    switch (program) {
    case Program::import_transports: return ExternalId::import;
    case Program::client_dependent: return ExternalId::client_dependent;
    case Program::transport_check: return ExternalId::tr_check;
    default: return ExternalId::none;
    }
}

} // namespace

std::optional<NotAllowed> not_allowed(UserSpec const* user, bool deleted, Day today, Roles needed) {
    if (!user) return deleted ? std::optional{NotAllowed{LogonState::unknown_user, {}}} : std::nullopt;
    auto const state = logon_state(*user, today);
    if (state != LogonState::good) return NotAllowed{state, {}};
    for (auto const role : needed)
        if (!has_role(*user, role)) return NotAllowed{LogonState::good, role};
    return std::nullopt;
}

std::optional<JobEnd> job_refusal(AgentParts& parts, JobStart const& start) {
    if (nothing_said(parts.world, start.system)) return std::nullopt;
    auto const program = static_cast<Program>(start.program);
    std::string const name{program == Program::rddimpdp ? rddimpdp_user
                                                        : parts.setups.spec(start.owner).background_user};
    auto const who = known(parts.world, start.system, name);
    auto const refusal = not_allowed(who.user, who.deleted, Day{parts.now()}, roles_of(who.level, program));
    if (!refusal) return std::nullopt;
    JobEnd end;
    end.canceled = true;
    if (refusal->logon != LogonState::good) {
        end.cause = CancelCause::logon;
        end.log.push_back(job_line(parts.now(), 'A', Text::job_logon_failed, name, start.client.text()));
        end.log.push_back(job_line(parts.now(), 'A', Text::job_logon_reason, reason_of(refusal->logon, name)));
    } else {
        end.cause = CancelCause::message;
        end.log.push_back(
            job_line(parts.now(), 'E', Text::role_missing, name, refusal->missing_role, generated_job(program).report));
    }
    // The scheduler itself writes nothing to SLG1: its tasks would have. RDDIMPDP is none of Cloud ALM's.
    if (program != Program::scheduler && program != Program::rddimpdp)
        parts.slg1(start.owner, external_id(program), 'E', end.log.front().text);
    return end;
}

std::optional<JobLogLine> task_refusal(AgentParts& parts, SetupIndex setup, TaskKind task) {
    auto const system = parts.setups.place(setup).system;
    if (nothing_said(parts.world, system)) return std::nullopt;
    auto const& name = parts.setups.spec(setup).background_user;
    auto const who = known(parts.world, system, name);
    auto const refusal = not_allowed(who.user, who.deleted, Day{parts.now()}, roles_of(who.level, task));
    if (!refusal) return std::nullopt;
    auto line = refusal->logon != LogonState::good // type I: the scheduler goes on with its other tasks
                    ? job_line(parts.now(), 'I', Text::job_logon_reason, reason_of(refusal->logon, name))
                    : job_line(parts.now(), 'I', Text::role_missing, name, refusal->missing_role, facts(task).name);
    parts.slg1(setup, external_id(task), 'E', line.text);
    return line;
}

std::optional<SetUpRefusal> setup_refusal(AgentParts& parts, SetupIndex setup) {
    auto const system = parts.setups.place(setup).system;
    if (nothing_said(parts.world, system)) return std::nullopt;
    auto const& spec = parts.setups.spec(setup);
    auto const who = known(parts.world, system, spec.setup_user);
    Roles const needed{&role_of_setup, 1};
    auto const refusal = not_allowed(who.user, who.deleted, Day{parts.now()}, needed);
    if (refusal && refusal->logon != LogonState::good)
        return SetUpRefusal{text_of(Text::user_unknown_or_locked, spec.setup_user),
                            reason_of(refusal->logon, spec.setup_user)};
    std::string why;
    if (refusal)
        why = text_of(Text::role_missing, spec.setup_user, refusal->missing_role, "/SDF/ALM_SETUP");
    else if (who.user && !may_schedule_for(*who.user, spec.background_user))
        why = text_of(Text::batch_name_missing, spec.setup_user, spec.background_user);
    if (why.empty()) return std::nullopt;
    return SetUpRefusal{why, why};
}

std::optional<UserSpec> user_as_meant(World const& world, SystemSlot system, std::string_view name) {
    auto const who = known(world, system, name);
    if (who.user) return *who.user;
    if (who.deleted) return std::nullopt;
    UserSpec user;
    user.name = name;
    user.roles = every_role(who.level);
    return user;
}

Result<UserSpec> user_now(AgentParts& parts, SystemSlot system, std::string_view name) {
    auto const who = known(parts.world, system, name);
    bool expected = who.user != nullptr || (is_standard_user(name) && !who.deleted);
    for (SetupIndex setup = 0; setup < parts.setups.size() && !expected && !who.deleted; ++setup) {
        auto const& spec = parts.setups.spec(setup);
        expected = !parts.setups[setup].removed && parts.setups.place(setup).system == system &&
                   (spec.background_user == name || spec.setup_user == name);
    }
    if (!expected) return fail(ErrorCode::not_found, text_of(Text::user_unknown_or_locked, name));
    return *user_as_meant(parts.world, system, name);
}

} // namespace almd
