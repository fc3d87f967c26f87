// The ledger as a page: the verdict, the sums, and one row per system.
#include "proto/http/listing.hpp"
#include "simulator/cloud/cloud_pages.hpp"
#include "simulator/cloud/cloud_state.hpp"

#include <nlohmann/json.hpp>

#include <unordered_map>

namespace almd {

namespace {

using Json = nlohmann::json;

template <class Counts>
Json counts_json(Counts const& counts) {
    return {{"requests", counts.requests},
            {"accepted", counts.accepted},
            {"duplicates", counts.duplicates},
            {"refused", counts.refused},
            {"faults", counts.faults}};
}

struct WorkOfSystem {
    std::uint64_t handed_out = 0, started = 0, finished = 0, open = 0;
};
using WorkBySystem = std::unordered_map<CloudSlot, WorkOfSystem>;

WorkBySystem work_by_system(WorkDesk const& desk) {
    WorkBySystem all;
    for (auto const& work : desk.all()) {
        auto& sum = all[work.slot];
        sum.handed_out += work.handed_out > 0;
        sum.started += work.started > 0;
        sum.finished += work.ended;
        sum.open += work.open();
    }
    return all;
}

Json system_json(CloudState const& state, CloudSlot slot, WorkBySystem const& work_by_slot) {
    auto const& row = state.registrations.row(slot);
    auto const system = state.ledger.system(slot);
    auto json = counts_json(state.ledger.counts(slot));
    auto operations = Json::object();
    for (std::size_t i = 0; i < cloud_operation_count; ++i) {
        auto const operation = static_cast<CloudOperation>(i);
        auto const counts = state.ledger.counts(slot, operation);
        if (counts.requests > 0) operations[std::string{name(operation)}] = counts_json(counts);
    }
    auto const found = work_by_slot.find(slot);
    auto const work = found == work_by_slot.end() ? WorkOfSystem{} : found->second;
    json.update({{"lmsId", row.id.text()},
                 {"system", row.system.text()},
                 {"client", row.client.text()},
                 {"heartbeats", system.beats},
                 {"lastSequence", system.last_sequence},
                 {"gaps", system.gaps},
                 {"reorderings", system.reorderings},
                 {"repeated", system.repeated},
                 {"expiredTokens", system.expired_token},
                 {"unknownTokens", system.unknown_token},
                 {"revokedTokens", system.revoked_token},
                 {"workHandedOut", work.handed_out},
                 {"workStarted", work.started},
                 {"workEnded", work.finished},
                 {"workOpen", work.open},
                 {"operations", std::move(operations)}});
    return json;
}

Json summary_json(CloudState const& state) {
    auto const& totals = state.ledger.totals();
    auto const judged = verdict(state.ledger, state.work, state.registrations);
    auto operations = Json::object();
    for (std::size_t i = 0; i < cloud_operation_count; ++i)
        operations[std::string{name(static_cast<CloudOperation>(i))}] = counts_json(totals.operations[i]);
    auto const& work = state.work.counters();
    auto anomalies = Json::array();
    for (auto const& anomaly : state.ledger.anomalies())
        anomalies.push_back({{"lmsId", state.registrations.row(anomaly.slot).id.text()}, {"text", anomaly.text}});
    auto unfinished = Json::array();
    for (auto const& item : state.work.all())
        if (item.open() && item.handed_out > 0 && unfinished.size() < state.settings.limits.anomalies_max)
            unfinished.push_back(to_json(state, item));
    return {{"clean", judged.clean},
            {"reasons", judged.reasons},
            {"registrations", state.registrations.size()},
            {"registered", state.registrations.registered()},
            {"operations", std::move(operations)},
            {"heartbeats", {{"gaps", totals.gaps}, {"reorderings", totals.reorderings}, {"repeated", totals.repeated}}},
            {"tokens",
             {{"expired", totals.expired_token},
              {"unknown", totals.unknown_token},
              {"missing", totals.missing_token},
              {"revoked", totals.revoked_token}}},
            {"work",
             {{"made", work.made},
              {"handedOut", work.handed_out},
              {"handedOutAgain", work.redelivered},
              {"started", work.started},
              {"finished", work.finished},
              {"failed", work.failed},
              {"rejected", work.rejected},
              {"doneAfterCancel", work.done_after_cancel},
              {"open", state.work.open()}}},
            {"faultsFired", state.faults.fired()},
            {"anomalies", std::move(anomalies)},
            {"unfinished", std::move(unfinished)},
            // What went over a bound of the stand-in; accepted from the systems, but not kept.
            {"notKept",
             {{"transports", state.transports.not_kept()},
              {"landscapes", state.landscapes.not_kept()},
              {"endedWork", state.work.forgotten()},
              {"idempotencyKeys", state.idempotency.forgotten_early()},
              {"anomalies", totals.anomalies - state.ledger.anomalies().size()}}}};
}

} // namespace

HttpResponse ledger_page(CloudState const& state, Query const& query) {
    auto const work = work_by_system(state.work);
    ListSource source;
    source.fields = {"lmsId",         "system",        "client",      "requests",      "accepted",
                     "duplicates",    "refused",       "faults",      "heartbeats",    "lastSequence",
                     "gaps",          "reorderings",   "repeated",    "expiredTokens", "unknownTokens",
                     "revokedTokens", "workHandedOut", "workStarted", "workEnded",     "workOpen"};
    source.size = state.registrations.size();
    source.row = [&](std::size_t i) { return system_json(state, static_cast<CloudSlot>(i), work); };
    auto response = list_response(query, source);
    if (response.status == 200)
        response.body = "{\"summary\":" + summary_json(state).dump() + "," + response.body.substr(1);
    return response;
}

} // namespace almd
