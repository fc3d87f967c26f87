// Release of tasks and requests: what is checked, in which order, and what the export does to the request.
#include "simulator/abap/texts.hpp"
#include "simulator/cts/transport_organizer.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr auto unclassified = TrFunction::unclassified_task;

bool waits(TransportTask const& task) {
    return task.status != TrStatus::released;
}

/// Worst finding that the setting lets through is `threshold` + 1; 0 lets all through.
bool reaches(int threshold, int priority) {
    return priority > 0 && priority <= threshold;
}

} // namespace

ReleaseReport TransportOrganizer::release_task(TrRequest trkorr, std::string_view user, TimePoint now) {
    auto const place = open_place_of(trkorr);
    if (!place) {
        auto const missing = place.error().code == ErrorCode::not_found;
        return missing ? refused_release(ReleaseVerdict::api_failed, ErrorCode::not_found, Text::request_does_not_exist,
                                         trkorr.text(), system_.text())
                       : refused_release(ReleaseVerdict::api_failed, ErrorCode::conflict, Text::already_released,
                                         trkorr.text());
    }
    if (!place->task)
        return refused_release(ReleaseVerdict::api_failed, ErrorCode::not_found, Text::request_does_not_exist,
                               trkorr.text(), system_.text());
    if (place->task->function == unclassified)
        return refused_release(ReleaseVerdict::api_failed, ErrorCode::conflict, Text::task_unclassified, trkorr.text());
    ReleaseReport report;
    check_inactive(place->task->objects, report);
    return report.good() ? do_release_task(*place->request, *place->task, user, now) : report;
}

ReleaseReport TransportOrganizer::do_release_task(TransportRequest& request, TransportTask& task, std::string_view user,
                                                  TimePoint now) {
    move_to_request(request, task);
    task.status = TrStatus::released;
    task.changed_at = now;
    task.released_at = now;
    request.objects.add(ObjectEntry::released_task(task.trkorr, now, user));
    changed(request, now);
    ReleaseReport report;
    report.say('S', Text::release_done, task.trkorr.text());
    return report;
}

void TransportOrganizer::move_to_request(TransportRequest& request, TransportTask& task) {
    bool const unlocked = was_unlocked(request.trkorr);
    for (auto const object : task.objects) {
        auto* const holder = locks_.find(area_of(object));
        if (holder && *holder == request.trkorr) continue; // another task brought it already
        if (unlocked && request.objects.contains(object)) continue;
        if (holder && find_owner_of(*holder) == &request) *holder = request.trkorr;
        request.objects.add(object);
    }
    task.objects.clear();
}

ReleaseReport TransportOrganizer::release_request(TrRequest trkorr, std::string_view, TimePoint now,
                                                  ReleaseOptions options) {
    auto const place = place_of(trkorr);
    if (!place.request || place.task)
        return refused_release(ReleaseVerdict::api_failed, ErrorCode::not_found, Text::request_does_not_exist,
                               trkorr.text(), system_.text());
    auto report = check_release(*place.request, options, false);
    return report.good() ? export_request(*place.request, now, options, std::move(report)) : report;
}

ReleaseReport TransportOrganizer::release_with_tasks(TrRequest trkorr, std::string_view user, TimePoint now,
                                                     ReleaseOptions options) {
    auto const place = place_of(trkorr);
    if (!place.request || place.task) return release_request(trkorr, user, now, options);
    auto& request = *place.request;
    auto report = check_release(request, options, true);
    if (!report.good()) return report;
    if (request.open())
        for (auto& task : request.tasks)
            if (waits(task) && task.function != unclassified)
                for (auto& line : do_release_task(request, task, user, now).messages)
                    report.messages.push_back(std::move(line));
    return export_request(request, now, options, std::move(report));
}

/// Changes nothing. A request whose export failed (O) went through all of this before.
ReleaseReport TransportOrganizer::check_release(TransportRequest const& request, ReleaseOptions const& options,
                                                bool with_tasks) const {
    if (request.released())
        return refused_release(ReleaseVerdict::api_failed, ErrorCode::conflict, Text::already_released,
                               request.trkorr.text());
    if (options.seen_change && *options.seen_change != request.change)
        return refused_release(ReleaseVerdict::checks_obsolete, ErrorCode::conflict, Text::request_changed_since,
                               request.trkorr.text());
    ReleaseReport report;
    if (!request.open()) return report;
    for (auto const& task : request.tasks) {
        if (with_tasks || !waits(task) || task.function == unclassified) continue;
        report.verdict = ReleaseVerdict::api_failed;
        report.say('E', Text::task_not_released, task.trkorr.text());
    }
    if (!report.good()) return report;

    auto const each_list = [&](auto&& look) {
        look(request.objects);
        for (auto const& task : request.tasks)
            if (with_tasks) look(task.objects);
    };
    each_list([&](ObjectList const& list) { check_inactive(list, report); });
    if (!report.good()) return report;
    if (!options.ignore_locks) {
        each_list([&](ObjectList const& list) { check_locks(request, list, report); });
        if (request.function == TrFunction::transport_of_copies) report.verdict = ReleaseVerdict::ignore_locks;
        if (report.verdict == ReleaseVerdict::ignore_locks) {
            report.say('E', Text::objects_not_lockable);
            report.say('I', Text::release_anyway);
            return report;
        }
    }
    int worst = 0;
    each_list([&](ObjectList const& list) {
        if (auto const found = check_atc(options, list, report); found && (!worst || found < worst)) worst = found;
    });
    if (options.atc && !options.ignore_atc && reaches(options.atc->block_on, worst)) {
        report.verdict = ReleaseVerdict::api_failed; // which one a real system answers with is not known (U)
        report.say('E', Text::atc_blocks, request.trkorr.text(), std::to_string(options.atc->block_on));
    }
    return report;
}

