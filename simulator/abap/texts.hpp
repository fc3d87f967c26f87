// The catalogue of SAP texts: message class, number, text, mark and source in one place; nothing else writes SAP's
// words.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace almd {

/// V verified in a public source, I inferred, U unknown (our wording stands in), O ours: not an SAP text at all.
enum class TextMark : char { verified = 'V', inferred = 'I', unknown = 'U', ours = 'O' };

enum class Text : std::uint16_t {
    // /SDF/ALM_SETUP: registration and connection
    scheduler_scheduled, ///< &1 destination
    discovery_triggered, ///< &1 destination
    system_registered,
    no_lms_id,
    scheduler_running,      ///< &1 minutes
    registration_answer,    ///< &1 URL, &2 response code
    registration_no_answer, ///< &1 URL, &2 reason
    unregistered,           ///< &1 destination
    registration_given_up,  ///< &1 destination
    not_known_to_cloud,     ///< &1 destination
    unregistered_by_cloud,  ///< &1 destination
    deactivation_pending,   ///< &1 task
    http_no_authority,
    http_no_destination, ///< &1 SM59 name
    password_too_long,
    connect_refused,      ///< &1 host and port
    proxy_forbidden,      ///< &1 URL, &2 proxy
    proxy_wants_logon,    ///< &1 URL, &2 proxy
    tls_protocol_version, ///< &1 host
    tls_peer_not_trusted,
    tls_certificate_untrusted, ///< &1 host
    tls_handshake_failure,     ///< &1 host
    tls_connection_closed,     ///< &1 host
    tls_would_block,           ///< &1 host
    oauth_no_token,
    // job log
    job_started,
    job_step_started, ///< &1 step "001", &2 program, &3 variant, &4 user
    job_finished,
    job_cancelled,
    job_cancelled_by_message,
    job_cancelled_by_dump,
    job_logon_failed,       ///< &1 user, &2 client
    job_logon_reason,       ///< &1 clause of the reason
    role_missing,           ///< &1 user, &2 role, &3 program, task or transaction
    batch_name_missing,     ///< &1 user, &2 background user
    user_unknown_or_locked, ///< &1 user
    not_authorized,         ///< &1 user, &2 activity, &3 system, &4 authorization
    heartbeat_dropped,      ///< &1 how many wait
    heartbeat_in_flight,
    heartbeat_not_sent, ///< &1 sequence, &2 how many wait, &3 reason
    not_registered_any_more,
    task_started,   ///< &1 task
    work_not_begun, ///< &1 work item, &2 reason
    import_served,  ///< &1 target
    task_not_due,   ///< &1 task, &2 minutes
    check_too_long, ///< &1 hours
    locks_none,
    lock_found,
    lock_stale,
    // CTS
    release_started,          ///< &1 request or task
    release_done,             ///< &1 request or task
    task_not_released,        ///< &1 task
    already_released,         ///< &1 request or task
    request_already_released, ///< &1 request
    task_unclassified,        ///< &1 task
    object_inactive,          ///< &1 object
    pre_export_failed,        ///< &1 request
    object_locked,            ///< &1 pgmid, &2 object, &3 name, &4 "<request> of user <user>"
    object_locked_elsewhere,  ///< &1 object, &2 request
    objects_not_lockable,
    release_anyway,
    no_transport_given,
    request_does_not_exist, ///< &1 request or task, &2 system
    target_not_known,       ///< &1 target
    delete_has_locks,       ///< &1 request
    function_refused,       ///< &1 TRFUNCTION letter
    number_range_exhausted, ///< &1 SID
    text_missing,
    client_unknown,        ///< &1 client, &2 system
    not_released,          ///< &1 request
    request_has_no_tasks,  ///< &1 request
    request_protected,     ///< &1 request
    other_target,          ///< &1 object, &2 package, &3 its target, &4 target of the request
    package_unknown,       ///< &1 package, &2 system
    atc_finding,           ///< &1 object, &2 priority
    atc_blocks,            ///< &1 request, &2 priority
    request_changed_since, ///< &1 request
    export_failed,         ///< &1 request
    delete_has_released,   ///< &1 request, &2 task
    attribute_refused,     ///< &1 attribute
    attribute_value_long,  ///< &1 attribute
    not_customizing,       ///< &1 object
    not_workbench,         ///< &1 object
    target_without_route,  ///< &1 system, &2 target, &3 the targets of its routes
    copies_stay_here,      ///< &1 system and client, &2 target
    // TMS and tp
    component_mismatch,       ///< &1 of &2
    component_level_missing,  ///< &1 component, &2 release, &3 level
    component_only_in_target, ///< &1 component, &2 release, &3 level, &4 target
    not_in_buffer,            ///< &1 request, &2 target
    object_is_original,       ///< &1 object, &2 system
    object_in_repair,         ///< &1 object, &2 system
    table_class_protected,    ///< &1 object, &2 system
    object_system_dependent,  ///< &1 object, &2 system
    option_would_overwrite,   ///< &1 option of the import, &2 umode
    object_set_back,          ///< &1 object, &2 request, &3 request with the newer version
    more_lines,               ///< &1 number
    simulated_code,           ///< &1 code
    transport_type_locked,    ///< &1 TRFUNCTION letter, &2 target
    already_imported,         ///< &1 request
    being_imported,           ///< &1 request
    import_successful,        ///< &1 request, &2 target
    import_warnings,          ///< &1 request, &2 target, &3 code
    import_errors,            ///< &1 request, &2 target, &3 code
    import_terminated,        ///< &1 request, &2 target, &3 code
    import_interrupted,       ///< &1 request, &2 target, &3 step
    tp_stopping,              ///< &1 code, &2 step
    tp_finished,              ///< &1 code
    no_import_into_virtual,   ///< &1 system
    must_be_approved,         ///< &1 request
    was_rejected,             ///< &1 request
    will_not_be_imported,     ///< &1 request
    data_file_missing,        ///< &1 request
    predecessors_missing,     ///< &1 request, &2 how many
    no_import_all,            ///< &1 target
    end_mark_present,         ///< &1 system
    end_mark_missing,         ///< &1 system
    waits_for_batch,          ///< &1 system
    imports_stopped,          ///< &1 target
    // application log, tasks READ, READ LANDSCAPE, IMPORT, IMPORT FEEDBACK
    read_sent,           ///< &1 transports, &2 destination
    read_nothing_new,    ///< &1 destination
    read_landscape_sent, ///< &1 domain, &2 systems, &3 destination
    import_requested,    ///< &1 requests, &2 target
    import_nothing_to_do,
    import_started,       ///< &1 requests, &2 target, &3 user
    import_request_ended, ///< &1 request, &2 target, &3 code
    import_not_executed,  ///< &1 requests, &2 target
    import_done_before,   ///< &1 work item
    work_received,        ///< &1 items, &2 task
    create_requested,     ///< &1 short text, &2 type, &3 feature
    add_user_requested,   ///< &1 user, &2 request, &3 feature
    release_requested,    ///< &1 requests, &2 feature
    toc_requested,        ///< &1 requests, &2 target, &3 feature
    delete_requested,     ///< &1 requests, &2 feature
    check_requested,      ///< &1 requests, &2 feature
    retrofit_requested,   ///< &1 requests, &2 feature
    work_rejected,        ///< &1 reason
    kind_not_possible,    ///< &1 kind of work
    too_few_processes,    ///< &1 tries
    import_without_target,
    import_without_requests,
    import_elsewhere,   ///< &1 target, &2 system
    task_only_in_000,   ///< &1 task, &2 client
    task_not_in_000,    ///< &1 task
    task_no_collector,  ///< &1 task
    check_waits,        ///< &1 free, &2 total, &3 percentage, &4 try
    feedback_sent,      ///< &1 work item, &2 status
    feedback_later,     ///< &1 work item, &2 reason
    send_failed,        ///< &1 task, &2 reason
    interval_stretched, ///< &1 task, &2 minutes
    interval_restored,  ///< &1 task, &2 minutes
    // /SDF/ALM_DIAGNOSTIC
    running_for,    ///< &1 system, &2 client, &3 destination
    task_is_active, ///< &1 task, &2 client, &3 time
    export_route,
    no_export_route,
    export_task_active,   ///< &1 client
    export_task_inactive, ///< &1 client
    import_route,
    no_import_route,
    import_task_active,      ///< &1 client
    import_task_inactive,    ///< &1 client
    time_zone_good,          ///< &1 time
    time_zones_differ,       ///< &1 zones, &2 system
    time_zone_not_specified, ///< &1 client, &2 system
    time_zone_undefined,     ///< &1 client, &2 zone, &3 system
    time_zone_inactive,      ///< &1 client, &2 zone, &3 system
    system_time_incorrect,   ///< &1 client, &2 system
    user_time_incorrect,     ///< &1 client, &2 user, &3 system
    utc_timer_incorrect,     ///< &1 system, &2 seconds
    time_zone_unchecked,
    time_zones_good,
    job_is_scheduled,  ///< &1 job, &2 day, &3 time
    job_not_scheduled, ///< &1 job
    job_configuration_error,
    diagnostics_ran,
    diagnostics_did_not_run,
    no_free_batch,
    one_free_batch,
    free_batch, ///< &1 how many
    batch_unreadable,
    connection_successful,
    connection_failed, ///< &1 reason
    locks_unreadable,
    note_download_failed,
    note_3322679_latest,
    note_older, ///< &1 note
    note_check_failed,
    token_failed,
    scope_display_missing,
    scope_manage_missing,
    scopes_valid,
    st_pi_recent,   ///< &1 release and level
    st_pi_older,    ///< &1 release and level
    st_pi_outdated, ///< &1 release and level
    component_check_failed,
    s_transprt_assigned,
    s_transprt_missing,
    ctc_enabled,            ///< &1 system
    ctc_disabled,           ///< &1 system
    ctc_error,              ///< &1 system
    profile_unreadable,     ///< &1 system
    rfc_valid,              ///< &1 view
    rfc_missing_for_checks, ///< &1 view
    rfc_without_user,       ///< &1 destination, &2 view
    rfc_does_not_work,      ///< &1 destination, &2 view
    rfc_does_not_exist,     ///< &1 destination, &2 view
    rfc_logon_refused,      ///< &1 destination
    rfc_not_trusted,        ///< &1 destination
    retrofit_not_configured,
    retrofit_configured,
    retrofit_invalid_system,
    retrofit_rfc_missing,
    retrofit_rfc_missing_for,    ///< &1 target
    retrofit_rfc_without_user,   ///< &1 destination
    retrofit_rfc_does_not_exist, ///< &1 destination
    retrofit_call_refused,       ///< &1 destination, &2 function module
    retrofit_rfc_valid,          ///< &1 view
    basis_too_low,
    basis_check_failed,
    atc_note_missing,
    atc_flag_unreadable,
    atc_is_off,
    basis_good,
    two_tenants, ///< &1 system, &2 destinations
};

struct TextEntry {
    Text id;
    std::string_view message_class, number; ///< both empty where the source names none
    std::string_view text;                  ///< with &1 .. &4
    TextMark mark;
    std::string_view source; ///< where it was read, or why it is ours
};

/// In the order of Text.
std::span<TextEntry const> all_texts();
TextEntry const& entry_of(Text text);
/// The entry whose text, with anything in its placeholders, is `rendered`; null: none. Gives a refusal its class and
/// number back.
TextEntry const* find_text(std::string_view rendered);
/// What stands in the placeholders &1 to &4 of a text that `find_text` found; empty: it has no such placeholder.
std::array<std::string_view, 4> arguments_of(TextEntry const& entry, std::string_view rendered);

/// none: both are empty, or the catalogue has no such text.
std::optional<Text> text_with_number(std::string_view message_class, std::string_view number);

std::string render_text(Text text, std::initializer_list<std::string_view> arguments);

/// text_of(Text::task_not_released, task.text()); a placeholder without an argument becomes empty.
template <class... Arguments>
std::string text_of(Text text, Arguments const&... arguments) {
    static_assert(sizeof...(Arguments) <= 4);
    return render_text(text, {std::string_view{arguments}...});
}

} // namespace almd
