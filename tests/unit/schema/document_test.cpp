// YAML and JSON documents: types, places, and everything that must be refused.
#include "proto/schema/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json yaml(std::string_view text) {
    auto document = Document::from_yaml(text, "t.yaml");
    EXPECT_TRUE(document) << document.error().context;
    return document ? document->value() : json{};
}

std::string refusal(std::string_view text) {
    auto document = Document::from_yaml(text, "t.yaml");
    return document ? "accepted" : document.error().context;
}

TEST(Yaml, PlainScalarsHaveTheTypesOfYaml12AndQuotedOnesAreText) {
    struct Row {
        char const* text;
        json value;
    };
    Row const rows[] = {
        {"000", 0},
        {"\"000\"", "000"},
        {"'100'", "100"},
        {"0100", 100},
        {"200", 200},
        {"-5", -5},
        {"+5", 5},
        {"1.5", 1.5},
        {"1e3", 1000.0},
        {".5", 0.5},
        {"true", true},
        {"True", true},
        {"FALSE", false},
        {"yes", "yes"},
        {"no", "no"},
        {"on", "on"},
        {"off", "off"},
        {"NO", "NO"},
        {"~", nullptr},
        {"null", nullptr},
        {"", nullptr},
        {"1:30", "1:30"},
        {"1_000", "1_000"},
        {"0x1F", "0x1F"},
        {"0o17", "0o17"},
        {".inf", ".inf"},
        {".nan", ".nan"},
        {"2026-11-22", "2026-11-22"},
        {"5m", "5m"},
        {"1h30m", "1h30m"},
        {"S4H", "S4H"},
        {"!!str 000", "000"},
        {"\"true\"", "true"},
        {"\"\"", ""},
        {"1e999", "1e999"},
        {"infinity", "infinity"},
        {"9223372036854775807", INT64_MAX},
        {"|\n  a\n  b", "a\nb\n"},
    };
    for (Row const& row : rows) EXPECT_EQ(yaml(std::string{"v: "} + row.text)["v"], row.value) << row.text;
}

TEST(Yaml, EveryValueKnowsItsPlace) {
    auto document = Document::from_yaml(
        "name: demo\nsystems:\n  - sid: DEV\n    client: \"100\"\n  - {sid: QUA,   client: 200}\n", "demo.yaml");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->where("name"), "demo.yaml:1:7");
    EXPECT_EQ(document->where("systems[0].client"), "demo.yaml:4:13");
    EXPECT_EQ(document->where("systems[1].client"), "demo.yaml:5:26");
    EXPECT_EQ(document->where("systems[1].role"), "demo.yaml:5:5")
        << "what is missing is told by what should have held it";
    EXPECT_EQ(document->line("systems[1].client"), 5U);
    EXPECT_EQ(document->where(""), "demo.yaml:1:1");
    EXPECT_EQ(document->where("nothing.at[3].all"), "demo.yaml:1:1");
}

TEST(Yaml, KeysGivenTwiceAreAMistakeAndTheFirstOneCounts) {
    auto document = Document::from_yaml("a: 1\nb:\n  c: 2\n  c: {d: 3}\na: [4, 5]\n", "t.yaml");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->value(), json::parse(R"({"a":1,"b":{"c":2}})"));
    ASSERT_EQ(document->mistakes().size(), 2U);
    EXPECT_EQ(to_text(document->mistakes()[0]),
              "t.yaml:4:3: b.c: is given twice; the first one is in line 3; remove one");
    EXPECT_EQ(document->mistakes()[1].path, "a");
}

TEST(Yaml, KeysAreTextWhateverTheyLookLike) {
    EXPECT_EQ(yaml("000: a\ntrue: b\n\"x.y\": c\n"), json::parse(R"({"000":"a","true":"b","x.y":"c"})"));
}

TEST(Yaml, AnchorsAreFollowed) {
    EXPECT_EQ(yaml("a: &x [1, 2]\nb: *x\nc: {d: *x}\n"), json::parse(R"({"a":[1,2],"b":[1,2],"c":{"d":[1,2]}})"));
    EXPECT_EQ(yaml("a: &x text\nb: *x\n")["b"], "text");
}

