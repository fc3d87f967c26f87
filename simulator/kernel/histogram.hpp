// An HDR histogram: 3 significant digits from 1 to 3.6e9 (1 us to 1 h), merged exactly by adding buckets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace almd {

class Histogram {
public:
    Histogram();
    void record(std::uint64_t value, std::uint64_t count = 1); ///< over the range: recorded as the maximum and counted in clipped()
    void merge(Histogram const& other);

    std::uint64_t count() const;
    std::uint64_t min() const; ///< 0 when empty
    std::uint64_t max() const;
    double mean() const;
    /// percentile in [0, 100]: the highest value that is equivalent (3 digits) to the one at that rank; 0 when empty.
    std::uint64_t percentile(double percentile) const;
    std::uint64_t clipped() const;
    std::size_t bytes() const;

private:
    std::vector<std::uint32_t> buckets_; // grown on demand: an unused histogram costs nothing
    std::uint64_t count_ = 0, min_ = 0, max_ = 0, clipped_ = 0;
    double sum_ = 0;
};

} // namespace almd
