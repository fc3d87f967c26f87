// The flat JSON reader: what it accepts, what it refuses and where, and that it agrees with another parser on random text.
#include "proto/schema/json_path.hpp"
#include "proto/schema/json_text.hpp"
#include "proto/schema/nearest_name.hpp"
#include "simulator/kernel/rng.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(JsonText, ReadsEveryKindOfValueInTheOrderOfTheText) {
    auto parsed =
        JsonText::parse(R"( {"a": [1, -2.5e1, "x\n\u00fc\ud83d\ude00"], "b": {}, "c": null, "d": true, "e": []} )");
    ASSERT_TRUE(parsed) << parsed.error().context;
    JsonText const& text = *parsed;
    ASSERT_EQ(text.values().size(), 9U);
    EXPECT_EQ(text[0].count, 5U);
    EXPECT_EQ(text[0].next, 9U);
    EXPECT_EQ(text[1].key, "a");
    EXPECT_EQ(text[2].integer, 1);
    EXPECT_EQ(text[3].number(), -25.0);
    EXPECT_EQ(text[4].text, "x\nü😀");
    EXPECT_EQ(text[7].integer, 1);
    EXPECT_EQ(text.path(4), "a[2]");
    EXPECT_EQ(text.path(0), "");
    EXPECT_EQ(text.path(8), "e");
}

TEST(JsonText, WholeNumbersAreIntegersHoweverTheyAreWritten) {
    for (auto const& [text, integer] : {std::pair{"2.0", 2}, {"1e1", 10}, {"-30E-1", -3}, {"0.0", 0}}) {
        auto const parsed = JsonText::parse(text).value();
        EXPECT_EQ(parsed[0].kind, JsonText::Kind::integer) << text;
        EXPECT_EQ(parsed[0].integer, integer) << text;
    }
    for (auto const* text : {"2.5", "1e-1", "1e17", "9007199254740993.0"})
        EXPECT_EQ(JsonText::parse(text).value()[0].kind, JsonText::Kind::number) << text;
}

TEST(JsonText, RefusalsTellThePlaceAndNeverTheContent) {
    struct Row {
        std::string text;
        char const* expected;
    };
    Row const rows[] = {
        {"", "line 1, column 1: the text ends too early"},
        {"  \n ", "line 2, column 2: the text ends too early"},
        {"{\"a\":1,\n  \"secret\" 2}", "line 2, column 12: expected ':'"},
        {"{\"a\":1,}", "line 1, column 8: expected a name in double quotes"},
        {"[1 2]", "line 1, column 4: expected ',' or ']'"},
        {"{} {}", "line 1, column 4: nothing may follow the end of the value"},
        {"[\"\xc3\xbc\xc3\xbc\", secret]", "line 1, column 8: expected a value"},
        {"[01]", "a number must not begin with 0"},
        {"[1.]", "expected a digit"},
        {"[1e]", "expected a digit"},
        {"[-]", "expected a value"},
        {"[+1]", "expected a value"},
        {"[1e999]", "the number is too large or too small"},
        {"[nul]", "expected a value"},
        {"'a'", "expected a value"},
        {"\"abc", "the text ends inside a string"},
        {"\"a\\", "unknown escape in a string"},
        {"\"a\\x\"", "unknown escape in a string"},
        {"\"a\tb\"", "a control character in a string must be escaped"},
        {"\"\\ud800\"", "half of a surrogate pair"},
        {"\"\\ud800\\u0041\"", "half of a surrogate pair"},
        {"\"\\udc00\"", "half of a surrogate pair"},
        {"\"\\u12g4\"", "expected four hexadecimal digits"},
        {"\"\\u12", "expected four hexadecimal digits"},
        {"\"\xff\"", "line 1, column 2: not UTF-8"},
        {"\"\xc0\xaf\"", "not UTF-8"},
        {"\"\xed\xa0\x80\"", "not UTF-8"},
        {"\"\xf4\x90\x80\x80\"", "not UTF-8"},
        {"\"\xe2\x82", "not UTF-8"},
        {std::string("[1]\0", 4), "nothing may follow"},
        {std::string(65, '['), "nested deeper than 64 levels"},
        {std::string(1'000'000, '['), "nested deeper than 64 levels"},
        {"\xff\xfe{\0", "the text is UTF-16; save it as UTF-8"},
        {"// comment\n{}", "expected a value"},
    };
    for (Row const& row : rows) {
        auto parsed = JsonText::parse(row.text);
        ASSERT_FALSE(parsed) << row.text.substr(0, 50);
        EXPECT_THAT(parsed.error().context, HasSubstr(row.expected)) << row.text.substr(0, 50);
        EXPECT_THAT(parsed.error().context, Not(HasSubstr("secret")));
    }
}

