// Verbs of CTS and STMS in `almd ctl`, and of the people who use them.
#include "agent/admin/ctl_parameters.hpp"

namespace almd::ctl_verb_tables {

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
    {"atc-priority", "/atcPriority", Kind::integer, false, false, "of an ATC finding, 1 to 4; 0: none"},
    {"cross-client", "/crossClient", Kind::flag, false, false, "true: of a table, it goes into workbench requests"},
    {"function-group", "/functionGroup", Kind::text, false, false, "of a function module: locked with its group"}};
constexpr CtlParameter object_record[]{system_part,
                                       object_part,
                                       package_given,
                                       {"request", "/request", Kind::text, false, false, "a local object needs none"}};

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
    {"option", "/options", Kind::list, false, false,
     "importAgain, leaveInQueue, removeFromQueue, ignoreComponentVersion ..."},
    {"user", "/user", Kind::text, false, false, "who imports, DDIC by default"}};

constexpr CtlParameter tp_parameter_set[]{in_path("name", "{name}", "such as STOPONERROR"),
                                          {"value", "/value", Kind::text, true, true, "its value, such as 9"}};

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

constexpr CtlParameter activity_set[]{
    {"requests-per-hour", "/requestsPerHour", Kind::number, false, false, "new requests, of each developer"},
    {"objects-per-hour", "/objectsPerHour", Kind::number, false, false, "recorded objects, of each developer"},
    {"releases-per-hour", "/releasesPerHour", Kind::number, false, false, "finished requests, of each developer"},
    {"imports-per-hour", "/importsPerHour", Kind::number, false, false, "rounds through an import queue"}};

constexpr CtlVerb transport_rows[]{
    {"requests", "create", "POST", "/api/v1/requests", request_create, "", answer, "create a transport request",
     "almd ctl requests create DEV 100 \"my change\" --object \"R3TR PROG ZPROG\""},
    {"requests", "show", "GET", "/api/v1/requests/{request}", request_named, "", CtlShow::document,
     "a request or task with its object lists, as SE01 shows it", "almd ctl requests show DEVK900042"},
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
    {"tpparameters", "set", "PUT", "/api/v1/tpparameters/{name}", tp_parameter_set, "", answer,
     "set a parameter of the transport profile", "almd ctl tpparameters set REPEATONERROR 9"},
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
};

std::span<CtlVerb const> transport_verbs() {
    return transport_rows;
}

} // namespace almd::ctl_verb_tables
