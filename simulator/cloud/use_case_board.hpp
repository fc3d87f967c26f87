// Which tasks are active where: reported by the systems, led by the cloud.
#pragma once

#include "proto/messages/use_cases.hpp"
#include "proto/task_catalogue.hpp"
#include "simulator/cloud/registration_book.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace almd {

/// V (reference/cloud-alm.md 3.6): each transport task has its client, 000 or a working one. None: it may be active there. A task
/// that is active in another client than its registration's would never run.
std::optional<std::string> why_not_in_client(TaskKind task, Client client, Client registration);

class UseCaseBoard {
public:
    UseCaseBoard();
    void open(CloudSlot slot); ///< a registration came; nothing is forgotten

    std::int64_t version(CloudSlot slot) const { return slot < rows_.size() ? rows_[slot].version : 0; }
    UseCaseSelection selection(CloudSlot slot) const;

    enum class Outcome { changed, unchanged, cloud_is_leading, full };
    /// Row 8. Switching off is always the system's right; switching on again what was on before is the cloud's.
    Outcome report(CloudSlot slot, TaskKind task, UseCaseActivation const& activation);
    /// The cloud's user. interval 0: as it was, or the default of the task.
    Outcome choose(CloudSlot slot, TaskKind task, Client client, bool active, int interval_minutes);

    bool is_active(CloudSlot slot, TaskKind task) const;
    /// It was there once, and is not active: nobody wants its work done.
    bool is_off(CloudSlot slot, TaskKind task) const;
    std::size_t distinct_lists() const { return ids_.size(); }

    static constexpr std::size_t tasks_per_system_max = 64;

private:
    struct TaskState {
        TaskKind kind = TaskKind::transports_read;
        std::uint16_t client = 0, interval = 0;
        bool active = false, was_active = false;
        friend auto operator<=>(TaskState const&, TaskState const&) = default;
    };
    using TaskList = std::vector<TaskState>;
    struct Row {
        std::uint32_t list = 0;
        std::uint32_t version = 0;
    };
    struct SharedList {
        TaskList const* tasks = nullptr; // the key in ids_
        std::uint32_t users = 0;
    };
    Outcome change(CloudSlot slot, TaskKind task, Client client, bool active, int interval, bool by_cloud);
    void move_to(Row& row, TaskList list);

    // Systems of a fleet have the same tasks: a list is kept once, a system keeps its number.
    std::vector<Row> rows_;
    std::map<TaskList, std::uint32_t> ids_;
    std::vector<SharedList> lists_;
    std::vector<std::uint32_t> free_lists_;
};

} // namespace almd
