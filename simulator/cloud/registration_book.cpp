// Entering systems: the rules of a registration, and the index over a million rows.
#include "simulator/cloud/registration_book.hpp"

#include "simulator/kernel/characters.hpp"
#include "simulator/kernel/rng.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

namespace {

std::uint32_t system_key(CloudTenant tenant, SystemId system) {
    auto const text = system.text();
    return static_cast<std::uint32_t>(tenant) << 24 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(text[0])) << 16 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(text[1])) << 8 | static_cast<unsigned char>(text[2]);
}

/// The identity is (tenant, system ID, system number, client), so the same system always gets the same LMS ID.
LmsId lms_id(std::uint64_t seed, CloudTenant tenant, Registration const& message) {
    auto const who =
        fmt::format("{}/{}/{}/{}", tenant, message.system_id.text(), message.system_number, message.client.text());
    return LmsId::from_hash(mix(seed, hash_text(who)), mix(~seed, hash_text("lms/" + who)));
}

} // namespace

std::string_view RegistrationRow::system_number() const {
    auto const end = std::ranges::find(number, '\0');
    return {number.data(), static_cast<std::size_t>(end - number.begin())};
}

RegistrationBook::RegistrationBook(std::uint64_t seed, bool allow_duplicate_sids, CloudLimits const& limits)
    : seed_{seed}
    , allow_duplicate_sids_{allow_duplicate_sids}
    , rows_max_{limits.registrations_max}
    , details_max_{limits.registration_details_max} {
}

std::optional<RegistrationBook::Refusal> RegistrationBook::refuse(CloudTenant tenant,
                                                                  Registration const& message) const {
    // SAP answers 400 in exactly these two cases (V): SAPDBHOST not set, SLICENSE without a valid system number.
    if (is_blank(message.db_host))
        return Refusal{400, "DB_HOST_MISSING", "no database host: set profile parameter SAPDBHOST and register again",
                       "dbHost"};
    if (is_blank(message.system_number))
        return Refusal{400, "SYSTEM_NUMBER_MISSING",
                       "no system number: install a valid license (SLICENSE) and register again", "systemNumber"};
    if (message.system_number.size() > std::tuple_size_v<decltype(RegistrationRow::number)>)
        return Refusal{400, "INVALID_FIELD", "a system number has at most 18 characters", "systemNumber"};
    if (allow_duplicate_sids_) return std::nullopt;
    // Only registered rows count: unregistering one of the two solves the conflict.
    if (auto const rows = by_system_.find(system_key(tenant, message.system_id)); rows != by_system_.end())
        for (auto const slot : rows->second)
            if (rows_[slot].registered && rows_[slot].system_number() != message.system_number)
                return Refusal{
                    422, "DUPLICATE_SID",
                    fmt::format(
                        "system ID {} is registered in this tenant with system number {}; Cloud ALM tells systems "
                        "apart by their ID alone. Unregister the other one, or allow duplicates in the stand-in",
                        message.system_id.text(), rows_[slot].system_number()),
                    "systemId"};
    return std::nullopt;
}

std::expected<RegistrationBook::Registered, RegistrationBook::Refusal>
RegistrationBook::enter(CloudTenant tenant, Registration message, TimePoint now, std::uint64_t key) {
    auto const id = lms_id(seed_, tenant, message);
    auto slot = find(tenant, id);
    bool const known = slot != no_cloud_slot;
    if (known && key != 0 && rows_[slot].last_key == key) return Registered{slot, rows_[slot].times > 1, true};
    if (auto refusal = refuse(tenant, message)) return std::unexpected{*std::move(refusal)};
    if (!known) {
        if (rows_.size() >= rows_max_)
            return std::unexpected{
                Refusal{503, "FULL", fmt::format("the stand-in keeps at most {} registrations", rows_max_), ""}};
        slot = static_cast<CloudSlot>(rows_.size());
        RegistrationRow row{.id = id, .system = message.system_id, .tenant = tenant, .client = message.client};
        std::ranges::copy(message.system_number, row.number.begin());
        rows_.push_back(row);
        index_row(slot);
        by_system_[system_key(tenant, message.system_id)].push_back(slot);
        ++registered_;
    } else {
        if (!rows_[slot].registered) ++registered_;
        ++rows_[slot].times;
    }
    auto& row = rows_[slot];
    row.registered = true;
    row.role = message.role == "PROD"   ? RegistrationRow::Role::production
               : message.role == "TEST" ? RegistrationRow::Role::test
                                        : RegistrationRow::Role::development;
    row.at = now;
    row.last_key = key;
    if (details_.size() < details_max_ || details_.contains(slot)) details_.insert_or_assign(slot, std::move(message));
    return Registered{slot, known};
}

void RegistrationBook::leave(CloudSlot slot) {
    if (!rows_[slot].registered) return;
    rows_[slot].registered = false;
    --registered_;
}

CloudSlot RegistrationBook::probe(LmsId id) const {
    if (index_.empty()) return no_cloud_slot;
    auto const mask = index_.size() - 1;
    for (auto at = static_cast<std::size_t>(id.low()) & mask;; at = (at + 1) & mask) {
        if (index_[at] == no_cloud_slot) return no_cloud_slot;
        if (rows_[index_[at]].id == id) return index_[at];
    }
}

CloudSlot RegistrationBook::find(CloudTenant tenant, LmsId id) const {
    auto const slot = probe(id);
    return slot != no_cloud_slot && rows_[slot].tenant == tenant ? slot : no_cloud_slot;
}

void RegistrationBook::index_row(CloudSlot slot) {
    auto const place = [this](CloudSlot s) {
        auto const mask = index_.size() - 1;
        auto at = static_cast<std::size_t>(rows_[s].id.low()) & mask;
        while (index_[at] != no_cloud_slot) at = (at + 1) & mask;
        index_[at] = s;
    };
    if (rows_.size() * 2 > index_.size()) {
        index_.assign(std::max<std::size_t>(64, index_.size() * 2), no_cloud_slot);
        for (CloudSlot s = 0; s < rows_.size(); ++s) place(s);
    } else {
        place(slot);
    }
}

std::vector<CloudSlot> RegistrationBook::of_system(CloudTenant tenant, SystemId system) const {
    auto const rows = by_system_.find(system_key(tenant, system));
    return rows == by_system_.end() ? std::vector<CloudSlot>{} : rows->second;
}

Registration const* RegistrationBook::details(CloudSlot slot) const {
    auto const found = details_.find(slot);
    return found == details_.end() ? nullptr : &found->second;
}

std::size_t RegistrationBook::bytes() const {
    return rows_.capacity() * sizeof(RegistrationRow) + index_.capacity() * sizeof(CloudSlot);
}

std::string_view name(RegistrationRow::Role role) {
    switch (role) {
    case RegistrationRow::Role::production: return "PROD";
    case RegistrationRow::Role::test: return "TEST";
    case RegistrationRow::Role::development: break;
    }
    return "DEV";
}

} // namespace almd
