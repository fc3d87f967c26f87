// Who is registered: one compact row per (tenant, system ID, system number, client), found by LMS ID.
#pragma once

#include "proto/messages/registration.hpp"
#include "simulator/cloud/settings.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace almd {

/// Row number of a registration; the other books of the cloud keep their part of a system under the same number.
using CloudSlot = std::uint32_t;
inline constexpr CloudSlot no_cloud_slot = 0xffffffff;
using CloudTenant = std::uint8_t;

/// 64 bytes: a fleet has a million of them. Texts of the registration message live in a bounded side map.
struct RegistrationRow {
    enum class Role : std::uint8_t { production, test, development };
    LmsId id;
    TimePoint at{};             ///< of the last registration call
    std::uint64_t last_key = 0; ///< its Idempotency-Key, hashed: known for good
    std::uint32_t times = 1;    ///< registration calls
    SystemId system;
    CloudTenant tenant = 0;
    Client client;
    bool registered = true;
    Role role = Role::development;
    std::array<char, 18> number{};
    std::string_view system_number() const;
};
static_assert(sizeof(RegistrationRow) == 64);
std::string_view name(RegistrationRow::Role role); ///< "PROD"

class RegistrationBook {
public:
    RegistrationBook(std::uint64_t seed, bool allow_duplicate_sids, CloudLimits const& limits);

    struct Registered {
        CloudSlot slot;
        bool known;            ///< answer 200 instead of 201
        bool repeated = false; ///< the same call again: nothing was done
    };
    struct Refusal {
        int status;
        std::string_view code;
        std::string message, target;
    };
    /// key: the call's Idempotency-Key, hashed; 0: none.
    std::expected<Registered, Refusal> enter(CloudTenant tenant, Registration message, TimePoint now,
                                             std::uint64_t key = 0);
    void leave(CloudSlot slot);

    /// no_cloud_slot: never seen in this tenant.
    CloudSlot find(CloudTenant tenant, LmsId id) const;
    /// All rows of a SID, registered or not.
    std::vector<CloudSlot> of_system(CloudTenant tenant, SystemId system) const;

    RegistrationRow const& row(CloudSlot slot) const { return rows_[slot]; }
    std::size_t size() const { return rows_.size(); }
    std::size_t registered() const { return registered_; }
    Registration const* details(CloudSlot slot) const; ///< nullptr: over registration_details_max
    std::size_t bytes() const;

private:
    std::optional<Refusal> refuse(CloudTenant tenant, Registration const& message) const;
    CloudSlot probe(LmsId id) const;
    void index_row(CloudSlot slot);

    std::uint64_t seed_;
    bool allow_duplicate_sids_;
    std::size_t rows_max_, details_max_, registered_ = 0;
    std::vector<RegistrationRow> rows_;
    std::vector<CloudSlot> index_; // open addressing over the LMS ID: 8 bytes a row at half load
    std::unordered_map<std::uint32_t, std::vector<CloudSlot>> by_system_;
    std::unordered_map<CloudSlot, Registration> details_;
};

} // namespace almd
