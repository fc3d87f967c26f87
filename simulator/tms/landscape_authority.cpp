// Who may release, import and approve in a system of the landscape.
#include "simulator/abap/texts.hpp"
#include "simulator/tms/landscape.hpp"

namespace almd {

/// A user of whom nothing is said has what it needs, as long as it can exist at all: in a system that lists its users,
/// nobody else does.
Result<void> Landscape::authorize(SystemId system, std::string_view user, TransportActivity activity,
                                  TimePoint now) const {
    auto const* member = find(system);
    if (!member) return fail(ErrorCode::not_found, text_of(Text::target_not_known, system.text()));
    auto const* known = member->abap.user(user);
    if (auto const exists = check_user(*member, user, now); !exists) return exists;
    bool const imports = activity == TransportActivity::import_single || activity == TransportActivity::import_all;
    bool const allowed = known ? may(*known, activity) : !(imports && user == tms_user);
    if (allowed) return {};
    auto const& needed = authority_for(activity);
    return fail(ErrorCode::forbidden,
                text_of(Text::not_authorized, user, needed.words, system.text(), needed.authorization));
}

/// As the refusal of a release.
std::optional<ReleaseReport> Landscape::may_not_release(SystemId system, std::string_view user, TimePoint now) const {
    auto const allowed = authorize(system, user, TransportActivity::release, now);
    if (allowed) return std::nullopt;
    auto const& error = allowed.error();
    bool const role = error.code == ErrorCode::forbidden;
    ReleaseReport report{.verdict = ReleaseVerdict::api_failed, .code = error.code};
    report.messages.push_back({'E', role ? Text::not_authorized : Text::user_unknown_or_locked, error.context});
    return report;
}

} // namespace almd
