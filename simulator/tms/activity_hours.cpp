// Working hours: when somebody works, and when the next event comes.
#include "simulator/tms/activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace almd {

namespace {

using Days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;

TimePoint day_begin(TimePoint at) {
    return std::chrono::floor<Days>(at);
}

/// 0 is Monday; 1970-01-01 was a Thursday.
std::size_t weekday_of(TimePoint day) {
    auto const days = std::chrono::floor<Days>(day.time_since_epoch()).count();
    return static_cast<std::size_t>(((days + 3) % 7 + 7) % 7);
}

} // namespace

bool WorkingHours::any() const {
    return from_hour >= 0 && to_hour <= 24 && from_hour < to_hour &&
           std::ranges::any_of(days, [](bool on) { return on; });
}

bool WorkingHours::open(TimePoint at) const {
    auto const day = day_begin(at);
    return days[weekday_of(day)] && at >= day + std::chrono::hours{from_hour} && at < day + std::chrono::hours{to_hour};
}

std::string WorkingHours::text() const {
    static constexpr std::array<std::string_view, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    std::string out;
    for (std::size_t i = 0; i < days.size(); ++i)
        if (days[i]) out.append(names[i]).append(" ");
    return fmt::format("{}{:02}-{:02} UTC", out, from_hour, to_hour);
}

TimePoint after_working_time(WorkingHours const& hours, TimePoint from, Duration span) {
    assert(hours.any());
    auto const on = std::ranges::count(hours.days, true);
    Duration const a_day = std::chrono::hours{hours.to_hour - hours.from_hour};
    auto const weeks = span / (a_day * on); // whole weeks at once, so that rare events are no long loops
    span -= a_day * on * weeks;
    TimePoint day = day_begin(from) + Days{7} * weeks;
    TimePoint at = from + Days{7} * weeks;
    for (;; day += Days{1}, at = day) {
        if (!hours.days[weekday_of(day)]) continue;
        auto const begin = std::max(at, day + std::chrono::hours{hours.from_hour});
        auto const end = day + std::chrono::hours{hours.to_hour};
        if (begin >= end) continue;
        if (span < end - begin) return begin + span;
        span -= end - begin;
    }
}

TimePoint next_event(WorkingHours const& hours, double per_hour, TimePoint from, Rng& rng) {
    constexpr double longest_hours = 24.0 * 365 * 10;
    double const gap = std::min(-std::log1p(-rng.unit()) / per_hour, longest_hours);
    return after_working_time(hours, from, Duration{1 + static_cast<Duration::rep>(gap * 3'600'000)});
}

} // namespace almd
