// The task API (row 24): no OData but filters of its own, as they were seen on a tenant (V).
#include "proto/messages/json_writer.hpp"
#include "proto/schema/json_text.hpp"
#include "simulator/cloud/published_api.hpp"
#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::size_t tasks_page_default = 100, tasks_page_max = 1'000, tasks_offset_max = 100'000'000,
                      task_text_max = 100'000, task_tags_max = 50, task_tag_max = 1'000;

using Kind = JsonText::Kind;

void write_task(JsonWriter& out, ProjectTask const& task) {
    auto const or_null = [](std::string const& text) { return text.empty() ? std::nullopt : std::optional{text}; };
    out.begin_object();
    out.field("id", task.id);
    out.field("projectId", task.project);
    out.field("title", task.title);
    out.field("description", or_null(task.description));
    out.field("type", task.type);
    out.field("status", task.status);
    out.field("subStatus", or_null(task.sub_status));
    out.field("externalId", or_null(task.external_id));
    out.field("dueDate", or_null(task.due_date));
    out.field("priorityId", task.priority);
    out.field("assigneeId", or_null(task.assignee_id));
    out.field("tags", task.tags);
    out.field("lastChangedDate", task.last_changed);
    out.end_object();
}

HttpResponse task_answer(ProjectTask const& task, int status = 200) {
    JsonWriter out{512};
    write_task(out, task);
    return json_response(status, out.take());
}

/// "gt:2026-03-01T00:00:00Z"; without a word it is eq.
struct ChangedFilter {
    std::string word;
    TimePoint at;
    bool takes(TimePoint changed) const {
        return word == "gt" ? changed > at : word == "lt" ? changed < at : changed == at;
    }
};

Result<ChangedFilter> read_changed(std::string const& text) {
    ChangedFilter filter{"eq", {}};
    std::string_view rest = text;
    if (auto const colon = text.find(':'); colon == 2) {
        filter.word = text.substr(0, colon);
        rest = rest.substr(colon + 1);
    }
    auto const at = parse_rfc3339(rest.size() == 10 ? fmt::format("{}T00:00:00Z", rest) : std::string{rest});
    if (!at || (filter.word != "gt" && filter.word != "lt" && filter.word != "eq"))
        return fail(ErrorCode::invalid,
                    "lastChangedDate: gt:, lt: or eq: and a time such as 2026-03-01T06:00:00Z was expected");
    filter.at = *at;
    return filter;
}

struct TaskFilter {
    Uuid project;
    std::optional<ChangedFilter> changed;
    std::vector<std::string> tags;
    std::vector<std::pair<std::string const ProjectTask::*, std::string>> texts;

    bool takes(ProjectTask const& task) const {
        return task.project == project && (!changed || changed->takes(task.last_changed)) &&
               std::ranges::all_of(texts, [&](auto const& t) { return task.*t.first == t.second; }) &&
               std::ranges::all_of(
                   tags, [&](auto const& tag) { return std::ranges::find(task.tags, tag) != task.tags.end(); });
    }
};

Result<TaskFilter> read_filter(PublishedCall const& call) {
    static constexpr std::array<std::pair<std::string_view, std::string const ProjectTask::*>, 4> texts{
        {{"type", &ProjectTask::type},
         {"status", &ProjectTask::status},
         {"subStatus", &ProjectTask::sub_status},
         {"assigneeId", &ProjectTask::assignee_id}}};
    TaskFilter filter;
    auto const project = call.query.get("projectId");
    if (!project) return fail(ErrorCode::invalid, "projectId: this parameter is required");
    auto const id = Uuid::parse(*project);
    if (!id || call.cloud.projects.find(call.tenant, *id) == nullptr)
        return fail(id ? ErrorCode::not_found : ErrorCode::invalid, "projectId: there is no such project");
    filter.project = *id;
    for (auto const& [name, value] : call.query.all()) {
        auto const text =
            std::ranges::find(texts, name, &std::pair<std::string_view, std::string const ProjectTask::*>::first);
        if (text != texts.end())
            filter.texts.emplace_back(text->second, value.starts_with("eq:") ? value.substr(3) : value);
        if (name == "tags") filter.tags.push_back(value);
        if (name == "lastChangedDate") {
            auto changed = read_changed(value);
            if (!changed) return std::unexpected{changed.error()};
            filter.changed = *std::move(changed);
        }
    }
    return filter;
}

