// CTS of one system: its number sequence, requests and tasks, object locks, release and deletion.
#pragma once

#include "simulator/cts/object_locks.hpp"
#include "simulator/cts/release.hpp"
#include "simulator/cts/repository.hpp"
#include "simulator/cts/request.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

struct NewRequest {
    TrFunction function = TrFunction::workbench; ///< K, W or T
    std::string text{}, owner{};
    Client source_client = client_000;
    std::optional<TransportTarget> target{}; ///< none: local
    std::vector<std::string> task_users{};   ///< empty: one task for the owner; a transport of copies has none
};

/// Refusals are Errors whose context is the SAP text (simulator/abap/texts.hpp) and leave everything as it was.
class TransportOrganizer {
public:
    /// last_number is E070L: the last number given, 900000 when there was none.
    explicit TransportOrganizer(SystemId system, std::uint32_t last_number = 900'000);

    SystemId system() const { return system_; }
    std::uint32_t last_number() const { return last_number_; }
    void expect(std::size_t requests) { requests_.reserve(requests); }

    /// Request first, then one task per user: n, n+1, ... of the one sequence (order I).
    Result<TrRequest> create(NewRequest request, TimePoint now);
    Result<TrRequest> add_task(TrRequest request, std::string user, TimePoint now);

    /// Customizing requests take client-specific table contents, workbench requests the rest (V); copies take both.
    Result<void> check_category(TrFunction function, ObjectView object) const;
    /// Into that task, or into the first open task of that request, or into the request itself if it has none. Takes
    /// the object's lock, except for a transport of copies; a whole object is locked with its parts, a generic key with
    /// those it covers, and only against other requests. By its first object an unclassified task becomes
    /// Development/Correction, or Repair if another system is the object's original (V).
    Result<void> add_object(TrRequest request_or_task, ObjectView object, TimePoint now);
    /// The object list of one request with those of its tasks (TR_COPY_COMM): how a transport of copies is filled.
    Result<void> copy_objects(TrRequest from, TrRequest to, TimePoint now);
    Result<void> change_owner(TrRequest request_or_task, std::string owner, TimePoint now);
    Result<void> change_text(TrRequest request, std::string text, TimePoint now);
    Result<void> set_attribute(TrRequest request, std::string attribute, std::string value, TimePoint now);
    Result<void> set_target(TrRequest request, std::optional<TransportTarget> target, TimePoint now);
    /// TRSTATUS L and back: no new tasks, the rest as ever (V).
    Result<void> set_protected(TrRequest request, bool is_protected, TimePoint now);
    /// SE03 "Unlock Objects" (I): the lists stay, others may lock their objects.
    Result<void> unlock_objects(TrRequest request);

    /// Object list and locks move to the request, which gets a CORR RELE line.
    ReleaseReport release_task(TrRequest task, std::string_view user, TimePoint now);
    /// Tasks first (TR732); unclassified ones are empty and are deleted silently (V). Frees the locks. Repeats a release
    /// whose export failed.
    ReleaseReport release_request(TrRequest request, std::string_view user, TimePoint now, ReleaseOptions options = {});
    /// The same after a release of its tasks; what is refused for the request is refused before the first task.
    ReleaseReport release_with_tasks(TrRequest request, std::string_view user, TimePoint now,
                                     ReleaseOptions options = {});
    /// By hand: what the request's next release runs into.
    Result<void> set_fault(TrRequest request, ReleaseFault fault);

    /// Only modifiable ones without released tasks (I); what holds locks has to be emptied or unlocked first (V).
    Result<void> remove(TrRequest request_or_task, TimePoint now);
    Result<void> remove_objects(TrRequest request_or_task, TimePoint now);

    /// O(log n); the pointer is good until the request is removed.
    TransportRequest const* find(TrRequest request) const;
    /// The request that the task belongs to, or the request itself.
    TransportRequest const* find_owner_of(TrRequest request_or_task) const;
    TransportTask const* find_task(TrRequest task) const;
    bool has(TrRequest request_or_task) const { return find_owner_of(request_or_task) != nullptr; }
    /// In order of their numbers.
    auto requests() const {
        return std::views::transform(requests_,
                                     [](auto const& request) -> TransportRequest const& { return *request; });
    }
    /// The request or task that holds the object's lock, else one on a part of it or on what it is a part of.
    std::optional<TrRequest> lock_of(ObjectView object) const;
    /// All that hold a lock on it, on a part of it or on what it is a part of.
    std::vector<TrRequest> locks_on(ObjectView object) const { return locks_.holders(area_of(object)); }
    /// Error conflict: another request holds a lock that overlaps with the object's. Null: of a request to be.
    Result<void> check_free(TransportRequest const* request, ObjectView object) const;
    /// Does this request, or a task of it, hold the lock of a line in its list (LOCKFLAG)?
    bool holds_lock(TransportRequest const& request, ObjectView object) const;
    ObjectLocks const& locks() const { return locks_; }
    std::size_t lock_count() const { return locks_.size(); }
    /// Released requests with that object, oldest release first; copies do not count. The first question makes an index
    /// of all of them, which is kept from then on: most landscapes never ask.
    std::span<TrRequest const> released_with(ObjectView object) const;

    /// The object directory; what is like everywhere is not in it. A part has the package and the original system of
    /// the object it belongs to.
    ObjectFacts facts_of(ObjectView object) const;
    void set_facts(ObjectView object, ObjectFacts facts);
    /// The entry in the directory (TADIR) that the object belongs to: "R3TR CLAS ZCL_A" of a method.
    std::string directory_name(ObjectView object) const;
    /// Of that entry; empty, none: stays as it is.
    void set_directory(ObjectView object, std::string_view package, std::optional<SystemId> original);
    /// Which group a function module is in. Error conflict: the module is locked, it would belong to another lock then.
    Result<void> set_function_group(ObjectView function_module, std::string group);
    Repository const* repository() const { return rare_ ? &rare_->repository : nullptr; } ///< null: it is empty

    struct Changes {
        std::vector<TransportRequest const*> requests; ///< in the order of their last change
        std::uint64_t up_to = 0;                       ///< ask with this one next time
        bool more = false;                             ///< `most` was reached
    };
    /// Every request that was created or changed after change number `after` (0: all). Deletion is not reported (V).
    Changes changed_since(std::uint64_t after, std::size_t most = SIZE_MAX) const;
    std::uint64_t last_change() const { return last_change_; }

    std::size_t bytes() const;
    void shrink(); ///< gives back memory beyond need

private:
    struct Place { ///< of a request or a task; request null: there is none
        TransportRequest* request = nullptr;
        TransportTask* task = nullptr;
    };
    struct Change {
        std::uint64_t number;
        std::uint32_t request;
    };
    struct LateTask {
        std::uint32_t task, request;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Rare { ///< what most systems have nothing of
        Repository repository;
        std::map<TrRequest, ReleaseFault> faults;
        std::vector<TrRequest> unlocked; ///< requests that went through unlock_objects
    };
    using ReleasedWith = std::unordered_map<std::string, std::vector<TrRequest>, TextHash, std::equal_to<>>;
    enum class Lock : std::uint8_t { taken, held, shared };

    Place place_of(TrRequest request_or_task);
    Result<Place> open_place_of(TrRequest request_or_task);
    Result<TransportRequest*> open_request(TrRequest request);
    std::uint32_t request_number_of(TrRequest request_or_task) const;
    Result<TrRequest> take_numbers(std::uint32_t wanted);
    TransportTask new_task(TransportRequest const& request, TrRequest number, std::string user, TimePoint now) const;
    LockArea area_of(ObjectView object) const;
    /// Tasks of one request share its locks.
    std::function<bool(TrRequest)> own_locks_of(TransportRequest const* request) const;
    /// Held: by that request or task before; shared: by another task of its request.
    Result<Lock> lock(TransportRequest const& request, TrRequest holder, ObjectView object);
    void unlock(TransportRequest const& request, ObjectList const& objects);
    bool was_unlocked(TrRequest request) const;
    TransportRequest const* locked_by_another(TransportRequest const& request, ObjectView object) const;
    TrFunction task_function_for(ObjectView object) const;
    ReleaseReport do_release_task(TransportRequest& request, TransportTask& task, std::string_view user, TimePoint now);
    void move_to_request(TransportRequest& request, TransportTask& task);

    ReleaseReport check_release(TransportRequest const& request, ReleaseOptions const& options, bool with_tasks) const;
    void check_inactive(ObjectList const& objects, ReleaseReport& report) const;
    void check_locks(TransportRequest const& request, ObjectList const& objects, ReleaseReport& report) const;
    int check_atc(ReleaseOptions const& options, ObjectList const& objects, ReleaseReport& report) const;
    ReleaseReport export_request(TransportRequest& request, TimePoint now, ReleaseOptions const& options,
                                 ReleaseReport report);
    ReleaseFault take_fault(TransportRequest const& request, ReleaseOptions const& options);

    static void index(TransportRequest const& request, ReleasedWith& into);
    void changed(TransportRequest& request, TimePoint now);
    void sweep_changes();
    TransportRequest* find_number(std::uint32_t number) const;
    Rare& rare();

    SystemId system_;
    std::uint32_t last_number_;
    std::uint64_t last_change_ = 0;
    std::vector<std::unique_ptr<TransportRequest>> requests_; ///< sorted by number
    std::vector<Change> changes_;      ///< sorted by number; an entry counts only while it is its request's last change
    std::vector<LateTask> late_tasks_; ///< tasks whose number does not directly follow those of their request; sorted
    ObjectLocks locks_;                ///< only what is not released has locks
    std::unique_ptr<Rare> rare_;
    mutable std::unique_ptr<ReleasedWith> released_with_; ///< null: nobody asked
};

} // namespace almd
