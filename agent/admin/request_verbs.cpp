// Verbs of CTS by hand: requests, tasks, object lists, releases.
#include "agent/admin/admin_verb.hpp"
#include "agent/admin/cts_rows.hpp"
#include "agent/settings/names.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::string_view default_user = "DEVELOPER";

HttpResponse answer_for(Result<void> const& result, TrRequest trkorr) {
    return result ? done({{"request", trkorr.text()}}) : answer_of(result.error(), trkorr.text());
}

HttpResponse answer_of_release(Landscape const& landscape, TrRequest trkorr, ReleaseReport const& report) {
    json messages = json::array();
    for (auto const& message : report.messages) {
        auto const& entry = entry_of(message.text);
        messages.push_back({{"type", std::string(1, message.type)},
                            {"class", entry.message_class},
                            {"number", entry.number},
                            {"text", message.words}});
    }
    auto response = report ? done() : answer_of(report.error(), trkorr.text());
    auto body = json::parse(response.body);
    if (report) body["request"] = trkorr.text();
    auto const& cts = landscape.cts(trkorr.system());
    auto const* task = cts.find_task(trkorr);
    auto const* request = cts.find(trkorr);
    if (task || request) body["status"] = std::string(1, static_cast<char>(task ? task->status : request->status));
    body["verdict"] = name(report.verdict);
    body["messages"] = std::move(messages);
    response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return response;
}

struct Addressed { ///< a request or task of the path, and the landscape of its system
    Landscape* landscape;
    TrRequest trkorr;
    TransportOrganizer& cts() const { return landscape->cts(trkorr.system()); }
};

Result<Addressed> addressed(Agent& agent, std::string const& number) {
    auto const trkorr = TrRequest::parse(number);
    if (!trkorr) return std::unexpected{trkorr.error()};
    auto const landscape = landscape_of(agent, trkorr->system());
    if (!landscape) return std::unexpected{landscape.error()};
    if (!(*landscape)->cts(trkorr->system()).has(*trkorr))
        return fail(ErrorCode::not_found,
                    text_of(Text::request_does_not_exist, trkorr->text(), trkorr->system().text()));
    return Addressed{*landscape, *trkorr};
}

Result<std::vector<ObjectEntry>> objects_of(AdminBody const& body) {
    auto const texts = body.texts("objects", "R3TR PROG ZPROG");
    if (!texts) return std::unexpected{texts.error()};
    std::vector<ObjectEntry> objects;
    for (auto const& text : *texts) {
        auto object = ObjectEntry::parse(text);
        if (!object) return std::unexpected{object.error()};
        objects.push_back(std::move(*object));
    }
    return objects;
}

Result<std::optional<TransportTarget>> target_of(AdminBody const& body) {
    auto const text = body.text_if_any("target");
    if (!text) return std::nullopt;
    auto const target = TransportTarget::parse(*text);
    if (!target) return std::unexpected{target.error()};
    return *target;
}

Result<std::string> user_of(AdminBody const& body) {
    return body.name_or("user", allow_user_name, default_user);
}

Result<CreateRequest> wanted_request(AdminBody const& body) {
    auto const place = names_of<SystemId, Client>(body.text("system"), body.text("client"));
    if (!place) return std::unexpected{place.error()};
    auto const function = parse_creatable_function(body.text_if_any("function").value_or("K"));
    if (!function) return std::unexpected{function.error()};
    auto text = body.text("text");
    if (!text) return std::unexpected{text.error()};
    auto users = body.texts("users", "ANNA");
    if (!users) return std::unexpected{users.error()};
    for (auto const& user : *users)
        if (auto const allowed = allow_user_name(user); !allowed)
            return fail(ErrorCode::invalid, "users: " + allowed.error().context);
    auto owner = body.name_or("owner", allow_user_name, default_user);
    if (!owner) return std::unexpected{owner.error()};
    auto const target = target_of(body);
    if (!target) return std::unexpected{target.error()};
    auto objects = objects_of(body);
    if (!objects) return std::unexpected{objects.error()};
    if (*function == TrFunction::transport_of_copies && !*target)
        return fail(ErrorCode::invalid, "target: copies need one, such as QUA.200 or a target group");
    return CreateRequest{.system = place->first,
                         .client = place->second,
                         .function = *function,
                         .text = std::move(*text),
                         .owner = *std::move(owner),
                         .task_users = std::move(*users),
                         .target = *target,
                         .objects = *std::move(objects),
                         .package = body.text_if_any("package").value_or("")};
}

