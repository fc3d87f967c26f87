// The validator: every mistake at once, told so that a person can mend it; schemas that it does not fully know are refused.
#include "proto/schema/validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Validator compiled(json const& schema, std::string_view pointer = "#") {
    auto validator = Validator::compile(schema, pointer);
    if (!validator) throw std::runtime_error(validator.error().context);
    return *std::move(validator);
}

std::vector<std::string> texts(std::vector<Mistake> const& mistakes) {
    std::vector<std::string> texts;
    for (Mistake const& one : mistakes) texts.push_back(to_text(one));
    return texts;
}

std::vector<std::string> check(json const& schema, json const& value) {
    return texts(compiled(schema).check(value));
}

json const landscape = json::parse(R"({
  "type": "object", "additionalProperties": false, "required": ["systems", "name"],
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 20},
    "systems": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"$ref": "#/definitions/system"}},
    "speed": {"type": "number", "minimum": 0.5, "maximum": 1000},
    "import": {"type": "object", "additionalProperties": false, "properties": {"jitter": {"type": "integer"}, "delay": {"type": "string"}}}
  },
  "definitions": {
    "system": {"type": "object", "additionalProperties": false, "required": ["sid"],
      "properties": {
        "sid": {"type": "string", "pattern": "^[A-Z][A-Z0-9]{2}$"},
        "client": {"type": "string", "pattern": "^[0-9]{3}$", "x-allowed": "a quoted string of three digits, such as \"200\""},
        "role": {"enum": ["PROD", "TEST", "DEV"]},
        "ctc": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 0}
      }}
  }
})");

TEST(Validator, ReportsAllMistakesAtOnceWithTheirPlaceInTheFile) {
    auto document = Document::from_yaml("speed: 0\n"
                                        "systems:\n"
                                        "  - sid: dev\n"
                                        "    client: 200\n"
                                        "    role: TST\n"
                                        "  - ctc: yes\n"
                                        "    count: \"7\"\n"
                                        "import:\n"
                                        "  jiter: 5\n"
                                        "import: {}\n",
                                        "demo.yaml");
    ASSERT_TRUE(document);
    EXPECT_THAT(
        texts(compiled(landscape).check(*document)),
        ElementsAre(
            "demo.yaml:1:1: name: is missing; allowed: a text of 1 to 20 characters",
            "demo.yaml:1:8: speed: is 0 (a number); allowed: a number from 0.5 to 1000",
            "demo.yaml:3:10: systems[0].sid: is \"dev\" (a text); allowed: a text that matches ^[A-Z][A-Z0-9]{2}$",
            "demo.yaml:4:13: systems[0].client: is 200 (a number); allowed: a quoted string of three digits, such as "
            "\"200\"; "
            "put it in quotes: \"200\"",
            "demo.yaml:5:11: systems[0].role: is \"TST\" (a text); allowed: one of PROD, TEST, DEV; did you mean "
            "`TEST`?",
            "demo.yaml:6:10: systems[1].ctc: is \"yes\" (a text); allowed: true or false; write true",
            "demo.yaml:6:5: systems[1].sid: is missing; allowed: a text that matches ^[A-Z][A-Z0-9]{2}$",
            "demo.yaml:7:12: systems[1].count: is \"7\" (a text); allowed: an integer of at least 0; remove the quotes",
            "demo.yaml:10:1: import: is given twice; the first one is in line 8; remove one",
            "demo.yaml:9:10: import.jiter: unknown key, did you mean `jitter`?; allowed keys: delay, jitter"));
}

TEST(Validator, AcceptsWhatIsRight) {
    EXPECT_THAT(
        check(
            landscape,
            json::parse(R"({"name":"ü","systems":[{"sid":"S4H","client":"000","role":"DEV","ctc":true,"count":0}]})")),
        IsEmpty());
}

