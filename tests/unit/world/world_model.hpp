// What a landscape must look like after a sequence of steps: a simple model, and the comparison with the real one.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "simulator/tms/landscape.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// The pool that all objects of a sequence come from; a set of them is a mask.
using ObjectMask = std::uint32_t;
inline constexpr std::array<std::string_view, 9> object_pool{
    "R3TR PROG ZA",   "R3TR PROG ZB",      "R3TR CLAS ZCL_C",
    "R3TR TABL ZD",   "LIMU REPS ZA",      "LIMU METH ZCL_C                         RUN",
    "R3TR TABU T001", "R3TR TABU T001 0*", "R3TR TABU T001 01"};
inline constexpr ObjectMask table_contents = 0b111'000'000;

/// These with all that a lock on one of them keeps from others: parts, wholes, and keys that cover each other.
inline ObjectMask overlapping(ObjectMask objects) {
    static constexpr ObjectMask groups[] = {0b010'001, 0b100'100, table_contents};
    for (auto const group : groups)
        if (objects & group) objects |= group;
    return objects;
}

inline ObjectEntry pool_entry(std::size_t index) {
    static auto const all = [] {
        std::vector<ObjectEntry> entries;
        for (auto const text : object_pool) entries.push_back(ObjectEntry::parse(text).value());
        return entries;
    }();
    return all[index];
}

template <class List>
ObjectMask mask_of(List const& list) {
    ObjectMask mask = 0;
    for (auto const& entry : list)
        for (std::size_t i = 0; i < object_pool.size(); ++i)
            if (entry.text() == object_pool[i]) mask |= 1u << i;
    return mask;
}

class WorldModel {
public:
    struct Request {
        TrFunction function;
        std::vector<TrRequest> tasks;
        ObjectMask objects = 0; ///< of the request and its tasks
        bool released = false;
    };
    struct Waiting {
        TrRequest trkorr;
        std::optional<Client> client;
        bool again = false; ///< umode 1 was given
    };

    explicit WorldModel(Landscape const& world)
        : world_{world} {
        for (std::size_t i = 0; i < world.system_count(); ++i)
            numbers_[world.sid(i)] = world.cts(world.sid(i)).last_number();
    }

    std::map<TrRequest, Request> const& requests() const { return requests_; }
    Request* find(TrRequest trkorr) {
        auto const at = requests_.find(trkorr);
        return at == requests_.end() ? nullptr : &at->second;
    }
    std::optional<TrRequest> request_of(TrRequest request_or_task) const {
        for (auto const& [trkorr, request] : requests_)
            if (trkorr == request_or_task || std::ranges::find(request.tasks, request_or_task) != request.tasks.end())
                return trkorr;
        return std::nullopt;
    }
    std::vector<Waiting> const& queue(SystemId system) { return queues_[system]; }
    bool done(TrRequest trkorr, TransportTarget const& target) const {
        return std::ranges::find(done_, std::pair{trkorr, target}) != done_.end();
    }
    /// Another open request of the system holds one of these objects, a part of one or what one is a part of.
    bool held_elsewhere(TrRequest trkorr, ObjectMask objects) const {
        return std::ranges::any_of(requests_, [&](auto const& other) {
            return other.first != trkorr && other.first.system() == trkorr.system() && !other.second.released &&
                   other.second.function != TrFunction::transport_of_copies &&
                   (other.second.objects & overlapping(objects)) != 0;
        });
    }

    void created(TrRequest trkorr, TrFunction function, std::size_t tasks) {
        auto& request = requests_[trkorr] = {function, {}};
        taken(trkorr);
        for (std::size_t i = 0; i < tasks; ++i) task_added(request, {trkorr.system(), numbers_[trkorr.system()] + 1});
    }
    void task_added(Request& request, TrRequest task) {
        taken(task);
        request.tasks.push_back(task);
    }
    void removed(TrRequest request_or_task) {
        if (requests_.erase(request_or_task)) return;
        std::erase(find(*request_of(request_or_task))->tasks, request_or_task);
    }
    void released(TrRequest trkorr) {
        find(trkorr)->released = true;
        if (auto const target = world_.request(trkorr)->target) enter(trkorr, *target, false);
    }
    void enter(TrRequest trkorr, TransportTarget const& target, bool again) {
        for (auto const& one : world_.domain().resolve(target)) {
            auto& queue = queues_[*one.system()];
            auto const there = std::ranges::find_if(
                queue, [&](Waiting const& w) { return w.trkorr == trkorr && w.client == one.client(); });
            if (there == queue.end())
                queue.push_back({trkorr, one.client(), again});
            else
                there->again |= again;
        }
    }

