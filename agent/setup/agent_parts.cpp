// What every job and every set-up action of a shard works with.
#include "agent/setup/agent_parts.hpp"

namespace almd {

std::span<AgentCounter const> agent_counters() {
    static constexpr AgentCounter all[] = {
        {"registered", &AgentCounters::registered},
        {"unregistered", &AgentCounters::unregistered},
        {"refused", &AgentCounters::refused},
        {"heartbeats", &AgentCounters::heartbeats},
        {"schedulerRuns", &AgentCounters::scheduler_runs},
        {"taskRuns", &AgentCounters::task_runs},
        {"discoveries", &AgentCounters::discoveries},
        {"diagnostics", &AgentCounters::diagnostics},
        {"landscapePushes", &AgentCounters::landscape_pushes},
        {"transportPushes", &AgentCounters::transport_pushes},
        {"transportsSent", &AgentCounters::transports_sent},
        {"polls", &AgentCounters::polls},
        {"imports", &AgentCounters::imports},
        {"requestsImported", &AgentCounters::requests_imported},
        {"workReported", &AgentCounters::work_reported},
        {"workRejected", &AgentCounters::work_rejected},
        {"workRepeated", &AgentCounters::work_repeated},
        {"sendErrors", &AgentCounters::send_errors},
    };
    static_assert(std::size(all) * sizeof(std::uint64_t) == sizeof(AgentCounters), "a counter has no name");
    return all;
}

void AgentCounters::merge(AgentCounters const& other) {
    for (auto const& counter : agent_counters()) this->*counter.member += other.*counter.member;
}

LogNumber AgentParts::slg1(SetupIndex setup, ExternalId id, char type, std::string text, LogNumber log_number) {
    auto const place = setups.place(setup);
    LogEntry entry;
    entry.log = log_number;
    entry.time = now();
    entry.system = place.system;
    entry.client = place.client;
    entry.setup = setup;
    entry.external_id = id;
    entry.type = type;
    entry.text = std::move(text);
    return log.write(std::move(entry));
}

} // namespace almd
