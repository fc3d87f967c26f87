// The log behind its front: spdlog to standard error, one event one line, as text or as JSON.
#include "simulator/kernel/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

namespace almd {

namespace {

std::atomic<LogLevel> least{LogLevel::info};
std::atomic<LogFormat> form{LogFormat::text};

spdlog::level::level_enum translated(LogLevel level) {
    switch (level) {
    case LogLevel::trace: return spdlog::level::trace;
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: break;
    }
    return spdlog::level::off;
}

void set_pattern(spdlog::logger& logger, LogFormat format) {
    logger.set_pattern(format == LogFormat::text ? "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v"
                                                 : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","text":"%v"})",
                       spdlog::pattern_time_type::utc);
}

spdlog::logger& logger() {
    static std::shared_ptr<spdlog::logger> const one = [] {
        auto made = std::make_shared<spdlog::logger>("almd", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_level(spdlog::level::trace); // log_enabled() decides
        made->flush_on(spdlog::level::warn);
        set_pattern(*made, LogFormat::text);
        return made;
    }();
    return *one;
}

/// How many bytes of `text` are one well-formed UTF-8 character; 0: none.
std::size_t utf8_length(std::string_view text) {
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const first = byte(0);
    std::size_t const length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    if (first == 0xe0 && byte(1) < 0xa0) return 0; // a long form
    if (first == 0xed && byte(1) > 0x9f) return 0; // a surrogate
    if (first == 0xf0 && byte(1) < 0x90) return 0; // a long form
    if (first == 0xf4 && byte(1) > 0x8f) return 0; // beyond Unicode
    return length;
}

/// Control characters would forge lines, broken UTF-8 and quotes would break a JSON line.
std::string escaped(std::string_view text, bool json) {
    constexpr std::string_view digits = "0123456789abcdef", replacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(text.size() + 8);
    while (!text.empty()) {
        char const c = text.front();
        auto const byte = static_cast<unsigned char>(c);
        std::size_t const length = utf8_length(text);
        if (length == 0) {
            out += replacement;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            if (json && (c == '"' || c == '\\')) out += '\\';
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return out;
}

} // namespace

void set_log(LogLevel level, LogFormat format) {
    least.store(level, std::memory_order_relaxed);
    form.store(format, std::memory_order_relaxed);
    set_pattern(logger(), format);
}

bool log_enabled(LogLevel level) {
    return level != LogLevel::off && level >= least.load(std::memory_order_relaxed);
}

void write_log(LogLevel level, std::string_view text) {
    if (!log_enabled(level)) return;
    logger().log(translated(level), escaped(text, form.load(std::memory_order_relaxed) == LogFormat::json));
}

void tell(std::string_view line) {
    bool const json = form.load(std::memory_order_relaxed) == LogFormat::json;
    if (json)
        logger().info(escaped(line, true));
    else
        fmt::print(stderr, "{}\n", line);
}

void log_escaped(std::string_view what, std::exception_ptr problem) {
    try {
        std::rethrow_exception(problem);
    } catch (std::exception const& e) {
        log(LogLevel::error, "{} ended with an exception: {}", what, e.what());
    } catch (...) {
        log(LogLevel::error, "{} ended with an unknown exception", what);
    }
}

} // namespace almd
