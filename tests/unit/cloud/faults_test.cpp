// Faults: each kind, chosen calls only, counted, ending by themselves, the same for the same seed.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace almd::test {
namespace {

using testing::HasSubstr;

FaultRule rule(FaultKind kind, CloudOperation operation = CloudOperation::heartbeat) {
    FaultRule rule;
    rule.kind = kind;
    rule.operations = {operation};
    return rule;
}

TEST(CloudFaults, EachKindDoesWhatItSays) {
    struct Case {
        FaultKind kind;
        int status;
        Delivery delivery;
        std::uint32_t beats; ///< was the work done?
    };
    for (auto const& [kind, status, delivery, beats] :
         {Case{FaultKind::status, 429, Delivery::normal, 0}, Case{FaultKind::reset, 200, Delivery::reset, 0},
          Case{FaultKind::close, 200, Delivery::close, 0}, Case{FaultKind::drop_answer, 200, Delivery::close, 1},
          Case{FaultKind::delay, 200, Delivery::normal, 1}, Case{FaultKind::malformed_json, 200, Delivery::normal, 1},
          Case{FaultKind::oversize_body, 200, Delivery::normal, 1}}) {
        CloudWorld world;
        auto const id = world.enroll("DEV");
        auto fault = rule(kind);
        fault.status = 429;
        fault.retry_after = 7s;
        fault.delay = 3s;
        fault.oversize_bytes = 1'000'000;
        ASSERT_TRUE(world.cloud.add_fault(fault));
        auto const body = world.beat_body(id, 1);
        auto const key = world.fresh_key();
        auto const answer = world.send("POST", CloudWorld::path(id, "heartbeat"), body, {{"Idempotency-Key", key}});
        EXPECT_EQ(answer.status, status) << name(kind);
        EXPECT_EQ(answer.delivery, delivery) << name(kind);
        EXPECT_EQ(world.cloud.ledger().system(0).beats, beats) << name(kind);
        EXPECT_EQ(world.cloud.faults().fired(), 1U);
        EXPECT_EQ(world.cloud.ledger().counts(0, CloudOperation::heartbeat).faults, 1U);
        if (kind == FaultKind::status) {
            EXPECT_EQ(find_header(answer.headers, "Retry-After"), "7");
        }
        if (kind == FaultKind::delay) {
            EXPECT_EQ(world.shard.clock().now(), start + 3s);
        }
        if (kind == FaultKind::malformed_json) {
            EXPECT_FALSE(Json::accept(answer.body));
        }
        if (kind == FaultKind::oversize_body) {
            EXPECT_EQ(answer.body.size(), 1'000'000U);
        }

        world.cloud.faults().clear();
        EXPECT_EQ(world.send("POST", CloudWorld::path(id, "heartbeat"), body, {{"Idempotency-Key", key}}).body,
                  R"({"useCaseVersion":0})")
            << "the repeat finds its answer";
        EXPECT_EQ(world.cloud.ledger().system(0).beats, 1U) << "and nothing is done twice";
        EXPECT_TRUE(world.cloud.verdict().clean);
    }
}

TEST(CloudFaults, TheTokenEndpointIsAnOperationToo) {
    CloudWorld world;
    auto fault = rule(FaultKind::status, CloudOperation::token);
    fault.count = 2;
    world.cloud.add_fault(fault);
    EXPECT_EQ(world.token_call().status, 503);
    EXPECT_EQ(world.token_call().status, 503);
    EXPECT_EQ(world.token_call().status, 200) << "the count is used up";
    EXPECT_TRUE(world.cloud.faults().rules()[0].ended);
}

TEST(CloudFaults, SystemsAreChosenBySidOrLmsId) {
    CloudWorld world;
    auto const dev = world.enroll("DEV"), qua = world.enroll("QUA");
    auto by_sid = rule(FaultKind::status);
    by_sid.systems = {"QUA"};
    world.cloud.add_fault(by_sid);
    EXPECT_EQ(world.beat(dev, 1).status, 200);
    EXPECT_EQ(world.beat(qua, 1).status, 503);
    world.cloud.faults().clear();
    auto by_id = rule(FaultKind::status);
    by_id.systems = {dev.text()};
    world.cloud.add_fault(by_id);
    EXPECT_EQ(world.beat(dev, 2).status, 503);
    EXPECT_EQ(world.beat(qua, 1).status, 200);
    auto registering = rule(FaultKind::status, CloudOperation::register_system);
    registering.systems = {"PRD"};
    world.cloud.add_fault(registering);
    EXPECT_EQ(world.send("POST", CloudWorld::registration_path, encode(CloudWorld::registration("PRD"))).status, 503);
    EXPECT_EQ(world.send("POST", CloudWorld::registration_path, encode(CloudWorld::registration("PR2"))).status, 201);
}

TEST(CloudFaults, SleepAndEndOnTheWireClock) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto fault = rule(FaultKind::status);
    fault.after = 10s;
    fault.until = 20s;
    world.cloud.add_fault(fault);
    std::vector<int> seen;
    for (std::uint32_t n = 1; n <= 3; ++n) {
        seen.push_back(world.beat(id, n).status);
        world.pass(10s);
    }
    EXPECT_THAT(seen, testing::ElementsAre(200, 503, 200));
}

