// Roles for transports: one table.
#include "simulator/abap/transport_authority.hpp"

#include "simulator/abap/user.hpp"

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view administrator = "SAP_BC_TRANSPORT_ADMINISTRATOR", admin_profile = "S_CTS_ADMIN";
constexpr std::string_view to_release[] = {administrator, admin_profile, "S_CTS_PROJEC", "S_CTS_DEVELO",
                                           "SAP_BC_DWB_ABAPDEVELOPER"};
constexpr std::string_view to_administer[] = {administrator, admin_profile};
constexpr std::string_view to_import_all[] = {administrator, admin_profile, "S_CTS_IMPALL"};

constexpr std::string_view to_display[] = {administrator,  admin_profile, "S_CTS_PROJEC",
                                           "S_CTS_DEVELO", "S_CTS_SHOW",  "SAP_BC_DWB_ABAPDEVELOPER"};

constexpr TransportAuthority authorities[] = {
    {TransportActivity::display, "display requests", "S_TRANSPRT", to_display},
    {TransportActivity::release, "release requests", "S_TRANSPRT", to_release},
    {TransportActivity::import_single, "import requests", "S_CTS_ADMI, IMPS", to_administer},
    {TransportActivity::import_all, "import all requests", "S_CTS_ADMI, IMPA", to_import_all},
    {TransportActivity::approve, "approve requests", "S_CTS_ADMI, QTEA", to_administer},
};

} // namespace

TransportAuthority const& authority_for(TransportActivity activity) {
    return *std::ranges::find(authorities, activity, &TransportAuthority::activity);
}

bool may(UserSpec const& user, TransportActivity activity) {
    return std::ranges::any_of(authority_for(activity).roles, [&](auto role) { return has_role(user, role); });
}

} // namespace almd
