// One random sequence of steps against a landscape and its model; the only place of these tests that calls the
// landscape's verbs.
#pragma once

#include "simulator/kernel/shard.hpp"
#include "tests/support/property.hpp"
#include "tests/unit/world/random_landscape.hpp"
#include "tests/unit/world/world_model.hpp"

#include <list>
#include <string>
#include <utility>
#include <vector>

namespace almd {

/// Plain numbers, taken modulo what there is to choose from.
struct RandomStep {
    explicit RandomStep(std::uint64_t seed)
        : RandomStep{Rng{seed}} {}
    explicit RandomStep(Rng rng)
        : kind{number(rng)}
        , a{number(rng)}
        , b{number(rng)}
        , c{number(rng)} {}

    std::uint32_t kind, a, b, c;

private:
    static std::uint32_t number(Rng& rng) { return static_cast<std::uint32_t>(rng() >> 32); }
};

class RandomWorld {
public:
    struct Counts {
        std::uint64_t created = 0, released = 0, imported = 0, again = 0, refused = 0, blocked = 0;
    };

    /// Each step leaves a line in `story`.
    RandomWorld(LandscapeSpec const& spec, std::uint64_t seed, Counts& counts, std::vector<std::string>& story)
        : spec_{spec}
        , shard_{Shard::VirtualTime{parse_rfc3339("2026-11-22T08:00:00.000Z").value()}}
        , world_{spec_, LandscapeIdentity::plain(seed), shard_.clock().now()}
        , model_{world_}
        , counts_{counts}
        , story_{story} {
        for (std::size_t i = 0; i < world_.system_count(); ++i)
            for (auto const& client : world_.system(world_.sid(i)).clients())
                targets_.push_back(TransportTarget{world_.sid(i), world_.domain().ctc() ? std::optional{client.number}
                                                                                        : std::nullopt});
        for (auto const& group : world_.domain().target_groups())
            targets_.push_back(TransportTarget::parse(group.name).value());
        digest_ = WorldDigest::of(world_);
    }
    ~RandomWorld() { // an import that still waits refers to the landscape
        shard_.stop();
        shard_.run_for(1h);
    }

    /// What broke; none: everything is as it must be.
    std::optional<std::string> run(RandomSteps const& steps) {
        for (auto const step : steps) {
            auto const refused = !take(RandomStep{step});
            auto const digest = WorldDigest::of(world_);
            model_.expect(!refused || digest == digest_, "a refusal changed the landscape");
            digest_ = digest;
            counts_.refused += refused;
            if (auto problem = model_.check()) return problem;
        }
        for (int i = 0; i < 100 && running(); ++i) pass(4h);
        model_.expect(!running(), "an import does not end");
        return model_.check();
    }

private:
    struct Call {
        TransportTarget target;
        std::optional<bool> blocked; ///< expected; none: it waited for its turn, so nobody knows
        std::optional<Result<TpOutcome>> ended{};
        bool settled = false;
    };

