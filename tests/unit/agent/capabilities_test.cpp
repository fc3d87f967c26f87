// Which capabilities a level of ST-PI has.
#include "agent/setup/capabilities.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using Names = std::vector<std::string>;

Names above_the_base(StPiLevel level, Names const& notes = {}) {
    auto all = capabilities_of(level, notes);
    EXPECT_THAT((Names{all.begin(), all.begin() + 5}),
                testing::ElementsAre("create", "release", "toc", "deleteEmpty", "import"));
    return {all.begin() + 5, all.end()};
}

TEST(Capabilities, ComeWithTheSupportPackageOrBothNotes) {
    EXPECT_EQ(above_the_base({740, 26}, {"3497169", "3497168"}), Names{});
    EXPECT_EQ(above_the_base({740, 27}), Names{});
    EXPECT_EQ(above_the_base({740, 27}, {"3497169"}), Names{}) << "one of two";
    EXPECT_EQ(above_the_base({740, 27}, {"3497169", "3497168"}), Names{"check"});
    EXPECT_EQ(above_the_base({740, 30}), Names{"check"});
    EXPECT_EQ(above_the_base({740, 30}, {"3569295", "3569187"}), (Names{"check", "exportCheck"}));
    EXPECT_EQ(above_the_base({740, 31}), (Names{"check", "exportCheck"}));
    EXPECT_EQ(above_the_base({740, 31}, {"3639096", "3688071"}), (Names{"check", "exportCheck", "retrofit"}));
    EXPECT_EQ(above_the_base({740, 32}), (Names{"check", "exportCheck", "retrofit"}));
    EXPECT_EQ(above_the_base({758, 0}), (Names{"check", "exportCheck", "retrofit"}));
}

} // namespace
} // namespace almd
