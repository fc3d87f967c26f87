// Bodies of the admin API's verbs.
#include "agent/admin/admin_verb.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

TEST(AdminBody, IsAnObjectWithKnownKeysEachOfThemOnce) {
    auto const context = [](std::string body) {
        auto const read = AdminBody::parse(HttpRequest{"POST", "/", std::move(body)}, {"system", "rows"});
        return read ? std::string{"good"} : read.error().context;
    };
    EXPECT_EQ(context(R"({"system":"DEV","rows":[{"a":1},{"a":2}]})"), "good");
    EXPECT_EQ(context(R"({"system":"DEV","system":"QUA"})"), "system: is given twice");
    EXPECT_EQ(context(R"({"rows":[{"a":1,"a":2}]})"), "rows[0].a: is given twice");
    EXPECT_THAT(context(R"({"sytem":"DEV"})"), testing::HasSubstr("unknown key"));
    EXPECT_THAT(context("[]"), testing::HasSubstr("not a JSON object"));
}

} // namespace
} // namespace almd
