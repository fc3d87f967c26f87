// CTS of one system: its number sequence, requests and tasks, object locks, release and deletion.
#pragma once

#include "simulator/cts/request.hpp"

#include <cstdint>
#include <optional>
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

struct ReleaseOptions {
    bool ignore_locks = false;    ///< "Do you want to release them anyway?"; a transport of copies always needs it (V)
    std::uint16_t components = 0; ///< the component generation that the export writes down
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

    /// Into that task, or into the first open task of that request, or into the request itself if it has none. Takes
    /// the object's lock, except for a transport of copies; an unclassified task becomes Development/Correction by its
    /// first object.
    Result<void> add_object(TrRequest request_or_task, ObjectEntry object, TimePoint now);
    /// The object list of one request with those of its tasks (TR_COPY_COMM): how a transport of copies is filled.
    Result<void> copy_objects(TrRequest from, TrRequest to, TimePoint now);
    Result<void> change_owner(TrRequest request_or_task, std::string owner, TimePoint now);
    Result<void> change_text(TrRequest request, std::string text, TimePoint now);
    Result<void> set_attribute(TrRequest request, std::string attribute, std::string value, TimePoint now);

    /// Object list and locks move to the request, which gets a CORR RELE line.
    Result<void> release_task(TrRequest task, std::string_view user, TimePoint now);
    /// Every open task that is not unclassified: what a release of the whole request starts with.
    Result<void> release_tasks_of(TrRequest request, std::string_view user, TimePoint now);
    /// Tasks first (TR732); unclassified ones are empty and are deleted silently (V). Frees the locks.
    Result<void> release_request(TrRequest request, std::string_view user, TimePoint now, ReleaseOptions options = {});

    /// Only modifiable ones; a request that still holds locks has to be emptied first (V).
    Result<void> remove(TrRequest request_or_task, TimePoint now);
    Result<void> remove_objects(TrRequest request_or_task, TimePoint now);

    /// O(log n); the pointer is good until the next call that changes something.
    TransportRequest const* find(TrRequest request) const;
    /// The request that the task belongs to, or the request itself.
    TransportRequest const* find_owner_of(TrRequest request_or_task) const;
    TransportTask const* find_task(TrRequest task) const;
    bool has(TrRequest request_or_task) const { return find_owner_of(request_or_task) != nullptr; }
    /// In order of their numbers.
    std::vector<TransportRequest> const& requests() const { return requests_; }
    /// The request or task that holds the object's lock.
    std::optional<TrRequest> lock_of(ObjectEntry const& object) const;

    struct Changes {
        std::vector<TransportRequest const*> requests; ///< in the order of their last change
        std::uint64_t up_to = 0;                       ///< ask with this one next time
        bool more = false;                             ///< `most` was reached
    };
    /// Every request that was created or changed after change number `after` (0: all). Deletion is not reported (V).
    Changes changed_since(std::uint64_t after, std::size_t most = SIZE_MAX) const;
    std::uint64_t last_change() const { return last_change_; }

    std::size_t bytes() const;

private:
    struct Place { ///< of a request or a task; request null: there is none
        TransportRequest* request = nullptr;
        TransportTask* task = nullptr;
    };
    struct Change {
        std::uint64_t number;
        TrRequest trkorr;
    };
    struct LateTask {
        std::uint32_t task, request;
    };

    Place place_of(TrRequest request_or_task);
    Result<Place> open_place_of(TrRequest request_or_task);
    Result<TransportRequest*> open_request(TrRequest request);
    std::uint32_t request_number_of(TrRequest request_or_task) const;
    Result<TrRequest> take_numbers(std::uint32_t wanted);
    TransportTask new_task(TransportRequest const& request, TrRequest number, std::string user, TimePoint now) const;
    Result<void> lock(TransportRequest const& request, TrRequest holder, ObjectEntry const& object);
    void unlock(TransportRequest const& request, std::vector<ObjectEntry> const& objects);
    void move_to_request(TransportRequest& request, TransportTask& task);
    Result<void> check_locks(TransportRequest const& request) const;
    void changed(TransportRequest& request, TimePoint now);
    void sweep_changes();

    SystemId system_;
    std::uint32_t last_number_;
    std::uint64_t last_change_ = 0;
    std::vector<TransportRequest> requests_; ///< sorted by number
    std::vector<Change> changes_;      ///< sorted by number; an entry counts only while it is its request's last change
    std::vector<LateTask> late_tasks_; ///< tasks whose number does not directly follow those of their request; sorted
    std::unordered_map<std::string, TrRequest> locks_; ///< "R3TR PROG ZPROG" -> request or task
};

} // namespace almd
