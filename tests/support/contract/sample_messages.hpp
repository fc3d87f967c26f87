// One full message of every family, with every optional field set in one place and absent in another.
#pragma once

#include "proto/messages/discovery.hpp"
#include "proto/messages/heartbeat.hpp"
#include "proto/messages/landscape.hpp"
#include "proto/messages/registration.hpp"
#include "proto/messages/service_key.hpp"
#include "proto/messages/transports.hpp"
#include "proto/messages/use_cases.hpp"
#include "proto/messages/work.hpp"

namespace almd::sample {

/// 2026-11-22T08:56:24.000Z plus some seconds.
inline TimePoint at(int seconds = 0) {
    return TimePoint{std::chrono::seconds{1'795'337'784 + seconds}};
}
inline SystemId dev() {
    return *SystemId::parse("DEV");
}
inline SystemId qua() {
    return *SystemId::parse("QUA");
}
inline SystemId prd() {
    return *SystemId::parse("PRD");
}
inline TransportTarget qua_200() {
    return TransportTarget{qua(), Client{200}};
}
inline TrRequest request(std::uint32_t number = 900042) {
    return {dev(), number};
}

inline Registration registration() {
    Registration m{dev(), client_000, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    m.description = "Development";
    m.system_number = "000000000850000001";
    m.installation_number = "0020000001";
    m.db_host = "devdb";
    m.db_type = "HDB";
    m.service_type = "SAP_S4HANA";
    m.role = "DEV";
    m.root_url = "https://dev.example.com:44300";
    m.external_id = "000";
    m.components = {{"SAP_BASIS", "758", 1}, {"ST-PI", "740", 31}};
    m.instances = {{"devci", 0, {"ABAP", "GATEWAY"}}};
    return m;
}

inline RegistrationAnswer registration_answer() {
    return {LmsId::from_hash(1, 2)};
}

inline Heartbeat heartbeat() {
    Heartbeat m;
    m.sequence = 17;
    m.timestamp = at();
    m.client = Client{100};
    m.scheduler_last_run = at(-24);
    m.agent_version = "0.1.0";
    m.jobs = {{"CALM Scheduler CALM", 'F', at(-20)}, {"CALM Heartbeat CALM", 'R', {}}};
    return m;
}

inline UseCaseSelection use_case_selection() {
    UseCaseSelection m;
    m.version = 3;
    m.tasks = {{"Transports: Read", client_000, true, 10, true, true},
               {"Business Process Monitoring", client_000, false, 0, false, false}};
    return m;
}

inline UseCaseActivation use_case_activation() {
    return {Client{100}, true, 5};
}

inline Discovery discovery() {
    Discovery m;
    m.hosts = {"devci", "devdb"};
    m.instances = {{"devci", 0, {"ABAP"}}};
    m.clients = {{client_000, "SAP reference", "SAP AG"}, {Client{100}, "Customizing", "Development"}};
    m.logical_systems = {"DEVCLNT100"};
    m.components = {{"SAP_BASIS", "758", 1}};
    m.endpoints = {"https://dev.example.com:44300"};
    return m;
}

inline Diagnostics diagnostics() {
    Diagnostics m;
    m.st_pi = {"740", 31};
    m.sap_basis = {"758", 1};
    m.notes = {"3322679", "3623614"};
    m.capabilities = {"create", "release", "import"};
    m.ctc = true;
    m.time_zone = "CET";
    m.free_batch_processes = 4;
    m.findings = {{"ok", "CTC", "DEV: CTC is enabled"}, {"warning", "BTC", "There's only one free batch process"}};
    return m;
}

inline LandscapePush landscape() {
    LandscapePush m;
    m.domain = "DOMAIN_PRD";
    m.controller = prd();
    m.backup_controller = qua();
    m.systems = {{dev(), false, "GROUP_DEV", true, "Development"}, {prd(), true, "GROUP_PRD", true, "Production"}};
    m.target_groups = {{"/TEST/", {qua_200(), TransportTarget{prd()}}}};
    m.transport_layers = {"ZDEV", "SAP"};
    m.consolidation_routes = {{dev(), "ZDEV", qua_200()}};
    m.delivery_routes = {{qua(), TransportTarget{prd(), Client{300}}}};
    m.version = 2;
    return m;
}

inline TransportsPush transports_push() {
    TransportRecord released{request(),
                             TrFunction::workbench,
                             TrStatus::released,
                             "DEVELOPER",
                             "Überarbeitung \"Preise\"\n",
                             dev(),
                             Client{100},
                             qua_200(),
                             at(-3600),
                             at(-600),
                             at(-600),
                             {},
                             {request(900043)},
                             12,
                             {{qua_200(), TpReturnCode{4}, at(-60), "ALM_BTC"}}};
    TransportRecord task{request(900043),
                         TrFunction::development_task,
                         TrStatus::modifiable,
                         "DEVELOPER",
                         "",
                         dev(),
                         Client{100},
                         {},
                         at(-3600),
                         at(-600),
                         {},
                         request(),
                         {},
                         0,
                         {}};
    TransportsPush m;
    m.cursor = "c-17";
    m.full = false;
    m.transports = {released, task};
    return m;
}

inline TransportsAnswer transports_answer() {
    return {"c-18", 2};
}

inline WorkList work_list() {
    WorkItem import;
    import.id = WorkId::from_hash(3, 4);
    import.feature = FeatureId::from_hash(5, 6);
    import.subset = Uuid::from_hash(7, 8);
    import.target = qua_200();
    import.transports = {request(900042), request(900044)};
    WorkItem create;
    create.id = WorkId::from_hash(9, 10);
    create.kind = WorkKind::create;
    create.client = Client{100};
    create.parameters = {{"owner", "DEVELOPER"}, {"text", "New \\ prices"}};
    create.lease_seconds = 60;
    return {{import, create}};
}

inline WorkResult work_result() {
    WorkResult m;
    m.status = WorkStatus::finished;
    m.return_code = TpReturnCode{8};
    m.transports = {{request(900042), qua_200(), TpReturnCode{8}, {{"I", TpReturnCode{0}}, {"G", TpReturnCode{8}}}},
                    {request(900044), {}, {}, {}}};
    m.messages = {{'E', "TP", "042", "1 of 2 requests failed"}};
    m.started_at = at(-90);
    m.ended_at = at(-60);
    m.user = "ALM_BTC";
    return m;
}

inline CheckResult check_result() {
    CheckResult m;
    m.findings = {{"downgradeProtection", "imminent", "error", "R3TR PROG ZPRICES", request(900042), request(900044),
                   "Imminent Downgrade"},
                  {"crossReference", "reference", "warning", "R3TR TABL ZPRICE", {}, {}, ""}};
    return m;
}

inline ServiceKey service_key() {
    ServiceKey key;
    key.api = "https://eu10.alm.cloud.sap/api";
    key.token_endpoint = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
    key.client_id = "demo!b1|sapcloudalm!b2";
    key.client_secret = "s3cr3t";
    key.identity_zone = "acme";
    return key;
}

inline TokenAnswer token_answer() {
    return {"aaa.bbb.ccc", std::chrono::seconds{43200}, "sapcloudalm!b2.imp-cdm-feature-display-ui", "jti-1"};
}

} // namespace almd::sample