HttpResponse list_tasks(PublishedCall const& call) {
    static constexpr std::string_view known[]{"projectId", "type",   "status", "subStatus",      "assigneeId",
                                              "tags",      "offset", "limit",  "lastChangedDate"};
    static constexpr std::string_view lists[]{"tags"};
    // The words that a tenant has for it (V).
    for (auto const& [name, value] : call.query.all())
        if (name.starts_with('$'))
            return error_response(400, "BAD_REQUEST", fmt::format("{} not supported yet", name), name);
    auto const filter = read_filter(call);
    if (!filter) return refused(filter.error());
    if (auto refusal = unknown_parameter(call, known, lists)) return *std::move(refusal);
    auto const offset = number_parameter(call.query, "offset", tasks_offset_max);
    auto const limit = number_parameter(call.query, "limit", tasks_page_max);
    if (!offset || !limit) return refused(offset ? limit.error() : offset.error());
    JsonWriter out{4'096};
    out.begin_array();
    std::size_t seen = 0, written = 0;
    for (auto const& [id, task] : call.cloud.projects.tasks()) {
        if (!filter->takes(task) || seen++ < offset->value_or(0)) continue;
        if (written++ == limit->value_or(tasks_page_default)) break;
        write_task(out, task);
    }
    out.end_array();
    return json_response(200, out.take());
}

std::optional<Error> read_task(std::string_view body, ProjectTask& task) {
    auto const json = parse_request_body(body);
    if (!json) return json.error();
    if ((*json)[0].kind != Kind::object) return Error{ErrorCode::invalid, "an object was expected"};
    static constexpr std::array<std::pair<std::string_view, std::string ProjectTask::*>, 8> texts{
        {{"title", &ProjectTask::title},
         {"description", &ProjectTask::description},
         {"type", &ProjectTask::type},
         {"status", &ProjectTask::status},
         {"subStatus", &ProjectTask::sub_status},
         {"externalId", &ProjectTask::external_id},
         {"dueDate", &ProjectTask::due_date},
         {"assigneeId", &ProjectTask::assignee_id}}};
    auto const wrong = [](std::string_view field, std::string_view sentence) {
        return Error{ErrorCode::invalid, fmt::format("{}: {}", field, sentence)};
    };
    for (std::uint32_t at = 1; at < json->values().size(); at = (*json)[at].next) {
        auto const& value = (*json)[at];
        auto const text =
            std::ranges::find(texts, value.key, &std::pair<std::string_view, std::string ProjectTask::*>::first);
        if (text != texts.end()) {
            if (value.kind != Kind::string && value.kind != Kind::null) return wrong(value.key, "a text was expected");
            if (characters(value.text) > task_text_max)
                return wrong(value.key, fmt::format("at most {} characters are taken", task_text_max));
            task.*text->second = value.text;
        } else if (value.key == "priorityId") {
            if (value.kind != Kind::integer || value.integer < 0 || value.integer > 100)
                return wrong(value.key, "a number such as 30 was expected");
            task.priority = static_cast<int>(value.integer);
        } else if (value.key == "tags") {
            if (value.kind != Kind::array || value.count > task_tags_max)
                return wrong(value.key, "a short list was expected");
            task.tags.clear();
            for (auto tag = at + 1; tag < value.next; tag = (*json)[tag].next) {
                if ((*json)[tag].kind != Kind::string || characters((*json)[tag].text) > task_tag_max)
                    return wrong(json->path(tag),
                                 fmt::format("a text of at most {} characters was expected", task_tag_max));
                task.tags.emplace_back((*json)[tag].text);
            }
        } else if (value.key == "projectId") {
            auto const id = value.kind == Kind::string ? Uuid::parse(value.text) : fail(ErrorCode::invalid, {});
            if (!id) return wrong(value.key, "a UUID was expected");
            if (!task.project.is_nil() && task.project != *id) return wrong(value.key, "a task stays in its project");
            task.project = *id;
        } else if (value.key != "id" && value.key != "lastChangedDate") {
            return wrong(json->path(at), "a task has no such field");
        }
    }
    if (is_blank(task.title)) return wrong("title", "a task needs one");
    if (is_blank(task.type)) return wrong("type", "a task needs one, such as CALMTASK");
    if (task.project.is_nil()) return wrong("projectId", "a task needs one");
    if (!task.due_date.empty() && !is_date(task.due_date))
        return wrong("dueDate", "a date such as 2026-03-31 was expected");
    return std::nullopt;
}

HttpResponse create_task(PublishedCall& call) {
    ProjectTask task;
    task.status = "CIPTKOPEN"; // I
    if (auto error = read_task(call.http.body, task)) return refused(*error);
    task.last_changed = call.cloud.now();
    auto const added = call.cloud.projects.add_task(call.tenant, std::move(task));
    if (!added)
        return refused({added.error().code == ErrorCode::not_found ? ErrorCode::invalid : added.error().code,
                        added.error().context});
    return task_answer(**added, 201);
}

HttpResponse answer_task(PublishedCall& call) {
    if (call.http.method == "POST" || call.http.method == "PUT") return no_such_method(call, "GET, PATCH, DELETE"); // V
    auto const id = Uuid::parse(call.segments[1]);
    auto* task = id ? call.cloud.projects.find_task(call.tenant, *id) : nullptr;
    if (task == nullptr) return error_response(404, "NOT_FOUND", "there is no such task", "id");
    if (call.reads()) return task_answer(*task);
    if (call.http.method == "DELETE") {
        call.cloud.projects.remove_task(call.tenant, *id);
        return HttpResponse{204};
    }
    auto changed = *task;
    if (auto error = read_task(call.http.body, changed)) return refused(*error);
    changed.last_changed = call.cloud.now();
    if (auto done = call.cloud.projects.change_task(*task, std::move(changed)); !done) return refused(done.error());
    return task_answer(*task);
}

} // namespace

HttpResponse answer_tasks(PublishedCall& call) {
    if (call.is("GET", {"tasks"})) return list_tasks(call);
    if (call.is("POST", {"tasks"})) return create_task(call);
    if (call.at({"tasks"})) return no_such_method(call, "GET, POST");
    if (call.at({"tasks", "*"})) return answer_task(call);
    for (auto const* list : {"deliverables", "workstreams"})
        if (call.at({list})) {
            static constexpr std::string_view known[]{"projectId"};
            if (!call.reads()) return no_such_method(call, "GET");
            return unknown_parameter(call, known).value_or(json_response(200, "[]"));
        }
    if (call.at({"tasks", "*", "comments"}) || call.at({"tasks", "*", "references"}))
        return not_here("comments and references of tasks; their fields are not public");
    return no_such_path(call);
}

} // namespace almd
