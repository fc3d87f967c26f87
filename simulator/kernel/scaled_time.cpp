// Reading the clocks, and the arithmetic between real and simulated time.
#include "simulator/kernel/scaled_time.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace almd {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds furthest = std::chrono::hours{24 * 36'500};
constexpr std::int64_t ns_per_tick = 1'000'000;

} // namespace

SteadyPoint steady_now() {
    return std::chrono::steady_clock::now();
}

OsAnchor const& OsAnchor::get() {
    static OsAnchor const anchor = [] {
        auto const system = std::chrono::system_clock::now().time_since_epoch();
        return OsAnchor{steady_now(), WirePoint{std::chrono::floor<WireDuration>(system)}};
    }();
    return anchor;
}

WirePoint OsAnchor::wire_at(SteadyPoint at) const {
    return wire + std::chrono::floor<WireDuration>(at - steady);
}

SteadyPoint OsAnchor::steady_at(WirePoint at) const {
    constexpr auto limit = std::chrono::floor<WireDuration>(furthest);
    return steady + std::clamp(at - wire, -limit, limit);
}

TimingWheel::Tick ScaledTime::tick_at(SteadyPoint at) const {
    std::int64_t const ns = nanoseconds{at - anchor_}.count();
    if (ns <= 0) return 0;
    if (speed_ == 1.0) return static_cast<TimingWheel::Tick>(ns / ns_per_tick);
    return static_cast<TimingWheel::Tick>(static_cast<double>(ns) * speed_ / static_cast<double>(ns_per_tick));
}

SteadyPoint ScaledTime::steady_at(TimingWheel::Tick tick) const {
    double const ns = std::ceil(static_cast<double>(tick) * static_cast<double>(ns_per_tick) / speed_);
    if (ns >= static_cast<double>(furthest.count())) return anchor_ + furthest;
    if (speed_ == 1.0) return anchor_ + nanoseconds{static_cast<std::int64_t>(tick) * ns_per_tick};
    return anchor_ + nanoseconds{static_cast<std::int64_t>(ns)};
}

} // namespace almd
