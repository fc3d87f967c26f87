// Lists of STMS_IMPORT: the import overview, queues, history, tp's logs, step logs and cofiles.
#include "agent/admin/agent_admin.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <set>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::string_view all_requests = "ALL"; ///< in ALOG and of step logs: the step was run once for all (V)

struct QueueCount {
    std::size_t requests = 0, waiting = 0, running = 0;
};
using QueueCounts = std::map<std::optional<Client>, QueueCount>;

/// Clients that a route leads to have a queue though it is empty; a system that none leads to has one without client.
QueueCounts counts_of(Landscape const& landscape, SystemId system) {
    QueueCounts counts;
    auto const& domain = landscape.domain();
    auto const led_to = [&](TransportTarget const& target) {
        for (auto const& one : domain.resolve(target))
            if (one.system() == system) counts[one.client()];
    };
    for (auto const& route : domain.consolidation_routes()) led_to(route.to);
    for (auto const& route : domain.delivery_routes()) led_to(route.to);
    for (auto const& entry : landscape.buffer(system).queue()) {
        auto const state = landscape.entry_state(system, entry);
        auto& count = counts[entry.client];
        ++count.requests;
        count.waiting += state == EntryState::waiting || state == EntryState::again || state == EntryState::scheduled;
        count.running += state == EntryState::running;
    }
    if (counts.empty()) counts[std::nullopt];
    return counts;
}

json client_or_null(std::optional<Client> client) {
    return client ? json(client->text()) : json(nullptr);
}

json lines_of(std::string_view text) {
    json lines = json::array();
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

struct StepOfRequest {
    TrRequest request;
    CofileStep step;
    std::vector<StepRemark> remarks{}; ///< for its log
};

/// Rows are made when they are shown: a full history has many more steps than anybody reads.
ListSource of_steps(std::vector<std::string> fields, std::vector<StepOfRequest> steps,
                    json (*row)(StepOfRequest const&)) {
    auto shared = std::make_shared<std::vector<StepOfRequest>>(std::move(steps));
    ListSource source;
    source.fields = std::move(fields);
    source.size = shared->size();
    source.row = [shared, row](std::size_t index) { return row((*shared)[index]); };
    return source;
}

json step_log_row(StepOfRequest const& one) {
    auto const& [request, step, remarks] = one;
    ImportRow const row{.system = step.system, .client = step.client, .request = request};
    return {{"started", rfc3339(step.times.start)},
            {"time", rfc3339(step.times.end)},
            {"request", is_request_independent(step.step) ? all_requests : request.text()},
            {"system", step.system.text()},
            {"client", client_or_null(step.client)},
            {"step", std::string(1, step.step)},
            {"name", step_log_name(request, step.step, step.system, step.times.end)},
            {"returnCode", step.return_code.value()},
            {"lines", lines_of(step_log_text(row, {step.step, step.return_code}, step.times, remarks))}};
}

/// A log for each request, or one for the call of a step that is run once for all of them.
void add_step_logs(ImportHistory const& history, std::vector<StepOfRequest>& logs) {
    std::map<std::tuple<SystemId, char, TimePoint, TimePoint>, std::size_t> of_calls;
    for (auto const& row : history.rows()) {
        auto const remarks = history.remarks_of(row);
        for (auto const& step : row.steps) {
            auto const times = history.times_of(row, step.step);
            auto const [known, is_new] =
                of_calls.try_emplace({row.system, step.step, times.start, times.end}, logs.size());
            if (!is_new && is_request_independent(step.step)) {
                auto& code = logs[known->second].step.return_code;
                code = std::max(code, step.return_code);
                continue;
            }
            logs.push_back({row.request,
                            {row.system, row.client, step.step, step.return_code, times},
                            {remarks.begin(), remarks.end()}});
        }
    }
}

json cofile_row(StepOfRequest const& one) {
    auto const& [request, step, remarks] = one;
    return {{"request", request.text()},
            {"system", step.system.text()},
            {"client", client_or_null(step.client)},
            {"step", std::string(1, step.step)},
            {"stepName", step_name(step.step)},
            {"returnCode", step.return_code.value()},
            {"started", rfc3339(step.times.start)},
            {"time", rfc3339(step.times.end)}};
}

} // namespace

