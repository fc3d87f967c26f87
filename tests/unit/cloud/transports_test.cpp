// Transports behind a cursor.
#include "tests/unit/cloud/cloud_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

HttpResponse push(CloudWorld& world, LmsId id, TransportsPush const& message) {
    return world.send("POST", CloudWorld::path(id, "cdm/transports"), encode(message));
}

TransportsPush batch(std::optional<std::string> cursor, bool full, std::vector<TransportRecord> transports) {
    return {std::move(cursor), full, std::move(transports)};
}

TEST(CloudTransports, ThePushMovesTheCursorAndOnlyTheLastOneIsGood) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const first = push(
        world, id, batch(std::nullopt, true, {released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200")}));
    ASSERT_EQ(first.status, 200) << first.body;
    auto const one = *decode_transports_answer(first.body);
    EXPECT_EQ(one.accepted, 2);
    auto const two =
        *decode_transports_answer(push(world, id, batch(one.cursor, false, {released("DEVK900003", "QUA.200")})).body);
    EXPECT_NE(one.cursor, two.cursor);
    auto const stale = push(world, id, batch(one.cursor, false, {}));
    EXPECT_EQ(stale.status, 409);
    EXPECT_EQ(code_of(stale), "CURSOR_UNKNOWN");
    EXPECT_EQ(code_of(push(world, id, batch(std::nullopt, false, {}))), "CURSOR_MISSING");
    EXPECT_EQ(push(world, id, batch(std::nullopt, true, {})).status, 200);
    EXPECT_EQ(world.cloud.transports().all().size(), 3U) << "what is no longer reported stays visible";
}

TEST(CloudTransports, CursorsOfTwoSystemsAreApart) {
    CloudWorld world;
    auto const dev = world.enroll("DEV"), qua = world.enroll("QUA");
    auto const cursor = decode_transports_answer(push(world, dev, batch(std::nullopt, true, {})).body)->cursor;
    push(world, qua, batch(std::nullopt, true, {}));
    EXPECT_EQ(push(world, qua, batch(cursor, false, {})).status, 409);
}

TEST(CloudTransports, AnswersAreRepeatedNotTheWork) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto const body = encode(batch(std::nullopt, true, {released("DEVK900001", "QUA.200")}));
    auto const key = world.fresh_key();
    auto const path = CloudWorld::path(id, "cdm/transports");
    auto const first = world.send("POST", path, body, {{"Idempotency-Key", key}});
    auto const again = world.send("POST", path, body, {{"Idempotency-Key", key}});
    EXPECT_EQ(first.body, again.body);
    auto const cursor = decode_transports_answer(first.body)->cursor;
    EXPECT_EQ(push(world, id, batch(cursor, false, {})).status, 200) << "the cursor did not move twice";
}

TEST(CloudTransports, MoreThan500AreRefused) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    std::vector<TransportRecord> many;
    for (int n = 0; n < 501; ++n) many.push_back(released("DEVK" + std::to_string(900'001 + n), "QUA.200"));
    auto const refused = push(world, id, batch(std::nullopt, true, many));
    EXPECT_TRUE(refused.status == 400 || refused.status == 413) << refused.status;
    EXPECT_TRUE(world.cloud.transports().all().empty());
    many.pop_back();
    EXPECT_EQ(decode_transports_answer(push(world, id, batch(std::nullopt, true, many)).body)->accepted, 500);
}

TEST(CloudTransports, ImportsAreJoinedWhoeverReportsThem) {
    CloudTransport transport{released("DEVK900001", "QUA.200"), {}, {}, start};
    EXPECT_EQ(transport.status_text(), "Released");
    TransportShelf::join_import(transport, {target("QUA.200"), TpReturnCode{8}, start, "CALM_BG"});
    EXPECT_EQ(transport.status_text(), "Import failed in QUA - 200 (8)");
    EXPECT_FALSE(transport.deployed_in(target("QUA.200")));
    TransportShelf::join_import(transport, {target("QUA.200"), TpReturnCode{4}, start + 1h, "CALM_BG"});
    TransportShelf::join_import(transport, {target("QUA.200"), TpReturnCode{4}, start + 1h + 1s, "CALM_BG"});
    EXPECT_EQ(transport.record.imports.size(), 2U) << "result and history tell of the same import";
    EXPECT_EQ(transport.status_text(), "Deployed in QUA - 200");
    transport.scheduled.push_back(target("PRD.300"));
    EXPECT_EQ(transport.status_text(), "Scheduled In PRD-300");
}

TEST(CloudTransports, APushDoesNotForgetImportsThatResultsTold) {
    CloudWorld world;
    auto const id = world.enroll("DEV");
    auto record = released("DEVK900001", "QUA.200");
    record.imports.push_back({target("QUA.200"), TpReturnCode{0}, start, "CALM_BG"});
    push(world, id, batch(std::nullopt, true, {record}));
    record.imports.clear();
    record.text = "new text";
    push(world, id, batch(std::nullopt, true, {record}));
    auto const& transport = world.cloud.transports().all().begin()->second;
    EXPECT_EQ(transport.record.text, "new text");
    EXPECT_TRUE(transport.deployed_in(target("QUA.200")));
}

TEST(CloudTransports, OverTheLimitTheyAreCountedNotKept) {
    CloudSettings settings;
    settings.limits.transports_max = 1;
    CloudWorld world{settings};
    auto const id = world.enroll("DEV");
    push(world, id, batch(std::nullopt, true, {released("DEVK900001", "QUA.200"), released("DEVK900002", "QUA.200")}));
    EXPECT_EQ(world.cloud.transports().all().size(), 1U);
    EXPECT_EQ(world.cloud.transports().not_kept(), 1U);
}

} // namespace
} // namespace almd::test
