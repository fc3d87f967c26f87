// The verify API: how many calls came, from whom, when, in which order.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Verify : testing::Test {
    explicit Verify(CloudSettings settings = {})
        : world{std::move(settings)} {}

    Json ask(std::string_view body) {
        auto const answer = world.admin_call("POST", "verify", Json::parse(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return Json::parse(answer.body);
    }
    bool holds(std::string_view body) { return ask(body).at("satisfied").get<bool>(); }
    std::string mismatch(std::string_view body) { return ask(body).at("mismatch").get<std::string>(); }

    CloudWorld world;
    LmsId dev = world.enroll("DEV"), qua = world.enroll("QUA");
};

TEST_F(Verify, CountsHeartbeatsOfOneSystemBetweenTwoMoments) {
    for (std::uint32_t n = 1; n <= 5; ++n) {
        world.beat(qua, n);
        world.pass(1min);
    }
    auto const answer = ask(R"({"operation":"heartbeat","system":"QUA","from":"2026-03-01T06:01:00Z",
                                "to":"2026-03-01T06:04:00Z","exactly":3,"inOrder":true})");
    EXPECT_EQ(answer["satisfied"], true);
    EXPECT_EQ(answer["found"], 3);
    EXPECT_EQ(answer["mismatch"], nullptr);
    EXPECT_EQ(answer["journal"]["dropped"], 0);
    EXPECT_THAT(mismatch(R"({"operation":"heartbeat","system":"QUA","exactly":3})"),
                "expected exactly 3 heartbeat calls from QUA, found 5");
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","system":"DEV","atMost":0})"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","atLeast":5,"atMost":5})"));
    EXPECT_FALSE(holds(R"({"operation":"heartbeat","atMost":4})"));
    EXPECT_FALSE(holds(R"({"operation":"unregister"})")) << "at least one, when nothing is said";
}

