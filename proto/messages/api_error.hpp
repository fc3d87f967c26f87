// {"error":{"code","message","target"}}: what a refusal looks like.
#pragma once

#include "simulator/kernel/result.hpp"

#include <string>
#include <string_view>

namespace almd {

struct ApiError {
    std::string code, message, target;
};
std::string encode(ApiError const& error);
/// Lenient: an answer that is not ours (a proxy's HTML) gives code "" and the first 200 printable characters as
/// message.
ApiError decode_api_error(std::string_view body);

/// The refusal of a request body that a decoder of this folder did not accept: code INVALID_BODY, target the path in it
/// ("transports[3].tasks[0]", empty for the body as a whole). Goes with status 400, or 413 when the error is too_large.
ApiError bad_request(Error const& decode_error);

} // namespace almd