std::vector<int> statuses(std::uint64_t seed, bool with_another_system) {
    CloudSettings settings;
    settings.seed = seed;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    auto const other = world.enroll("QUA");
    auto fault = rule(FaultKind::status);
    fault.probability = 0.3;
    world.cloud.add_fault(fault);
    std::vector<int> all;
    for (std::uint32_t n = 1; n <= 200; ++n) {
        all.push_back(world.beat(id, n).status);
        if (with_another_system) world.beat(other, n);
    }
    return all;
}

TEST(CloudFaults, DrawsFollowTheSeedAndNotWhoElseCalls) {
    auto const one = statuses(1, false);
    EXPECT_EQ(one, statuses(1, true));
    EXPECT_NE(one, statuses(2, false));
    auto const fired = std::ranges::count(one, 503);
    EXPECT_GT(fired, 30);
    EXPECT_LT(fired, 90);
}

TEST(CloudFaults, NamesAreUniqueAndTheListIsBounded) {
    FaultEngine engine{1, 2};
    auto named = rule(FaultKind::reset);
    named.name = "storm";
    EXPECT_EQ(*engine.add(named, WirePoint{}), "storm");
    EXPECT_EQ(engine.add(named, WirePoint{}).error().code, ErrorCode::conflict);
    EXPECT_TRUE(engine.add(rule(FaultKind::reset), WirePoint{}));
    EXPECT_FALSE(engine.add(rule(FaultKind::reset), WirePoint{}));
    EXPECT_TRUE(engine.remove("storm"));
    EXPECT_FALSE(engine.remove("storm"));
    EXPECT_TRUE(engine.add(rule(FaultKind::reset), WirePoint{}));
}

TEST(CloudFaults, NamesAreShortAndPlain) {
    auto const read = [](std::string const& name) {
        return fault_rule_from_json(Json{{"kind", "reset"}, {"name", name}}, "faults[0]");
    };
    for (auto const& good : {std::string{"a.B-c_9"}, std::string(64, 'x'), std::string{}})
        EXPECT_TRUE(read(good)) << good;
    for (auto const& wrong : {std::string{"two words"}, std::string{"a/b"}, std::string{"<b>"}, std::string(65, 'x')}) {
        auto const refused = read(wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_THAT(refused.error().context, testing::HasSubstr("at most 64 letters, digits")) << wrong;
        EXPECT_THAT(refused.error().context, testing::HasSubstr("faults[0].name")) << wrong;
    }
}

TEST(CloudFaults, ARuleReadsAsItWasWritten) {
    auto const json = Json::parse(
        R"({"name":"storm","operations":["heartbeat","pollWork"],"systems":["QUA"],"probability":0.05,"count":9,
        "after":"1m","until":"1h","kind":"status","status":429,"retryAfterSeconds":2})");
    auto const read = fault_rule_from_json(json, "");
    ASSERT_TRUE(read) << read.error().context;
    EXPECT_EQ(read->until, WireDuration{1h});
    auto shown = to_json(*read);
    for (auto const& [key, value] : json.items()) EXPECT_EQ(shown[key], value) << key;
}

