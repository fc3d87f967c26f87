// Upper and lower case of scripts that have it.
#include "simulator/cloud/letter_case.hpp"

#include <gtest/gtest.h>

namespace almd::test {
namespace {

TEST(LetterCase, LettersHaveTheirPartner) {
    std::pair<std::string_view, std::string_view> const pairs[]{
        {"AZ az-09", "az az-09"},
        {"ÄÖÜÀÞ", "äöüàþ"},
        {"ĀĶĹŇŊŶŸŹŽ", "āķĺňŋŷÿźž"},
        {"ƠƯȘȚẠỸ", "ơưșțạỹ"},
        {"ΑΩΆΈΌΎΏΣΪ", "αωάέόύώσϊ"},
        {"ЁЏАЯѠҐӀӁӐ", "ёџаяѡґӏӂӑ"},
        {"ԱՖ", "աֆ"},
    };
    for (auto const& [upper, lower] : pairs) {
        EXPECT_EQ(to_lower(upper), lower);
        EXPECT_EQ(to_lower(lower), lower);
        EXPECT_EQ(to_upper(upper), to_upper(lower));
    }
    EXPECT_EQ(to_upper("äÿőπяž"), "ÄŸŐΠЯŽ");
}

TEST(LetterCase, SomeLeadOneWayOnly) {
    EXPECT_EQ(to_lower("İẞ"), "iß");
    EXPECT_EQ(to_upper("ıſςµ"), "ISΣΜ");
    EXPECT_EQ(to_lower("ıſςµ"), "ıſςµ");
}

TEST(LetterCase, OthersStayAsTheyAre) {
    for (std::string_view const text : {"×÷€漢字😀", "\xc3", "\xff\x80 1", "\xe2\x82", ""}) {
        EXPECT_EQ(to_lower(text), text);
        EXPECT_EQ(to_upper(text), text);
    }
    EXPECT_EQ(to_upper("ß"), "ß") << "one character for one";
}

} // namespace
} // namespace almd::test
