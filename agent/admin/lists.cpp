// The agent's lists: systems, destinations, use cases, transport domain, tp profile, fleet, texts, activity.
#include "agent/admin/agent_admin.hpp"
#include "simulator/abap/texts.hpp"
#include "simulator/tms/tp_profile.hpp"

#include <nlohmann/json.hpp>

#include <memory>

namespace almd {

namespace {

using nlohmann::json;

json text_or_null(std::optional<TimePoint> at) {
    return at ? json(rfc3339(*at)) : json(nullptr);
}

std::string_view word(Registered state) {
    switch (state) {
    case Registered::no: return "Unregistered";
    case Registered::trying: return "Registering";
    case Registered::yes: return "Registered";
    case Registered::refused: return "Refused";
    case Registered::leaving: return "Unregistering";
    }
    return "";
}

ListSource systems(Agent& agent) {
    ListSource source;
    source.fields = {"system",  "role",    "description",        "host",     "systemNumber", "installationNumber",
                     "virtual", "clients", "freeBatchProcesses", "landscape"};
    source.size = agent.parts().world.systems();
    source.row = [&agent](std::size_t index) {
        auto& parts = agent.parts();
        auto const slot = static_cast<SystemSlot>(index);
        auto const identity = parts.world.identity(slot);
        json clients = json::array();
        for (auto const& client : identity.clients) clients.push_back(client.number.text());
        return json{{"system", identity.id.text()},
                    {"role", identity.role},
                    {"description", identity.description},
                    {"host", identity.host},
                    {"systemNumber", identity.system_number},
                    {"installationNumber", identity.installation_number},
                    {"virtual", parts.world.is_virtual(slot)},
                    {"clients", std::move(clients)},
                    {"freeBatchProcesses", parts.background.free_work_processes(slot)},
                    {"landscape", parts.world.landscape_of(slot)}};
    };
    return source;
}

ListSource destinations(Agent& agent) {
    std::vector<json> rows;
    auto& parts = agent.parts();
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const& state = parts.setups[setup];
        if (state.removed) continue;
        auto const place = parts.setups.place(setup);
        auto const& destination = parts.destinations[state.destination];
        rows.push_back({{"system", parts.world.sid(place.system).text()},
                        {"client", place.client.text()},
                        {"name", destination.name},
                        {"status", word(state.registered)},
                        {"lmsId", state.registered == Registered::yes ? json(state.lms_id.text()) : json(nullptr)},
                        {"backgroundUser", parts.setups.spec(setup).background_user},
                        {"rootUrl", destination.key.root_url()},
                        {"tokenEndpoint", destination.key.token_endpoint},
                        {"clientId", destination.key.client_id},
                        {"sm59", destination.sm59_name()},
                        {"heartbeats", state.heartbeat_sequence},
                        {"heartbeatsWaiting", parts.outbox.waiting(setup)}});
    }
    return collected({"system", "client", "name", "status", "lmsId", "backgroundUser", "rootUrl", "tokenEndpoint",
                      "clientId", "sm59", "heartbeats", "heartbeatsWaiting"},
                     std::move(rows));
}

/// Step 4 of the set-up screen offers a client the tasks of its scope.
bool is_offered(TaskFacts const& task, Client client) {
    bool const only_000 = task.scope == ClientScope::client_000_only,
               working = task.scope == ClientScope::working_client;
    return client == client_000 ? !working : !only_000;
}

ListSource use_cases(Agent& agent) {
    std::vector<json> rows;
    auto& parts = agent.parts();
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        auto const& state = parts.setups[setup];
        auto const place = parts.setups.place(setup);
        for (auto const& task : task_catalogue) {
            auto const& kept = state.tasks[static_cast<std::size_t>(task.kind)];
            if (state.removed || !is_offered(task, place.client)) continue;
            auto shown = kept;
            if (!kept.configured && !kept.wanted) // never switched on: what it would start with
                shown.interval_minutes = static_cast<std::uint16_t>(task.default_minutes);
            auto const* refusal = parts.refusals.find(setup, task.kind);
            auto const last_run = refusal ? refusal->last_run : kept.last_start;
            std::optional<TimePoint> last;
            if (last_run != TaskState::never) last = parts.time_of(last_run);
            rows.push_back({{"system", parts.world.sid(place.system).text()},
                            {"client", place.client.text()},
                            {"name", parts.destination_name(setup)},
                            {"task", task.name},
                            {"active", static_cast<bool>(kept.active)},
                            {"intervalMinutes", shown.interval_minutes},
                            {"effectiveMinutes", effective_interval_minutes(shown)},
                            {"lastRun", text_or_null(last)},
                            {"errors", kept.errors + (refusal ? refusal->times : 0)}});
        }
    }
    return collected(
        {"system", "client", "name", "task", "active", "intervalMinutes", "effectiveMinutes", "lastRun", "errors"},
        std::move(rows));
}

