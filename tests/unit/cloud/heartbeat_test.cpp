// Heartbeats in the ledger: order, gaps, repeats, and what they answer.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

CloudLedger::System row(CloudWorld& world, LmsId id) {
    return world.cloud.ledger().system(world.cloud.find(id));
}

TEST(CloudHeartbeats, AnUnbrokenSequenceIsClean) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (std::uint32_t n = 1; n <= 10; ++n) {
        EXPECT_EQ(world.beat(id, n).body, R"({"useCaseVersion":0})");
        world.pass(5min);
    }
    EXPECT_EQ(row(world, id).beats, 10U);
    EXPECT_EQ(row(world, id).last_sequence, 10U);
    EXPECT_EQ(row(world, id).last_beat, start + 45min);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST(CloudHeartbeats, GapsReorderingsAndRepeatsAreCountedApart) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (std::uint32_t const n : {1U, 2U, 5U, 4U, 5U, 6U}) EXPECT_EQ(world.beat(id, n).status, 200);
    EXPECT_EQ(row(world, id).gaps, 1U) << "3 and 4 were missing when 5 came, and 3 still is";
    EXPECT_EQ(row(world, id).reorderings, 1U) << "4 came late";
    EXPECT_EQ(row(world, id).repeated, 1U) << "5 came again as a new call";
    auto const verdict = world.cloud.verdict();
    EXPECT_FALSE(verdict.clean);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("1 heartbeats are missing")));
    auto const counts = world.cloud.ledger().counts(world.cloud.find(id), CloudOperation::heartbeat);
    EXPECT_EQ(counts.accepted, 5U);
    EXPECT_EQ(counts.duplicates, 1U);
}

TEST(CloudHeartbeats, ALateOneClosesItsGapAndComesOnlyOnce) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (std::uint32_t const n : {1U, 2U, 4U, 3U, 3U}) EXPECT_EQ(world.beat(id, n).status, 200);
    EXPECT_EQ(row(world, id).gaps, 0U);
    EXPECT_EQ(row(world, id).reorderings, 1U);
    EXPECT_EQ(row(world, id).repeated, 1U);
    EXPECT_EQ(world.cloud.ledger().totals().gaps, 0U);
    EXPECT_EQ(world.cloud.ledger().counts(world.cloud.find(id), CloudOperation::heartbeat).accepted, 4U);
    auto const judged =
        world.admin_call("POST", "verify", {{"operation", "heartbeat"}, {"system", "DEV"}, {"exactly", 4}});
    EXPECT_EQ(judged.status, 200) << judged.body;
    EXPECT_EQ(Json::parse(judged.body)["satisfied"], true) << judged.body;
}

TEST(CloudHeartbeats, AGapOfManyIsClosedFromItsMiddle) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    for (std::uint32_t const n : {1U, 6U, 4U, 4U, 2U, 5U, 3U, 1U}) world.beat(id, n);
    EXPECT_EQ(row(world, id).gaps, 0U);
    EXPECT_EQ(row(world, id).reorderings, 4U);
    EXPECT_EQ(row(world, id).repeated, 2U);
}

TEST(CloudHeartbeats, ARegistrationStartsTheSequenceAgain) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    world.beat(id, 1);
    world.beat(id, 2);
    world.enroll("DEV");
    EXPECT_EQ(world.beat(id, 1).status, 200);
    EXPECT_EQ(world.beat(id, 2).status, 200);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST(CloudHeartbeats, TheFirstOneMustBeNumberOne) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    world.beat(id, 3);
    EXPECT_EQ(row(world, id).gaps, 2U);
}

TEST(CloudHeartbeats, BadOnesAreRefusedWithTheirField) {
    CloudWorld world;
    auto const id = world.enroll("DEV", "100");
    auto const post = [&](Json const& json) {
        return world.send("POST", CloudWorld::path(id, "heartbeat"), json.dump());
    };
    Heartbeat message;
    message.client = Client{100};
    auto const good = Json::parse(encode(message));
    struct Case {
        std::string_view field;
        Json value;
    };
    for (auto const& [field, value] : {Case{"sequence", 0}, Case{"sequence", "1"}, Case{"client", "000"},
                                       Case{"timestamp", "yesterday"}, Case{"mood", "good"}}) {
        auto json = good;
        json[std::string{field}] = value;
        auto const answer = post(json);
        EXPECT_EQ(answer.status, 400) << field;
        EXPECT_EQ(target_of(answer), field);
    }
    EXPECT_EQ(row(world, id).beats, 0U);
    EXPECT_EQ(post(good).status, 200);
}

TEST(CloudLedger, CostsLittleForASystemThatOnlyBeats) {
    CloudLedger ledger{10};
    constexpr CloudSlot count = 100'000;
    for (CloudSlot slot = 0; slot < count; ++slot) {
        ledger.open(slot);
        ledger.request(CloudOperation::heartbeat, slot);
        ledger.heartbeat(slot, 1, start);
        ledger.outcome(CloudOperation::heartbeat, slot, LedgerOutcome::accepted);
    }
    EXPECT_LE(ledger.bytes() / count, 128U) << "with room to grow";
    EXPECT_EQ(ledger.totals().operations[index(CloudOperation::heartbeat)].accepted, count);
}

} // namespace
} // namespace almd::test
