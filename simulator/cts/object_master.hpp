// Which whole object (R3TR) a part (LIMU) belongs to: the object that has the directory entry and covers it when locked.
#pragma once

#include "simulator/cts/object_entry.hpp"

#include <string>
#include <string_view>

namespace almd {

/// "LIMU METH ZCL_A  RUN" -> "R3TR CLAS ZCL_A", "R3TR TABU T001 0001*" -> "R3TR TABU T001". A function module does not
/// say which group it is in: `function_group` does, empty: not known. What has no master, or none that is known, is its
/// own. Types and name rules are practice (I).
std::string master_of(ObjectView object, std::string_view function_group = {});

} // namespace almd
