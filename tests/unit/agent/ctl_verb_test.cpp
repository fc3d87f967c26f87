// almd ctl RESOURCE VERB: what is inside the systems, refusals, usage.
#include "agent/admin/ctl_tables.hpp"
#include "tests/unit/agent/ctl_world.hpp"

#include <gmock/gmock.h>

namespace almd::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CtlVerb, ADestinationIsCreatedByPastingAServiceKey) {
    TemporaryFile const key{"key.json", R"({"uaa":{"clientid":"a"},"unknown":1})"};
    expect_request(
        {"destinations", "create", "DEV", "000", "CALM", "--service-key", key.path(), "--background-user=CALM_BTC"},
        "POST /api/v1/destinations",
        {{"system", "DEV"},
         {"client", "000"},
         {"name", "CALM"},
         {"backgroundUser", "CALM_BTC"},
         {"serviceKey", {{"uaa", {{"clientid", "a"}}}, {"unknown", 1}}}});
}

TEST(CtlVerb, ADestinationIsCreatedByEnteringTheFieldsAsAlmSetupNamesThem) {
    TemporaryFile const secret{"secret", "top-secret\n"};
    expect_request(
        {"destinations", "create", "system=DEV", "client=000", "name=CALM", "--token-endpoint",
         "https://t.authentication.test/oauth/token", "--client-id", "sb!b1|x", "--client-secret-file", secret.path(),
         "--root-url", "https://eu10.alm.test/"},
        "POST /api/v1/destinations",
        {{"system", "DEV"},
         {"client", "000"},
         {"name", "CALM"},
         {"serviceKey",
          {{"uaa", {{"url", "https://t.authentication.test"}, {"clientid", "sb!b1|x"}, {"clientsecret", "top-secret"}}},
           {"endpoints", {{"Api", "https://eu10.alm.test/api"}}}}}});
}

TEST(CtlVerb, VerbsOfDestinationsNameThemInThePath) {
    expect_request({"destinations", "register", "DEV", "100", "a/b c"},
                   "POST /api/v1/destinations/DEV/100/a%2Fb%20c/register", nullptr);
    expect_request({"destinations", "unregister", "DEV", "100", "CALM"},
                   "POST /api/v1/destinations/DEV/100/CALM/unregister", nullptr);
    expect_request({"destinations", "delete", "DEV", "100", "CALM"}, "DELETE /api/v1/destinations/DEV/100/CALM",
                   nullptr);
    expect_request({"destinations", "change", "DEV", "100", "CALM", "--background-user", "X"},
                   "PUT /api/v1/destinations/DEV/100/CALM", {{"backgroundUser", "X"}});
}

TEST(CtlVerb, UseCasesAreSwitchedOnAndOff) {
    expect_request({"usecases", "activate", "DEV", "000", "CALM", "Transports: Read", "--interval", "1"},
                   "PUT /api/v1/usecases/DEV/000/CALM",
                   {{"task", "Transports: Read"}, {"active", true}, {"intervalMinutes", 1}});
    expect_request({"usecases", "deactivate", "DEV", "000", "CALM", "task=Transports: Read"},
                   "PUT /api/v1/usecases/DEV/000/CALM", {{"task", "Transports: Read"}, {"active", false}});
}

TEST(CtlVerb, RowsOfCustomizingTablesAndRfcDestinationsAreNamedInThePath) {
    expect_request({"tables", "set", "PRD", "CDM_PARAM", "TR_CHECK_PROCESS_TIME", "12"},
                   "PUT /api/v1/tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", "12"}});
    expect_request({"tables", "set", "PRD", "/SDF/CMO_TR_CONF", "Number of days in analysis period", "30"},
                   "PUT /api/v1/tables/PRD/%2FSDF%2FCMO_TR_CONF/Number%20of%20days%20in%20analysis%20period",
                   {{"value", "30"}});
    expect_request({"tables", "delete", "PRD", "CMO_TARGET", "DEV"}, "DELETE /api/v1/tables/PRD/CMO_TARGET/DEV",
                   nullptr);
    expect_request({"rfcdestinations", "set", "PRD", "DEV_RFC", "--user", "RFC_USER", "--state", "broken"},
                   "PUT /api/v1/rfcdestinations/PRD/DEV_RFC", {{"user", "RFC_USER"}, {"state", "broken"}});
    expect_request({"rfcdestinations", "delete", "PRD", "DEV_RFC"}, "DELETE /api/v1/rfcdestinations/PRD/DEV_RFC",
                   nullptr);
}

