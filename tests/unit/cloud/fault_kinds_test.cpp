// The kinds of faults that need time, state or a certain call.
#include "tests/unit/cloud/cloud_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FaultRule from_json(std::string_view text) {
    return fault_rule_from_json(Json::parse(text), "").value();
}

struct FaultKinds : testing::Test {
    void add(std::string_view rule) { ASSERT_TRUE(world.cloud.add_fault(from_json(rule))); }
    std::vector<int> beats(std::uint32_t first, std::uint32_t last) {
        std::vector<int> statuses;
        for (auto n = first; n <= last; ++n) statuses.push_back(world.beat(id, n).status);
        return statuses;
    }

    CloudWorld world;
    LmsId id = world.enroll("DEV");
};

TEST_F(FaultKinds, AnAnswerCutInItsBodyLeavesTheWorkDone) {
    add(R"({"kind":"closeMidBody","operations":["heartbeat"]})");
    auto const answer = world.beat(id, 1);
    EXPECT_EQ(answer.delivery, Delivery::close_mid_body);
    EXPECT_EQ(answer.body, R"({"useCaseVersion":0})") << "the server cuts it";
    EXPECT_EQ(world.cloud.ledger().system(0).beats, 1U);
    world.cloud.faults().clear();
    add(R"({"kind":"closeMidBody"})");
    auto const empty = world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + id.text());
    EXPECT_EQ(empty.delivery, Delivery::close) << "half of nothing would be a whole answer";
}

TEST_F(FaultKinds, MalformedAndTruncatedJsonAreNoJson) {
    add(R"({"kind":"truncatedJson","count":1})");
    EXPECT_EQ(world.beat(id, 1).body, R"({"useCaseV)");
    add(R"({"kind":"malformedJson","count":1})");
    EXPECT_EQ(world.beat(id, 2).body, R"({"useCaseVersion" 0})");
    EXPECT_EQ(world.beat(id, 3).body, R"({"useCaseVersion":0})");
}

TEST_F(FaultKinds, ABrokenTextLeavesTheStatusAndNothingIsBrokenWhereThereIsNone) {
    add(R"({"kind":"malformedJson"})");
    auto const refused = world.send("POST", CloudWorld::path(id, "heartbeat"), "{}");
    EXPECT_EQ(refused.status, 400);
    EXPECT_FALSE(Json::accept(refused.body));
    EXPECT_THAT(refused.body, HasSubstr("INVALID_BODY"));
    auto const list = world.send("GET", "/api/calm-tasks/v1/tasks?projectId=" + Uuid{1, 2}.text());
    EXPECT_FALSE(Json::accept(list.body));
    auto const fired = world.cloud.faults().fired();
    auto const gone = world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + id.text());
    EXPECT_EQ(gone.status, 204);
    EXPECT_EQ(gone.body, "");
    EXPECT_EQ(world.cloud.faults().fired(), fired);
    EXPECT_EQ(world.send("HEAD", "/api/calm-features/v1/FeatureStatus").status, 200);
    EXPECT_EQ(world.cloud.faults().fired(), fired) << "its text is not sent";
}

TEST_F(FaultKinds, NoAnswerMeansSilenceAndThenTheEnd) {
    add(R"({"kind":"noAnswer","delay":"45s","operations":["heartbeat"]})");
    auto const answer = world.beat(id, 1);
    EXPECT_EQ(answer.delivery, Delivery::close);
    EXPECT_EQ(world.shard.clock().now(), start + 45s);
    EXPECT_EQ(world.cloud.ledger().system(0).beats, 1U);
}

TEST_F(FaultKinds, ADribbleTakesItsTimeAndIsWholeInTheEnd) {
    add(R"({"kind":"dribble","delay":"20s","operations":["heartbeat"]})");
    EXPECT_EQ(world.beat(id, 1).body, R"({"useCaseVersion":0})");
    EXPECT_EQ(world.shard.clock().now(), start + 20s);
}

std::vector<Duration> waits(std::string_view rule, std::size_t count) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_TRUE(world.cloud.add_fault(from_json(rule)));
    std::vector<Duration> all;
    for (std::uint32_t n = 1; n <= count; ++n) {
        auto const before = world.shard.clock().now();
        world.beat(id, n);
        all.push_back(std::chrono::duration_cast<Duration>(world.shard.clock().now() - before));
    }
    std::ranges::sort(all);
    return all;
}

TEST(FaultDelays, AUniformDelayStaysBetweenItsEndsAndUsesThem) {
    auto const all = waits(R"({"kind":"delay","distribution":"uniform","delay":"1s","delayMax":"3s"})", 200);
    EXPECT_GE(all.front(), 1s);
    EXPECT_LT(all.front(), 1100ms);
    EXPECT_LT(all.back(), 3s);
    EXPECT_GT(all.back(), 2900ms);
}

