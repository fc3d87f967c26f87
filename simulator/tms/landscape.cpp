// Building a landscape from its specification, and the way of a released request into the buffers.
#include "simulator/tms/landscape.hpp"

#include "simulator/abap/texts.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace almd {

Landscape::Landscape(LandscapeSpec const& spec, LandscapeIdentity identity, TimePoint born)
    : spec_{&spec}
    , identity_{identity}
    , born_{born}
    , domain_{spec, identity}
    , tp_{spec.tp}
    , log_{identity.of_fleet ? 0 : static_cast<std::size_t>(spec.tp.log_rows)} {
    members_.reserve(spec.systems.size());
    for (std::size_t i = 0; i < spec.systems.size(); ++i) {
        auto const seat = identity.seat(spec, i);
        members_.push_back({AbapSystem{spec.systems[i], seat},
                            TransportOrganizer{seat.id, spec.systems[i].last_request_number}, ImportBuffer{}});
    }
    if (!identity_.of_fleet) fill();
}

Landscape::~Landscape() = default;

void Landscape::fill() const {
    if (std::exchange(filled_, true)) return;
    auto& self = const_cast<Landscape&>(*this); // what a replay changes is mutable
    self.replay(born_);
    if (identity_.of_fleet) self.shrink();
}

/// The requests of the specification, one after the other in the days before `born`.
void Landscape::replay(TimePoint born) {
    auto const count = spec_->requests.size();
    for (std::size_t i = 0; i < count; ++i) {
        auto const& request = spec_->requests[i];
        auto rng = Rng::stream(identity_.seed, identity_.number, 0x7e91a4 + i);
        auto const created = born - 3h * (count - i) - 1min - Duration{rng.below(3'600'000)};
        auto const released = created + 10min + Duration{rng.below(3'600'000)};
        if (auto const trkorr = replay_one(request, created, released); trkorr && !request.alias.empty())
            aliases_.push_back({request.alias, *trkorr});
    }
}

std::optional<TrRequest> Landscape::replay_one(RequestSpec const& spec, TimePoint created, TimePoint released) {
    auto const at = std::ranges::find(spec_->systems, spec.system, &SystemSpec::id);
    if (at == spec_->systems.end()) return std::nullopt;
    auto& member = members_[static_cast<std::size_t>(at - spec_->systems.begin())];
    member.cts.expect(spec_->requests.size());
    auto const trkorr = member.cts.create({.function = spec.function,
                                           .text = spec.text,
                                           .owner = spec.owner,
                                           .source_client = spec.client,
                                           .target = target_of(member, spec.function, spec.client),
                                           .task_users = {}},
                                          created);
    if (!trkorr) return std::nullopt;
    for (auto const& text : spec.objects)
        if (auto object = ObjectEntry::parse(text))
            (void)member.cts.add_object(*trkorr, *object, created + 5min); // a clash is left out, as stated
    if (spec.released) {                               // as stated: no check and no chance has a say
        ReleaseOptions const options{.components = 0}; // those of the specification, whatever was changed since
        auto report = member.cts.release_with_tasks(*trkorr, spec.owner, released, options);
        (void)entered(member, *trkorr, std::move(report), spec.owner, released);
    }
    return *trkorr;
}

Landscape::Member const* Landscape::find(SystemId system) const {
    fill();
    return find_seat(system);
}

Landscape::Member const* Landscape::find_seat(SystemId system) const {
    for (auto const& member : members_)
        if (member.abap.id() == system) return &member;
    if (rare_)
        for (auto const& member : rare_->added)
            if (member.abap.id() == system) return &member;
    return nullptr;
}

Landscape::Member* Landscape::find(SystemId system) {
    return const_cast<Member*>(std::as_const(*this).find(system));
}

AbapSystem& Landscape::system(SystemId system) {
    return const_cast<AbapSystem&>(std::as_const(*this).system(system));
}
AbapSystem const& Landscape::system(SystemId system) const {
    assert(has(system));
    return find_seat(system)->abap;
}
TransportOrganizer& Landscape::cts(SystemId system) {
    assert(has(system));
    return find(system)->cts;
}
TransportOrganizer const& Landscape::cts(SystemId system) const {
    assert(has(system));
    return find(system)->cts;
}
ImportBuffer& Landscape::buffer(SystemId system) {
    assert(has(system));
    return find(system)->buffer;
}
ImportBuffer const& Landscape::buffer(SystemId system) const {
    assert(has(system));
    return find(system)->buffer;
}

TransportRequest const* Landscape::request(TrRequest trkorr) const {
    auto const* member = find(trkorr.system());
    return member ? member->cts.find(trkorr) : nullptr;
}

