// The rules of CTS: numbers, tasks before requests, locks, and the exact words of a refusal.
#include "simulator/cts/transport_organizer.hpp"

#include "simulator/abap/texts.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace almd {

namespace {

constexpr std::uint32_t number_max = 999'999; // then letters would follow (I); nobody gets there
constexpr std::size_t text_max = 60;          // E07T-AS4TEXT

bool is_open(TransportTask const& task) {
    return task.status != TrStatus::released;
}

TrFunction task_function(TrFunction of_request) {
    return of_request == TrFunction::customizing ? TrFunction::customizing_task : TrFunction::unclassified_task;
}

} // namespace

TransportOrganizer::TransportOrganizer(SystemId system, std::uint32_t last_number)
    : system_{system}
    , last_number_{last_number} {
}

Result<TrRequest> TransportOrganizer::take_numbers(std::uint32_t wanted) {
    if (last_number_ + wanted > number_max)
        return fail(ErrorCode::conflict, text_of(Text::number_range_exhausted, system_.text()));
    TrRequest const first{system_, last_number_ + 1};
    last_number_ += wanted;
    return first;
}

TransportTask TransportOrganizer::new_task(TransportRequest const& request, TrRequest number, std::string user,
                                           TimePoint now) const {
    TransportTask task{.trkorr = number};
    task.function = task_function(request.function);
    task.owner = std::move(user);
    task.created_at = task.changed_at = now;
    return task;
}

Result<TrRequest> TransportOrganizer::create(NewRequest wanted, TimePoint now) {
    bool const has_tasks = wanted.function == TrFunction::workbench || wanted.function == TrFunction::customizing;
    if (!has_tasks && wanted.function != TrFunction::transport_of_copies)
        return fail(ErrorCode::invalid,
                    text_of(Text::function_refused, std::string(1, static_cast<char>(wanted.function))));
    if (wanted.text.empty() || wanted.text.size() > text_max)
        return fail(ErrorCode::invalid, text_of(Text::text_missing));
    if (!has_tasks)
        wanted.task_users.clear();
    else if (wanted.task_users.empty())
        wanted.task_users.push_back(wanted.owner);
    auto const number = take_numbers(1 + static_cast<std::uint32_t>(wanted.task_users.size()));
    if (!number) return number;

    TransportRequest request{.trkorr = *number};
    request.function = wanted.function;
    request.source_client = wanted.source_client;
    request.target = wanted.target;
    request.owner = std::move(wanted.owner);
    request.text = std::move(wanted.text);
    request.created_at = now;
    request.tasks.reserve(wanted.task_users.size());
    for (auto task_number = number->number(); auto& user : wanted.task_users)
        request.tasks.push_back(new_task(request, TrRequest{system_, ++task_number}, std::move(user), now));
    requests_.push_back(std::move(request));
    changed(requests_.back(), now);
    return number;
}

Result<TrRequest> TransportOrganizer::add_task(TrRequest trkorr, std::string user, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    if ((*request)->function == TrFunction::transport_of_copies)
        return fail(ErrorCode::conflict, text_of(Text::request_has_no_tasks, trkorr.text()));
    auto const number = take_numbers(1);
    if (!number) return number;
    late_tasks_.push_back({number->number(), trkorr.number()});
    (*request)->tasks.push_back(new_task(**request, *number, std::move(user), now));
    changed(**request, now);
    return number;
}

Result<void> TransportOrganizer::add_object(TrRequest request_or_task, ObjectEntry object, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    auto* task = place->task;
    if (!task)
        if (auto const open = std::ranges::find_if(request.tasks, is_open); open != request.tasks.end()) task = &*open;
    auto& list = task ? task->objects : request.objects;
    if (request.function != TrFunction::transport_of_copies) {
        if (auto const locked = lock(request, task ? task->trkorr : request.trkorr, object); !locked) return locked;
    }
    if (std::ranges::find(list, object) != list.end()) return {};
    list.push_back(std::move(object));
    if (task) {
        if (task->function == TrFunction::unclassified_task) task->function = TrFunction::development_task;
        task->changed_at = now;
    }
    changed(request, now);
    return {};
}

Result<void> TransportOrganizer::copy_objects(TrRequest from, TrRequest to, TimePoint now) {
    auto const* source = find(from);
    if (!source) return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, from.text(), system_.text()));
    std::vector<ObjectEntry> objects = source->objects; // a copy: `to` may be the same request
    for (auto const& task : source->tasks) objects.insert(objects.end(), task.objects.begin(), task.objects.end());
    std::erase_if(objects, [](ObjectEntry const& entry) { return entry.is_comment(); });
    for (auto& object : objects)
        if (auto const added = add_object(to, std::move(object), now); !added) return added;
    return {};
}

Result<void> TransportOrganizer::change_owner(TrRequest request_or_task, std::string owner, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    (place->task ? place->task->owner : place->request->owner) = std::move(owner);
    changed(*place->request, now);
    return {};
}

