// What is in CTS, read through the admin API: tasks, object lists, locks, the object directory; and what keeps them right.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Settings with_packages_and_users() {
    auto settings = calm_demo();
    settings.landscape.systems[0].packages = {{"ZMAIN", "ZDEV"}, {"ZLOCAL", ""}};
    return settings;
}

struct AdminCtsLists : testing::Test, LandscapeBehindApi {
    AdminCtsLists()
        : LandscapeBehindApi{with_packages_and_users(), 0s} {}

    json row(std::string const& filter) {
        auto const items = ask("GET", filter).body["items"];
        EXPECT_EQ(items.size(), 1u) << filter << items;
        return items.empty() ? json{} : items[0];
    }
    std::string task_of(std::string const& request) { return row("requests?request=" + request)["tasks"][0]; }
    Answer add(std::string const& request, std::string const& object, json with = json::object()) {
        with["object"] = object;
        return ask("POST", "requests/" + request + "/objects", with);
    }
    std::string customizing() { return create({{"function", "W"}}); }
};

TEST_F(AdminCtsLists, ATaskIsListedWithItsRequestAndClass) {
    auto const request = create({{"users", {"ANNA"}}});
    auto const task = task_of(request);
    EXPECT_EQ(row("tasks?trkorr=" + task)["trFunction"], "X");
    ASSERT_EQ(add(task, "R3TR PROG ZA").status, 200);
    auto const now = row("tasks?trkorr=" + task);
    EXPECT_EQ(now["strkorr"], request);
    EXPECT_EQ(now["trFunction"], "S");
    EXPECT_EQ(now["trStatus"], "D");
    EXPECT_EQ(now["as4User"], "ANNA");
    EXPECT_EQ(now["korrdev"], "SYST");
    EXPECT_EQ(now["objects"], 1);
}

TEST_F(AdminCtsLists, ObjectListsShowKeysAndLocks) {
    auto const request = customizing();
    auto const task = task_of(request);
    ASSERT_EQ(add(request, "R3TR TABU T685 0001*").status, 200);
    ASSERT_EQ(add(request, "R3TR TABU T685A").status, 200);
    auto const key = row("objects?objName=T685&trkorr=" + task);
    EXPECT_EQ(key["strkorr"], request);
    EXPECT_EQ(key["pgmid"], "R3TR");
    EXPECT_EQ(key["object"], "TABU");
    EXPECT_EQ(key["objFunc"], "K");
    EXPECT_EQ(key["tabKey"], "0001*");
    EXPECT_EQ(key["lockFlag"], "X");
    EXPECT_EQ(key["as4pos"], 1);
    auto const table = row("objects?objName=T685A&trkorr=" + task);
    EXPECT_EQ(table["objFunc"], "");
    EXPECT_EQ(table["as4pos"], 2);
    ASSERT_EQ(ask("POST", "requests/" + request + "/unlock").status, 200);
    EXPECT_EQ(row("objects?objName=T685&trkorr=" + task)["lockFlag"], "");
    release(request);
    EXPECT_EQ(row("objects?objName=T685&trkorr=" + request)["lockFlag"], "") << "the release moved it and freed it";
    EXPECT_EQ(row("objects?object=RELE&trkorr=" + request)["pgmid"], "CORR");
}

TEST_F(AdminCtsLists, LocksNameTheirEntryAndHolder) {
    auto const before = list("objectlocks").size();
    auto const request = customizing();
    ASSERT_EQ(add(request, "R3TR TABU T685 0001*").status, 200);
    auto const lock = row("objectlocks?objName=T685");
    EXPECT_EQ(lock["tabKey"], "0001*");
    EXPECT_EQ(lock["trkorr"], task_of(request));
    EXPECT_EQ(lock["strkorr"], request);
    EXPECT_EQ(lock["as4User"], "DEVELOPER");
    auto const refused = add(customizing(), "R3TR TABU T685 00012");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.says(),
              "Object R3TR TABU T685 0001* is already locked in request " + request + " of user DEVELOPER");
    release(request);
    EXPECT_EQ(list("objectlocks").size(), before);
}