    template <class... Args>
    void tell(fmt::format_string<Args...> format, Args&&... args) {
        story_.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
    template <class Outcome>
    bool told(Outcome const& outcome) { // a Result or a release report
        bool const good{outcome};
        if (!good) {
            if constexpr (requires { outcome.error().context; })
                story_.back() += "  -> " + outcome.error().context;
            else
                story_.back() += "  -> refused";
        }
        return good;
    }
    TimePoint now() { return shard_.clock().now(); }

    SystemId some_system(std::uint32_t dice) const { return world_.sid(dice % world_.system_count()); }
    TransportTarget some_target(std::uint32_t dice) const { return targets_[dice % targets_.size()]; }
    enum class Kind : std::uint8_t { open, released };
    /// A request, now and then one of its tasks or a number that nobody has.
    TrRequest some_request(std::uint32_t dice, bool or_task = false, Kind kind = Kind::open) const {
        auto const& all = model_.requests();
        if (all.empty() || dice % 31 == 0) return TrRequest{world_.sid(0), 900'500 + dice % 7};
        auto at = std::next(all.begin(), dice / 31 % all.size());
        if (at->second.released != (kind == Kind::released) && dice % 4) { // mostly one of the wanted kind
            auto const fits = [&](auto const& one) { return one.second.released == (kind == Kind::released); };
            if (auto const next = std::find_if(at, all.end(), fits); next != all.end()) at = next;
        }
        auto const& [trkorr, request] = *at;
        auto const task = dice / 997 % 4;
        return or_task && task < request.tasks.size() ? request.tasks[task] : trkorr;
    }

    /// False: it was refused.
    bool take(RandomStep const& step) {
        switch (step.kind % 24) {
        case 0:
        case 1:
        case 2: return create(step);
        case 3:
        case 4:
        case 5:
        case 6: return add_object(step);
        case 7: return add_task(step);
        case 8: return release_task(step);
        case 9:
        case 10: return release(step);
        case 11:
        case 12:
        case 13: return release_all(step);
        case 14: return remove(step);
        case 15: return empty(step);
        case 16: return copy(step);
        case 17: return add_to_buffer(step);
        case 18: return change_component(step);
        case 19: return change_words(step);
        case 20: return pass(Duration{std::chrono::seconds{step.a % 60}}), true;
        default: return import(step);
        }
    }

    bool create(RandomStep const& step) {
        static constexpr TrFunction functions[] = {TrFunction::workbench, TrFunction::workbench,
                                                   TrFunction::customizing, TrFunction::transport_of_copies};
        // Mostly in a development, so that something is on its way.
        auto const system = step.a % 8 == 0 ? some_system(step.a / 8) : world_.sid(0);
        CreateRequest wanted{.system = system,
                             .client = spec_.systems[*world_.domain().index_of(system)].clients.back().number,
                             .function = functions[step.b % 4]};
        wanted.text = fmt::format("Request {}", step.c % 100);
        wanted.owner = step.c % 2 ? "ANNA" : "BERT";
        if (step.b / 4 % 3 == 0) wanted.task_users = {"ANNA", "BERT"};
        if (wanted.function == TrFunction::transport_of_copies || step.b / 12 % 8 == 0)
            wanted.target = some_target(step.c / 100);
        tell("create {} in {}", static_cast<char>(wanted.function), system.text());
        auto const made = world_.create_request(wanted, now());
        if (!told(made)) return false;
        bool const copies = wanted.function == TrFunction::transport_of_copies;
        model_.created(*made, wanted.function, copies ? 0 : std::max<std::size_t>(1, wanted.task_users.size()));
        ++counts_.created;
        return true;
    }

    bool add_object(RandomStep const& step) {
        auto const where = some_request(step.a, true);
        auto const object = step.b % object_pool.size();
        tell("add {} to {}", object_pool[object], where.text());
        auto const trkorr = model_.request_of(where);
        auto* request = trkorr ? model_.find(*trkorr) : nullptr;
        if (!world_.has(where.system())) return true;
        auto& cts = world_.cts(where.system());
        auto const* task = cts.find_task(where);
        bool const open = request && !request->released && !(task && task->status == TrStatus::released);
        bool const allowed = open && takes(*trkorr, *request, ObjectMask{1} << object);
        bool const added = told(cts.add_object(where, pool_entry(object), now()));
        model_.expect(added == allowed, "{} {} {}", where.text(), added ? "took" : "refused", object_pool[object]);
        if (added && request) request->objects |= ObjectMask{1} << object;
        return added;
    }
    /// Copies take anything; else the category must fit, and no other request may hold a lock that overlaps.
    bool takes(TrRequest trkorr, WorldModel::Request const& request, ObjectMask objects) const {
        if (request.function == TrFunction::transport_of_copies) return true;
        auto const unfit = request.function == TrFunction::customizing ? ~table_contents : table_contents;
        return (objects & unfit) == 0 && !model_.held_elsewhere(trkorr, objects);
    }

    bool add_task(RandomStep const& step) {
        auto const trkorr = some_request(step.a);
        tell("add a task to {}", trkorr.text());
        auto const task = world_.cts(trkorr.system()).add_task(trkorr, step.b % 2 ? "ANNA" : "BERT", now());
        if (!told(task)) return false;
        model_.task_added(*model_.find(trkorr), *task);
        return true;
    }

    bool release_task(RandomStep const& step) {
        auto const task = some_request(step.a, true);
        tell("release task {}", task.text());
        return told(world_.cts(task.system()).release_task(task, "ANNA", now()));
    }

    /// A template, so that ignore-locks may be a flag or one of several options.
    template <class World>
    static auto release_call(World& world, TrRequest trkorr, TimePoint now, bool ignore_locks) {
        if constexpr (requires { world.release_request(trkorr, "ANNA", now, ignore_locks); })
            return world.release_request(trkorr, "ANNA", now, ignore_locks);
        else
            return world.release_request(trkorr, "ANNA", now, {.ignore_locks = ignore_locks});
    }
    bool release(RandomStep const& step) {
        auto const trkorr = some_request(step.a);
        bool const ignore_locks = step.b % 2;
        tell("release {}{}", trkorr.text(), ignore_locks ? " with ignore-locks" : "");
        return told(release_call(world_, trkorr, now(), ignore_locks)) && after_release(trkorr, ignore_locks);
    }
    bool release_all(RandomStep const& step) {
        auto const trkorr = some_request(step.a);
        tell("release {} with its tasks", trkorr.text());
        return told(world_.release_with_tasks(trkorr, "ANNA", now())) && after_release(trkorr, false);
    }
    bool after_release(TrRequest trkorr, bool ignore_locks) {
        auto const* request = model_.find(trkorr);
        model_.expect(request && !request->released, "{} was released twice", trkorr.text());
        if (!request || request->released) return true;
        model_.expect(ignore_locks || request->function != TrFunction::transport_of_copies,
                      "{} is a transport of copies and was released without ignore-locks", trkorr.text());
        model_.released(trkorr);
        ++counts_.released;
        return true;
    }

    bool remove(RandomStep const& step) {
        auto const which = some_request(step.a, true);
        tell("delete {}", which.text());
        if (!told(world_.cts(which.system()).remove(which, now()))) return false;
        model_.removed(which);
        return true;
    }
    bool empty(RandomStep const& step) {
        auto const trkorr = some_request(step.a);
        tell("take all objects out of {}", trkorr.text());
        if (!told(world_.cts(trkorr.system()).remove_objects(trkorr, now()))) return false;
        model_.find(trkorr)->objects = 0;
        return true;
    }
    bool copy(RandomStep const& step) {
        auto const from = some_request(step.a), into = some_request(step.b);
        tell("copy the objects of {} to {}", from.text(), into.text());
        if (from.system() != into.system()) return true;
        if (!told(world_.cts(from.system()).copy_objects(from, into, now()))) return false;
        auto const* source = model_.find(from);
        auto* target = model_.find(into);
        model_.expect(source && target && !target->released && takes(into, *target, source->objects),
                      "objects went from {} to {}", from.text(), into.text());
        if (source && target) target->objects |= source->objects;
        return true;
    }

    bool add_to_buffer(RandomStep const& step) {
        auto const trkorr = some_request(step.a, false, Kind::released);
        auto const target = some_target(step.b);
        bool const again = step.c % 2;
        tell("add {} to the buffer of {}{}", trkorr.text(), target.text(), again ? ", import again" : "");
        if (!told(world_.add_to_buffer(trkorr, target, now(), again))) return false;
        model_.enter(trkorr, target, again);
        counts_.again += again;
        return true;
    }

    bool change_component(RandomStep const& step) {
        auto const system = some_system(step.a);
        int const level = step.b % 4 == 0 ? 3 : 2; // back to what the others have, mostly
        tell("SAP_BASIS of {} is at support package {}", system.text(), level);
        world_.system(system).set_component({"SAP_BASIS", "758", level});
        return true;
    }
    bool change_words(RandomStep const& step) {
        auto const which = some_request(step.a, true);
        auto& cts = world_.cts(which.system());
        tell("change the words of {}", which.text());
        switch (step.b % 4) {
        case 0: return told(cts.change_owner(which, step.c % 2 ? "ANNA" : "BERT", now()));
        case 1: return told(cts.change_text(which, step.c % 5 ? "New text" : "", now()));
        case 2: return told(cts.set_attribute(which, "SAPCTS", fmt::format("P{}", step.c % 3), now()));
        default: return told(world_.system(world_.sid(0)).set_locked("BERT", step.c % 2));
        }
    }

    /// A part of the queue in any order, with repetitions and what does not wait there; now and then into any target.
    bool import(RandomStep const& step) {
        std::vector<TransportTarget> filled;
        for (auto const& target : targets_)
            if (!target.is_group() && !world_.buffer(*target.system()).queue(target.client()).empty())
                filled.push_back(target);
        auto const target =
            filled.empty() || step.a % 16 == 0 ? some_target(step.a / 16) : filled[step.a / 16 % filled.size()];
        std::vector<TrRequest> list;
        if (auto const system = target.system()) {
            auto const queue = world_.buffer(*system).queue(target.client());
            for (std::size_t i = 0; i < queue.size(); ++i)
                if (step.b >> (i % 24) & 1) list.push_back(queue[queue.size() - 1 - i].trkorr);
            if (list.empty() && !queue.empty()) list.push_back(queue.front().trkorr);
        }
        if (step.b % 11 == 0 || list.empty()) list.push_back(some_request(step.c));
        if (step.b % 13 == 0) list.push_back(list.front());
        tell("import {} requests into {}", list.size(), target.text());
        auto& call = calls_.emplace_back(Call{target, expected_block(target, list)});
        shard_.tasks().spawn(import_of(world_, shard_.clock(), target, std::move(list), call));
        pass(1ms);
        if (call.ended && !told(*call.ended)) return false;
        if (step.c % 4) pass(1h); // else it runs while the next steps are taken
        return true;
    }
    static Async<void> import_of(Landscape& world, Clock& clock, TransportTarget target, std::vector<TrRequest> list,
                                 Call& call) {
        call.ended = co_await world.import_subset(clock, target, std::move(list), "CALM_QUA");
    }

    /// One request of the subset that does not fit keeps all of them out (V).
    std::optional<bool> expected_block(TransportTarget const& target, std::vector<TrRequest> const& list) const {
        auto const system = target.system();
        if (!system || world_.importing(*system)) return std::nullopt;
        auto const here = world_.system(*system).components();
        return std::ranges::any_of(list, [&](TrRequest trkorr) {
            auto const* entry = world_.buffer(*system).find(trkorr, target.client());
            if (!entry || entry->state == BufferState::imported) return false;
            auto const* request = world_.request(trkorr);
            return !components_match(world_.system(trkorr.system()).components(request->components), here);
        });
    }

    bool running() const {
        return std::ranges::any_of(calls_, [](Call const& call) { return !call.ended; });
    }
    void pass(Duration span) {
        if (span > 1s) tell("{} s pass", std::chrono::duration_cast<std::chrono::seconds>(span).count());
        shard_.run_for(span);
        // In the order in which they ended: an import that ended first may have filled the queue of the next one.
        std::vector<Call*> ended;
        for (auto& call : calls_)
            if (call.ended && *call.ended && !std::exchange(call.settled, true)) ended.push_back(&call);
        std::ranges::stable_sort(ended, {}, [](Call const* call) { return (*call->ended)->ended_at; });
        for (auto* call : ended) settle(*call);
    }
    void settle(Call& call) {
        auto const& outcome = **call.ended;
        if (call.blocked) {
            model_.expect(!*call.blocked || !outcome.return_code || *outcome.return_code == tp_not_in_buffer,
                          "an import into {} ran although a component does not match", call.target.text());
            counts_.blocked += *call.blocked;
        }
        model_.imported(outcome, world_.tp_profile());
        counts_.imported += std::ranges::count_if(outcome.requests, &TpOutcome::Request::left_buffer);
    }

    LandscapeSpec spec_;
    Shard shard_;
    Landscape world_;
    WorldModel model_;
    Counts& counts_;
    std::vector<std::string>& story_;
    std::vector<TransportTarget> targets_;
    std::list<Call> calls_;
    std::uint64_t digest_ = 0;
};

} // namespace almd