TEST(CtlVerb, RequestsHaveTheirBodies) {
    expect_request({"requests", "create", "DEV", "100", "a = b", "--object", "R3TR PROG ZA", "--object", "R3TR PROG ZB",
                    "--function", "W"},
                   "POST /api/v1/requests",
                   {{"system", "DEV"},
                    {"client", "100"},
                    {"text", "a = b"},
                    {"function", "W"},
                    {"objects", {"R3TR PROG ZA", "R3TR PROG ZB"}}});
    expect_request({"requests", "release", "DEVK900042"}, "POST /api/v1/requests/DEVK900042/release", nullptr);
}

TEST(CtlVerb, WhatTheServerTellsIsPrinted) {
    FakeAdmin admin;
    admin.answers["POST /api/v1/destinations/DEV/000/CALM/register"] = json_response(
        200,
        R"({"lmsId":"1111","messages":["Scheduler job for CALM has been scheduled.","Auto Discovery job for CALM has been triggered."]})");
    std::vector<std::string> const args{"destinations", "register", "DEV", "000", "CALM"};
    EXPECT_EQ(
        ctl(admin, args).out,
        "lmsId: 1111\nScheduler job for CALM has been scheduled.\nAuto Discovery job for CALM has been triggered.\n");
    auto as_json = args;
    as_json.insert(as_json.end(), {"-o", "json"});
    EXPECT_EQ(json::parse(ctl(admin, as_json).out)["lmsId"], "1111");
}

TEST(CtlVerb, AJobLogIsItsLines) {
    FakeAdmin admin;
    admin.answers["GET /api/v1/jobs/DEV/08562401/log"] =
        json_response(200, R"({"items":[{"time":"2026-11-22T08:56:24.000Z","text":"Job started","class":"00",
            "number":"516","type":"S"},{"time":"2026-11-22T08:56:25.000Z","text":"Job finished","class":"00",
            "number":"517","type":"S"}],"total":2})");
    auto const shown = ctl(admin, {"jobs", "log", "DEV", "08562401"}).out;
    EXPECT_THAT(shown, HasSubstr("TIME                 MESSAGE TEXT  CLASS  NUMBER  TYPE\n"
                                 "2026-11-22 08:56:24  Job started   00     516     S\n"))
        << "the columns of SM37, in its order";
    EXPECT_EQ(json::parse(ctl(admin, {"jobs", "log", "DEV", "08562401", "-o", "json"}).out)["total"], 2);
}

TEST(CtlVerb, OneSystemIsShownFieldByField) {
    FakeAdmin admin;
    admin.lists["/api/v1/systems"] = json::array({{{"system", "DEV"}, {"role", "DEV"}, {"clients", {"000", "100"}}},
                                                  {{"system", "PRD"}, {"role", "PROD"}, {"clients", {"000"}}}});
    EXPECT_EQ(ctl(admin, {"systems", "show", "DEV"}).out, "system:   DEV\nrole:     DEV\nclients:  000, 100\n");
    EXPECT_EQ(json::parse(ctl(admin, {"systems", "show", "PRD", "-o", "json"}).out)["role"], "PROD");
    auto const none = ctl(admin, {"systems", "show", "XXX"});
    EXPECT_EQ(none.code, 1);
    EXPECT_THAT(none.err, HasSubstr("almd ctl systems"));
}

