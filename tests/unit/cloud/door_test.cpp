// What every call meets before its row: headers, bodies, keys, paths.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

TEST(CloudDoor, TheCorrelationIdComesBackOnEveryAnswer) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(find_header(world.beat(id, 1, {{"X-Correlation-Id", "abc-1"}}).headers, "X-Correlation-Id"), "abc-1");
    EXPECT_EQ(
        find_header(world.send("GET", "/nowhere", "", {{"X-Correlation-Id", "abc-2"}}).headers, "X-Correlation-Id"),
        "abc-2");
    EXPECT_EQ(find_header(world.beat(id, 2, {{"X-Correlation-Id", std::string(500, 'x')}}).headers, "X-Correlation-Id"),
              "");
}

TEST(CloudDoor, OnlyJsonIsTaken) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.beat(id, 1, {{"Content-Type", "text/plain"}}).status, 415);
    EXPECT_EQ(world.beat(id, 1, {{"Content-Type", "application/json; charset=utf-8"}}).status, 200);
    auto const broken = world.send("POST", CloudWorld::path(id, "heartbeat"), "{\"sequence\":");
    EXPECT_EQ(broken.status, 400);
    EXPECT_EQ(code_of(broken), "INVALID_BODY");
}

TEST(CloudDoor, APackedBodyIsRefusedByItsName) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    std::pair<std::string, std::string> const calls[]{{CloudWorld::path(id, "heartbeat"), "application/json"},
                                                      {"/api/calm-tasks/v1/tasks", "application/json"},
                                                      {"/oauth/token", "application/x-www-form-urlencoded"}};
    for (auto const& [path, type] : calls) {
        auto const send = [&](std::string coding) {
            return world.send("POST", path, "\x1f\x8b\x08",
                              {{"Content-Type", type}, {"Content-Encoding", std::move(coding)}});
        };
        for (auto const* coding : {"gzip", "identity, br"}) {
            auto const answer = send(coding);
            EXPECT_EQ(answer.status, 415) << path;
            EXPECT_THAT(answer.body, testing::AllOf(testing::HasSubstr(coding), testing::HasSubstr("identity")));
            EXPECT_EQ(find_header(answer.headers, "Accept-Encoding"), "identity");
        }
        EXPECT_EQ(send("Identity").status, 400) << path << ": and then it is what it is, no JSON or form";
    }
    EXPECT_EQ(target_of(world.beat(id, 1, {{"Content-Encoding", "gzip"}})), "Content-Encoding");
    EXPECT_EQ(world.beat(id, 1).status, 200) << "the refused one had no effect";
}

TEST(CloudDoor, ABodyOverTheLimitIs413) {
    CloudSettings settings;
    settings.limits.body_bytes_max = 1'000;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    auto const answer = world.send("POST", CloudWorld::path(id, "heartbeat"), std::string(1'001, ' '));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(code_of(answer), "TOO_LARGE");
}

TEST(CloudDoor, AWriteWithoutAnIdempotencyKeyIsRefused) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    HttpRequest request{"POST", CloudWorld::path(id, "heartbeat"), "{}"};
    request.headers.emplace_back("Authorization", "Bearer " + world.bearer);
    request.headers.emplace_back("Content-Type", "application/json");
    EXPECT_EQ(code_of(world.serve(world.cloud.dialogue(), request)), "IDEMPOTENCY_KEY_MISSING");
    request.headers.emplace_back("Idempotency-Key", "42");
    EXPECT_EQ(code_of(world.serve(world.cloud.dialogue(), request)), "IDEMPOTENCY_KEY_INVALID");
}

TEST(CloudDoor, UnknownPathsAndMethodsSaySo) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    EXPECT_EQ(world.send("GET", "/api/standin/v1/systems").status, 404);
    auto const answer = world.send("PUT", CloudWorld::path(id, "heartbeat"), "{}");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(find_header(answer.headers, "Allow"), "POST");
}

