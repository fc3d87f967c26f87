// The OData reader: what it understands, what it refuses and how, and that no text does it harm.
#include "simulator/cloud/odata_query.hpp"
#include "simulator/kernel/rng.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace almd::test {
namespace {

using testing::HasSubstr;

struct Colour {
    std::string code, name;
};
struct Thing {
    std::string id, name, note;
    int size = 0;
    bool good = false;
    TimePoint made{};
    Colour const* colour = nullptr;
    std::vector<Thing const*> parts;
};

template <class T>
T const& as(ODataRow row) {
    return *static_cast<T const*>(row);
}

constexpr ODataProperty colour_properties[]{
    {"code", ODataType::text, [](ODataRow row) -> ODataValue { return as<Colour>(row).code; }},
    {"name", ODataType::text, [](ODataRow row) -> ODataValue { return as<Colour>(row).name; }},
};
constexpr ODataEntity colours{"Colour", "Colours", colour_properties, {}};

ODataEntity const& things();
ODataValue text_or_null(std::string const& text) {
    return text.empty() ? ODataValue{} : ODataValue{text};
}
constexpr ODataProperty thing_properties[]{
    {"id", ODataType::guid, [](ODataRow row) -> ODataValue { return as<Thing>(row).id; }},
    {"name", ODataType::text, [](ODataRow row) -> ODataValue { return as<Thing>(row).name; }},
    {"note", ODataType::text, [](ODataRow row) { return text_or_null(as<Thing>(row).note); }},
    {"size", ODataType::number, [](ODataRow row) -> ODataValue { return double(as<Thing>(row).size); }},
    {"good", ODataType::boolean, [](ODataRow row) -> ODataValue { return as<Thing>(row).good; }},
    {"made", ODataType::time, [](ODataRow row) -> ODataValue { return as<Thing>(row).made; }},
};
constexpr ODataNavigation thing_ways[]{
    {"toColour", []() -> ODataEntity const& { return colours; }, false,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         if (as<Thing>(row).colour) out.push_back(as<Thing>(row).colour);
     }},
    {"toParts", things, true,
     [](ODataRow row, void const*, std::vector<ODataRow>& out) {
         for (auto const* part : as<Thing>(row).parts) out.push_back(part);
     }},
};
constexpr ODataEntity thing_entity{"Thing", "Things", thing_properties, thing_ways};
ODataEntity const& things() {
    return thing_entity;
}

struct OData : testing::Test {
    Colour red{"R", "Red"}, blue{"B", "Blue"};
    std::vector<Thing> rows{
        {"710b9573-5f47-4de6-b761-070626300001",
         "Bolt",
         "a 'quoted' note",
         3,
         true,
         *parse_rfc3339("2026-03-01T06:00:00Z"),
         &red,
         {}},
        {"710b9573-5f47-4de6-b761-070626300002",
         "nut",
         "",
         5,
         false,
         *parse_rfc3339("2026-03-02T06:00:00Z"),
         &blue,
         {}},
        {"710b9573-5f47-4de6-b761-070626300003",
         "Axle",
         "x",
         5,
         true,
         *parse_rfc3339("2026-03-03T06:00:00Z"),
         nullptr,
         {}},
    };
    OData() { rows[2].parts = {&rows[0], &rows[1]}; }

    std::vector<ODataRow> all() const {
        std::vector<ODataRow> out;
        for (auto const& row : rows) out.push_back(&row);
        return out;
    }
    nlohmann::json ask(std::string_view query) const {
        auto const read = ODataQuery::parse(Query::parse(query), thing_entity);
        EXPECT_TRUE(read) << query << ": " << (read ? "" : read.error().context);
        if (!read) return nullptr;
        return nlohmann::json::parse(
            odata_collection({thing_entity, *read, nullptr, "@odata.", "$metadata#Things", "Things?"}, all()));
    }
    std::string names(std::string_view query) const {
        std::string out;
        auto const answer = ask(query);
        for (auto const& row : answer["value"]) out += row.value("name", "?") + " ";
        return out;
    }
    static Error refusal(std::string_view query) {
        auto const read = ODataQuery::parse(Query::parse(query), thing_entity);
        EXPECT_FALSE(read) << query;
        return read ? Error{} : read.error();
    }
};