TEST(CtlVerb, ARefusalIsOneWithTheServersSentence) {
    FakeAdmin admin;
    admin.answers["POST /api/v1/requests/DEVK900042/release"] =
        error_response(409, "CONFLICT", "DEVK900042 is released already", "request");
    auto const ran = ctl(admin, {"requests", "release", "DEVK900042"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "almd ctl: CONFLICT: DEVK900042 is released already (request)\n");
    EXPECT_EQ(ctl(admin, {"jobs"}).code, 1) << "a list that is not there";
}

TEST(CtlVerb, AQuestionThatOnlyTheDaemonCanRefuseIsUsage) {
    FakeAdmin admin;
    admin.answers["POST /api/v1/cloud/verify"] =
        error_response(400, "INVALID", "operation: no such operation", "operation");
    auto const ran = ctl(admin, {"journal", "verify", "heartbet"});
    EXPECT_EQ(ran.code, 2) << "1 would mean that the calls did not come";
    EXPECT_EQ(ran.err, "almd ctl: INVALID: operation: no such operation (operation)\n");
}

TEST(CtlVerb, AParameterOfTpIsSetAndAComponentIsTakenAway) {
    expect_request({"tpparameters", "set", "REPEATONERROR", "9"}, "PUT /api/v1/tpparameters/REPEATONERROR",
                   {{"value", "9"}});
    expect_request({"components", "delete", "QUA", "S4CORE"}, "DELETE /api/v1/components/QUA/S4CORE", nullptr);
}

TEST(CtlVerb, ARequestIsForwardedFromOneQueueToAnotherTarget) {
    expect_request({"queue", "forward", "QUA", "PRD.300", "DEVK900042", "--import-again"}, "POST /api/v1/queue/forward",
                   {{"source", "QUA"}, {"target", "PRD.300"}, {"request", "DEVK900042"}, {"importAgain", true}});
}

TEST(CtlVerb, AFlagNeedsNoValue) {
    auto const line = "POST /api/v1/requests/DEVK900042/release";
    expect_request({"requests", "release", "DEVK900042", "--ignore-locks"}, line, {{"ignoreLocks", true}});
    expect_request({"requests", "release", "--ignore-locks", "DEVK900042"}, line, {{"ignoreLocks", true}});
    expect_request({"requests", "release", "DEVK900042", "--with-tasks", "false"}, line, {{"withTasks", false}});
    expect_request({"requests", "release", "DEVK900042", "--with-tasks=false"}, line, {{"withTasks", false}});
    FakeAdmin admin;
    EXPECT_EQ(ctl(admin, {"requests", "release", "DEVK900042", "--ignore-locks=yes"}).code, 2);
}

TEST(CtlVerb, CtsIsDoneByHand) {
    auto const at = [](std::string_view rest) { return "/api/v1/requests/DEVK900042" + std::string{rest}; };
    std::string const number = "DEVK900042";
    expect_request({"requests", "add-object", number, "R3TR TABU T001 0001*", "--package", "ZP"},
                   "POST " + at("/objects"), {{"object", "R3TR TABU T001 0001*"}, {"package", "ZP"}});
    expect_request({"requests", "add-user", number, "ANNA"}, "POST " + at("/tasks"), {{"user", "ANNA"}});
    expect_request({"requests", "change-owner", number, "ANNA"}, "PUT " + at(""), {{"owner", "ANNA"}});
    expect_request({"requests", "protect", number}, "PUT " + at(""), {{"protected", true}});
    expect_request({"requests", "toc", number, "QUA.200"}, "POST " + at("/copies"), {{"target", "QUA.200"}});
    expect_request({"requests", "break", number, "export"}, "PUT " + at("/fault"), {{"fault", "export"}});
    expect_request({"requests", "empty", number}, "DELETE " + at("/objects"), nullptr);
    expect_request({"requests", "delete", number}, "DELETE " + at(""), nullptr);
    expect_request({"requests", "set-object", "DEV", "R3TR PROG ZA", "--inactive"}, "PUT /api/v1/objects/DEV",
                   {{"object", "R3TR PROG ZA"}, {"inactive", true}});
    expect_request({"requests", "set-object", "DEV", "LIMU FUNC Z_READ", "--function-group", "ZG"},
                   "PUT /api/v1/objects/DEV", {{"object", "LIMU FUNC Z_READ"}, {"functionGroup", "ZG"}});
    expect_request({"requests", "set-object", "DEV", "R3TR TABU T000", "--cross-client"}, "PUT /api/v1/objects/DEV",
                   {{"object", "R3TR TABU T000"}, {"crossClient", true}});
}

TEST(CtlVerb, TheDevelopersAreStoppedAndMadeToDoMore) {
    expect_request({"activity", "set", "--requests-per-hour", "2.5"}, "PUT /api/v1/activity",
                   {{"requestsPerHour", 2.5}});
    expect_request({"activity", "stop"}, "PUT /api/v1/activity", {{"active", false}});
    expect_request({"activity", "start"}, "PUT /api/v1/activity", {{"active", true}});
}

TEST(CtlVerb, ARefusedReleaseShowsEveryMessage) {
    FakeAdmin admin;
    admin.answers["POST /api/v1/requests/DEVK900042/release"] = json_response(
        409, R"({"error":{"code":"TR732","message":"first","target":null},"verdict":"abortrelapifail","messages":[
            {"type":"E","class":"TR","number":"732","text":"first"},{"type":"E","class":"","number":"","text":"second"}]})");
    auto const ran = ctl(admin, {"requests", "release", "DEVK900042"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.err, "almd ctl: TR732: first\nE TR732 first\nE second\n");
}

TEST(CtlVerb, NobodyThereIsThreeAndSaysWhatToDo) {
    auto const ran = ctl({"jobs", "--admin", "http://127.0.0.1:9"},
                         [](Shard&, std::string const& url) -> Result<std::unique_ptr<HttpClient>> {
                             EXPECT_EQ(url, "http://127.0.0.1:9");
                             return std::make_unique<NobodyThere>();
                         });
    EXPECT_EQ(ran.code, 3);
    EXPECT_THAT(ran.err, HasSubstr("nothing answers at http://127.0.0.1:9 (connection refused)"));
    EXPECT_THAT(ran.err, HasSubstr("almd run"));
}

