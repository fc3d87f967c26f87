// The developers of one landscape at work.
#include "simulator/tms/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace almd {

namespace {

constexpr std::size_t open_per_developer_max = 20; ///< who has so many open requests creates no more

std::optional<TransportTarget> target_for_copies(Landscape const& landscape, SystemId system) {
    auto const layer = landscape.domain().standard_layer(system);
    return layer ? landscape.domain().consolidation_target(system, *layer) : std::nullopt;
}

/// A fleet computes other SIDs than the file has: the place in the list is the same.
std::optional<SystemId> own_sid(Landscape const& landscape, SystemId of_spec) {
    auto const& systems = landscape.spec().systems;
    auto const at = std::ranges::find(systems, of_spec, &SystemSpec::id);
    if (at == systems.end()) return std::nullopt;
    return landscape.sid(static_cast<std::size_t>(at - systems.begin()));
}

/// Somebody at STMS_IMPORT takes what is ready, and leaves out what would be refused.
bool ready(EntryState state) {
    using enum EntryState;
    return state == waiting || state == again || state == scheduled || state == error;
}

} // namespace

void ActivityCounters::merge(ActivityCounters const& other) {
    created += other.created;
    recorded += other.recorded;
    released += other.released;
    refused += other.refused;
    left_open += other.left_open;
    import_rounds += other.import_rounds;
}

double ActivitySpec::per_hour() const {
    return static_cast<double>(developers.size()) * (rates.requests + rates.objects + rates.releases) + rates.imports;
}

Activity::Activity(ActivitySpec const& spec, LandscapeIdentity const& identity, TimePoint from)
    : spec_{&spec}
    , rng_{Rng::stream(identity.seed, identity.number, hash_text("activity"))} {
    assert(spec.on());
    resume(from);
}

void Activity::resume(TimePoint now) {
    work_ = next_event(spec_->hours, spec_->per_hour(), now, rng_);
    for (auto& one : decided_)
        if (one.due < now) one.due = after_working_time(spec_->hours, now, Duration{0});
    for (auto& one : broken_)
        if (one.until < now) one.until = after_working_time(spec_->hours, now, Duration{0});
    plan_next();
}

void Activity::plan_next() {
    next_ = work_;
    for (auto const& one : decided_) next_ = std::min(next_, one.due);
    for (auto const& one : broken_) next_ = std::min(next_, one.until);
}

bool Activity::repair(Landscape& landscape, TimePoint now) {
    auto const over = std::ranges::find_if(broken_, [&](auto const& one) { return one.until <= now; });
    if (over == broken_.end()) return false;
    end_disturbance(landscape, *over);
    broken_.erase(over);
    return true;
}

ActivityEvent Activity::act(Landscape& landscape, TimePoint now) {
    ActivityEvent event;
    if (repair(landscape, now)) {
        plan_next();
        return event;
    }
    auto const due = std::ranges::min_element(decided_, {}, &Decided::due);
    if (due != decided_.end() && due->due <= now && due->due <= work_) {
        auto const decided = *due;
        decided_.erase(due);
        event = finish(landscape, decided, now);
    } else if (work_ <= now) {
        if (auto const system = own_sid(landscape, spec_->system)) event = work(landscape, *system, now);
        work_ = next_event(spec_->hours, spec_->per_hour(), std::max(now, work_), rng_);
    }
    plan_next();
    return count(event);
}

ActivityEvent Activity::count(ActivityEvent event) {
    using enum ActivityEvent::Kind;
    counters_.created += event.kind == created;
    counters_.recorded += event.kind == recorded;
    counters_.released += event.kind == released;
    counters_.refused += event.kind == refused;
    counters_.left_open += event.kind == left_open;
    counters_.import_rounds += event.kind == import_round;
    return event;
}

