// Lists: filter, sort, page, and how few rows they make.
#include "proto/http/listing.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<json> const& jobs() {
    static std::vector<json> const rows = {
        {{"name", "CALM Heartbeat"},
         {"client", "000"},
         {"delay", 3},
         {"end", nullptr},
         {"tags", {"a", "b"}},
         {"ok", true}},
        {{"name", "CALM Scheduler"}, {"client", "100"}, {"delay", 20}, {"end", "08:00"}, {"tags", {"c"}}, {"ok", true}},
        {{"name", "/SDF/CALM_CDM"},
         {"client", "000"},
         {"delay", 1.5},
         {"end", "07:00"},
         {"tags", json::array()},
         {"ok", false}},
        {{"name", "Other, with comma"},
         {"client", "200"},
         {"delay", 3},
         {"end", "09:00"},
         {"tags", {"b"}},
         {"ok", false}},
    };
    return rows;
}

ListSource source() {
    return {{"name", "client", "delay", "end", "tags", "ok"}, jobs().size(), [](std::size_t i) { return jobs()[i]; }};
}

std::vector<std::string> names(std::string_view query) {
    auto const response = list_response(Query::parse(query), source());
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> out;
    auto const body = json::parse(response.body);
    for (auto const& item : body["items"]) out.push_back(item["name"]);
    return out;
}

TEST(List, WithoutParametersIsTheSourceInItsOrder) {
    auto const body = json::parse(list_response(Query::parse(""), source()).body);
    EXPECT_EQ(body["total"], 4);
    EXPECT_EQ(body["items"], json(jobs()));
}

TEST(List, FiltersExactlyByWildcardAndByOneOfSeveralValues) {
    EXPECT_THAT(names("client=000"), ElementsAre("CALM Heartbeat", "/SDF/CALM_CDM"));
    EXPECT_THAT(names("client=00"), IsEmpty());
    EXPECT_THAT(names("name=CALM*"), ElementsAre("CALM Heartbeat", "CALM Scheduler"));
    EXPECT_THAT(names("name=*CALM*e*"), ElementsAre("CALM Heartbeat", "CALM Scheduler"));
    EXPECT_THAT(names("client=100,2*"), ElementsAre("CALM Scheduler", "Other, with comma"));
    EXPECT_THAT(names("client=000&delay=3"), ElementsAre("CALM Heartbeat"));
    EXPECT_THAT(names("ok=false&tags=b"), ElementsAre("Other, with comma"));
    EXPECT_THAT(names("end="), ElementsAre("CALM Heartbeat"));
}

TEST(List, SearchesAnyFieldWithoutRegardToCase) {
    EXPECT_THAT(names("q=sdf"), ElementsAre("/SDF/CALM_CDM"));
    EXPECT_THAT(names("q=1.5"), ElementsAre("/SDF/CALM_CDM"));
    EXPECT_THAT(names("q=nothing"), IsEmpty());
}

TEST(List, SortsNumbersAsNumbersAndKeepsTheOrderOfEqualRows) {
    EXPECT_THAT(names("sort=delay"),
                ElementsAre("/SDF/CALM_CDM", "CALM Heartbeat", "Other, with comma", "CALM Scheduler"));
    EXPECT_THAT(names("sort=-delay"),
                ElementsAre("CALM Scheduler", "CALM Heartbeat", "Other, with comma", "/SDF/CALM_CDM"));
    EXPECT_THAT(names("sort=client,-delay"),
                ElementsAre("CALM Heartbeat", "/SDF/CALM_CDM", "CALM Scheduler", "Other, with comma"));
    EXPECT_EQ(names("sort=end").front(), "CALM Heartbeat"); // null comes first
}

TEST(List, PagesAfterFilterAndSort) {
    auto const response = list_response(Query::parse("client=000,100&sort=-name&offset=1&limit=1"), source());
    auto const body = json::parse(response.body);
    EXPECT_EQ(body["total"], 3);
    ASSERT_EQ(body["items"].size(), 1U);
    EXPECT_EQ(body["items"][0]["name"], "CALM Heartbeat");
    EXPECT_THAT(names("offset=99"), IsEmpty());
    EXPECT_THAT(names("offset=18446744073709551615&sort=name"), IsEmpty());
    EXPECT_THAT(names("limit=0"), IsEmpty());
}

TEST(List, RefusesWhatItDoesNotKnowAndSaysWhatIsAllowed) {
    struct Case {
        char const *query, *target, *says;
    };
    for (auto const& [query, target, says] :
         {Case{"nmae=x", "nmae", "name, client, delay, end, tags, ok"}, Case{"sort=-nmae", "sort", "name, client"},
          Case{"limit=10001", "limit", "10000"}, Case{"limit=x", "limit", "whole number"},
          Case{"offset=-1", "offset", "whole number"}, Case{"offset=", "offset", "whole number"}}) {
        auto const response = list_response(Query::parse(query), source());
        EXPECT_EQ(response.status, 400) << query;
        auto const body = json::parse(response.body);
        EXPECT_EQ(body["error"]["target"], target);
        EXPECT_THAT(body["error"]["message"].get<std::string>(), HasSubstr(says));
    }
}

TEST(List, MakesOnlyThePagesRowsWhenNothingIsFilteredOrSorted) {
    std::size_t made = 0;
    ListSource const million{{"n"}, 1'000'000, [&](std::size_t i) {
                                 ++made;
                                 return json{{"n", i}};
                             }};
    auto const body = json::parse(list_response(Query::parse("offset=999950&limit=100"), million).body);
    EXPECT_EQ(body["total"], 1'000'000);
    EXPECT_EQ(body["items"].size(), 50U);
    EXPECT_EQ(made, 50U);
}

TEST(List, SortsManyRowsLikeAFullSort) {
    auto const value = [](std::size_t i) { return (i * 7919) % 10'007; };
    ListSource const many{{"n", "i"}, 20'000, [&](std::size_t i) { return json{{"n", value(i)}, {"i", i}}; }};
    std::vector<std::size_t> expected(20'000);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
    std::ranges::stable_sort(expected, [&](auto a, auto b) { return value(a) < value(b); });
    auto const body = json::parse(list_response(Query::parse("sort=n&offset=1000&limit=50"), many).body);
    ASSERT_EQ(body["items"].size(), 50U);
    for (std::size_t k = 0; k < 50; ++k) EXPECT_EQ(body["items"][k]["i"], expected[1000 + k]);
}

} // namespace
} // namespace almd