TEST(Yaml, AnAliasBombIsRefusedQuickly) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 1; k < 10; ++k) bomb += ", " + before;
        bomb += "]\n";
    }
    EXPECT_THAT(refusal(bomb), HasSubstr("more than 500000 values, aliases followed"));
    std::string long_text = "a: &a \"" + std::string(1'000'000, 'x') + "\"\nb: [";
    for (int i = 0; i < 100; ++i) long_text += "*a, ";
    EXPECT_THAT(refusal(long_text + "*a]\n"), HasSubstr("aliases followed"));
    std::string chain = "a0: &a0 [x]\n";
    for (int i = 1; i < 100; ++i)
        chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    EXPECT_THAT(refusal(chain), HasSubstr("nested deeper than 64 levels"));
}

TEST(Yaml, RefusalsNameThePlace) {
    struct Row {
        std::string text;
        char const* expected;
    };
    Row const rows[] = {
        {"a: [1, 2\nb: 3\n", "t.yaml:2:"},
        {"a: 1\n b: 2\n", "t.yaml:2:"},
        {"a: \"open\n", "t.yaml:"},
        {"a: *nowhere\n", "t.yaml:1:4: is not YAML"},
        {"a: &x {b: *x}\n", "t.yaml:1:11: the alias refers to something that it is part of"},
        {"a: !!binary aGFsbG8=\n", "t.yaml:1:4: the tag tag:yaml.org,2002:binary is not supported"},
        {"a: !mine {b: 1}\n", "the tag !mine is not supported"},
        {"base: &b {x: 1}\na:\n  <<: *b\n", "t.yaml:3:3: merge keys (<<) are not supported"},
        {"? [a, b]\n: 1\n", "a key must be plain text"},
        {"a: 1\n---\nb: 2\n", "has more than one YAML document"},
        {"a: \xff\n", "t.yaml:1:4: not UTF-8 text, or a control character"},
        {std::string{"a: 1\nb: \x04\n"}, "t.yaml:2:4: not UTF-8 text, or a control character"},
        {"a: " + std::string(100, '[') + std::string(100, ']'), "nested deeper than 64 levels"},
        {"a: " + std::string(100'000, '[') + std::string(100'000, ']'), "nested deeper than 64 levels"},
        {"a: " + std::string(100'000, '['), "t.yaml:"},
        {"a: " + std::string(100'000, '{'), "t.yaml:"},
        {"a: 'open\nb: 3\n", "t.yaml:3:1: is not YAML"},
        {std::string(9 * 1024 * 1024, ' '), "is larger than 8388608 bytes"},
    };
    for (Row const& row : rows) EXPECT_THAT(refusal(row.text), HasSubstr(row.expected)) << row.text.substr(0, 80);
}

TEST(Yaml, AnEmptyFileIsNoValue) {
    EXPECT_EQ(yaml(""), nullptr);
    EXPECT_EQ(yaml("# only a comment\n"), nullptr);
}

TEST(JsonDocument, KnowsPlacesAndDuplicatesToo) {
    auto document =
        Document::from_json("{\"a\": 1,\n \"b\": [true, null, 1.5, \"\\u00fc\"],\n \"a\": {\"x\": 2}}", "t.json");
    ASSERT_TRUE(document) << document.error().context;
    EXPECT_EQ(document->value(), json::parse(R"({"a":1,"b":[true,null,1.5,"ü"]})"));
    EXPECT_EQ(document->where("b[3]"), "t.json:2:25");
    ASSERT_EQ(document->mistakes().size(), 1U);
    EXPECT_EQ(document->mistakes()[0].where, "t.json:3:7");
    auto broken = Document::from_json("{\"a\": 1,\n}", "t.json");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().context, "t.json: is not JSON: line 2, column 1: expected a name in double quotes");
}

TEST(Documents, AreLoadedByTheNameOfTheirFile) {
    std::string base = testing::TempDir() + "almd_document_test";
    std::ofstream{base + ".json"} << "{\"a\": 1}";
    std::ofstream{base + ".yaml"} << "a: 1\n";
    for (char const* ending : {".json", ".yaml"}) {
        auto document = Document::load(base + ending);
        ASSERT_TRUE(document) << document.error().context;
        EXPECT_EQ(document->value()["a"], 1);
        EXPECT_EQ(document->name(), base + ending);
        std::remove((base + ending).c_str());
    }
    auto gone = Document::load(base + ".yaml");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ErrorCode::io);
    EXPECT_FALSE(Document::load(testing::TempDir())) << "a folder is no document";
}

} // namespace
} // namespace almd