/// All kinds of work are one process: its rate is the sum, the kind is drawn by the single rates.
ActivityEvent Activity::work(Landscape& landscape, SystemId system, TimePoint now) {
    auto const& rates = spec_->rates;
    auto const people = static_cast<double>(spec_->developers.size());
    double dice = rng_.unit() * spec_->per_hour();
    if ((dice -= people * rates.requests) < 0) return create(landscape, system, now);
    if ((dice -= people * rates.objects) < 0) return record(landscape, system, now);
    if ((dice -= people * rates.releases) < 0) return decide(landscape, now);
    return import_round(landscape);
}

std::string const& Activity::draw_developer() {
    return spec_->developers[rng_.below(spec_->developers.size())];
}

ActivityEvent Activity::create(Landscape& landscape, SystemId system, TimePoint now) {
    if (open_.size() + started_.size() + decided_.size() >= spec_->developers.size() * open_per_developer_max)
        return {};
    CreateRequest wanted;
    wanted.system = system;
    wanted.client = spec_->client;
    double const dice = rng_.unit();
    if (dice < spec_->copies_share) {
        wanted.function = TrFunction::transport_of_copies;
        wanted.target = target_for_copies(landscape, system);
    } else if (dice < spec_->copies_share + spec_->customizing_share) {
        wanted.function = TrFunction::customizing;
    }
    wanted.owner = draw_developer();
    wanted.text = fmt::format("Change {} of {}", counters_.created + 1, wanted.owner);
    bool const customizing = wanted.function == TrFunction::customizing;
    auto const request = landscape.create_request(std::move(wanted), now);
    if (!request) return {ActivityEvent::Kind::refused};
    open_.push_back(*request);
    // Nobody creates a request for nothing: the object that made it necessary is the first one in it.
    if (!landscape.cts(system).add_object(*request, draw_object(customizing), now)) ++counters_.refused;
    return {ActivityEvent::Kind::created, *request};
}

ObjectEntry Activity::draw_object(bool customizing) {
    static constexpr std::string_view workbench_types[] = {"PROG", "CLAS", "TABL", "DTEL"};
    bool const shared = spec_->shared_objects > 0 && rng_.chance(spec_->overlap);
    auto const number = shared ? rng_.below(spec_->shared_objects) : ++own_objects_;
    // The type of a shared object follows from its number: the same object must have the same name each time.
    auto const type = customizing ? "TABU" : workbench_types[number % std::size(workbench_types)];
    return *ObjectEntry::parse(fmt::format("R3TR {} {}_{:06}", type, shared ? "ZSHARED" : "ZOWN", number));
}

ActivityEvent Activity::record(Landscape& landscape, SystemId system, TimePoint now) {
    if (open_.empty()) return {};
    auto const place = open_.begin() + static_cast<std::ptrdiff_t>(rng_.below(open_.size()));
    auto const request = *place;
    auto const* found = landscape.request(request);
    if (found && found->status == TrStatus::release_started) { // by hand, or by the cloud: nothing can be added to it
        open_.erase(place);
        started_.push_back(request);
        return {};
    }
    bool const customizing = found && found->customizing();
    auto const done = landscape.cts(system).add_object(request, draw_object(customizing), now);
    return {done ? ActivityEvent::Kind::recorded : ActivityEvent::Kind::refused, request};
}

ActivityEvent Activity::decide(Landscape& landscape, TimePoint now) {
    auto const all = open_.size() + started_.size();
    if (all == 0) return {};
    auto const drawn = rng_.below(all);
    auto& from = drawn < open_.size() ? open_ : started_;
    auto const place = from.begin() + static_cast<std::ptrdiff_t>(drawn < open_.size() ? drawn : drawn - open_.size());
    auto const request = *place;
    from.erase(place);
    auto const* found = landscape.request(request);
    if (!found || found->released()) return {}; // somebody else was faster: by hand, or the cloud
    auto const types = object_types(*found);
    auto const draw = draw_behaviour(spec_->behaviours, {found->function, found->owner, spec_->system, types}, rng_);
    decided_.push_back({after_working_time(spec_->hours, now, draw.delay), request, draw.behaviour});
    return {ActivityEvent::Kind::decided, request};
}

