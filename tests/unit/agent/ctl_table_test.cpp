// Text tables.
#include "agent/admin/table.hpp"

#include <gtest/gtest.h>

namespace almd {
namespace {

TEST(Table, AlignsTextLeftAndNumbersRightWithoutBlanksAtTheEnd) {
    Table const table{{{"system", false}, {"beats", true}, {"text", false}},
                      {{{"DEV"}, {"7"}, {"a"}}, {{"LONGER_THAN"}, {"12345678"}, {""}}, {{"QUA"}}}};
    EXPECT_EQ(render(table, false), "SYSTEM          BEATS  TEXT\n"
                                    "DEV                 7  a\n"
                                    "LONGER_THAN  12345678\n"
                                    "QUA\n");
}

TEST(Table, CountsCharactersNotBytes) {
    Table const table{{{"name", false}, {"x", false}}, {{{"München"}, {"1"}}, {{"Koeln"}, {"2"}}}};
    EXPECT_EQ(render(table, false), "NAME     X\nMünchen  1\nKoeln    2\n");
}

TEST(Table, ColoursDoNotMoveColumns) {
    Table const table{{{"a", false}, {"b", false}}, {{{"x", Colour::bad}, {"y", Colour::good}}}};
    EXPECT_EQ(render(table, true), "\x1b[2mA\x1b[0m  \x1b[2mB\x1b[0m\n\x1b[31mx\x1b[0m  \x1b[32my\x1b[0m\n");
    EXPECT_EQ(render(table, false), "A  B\nx  y\n");
}

TEST(Table, NoTextSteersTheTerminal) {
    Table const table{{{"a", false}}, {{{"x\x1b[31m\r\ny\x7f\xc2\x9b z"}}}};
    EXPECT_EQ(render(table, true), "\x1b[2mA\x1b[0m\nx [31m  y   z\n");
}

TEST(Table, OneRowIsAListOfItsFields) {
    Table const table{{{"system", false}, {"free BTC", true}}, {{{"DEV"}, {"3"}}}};
    EXPECT_EQ(render_as_list(table, false), "system:    DEV\nfree BTC:  3\n");
}

TEST(Table, AnEmptyOneHasItsTitles) {
    EXPECT_EQ(render(Table{{{"a", false}, {"b", true}}, {}}, false), "A  B\n");
}

} // namespace
} // namespace almd