TEST(CloudFaults, AStatusThatAsksToComeLaterSaysWhenUnlessToldNotTo) {
    auto const retry_after = [](std::string_view json) {
        return fault_rule_from_json(Json::parse(json), "").value().retry_after;
    };
    EXPECT_EQ(retry_after(R"({"kind":"status","status":429})"), 1s);
    EXPECT_EQ(retry_after(R"({"kind":"status"})"), 1s) << "503 is the default status";
    EXPECT_EQ(retry_after(R"({"kind":"status","status":429,"retryAfterSeconds":null})"), std::nullopt);
    EXPECT_EQ(retry_after(R"({"kind":"status","status":500})"), std::nullopt);
    EXPECT_EQ(retry_after(R"({"kind":"reset"})"), std::nullopt);
}

TEST(CloudFaults, MistakesInARuleAreNamedWithPathAndWhatIsAllowed) {
    struct Case {
        std::string_view json, expected;
    };
    for (auto const& [json, expected] :
         {Case{R"({"kind":"explode"})", "faults[0].kind: no such kind of fault; allowed: status, reset"},
          Case{R"({})", "faults[0].kind: is missing"},
          Case{R"({"kind":"reset","operations":["dance"]})",
               "faults[0].operations[0]: no such operation; allowed: token"},
          Case{R"({"kind":"reset","probabilty":1})", "did you mean probability?"},
          Case{R"({"kind":"reset","probability":2})", "faults[0].probability: must be a number from 0 to 1"},
          Case{R"({"kind":"reset","systems":["nowhere"]})", "faults[0].systems[0]"},
          Case{R"({"kind":"delay"})", "faults[0].delay: is missing"},
          Case{R"({"kind":"reset","after":"2m","until":"1m"})", "faults[0].until"},
          Case{R"({"kind":"status","status":200})", "faults[0].status"},
          Case{R"([])", "faults[0]: must be an object"}}) {
        auto const read = fault_rule_from_json(Json::parse(json), "faults[0]");
        ASSERT_FALSE(read) << json;
        EXPECT_THAT(read.error().context, HasSubstr(expected));
    }
}

TEST(CloudFaults, AFieldThatDoesNothingForItsKindIsRefused) {
    struct Case {
        std::string_view json, expected;
    };
    for (auto const& [json, expected] :
         {Case{R"({"kind":"delay","delay":"1s","status":503})", "status: delay does nothing with it; it belongs to: "
                                                                "status"},
          Case{R"({"kind":"reset","body":"x"})", "body: reset does nothing"},
          Case{R"({"kind":"reset","retryAfterSeconds":1})", "retryAfterSeconds: reset does nothing"},
          Case{R"({"kind":"quota","quota":1,"window":"1m","scope":"x"})", "scope: quota does nothing with it; it "
                                                                          "belongs to: scopeRemoved"},
          Case{R"({"kind":"status","delay":"1s"})", "delay: status does nothing with it; it belongs to: delay, "
                                                    "noAnswer, dribble"},
          Case{R"({"kind":"close","distribution":"uniform"})", "distribution: close"},
          Case{R"({"kind":"close","delayMax":"1s"})", "delayMax: close"},
          Case{R"({"kind":"close","sigma":1})", "sigma: close"},
          Case{R"({"kind":"outage","quota":1})", "quota: outage"},
          Case{R"({"kind":"delay","delay":"1s","window":"1s"})", "window: delay does nothing with it; it belongs to: "
                                                                 "quota, outage"},
          Case{R"({"kind":"quota","quota":1,"window":"1m","every":"1h"})", "every: quota"},
          Case{R"({"kind":"malformedJson","oversizeBytes":9})", "oversizeBytes: malformedJson"}}) {
        auto const read = fault_rule_from_json(Json::parse(json), "");
        ASSERT_FALSE(read) << json;
        EXPECT_THAT(read.error().context, HasSubstr(expected)) << json;
    }
}

TEST(CloudFaults, ALabelNamesARoleAndAClientThatThereCanBe) {
    auto const read = [](std::string const& label) {
        return fault_rule_from_json(Json{{"kind", "reset"}, {"systems", {label}}}, "");
    };
    for (auto const& good : {"role:PROD", "role:TEST", "role:DEV", "client:000", "tenant:standin"})
        EXPECT_TRUE(read(good)) << good;
    for (auto const& wrong : {"role:XXX", "role:prod", "role:"}) {
        ASSERT_FALSE(read(wrong)) << wrong;
        EXPECT_EQ(read(wrong).error().context, "systems[0]: no such role; allowed: role:PROD, role:TEST, role:DEV");
    }
    for (auto const& wrong : {"client:", "client:12", "client:abc", "tenant:"})
        EXPECT_THAT(read(wrong).error().context, HasSubstr("systems[0]: must be an LMS ID")) << wrong;
}

