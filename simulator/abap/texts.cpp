// The entries of the catalogue. Sources: G = SAP's Cloud ALM setup and administration guide, S = its set-up page, C =
// captured answers of real systems and public client code, H = help.sap.com; "practice" = well known, no public source
// confirmed it.
#include "simulator/abap/texts.hpp"

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr auto V = TextMark::verified, I = TextMark::inferred, U = TextMark::unknown, O = TextMark::ours;
constexpr std::string_view own_class = "ALMD"; ///< /SDF message classes and numbers are unknown (U): ours stand in

constexpr TextEntry entries[] = {
    {Text::scheduler_scheduled, "", "", "Scheduler job for &1 has been scheduled.", V, "S"},
    {Text::discovery_triggered, "", "", "Auto Discovery job for &1 has been triggered.", V, "S"},
    {Text::system_registered, "", "", "System registered at SAP Cloud ALM.", V, "G, picture of the set-up screen"},
    {Text::no_lms_id, "", "", "No LMS ID retrieved. Scheduling jobs is skipped. Check SLG1 /SDF/CALM", V, "G"},
    {Text::scheduler_running, "", "", "Scheduler job is running. Period [min]: &1", V,
     "G, picture of the set-up screen"},
    {Text::registration_answer, own_class, "001", "&1: response code &2", O,
     "G says that the log has the URL and the code, not how"},
    {Text::registration_no_answer, own_class, "002", "&1: no answer (&2)", O, "wording ours"},
    {Text::unregistered, own_class, "003", "System unregistered at &1, its jobs are stopped.", O, "wording ours"},
    {Text::registration_given_up, own_class, "004", "Registration at &1 was given up.", O, "wording ours"},
    {Text::not_known_to_cloud, own_class, "005",
     "SAP Cloud ALM does not know this system any more (&1): it is registered again.", O, "wording ours"},
    {Text::unregistered_by_cloud, own_class, "007",
     "SAP Cloud ALM has unregistered this system (&1): all collection is stopped. Register it again.", O,
     "wording ours"},
    {Text::deactivation_pending, own_class, "006",
     "Task &1 is off here; SAP Cloud ALM is told again with the next run of the scheduler.", O, "wording ours"},
    {Text::http_no_authority, "", "", "Cannot create HTTP Client: Operation successfully executed", V, "G"},
    {Text::http_no_destination, "", "", "Cannot create HTTP Client: Destination &1 not defined (See Long Text)", V,
     "G"},
    {Text::password_too_long, "", "", "Cannot save HTTP Destination: Password Too long", V, "G"},
    {Text::connect_refused, "", "", "Direct connect to &1 failed NIECONN_REFUSED(-10)", V, "G"},
    {Text::proxy_forbidden, "", "",
     "IcmConnInitClientSSL: Proxy connection to &1 via &2 failed (proxy returned 403 Forbidden)", V, "G"},
    {Text::proxy_wants_logon, "", "",
     "IcmConnInitClientSSL: Proxy connection to &1 via &2 failed (proxy returned 407 Proxy Authentication Required)", V,
     "G"},
    {Text::tls_protocol_version, "", "",
     "ERROR => SSL handshake with &1:443 failed: SSSLERR_ALERT_PROTOCOL_VERSION ... Server aborted TLS handshake with "
     "fatal TLS",
     V, "G"},
    {Text::tls_peer_not_trusted, "", "",
     "secussl_read: SSL_read() failed => \"Failed to verify peer certificate. Peer not trusted.\"", V, "G"},
    {Text::tls_certificate_untrusted, "", "", "SSL handshake with &1:443 failed: SSSLERR_PEER_CERT_UNTRUSTED (-102)", V,
     "G"},
    {Text::tls_handshake_failure, "", "", "SSL handshake with &1:443 failed: SSSLERR_ALERT_HANDSHAKE_FAILURE (-122)", V,
     "G"},
    {Text::tls_connection_closed, "", "", "SSL handshake with &1:443 failed: SSSLRC_CONN_CLOSED (-10)", V, "G"},
    {Text::tls_would_block, "", "",
     "SSL handshake with &1:443 failed:SSSLERR_EWOULDBLOCK (-71)#(no error) non-blocking network read/write could not "
     "complete###",
     V, "G; that a slow network causes it is inferred"},
    {Text::oauth_no_token, "", "", "'Oauth access_token not found from Destination' 401", V, "G"},

    {Text::job_started, "00", "516", "Job started", V, "public message lists"},
    {Text::job_step_started, "00", "550", "Step &1 started (program &2, variant &3, user ID &4)", V,
     "public message lists"},
    {Text::job_finished, "00", "517", "Job finished", I, "practice"},
    {Text::job_cancelled, "00", "518", "Job cancelled", I, "practice"},
    {Text::job_cancelled_by_message, "00", "564", "Job cancelled after system exception ERROR_MESSAGE", I,
     "C has the text; the number is inferred"},
    {Text::job_cancelled_by_dump, "00", "671", "ABAP/4 processor: &1", I, "practice"},
    {Text::job_logon_failed, "00", "560", "Logon of user &1 in client &2 failed when starting a step", I, "practice"},
    {Text::job_logon_reason, own_class, "150", "Reason: &1", O, "the real reason stands in the system log"},
    {Text::role_missing, own_class, "151", "User &1 lacks role &2, which &3 needs", O,
     "G has the roles, not what is said without them"},
    {Text::batch_name_missing, own_class, "152", "User &1 may not schedule jobs for user &2 (S_BTCH_NAM)", O,
     "G has the rule, the wording is ours"},
    {Text::user_unknown_or_locked, "TR", "809", "User &1 does not exist in the system (or locked)", V,
     "public message lists; where it is used is inferred"},
    {Text::not_authorized, own_class, "210", "User &1 is not authorized to &2 in &3 (&4)", O,
     "H has the authorizations, not what is said without them"},
    {Text::heartbeat_dropped, own_class, "201", "&1 heartbeats wait already: this one is dropped and counted", O,
     "wording ours"},
    {Text::heartbeat_in_flight, own_class, "202", "An earlier heartbeat is still on its way: this one waits for it", O,
     "wording ours"},
    {Text::heartbeat_not_sent, own_class, "203", "Heartbeat &1 not sent, &2 wait: &3", O, "wording ours"},
    {Text::not_registered_any_more, own_class, "204",
     "The client is not registered at SAP Cloud ALM any more: nothing to do", O, "wording ours"},
    {Text::task_started, own_class, "205", "Task \"&1\" started", O, "wording ours"},
    {Text::work_not_begun, own_class, "206", "Work item &1 was not begun: &2", O, "wording ours"},
    {Text::import_served, own_class, "207", "The steps of tp inside ABAP for &1 have ended", O,
     "what RDDIMPDP writes is unknown"},
    {Text::task_not_due, own_class, "208",
     "Task \"&1\" still runs, or waits for its stretched interval of &2 minutes: nothing to do", O, "wording ours"},
    {Text::check_too_long, own_class, "209",
     "The check ran longer than &1 hours (TR_CHECK_PROCESS_TIME): it is canceled", O, "G has the rule, not its line"},
    {Text::locks_none, "", "", "No locks are blocking use-case execution", V, "G"},
    {Text::lock_found, "", "", "At least one SM12 lock found for /SDF/CALM_SCHED", V, "G"},
    {Text::lock_stale, "", "", "At least one SM12 lock for /SDF/CALM_SCHED older than 10 minutes found", V, "G"},

    {Text::release_started, "", "", "Release for request/task &1 has been started", V, "C"},
    {Text::release_done, "", "", "Transport request/task &1 was successfully released", V, "C"},
    {Text::task_not_released, "TR", "732", "Referencing task &1 not yet released", V, "C"},
    {Text::already_released, "TR", "768", "Request/task &1 already released (not modifiable)", V, "C"},
    {Text::request_already_released, "TK", "064", "Request &1 is already released", I,
     "C has the number only; the text is inferred"},
    {Text::task_unclassified, "TK", "494", "Task &1 is unclassified (it cannot be released)", V, "C"},
    {Text::object_inactive, "EU", "829", "Object &1 is inactive", V, "C"},
    {Text::pre_export_failed, "PU", "238", "Error in pre-export methods for request &1", V, "C"},
    {Text::object_locked, "", "", "Object &1 &2 &3 is already locked in request &4", V, "C, issue of a UI5 deployer"},
    {Text::object_locked_elsewhere, "", "", "&1 is locked in request/task &2", V, "C"},
    {Text::objects_not_lockable, "", "", "Not all objects in the request could be locked", V, "C"},
    {Text::release_anyway, "", "", "Do you want to release them anyway?", V, "C"},
    {Text::no_transport_given, "TK", "136", "No transport request was given for a transportable object", I,
     "C has the number and the meaning; the text is inferred"},
    {Text::request_does_not_exist, "", "", "Request/task &1 does not exist in system &2", I,
     "C has the end of the sentence"},
    {Text::target_not_known, own_class, "010", "Target &1 does not exist in the transport domain", O, "wording ours"},
    {Text::delete_has_locks, own_class, "011", "Request/task &1 contains locked objects and cannot be deleted", U,
     "H has the rule, the text is unknown"},
    {Text::function_refused, own_class, "012", "Type &1 cannot be created: allowed are K, W and T", O, "wording ours"},
    {Text::number_range_exhausted, own_class, "013", "System &1 has given its last number (999999)", O,
     "real systems go on with letters (I)"},
    {Text::text_missing, own_class, "015", "A request needs a short text of 1 to 60 characters", O, "wording ours"},
    {Text::client_unknown, own_class, "016", "Client &1 does not exist in system &2", O, "wording ours"},
    {Text::not_released, own_class, "018", "Request &1 is not yet released", O, "wording ours"},
    {Text::request_has_no_tasks, own_class, "017", "Request &1 has no tasks", O,
     "that copies have none is verified, the wording is ours"},
    {Text::request_protected, own_class, "030", "Request &1 is protected: it gets no new tasks", O,
     "status L is verified, the wording is ours"},
    {Text::other_target, own_class, "032", "&1 of package &2 goes to &3, the request to &4", O,
     "H has the rule, the wording is ours"},
    {Text::package_unknown, own_class, "033", "Package &1 does not exist in system &2", O, "wording ours"},
    {Text::atc_finding, own_class, "034", "ATC: &1 has a finding of priority &2", O, "G has the check, not its text"},
    {Text::atc_blocks, own_class, "035", "ATC findings block the release of request &1 (priority &2 or worse)", O,
     "G has the setting, not its text"},
    {Text::request_changed_since, own_class, "036", "Request &1 was changed after it was checked", O,
     "C has the verdict, the wording is ours"},
    {Text::export_failed, own_class, "037", "Export of request &1 ended with return code 8", O,
     "behaviour inferred, wording ours"},
    {Text::delete_has_released, own_class, "039", "Request &1 cannot be deleted: task &2 is released", U,
     "practice, the text is unknown"},
    {Text::attribute_refused, own_class, "060",
     "&1 is no attribute: 1 to 20 capital letters, digits, _ or /, such as SAPCTS", O, "length inferred, wording ours"},
    {Text::attribute_value_long, own_class, "061", "The value of attribute &1 is longer than 32 characters", O,
     "length inferred, wording ours"},
    {Text::not_customizing, own_class, "062",
     "&1 is not client-specific: a customizing request takes contents of client-specific tables only", O,
     "H has the rule, the wording is ours"},
    {Text::not_workbench, own_class, "063",
     "&1 is client-specific: a workbench request takes repository objects and cross-client contents only", O,
     "H has the rule, the wording is ours"},
    {Text::target_without_route, own_class, "064", "No consolidation route of &1 leads to &2; allowed: &3", O,
     "H has the rule, the wording is ours"},
    {Text::copies_stay_here, own_class, "065",
     "Copies of &1 cannot go to &2; allowed: any other system of the transport domain", O,
     "that copies have a target of their own is verified, its limits are inferred"},

    {Text::component_mismatch, "XT", "216", "&1 of &2 requests do not match the component version of the target system",
     V, "H"},
    {Text::component_level_missing, "TN", "561",
     "The software component &1 rel.&2 does not have the required SP level &3", V, "H"},
    {Text::component_only_in_target, own_class, "055",
     "Software component &1 rel.&2 level &3 is only in &4, not in the source system", O,
     "that additional components count is verified, on which side is not; wording ours"},
    {Text::not_in_buffer, own_class, "020", "Request &1 is not in the import buffer of &2 (tp return code 0152)", O,
     "the code is verified, the wording is ours"},
    {Text::object_is_original, own_class, "050", "Object &1 is an original in &2 and was not overwritten", O,
     "the rule is verified, its words are ours"},
    {Text::object_in_repair, own_class, "051", "Object &1 is in an unconfirmed repair in &2 and was not overwritten", O,
     "as 050"},
    {Text::table_class_protected, own_class, "052", "Table class does not permit the import of &1 into &2", O,
     "as 050"},
    {Text::object_system_dependent, own_class, "053", "System-dependent object &1 was not overwritten in &2", O,
     "as 050"},
    {Text::option_would_overwrite, own_class, "056", "Import option \"&1\" (umode &2) overwrites it", O,
     "options verified, line ours"},
    {Text::object_set_back, own_class, "057",
     "Object &1 is set back: &2 is older than &3, whose version was here; tp does not check it", O,
     "the rule is practice, line ours"},
    {Text::more_lines, own_class, "058", "... and &1 more objects", O, "ours"},
    {Text::simulated_code, own_class, "059",
     "Return code &1 was drawn by the tp profile or a behaviour; no object is the cause", O, "ours"},
    {Text::transport_type_locked, own_class, "054", "Transports of type &1 are not permitted in &2", O, "as 050"},
    {Text::already_imported, "", "", "&1 has already been imported completely.", I, "C, tests of a public tool"},
    {Text::being_imported, "", "", "&1 is currently being imported", I, "C, tests of a public tool"},
    {Text::import_successful, "", "", "Import of &1 into &2: 0000 successful", I, "code and word verified, line ours"},
    {Text::import_warnings, "", "", "Import of &1 into &2: &3 ended with warnings", I,
     "code and words verified, line ours"},
    {Text::import_errors, "", "", "Import of &1 into &2: &3 ended with errors", I,
     "code and words verified, line ours"},
    {Text::import_terminated, "", "", "Import of &1 into &2: &3 terminated", I, "practice"},
    {Text::import_interrupted, own_class, "021", "Import of &1 into &2 was interrupted; it continues at step &3", O,
     "wording ours"},
    {Text::tp_stopping, "", "", "stopping on error &1 during &2", I, "practice"},
    {Text::tp_finished, "", "", "tp finished with return code: &1", V, "C"},
    {Text::no_import_into_virtual, own_class, "022", "System &1 is virtual: its buffer fills, nothing is imported", O,
     "H has the rule, the wording is ours"},
    {Text::must_be_approved, "", "", "Request &1 must still be approved", V,
     "H has \"must still be approved\"; the line around it is inferred"},
    {Text::was_rejected, "", "", "Request &1 was rejected", V,
     "H has \"was rejected\"; the line around it is inferred"},
    {Text::will_not_be_imported, own_class, "026", "Request &1 will not be imported", O, "state verified, line ours"},
    {Text::data_file_missing, own_class, "027", "The data file of request &1 must be transferred", O,
     "state verified, line ours"},
    {Text::predecessors_missing, own_class, "028", "Request &1 has &2 predecessors that were not imported", O,
     "rule verified, line ours"},
    {Text::no_import_all, own_class, "029", "Import all into &1 is switched off (NO_IMPORT_ALL)", O,
     "parameter verified, line ours"},
    {Text::end_mark_present, own_class, "040", "The import queue of &1 is closed already", O, "no text is known"},
    {Text::end_mark_missing, own_class, "031", "The import queue of &1 has no end mark", O, "no text is known"},
    {Text::waits_for_batch, own_class, "041", "Import into &1 waits for a free background work process", O,
     "RDDIMPDP's need verified, line ours"},
    {Text::imports_stopped, own_class, "023", "Import into &1 was given up: the simulation is stopping", O,
     "wording ours"},

    {Text::read_sent, own_class, "100", "&1 transports sent to &2", O, "normal lines of the log are unknown (U)"},
    {Text::read_nothing_new, own_class, "101", "No changed transports for &1", O, "as 100"},
    {Text::read_landscape_sent, own_class, "110", "Landscape of domain &1 with &2 systems sent to &3", O, "as 100"},
    {Text::import_requested, own_class, "120", "Import of &1 requests into &2 received", O, "as 100"},
    {Text::import_nothing_to_do, own_class, "121", "No requests to import", O, "as 100"},
    {Text::import_started, own_class, "122", "Import of &1 requests into &2 started by user &3", O, "as 100"},
    {Text::import_request_ended, own_class, "123", "Import of &1 into &2 ended with return code &3", O, "as 100"},
    {Text::import_not_executed, own_class, "124", "No import was executed: &1 requests wait for &2", O, "as 100"},
    {Text::import_done_before, own_class, "125", "Import &1 was done before, its result is sent again", O, "as 100"},
    {Text::work_received, own_class, "220", "&1 work items received for task &2", O, "as 100"},
    {Text::create_requested, own_class, "221", "Creation of request \"&1\" of type &2 requested for &3", O, "as 100"},
    {Text::add_user_requested, own_class, "222", "Task of user &1 in request &2 requested for &3", O, "as 100"},
    {Text::release_requested, own_class, "223", "Release of &1 requested for &2", O, "as 100"},
    {Text::toc_requested, own_class, "224", "Transport of copies of &1 into &2 requested for &3", O, "as 100"},
    {Text::delete_requested, own_class, "225", "Deletion of &1, if it is empty, requested for &2", O, "as 100"},
    {Text::check_requested, own_class, "226", "Check of &1 requested for &2", O, "as 100"},
    {Text::retrofit_requested, own_class, "227", "Retrofit of &1 requested for &2", O, "as 100"},
    {Text::work_rejected, own_class, "228", "Not executed: &1", O, "as 100"},
    {Text::kind_not_possible, own_class, "240",
     "work of kind \"&1\" cannot be done by this version of almd; it can do: import", O, "as 100"},
    {Text::too_few_processes, own_class, "241",
     "too few background work processes were free, &1 times (TR_CHECK_BATCH_PERCENTAGE)", O, "as 100"},
    {Text::import_without_target, own_class, "242", "an import without a target", O, "as 100"},
    {Text::import_without_requests, own_class, "243", "an import without transports", O, "as 100"},
    {Text::import_elsewhere, own_class, "244", "target &1 is not system &2, to which this registration belongs", O,
     "as 100"},
    {Text::task_only_in_000, own_class, "245", "task \"&1\" can be active in client 000 only, not in &2", O, "as 100"},
    {Text::task_not_in_000, own_class, "246",
     "task \"&1\" is client-specific: activate it in a working client, not in 000", O, "as 100"},
    {Text::task_no_collector, own_class, "247",
     "task \"&1\" has no collector in this version of almd; the tasks \"Transports: ...\" have one", O, "as 100"},
    {Text::check_waits, own_class, "229",
     "&1 of &2 background work processes are free, TR_CHECK_BATCH_PERCENTAGE is &3: try &4", O, "as 100"},
    {Text::feedback_sent, own_class, "130", "Result of work item &1 sent: &2", O, "as 100"},
    {Text::feedback_later, own_class, "131", "Result of work item &1 could not be sent yet: &2", O, "as 100"},
    {Text::send_failed, own_class, "140", "&1: sending failed: &2", O, "as 100"},
    {Text::interval_stretched, own_class, "141", "&1: collection interval stretched to &2 minutes", O,
     "G has the back-off, not its line"},
    {Text::interval_restored, own_class, "142", "&1: collection interval is &2 minutes again", O,
     "G has the back-off, not its line"},

    {Text::running_for, "", "", "The check is running in &1/&2 for destination &3", V, "G"},
    {Text::task_is_active, "", "", "Task \"&1\" is active in client &2 and last ran &3", V, "G"},
    {Text::export_route, "", "", "System has an export route", V, "G"},
    {Text::no_export_route, "", "", "System has no export route", V, "G"},
    {Text::export_task_active, "", "", "Export Task is active in client &1", V, "G"},
    {Text::export_task_inactive, "", "", "Export Task is inactive in client &1", V, "G"},
    {Text::import_route, "", "", "System has an import route", V, "G"},
    {Text::no_import_route, "", "", "System has no import route", V, "G"},
    {Text::import_task_active, "", "", "Import Task is active in client &1 and valid for all clients", V, "G"},
    {Text::import_task_inactive, "", "", "Import Task is inactive in client &1 and no imports will be processed", V,
     "G"},
    {Text::time_zone_good, "", "", "Timezone settings ok. Current time: &1", V, "G"},
    {Text::time_zones_differ, "", "", "System &2: multiple system time zones found in different clients (&1)", V, "G"},
    {Text::time_zone_not_specified, "", "", "System &2: system time zone for client &1 not specified (table TTZCU)", V,
     "G"},
    {Text::time_zone_undefined, "", "", "System &3: no definition for time zone &2 in client &1 (table TTZZ)", V, "G"},
    {Text::time_zone_inactive, "", "", "System &3: definition for time zone &2 in client &1 inactive (table TTZZ)", V,
     "G"},
    {Text::system_time_incorrect, "", "", "System &2: system time zone or UTC time not correct (client &1)", V, "G"},
    {Text::user_time_incorrect, "", "", "System &3: user time zone or UTC time incorrect (client &1, user &2)", V, "G"},
    {Text::utc_timer_incorrect, "", "", "System &1: UTC timer is not correct (difference = &2 s)", V, "G"},
    {Text::time_zone_unchecked, "", "", "No timezone check could be performed due to RFC failures", V, "G"},
    {Text::time_zones_good, "", "", "No issue detected for time zone and UTC timer in any managed system", V, "G"},
    {Text::job_is_scheduled, "", "", "Job &1 is scheduled. Next run: &2 &3", V, "G"},
    {Text::job_not_scheduled, "", "", "Job &1 isn't scheduled", V, "G"},
    {Text::job_configuration_error, "", "", "Error in configuration: &1&2&3&4", V, "G"},
    {Text::diagnostics_ran, "", "", "Job /SDF/CALM_CDM_DIAGNOSTICS did run today", V, "G"},
    {Text::diagnostics_did_not_run, "", "", "Job /SDF/CALM_CDM_DIAGNOSTICS hasn't (yet) run today", V, "G"},
    {Text::no_free_batch, "", "", "There are currently no free batch processes", V, "G"},
    {Text::one_free_batch, "", "", "There's only one free batch process", V, "G"},
    {Text::free_batch, "", "", "There are currently &1 free batch processes", V, "G"},
    {Text::batch_unreadable, "", "", "Error reading batch process data: &1", V, "G"},
    {Text::connection_successful, "", "", "Connection successful", V, "G"},
    {Text::connection_failed, "", "", "Connection failed: &1", V, "G"},
    {Text::locks_unreadable, "", "", "Error during lock retrieval: &1&2&3&4", V, "G"},
    {Text::note_download_failed, "", "", "Error during note download: &1&2&3&4", V, "G"},
    {Text::note_3322679_latest, "", "", "The latest version of SAP Note 3322679 is implemented", V, "G"},
    {Text::note_older, "", "", "An older note version is implemented: &1", V, "G"},
    {Text::note_check_failed, "", "", "Error during note check: &1&2&3&4", V, "G"},
    {Text::token_failed, "", "", "Token Connection failed: &1&2&3&4", V, "G"},
    {Text::scope_display_missing, "", "", "Token scope imp-cdm-feature-display-ui missing", V, "G"},
    {Text::scope_manage_missing, "", "", "Token scope imp-cdm-feature-manage-ui missing", V, "G"},
    {Text::scopes_valid, "", "", "Token scopes valid", V, "G"},
    {Text::st_pi_recent, "", "", "A recent version of ST-PI is implemented: &1", V, "G"},
    {Text::st_pi_older, "", "", "An older version of ST-PI is implemented: &1", V, "G"},
    {Text::st_pi_outdated, "", "", "The installed version of ST-PI is outdated: &1", V, "G"},
    {Text::component_check_failed, "", "", "Error during component check: &1&2&3&4", V, "G"},
    {Text::s_transprt_assigned, "", "", "S_TRANSPRT display authorization is assigned to current user", V, "G"},
    {Text::s_transprt_missing, "", "", "S_TRANSPRT display authorization missing for current user", V, "G"},
    {Text::ctc_enabled, "", "", "&1: CTC is enabled", V, "G"},
    {Text::ctc_disabled, "", "", "&1: CTC is disabled", V, "G"},
    {Text::ctc_error, "", "", "&1: &2&3", V, "G"},
    {Text::profile_unreadable, "", "", "&1: System Profile couldn't be read", V, "G"},
    {Text::rfc_valid, "", "", "RFC configuration in view &1 has been validated successfully", V, "G"},
    {Text::rfc_missing_for_checks, "", "", "RFC configuration is missing in view &1 for transport checks", V, "G"},
    {Text::rfc_without_user, "", "", "The configured RFC &1 in the table view &2 has no user assigned", V, "G"},
    {Text::rfc_does_not_work, "", "", "The configured RFC &1 in the table view &2 doesn't work", V, "G"},
    {Text::rfc_does_not_exist, "", "", "The configured RFC &1 in the table view &2 doesn't exist", V, "G"},
    {Text::rfc_logon_refused, "", "", "Not authorized to logon with configured RFC &1", V, "G"},
    {Text::rfc_not_trusted, "", "", "Trusted RFC &1 isn't allowed", V, "G"},
    {Text::retrofit_not_configured, "", "",
     "Production system information isn't configured for retrofit in table /SDF/CDM_PARAM", V, "G"},
    {Text::retrofit_configured, "", "",
     "Retrofit production system configuration in table /SDF/CDM_PARAM has been validated", V, "G"},
    {Text::retrofit_invalid_system, "", "",
     "Invalid production system is configured for Retrofit in table /SDF/CDM_PARAM", V, "G"},
    {Text::retrofit_rfc_missing, "", "", "RFC configuration is missing in view /SDF/CMO_TARGET for retrofit", V, "G"},
    {Text::retrofit_rfc_missing_for, "", "", "RFC destination is missing in view /SDF/CMO_TARGET for target &1", V,
     "G"},
    {Text::retrofit_rfc_without_user, "", "",
     "The configured RFC &1 in the table view /SDF/CMO_TARGET has no user assigned.", V, "G"},
    {Text::retrofit_rfc_does_not_exist, "", "",
     "The configured RFC &1 in the table view /SDF/CMO_TARGET doesn't exist.", V, "G"},
    {Text::retrofit_call_refused, "", "", "Not authorized to call &2 with configured RFC &1", V,
     "G; the function module is a part of the text there"},
    {Text::retrofit_rfc_valid, "", "", "Retrofit RFC configuration in view &1 has been validated successfully.", V,
     "G"},
    {Text::basis_too_low, "", "", "SAP_BASIS Version is lower than the minimum version ST740 SP13.", V, "G"},
    {Text::basis_check_failed, "", "", "SAP_BASIS Version check failed.", V, "G"},
    {Text::atc_note_missing, "", "", "ATC SAP Note 3569187 is not implemented in this system", V, "G"},
    {Text::atc_flag_unreadable, "", "", "Read ATC check flag failed.", V, "G"},
    {Text::atc_is_off, "", "", "ATC is switched off.", V, "G"},
    {Text::basis_good, "", "", "SAP_BASIS version successfully checked.", V, "G"},
    {Text::two_tenants, own_class, "160", "&1 is a production system and reports to more than one tenant: &2", O,
     "that one tenant is meant for a production system is practice, the wording is ours"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(entries); ++i)
        if (static_cast<std::size_t>(entries[i].id) != i) return false;
    return true;
}
static_assert(in_order(), "the entries stand in the order of enum Text");
static_assert(std::size(entries) == static_cast<std::size_t>(Text::two_tenants) + 1);

