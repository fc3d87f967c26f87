// The developers through the admin API: what they do, stop, go on, faster; bad input changes nothing.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

struct AdminActivity : testing::Test, LandscapeBehindApi {
    AdminActivity()
        : LandscapeBehindApi{std::get<Settings>(load_settings(ALMD_SOURCE_DIR "/config/living.yaml")), 0s} {}
    Answer ask(std::string method, nlohmann::json const& body = nullptr) {
        return LandscapeBehindApi::ask(std::move(method), "activity", body);
    }
    nlohmann::json now() { return ask("GET").body["items"][0]; }
};

TEST_F(AdminActivity, ShowsTheRatesAndWhatWasDoneSoFar) {
    run.shard().run_for(24h);
    auto const row = now();
    EXPECT_EQ(row["active"], true);
    EXPECT_EQ(row["requestsPerHour"], settings.activity.rates.requests);
    EXPECT_EQ(row["importsPerHour"], settings.activity.rates.imports);
    EXPECT_GT(row["created"], 0);
    EXPECT_GT(row["importRounds"], 0);
}

TEST_F(AdminActivity, OneRateIsChangedAndTheOthersStay) {
    EXPECT_EQ(ask("PUT", {{"requestsPerHour", 7.5}}).status, 200);
    auto const row = now();
    EXPECT_EQ(row["requestsPerHour"], 7.5);
    EXPECT_EQ(row["objectsPerHour"], settings.activity.rates.objects);
}

TEST_F(AdminActivity, IsStoppedAndStartedAgain) {
    auto const next = parse_rfc3339(now()["nextEvent"].get<std::string>()).value();
    EXPECT_GT(next, run.shard().clock().now());
    EXPECT_TRUE(settings.activity.hours.open(next));
    EXPECT_EQ(ask("PUT", {{"active", false}}).status, 200);
    EXPECT_EQ(now()["nextEvent"], nullptr);
    run.shard().run_for(24h);
    EXPECT_EQ(now()["created"], 0);
    EXPECT_EQ(ask("PUT", {{"active", true}}).status, 200);
    run.shard().run_for(24h);
    EXPECT_GT(now()["created"], 0);
}

TEST_F(AdminActivity, BadInputIsRefusedAndChangesNothing) {
    auto const before = now();
    for (nlohmann::json const& body :
         {nlohmann::json{{"requestsPerHour", -1}}, nlohmann::json{{"requestsPerHour", "many"}},
          nlohmann::json{{"importsPerHour", 5000}, {"active", false}}, nlohmann::json{{"active", "yes"}},
          nlohmann::json{{"active", 1}, {"requestsPerHour", 3}}, nlohmann::json{{"perHour", 3}}})
        EXPECT_EQ(ask("PUT", body).status, 400) << body;
    EXPECT_EQ(now(), before);
}

TEST_F(AdminActivity, IsRefusedWhereNobodyWorks) {
    LandscapeBehindApi demo{demo_settings(), 0s};
    auto const refused = demo.ask("PUT", "activity", {{"active", true}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.says(), testing::HasSubstr("nobody who works"));
}

} // namespace
} // namespace almd
