// Rows 4 to 15 and 27 of the contract.
#include "simulator/cloud/dialogue_rows.hpp"

#include "proto/messages/heartbeat.hpp"
#include "proto/messages/landscape.hpp"
#include "proto/messages/registration.hpp"
#include "proto/messages/transports.hpp"
#include "proto/messages/use_cases.hpp"
#include "proto/messages/work.hpp"
#include "simulator/cloud/feature_work.hpp"
#include "simulator/cloud/result_fit.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/format.h>

#include <charconv>

namespace almd {

namespace {

/// A decoder says "<path>: <sentence>"; the path becomes the target.
HttpResponse bad_body(Error const& error) {
    if (error.code == ErrorCode::too_large) return error_response(413, "TOO_LARGE", error.context);
    std::string_view const text = error.context;
    auto const colon = text.find(": ");
    if (colon == std::string_view::npos) return error_response(400, "INVALID_BODY", text);
    return invalid_body(text.substr(0, colon), text.substr(colon + 2));
}

HttpResponse no_content() {
    return HttpResponse{204};
}

HttpResponse register_row(CloudState& cloud, CloudCall& call) {
    auto message = decode_registration(call.http.body);
    if (!message) return bad_body(message.error());
    auto const entered = cloud.registrations.enter(call.tenant, *std::move(message), cloud.now(), call.key.hash);
    if (!entered) {
        auto const& refusal = entered.error();
        return error_response(refusal.status, refusal.code, refusal.message, refusal.target);
    }
    call.slot = entered->slot;
    call.repeated = entered->repeated;
    if (!entered->repeated) {
        cloud.ledger.open(call.slot);
        cloud.use_cases.open(call.slot);
    }
    cloud.ledger.adopt(CloudOperation::register_system, call.slot);
    return json_response(entered->known ? 200 : 201, encode(RegistrationAnswer{cloud.registrations.row(call.slot).id}));
}

HttpResponse unregister_row(CloudState& cloud, CloudCall const& call) {
    cloud.registrations.leave(call.slot);
    // It cannot poll or report any more: what is open would be open for ever.
    auto const& row = cloud.registrations.row(call.slot);
    for (auto const id : cloud.work.open_of(call.slot))
        cloud.cancel(id,
                     fmt::format("{}:{} was unregistered before it was done", row.system.text(), row.client.text()));
    return no_content();
}

HttpResponse heartbeat_row(CloudState& cloud, CloudCall& call) {
    auto const beat = decode_heartbeat(call.http.body);
    if (!beat) return bad_body(beat.error());
    call.sequence = beat->sequence;
    auto const& row = cloud.registrations.row(call.slot);
    if (beat->client != row.client)
        return error_response(400, "INVALID_BODY", fmt::format("this registration is of client {}", row.client.text()),
                              "client");
    if (!cloud.ledger.heartbeat(call.slot, beat->sequence, cloud.now())) call.repeated = true;
    return json_response(200, encode(HeartbeatAnswer{cloud.use_cases.version(call.slot)}));
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    return if_none_match == "*" || if_none_match.find(tag) != std::string_view::npos;
}

HttpResponse use_cases_row(CloudState& cloud, CloudCall const& call) {
    auto body = encode(cloud.use_cases.selection(call.slot));
    // Of the content, so that a tag from before a restart of the stand-in is not mistaken for the present one.
    auto const tag = fmt::format("\"{:016x}\"", hash_text(body));
    auto response = names_tag(find_header(call.http.headers, "If-None-Match"), tag)
                        ? HttpResponse{304}
                        : json_response(200, std::move(body));
    response.headers.emplace_back("ETag", tag);
    return response;
}

HttpResponse report_activation_row(CloudState& cloud, CloudCall const& call) {
    auto const& wanted = call.path_values[1];
    auto const task = find_task(wanted);
    if (!task)
        return error_response(404, "TASK_UNKNOWN",
                              fmt::format("there is no task \"{}\"; tasks have the names of /SDF/ALM_SETUP, such as "
                                          "\"Transports: Read\"",
                                          wanted.substr(0, 100)),
                              "task");
    auto const activation = decode_use_case_activation(call.http.body);
    if (!activation) return bad_body(activation.error());
    if (auto const why = why_not_in_client(*task, activation->client, cloud.registrations.row(call.slot).client))
        return error_response(422, "WRONG_CLIENT", *why, "client");
    switch (cloud.use_cases.report(call.slot, *task, *activation)) {
    case UseCaseBoard::Outcome::changed:
    case UseCaseBoard::Outcome::unchanged: break;
    case UseCaseBoard::Outcome::cloud_is_leading:
        return error_response(
            409, "CLOUD_IS_LEADING",
            fmt::format("\"{}\" was deactivated after its first activation; only Cloud ALM can activate it again",
                        wanted),
            "active");
    case UseCaseBoard::Outcome::full:
        return error_response(400, "TOO_MANY_TASKS",
                              fmt::format("a system has at most {} tasks", UseCaseBoard::tasks_per_system_max), "task");
    }
    return json_response(200, "{}");
}

/// Reports are kept while there is room; they are for people to read.
template <class Message>
void keep(std::unordered_map<CloudSlot, Message>& reports, CloudSlot slot, Message message, std::size_t max) {
    if (reports.size() < max || reports.contains(slot)) reports.insert_or_assign(slot, std::move(message));
}

HttpResponse discovery_row(CloudState& cloud, CloudCall const& call) {
    auto message = decode_discovery(call.http.body);
    if (!message) return bad_body(message.error());
    keep(cloud.discoveries, call.slot, *std::move(message), cloud.settings.limits.registration_details_max);
    return no_content();
}

HttpResponse diagnostics_row(CloudState& cloud, CloudCall const& call) {
    auto message = decode_diagnostics(call.http.body);
    if (!message) return bad_body(message.error());
    // A confirmation needs no place, and a fleet has very many.
    std::erase_if(message->findings, [](auto const& finding) { return finding.severity == "ok"; });
    message->findings.shrink_to_fit();
    keep(cloud.diagnostics, call.slot, *std::move(message), cloud.settings.limits.registration_details_max);
    return no_content();
}

HttpResponse landscape_row(CloudState& cloud, CloudCall const& call) {
    auto message = decode_landscape_push(call.http.body);
    if (!message) return bad_body(message.error());
    auto const& row = cloud.registrations.row(call.slot);
    if (auto const finding = cloud.landscapes.put(call.tenant, call.slot, row, *std::move(message), cloud.now()))
        return error_response(422, finding->code, finding->message, finding->target);
    return no_content();
}

HttpResponse transports_row(CloudState& cloud, CloudCall const& call) {
    auto message = decode_transports_push(call.http.body);
    if (!message) return bad_body(message.error());
    if (message->transports.size() > transports_per_push_max)
        return error_response(413, "TOO_MANY_TRANSPORTS", fmt::format("at most {} per call", transports_per_push_max),
                              "transports");
    switch (cloud.transports.check_cursor(call.slot, *message)) {
    case TransportShelf::CursorFault::none: break;
    case TransportShelf::CursorFault::missing:
        return error_response(400, "CURSOR_MISSING", "without a cursor only a full push is taken: send \"full\": true",
                              "cursor");
    case TransportShelf::CursorFault::unknown:
        return error_response(409, "CURSOR_UNKNOWN",
                              "this is not the cursor of the last answer; begin again with null and \"full\": true",
                              "cursor");
    }
    return json_response(200, encode(cloud.transports.take(call.slot, *std::move(message), cloud.now())));
}

constexpr std::size_t poll_max = 500;

/// What a poll asks for; the error's context is the parameter.
struct PollProblem {
    std::string_view parameter;
    std::string sentence;
};

std::expected<WorkDesk::Poll, PollProblem> read_poll(CloudState const& cloud, CloudCall const& call) {
    WorkDesk::Poll poll;
    poll.ignore_leases = call.ignores_leases;
    poll.is_off = [&cloud, slot = call.slot](WorkKind kind) { return cloud.use_cases.is_off(slot, task_of(kind)); };
    auto const query = Query::parse(call.query);
    for (auto const& [key, value] : query.all())
        if (key != "kinds" && key != "client" && key != "max")
            return std::unexpected{
                PollProblem{"query", fmt::format("unknown parameter {}; allowed: kinds, client, max", key)}};
    std::string const list = query.get("kinds").value_or("");
    for (std::string_view rest = list; !rest.empty();) {
        auto const kind = parse_work_kind(rest.substr(0, rest.find(',')));
        if (!kind) return std::unexpected{PollProblem{"kinds", kind.error().context}};
        poll.kinds.push_back(*kind);
        rest = rest.find(',') == std::string_view::npos ? "" : rest.substr(rest.find(',') + 1);
    }
    if (auto const client = query.get("client")) {
        auto const parsed = Client::parse(*client);
        if (!parsed) return std::unexpected{PollProblem{"client", parsed.error().context}};
        poll.client = *parsed;
    }
    if (auto const max = query.get("max")) {
        auto const [end, error] = std::from_chars(max->data(), max->data() + max->size(), poll.max);
        if (error != std::errc{} || end != max->data() + max->size() || poll.max == 0 || poll.max > poll_max)
            return std::unexpected{PollProblem{"max", fmt::format("must be a number from 1 to {}", poll_max)}};
    }
    return poll;
}

HttpResponse poll_work_row(CloudState& cloud, CloudCall const& call) {
    auto poll = read_poll(cloud, call);
    if (!poll) return error_response(400, "INVALID_PARAMETER", poll.error().sentence, poll.error().parameter);
    auto list = cloud.work.poll(call.slot, *poll, cloud.now(), cloud.wire());
    if (call.is_doubled) {
        auto const once = list.items;
        list.items.insert(list.items.end(), once.begin(), once.end());
    }
    return json_response(200, encode(list));
}

/// Of this tenant; what belongs to another one does not exist for the caller.
CloudWork const* work_of(CloudState const& cloud, CloudCall const& call) {
    auto const id = WorkId::parse(call.path_values[1]);
    auto const* work = id ? cloud.work.find(*id) : nullptr;
    return work != nullptr && cloud.registrations.row(work->slot).tenant == call.tenant ? work : nullptr;
}

HttpResponse work_unknown() {
    return error_response(404, "WORK_UNKNOWN", "there is no such work item", "workId");
}

/// Somebody answers what he was not asked: whatever he did, the cloud did not want it done.
HttpResponse not_asked(CloudState& cloud, CloudCall const& call, CloudWork const& work) {
    auto const id = work.item.id.text();
    auto const& owner = cloud.registrations.row(work.slot);
    bool const other = work.slot != call.slot;
    auto const why = other ? fmt::format("it is for {}:{}", owner.system.text(), owner.client.text())
                           : std::string{"it was never handed out; poll it first"};
    cloud.ledger.anomaly(call.slot, fmt::format("a result came for work {} ({}) that this system does not have: {}", id,
                                                name(work.item.kind), why));
    return error_response(409, other ? "WORK_OF_ANOTHER_SYSTEM" : "WORK_NOT_HANDED_OUT",
                          fmt::format("this system was not asked for work item {}: {}", id, why), "workId");
}

HttpResponse work_cancelled(CloudWork const& work) {
    return error_response(409, "WORK_CANCELLED",
                          fmt::format("this work item is over: {}", work.result->messages.front().text), "workId");
}

HttpResponse work_result_row(CloudState& cloud, CloudCall& call) {
    auto const* work = work_of(cloud, call);
    if (work == nullptr) return work_unknown();
    auto result = decode_work_result(call.http.body);
    if (!result) return bad_body(result.error());
    if (work->slot == call.slot && work->handed_out > 0 && (work->open() || work->cancelled))
        if (auto const misfit = misfit_of(work->item, cloud.registrations.row(work->slot).system, *result))
            return error_response(422, "RESULT_DOES_NOT_FIT", misfit->message, misfit->target);
    auto const status = result->status;
    auto const id = work->item.id;
    switch (cloud.work.report(call.slot, id, *result, cloud.now(), cloud.wire())) {
    case WorkDesk::Verdict::started: break;
    case WorkDesk::Verdict::duplicate: call.repeated = true; break;
    case WorkDesk::Verdict::ended: cloud.apply(*work); break;
    case WorkDesk::Verdict::not_asked:
    case WorkDesk::Verdict::other_system: return not_asked(cloud, call, *work);
    case WorkDesk::Verdict::done_in_vain:
        if (auto learned = cloud.learn_late(*work, *std::move(result)); !learned)
            cloud.ledger.anomaly(call.slot, learned.error().context);
        return work_cancelled(*work);
    case WorkDesk::Verdict::cancelled: return work_cancelled(*work);
    case WorkDesk::Verdict::unknown: return work_unknown();
    case WorkDesk::Verdict::contradiction: {
        auto const end = name(work->result->status);
        bool const late = status == WorkStatus::started;
        cloud.ledger.anomaly(call.slot, fmt::format("work {} ended as {}, then came \"{}\"{}", id.text(), end,
                                                    name(status), late ? "" : " with other content"));
        return error_response(409, "WORK_ENDED",
                              late ? fmt::format("this work item ended as {}; \"started\" came after the end", end)
                                   : fmt::format("this work item ended as {} with other content", end),
                              "status");
    }
    }
    return no_content();
}

HttpResponse check_result_row(CloudState& cloud, CloudCall& call) {
    auto const* work = work_of(cloud, call);
    auto checks = decode_check_result(call.http.body);
    if (!checks) return bad_body(checks.error());
    if (work == nullptr) return work_unknown();
    auto const id = work->item.id;
    switch (cloud.work.take_checks(call.slot, id, *std::move(checks), cloud.now())) {
    case WorkDesk::Verdict::started:
    case WorkDesk::Verdict::ended: break;
    case WorkDesk::Verdict::duplicate: call.repeated = true; break;
    case WorkDesk::Verdict::not_asked:
    case WorkDesk::Verdict::other_system: return not_asked(cloud, call, *work);
    case WorkDesk::Verdict::done_in_vain: // of results only
    case WorkDesk::Verdict::cancelled: return work_cancelled(*work);
    case WorkDesk::Verdict::unknown: return error_response(404, "WORK_UNKNOWN", "this work item is no check", "workId");
    case WorkDesk::Verdict::contradiction:
        cloud.ledger.anomaly(call.slot, fmt::format("check {} was reported again with other findings", id.text()));
        return error_response(409, "CHECK_REPORTED", "this check was reported before with other findings", "findings");
    }
    return no_content();
}

} // namespace

HttpResponse invalid_body(std::string_view path, std::string_view sentence) {
    // A registration without these two has a code of its own, whether the field is empty or not there at all.
    auto const code = path == "dbHost"         ? "DB_HOST_MISSING"
                      : path == "systemNumber" ? "SYSTEM_NUMBER_MISSING"
                                               : "INVALID_BODY";
    return error_response(400, code, sentence, path);
}

std::optional<WorkDesk::Poll> poll_of(CloudState const& cloud, CloudCall const& call) {
    auto poll = read_poll(cloud, call);
    return poll ? std::optional{*std::move(poll)} : std::nullopt;
}

HttpResponse answer_row(CloudState& cloud, CloudCall& call) {
    switch (call.operation) {
    case CloudOperation::register_system: return register_row(cloud, call);
    case CloudOperation::unregister: return unregister_row(cloud, call);
    case CloudOperation::heartbeat: return heartbeat_row(cloud, call);
    case CloudOperation::use_cases: return use_cases_row(cloud, call);
    case CloudOperation::report_activation: return report_activation_row(cloud, call);
    case CloudOperation::discovery: return discovery_row(cloud, call);
    case CloudOperation::diagnostics: return diagnostics_row(cloud, call);
    case CloudOperation::landscape: return landscape_row(cloud, call);
    case CloudOperation::transports: return transports_row(cloud, call);
    case CloudOperation::poll_work: return poll_work_row(cloud, call);
    case CloudOperation::work_result: return work_result_row(cloud, call);
    case CloudOperation::check_result: return check_result_row(cloud, call);
    case CloudOperation::connection_test:
        // SM59 shows 400 as the healthy answer of this path (V).
        return error_response(400, "BAD_REQUEST", "the connection works; there is nothing to get at this path");
    case CloudOperation::token:
    default: break; // answered at the door
    }
    return error_response(404, "NOT_FOUND", "there is no such row");
}

} // namespace almd
