// What a final result means at the cloud: transports that were made, released, imported or deleted.
#include "simulator/cloud/cloud_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace almd {

namespace {

using Said = WorkResult::Transport;

Said const* said_of(WorkResult const& result, TrRequest trkorr) {
    auto const found = std::ranges::find(result.transports, trkorr, &Said::trkorr);
    return found == result.transports.end() ? nullptr : &*found;
}

/// Nothing said about a transport: the code of the whole, unless the work was not done.
std::optional<TpReturnCode> code_of(WorkResult const& result, TrRequest trkorr) {
    if (auto const* said = said_of(result, trkorr)) return said->return_code;
    return result.status == WorkStatus::finished ? result.return_code : std::nullopt;
}

/// Done, with at most warnings. No code at all (creating is no run of tp): what the status says.
bool is_done(WorkResult const& result, TrRequest trkorr) {
    if (result.status != WorkStatus::finished) return false;
    auto const code = code_of(result, trkorr);
    return !code || code->severity() <= TpReturnCode::Severity::warning;
}

void imported(CloudState& cloud, CloudWork const& done) {
    auto const& result = *done.result;
    for (auto const& key : done.transports) {
        auto* transport = cloud.transports.find(key);
        if (transport == nullptr || !done.item.target) continue;
        std::erase(transport->scheduled, *done.item.target);
        std::erase(transport->believed_in, *done.item.target);
        if (auto const code = code_of(result, key.trkorr))
            TransportShelf::join_import(*transport,
                                        {*done.item.target, *code, result.ended_at.value_or(cloud.now()), result.user});
        auto const said = cloud.diagnostics.find(done.slot);
        bool const failed = code_of(result, key.trkorr) && !is_done(result, key.trkorr);
        if (failed && said != cloud.diagnostics.end() && !tells_failures(said->second))
            transport->believed_in.push_back(*done.item.target);
    }
}

void released(CloudState& cloud, CloudWork const& done) {
    for (auto const& key : done.transports) {
        auto* transport = cloud.transports.find(key);
        if (transport == nullptr || transport->is_released() || !is_done(*done.result, key.trkorr)) continue;
        transport->record.status = TrStatus::released;
        transport->record.released_at = done.result->ended_at.value_or(cloud.now());
        auto const* said = said_of(*done.result, key.trkorr);
        if (said != nullptr && said->target) transport->record.target = said->target;
    }
}

/// Where "Transports: Read" will report it from: client 000 of its system, if that is registered.
CloudTransportKey key_of(CloudState const& cloud, CloudWork const& done, TrRequest trkorr) {
    if (auto const known = cloud.transports.find_number(done.tenant, cloud.registrations, trkorr)) return *known;
    for (auto const slot : cloud.registrations.of_system(done.tenant, trkorr.system())) {
        auto const& row = cloud.registrations.row(slot);
        if (row.registered && row.client == client_000) return {slot, trkorr};
    }
    return {done.slot, trkorr};
}

/// Known before its system reports it: with what the work said of it.
CloudTransport* made(CloudState& cloud, CloudWork const& done, CloudTransportKey const& key, TrFunction function,
                     std::optional<TransportTarget> const& target) {
    auto const parameter = [&](char const* name) {
        auto const found = done.item.parameters.find(name);
        return found == done.item.parameters.end() ? std::string{} : found->second;
    };
    auto const at = done.result->ended_at.value_or(cloud.now());
    TransportRecord record{
        .trkorr = key.trkorr,
        .function = function,
        .owner = function == TrFunction::transport_of_copies ? done.result->user : parameter("owner"),
        .text = parameter("title"),
        .source_system = key.trkorr.system(),
        .source_client = cloud.registrations.row(done.slot).client,
        .target = target,
        .created_at = at,
        .changed_at = at,
        .released_at = {},
        .parent = {},
        .tasks = {},
        .imports = {},
    };
    return cloud.transports.announce(key, std::move(record), cloud.now());
}

void created(CloudState& cloud, CloudWork const& done) {
    auto const type = done.item.parameters.find("type");
    bool const customizing = type != done.item.parameters.end() && type->second == "W";
    for (auto const& said : done.result->transports) {
        if (!is_done(*done.result, said.trkorr)) continue;
        auto const key = key_of(cloud, done, said.trkorr);
        auto* transport =
            made(cloud, done, key, customizing ? TrFunction::customizing : TrFunction::workbench, said.target);
        if (transport == nullptr) continue;
        for (auto const id : done.features) {
            auto* feature = cloud.features.find(id);
            if (feature == nullptr) continue;
            if (auto assigned = cloud.features.assign(*feature, key, *transport, cloud.now()); !assigned)
                FeatureBoard::note(*feature, fmt::format("{} was created but not assigned: {}", said.trkorr.text(),
                                                         assigned.error().context));
        }
    }
}

void copied(CloudState& cloud, CloudWork const& done) {
    for (auto const& said : done.result->transports) {
        // Who lists the originals as well does not make copies of them.
        if (!is_done(*done.result, said.trkorr) ||
            std::ranges::find(done.item.transports, said.trkorr) != done.item.transports.end())
            continue;
        auto const key = key_of(cloud, done, said.trkorr);
        auto* transport =
            made(cloud, done, key, TrFunction::transport_of_copies, said.target ? said.target : done.item.target);
        if (transport == nullptr) continue;
        for (auto const id : done.features)
            if (auto* feature = cloud.features.find(id)) {
                transport->copy_for = id;
                transport->copies_of = done.item.transports;
                // Making it is releasing it (I): it waits for its import into the test system.
                transport->record.status = TrStatus::released;
                if (!transport->record.released_at) transport->record.released_at = transport->record.created_at;
                if (std::ranges::find(feature->copies, key) == feature->copies.end()) feature->copies.push_back(key);
            }
    }
}

/// It stays visible, but has no feature any more.
void deleted(CloudState& cloud, CloudWork const& done) {
    for (auto const& key : done.transports) {
        auto* transport = cloud.transports.find(key);
        if (transport == nullptr || !is_done(*done.result, key.trkorr)) continue;
        transport->deleted = true;
        if (!transport->feature) continue;
        if (auto* feature = cloud.features.find(*transport->feature)) std::erase(feature->transports, key);
        transport->feature.reset();
    }
}

} // namespace

