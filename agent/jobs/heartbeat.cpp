// CALM Heartbeat: every five minutes one more, in order and without a gap, however long the cloud was away.
#include "agent/jobs/bodies.hpp"
#include "agent/setup/generated_jobs.hpp"

namespace almd {

namespace {

constexpr std::string_view agent_version = "almd 0.1.0";

Heartbeat message(AgentParts& parts, SetupIndex setup, UnsentHeartbeat beat) {
    auto const& state = parts.setups[setup];
    Heartbeat heartbeat;
    heartbeat.sequence = beat.sequence;
    heartbeat.timestamp = beat.timestamp;
    heartbeat.client = parts.setups.spec(setup).client;
    heartbeat.agent_version = agent_version;
    if (state.scheduler_last_run != TaskState::never) {
        heartbeat.scheduler_last_run = parts.time_of(state.scheduler_last_run);
        Heartbeat::Job job;
        job.name = job_name(Program::scheduler, parts.destination_name(setup));
        job.last_end = heartbeat.scheduler_last_run;
        heartbeat.jobs.push_back(std::move(job));
    }
    return heartbeat;
}

/// A repeat of a heartbeat, even by a later job, is the same call: the key depends on registration and sequence only.
Uuid key_of(AgentParts& parts, SetupIndex setup, std::uint32_t sequence) {
    auto const registration = static_cast<std::uint64_t>(parts.setups[setup].registrations);
    return call_key(parts.nonce, setup, Operation::heartbeat, (registration << 32) | sequence);
}

} // namespace

Async<JobEnd> heartbeat(AgentParts& parts, JobStart start) {
    SetupIndex const setup = start.owner;
    JobEnd end;
    UnsentHeartbeat beat{parts.setups[setup].heartbeat_sequence + 1, parts.now()};
    if (parts.outbox.add(setup, beat)) {
        parts.setups[setup].heartbeat_sequence = beat.sequence;
    } else {
        end.log.push_back(
            job_line(parts.now(), 'W', Text::heartbeat_dropped, std::to_string(parts.outbox.waiting(setup))));
    }
    if (!parts.outbox.begin_flight(setup)) {
        end.log.push_back(job_line(parts.now(), 'W', Text::heartbeat_in_flight));
        co_return end;
    }
    auto const registration = parts.setups[setup].registrations;
    while (auto next = parts.outbox.oldest(setup)) {
        auto const caller = parts.caller(setup);
        auto heartbeat_message = message(parts, setup, *next);
        auto const key = key_of(parts, setup, next->sequence);
        auto answer = co_await parts.calls(setup).heartbeat(caller, std::move(heartbeat_message), key);
        if (parts.setups[setup].registrations != registration) break; // registered anew meanwhile: another sequence
        if (!answer) {
            end.log.push_back(job_line(parts.now(), 'W', Text::heartbeat_not_sent, std::to_string(next->sequence),
                                       std::to_string(parts.outbox.waiting(setup)), answer.error().context));
            note_failure(parts, setup, ExternalId::none, "heartbeat", answer.error());
            break;
        }
        parts.outbox.sent(setup, next->sequence);
        ++parts.counters.heartbeats;
        parts.note(setup, Operation::heartbeat, next->sequence);
        parts.setups[setup].use_case_version = static_cast<std::int32_t>(answer->use_case_version);
    }
    parts.outbox.end_flight(setup);
    co_return end;
}

} // namespace almd
