// The buttons of a feature with the real agent at the other end: work reaches the working client and comes back with an end.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(FeatureButtons, TheWorkingClientEndsACreationAndThePersonSeesHow) {
    LandscapeBehindApi world{calm_demo(), 30min};
    auto const id = world.feature({});
    auto const asked = world.ask("POST", "cloud/features/" + id + "/create-transport",
                                 {{"system", "DEV"}, {"client", "100"}, {"title", "Prices"}, {"owner", "DEVELOPER1"}});
    ASSERT_EQ(asked.status, 201) << asked.body;
    EXPECT_EQ(asked.body["work"][0]["client"], "100");
    world.run.shard().run_for(30min);
    auto const feature = world.ask("GET", "cloud/features/" + id).body;
    EXPECT_THAT(feature["openWork"], IsEmpty());
    EXPECT_THAT(feature["transports"], IsEmpty()); // this version of the agent says why not, and the feature shows it
    EXPECT_THAT(feature["problems"], Contains(testing::ResultOf([](auto const& one) { return one.dump(); },
                                                                HasSubstr("create in DEV:100 rejected: "))));
    EXPECT_THAT(world.column("log?system=DEV&client=100&externalId=CREATE", "text"),
                Contains(HasSubstr("Creation of request \"Prices\" of type K requested for feature")));
    EXPECT_TRUE(world.run.cloud().verdict().clean) << testing::PrintToString(world.run.cloud().verdict().reasons);
}

TEST(FeatureButtons, Client000IsNoWorkingClient) {
    LandscapeBehindApi world{calm_demo(), 30min};
    auto const id = world.feature({});
    auto const asked = world.ask("POST", "cloud/features/" + id + "/create-transport",
                                 {{"system", "DEV"}, {"client", "000"}, {"title", "Prices"}, {"owner", "DEVELOPER1"}});
    EXPECT_EQ(asked.status, 409);
    EXPECT_THAT(asked.says(), HasSubstr("is not active in DEV:000"));
}

} // namespace
} // namespace almd