TEST_F(OData, FiltersSayWhichRowsAreMeant) {
    std::pair<std::string_view, std::string_view> const cases[]{
        {"name eq 'Bolt'", "Bolt "},
        {"name ne 'Bolt'", "nut Axle "},
        {"size gt 3", "nut Axle "},
        {"size ge 3 and size lt 5", "Bolt "},
        {"size le 3.5", "Bolt "},
        {"good", "Bolt Axle "},
        {"good eq false", "nut "},
        {"not good", "nut "},
        {"not (good or size eq 3)", "nut "},
        {"not not good", "Bolt Axle "},
        {"size eq 5 and good or name eq 'Bolt'", "Bolt Axle "},
        {"size eq 5 and (good or name eq 'Bolt')", "Axle "},
        {"id eq 710b9573-5f47-4de6-b761-070626300002", "nut "},
        {"id eq 710B9573-5F47-4DE6-B761-070626300002", "nut "},
        {"note eq null", "nut "},
        {"note ne null", "Bolt Axle "},
        {"null eq note", "nut "},
        {"note gt 'b'", "Axle "},
        {"not (note gt 'b')", "Bolt nut "}, // null is neither greater nor less
        {"not (note ge 'b') and not (note lt 'b')", "nut "},
        {"not (note le null)", "Bolt nut Axle "},
        {"note gt 'b' or size eq 5", "nut Axle "},
        {"not (contains(note,'x') and good)", "Bolt nut "}, // false wins over what is not known
        {"not (contains(note,'x') or good)", ""},           // but not over true
        {"contains(note,'x') or not good", "nut Axle "},
        {"not (contains(note,'x') and size eq 5)", "Bolt "},
        {"note eq 'a ''quoted'' note'", "Bolt "},
        {"contains(name,'l')", "Bolt Axle "},
        {"contains(note,'quoted')", "Bolt "},
        {"not contains(note,'quoted')", "Axle "}, // of null nothing is known
        {"startswith(name,'A')", "Axle "},
        {"endswith(name,'t')", "Bolt nut "},
        {"contains(tolower(name),'b') or toupper(name) eq 'NUT'", "Bolt nut "},
        {"made ge 2026-03-02", "nut Axle "},
        {"made gt 2026-03-02T05:00:00Z and made lt 2026-03-02T08:00:00%2B01:00", "nut "},
        {"name in ('nut','Axle')", "nut Axle "},
        {"size in (3)", "Bolt "},
        {"length(name) eq 4", "Bolt Axle "},
        {"length(note) eq null", "nut "},
        {"length('äöü') eq 3", "Bolt nut Axle "},
        {"indexof(name,'l') eq 2", "Bolt Axle "},
        {"indexof(name,'x') lt 0", "Bolt nut "},
        {"indexof('äöü','ü') eq 2 and good", "Bolt Axle "},
        {"substring(name,2) eq 'lt'", "Bolt "},
        {"substring(name, 1, 2) eq 'xl'", "Axle "},
        {"substring('äöü',1,size) eq 'öü' and substring(name,9) eq ''", "Bolt nut Axle "},
        {"substring(name,-1,1) eq 'n'", "nut "},
        {"concat(concat(name,'-'),toColour/code) eq 'nut-B'", "nut "},
        {"trim('  a ') eq 'a' and trim(' ') eq ''", "Bolt nut Axle "},
        {"toParts/any()", "Axle "},
        {"not toParts/any()", "Bolt nut "},
        {"toParts/any(p:p/name eq 'Bolt')", "Axle "},
        {"toParts/any(p:p/size gt size)", ""}, // of the part, of the whole
        {"toParts/any(p:p/size ge size and p/toColour/code eq 'B')", "Axle "},
        {"toParts/all(p:p/size ge 3)", "Bolt nut Axle "},
        {"toParts/all(p:p/good) and size eq 5", "nut "},
        {"toParts/any(p:length(p/note) gt 1) eq true", "Axle "},
        {"toParts/$count eq 2 or toParts/$count lt 0", "Axle "},
        {"toColour/code eq 'R'", "Bolt "},
        {"toColour/code eq null", "Axle "},
        {"  (  ( name  eq  'nut' ) ) ", "nut "},
        {"true", "Bolt nut Axle "},
        {"1 eq 2", ""},
    };
    for (auto const& [filter, wanted] : cases) EXPECT_EQ(names("$filter=" + std::string{filter}), wanted) << filter;
}

