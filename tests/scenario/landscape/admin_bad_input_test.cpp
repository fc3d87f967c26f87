// Bad input through the admin API: SAP's message, the right HTTP status, and nothing changed in any list.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

Settings with_a_package_without_route() {
    auto settings = calm_demo();
    settings.landscape.systems[0].packages = {{"ZMAIN", "ZDEV"}, {"ZNOROUTE", "ZLONELY"}};
    return settings;
}

struct WrongInput {
    std::string method, path;
    json body;
    int status;
    std::string code, says;
};

/// The body of a request to create, with something wrong in it.
json creation(json const& more) {
    json all{{"system", "DEV"}, {"client", "100"}, {"text", "t"}};
    all.update(more);
    return all;
}

json const empty_body = json::object();
std::string const no_such_request = "Request/task DEVK999999 does not exist in system DEV";

struct BadInput : testing::Test {
    LandscapeBehindApi world{with_a_package_without_route()};
    std::string released = world.release(world.create({{"objects", {"R3TR PROG ZDONE"}}})),
                locked = world.create({{"objects", {"R3TR PROG ZLOCKED"}}}), open = world.create(),
                task = world.ask("GET", "requests?request=" + open).body["items"][0]["tasks"][0];

    /// What must not change. No time passes while a list is read, so nothing changes by itself.
    std::string state() {
        std::string all;
        for (auto const* resource : {"requests", "queue", "queues", "history", "steplogs", "cofiles", "tplog",
                                     "landscape", "landscape/versions", "systems", "users", "destinations", "usecases",
                                     "components", "notes", "parameters", "workprocesses"}) {
            auto const answer = world.ask("GET", resource, nullptr, Duration{0});
            EXPECT_EQ(answer.status, 200) << resource;
            all += answer.body.dump() + '\n';
        }
        return all;
    }

    void expect_refusals(std::vector<WrongInput> const& all) {
        auto const before = state();
        for (auto const& row : all) {
            auto const refused = world.ask(row.method, row.path, row.body, Duration{0});
            auto const about = row.method + ' ' + row.path + ' ' + row.body.dump() + ' ' + refused.body.dump();
            EXPECT_EQ(refused.status, row.status) << about;
            EXPECT_TRUE(state() == before) << about;
            ASSERT_TRUE(refused.body.contains("error")) << about;
            EXPECT_THAT(refused.body["error"]["code"].get<std::string>(), StartsWith(row.code)) << about;
            EXPECT_THAT(refused.says(), HasSubstr(row.says)) << about;
        }
    }
};

