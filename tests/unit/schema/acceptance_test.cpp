// The fast yes or no says the same as the check that finds words.
#include "proto/schema/validator.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace almd {
namespace {

using nlohmann::json;

Validator schema_of(json const& document, std::string_view pointer) {
    return Validator::compile(document, pointer).value();
}

void expect_same(Validator const& schema, json const& value) {
    auto const text = value.dump();
    EXPECT_EQ(schema.accepts(JsonText::parse(text).value()), schema.check(value).empty()) << text;
}

TEST(Accepting, AgreesWithCheckingOnEveryKeyword) {
    json const document = json::parse(R"({"schemas":{
      "tree":{"type":"object","additionalProperties":{"$ref":"#/schemas/tree"}},
      "all":{"allOf":[{"type":"integer","minimum":3},{"maximum":5}]},
      "any":{"anyOf":[{"type":"integer"},{"type":"string","minLength":2}]},
      "one":{"oneOf":[{"type":"integer","maximum":5},{"type":"integer","minimum":5}]},
      "text":{"type":"string","minLength":1,"maxLength":3,"pattern":"^[a-zä]+$"},
      "when":{"type":"string","format":"date-time","nullable":true},
      "id":{"type":"string","format":"uuid"},
      "word":{"enum":["a",1,true,null]},
      "list":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"number"}},
      "thing":{"type":"object","additionalProperties":false,"required":["b"],"minProperties":1,
               "properties":{"b":{"type":"boolean"},"a":{"const":"x"},"c":false}}}})");
    json const values = json::parse(R"([null,true,false,0,1,3,4,5,6,2.5,-1,"","a","x","ab","äää","abcd","AB",
      "2026-11-22T08:56:24.000Z","2026-13-22T08:56:24.000Z","710b9573-5f47-4de6-b761-070626300001","710b9573",
      [],[1],[1,"a"],[1.5,2],[1,2,3],{},{"b":true},{"b":1},{"b":true,"a":"x"},{"a":"x"},{"b":true,"a":"y"},
      {"b":true,"z":1},{"b":true,"c":1},{"a":{"b":{"c":{}}}},{"a":{"b":{"c":3}}}])");
    for (auto const& [name, unused] : document["schemas"].items()) {
        SCOPED_TRACE(name);
        auto const schema = schema_of(document, "#/schemas/" + name);
        for (auto const& value : values) expect_same(schema, value);
    }
}

/// Calls `use` with every value inside `root`, which it may change.
void each_value(json& root, json& at, std::function<void(json&)> const& use) {
    use(at);
    if (at.is_structured())
        for (auto& child : at) each_value(root, child, use);
}

TEST(Accepting, AgreesWithCheckingOnEveryExampleOfTheContractAndItsMutations) {
    auto const contract = Document::load(ALMD_SOURCE_DIR "/proto/openapi/standin.yaml").value();
    auto const& paths = contract.value()["paths"];
    std::size_t tried = 0;
    for (auto const& [path, methods] : paths.items())
        for (auto const& [method, operation] : methods.items()) {
            if (!operation.is_object() || !operation.contains("requestBody")) continue;
            auto const& content = operation["requestBody"]["content"];
            if (!content.contains("application/json")) continue;
            auto const& body = content["application/json"];
            SCOPED_TRACE(path);
            auto const schema = schema_of(contract.value(), body["schema"]["$ref"].get<std::string>());
            auto example = body["example"];
            EXPECT_TRUE(schema.accepts(JsonText::parse(example.dump()).value()));
            each_value(example, example, [&](json& at) {
                auto const before = at;
                for (json const& other : {json(nullptr), json(7), json(-1), json("?"), json(true), json::array(),
                                          json::object(), json{{"colour", 1}}, json(1.5), json(2.0)}) {
                    at = other;
                    expect_same(schema, example);
                    ++tried;
                }
                at = before;
                if (!at.is_object()) return;
                at["colour"] = 1;
                expect_same(schema, example);
                at = before;
                for (auto const& [key, unused] : before.items()) {
                    at.erase(key);
                    expect_same(schema, example);
                    at = before;
                }
            });
        }
    EXPECT_GT(tried, 1'000U);
}

} // namespace
} // namespace almd