TEST_F(OData, OrdersAndPages) {
    EXPECT_EQ(names("$orderby=name"), "Axle Bolt nut ");
    EXPECT_EQ(names("$orderby=size desc,name asc"), "Axle nut Bolt ");
    EXPECT_EQ(names("$orderby=toColour/code,name"), "Axle nut Bolt ") << "null first";
    EXPECT_EQ(names("$orderby=tolower(name) desc"), "nut Bolt Axle ");
    EXPECT_EQ(names("$top=1&$skip=1"), "nut ");
    EXPECT_EQ(names("$top=0"), "");
    EXPECT_EQ(names("$skip=9"), "");
    auto const page = ask("$top=1&$count=true&$filter=size eq 5");
    EXPECT_EQ(page["@odata.count"], 2) << "of all that the filter leaves";
    EXPECT_EQ(page["@odata.context"], "$metadata#Things");
    EXPECT_FALSE(page.contains("@odata.nextLink")) << "the client asked for no more";
}

TEST_F(OData, SelectsAndExpands) {
    EXPECT_EQ(ask("$select=name,size&$top=1")["value"].dump(), R"([{"name":"Bolt","size":3}])");
    auto const answer =
        ask("$expand=toColour,toParts($select=name;$orderby=name desc;$top=1;$count=true)&$select=name");
    EXPECT_EQ(answer["value"][0]["toColour"]["code"], "R");
    EXPECT_TRUE(answer["value"][2]["toColour"].is_null());
    EXPECT_EQ(answer["value"][2]["toParts"].dump(), R"([{"name":"nut"}])");
    EXPECT_EQ(answer["value"][2]["toParts@odata.count"], 2);
    EXPECT_EQ(ask("$expand=*")["value"][2]["toParts"].size(), 2U);
    EXPECT_EQ(ask("$expand=toParts($expand=toColour)")["value"][2]["toParts"][0]["toColour"]["name"], "Red");
}

TEST_F(OData, LongListsComeInPages) {
    std::vector<Thing> many(ODataQuery::rows_max + 5, rows[0]);
    std::vector<ODataRow> pointers;
    for (auto const& one : many) pointers.push_back(&one);
    auto const query = *ODataQuery::parse(Query::parse("$skip=2"), thing_entity);
    auto const page =
        nlohmann::json::parse(odata_collection({thing_entity, query, nullptr, "@", "c", "Things?"}, pointers));
    EXPECT_EQ(page["value"].size(), ODataQuery::rows_max);
    EXPECT_EQ(page["@nextLink"], "Things?$skip=1002");
    auto const limited = *ODataQuery::parse(Query::parse("$top=1001"), thing_entity);
    auto const cut =
        nlohmann::json::parse(odata_collection({thing_entity, limited, nullptr, "@", "c", "T?"}, pointers));
    EXPECT_EQ(cut["@nextLink"], "T?$skip=1000&$top=1");
}

