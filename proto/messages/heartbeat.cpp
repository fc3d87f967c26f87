// Codec of the heartbeat; encoding is one pass of appends because a fleet does it thousands of times a second.
#include "proto/messages/heartbeat.hpp"

#include "proto/messages/json_fields.hpp"
#include "proto/messages/json_writer.hpp"

namespace almd {

namespace {

constexpr std::size_t jobs_max = 1000;
constexpr std::string_view job_letters = "PSYRFA";

} // namespace

std::string encode(Heartbeat const& message) {
    JsonWriter out{192 + message.jobs.size() * 112};
    out.begin_object();
    out.field("sequence", message.sequence);
    out.field("timestamp", message.timestamp);
    out.field("client", message.client);
    out.field("schedulerLastRun", message.scheduler_last_run);
    out.field("agentVersion", message.agent_version);
    out.objects("jobs", message.jobs, [&](Heartbeat::Job const& job) {
        out.field("name", job.name);
        out.field("lastStatus", job.last_status);
        out.field("lastEnd", job.last_end);
    });
    out.end_object();
    return out.take();
}

Result<Heartbeat> decode_heartbeat(std::string_view json) {
    return decode(json, Speaker::agent, Heartbeat{}, [](Fields& in, Heartbeat& message) {
        message.sequence = in.integer<std::uint32_t>("sequence", 1);
        message.timestamp = in.time("timestamp");
        message.client = in.parsed<Client>("client", client_000);
        message.scheduler_last_run = in.time_or_null("schedulerLastRun");
        message.agent_version = in.text("agentVersion");
        auto read_job = [](Fields& fields) {
            Heartbeat::Job job;
            job.name = fields.text("name");
            job.last_status = fields.letter("lastStatus", job_letters);
            job.last_end = fields.time_or_null("lastEnd");
            return job;
        };
        message.jobs = in.objects("jobs", read_job, jobs_max);
    });
}

std::string encode(HeartbeatAnswer const& message) {
    JsonWriter out{32};
    out.begin_object();
    out.field("useCaseVersion", message.use_case_version);
    out.end_object();
    return out.take();
}

Result<HeartbeatAnswer> decode_heartbeat_answer(std::string_view json) {
    return decode(json, Speaker::cloud, HeartbeatAnswer{}, [](Fields& in, HeartbeatAnswer& message) {
        message.use_case_version = in.integer<std::int64_t>("useCaseVersion");
    });
}

} // namespace almd
