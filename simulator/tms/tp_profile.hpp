// The transport profile as tp knows it: its parameters by name, as they are now, and which of them can be changed.
#pragma once

#include "simulator/tms/landscape_spec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// A parameter that has an effect here; others are refused, so that nobody waits for what will not come.
struct TpParameter {
    std::string_view name, meaning;
    bool changeable = false; ///< while the landscape runs
    std::string value;
};

/// `ctc`: of the active configuration, which CTC and NBUFFORM follow.
std::vector<TpParameter> tp_parameters(TpProfile const& profile, bool ctc);

/// Counts from the next tp call on. Errors: invalid for another value; not_found for a parameter without effect here, with
/// those that have one; conflict for one that follows the configuration.
Result<void> set_tp_parameter(TpProfile& profile, std::string_view name, std::string_view value);

} // namespace almd
