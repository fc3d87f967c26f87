// Whether a user of an ABAP system can log on, and what it may do.
#include "simulator/abap/user.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace almd {

Result<Day> Day::parse(std::string_view text) {
    auto const midnight = parse_rfc3339(std::string{text}.append("T00:00:00Z"));
    if (!midnight || text.size() != 10)
        return fail(ErrorCode::invalid,
                    fmt::format("{} is no day; allowed: year, month, day such as 2026-12-31", in_quotes(text)));
    return Day{*midnight};
}

std::string Day::text() const {
    return rfc3339(TimePoint{since_1970_}).substr(0, 10);
}

bool is_standard_user(std::string_view name) {
    return std::ranges::find(standard_users, name) != std::end(standard_users);
}

LogonState logon_state(UserSpec const& user, Day today) {
    if (user.locked) return LogonState::locked;
    if (user.valid_from && today < *user.valid_from) return LogonState::not_yet_valid;
    if (user.valid_to && today > *user.valid_to) return LogonState::expired;
    return LogonState::good;
}

std::string reason_of(LogonState state, std::string_view user) {
    switch (state) {
    case LogonState::good: return {};
    case LogonState::unknown_user: return fmt::format("user {} does not exist", user);
    case LogonState::locked: return fmt::format("user {} is locked", user);
    case LogonState::not_yet_valid: return fmt::format("user {} is not valid yet", user);
    case LogonState::expired: return fmt::format("the validity of user {} has ended", user);
    }
    return {};
}

bool has_role(UserSpec const& user, std::string_view role) {
    return std::ranges::any_of(user.roles, [&](auto const& own) { return own == role || own == all_roles; });
}

bool may_schedule_for(UserSpec const& user, std::string_view background_user) {
    return std::ranges::any_of(user.batch_names,
                               [&](auto const& name) { return name == "*" || name == background_user; });
}

} // namespace almd
