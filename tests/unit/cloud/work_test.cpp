// Work: leases, redelivery, results once.
#include "simulator/cloud/cloud_state.hpp"
#include "simulator/cloud/tls_material.hpp"
#include "tests/unit/cloud/cloud_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <set>
#include <unistd.h>

namespace almd::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Work : testing::Test {
    CloudWorld world;
    LmsId qua = world.enroll("QUA");

    WorkId make(WorkKind kind = WorkKind::import, std::string_view to = "QUA.200",
                std::string_view transport = "DEVK900001") {
        WorkItem item;
        item.kind = kind;
        item.target = target(to);
        item.transports = {request_number(transport)};
        item.parameters["title"] = "Prices";
        return *world.cloud.create_work(qua, std::move(item));
    }
    WorkList poll(std::string_view query = "kinds=import&client=000&max=50") {
        return *decode_work_list(world.send("GET", CloudWorld::path(qua, "cdm/work?" + std::string{query})).body);
    }
    HttpResponse report(WorkId id, WorkResult const& result) {
        return world.send("POST", CloudWorld::path(qua, "cdm/work/" + id.text() + "/result"), encode(result));
    }
    static WorkResult result(WorkStatus status, int code = 0) {
        WorkResult result;
        result.status = status;
        if (status != WorkStatus::started) result.return_code = TpReturnCode{code};
        if (status == WorkStatus::finished)
            result.transports = {{request_number("DEVK900001"), target("QUA.200"), TpReturnCode{code}, {}}};
        result.user = "CALM_BG";
        return result;
    }
    CloudWork const& entry(WorkId id) { return *world.cloud.work().find(id); }
};

TEST_F(Work, IsLeasedOnceUntilTheLeaseEnds) {
    auto const id = make();
    auto const list = poll();
    ASSERT_EQ(list.items.size(), 1U);
    EXPECT_EQ(list.items[0].id, id);
    EXPECT_EQ(list.items[0].client, client_000);
    EXPECT_EQ(list.items[0].lease_seconds, 600);
    EXPECT_TRUE(poll().items.empty());
    world.pass(599s);
    EXPECT_TRUE(poll().items.empty());
    world.pass(1s);
    EXPECT_EQ(poll().items.size(), 1U) << "nobody said a word: handed out again";
    EXPECT_EQ(entry(id).handed_out, 2U);
    EXPECT_EQ(world.cloud.work().counters().redelivered, 1U);
}

TEST_F(Work, StartedRenewsTheLease) {
    auto const id = make();
    poll();
    world.pass(500s);
    EXPECT_EQ(report(id, result(WorkStatus::started)).status, 204);
    world.pass(500s);
    EXPECT_TRUE(poll().items.empty());
    world.pass(100s);
    EXPECT_EQ(poll().items.size(), 1U) << "started, but the end never came";
    EXPECT_EQ(report(id, result(WorkStatus::started)).status, 204);
    EXPECT_EQ(report(id, result(WorkStatus::finished)).status, 204);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST_F(Work, AFinalResultCountsOnceRepeatsAreDuplicatesOthersContradict) {
    auto const id = make();
    poll();
    EXPECT_EQ(report(id, result(WorkStatus::finished)).status, 204);
    EXPECT_EQ(report(id, result(WorkStatus::finished)).status, 204);
    EXPECT_EQ(entry(id).ended, 1U);
    EXPECT_EQ(world.cloud.ledger().counts(world.cloud.find(qua), CloudOperation::work_result).duplicates, 1U);
    EXPECT_TRUE(world.cloud.verdict().clean);
    for (auto const& other :
         {result(WorkStatus::finished, 8), result(WorkStatus::failed), result(WorkStatus::started)}) {
        auto const refused = report(id, other);
        EXPECT_EQ(refused.status, 409);
        EXPECT_EQ(code_of(refused), "WORK_ENDED");
    }
    EXPECT_EQ(entry(id).result->return_code, TpReturnCode{0}) << "the first word holds";
    EXPECT_THAT(world.cloud.verdict().reasons, Contains(HasSubstr("3 contradictions")));
}

TEST_F(Work, WhatWasHandedOutAndNeverEndedIsNamed) {
    auto const id = make();
    EXPECT_TRUE(world.cloud.verdict().clean) << "not handed out yet";
    poll();
    auto const verdict = world.cloud.verdict();
    EXPECT_FALSE(verdict.clean);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr(id.text())));
}

