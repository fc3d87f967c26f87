// Methods and paths of calls, and what they fit.
#include "simulator/cloud/call_pattern.hpp"

#include "proto/http/router.hpp"
#include "proto/http/wildcard.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::array<std::string_view, 6> call_methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

/// Escapes and a slash at the end make no other path of it.
std::string plain_path(std::string_view target) {
    auto const raw = target.substr(0, target.find('?'));
    auto path = percent_decode(raw).value_or(std::string{raw});
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

} // namespace

bool CallPattern::fits(std::string_view called_method, std::string_view target) const {
    return (method.empty() || method == called_method) &&
           (path.empty() || fits_wildcard(plain_path(path), plain_path(target)));
}

std::string CallPattern::text() const {
    if (method.empty()) return path;
    return fmt::format("{} {}", method, path.empty() ? "*" : path);
}

Result<void> check_call_method(std::string_view method) {
    if (method.empty() || std::ranges::find(call_methods, method) != call_methods.end()) return {};
    return fail(ErrorCode::invalid, fmt::format("no such method; allowed: {}", fmt::join(call_methods, ", ")));
}

Result<void> check_call_path(std::string_view path) {
    bool const can_begin = path.empty() || path.front() == '/' || path.front() == '*';
    if (can_begin && path.find('?') == std::string_view::npos) return {};
    return fail(ErrorCode::invalid, "must be a path without a query, with * for any characters, such as "
                                    "\"/api/calm-features/v1/Features/*\"");
}

} // namespace almd
