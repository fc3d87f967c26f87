// Names given by hand: the functions that the admin API asks and the schema that CONFIG is checked with say the same.
#include "agent/settings/names.hpp"
#include "agent/settings/schema_defaults.hpp"
#include "proto/schema/validator.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using nlohmann::json;

bool schema_allows(json const& part, std::string const& name) {
    json schema = part;
    auto const validator = Validator::compile(schema).value();
    return validator.check(Document::from_yaml(json(name).dump(), "name").value()).empty();
}

TEST(Names, TheAdminApiAndTheSchemaAllowTheSame) {
    auto const& definitions = settings_schema()["definitions"];
    struct Row {
        json part;
        Result<void> (*rule)(std::string_view);
    };
    std::vector<std::string> names{"SAP*",       "XSAP*",        "SAP**",         "",    "A",    "batch", "BATCH_USER",
                                   "A.B/C#$&@-", "ABCDEFGHIJKL", "ABCDEFGHIJKLM", "a b", "A\nB", "A\x01", "proxy:80",
                                   "\xc3\xbc",   "calm-2",       ":::::",         "...", "-",    "a.b.c", "a..b",
                                   "10.0.0.1",   "::1",          "fe80::1:2"};
    for (std::size_t length : {27, 28, 64, 65, 253, 254}) names.emplace_back(length, 'X');
    for (auto const& row : {Row{definitions["user"], allow_user_name},
                            Row{definitions["destination"]["properties"]["name"], allow_destination_name},
                            Row{definitions["proxy"]["properties"]["host"], allow_proxy_host},
                            Row{definitions["proxy"]["properties"]["user"], allow_proxy_user}})
        for (auto const& name : names)
            EXPECT_EQ(row.rule(name).has_value(), schema_allows(row.part, name)) << row.part << '\n' << name;
}

TEST(Names, ARefusalSaysWhatWasFoundAndWhatIsAllowed) {
    auto const refused = allow_user_name("batch\n");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context, "\"batch\\x0a\" is no user name; allowed: 1 to 12 upper-case letters, digits or "
                                       "_ . / # $ & @ -, such as BATCH_USER; or SAP*");
}

} // namespace
} // namespace almd
