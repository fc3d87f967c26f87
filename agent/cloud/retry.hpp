// What to do after a failed attempt: pure decisions, on the wire clock.
#pragma once

#include "agent/settings/settings.hpp"

#include <optional>
#include <string_view>

namespace almd {

/// A Retry-After above this is taken as this, so that no call is parked for days.
inline constexpr WireDuration retry_after_max = std::chrono::hours{1};

/// One failed attempt.
struct Failure {
    ErrorCode code = ErrorCode::unreachable;
    int status = 0; ///< of the HTTP answer; 0: there was none
    std::optional<WireDuration> retry_after;
};

/// What an HTTP status means to the caller. 401 before a renewal is the session's business and never gets here.
/// 404 not_found, 409 conflict, 413 too_large, 408 timed_out, 429 throttled, 5xx unavailable, other 4xx refused,
/// anything else (1xx, 3xx) protocol. Good statuses (2xx) have no code.
std::optional<ErrorCode> code_of_status(int status);

/// Worth repeating: 408, 429, 5xx, no connection, time-outs, resets, TLS; and 401 after a renewal, which ends as a
/// refusal when the attempts are used up. Not worth it: every other answer, broken answers, too large ones, a stop.
bool is_retried(Failure const& failure);

struct RetryPlan {
    bool again = false;
    WireDuration wait{0};
};

/// attempts: made so far, at least 1. jitter: in [0, 1).
/// Full jitter over min(cap, base * 2^(attempts - 1)): the cap comes first and the jitter after it, so that a fleet
/// that sits at the cap is spread over the whole of it. With Retry-After the wait lies in [r, r + max(that span, r)):
/// never early, and not all at once either.
RetryPlan after_failure(RetrySpec const& spec, int attempts, Failure const& failure, double jitter);

/// Seconds or an HTTP date; nullopt: neither. Never negative, at most retry_after_max.
std::optional<WireDuration> parse_retry_after(std::string_view value, WirePoint now);

} // namespace almd