ListSource queues(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& [client, count] : counts_of(landscape, system))
            rows.push_back({{"system", system.text()},
                            {"client", client_or_null(client)},
                            {"state", name(landscape.queue_state(system))},
                            {"requests", count.requests},
                            {"waiting", count.waiting},
                            {"running", count.running},
                            {"endMark", landscape.buffer(system).closed()}});
    });
    return collected({"system", "client", "state", "requests", "waiting", "running", "endMark"}, std::move(rows));
}

ListSource step_logs(Agent& agent) {
    std::vector<StepOfRequest> steps;
    each_landscape(agent, [&](Landscape const& landscape) { add_step_logs(landscape.history(), steps); });
    return of_steps({"started", "time", "request", "system", "client", "step", "name", "returnCode", "lines"},
                    std::move(steps), step_log_row);
}

ListSource cofiles(Agent& agent) {
    std::vector<StepOfRequest> steps;
    each_landscape(agent, [&](Landscape const& landscape) {
        std::set<TrRequest> requests;
        for (auto const& row : landscape.history().rows()) requests.insert(row.request);
        for (auto const& request : requests)
            for (auto const& step : cofile_of(landscape.history(), request)) steps.push_back({request, step, {}});
    });
    return of_steps({"request", "system", "client", "step", "stepName", "returnCode", "started", "time"},
                    std::move(steps), cofile_row);
}

ListSource queue(Agent& agent) {
    std::vector<json> rows;
    each_system(agent, [&](Landscape const& landscape, SystemId system) {
        for (auto const& entry : landscape.buffer(system).queue()) {
            auto const* request = landscape.request(entry.trkorr);
            auto const place = landscape.entry_place(system, entry);
            auto const state = state_of(entry, place);
            rows.push_back({{"system", system.text()},
                            {"client", client_or_null(entry.client)},
                            {"position", entry.position},
                            {"request", entry.trkorr.text()},
                            {"state", name(state)},
                            {"importFlag", std::string(1, import_flag(landscape.tp_profile(), entry, place))},
                            {"maxReturnCode", entry.max_code.value()},
                            {"owner", request ? request->owner : ""},
                            {"text", request ? request->text : ""},
                            {"added", rfc3339(entry.added_at)}});
        }
    });
    return collected(
        {"system", "client", "position", "request", "state", "importFlag", "maxReturnCode", "owner", "text", "added"},
        std::move(rows));
}

ListSource history(Agent& agent) {
    std::vector<json> rows;
    each_landscape(agent, [&](Landscape const& landscape) {
        for (auto const& row : landscape.history().rows()) {
            if (row.interrupted) continue; // its steps are in the cofile
            json steps = json::array();
            for (auto const& step : row.steps) {
                auto const [start, end] = landscape.history().times_of(row, step.step);
                steps.push_back({{"step", std::string(1, step.step)},
                                 {"returnCode", step.return_code.value()},
                                 {"started", rfc3339(start)},
                                 {"time", rfc3339(end)}});
            }
            rows.push_back({{"system", row.system.text()},
                            {"client", client_or_null(row.client)},
                            {"request", row.request.text()},
                            {"returnCode", row.return_code.value()},
                            {"importedAt", rfc3339(row.imported_at)},
                            {"user", row.user},
                            {"steps", std::move(steps)}});
        }
    });
    return collected({"system", "client", "request", "returnCode", "importedAt", "user", "steps"}, std::move(rows));
}

ListSource tp_log(Agent& agent) {
    std::vector<json> rows;
    auto const add = [&](TpLogRow const& row) {
        rows.push_back({{"time", rfc3339(row.at)},
                        {"kind", name(row.kind)},
                        {"system", row.system.text()},
                        {"client", client_or_null(row.client)},
                        {"request", row.request                     ? json(row.request->text())
                                    : row.kind == TpLogKind::action ? json(all_requests)
                                                                    : json(nullptr)},
                        {"step", row.step ? json(std::string(1, row.step)) : json(nullptr)},
                        {"returnCode", row.return_code ? json(row.return_code->value()) : json(nullptr)},
                        {"text", row.text},
                        {"user", row.user}});
    };
    each_landscape(agent, [&](Landscape const& landscape) {
        for (auto const kind : {TpLogKind::action, TpLogKind::system, TpLogKind::user})
            for (auto const& row : landscape.tp_log().rows(kind)) add(row);
    });
    return collected({"time", "kind", "system", "client", "request", "step", "returnCode", "text", "user"},
                     std::move(rows));
}

} // namespace almd
