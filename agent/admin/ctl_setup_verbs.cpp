// Verbs of /SDF/ALM_SETUP and SM37 in `almd ctl`.
#include "agent/admin/ctl_parameters.hpp"

namespace almd::ctl_verb_tables {

constexpr CtlParameter key_file{"service-key", "/serviceKey", Kind::json_file,
                                false,         false,         "service key as the cockpit gives it"};
constexpr CtlParameter background_user{
    "background-user", "/backgroundUser", Kind::text, false, false, "user of the jobs and of the import history"};

constexpr CtlParameter token_endpoint{"token-endpoint",
                                      "/serviceKey/uaa/url",
                                      Kind::text,
                                      false,
                                      false,
                                      "instead of a key file: https://.../oauth/token",
                                      "/oauth/token",
                                      ""};
constexpr CtlParameter client_id{"client-id", "/serviceKey/uaa/clientid", Kind::text, false,
                                 false,       "... and the client ID"};
constexpr CtlParameter client_secret_file{"client-secret-file",
                                          "/serviceKey/uaa/clientsecret",
                                          Kind::secret_file,
                                          false,
                                          false,
                                          "... and a file with the client secret"};
constexpr CtlParameter root_url{"root-url", "/serviceKey/endpoints/Api",          Kind::text, false,
                                false,      "... and the root URL, without /api", "/",        "/api"};
constexpr CtlParameter proxy_host{"proxy-host", "/proxyHost", Kind::text, false, false, "HTTP proxy"};
constexpr CtlParameter proxy_port{"proxy-port", "/proxyPort", Kind::integer, false, false, "its port, 3128 by default"};
constexpr CtlParameter proxy_user{"proxy-user", "/proxyUser", Kind::text, false, false, "its user"};
constexpr CtlParameter proxy_password_file{"proxy-password-file",     "/proxyPassword", Kind::secret_file, false, false,
                                           "a file with its password"};

constexpr CtlParameter destination_create[]{
    {"system", "/system", Kind::text, true, true, "SID, such as DEV"},
    {"client", "/client", Kind::text, true, true, "client, such as 000"},
    {"name", "/name", Kind::text, true, true, "name of the destination"},
    key_file,
    token_endpoint,
    client_id,
    client_secret_file,
    root_url,
    background_user,
    {"setup-user", "/setupUser", Kind::text, false, false, "who sits at the screen, DDIC by default"},
    proxy_host,
    proxy_port,
    proxy_user,
    proxy_password_file,
};
constexpr CtlParameter destination_change[]{
    system_part, client_part,     name_part,  key_file,   token_endpoint, client_id,           client_secret_file,
    root_url,    background_user, proxy_host, proxy_port, proxy_user,     proxy_password_file,
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

constexpr CtlParameter job_log[]{in_path("system", "{system}", "SID, such as DEV"),
                                 in_path("count", "{count}", "job count, from `almd ctl jobs`")};
/// As SM37 shows it (V).
constexpr CtlColumn job_log_columns[]{{"time", "time", CtlFormat::time},
                                      {"text", "message text"},
                                      {"class", "class"},
                                      {"number", "number"},
                                      {"type", "type"}};
constexpr CtlParameter system_show[]{{"system", "?system", Kind::text, true, true, "SID, such as DEV"}};

constexpr std::string_view destination_path = "/api/v1/destinations/{system}/{client}/{name}";
constexpr std::string_view usecase_path = "/api/v1/usecases/{system}/{client}/{name}";

constexpr CtlVerb setup_rows[]{
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
     answer, "SM59's connection test: a token, then HTTP 400 of the root URL",
     "almd ctl destinations check DEV 000 CALM"},
    {"usecases", "activate", "PUT", usecase_path, task_on, R"({"active":true})", answer, "switch a task on",
     "almd ctl usecases activate DEV 000 CALM \"Transports: Read\" --interval 1"},
    {"usecases", "deactivate", "PUT", usecase_path, task_off, R"({"active":false})", answer, "switch a task off",
     "almd ctl usecases deactivate DEV 000 CALM \"Transports: Read\""},
    {"jobs", "log", "GET", "/api/v1/jobs/{system}/{count}/log", job_log, "", CtlShow::list, "the job log",
     "almd ctl jobs log DEV 08562401", job_log_columns},
};

std::span<CtlVerb const> setup_verbs() {
    return setup_rows;
}

} // namespace almd::ctl_verb_tables
