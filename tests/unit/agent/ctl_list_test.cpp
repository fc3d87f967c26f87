// almd ctl RESOURCE list: pages, filters, tables, JSON.
#include "tests/unit/agent/ctl_world.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace almd::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// UPDATE_GOLDEN=1 rewrites the file; the diff is reviewed.
void expect_golden(std::string const& name, std::string const& text) {
    auto const path = std::string{ALMD_SOURCE_DIR} + "/tests/golden/ctl/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path} << text;
    std::ifstream file{path};
    std::stringstream golden;
    golden << file.rdbuf();
    EXPECT_EQ(text, golden.str()) << path;
}

json jobs() {
    auto const row = [](std::string client, std::string name, std::string count, std::string status, json start,
                        json seconds) {
        return json{{"system", "DEV"},     {"client", client},   {"name", name},
                    {"count", count},      {"status", status},   {"plannedStart", "2026-11-22T08:56:24.000Z"},
                    {"start", start},      {"end", nullptr},     {"durationSeconds", seconds},
                    {"delaySeconds", 0},   {"periodMinutes", 5}, {"report", "/SDF/CALM_X"},
                    {"user", "BATCH_USER"}};
    };
    return json::array({row("000", "CALM Heartbeat CALM", "08562401", "F", "2026-11-22T08:56:24.500Z", 1),
                        row("000", "CALM Heartbeat CALM", "09012401", "S", nullptr, nullptr),
                        row("000", "CALM Scheduler CALM", "08562402", "R", "2026-11-22T08:57:00.000Z", nullptr),
                        row("100", "CALM Scheduler CALM", "08562403", "A", "2026-11-22T08:57:00.000Z", 1234),
                        row("100", "/SDF/CALM_CDM_IMPORT_TRANSPORTS", "08562404", "P", nullptr, nullptr),
                        row("100", "München", "08562405", "Y", nullptr, nullptr)});
}

FakeAdmin with_jobs() {
    FakeAdmin admin;
    admin.lists["/api/v1/jobs"] = jobs();
    return admin;
}