TEST_F(BadInput, ForRequestsIsRefusedInSapsWordsAndChangesNothing) {
    EXPECT_EQ(world.ask("PUT", "users/DEV/CALM_DEV", {{"locked", true}}).status, 200);
    expect_refusals({
        {"POST", "requests", creation({{"client", "999"}}), 404, "ALMD016", "Client 999 does not exist in system DEV"},
        {"POST", "requests", creation({{"client", "1000"}}), 400, "INVALID", "1000"},
        {"POST", "requests", creation({{"system", "XXX"}}), 404, "NOT_FOUND", "XXX"},
        {"POST", "requests", creation({{"function", "T"}}), 400, "INVALID", "target: copies need one"},
        {"POST", "requests", creation({{"target", "TRN.100"}}), 404, "ALMD010", "Target TRN.100 does not exist"},
        {"POST", "requests", creation({{"target", "PRD.300"}}), 409, "ALMD064",
         "No consolidation route of DEV leads to PRD.300; allowed: QUA.200"},
        {"POST", "requests", creation({{"target", "DEV.000"}, {"function", "W"}}), 409, "ALMD064", "leads to DEV.000"},
        {"POST", "requests", creation({{"target", "DEV.100"}, {"function", "T"}}), 409, "ALMD065",
         "Copies of DEV.100 cannot go to DEV.100"},
        {"POST", "requests/" + open + "/copies", {{"target", "DEV.000"}}, 409, "ALMD065", "any other system"},
        {"POST", "requests", creation({{"owner", "CALM_DEV"}}), 409, "TR809", "User CALM_DEV does not exist"},
        {"POST", "requests", creation({{"objects", {"R3TR PROG ZX"}}, {"package", "ZNONE"}}), 404, "ALMD033",
         "Package ZNONE does not exist in system DEV"},
        {"POST", "requests/" + released + "/release", empty_body, 409, "TR768",
         "Request/task " + released + " already released (not modifiable)"},
        {"POST", "requests/DEVK999999/release", empty_body, 404, "NOT_FOUND", no_such_request},
        {"POST", "requests/" + locked + "/release", {{"withTasks", false}}, 409, "TR732", "not yet released"},
        {"POST", "requests/" + open + "/release", {{"ignoreLocks", 1}}, 400, "INVALID", "true or false"},
        {"POST", "requests/" + released + "/tasks", {{"user", "ANNA"}}, 409, "", released},
        {"POST", "requests/" + released + "/objects", {{"object", "R3TR PROG ZX"}}, 409, "", released},
        {"POST",
         "requests/" + open + "/objects",
         {{"object", "R3TR PROG ZLOCKED"}},
         409,
         "CONFLICT",
         "Object R3TR PROG ZLOCKED is already locked in request " + locked},
        {"POST",
         "requests/" + locked + "/objects",
         {{"object", "R3TR PROG ZR"}, {"package", "ZNOROUTE"}},
         409,
         "ALMD032",
         "R3TR PROG ZR of package ZNOROUTE goes to"},
        {"POST", "requests/" + open + "/copies", {{"target", "QUA.999"}}, 404, "ALMD016", "Client 999"},
        {"POST", "requests/" + task + "/copies", {{"target", "QUA.200"}}, 404, "NOT_FOUND", task},
        {"PUT", "requests/DEVK999999", {{"owner", "ANNA"}}, 404, "NOT_FOUND", no_such_request},
        {"PUT", "requests/" + open, {{"owner", "ANNA"}, {"text", "both"}}, 400, "INVALID", "one of owner"},
        {"PUT", "requests/" + open, {{"owner", "CALM_DEV"}}, 409, "TR809", "(or locked)"},
        {"DELETE", "requests/" + locked, nullptr, 409, "ALMD011", "contains locked objects"},
        {"DELETE", "requests/" + released, nullptr, 409, "", released},
        {"POST", "objects/DEV", {{"object", "R3TR PROG ZA"}, {"package", "ZMAIN"}}, 409, "TK136", "No transport"},
    });
}