void TransportOrganizer::check_inactive(ObjectList const& objects, ReleaseReport& report) const {
    if (!rare_) return;
    for (auto const object : objects) {
        auto const* facts = rare_->repository.find(object);
        if (!facts || !facts->inactive) continue;
        report.verdict = ReleaseVerdict::inactive_objects;
        report.say('E', Text::object_inactive, fmt::format("{} {}", object.object(), object.name()));
    }
}

TransportRequest const* TransportOrganizer::locked_by_another(TransportRequest const& request,
                                                              ObjectView object) const {
    auto const* other = locks_.other(area_of(object), own_locks_of(&request));
    return other ? find_owner_of(other->second) : nullptr;
}

void TransportOrganizer::check_locks(TransportRequest const& request, ObjectList const& objects,
                                     ReleaseReport& report) const {
    for (auto const object : objects) {
        if (object.is_comment()) continue;
        auto const* other = locked_by_another(request, object);
        if (!other) continue;
        report.verdict = ReleaseVerdict::ignore_locks;
        report.say('E', Text::object_locked_elsewhere, object.text(), other->trkorr.text());
    }
}

/// The worst priority found, 0 for none. Whether a finding is a warning or an error depends on the settings alone.
int TransportOrganizer::check_atc(ReleaseOptions const& options, ObjectList const& objects,
                                  ReleaseReport& report) const {
    if (!options.atc) return 0;
    int worst = 0;
    for (auto const object : objects) {
        if (object.is_comment()) continue;
        auto const* facts = rare_ ? rare_->repository.find(object) : nullptr;
        auto const priority =
            atc_priority(*options.atc, facts ? facts->atc_priority : std::uint8_t{0}, options.seed, object.text());
        bool const blocks = reaches(options.atc->block_on, priority) && !options.ignore_atc;
        if (!blocks && !reaches(options.atc->inform_on, priority)) continue;
        report.say(blocks ? 'E' : 'W', Text::atc_finding, object.text(), std::to_string(priority));
        if (worst == 0 || priority < worst) worst = priority;
    }
    return worst;
}

ReleaseFault TransportOrganizer::take_fault(TransportRequest const& request, ReleaseOptions const& options) {
    if (rare_)
        if (auto const by_hand = rare_->faults.extract(request.trkorr)) return by_hand.mapped();
    if (options.failing_exports <= 0) return ReleaseFault::none;
    // Each attempt changes the request, and so draws anew.
    auto rng = Rng::stream(options.seed, hash_text(request.trkorr.text()), mix(request.change, hash_text("export")));
    return rng.chance(options.failing_exports) ? ReleaseFault::export_step : ReleaseFault::none;
}

ReleaseReport TransportOrganizer::export_request(TransportRequest& request, TimePoint now,
                                                 ReleaseOptions const& options, ReleaseReport report) {
    report.messages.insert(report.messages.begin(),
                           {'I', Text::release_started, text_of(Text::release_started, request.trkorr.text())});
    std::erase_if(request.tasks, waits); // unclassified ones: empty, deleted without a word (V)
    auto const fault = take_fault(request, options);
    if (fault == ReleaseFault::export_step) {
        request.status = TrStatus::release_started;
        report.verdict = ReleaseVerdict::api_failed;
        report.say('E', Text::export_failed, request.trkorr.text());
        changed(request, now);
        return report;
    }
    unlock(request, request.objects);
    if (was_unlocked(request.trkorr)) std::erase(rare_->unlocked, request.trkorr);
    request.tasks.shrink_to_fit();
    request.objects.shrink();
    request.status = TrStatus::released;
    if (released_with_) index(request, *released_with_);
    request.components = options.components;
    request.released_at = now;
    changed(request, now);
    report.exported = true;
    if (fault == ReleaseFault::pre_export) {
        report.verdict = ReleaseVerdict::api_failed;
        report.say('E', Text::pre_export_failed, request.trkorr.text());
    } else {
        report.say('S', Text::release_done, request.trkorr.text());
    }
    return report;
}

Result<void> TransportOrganizer::set_fault(TrRequest trkorr, ReleaseFault fault) {
    auto const* request = find(trkorr);
    if (!request)
        return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, trkorr.text(), system_.text()));
    if (request->released()) return fail(ErrorCode::conflict, text_of(Text::already_released, trkorr.text()));
    if (fault == ReleaseFault::none) {
        if (rare_) rare_->faults.erase(trkorr);
    } else {
        rare().faults[trkorr] = fault;
    }
    return {};
}

} // namespace almd
