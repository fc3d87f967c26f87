// The daemon's own log (not the simulated SLG1): a thin front, so that only log.cpp knows spdlog. Talks to standard
// error.
#pragma once

#include <fmt/core.h>

#include <exception>
#include <string_view>
#include <utility>

namespace almd {

/// By consequence: error = we failed, warning = the other side or the user erred, info = what a person wants to see.
enum class LogLevel { trace, debug, info, warning, error, off };
enum class LogFormat { text, json };

void set_log(LogLevel level, LogFormat format);
bool log_enabled(LogLevel level);
void write_log(LogLevel level, std::string_view text);
/// What a run tells its reader, whatever the level: the line as it is, with LogFormat::json an object like the log's.
void tell(std::string_view line);

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (log_enabled(level)) write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

/// An exception that nobody expected: our error, with its text. `what` names what ended with it.
void log_escaped(std::string_view what, std::exception_ptr problem);

} // namespace almd