TEST(CloudFaults, AMadeUpNameIsNeverOneThatIsThere) {
    FaultEngine engine{1, 4};
    auto named = rule(FaultKind::reset);
    named.name = "fault-2";
    EXPECT_EQ(*engine.add(named, WirePoint{}), "fault-2");
    named.name.clear();
    EXPECT_EQ(*engine.add(named, WirePoint{}), "fault-3");
}

TEST(CloudFaults, ADribbleTakesAsLongAsWasDrawn) {
    FaultEngine engine{1, 4};
    auto slow = rule(FaultKind::dribble);
    slow.delay = 1s;
    slow.spread = DelaySpread::uniform;
    slow.delay_max = 9s;
    ASSERT_TRUE(engine.add(slow, WirePoint{}));
    FaultTarget target;
    target.operation = CloudOperation::heartbeat;
    auto const hit = engine.decide(target, WirePoint{});
    ASSERT_TRUE(hit);
    EXPECT_GT(hit->wait, 1s);
    EXPECT_EQ(hit->rule.delay, hit->wait);
}

struct FaultFile : testing::Test {
    std::string file = testing::TempDir() + "almd-faults-" + std::to_string(::getpid()) + ".yaml";
    void write(std::string_view text) const { std::ofstream{file} << text; }
    void TearDown() override { std::remove(file.c_str()); }
};

TEST_F(FaultFile, IsYamlOrJson) {
    write("faults:\n  - kind: status\n    status: 503\n    probability: 0.05\n  - kind: dropAnswer\n    operations: "
          "[workResult]\n");
    auto rules = load_faults(file);
    ASSERT_TRUE(rules) << rules.error().context;
    ASSERT_EQ(rules->size(), 2U);
    EXPECT_EQ((*rules)[1].kind, FaultKind::drop_answer);
    write(R"([{"kind":"reset"}])");
    EXPECT_EQ(load_faults(file)->size(), 1U);
}

TEST_F(FaultFile, NamesAllItsRulesAroundThoseThatHaveNames) {
    write("- {kind: reset}\n- {kind: close, name: fault-1}\n- {kind: reset}\n");
    auto const rules = load_faults(file);
    ASSERT_TRUE(rules) << rules.error().context;
    FaultEngine engine{1, fault_rules_max};
    for (auto const& one : *rules) EXPECT_EQ(*engine.add(one, WirePoint{}), one.name);
    EXPECT_EQ(engine.rules().size(), 3U);
    EXPECT_EQ((*rules)[2].name, "fault-3");
}

TEST_F(FaultFile, HoldsNoMoreRulesThanTheCloudTakes) {
    std::string text;
    for (std::size_t i = 0; i <= fault_rules_max; ++i) text += "- {kind: reset}\n";
    write(text);
    EXPECT_THAT(load_faults(file).error().context, HasSubstr("257 faults; at most 256 are allowed"));
}

TEST_F(FaultFile, ErrorsNameFileAndPlace) {
    write("faults:\n  - kind: status\n  - kind: boom\n");
    auto const rules = load_faults(file);
    ASSERT_FALSE(rules);
    EXPECT_THAT(rules.error().context, testing::AllOf(HasSubstr(".yaml:3"), HasSubstr("faults[1].kind")));
    EXPECT_FALSE(load_faults("/nowhere/faults.yaml"));
    write("faults:\n  - {kind: reset, name: storm}\n  - {kind: close, name: other}\n  - {kind: close, name: storm}\n");
    auto const twice = load_faults(file);
    ASSERT_FALSE(twice) << "it was dropped with a warning, and the cloud was better than it should be";
    EXPECT_THAT(twice.error().context,
                testing::AllOf(HasSubstr(".yaml:4"), HasSubstr("faults[2].name: \"storm\" is the name of a fault")));
    write("broken: true\n");
    EXPECT_THAT(load_faults(file).error().context, HasSubstr("faults"));
}

} // namespace
} // namespace almd::test