std::optional<TrRequest> Landscape::find_alias(std::string_view alias) const {
    fill();
    auto const found = std::ranges::find(aliases_, alias, &Alias::name);
    return found == aliases_.end() ? std::nullopt : std::optional{found->trkorr};
}

Result<TrRequest> Landscape::find_request(std::string_view alias_or_number) const {
    if (auto const trkorr = find_alias(alias_or_number)) return *trkorr;
    auto const trkorr = TrRequest::parse(alias_or_number);
    if (!trkorr) return trkorr;
    if (!request(*trkorr))
        return fail(ErrorCode::not_found,
                    text_of(Text::request_does_not_exist, trkorr->text(), trkorr->system().text()));
    return trkorr;
}

std::optional<TransportTarget> Landscape::standard_target(SystemId system) const {
    auto const layer = domain_.standard_layer(system);
    return layer ? domain_.consolidation_target(system, *layer) : std::nullopt;
}

/// A target that requests can stand in a buffer for: an own system with that client, or a group.
Result<void> Landscape::check_target(TransportTarget const& target) const {
    auto const members = domain_.resolve(target);
    auto const unknown = fail(ErrorCode::not_found, text_of(Text::target_not_known, target.text()));
    if (members.empty()) return unknown;
    for (auto const& one : members) {
        auto const* member = find(*one.system());
        if (!member || !domain_.index_of(*one.system()) || one.client().has_value() != domain_.ctc()) return unknown;
        if (one.client() && !member->abap.has_client(*one.client()))
            return fail(ErrorCode::not_found,
                        text_of(Text::client_unknown, one.client()->text(), one.system()->text()));
    }
    return {};
}

std::vector<ImportRow const*> Landscape::imports_of(TrRequest trkorr) const {
    auto rows = history_.of_request(trkorr);
    std::erase_if(rows, [](ImportRow const* row) { return row->interrupted; });
    return rows;
}

void Landscape::enter_buffers(TransportRequest const& request, std::string_view user, TimePoint now) {
    if (!request.target) return; // local
    for (auto const& target : domain_.resolve(*request.target)) {
        enter_buffer(request, target, now, false);
        log_queue_command("addtobuffer", request.trkorr, target, user, now);
    }
}

void Landscape::enter_buffer(TransportRequest const& request, TransportTarget const& target, TimePoint now,
                             bool import_again) {
    auto const system = target.system();
    auto* member = system ? find(*system) : nullptr;
    if (!member) return;
    BufferEntry entry{.trkorr = request.trkorr, .client = target.client(), .function = request.function};
    entry.added_at = now;
    entry.import_again = import_again;
    auto const* before = history_.last(request.trkorr, *system, target.client());
    if (before && before->done && !import_again) entry.state = BufferState::imported;
    member->buffer.add(entry);
}

Result<void> Landscape::add_to_buffer(TrRequest trkorr, TransportTarget target, TimePoint now, bool import_again,
                                      std::string_view user) {
    auto const* source = request(trkorr);
    if (!source)
        return fail(ErrorCode::not_found, text_of(Text::request_does_not_exist, trkorr.text(), trkorr.system().text()));
    if (!source->released()) return fail(ErrorCode::conflict, text_of(Text::not_released, trkorr.text()));
    if (auto const good = check_target(target); !good) return good;
    auto const targets = domain_.resolve(target);
    for (auto const& one : targets) // it would leave the queue when the import ends, and take the addition along
        if (auto const* entry = find(*one.system())->buffer.find(trkorr, one.client());
            entry && entry->state == BufferState::running)
            return fail(ErrorCode::conflict, text_of(Text::being_imported, trkorr.text()));
    for (auto const& one : targets) {
        enter_buffer(*source, one, now, import_again);
        log_queue_command("addtobuffer", trkorr, one, user, now);
    }
    return {};
}

void Landscape::shrink() {
    for (auto& member : members_) member.cts.shrink();
}

std::size_t Landscape::bytes() const {
    std::size_t sum = sizeof *this + members_.capacity() * sizeof(Member) + aliases_.capacity() * sizeof(Alias);
    auto const of = [](Member const& member) {
        return member.abap.bytes() + member.cts.bytes() + member.buffer.bytes() +
               (member.versions ? member.versions->bytes() : 0);
    };
    for (auto const& member : members_) sum += of(member);
    if (rare_) {
        sum += sizeof *rare_ + rare_->systems.size() * sizeof(SystemSpec);
        for (auto const& member : rare_->added) sum += sizeof(Member) + of(member);
    }
    return sum + history_.bytes() + log_.bytes();
}

} // namespace almd
