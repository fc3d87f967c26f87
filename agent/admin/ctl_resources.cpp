// The lists of the admin API: their columns and the words for SAP's letters.
#include "agent/admin/ctl_tables.hpp"

#include <algorithm>
#include <array>

namespace almd {

namespace ctl_lists { // their short names are those of functions elsewhere

namespace {

/// SM37 (V).
constexpr CtlWord job_status[]{{"P", "Scheduled"},   {"S", "Released"},      {"Y", "Ready"},
                               {"R", "Active", 'w'}, {"F", "Finished", 'g'}, {"A", "Canceled", 'b'}};
/// SLG1 message types (V).
constexpr CtlWord message_type[]{
    {"A", "Abort", 'b'}, {"E", "Error", 'b'}, {"W", "Warning", 'w'}, {"I", "Information"}, {"S", "Success", 'g'}};
/// TRFUNCTION and TRSTATUS (V).
constexpr CtlWord request_function[]{{"K", "Workbench"}, {"W", "Customizing"}, {"T", "Copies"}};
constexpr CtlWord request_status[]{{"D", "Modifiable"},
                                   {"L", "Protected"},
                                   {"O", "Release started", 'w'},
                                   {"R", "Released", 'g'},
                                   {"N", "Released", 'g'}};
constexpr CtlWord registered[]{{"Registered", "Registered", 'g'},
                               {"Registering", "Registering", 'w'},
                               {"Refused", "Refused", 'b'},
                               {"Unregistered", "Unregistered", 'f'}};
constexpr CtlWord yes_no[]{{"true", "yes", 'g'}, {"false", "no", 'f'}};
constexpr CtlWord work_state[]{{"waiting", "waiting"},        {"leased", "leased", 'w'}, {"started", "started", 'w'},
                               {"finished", "finished", 'g'}, {"failed", "failed", 'b'}, {"rejected", "rejected", 'b'}};

constexpr auto number = CtlFormat::number;
constexpr auto moment = CtlFormat::time;
constexpr auto word = CtlFormat::words;
constexpr auto code = CtlFormat::return_code;

constexpr CtlColumn fleet[]{{"time", "time", moment},
                            {"landscapes", "landscapes", number},
                            {"systems", "systems", number},
                            {"registrations", "registrations", number},
                            {"bytesPerRegistration", "bytes each", number}};
constexpr CtlColumn systems[]{{"system", "system"},   {"role", "role"}, {"description", "description"},
                              {"clients", "clients"}, {"host", "host"}, {"freeBatchProcesses", "free BTC", number}};
constexpr CtlColumn destinations[]{{"system", "system"},
                                   {"client", "client"},
                                   {"name", "name"},
                                   {"status", "status", word, registered},
                                   {"lmsId", "LMS ID"},
                                   {"backgroundUser", "user"},
                                   {"rootUrl", "root URL"},
                                   {"heartbeats", "beats", number},
                                   {"heartbeatsWaiting", "waiting", number}};
constexpr CtlColumn usecases[]{{"system", "system"},
                               {"client", "client"},
                               {"name", "name"},
                               {"task", "task"},
                               {"active", "active", word, yes_no},
                               {"intervalMinutes", "minutes", number},
                               {"effectiveMinutes", "now", number},
                               {"lastRun", "last run", moment},
                               {"errors", "errors", number}};
constexpr CtlColumn jobs[]{{"system", "system"},
                           {"client", "client"},
                           {"name", "job"},
                           {"count", "count"},
                           {"status", "status", word, job_status},
                           {"plannedStart", "planned", moment},
                           {"start", "started", moment},
                           {"durationSeconds", "seconds", number},
                           {"delaySeconds", "delay", number},
                           {"periodMinutes", "period", number},
                           {"event", "event"},
                           {"user", "user"}};
constexpr CtlColumn log[]{{"time", "time", moment},
                          {"system", "system"},
                          {"client", "client"},
                          {"externalId", "external ID"},
                          {"type", "type", word, message_type},
                          {"text", "text"}};
constexpr CtlColumn requests[]{{"request", "request"},
                               {"system", "system"},
                               {"client", "client"},
                               {"function", "type", word, request_function},
                               {"status", "status", word, request_status},
                               {"target", "target"},
                               {"owner", "owner"},
                               {"released", "released", moment},
                               {"text", "text"}};
constexpr CtlWord task_function[]{
    {"S", "Development/Correction"}, {"R", "Repair"}, {"X", "Unclassified"}, {"Q", "Customizing"}};
constexpr CtlColumn tasks[]{{"trkorr", "TRKORR"},
                            {"strkorr", "STRKORR"},
                            {"system", "system"},
                            {"trFunction", "TRFUNCTION", word, task_function},
                            {"trStatus", "TRSTATUS", word, request_status},
                            {"as4User", "AS4USER"},
                            {"changed", "changed", moment},
                            {"objects", "objects", number}};
constexpr CtlColumn objects[]{{"trkorr", "TRKORR"},     {"as4pos", "AS4POS", number}, {"pgmid", "PGMID"},
                              {"object", "OBJECT"},     {"objName", "OBJ_NAME"},      {"objFunc", "OBJFUNC"},
                              {"lockFlag", "LOCKFLAG"}, {"tabKey", "TABKEY"}};
constexpr CtlColumn object_locks[]{{"system", "system"},    {"pgmid", "PGMID"},    {"object", "OBJECT"},
                                   {"objName", "OBJ_NAME"}, {"tabKey", "TABKEY"},  {"trkorr", "TRKORR"},
                                   {"strkorr", "STRKORR"},  {"as4User", "AS4USER"}};
constexpr CtlColumn object_directory[]{{"system", "system"},      {"pgmid", "PGMID"},       {"object", "OBJECT"},
                                       {"objName", "OBJ_NAME"},   {"devclass", "DEVCLASS"}, {"author", "AUTHOR"},
                                       {"srcSystem", "SRCSYSTEM"}};
constexpr CtlColumn queue[]{
    {"system", "system"}, {"client", "client"},     {"position", "no.", number},   {"request", "request"},
    {"state", "state"},   {"importFlag", "IMPFLG"}, {"maxReturnCode", "RC", code}, {"added", "added", moment},
    {"owner", "owner"},   {"text", "text"}};
constexpr CtlColumn history[]{
    {"importedAt", "imported", moment}, {"system", "system"}, {"client", "client"}, {"request", "request"},
    {"returnCode", "RC", code},         {"user", "user"}};
constexpr CtlColumn queues[]{{"system", "system"},
                             {"client", "client"},
                             {"state", "state"},
                             {"requests", "requests", number},
                             {"waiting", "waiting", number},
                             {"running", "running", number},
                             {"endMark", "end mark", word, yes_no}};
constexpr CtlColumn step_logs[]{{"started", "start", moment}, {"time", "end", moment}, {"request", "request"},
                                {"system", "system"},         {"client", "client"},    {"name", "log"},
                                {"returnCode", "RC", code}};
constexpr CtlColumn cofiles[]{{"request", "request"},    {"system", "system"}, {"client", "client"},
                              {"step", "step"},          {"stepName", "name"}, {"time", "time", moment},
                              {"returnCode", "RC", code}};
constexpr CtlColumn object_versions[]{{"system", "system"},
                                      {"object", "object"},
                                      {"request", "request"},
                                      {"released", "released", moment},
                                      {"downgraded", "downgraded", word, yes_no},
                                      {"newerRequest", "newer"}};
constexpr CtlColumn sequence[]{{"system", "system"},     {"client", "client"}, {"request", "request"},
                               {"relation", "relation"}, {"other", "other"},   {"objects", "objects"}};
constexpr CtlColumn tp_parameters[]{{"domain", "domain"},
                                    {"name", "name"},
                                    {"value", "value"},
                                    {"changeable", "changeable", word, yes_no},
                                    {"meaning", "meaning"}};
constexpr CtlColumn tp_log[]{{"time", "time", moment},   {"kind", "kind"},       {"system", "system"},
                             {"client", "client"},       {"request", "request"}, {"step", "step"},
                             {"returnCode", "RC", code}, {"text", "text"},       {"user", "user"}};
constexpr CtlColumn landscape[]{{"domain", "domain"}, {"kind", "kind"}, {"from", "from"},
                                {"layer", "layer"},   {"to", "to"},     {"text", "text"}};
/// Where SAP's words are from (V, I, U) and which are ours.
constexpr CtlWord text_mark[]{
    {"V", "verified", 'g'}, {"I", "inferred", 'w'}, {"U", "unknown", 'b'}, {"O", "ours", 'f'}};
constexpr CtlColumn texts[]{{"class", "class"},
                            {"number", "number"},
                            {"text", "text"},
                            {"mark", "mark", word, text_mark},
                            {"source", "source"}};
constexpr CtlWord logon_state_words[]{{"good", "good", 'g'},
                                      {"unknown", "unknown", 'b'},
                                      {"locked", "locked", 'b'},
                                      {"notYetValid", "not yet valid", 'b'},
                                      {"expired", "expired", 'b'}};
constexpr CtlWord bad_yes[]{{"true", "yes", 'b'}, {"false", "no", 'f'}};
constexpr CtlColumn users[]{{"system", "system"},
                            {"user", "user"},
                            {"logon", "logon", word, logon_state_words},
                            {"validFrom", "from"},
                            {"validTo", "to"},
                            {"runsJobs", "jobs", word, yes_no},
                            {"setsUp", "sets up", word, yes_no},
                            {"roles", "roles"}};
constexpr CtlColumn work_processes[]{{"system", "system"},       {"type", "type"},
                                     {"total", "total", number}, {"busy", "busy", number},
                                     {"free", "free", number},   {"forClassA", "class A", number}};
constexpr CtlColumn locks[]{
    {"system", "system"}, {"client", "client"},          {"owner", "owner"},         {"mode", "mode"},
    {"table", "table"},   {"argument", "lock argument"}, {"since", "since", moment}, {"stale", "stale", word, bad_yes}};
constexpr CtlColumn parameters[]{{"system", "system"}, {"name", "name"}, {"value", "value"}};
constexpr CtlColumn components[]{
    {"system", "system"}, {"component", "component"}, {"release", "release"}, {"supportPackage", "SP", number}};
constexpr CtlColumn notes[]{{"system", "system"}, {"note", "note"}};
constexpr CtlColumn tables[]{
    {"system", "system"}, {"table", "table"}, {"key", "key"}, {"value", "value"}, {"default", "default", word, yes_no},
    {"effect", "effect"}};
constexpr CtlWord rfc_type[]{{"G", "HTTP (G)"}, {"3", "ABAP (3)"}};
constexpr CtlWord rfc_state[]{{"works", "works", 'g'},
                              {"broken", "broken", 'b'},
                              {"logonRefused", "logon refused", 'b'},
                              {"notTrusted", "not trusted", 'b'},
                              {"callsRefused", "calls refused", 'b'}};
constexpr CtlColumn rfc_destinations[]{{"system", "system"},
                                       {"name", "destination"},
                                       {"type", "type", word, rfc_type},
                                       {"user", "user"},
                                       {"state", "state", word, rfc_state},
                                       {"clients", "clients"}};
constexpr CtlWord severity[]{{"ok", "ok", 'g'}, {"info", "info"}, {"warning", "warning", 'w'}, {"error", "error", 'b'}};
constexpr CtlColumn diagnostics[]{{"system", "system"},
                                  {"client", "client"},
                                  {"destination", "destination"},
                                  {"area", "area"},
                                  {"severity", "severity", word, severity},
                                  {"text", "text"}};
constexpr CtlColumn features[]{
    {"displayId", "feature"},  {"title", "title"},           {"statusText", "status"},
    {"project", "project"},    {"transports", "transports"}, {"copies", "copies"},
    {"openWork", "open work"}, {"problems", "problems"},     {"modifiedAt", "changed", moment}};
constexpr CtlColumn work[]{{"workId", "work"},
                           {"kind", "kind"},
                           {"system", "system"},
                           {"client", "client"},
                           {"target", "target"},
                           {"transports", "transports"},
                           {"state", "state", word, work_state},
                           {"returnCode", "RC", code},
                           {"handedOut", "handed out", number},
                           {"messages", "messages"}};
constexpr CtlColumn registrations[]{{"lmsId", "LMS ID"},
                                    {"system", "system"},
                                    {"client", "client"},
                                    {"systemNumber", "system number"},
                                    {"role", "role"},
                                    {"status", "status"},
                                    {"activeTasks", "active tasks"},
                                    {"stPi", "ST-PI"},
                                    {"capabilities", "capabilities"},
                                    {"heartbeats", "beats", number},
                                    {"lastHeartbeat", "last beat", moment}};
constexpr CtlColumn landscapes[]{{"domain", "domain"},
                                 {"controller", "controller"},
                                 {"systems", "systems"},
                                 {"targetGroups", "target groups"},
                                 {"consolidationRoutes", "consolidation"},
                                 {"deliveryRoutes", "delivery"},
                                 {"reportedBy", "reported by"},
                                 {"reportedAt", "reported", moment}};
constexpr CtlColumn checks[]{{"feature", "feature"},   {"transport", "transport"}, {"kind", "kind"},
                             {"target", "target"},     {"check", "check"},         {"finding", "finding"},
                             {"severity", "severity"}, {"object", "object"},       {"otherTransport", "other"},
                             {"text", "text"}};
constexpr CtlColumn projects[]{
    {"name", "project"}, {"deploymentPlan", "deployment plan"}, {"timeboxes", "timeboxes"},
    {"teams", "teams"},  {"features", "features", number},      {"createdAt", "created", moment}};
constexpr CtlColumn system_groups[]{{"name", "system group"}, {"systems", "systems"}};
constexpr CtlColumn plans[]{
    {"name", "deployment plan"}, {"status", "status"}, {"systemGroups", "system groups"}, {"projects", "projects"}};
constexpr CtlWord key_status[]{{"active", "active", 'g'}, {"deleted", "deleted", 'f'}};
constexpr CtlColumn keys[]{{"tenant", "tenant"},
                           {"clientId", "client ID"},
                           {"status", "status", word, key_status},
                           {"x509", "X.509", word, yes_no},
                           {"rotations", "rotations", number},
                           {"revocations", "revocations", number},
                           {"tokens", "tokens", number},
                           {"refused", "refused", number}};
constexpr CtlColumn events[]{{"eventId", "event"},       {"eventType", "type"},          {"eventName", "name"},
                             {"serviceName", "service"}, {"startTime", "start", moment}, {"endTime", "end", moment}};
constexpr CtlColumn faults[]{{"name", "name"},
                             {"kind", "kind"},
                             {"operations", "operations"},
                             {"method", "method"},
                             {"path", "path"},
                             {"systems", "systems"},
                             {"probability", "probability", number},
                             {"met", "met", number},
                             {"fired", "fired", number},
                             {"ended", "ended", word, yes_no}};
constexpr CtlColumn ledger[]{{"system", "system"},
                             {"client", "client"},
                             {"requests", "requests", number},
                             {"accepted", "accepted", number},
                             {"duplicates", "duplicates", number},
                             {"refused", "refused", number},
                             {"faults", "faults", number},
                             {"heartbeats", "beats", number},
                             {"gaps", "gaps", number},
                             {"reorderings", "reordered", number},
                             {"workHandedOut", "work", number},
                             {"workEnded", "ended", number},
                             {"workOpen", "open", number}};

constexpr CtlColumn journal[]{{"number", "number", number},
                              {"at", "at", moment},
                              {"operation", "operation"},
                              {"system", "system"},
                              {"client", "client"},
                              {"method", "method"},
                              {"target", "target"},
                              {"status", "status", number},
                              {"answer", "answer"},
                              {"milliseconds", "ms", number},
                              {"fault", "fault"}};

constexpr CtlColumn activity[]{{"active", "active", word, yes_no},
                               {"workingHours", "working hours"},
                               {"nextEvent", "next event", moment},
                               {"requestsPerHour", "requests an hour", number},
                               {"objectsPerHour", "objects an hour", number},
                               {"releasesPerHour", "releases an hour", number},
                               {"importsPerHour", "import rounds an hour", number}};

constexpr CtlResource resources[]{
    {"fleet", "/api/v1/fleet", "the whole run in one row: systems, registrations, counters", fleet, true},
    {"systems", "/api/v1/systems", "the ABAP systems of the landscape", systems},
    {"destinations", "/api/v1/destinations", "what /SDF/ALM_SETUP set up, per system and client", destinations},
    {"usecases", "/api/v1/usecases", "tasks of the use cases and their intervals", usecases},
    {"jobs", "/api/v1/jobs", "background jobs as SM37 shows them", jobs},
    {"log", "/api/v1/log", "application log as SLG1 shows it", log},
    {"requests", "/api/v1/requests", "transport requests", requests},
    {"tasks", "/api/v1/tasks", "tasks of the transport requests (E070)", tasks},
    {"objects", "/api/v1/objects", "object lists of requests and tasks (E071, E071K)", objects},
    {"objectlocks", "/api/v1/objectlocks", "locks of transport objects (TLOCK), as SE03 shows them", object_locks},
    {"objectdirectory", "/api/v1/objectdirectory", "object directory (TADIR): package, author, original system",
     object_directory},
    {"queue", "/api/v1/queue", "import queues", queue},
    {"history", "/api/v1/history", "import history with return codes", history},
    {"queues", "/api/v1/queues", "import overview: one row for each system and client", queues},
    {"steplogs", "/api/v1/steplogs", "logs of the import steps; their lines with -o wide or json", step_logs},
    {"cofiles", "/api/v1/cofiles", "what happened to a request where, step by step", cofiles},
    {"objectversions", "/api/v1/objectversions", "which request brought an object, and what it set back",
     object_versions},
    {"sequence", "/api/v1/sequence", "predecessors and overtakers of the requests in the import queues", sequence},
    {"tplog", "/api/v1/tplog", "tp's logs: ALOG, SLOG, ULOG", tp_log},
    {"tpparameters", "/api/v1/tpparameters", "parameters of the transport profile", tp_parameters},
    {"landscape", "/api/v1/landscape", "transport domain: systems, layers, routes, target groups", landscape},
    {"texts", "/api/v1/texts", "SAP message texts that are used, each with its mark and source", texts},
    {"users", "/api/v1/users", "users with roles, lock and validity", users},
    {"workprocesses", "/api/v1/workprocesses", "background work processes", work_processes},
    {"locks", "/api/v1/locks", "locks of running tasks as SM12 shows them", locks},
    {"parameters", "/api/v1/parameters", "profile parameters (of tp: tpparameters)", parameters},
    {"components", "/api/v1/components", "software components and their levels", components},
    {"notes", "/api/v1/notes", "implemented SAP Notes", notes},
    {"tables", "/api/v1/tables", "customizing: /SDF/CMO_TARGET, /SDF/CDM_PARAM, /SDF/CMO_TR_CONF", tables},
    {"rfcdestinations", "/api/v1/rfcdestinations", "RFC destinations as SM59 shows them", rfc_destinations},
    {"diagnostics", "/api/v1/diagnostics", "what /SDF/ALM_DIAGNOSTIC finds", diagnostics},
    {"activity", "/api/v1/activity", "the developers: how much they do in a working hour, what they did", activity,
     true},
    {"features", "/api/v1/cloud/features", "features at the stand-in cloud", features},
    {"registrations", "/api/v1/cloud/registrations", "systems registered in the cloud's Landscape Management",
     registrations},
    {"landscapes", "/api/v1/cloud/landscapes", "transport domains that were reported to the cloud", landscapes},
    {"work", "/api/v1/cloud/work", "work that the cloud wants done", work},
    {"checks", "/api/v1/cloud/checks", "findings of import and export checks", checks},
    {"projects", "/api/v1/cloud/projects", "projects at the stand-in cloud", projects},
    {"systemgroups", "/api/v1/cloud/system-groups", "system groups that were made by hand", system_groups},
    {"plans", "/api/v1/cloud/deployment-plans", "deployment plans that were made by hand", plans},
    {"keys", "/api/v1/cloud/keys", "service keys of the stand-in cloud, without their secrets", keys},
    {"events", "/api/v1/cloud/events", "status events that were announced", events},
    {"faults", "/api/v1/cloud/faults", "faults of the stand-in cloud", faults},
    {"ledger", "/api/v1/cloud/ledger", "what arrived at the cloud, from whom, in order, once", ledger},
    {"journal", "/api/v1/cloud/journal", "the last requests at the stand-in cloud", journal, false, true},
};

} // namespace

} // namespace ctl_lists

std::span<CtlResource const> ctl_resources() {
    return ctl_lists::resources;
}

CtlResource const* find_ctl_resource(std::string_view name) {
    auto const found = std::ranges::find(ctl_lists::resources, name, &CtlResource::name);
    return found == std::end(ctl_lists::resources) ? nullptr : found;
}

} // namespace almd
