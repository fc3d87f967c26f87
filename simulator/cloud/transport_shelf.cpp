// Taking transports behind a cursor, and what their status reads like.
#include "simulator/cloud/transport_shelf.hpp"

#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

constexpr Duration same_import_within = 10min;

/// "QUA" and "200"; without extended transport control, and for a target group, there is no client.
std::string place(TransportTarget const& target, std::string_view between) {
    return target.system() && target.client()
               ? fmt::format("{}{}{}", target.system()->text(), between, target.client()->text())
               : std::string{target.text()};
}

bool successful(TpReturnCode code) {
    return code.severity() <= TpReturnCode::Severity::warning;
}

} // namespace

std::string CloudTransport::status_text() const {
    if (deleted) return "Deleted";
    if (!scheduled.empty()) return fmt::format("Scheduled In {}", place(scheduled.front(), "-"));
    if (!record.imports.empty()) {
        // Of two imports in the same moment the one that was told later is the later one.
        auto const& last =
            *std::ranges::max_element(record.imports.rbegin(), record.imports.rend(), {}, &TransportRecord::Import::at);
        bool const believed = std::ranges::find(believed_in, last.target) != believed_in.end();
        if (successful(last.return_code) || believed) return fmt::format("Deployed in {}", place(last.target, " - "));
        return fmt::format("Import failed in {} ({})", place(last.target, " - "), last.return_code.value());
    }
    return is_released() ? "Released" : "Modifiable";
}

std::vector<std::string> CloudTransport::import_failures() const {
    std::map<TransportTarget, TransportRecord::Import const*> last;
    for (auto const& import : record.imports) {
        auto const*& known = last[import.target];
        if (known == nullptr || import.at >= known->at) known = &import;
    }
    std::vector<std::string> failures;
    for (auto const& [target, import] : last) {
        if (successful(import->return_code)) continue;
        bool const believed = std::ranges::find(believed_in, target) != believed_in.end();
        failures.push_back(fmt::format("{}: import into {} ended with {}{}", record.trkorr.text(), target.text(),
                                       import->return_code.value(),
                                       believed ? ", but is shown as deployed: its system needs ST-PI 740 SP31 and SAP "
                                                  "Note 3623614 to tell of failures"
                                                : ""));
    }
    return failures;
}

bool CloudTransport::is_released() const {
    return record.status == TrStatus::released || record.status == TrStatus::released_protected;
}

bool CloudTransport::deployed_in(TransportTarget const& target) const {
    if (std::ranges::find(believed_in, target) != believed_in.end()) return true;
    return std::ranges::any_of(record.imports,
                               [&](auto const& i) { return i.target == target && successful(i.return_code); });
}

std::string TransportShelf::cursor_text(CloudSlot slot, std::uint32_t number) const {
    return fmt::format("{:016x}-{}", mix(mix(seed_, slot), number), number);
}

TransportShelf::CursorFault TransportShelf::check_cursor(CloudSlot slot, TransportsPush const& push) const {
    if (!push.cursor) return push.full ? CursorFault::none : CursorFault::missing;
    auto const last = cursors_.find(slot);
    return last != cursors_.end() && *push.cursor == cursor_text(slot, last->second) ? CursorFault::none
                                                                                     : CursorFault::unknown;
}

TransportsAnswer TransportShelf::take(CloudSlot slot, TransportsPush push, TimePoint now) {
    int const accepted = static_cast<int>(push.transports.size());
    for (auto& record : push.transports) {
        CloudTransportKey const key{slot, record.trkorr};
        auto found = transports_.find(key);
        if (found == transports_.end()) {
            announce(key, std::move(record), now);
            continue;
        }
        auto& transport = found->second;
        auto before = std::exchange(transport.record, std::move(record));
        auto imports = std::exchange(transport.record.imports, std::move(before.imports));
        for (auto& import : imports) join_import(transport, std::move(import));
        transport.seen = now;
    }
    return {cursor_text(slot, ++cursors_[slot]), accepted};
}

CloudTransport* TransportShelf::announce(CloudTransportKey const& key, TransportRecord record, TimePoint now) {
    if (auto* known = find(key)) return known;
    if (transports_.size() >= max_) {
        ++not_kept_;
        return nullptr;
    }
    by_number_[key.trkorr].push_back(key.slot);
    CloudTransport transport{std::move(record), {}, {}, now, {}, false};
    return &transports_.emplace(key, std::move(transport)).first->second;
}

CloudTransport* TransportShelf::find(CloudTransportKey const& key) {
    auto const found = transports_.find(key);
    return found == transports_.end() ? nullptr : &found->second;
}

CloudTransport const* TransportShelf::find(CloudTransportKey const& key) const {
    auto const found = transports_.find(key);
    return found == transports_.end() ? nullptr : &found->second;
}

std::optional<CloudTransportKey> TransportShelf::find_number(CloudTenant tenant, RegistrationBook const& book,
                                                             TrRequest trkorr) const {
    if (auto const slots = by_number_.find(trkorr); slots != by_number_.end())
        for (auto const slot : slots->second)
            if (book.row(slot).tenant == tenant) return CloudTransportKey{slot, trkorr};
    return std::nullopt;
}

void TransportShelf::join_import(CloudTransport& transport, TransportRecord::Import import) {
    auto& imports = transport.record.imports;
    // A work result says when the work ended, the history when the request was in: not the same moment.
    auto const same = [&](auto const& known) {
        return known.target == import.target && known.return_code == import.return_code &&
               abs(known.at - import.at) <= same_import_within;
    };
    if (std::ranges::any_of(imports, same)) return;
    if (imports.size() >= imports_per_transport_max) imports.erase(imports.begin());
    imports.push_back(std::move(import));
}

} // namespace almd
