// Names of error codes and the safe quoting of what was found.
#include "simulator/kernel/result.hpp"

namespace almd {

std::string_view name(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::refused: return "refused";
    case ErrorCode::unreachable: return "unreachable";
    case ErrorCode::timed_out: return "timed_out";
    case ErrorCode::closed: return "closed";
    case ErrorCode::tls: return "tls";
    case ErrorCode::protocol: return "protocol";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::full: return "full";
    case ErrorCode::throttled: return "throttled";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::stopped: return "stopped";
    case ErrorCode::io: return "io";
    }
    return "unknown";
}

std::string in_quotes(std::string_view found, std::size_t limit) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (char c : found.substr(0, limit)) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            out += "\\x";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    out += found.size() > limit ? "...\"" : "\"";
    return out;
}

} // namespace almd