TEST_F(Verify, CountsTheCallsOfAPathAndAMethod) {
    world.send("GET", "/api/calm-features/v1/Features?$top=1");
    world.send("GET", "/api/calm-features/v1/FeatureStatus");
    world.send("DELETE", "/api/calm-features/v1/Features");
    EXPECT_TRUE(holds(R"({"operation":"featuresApi","status":"any","exactly":3})"));
    EXPECT_TRUE(holds(R"({"path":"/api/calm-features/v1/Features","status":"any","exactly":2})"));
    EXPECT_TRUE(holds(R"({"method":"GET","path":"/api/calm-features/*","exactly":2})"));
    EXPECT_EQ(mismatch(R"({"method":"POST","path":"/api/calm-features/*","status":"any"})"),
              "expected at least 1 calls of POST /api/calm-features/* with status any, found 0");
}

TEST_F(Verify, RepeatsAndRefusalsDoNotCountUnlessAStatusIsAskedFor) {
    auto const key = world.fresh_key();
    world.beat(dev, 1, {{"Idempotency-Key", key}});
    world.beat(dev, 1, {{"Idempotency-Key", key}});
    world.send("POST", CloudWorld::path(dev, "heartbeat"), "{}");
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","exactly":1})"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","status":200,"exactly":2})"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","status":"4xx","exactly":1})"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","status":"any","exactly":3})"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","status":"none","exactly":0})"));
}

TEST_F(Verify, WhatCannotBeMeantIsNoQuestion) {
    auto const refused = [&](std::string_view body) {
        auto const answer = world.admin_call("POST", "verify", Json::parse(body));
        EXPECT_EQ(answer.status, 400) << answer.body;
        return target_of(answer);
    };
    EXPECT_EQ(refused(R"({"from":"2026-03-01T07:00:00Z","to":"2026-03-01T06:00:00Z","exactly":0})"), "to");
    EXPECT_EQ(refused(R"({"from":"2030-03-01T07:00:00Z","exactly":0})"), "from");
    EXPECT_EQ(refused(R"({"exactly":1,"atLeast":5})"), "exactly");
    EXPECT_EQ(refused(R"({"atMost":1,"atLeast":5})"), "atLeast");
    EXPECT_EQ(refused(R"({"system":"qua"})"), "system");
    EXPECT_EQ(refused(R"({"sequence":[{"system":"QUA"},{"system":"QUAL"}]})"), "sequence[1].system");
    EXPECT_EQ(ask(R"({"system":"NOP","exactly":0})")["note"], "no system NOP has ever registered here");
    EXPECT_EQ(ask(R"({"system":"QUA","exactly":0})")["note"], nullptr);
    EXPECT_EQ(ask(R"({"system":"QUA","client":"999","exactly":0})")["note"],
              "QUA has registered here, but never its client 999");
}

TEST_F(Verify, OrderIsTheSequenceOfHeartbeats) {
    world.beat(dev, 1);
    world.beat(qua, 1);
    world.beat(dev, 2);
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","inOrder":true})"));
    world.beat(dev, 4);
    EXPECT_THAT(mismatch(R"({"operation":"heartbeat","inOrder":true})"), HasSubstr("DEV: heartbeat 4 came after 2"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","system":"QUA","inOrder":true})"));
}

TEST_F(Verify, ASequenceTakesOneStepAfterTheOther) {
    world.beat(dev, 1);
    world.beat(dev, 2);
    world.send("GET", CloudWorld::path(dev, "cdm/work"));
    world.beat(dev, 3);
    EXPECT_TRUE(holds(R"({"sequence":[{"operation":"heartbeat","exactly":2},{"operation":"pollWork","exactly":1},
                                      {"operation":"heartbeat","exactly":1}]})"));
    auto const answer = ask(R"({"sequence":[{"operation":"heartbeat","exactly":1},{"operation":"pollWork"}]})");
    EXPECT_EQ(answer["satisfied"], false);
    EXPECT_EQ(answer["mismatch"], "step 1: expected exactly 1 heartbeat calls, found 2");
    EXPECT_EQ(answer["steps"][1]["satisfied"], true);
    EXPECT_THAT(mismatch(R"({"sequence":[{"operation":"pollWork"},{"operation":"register"}]})"),
                HasSubstr("step 2: expected at least 1 register calls, found 0"));
}

struct VerifySmallJournal : Verify {
    static CloudSettings small() {
        CloudSettings settings;
        settings.limits.journal_entries_max = 4;
        return settings;
    }
    VerifySmallJournal()
        : Verify{small()} {}
};

TEST_F(VerifySmallJournal, SaysWhenTheJournalDoesNotGoBackFarEnough) {
    for (std::uint32_t n = 1; n <= 6; ++n) {
        world.beat(dev, n);
        world.pass(1min);
    }
    EXPECT_THAT(mismatch(R"({"operation":"heartbeat","exactly":4})"),
                AllOf(HasSubstr("goes back only to 2026-03-01T06:02:00.000Z"), HasSubstr("5 older requests")));
    EXPECT_THAT(mismatch(R"({"operation":"heartbeat","exactly":6})"),
                AllOf(HasSubstr("expected exactly 6"), HasSubstr("cannot be confirmed")));
    EXPECT_THAT(mismatch(R"({"operation":"heartbeat","inOrder":true})"), HasSubstr("cannot be confirmed"));
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","exactly":3,"from":"2026-03-01T06:02:30Z"})"))
        << "that time is in the journal as a whole";
    EXPECT_TRUE(holds(R"({"operation":"heartbeat","atLeast":3})")) << "older ones would only add";
    EXPECT_EQ(ask(R"({"operation":"heartbeat"})")["journal"]["oldest"], "2026-03-01T06:02:00.000Z");
}

TEST_F(Verify, MistakesInTheQuestionAreNamed) {
    struct Case {
        std::string_view body, target;
    };
    for (auto const& [body, target] :
         {Case{R"({"operation":"dance"})", "operation"}, Case{R"({"exactly":-1})", "exactly"},
          Case{R"({"atleast":1})", "atleast"}, Case{R"({"from":"now"})", "from"},
          Case{R"({"status":"good"})", "status"}, Case{R"({"operation":"pollWork","inOrder":true})", "inOrder"},
          Case{R"({"sequence":{}})", "sequence"},
          Case{R"({"sequence":[{"operation":"heartbeat"},{"client":"1"}]})", "sequence[1].client"}}) {
        auto const answer = world.admin_call("POST", "verify", Json::parse(body));
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(target_of(answer), target) << body;
    }
    EXPECT_EQ(world.admin.dispatch({"POST", "/api/v1/cloud/verify", "nonsense"}).status, 400);
}

} // namespace
} // namespace almd::test
