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

TEST_F(AdminActivity, TheDevelopersAreUsersOfTheirSystemWhoCanBeLockedAndDeleted) {
    auto const listed = [&](std::string const& of) { return row("users", of); };
    for (auto const* name : {"ANNA", "BERT", "CARLA"}) {
        auto const user = listed(std::string{"system=DEV&user="} + name);
        ASSERT_TRUE(user.is_object()) << name;
        EXPECT_EQ(user["logon"], "good");
        EXPECT_EQ(user["roles"], nlohmann::json::array({developer_role}));
        EXPECT_EQ(row("users", std::string{"system=QUA&user="} + name), nullptr) << "they develop in DEV";
    }
    nlohmann::json body{{"system", "DEV"}, {"client", "100"}, {"text", "t"}, {"owner", "BERT"}};
    auto const create = [&] { return LandscapeBehindApi::ask("POST", "requests", body); };
    auto const put = [&](nlohmann::json const& change) {
        return LandscapeBehindApi::ask("PUT", "users/DEV/BERT", change).status;
    };
    EXPECT_EQ(create().status, 200);
    EXPECT_EQ(put({{"locked", true}}), 200);
    EXPECT_EQ(listed("system=DEV&user=BERT")["logon"], "locked");
    EXPECT_EQ(create().code(), "TR809");
    run.shard().run_for(24h);
    EXPECT_GT(now()["created"], 0) << "the others work";
    auto const of_bert = LandscapeBehindApi::ask("GET", "requests?owner=BERT").body["total"];
    EXPECT_EQ(of_bert, 1) << "the one by hand";
    EXPECT_EQ(put({{"locked", false}}), 200);
    auto const request = create().body["request"].get<std::string>();
    auto const freed =
        LandscapeBehindApi::ask("POST", "requests/" + request + "/release", {{"withTasks", true}, {"user", "BERT"}});
    EXPECT_NE(freed.status, 403) << "a developer releases";
    EXPECT_EQ(LandscapeBehindApi::ask("DELETE", "users/DEV/BERT").status, 200);
    EXPECT_EQ(listed("system=DEV&user=BERT"), nullptr);
    EXPECT_EQ(create().code(), "TR809");
    body["owner"] = "SOMEBODY";
    EXPECT_EQ(create().status, 200) << "no user is listed: every other name";
}

TEST_F(AdminActivity, IsRefusedWhereNobodyWorks) {
    LandscapeBehindApi demo{demo_settings(), 0s};
    auto const refused = demo.ask("PUT", "activity", {{"active", true}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.says(), testing::HasSubstr("nobody who works"));
}

} // namespace
} // namespace almd