    /// What an import that ended did, in the order of its requests.
    void imported(TpOutcome const& outcome, TpProfile const& profile) {
        for (auto const& request : outcome.requests) {
            if (!request.return_code || *request.return_code == tp_not_in_buffer) {
                expect(!request.left_buffer, "{} was not imported but left the buffer", request.trkorr.text());
                rows_ += !request.steps.empty(); // interrupted: the cofile remembers its steps
                continue;
            }
            ++rows_;
            auto const code = request.return_code->value();
            bool const good = code < profile.repeat_on_error && code < profile.stop_on_error;
            expect(good == request.left_buffer, "{} ended with {} but left the buffer: {}", request.trkorr.text(), code,
                   request.left_buffer);
            if (request.left_buffer) finished(request.trkorr, outcome.target);
        }
    }

    /// The first difference between model and landscape; none: they agree.
    std::optional<std::string> check() {
        std::size_t counted = 0;
        for (std::size_t i = 0; i < world_.system_count(); ++i) {
            auto const system = world_.sid(i);
            counted += check_requests(system);
            check_locks(system);
            check_queue(system);
        }
        expect(counted == requests_.size(), "{} requests exist, {} are expected", counted, requests_.size());
        expect(world_.history().last_sequence() == rows_, "{} history rows, {} are expected",
               world_.history().last_sequence(), rows_);
        for (auto const& [trkorr, request] : requests_)
            if (request.released) check_nothing_lost(trkorr);
        return problem_;
    }

    template <class... Args>
    void expect(bool good, fmt::format_string<Args...> format, Args&&... args) {
        if (!good && !problem_) problem_ = fmt::format(format, std::forward<Args>(args)...);
    }

private:
    void taken(TrRequest number) {
        auto& last = numbers_[number.system()];
        expect(number.number() == last + 1, "{} follows number {}", number.text(), last);
        last = number.number();
    }

    void finished(TrRequest trkorr, TransportTarget const& target) {
        auto& queue = queues_[*target.system()];
        auto const entry = std::ranges::find_if(
            queue, [&](Waiting const& w) { return w.trkorr == trkorr && w.client == target.client(); });
        expect(entry != queue.end(), "{} was imported into {} but did not wait there", trkorr.text(), target.text());
        if (entry == queue.end()) return;
        if (done(trkorr, target))
            expect(entry->again, "{} was imported into {} twice without umode 1", trkorr.text(), target.text());
        else
            done_.emplace_back(trkorr, target);
        queue.erase(entry);
        if (find(trkorr)->function == TrFunction::transport_of_copies) return;
        for (auto const& next : world_.domain().delivery_targets(*target.system(), target.client()))
            enter(trkorr, next, false);
    }

    std::size_t check_requests(SystemId system) {
        std::size_t count = 0;
        std::uint32_t before = 0;
        for (auto const& request : world_.cts(system).requests()) {
            ++count;
            auto const number = request.trkorr.text();
            auto const* expected = find(request.trkorr);
            expect(request.trkorr.number() > before, "{} is out of order", number);
            before = request.trkorr.number();
            expect(expected, "{} exists, but was not created or was deleted", number);
            if (!expected) continue;
            bool const released =
                request.status == TrStatus::released || request.status == TrStatus::released_protected;
            expect(released == expected->released, "{} has status {}", number, static_cast<char>(request.status));
            ObjectMask objects = mask_of(request.objects);
            std::vector<TrRequest> tasks;
            for (auto const& task : request.tasks) {
                objects |= mask_of(task.objects);
                tasks.push_back(task.trkorr);
                if (released)
                    expect(task.status == TrStatus::released, "{} is released, its task {} is not", number,
                           task.trkorr.text());
                if (task.status == TrStatus::released)
                    expect(mask_of(task.objects) == 0, "{} is released and has objects", task.trkorr.text());
            }
            expect(objects == expected->objects, "{} has objects {:#x}, {:#x} are expected", number, objects,
                   expected->objects);
            if (!released) expect(tasks == expected->tasks, "{} has other tasks than were made", number);
        }
        expect(world_.cts(system).last_number() == numbers_[system], "{}: last number is {}, {} is expected",
               system.text(), world_.cts(system).last_number(), numbers_[system]);
        return count;
    }