TEST(FaultDelays, ALognormalDelayHasItsMedianALongTailAndAnEnd) {
    auto const all =
        waits(R"({"kind":"delay","distribution":"lognormal","delay":"1s","sigma":1.0,"delayMax":"8s"})", 400);
    EXPECT_GT(all[200], 850ms);
    EXPECT_LT(all[200], 1150ms);
    EXPECT_GT(all[380], 3s) << "the 95th percentile of sigma 1 is five times the median";
    EXPECT_LE(all.back(), 8s);
}

TEST_F(FaultKinds, AQuotaRefusesTheRestOfItsWindowAndSaysHowLong) {
    add(R"({"kind":"quota","quota":2,"window":"1m","operations":["heartbeat"]})");
    EXPECT_THAT(beats(1, 2), ElementsAre(200, 200));
    world.pass(15s);
    auto const refused = world.beat(id, 3);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_of(refused), "TOO_MANY_REQUESTS");
    EXPECT_EQ(find_header(refused.headers, "Retry-After"), "45");
    world.pass(45s);
    EXPECT_THAT(beats(3, 5), ElementsAre(200, 200, 429));
    EXPECT_EQ(world.cloud.faults().fired(FaultKind::quota), 2U);
}

TEST_F(FaultKinds, ARevokedTokenIsRefusedAndANewOneIsGood) {
    add(R"({"kind":"tokenRevoked","operations":["heartbeat"],"count":1})");
    auto const refused = world.beat(id, 1);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(code_of(refused), "TOKEN_REVOKED");
    EXPECT_EQ(world.beat(id, 1).status, 401) << "the old token stays dead";
    world.bearer.clear();
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_TRUE(world.cloud.verdict().clean) << "whose token was revoked is not to blame";
}

TEST_F(FaultKinds, ARemovedScopeHurtsOnlyWhoNeedsIt) {
    add(R"({"kind":"scopeRemoved","scope":"imp-cdm-feature-display-ui"})");
    EXPECT_EQ(world.beat(id, 1).status, 200);
    auto const refused = world.send("GET", CloudWorld::path(id, "cdm/work"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_of(refused), "SCOPE_MISSING");
    EXPECT_THAT(message_of(refused), HasSubstr("imp-cdm-feature-display-ui"));
}

TEST_F(FaultKinds, AnExpiredCertificateGetsNoTokenAtTheMtlsDoor) {
    add(R"({"kind":"certificateExpired"})");
    EXPECT_EQ(world.token_call().status, 200) << "a secret has no certificate";
    auto const refused =
        world.serve(world.cloud.mtls_tokens(), {"POST", "/oauth/token", "grant_type=client_credentials&client_id=x"});
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("certificate has expired"));
}

struct FaultyWork : FaultKinds {
    FaultyWork() {
        WorkItem item;
        item.kind = WorkKind::create;
        item.parameters["title"] = "Prices";
        EXPECT_TRUE(world.cloud.create_work(id, item));
    }
    std::size_t polled() {
        return Json::parse(world.send("GET", CloudWorld::path(id, "cdm/work")).body).at("items").size();
    }
};

TEST_F(FaultyWork, ALeaseThatIsNotHonouredHandsItemsOutAgain) {
    EXPECT_EQ(polled(), 1U);
    EXPECT_EQ(polled(), 0U) << "leased";
    add(R"({"kind":"leaseNotHonoured"})");
    EXPECT_EQ(polled(), 1U);
    EXPECT_EQ(world.cloud.work().counters().redelivered, 1U);
    EXPECT_EQ(world.cloud.work().all().front().leases_run_out, 0U) << "it was taken away before its time";
}

TEST_F(FaultyWork, ADuplicateDeliveryHasEachItemTwice) {
    add(R"({"kind":"duplicateDelivery"})");
    EXPECT_EQ(polled(), 2U);
    EXPECT_EQ(world.cloud.work().counters().handed_out, 1U);
}

TEST_F(FaultyWork, APollThatNothingHappensToDoesNotCount) {
    auto const fired = [this](FaultKind kind) { return world.cloud.faults().fired(kind); };
    auto const polls = [this] { return world.cloud.ledger().counts(0, CloudOperation::poll_work); };
    add(R"({"kind":"leaseNotHonoured","count":1})");
    EXPECT_EQ(polled(), 1U) << "nobody had a lease";
    EXPECT_EQ(fired(FaultKind::lease_not_honoured), 0U);
    EXPECT_EQ(polls().faults, 0U);
    EXPECT_EQ(polled(), 1U);
    EXPECT_EQ(fired(FaultKind::lease_not_honoured), 1U);
    EXPECT_EQ(polled(), 0U) << "the one that counted was the last";
    EXPECT_EQ(polls().faults, 1U);
    add(R"({"kind":"duplicateDelivery","operations":["pollWork"]})");
    EXPECT_EQ(polled(), 0U);
    EXPECT_EQ(fired(FaultKind::duplicate_delivery), 0U);
    EXPECT_EQ(world.cloud.faults().fired(), 1U);
}

