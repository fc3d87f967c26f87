// How refusals of the admin API are named on the wire.
#include "agent/admin/admin_verb.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace almd {
namespace {

TEST(AdminRefusals, EveryErrorHasOneNameInUpperSnake) {
    for (int i = 0; i <= static_cast<int>(ErrorCode::io); ++i) {
        auto const code = static_cast<ErrorCode>(i);
        EXPECT_EQ(std::ranges::count(admin_refusals(), code, &AdminRefusal::code), 1) << name(code);
    }
    for (auto const& row : admin_refusals())
        EXPECT_THAT(std::string{row.name}, testing::MatchesRegex("[A-Z]+(_[A-Z]+)*"));
    EXPECT_THAT(answer_of(Error{ErrorCode::timed_out, "late"}).body, testing::HasSubstr("\"CLOUD_TIMED_OUT\""));
}

} // namespace
} // namespace almd
