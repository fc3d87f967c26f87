// One credential, two shards on two threads: one token call, nothing shared but the owner. Run under TSan.
#include "tests/unit/session/fake_cloud.hpp"

#include <atomic>
#include <thread>

namespace almd::testing {
namespace {

/// Lives on the owner's shard, where tokens come from.
struct Owner {
    Shard shard{Shard::RealTime{}};
    FakeCloud cloud{shard};
    InProcessClient client{cloud};
    OwnedTokenSource tokens{shard, client, secret_key(), RetrySpec{}, 1};
};

struct Tally {
    std::size_t got = 0, failed = 0;
    std::uint64_t last_serial = 0;
};

using Left = std::atomic<int>;

Async<void> ask(TokenSource* tokens, Tally* tally, std::vector<Left*> left, int times) {
    for (int n = 0; n < times; ++n) {
        auto const token = co_await tokens->token();
        ++(token ? tally->got : tally->failed);
        if (!token) continue;
        tokens->accepted(token->serial);
        tally->last_serial = token->serial;
    }
    for (auto* one : left) --*one;
}

Async<void> invalidate_and_ask(TokenSource* tokens, Tally* tally, std::vector<Left*> left) {
    auto const first = co_await tokens->token();
    tokens->accepted(first->serial);
    tokens->invalidate(first->serial);
    auto const second = co_await tokens->token();
    EXPECT_GT(second->serial, first->serial);
    tokens->invalidate(first->serial); // an old one: nothing happens
    auto const third = co_await tokens->token();
    EXPECT_EQ(third->serial, second->serial);
    tally->last_serial = third->serial;
    for (auto* one : left) --*one;
}

Async<void> stop_when_none_is_left(Shard* shard, Left* left) {
    while (*left > 0) {
        bool const on = co_await shard->wire().wait_for(1ms);
        if (!on) co_return;
    }
    shard->stop();
}

/// Runs both until the guest has ended, the owner last: guests ask the owner until their end.
void run(Owner& owner, Shard& guest, Left& left_of_guest, Left& left_of_all) {
    guest.tasks().spawn(stop_when_none_is_left(&guest, &left_of_guest));
    owner.shard.tasks().spawn(stop_when_none_is_left(&owner.shard, &left_of_all));
    std::thread other{[&] {
        guest.run();
        --left_of_all;
    }};
    owner.shard.run();
    other.join();
}

TEST(TwoShards, ShareOneTokenThroughItsOwner) {
    constexpr int tasks = 100, times = 10;
    Owner owner;
    owner.cloud.token_latency = 20ms;
    Shard guest{Shard::RealTime{}};
    SharedTokenSource guest_tokens{guest, owner.tokens};
    Tally here, there;
    Left left_of_guest = tasks, left_of_all = 2 * tasks + 1;
    for (int n = 0; n < tasks; ++n) {
        std::vector<Left*> const own{&left_of_all}, both{&left_of_guest, &left_of_all};
        owner.shard.tasks().spawn(ask(&owner.tokens, &here, own, times));
        guest.tasks().spawn(ask(&guest_tokens, &there, both, times));
    }
    run(owner, guest, left_of_guest, left_of_all);
    EXPECT_EQ(here.got, 1000u);
    EXPECT_EQ(there.got, 1000u);
    EXPECT_EQ(here.failed + there.failed, 0u);
    EXPECT_EQ(owner.cloud.token_calls_at.size(), 1u);
}

TEST(TwoShards, A401OnOneRenewsForBothByOneCall) {
    Owner owner;
    Shard guest{Shard::RealTime{}};
    SharedTokenSource guest_tokens{guest, owner.tokens};
    Tally there;
    Left left_of_guest = 1, left_of_all = 2;
    std::vector<Left*> const both{&left_of_guest, &left_of_all};
    guest.tasks().spawn(invalidate_and_ask(&guest_tokens, &there, both));
    run(owner, guest, left_of_guest, left_of_all);
    EXPECT_EQ(there.last_serial, 2u);
    EXPECT_EQ(owner.cloud.token_calls_at.size(), 2u);
}

TEST(TwoShards, TheOwnersRefusalReachesTheGuest) {
    Owner owner;
    owner.cloud.token_answers.push_back(json_response(401, R"({"error":"invalid_client"})"));
    Shard guest{Shard::RealTime{}};
    SharedTokenSource guest_tokens{guest, owner.tokens};
    Tally there;
    Left left_of_guest = 1, left_of_all = 2;
    std::vector<Left*> const both{&left_of_guest, &left_of_all};
    guest.tasks().spawn(ask(&guest_tokens, &there, both, 1));
    run(owner, guest, left_of_guest, left_of_all);
    EXPECT_EQ(there.failed, 1u);
}

} // namespace
} // namespace almd::testing
