// The admin API against its own contract, proto/openapi/admin.yaml, over a living landscape.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

struct AdminApi : testing::Test, LandscapeBehindApi {
    AdminApi()
        : LandscapeBehindApi{demo_settings(), 20min} {}
    Answer ask(std::string method, std::string path, json const& body = nullptr) {
        return LandscapeBehindApi::ask(std::move(method), std::move(path), body, 1min); // registrations take their time
    }
};

TEST_F(AdminApi, EveryListKeepsItsContractAndHasRowsInALivingLandscape) {
    for (auto const* resource : {"systems",
                                 "destinations",
                                 "usecases",
                                 "jobs",
                                 "log",
                                 "requests",
                                 "queue",
                                 "landscape",
                                 "texts",
                                 "fleet",
                                 "users",
                                 "workprocesses",
                                 "parameters",
                                 "components",
                                 "notes",
                                 "cloud/registrations",
                                 "cloud/transports",
                                 "cloud/landscapes",
                                 "cloud/keys",
                                 "cloud/ledger"}) {
        auto const answer = ask("GET", resource);
        EXPECT_EQ(answer.status, 200) << resource;
        EXPECT_FALSE(answer.body["items"].empty()) << resource;
        EXPECT_GE(answer.body["total"], answer.body["items"].size());
    }
    EXPECT_EQ(ask("GET", "history").body["total"], 0);
}

TEST_F(AdminApi, ListsFilterSortAndPage) {
    auto const finished = ask("GET", "jobs?status=F&name=CALM%20Heartbeat*&sort=-start&limit=3");
    ASSERT_EQ(finished.body["items"].size(), 3u);
    EXPECT_EQ(finished.body["total"], 16);
    EXPECT_GE(finished.body["items"][0]["start"], finished.body["items"][2]["start"]);
    auto const unknown = ask("GET", "jobs?colour=red");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_THAT(unknown.body["error"]["message"].get<std::string>(), HasSubstr("plannedStart"));
}

TEST_F(AdminApi, ARequestIsCreatedReleasedAndWaitsInTheQueue) {
    auto const created =
        ask("POST", "requests",
            {{"system", "DEV"}, {"client", "100"}, {"text", "by hand"}, {"objects", {"R3TR PROG ZHAND"}}});
    ASSERT_EQ(created.status, 200) << created.body;
    auto const number = created.body["request"].get<std::string>();
    EXPECT_EQ(ask("POST", "requests/" + number + "/release", json::object()).status, 200);
    EXPECT_EQ(ask("GET", "queue?request=" + number).body["total"], 1);
    auto const again = ask("POST", "requests/" + number + "/release", json::object());
    EXPECT_EQ(again.status, 409);
    EXPECT_THAT(again.body["error"]["message"].get<std::string>(), HasSubstr("already released"));
}

TEST_F(AdminApi, UnregisterStopsAllCollectionAndTheHeartbeat) {
    EXPECT_EQ(ask("POST", "destinations/QUA/000/CALM/unregister").status, 200);
    auto const before = run.agent().counters();
    EXPECT_EQ(ask("GET", "jobs?system=QUA&status=S&name=*CALM*").body["total"], 0);
    run.shard().run_for(1h);
    EXPECT_EQ(ask("GET", "jobs?system=QUA&status=S&name=*CALM*").body["total"], 0);
    EXPECT_EQ(run.agent().counters().heartbeats - before.heartbeats, 3u * 12u) << "the other three clients beat on";
    auto const twice = ask("POST", "destinations/QUA/000/CALM/unregister");
    EXPECT_EQ(twice.status, 409);
    auto const again = ask("POST", "destinations/QUA/000/CALM/register");
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.body["messages"][0], "Scheduler job for CALM has been scheduled.");
    EXPECT_EQ(again.body["messages"][1], "Auto Discovery job for CALM has been triggered.");
    run.shard().run_for(30min);
    EXPECT_EQ(run.cloud().ledger().totals().gaps, 0u);
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