TEST_F(BadInput, ForQueuesIsRefusedInSapsWordsAndChangesNothing) {
    EXPECT_EQ(world.ask("PUT", "endmarks/PRD").status, 200);
    expect_refusals({
        {"POST", "queue", {{"target", "QUA.200"}, {"request", "DEVK999999"}}, 404, "NOT_FOUND", no_such_request},
        {"POST", "queue", {{"target", "QUA.200"}, {"request", open}}, 409, "ALMD018", "not yet released"},
        {"POST", "queue", {{"target", "QUA.999"}, {"request", released}}, 404, "ALMD016", "Client 999"},
        {"POST", "queue", {{"target", "QUA"}, {"request", released}}, 404, "ALMD010", "Target QUA"},
        {"POST", "queue", {{"target", "/NONE/"}, {"request", released}}, 404, "ALMD010", "Target /NONE/"},
        {"POST", "queue", {{"target", "QUA.200"}, {"request", "42"}}, 400, "INVALID", "42"},
        {"DELETE", "queue/PRD.300/" + released, nullptr, 404, "ALMD020", "not in the import buffer of PRD.300"},
        {"PUT", "queue/QUA.200/" + open, {{"excluded", true}}, 404, "ALMD020", "not in the import buffer"},
        {"PUT",
         "queue/QUA.200/" + released,
         {{"excluded", true}, {"fileMissing", "no"}},
         400,
         "INVALID",
         "fileMissing: true or false"},
        {"PUT", "queue/QUA.200/" + released, empty_body, 400, "INVALID", "excluded or fileMissing"},
        {"POST", "queue/import", {{"target", "XXX.200"}, {"requests", {released}}}, 404, "ALMD010", "XXX.200"},
        {"POST",
         "queue/import",
         {{"target", "QUA.200"}, {"requests", {"DEVK999999"}}},
         404,
         "NOT_FOUND",
         no_such_request},
        {"POST", "queue/import", {{"target", "QUA.200"}}, 409, "ALMD029", "Import all into QUA.200"},
        {"POST",
         "queue/import",
         {{"target", "QUA.200"}, {"requests", {released}}, {"options", {"fast"}}},
         400,
         "INVALID",
         "fast is no import option"},
        {"POST",
         "queue/forward",
         {{"source", "PRD"}, {"target", "QUA.200"}, {"request", released}},
         404,
         "ALMD020",
         "not in the import buffer of PRD"},
        {"POST",
         "queue/forward",
         {{"source", "QUA"}, {"target", "PRD.999"}, {"request", released}},
         404,
         "ALMD016",
         "Client 999"},
        {"POST",
         "queue/forward",
         {{"source", "XXX"}, {"target", "PRD.300"}, {"request", released}},
         404,
         "ALMD010",
         "Target XXX"},
        {"PUT", "endmarks/PRD", nullptr, 409, "ALMD040", "closed already"},
        {"DELETE", "endmarks/QUA", nullptr, 409, "ALMD031", "has no end mark"},
        {"PUT", "endmarks/XXX", nullptr, 404, "ALMD010", "Target XXX"},
    });
}

TEST_F(BadInput, ForTheTransportConfigurationIsRefusedAndChangesNothing) {
    expect_refusals({
        {"DELETE", "landscape/systems/XXX", nullptr, 404, "NOT_FOUND", "no system XXX in the transport domain"},
        {"DELETE", "landscape/systems/PRD", nullptr, 409, "CONFLICT", "PRD"},
        {"POST", "landscape/systems", {{"system", "QUA"}, {"like", "QUA"}}, 409, "CONFLICT", "QUA"},
        {"POST", "landscape/systems", {{"system", "TRN"}, {"like", "XXX"}}, 404, "NOT_FOUND", "XXX"},
        {"POST",
         "landscape/systems",
         {{"system", "TRN"}, {"like", "QUA"}, {"role", "BOSS"}},
         400,
         "INVALID",
         "allowed: PROD, TEST, DEV"},
        {"POST", "landscape/routes", {{"from", "/GRP/"}, {"to", "PRD.300"}}, 400, "INVALID", "not at a group"},
        {"POST", "landscape/routes", {{"from", "QUA"}, {"to", "PRD.300"}}, 409, "CONFLICT", "QUA has no client"},
        {"PUT", "landscape/routes/QUA.200/PRD.300", {{"to", "PRD.300"}}, 409, "CONFLICT", "QUA.200 > PRD.300 already"},
        {"DELETE", "landscape/routes/DEV.100/PRD.300", nullptr, 404, "NOT_FOUND", "no delivery route"},
        {"DELETE", "landscape/groups/GRP/members/PRD.300", nullptr, 404, "NOT_FOUND", "no target group"},
        {"POST", "landscape/controller/take-over", empty_body, 409, "CONFLICT", "no backup controller"},
        {"POST",
         "landscape/approvals/" + released + "/QUA/approve",
         {{"step", "system_administration"}},
         409,
         "CONFLICT",
         "no approval procedure"},
        {"POST",
         "landscape/approvals/DEVK999999/QUA/approve",
         {{"step", "system_administration"}},
         404,
         "NOT_FOUND",
         no_such_request},
    });
}