TEST_F(AdminCtsLists, TheDirectoryHasPackageAuthorAndOriginalSystem) {
    auto const request = create({{"owner", "ANNA"}, {"package", "ZMAIN"}, {"objects", {"LIMU METH ZCL_A   RUN"}}});
    auto const entry = row("objectdirectory?system=DEV&objName=ZCL_A");
    EXPECT_EQ(entry["pgmid"], "R3TR");
    EXPECT_EQ(entry["object"], "CLAS");
    EXPECT_EQ(entry["devclass"], "ZMAIN");
    EXPECT_EQ(entry["author"], "ANNA");
    EXPECT_EQ(entry["srcSystem"], "DEV");
    import("QUA.200", {release(request)});
    auto const imported = row("objectdirectory?system=QUA&objName=ZCL_A");
    EXPECT_EQ(imported["srcSystem"], "DEV") << "an import brought it";
    EXPECT_EQ(imported["author"], "ANNA");
}

TEST_F(AdminCtsLists, ARequestIsShownWithItsTasksAndObjectsATaskWithItsOwn) {
    auto const request = create({{"users", {"ANNA", "BERT"}}});
    auto const tasks = row("requests?request=" + request)["tasks"];
    ASSERT_EQ(add(tasks[0], "R3TR PROG ZA").status, 200);
    ASSERT_EQ(add(tasks[1], "R3TR PROG ZB").status, 200);
    auto const all = ask("GET", "requests/" + request).body;
    EXPECT_EQ(all["request"]["request"], request);
    EXPECT_EQ(all["tasks"].size(), 2u);
    EXPECT_EQ(all["objects"].size(), 2u);
    auto const one = ask("GET", "requests/" + tasks[1].get<std::string>()).body;
    EXPECT_EQ(one["request"]["request"], request);
    ASSERT_EQ(one["tasks"].size(), 1u);
    EXPECT_EQ(one["tasks"][0]["as4User"], "BERT");
    ASSERT_EQ(one["objects"].size(), 1u);
    EXPECT_EQ(one["objects"][0]["objName"], "ZB");
    EXPECT_EQ(ask("GET", "requests/DEVK999999").status, 404);
    EXPECT_EQ(ask("GET", "requests/nonsense").status, 400);
}

TEST_F(AdminCtsLists, WorkbenchAndCustomizingKeepApart) {
    auto const program = add(customizing(), "R3TR PROG ZA");
    EXPECT_EQ(program.status, 409);
    EXPECT_EQ(program.says(), "R3TR PROG ZA is not client-specific: a customizing request takes contents of "
                              "client-specific tables only");
    auto const open = create();
    auto const table = add(open, "R3TR TABU T000 200");
    EXPECT_EQ(table.status, 409);
    EXPECT_EQ(table.says(), "R3TR TABU T000 200 is client-specific: a workbench request takes repository objects and "
                            "cross-client contents only");
    EXPECT_EQ(ask("PUT", "objects/DEV", {{"object", "R3TR TABU T000"}, {"crossClient", true}}).status, 200);
    EXPECT_EQ(add(open, "R3TR TABU T000 200").status, 200);
    EXPECT_EQ(add(customizing(), "R3TR TABU T000 100").status, 409);
    auto const copies = create({{"function", "T"}, {"target", "QUA.200"}});
    EXPECT_EQ(add(copies, "R3TR PROG ZA").status, 200) << "copies take both";
    EXPECT_EQ(add(copies, "R3TR TABU T001").status, 200);
    EXPECT_EQ(ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"crossClient", true}}).status, 400);
}

TEST_F(AdminCtsLists, AFunctionModuleIsLockedWithItsGroup) {
    json const group{{"object", "LIMU FUNC Z_READ"}, {"functionGroup", "ZG"}};
    ASSERT_EQ(ask("PUT", "objects/DEV", group).status, 200);
    ASSERT_EQ(add(create(), "R3TR FUGR ZG").status, 200);
    EXPECT_THAT(add(create(), "LIMU FUNC Z_READ").says(), HasSubstr("Object R3TR FUGR ZG is already locked"));
    EXPECT_EQ(ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"functionGroup", "ZG"}}).status, 400);
}

TEST_F(AdminCtsLists, WhatIsRefusedTakesNoNumber) {
    auto const locked = create({{"objects", {"R3TR PROG ZLOCKED"}}});
    json const wanted{{"system", "DEV"}, {"client", "100"}, {"text", "t"}};
    for (auto const& with : std::vector<json>{{{"objects", {"R3TR PROG ZNEW", "LIMU REPS ZLOCKED"}}},
                                              {{"objects", {"R3TR TABU T001"}}},
                                              {{"objects", {"R3TR PROG ZA"}}, {"package", "ZNONE"}},
                                              {{"function", "W"}, {"objects", {"R3TR PROG ZA"}}},
                                              {{"text", ""}},
                                              {{"client", "999"}}}) {
        auto body = wanted;
        body.update(with);
        EXPECT_GE(ask("POST", "requests", body).status, 400) << body;
    }
    EXPECT_EQ(TrRequest::parse(create())->number(), TrRequest::parse(locked)->number() + 2)
        << "the request before and its task, nothing between";
}

