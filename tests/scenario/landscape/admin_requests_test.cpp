// CTS by hand through the admin API: each verb, each refusal in SAP's words, and nothing changed by what was refused.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

Settings with_packages() {
    auto settings = demo_settings();
    settings.landscape.systems[0].packages = {{"ZMAIN", "ZDEV"}, {"ZLOCAL", ""}};
    return settings;
}

struct AdminRequests : testing::Test, LandscapeBehindApi {
    AdminRequests()
        : LandscapeBehindApi{with_packages(), 0s} {}
    json row(std::string const& request) {
        auto const found = list("requests?request=" + request);
        return found.empty() ? json() : found[0];
    }
    /// All requests and queues: what a refusal must not change.
    std::string state() { return ask("GET", "requests").body.dump() + ask("GET", "queue").body.dump(); }
};

TEST_F(AdminRequests, ARequestHasTasksForItsUsersAndTheTargetOfItsFirstObject) {
    auto const made =
        ask("POST", "requests", {{"system", "DEV"}, {"client", "100"}, {"text", "t"}, {"users", {"ANNA", "BERT"}}});
    EXPECT_EQ(made.body["tasks"].size(), 2u);
    EXPECT_EQ(made.body["target"], "QUA.200");
    auto const local = create({{"package", "ZLOCAL"}, {"objects", {"R3TR PROG ZLOC"}}});
    EXPECT_EQ(row(local)["target"], nullptr);
}

TEST_F(AdminRequests, ObjectsTasksAndOwnersAreAddedAndChanged) {
    auto const request = create();
    EXPECT_EQ(
        ask("POST", "requests/" + request + "/objects", {{"object", "R3TR PROG ZA"}, {"package", "ZMAIN"}}).status,
        200);
    EXPECT_EQ(ask("POST", "requests/" + request + "/tasks", {{"user", "ANNA"}}).status, 200);
    EXPECT_EQ(ask("PUT", "requests/" + request, {{"owner", "ANNA"}}).status, 200);
    EXPECT_EQ(ask("PUT", "requests/" + request, {{"attribute", "SAPCTS"}, {"value", "P1"}}).status, 200);
    auto const now = row(request);
    EXPECT_EQ(now["owner"], "ANNA");
    EXPECT_EQ(now["tasks"].size(), 2u);
    EXPECT_EQ(now["objects"], 1);
    EXPECT_EQ(now["attributes"], json::array({"SAPCTS=P1"}));
    EXPECT_EQ(now["korrdev"], "SYST");
}

TEST_F(AdminRequests, AProtectedRequestShowsLAndTakesNoTask) {
    auto const request = create();
    EXPECT_EQ(ask("PUT", "requests/" + request, {{"protected", true}}).status, 200);
    EXPECT_EQ(row(request)["status"], "L");
    EXPECT_EQ(ask("POST", "requests/" + request + "/tasks", {{"user", "ANNA"}}).status, 409);
    EXPECT_EQ(ask("PUT", "requests/" + request, {{"protected", false}}).status, 200);
    EXPECT_EQ(row(request)["status"], "D");
}

TEST_F(AdminRequests, AReleaseSaysItsVerdictAndItsMessages) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    auto const good = ask("POST", "requests/" + request + "/release", json::object());
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(good.body["verdict"], "released");
    EXPECT_EQ(good.body["status"], "R");
    EXPECT_EQ(good.body["messages"].back()["text"], "Transport request/task " + request + " was successfully released");
    auto const again = ask("POST", "requests/" + request + "/release", json::object());
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "TR768");
    EXPECT_EQ(again.body["error"]["target"], request);
    EXPECT_EQ(again.body["verdict"], "abortrelapifail");
    EXPECT_EQ(again.body["messages"][0]["class"], "TR");
    EXPECT_EQ(again.body["messages"][0]["number"], "768");
    EXPECT_EQ(ask("GET", "queue?request=" + request).body["total"], 1);
}