TEST(JsonText, ARequestBodyHasNoMemberTwice) {
    EXPECT_TRUE(JsonText::parse(R"({"a":1,"a":2})")) << "whoever else reads may have a rule of his own";
    EXPECT_EQ(parse_request_body(R"({"b":[{"c":1},{"d":1,"c":2,"\u0064":3}]})").error().context,
              "b[1].d: is given twice");
    EXPECT_EQ(parse_request_body(R"({"a":1,"a":2})").error().code, ErrorCode::invalid);
    EXPECT_TRUE(parse_request_body(R"({"a":{"a":[{"a":1},{"a":1}]},"b":{}})")) << "each object for itself";
    EXPECT_THAT(parse_request_body("{").error().context, HasSubstr("is not JSON"));
    EXPECT_TRUE(is_utf8("gr\u00fcn"));
    EXPECT_FALSE(is_utf8("a\xff"));
}

TEST(JsonText, LimitsAreKept) {
    JsonLimits limits;
    limits.bytes_max = 10;
    limits.values_max = 3;
    EXPECT_TRUE(JsonText::parse("[1,2]", limits));
    EXPECT_EQ(JsonText::parse("[1,2,3]", limits).error().code, ErrorCode::too_large);
    EXPECT_EQ(JsonText::parse("[1,2]      ", limits).error().code, ErrorCode::too_large);
    EXPECT_TRUE(JsonText::parse(std::string(64, '[') + std::string(64, ']')));
}

json tree(JsonText const& text, std::uint32_t at) {
    JsonText::Value const& value = text[at];
    switch (value.kind) {
    case JsonText::Kind::null: return nullptr;
    case JsonText::Kind::boolean: return value.integer != 0;
    case JsonText::Kind::integer: return value.integer;
    case JsonText::Kind::number: return value.number();
    case JsonText::Kind::string: return std::string{value.text};
    case JsonText::Kind::array:
    case JsonText::Kind::object: break;
    }
    json out = value.kind == JsonText::Kind::array ? json::array() : json::object();
    for (std::uint32_t child = at + 1; child < value.next; child = text[child].next) {
        if (out.is_array())
            out.push_back(tree(text, child));
        else
            out[std::string{text[child].key}] = tree(text, child);
    }
    return out;
}

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
    char const* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(JsonTextProperty, AgreesWithAnotherParserOnMutatedText) {
    std::uint64_t const first = from_environment("ALMD_SEED", 1), seeds = from_environment("ALMD_SEEDS", 20'000);
    std::cout << "ALMD_SEED=" << first << " ALMD_SEEDS=" << seeds << '\n';
    std::string const base =
        R"({"a":[1,-2.5e1,"x\n\u00fc\ud83d\ude00",{"b":{},"c":[null,true,false,0.125]}],"d":"ü","e":[],"f":12345678901})";
    constexpr std::string_view bytes = "{}[]\",:\\/utrfnbe0123456789.-+E \n\t\xc3\xbc\xff\x01xXdD8";
    std::size_t accepted = 0;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        Rng rng = Rng::stream(seed, 0);
        std::string text = base;
        for (std::uint64_t edits = 1 + rng.below(4); edits > 0; --edits) {
            std::size_t at = rng.below(text.size());
            switch (rng.below(3)) {
            case 0: text[at] = bytes[rng.below(bytes.size())]; break;
            case 1: text.insert(at, 1, bytes[rng.below(bytes.size())]); break;
            default: text.erase(at, 1 + rng.below(3));
            }
        }
        auto ours = JsonText::parse(text);
        json theirs = json::parse(text, nullptr, false);
        // A last 1e-400 is zero for the other one and refused by us; nothing else may differ.
        ASSERT_EQ(ours.has_value(), !theirs.is_discarded()) << "seed " << seed << ": " << text;
        if (!ours) continue;
        ++accepted;
        ASSERT_EQ(tree(*ours, 0), theirs) << "seed " << seed << ": " << text;
    }
    EXPECT_GT(accepted, seeds / 20) << "the mutations should leave some texts valid";
}

TEST(JsonPath, IsWrittenTheWayAPersonWrites) {
    std::string path;
    append_key(path, "transports");
    append_index(path, 3);
    append_key(path, "x y\"\n");
    EXPECT_EQ(path, "transports[3][\"x y??\"]");
    path.clear();
    append_key(path, std::string(100, 'x') + "ü");
    EXPECT_EQ(path, "[\"" + std::string(80, 'x') + "...\"]");
    EXPECT_EQ(shown_path(""), "$");
}

TEST(NearestName, FindsWhatWasMeantAndNothingFarAway) {
    std::string_view const names[] = {"jitter", "intervalMinutes", "weight", "client"};
    EXPECT_EQ(nearest_name("jiter", names), "jitter");
    EXPECT_EQ(nearest_name("interval-minutes", names), "intervalMinutes");
    EXPECT_EQ(nearest_name("INTERVALMINUTES", names), "intervalMinutes");
    EXPECT_EQ(nearest_name("wieght", names), "weight");
    EXPECT_EQ(nearest_name("colour", names), std::nullopt);
    EXPECT_EQ(nearest_name("", names), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(1000, 'x'), names), std::nullopt);
}

} // namespace
} // namespace almd