ListSource landscape(Agent& agent) {
    std::vector<json> rows;
    each_landscape(agent, [&](Landscape const& landscape) {
        auto const& domain = landscape.domain();
        auto add = [&](std::string_view kind, std::string_view from, std::string_view layer, std::string_view to,
                       std::string_view text) {
            rows.push_back({{"domain", domain.name()},
                            {"kind", kind},
                            {"from", from},
                            {"layer", layer},
                            {"to", to},
                            {"text", text}});
        };
        for (auto const& system : domain.systems()) {
            std::string text{system.description};
            if (system.id == domain.controller()) text += " (domain controller)";
            if (system.virtual_system) text += system.external_system ? " (external)" : " (virtual)";
            add("system", system.id.text(), "", "", text);
        }
        for (auto const& layer : domain.layers()) add("layer", "", layer, "", "");
        for (auto const& route : domain.consolidation_routes())
            add("consolidation", route.from.text(), route.layer, route.to.text(), "");
        for (auto const& route : domain.delivery_routes())
            add("delivery", TransportTarget{route.from, route.from_client}.text(), "", route.to.text(), "");
        for (auto const& group : domain.target_groups())
            for (auto const& member : group.members) add("group", group.name, "", member.text(), "");
    });
    return collected({"domain", "kind", "from", "layer", "to", "text"}, std::move(rows));
}

ListSource fleet(Agent& agent) {
    auto& parts = agent.parts();
    json row{{"time", rfc3339(parts.now())},
             {"landscapes", parts.world.landscapes()},
             {"systems", parts.world.systems()},
             {"registrations", parts.setups.size()},
             {"bytesPerRegistration", parts.setups.size() == 0 ? 0 : agent.bytes() / parts.setups.size()}};
    std::vector<std::string> fields{"time", "landscapes", "systems", "registrations", "bytesPerRegistration"};
    for (auto const& counter : agent_counters()) {
        row[std::string{counter.name}] = agent.counters().*counter.member;
        fields.emplace_back(counter.name);
    }
    return collected(std::move(fields), {std::move(row)});
}

/// The catalogue of SAP texts, the same for every landscape.
ListSource texts(Agent&) {
    ListSource source;
    source.fields = {"class", "number", "text", "mark", "source"};
    source.size = all_texts().size();
    source.row = [](std::size_t index) {
        auto const& entry = all_texts()[index];
        return json{{"class", entry.message_class},
                    {"number", entry.number},
                    {"text", entry.text},
                    {"mark", std::string(1, static_cast<char>(entry.mark))},
                    {"source", entry.source}};
    };
    return source;
}

ListSource activity(Agent& agent) {
    auto const& people = agent.people();
    auto const counters = people.counters();
    auto const& rates = people.spec().rates;
    json row{{"workingHours", people.spec().hours.text()},
             {"nextEvent", text_or_null(people.next())},
             {"active", people.active()},
             {"requestsPerHour", rates.requests},
             {"objectsPerHour", rates.objects},
             {"releasesPerHour", rates.releases},
             {"importsPerHour", rates.imports},
             {"created", counters.created},
             {"recorded", counters.recorded},
             {"released", counters.released},
             {"refused", counters.refused},
             {"leftOpen", counters.left_open},
             {"importRounds", counters.import_rounds}};
    std::vector<std::string> fields;
    for (auto const& [key, value] : row.items()) fields.push_back(key);
    return collected(std::move(fields), {std::move(row)});
}

} // namespace

ListSource tp_parameter_list(Agent& agent) {
    std::vector<json> rows;
    each_landscape(agent, [&](Landscape const& landscape) {
        for (auto const& parameter : tp_parameters(landscape.tp_profile(), landscape.domain().ctc()))
            rows.push_back({{"domain", landscape.domain().name()},
                            {"name", parameter.name},
                            {"value", parameter.value},
                            {"changeable", parameter.changeable},
                            {"meaning", parameter.meaning}});
    });
    return collected({"domain", "name", "value", "changeable", "meaning"}, std::move(rows));
}

std::vector<std::uint32_t> listed_landscapes(World const& world) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t n = 0; n < world.landscapes(); ++n)
        if (world.is_kept(n)) numbers.push_back(n);
    return numbers;
}

ListSource collected(std::vector<std::string> fields, std::vector<json> rows) {
    auto shared = std::make_shared<std::vector<json>>(std::move(rows));
    ListSource source;
    source.fields = std::move(fields);
    source.size = shared->size();
    source.row = [shared](std::size_t index) { return (*shared)[index]; };
    return source;
}

std::vector<AgentList> agent_lists() {
    return {{"fleet", fleet},
            {"systems", systems},
            {"destinations", destinations},
            {"usecases", use_cases},
            {"jobs", jobs},
            {"log", application_log},
            {"requests", requests},
            {"tasks", tasks},
            {"objects", object_lists},
            {"objectlocks", object_locks},
            {"objectdirectory", object_directory},
            {"queue", queue},
            {"history", history},
            {"queues", queues},
            {"steplogs", step_logs},
            {"cofiles", cofiles},
            {"objectversions", object_versions},
            {"sequence", import_sequence},
            {"tpparameters", tp_parameter_list},
            {"landscape", landscape},
            {"tplog", tp_log},
            {"texts", texts},
            {"users", users},
            {"workprocesses", work_processes},
            {"locks", locks},
            {"parameters", parameters},
            {"components", components},
            {"notes", notes},
            {"activity", activity},
            {"tables", tables},
            {"rfcdestinations", rfc_destinations},
            {"diagnostics", diagnostics}};
}

} // namespace almd