TEST_F(OData, RefusalsSayWhereAndWhatIsAllowed) {
    std::pair<std::string_view, std::string_view> const wrong[]{
        {"$filter=nmae eq 'x'", "there are: id, name"},
        {"$filter=name eq 'x", "a quote is not closed"},
        {"$filter=name eq", "a field or a value was expected"},
        {"$filter=(name eq 'x'", "\")\" was expected"},
        {"$filter=name eq 'x')", "and, or, or the end"},
        {"$filter=name", "true or false"},
        {"$filter=size eq 'x'", "a number is compared with a text"},
        {"$filter=id eq '710b9573-5f47-4de6-b761-070626300002'", "a UUID without quotes is compared"},
        {"$filter=size eq 1x", "neither a number nor a time"},
        {"$filter=size and good", "a comparison was expected"},
        {"$filter=contains(size,'x')", "a text was expected"},
        {"$filter=", "a field or a value was expected"},
        {"$filter=contains(name)", "\",\" was expected"},
        {"$filter=length(name,'x') eq 1", "\")\" was expected"},
        {"$filter=substring(name,'x') eq 'x'", "a number was expected"},
        {"$filter=substring(name,1,2,3) eq 'x'", "\")\" was expected"},
        {"$filter=toParts/name eq 'x'", "$count, any or all was expected"},
        {"$filter=toParts/$number eq 1", "$count was expected"},
        {"$filter=toParts/all()", "a name was expected"},
        {"$filter=toParts/any(p)", "\":\" was expected"},
        {"$filter=toParts/any(p:p)", "\"/\" was expected"},
        {"$filter=toParts/any(p:p/size)", "a comparison was expected"},
        {"$filter=toParts/any(p:p/nope eq 1)", "Thing has no field"},
        {"$filter=toParts/any(p:good) and p/good", "Thing has no field"},
        {"$orderby=nothing", "there are:"},
        {"$orderby=name up", "asc, desc"},
        {"$top=-1", "a number from 0"},
        {"$top=1x", "a number from 0"},
        {"$skip=99999999999999999999999", "a number from 0"},
        {"$count=yes", "true or false"},
        {"$select=nope", "has no field"},
        {"$expand=toNothing", "has no navigation"},
        {"$expand=toParts($top=1", "not closed"},
        {"$expand=toParts(nonsense)", "options look like"},
        {"$expand=toParts($expand=toParts($expand=toParts($expand=toParts)))", "inside each other"},
        {"$top=1&$top=2", "given twice"},
        {"$fliter=x", "no query option"},
    };
    for (auto const& [query, sentence] : wrong) {
        auto const error = refusal(query);
        EXPECT_EQ(error.code, ErrorCode::invalid) << query;
        EXPECT_THAT(error.context, HasSubstr(std::string{sentence})) << query;
    }
    for (auto const* query :
         {"$search=x", "$apply=x", "$filter=size add 1 eq 2", "$filter=toParts/any(p:p/toParts/any(q:q/good))",
          "$filter=toParts/any(p:toParts/$count eq 1)", "$filter=round(size) eq 2", "$filter=substringof('x',name)"})
        EXPECT_EQ(refusal(query).code, ErrorCode::unavailable) << query << ": " << refusal(query).context;
    EXPECT_TRUE(ODataQuery::parse(Query::parse("projectId=x&$format=json"), thing_entity)) << "left to the service";
}

