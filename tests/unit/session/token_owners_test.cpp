// Two clouds may give the same client ID.
#include "agent/cloud/token_owners.hpp"
#include "tests/unit/session/fake_cloud.hpp"

namespace almd::testing {
namespace {

TEST(TokenOwners, TheSameClientIdOfTwoCloudsHasTwoOwners) {
    Shard shard{Shard::VirtualTime{TimePoint{}}};
    FakeCloud cloud{shard};
    InProcessClient client{cloud};
    auto const here = secret_key();
    auto there = here;
    there.token_endpoint = "https://other.example/oauth/token";
    OwnedTokenSource of_here{shard, client, here, RetrySpec{}, 1}, of_there{shard, client, there, RetrySpec{}, 1};
    TokenOwners owners;
    owners.add(here, of_here);
    owners.add(there, of_there);
    EXPECT_EQ(&owners.of(here), &of_here);
    EXPECT_EQ(&owners.of(there), &of_there);
}

} // namespace
} // namespace almd::testing
