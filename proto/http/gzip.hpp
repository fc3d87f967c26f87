// Bodies that are packed with gzip.
#pragma once

#include "simulator/kernel/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace almd {

/// Errors: too_large, when there would be more than `bytes_max`; invalid: no gzip, or not all of it.
Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max);

} // namespace almd
