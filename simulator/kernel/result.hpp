// Result and Error: how one part tells another that the world refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace almd {

/// What kind of refusal it is; decides over retry and exit code. The sentence for the user is in Error::context.
enum class ErrorCode : std::uint8_t {
    invalid,     ///< input that can never work: configuration, service key, command line
    not_found,   ///< what was named does not exist
    conflict,    ///< the present state forbids it
    forbidden,   ///< the acting user of a system may not do it
    refused,     ///< the other side understood and said no (401 after a renewal, 400, 403)
    unreachable, ///< no connection: name not found, refused, no route
    timed_out,   ///< no answer within the deadline
    closed,      ///< the connection ended before the answer did
    tls,         ///< handshake or certificate
    protocol,    ///< an answer that is not HTTP, not JSON, or not what the contract says
    too_large,   ///< over a stated limit
    full,        ///< no room for more until something is deleted
    throttled,   ///< 429
    unavailable, ///< 5xx
    stopped,     ///< we are shutting down
    io,          ///< files
};

std::string_view name(ErrorCode code);

struct Error {
    ErrorCode code;
    std::string context; ///< what happened, where, what is allowed, what to do; never a secret
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string context) {
    return std::unexpected<Error>(Error{code, std::move(context)});
}

/// What was found, for an Error's sentence: in quotes, plain ASCII (bytes outside it as \xNN), cut after `limit` bytes,
/// so that hostile input can neither break a log line nor a JSON document.
std::string in_quotes(std::string_view found, std::size_t limit = 40);

} // namespace almd
