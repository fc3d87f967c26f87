// Rules of use-case ownership, and lists of tasks that systems share.
#include "simulator/cloud/use_case_board.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

std::optional<std::string> why_not_in_client(TaskKind task, Client client, Client registration) {
    auto const& known = facts(task);
    auto const number = client.text();
    if (known.scope == ClientScope::client_000_only && client != client_000)
        return fmt::format("\"{}\" is a task of client 000, not of {}", known.name, number);
    if (known.scope == ClientScope::working_client && client == client_000)
        return fmt::format("\"{}\" is a task of the clients that people work in, not of 000", known.name);
    if (known.is_transport() && client != registration)
        return fmt::format("this registration is of client {}; \"{}\" of client {} belongs to the registration of that "
                           "client",
                           registration.text(), known.name, number);
    return std::nullopt;
}

UseCaseBoard::UseCaseBoard() {
    auto const [empty, added] = ids_.try_emplace(TaskList{}, 0);
    lists_.push_back({&empty->first, 1});
}

void UseCaseBoard::open(CloudSlot slot) {
    if (slot < rows_.size()) return;
    lists_[0].users += static_cast<std::uint32_t>(slot + 1 - rows_.size());
    rows_.resize(slot + 1);
}

UseCaseSelection UseCaseBoard::selection(CloudSlot slot) const {
    UseCaseSelection selection;
    selection.version = version(slot);
    if (slot >= rows_.size()) return selection;
    for (auto const& state : *lists_[rows_[slot].list].tasks) {
        auto const& task = facts(state.kind);
        selection.tasks.push_back({.task = std::string{task.name},
                                   .client = Client{state.client},
                                   .active = state.active,
                                   .interval_minutes = state.interval,
                                   .interval_editable = task.interval_editable,
                                   .cloud_leads = state.was_active});
    }
    return selection;
}

UseCaseBoard::Outcome UseCaseBoard::report(CloudSlot slot, TaskKind task, UseCaseActivation const& activation) {
    return change(slot, task, activation.client, activation.active, activation.interval_minutes, false);
}

UseCaseBoard::Outcome UseCaseBoard::choose(CloudSlot slot, TaskKind task, Client client, bool active,
                                           int interval_minutes) {
    return change(slot, task, client, active, interval_minutes, true);
}

UseCaseBoard::Outcome UseCaseBoard::change(CloudSlot slot, TaskKind task, Client client, bool active, int interval,
                                           bool by_cloud) {
    open(slot);
    TaskList list = *lists_[rows_[slot].list].tasks;
    auto state =
        std::ranges::find_if(list, [&](TaskState const& s) { return s.kind == task && s.client == client.number(); });
    bool const known = state != list.end();
    if (!known) {
        if (list.size() >= tasks_per_system_max) return Outcome::full;
        state = list.insert(state, TaskState{.kind = task, .client = client.number()});
        state->interval = static_cast<std::uint16_t>(facts(task).default_minutes);
    }
    TaskState const before = *state;
    // "A use case deactivated after first activation can only be re-activated in Cloud ALM" (V, reference 3.5).
    if (!by_cloud && active && !before.active && before.was_active) return Outcome::cloud_is_leading;
    state->active = active;
    state->was_active = before.was_active || active;
    if (interval > 0 && facts(task).interval_editable) state->interval = static_cast<std::uint16_t>(interval);
    if (known && *state == before) return Outcome::unchanged;
    std::ranges::sort(list); // equal sets of tasks are one shared list
    move_to(rows_[slot], std::move(list));
    ++rows_[slot].version;
    return Outcome::changed;
}

void UseCaseBoard::move_to(Row& row, TaskList list) {
    std::uint32_t fresh = free_lists_.empty() ? static_cast<std::uint32_t>(lists_.size()) : free_lists_.back();
    auto const [place, added] = ids_.try_emplace(std::move(list), fresh);
    if (added) {
        if (free_lists_.empty())
            lists_.emplace_back();
        else
            free_lists_.pop_back();
        lists_[fresh] = {&place->first, 0};
    }
    ++lists_[place->second].users;
    auto& old = lists_[row.list];
    if (--old.users == 0 && row.list != 0) {
        ids_.erase(ids_.find(*old.tasks));
        old = {};
        free_lists_.push_back(row.list);
    }
    row.list = place->second;
}

bool UseCaseBoard::is_active(CloudSlot slot, TaskKind task) const {
    if (slot >= rows_.size()) return false;
    return std::ranges::any_of(*lists_[rows_[slot].list].tasks,
                               [&](TaskState const& s) { return s.kind == task && s.active; });
}

bool UseCaseBoard::is_off(CloudSlot slot, TaskKind task) const {
    if (slot >= rows_.size() || is_active(slot, task)) return false;
    return std::ranges::any_of(*lists_[rows_[slot].list].tasks, [&](TaskState const& s) { return s.kind == task; });
}

} // namespace almd
