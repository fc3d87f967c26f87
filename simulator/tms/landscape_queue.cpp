// The import queues of a landscape by hand, and what STMS shows of them.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/import_rules.hpp"
#include "simulator/tms/landscape.hpp"

#include <algorithm>

namespace almd {

/// A target that entries can stand for. The buffer of a system that left the domain is still there, though nothing
/// new comes into it.
Result<void> Landscape::check_queue(TransportTarget const& target) const {
    auto const members = domain_.resolve(target);
    auto const known = [&](TransportTarget const& one) { return find(*one.system()) != nullptr; };
    if (members.empty() || !std::ranges::all_of(members, known))
        return fail(ErrorCode::not_found, text_of(Text::target_not_known, target.text()));
    return {};
}

/// In every member of a group, or the error: what is done to them is done to all or none.
Result<std::vector<BufferEntry*>> Landscape::entries_of(TrRequest trkorr, TransportTarget const& target) {
    if (auto const good = check_queue(target); !good) return std::unexpected{good.error()};
    std::vector<BufferEntry*> entries;
    for (auto const& one : domain_.resolve(target)) {
        auto* entry = find(*one.system())->buffer.find(trkorr, one.client());
        if (!entry) return fail(ErrorCode::not_found, text_of(Text::not_in_buffer, trkorr.text(), one.text()));
        if (entry->state == BufferState::running) // what is done to it now would be lost when it leaves the queue
            return fail(ErrorCode::conflict, text_of(Text::being_imported, trkorr.text()));
        entries.push_back(entry);
    }
    return entries;
}

Result<void> Landscape::forward(TrRequest trkorr, SystemId source, TransportTarget target, TimePoint now,
                                bool import_again, std::string_view user) {
    auto const* member = find(source);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, source.text()));
    auto const waits = [&](std::optional<Client> client) { return member->buffer.find(trkorr, client) != nullptr; };
    bool const there =
        waits(std::nullopt) ||
        std::ranges::any_of(member->abap.spec().clients, [&](auto const& one) { return waits(one.number); }) ||
        std::ranges::any_of(imports_of(trkorr), [&](auto const* row) { return row->system == source; });
    if (request(trkorr) && !there)
        return fail(ErrorCode::not_found, text_of(Text::not_in_buffer, trkorr.text(), source.text()));
    return add_to_buffer(trkorr, target, now, import_again, user);
}

Result<void> Landscape::delete_from_buffer(TrRequest trkorr, TransportTarget target, TimePoint now,
                                           std::string_view user) {
    if (auto const entries = entries_of(trkorr, target); !entries) return std::unexpected{entries.error()};
    for (auto const& one : domain_.resolve(target)) {
        find(*one.system())->buffer.remove(trkorr, one.client());
        log_queue_command("delfrombuffer", trkorr, one, user, now);
    }
    return {};
}

Result<void> Landscape::set_mark(TrRequest trkorr, TransportTarget target, EntryMark mark, bool on) {
    auto const entries = entries_of(trkorr, target);
    if (!entries) return std::unexpected{entries.error()};
    for (auto* entry : *entries) entry->set(mark, on);
    return {};
}

Result<void> Landscape::set_end_mark(SystemId system, TimePoint now, std::string_view user) {
    auto* member = find(system);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, system.text()));
    if (!member->buffer.set_end_mark())
        return fail(ErrorCode::conflict, text_of(Text::end_mark_present, system.text()));
    log_queue_command("setstopmark", std::nullopt, TransportTarget{system}, user, now);
    return {};
}

Result<void> Landscape::delete_end_mark(SystemId system, TimePoint now, std::string_view user) {
    auto* member = find(system);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, system.text()));
    if (!member->buffer.delete_end_mark())
        return fail(ErrorCode::conflict, text_of(Text::end_mark_missing, system.text()));
    log_queue_command("delstopmark", std::nullopt, TransportTarget{system}, user, now);
    return {};
}

EntryState Landscape::entry_state(SystemId system, BufferEntry const& entry) const {
    return state_of(entry, entry_place(system, entry));
}

EntryPlace Landscape::entry_place(SystemId system, BufferEntry const& entry) const {
    auto const* member = find(system);
    auto const* source = request(entry.trkorr);
    EntryPlace place;
    if (member) place.type_locked = type_is_locked(member->abap.spec().import_rules, entry.function);
    if (member) place.after_end_mark = member->buffer.after_end_mark(entry);
    if (member && source && tp_.component_check)
        place.component_mismatch = !components_match(this->system(entry.trkorr.system()).components(source->components),
                                                     member->abap.components(), tp_.extra_target_components_block);
    place.approval = approval_of(entry.trkorr, TransportTarget{system, entry.client});
    return place;
}

QueueState Landscape::queue_state(SystemId system) const {
    auto const* member = find(system);
    if (!member) return QueueState::missing;
    return state_of(member->buffer.facts());
}

ObjectVersions const* Landscape::versions(SystemId system) const {
    auto const* member = find(system);
    return member ? member->versions.get() : nullptr;
}

std::vector<TrRequest> Landscape::missing_predecessors(TransportRequest const& request,
                                                       TransportTarget const& target) const {
    auto const is_in_target = [&](TrRequest trkorr) {
        auto const* row = history_.last(trkorr, *target.system(), target.client());
        return row && row->done;
    };
    return predecessors_of(request, cts(request.trkorr.system()), is_in_target);
}

bool Landscape::is_preliminary(std::vector<TrRequest> const& transports, TransportTarget const& target) const {
    if (transports.size() != 1) return false;
    for (auto const& entry : buffer(*target.system()).queue(target.client())) {
        if (entry.trkorr == transports.front()) return false;
        if (entry.state != BufferState::imported) return true;
    }
    return false;
}

Result<std::vector<TrRequest>> Landscape::all_for_import(TransportTarget target) const {
    if (auto const good = check_target(target); !good) return std::unexpected{good.error()};
    if (target.is_group()) return fail(ErrorCode::invalid, text_of(Text::target_not_known, target.text()));
    if (tp_.no_import_all) return fail(ErrorCode::conflict, text_of(Text::no_import_all, target.text()));
    auto const& buffer = this->buffer(*target.system());
    std::vector<TrRequest> all;
    for (auto const& entry : buffer.queue(target.client()))
        if (!buffer.after_end_mark(entry) && !why_kept_out(entry_state(*target.system(), entry), {}))
            all.push_back(entry.trkorr);
    return all;
}

} // namespace almd