    void check_locks(SystemId system) {
        auto const& cts = world_.cts(system);
        ObjectMask wanted = 0;
        for (auto const& [trkorr, request] : requests_)
            if (trkorr.system() == system && !request.released && request.function != TrFunction::transport_of_copies)
                wanted |= request.objects;
        for (std::size_t i = 0; i < object_pool.size(); ++i) {
            ObjectMask const object = 1u << i;
            auto const holder = cts.lock_of(pool_entry(i));
            expect(holder.has_value() == ((wanted & overlapping(object)) != 0), "{}: {} is {}locked", system.text(),
                   object_pool[i], holder ? "" : "not ");
            if (!holder) continue;
            auto const* request = cts.find_owner_of(*holder);
            expect(request, "{} is locked by {}, which does not exist", object_pool[i], holder->text());
            if (!request) continue;
            expect(!request->released(), "{} is locked by the released {}", object_pool[i], holder->text());
            auto const* task = cts.find_task(*holder);
            auto const list = task ? mask_of(task->objects) : mask_of(request->objects);
            expect((list & (wanted & object ? object : overlapping(object))) != 0,
                   "{} is locked by {}, which does not contain it", object_pool[i], holder->text());
        }
    }

    void check_queue(SystemId system) {
        auto const& expected = queues_[system];
        auto const queue = world_.buffer(system).queue();
        expect(queue.size() == expected.size(), "{}: {} entries wait, {} are expected", system.text(), queue.size(),
               expected.size());
        std::uint64_t before = 0;
        for (std::size_t i = 0; i < std::min(queue.size(), expected.size()); ++i) {
            auto const& entry = queue[i];
            expect(entry.trkorr == expected[i].trkorr && entry.client == expected[i].client,
                   "{}: place {} of the queue has {}, {} is expected", system.text(), i, entry.trkorr.text(),
                   expected[i].trkorr.text());
            expect(entry.position > before, "{}: {} is out of order", system.text(), entry.trkorr.text());
            before = entry.position;
            bool const was_done = done(entry.trkorr, TransportTarget{system, entry.client});
            expect(!was_done || entry.state == BufferState::imported || expected[i].again,
                   "{}: {} waits, but it is imported", system.text(), entry.trkorr.text());
            expect(was_done || entry.state != BufferState::imported, "{}: {} counts as imported, but it never was",
                   system.text(), entry.trkorr.text());
            expect(entry.state != BufferState::running || world_.importing(system), "{}: {} runs in no import",
                   system.text(), entry.trkorr.text());
        }
    }

    /// What was released waits at each of its targets or is done there.
    void check_nothing_lost(TrRequest trkorr) {
        auto const target = world_.request(trkorr) ? world_.request(trkorr)->target : std::nullopt;
        if (!target) return;
        for (auto const& one : world_.domain().resolve(*target))
            expect(done(trkorr, one) || world_.buffer(*one.system()).find(trkorr, one.client()), "{} is lost before {}",
                   trkorr.text(), one.text());
    }

    Landscape const& world_;
    std::map<TrRequest, Request> requests_;
    std::map<SystemId, std::vector<Waiting>> queues_;
    std::map<SystemId, std::uint32_t> numbers_;
    std::vector<std::pair<TrRequest, TransportTarget>> done_;
    std::uint64_t rows_ = 0;
    std::optional<std::string> problem_;
};

/// Everything that can be seen of a landscape in one number.
class WorldDigest {
public:
    static std::uint64_t of(Landscape const& world) {
        WorldDigest digest;
        for (std::size_t i = 0; i < world.system_count(); ++i) {
            auto const system = world.sid(i);
            digest.cts(world.cts(system));
            for (auto const& e : world.buffer(system).queue())
                digest.all(hash_text(e.trkorr.text()), e.client ? e.client->number() + 1 : 0, static_cast<int>(e.state),
                           e.import_again, e.resume_at, e.max_code.value(), e.position);
            digest.all(world.importing(system), world.system(system).components_generation());
        }
        digest.all(world.history().last_sequence(), world.domain().version());
        return digest.sum_;
    }

private:
    template <class... Numbers>
    void all(Numbers... numbers) {
        ((sum_ = mix(sum_, static_cast<std::uint64_t>(numbers))), ...);
    }
    template <class List>
    void objects(List const& list) {
        for (auto const& entry : list) all(hash_text(entry.text()));
    }
    void cts(TransportOrganizer const& cts) {
        all(cts.last_number(), cts.last_change());
        for (auto const& r : cts.requests()) {
            all(r.trkorr.number(), static_cast<char>(r.status), hash_text(r.owner), hash_text(r.text), r.change,
                r.changed_at.time_since_epoch().count());
            objects(r.objects);
            for (auto const& t : r.tasks) {
                all(t.trkorr.number(), static_cast<char>(t.status), static_cast<char>(t.function), hash_text(t.owner));
                objects(t.objects);
            }
        }
        for (std::size_t i = 0; i < object_pool.size(); ++i)
            if (auto const holder = cts.lock_of(pool_entry(i))) all(i, hash_text(holder->text()));
    }

    std::uint64_t sum_ = 0;
};

} // namespace almd
