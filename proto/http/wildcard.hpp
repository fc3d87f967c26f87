// Texts with `*`, as in SAP's selection screens.
#pragma once

#include <string_view>

namespace almd {

/// `*` stands for any number of characters. Greedy with one point of return: linear in practice, never exponential.
bool fits_wildcard(std::string_view pattern, std::string_view text);

} // namespace almd
