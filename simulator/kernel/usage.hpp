// What this process costs the machine: for reports only, never for decisions.
#pragma once

#include <chrono>
#include <cstddef>

namespace almd {

std::size_t resident_bytes();                       ///< VmRSS now
std::chrono::nanoseconds cpu_time_of_this_thread(); ///< user and system
std::chrono::nanoseconds cpu_time_of_process();

} // namespace almd