TEST_F(BadInput, ForUsersDestinationsAndUseCasesIsRefusedAndChangesNothing) {
    EXPECT_EQ(world.ask("PUT", "users/DEV/CALM_DEV", {{"locked", true}}).status, 200);
    expect_refusals({
        {"PUT", "users/DEV/NOBODY", {{"locked", true}}, 404, "TR809", "User NOBODY does not exist"},
        {"PUT", "users/DEV/NOBODY", {{"create", "yes"}}, 400, "INVALID", "create: true or false"},
        {"PUT", "users/DEV/CALM_DEV", {{"removeRoles", {"Z_NO_ROLE"}}}, 409, "CONFLICT", "no role Z_NO_ROLE"},
        {"PUT", "users/DEV/CALM_DEV", {{"locked", false}, {"addRoles", "Z_ROLE"}}, 400, "INVALID", "addRoles"},
        {"DELETE", "users/DEV/NOBODY", nullptr, 404, "TR809", "User NOBODY does not exist"},
        {"PUT", "parameters/DEV", {{"name", "X"}, {"value", "1"}, {"unset", 1}}, 400, "INVALID", "unset"},
        {"POST", "destinations", {{"system", "XXX"}, {"client", "000"}, {"name", "N"}}, 400, "INVALID", "serviceKey"},
        {"PUT", "destinations/DEV/999/CALM", {{"backgroundUser", "ANNA"}}, 404, "NOT_FOUND", "no destination"},
        {"POST", "destinations/DEV/000/OTHER/register", nullptr, 404, "NOT_FOUND", "no destination OTHER"},
        {"POST", "destinations/DEV/000/CALM/register", nullptr, 409, "CONFLICT", "registered at SAP Cloud ALM already"},
        {"PUT", "usecases/DEV/000/CALM", {{"task", "Coffee"}, {"active", true}}, 400, "INVALID", "no task"},
        {"PUT",
         "usecases/DEV/000/CALM",
         {{"task", "Transports: Read"}, {"active", "on"}},
         400,
         "INVALID",
         "true or false"},
        {"PUT",
         "usecases/DEV/000/CALM",
         {{"task", "Transports: Read"}, {"active", true}, {"intervalMinutes", 0}},
         400,
         "INVALID",
         "from 1 to 1440"},
        {"PUT",
         "usecases/DEV/100/CALM",
         {{"task", "Transports: Import"}, {"active", false}},
         409,
         "CONFLICT",
         "not active"},
    });
}

TEST_F(BadInput, ASetUpUserWithoutItsRoleRegistersNothing) {
    EXPECT_EQ(world.ask("POST", "destinations/DEV/000/CALM/unregister", nullptr, 5s).status, 200);
    EXPECT_EQ(world.ask("PUT", "users/DEV/DDIC", {{"create", true}, {"addRoles", {"Z_NONE"}}}).status, 409);
    EXPECT_EQ(world.ask("PUT", "users/DEV/DDIC", {{"removeRoles", {"SAP_SDF_ALM_SETUP"}}}).status, 200);
    for (int i = 0; i < 2; ++i) {
        auto const before = state();
        auto const refused = world.ask("POST", "destinations/DEV/000/CALM/register", nullptr, Duration{0});
        EXPECT_EQ(refused.status, 403) << refused.body;
        EXPECT_EQ(refused.code(), "ALMD151");
        EXPECT_EQ(refused.says(), "User DDIC lacks role SAP_SDF_ALM_SETUP, which /SDF/ALM_SETUP needs");
        EXPECT_EQ(
            world.ask("GET", "destinations?system=DEV&client=000", nullptr, Duration{0}).body["items"][0]["status"],
            "Unregistered");
        EXPECT_EQ(state(), before);
    }
    EXPECT_EQ(world.ask("PUT", "users/DEV/DDIC", {{"addRoles", {"SAP_SDF_ALM_SETUP"}}}).status, 200);
    EXPECT_EQ(world.ask("POST", "destinations/DEV/000/CALM/register", nullptr, 5s).status, 200);
}

} // namespace
} // namespace almd