TEST_F(Work, PollsAskForKindsAndClientAndANumber) {
    make(WorkKind::import);
    make(WorkKind::create);
    make(WorkKind::toc);
    EXPECT_TRUE(poll("kinds=release&client=000&max=50").items.empty());
    EXPECT_TRUE(poll("kinds=import&client=100&max=50").items.empty());
    EXPECT_EQ(poll("kinds=create,toc&client=000&max=1").items.size(), 1U);
    EXPECT_EQ(poll("kinds=import,create,toc&client=000&max=50").items.size(), 2U);
    for (auto const* wrong : {"kinds=dance&client=000", "kinds=import&client=1", "max=0", "max=many", "colour=red"}) {
        auto const answer = world.send("GET", CloudWorld::path(qua, "cdm/work?" + std::string{wrong}));
        EXPECT_EQ(answer.status, 400) << wrong;
        EXPECT_EQ(code_of(answer), "INVALID_PARAMETER") << wrong;
    }
}

TEST_F(Work, AnotherSystemCannotReportIt) {
    auto const id = make();
    auto const prd = world.enroll("PRD");
    auto const answer = world.send("POST", CloudWorld::path(prd, "cdm/work/" + id.text() + "/result"),
                                   encode(result(WorkStatus::finished)));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code_of(answer), "WORK_OF_ANOTHER_SYSTEM");
    EXPECT_TRUE(entry(id).open());
    EXPECT_THAT(world.cloud.verdict().reasons, Contains(HasSubstr("1 contradictions")));
}

TEST_F(Work, ThatWasNeverHandedOutCannotBeReported) {
    auto const id = make();
    for (auto const status : {WorkStatus::started, WorkStatus::finished, WorkStatus::rejected}) {
        auto const answer = report(id, result(status));
        EXPECT_EQ(answer.status, 409);
        EXPECT_EQ(code_of(answer), "WORK_NOT_HANDED_OUT");
        EXPECT_THAT(message_of(answer), HasSubstr("never handed out"));
    }
    EXPECT_EQ(entry(id).state(), "waiting");
    EXPECT_EQ(world.cloud.ledger().totals().anomalies, 3U);
    auto const check = make(WorkKind::check);
    auto const path = CloudWorld::path(qua, "cdm/checks/" + check.text());
    EXPECT_EQ(code_of(world.send("POST", path, encode(CheckResult{}))), "WORK_NOT_HANDED_OUT");
}

TEST_F(Work, OfOneTargetIsHandedOutInOrderWhateverHappensToItsLeases) {
    auto const first = make(), second = make(WorkKind::import, "QUA.200", "DEVK900002"),
               third = make(WorkKind::import, "QUA.200", "DEVK900003"), other = make(WorkKind::import, "QUA.300");
    auto const one = [&] {
        auto const items = poll("kinds=import&client=000&max=1").items;
        return items.empty() ? WorkId{} : items[0].id;
    };
    EXPECT_EQ(one(), first);
    EXPECT_EQ(one(), other) << "another client is another queue";
    EXPECT_EQ(one(), WorkId{}) << "the second waits for the first";
    world.pass(600s);
    EXPECT_EQ(one(), first) << "who took it is dead: it comes first again";
    EXPECT_EQ(report(first, result(WorkStatus::failed)).status, 204);
    EXPECT_EQ(one(), second);
    auto done = result(WorkStatus::finished);
    done.transports[0].trkorr = request_number("DEVK900002");
    EXPECT_EQ(report(second, done).status, 204);
    EXPECT_EQ(one(), third);
    EXPECT_EQ(one(), other);
}

TEST_F(Work, OnOneTransportIsHandedOutInOrder) {
    make(WorkKind::add_user);
    make(WorkKind::release);
    make(WorkKind::release, "QUA.200", "DEVK900002");
    auto const items = poll("kinds=release,addUser&client=000&max=50").items;
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].kind, WorkKind::add_user);
    EXPECT_EQ(items[1].transports[0], request_number("DEVK900002"));
    EXPECT_EQ(report(items[0].id, result(WorkStatus::finished)).status, 204);
    EXPECT_EQ(poll("kinds=release,addUser&client=000&max=50").items.size(), 1U);
}