/// One request as SE01 shows it, or one task of it: header, tasks, object lists.
Async<HttpResponse> show_request(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const& request = *at->cts().find_owner_of(at->trkorr);
    bool const one_task = request.trkorr != at->trkorr;
    json tasks = json::array();
    for (auto const& task : request.tasks)
        if (!one_task || task.trkorr == at->trkorr) tasks.push_back(task_row(request, task));
    std::vector<json> objects;
    add_object_rows(at->cts(), request, one_task ? std::optional{at->trkorr} : std::nullopt, objects);
    co_return done({{"request", request_row(request)}, {"tasks", std::move(tasks)}, {"objects", std::move(objects)}});
}

Async<HttpResponse> create_request(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto const body = AdminBody::parse(
        request, {"system", "client", "function", "text", "owner", "users", "target", "objects", "package"});
    if (!body) co_return answer_of(body.error());
    auto wanted = wanted_request(*body);
    if (!wanted) co_return answer_of(wanted.error());
    auto const landscape = landscape_of(agent, wanted->system);
    if (!landscape) co_return answer_of(landscape.error());
    auto const created = (*landscape)->create_request(std::move(*wanted), agent.parts().now());
    if (!created) co_return answer_of(created.error());
    auto const* made = (*landscape)->request(*created);
    json tasks = json::array();
    for (auto const& task : made->tasks) tasks.push_back(task.trkorr.text());
    co_return done({{"request", created->text()},
                    {"tasks", std::move(tasks)},
                    {"target", made->target ? json(made->target->text()) : json(nullptr)}});
}

Async<HttpResponse> add_task(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user"});
    if (!body) co_return answer_of(body.error());
    auto user = body->name("user", allow_user_name);
    if (!user) co_return answer_of(user.error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const task = at->landscape->add_task(at->trkorr, std::move(*user), agent.parts().now());
    co_return task ? done({{"request", at->trkorr.text()}, {"task", task->text()}})
                   : answer_of(task.error(), at->trkorr.text());
}

Async<HttpResponse> add_object(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"object", "package"});
    if (!body) co_return answer_of(body.error());
    auto object = parsed<ObjectEntry>(body->text("object"));
    if (!object) co_return answer_of(object.error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    RecordObject what{std::move(*object), body->text_if_any("package").value_or(""), at->trkorr};
    auto const added = at->landscape->record_object(at->trkorr.system(), std::move(what), agent.parts().now());
    co_return answer_for(added, at->trkorr);
}

Async<HttpResponse> remove_objects(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    co_return answer_for(at->cts().remove_objects(at->trkorr, agent.parts().now()), at->trkorr);
}

Async<HttpResponse> unlock_objects(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    co_return answer_for(at->cts().unlock_objects(at->trkorr), at->trkorr);
}

/// One thing at a time, so that a refusal leaves everything as it was.
Async<HttpResponse> change_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"owner", "text", "protected", "attribute", "value"});
    if (!body) co_return answer_of(body.error());
    std::size_t things = 0;
    for (auto const* key : {"owner", "text", "protected", "attribute"}) things += body->find(key) != nullptr;
    if (things != 1)
        co_return answer_of(Error{ErrorCode::invalid, "one of owner, text, protected, attribute is needed"});
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const now = agent.parts().now();
    auto owner = body->name_if_any("owner", allow_user_name);
    if (!owner) co_return answer_of(owner.error());
    if (*owner) co_return answer_for(at->landscape->change_owner(at->trkorr, **std::move(owner), now), at->trkorr);
    if (auto text = body->text_if_any("text"))
        co_return answer_for(at->cts().change_text(at->trkorr, std::move(*text), now), at->trkorr);
    if (auto attribute = body->text_if_any("attribute"))
        co_return answer_for(
            at->cts().set_attribute(at->trkorr, std::move(*attribute), body->text_if_any("value").value_or(""), now),
            at->trkorr);
    auto const is_protected = body->flag("protected");
    if (!is_protected) co_return answer_of(is_protected.error());
    co_return answer_for(at->cts().set_protected(at->trkorr, *is_protected, now), at->trkorr);
}

