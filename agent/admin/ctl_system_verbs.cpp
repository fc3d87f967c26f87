// Verbs of what is inside a system in `almd ctl`: users, work processes, software, profile, tables, SM59.
#include "agent/admin/ctl_parameters.hpp"

namespace almd::ctl_verb_tables {

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
constexpr CtlParameter component_named[]{system_part, in_path("component", "{component}", "such as S4CORE")};
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

constexpr std::string_view table_path = "/api/v1/tables/{system}/{table}/{key}";
constexpr std::string_view rfc_path = "/api/v1/rfcdestinations/{system}/{name}";
constexpr std::string_view user_path = "/api/v1/users/{system}/{user}";

constexpr CtlVerb system_rows[]{
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
     "release and level of a component, which is added if there is none", "almd ctl components set QUA S4CORE 108 3"},
    {"components", "delete", "DELETE", "/api/v1/components/{system}/{component}", component_named, "", answer,
     "an add-on is uninstalled", "almd ctl components delete QUA S4CORE"},
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

std::span<CtlVerb const> system_verbs() {
    return system_rows;
}

} // namespace almd::ctl_verb_tables
