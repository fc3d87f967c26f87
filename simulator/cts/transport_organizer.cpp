// The rules of CTS before a release: numbers, tasks, object lists, locks, deletion.
#include "simulator/cts/transport_organizer.hpp"

#include "simulator/abap/texts.hpp"
#include "simulator/kernel/characters.hpp"

#include <algorithm>
#include <cassert>
#include <unordered_set>
#include <utility>

namespace almd {

namespace {

constexpr std::uint32_t number_max = 999'999; // then letters would follow (I); nobody gets there
constexpr std::size_t text_max = 60;          // E07T-AS4TEXT

bool is_open(TransportTask const& task) {
    return task.status != TrStatus::released;
}

/// E070A: ATTRIBUTE has 20 places and REFERENCE 32; which names exist is customizing that is not here (I).
Result<void> allow_attribute(std::string_view name, std::string_view value) {
    constexpr std::size_t attribute_max = 20, attribute_value_max = 32;
    bool const good = !name.empty() && name.size() <= attribute_max && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '/';
    });
    if (!good) return fail(ErrorCode::invalid, text_of(Text::attribute_refused, in_quotes(name)));
    if (characters(value) > attribute_value_max)
        return fail(ErrorCode::invalid, text_of(Text::attribute_value_long, name));
    return {};
}

TrFunction new_task_function(TrFunction of_request) {
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
    task.function = new_task_function(request.function);
    task.owner = std::move(user);
    task.created_at = task.changed_at = now;
    return task;
}

Result<TrRequest> TransportOrganizer::create(NewRequest wanted, TimePoint now) {
    bool const has_tasks = wanted.function == TrFunction::workbench || wanted.function == TrFunction::customizing;
    if (!has_tasks && wanted.function != TrFunction::transport_of_copies)
        return fail(ErrorCode::invalid,
                    text_of(Text::function_refused, std::string(1, static_cast<char>(wanted.function))));
    if (wanted.text.empty() || characters(wanted.text) > text_max)
        return fail(ErrorCode::invalid, text_of(Text::text_missing));
    if (!has_tasks)
        wanted.task_users.clear();
    else if (wanted.task_users.empty())
        wanted.task_users.push_back(wanted.owner);
    auto const number = take_numbers(1 + static_cast<std::uint32_t>(wanted.task_users.size()));
    if (!number) return number;

    auto made = std::make_unique<TransportRequest>(TransportRequest{.trkorr = *number});
    auto& request = *made;
    request.function = wanted.function;
    request.source_client = wanted.source_client;
    request.target = wanted.target;
    request.owner = std::move(wanted.owner);
    request.text = std::move(wanted.text);
    request.created_at = now;
    request.tasks.reserve(wanted.task_users.size());
    for (auto task_number = number->number(); auto& user : wanted.task_users)
        request.tasks.push_back(new_task(request, TrRequest{system_, ++task_number}, std::move(user), now));
    requests_.push_back(std::move(made));
    changed(request, now);
    return number;
}

Result<TrRequest> TransportOrganizer::add_task(TrRequest trkorr, std::string user, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    if ((*request)->function == TrFunction::transport_of_copies)
        return fail(ErrorCode::conflict, text_of(Text::request_has_no_tasks, trkorr.text()));
    if ((*request)->status == TrStatus::modifiable_protected)
        return fail(ErrorCode::conflict, text_of(Text::request_protected, trkorr.text()));
    auto const number = take_numbers(1);
    if (!number) return number;
    late_tasks_.push_back({number->number(), trkorr.number()});
    (*request)->tasks.push_back(new_task(**request, *number, std::move(user), now));
    changed(**request, now);
    return number;
}

TrFunction TransportOrganizer::task_function_for(ObjectView object) const {
    auto const original = facts_of(object).original;
    return original && *original != system_ ? TrFunction::repair_task : TrFunction::development_task;
}

