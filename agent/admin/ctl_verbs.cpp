// The verbs of `almd ctl` besides list: method, path, parameters, help.
#include "agent/admin/ctl_tables.hpp"

#include <algorithm>

namespace almd {

namespace {

using Kind = CtlKind;

constexpr CtlParameter in_path(std::string_view name, std::string_view key, std::string_view help) {
    return {name, key, Kind::text, true, true, help};
}

constexpr CtlParameter system_part = in_path("system", "{system}", "SID, such as DEV");
constexpr CtlParameter client_part = in_path("client", "{client}", "client, such as 000");
constexpr CtlParameter name_part = in_path("name", "{name}", "name of the destination");

constexpr CtlParameter key_file{"service-key", "/serviceKey", Kind::json_file,
                                false,         false,         "service key as the cockpit gives it"};
constexpr CtlParameter background_user{
    "background-user", "/backgroundUser", Kind::text, false, false, "user of the jobs and of the import history"};

constexpr CtlParameter destination_create[]{
    {"system", "/system", Kind::text, true, true, "SID, such as DEV"},
    {"client", "/client", Kind::text, true, true, "client, such as 000"},
    {"name", "/name", Kind::text, true, true, "name of the destination"},
    key_file,
    {"token-endpoint", "/serviceKey/uaa/url", Kind::text, false, false,
     "instead of a key file: https://.../oauth/token", "/oauth/token", ""},
    {"client-id", "/serviceKey/uaa/clientid", Kind::text, false, false, "... and the client ID"},
    {"client-secret-file", "/serviceKey/uaa/clientsecret", Kind::secret_file, false, false,
     "... and a file with the client secret"},
    {"root-url", "/serviceKey/endpoints/Api", Kind::text, false, false, "... and the root URL, without /api", "/",
     "/api"},
    background_user,
    {"setup-user", "/setupUser", Kind::text, false, false, "who sits at the screen, DDIC by default"},
    {"proxy-host", "/proxyHost", Kind::text, false, false, "HTTP proxy"},
    {"proxy-port", "/proxyPort", Kind::integer, false, false, "its port, 3128 by default"},
    {"proxy-user", "/proxyUser", Kind::text, false, false, "its user"},
    {"proxy-password-file", "/proxyPassword", Kind::secret_file, false, false, "a file with its password"},
};
constexpr CtlParameter destination_change[]{
    system_part,
    client_part,
    name_part,
    key_file,
    {"token-endpoint", "/serviceKey/uaa/url", Kind::text, false, false,
     "instead of a key file: https://.../oauth/token", "/oauth/token", ""},
    {"client-id", "/serviceKey/uaa/clientid", Kind::text, false, false, "... and the client ID"},
    {"client-secret-file", "/serviceKey/uaa/clientsecret", Kind::secret_file, false, false,
     "... and a file with the client secret"},
    {"root-url", "/serviceKey/endpoints/Api", Kind::text, false, false, "... and the root URL, without /api", "/",
     "/api"},
    background_user,
    {"proxy-host", "/proxyHost", Kind::text, false, false, "HTTP proxy"},
    {"proxy-port", "/proxyPort", Kind::integer, false, false, "its port, 3128 by default"},
    {"proxy-user", "/proxyUser", Kind::text, false, false, "its user"},
    {"proxy-password-file", "/proxyPassword", Kind::secret_file, false, false, "a file with its password"},
};
constexpr CtlParameter destination_named[]{system_part, client_part, name_part};

constexpr CtlParameter task_on[]{
    system_part,
    client_part,
    name_part,
    {"task", "/task", Kind::text, true, true, "\"Transports: Read\" ..."},
    {"interval", "/intervalMinutes", Kind::integer, false, false, "minutes; without it SAP's default"}};
constexpr CtlParameter task_off[]{
    system_part, client_part, name_part, {"task", "/task", Kind::text, true, true, "\"Transports: Read\" ..."}};

constexpr CtlParameter request_part = in_path("request", "{request}", "number, such as DEVK900042");
constexpr CtlParameter object_part{"object", "/object", Kind::text,
                                   true,     true,      "\"R3TR PROG ZPROG\", \"R3TR TABU T001 0001*\""};
constexpr CtlParameter package_given{"package", "/package", Kind::text,
                                     false,     false,      "its layer and route decide over the target"};
constexpr CtlParameter request_create[]{
    {"system", "/system", Kind::text, true, true, "SID, such as DEV"},
    {"client", "/client", Kind::text, true, true, "client, such as 100"},
    {"text", "/text", Kind::text, true, true, "short description"},
    {"function", "/function", Kind::text, false, false, "K workbench (default), W customizing, T copies"},
    {"owner", "/owner", Kind::text, false, false, "DEVELOPER by default"},
    {"user", "/users", Kind::list, false, false, "gets a task; several times; the owner by default"},
    {"target", "/target", Kind::text, false, false, "QUA.200 or /GROUP/; by the transport routes without it"},
    package_given,
    {"object", "/objects", Kind::list, false, false, "\"R3TR PROG ZPROG\"; several times"}};
constexpr CtlParameter request_release[]{
    request_part,
    {"user", "/user", Kind::text, false, false, "who releases it"},
    {"ignore-locks", "/ignoreLocks", Kind::flag, false, false, "true: though not all objects could be locked"},
    {"ignore-atc", "/ignoreAtc", Kind::flag, false, false, "true: in spite of ATC findings"},
    {"with-tasks", "/withTasks", Kind::flag, false, false, "false: its tasks must be released before"}};
constexpr CtlParameter request_named[]{request_part};
constexpr CtlParameter request_add_object[]{request_part, object_part, package_given};
constexpr CtlParameter request_user[]{request_part, {"user", "/user", Kind::text, true, true, "who gets a task"}};
constexpr CtlParameter request_owner[]{request_part, {"owner", "/owner", Kind::text, true, true, "the new owner"}};
constexpr CtlParameter request_attribute[]{request_part,
                                           {"attribute", "/attribute", Kind::text, true, true, "such as SAPCTS"},
                                           {"value", "/value", Kind::text, true, false, "its value"}};
constexpr CtlParameter request_copies[]{request_part,
                                        {"target", "/target", Kind::text, true, true, "QUA.200: there and no further"},
                                        {"text", "/text", Kind::text, false, false, "short description"},
                                        {"owner", "/owner", Kind::text, false, false, "that of the original"}};
constexpr CtlParameter request_fault[]{request_part,
                                       {"fault", "/fault", Kind::text, true, true, "export, preExport, none"}};
constexpr CtlParameter object_set[]{
    system_part,
    object_part,
    {"package", "/package", Kind::text, false, false, "its package"},
    {"original-system", "/originalSystem", Kind::text, false, false, "a change elsewhere is a repair"},
    {"inactive", "/inactive", Kind::flag, false, false, "true: its request is not released; false: activated"},
    {"atc-priority", "/atcPriority", Kind::integer, false, false, "of an ATC finding, 1 to 4; 0: none"}};
constexpr CtlParameter object_record[]{system_part,
                                       object_part,
                                       package_given,
                                       {"request", "/request", Kind::text, false, false, "a local object needs none"}};

constexpr CtlParameter job_log[]{in_path("system", "{system}", "SID, such as DEV"),
                                 in_path("count", "{count}", "job count, from `almd ctl jobs`")};
constexpr CtlParameter system_show[]{{"system", "?system", Kind::text, true, true, "SID, such as DEV"}};

constexpr CtlParameter target_part = in_path("target", "{target}", "system and client, such as QUA.200");
constexpr CtlParameter queue_add[]{
    {"target", "/target", Kind::text, true, true, "QUA.200"},
    {"request", "/request", Kind::text, true, true, "number, such as DEVK900042"},
    {"import-again", "/importAgain", Kind::flag, false, false, "although it was imported (umode 1)"}};
constexpr CtlParameter queue_delete[]{target_part, in_path("request", "{request}", "number, such as DEVK900042")};
constexpr CtlParameter queue_mark[]{
    target_part,
    in_path("request", "{request}", "number, such as DEVK900042"),
    {"excluded", "/excluded", Kind::flag, false, false, "true: will not be imported"},
    {"file-missing", "/fileMissing", Kind::flag, false, false, "true: the data file is missing"}};
constexpr CtlParameter queue_forward[]{
    {"source", "/source", Kind::text, true, true, "SID of the system where it waits or was imported"},
    {"target", "/target", Kind::text, true, true, "PRD.300"},
    {"request", "/request", Kind::text, true, true, "number, such as DEVK900042"},
    {"import-again", "/importAgain", Kind::flag, false, false, "although it was imported (umode 1)"}};
constexpr CtlParameter queue_system[]{system_part};
constexpr CtlParameter queue_import[]{
    {"target", "/target", Kind::text, true, true, "QUA.200"},
    {"request", "/requests", Kind::list, true, false, "numbers; without them all that can be imported"},
    {"option", "/options", Kind::list, false, false, "importAgain, leaveInQueue, ignoreComponentVersion ..."},
    {"user", "/user", Kind::text, false, false, "of the history, TMSADM by default"}};

constexpr CtlParameter feature_part = in_path("feature", "{feature}", "display ID such as 6-1, or UUID");
constexpr CtlParameter feature_create[]{{"title", "/title", Kind::text, true, true, "what it is for"},
                                        {"project", "/project", Kind::text, false, false, "name of a project"}};
constexpr CtlParameter feature_assign[]{
    feature_part, {"transport", "/transports", Kind::list, true, true, "numbers, such as DEVK900042"}};
constexpr CtlParameter feature_unassign[]{feature_part,
                                          in_path("transport", "{transport}", "number, such as DEVK900042")};
constexpr CtlParameter feature_deploy[]{
    feature_part, {"target", "/target", Kind::text, false, false, "QUA.200; without it the next one of each track"}};
constexpr CtlParameter feature_status[]{feature_part,
                                        {"action", "/action", Kind::text, true, true,
                                         "startImplementation, handoverToTest, confirmSuccessfulTest, "
                                         "approveForProduction, confirmDeployment, setToNotPlanned"}};

constexpr CtlParameter work_create[]{
    {"lms-id", "/lmsId", Kind::text, true, true, "of the system, from `almd ctl destinations`"},
    {"kind", "/kind", Kind::text, true, true,
     "create, addUser, release, toc, deleteEmpty, import, check, exportCheck, retrofit"},
    {"target", "/target", Kind::text, false, false, "QUA.200"},
    {"transport", "/transports", Kind::list, false, false, "numbers; several times"},
    {"parameter", "/parameters", Kind::pairs, false, false, "key=value; several times"}};

constexpr CtlParameter fault_add[]{
    {"kind", "/kind", Kind::text, true, false,
     "status, reset, close, dropAnswer, delay, malformedJson, truncatedJson, oversizeBody, noAnswer, closeMidBody, "
     "dribble, quota, tokenRevoked, scopeRemoved, certificateExpired, leaseNotHonoured, duplicateDelivery, outage"},
    {"file", "", Kind::json_file, false, false, "the whole rule as JSON"},
    {"name", "/name", Kind::text, false, false, "made up without it"},
    {"operation", "/operations", Kind::list, false, false, "heartbeat ...; all without it"},
    {"system", "/systems", Kind::list, false, false, "SID, LMS ID or label such as role:PROD; all without it"},
    {"probability", "/probability", Kind::number, false, false, "0 to 1"},
    {"count", "/count", Kind::integer, false, false, "ends after so many"},
    {"after", "/after", Kind::text, false, false, "sleeps so long: 90s"},
    {"until", "/until", Kind::text, false, false, "time to live: 5m"},
    {"status", "/status", Kind::integer, false, false, "HTTP status of kind status"},
    {"retry-after", "/retryAfterSeconds", Kind::integer, false, false, "seconds"},
    {"delay", "/delay", Kind::text, false, false, "of kinds delay, noAnswer, dribble: 2s"},
    {"distribution", "/distribution", Kind::text, false, false, "of the delay: fixed (default), uniform, lognormal"},
    {"delay-max", "/delayMax", Kind::text, false, false, "the longest delay: 30s"},
    {"sigma", "/sigma", Kind::number, false, false, "spread of a lognormal delay, 0.5 by default"},
    {"quota", "/quota", Kind::integer, false, false, "calls in a window"},
    {"window", "/window", Kind::text, false, false, "of a quota or an outage: 1m"},
    {"every", "/every", Kind::text, false, false, "an outage comes again so often: 6h"},
    {"scope", "/scope", Kind::text, false, false, "of kind scopeRemoved; any without it"},
    {"oversize-bytes", "/oversizeBytes", Kind::integer, false, false, "of kind oversizeBody"}};
constexpr CtlParameter fault_remove[]{in_path("name", "{name}", "from `almd ctl faults`")};

constexpr CtlParameter journal_show[]{in_path("number", "{number}", "from `almd ctl journal`")};
constexpr CtlParameter journal_har[]{
    {"operation", "?operation", Kind::text, false, false, "heartbeat ...; all without it"},
    {"system", "?system", Kind::text, false, false, "SID or LMS ID"},
    {"client", "?client", Kind::text, false, false, "client, such as 000"},
    {"status", "?status", Kind::text, false, false, "200, 5xx, none, any"},
    {"from", "?from", Kind::text, false, false, "not before: 2026-03-01T06:00:00Z"},
    {"to", "?to", Kind::text, false, false, "before"}};
constexpr CtlParameter journal_verify[]{
    {"operation", "/operation", Kind::text, true, false, "heartbeat ..."},
    {"system", "/system", Kind::text, false, false, "SID or LMS ID"},
    {"client", "/client", Kind::text, false, false, "client, such as 000"},
    {"status", "/status", Kind::text, false, false, "200, 5xx, none, any; without it calls that were taken"},
    {"from", "/from", Kind::text, false, false, "not before: 2026-03-01T06:00:00Z"},
    {"to", "/to", Kind::text, false, false, "before"},
    {"exactly", "/exactly", Kind::integer, false, false, "so many"},
    {"at-least", "/atLeast", Kind::integer, false, false, "so many or more; 1 if nothing is said"},
    {"at-most", "/atMost", Kind::integer, false, false, "so many or less"},
    {"in-order", "/inOrder", Kind::flag, false, false, "heartbeats: the sequence rises by one"},
    {"file", "", Kind::json_file, false, false, "the whole question as JSON, also a sequence"}};

constexpr CtlParameter changed_by{"user", "/user", Kind::text, false, false, "who does it, for the list of versions"};
constexpr CtlParameter landscape_add_system[]{
    {"system", "/system", Kind::text, true, true, "SID of the new system"},
    {"like", "/like", Kind::text, true, true, "SID of a system with the same components, notes and users"},
    {"kind", "/kind", Kind::text, false, false, "real (default), virtual, external"},
    {"client", "/clients", Kind::list, false, false, "000 and these; without it those of the pattern"},
    {"role", "/role", Kind::text, false, false, "PROD, TEST, DEV"},
    {"description", "/description", Kind::text, false, false, "what STMS shows"},
    {"transport-group", "/transportGroup", Kind::text, false, false, "an external system needs one of its own"},
    changed_by};
constexpr CtlParameter landscape_replace[]{
    system_part,
    {"like", "/like", Kind::text, true, true, "SID of a system with the same components, notes and users"},
    changed_by};
constexpr CtlParameter landscape_delete_system[]{system_part, changed_by};
constexpr CtlParameter landscape_add_route[]{{"from", "/from", Kind::text, true, true, "QUA.200"},
                                             {"to", "/to", Kind::text, true, true, "TRN.300 or /GROUP/"},
                                             changed_by};
constexpr CtlParameter landscape_change_route[]{in_path("from", "{from}", "QUA.200"),
                                                in_path("to", "{to}", "where it leads now"),
                                                {"new-to", "/to", Kind::text, true, true, "where it leads then"},
                                                changed_by};
constexpr CtlParameter landscape_delete_route[]{in_path("from", "{from}", "QUA.200"),
                                                in_path("to", "{to}", "TRN.300 or /GROUP/"), changed_by};
constexpr CtlParameter landscape_add_member[]{
    in_path("group", "{group}", "/GROUP/"), {"member", "/member", Kind::text, true, true, "TRN.300"}, changed_by};
constexpr CtlParameter landscape_remove_member[]{in_path("group", "{group}", "/GROUP/"),
                                                 in_path("member", "{member}", "TRN.300"), changed_by};
constexpr CtlParameter landscape_take_over[]{changed_by};
constexpr CtlParameter landscape_decide[]{
    in_path("request", "{request}", "number, such as DEVK900042"),
    in_path("system", "{system}", "the QA system whose procedure it is"),
    {"step", "/step", Kind::text, true, true, "request_owner, user_department, system_administration"},
    {"user", "/user", Kind::text, false, false, "who decides; the owner's step is for the owner"}};

constexpr CtlParameter user_part = in_path("user", "{user}", "name, such as CALM_DEV");
constexpr CtlParameter user_named[]{system_part, user_part};
constexpr CtlParameter user_create[]{
    system_part, user_part, {"role", "/addRoles", Kind::list, false, false, "several times"}};
constexpr CtlParameter user_add_role[]{
    system_part, user_part, {"role", "/addRoles", Kind::list, true, true, "SAP_SDF_ALM_SETUP ..."}};
constexpr CtlParameter user_remove_role[]{
    system_part, user_part, {"role", "/removeRoles", Kind::list, true, true, "SAP_SDF_ALM_SETUP ..."}};
constexpr CtlParameter user_validity[]{
    system_part,
    user_part,
    {"from", "/validFrom", Kind::text, false, false, "first day: 2026-01-01; empty: always"},
    {"to", "/validTo", Kind::text, false, false, "last day: 2026-12-31; empty: for ever"}};
constexpr CtlParameter work_process_set[]{
    system_part,
    {"total", "/total", Kind::integer, true, true, "0 to 500"},
    {"for-class-a", "/forClassA", Kind::integer, false, false, "so many are kept for jobs of class A"}};
constexpr CtlParameter component_set[]{system_part,
                                       in_path("component", "{component}", "such as ST-PI"),
                                       {"release", "/release", Kind::text, true, true, "such as 740"},
                                       {"support-package", "/supportPackage", Kind::integer, true, false, "its level"}};
constexpr CtlParameter note_add[]{system_part, {"note", "/note", Kind::text, true, true, "number of the note"}};
constexpr CtlParameter parameter_set[]{system_part,
                                       {"name", "/name", Kind::text, true, true, "such as SAPDBHOST"},
                                       {"value", "/value", Kind::text, true, true, "its value"}};
constexpr CtlParameter parameter_unset[]{system_part, {"name", "/name", Kind::text, true, true, "such as SAPDBHOST"}};

constexpr CtlParameter table_set[]{system_part,
                                   in_path("table", "{table}", "CMO_TARGET, CDM_PARAM or CMO_TR_CONF"),
                                   in_path("key", "{key}", "target, parameter ID ..., as the list shows it"),
                                   {"value", "/value", Kind::text, true, true, "RFC destination, or the value"}};
constexpr CtlParameter table_delete[]{system_part, in_path("table", "{table}", "CMO_TARGET, CDM_PARAM or CMO_TR_CONF"),
                                      in_path("key", "{key}", "target, parameter ID ..., as the list shows it")};
constexpr CtlParameter rfc_named[]{system_part, in_path("name", "{name}", "name of the destination")};
constexpr CtlParameter rfc_set[]{
    system_part,
    in_path("name", "{name}", "name of the destination"),
    {"user", "/user", Kind::text, false, false, "logon user; empty: none is assigned"},
    {"state", "/state", Kind::text, false, false, "works, broken, logonRefused, notTrusted, callsRefused"}};

constexpr CtlParameter token_revoke[]{{"client-id", "/clientId", Kind::text, false, false, "of one credential only"}};

constexpr CtlParameter activity_set[]{
    {"requests-per-hour", "/requestsPerHour", Kind::number, false, false, "new requests, of each developer"},
    {"objects-per-hour", "/objectsPerHour", Kind::number, false, false, "recorded objects, of each developer"},
    {"releases-per-hour", "/releasesPerHour", Kind::number, false, false, "finished requests, of each developer"},
    {"imports-per-hour", "/importsPerHour", Kind::number, false, false, "rounds through an import queue"}};
constexpr std::span<CtlParameter const> no_parameters{};
constexpr auto answer = CtlShow::answer;
constexpr std::string_view destination_path = "/api/v1/destinations/{system}/{client}/{name}";
constexpr std::string_view table_path = "/api/v1/tables/{system}/{table}/{key}";
constexpr std::string_view rfc_path = "/api/v1/rfcdestinations/{system}/{name}";
constexpr std::string_view user_path = "/api/v1/users/{system}/{user}";
constexpr std::string_view usecase_path = "/api/v1/usecases/{system}/{client}/{name}";

constexpr CtlVerb verbs[]{
    {"systems", "show", "GET", "/api/v1/systems", system_show, "", CtlShow::one, "one system",
     "almd ctl systems show PRD"},
    {"destinations", "create", "POST", "/api/v1/destinations", destination_create, "", answer,
     "Create destination, by service key or fields",
     "almd ctl destinations create DEV 000 CALM --service-key key.json --background-user CALM_BTC"},
    {"destinations", "change", "PUT", destination_path, destination_change, "", answer, "Update destination",
     "almd ctl destinations change DEV 000 CALM --service-key new-key.json"},
    {"destinations", "delete", "DELETE", destination_path, destination_named, "", answer, "Delete destination",
     "almd ctl destinations delete DEV 000 CALM"},
    {"destinations", "register", "POST", "/api/v1/destinations/{system}/{client}/{name}/register", destination_named,
     "", answer, "Register: get an LMS ID, schedule the jobs", "almd ctl destinations register DEV 000 CALM"},
    {"destinations", "unregister", "POST", "/api/v1/destinations/{system}/{client}/{name}/unregister",
     destination_named, "", answer, "Unregister and stop the jobs", "almd ctl destinations unregister DEV 000 CALM"},
    {"destinations", "check", "POST", "/api/v1/destinations/{system}/{client}/{name}/check", destination_named, "",
     answer, "go as far as a token", "almd ctl destinations check DEV 000 CALM"},
    {"usecases", "activate", "PUT", usecase_path, task_on, R"({"active":true})", answer, "switch a task on",
     "almd ctl usecases activate DEV 000 CALM \"Transports: Read\" --interval 1"},
    {"usecases", "deactivate", "PUT", usecase_path, task_off, R"({"active":false})", answer, "switch a task off",
     "almd ctl usecases deactivate DEV 000 CALM \"Transports: Read\""},
    {"jobs", "log", "GET", "/api/v1/jobs/{system}/{count}/log", job_log, "", CtlShow::list, "the job log",
     "almd ctl jobs log DEV 08562401"},
    {"requests", "create", "POST", "/api/v1/requests", request_create, "", answer, "create a transport request",
     "almd ctl requests create DEV 100 \"my change\" --object \"R3TR PROG ZPROG\""},
    {"requests", "release", "POST", "/api/v1/requests/{request}/release", request_release, "", answer,
     "release it with its tasks", "almd ctl requests release DEVK900042"},
    {"queue", "add", "POST", "/api/v1/queue", queue_add, "", answer, "add a released request to an import queue",
     "almd ctl queue add QUA.200 DEVK900042"},
    {"queue", "delete", "DELETE", "/api/v1/queue/{target}/{request}", queue_delete, "", answer,
     "delete a request from an import queue", "almd ctl queue delete QUA.200 DEVK900042"},
    {"queue", "mark", "PUT", "/api/v1/queue/{target}/{request}", queue_mark, "", answer,
     "exclude a request from imports, or miss its data file", "almd ctl queue mark QUA.200 DEVK900042 --excluded"},
    {"queue", "forward", "POST", "/api/v1/queue/forward", queue_forward, "", answer,
     "take a request of one system's queue or history to another target",
     "almd ctl queue forward QUA PRD.300 DEVK900042"},
    {"queue", "import", "POST", "/api/v1/queue/import", queue_import, "", answer,
     "start an import; see history and tplog for its end",
     "almd ctl queue import QUA.200 DEVK900042 --option importAgain"},
    {"queue", "close", "PUT", "/api/v1/endmarks/{system}", queue_system, "", answer, "set the end mark",
     "almd ctl queue close QUA"},
    {"queue", "open", "DELETE", "/api/v1/endmarks/{system}", queue_system, "", answer, "delete the end mark",
     "almd ctl queue open QUA"},
    {"requests", "add-object", "POST", "/api/v1/requests/{request}/objects", request_add_object, "", answer,
     "record an object in a request or task", "almd ctl requests add-object DEVK900042 \"R3TR PROG ZPROG\""},
    {"requests", "empty", "DELETE", "/api/v1/requests/{request}/objects", request_named, "", answer,
     "take all objects and their locks out", "almd ctl requests empty DEVK900042"},
    {"requests", "unlock", "POST", "/api/v1/requests/{request}/unlock", request_named, "", answer,
     "unlock its objects, as SE03 does", "almd ctl requests unlock DEVK900042"},
    {"requests", "add-user", "POST", "/api/v1/requests/{request}/tasks", request_user, "", answer,
     "add a task for a user", "almd ctl requests add-user DEVK900042 ANNA"},
    {"requests", "change-owner", "PUT", "/api/v1/requests/{request}", request_owner, "", answer,
     "change the owner of a request or task", "almd ctl requests change-owner DEVK900042 ANNA"},
    {"requests", "set-attribute", "PUT", "/api/v1/requests/{request}", request_attribute, "", answer,
     "set an attribute", "almd ctl requests set-attribute DEVK900042 SAPCTS PROJECT1"},
    {"requests", "protect", "PUT", "/api/v1/requests/{request}", request_named, R"({"protected":true})", answer,
     "no new tasks (status L)", "almd ctl requests protect DEVK900042"},
    {"requests", "unprotect", "PUT", "/api/v1/requests/{request}", request_named, R"({"protected":false})", answer,
     "tasks may be added again", "almd ctl requests unprotect DEVK900042"},
    {"requests", "toc", "POST", "/api/v1/requests/{request}/copies", request_copies, "", answer,
     "create a transport of copies; release it with --ignore-locks true", "almd ctl requests toc DEVK900042 QUA.200"},
    {"requests", "delete", "DELETE", "/api/v1/requests/{request}", request_named, "", answer,
     "delete an empty modifiable request or task", "almd ctl requests delete DEVK900042"},
    {"requests", "break", "PUT", "/api/v1/requests/{request}/fault", request_fault, "", answer,
     "make its next release fail", "almd ctl requests break DEVK900042 export"},
    {"requests", "record", "POST", "/api/v1/objects/{system}", object_record, "", answer,
     "change an object, with or without a request",
     "almd ctl requests record DEV \"R3TR PROG ZTMP\" --package \"$TMP\""},
    {"requests", "set-object", "PUT", "/api/v1/objects/{system}", object_set, "", answer,
     "set what is known of an object", "almd ctl requests set-object DEV \"R3TR PROG ZPROG\" --inactive true"},
    {"activity", "set", "PUT", "/api/v1/activity", activity_set, "", answer, "change how much the developers do",
     "almd ctl activity set --requests-per-hour 2"},
    {"activity", "stop", "PUT", "/api/v1/activity", no_parameters, R"({"active":false})", answer,
     "the developers stop working", "almd ctl activity stop"},
    {"activity", "start", "PUT", "/api/v1/activity", no_parameters, R"({"active":true})", answer,
     "the developers go on working; nothing is made up for", "almd ctl activity start"},
    {"features", "create", "POST", "/api/v1/cloud/features", feature_create, "", answer, "create a feature",
     "almd ctl features create \"my feature\""},
    {"features", "assign", "POST", "/api/v1/cloud/features/{feature}/transports", feature_assign, "", answer,
     "assign transports", "almd ctl features assign 6-1 DEVK900042 DEVK900044"},
    {"features", "unassign", "DELETE", "/api/v1/cloud/features/{feature}/transports/{transport}", feature_unassign, "",
     answer, "unassign a transport", "almd ctl features unassign 6-1 DEVK900042"},
    {"features", "deploy", "POST", "/api/v1/cloud/features/{feature}/deploy", feature_deploy, "", answer,
     "deploy its transports", "almd ctl features deploy 6-1 --target QUA.200"},
    {"features", "status", "POST", "/api/v1/cloud/features/{feature}/status", feature_status, "", answer,
     "move its status", "almd ctl features status 6-1 handoverToTest"},
    {"work", "create", "POST", "/api/v1/cloud/work", work_create, "", answer, "create work of any kind for a system",
     "almd ctl work create 6f1c... create --parameter \"text=from the cloud\""},
    {"faults", "add", "POST", "/api/v1/cloud/faults", fault_add, "", answer, "add a fault",
     "almd ctl faults add status --status 503 --retry-after 30 --probability 0.05 --until 5m"},
    {"faults", "revoke-tokens", "POST", "/api/v1/cloud/tokens/revoke", token_revoke, "", answer, "all tokens end now",
     "almd ctl faults revoke-tokens"},
    {"landscape", "versions", "GET", "/api/v1/landscape/versions", no_parameters, "", CtlShow::list,
     "versions of the configuration", "almd ctl landscape versions"},
    {"landscape", "add-system", "POST", "/api/v1/landscape/systems", landscape_add_system, "", answer,
     "a system comes into the domain", "almd ctl landscape add-system TRN PRD --kind virtual"},
    {"landscape", "replace-virtual", "POST", "/api/v1/landscape/systems/{system}/replace", landscape_replace, "",
     answer, "a virtual system becomes real", "almd ctl landscape replace-virtual TRN PRD"},
    {"landscape", "delete-system", "DELETE", "/api/v1/landscape/systems/{system}", landscape_delete_system, "", answer,
     "take a system out of its track", "almd ctl landscape delete-system TRN"},
    {"landscape", "add-route", "POST", "/api/v1/landscape/routes", landscape_add_route, "", answer,
     "add a delivery route", "almd ctl landscape add-route QUA.200 TRN.300"},
    {"landscape", "change-route", "PUT", "/api/v1/landscape/routes/{from}/{to}", landscape_change_route, "", answer,
     "let a delivery route lead elsewhere", "almd ctl landscape change-route QUA.200 TRN.300 TRN.400"},
    {"landscape", "delete-route", "DELETE", "/api/v1/landscape/routes/{from}/{to}", landscape_delete_route, "", answer,
     "delete a delivery route", "almd ctl landscape delete-route QUA.200 TRN.300"},
    {"landscape", "add-member", "POST", "/api/v1/landscape/groups/{group}/members", landscape_add_member, "", answer,
     "a target group grows", "almd ctl landscape add-member /QGRP/ TRN.300"},
    {"landscape", "remove-member", "DELETE", "/api/v1/landscape/groups/{group}/members/{member}",
     landscape_remove_member, "", answer, "a target group shrinks", "almd ctl landscape remove-member /QGRP/ TRN.300"},
    {"landscape", "take-over", "POST", "/api/v1/landscape/controller/take-over", landscape_take_over, "", answer,
     "activate the backup domain controller", "almd ctl landscape take-over"},
    {"landscape", "approve", "POST", "/api/v1/landscape/approvals/{request}/{system}/approve", landscape_decide, "",
     answer, "QA approval: one step", "almd ctl landscape approve DEVK900042 QUA system_administration"},
    {"landscape", "reject", "POST", "/api/v1/landscape/approvals/{request}/{system}/reject", landscape_decide, "",
     answer, "QA approval: never import it", "almd ctl landscape reject DEVK900042 QUA system_administration"},
    {"faults", "remove", "DELETE", "/api/v1/cloud/faults/{name}", fault_remove, "", answer, "remove a fault",
     "almd ctl faults remove fault-1"},
    {"journal", "show", "GET", "/api/v1/cloud/journal/{number}", journal_show, "", CtlShow::json,
     "one request and its answer in full", "almd ctl journal show 42"},
    {"journal", "har", "GET", "/api/v1/cloud/journal.har", journal_har, "", CtlShow::json,
     "as a HAR file, for any viewer of such files", "almd ctl journal har --system QUA > qua.har"},
    {"journal", "verify", "POST", "/api/v1/cloud/verify", journal_verify, "", answer,
     "did these calls come? Exit code 1 if not", "almd ctl journal verify heartbeat --system QUA --exactly 3"},
    {"users", "create", "PUT", user_path, user_create, R"({"create":true})", answer, "a user with these roles only",
     "almd ctl users create DEV CALM_NEW --role SAP_SDF_ALM_METRIC_PUSH_FND"},
    {"users", "delete", "DELETE", user_path, user_named, "", answer, "its jobs are canceled",
     "almd ctl users delete DEV CALM_DEV"},
    {"users", "lock", "PUT", user_path, user_named, R"({"locked":true})", answer, "its jobs are canceled",
     "almd ctl users lock DEV CALM_DEV"},
    {"users", "unlock", "PUT", user_path, user_named, R"({"locked":false})", answer, "take the lock away",
     "almd ctl users unlock DEV CALM_DEV"},
    {"users", "add-role", "PUT", user_path, user_add_role, "", answer, "assign roles",
     "almd ctl users add-role DEV CALM_DEV SAP_BC_TRANSPORT_ADMINISTRATOR"},
    {"users", "remove-role", "PUT", user_path, user_remove_role, "", answer, "take roles away",
     "almd ctl users remove-role DEV CALM_DEV SAP_BC_TRANSPORT_ADMINISTRATOR"},
    {"users", "validity", "PUT", user_path, user_validity, "", answer, "set its first and its last day",
     "almd ctl users validity DEV CALM_DEV --to 2026-12-31"},
    {"workprocesses", "set", "PUT", "/api/v1/workprocesses/{system}", work_process_set, "", answer,
     "number of background work processes", "almd ctl workprocesses set QUA 0"},
    {"components", "set", "PUT", "/api/v1/components/{system}/{component}", component_set, "", answer,
     "release and level of a component", "almd ctl components set QUA S4CORE 108 3"},
    {"notes", "add", "POST", "/api/v1/notes/{system}", note_add, "", answer, "implement a note",
     "almd ctl notes add QUA 3623614"},
    {"parameters", "set", "PUT", "/api/v1/parameters/{system}", parameter_set, "", answer, "set a profile parameter",
     "almd ctl parameters set QUA SAPDBHOST hana.example"},
    {"parameters", "unset", "PUT", "/api/v1/parameters/{system}", parameter_unset, R"({"unset":true})", answer,
     "take a parameter out of the profile", "almd ctl parameters unset QUA SAPDBHOST"},
    {"tables", "set", "PUT", table_path, table_set, "", answer, "add or change a row",
     "almd ctl tables set PRD CDM_PARAM TR_CHECK_PROCESS_TIME 12"},
    {"tables", "delete", "DELETE", table_path, table_delete, "", answer, "delete a row; its default is back",
     "almd ctl tables delete PRD CDM_PARAM TR_CHECK_PROCESS_TIME"},
    {"rfcdestinations", "set", "PUT", rfc_path, rfc_set, "", answer, "create or change one of type 3",
     "almd ctl rfcdestinations set PRD DEV_RFC --user RFC_USER"},
    {"rfcdestinations", "delete", "DELETE", rfc_path, rfc_named, "", answer, "delete one of type 3",
     "almd ctl rfcdestinations delete PRD DEV_RFC"},
};

} // namespace

std::span<CtlVerb const> ctl_verbs() {
    return verbs;
}

CtlVerb const* find_ctl_verb(std::string_view resource, std::string_view verb) {
    auto const found =
        std::ranges::find_if(verbs, [&](CtlVerb const& one) { return one.resource == resource && one.verb == verb; });
    return found == std::end(verbs) ? nullptr : found;
}

} // namespace almd
