// Verbs of the person at the stand-in cloud in `almd ctl`.
#include "agent/admin/ctl_parameters.hpp"

namespace almd::ctl_verb_tables {

constexpr CtlParameter feature_part = in_path("feature", "{feature}", "display ID such as 6-1, or UUID");
constexpr CtlParameter feature_create[]{
    {"title", "/title", Kind::text, true, true, "what it is for"},
    {"project", "/project", Kind::text, false, false, "name or UUID of one that there is; the default one without it"}};
constexpr CtlParameter feature_assign[]{
    feature_part, {"transport", "/transports", Kind::list, true, true, "numbers, such as DEVK900042"}};
constexpr CtlParameter feature_unassign[]{feature_part,
                                          in_path("transport", "{transport}", "number, such as DEVK900042")};
constexpr CtlParameter feature_deploy[]{
    {"feature", "/features", Kind::list, true, true, "display IDs such as 6-1, or UUIDs; several are one subset"},
    {"target", "/target", Kind::text, false, false, "QUA.200; without it the next one of each track"}};
constexpr CtlParameter feature_status[]{feature_part,
                                        {"action", "/action", Kind::text, true, true,
                                         "startImplementation, handoverToTest, confirmSuccessfulTest, "
                                         "approveForProduction, confirmDeployment, setToNotPlanned"}};

constexpr CtlParameter some_transports{"transport", "/transports", Kind::list,
                                       true,        false,         "numbers; without any all of the feature that may"};
constexpr CtlParameter the_transports{"transport", "/transports", Kind::list, true, true, "numbers of the feature"};
constexpr CtlParameter transport_title{"title", "/title", Kind::text, false, false, "at most 60 characters"};
constexpr CtlParameter feature_create_transport[]{
    feature_part,
    {"system", "/system", Kind::text, true, true, "SID, such as DEV"},
    {"client", "/client", Kind::text, true, true, "the working client, such as 100"},
    {"title", "/title", Kind::text, true, true, "at most 60 characters"},
    {"owner", "/owner", Kind::text, false, true, "user name"},
    {"type", "/type", Kind::text, false, false, "K workbench (default), W customizing"}};
constexpr CtlParameter feature_copies[]{feature_part, some_transports, transport_title};
constexpr CtlParameter feature_some[]{feature_part, some_transports};
constexpr CtlParameter feature_delete_empty[]{feature_part, the_transports};
constexpr CtlParameter feature_add_user[]{
    feature_part, {"user", "/user", Kind::text, true, true, "user name"}, the_transports};
constexpr CtlParameter feature_retrofit[]{
    feature_part,
    {"target", "/target", Kind::text, true, true, "development system of the other track, such as PRJ.100"},
    some_transports};

constexpr CtlParameter work_create[]{
    {"lms-id", "/lmsId", Kind::text, true, true, "of the system, from `almd ctl destinations`"},
    {"kind", "/kind", Kind::text, true, true,
     "create, addUser, release, toc, deleteEmpty, import, check, exportCheck, retrofit"},
    {"target", "/target", Kind::text, false, false, "QUA.200"},
    {"transport", "/transports", Kind::list, false, false, "numbers; several times"},
    {"parameter", "/parameters", Kind::pairs, false, false, "key=value; several times"}};

constexpr CtlParameter work_cancel[]{in_path("work", "{work}", "from `almd ctl work`"),
                                     {"reason", "/reason", Kind::text, false, false, "shown at the feature"}};

constexpr CtlParameter lms_id_of{"lms-id", "/lmsId", Kind::text, true, true, "from `almd ctl registrations`"};
constexpr CtlParameter task_of{"task", "/task", Kind::text,
                               true,   true,    "name of the task, such as \"Transports: Read\""};
constexpr CtlParameter client_of{"client", "/client", Kind::text, false, false, "that of the registration without it"};
constexpr CtlParameter cloud_task_on[]{
    lms_id_of,
    task_of,
    {"interval", "/intervalMinutes", Kind::integer, false, false, "minutes; the task's default without it"},
    client_of};
constexpr CtlParameter cloud_task_off[]{lms_id_of, task_of, client_of};

constexpr CtlParameter feature_reference[]{
    feature_part,
    {"kind", "/kind", Kind::text, true, true, "url, external, transport"},
    {"name", "/name", Kind::text, true, false, "of a transport: its number elsewhere"},
    {"url", "/url", Kind::text, false, false, "where it is"},
    {"id", "/id", Kind::text, false, false, "of an external one, such as jira:ABC-123"}};
constexpr CtlParameter feature_no_reference[]{feature_part,
                                              in_path("reference", "{reference}", "its ID, from features -o json")};
constexpr CtlParameter event_add[]{
    {"type", "/eventType", Kind::text, true, true,
     "Maintenance, Degradation, Disruption, Communication, Planned Availability"},
    {"service", "/serviceName", Kind::text, true, true, "name of the service or system"},
    {"name", "/eventName", Kind::text, true, true, "what it is called"},
    {"description", "/eventDescription", Kind::text, false, false, "more words"},
    {"object", "/type", Kind::text, false, false, "TechnicalSystem (default), BusinessService, CloudService"},
    {"service-type", "/serviceType", Kind::text, false, false, "SAP_S4HANA ..."},
    {"system-number", "/systemNumber", Kind::text, false, false, "of the system"},
    {"start", "/startTime", Kind::text, false, false, "2026-03-01T06:00:00Z; now without it"},
    {"end", "/endTime", Kind::text, false, false, "2026-03-01T08:00:00Z"}};
constexpr CtlParameter event_remove[]{in_path("event", "{event}", "from `almd ctl events`")};
constexpr CtlParameter key_part = in_path("client-id", "{clientId}", "from `almd ctl keys`");
constexpr CtlParameter key_create[]{
    {"instance", "/instance", Kind::text, true, true, "name of the service instance, at most 32 characters"},
    {"scope", "/scopes", Kind::list, false, false, "short names such as calm-api.features.read; all without it"},
    {"x509", "/x509", Kind::flag, false, false, "a certificate instead of a secret"},
    {"tenant", "/tenant", Kind::text, false, false, "the first one without it"}};
constexpr CtlParameter key_rotate[]{
    key_part, {"keep", "/keep", Kind::text, false, false, "so long the old one is good: 10m; ends at once without it"}};
constexpr CtlParameter key_delete[]{key_part};

constexpr CtlParameter project_part = in_path("project", "{project}", "name or UUID");
constexpr CtlParameter new_name{"name", "/name", Kind::text, true, true, "its name"};
constexpr CtlParameter of_tenant{"tenant", "/tenant", Kind::text, false, false, "the first one without it"};
constexpr CtlParameter project_create[]{new_name, of_tenant};
constexpr CtlParameter project_timebox[]{project_part,
                                         new_name,
                                         {"start", "/startDate", Kind::text, true, true, "2026-03-01"},
                                         {"end", "/endDate", Kind::text, true, true, "2026-05-31"}};
constexpr CtlParameter project_team[]{
    project_part, new_name, {"member", "/members", Kind::list, true, false, "several times, or with commas"}};
constexpr CtlParameter project_plan[]{project_part,
                                      {"plan", "/plan", Kind::text, true, true, "name or UUID of a deployment plan"}};
constexpr CtlParameter group_create[]{
    new_name, {"system", "/systems", Kind::list, true, true, "SIDs, such as DEV QUA PRD"}, of_tenant};
constexpr CtlParameter plan_create[]{
    new_name, {"group", "/systemGroups", Kind::list, true, true, "names of system groups"}, of_tenant};
constexpr CtlParameter plan_archive[]{in_path("plan", "{plan}", "name or UUID")};

constexpr CtlParameter fault_add[]{
    {"kind", "/kind", Kind::text, true, true,
     "status, reset, close, dropAnswer, delay, malformedJson, truncatedJson, oversizeBody, noAnswer, closeMidBody, "
     "dribble, quota, tokenRevoked, scopeRemoved, certificateExpired, leaseNotHonoured, duplicateDelivery, outage"},
    {"file", "", Kind::json_file, false, false, "the whole rule as JSON, also its kind"},
    {"name", "/name", Kind::text, false, false, "letters, digits, \".\", \"-\", \"_\"; made up without it"},
    {"operation", "/operations", Kind::list, false, false, "heartbeat ...; all without it"},
    {"method", "/method", Kind::text, false, false, "GET, POST ...; all without it"},
    {"path", "/path", Kind::text, false, false, "with * for any characters: /api/calm-features/v1/Features/*"},
    {"system", "/systems", Kind::list, false, false, "SID, LMS ID or label such as role:PROD; all without it"},
    {"probability", "/probability", Kind::number, false, false, "0 to 1"},
    {"count", "/count", Kind::integer, false, false, "ends after so many"},
    {"after", "/after", Kind::text, false, false, "sleeps so long: 90s of real time"},
    {"until", "/until", Kind::text, false, false, "time to live: 5m of real time"},
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
    {"method", "?method", Kind::text, false, false, "GET, POST ...; all without it"},
    {"path", "?path", Kind::text, false, false, "with * for any characters: /api/calm-*"},
    {"system", "?system", Kind::text, false, false, "SID or LMS ID"},
    {"client", "?client", Kind::text, false, false, "client, such as 000"},
    {"status", "?status", Kind::text, false, false, "200, 5xx, none, any"},
    {"from", "?from", Kind::text, false, false, "not before: 2026-03-01T06:00:00Z"},
    {"to", "?to", Kind::text, false, false, "before"}};
constexpr CtlParameter journal_verify[]{
    {"operation", "/operation", Kind::text, true, false, "heartbeat ...; all without it"},
    {"method", "/method", Kind::text, false, false, "GET, POST ...; all without it"},
    {"path", "/path", Kind::text, false, false, "with * for any characters: /api/calm-*"},
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

constexpr CtlParameter token_revoke[]{{"client-id", "/clientId", Kind::text, false, false, "of one credential only"}};

constexpr CtlVerb cloud_rows[]{
    {"features", "create", "POST", "/api/v1/cloud/features", feature_create, "", answer, "create a feature",
     "almd ctl features create \"my feature\""},
    {"features", "assign", "POST", "/api/v1/cloud/features/{feature}/transports", feature_assign, "", answer,
     "assign transports", "almd ctl features assign 6-1 DEVK900042 DEVK900044"},
    {"features", "unassign", "DELETE", "/api/v1/cloud/features/{feature}/transports/{transport}", feature_unassign, "",
     answer, "unassign a transport", "almd ctl features unassign 6-1 DEVK900042"},
    {"features", "deploy", "POST", "/api/v1/cloud/deploy", feature_deploy, "", answer,
     "deploy the transports of one feature, or of several as one subset",
     "almd ctl features deploy 6-1 6-2 --target QUA.200"},
    {"features", "status", "POST", "/api/v1/cloud/features/{feature}/status", feature_status, "", answer,
     "move its status", "almd ctl features status 6-1 handoverToTest"},
    {"features", "create-transport", "POST", "/api/v1/cloud/features/{feature}/create-transport",
     feature_create_transport, "", answer, "create a transport and assign it",
     "almd ctl features create-transport 6-1 DEV 100 \"New prices\" --owner DEVELOPER1"},
    {"features", "toc", "POST", "/api/v1/cloud/features/{feature}/copies", feature_copies, "", answer,
     "create transports of copies", "almd ctl features toc 6-1 DEVK900042"},
    {"features", "release", "POST", "/api/v1/cloud/features/{feature}/release", feature_some, "", answer,
     "release its transports", "almd ctl features release 6-1"},
    {"features", "delete-empty", "POST", "/api/v1/cloud/features/{feature}/delete-empty", feature_delete_empty, "",
     answer, "delete empty transports", "almd ctl features delete-empty 6-1 DEVK900042"},
    {"features", "add-user", "POST", "/api/v1/cloud/features/{feature}/add-user", feature_add_user, "", answer,
     "add a user to transports", "almd ctl features add-user 6-1 DEVELOPER2 DEVK900042"},
    {"features", "import-checks", "POST", "/api/v1/cloud/features/{feature}/import-checks", feature_some, "", answer,
     "check against production: downgrades, cross-references", "almd ctl features import-checks 6-1"},
    {"features", "export-checks", "POST", "/api/v1/cloud/features/{feature}/export-checks", feature_some, "", answer,
     "check with ATC before the release", "almd ctl features export-checks 6-1"},
    {"features", "retrofit", "POST", "/api/v1/cloud/features/{feature}/retrofit", feature_retrofit, "", answer,
     "retrofit into another development system", "almd ctl features retrofit 6-1 PRJ.100"},
    {"work", "create", "POST", "/api/v1/cloud/work", work_create, "", answer, "create work of any kind for a system",
     "almd ctl work create 6f1c... create --parameter \"title=from the cloud\""},
    {"work", "cancel", "POST", "/api/v1/cloud/work/{work}/cancel", work_cancel, "", answer,
     "take back work that nobody has begun", "almd ctl work cancel 6f1c... --reason \"QUA is gone\""},
    {"registrations", "activate", "POST", "/api/v1/cloud/usecases", cloud_task_on, R"({"active":true})", answer,
     "switch a task on from the cloud, which leads", "almd ctl registrations activate 6f1c... \"Transports: Import\""},
    {"registrations", "deactivate", "POST", "/api/v1/cloud/usecases", cloud_task_off, R"({"active":false})", answer,
     "switch a task off from the cloud", "almd ctl registrations deactivate 6f1c... \"Transports: Import\""},
    {"features", "add-reference", "POST", "/api/v1/cloud/features/{feature}/references", feature_reference, "", answer,
     "write down a URL, something external, or a transport elsewhere",
     "almd ctl features add-reference 6-1 transport \"BTP package 7\""},
    {"features", "remove-reference", "DELETE", "/api/v1/cloud/features/{feature}/references/{reference}",
     feature_no_reference, "", answer, "take a reference away", "almd ctl features remove-reference 6-1 jira:ABC-123"},
    {"events", "add", "POST", "/api/v1/cloud/events", event_add, "", answer, "announce a status event",
     "almd ctl events add Maintenance PRD \"Kernel update\" --end 2026-03-01T08:00:00Z"},
    {"events", "remove", "DELETE", "/api/v1/cloud/events/{event}", event_remove, "", answer, "withdraw a status event",
     "almd ctl events remove 6f1c..."},
    {"keys", "create", "POST", "/api/v1/cloud/keys", key_create, "", CtlShow::json,
     "make a service key; its secret is shown this once",
     "almd ctl keys create reader --scope calm-api.features.read > reader.json"},
    {"keys", "rotate", "POST", "/api/v1/cloud/keys/{clientId}/rotate", key_rotate, "", CtlShow::json,
     "a new secret or certificate",
     "almd ctl keys rotate 'sb-reader!b123456|sapcloudalm!b456789' --keep 10m > new.json"},
    {"keys", "delete", "DELETE", "/api/v1/cloud/keys/{clientId}", key_delete, "", answer,
     "delete a service key; its tokens end", "almd ctl keys delete 'sb-reader!b123456|sapcloudalm!b456789'"},
    {"projects", "create", "POST", "/api/v1/cloud/projects", project_create, "", answer, "create a project",
     "almd ctl projects create \"New prices\""},
    {"projects", "add-timebox", "POST", "/api/v1/cloud/projects/{project}/timeboxes", project_timebox, "", answer,
     "add a timebox", "almd ctl projects add-timebox \"New prices\" Test 2026-03-01 2026-03-31"},
    {"projects", "add-team", "POST", "/api/v1/cloud/projects/{project}/teams", project_team, "", answer, "add a team",
     "almd ctl projects add-team \"New prices\" Testers anna@example.com"},
    {"projects", "assign-plan", "POST", "/api/v1/cloud/projects/{project}/deployment-plan", project_plan, "", answer,
     "give it a deployment plan", "almd ctl projects assign-plan \"New prices\" ERP"},
    {"systemgroups", "create", "POST", "/api/v1/cloud/system-groups", group_create, "", answer, "create a system group",
     "almd ctl systemgroups create \"ERP track\" DEV QUA PRD"},
    {"plans", "create", "POST", "/api/v1/cloud/deployment-plans", plan_create, "", answer,
     "create a deployment plan of system groups", "almd ctl plans create ERP \"ERP track\""},
    {"plans", "archive", "POST", "/api/v1/cloud/deployment-plans/{plan}/archive", plan_archive, "", answer,
     "archive a deployment plan", "almd ctl plans archive ERP"},
    {"faults", "add", "POST", "/api/v1/cloud/faults", fault_add, "", answer, "add a fault",
     "almd ctl faults add status --status 503 --retry-after 30 --probability 0.05 --until 5m"},
    {"faults", "revoke-tokens", "POST", "/api/v1/cloud/tokens/revoke", token_revoke, "", answer, "all tokens end now",
     "almd ctl faults revoke-tokens"},
    {"faults", "remove", "DELETE", "/api/v1/cloud/faults/{name}", fault_remove, "", answer, "remove a fault",
     "almd ctl faults remove fault-1"},
    {"journal", "show", "GET", "/api/v1/cloud/journal/{number}", journal_show, "", CtlShow::json,
     "one request and its answer in full", "almd ctl journal show 42"},
    {"journal", "har", "GET", "/api/v1/cloud/journal.har", journal_har, "", CtlShow::json,
     "as a HAR file, for any viewer of such files", "almd ctl journal har --system QUA > qua.har"},
    {"journal", "verify", "POST", "/api/v1/cloud/verify", journal_verify, "{}", answer,
     "did these calls come? Exit code 1 if not", "almd ctl journal verify heartbeat --system QUA --exactly 3"},
};

std::span<CtlVerb const> cloud_verbs() {
    return cloud_rows;
}

} // namespace almd::ctl_verb_tables