TEST_F(FaultyWork, ARuleThatNothingHappensByLeavesThePollToTheNext) {
    add(R"({"kind":"leaseNotHonoured"})");
    add(R"({"kind":"duplicateDelivery","operations":["pollWork"]})");
    add(R"({"kind":"status","operations":["pollWork"]})");
    EXPECT_EQ(polled(), 2U) << "nothing is leased, but there is an item";
    EXPECT_EQ(polled(), 1U) << "under a lease";
    auto const& rules = world.cloud.faults().rules();
    EXPECT_EQ(rules[0].met, 1U);
    EXPECT_EQ(rules[1].fired, 1U);
    auto const other = world.enroll("OTH");
    EXPECT_EQ(world.send("GET", CloudWorld::path(other, "cdm/work")).status, 503) << "neither of them had anything";
}

TEST_F(FaultKinds, APushIsACallOfTheSystemThatItNames) {
    add(R"({"kind":"status","systems":["DEV"],"operations":["metricsApi","logsApi"]})");
    auto const other = world.enroll("OTH");
    auto const push = [&](std::string_view api, LmsId of) {
        return world.send("POST", fmt::format("/api/calm-{0}/v1/{0}?useCase=x&serviceId={1}", api, of.text()), "{}")
            .status;
    };
    EXPECT_EQ(push("metrics", id), 503);
    EXPECT_EQ(push("logs", id), 503);
    EXPECT_NE(push("metrics", other), 503);
    auto const rows = Json::parse(world.admin_call("GET", "journal?system=DEV&path=/api/calm-*").body);
    EXPECT_EQ(rows["total"], 2);
}

TEST_F(FaultKinds, AMethodAndAPathChooseSomeCallsOfAnOperation) {
    add(R"({"kind":"status","method":"GET","path":"/api/calm-features/v1/Feature*s"})");
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/Features?$top=1").status, 503);
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/FeatureStatus").status, 503);
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/$metadata").status, 200);
    EXPECT_EQ(world.send("GET", "/api/calm-projects/v1/projects").status, 200);
    EXPECT_EQ(world.send("DELETE", "/api/calm-features/v1/Features").status, 405);
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/Feature%53tatus/").status, 503)
        << "the same path, written otherwise";
    EXPECT_EQ(world.cloud.faults().fired(), 3U);
    add(R"({"kind":"status","status":418,"path":"/api/calm-features/v1/%24metadata"})");
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/$metadata").status, 418);
}

