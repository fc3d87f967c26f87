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

} // namespace almd