TEST_F(OData, DepthAndLengthAreBounded) {
    auto const nested = [](std::size_t n) { return "$filter=" + std::string(n, '(') + "good" + std::string(n, ')'); };
    EXPECT_TRUE(ODataQuery::parse(Query::parse(nested(20)), thing_entity));
    EXPECT_THAT(refusal(nested(100)).context, HasSubstr("parentheses"));
    EXPECT_THAT(refusal(nested(100'000)).context, HasSubstr("at most 4096"));
    std::string wide = "$filter=good";
    for (int i = 0; i < 400; ++i) wide += " or good";
    EXPECT_THAT(refusal(wide).context, HasSubstr("more than 300 parts"));
    std::string functions = "$filter=";
    for (int i = 0; i < 100; ++i) functions += "tolower(";
    EXPECT_THAT(refusal(functions).context, HasSubstr("functions inside"));
    std::string longer = "name";
    for (int i = 0; i < 9; ++i) longer = "concat(" + longer + ",name)";
    EXPECT_THAT(refusal("$orderby=" + longer).context, HasSubstr("at most 8 concat"));
    std::string nots = "$filter=";
    for (int i = 0; i < 1000; ++i) nots += "not ";
    EXPECT_EQ(names(nots + "good"), "Bolt Axle ");
}

/// Good queries with bytes changed, doubled, cut out and put together: read or refused, never a crash, and what was read can be asked.
TEST_F(OData, MutatedQueriesAreReadOrRefused) {
    std::string_view const seeds[]{
        "$filter=name eq 'Bolt' and (size gt 3 or not contains(note,'x')) and made ge 2026-03-02T06:00:00Z",
        "$filter=id eq 710b9573-5f47-4de6-b761-070626300002&$orderby=size desc,name&$top=2&$skip=1&$count=true",
        "$select=name,size&$expand=toColour($select=code),toParts($filter=size eq 5;$expand=toColour)",
        "$filter=toColour/code in ('R','B') or endswith(tolower(name),'t')&$orderby=toColour/name",
        "$filter=size eq -1.5e3 or good ne true or note eq null",
        "$filter=toParts/any(p:p/size ge size and substring(p/note,1,2) eq 'x') or toParts/$count gt 1",
        "$filter=indexof(concat(name,note),trim(' l')) ge length(note) and toParts/all(p:p/good)",
    };
    auto random = Rng::stream(7, 0, hash_text("odata"));
    std::size_t good = 0, refused = 0;
    constexpr int rounds = 20'000;
    for (int round = 0; round < rounds; ++round) {
        std::string text{seeds[random.below(std::size(seeds))]};
        for (auto changes = 1 + random.below(3); changes > 0 && !text.empty(); --changes) {
            auto const at = random.below(text.size());
            switch (random.below(5)) {
            case 0: text[at] = static_cast<char>(random.below(256)); break;
            case 1: text.erase(at, 1 + random.below(8)); break;
            case 2: text.insert(at, text.substr(at, random.below(20))); break;
            case 3: text.insert(at, 1, "()',;/$=& "[random.below(10)]); break;
            default: text += seeds[random.below(std::size(seeds))].substr(random.below(20)); break;
            }
        }
        auto const read = ODataQuery::parse(Query::parse(text), thing_entity);
        if (!read) {
            ++refused;
            ASSERT_FALSE(read.error().context.empty()) << text;
            continue;
        }
        ++good;
        auto const answer = odata_collection({thing_entity, *read, nullptr, "@odata.", "c", "Things?"}, all());
        ASSERT_TRUE(nlohmann::json::accept(answer)) << text;
    }
    EXPECT_GT(good, 500U);
    EXPECT_GT(refused, 1'000U);
}

TEST_F(OData, TheModelIsDescribed) {
    ODataEntity const* const entities[]{&thing_entity, &colours};
    auto const xml = odata_metadata("almd", entities);
    EXPECT_THAT(xml, HasSubstr(R"(<EntitySet Name="Things")"));
    EXPECT_THAT(xml, HasSubstr(R"(<EntityType Name="Thing"><Key><PropertyRef Name="id"/></Key>)"));
    EXPECT_THAT(xml, HasSubstr(R"x(<NavigationProperty Name="toParts" Type="Collection(almd.Thing)"/>)x"));
    EXPECT_THAT(odata_service_document("@odata.", "../$metadata", entities),
                HasSubstr(R"({"name":"Things","kind":"EntitySet")"));
}

} // namespace
} // namespace almd::test