TEST(Validator, ChecksEveryKeywordThatItKnows) {
    struct Row {
        char const *schema, *good, *bad;
    };
    Row const rows[] = {
        {R"({"type":"string"})", R"("x")", "1"},
        {R"({"type":["string","null"]})", "null", "1"},
        {R"({"type":"string","nullable":true})", "null", "false"},
        {R"({"type":"string","nullable":true,"enum":["a"]})", "null", R"("b")"},
        {R"({"type":"integer"})", "5", "5.5"},
        {R"({"type":"number"})", "5", R"("5")"},
        {R"({"type":"integer","format":"int32"})", "2147483647", "2147483648"},
        {R"({"type":"integer","format":"int64","minimum":1})", "1", "0"},
        {R"({"type":"number","maximum":1.5})", "1.5", "1.6"},
        {R"({"type":"string","minLength":2})", R"("üü")", R"("ü")"},
        {R"({"type":"string","maxLength":2})", R"("üü")", R"("abc")"},
        {R"({"type":"string","format":"date-time"})", R"("2026-11-22T08:56:24.000Z")", R"("2026-11-22")"},
        {R"({"type":"string","format":"uuid"})", R"("710b9573-5f47-4de6-b761-070626300000")", R"("710b9573")"},
        {R"({"const":"ABAP"})", R"("ABAP")", R"("JAVA")"},
        {R"({"const":7})", "7", "8"},
        {R"({"enum":[1,true,null,"x"]})", "true", "false"},
        {R"({"type":"array","minItems":1})", "[1]", "[]"},
        {R"({"type":"array","maxItems":1})", "[1]", "[1,2]"},
        {R"({"type":"array","uniqueItems":true})", "[1,2]", "[1,2,1]"},
        {R"({"type":"array","items":{"type":"integer"}})", "[1,2]", R"([1,"2"])"},
        {R"({"type":"object","minProperties":1})", R"({"a":1})", "{}"},
        {R"({"type":"object","additionalProperties":{"type":"integer"}})", R"({"a":1})", R"({"a":"1"})"},
        {R"({"type":"object","additionalProperties":false})", "{}", R"({"a":1})"},
        {R"({"type":"object","properties":{"a":{}},"required":["a"]})", R"({"a":null,"b":1})", R"({"b":1})"},
        {R"({"allOf":[{"type":"integer"},{"minimum":3}]})", "3", "2"},
        {R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", R"("a")", "true"},
        {R"({"oneOf":[{"type":"integer"},{"type":"number","minimum":5}]})", "4", "6"},
        {"false", "", "1"},
        {"true", "1", ""},
        {R"({"definitions":{"tree":{"type":"object","additionalProperties":{"$ref":"#/definitions/tree"}}},"$ref":"#/definitions/tree"})",
         R"({"a":{"b":{}}})", R"({"a":{"b":1}})"},
    };
    for (Row const& row : rows) {
        Validator validator = compiled(json::parse(row.schema));
        json good = json::parse(row.good, nullptr, false), bad = json::parse(row.bad, nullptr, false);
        if (!good.is_discarded()) {
            EXPECT_THAT(texts(validator.check(good)), IsEmpty()) << row.schema;
        }
        if (!bad.is_discarded()) {
            EXPECT_EQ(validator.check(bad).size(), 1U) << row.schema;
        }
    }
}

TEST(Validator, RefusesSchemasThatItWouldNotFullyCheck) {
    struct Row {
        char const *schema, *expected;
    };
    Row const rows[] = {
        {R"({"type":"string","patternn":"x"})", "schema #: the keyword patternn is not supported"},
        {R"({"not":{}})", "the keyword not is not supported"},
        {R"({"properties":{"a":{"if":{}}}})", "schema #/properties/a: the keyword if is not supported"},
        {R"({"type":"text"})", "unknown type \"text\""},
        {R"({"type":"string","format":"email"})", "the format email is not supported"},
        {R"({"$ref":"#/definitions/x"})", "the reference #/definitions/x leads to nothing"},
        {R"({"$ref":"other.json#/x"})", "the reference other.json#/x leads to nothing in this document"},
        {R"({"$ref":"#","nullable":true})", "nullable beside $ref would be ignored"},
        {R"({"nullable":true})", "nullable needs a type beside it"},
        {R"({"properties":{"a":{}},"required":["b"]})", "b is required but not among the properties"},
        {R"({"pattern":"(["})", "is not a regular expression"},
        {R"({"enum":[]})", "enum must be a list of values"},
        {R"({"enum":[1.5]})", "enum and const may hold"},
        {R"({"minItems":-1})", "minItems must be an integer of at least 0"},
        {R"({"items":5})", "schema #/items: must be an object, true or false"},
        {R"([])", "must be an object, true or false"},
        {R"({"oneOf":{}})", "oneOf must be a list of schemas"},
    };
    for (Row const& row : rows) {
        auto validator = Validator::compile(json::parse(row.schema));
        ASSERT_FALSE(validator) << row.schema;
        EXPECT_THAT(validator.error().context, HasSubstr(row.expected));
    }
    EXPECT_FALSE(Validator::compile(json::object(), "#/nowhere"));
    EXPECT_FALSE(Validator::compile(json::object(), "nonsense"));
}

TEST(Validator, TellsTheNearestAlternativeNotAllOfThem) {
    json schema = json::parse(R"({"oneOf":[
        {"type":"object","additionalProperties":false,"required":["kind"],"properties":{"kind":{"const":"delay"},"seconds":{"type":"integer"}}},
        {"type":"object","additionalProperties":false,"required":["kind"],"properties":{"kind":{"const":"status"},"code":{"type":"integer"},"body":{"type":"string"}}},
        {"type":"string"}]})");
    EXPECT_THAT(check(schema, json::parse(R"({"kind":"status","code":"x","body":"y"})")),
                ElementsAre(HasSubstr("code: is \"x\"")));
    EXPECT_THAT(check(schema, json::parse("5")), ElementsAre(HasSubstr("$: is 5 (a number); allowed: a mapping")));
}

TEST(Validator, SurvivesSchemasAndValuesThatNeverEnd) {
    json endless = json::parse(R"({"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/a"}}})");
    EXPECT_THAT(check(endless, 1), ElementsAre(HasSubstr("nested too deep")));
    json deep = json::array();
    for (int i = 0; i < 2000; ++i) deep = json::array({std::move(deep)});
    EXPECT_THAT(check(json::parse(R"({"type":"array","items":{"$ref":"#"}})"), deep),
                ElementsAre(HasSubstr("nested too deep")));
}

TEST(Validator, StopsAtAHundredMistakes) {
    json many = json::array();
    for (int i = 0; i < 1000; ++i) many.push_back("x");
    EXPECT_EQ(check(json::parse(R"({"type":"array","items":{"type":"integer"}})"), many).size(),
              Validator::mistakes_max);
}

TEST(Validator, ALongTextNeverReachesTheRegularExpression) {
    json schema = json::parse(R"({"type":"string","pattern":"^(a|b)*$"})");
    EXPECT_THAT(check(schema, std::string(Validator::pattern_text_max, 'a')), IsEmpty());
    EXPECT_THAT(check(schema, std::string(1'000'000, 'a')), ElementsAre(HasSubstr("a text of 1000000 bytes")));
}

} // namespace
} // namespace almd
