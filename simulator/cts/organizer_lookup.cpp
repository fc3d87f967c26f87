// Finding requests and tasks, and the log of changes behind "Transports: Read".
#include "simulator/abap/texts.hpp"
#include "simulator/cts/transport_organizer.hpp"

#include <algorithm>

namespace almd {

namespace {

std::uint32_t number_of(TransportRequest const& request) {
    return request.trkorr.number();
}

} // namespace

/// Tasks follow their request's number, except those that were added later.
std::uint32_t TransportOrganizer::request_number_of(TrRequest request_or_task) const {
    auto const number = request_or_task.number();
    auto const late = std::ranges::lower_bound(late_tasks_, number, {}, &LateTask::task);
    return late != late_tasks_.end() && late->task == number ? late->request : number;
}

TransportRequest const* TransportOrganizer::find(TrRequest request) const {
    if (request.system() != system_) return nullptr;
    auto const found = std::ranges::lower_bound(requests_, request.number(), {}, number_of);
    return found != requests_.end() && found->trkorr == request ? &*found : nullptr;
}

TransportRequest const* TransportOrganizer::find_owner_of(TrRequest request_or_task) const {
    if (request_or_task.system() != system_) return nullptr;
    auto const after = std::ranges::upper_bound(requests_, request_number_of(request_or_task), {}, number_of);
    if (after == requests_.begin()) return nullptr;
    auto const& request = *std::prev(after);
    if (request.trkorr == request_or_task) return &request;
    auto const task = std::ranges::find(request.tasks, request_or_task, &TransportTask::trkorr);
    return task == request.tasks.end() ? nullptr : &request;
}

TransportTask const* TransportOrganizer::find_task(TrRequest task) const {
    auto const* request = find_owner_of(task);
    if (!request || request->trkorr == task) return nullptr;
    return &*std::ranges::find(request->tasks, task, &TransportTask::trkorr);
}

TransportOrganizer::Place TransportOrganizer::place_of(TrRequest request_or_task) {
    // The organizer owns what its const look-ups point at.
    return {const_cast<TransportRequest*>(find_owner_of(request_or_task)),
            const_cast<TransportTask*>(find_task(request_or_task))};
}

Result<TransportOrganizer::Place> TransportOrganizer::open_place_of(TrRequest request_or_task) {
    auto const place = place_of(request_or_task);
    if (!place.request)
        return fail(ErrorCode::not_found,
                    text_of(Text::request_does_not_exist, request_or_task.text(), system_.text()));
    if (place.request->released() || (place.task && place.task->status == TrStatus::released))
        return fail(ErrorCode::conflict, text_of(Text::already_released, request_or_task.text()));
    return place;
}

Result<TransportRequest*> TransportOrganizer::open_request(TrRequest request) {
    auto const place = open_place_of(request);
    if (!place) return std::unexpected{place.error()};
    if (place->task)
        return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, request.text(), system_.text()));
    return place->request;
}

void TransportOrganizer::changed(TransportRequest& request, TimePoint now) {
    request.changed_at = now;
    request.change = ++last_change_;
    changes_.push_back({request.change, request.trkorr});
    if (changes_.size() > 64 + 4 * requests_.size()) sweep_changes();
}

/// Only a request's last change counts, so the log stays as long as the list of requests.
void TransportOrganizer::sweep_changes() {
    std::erase_if(changes_, [this](Change const& change) {
        auto const* request = find(change.trkorr);
        return !request || request->change != change.number;
    });
}

TransportOrganizer::Changes TransportOrganizer::changed_since(std::uint64_t after, std::size_t most) const {
    Changes changes;
    changes.up_to = after;
    auto at = std::ranges::upper_bound(changes_, after, {}, &Change::number);
    for (; at != changes_.end(); ++at) {
        auto const* request = find(at->trkorr);
        if (!request || request->change != at->number) continue;
        if (changes.requests.size() == most) {
            changes.more = true;
            return changes;
        }
        changes.requests.push_back(request);
        changes.up_to = at->number;
    }
    changes.up_to = last_change_;
    return changes;
}

std::size_t TransportOrganizer::bytes() const {
    auto const of_list = [](std::vector<ObjectEntry> const& list) {
        std::size_t sum = list.capacity() * sizeof(ObjectEntry);
        for (auto const& entry : list) sum += entry.name().size() > 15 ? entry.name().size() + 1 : 0;
        return sum;
    };
    std::size_t sum = requests_.capacity() * sizeof(TransportRequest) + changes_.capacity() * sizeof(Change) +
                      late_tasks_.capacity() * sizeof(LateTask) + locks_.bucket_count() * sizeof(void*) +
                      locks_.size() * (sizeof(std::pair<std::string, TrRequest>) + 48);
    for (auto const& request : requests_) {
        sum += of_list(request.objects) + request.tasks.capacity() * sizeof(TransportTask) + request.text.capacity();
        for (auto const& task : request.tasks) sum += of_list(task.objects);
    }
    return sum;
}

} // namespace almd