TEST_F(AdminRequests, WithoutItsTasksARequestIsRefusedAndATaskIsReleasedAlone) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    auto const early = ask("POST", "requests/" + request + "/release", {{"withTasks", false}});
    EXPECT_EQ(early.status, 409);
    EXPECT_EQ(early.code(), "TR732");
    std::string const task = row(request)["tasks"][0];
    EXPECT_EQ(ask("POST", "requests/" + task + "/release", json::object()).body["status"], "R");
    EXPECT_EQ(row(request)["status"], "D");
    EXPECT_EQ(ask("POST", "requests/" + request + "/release", {{"withTasks", false}}).status, 200);
}

TEST_F(AdminRequests, AnInactiveObjectHoldsTheReleaseUntilItIsActivated) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    EXPECT_EQ(ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"inactive", true}}).status, 200);
    auto const before = state();
    auto const refused = ask("POST", "requests/" + request + "/release", json::object());
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "EU829");
    EXPECT_EQ(refused.says(), "Object PROG ZA is inactive");
    EXPECT_EQ(refused.body["verdict"], "abortrelinacobj");
    EXPECT_EQ(state(), before);
    EXPECT_EQ(ask("PUT", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"inactive", false}}).status, 200);
    EXPECT_EQ(ask("POST", "requests/" + request + "/release", json::object()).status, 200);
}

TEST_F(AdminRequests, ATransportOfCopiesIsReleasedWithIgnoreLocksAndStaysInItsOwnQueue) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    auto const made = ask("POST", "requests/" + request + "/copies", {{"target", "QUA.200"}});
    ASSERT_EQ(made.status, 200) << made.body;
    std::string const copies = made.body["request"];
    EXPECT_EQ(row(copies)["function"], "T");
    auto const refused = ask("POST", "requests/" + copies + "/release", json::object());
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.body["verdict"], "relwithignlock");
    EXPECT_EQ(refused.says(), "R3TR PROG ZA is locked in request/task " + request);
    EXPECT_EQ(ask("POST", "requests/" + copies + "/release", {{"ignoreLocks", true}}).status, 200);
    EXPECT_EQ(ask("GET", "queue?request=" + copies).body["total"], 1);
    EXPECT_EQ(row(request)["status"], "D");
    auto const clash =
        ask("POST", "requests", {{"system", "DEV"}, {"client", "100"}, {"text", "t"}, {"objects", {"R3TR PROG ZA"}}});
    EXPECT_EQ(clash.status, 409) << "the original keeps its lock";
}

TEST_F(AdminRequests, AFailedExportShowsOAndIsRepeated) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    EXPECT_EQ(ask("PUT", "requests/" + request + "/fault", {{"fault", "export"}}).status, 200);
    auto const failed = ask("POST", "requests/" + request + "/release", json::object());
    EXPECT_EQ(failed.status, 409);
    EXPECT_EQ(failed.body["status"], "O");
    EXPECT_EQ(row(request)["status"], "O");
    EXPECT_EQ(ask("GET", "queue?request=" + request).body["total"], 0);
    EXPECT_EQ(ask("POST", "requests/" + request + "/release", json::object()).status, 200);
    EXPECT_EQ(ask("GET", "queue?request=" + request).body["total"], 1);
}

TEST_F(AdminRequests, OnlyWhatIsEmptyIsDeleted) {
    auto const request = create({{"objects", {"R3TR PROG ZA"}}});
    EXPECT_EQ(ask("DELETE", "requests/" + request).status, 409);
    EXPECT_EQ(ask("DELETE", "requests/" + request + "/objects").status, 200);
    EXPECT_EQ(ask("DELETE", "requests/" + request).status, 200);
    EXPECT_EQ(ask("DELETE", "requests/" + request).status, 404);
}

TEST_F(AdminRequests, Tk136ATransportableObjectIsNotRecordedWithoutARequest) {
    auto const refused = ask("POST", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"package", "ZMAIN"}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "TK136");
    EXPECT_EQ(ask("POST", "objects/DEV", {{"object", "R3TR PROG ZTMP"}, {"package", "$TMP"}}).status, 200);
    auto const request = create();
    EXPECT_EQ(
        ask("POST", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"package", "ZMAIN"}, {"request", request}}).status,
        200);
}

