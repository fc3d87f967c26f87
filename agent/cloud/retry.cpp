// The retry plan: which failures are worth another attempt, and when.
#include "agent/cloud/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace almd {

std::optional<ErrorCode> code_of_status(int status) {
    if (status >= 200 && status < 300) return std::nullopt;
    switch (status) {
    case 404: return ErrorCode::not_found;
    case 408: return ErrorCode::timed_out;
    case 409: return ErrorCode::conflict;
    case 413: return ErrorCode::too_large;
    case 429: return ErrorCode::throttled;
    default: break;
    }
    if (status >= 400 && status < 500) return ErrorCode::refused;
    if (status >= 500 && status < 600) return ErrorCode::unavailable;
    return ErrorCode::protocol;
}

bool is_retried(Failure const& failure) {
    if (failure.status == 401) return true;
    switch (failure.code) {
    case ErrorCode::unreachable:
    case ErrorCode::timed_out:
    case ErrorCode::closed:
    case ErrorCode::tls:
    case ErrorCode::throttled:
    case ErrorCode::unavailable: return true;
    default: return false;
    }
}

RetryPlan after_failure(RetrySpec const& spec, int attempts, Failure const& failure, double jitter) {
    if (!is_retried(failure) || attempts >= spec.attempts_max) return {};
    int const doublings = std::clamp(attempts - 1, 0, 30); // 2^30 times any base is over any cap
    auto const span = std::min(spec.cap, spec.base * (std::int64_t{1} << doublings));
    auto const part_of = [&](WireDuration whole) {
        return WireDuration{static_cast<WireDuration::rep>(static_cast<double>(whole.count()) * jitter)};
    };
    if (!failure.retry_after) return {true, part_of(span)};
    auto const asked = std::clamp(*failure.retry_after, WireDuration{0}, retry_after_max);
    return {true, asked + part_of(std::max(span, asked))};
}

namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT", the one form of an HTTP date that may still be sent (RFC 9110 5.6.7).
std::optional<WirePoint> parse_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
    auto const number = [&](std::size_t at, std::size_t length) {
        int value = -1;
        auto const end = text.data() + at + length;
        return std::from_chars(text.data() + at, end, value).ptr == end ? value : -1;
    };
    auto const month = std::ranges::find(months, text.substr(8, 3));
    int const day = number(5, 2), year = number(12, 4), hour = number(17, 2), minute = number(20, 2),
              second = number(23, 2);
    if (month == months.end() || day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
    auto const date = std::chrono::year{year} / static_cast<int>(month - months.begin() + 1) / day;
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    auto const since_1970 = std::chrono::sys_days{date}.time_since_epoch();
    return WirePoint{since_1970 + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                     std::chrono::seconds{second}};
}

} // namespace

std::optional<WireDuration> parse_retry_after(std::string_view value, WirePoint now) {
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    bool const digits = !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        std::uint32_t seconds = 0; // more than fits is more than the maximum anyway
        bool const fits = std::from_chars(value.data(), value.data() + value.size(), seconds).ec == std::errc{};
        return fits ? std::min<WireDuration>(std::chrono::seconds{seconds}, retry_after_max) : retry_after_max;
    }
    auto const date = parse_http_date(value);
    if (!date) return std::nullopt;
    return std::clamp(*date - now, WireDuration{0}, retry_after_max);
}

} // namespace almd
