// The log behind its front: spdlog to standard error, one event one line, as text or as JSON.
#include "simulator/kernel/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

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

/// Control characters would forge lines; in JSON quotes and backslashes need care as well. UTF-8 passes.
std::string escaped(std::string_view text, bool json) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 8);
    for (char c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            if (json && (c == '"' || c == '\\')) out += '\\';
            out += c;
        }
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

} // namespace almd
