// Verbs of STMS_IMPORT: the import queue by hand, tp's parameters.
#include "agent/admin/admin_verb.hpp"
#include "agent/settings/names.hpp"
#include "agent/setup/import_dispatcher.hpp"
#include "simulator/tms/tp_profile.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

namespace {

using nlohmann::json;

/// An entry of a queue; by hand in the first landscape only: SIDs of a fleet are its own.
HttpResponse answer_for(std::pair<TransportTarget, TrRequest> const& entry, Result<void> const& result) {
    auto const& [target, trkorr] = entry;
    return result ? done({{"request", trkorr.text()}, {"target", target.text()}})
                  : answer_of(result.error(), trkorr.text());
}

Async<HttpResponse> add_to_buffer(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"target", "request", "importAgain"});
    if (!body) co_return answer_of(body.error());
    auto const entry = names_of<TransportTarget, TrRequest>(body->text("target"), body->text("request"));
    if (!entry) co_return answer_of(entry.error());
    auto const again = body->flag("importAgain");
    if (!again) co_return answer_of(again.error());
    co_return answer_for(*entry, parts.world.keep(0).add_to_buffer(entry->second, entry->first, parts.now(), *again));
}

/// TMS_MGR_FORWARD_TR_REQUEST: iv_request, iv_source, iv_target, iv_import_again.
Async<HttpResponse> forward_request(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"source", "target", "request", "importAgain"});
    if (!body) co_return answer_of(body.error());
    auto const source = parsed<SystemId>(body->text("source"));
    if (!source) co_return answer_of(source.error());
    auto const entry = names_of<TransportTarget, TrRequest>(body->text("target"), body->text("request"));
    if (!entry) co_return answer_of(entry.error());
    auto const again = body->flag("importAgain");
    if (!again) co_return answer_of(again.error());
    auto const forwarded = parts.world.keep(0).forward(entry->second, *source, entry->first, parts.now(), *again);
    co_return answer_for(*entry, forwarded);
}

Async<HttpResponse> delete_from_buffer(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto const entry = names_of<TransportTarget, TrRequest>(path[0], path[1]);
    if (!entry) co_return answer_of(entry.error());
    co_return answer_for(
        *entry, agent.parts().world.keep(0).delete_from_buffer(entry->second, entry->first, agent.parts().now()));
}

/// {"excluded": true}: "will not be imported"; {"fileMissing": true}: the data file is not in the transport directory.
Async<HttpResponse> mark_entry(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const entry = names_of<TransportTarget, TrRequest>(path[0], path[1]);
    if (!entry) co_return answer_of(entry.error());
    auto body = AdminBody::parse(request, {"excluded", "fileMissing"});
    if (!body) co_return answer_of(body.error());
    auto const excluded = body->flag("excluded"), file_missing = body->flag("fileMissing");
    for (auto const* flag : {&excluded, &file_missing}) // both, before one of them changes anything
        if (!*flag) co_return answer_of(flag->error());
    if (!body->find("excluded") && !body->find("fileMissing"))
        co_return answer_of(Error{ErrorCode::invalid, "excluded or fileMissing is needed, true or false"});
    auto& landscape = agent.parts().world.keep(0);
    Result<void> marked;
    if (body->find("excluded"))
        marked = landscape.set_mark(entry->second, entry->first, EntryMark::excluded, *excluded);
    if (marked && body->find("fileMissing"))
        marked = landscape.set_mark(entry->second, entry->first, EntryMark::file_missing, *file_missing);
    co_return answer_for(*entry, marked);
}

Async<HttpResponse> set_end_mark(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = SystemId::parse(path[0]);
    if (!system) co_return answer_of(system.error());
    auto set = agent.parts().world.keep(0).set_end_mark(*system, agent.parts().now());
    co_return set ? done({{"system", system->text()}, {"endMark", true}}) : answer_of(set.error());
}

Async<HttpResponse> delete_end_mark(Agent& agent, HttpRequest, std::vector<std::string> path) {
    auto system = SystemId::parse(path[0]);
    if (!system) co_return answer_of(system.error());
    auto deleted = agent.parts().world.keep(0).delete_end_mark(*system, agent.parts().now());
    co_return deleted ? done({{"system", system->text()}, {"endMark", false}}) : answer_of(deleted.error());
}