void CloudState::apply(CloudWork const& done) {
    if (!done.result) return;
    switch (done.item.kind) {
    case WorkKind::import: imported(*this, done); break;
    case WorkKind::release: released(*this, done); break;
    case WorkKind::create: created(*this, done); break;
    case WorkKind::toc: copied(*this, done); break;
    case WorkKind::delete_empty: deleted(*this, done); break;
    case WorkKind::add_user:        // in the system only
    case WorkKind::check:           // its findings came by row 15
    case WorkKind::export_check:    // likewise
    case WorkKind::retrofit: break; // what it made belongs to the other track and is reported from there
    }
    for (auto const id : done.features)
        if (auto* feature = features.find(id)) feature->modified_at = now();
}

Result<void> CloudState::learn_late(CloudWork const& done, WorkResult result) {
    auto const same = [&](CloudWork const& other) {
        return other.item.id != done.item.id && other.item.kind == done.item.kind && other.slot == done.slot &&
               other.item.target == done.item.target && other.made >= done.last &&
               std::ranges::find_first_of(other.transports, done.transports) != other.transports.end();
    };
    if (auto const again = std::ranges::find_if(work.all(), same); again != work.all().end())
        return fail(ErrorCode::conflict,
                    fmt::format("work {} ({}) was done after it had been taken back, and ordered again as {}",
                                done.item.id.text(), name(done.item.kind), again->item.id.text()));
    auto told = done;
    told.result = std::move(result);
    apply(told);
    return {};
}

} // namespace almd