TEST_F(AdminApi, TheCloudLeadsATaskThatItSwitchedOffCannotBeSwitchedOnFromTheSystem) {
    auto const destinations = ask("GET", "destinations?system=QUA");
    auto const lms_id = destinations.body["items"][0]["lmsId"].get<std::string>();
    EXPECT_EQ(
        ask("POST", "cloud/usecases", {{"lmsId", lms_id}, {"task", "Transports: Import"}, {"active", false}}).status,
        200);
    run.shard().run_for(10min); // a heartbeat brings the version, the scheduler fetches the selection
    EXPECT_EQ(ask("GET", "usecases?system=QUA&task=Transports:%20Import").body["items"][0]["active"], false);
    auto const refused = ask("PUT", "usecases/QUA/000/CALM", {{"task", "Transports: Import"}, {"active", true}});
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(ask("POST", "cloud/usecases",
                  {{"lmsId", lms_id}, {"task", "Transports: Import"}, {"active", true}, {"intervalMinutes", 1}})
                  .status,
              200);
    run.shard().run_for(10min);
    auto const now = ask("GET", "usecases?system=QUA&task=Transports:%20Import").body["items"][0];
    EXPECT_EQ(now["active"], true);
    EXPECT_EQ(now["intervalMinutes"], 1);
}

TEST_F(AdminApi, BadInputIsRefusedWithAReasonAndChangesNothing) {
    struct Row {
        std::string method, path;
        json body;
        int status;
        std::string says;
    };
    for (auto const& row : {
             Row{"POST", "requests", {{"system", "XXX"}, {"client", "100"}, {"text", "t"}}, 404, "XXX"},
             Row{"POST", "requests/DEVK999999/release", json::object(), 404, "DEVK999999"},
             Row{"PUT",
                 "usecases/DEV/000/CALM",
                 {{"task", "Transports: Read"}, {"active", true}, {"intervalMinutes", 1441}},
                 400,
                 "1 to 1440"},
             Row{"PUT",
                 "usecases/DEV/000/CALM",
                 {{"task", "Transports: Create & Export (client-specific)"}, {"active", true}},
                 400,
                 "working client"},
             Row{"PUT",
                 "usecases/DEV/100/CALM",
                 {{"task", "Transports: Read"}, {"active", true}},
                 400,
                 "client 000 only"},
             Row{"PUT",
                 "usecases/DEV/000/CALM",
                 {{"task", "Health Monitoring"}, {"active", true}},
                 400,
                 "no collector"},
             Row{"POST", "destinations/DEV/000/NONE/register", nullptr, 404, "NONE"},
             Row{"POST", "destinations/DEV/000/CALM/register", nullptr, 409, "already"},
             Row{"GET", "jobs/DEV/99999999/log", nullptr, 404, "count"},
         }) {
        auto const answer = ask(row.method, row.path, row.body);
        EXPECT_EQ(answer.status, row.status) << row.path << ": " << answer.body;
        EXPECT_THAT(answer.body.dump(), HasSubstr(row.says)) << row.path;
    }
    EXPECT_EQ(ask("GET", "requests").body["total"], 4);
}

TEST_F(AdminApi, TheTransportConfigurationIsChangedByHand) {
    auto const added = ask("POST", "landscape/systems",
                           {{"system", "TRN"}, {"like", "PRD"}, {"kind", "virtual"}, {"description", "Training"}});
    ASSERT_EQ(added.status, 200) << added.body;
    EXPECT_EQ(added.body["version"], 2);
    EXPECT_THAT(added.body["warnings"][0].get<std::string>(), HasSubstr("TRN is virtual"));
    EXPECT_EQ(ask("GET", "systems?system=TRN&virtual=true").body["total"], 1);
    EXPECT_EQ(ask("POST", "landscape/routes", {{"from", "QUA.200"}, {"to", "TRN.300"}, {"user", "BASIS"}}).status, 200);
    EXPECT_EQ(ask("GET", "landscape?kind=delivery").body["total"], 2);
    EXPECT_EQ(ask("POST", "landscape/systems/TRN/replace", {{"like", "PRD"}}).body["version"], 4);
    EXPECT_EQ(ask("GET", "systems?system=TRN&virtual=true").body["total"], 0);
    EXPECT_EQ(ask("PUT", "landscape/routes/QUA.200/TRN.300", {{"to", "DEV.000"}}).body["version"], 5);
    EXPECT_EQ(ask("DELETE", "landscape/routes/QUA.200/DEV.000").body["version"], 6);
    EXPECT_EQ(ask("DELETE", "landscape/systems/TRN").body["version"], 7);
    auto const versions = ask("GET", "landscape/versions");
    ASSERT_EQ(versions.body["total"], 7);
    EXPECT_EQ(versions.body["items"][2]["author"], "BASIS");
    EXPECT_EQ(versions.body["items"][2]["text"], "delivery route QUA.200 > TRN.300 added");
    EXPECT_EQ(versions.body["items"][5]["active"], false);
    EXPECT_EQ(versions.body["items"][6]["active"], true);
    run.shard().run_for(5min);
    EXPECT_EQ(run.cloud().landscapes().entries().at(0)->landscape.version, 7);
}

