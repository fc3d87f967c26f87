// Finding requests and tasks, and the log of changes behind "Transports: Read".
#include "simulator/abap/texts.hpp"
#include "simulator/cts/transport_organizer.hpp"

#include <algorithm>

namespace almd {

namespace {

constexpr auto number_of = [](std::unique_ptr<TransportRequest> const& request) { return request->trkorr.number(); };

} // namespace

/// Tasks follow their request's number, except those that were added later.
std::uint32_t TransportOrganizer::request_number_of(TrRequest request_or_task) const {
    auto const number = request_or_task.number();
    auto const late = std::ranges::lower_bound(late_tasks_, number, {}, &LateTask::task);
    return late != late_tasks_.end() && late->task == number ? late->request : number;
}

TransportRequest* TransportOrganizer::find_number(std::uint32_t number) const {
    auto const found = std::ranges::lower_bound(requests_, number, {}, number_of);
    return found != requests_.end() && (*found)->trkorr.number() == number ? found->get() : nullptr;
}

TransportRequest const* TransportOrganizer::find(TrRequest request) const {
    return request.system() == system_ ? find_number(request.number()) : nullptr;
}

TransportRequest const* TransportOrganizer::find_owner_of(TrRequest request_or_task) const {
    if (request_or_task.system() != system_) return nullptr;
    auto const after = std::ranges::upper_bound(requests_, request_number_of(request_or_task), {}, number_of);
    if (after == requests_.begin()) return nullptr;
    auto const& request = **std::prev(after);
    if (request.trkorr == request_or_task) return &request;
    return std::ranges::binary_search(request.tasks, request_or_task, {}, &TransportTask::trkorr) ? &request : nullptr;
}

TransportTask const* TransportOrganizer::find_task(TrRequest task) const {
    auto const* request = find_owner_of(task);
    if (!request || request->trkorr == task) return nullptr;
    return &*std::ranges::lower_bound(request->tasks, task, {}, &TransportTask::trkorr);
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
    if (!place.request->open() || (place.task && place.task->status == TrStatus::released))
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
    changes_.push_back({request.change, request.trkorr.number()});
    if (changes_.size() > 64 + requests_.size() + requests_.size() / 4) sweep_changes();
}

/// Only a request's last change counts, so the log stays as long as the list of requests.
void TransportOrganizer::sweep_changes() {
    std::erase_if(changes_, [this](Change const& change) {
        auto const* request = find_number(change.request);
        return !request || request->change != change.number;
    });
}

TransportOrganizer::Changes TransportOrganizer::changed_since(std::uint64_t after, std::size_t most) const {
    Changes changes;
    changes.up_to = after;
    auto at = std::ranges::upper_bound(changes_, after, {}, &Change::number);
    for (; at != changes_.end(); ++at) {
        auto const* request = find_number(at->request);
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

TransportOrganizer::Rare& TransportOrganizer::rare() {
    if (!rare_) rare_ = std::make_unique<Rare>();
    return *rare_;
}

ObjectFacts TransportOrganizer::facts_of(ObjectView object) const {
    if (!rare_) return {};
    auto const* own = rare_->repository.find(object);
    auto facts = own ? *own : ObjectFacts{};
    auto const master = master_of(object, facts.function_group);
    auto const* whole = rare_->repository.find(ObjectView{master});
    if (whole && facts.package.empty()) facts.package = whole->package;
    if (whole && !facts.original) facts.original = whole->original;
    return facts;
}

std::string TransportOrganizer::directory_name(ObjectView object) const {
    auto const* facts = rare_ ? rare_->repository.find(object) : nullptr;
    return master_of(object, facts ? std::string_view{facts->function_group} : std::string_view{});
}

void TransportOrganizer::set_directory(ObjectView object, std::string_view package, std::optional<SystemId> original) {
    if (package.empty() && !original) return;
    auto const name = directory_name(object);
    auto& facts = rare().repository.facts(ObjectView{name});
    if (!package.empty()) facts.package = package;
    if (original) facts.original = original;
}

Result<void> TransportOrganizer::set_function_group(ObjectView function_module, std::string group) {
    if (locks_.find(area_of(function_module))) return check_free(nullptr, function_module);
    if (rare_ || !group.empty()) rare().repository.facts(function_module).function_group = std::move(group);
    return {};
}

void TransportOrganizer::set_facts(ObjectView object, ObjectFacts facts) {
    if (rare_ || facts != ObjectFacts{}) rare().repository.facts(object) = std::move(facts);
}

void TransportOrganizer::index(TransportRequest const& request, ReleasedWith& into) {
    if (request.function == TrFunction::transport_of_copies) return;
    for (auto const object : request.objects)
        if (!object.is_comment()) into[std::string{object.text()}].push_back(request.trkorr);
}

std::span<TrRequest const> TransportOrganizer::released_with(ObjectView object) const {
    if (!released_with_) {
        std::vector<TransportRequest const*> released;
        for (auto const& request : requests_)
            if (request->released()) released.push_back(request.get());
        std::ranges::stable_sort(released, {}, &TransportRequest::released_at);
        released_with_ = std::make_unique<ReleasedWith>();
        for (auto const* request : released) index(*request, *released_with_);
    }
    auto const found = released_with_->find(object.text());
    return found == released_with_->end() ? std::span<TrRequest const>{} : found->second;
}

void TransportOrganizer::shrink() {
    sweep_changes();
    changes_.shrink_to_fit();
    requests_.shrink_to_fit();
    for (auto& request : requests_) {
        request->objects.shrink();
        for (auto& task : request->tasks) task.objects.shrink();
    }
}

std::size_t TransportOrganizer::bytes() const {
    constexpr std::size_t block = 16; // what the allocator adds to each
    auto const of_text = [](std::string const& text) { return text.capacity() > 15 ? text.capacity() + 1 + block : 0; };
    auto const of_list = [](ObjectList const& list) { return list.empty() ? 0 : list.bytes() + block; };
    std::size_t sum = requests_.capacity() * sizeof(void*) + changes_.capacity() * sizeof(Change) +
                      late_tasks_.capacity() * sizeof(LateTask) + locks_.bytes();
    if (released_with_)
        for (auto const& [object, list] : *released_with_)
            sum += sizeof object + sizeof list + 24 + of_text(object) + list.capacity() * sizeof(TrRequest) + block;
    for (auto const& request : requests_) {
        sum += sizeof *request + block + of_list(request->objects) + of_text(request->text) + of_text(request->owner);
        sum += request->tasks.capacity() * sizeof(TransportTask) + block;
        for (auto const& task : request->tasks) sum += of_list(task.objects) + of_text(task.owner);
        if (request->attributes)
            for (auto const& [attribute, value] : *request->attributes)
                sum += 112 + of_text(attribute) + of_text(value);
    }
    return sum + (rare_ ? sizeof *rare_ + rare_->repository.bytes() : 0);
}

} // namespace almd