TEST_F(FaultKinds, ACallThatArrivesTwiceIsDoneOnce) {
    add(R"({"kind":"duplicateDelivery","operations":["heartbeat"]})");
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_EQ(world.cloud.ledger().system(0).beats, 1U);
    auto const counts = world.cloud.ledger().counts(0, CloudOperation::heartbeat);
    EXPECT_EQ(counts.requests, 2U);
    EXPECT_EQ(counts.accepted, 1U);
    EXPECT_EQ(counts.duplicates, 1U);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST_F(FaultKinds, OutagesComeAgain) {
    add(R"({"kind":"outage","after":"10s","window":"10s","every":"30s","operations":["heartbeat"]})");
    std::vector<Delivery> seen;
    for (std::uint32_t n = 1; n <= 7; ++n) {
        seen.push_back(world.beat(id, n).delivery);
        world.pass(10s);
    }
    using enum Delivery;
    EXPECT_THAT(seen, ElementsAre(normal, reset, normal, normal, reset, normal, normal));
}

TEST_F(FaultKinds, LabelsChooseSystemsByWhatTheyAre) {
    auto const production = world.enroll("PRD", "000", "PROD");
    add(R"({"kind":"status","systems":["role:PROD"],"operations":["heartbeat"],"count":1})");
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_EQ(world.beat(production, 1).status, 503);
    add(R"({"kind":"status","systems":["client:100"],"operations":["heartbeat"]})");
    EXPECT_EQ(world.beat(production, 1).status, 200);
    add(R"({"kind":"status","systems":["tenant:standin"],"operations":["heartbeat"]})");
    EXPECT_EQ(world.beat(production, 2).status, 503);
}

TEST(FaultRules, OfEveryKindReadAsTheyWereWritten) {
    for (std::string_view const text :
         {R"({"kind":"delay","delay":"1s","distribution":"lognormal","sigma":0.25,"delayMax":"9s"})",
          R"({"kind":"delay","delay":"1s","distribution":"uniform","delayMax":"9s"})",
          R"({"kind":"quota","quota":100,"window":"1m"})", R"({"kind":"outage","window":"10m","every":"6h"})",
          R"({"kind":"scopeRemoved","scope":"calm-api.metrics.write"})",
          R"({"kind":"oversizeBody","oversizeBytes":99})", R"({"kind":"noAnswer","delay":"2m"})",
          R"({"kind":"reset","method":"PATCH","path":"/api/calm-tasks/v1/tasks/*"})",
          R"({"kind":"dribble","delay":"10s","systems":["role:PROD"]})"}) {
        auto const json = Json::parse(text);
        auto const shown = to_json(from_json(text));
        for (auto const& [key, value] : json.items()) EXPECT_EQ(shown[key], value) << text;
    }
}

TEST(FaultRules, ThatCouldNeverFireSayWhereTheyCould) {
    struct Case {
        std::string_view json, expected;
    };
    for (auto const& [json, expected] :
         {Case{R"({"kind":"leaseNotHonoured","operations":["pollWork","heartbeat"]})",
               "operations[1]: leaseNotHonoured cannot fire at heartbeat; it can at: pollWork"},
          Case{R"({"kind":"certificateExpired","operations":["token"]})", "it can at: tokenMtls"},
          Case{R"({"kind":"certificateExpired","systems":["QUA"]})", "systems: certificateExpired meets token calls"},
          Case{R"({"kind":"tokenRevoked","operations":["token"]})", "operations[0]: tokenRevoked cannot fire at token"},
          Case{R"({"kind":"status","systems":["QUA"],"operations":["token"]})", "operations[0]: status cannot fire"},
          Case{R"({"kind":"scopeRemoved","operations":["heartbeat"]})",
               "it can at: diagnostics, landscape, transports, pollWork, workResult, checkResult, featuresApi"},
          Case{R"({"kind":"scopeRemoved","scope":"imp-cdm-feature-manage-ui","operations":["pollWork"]})",
               "it can at: workResult, checkResult"},
          Case{R"({"kind":"scopeRemoved","scope":"no.such.scope"})", "scope: no operation asks"}}) {
        auto const read = fault_rule_from_json(Json::parse(json), "");
        ASSERT_FALSE(read) << json;
        EXPECT_THAT(read.error().context, HasSubstr(expected)) << json;
    }
}

TEST_F(FaultKinds, AScopeOfAPublishedApiIsTakenAwayToo) {
    add(R"({"kind":"scopeRemoved","scope":"calm-api.features.read","count":1})");
    EXPECT_EQ(world.send("GET", "/api/calm-projects/v1/projects").status, 200);
    auto const refused = world.send("GET", "/api/calm-features/v1/FeatureStatus");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_of(refused), "SCOPE_MISSING");
    EXPECT_EQ(world.send("GET", "/api/calm-features/v1/FeatureStatus").status, 200);
}

TEST(FaultRules, SayWhatIsMissingOrDoesNotFit) {
    struct Case {
        std::string_view json, expected;
    };
    for (auto const& [json, expected] :
         {Case{R"({"kind":"quota","window":"1m"})", "quota: is missing"},
          Case{R"({"kind":"quota","quota":1})", "window: is missing"},
          Case{R"({"kind":"outage","every":"1h"})", "window: is missing"},
          Case{R"({"kind":"outage","every":"1h","window":"2h"})", "window: must be shorter"},
          Case{R"({"kind":"delay","delay":"1s","distribution":"uniform"})", "delayMax: is missing"},
          Case{R"({"kind":"delay","delay":"1s","distribution":"bell"})", "distribution: must be fixed"},
          Case{R"({"kind":"delay","delay":"5s","delayMax":"1s"})", "delayMax: must not be shorter"},
          Case{R"({"kind":"reset","method":"get"})", "method: no such method; allowed: GET, HEAD, POST"},
          Case{R"({"kind":"reset","path":""})", "path: is empty"},
          Case{R"({"kind":"leaseNotHonoured","method":"POST"})", "method: leaseNotHonoured fires at polls"},
          Case{R"({"kind":"reset","path":"calm-features"})", "path: must be a path without a query"},
          Case{R"({"kind":"reset","path":"/a?b=1"})", "path: must be a path without a query"},
          Case{R"({"kind":"reset","systems":["nowhere"]})", "systems[0]: must be an LMS ID"}}) {
        auto const read = fault_rule_from_json(Json::parse(json), "");
        ASSERT_FALSE(read) << json;
        EXPECT_THAT(read.error().context, HasSubstr(expected)) << json;
    }
}

} // namespace
} // namespace almd::test