TEST(CtlVerb, AnAddressThatIsNotAlmdIsToldAsSuch) {
    FakeAdmin admin;
    for (auto body : {"<html></html>", "{}", "[]", R"({"items":7})"}) {
        admin.answers["GET /api/v1/jobs"] = json_response(200, body);
        auto const ran = ctl(admin, {"jobs"});
        EXPECT_EQ(ran.code, 1) << body;
        EXPECT_THAT(ran.err, HasSubstr("is it the admin address of an almd?")) << body;
    }
}

struct WrongUse {
    std::vector<std::string> args;
    std::string told;
};

TEST(CtlVerb, WrongUseIsTwoWithAGuessAndTheList) {
    FakeAdmin admin;
    for (auto const& [args, told] : std::vector<WrongUse>{
             {{}, "what? There are: fleet systems destinations"},
             {{"job"}, "there is no job, did you mean jobs?; there are: fleet systems"},
             {{"elephants"}, "there is no elephants; there are: fleet"},
             {{"destinations", "registr", "DEV"},
              "destinations cannot registr, did you mean register?; there are: list create change"},
             {{"jobs", "delete"}, "jobs cannot delete; there are: list log"},
             {{"jobs", "list", "DEV"}, "a list is filtered with field=value, such as system=DEV"},
             {{"destinations", "register", "DEV", "000"}, "destinations register needs name"},
             {{"destinations", "register", "DEV", "000", "CALM", "more"}, "more is one word too many"},
             {{"destinations", "create", "DEV", "000", "CALM", "--servicekey", "x"},
              "takes no servicekey, did you mean service-key?"},
             {{"destinations", "create", "DEV", "000", "CALM", "--service-key", "/does/not/exist"},
              "/does/not/exist: "},
             {{"destinations", "register", "DEV", "000", ""}, "name is empty"},
             {{"destinations", "register", "DEV", "000", "A", "--name", "B"}, "name is given twice"},
             {{"usecases", "activate", "DEV", "000", "CALM", "T", "--interval", "soon"},
              "interval: a number is needed, not soon"},
             {{"jobs", "-o", "xml"}, "-o xml: allowed are table, wide, json"},
             {{"jobs", "--limit", "0"}, "--limit 0: a whole number of 1 or more"},
             {{"jobs", "--sort"}, "--sort needs a value"},
             {{"jobs", "-x", "1"}, "there is no -x"},
         }) {
        auto const ran = ctl(admin, args);
        EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(args);
        EXPECT_THAT(ran.err, HasSubstr(told));
        EXPECT_EQ(ran.out, "");
    }
    EXPECT_TRUE(admin.seen.empty());
}

TEST(CtlVerb, ABrokenKeyFileIsTwoAndItsContentIsNotRepeated) {
    FakeAdmin admin;
    TemporaryFile const key{"broken.json", "{ top-secret"};
    auto const ran = ctl(admin, {"destinations", "create", "DEV", "000", "CALM", "--service-key", key.path()});
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr("is not JSON"));
    EXPECT_THAT(ran.err, Not(HasSubstr("top-secret")));
}

TEST(CtlHelp, NamesEveryResourceAndVerbWithAnExample) {
    FakeAdmin admin;
    auto const all = ctl(admin, {"--help"});
    EXPECT_EQ(all.code, 0);
    for (auto const& resource : ctl_resources()) {
        EXPECT_THAT(all.out, HasSubstr("  " + std::string{resource.name} + " "));
        auto const one = ctl(admin, {std::string{resource.name}, "--help"});
        EXPECT_EQ(one.code, 0);
        for (auto const& verb : ctl_verbs()) {
            if (verb.resource == resource.name) {
                EXPECT_THAT(one.out, HasSubstr(std::string{verb.example}));
            }
        }
    }
    EXPECT_THAT(all.out, HasSubstr("Exit codes"));
    EXPECT_TRUE(admin.seen.empty());
}

TEST(CtlTables, AreSoundInThemselves) {
    for (auto const& verb : ctl_verbs()) {
        EXPECT_NE(find_ctl_resource(verb.resource), nullptr) << verb.resource;
        EXPECT_TRUE(verb.example.starts_with("almd ctl " + std::string{verb.resource} + " " + std::string{verb.verb}))
            << verb.example;
        std::size_t placeholders = 0;
        for (auto const& parameter : verb.parameters) {
            EXPECT_FALSE(parameter.help.empty()) << parameter.name;
            if (!parameter.key.starts_with('{')) continue;
            ++placeholders;
            EXPECT_THAT(std::string{verb.path}, HasSubstr(std::string{parameter.key}));
            EXPECT_TRUE(parameter.required) << verb.path;
        }
        EXPECT_EQ(placeholders, static_cast<std::size_t>(std::ranges::count(verb.path, '{'))) << verb.path;
    }
}

} // namespace
} // namespace almd::testing