bool is_placeholder(std::string_view text, std::size_t at) {
    return at + 1 < text.size() && text[at] == '&' && text[at + 1] >= '1' && text[at + 1] <= '4';
}

/// "&1: &2&3" fits nearly everything, so it says nothing about where a line is from.
bool has_words(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return c >= 'a' && c <= 'z'; }) > 0;
}

using Arguments = std::array<std::string_view, 4>;

/// Does `rendered` fit `text`, with anything in the placeholders? The texts are short, so plain recursion will do.
bool fits(std::string_view text, std::string_view rendered, Arguments& arguments) {
    std::size_t at = 0;
    while (at < text.size() && !is_placeholder(text, at)) ++at;
    if (!rendered.starts_with(text.substr(0, at))) return false;
    if (at == text.size()) return rendered.size() == at;
    auto const argument = rendered.substr(at);
    for (auto rest = argument;; rest.remove_prefix(1)) {
        if (fits(text.substr(at + 2), rest, arguments)) {
            arguments[static_cast<std::size_t>(text[at + 1] - '1')] = argument.substr(0, argument.size() - rest.size());
            return true;
        }
        if (rest.empty()) return false;
    }
}

} // namespace

std::span<TextEntry const> all_texts() {
    return entries;
}

TextEntry const& entry_of(Text text) {
    return entries[static_cast<std::size_t>(text)];
}

TextEntry const* find_text(std::string_view rendered) {
    if (rendered.size() > 1000) return nullptr; // no text is longer, and the search is not linear
    Arguments arguments;
    for (auto const& entry : entries)
        if (has_words(entry.text) && fits(entry.text, rendered, arguments)) return &entry;
    return nullptr;
}

std::array<std::string_view, 4> arguments_of(TextEntry const& entry, std::string_view rendered) {
    Arguments arguments;
    if (!fits(entry.text, rendered, arguments)) return {};
    return arguments;
}

std::optional<Text> text_with_number(std::string_view message_class, std::string_view number) {
    if (number.empty()) return std::nullopt;
    for (auto const& entry : entries)
        if (entry.number == number && entry.message_class == message_class) return entry.id;
    return std::nullopt;
}

std::string render_text(Text text, std::initializer_list<std::string_view> arguments) {
    std::string_view const from = entry_of(text).text;
    std::string out;
    out.reserve(from.size() + 24);
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!is_placeholder(from, i)) {
            out += from[i];
            continue;
        }
        auto const number = static_cast<std::size_t>(from[++i] - '1');
        if (number < arguments.size()) out += arguments.begin()[number];
    }
    return out;
}

} // namespace almd
