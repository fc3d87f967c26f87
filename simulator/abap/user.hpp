// A user of an ABAP system as SU01 shows it: roles, lock, validity, and whether it can log on.
#pragma once

#include "simulator/kernel/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// "2026-12-31". Days begin at midnight UTC, whatever the time zone of the system (ours).
class Day {
public:
    static Result<Day> parse(std::string_view text);
    explicit Day(TimePoint at)
        : since_1970_{std::chrono::floor<std::chrono::days>(at.time_since_epoch())} {}
    std::string text() const;
    friend auto operator<=>(Day const&, Day const&) = default;

private:
    std::chrono::days since_1970_;
};

struct UserSpec {
    std::string name; ///< upper case, at most 12 characters
    std::vector<std::string> roles;
    bool locked = false;
    std::optional<Day> valid_from, valid_to;   ///< GLTGV and GLTGB, both days included; none: always
    std::vector<std::string> batch_names{"*"}; ///< S_BTCH_NAM: whose jobs it may schedule; "*" everybody's
    bool implied = false; ///< in no list of users, but named as a developer or as the owner of a request
};

enum class LogonState : std::uint8_t { good, unknown_user, locked, not_yet_valid, expired };

/// The role of developers of whom nothing else is said (practice, I).
inline constexpr std::string_view developer_role = "SAP_BC_DWB_ABAPDEVELOPER";

/// DDIC and SAP* exist in every system, listed or not, until somebody deletes them (practice, I).
inline constexpr std::string_view standard_users[] = {"DDIC", "SAP*"};
bool is_standard_user(std::string_view name);

/// A lock goes before validity: it is what SU01 shows first (I).
LogonState logon_state(UserSpec const& user, Day today);

/// Why somebody cannot log on, as a clause: "user X is locked". Empty: it can.
std::string reason_of(LogonState state, std::string_view user);

/// The profile that stands for every role (V: SAP_ALL has all authorizations).
inline constexpr std::string_view all_roles = "SAP_ALL";
bool has_role(UserSpec const& user, std::string_view role);
bool may_schedule_for(UserSpec const& user, std::string_view background_user);

} // namespace almd