Result<void> TransportOrganizer::change_text(TrRequest trkorr, std::string text, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    if (text.empty() || text.size() > text_max) return fail(ErrorCode::invalid, text_of(Text::text_missing));
    (*request)->text = std::move(text);
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::set_attribute(TrRequest trkorr, std::string attribute, std::string value,
                                               TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    auto& all = (*request)->attributes;
    auto const found = std::ranges::find(all, attribute, &std::pair<std::string, std::string>::first);
    if (found == all.end())
        all.emplace_back(std::move(attribute), std::move(value));
    else
        found->second = std::move(value);
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::release_task(TrRequest trkorr, std::string_view user, TimePoint now) {
    auto const place = open_place_of(trkorr);
    if (!place) return std::unexpected{place.error()};
    if (!place->task)
        return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, trkorr.text(), system_.text()));
    if (place->task->function == TrFunction::unclassified_task)
        return fail(ErrorCode::conflict, text_of(Text::task_unclassified, trkorr.text()));
    auto& task = *place->task;
    move_to_request(*place->request, task);
    task.status = TrStatus::released;
    task.changed_at = now;
    task.released_at = now;
    place->request->objects.push_back(ObjectEntry::released_task(trkorr, now, user));
    changed(*place->request, now);
    return {};
}

Result<void> TransportOrganizer::release_tasks_of(TrRequest trkorr, std::string_view user, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    for (auto const& task : (*request)->tasks)
        if (is_open(task) && task.function != TrFunction::unclassified_task)
            if (auto const released = release_task(task.trkorr, user, now); !released) return released;
    return {};
}

Result<void> TransportOrganizer::release_request(TrRequest trkorr, std::string_view, TimePoint now,
                                                 ReleaseOptions options) {
    auto const found = open_request(trkorr);
    if (!found) return std::unexpected{found.error()};
    auto& request = **found;
    for (auto const& task : request.tasks)
        if (is_open(task) && task.function != TrFunction::unclassified_task)
            return fail(ErrorCode::conflict, text_of(Text::task_not_released, task.trkorr.text()));
    if (!options.ignore_locks)
        if (auto const locked = check_locks(request); !locked) return locked;
    std::erase_if(request.tasks, is_open); // unclassified ones: empty, deleted without a word (V)
    unlock(request, request.objects);
    request.status = TrStatus::released;
    request.components = options.components;
    request.released_at = now;
    changed(request, now);
    return {};
}

Result<void> TransportOrganizer::remove(TrRequest request_or_task, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    bool const holds = place->task ? !place->task->objects.empty() : request.object_count() > 0;
    if (holds && request.function != TrFunction::transport_of_copies)
        return fail(ErrorCode::conflict, text_of(Text::delete_has_locks, request_or_task.text()));
    if (place->task) {
        std::erase_if(request.tasks, [&](TransportTask const& task) { return task.trkorr == request_or_task; });
        changed(request, now);
    } else {
        requests_.erase(requests_.begin() + (&request - requests_.data()));
    }
    return {};
}

Result<void> TransportOrganizer::remove_objects(TrRequest request_or_task, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    auto const empty = [&](std::vector<ObjectEntry>& list) {
        unlock(request, list);
        list.clear();
    };
    if (place->task) {
        empty(place->task->objects);
    } else {
        empty(request.objects);
        for (auto& task : request.tasks) empty(task.objects);
    }
    for (auto const& task : request.tasks) // what another task of the request has too stays locked
        for (auto const& object : task.objects) locks_.try_emplace(object.text(), task.trkorr);
    changed(request, now);
    return {};
}

std::optional<TrRequest> TransportOrganizer::lock_of(ObjectEntry const& object) const {
    auto const found = locks_.find(object.text());
    return found == locks_.end() ? std::nullopt : std::optional{found->second};
}

Result<void> TransportOrganizer::lock(TransportRequest const& request, TrRequest holder, ObjectEntry const& object) {
    if (object.is_comment()) return {};
    auto const [at, fresh] = locks_.try_emplace(object.text(), holder);
    if (fresh) return {};
    auto const* other = find_owner_of(at->second); // tasks of one request share its locks
    assert(other);
    if (other->trkorr == request.trkorr) return {};
    auto const where = std::string{other->trkorr.text()} + " of user " + other->owner;
    return fail(ErrorCode::conflict,
                text_of(Text::object_locked, object.pgmid(), object.object(), object.name(), where));
}

void TransportOrganizer::unlock(TransportRequest const& request, std::vector<ObjectEntry> const& objects) {
    for (auto const& object : objects) {
        auto const found = locks_.find(object.text());
        if (found == locks_.end()) continue;
        auto const* holder = find_owner_of(found->second);
        if (!holder || holder->trkorr == request.trkorr) locks_.erase(found);
    }
}

void TransportOrganizer::move_to_request(TransportRequest& request, TransportTask& task) {
    for (auto& object : task.objects) {
        auto const found = locks_.find(object.text());
        if (found != locks_.end()) {
            if (found->second == request.trkorr) continue; // another task brought it already
            found->second = request.trkorr;
        }
        request.objects.push_back(std::move(object));
    }
    task.objects.clear();
}

Result<void> TransportOrganizer::check_locks(TransportRequest const& request) const {
    for (auto const& object : request.objects) {
        auto const holder = lock_of(object);
        if (!holder) continue;
        if (auto const* owner = find_owner_of(*holder); owner && owner->trkorr != request.trkorr)
            return fail(ErrorCode::conflict,
                        text_of(Text::object_locked_elsewhere, object.text(), owner->trkorr.text()));
    }
    if (request.function == TrFunction::transport_of_copies)
        return fail(ErrorCode::conflict, text_of(Text::objects_not_lockable));
    return {};
}

} // namespace almd
