// The list of SM37.
#include "agent/admin/agent_admin.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "agent/setup/import_dispatcher.hpp"

#include <nlohmann/json.hpp>

#include <memory>

namespace almd {

namespace {

using nlohmann::json;

json time_or_null(std::optional<TimePoint> at) {
    return at ? json(rfc3339(*at)) : json(nullptr);
}

struct JobPeople {
    std::string creator, user;
};

/// SDLUNAME: /SDF/ALM_SETUP schedules its jobs for the background user, whose own jobs start the others (I).
JobPeople people_of(AgentParts& parts, JobRow const& row) {
    auto const program = static_cast<Program>(row.program);
    if (program == Program::rddimpdp) return {std::string{rddimpdp_user}, std::string{rddimpdp_user}};
    auto const& setup = parts.setups.spec(row.owner);
    bool const of_task = program == Program::import_transports || program == Program::transport_check;
    return {of_task ? setup.background_user : setup.setup_user,
            parts.setups.background_user(row.owner, row.started.value_or(parts.now()))};
}

json job_json(AgentParts& parts, JobRow const& row) {
    auto const between = [](TimePoint from, TimePoint to) {
        return std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(to - from).count(), 0);
    };
    bool const no_start = row.by_event && row.status == JobStatus::released; // nobody knows when the event will come
    auto const delay = no_start ? 0 : between(row.planned, row.started.value_or(parts.now())); // so far, when it waits
    json duration = nullptr;
    if (row.started) duration = between(*row.started, row.ended.value_or(parts.now()));
    auto people = people_of(parts, row);
    return {{"system", parts.world.sid(row.system).text()},
            {"client", row.client.text()},
            {"name", row.name},
            {"count", job_count_text(row.count)},
            {"status", std::string(1, static_cast<char>(row.status))},
            {"plannedStart", no_start ? json(nullptr) : json(rfc3339(row.planned))},
            {"start", time_or_null(row.started)},
            {"end", time_or_null(row.ended)},
            {"durationSeconds", std::move(duration)},
            {"delaySeconds", delay},
            {"periodMinutes", row.period.count()},
            {"event", row.by_event ? rddimpdp_event(row.client) : ""},
            {"jobClass", std::string(1, static_cast<char>(row.job_class))},
            {"report", generated_jobs[row.program].report},
            {"creator", std::move(people.creator)},
            {"user", std::move(people.user)}};
}

/// RDDIMPDP waits in every client of every real system; of a fleet, in those landscapes that are listed.
void add_waiting(AgentParts& parts, std::vector<JobRow>& rows) {
    auto const& world = parts.world;
    auto const add = [&](SystemSlot system) {
        auto const& clients = world.spec_of(system).clients;
        if (world.is_virtual(system)) return;
        for (std::size_t i = 0; i < clients.size(); ++i)
            if (auto row = parts.background.waiting_row(rddimpdp_of(system, clients[i].number, i)))
                rows.push_back(*std::move(row));
    };
    auto const count = world.is_fleet() ? world.systems_per_landscape() : world.systems();
    for (auto const landscape : listed_landscapes(world))
        for (std::size_t i = 0; i < count; ++i) add(static_cast<SystemSlot>(landscape * count + i));
}

} // namespace

ListSource jobs(Agent& agent) {
    auto open = std::make_shared<std::vector<JobRow>>(agent.parts().background.open_rows());
    add_waiting(agent.parts(), *open);
    ListSource source;
    source.fields = {"system",       "client",        "name",  "count",    "status", "plannedStart",
                     "start",        "end",           "event", "jobClass", "report", "durationSeconds",
                     "delaySeconds", "periodMinutes", "user",  "creator"};
    source.size = open->size() + agent.parts().background.ended_rows();
    source.row = [&agent, open](std::size_t index) {
        auto& parts = agent.parts();
        if (index < open->size()) return job_json(parts, (*open)[index]);
        return job_json(parts, parts.background.ended_row(index - open->size()));
    };
    return source;
}

} // namespace almd
