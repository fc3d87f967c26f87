// A number that one thread counts and any thread may read.
#pragma once

#include <atomic>
#include <cstdint>

namespace almd {

class Tally {
public:
    /// One writer, so no locked instruction is needed.
    void add(std::uint64_t n = 1) { value_.store(read() + n, std::memory_order_relaxed); }
    void subtract(std::uint64_t n = 1) { value_.store(read() - n, std::memory_order_relaxed); }
    std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

} // namespace almd