TEST_F(Work, IsEndedOnlyByAResultThatFitsIt) {
    auto const id = make();
    poll();
    auto const wrong = [&](auto change) {
        auto bad = result(WorkStatus::finished);
        change(bad);
        auto const answer = report(id, bad);
        EXPECT_EQ(answer.status, 422) << answer.body;
        EXPECT_EQ(code_of(answer), "RESULT_DOES_NOT_FIT");
        EXPECT_TRUE(entry(id).open());
        return target_of(answer);
    };
    EXPECT_EQ(wrong([](WorkResult& r) { r.transports[0].trkorr = request_number("DEVK900009"); }),
              "transports[0].trkorr");
    EXPECT_EQ(wrong([](WorkResult& r) { r.transports[0].target = target("PRD.300"); }), "transports[0].target");
    EXPECT_EQ(wrong([](WorkResult& r) { r.transports.push_back(r.transports[0]); }), "transports[1].trkorr");
    EXPECT_EQ(wrong([](WorkResult& r) { r.transports.clear(); }), "transports");
    EXPECT_EQ(wrong([](WorkResult& r) {
                  r.status = WorkStatus::failed;
                  r.transports[0].target = target("PRD.300");
              }),
              "transports[0].target");
    auto const code = [](int value) { return TpReturnCode{value}; };
    EXPECT_EQ(wrong([&](WorkResult& r) {
                  r.return_code = code(0);
                  r.transports[0].return_code = code(12);
              }),
              "returnCode");
    EXPECT_EQ(wrong([&](WorkResult& r) {
                  r.return_code = r.transports[0].return_code = code(4);
                  r.transports[0].steps = {{"I", code(4)}, {"M", code(8)}};
              }),
              "transports[0].returnCode");
    EXPECT_EQ(wrong([](WorkResult& r) {
                  r.started_at = TimePoint{2h};
                  r.ended_at = TimePoint{1h};
              }),
              "endedAt");
    EXPECT_EQ(report(id, result(WorkStatus::failed)).status, 204) << "who failed need not name anything";
}

TEST_F(Work, ByHandHasWhatItsKindNeedsAndIsNotAskedForTwice) {
    WorkItem item;
    item.kind = WorkKind::import;
    auto const refused = [&] { return world.cloud.create_work(qua, item).error().context; };
    item.target = target("QUA.200");
    EXPECT_THAT(refused(), HasSubstr("transports"));
    item.transports = {request_number("DEVK900001")};
    item.target = target("PRD.300");
    EXPECT_THAT(refused(), HasSubstr("target: an import is done in its target; QUA"));
    item.target.reset();
    EXPECT_THAT(refused(), HasSubstr("target"));
    item.target = target("QUA.200");
    EXPECT_TRUE(world.cloud.create_work(qua, item));
    EXPECT_THAT(refused(), HasSubstr("imports DEVK900001 into QUA.200 already"));
    item.kind = WorkKind::create;
    EXPECT_THAT(refused(), HasSubstr("title"));
}

TEST_F(Work, KindsOfLaterTimesMayBeRejected) {
    auto const id = make(WorkKind::retrofit);
    poll("kinds=retrofit&client=000&max=50");
    auto refusal = result(WorkStatus::rejected);
    refusal.messages.push_back({'E', "", "", "not possible yet"});
    EXPECT_EQ(report(id, refusal).status, 204);
    EXPECT_EQ(entry(id).state(), "rejected");
    EXPECT_EQ(world.cloud.work().counters().rejected, 1U);
    EXPECT_TRUE(world.cloud.verdict().clean);
}

TEST_F(Work, IsNotRejectedWithoutAReason) {
    auto const id = make();
    poll();
    auto refusal = result(WorkStatus::rejected);
    for (std::string const text : {"", " "}) {
        auto const answer = report(id, refusal);
        EXPECT_EQ(answer.status, 422);
        EXPECT_EQ(target_of(answer), "messages");
        EXPECT_THAT(message_of(answer), HasSubstr("a rejection needs a reason"));
        refusal.messages.push_back({'E', "", "", text});
    }
    EXPECT_TRUE(entry(id).open());
    refusal.messages.push_back({'E', "", "", "QUA is locked"});
    EXPECT_EQ(report(id, refusal).status, 204);
}