TEST(CtlList, JobsAreATableWithSapsWords) {
    auto admin = with_jobs();
    auto const ran = ctl(admin, {"jobs"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    expect_golden("jobs.txt", ran.out);
    for (auto word : {"Scheduled", "Released", "Ready", "Active", "Finished", "Canceled"})
        EXPECT_THAT(ran.out, HasSubstr(word));
    EXPECT_THAT(ran.out, Not(HasSubstr("\x1b["))) << "colours only on a terminal";
    EXPECT_EQ(ran.err, "");
}

TEST(CtlList, TheListsOfCtsHaveTheColumnsOfItsTables) {
    FakeAdmin admin;
    admin.lists["/api/v1/objectlocks"] = json::array({{{"system", "DEV"},
                                                       {"pgmid", "R3TR"},
                                                       {"object", "TABU"},
                                                       {"objName", "T685"},
                                                       {"tabKey", "0001*"},
                                                       {"trkorr", "DEVK900043"},
                                                       {"strkorr", "DEVK900042"},
                                                       {"as4User", "ANNA"}}});
    admin.lists["/api/v1/objectdirectory"] = json::array({{{"system", "DEV"},
                                                           {"pgmid", "R3TR"},
                                                           {"object", "CLAS"},
                                                           {"objName", "ZCL_A"},
                                                           {"devclass", "ZMAIN"},
                                                           {"author", "ANNA"},
                                                           {"srcSystem", "DEV"},
                                                           {"inactive", false}}});
    expect_golden("cts.txt", ctl(admin, {"objectlocks"}).out + "\n" + ctl(admin, {"objectdirectory"}).out);
}

TEST(CtlList, ARequestIsShownAsAListAndTheTablesOfItsTasksAndObjects) {
    FakeAdmin admin;
    json const task{{"trkorr", "DEVK900043"}, {"strkorr", "DEVK900042"},
                    {"system", "DEV"},        {"trFunction", "S"},
                    {"trStatus", "D"},        {"as4User", "ANNA"},
                    {"objects", 1},           {"changed", "2026-11-22T08:56:24.000Z"}};
    json const object{{"trkorr", "DEVK900043"}, {"as4pos", 1},    {"pgmid", "R3TR"}, {"object", "TABU"},
                      {"objName", "T685"},      {"objFunc", "K"}, {"lockFlag", "X"}, {"tabKey", "0001*"}};
    json const body{{"request", {{"request", "DEVK900042"}, {"changed", "2026-11-22T08:56:24.000Z"}}},
                    {"tasks", {task}},
                    {"objects", {object}}};
    admin.answers["GET /api/v1/requests/DEVK900042"] = json_response(200, body.dump());
    auto const shown = ctl(admin, {"requests", "show", "DEVK900042"});
    EXPECT_EQ(shown.code, 0) << shown.err;
    EXPECT_EQ(shown.out, R"(changed:  2026-11-22 08:56:24
request:  DEVK900042

objects (1)
TRKORR      AS4POS  PGMID  OBJECT  OBJ_NAME  OBJFUNC  LOCKFLAG  TABKEY
DEVK900043       1  R3TR   TABU    T685      K        X         0001*

tasks (1)
TRKORR      STRKORR     SYSTEM  TRFUNCTION              TRSTATUS    AS4USER  CHANGED              OBJECTS
DEVK900043  DEVK900042  DEV     Development/Correction  Modifiable  ANNA     2026-11-22 08:56:24        1
)");
    EXPECT_EQ(json::parse(ctl(admin, {"requests", "show", "DEVK900042", "-o", "json"}).out), body);
}

TEST(CtlList, WideShowsTheOtherFieldsToo) {
    auto admin = with_jobs();
    auto const ran = ctl(admin, {"jobs", "list", "-o", "wide"});
    expect_golden("jobs_wide.txt", ran.out);
    EXPECT_THAT(ran.out, HasSubstr("/SDF/CALM_X"));
}

TEST(CtlList, JsonIsItemsAndTotalWithSapsLetters) {
    auto admin = with_jobs();
    auto const ran = ctl(admin, {"jobs", "list", "-o", "json"});
    EXPECT_EQ(ran.code, 0);
    auto const answer = json::parse(ran.out);
    EXPECT_EQ(answer, (json{{"items", jobs()}, {"total", 6}}));
}

TEST(CtlList, AnEmptyListIsEmptyJsonAndAWordOnStandardError) {
    FakeAdmin admin;
    admin.answers["GET /api/v1/history"] = json_response(200, R"({"items":[],"total":0})");
    auto const as_json = ctl(admin, {"history", "-o", "json"});
    EXPECT_EQ(json::parse(as_json.out), (json{{"items", json::array()}, {"total", 0}}));
    auto const as_table = ctl(admin, {"history"});
    EXPECT_EQ(as_table.out, "");
    EXPECT_EQ(as_table.err, "no history\n");
    EXPECT_EQ(as_table.code, 0);
}

TEST(CtlList, FiltersSortAndLimitGoToTheServer) {
    auto admin = with_jobs();
    auto const ran = ctl(admin, {"jobs", "status=A,R", "--sort", "-count", "--limit", "1", "-o", "json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    auto const answer = json::parse(ran.out);
    ASSERT_EQ(answer["items"].size(), 1u);
    EXPECT_EQ(answer["items"][0]["count"], "08562403");
    EXPECT_EQ(answer["total"], 2);
    auto const table = ctl(admin, {"jobs", "--status", "A,R", "--limit=1"});
    EXPECT_EQ(table.err, "1 of 2\n");
}

TEST(CtlList, FiltersTakeTheWordsOfTheTable) {
    auto admin = with_jobs();
    auto const by_word = ctl(admin, {"jobs", "status=Canceled,Active", "-o", "json"});
    auto const by_code = ctl(admin, {"jobs", "status=A,R", "-o", "json"});
    EXPECT_EQ(by_word.out, by_code.out);
    EXPECT_EQ(json::parse(by_word.out)["total"], 2);
}

TEST(CtlList, AllPagesAreFetched) {
    FakeAdmin admin;
    json rows = json::array();
    for (int n = 0; n < 4'500; ++n) rows.push_back({{"system", "S" + std::to_string(n)}, {"role", "DEV"}});
    admin.lists["/api/v1/systems"] = std::move(rows);
    auto const ran = ctl(admin, {"systems", "-o", "json"});
    auto const answer = json::parse(ran.out);
    EXPECT_EQ(answer["total"], 4'500);
    ASSERT_EQ(answer["items"].size(), 4'500u);
    EXPECT_EQ(answer["items"][4'499]["system"], "S4499");
    EXPECT_EQ(admin.seen.size(), 3u);
    EXPECT_EQ(ctl(admin, {"systems", "--limit", "2500", "-o", "json"}).code, 0);
    EXPECT_EQ(admin.seen.back().target, "/api/v1/systems?offset=2000&limit=500");
}

TEST(CtlList, OfTheJournalALimitTakesTheLastOnes) {
    FakeAdmin admin;
    json rows = json::array();
    for (int n = 1; n <= 12; ++n) rows.push_back({{"number", n}, {"method", "GET"}});
    admin.lists["/api/v1/cloud/journal"] = std::move(rows);
    auto const numbers = [&](std::vector<std::string> args) {
        args.insert(args.begin(), "journal");
        args.insert(args.end(), {"-o", "json"});
        std::vector<int> found;
        auto const ran = ctl(admin, std::move(args));
        auto const answer = json::parse(ran.out);
        for (auto const& row : answer["items"]) found.push_back(row["number"].get<int>());
        EXPECT_EQ(answer["total"], 12);
        return found;
    };
    EXPECT_EQ(numbers({"--limit", "3"}), (std::vector{10, 11, 12}));
    EXPECT_EQ(numbers({"--limit", "50"}).size(), 12u);
    EXPECT_EQ(numbers({"--limit", "2", "--sort", "number"}), (std::vector{1, 2})) << "an order says which ones";
}

TEST(CtlList, AListThatShrinksWhileItIsReadEnds) {
    FakeAdmin admin;
    admin.answers["GET /api/v1/log"] = json_response(200, R"({"items":[],"total":7})");
    EXPECT_EQ(ctl(admin, {"log"}).code, 0);
    EXPECT_EQ(admin.seen.size(), 1u);
}

TEST(CtlList, EveryResourceIsReachable) {
    for (auto const* name : {"fleet",           "systems",     "destinations", "usecases",   "jobs",   "log",
                             "requests",        "queue",       "history",      "landscape",  "texts",  "users",
                             "workprocesses",   "locks",       "parameters",   "components", "notes",  "tables",
                             "rfcdestinations", "diagnostics", "features",     "work",       "faults", "ledger",
                             "objectversions",  "sequence",    "tpparameters"}) {
        FakeAdmin admin;
        auto const cloud = std::string_view{name} == "features" || std::string_view{name} == "work" ||
                           std::string_view{name} == "faults" || std::string_view{name} == "ledger";
        admin.lists[std::string{cloud ? "/api/v1/cloud/" : "/api/v1/"} + name] = json::array({{{"somethingNew", 1}}});
        auto const ran = ctl(admin, {name});
        EXPECT_EQ(ran.code, 0) << name;
        auto const expected = std::string_view{name} == "fleet" ? "somethingNew:  1\n" : "SOMETHINGNEW\n1\n";
        EXPECT_EQ(ran.out, expected) << "fields that no table knows are shown rather than nothing";
    }
}

TEST(CtlList, TheLedgersVerdictStandsBelowItsRows) {
    FakeAdmin admin;
    admin.answers["GET /api/v1/cloud/ledger"] = json_response(
        200,
        R"({"summary":{"clean":false,"reasons":["one gap","one open item"],"heartbeats":{"gaps":1,"repeated":0},)"
        R"("operations":{"heartbeat":{"requests":3}},"anomalies":[]},"items":[{"system":"DEV","heartbeats":3,"gaps":1}],"total":1})");
    auto const table = ctl(admin, {"ledger"});
    EXPECT_EQ(table.out, "SYSTEM  BEATS  GAPS\nDEV         3     1\n"
                         "clean: no\nheartbeats: gaps 1, repeated 0\nreasons: one gap, one open item\n");
    auto const as_json = json::parse(ctl(admin, {"ledger", "-o", "json"}).out);
    EXPECT_EQ(as_json["summary"]["clean"], false);
    EXPECT_EQ(as_json["total"], 1);
}

TEST(CtlList, ReturnCodesNullsListsAndTimesAreReadable) {
    FakeAdmin admin;
    admin.lists["/api/v1/history"] = json::array({{{"system", "QUA"},
                                                   {"client", nullptr},
                                                   {"request", "DEVK900042"},
                                                   {"returnCode", 8},
                                                   {"importedAt", "2026-11-22T09:00:00.123Z"},
                                                   {"user", "CALM_BTC"},
                                                   {"steps", json::array()}}});
    EXPECT_EQ(ctl(admin, {"history"}).out, "IMPORTED             SYSTEM  CLIENT  REQUEST     RC  USER\n"
                                           "2026-11-22 09:00:00  QUA             DEVK900042   8  CALM_BTC\n");
}

} // namespace
} // namespace almd::testing