TEST(CloudDoor, TheConnectionTestAnswers400WhichIsHealthyAnd401WithoutAToken) {
    CloudWorld world;
    EXPECT_EQ(world.send("GET", "/").status, 400);
    EXPECT_EQ(world.serve(world.cloud.dialogue(), HttpRequest{"GET", "/"}).status, 401);
}

TEST(CloudDoor, ARepeatGetsTheFirstAnswerAndNothingIsDoneTwice) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const key = world.fresh_key();
    auto const first = world.beat(id, 1, {{"Idempotency-Key", key}});
    EXPECT_EQ(world.cloud.choose_use_case(id, "Transports: Read", true).has_value(), true);
    auto const again = world.beat(id, 1, {{"Idempotency-Key", key}});
    EXPECT_EQ(first.body, again.body) << "the first answer, though the version moved";
    auto const counts = world.cloud.ledger().counts(world.cloud.find(id), CloudOperation::heartbeat);
    EXPECT_EQ(counts.requests, 2U);
    EXPECT_EQ(counts.accepted, 1U);
    EXPECT_EQ(counts.duplicates, 1U);
    EXPECT_EQ(world.cloud.ledger().system(world.cloud.find(id)).beats, 1U);
}

TEST(CloudDoor, ARepeatedRegistrationDoesNotRestartTheSequence) {
    CloudWorld world;
    auto const message = encode(CloudWorld::registration("DEV"));
    auto const key = world.fresh_key();
    auto const call = [&] {
        return world.send("POST", CloudWorld::registration_path, message, {{"Idempotency-Key", key}});
    };
    auto const first = call();
    auto const id = decode_registration_answer(first.body)->lms_id;
    world.beat(id, 1);
    EXPECT_EQ(call().status, 201);
    world.beat(id, 2);
    world.pass(24h); // long after the memory of recent keys
    world.bearer = world.fetch_token();
    EXPECT_EQ(call().status, 201);
    EXPECT_EQ(world.beat(id, 3).status, 200);
    EXPECT_TRUE(world.cloud.verdict().clean);
    EXPECT_EQ(world.cloud.ledger().totals().operations[index(CloudOperation::register_system)].duplicates, 2U);
    EXPECT_EQ(world.cloud.registrations().row(0).times, 1U);
}

TEST(CloudDoor, RefusedCallsAreNotRemembered) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const key = world.fresh_key();
    world.send("DELETE", std::string{CloudWorld::registration_path} + "/" + id.text());
    EXPECT_EQ(world.beat(id, 1, {{"Idempotency-Key", key}}).status, 404);
    world.enroll("DEV");
    EXPECT_EQ(world.beat(id, 1, {{"Idempotency-Key", key}}).status, 200) << "the same call finds a better world";
}

TEST(CloudDoor, AnUnregisterThatIsRepeatedGetsIts204) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const path = std::string{CloudWorld::registration_path} + "/" + id.text();
    auto const key = world.fresh_key();
    EXPECT_EQ(world.send("DELETE", path, "", {{"Idempotency-Key", key}}).status, 204);
    EXPECT_EQ(world.send("DELETE", path, "", {{"Idempotency-Key", key}}).status, 204);
    EXPECT_EQ(code_of(world.send("DELETE", path)), "SYSTEM_UNREGISTERED");
}

IdempotencyMemory::Key memory_key(std::uint64_t n, CloudSlot slot = no_cloud_slot) {
    return IdempotencyMemory::key(0, CloudOperation::heartbeat, slot, "/path", Uuid{n, n});
}

