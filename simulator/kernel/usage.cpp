// What this process costs the machine.
#include "simulator/kernel/usage.hpp"

#include <ctime>
#include <fstream>
#include <unistd.h>

namespace almd {

namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace

std::size_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::chrono::nanoseconds cpu_time_of_this_thread() {
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

std::chrono::nanoseconds cpu_time_of_process() {
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

} // namespace almd
