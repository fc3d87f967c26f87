// What a user needs to see, release, import and approve transports: authorizations, and the roles that carry them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace almd {

struct UserSpec;

enum class TransportActivity : std::uint8_t { display, release, import_single, import_all, approve };

/// One row for each activity. The objects and CTS_ADMFCT values are named on SAP's help pages (V: S_TRANSPRT, IMPS, role
/// S_CTS_ADMIN, S_CTS_IMPALL; I: which role carries what, and QTEA for approvals).
struct TransportAuthority {
    TransportActivity activity;
    std::string_view words;         ///< "release requests"
    std::string_view authorization; ///< "S_CTS_ADMI, IMPS"
    std::span<std::string_view const> roles;
};
TransportAuthority const& authority_for(TransportActivity activity);
/// One of the roles is enough.
bool may(UserSpec const& user, TransportActivity activity);

/// The communication user of TMS alone imports nothing (I).
inline constexpr std::string_view tms_user = "TMSADM";

} // namespace almd