TEST_F(AdminApi, TheLogHasTheFieldsOfSlg1) {
    auto const rows = ask("GET", "log?limit=1000").body["items"];
    auto const of = [&](std::string_view text) {
        auto const found = std::ranges::find_if(
            rows, [&](json const& row) { return row["text"].get<std::string>().find(text) != std::string::npos; });
        return found == rows.end() ? json{} : *found;
    };
    auto const registered = of("System registered at SAP Cloud ALM.");
    EXPECT_EQ(registered["logNumber"].get<std::string>().size(), 20u);
    EXPECT_EQ(registered["program"], "/SDF/ALM_SETUP");
    EXPECT_EQ(registered["mode"], "D");
    EXPECT_EQ(registered["user"], "DDIC");
    EXPECT_EQ(registered["messageClass"], "") << "no source names one";
    EXPECT_EQ(registered["problemClass"], "4");
    auto const sent = of("transports sent to CALM");
    EXPECT_EQ(sent["externalId"], "READ");
    EXPECT_EQ(sent["messageClass"], "ALMD");
    EXPECT_EQ(sent["messageNumber"], "100");
    EXPECT_EQ(sent["program"], "/SDF/CALM_SCHEDULER");
    EXPECT_EQ(sent["mode"], "B");
    EXPECT_EQ(sent["user"], "CALM_DEV");
    EXPECT_EQ(sent["variables"][1], "CALM");
    EXPECT_EQ(sent["position"], 1);
    EXPECT_EQ(sent["counters"], (json{{"A", 0}, {"E", 0}, {"W", 0}, {"I", 0}, {"S", 1}}));
    EXPECT_EQ(sent["expires"], json(nullptr));
    EXPECT_EQ(sent["logHandle"].get<std::string>().size(), 22u);
    EXPECT_LE(sizeof(LogEntry), 64u);
}

TEST_F(AdminApi, WhatOneRunWritesStandsInOneLog) {
    auto const rows = ask("GET", "log?limit=1000").body["items"];
    auto const registered = std::ranges::find_if(
        rows, [](json const& row) { return row["text"] == "System registered at SAP Cloud ALM."; });
    ASSERT_NE(registered, rows.end());
    std::vector<json> log;
    for (auto const& row : rows)
        if (row["logNumber"] == (*registered)["logNumber"]) log.push_back(row);
    std::ranges::reverse(log); // newest first
    ASSERT_EQ(log.size(), 3u) << "registered, scheduler scheduled, discovery triggered";
    for (std::size_t i = 0; i < log.size(); ++i) EXPECT_EQ(log[i]["position"], i + 1);
    EXPECT_EQ(log[0]["counters"]["S"], 3);
    EXPECT_NE(ask("GET", "log?q=transports sent").body["items"][0]["logNumber"], log[0]["logNumber"]);
}

