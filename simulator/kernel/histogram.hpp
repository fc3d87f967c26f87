// An HDR histogram: 3 significant digits from 1 to 3.6e9 (1 us to 1 h), merged exactly by adding buckets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace almd {

/// Values below 2,048 are kept exactly, larger ones in buckets whose width is at most 1/1,024 of the value.
class Histogram {
public:
    static constexpr std::uint64_t largest = 3'600'000'000;

    void record(std::uint64_t value,
                std::uint64_t count = 1); ///< over the range: recorded as the maximum and counted in clipped()
    void merge(Histogram const& other);

    std::uint64_t count() const { return count_; }
    std::uint64_t min() const { return min_; } ///< 0 when empty
    std::uint64_t max() const { return max_; }
    double mean() const; ///< 0 when empty
    /// percentile in [0, 100]: the highest value that is equivalent (3 digits) to the one at that rank, but
    /// never above max(); 0 when empty.
    std::uint64_t percentile(double percentile) const;
    std::uint64_t clipped() const { return clipped_; }
    std::size_t bytes() const;

private:
    std::vector<std::uint64_t> buckets_; // grown on demand: an unused histogram costs nothing
    std::uint64_t count_ = 0, min_ = 0, max_ = 0, clipped_ = 0, sum_ = 0;
};

} // namespace almd