Result<void> TransportOrganizer::check_category(TrFunction function, ObjectView object) const {
    if (object.is_comment() || function == TrFunction::transport_of_copies) return {};
    bool const client_specific = object.holds_table_contents() && !facts_of(object).cross_client;
    if (client_specific == (function == TrFunction::customizing)) return {};
    return fail(ErrorCode::conflict,
                text_of(client_specific ? Text::not_workbench : Text::not_customizing, object.text()));
}

Result<void> TransportOrganizer::add_object(TrRequest request_or_task, ObjectView object, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    if (auto const fits = check_category(request.function, object); !fits) return fits;
    auto* task = place->task;
    if (!task)
        if (auto const open = std::ranges::find_if(request.tasks, is_open); open != request.tasks.end()) task = &*open;
    auto& list = task ? task->objects : request.objects;
    bool search = true; // a lock that was just taken says that the list does not have the object: no need to read it
    if (request.function != TrFunction::transport_of_copies && !object.is_comment()) {
        auto const locked = lock(request, task ? task->trkorr : request.trkorr, object);
        if (!locked) return std::unexpected{locked.error()};
        if (*locked == Lock::held) return {};
        search = *locked == Lock::shared || was_unlocked(request.trkorr);
    }
    if (search && list.contains(object)) return {};
    list.add(object);
    if (task) {
        if (task->function == TrFunction::unclassified_task) task->function = task_function_for(object);
        task->changed_at = now;
    }
    changed(request, now);
    return {};
}

