// Customizing, SM59 and /SDF/ALM_DIAGNOSTIC by hand through the admin API; one production system and two tenants.
#include "agent/setup/tenants.hpp"
#include "simulator/cloud/cloud.hpp"
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

struct Customized : testing::Test {
    LandscapeBehindApi api;

    json rows(std::string const& list, std::string const& filter) { return api.list(list + "?" + filter); }
    std::vector<std::string> findings(std::string const& filter) {
        std::vector<std::string> lines;
        for (auto const& row : rows("diagnostics", filter))
            lines.push_back(row["severity"].get<std::string>() + ": " + row["text"].get<std::string>());
        return lines;
    }
};

TEST_F(Customized, TablesHaveTheirDefaultsAndAreMaintainedByHand) {
    auto const hours = rows("tables", "system=PRD&key=TR_CHECK_PROCESS_TIME")[0];
    EXPECT_EQ(hours["table"], "/SDF/CDM_PARAM");
    EXPECT_EQ(hours["value"], "10");
    EXPECT_EQ(hours["default"], true);
    EXPECT_EQ(rows("tables", "system=PRD&table=/SDF/CMO_TR_CONF")[0]["value"], "180");
    EXPECT_EQ(api.ask("PUT", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", "12"}}).status, 200);
    EXPECT_EQ(rows("tables", "system=PRD&key=TR_CHECK_PROCESS_TIME")[0]["value"], "12");
    EXPECT_EQ(rows("tables", "system=QUA&key=TR_CHECK_PROCESS_TIME")[0]["value"], "10") << "the template is shared";
    EXPECT_EQ(api.ask("DELETE", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME").status, 200);
    EXPECT_EQ(api.ask("DELETE", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME").status, 404);
    EXPECT_EQ(rows("tables", "system=PRD&key=TR_CHECK_PROCESS_TIME")[0]["value"], "10");
    EXPECT_EQ(
        api.ask("PUT", "tables/PRD/%2FSDF%2FCMO_TR_CONF/Number%20of%20days%20in%20analysis%20period", {{"value", "30"}})
            .status,
        200);
    EXPECT_EQ(rows("tables", "system=PRD&table=/SDF/CMO_TR_CONF")[0]["value"], "30");
}

TEST_F(Customized, TheRfcDestinationOfTransportChecksIsFoundMissingAndMended) {
    EXPECT_THAT(findings("system=PRD&area=cts"),
                Contains("error: RFC configuration is missing in view /SDF/CMO_TARGET for transport checks"));
    EXPECT_EQ(api.ask("PUT", "tables/PRD/CMO_TARGET/DEV", {{"value", "DEV_RFC"}}).status, 200);
    EXPECT_THAT(findings("system=PRD&area=cts"),
                Contains("error: The configured RFC DEV_RFC in the table view /SDF/CMO_TARGET doesn't exist"));
    EXPECT_EQ(api.ask("PUT", "rfcdestinations/PRD/DEV_RFC", json::object()).status, 200);
    EXPECT_THAT(findings("system=PRD&area=cts"), Contains(HasSubstr("has no user assigned")));
    EXPECT_EQ(api.ask("PUT", "rfcdestinations/PRD/DEV_RFC", {{"user", "RFC_USER"}, {"state", "broken"}}).status, 200);
    EXPECT_THAT(findings("system=PRD&area=cts"), Contains(HasSubstr("doesn't work")));
    EXPECT_EQ(api.ask("PUT", "rfcdestinations/PRD/DEV_RFC", {{"state", "works"}}).status, 200);
    EXPECT_THAT(findings("system=PRD&area=cts"), Contains(HasSubstr("has been validated successfully")));
    auto const row = rows("rfcdestinations", "system=PRD&type=3")[0];
    EXPECT_EQ(row["name"], "DEV_RFC");
    EXPECT_EQ(row["user"], "RFC_USER") << "a change of the state leaves the user";
    EXPECT_EQ(api.ask("DELETE", "rfcdestinations/PRD/DEV_RFC").status, 200);
    EXPECT_EQ(api.ask("DELETE", "rfcdestinations/PRD/DEV_RFC").status, 404);
}

TEST_F(Customized, SM59KeepsTheEntryOfADestinationWhileAnotherClientUsesIt) {
    auto const entry = rows("rfcdestinations", "system=DEV&name=ZSDF_CALM")[0];
    EXPECT_EQ(entry["type"], "G");
    EXPECT_EQ(entry["clients"], json::array({"000", "100"}));
    EXPECT_EQ(api.ask("DELETE", "destinations/DEV/100/CALM", nullptr, 1min).status, 200);
    EXPECT_EQ(rows("rfcdestinations", "system=DEV&name=ZSDF_CALM")[0]["clients"], json::array({"000"}));
    EXPECT_EQ(api.ask("DELETE", "destinations/DEV/000/CALM", nullptr, 1min).status, 200);
    EXPECT_THAT(rows("rfcdestinations", "system=DEV&name=ZSDF_CALM"), IsEmpty());
}

TEST_F(Customized, AProxyWithAUserHasAnEntryOfItsOwn) {
    auto key = api.run.cloud().service_key("https://localhost:8443", "tenant-a");
    ASSERT_TRUE(key);
    json body{{"system", "QUA"},          {"client", "200"},
              {"name", "PROXIED"},        {"serviceKey", json::parse(encode(*key))},
              {"proxyHost", "proxy"},     {"proxyUser", "me"},
              {"proxyPassword", "secret"}};
    ASSERT_EQ(api.ask("POST", "destinations", body).status, 200);
    EXPECT_EQ(rows("rfcdestinations", "system=QUA&name=ZSDE_PROXIED")[0]["clients"], json::array({"200"}));
    EXPECT_EQ(rows("rfcdestinations", "system=QUA&name=ZSDF_PROXIED").size(), 1u);
    EXPECT_THAT(rows("rfcdestinations", "system=QUA&name=ZSDE_CALM"), IsEmpty());
}

TEST_F(Customized, WhatIsWrongIsRefusedAndChangesNothing) {
    struct Row {
        std::string method, path;
        json body;
        int status;
        std::string says;
    };
    for (auto const& wrong : {
             Row{"PUT", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", "10h"}}, 400, "digits only"},
             Row{"PUT", "tables/PRD/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", 10}}, 400, "a string is needed"},
             Row{"PUT", "tables/PRD/CDM_PARAM/TR_CHEK", {{"value", "10"}}, 400, "TR_CHECK_PROCESS_TIME"},
             Row{"PUT", "tables/PRD/T000/1", {{"value", "10"}}, 404, "CMO_TARGET"},
             Row{"PUT", "tables/XXX/CDM_PARAM/TR_CHECK_PROCESS_TIME", {{"value", "10"}}, 404, "no system XXX"},
             Row{"PUT", "tables/PRD/CMO_TARGET/dev", {{"value", "DEV_RFC"}}, 400, "a system such as DEV"},
             Row{"PUT", "rfcdestinations/PRD/DEV_RFC", {{"state", "good"}}, 400, "logonRefused"},
             Row{"PUT", "rfcdestinations/PRD/DEV_RFC", {{"user", "small"}}, 400, "user name"},
             Row{"PUT", "rfcdestinations/PRD/DEV_RFC", {{"user", 5}}, 400, "a string is needed"},
             Row{"PUT", "rfcdestinations/PRD/DEV_RFC", {{"state", true}}, 400, "a string is needed"},
             Row{"PUT", "rfcdestinations/PRD/ZSDF_CALM", {{"user", "X"}}, 409, "almd ctl destinations"},
             Row{"DELETE", "rfcdestinations/PRD/ZSDF_CALM", nullptr, 409, "almd ctl destinations"},
             Row{"PUT", "parameters/PRD", {{"name", "rdisp/wp_no_btc"}, {"value", "501"}}, 400, "0 to 500"},
             Row{"PUT", "users/PRD/A(B", {{"create", true}}, 400, "upper-case letters"},
         }) {
        auto const answer = api.ask(wrong.method, wrong.path, wrong.body);
        EXPECT_EQ(answer.status, wrong.status) << wrong.path;
        EXPECT_THAT(answer.body.dump(), HasSubstr(wrong.says)) << wrong.path;
    }
    EXPECT_THAT(rows("rfcdestinations", "type=3"), IsEmpty());
    for (auto const& row : api.list("tables")) EXPECT_EQ(row["default"], true) << row;
}

TEST_F(Customized, TheProfileParameterOfWorkProcessesIsTheirNumber) {
    EXPECT_EQ(api.ask("PUT", "parameters/QUA", {{"name", "rdisp/wp_no_btc"}, {"value", "1"}}).status, 200);
    EXPECT_EQ(rows("workprocesses", "system=QUA")[0]["total"], 1);
    EXPECT_EQ(rows("parameters", "system=QUA&name=rdisp*")[0]["value"], "1");
    EXPECT_THAT(findings("system=QUA&area=workProcesses"), Contains("warning: There's only one free batch process"));
    EXPECT_EQ(api.ask("PUT", "parameters/QUA", {{"name", "rdisp/wp_no_btc"}, {"unset", true}}).status, 200);
    EXPECT_EQ(rows("workprocesses", "system=QUA")[0]["total"], 6) << "as the configuration says";
}

TEST_F(Customized, JobsShowWhoCreatedThem) {
    auto const job = rows("jobs", "system=DEV&client=000&report=/SDF/CALM_HEARTBEAT")[0];
    EXPECT_EQ(job["creator"], "DDIC");
    EXPECT_EQ(job["user"], "CALM_DEV");
}

TEST_F(Customized, DiagnosticsLookAtTasksRoutesJobsLocksAndTheTokenOfEachSetUp) {
    auto const dev = findings("system=DEV&client=100");
    EXPECT_THAT(dev, Contains("ok: The check is running in DEV/100 for destination CALM"));
    EXPECT_THAT(dev, Contains("ok: System has an export route"));
    EXPECT_THAT(dev, Contains("info: System has no import route"));
    EXPECT_THAT(dev, Contains("ok: Export Task is active in client 100"));
    EXPECT_THAT(dev, Contains("ok: Connection successful"));
    EXPECT_THAT(dev, Contains("ok: Token scopes valid"));
    auto const qua = findings("system=QUA");
    EXPECT_THAT(qua, Contains("ok: Import Task is active in client 000 and valid for all clients"));
    EXPECT_THAT(qua, Contains("ok: Job /SDF/CALM_CDM_DIAGNOSTICS did run today"));
    EXPECT_THAT(qua, Contains(HasSubstr("Job CALM Scheduler CALM is scheduled. Next run: 2026-01-01 00:0")));
    EXPECT_THAT(
        findings("severity=error"),
        testing::ElementsAre("error: RFC configuration is missing in view /SDF/CMO_TARGET for transport checks"))
        << "of PRD, whose Transports: Check is active; nothing else is wrong with the demo";
    auto& parts = api.run.agent().parts();
    parts.locks.take(1, TaskKind::transports_create_export, "CALM_DEV100", parts.now()); // of DEV:100
    EXPECT_THAT(findings("system=DEV&client=000&area=locks"),
                Contains("warning: At least one SM12 lock found for /SDF/CALM_SCHED"))
        << "locks of the whole system count";
    EXPECT_EQ(api.ask("POST", "destinations/QUA/000/CALM/unregister", nullptr, 1min).status, 200);
    EXPECT_THAT(findings("system=QUA&area=batchJob"), Contains("error: Job CALM Scheduler CALM isn't scheduled"));
}

/// Keeps the bodies that go to one path.
struct Overheard : HttpClient {
    Overheard(HttpService& dialogue, std::vector<json>& bodies_)
        : inner{dialogue}
        , bodies{bodies_} {}
    Async<Result<HttpResponse>> send(HttpRequest request) override {
        if (request.target.ends_with("/cdm/diagnostics")) bodies.push_back(json::parse(request.body));
        return inner.send(std::move(request));
    }
    InProcessClient inner;
    std::vector<json>& bodies;
};

TEST(TheDailyDiagnostic, SendsWhatTheTransactionFinds) {
    auto const settings = calm_demo();
    std::vector<json> sent;
    VirtualRun run{settings, [&](HttpService& dialogue) { return std::make_unique<Overheard>(dialogue, sent); }};
    ASSERT_TRUE(run.start());
    run.shard().run_for(10min);
    ASSERT_EQ(sent.size(), 3u) << "client 000 of DEV, QUA and PRD";
    std::vector<std::string> bad;
    for (auto const& message : sent) {
        EXPECT_GT(message["findings"].size(), 10u);
        for (auto const& finding : message["findings"])
            if (finding["severity"] == "error") bad.push_back(finding["text"]);
    }
    EXPECT_THAT(bad, testing::ElementsAre("RFC configuration is missing in view /SDF/CMO_TARGET for transport checks"));
    run.shard().run_for(24h);
    EXPECT_EQ(sent.size(), 6u);
}

Settings with_a_second_tenant(std::string_view system) {
    auto settings = calm_demo();
    settings.destinations.push_back({"OTHER", "tenant-b", std::nullopt, std::nullopt});
    SetupSpec setup;
    setup.system = *SystemId::parse(system);
    setup.destination = "OTHER";
    settings.setups.push_back(setup);
    return settings;
}

std::string tenant_of(DestinationSpec const& destination) {
    return destination.tenant;
}

TEST(TwoTenants, OfOneProductionSystemAreAWarningInCheckSlg1AndDiagnostics) {
    auto const warning = "PRD is a production system and reports to more than one tenant: CALM, OTHER";
    auto const settings = with_a_second_tenant("PRD");
    EXPECT_THAT(tenant_warnings(settings, tenant_of), testing::ElementsAre(warning));
    LandscapeBehindApi api{settings};
    auto const log = api.list("log?type=W&text=*tenant*");
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log[0]["text"], warning);
    EXPECT_EQ(log[0]["program"], "/SDF/ALM_SETUP");
    auto const found = api.list("diagnostics?area=tenants");
    ASSERT_EQ(found.size(), 2u) << "in both set-ups of PRD";
    EXPECT_EQ(found[0]["text"], warning);
    EXPECT_EQ(api.ask("POST", "destinations/PRD/000/OTHER/unregister", nullptr, 1min).status, 200);
    EXPECT_THAT(api.list("diagnostics?area=tenants"), IsEmpty());
}

TEST(TwoTenants, OfATestSystemOrOneTenantTwiceAreNoMatter) {
    EXPECT_THAT(tenant_warnings(with_a_second_tenant("QUA"), tenant_of), IsEmpty());
    EXPECT_THAT(tenant_warnings(calm_demo(), tenant_of), IsEmpty());
    EXPECT_THAT(tenant_warnings(with_a_second_tenant("PRD"), [](auto const&) { return std::string{"one"}; }),
                IsEmpty());
    auto settings = with_a_second_tenant("PRD");
    settings.landscape.systems[2].role = "TEST";
    EXPECT_EQ(tenant_warnings(settings, tenant_of).size(), 1u) << "the last system of a track is production anyway";
}

} // namespace
} // namespace almd