TEST_F(AdminCtsLists, AttributesHaveANameAndAShortValue) {
    auto const request = create();
    for (auto const& [body, says] : std::vector<std::pair<json, std::string>>{
             {{{"attribute", ""}, {"value", "X"}}, "\"\" is no attribute"},
             {{{"attribute", "sapcts"}, {"value", "X"}}, "\"sapcts\" is no attribute"},
             {{{"attribute", std::string(21, 'A')}, {"value", "X"}}, "is no attribute"},
             {{{"attribute", "SAPCTS"}, {"value", std::string(33, 'X')}}, "longer than 32"}}) {
        auto const refused = ask("PUT", "requests/" + request, body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.says(), HasSubstr(says));
    }
    EXPECT_EQ(row("requests?request=" + request)["attributes"], json::array());
}

TEST_F(AdminCtsLists, NothingIsDoneByHandToAnEntryThatIsBeingImported) {
    auto const request = release(create());
    import("QUA.200", {request}, {}, 1s);
    ASSERT_EQ(row("queue?request=" + request)["state"], "running");
    json const again{{"target", "QUA.200"}, {"request", request}, {"importAgain", true}};
    for (auto const& answer : {ask("PUT", "queue/QUA.200/" + request, {{"excluded", true}}),
                               ask("POST", "queue", again), ask("DELETE", "queue/QUA.200/" + request)}) {
        EXPECT_EQ(answer.status, 409);
        EXPECT_EQ(answer.says(), request + " is currently being imported");
    }
    run.shard().run_for(30min);
    EXPECT_EQ(ask("POST", "queue", again).status, 200);
    EXPECT_EQ(row("queue?system=QUA&request=" + request)["state"], "waiting");
}

TEST_F(AdminCtsLists, OnlyParametersThatSomethingReadsAreSet) {
    for (auto const* name : {"CTC", "SAPSYSTEMNAME", "login/min_password_lng"}) {
        auto const refused = ask("PUT", "parameters/DEV", {{"name", name}, {"value", "X"}});
        EXPECT_EQ(refused.status, 400) << name;
        EXPECT_THAT(refused.says(), HasSubstr("allowed: rdisp/wp_no_btc, SAPDBHOST"));
    }
    EXPECT_EQ(row("parameters?system=DEV&name=SAPSYSTEMNAME")["value"], "DEV");
}

TEST(AdminStandardUsers, AreThereWhoeverIsListed) {
    auto settings = calm_demo();
    settings.landscape.systems[0].users = {{"ANNA", {}}};
    LandscapeBehindApi world{settings, 0s};
    json body{{"system", "DEV"}, {"client", "100"}, {"text", "t"}};
    for (auto const* user : {"DDIC", "SAP*", "CALM_DEV", "ANNA"}) {
        body["owner"] = user;
        EXPECT_EQ(world.ask("POST", "requests", body).status, 200) << user;
        auto const listed = world.ask("GET", "users?system=DEV&user=" + std::string{user}).body["items"];
        ASSERT_EQ(listed.size(), 1u) << user;
        EXPECT_EQ(listed[0]["logon"], "good") << user;
    }
    body["owner"] = "BERT";
    EXPECT_EQ(world.ask("POST", "requests", body).code(), "TR809") << "not in the list of users";
    body["system"] = "QUA";
    body["client"] = "200";
    EXPECT_EQ(world.ask("POST", "requests", body).status, 200) << "no user is listed there: every name";
    body["system"] = "DEV";
    body["client"] = "100";
    body["owner"] = "DDIC";
    EXPECT_EQ(world.ask("PUT", "users/DEV/DDIC", {{"locked", true}}).status, 200);
    EXPECT_EQ(world.ask("POST", "requests", body).code(), "TR809");
    EXPECT_EQ(world.ask("DELETE", "users/DEV/DDIC").status, 200);
    EXPECT_EQ(world.ask("POST", "requests", body).code(), "TR809");
    EXPECT_EQ(world.ask("GET", "users?system=DEV&user=DDIC").body["total"], 0);
}

} // namespace
} // namespace almd