TEST(CloudDoor, AKeyOfOneCallIsNoKeyOfAnother) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const key = world.fresh_key();
    EXPECT_EQ(world.beat(id, 1, {{"Idempotency-Key", key}}).status, 200);
    auto const refused = world.beat(id, 2, {{"Idempotency-Key", key}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(code_of(refused), "IDEMPOTENCY_KEY_REUSED");
    EXPECT_EQ(target_of(refused), "Idempotency-Key");
    EXPECT_FALSE(world.cloud.verdict().clean);
    EXPECT_EQ(world.beat(id, 2).status, 200) << "with a key of its own";
    EXPECT_EQ(world.cloud.ledger().totals().gaps, 0U);
    world.pass(1min);
    EXPECT_EQ(world.beat(id, 1, {{"Idempotency-Key", key}}).status, 200) << "a later repeat of the first is still one";
}

TEST(IdempotencyMemory, KeysLiveTenMinutesAndTheLastOfASystemForGood) {
    IdempotencyMemory memory{10min, 100};
    WirePoint const now{};
    HttpResponse const one{200, "one"}, two{200, "two"};
    memory.remember(memory_key(1, 7), 1, one, now);
    memory.remember(memory_key(2, 7), 2, two, now + 1s);
    EXPECT_EQ(memory.recall(memory_key(1, 7), now + 10min)->answer.body, "one");
    EXPECT_FALSE(memory.recall(memory_key(1, 7), now + 11min));
    EXPECT_EQ(memory.recall(memory_key(2, 7), now + 1000h)->answer.body, "two");
    EXPECT_EQ(memory.recall(memory_key(1, 7), now)->content, 1U);
    EXPECT_EQ(memory.recall(memory_key(2, 7), now)->content, 2U);
    EXPECT_FALSE(memory.recall(memory_key(3, 7), now));
}

TEST(IdempotencyMemory, ManyKeysAreFoundWhileTheOldestGo) {
    constexpr std::uint64_t max = 1'000;
    IdempotencyMemory memory{10min, max};
    for (std::uint64_t n = 0; n < 5'000; ++n) {
        memory.remember(memory_key(n), 0, HttpResponse{200, std::to_string(n % 7)}, WirePoint{});
        auto const oldest = n < max ? 0 : n - max + 1;
        for (auto const known : {oldest, (oldest + n) / 2, n}) {
            auto const found = memory.recall(memory_key(known), WirePoint{});
            ASSERT_TRUE(found) << known << " of " << n;
            ASSERT_EQ(found->answer.body, std::to_string(known % 7));
        }
        ASSERT_FALSE(memory.recall(memory_key(n + 1), WirePoint{}));
        ASSERT_TRUE(oldest == 0 || !memory.recall(memory_key(oldest - 1), WirePoint{}));
    }
    EXPECT_EQ(memory.recent(), max);
    EXPECT_EQ(memory.distinct_bodies(), 7U);
    memory.remember(memory_key(9'999), 0, HttpResponse{204, ""}, WirePoint{} + 11min);
    EXPECT_EQ(memory.recent(), 1U);
    EXPECT_EQ(memory.recall(memory_key(9'999), WirePoint{} + 11min)->answer.status, 204);
    EXPECT_FALSE(memory.recall(memory_key(4'999), WirePoint{} + 11min));
}

TEST(IdempotencyMemory, IsBoundedAndCountsWhatItForgotTooEarly) {
    IdempotencyMemory memory{10min, 100};
    for (std::uint64_t n = 0; n < 1'000; ++n)
        memory.remember(memory_key(n, static_cast<CloudSlot>(n % 50)), 0, HttpResponse{200, std::to_string(n)},
                        WirePoint{});
    EXPECT_LE(memory.recent(), 100U);
    EXPECT_EQ(memory.forgotten_early(), 900U);
    EXPECT_LE(memory.distinct_bodies(), 150U) << "recent ones and the last of 50 systems";
    EXPECT_EQ(memory.recall(memory_key(951, 1), WirePoint{})->answer.body, "951");
    EXPECT_FALSE(memory.recall(memory_key(1, 1), WirePoint{}));
}

} // namespace
} // namespace almd::test
