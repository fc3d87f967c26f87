// Rows of the stand-in's lists.
#include "simulator/cloud/cloud_pages.hpp"

#include "proto/http/listing.hpp"
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/feature_work.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace almd {

namespace {

using Json = nlohmann::json;

Json time_or_null(TimePoint at) {
    return at == TimePoint{} ? Json{} : Json(rfc3339(at));
}

Json client_of(CloudState const& state, CloudSlot slot) {
    auto const& row = state.registrations.row(slot);
    return fmt::format("{}:{}", row.system.text(), row.client.text());
}

Json registration_json(CloudState const& state, CloudSlot slot) {
    auto const& row = state.registrations.row(slot);
    auto const beats = state.ledger.system(slot);
    auto tasks = Json::array();
    for (auto const& task : state.use_cases.selection(slot).tasks)
        if (task.active) tasks.push_back(task.task);
    Json json{{"lmsId", row.id.text()},
              {"tenant", state.settings.tenants[row.tenant]},
              {"system", row.system.text()},
              {"client", row.client.text()},
              {"systemNumber", row.system_number()},
              {"role", name(row.role)},
              {"status", row.registered ? "Registered" : "Unregistered"},
              {"registeredAt", rfc3339(row.at)},
              {"registrations", row.times},
              {"heartbeats", beats.beats},
              {"lastSequence", beats.last_sequence},
              {"lastHeartbeat", time_or_null(beats.last_beat)},
              {"useCaseVersion", state.use_cases.version(slot)},
              {"activeTasks", std::move(tasks)},
              {"description", nullptr},
              {"dbHost", nullptr},
              {"rootUrl", nullptr},
              {"stPi", nullptr},
              {"capabilities", nullptr},
              {"ctc", nullptr},
              {"hosts", nullptr},
              {"logicalSystems", nullptr}};
    if (auto const said = state.diagnostics.find(slot); said != state.diagnostics.end()) {
        auto const& level = said->second.st_pi;
        json["stPi"] = fmt::format("{} SP{}", level.release, level.support_package);
        json["capabilities"] = said->second.capabilities;
        json["ctc"] = said->second.ctc;
    }
    if (auto const found = state.discoveries.find(slot); found != state.discoveries.end()) {
        json["hosts"] = found->second.hosts;
        json["logicalSystems"] = found->second.logical_systems;
    }
    if (auto const* details = state.registrations.details(slot)) {
        json["description"] = details->description;
        json["dbHost"] = details->db_host;
        json["rootUrl"] = details->root_url;
    }
    return json;
}

Json transport_json(CloudState const& state, CloudTransportKey const& key, CloudTransport const& transport) {
    auto const& record = transport.record;
    auto imports = Json::array();
    for (auto const& import : record.imports)
        imports.push_back({{"target", import.target.text()},
                           {"returnCode", import.return_code.value()},
                           {"at", rfc3339(import.at)},
                           {"user", import.user}});
    Json json{{"trkorr", key.trkorr.text()},
              {"text", record.text},
              {"owner", record.owner},
              {"function", std::string(1, static_cast<char>(record.function))},
              {"status", std::string(1, static_cast<char>(record.status))},
              {"statusText", transport.status_text()},
              {"source", fmt::format("{}:{}", record.source_system.text(), record.source_client.text())},
              {"target", nullptr},
              {"featureId", nullptr},
              {"copyFor", nullptr},
              {"reportedBy", client_of(state, key.slot)},
              {"createdAt", rfc3339(record.created_at)},
              {"releasedAt", nullptr},
              {"imports", std::move(imports)}};
    if (record.target) json["target"] = record.target->text();
    if (record.released_at) json["releasedAt"] = rfc3339(*record.released_at);
    if (transport.copy_for)
        if (auto const* feature = state.features.find(*transport.copy_for)) json["copyFor"] = feature->display_id();
    if (transport.feature)
        if (auto const* feature = state.features.find(*transport.feature)) json["featureId"] = feature->display_id();
    return json;
}

Json landscape_json(CloudState const& state, LandscapeBook::Entry const& entry) {
    auto const& landscape = entry.landscape;
    auto systems = Json::array(), groups = Json::array(), consolidation = Json::array(), delivery = Json::array();
    for (auto const& system : landscape.systems) systems.push_back(system.system_id.text());
    for (auto const& group : landscape.target_groups) groups.push_back(group.name);
    for (auto const& route : landscape.consolidation_routes)
        consolidation.push_back(fmt::format("{} ({}) > {}", route.from.text(), route.layer, route.to.text()));
    for (auto const& route : landscape.delivery_routes)
        delivery.push_back(fmt::format("{} > {}", route.from.text(), route.to.text()));
    return {{"domain", landscape.domain},
            {"tenant", state.settings.tenants[entry.tenant]},
            {"controller", landscape.controller.text()},
            {"systems", std::move(systems)},
            {"targetGroups", std::move(groups)},
            {"consolidationRoutes", std::move(consolidation)},
            {"deliveryRoutes", std::move(delivery)},
            {"version", landscape.version},
            {"reportedBy", client_of(state, entry.reporter)},
            {"reportedAt", rfc3339(entry.at)},
            {"pushes", entry.pushes}};
}

HttpResponse page(Query const& query, std::vector<std::string> fields, std::size_t size,
                  std::function<Json(std::size_t)> row) {
    return list_response(query, ListSource{std::move(fields), size, std::move(row)});
}

std::string reason(WorkResult const& result) {
    std::vector<std::string_view> texts;
    for (auto const& message : result.messages) texts.push_back(message.text);
    return fmt::format("{}{}{}", name(result.status), texts.empty() ? "" : ": ", fmt::join(texts, "; "));
}

/// What a person should see without asking: the last end of each piece of work, where it was no good one.
Json problems_of(CloudState const& state, Feature const& feature) {
    auto problems = Json::array();
    std::vector<CloudWork const*> newer;
    for (auto id = feature.work.rbegin(); id != feature.work.rend(); ++id) {
        auto const* work = state.work.find(*id);
        if (work == nullptr) continue;
        bool const superseded = std::ranges::any_of(newer, [work](CloudWork const* other) {
            return other->item.kind == work->item.kind && other->slot == work->slot &&
                   other->item.target == work->item.target && other->transports == work->transports;
        });
        newer.push_back(work);
        bool const done = work->result && (work->result->status == WorkStatus::finished || work->done_all_the_same);
        if (superseded || !work->result || done) continue;
        problems.push_back(fmt::format("{} in {} {}", name(work->item.kind),
                                       client_of(state, work->slot).get<std::string>(), reason(*work->result)));
    }
    for (auto const* keys : {&feature.transports, &feature.copies})
        for (auto const& key : *keys)
            if (auto const* transport = state.transports.find(key))
                for (auto& failure : transport->import_failures()) problems.push_back(std::move(failure));
    for (auto const& note : feature.notes) problems.push_back(note);
    return problems;
}

Json open_work_of(CloudState const& state, Feature const& feature) {
    auto open = Json::array();
    for (auto const id : feature.work)
        if (auto const* work = state.work.find(id); work != nullptr && work->open())
            open.push_back(fmt::format("{} in {}: {}{}", name(work->item.kind),
                                       client_of(state, work->slot).get<std::string>(), work->state(),
                                       state.use_cases.is_off(work->slot, task_of(work->item.kind))
                                           ? fmt::format(", but \"{}\" is off", facts(task_of(work->item.kind)).name)
                                           : ""));
    return open;
}

} // namespace

Json to_json(CloudState const& state, Feature const& feature) {
    auto transports = Json::array(), states = Json::array(), copies = Json::array();
    for (auto const& key : feature.copies) copies.push_back(key.trkorr.text());
    for (auto const& key : feature.transports) {
        transports.push_back(key.trkorr.text());
        if (auto const* transport = state.transports.find(key))
            states.push_back(fmt::format("{}: {}", key.trkorr.text(), transport->status_text()));
    }
    auto references = Json::array();
    for (auto const& [kind, list] :
         {std::pair{"url", &feature.url_references}, std::pair{"external", &feature.external_references},
          std::pair{"transport", &feature.transport_references}})
        for (auto const& one : *list)
            references.push_back({{"kind", kind}, {"id", one.id}, {"name", one.name}, {"url", one.url}});
    return {{"displayId", feature.display_id()},
            {"id", feature.id.text()},
            {"title", feature.title},
            {"project", feature.project},
            {"tenant", state.settings.tenants[feature.tenant]},
            {"status", code(feature.status)},
            {"statusText", label(feature.status)},
            {"transports", std::move(transports)},
            {"transportStates", std::move(states)},
            {"copies", std::move(copies)},
            {"references", std::move(references)},
            {"openWork", open_work_of(state, feature)},
            {"problems", problems_of(state, feature)},
            {"createdAt", rfc3339(feature.created_at)},
            {"modifiedAt", rfc3339(feature.modified_at)}};
}

Json to_json(CloudState const& state, CloudWork const& work) {
    auto transports = Json::array(), messages = Json::array();
    for (auto const& trkorr : work.item.transports) transports.push_back(trkorr.text());
    if (work.result)
        for (auto const& message : work.result->messages) messages.push_back(message.text);
    Json json{{"workId", work.item.id.text()},
              {"kind", name(work.item.kind)},
              {"state", work.state()},
              {"system", state.registrations.row(work.slot).system.text()},
              {"client", work.item.client.text()},
              {"target", nullptr},
              {"transports", std::move(transports)},
              {"featureId", nullptr},
              {"subsetId", nullptr},
              {"handedOut", work.handed_out},
              {"started", work.started},
              {"leasesRunOut", work.leases_run_out},
              {"contradictions", work.contradictions},
              {"leaseSecondsLeft", nullptr},
              {"returnCode", nullptr},
              {"user", nullptr},
              {"messages", std::move(messages)},
              {"parameters", work.item.parameters},
              {"findings", nullptr},
              {"createdAt", rfc3339(work.made)},
              {"changedAt", rfc3339(work.last)}};
    if (work.item.target) json["target"] = work.item.target->text();
    if (work.item.feature) json["featureId"] = work.item.feature->text();
    if (work.item.subset) json["subsetId"] = work.item.subset->text();
    if (state.work.is_leased(work, state.wire()))
        json["leaseSecondsLeft"] = state.work.lease_left(work, state.wire()).count();
    if (work.checks) json["findings"] = work.checks->findings.size();
    if (work.result) json["user"] = work.result->user;
    if (work.result && work.result->return_code) json["returnCode"] = work.result->return_code->value();
    return json;
}

HttpResponse features_page(CloudState const& state, Query const& query) {
    std::vector<Feature const*> features;
    for (auto const& [number, feature] : state.features.all()) features.push_back(&feature);
    return page(query,
                {"displayId", "id", "title", "project", "tenant", "status", "statusText", "transports", "copies",
                 "openWork", "problems", "createdAt", "modifiedAt"},
                features.size(), [&](std::size_t i) { return to_json(state, *features[i]); });
}

HttpResponse work_page(CloudState const& state, Query const& query) {
    auto const& work = state.work.all();
    return page(query,
                {"workId", "kind", "state", "system", "client", "target", "transports", "featureId", "subsetId",
                 "handedOut", "started", "leasesRunOut", "contradictions", "returnCode", "user", "messages", "findings",
                 "createdAt", "changedAt"},
                work.size(), [&](std::size_t i) { return to_json(state, work[i]); });
}

HttpResponse checks_page(CloudState const& state, Query const& query) {
    struct Row {
        CloudWork const* work;
        CheckResult::Finding const* finding;
    };
    std::vector<Row> rows;
    for (auto const& work : state.work.all())
        if (work.checks)
            for (auto const& finding : work.checks->findings) rows.push_back({&work, &finding});
    return page(query,
                {"workId", "feature", "kind", "system", "target", "transport", "check", "finding", "severity", "object",
                 "otherTransport", "text", "reportedAt"},
                rows.size(), [&](std::size_t i) {
                    auto const& [work, finding] = rows[i];
                    Json json{{"workId", work->item.id.text()},
                              {"feature", nullptr},
                              {"kind", name(work->item.kind)},
                              {"system", client_of(state, work->slot)},
                              {"target", nullptr},
                              {"transport", nullptr},
                              {"check", finding->check},
                              {"finding", finding->kind},
                              {"severity", finding->severity},
                              {"object", finding->object},
                              {"otherTransport", nullptr},
                              {"text", finding->text},
                              {"reportedAt", rfc3339(work->last)}};
                    if (!work->features.empty())
                        if (auto const* feature = state.features.find(work->features.front()))
                            json["feature"] = feature->display_id();
                    if (work->item.target) json["target"] = work->item.target->text();
                    if (finding->transport) json["transport"] = finding->transport->text();
                    if (finding->other_transport) json["otherTransport"] = finding->other_transport->text();
                    return json;
                });
}

HttpResponse registrations_page(CloudState const& state, Query const& query) {
    return page(query,
                {"lmsId", "tenant", "system", "client", "systemNumber", "role", "status", "registeredAt",
                 "registrations", "heartbeats", "lastSequence", "lastHeartbeat", "useCaseVersion", "activeTasks",
                 "stPi", "capabilities", "ctc", "hosts", "logicalSystems"},
                state.registrations.size(),
                [&](std::size_t i) { return registration_json(state, static_cast<CloudSlot>(i)); });
}

HttpResponse transports_page(CloudState const& state, Query const& query) {
    using Row = std::pair<CloudTransportKey const, CloudTransport>;
    std::vector<Row const*> rows;
    rows.reserve(state.transports.all().size());
    for (auto const& row : state.transports.all()) rows.push_back(&row);
    return page(query,
                {"trkorr", "text", "owner", "function", "status", "statusText", "source", "target", "featureId",
                 "reportedBy", "createdAt", "releasedAt"},
                rows.size(), [&](std::size_t i) { return transport_json(state, rows[i]->first, rows[i]->second); });
}

HttpResponse landscapes_page(CloudState const& state, Query const& query) {
    auto const entries = state.landscapes.entries();
    return page(query,
                {"domain", "tenant", "controller", "systems", "targetGroups", "consolidationRoutes", "deliveryRoutes",
                 "version", "reportedBy", "reportedAt", "pushes"},
                entries.size(), [&](std::size_t i) { return landscape_json(state, *entries[i]); });
}

HttpResponse faults_page(CloudState const& state, Query const& query) {
    auto const& rules = state.faults.rules();
    return page(
        query,
        {"name", "kind", "operations", "method", "path", "systems", "probability", "status", "met", "fired", "ended"},
        rules.size(), [&](std::size_t i) {
            auto json = to_json(rules[i].rule);
            json["met"] = rules[i].met;
            json["fired"] = rules[i].fired;
            json["ended"] = rules[i].ended;
            return json;
        });
}

HttpResponse keys_page(CloudState const& state, Query const& query) {
    auto const& clients = state.tokens.clients();
    return page(query,
                {"tenant", "clientId", "tokenCalls", "tokens", "refused", "revocations", "rotations", "scopes",
                 "status", "x509"},
                clients.size(), [&](std::size_t i) {
                    auto const& client = clients[i];
                    return Json{{"tenant", client.tenant_name},
                                {"clientId", client.client_id},
                                {"tokenCalls", client.token_calls},
                                {"tokens", client.tokens},
                                {"refused", client.refused},
                                {"revocations", client.generation},
                                {"rotations", client.rotations},
                                {"scopes", client.scopes},
                                {"status", client.deleted ? "deleted" : "active"},
                                {"x509", !client.certificate_name.empty()}};
                });
}

} // namespace almd