TEST_F(AdminApi, AWrongChangeOfTheTransportConfigurationIsRefusedWithItsReason) {
    struct Row {
        std::string method, path;
        json body;
        int status;
        std::string says;
    };
    for (auto const& row : {
             Row{"POST",
                 "landscape/systems",
                 {{"system", "QUA"}, {"like", "PRD"}},
                 409,
                 "QUA is in the domain already"},
             Row{"POST", "landscape/systems", {{"system", "TRN"}, {"like", "XXX"}}, 404, "no system XXX"},
             Row{"POST", "landscape/systems", {{"system", "trn"}, {"like", "PRD"}}, 400, "trn"},
             Row{"POST",
                 "landscape/systems",
                 {{"system", "EXT"}, {"like", "PRD"}, {"kind", "external"}},
                 409,
                 "its transport group GROUP_1 belongs to no other system"},
             Row{"POST", "landscape/systems/QUA/replace", {{"like", "PRD"}}, 409, "QUA is a real system"},
             Row{"POST", "landscape/systems/DEV/replace", {{"like", "PRD"}}, 409, "warning: SAP Cloud ALM does not"},
             Row{"POST", "landscape/systems/XXX/replace", {{"like", "PRD"}}, 404, "no system XXX"},
             Row{"DELETE", "landscape/systems/DEV", nullptr, 409, "deleting the development system"},
             Row{"DELETE", "landscape/systems/XXX", nullptr, 404, "no system XXX"},
             Row{"POST", "landscape/routes", {{"from", "PRD.300"}, {"to", "QUA.200"}}, 409, "in a circle"},
             Row{"POST", "landscape/routes", {{"from", "QUA.200"}, {"to", "/NONE/"}}, 409, "no target group /NONE/"},
             Row{"POST", "landscape/routes", {{"from", "/GRP/"}, {"to", "PRD.300"}}, 400, "starts at a system"},
             Row{"DELETE", "landscape/routes/PRD.300/%2FGRP%2F", nullptr, 404, "no delivery route PRD.300 > /GRP/"},
             Row{"POST", "landscape/groups/%2FGRP%2F/members", {{"member", "PRD.300"}}, 404, "no target group /GRP/"},
             Row{"DELETE", "landscape/groups/%2FGRP%2F/members/PRD.300", nullptr, 404, "no target group /GRP/"},
             Row{"POST", "landscape/controller/take-over", json::object(), 409, "has no backup controller"},
             Row{"PUT", "landscape/routes/QUA.200/PRD.300", {{"to", "PRD.999"}}, 409, "PRD has no client 999"},
             Row{"POST",
                 "landscape/approvals/DEVK900001/QUA/approve",
                 {{"step", "system_administration"}},
                 409,
                 "QUA has no approval procedure"},
             Row{"POST",
                 "landscape/approvals/DEVK999998/QUA/approve",
                 {{"step", "system_administration"}},
                 404,
                 "does not exist"},
             Row{"POST", "landscape/approvals/DEVK900001/QUA/reject", {{"step", "boss"}}, 400, "request_owner"},
         }) {
        auto const answer = ask(row.method, row.path, row.body);
        EXPECT_EQ(answer.status, row.status) << row.path << ": " << answer.body;
        EXPECT_THAT(answer.body.dump(), HasSubstr(row.says)) << row.path;
    }
    EXPECT_EQ(ask("GET", "landscape/versions").body["total"], 1);
    EXPECT_EQ(ask("GET", "systems").body["total"], 3);
}

TEST_F(AdminApi, ABrokenDestinationIsNotCreatedAndItsBrokenFieldIsNamed) {
    auto const key = json::parse(encode(run.cloud().service_key("https://localhost:8443", "tenant-a").value()));
    auto const rows_before = ask("GET", "destinations").body["total"];
    struct Row {
        json broken;
        std::string says;
    };
    for (auto const& [broken, says] : {
             Row{{{"proxyHost", "proxy"}, {"proxyPort", 65537}}, "proxyPort: an integer from 1 to 65535"},
             Row{{{"proxyHost", "proxy"}, {"proxyPort", "abc"}}, "proxyPort: an integer from 1 to 65535"},
             Row{{{"proxyHost", "proxy"}, {"proxyPort", 0}}, "proxyPort: an integer from 1 to 65535"},
             Row{{{"proxyHost", 7}}, "proxyHost: a string"},
             Row{{{"proxyHost", ""}}, "proxyHost: "},
             Row{{{"proxyPort", 3128}}, "proxyPort: needs proxyHost"},
             Row{{{"proxyHost", "proxy"}, {"proxyUser", "a:b"}}, "proxyUser: "},
             Row{{{"proxyHost", "proxy"}, {"proxyPassword", "p"}}, "proxyPassword: "},
             Row{{{"name", ""}}, "name: "},
             Row{{{"name", "A\nB"}}, "name: "},
             Row{{{"backgroundUser", ""}}, "backgroundUser: "},
             Row{{{"backgroundUser", "batch"}}, "backgroundUser: "},
             Row{{{"backgroundUser", "ABCDEFGHIJKLM"}}, "backgroundUser: "},
             Row{{{"backgroundUser", 7}}, "backgroundUser: a string"},
         }) {
        json body{{"system", "QUA"}, {"client", "200"}, {"name", "SECOND"}, {"serviceKey", key}};
        body.update(broken);
        auto const answer = ask("POST", "destinations", body);
        EXPECT_EQ(answer.status, 400) << broken;
        EXPECT_THAT(answer.body["error"]["message"].get<std::string>(), testing::StartsWith(says)) << broken;
    }
    EXPECT_EQ(ask("PUT", "destinations/QUA/000/CALM", {{"backgroundUser", "too_low"}}).status, 400);
    EXPECT_EQ(ask("GET", "destinations").body["total"], rows_before);
}

