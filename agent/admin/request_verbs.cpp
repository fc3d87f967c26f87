// Verbs of CTS by hand: requests, tasks, object lists, releases, and what is known of objects.
#include "agent/admin/admin_verb.hpp"
#include "agent/settings/names.hpp"
#include "simulator/abap/texts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

constexpr std::string_view default_user = "DEVELOPER";

std::string class_and_number(Text text) {
    auto const& entry = entry_of(text);
    return std::string{entry.message_class}.append(entry.number);
}

/// A refusal in SAP's words has message class and number as its code, as far as they are known.
HttpResponse refused(Error const& error, std::string_view about = {}) {
    auto response = answer_of(error);
    auto body = json::parse(response.body);
    if (auto const* entry = find_text(error.context); entry && !entry->number.empty())
        body["error"]["code"] = class_and_number(entry->id);
    if (!about.empty()) body["error"]["target"] = about;
    response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return response;
}

HttpResponse answer_for(Result<void> const& result, TrRequest trkorr) {
    return result ? done({{"request", trkorr.text()}}) : refused(result.error(), trkorr.text());
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
    auto response = report ? done() : refused(report.error(), trkorr.text());
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

/// By hand only in one landscape: a fleet is computed, what differs in it would be forgotten.
Result<Landscape*> landscape_of(Agent& agent, SystemId system) {
    auto& world = agent.parts().world;
    if (world.landscapes() > 1)
        return fail(ErrorCode::conflict, "requests are made by hand in one landscape only, not in a fleet");
    if (auto const slot = system_of(agent.parts(), system.text()); !slot) return std::unexpected{slot.error()};
    return &world.keep(0);
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

Result<bool> flag_of(AdminBody const& body, std::string_view key, bool if_missing = false) {
    auto const* value = body.find(key);
    if (!value) return if_missing;
    if (!value->is_boolean()) return fail(ErrorCode::invalid, fmt::format("{}: true or false is needed", key));
    return value->get<bool>();
}

Result<std::vector<std::string>> list_of(AdminBody const& body, std::string_view key, std::string_view example) {
    std::vector<std::string> all;
    auto const* list = body.find(key);
    if (!list) return all;
    auto const wrong = [&] {
        return fail(ErrorCode::invalid, fmt::format("{}: an array of strings such as \"{}\" is needed", key, example));
    };
    if (!list->is_array()) return wrong();
    for (auto const& item : *list) {
        if (!item.is_string()) return wrong();
        all.push_back(item.get<std::string>());
    }
    return all;
}

Result<std::vector<ObjectEntry>> objects_of(AdminBody const& body) {
    auto const texts = list_of(body, "objects", "R3TR PROG ZPROG");
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
    auto const sid = parsed<SystemId>(body.text("system"));
    if (!sid) return std::unexpected{sid.error()};
    auto const client = parsed<Client>(body.text("client"));
    if (!client) return std::unexpected{client.error()};
    auto const function = parse_creatable_function(body.text_if_any("function").value_or("K"));
    if (!function) return std::unexpected{function.error()};
    auto text = body.text("text");
    if (!text) return std::unexpected{text.error()};
    auto users = list_of(body, "users", "ANNA");
    if (!users) return std::unexpected{users.error()};
    for (auto const& user : *users)
        if (auto const allowed = allow_user_name(user); !allowed)
            return fail(ErrorCode::invalid, "users: " + allowed.error().context);
    auto owner = body.name_or("owner", allow_user_name, default_user);
    if (!owner) return std::unexpected{owner.error()};
    auto const target = target_of(body);
    if (!target) return std::unexpected{target.error()};
    return CreateRequest{.system = *sid,
                         .client = *client,
                         .function = *function,
                         .text = std::move(*text),
                         .owner = *std::move(owner),
                         .task_users = std::move(*users),
                         .target = *target};
}

/// What was refused takes the new request along; its numbers stay used, as they do when a transaction is given up.
Result<void> fill_or_remove(Landscape& landscape, TrRequest trkorr, std::vector<ObjectEntry> objects,
                            std::string const& package, TimePoint now) {
    for (auto& object : objects) {
        auto const added = landscape.record_object(trkorr.system(), {std::move(object), package, trkorr}, now);
        if (added) continue;
        (void)landscape.cts(trkorr.system()).remove_objects(trkorr, now);
        (void)landscape.cts(trkorr.system()).remove(trkorr, now);
        return added;
    }
    return {};
}

Async<HttpResponse> create_request(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto const body = AdminBody::parse(
        request, {"system", "client", "function", "text", "owner", "users", "target", "objects", "package"});
    if (!body) co_return answer_of(body.error());
    auto wanted = wanted_request(*body);
    if (!wanted) co_return refused(wanted.error());
    auto const landscape = landscape_of(agent, wanted->system);
    if (!landscape) co_return answer_of(landscape.error());
    auto objects = objects_of(*body);
    if (!objects) co_return answer_of(objects.error());
    auto const now = agent.parts().now();
    auto const created = (*landscape)->create_request(std::move(*wanted), now);
    if (!created) co_return refused(created.error());
    auto const package = body->text_if_any("package").value_or("");
    if (auto const filled = fill_or_remove(**landscape, *created, std::move(*objects), package, now); !filled)
        co_return refused(filled.error());
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
    if (!at) co_return refused(at.error(), path[0]);
    auto const task = at->landscape->add_task(at->trkorr, std::move(*user), agent.parts().now());
    co_return task ? done({{"request", at->trkorr.text()}, {"task", task->text()}})
                   : refused(task.error(), at->trkorr.text());
}

Async<HttpResponse> add_object(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"object", "package"});
    if (!body) co_return answer_of(body.error());
    auto object = parsed<ObjectEntry>(body->text("object"));
    if (!object) co_return answer_of(object.error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
    RecordObject what{std::move(*object), body->text_if_any("package").value_or(""), at->trkorr};
    auto const added = at->landscape->record_object(at->trkorr.system(), std::move(what), agent.parts().now());
    co_return answer_for(added, at->trkorr);
}

Async<HttpResponse> remove_objects(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
    co_return answer_for(at->cts().remove_objects(at->trkorr, agent.parts().now()), at->trkorr);
}

Async<HttpResponse> unlock_objects(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
    co_return answer_for(at->cts().unlock_objects(at->trkorr), at->trkorr);
}

/// One thing at a time, so that a refusal leaves everything as it was.
Async<HttpResponse> change_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"owner", "text", "protected", "attribute", "value"});
    if (!body) co_return answer_of(body.error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
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
    auto const is_protected = flag_of(*body, "protected");
    if (!is_protected) co_return answer_of(is_protected.error());
    if (!body->find("protected"))
        co_return answer_of(Error{ErrorCode::invalid, "one of owner, text, protected, attribute is needed"});
    co_return answer_for(at->cts().set_protected(at->trkorr, *is_protected, now), at->trkorr);
}

