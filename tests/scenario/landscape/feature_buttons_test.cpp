// The buttons of a feature with the real agent at the other end: work reaches the working client and comes back with an end.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(FeatureButtons, WhatTheDiagnosticDoesNotOfferIsRefusedAtTheButton) {
    LandscapeBehindApi world{calm_demo(), 30min};
    auto const id = world.feature({});
    auto const asked = world.ask("POST", "cloud/features/" + id + "/create-transport",
                                 {{"system", "DEV"}, {"client", "100"}, {"title", "Prices"}, {"owner", "DEVELOPER1"}});
    EXPECT_EQ(asked.status, 409) << asked.body;
    EXPECT_THAT(asked.says(), HasSubstr("DEV cannot do this: its last diagnostic (ST-PI 740 SP32) does not offer"));
}

TEST(FeatureButtons, TheWorkingClientEndsACreationAndThePersonSeesHow) {
    LandscapeBehindApi world{calm_demo(), 30min};
    auto const dev = world.row("cloud/registrations", "system=DEV&client=100")["lmsId"];
    auto const asked = world.ask("POST", "cloud/work",
                                 {{"lmsId", dev},
                                  {"kind", "create"},
                                  {"parameters", {{"title", "Prices"}, {"type", "K"}, {"owner", "DEVELOPER1"}}}});
    ASSERT_EQ(asked.status, 201) << asked.body;
    EXPECT_EQ(asked.body["client"], "100");
    world.run.shard().run_for(30min);
    auto const work = world.row("cloud/work", "kind=create");
    EXPECT_EQ(work["state"], "rejected"); // this version of the agent says why not
    EXPECT_THAT(work["messages"].dump(), HasSubstr("cannot be done by this version"));
    EXPECT_THAT(world.column("log?system=DEV&client=100&externalId=CREATE", "text"),
                Contains(HasSubstr("Creation of request \"Prices\" of type K requested for work item")));
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
