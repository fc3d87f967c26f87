// The two times of the simulation as two types, so that the compiler refuses to mix them.
#pragma once

#include "simulator/kernel/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace almd {

using namespace std::chrono_literals;

/// Simulated time runs, scaled runs or jumps; jobs, heartbeats and histories live on it. UTC milliseconds since 1970.
struct SimulatedTime {};
using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::time_point<SimulatedTime, Duration>;

/// Wire time is what the other side counts in: token life, Retry-After, leases, time-outs. UTC microseconds since 1970.
struct WireTime {};
using WireDuration = std::chrono::microseconds;
using WirePoint = std::chrono::time_point<WireTime, WireDuration>;

/// "2026-11-22T08:56:24.000Z"
std::string rfc3339(TimePoint at);
std::string rfc3339(WirePoint at);

/// Accepts "Z" and numeric offsets, 0 to 9 fraction digits; anything else is ErrorCode::invalid.
Result<TimePoint> parse_rfc3339(std::string_view text);

/// "90s", "5m", "2h", "1d", "250ms", also sums ("1h30m"). Zero is allowed, negative is not.
Result<Duration> parse_duration(std::string_view text);
std::string to_text(Duration span);

} // namespace almd