Async<HttpResponse> delete_request(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    co_return answer_for(at->cts().remove(at->trkorr, agent.parts().now()), at->trkorr);
}

Async<HttpResponse> release_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user", "ignoreLocks", "ignoreAtc", "withTasks"});
    if (!body) co_return answer_of(body.error());
    auto const ignore_locks = body->flag("ignoreLocks"), ignore_atc = body->flag("ignoreAtc"),
               with_tasks = body->flag("withTasks", true);
    for (auto const* flag : {&ignore_locks, &ignore_atc, &with_tasks})
        if (!*flag) co_return answer_of(flag->error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const now = agent.parts().now();
    auto const user = user_of(*body);
    if (!user) co_return answer_of(user.error());
    ReleaseOptions const options{.ignore_locks = *ignore_locks, .ignore_atc = *ignore_atc};
    auto const report = at->cts().find_task(at->trkorr) ? at->landscape->release_task(at->trkorr, *user, now)
                        : *with_tasks ? at->landscape->release_with_tasks(at->trkorr, *user, now, options)
                                      : at->landscape->release_request(at->trkorr, *user, now, options);
    co_return answer_of_release(*at->landscape, at->trkorr, report);
}

/// A transport of copies of one request; it needs a release of its own, with ignore-locks.
Async<HttpResponse> copy_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"target", "text", "owner"});
    if (!body) co_return answer_of(body.error());
    auto const target = parsed<TransportTarget>(body->text("target"));
    if (!target) co_return answer_of(target.error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const* original = at->cts().find(at->trkorr);
    if (!original)
        co_return answer_of(Error{ErrorCode::not_found,
                                  text_of(Text::request_does_not_exist, at->trkorr.text(), at->trkorr.system().text())},
                            path[0]);
    auto owner = body->name_or("owner", allow_user_name, original->owner);
    if (!owner) co_return answer_of(owner.error());
    CreateRequest wanted{.system = at->trkorr.system(),
                         .client = original->source_client,
                         .function = TrFunction::transport_of_copies,
                         .text = body->text_if_any("text").value_or(fmt::format("Copies of {}", path[0])),
                         .owner = *std::move(owner),
                         .target = *target};
    auto const now = agent.parts().now();
    auto const copies = at->landscape->create_request(std::move(wanted), now);
    if (!copies) co_return answer_of(copies.error(), path[0]);
    auto const copied = at->cts().copy_objects(at->trkorr, *copies, now);
    co_return answer_for(copied, *copies);
}

Async<HttpResponse> break_release(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"fault"});
    if (!body) co_return answer_of(body.error());
    auto const fault = body->text_if_any("fault").value_or("");
    bool const known = fault == "export" || fault == "preExport" || fault == "none";
    if (!known) co_return answer_of(Error{ErrorCode::invalid, "fault: one of export, preExport, none is needed"});
    auto const at = addressed(agent, path[0]);
    if (!at) co_return answer_of(at.error(), path[0]);
    auto const kind = fault == "export"      ? ReleaseFault::export_step
                      : fault == "preExport" ? ReleaseFault::pre_export
                                             : ReleaseFault::none;
    co_return answer_for(at->cts().set_fault(at->trkorr, kind), at->trkorr);
}

constexpr AdminVerb of_requests[] = {
    {"POST", "/api/v1/requests", create_request},
    {"GET", "/api/v1/requests/{request}", show_request},
    {"PUT", "/api/v1/requests/{request}", change_request},
    {"DELETE", "/api/v1/requests/{request}", delete_request},
    {"POST", "/api/v1/requests/{request}/release", release_request},
    {"POST", "/api/v1/requests/{request}/tasks", add_task},
    {"POST", "/api/v1/requests/{request}/objects", add_object},
    {"DELETE", "/api/v1/requests/{request}/objects", remove_objects},
    {"POST", "/api/v1/requests/{request}/unlock", unlock_objects},
    {"POST", "/api/v1/requests/{request}/copies", copy_request},
    {"PUT", "/api/v1/requests/{request}/fault", break_release},
};

} // namespace

std::span<AdminVerb const> request_verbs() {
    return of_requests;
}

} // namespace almd