Async<HttpResponse> delete_request(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
    co_return answer_for(at->cts().remove(at->trkorr, agent.parts().now()), at->trkorr);
}

Async<HttpResponse> release_request(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"user", "ignoreLocks", "ignoreAtc", "withTasks"});
    if (!body) co_return answer_of(body.error());
    auto const ignore_locks = flag_of(*body, "ignoreLocks"), ignore_atc = flag_of(*body, "ignoreAtc"),
               with_tasks = flag_of(*body, "withTasks", true);
    for (auto const* flag : {&ignore_locks, &ignore_atc, &with_tasks})
        if (!*flag) co_return answer_of(flag->error());
    auto const at = addressed(agent, path[0]);
    if (!at) co_return refused(at.error(), path[0]);
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
    if (!at) co_return refused(at.error(), path[0]);
    auto const* original = at->cts().find(at->trkorr);
    if (!original)
        co_return refused(Error{ErrorCode::not_found,
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
    if (!copies) co_return refused(copies.error(), path[0]);
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
    if (!at) co_return refused(at.error(), path[0]);
    auto const kind = fault == "export"      ? ReleaseFault::export_step
                      : fault == "preExport" ? ReleaseFault::pre_export
                                             : ReleaseFault::none;
    co_return answer_for(at->cts().set_fault(at->trkorr, kind), at->trkorr);
}

Result<ObjectFacts> changed_facts(AdminBody const& body, ObjectFacts facts) {
    if (auto package = body.text_if_any("package")) facts.package = std::move(*package);
    if (body.find("originalSystem")) {
        auto const original = parsed<SystemId>(body.text("originalSystem"));
        if (!original) return std::unexpected{original.error()};
        facts.original = *original;
    }
    auto const inactive = flag_of(body, "inactive", facts.inactive);
    if (!inactive) return std::unexpected{inactive.error()};
    facts.inactive = *inactive;
    if (auto const* priority = body.find("atcPriority")) {
        if (!priority->is_number_integer() || *priority < 0 || *priority > 4)
            return fail(ErrorCode::invalid, "atcPriority: 0 (no finding) to 4 is needed");
        facts.atc_priority = priority->get<std::uint8_t>();
    }
    return facts;
}

/// What an editor does (POST: a change is recorded, in a request or without one) and what is set behind its back (PUT).
Async<HttpResponse> object_of_system(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    bool const records = request.method == "POST";
    auto const body =
        records ? AdminBody::parse(request, {"object", "package", "request"})
                : AdminBody::parse(request, {"object", "package", "originalSystem", "inactive", "atcPriority"});
    if (!body) co_return answer_of(body.error());
    auto const sid = SystemId::parse(path[0]);
    if (!sid) co_return answer_of(sid.error());
    auto const landscape = landscape_of(agent, *sid);
    if (!landscape) co_return answer_of(landscape.error());
    auto object = parsed<ObjectEntry>(body->text("object"));
    if (!object) co_return answer_of(object.error());
    auto const text = object->text();
    if (records) {
        RecordObject what{std::move(*object), body->text_if_any("package").value_or(""), std::nullopt};
        if (body->find("request")) {
            auto const trkorr = parsed<TrRequest>(body->text("request"));
            if (!trkorr) co_return answer_of(trkorr.error());
            what.request = *trkorr;
        }
        auto const recorded = (*landscape)->record_object(*sid, std::move(what), agent.parts().now());
        if (!recorded) co_return refused(recorded.error(), text);
    } else {
        auto& cts = (*landscape)->cts(*sid);
        auto facts = changed_facts(*body, cts.facts_of(*object));
        if (!facts) co_return answer_of(facts.error());
        cts.set_facts(*object, std::move(*facts));
    }
    co_return done({{"system", sid->text()}, {"object", text}});
}

constexpr AdminVerb of_requests[] = {
    {"POST", "/api/v1/requests", create_request},
    {"PUT", "/api/v1/requests/{request}", change_request},
    {"DELETE", "/api/v1/requests/{request}", delete_request},
    {"POST", "/api/v1/requests/{request}/release", release_request},
    {"POST", "/api/v1/requests/{request}/tasks", add_task},
    {"POST", "/api/v1/requests/{request}/objects", add_object},
    {"DELETE", "/api/v1/requests/{request}/objects", remove_objects},
    {"POST", "/api/v1/requests/{request}/unlock", unlock_objects},
    {"POST", "/api/v1/requests/{request}/copies", copy_request},
    {"PUT", "/api/v1/requests/{request}/fault", break_release},
    {"POST", "/api/v1/objects/{system}", object_of_system},
    {"PUT", "/api/v1/objects/{system}", object_of_system},
};

} // namespace

std::span<AdminVerb const> request_verbs() {
    return of_requests;
}

} // namespace almd