TEST_F(AdminApi, AnIntervalIsCheckedAsWideAsItCame) {
    for (json const& minutes : {json(4294967297), json(0), json(-1), json(1441), json(1.5), json("5")}) {
        auto const answer = ask("PUT", "usecases/DEV/000/CALM",
                                {{"task", "Transports: Read"}, {"active", true}, {"intervalMinutes", minutes}});
        EXPECT_EQ(answer.status, 400) << minutes;
        EXPECT_THAT(answer.body.dump(), HasSubstr("from 1 to 1440")) << minutes;
    }
}

TEST_F(AdminApi, AUserOfARequestHasAName) {
    for (auto const* user : {"", "anna", "ABCDEFGHIJKLM", "A\nB"}) {
        json const wanted{{"system", "DEV"}, {"client", "100"}, {"text", "t"}, {"owner", user}};
        EXPECT_EQ(ask("POST", "requests", wanted).status, 400) << user;
        EXPECT_EQ(ask("PUT", "requests/DEVK900001", {{"owner", user}}).status, 400) << user;
        EXPECT_EQ(ask("POST", "requests/DEVK900001/tasks", {{"user", user}}).status, 400) << user;
    }
    EXPECT_EQ(ask("GET", "requests").body["total"], 4);
}

TEST_F(AdminApi, ADestinationIsCreatedByItsFields) {
    json fields{{"system", "QUA"},
                {"client", "200"},
                {"name", "BYHAND"},
                {"tokenEndpoint", "https://other.example.com/oauth/token"},
                {"clientId", "sb-other"},
                {"clientSecret", "very secret"},
                {"rootUrl", "https://other.example.com"}};
    EXPECT_EQ(ask("POST", "destinations", fields).status, 200);
    auto const& parts = run.agent().parts();
    auto const setup = parts.setups.find(*parts.world.find(*SystemId::parse("QUA")), Client{200}, "BYHAND");
    ASSERT_TRUE(setup);
    auto const& key = parts.destinations[parts.setups[*setup].destination].key;
    EXPECT_EQ(key.root_url(), "https://other.example.com");
    EXPECT_EQ(key.token_endpoint, "https://other.example.com/oauth/token");
    EXPECT_EQ(key.client_secret, "very secret");
    fields["name"] = "INCOMPLETE";
    fields.erase("clientSecret");
    auto const incomplete = ask("POST", "destinations", fields);
    EXPECT_EQ(incomplete.status, 400);
    EXPECT_THAT(incomplete.body["error"]["message"].get<std::string>(), HasSubstr("clientSecret"));
    fields["clientSecret"] = "very secret";
    fields["rootUrl"] = "ftp://other.example.com";
    auto const odd = ask("POST", "destinations", fields);
    EXPECT_EQ(odd.status, 400);
    EXPECT_THAT(odd.body.dump(), testing::Not(HasSubstr("very secret")));
}

TEST_F(AdminApi, ABrokenServiceKeyNamesTheMissingField) {
    auto const refused = ask(
        "POST", "destinations",
        json::parse(
            R"({"system":"QUA","client":"200","name":"SECOND","serviceKey":{"uaa":{"clientid":"c","clientsecret":"s3cret"},"endpoints":{"Api":"https://localhost/api"}}})"));
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body.dump(), HasSubstr("uaa.url"));
    EXPECT_THAT(refused.body.dump(), testing::Not(HasSubstr("s3cret")));
}

} // namespace
} // namespace almd
