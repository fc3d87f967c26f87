// What is an identifier and what is not.
#include "proto/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace almd {
namespace {

using testing::HasSubstr;

SystemId sid(std::string_view text) {
    return SystemId::parse(text).value();
}

/// Each is refused as invalid, and the sentence shows what was found and an example.
template <class Parse>
void expect_refused(Parse parse, std::vector<std::string> const& texts, std::string const& example) {
    for (auto const& text : texts) {
        auto const parsed = parse(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid);
        EXPECT_THAT(parsed.error().context, HasSubstr(in_quotes(text)));
        EXPECT_THAT(parsed.error().context, HasSubstr(example));
    }
}

TEST(SystemId, IsALetterAndTwoLettersOrDigits) {
    for (char const* text : {"DEV", "S4H", "A00", "ZZ9"}) EXPECT_EQ(sid(text).text(), text);
    expect_refused(SystemId::parse,
                   {"", "D", "DE", "DEVX", "dev", "DeV", "4SH", " EV", "D V", "D-V",
                    "\xc3\x84"
                    "B",
                    std::string("D\0V", 3)},
                   "DEV or S4H");
    static_assert(sizeof(SystemId) == 3 && std::is_trivially_copyable_v<SystemId>);
}

TEST(SystemId, TheNthAreAllOfThemAndEachOnce) {
    std::set<SystemId> all;
    for (std::uint64_t n = 0; n < SystemId::count; ++n) {
        auto const id = SystemId::nth(n);
        ASSERT_TRUE(SystemId::parse(id.text()).has_value());
        all.insert(id);
    }
    EXPECT_EQ(all.size(), 33'696U);
    EXPECT_EQ(SystemId::nth(0).text(), "AAA");
    EXPECT_EQ(SystemId::nth(33'695).text(), "Z99");
    EXPECT_EQ(SystemId::nth(33'696), SystemId::nth(0));
    EXPECT_EQ(SystemId::nth(UINT64_MAX), SystemId::nth(UINT64_MAX % SystemId::count));
}

TEST(Client, IsThreeDigits) {
    for (char const* text : {"000", "001", "100", "066", "999"}) EXPECT_EQ(Client::parse(text).value().text(), text);
    EXPECT_EQ(Client::parse("066").value().number(), 66);
    EXPECT_EQ(client_000.text(), "000");
    EXPECT_LT(client_000, Client{100});
    expect_refused(Client::parse, {"", "0", "00", "0000", "1000", "-01", "+01", " 01", "1e2", "10O"},
                   "\"000\" to \"999\"");
}

TEST(TrRequest, IsSystemKAndSixDigitsFromNine) {
    auto const request = TrRequest::parse("DEVK900042").value();
    EXPECT_EQ(request.text(), "DEVK900042");
    EXPECT_EQ(request.system(), sid("DEV"));
    EXPECT_EQ(request.number(), 900'042U);
    EXPECT_EQ(request, TrRequest(sid("DEV"), 900'042));
    EXPECT_EQ(TrRequest(sid("S4H"), 999'999).text(), "S4HK999999");
    EXPECT_LT(request, TrRequest(sid("DEV"), 900'043));
    static_assert(sizeof(TrRequest) <= 12 && std::is_trivially_copyable_v<TrRequest>);
    expect_refused(TrRequest::parse,
                   {"", "DEVK90004", "DEVK9000421", "devK900042", "DEVk900042", "DEVK800042", "DEVT900042",
                    "4EVK900042", "DEVK90004A", "DEVK9000 2", "SAPKB75001", "DEV900042K"},
                   "DEVK900042");
}

TEST(TransportTarget, IsSystemWithOrWithoutClientOrAGroup) {
    auto const with_client = TransportTarget::parse("QUA.200").value();
    EXPECT_EQ(with_client.text(), "QUA.200");
    EXPECT_EQ(with_client.system(), sid("QUA"));
    EXPECT_EQ(with_client.client(), Client{200});
    EXPECT_FALSE(with_client.is_group());
    EXPECT_EQ(with_client, TransportTarget(sid("QUA"), Client{200}));

    auto const system = TransportTarget::parse("QUA").value();
    EXPECT_EQ(system.system(), sid("QUA"));
    EXPECT_EQ(system.client(), std::nullopt);
    EXPECT_EQ(system, TransportTarget(sid("QUA")));
    EXPECT_LT(system, with_client);

    auto const group = TransportTarget::parse("/ALL_2026/").value();
    EXPECT_TRUE(group.is_group());
    EXPECT_EQ(group.text(), "/ALL_2026/");
    EXPECT_EQ(group.system(), std::nullopt);
    EXPECT_EQ(group.client(), std::nullopt);
    EXPECT_TRUE(TransportTarget::parse("/A/").has_value());
    expect_refused(TransportTarget::parse,
                   {"",  "QU", "QUA.", "QUA.2", "QUA.20", "QUA.2000", "QUA-200",     "QUA200", "qua.200", "QUA.20X",
                    "/", "//", "///",  "/ALL",  "ALL/",   "/all/",    "/NINECHARS/", "/A B/",  "/A/B/",   "QUA.200 "},
                   "QUA.200");
}

template <class Id>
class Uuids : public testing::Test {};
using Tags = testing::Types<Uuid, LmsId, WorkId, FeatureId>;
TYPED_TEST_SUITE(Uuids, Tags);

TYPED_TEST(Uuids, AreReadAndWritten) {
    std::string const text = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    auto const id = TypeParam::parse(text).value();
    EXPECT_EQ(id.text(), text);
    EXPECT_EQ(id.high(), 0x3f2504e04f8941d3ULL);
    EXPECT_EQ(id.low(), 0x9a0c0305e82c3301ULL);
    EXPECT_EQ(TypeParam::parse("3F2504E0-4F89-41D3-9A0C-0305E82C3301").value(), id);
    EXPECT_EQ(TypeParam{}.text(), "00000000-0000-0000-0000-000000000000");
    EXPECT_TRUE(TypeParam{}.is_nil());
    EXPECT_TRUE(TypeParam::parse(TypeParam{}.text()).value().is_nil());
    EXPECT_FALSE(id.is_nil());
    expect_refused(TypeParam::parse,
                   {"", "3f2504e0-4f89-41d3-9a0c-0305e82c330", "3f2504e0-4f89-41d3-9a0c-0305e82c33011",
                    "3f2504e04f8941d39a0c0305e82c3301", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
                    "3f2504e0-4f89-41d3-9a0c-0305e82c330g", "3f2504e0-4f89-41d3-9a0c00305e82c3301",
                    "3f2504e-04f89-41d3-9a0c-0305e82c3301"},
                   "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
}

TYPED_TEST(Uuids, FromAHashAreVersionFourAndDifferent) {
    std::set<std::string> all;
    for (std::uint64_t a = 0; a < 50; ++a) {
        for (std::uint64_t b = 0; b < 50; ++b) {
            auto const id = TypeParam::from_hash(a, b);
            EXPECT_EQ(id, TypeParam::from_hash(a, b));
            EXPECT_THAT(id.text(), testing::MatchesRegex(
                                       "[0-9a-f]+-[0-9a-f]+-4[0-9a-f][0-9a-f][0-9a-f]-[89ab][0-9a-f]+-[0-9a-f]+"));
            all.insert(id.text());
        }
    }
    EXPECT_EQ(all.size(), 2500U);
}

TEST(Uuids, SortAsTheirText) {
    auto const a = Uuid::from_hash(1, 1), b = Uuid::from_hash(2, 1);
    EXPECT_EQ(a < b, a.text() < b.text());
    EXPECT_NE(UuidHash<PlainTag>{}(a), UuidHash<PlainTag>{}(b));
}

TEST(TpReturnCode, HasASeverity) {
    using enum TpReturnCode::Severity;
    struct {
        int code;
        TpReturnCode::Severity severity;
    } const cases[] = {{0, success}, {1, warning},    {4, warning},     {5, error},
                       {8, error},   {9, terminated}, {12, terminated}, {152, terminated}};
    for (auto const& one : cases) EXPECT_EQ(TpReturnCode{one.code}.severity(), one.severity) << one.code;
    EXPECT_EQ(std::max(TpReturnCode{4}, TpReturnCode{8}).value(), 8);
}

TEST(TransportLetters, AreThoseThatCloudAlmMeets) {
    for (char const letter : std::string_view{"KWTSRXQ"})
        EXPECT_EQ(static_cast<char>(parse_tr_function({&letter, 1}).value()), letter);
    for (char const letter : std::string_view{"DLORN"})
        EXPECT_EQ(static_cast<char>(parse_tr_status({&letter, 1}).value()), letter);
    expect_refused(parse_tr_function, {"", "k", "D", "KW", " ", std::string(1, '\0')}, "K W T S R X Q");
    expect_refused(parse_tr_status, {"", "d", "K", "DL", "\xff"}, "D L O R N");
}

} // namespace
} // namespace almd