TEST_F(Work, StartedAfterTheEndIsToldThatItCameTooLate) {
    auto const id = make();
    poll();
    EXPECT_EQ(report(id, result(WorkStatus::finished)).status, 204);
    auto const late = report(id, result(WorkStatus::started));
    EXPECT_EQ(code_of(late), "WORK_ENDED");
    EXPECT_EQ(message_of(late), "this work item ended as finished; \"started\" came after the end");
    EXPECT_THAT(message_of(report(id, result(WorkStatus::failed))), HasSubstr("with other content"));
}

TEST(WorkDesk, EndedItemsMakeRoomOpenOnesDoNot) {
    WorkDesk desk{1, 600s, 3};
    auto const add = [&] {
        CloudWork work;
        work.slot = 0;
        return desk.add(std::move(work), start);
    };
    auto const first = *add(), second = *add(), third = *add();
    EXPECT_EQ(add().error().code, ErrorCode::too_large);
    WorkResult finished;
    finished.status = WorkStatus::finished;
    desk.poll(0, {}, start, WirePoint{});
    EXPECT_EQ(desk.report(0, second, finished, start, WirePoint{}), WorkDesk::Verdict::ended);
    auto const fourth = *add();
    EXPECT_EQ(desk.find(second), nullptr);
    for (auto const id : {first, third, fourth}) {
        ASSERT_NE(desk.find(id), nullptr);
        EXPECT_EQ(desk.find(id)->item.id, id);
    }
    EXPECT_EQ(desk.poll(0, {}, start, WirePoint{600s}).items.size(), 3U);
    EXPECT_EQ(desk.forgotten(), 1U);
}

TEST(WorkDesk, OneSystemDoesNotFillTheDesk) {
    WorkDesk desk{1, 600s, 10 * WorkDesk::open_per_system_max};
    auto const add = [&](CloudSlot slot) {
        CloudWork work;
        work.slot = slot;
        return desk.add(std::move(work), start);
    };
    for (std::size_t n = 0; n < WorkDesk::open_per_system_max; ++n) ASSERT_TRUE(add(0));
    EXPECT_EQ(add(0).error().code, ErrorCode::too_large);
    EXPECT_TRUE(add(1));
}

TEST(WorkIds, OfTwoStandInsAreNeverTheSameInRealTime) {
    Shard shard{Shard::RealTime{}};
    std::set<WorkId> ids;
    for (int process = 0; process < 2; ++process) {
        CloudState state{shard, CloudSettings{}};
        for (int i = 0; i < 3; ++i) {
            CloudWork work;
            work.slot = 0;
            ids.insert(*state.work.add(std::move(work), start));
        }
    }
    EXPECT_EQ(ids.size(), 6U);
}

TEST(ClientSecrets, AreTheSameAfterARestartWithTheSameAuthorityAndNeverThoseOfAnother) {
    Shard shard{Shard::RealTime{}};
    auto const secret_with = [&](KeyAndCertificate const& authority) {
        CloudSettings settings;
        settings.authority = authority;
        return Cloud{shard, settings}.service_key("https://localhost:8443")->client_secret;
    };
    auto const mine = *make_authority("mine", shard.wire().now()), other = *make_authority("other", shard.wire().now());
    EXPECT_EQ(secret_with(mine), secret_with(mine));
    EXPECT_NE(secret_with(mine), secret_with(other));
    EXPECT_EQ(mine.key_pem.find(secret_with(mine)), std::string::npos);
}

TEST(Tokens, OfAStandInThatWasStartedAgainAreStillGood) {
    auto const folder = std::filesystem::temp_directory_path() / fmt::format("almd-token-key-{}", ::getpid());
    Shard shard{Shard::RealTime{}};
    std::vector<std::string> tokens;
    for (int process = 0; process < 2; ++process) {
        auto tls = open_tls_material(folder.string(), {"localhost"}, shard.wire().now());
        ASSERT_TRUE(tls) << tls.error().context;
        CloudSettings settings;
        settings.authority = tls->authority;
        settings.token_key_pem = tls->token_key_pem;
        CloudState state{shard, settings};
        auto& client = *state.tokens.find(state.tokens.clients()[0].client_id);
        tokens.push_back("bearer " + state.tokens.issue(client, state.wire(), "https://localhost").access_token);
        for (auto const& token : tokens)
            EXPECT_EQ(state.tokens.check(token, state.wire()).standing, TokenIssuer::Standing::good);
    }
    auto const mode = std::filesystem::status(folder / "token-key.pem").permissions();
    EXPECT_EQ(mode & std::filesystem::perms::others_read, std::filesystem::perms::none);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace almd::test