/// {"options": ["importAgain", ...]}: keys of stms_options(). "checkPredecessors" and "removeFromQueue" take away ticks
/// that are the default, the second one that of an import single (`preliminary`).
Result<ImportOptions> options_in(AdminBody const& body, bool preliminary) {
    ImportOptions options;
    options.leave_in_queue = preliminary;
    auto const keys = body.texts("options", "importAgain");
    if (!keys) return std::unexpected(keys.error());
    for (auto const& key : *keys) {
        if (key == "checkPredecessors") {
            options.ignore_predecessors = false;
            continue;
        }
        if (key == "removeFromQueue") {
            options.leave_in_queue = false;
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
    ImportDispatcher rddimpdp{*parts, 0, target};
    (void)co_await parts->world.keep(0).import_subset(parts->shard.clock(), target, std::move(requests),
                                                      std::move(user), options, &rddimpdp);
    rddimpdp.finish();
}

/// The first thing tp says; the others stand in SLOG of no call, because none was made.
Error why_nothing_starts(Landscape::ImportPreview const& preview) {
    std::string all;
    for (auto const& message : preview.messages) all.append(all.empty() ? "" : "; ").append(message.text);
    auto const& first = preview.messages.front();
    bool const missing = first.number == entry_of(Text::not_in_buffer).number &&
                         first.message_class == entry_of(Text::not_in_buffer).message_class;
    return {missing ? ErrorCode::not_found : ErrorCode::conflict, preview.messages.size() == 1 ? first.text : all};
}

/// Starts the import and answers at once: an import takes simulated time, which a caller cannot wait for.
Async<HttpResponse> import_queue(Agent& agent, HttpRequest request, std::vector<std::string>) {
    auto& parts = agent.parts();
    auto body = AdminBody::parse(request, {"target", "requests", "options", "user"});
    if (!body) co_return answer_of(body.error());
    auto target = parsed<TransportTarget>(body->text("target"));
    if (!target) co_return answer_of(target.error());
    auto& landscape = parts.world.keep(0);
    if (auto possible = landscape.check_import(*target); !possible) co_return answer_of(possible.error());
    auto user = body->name_or("user", allow_user_name, stms_user);
    if (!user) co_return answer_of(user.error());
    bool const all = !body->find("requests");
    auto const activity = all ? TransportActivity::import_all : TransportActivity::import_single;
    if (auto may = landscape.authorize(*target->system(), *user, activity, parts.now()); !may)
        co_return answer_of(may.error());
    auto requests = requests_in(*body, landscape, *target);
    if (!requests) co_return answer_of(requests.error());
    auto const options = options_in(*body, !all && landscape.is_preliminary(*requests, *target));
    if (!options) co_return answer_of(options.error());
    auto preview = landscape.preview_import(*target, *requests, *options);
    if (!preview) co_return answer_of(preview.error());
    if (!preview->starts && !preview->messages.empty()) co_return answer_of(why_nothing_starts(*preview));
    json messages = json::array();
    for (auto const& message : preview->messages)
        messages.push_back({{"type", std::string(1, message.type)}, {"text", message.text}});
    auto const count = requests->size();
    auto call = *options;
    call.all = all;
    parts.shard.tasks().spawn(import_in_background(&parts, *target, *std::move(requests), *std::move(user), call));
    co_return done(
        {{"target", target->text()}, {"requests", count}, {"umodes", umodes_of(*options)}, {"messages", messages}});
}

/// Of the transport profile; a call of tp that runs goes on with what it read.
Async<HttpResponse> put_tp_parameter(Agent& agent, HttpRequest request, std::vector<std::string> path) {
    auto const body = AdminBody::parse(request, {"value"});
    if (!body) co_return answer_of(body.error());
    auto const value = body->text("value");
    if (!value) co_return answer_of(value.error());
    auto& landscape = agent.parts().world.keep(0);
    auto profile = landscape.tp_profile();
    if (auto const set = set_tp_parameter(profile, path[0], *value); !set) co_return answer_of(set.error(), path[0]);
    landscape.set_tp_profile(profile);
    co_return done({{"name", path[0]}, {"value", *value}});
}

constexpr AdminVerb of_queues[] = {
    {"POST", "/api/v1/queue", add_to_buffer},
    {"POST", "/api/v1/queue/import", import_queue},
    {"POST", "/api/v1/queue/forward", forward_request},
    {"DELETE", "/api/v1/queue/{target}/{request}", delete_from_buffer},
    {"PUT", "/api/v1/queue/{target}/{request}", mark_entry},
    {"PUT", "/api/v1/tpparameters/{name}", put_tp_parameter},
    {"PUT", "/api/v1/endmarks/{system}", set_end_mark},
    {"DELETE", "/api/v1/endmarks/{system}", delete_end_mark},
};

} // namespace

std::span<AdminVerb const> queue_verbs() {
    return of_queues;
}

} // namespace almd
