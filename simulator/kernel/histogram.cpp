// Buckets by power of two, each cut into 1,024: index arithmetic only, so that adding bucket by bucket merges exactly.
#include "simulator/kernel/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace almd {

namespace {

constexpr unsigned sub_bits = 10; // 1/1,024 < 1/1,000: three significant digits
constexpr std::uint64_t sub_buckets = 1 << sub_bits;

/// The width of the bucket of `value` is 2^this; values below 2 * sub_buckets have a bucket each.
unsigned shift_of(std::uint64_t value) {
    auto const width = static_cast<unsigned>(std::bit_width(value));
    return width <= sub_bits + 1 ? 0 : width - (sub_bits + 1);
}

std::size_t index_of(std::uint64_t value) {
    unsigned const shift = shift_of(value);
    return shift * sub_buckets + (value >> shift);
}

std::uint64_t highest_of(std::size_t index) {
    if (index < 2 * sub_buckets) return index;
    std::uint64_t const shift = index / sub_buckets - 1, top = index - shift * sub_buckets;
    return ((top + 1) << shift) - 1;
}

} // namespace

void Histogram::record(std::uint64_t value, std::uint64_t count) {
    if (count == 0) return;
    if (value > largest) {
        value = largest;
        clipped_ += count;
    }
    std::size_t const index = index_of(value);
    if (index >= buckets_.size()) buckets_.resize(index + 1);
    buckets_[index] += count;
    min_ = count_ == 0 ? value : std::min(min_, value);
    max_ = std::max(max_, value);
    count_ += count;
    sum_ += value * count;
}

void Histogram::merge(Histogram const& other) {
    if (other.count_ == 0) return;
    if (buckets_.size() < other.buckets_.size()) buckets_.resize(other.buckets_.size());
    for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    count_ += other.count_;
    clipped_ += other.clipped_;
    sum_ += other.sum_;
}

double Histogram::mean() const {
    return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::percentile(double percentile) const {
    if (count_ == 0) return 0;
    // One step down before rounding up: 99.9 of 1,000 values is rank 999, though 99.9 as a double is a little more.
    double const share = std::nextafter(std::clamp(percentile, 0.0, 100.0), 0.0) / 100.0;
    auto const rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (seen >= rank) return std::min(highest_of(i), max_);
    }
    return max_;
}

std::size_t Histogram::bytes() const {
    return sizeof *this + buckets_.capacity() * sizeof(std::uint64_t);
}

} // namespace almd