Result<void> TransportOrganizer::copy_objects(TrRequest from, TrRequest to, TimePoint now) {
    auto const* source = find(from);
    if (!source) return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, from.text(), system_.text()));
    auto const place = open_place_of(to);
    if (!place) return std::unexpected{place.error()};
    ObjectList objects = source->objects; // a copy: `to` may be the same request
    for (auto const& task : source->tasks)
        for (auto const object : task.objects) objects.add(object);
    bool const copies = place->request->function == TrFunction::transport_of_copies;
    if (!copies) { // all or nothing
        for (auto const object : objects) {
            if (auto const fits = check_category(place->request->function, object); !fits) return fits;
            if (auto const free = check_free(place->request, object); !free) return free;
        }
    }
    std::unordered_set<std::string> there; // only locks find an object of a long list fast, and copies have none
    if (copies)
        for (auto const object : place->request->objects) there.emplace(object.text());
    for (auto const object : objects) {
        if (object.is_comment()) continue;
        if (copies) {
            if (there.emplace(object.text()).second) place->request->objects.add(object);
        } else if (auto const added = add_object(to, object, now); !added) {
            return added;
        }
    }
    changed(*place->request, now);
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
    if (text.empty() || characters(text) > text_max) return fail(ErrorCode::invalid, text_of(Text::text_missing));
    (*request)->text = std::move(text);
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::set_attribute(TrRequest trkorr, std::string attribute, std::string value,
                                               TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    if (auto const allowed = allow_attribute(attribute, value); !allowed) return allowed;
    auto& attributes = (*request)->attributes;
    if (!attributes) attributes = std::make_unique<RequestAttributes>();
    attributes->insert_or_assign(std::move(attribute), std::move(value));
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::set_target(TrRequest trkorr, std::optional<TransportTarget> target, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    if ((*request)->target == target) return {};
    (*request)->target = target;
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::set_protected(TrRequest trkorr, bool is_protected, TimePoint now) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    (*request)->status = is_protected ? TrStatus::modifiable_protected : TrStatus::modifiable;
    changed(**request, now);
    return {};
}

Result<void> TransportOrganizer::remove(TrRequest request_or_task, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    auto const is_locked = [&](ObjectView object) { return holds_lock(request, object); };
    auto const has_locks = [&](auto const& one) { return std::ranges::any_of(one.objects, is_locked); };
    if (place->task ? has_locks(*place->task) : has_locks(request) || std::ranges::any_of(request.tasks, has_locks))
        return fail(ErrorCode::conflict, text_of(Text::delete_has_locks, request_or_task.text()));
    if (place->task) {
        std::erase_if(request.tasks, [&](TransportTask const& task) { return task.trkorr == request_or_task; });
        changed(request, now);
        return {};
    }
    if (auto const task = std::ranges::find_if_not(request.tasks, is_open); task != request.tasks.end())
        return fail(ErrorCode::conflict,
                    text_of(Text::delete_has_released, request_or_task.text(), task->trkorr.text()));
    if (rare_) std::erase(rare_->unlocked, request_or_task);
    auto const number = [](auto const& one) { return one->trkorr; };
    requests_.erase(std::ranges::lower_bound(requests_, request_or_task, {}, number));
    return {};
}

Result<void> TransportOrganizer::remove_objects(TrRequest request_or_task, TimePoint now) {
    auto const place = open_place_of(request_or_task);
    if (!place) return std::unexpected{place.error()};
    auto& request = *place->request;
    std::unordered_set<std::string> freed;
    auto const empty = [&](ObjectList& list) {
        for (auto const object : list)
            if (holds_lock(request, object)) freed.insert(area_of(object).text());
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
        for (auto const object : task.objects)
            if (auto const area = area_of(object); freed.contains(area.text())) locks_.add(area, task.trkorr);
    changed(request, now);
    return {};
}

Result<void> TransportOrganizer::unlock_objects(TrRequest trkorr) {
    auto const request = open_request(trkorr);
    if (!request) return std::unexpected{request.error()};
    unlock(**request, (*request)->objects);
    for (auto const& task : (*request)->tasks) unlock(**request, task.objects);
    if (!was_unlocked(trkorr)) rare().unlocked.push_back(trkorr);
    return {};
}

bool TransportOrganizer::was_unlocked(TrRequest request) const {
    return rare_ && std::ranges::find(rare_->unlocked, request) != rare_->unlocked.end();
}

std::function<bool(TrRequest)> TransportOrganizer::own_locks_of(TransportRequest const* request) const {
    return [this, request](TrRequest holder) { return request && find_owner_of(holder) == request; };
}

LockArea TransportOrganizer::area_of(ObjectView object) const {
    auto const* facts = rare_ && object.object() == "FUNC" ? rare_->repository.find(object) : nullptr;
    return facts ? LockArea{object, facts->function_group} : LockArea{object};
}

std::optional<TrRequest> TransportOrganizer::lock_of(ObjectView object) const {
    if (locks_.size() == 0) return std::nullopt;
    auto const area = area_of(object);
    if (auto const* holder = locks_.find(area)) return *holder;
    auto const* near = locks_.other(area, own_locks_of(nullptr));
    return near ? std::optional{near->second} : std::nullopt;
}

bool TransportOrganizer::holds_lock(TransportRequest const& request, ObjectView object) const {
    auto const* holder = object.is_comment() ? nullptr : locks_.find(area_of(object));
    return holder && own_locks_of(&request)(*holder);
}

Result<void> TransportOrganizer::check_free(TransportRequest const* request, ObjectView object) const {
    if (object.is_comment()) return {};
    auto const* other = locks_.other(area_of(object), own_locks_of(request));
    if (!other) return {};
    auto const* holder = find_owner_of(other->second);
    assert(holder);
    auto const entry = LockArea::entry_of(other->first); // the one in the way, which may be more or less than asked for
    ObjectView const locked{entry};
    auto const where = std::string{holder->trkorr.text()} + " of user " + holder->owner;
    auto const key = locked.table_key();
    auto const name = std::string{locked.name()}.append(key.empty() ? "" : " ").append(key);
    return fail(ErrorCode::conflict, text_of(Text::object_locked, locked.pgmid(), locked.object(), name, where));
}

auto TransportOrganizer::lock(TransportRequest const& request, TrRequest holder, ObjectView object) -> Result<Lock> {
    auto const area = area_of(object);
    auto const* held = locks_.find(area);
    if (held && *held == holder) return Lock::held;
    if (auto const free = check_free(&request, object); !free) return std::unexpected{free.error()};
    return locks_.add(area, holder) ? Lock::taken : Lock::shared;
}

void TransportOrganizer::unlock(TransportRequest const& request, ObjectList const& objects) {
    for (auto const object : objects)
        if (holds_lock(request, object)) locks_.remove(area_of(object));
}

} // namespace almd
