// The log's lines: one event one line, text or JSON, whatever stands in it.
#include "simulator/kernel/log.hpp"
#include "simulator/kernel/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace almd {
namespace {

using testing::MatchesRegex;

std::string captured(std::function<void()> const& talk) {
    testing::internal::CaptureStderr();
    talk();
    return testing::internal::GetCapturedStderr();
}

struct Log : testing::Test {
    ~Log() override { set_log(LogLevel::info, LogFormat::text); }
};

TEST_F(Log, TextLinesCarryTimeAndLevel) {
    set_log(LogLevel::debug, LogFormat::text);
    EXPECT_THAT(captured([] { log(LogLevel::warning, "{} of {} systems", 3, 7); }),
                MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z warning 3 of 7 systems\n"));
    EXPECT_THAT(captured([] { log(LogLevel::debug, "x"); }), MatchesRegex(".*Z debug   x\n"));
}

TEST_F(Log, JsonLinesAreJson) {
    set_log(LogLevel::info, LogFormat::json);
    auto const line =
        captured([] { log(LogLevel::error, "said \"{}\"\n\tand \\ {}", "no", "\x01 \xc3\xbc \xff\xc3"); });
    EXPECT_THAT(line, MatchesRegex("\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"error\",\"text\":\".*\"\\}\n"));
    EXPECT_THAT(line,
                testing::HasSubstr("said \\\"no\\\"\\n\\u0009and \\\\ \\u0001 \xc3\xbc \xef\xbf\xbd\xef\xbf\xbd\"}"));
}

TEST_F(Log, WhatIsToldIsTheLineItselfOrAJsonObject) {
    set_log(LogLevel::off, LogFormat::text);
    EXPECT_EQ(captured([] { tell("[1/2] all is \"well\""); }), "[1/2] all is \"well\"\n");
    set_log(LogLevel::off, LogFormat::json);
    EXPECT_THAT(
        captured([] { tell("[1/2] all is \"well\""); }),
        MatchesRegex("\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"info\",\"text\":\".1/2. all is .\"well.\"\"\\}\n"));
}

TEST_F(Log, NothingForgesALine) {
    auto const text =
        captured([] { log(LogLevel::info, "{}", "a\n2026-01-01T00:00:00.000Z error   forged\r\x1b[31m"); });
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_THAT(text, testing::HasSubstr("a\\n2026"));
    EXPECT_THAT(text, testing::HasSubstr("forged\\u000d\\u001b[31m"));
}

TEST_F(Log, TheLevelDecides) {
    set_log(LogLevel::warning, LogFormat::text);
    EXPECT_FALSE(log_enabled(LogLevel::info));
    EXPECT_TRUE(log_enabled(LogLevel::warning));
    EXPECT_EQ(captured([] { log(LogLevel::info, "no"); }), "");
    EXPECT_EQ(captured([] { write_log(LogLevel::debug, "no"); }), "");
    set_log(LogLevel::off, LogFormat::text);
    EXPECT_FALSE(log_enabled(LogLevel::error));
    EXPECT_EQ(captured([] { log(LogLevel::error, "no"); }), "");
    set_log(LogLevel::trace, LogFormat::text);
    EXPECT_FALSE(log_enabled(LogLevel::off));
    EXPECT_THAT(captured([] { log(LogLevel::trace, "yes"); }), testing::HasSubstr("trace   yes"));
}

TEST_F(Log, BracesInATextAreText) {
    EXPECT_THAT(captured([] { write_log(LogLevel::info, "{} {0} %v %n"); }), testing::HasSubstr("{} {0} %v %n\n"));
}

TEST(LogUtf8, OnlyWellFormedBytesPass) {
    struct {
        char const* text;
        char const* shown;
    } const cases[] = {
        {"\xe2\x82\xac", "\xe2\x82\xac"},                                         // a three-byte character
        {"\xf0\x9f\x9a\x80", "\xf0\x9f\x9a\x80"},                                 // a four-byte one
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                                 // a long form
        {"\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 // a long form
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 // a surrogate
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // beyond Unicode
        {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},                                 // cut off
        {"\xe2x", "\xef\xbf\xbdx"},
    };
    for (auto const& one : cases) {
        auto const line = captured([&] { write_log(LogLevel::error, one.text); });
        EXPECT_THAT(line, testing::EndsWith(std::string{" "} + one.shown + "\n"));
    }
}

TEST(Quoted, IsPlainAsciiAndShort) {
    EXPECT_EQ(in_quotes("DEV"), "\"DEV\"");
    EXPECT_EQ(in_quotes(""), "\"\"");
    EXPECT_EQ(in_quotes("a\"b\\c\n\x7f\xc3"), "\"a\\\"b\\\\c\\x0a\\x7f\\xc3\"");
    EXPECT_EQ(in_quotes("abcdef", 3), "\"abc...\"");
    EXPECT_EQ(in_quotes("abc", 3), "\"abc\"");
}

TEST(ErrorNames, AreDifferentAndComplete) {
    std::vector<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(ErrorCode::io); ++code)
        names.push_back(name(static_cast<ErrorCode>(code)));
    EXPECT_EQ(names.front(), "invalid");
    EXPECT_EQ(names.back(), "io");
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    EXPECT_THAT(names, testing::Each(testing::Ne("unknown")));
}

} // namespace
} // namespace almd
