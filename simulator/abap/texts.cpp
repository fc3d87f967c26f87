// The entries of the catalogue. Sources: G = SAP's Cloud ALM setup and administration guide, S = its set-up page, C =
// captured answers of real systems and public client code, H = help.sap.com; "practice" = well known, no public source
// confirmed it.
#include "simulator/abap/texts.hpp"

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
    {Text::job_cancelled_by_message, "00", "564", "Job cancelled after system exception ERROR_MESSAGE", V,
     "C; the number is inferred"},
    {Text::job_cancelled_by_dump, "00", "671", "ABAP/4 processor: &1", I, "practice"},
    {Text::job_logon_failed, "", "", "Logon of user &1 in client &2 failed when starting a step", I, "practice"},
    {Text::job_logon_reason, own_class, "150", "Reason: &1", O, "the real reason stands in the system log"},
    {Text::role_missing, own_class, "151", "User &1 lacks role &2, which &3 needs", O,
     "G has the roles, not what is said without them"},
    {Text::batch_name_missing, own_class, "152", "User &1 may not schedule jobs for user &2 (S_BTCH_NAM)", O,
     "G has the rule, the wording is ours"},
    {Text::user_unknown_or_locked, "TR", "809", "User &1 does not exist in the system (or locked)", V,
     "public message lists; where it is used is inferred"},
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

    {Text::component_mismatch, "XT", "216", "&1 of &2 requests do not match the component version of the target system",
     V, "H"},
    {Text::component_level_missing, "TN", "561",
     "The software component &1 rel.&2 does not have the required SP level &3", V, "H"},
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
    {Text::must_be_approved, own_class, "024", "Request &1 must still be approved", O, "state verified, line ours"},
    {Text::was_rejected, own_class, "025", "Request &1 was rejected", O, "state verified, line ours"},
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
    {Text::approval_missing, "", "", "Request &1 must still be approved", V,
     "H has \"must still be approved\"; the line around it is inferred"},
    {Text::approval_rejected, "", "", "Request &1 was rejected", V,
     "H has \"was rejected\"; the line around it is inferred"},

    {Text::read_sent, own_class, "100", "&1 transports sent to &2", O, "normal lines of the log are unknown (U)"},
    {Text::read_nothing_new, own_class, "101", "No changed transports for &1", O, "as 100"},
    {Text::read_landscape_sent, own_class, "110", "Landscape of domain &1 with &2 systems sent to &3", O, "as 100"},
    {Text::import_requested, own_class, "120", "Import of &1 requests into &2 received", O, "as 100"},
    {Text::import_nothing_to_do, own_class, "121", "No requests to import", O, "as 100"},
    {Text::import_started, own_class, "122", "Import of &1 requests into &2 started by user &3", O, "as 100"},
    {Text::import_request_ended, own_class, "123", "Import of &1 into &2 ended with return code &3", O, "as 100"},
    {Text::import_not_executed, own_class, "124", "No import was executed: &1 requests wait for &2", O, "as 100"},
    {Text::import_done_before, own_class, "125", "Import &1 was done before, its result is sent again", O, "as 100"},
    {Text::feedback_sent, own_class, "130", "Result of import &1 sent: &2", O, "as 100"},
    {Text::feedback_later, own_class, "131", "Result of import &1 could not be sent yet: &2", O, "as 100"},
    {Text::send_failed, own_class, "140", "&1: sending failed: &2", O, "as 100"},
    {Text::interval_stretched, own_class, "141", "&1: collection interval stretched to &2 minutes", O,
     "G has the back-off, not its line"},
    {Text::interval_restored, own_class, "142", "&1: collection interval is &2 minutes again", O,
     "G has the back-off, not its line"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(entries); ++i)
        if (static_cast<std::size_t>(entries[i].id) != i) return false;
    return true;
}
static_assert(in_order(), "the entries stand in the order of enum Text");
static_assert(std::size(entries) == static_cast<std::size_t>(Text::interval_restored) + 1);

bool is_placeholder(std::string_view text, std::size_t at) {
    return at + 1 < text.size() && text[at] == '&' && text[at + 1] >= '1' && text[at + 1] <= '4';
}

/// Does `rendered` fit `text`, with anything in the placeholders? The texts are short, so plain recursion will do.
bool fits(std::string_view text, std::string_view rendered) {
    std::size_t at = 0;
    while (at < text.size() && !is_placeholder(text, at)) ++at;
    if (!rendered.starts_with(text.substr(0, at))) return false;
    if (at == text.size()) return rendered.size() == at;
    for (auto rest = rendered.substr(at);; rest.remove_prefix(1)) {
        if (fits(text.substr(at + 2), rest)) return true;
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
    for (auto const& entry : entries)
        if (fits(entry.text, rendered)) return &entry;
    return nullptr;
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
