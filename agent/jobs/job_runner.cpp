// The programs behind the generated jobs.
#include "agent/jobs/job_runner.hpp"

#include "agent/jobs/bodies.hpp"
#include "agent/setup/alm_setup.hpp"
#include "agent/setup/authority.hpp"

#include <array>

namespace almd {

namespace {

using Body = Async<JobEnd> (*)(AgentParts&, JobStart);

/// In the order of Program, up to the event job; the scheduler never waits, so it has no coroutine.
constexpr std::array<Body, 7> bodies{
    nullptr, heartbeat, auto_discovery, diagnostics, import_transports_job, client_dependent_job, transport_check_job};

/// An event job: nobody's set-up, and without a body, because tp says when it is over.
bool is_rddimpdp(std::uint8_t program) {
    return static_cast<Program>(program) == Program::rddimpdp;
}

} // namespace

std::string JobRunner::job_name(std::uint8_t program, std::uint32_t owner) const {
    if (is_rddimpdp(program)) return rddimpdp_name(Client{static_cast<std::uint16_t>(owner)});
    return almd::job_name(static_cast<Program>(program), parts_.destination_name(owner),
                          parts_.setups.spec(owner).client);
}

std::string_view JobRunner::report(std::uint8_t program) const {
    return generated_jobs[program].report;
}

std::string JobRunner::user(std::uint8_t program, std::uint32_t owner, TimePoint at) const {
    return is_rddimpdp(program) ? std::string{rddimpdp_user} : parts_.setups.background_user(owner, at);
}

/// /SDF/ALM_SETUP generates class C, RDDNEWPP takes class A (I).
JobClass JobRunner::job_class(std::uint8_t program) const {
    return is_rddimpdp(program) ? JobClass::a : JobClass::c;
}

std::optional<JobEnd> JobRunner::refuse(JobStart const& start) {
    if (is_rddimpdp(start.program)) return job_refusal(parts_, start);
    if (parts_.setups[start.owner].registered != Registered::yes) return std::nullopt; // run_at_once has the answer
    auto end = job_refusal(parts_, start);
    if (!end) return end;
    auto const program = static_cast<Program>(start.program);
    if (program == Program::import_transports) give_back_queued(parts_, start.owner, WorkKind::import);
    if (program == Program::transport_check) give_back_queued(parts_, start.owner, WorkKind::check);
    if (program == Program::client_dependent) client_dependent_refused(parts_, start, end->log.back().text);
    return end;
}

std::optional<JobEnd> JobRunner::run_at_once(JobStart const& start) {
    if (parts_.setups[start.owner].registered != Registered::yes) {
        JobEnd end;
        end.log.push_back(job_line(parts_.now(), 'S', Text::not_registered_any_more));
        return end;
    }
    if (static_cast<Program>(start.program) == Program::scheduler) return scheduler(parts_, start);
    return std::nullopt;
}

Async<JobEnd> JobRunner::run(JobStart start) {
    return bodies[start.program](parts_, start);
}

void note_failure(AgentParts& parts, SetupIndex setup, ExternalId id, std::string_view task, CallError const& error) {
    if (error.code == ErrorCode::stopped) return;
    ++parts.counters.send_errors;
    parts.slg1(setup, id, 'E', text_of(Text::send_failed, task, error.context));
    if (parts.setups[setup].registered != Registered::yes) return;
    if (error.api_code == "SYSTEM_UNREGISTERED") {
        parts.slg1(setup, ExternalId::none, 'E', text_of(Text::unregistered_by_cloud, parts.destination_name(setup)));
        parts.alm_setup.stop_collection(setup);
    } else if (error.api_code == "SYSTEM_UNKNOWN") {
        parts.slg1(setup, ExternalId::none, 'W', text_of(Text::not_known_to_cloud, parts.destination_name(setup)));
        parts.alm_setup.forgotten_by_cloud(setup);
    }
}

} // namespace almd
