// Verbs of STMS_IMPORT: the import queue by hand.
#include "agent/admin/admin_verb.hpp"
#include "agent/setup/free_work_processes.hpp"

#include <fmt/format.h>

namespace almd {

namespace {

using nlohmann::json;

/// By hand in the first landscape only: SIDs of a fleet are its own.
Result<TransportTarget> target_in(AdminBody const& body) {
    return parsed<TransportTarget>(body.text("target"));
}

Async<HttpResponse> add_to_buffer(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"target", "request", "importAgain"});
    if (!body) co_return answer_of(body.error());
    auto target = target_in(*body);
    if (!target) co_return answer_of(target.error());
    auto trkorr = parsed<TrRequest>(body->text("request"));
    if (!trkorr) co_return answer_of(trkorr.error());
    auto const* again = body->find("importAgain");
    if (again && !again->is_boolean())
        co_return answer_of(Error{ErrorCode::invalid, "importAgain: true or false is needed"});
    auto added = parts.world.keep(0).add_to_buffer(*trkorr, *target, parts.now(), again && again->get<bool>());
    if (!added) co_return answer_of(added.error());
    co_return done({{"request", trkorr->text()}, {"target", target->text()}});
}

Async<HttpResponse> delete_from_buffer(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto target = TransportTarget::parse(path[0]);
    if (!target) co_return answer_of(target.error());
    auto trkorr = TrRequest::parse(path[1]);
    if (!trkorr) co_return answer_of(trkorr.error());
    auto deleted = agent.parts().world.keep(0).delete_from_buffer(*trkorr, *target);
    co_return deleted ? done({{"request", trkorr->text()}, {"target", target->text()}}) : answer_of(deleted.error());
}

/// {"excluded": true}: "will not be imported"; {"fileMissing": true}: the data file is not in the transport directory.
Async<HttpResponse> mark_entry(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto target = TransportTarget::parse(path[0]);
    if (!target) co_return answer_of(target.error());
    auto trkorr = TrRequest::parse(path[1]);
    if (!trkorr) co_return answer_of(trkorr.error());
    auto body = AdminBody::parse(request, {"excluded", "fileMissing"});
    if (!body) co_return answer_of(body.error());
    struct Mark {
        std::string_view key;
        EntryMark mark;
    };
    constexpr Mark marks[]{{"excluded", EntryMark::excluded}, {"fileMissing", EntryMark::file_missing}};
    bool any = false;
    for (auto const& [key, mark] : marks) {
        auto const* on = body->find(key);
        if (!on) continue;
        if (!on->is_boolean())
            co_return answer_of(Error{ErrorCode::invalid, fmt::format("{}: true or false is needed", key)});
        any = true;
        auto set = agent.parts().world.keep(0).set_mark(*trkorr, *target, mark, on->get<bool>());
        if (!set) co_return answer_of(set.error());
    }
    if (!any) co_return answer_of(Error{ErrorCode::invalid, "excluded or fileMissing is needed, true or false"});
    co_return done({{"request", trkorr->text()}, {"target", target->text()}});
}

Async<HttpResponse> set_end_mark(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = SystemId::parse(path[0]);
    if (!system) co_return answer_of(system.error());
    auto set = agent.parts().world.keep(0).set_end_mark(*system);
    co_return set ? done({{"system", system->text()}, {"endMark", true}}) : answer_of(set.error());
}

Async<HttpResponse> delete_end_mark(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = SystemId::parse(path[0]);
    if (!system) co_return answer_of(system.error());
    auto deleted = agent.parts().world.keep(0).delete_end_mark(*system);
    co_return deleted ? done({{"system", system->text()}, {"endMark", false}}) : answer_of(deleted.error());
}

/// {"options": ["importAgain", ...]}: keys of stms_options(); "checkPredecessors" takes away the tick that is the default.
Result<ImportOptions> options_in(AdminBody const& body) {
    ImportOptions options;
    auto const* list = body.find("options");
    if (!list) return options;
    if (!list->is_array()) return fail(ErrorCode::invalid, "options: an array of strings is needed");
    for (auto const& item : *list) {
        auto const key = item.is_string() ? item.get<std::string>() : item.dump();
        if (key == "checkPredecessors") {
            options.ignore_predecessors = false;
            continue;
        }
        bool known = false;
        for (auto const& option : stms_options()) {
            if (option.key != key) continue;
            options.*option.value = true;
            known = true;
        }
        if (!known) return fail(ErrorCode::invalid, fmt::format("options: {} is no import option", key));
    }
    return options;
}

/// Without "requests" it is import all.
Result<std::vector<TrRequest>> requests_in(AdminBody const& body, Landscape const& landscape,
                                           TransportTarget const& target) {
    auto const* list = body.find("requests");
    if (!list) return landscape.all_for_import(target);
    if (!list->is_array() || list->empty())
        return fail(ErrorCode::invalid, "requests: an array of numbers such as \"DEVK900042\" is needed");
    std::vector<TrRequest> all;
    for (auto const& item : *list) {
        auto trkorr = TrRequest::parse(item.is_string() ? item.get<std::string>() : item.dump());
        if (!trkorr) return std::unexpected(trkorr.error());
        if (!landscape.request(*trkorr))
            return fail(ErrorCode::not_found,
                        text_of(Text::request_does_not_exist, trkorr->text(), trkorr->system().text()));
        all.push_back(*trkorr);
    }
    return all;
}

/// Its outcome stands in the history, the queue and tp's logs.
Async<void> import_in_background(AgentParts* parts, TransportTarget target, std::vector<TrRequest> requests,
                                 std::string user, ImportOptions options) {
    FreeWorkProcesses const batch{*parts, 0};
    (void)co_await parts->world.keep(0).import_subset(parts->shard.clock(), target, std::move(requests),
                                                      std::move(user), options, &batch);
}

/// Starts the import and answers at once: an import takes simulated time, which a caller cannot wait for.
Async<HttpResponse> import_queue(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"target", "requests", "options", "user"});
    if (!body) co_return answer_of(body.error());
    auto target = target_in(*body);
    if (!target) co_return answer_of(target.error());
    auto options = options_in(*body);
    if (!options) co_return answer_of(options.error());
    auto& landscape = parts.world.keep(0);
    if (auto possible = landscape.check_import(*target); !possible) co_return answer_of(possible.error());
    auto requests = requests_in(*body, landscape, *target);
    if (!requests) co_return answer_of(requests.error());
    auto const count = requests->size();
    options->all = !body->find("requests");
    auto user = body->text_if_any("user").value_or("TMSADM");
    parts.shard.tasks().spawn(import_in_background(&parts, *target, *std::move(requests), std::move(user), *options));
    co_return done({{"target", target->text()}, {"requests", count}, {"umodes", umodes_of(*options)}});
}

constexpr AdminVerb of_queues[] = {
    {"POST", "/api/v1/queue", add_to_buffer},
    {"POST", "/api/v1/queue/import", import_queue},
    {"DELETE", "/api/v1/queue/{target}/{request}", delete_from_buffer},
    {"PUT", "/api/v1/queue/{target}/{request}", mark_entry},
    {"PUT", "/api/v1/endmarks/{system}", set_end_mark},
    {"DELETE", "/api/v1/endmarks/{system}", delete_end_mark},
};

} // namespace

std::span<AdminVerb const> queue_verbs() {
    return of_queues;
}

} // namespace almd
