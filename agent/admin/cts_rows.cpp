// JSON of requests, tasks and object lists.
#include "agent/admin/cts_rows.hpp"

#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

json moment_or_null(std::optional<TimePoint> at) {
    return at ? json(rfc3339(*at)) : json(nullptr);
}

template <class Letter>
std::string letter(Letter value) {
    return std::string(1, static_cast<char>(value));
}

/// AS4POS counts the lines of each list from 1.
void add_list(TransportOrganizer const& cts, TransportRequest const& request, TransportTask const* task,
              std::vector<json>& rows) {
    int position = 0;
    for (auto const line : task ? task->objects : request.objects)
        rows.push_back({{"trkorr", (task ? task->trkorr : request.trkorr).text()},
                        {"strkorr", task ? json(request.trkorr.text()) : json(nullptr)},
                        {"system", cts.system().text()},
                        {"as4pos", ++position},
                        {"pgmid", line.pgmid()},
                        {"object", line.object()},
                        {"objName", line.name()},
                        {"objFunc", line.table_key().empty() ? "" : "K"},
                        {"lockFlag", cts.holds_lock(request, line) ? "X" : ""},
                        {"tabKey", line.table_key()}});
}

} // namespace

std::vector<std::string> request_fields() {
    return {"request", "system",  "client",  "function", "korrdev", "status",     "target", "owner",
            "text",    "created", "changed", "released", "tasks",   "attributes", "objects"};
}

json request_row(TransportRequest const& request) {
    json tasks = json::array();
    for (auto const& task : request.tasks) tasks.push_back(task.trkorr.text());
    json attributes = json::array();
    if (request.attributes)
        for (auto const& [name, value] : *request.attributes) attributes.push_back(name + "=" + value);
    return {{"request", request.trkorr.text()},
            {"system", request.trkorr.system().text()},
            {"client", request.source_client.text()},
            {"function", letter(request.function)},
            {"korrdev", korrdev(request.function)},
            {"status", letter(request.status)},
            {"target", request.target ? json(request.target->text()) : json(nullptr)},
            {"owner", request.owner},
            {"text", request.text},
            {"created", rfc3339(request.created_at)},
            {"changed", rfc3339(request.changed_at)},
            {"released", moment_or_null(request.released_at)},
            {"tasks", std::move(tasks)},
            {"attributes", std::move(attributes)},
            {"objects", request.object_count()}};
}

std::vector<std::string> task_fields() {
    return {"trkorr",  "strkorr", "system",  "trFunction", "trStatus", "korrdev",
            "as4User", "created", "changed", "released",   "objects"};
}

json task_row(TransportRequest const& request, TransportTask const& task) {
    return {{"trkorr", task.trkorr.text()},
            {"strkorr", request.trkorr.text()},
            {"system", request.trkorr.system().text()},
            {"trFunction", letter(task.function)},
            {"trStatus", letter(task.status)},
            {"korrdev", korrdev(task.function)},
            {"as4User", task.owner},
            {"created", rfc3339(task.created_at)},
            {"changed", rfc3339(task.changed_at)},
            {"released", moment_or_null(task.released_at)},
            {"objects", task.objects.count()}};
}

std::vector<std::string> object_fields() {
    return {"trkorr", "strkorr", "system", "as4pos", "pgmid", "object", "objName", "objFunc", "lockFlag", "tabKey"};
}

void add_object_rows(TransportOrganizer const& cts, TransportRequest const& request, std::optional<TrRequest> only,
                     std::vector<json>& rows) {
    if (!only) add_list(cts, request, nullptr, rows);
    for (auto const& task : request.tasks)
        if (!only || *only == task.trkorr) add_list(cts, request, &task, rows);
}

} // namespace almd