/// What was refused or left open is tried again some day: nothing keeps its locks for ever.
ActivityEvent Activity::finish(Landscape& landscape, Decided const& decided, TimePoint now) {
    auto const* request = landscape.request(decided.request);
    if (!request || request->released()) return {};
    ActivityEvent event{ActivityEvent::Kind::left_open, decided.request};
    auto const outcome = decided.outcome();
    if (decided.behaviour && std::ranges::find(broken_, outcome, &Disturbance::kind) == broken_.end())
        if (auto begun = begin_disturbance(landscape, *request, *decided.behaviour,
                                           after_working_time(spec_->hours, now, decided.behaviour->lasts)))
            broken_.push_back(*std::move(begun));
    if (outcome != BehaviourOutcome::leave_open && outcome != BehaviourOutcome::lock_user) {
        auto const done = bring_about(landscape, *request, outcome, now);
        event.kind = done ? ActivityEvent::Kind::released : ActivityEvent::Kind::refused;
    }
    request = landscape.request(decided.request);
    if (request && !request->released()) take_back(*request);
    return event;
}

void Activity::take_back(TransportRequest const& request) {
    (request.status == TrStatus::release_started ? started_ : open_).push_back(request.trkorr);
}

/// One queue, drawn among those in which something is ready; a queue is read once, what was imported is not in it.
ActivityEvent Activity::import_round(Landscape const& landscape) {
    std::vector<SystemId> queues;
    for (std::size_t i = 0; i < landscape.system_count(); ++i) {
        auto const system = landscape.sid(i);
        if (!landscape.system(system).is_virtual() && landscape.buffer(system).size() > 0 &&
            !landscape.importing(system))
            queues.push_back(system);
    }
    if (queues.empty()) return {};
    auto const system = queues[rng_.below(queues.size())];
    ActivityEvent event{ActivityEvent::Kind::import_round};
    std::optional<Client> client;
    for (auto const& entry : landscape.buffer(system).queue()) {
        if (!ready(landscape.entry_state(system, entry))) continue;
        if (event.imports.empty()) client = entry.client;
        if (entry.client == client) event.imports.push_back(entry.trkorr);
    }
    if (event.imports.empty()) return {};
    event.target = TransportTarget{system, client};
    return event;
}

/// By value what is needed later: every change of CTS may move the request.
Result<void> Activity::bring_about(Landscape& landscape, TransportRequest const& request, BehaviourOutcome outcome,
                                   TimePoint now) {
    auto const trkorr = request.trkorr;
    auto const owner = request.owner;
    bool const customizing = request.customizing();
    auto& cts = landscape.cts(trkorr.system());
    if (outcome == BehaviourOutcome::failing_export)
        if (auto const broken = cts.set_fault(trkorr, ReleaseFault::export_step); !broken) return broken;
    if (request.function == TrFunction::transport_of_copies)
        return landscape.release_request(trkorr, owner, now, {.ignore_locks = true});
    if (outcome == BehaviourOutcome::copies) {
        CreateRequest copies;
        copies.system = trkorr.system();
        copies.client = request.source_client;
        copies.function = TrFunction::transport_of_copies;
        copies.text = fmt::format("Copies of {}", trkorr.text());
        copies.owner = owner;
        copies.target = request.target;
        auto const created = landscape.create_request(std::move(copies), now);
        if (!created) return std::unexpected{created.error()};
        if (auto const filled = cts.copy_objects(trkorr, *created, now); !filled) return filled;
        return landscape.release_request(*created, owner, now, {.ignore_locks = true});
    }
    if (outcome == BehaviourOutcome::forgotten_task) {
        auto const task = cts.add_task(trkorr, draw_developer(), now);
        if (!task) return std::unexpected{task.error()};
        if (auto const added = cts.add_object(*task, draw_object(customizing), now); !added) return added;
        return landscape.release_request(trkorr, owner, now);
    }
    return landscape.release_with_tasks(trkorr, owner, now);
}

std::size_t Activity::bytes() const {
    return (open_.capacity() + started_.capacity()) * sizeof(TrRequest) + decided_.capacity() * sizeof(Decided) +
           broken_.capacity() * sizeof(Disturbance);
}

} // namespace almd