TEST_F(AdminRequests, BadInputIsRefusedWithAReasonAndChangesNothing) {
    auto const locked = create({{"objects", {"R3TR PROG ZLOCKED"}}});
    auto const open = create();
    struct Row {
        std::string method, path;
        json body;
        int status;
        std::string says;
    };
    json const one{{"system", "DEV"}, {"client", "100"}, {"text", "t"}};
    auto const with = [&](json const& more) {
        auto all = one;
        all.update(more);
        return all;
    };
    auto const before = state();
    for (auto const& row : std::vector<Row>{
             {"POST", "requests", with({{"client", "999"}}), 404, "Client 999 does not exist in system DEV"},
             {"POST", "requests", with({{"system", "XXX"}}), 404, "XXX"},
             {"POST", "requests", with({{"function", "C"}}), 400, "Relocation of Objects Without Package Change"},
             {"POST", "requests", with({{"function", "M"}}), 400, "Client Transport Request"},
             {"POST", "requests", with({{"function", "T"}}), 400, "target: copies need one"},
             {"POST", "requests", with({{"target", "XXX.100"}}), 404, "Target XXX.100 does not exist"},
             {"POST", "requests", with({{"target", "QUA.999"}}), 404, "Client 999 does not exist in system QUA"},
             {"POST", "requests", with({{"objects", {"R3TR PROG ZLOCKED"}}}), 409,
              "already locked in request " + locked},
             {"POST", "requests", with({{"objects", {"R3TR PROG ZNEW", "R3TR PROG ZLOCKED"}}}), 409, "already locked"},
             {"POST", "requests", with({{"objects", {"nonsense"}}}), 400, "nonsense"},
             {"POST", "requests", with({{"objects", {"R3TR PROG ZX"}}, {"package", "ZNONE"}}), 404, "Package ZNONE"},
             {"POST", "requests", with({{"text", ""}}), 400, "short text"},
             {"POST", "requests/DEVK999999/release", json::object(), 404, "Request/task DEVK999999 does not exist"},
             {"POST", "requests/XXXK900001/release", json::object(), 404, "XXX"},
             {"POST", "requests/nonsense/release", json::object(), 400, "nonsense"},
             {"POST", "requests/" + open + "/release", {{"ignoreLocks", "yes"}}, 400, "ignoreLocks"},
             {"POST", "requests/DEVK999999/tasks", {{"user", "ANNA"}}, 404, "DEVK999999"},
             {"POST", "requests/DEVK999999/objects", {{"object", "R3TR PROG ZX"}}, 404, "DEVK999999"},
             {"POST", "requests/" + open + "/objects", {{"object", "R3TR PROG ZLOCKED"}}, 409, "already locked"},
             {"POST", "requests/DEVK999999/copies", {{"target", "QUA.200"}}, 404, "DEVK999999"},
             {"POST", "requests/" + open + "/copies", {{"target", "XXX.200"}}, 404, "Target XXX.200"},
             {"PUT", "requests/" + open, json::object(), 400, "one of owner"},
             {"PUT", "requests/DEVK999999", {{"owner", "ANNA"}}, 404, "DEVK999999"},
             {"PUT", "requests/" + open + "/fault", {{"fault", "fire"}}, 400, "preExport"},
             {"PUT", "objects/XXX", {{"object", "R3TR PROG ZX"}}, 404, "XXX"},
             {"PUT", "objects/DEV", {{"object", "R3TR PROG ZX"}, {"atcPriority", 5}}, 400, "atcPriority"},
             {"DELETE", "requests/" + locked, nullptr, 409, "contains locked objects"},
             {"DELETE", "requests/DEVK999999", nullptr, 404, "DEVK999999"},
         }) {
        auto const refused = ask(row.method, row.path, row.body);
        EXPECT_EQ(refused.status, row.status) << row.method << ' ' << row.path << refused.body;
        EXPECT_THAT(refused.body["error"]["message"].get<std::string>(), HasSubstr(row.says)) << row.path;
        EXPECT_EQ(state(), before) << row.method << ' ' << row.path << row.body;
    }
}

} // namespace
} // namespace almd
