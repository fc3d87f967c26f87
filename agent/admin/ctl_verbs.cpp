// The verbs of `almd ctl` besides list, of all tables.
#include "agent/admin/ctl_parameters.hpp"

#include <algorithm>
#include <vector>

namespace almd {

std::span<CtlVerb const> ctl_verbs() {
    static std::vector<CtlVerb> const all = [] {
        std::vector<CtlVerb> rows;
        for (auto const table : {ctl_verb_tables::setup_verbs(), ctl_verb_tables::transport_verbs(),
                                 ctl_verb_tables::cloud_verbs(), ctl_verb_tables::system_verbs()})
            rows.insert(rows.end(), table.begin(), table.end());
        return rows;
    }();
    return all;
}

CtlVerb const* find_ctl_verb(std::string_view resource, std::string_view verb) {
    auto const all = ctl_verbs();
    auto const found =
        std::ranges::find_if(all, [&](CtlVerb const& one) { return one.resource == resource && one.verb == verb; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace almd
