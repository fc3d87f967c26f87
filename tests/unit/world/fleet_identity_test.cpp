// A landscape is f(seed, n): distinct, repeatable and cheap.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <set>
#include <unordered_set>

namespace almd {
namespace {

std::string picture(Landscape const& world) {
    std::string all = world.domain().name();
    for (std::size_t i = 0; i < world.system_count(); ++i) {
        auto const identity = world.system(world.sid(i)).identity();
        all += fmt::format("\n{} {} {} {} {}", identity.id.text(), identity.host, identity.db_host,
                           identity.system_number, identity.installation_number);
        for (auto const& request : world.cts(world.sid(i)).requests())
            all += fmt::format("\n  {} {} {} {}", request.trkorr.text(), request.target ? request.target->text() : "",
                               rfc3339(request.created_at), request.released_at ? rfc3339(*request.released_at) : "");
        for (auto const& entry : world.buffer(world.sid(i)).queue())
            all += fmt::format("\n  {} {}", entry.trkorr.text(), entry.client->text());
    }
    return all;
}

TEST(FleetIdentity, OfHundredThousandLandscapesSharesNoNumberAndNoHost) {
    auto const spec = three_tier_landscape();
    constexpr std::uint64_t landscapes = 100'000;
    std::unordered_set<std::string> numbers, hosts, installations;
    for (std::uint64_t n = 0; n < landscapes; ++n) {
        auto const identity = LandscapeIdentity::nth(1, n, spec);
        for (std::size_t i = 0; i < spec.systems.size(); ++i) {
            auto const system = identify(spec, identity, i);
            ASSERT_EQ(system.system_number.size(), 18u);
            ASSERT_EQ(system.installation_number.size(), 10u);
            numbers.insert(system.system_number);
            hosts.insert(system.host);
            installations.insert(system.installation_number);
        }
        auto const a = identity.sid(spec, 0), b = identity.sid(spec, 1), c = identity.sid(spec, 2);
        ASSERT_TRUE(a != b && b != c && a != c) << n;
        ASSERT_EQ(SystemId::parse(a.text()), a) << n;
    }
    EXPECT_EQ(numbers.size(), 3 * landscapes);
    EXPECT_EQ(hosts.size(), 3 * landscapes);
    EXPECT_EQ(installations.size(), landscapes);
}

TEST(FleetIdentity, UsesTheWholeSpaceOfSystemIds) {
    auto const spec = three_tier_landscape();
    std::set<SystemId> seen;
    for (std::uint64_t n = 0; n < SystemId::count / 3; ++n)
        for (std::size_t i = 0; i < 3; ++i) seen.insert(LandscapeIdentity::nth(9, n, spec).sid(spec, i));
    EXPECT_EQ(seen.size(), SystemId::count);
}

TEST(FleetIdentity, ThePlainLandscapeKeepsItsOwnIdsAndMeetsNoneOfTheFleet) {
    auto const spec = three_tier_landscape();
    auto const plain = LandscapeIdentity::plain(1);
    EXPECT_EQ(plain.sid(spec, 0), sid("DEV"));
    for (std::uint64_t n = 0; n < 1'000; ++n)
        EXPECT_NE(identify(spec, plain, 0).system_number,
                  identify(spec, LandscapeIdentity::nth(1, n, spec), 0).system_number);
}

TEST(FleetIdentity, ChangesGivenHostsAndNumbersToo) {
    auto spec = three_tier_landscape();
    spec.systems[0].host = "erpdev.corp";
    spec.systems[0].system_number = "000000000312345678";
    spec.systems[1].system_number = "-";
    auto const identity = LandscapeIdentity::nth(1, 7, spec);
    EXPECT_EQ(identify(spec, identity, 0).host, "erpdev-l7.corp");
    EXPECT_NE(identify(spec, identity, 0).system_number, "000000000312345678");
    EXPECT_EQ(identify(spec, identity, 1).system_number, "") << "really none";
}

TEST(FleetIdentity, IsTheSameWithAndWithoutBuildingTheLandscape) {
    auto const spec = three_tier_landscape();
    auto const identity = LandscapeIdentity::nth(5, 77, spec);
    Landscape const world{spec, identity, test_start};
    for (std::size_t i = 0; i < 3; ++i) {
        auto const built = world.system(world.sid(i)).identity(), computed = identify(spec, identity, i);
        EXPECT_EQ(built.id, computed.id);
        EXPECT_EQ(built.system_number, computed.system_number);
        EXPECT_EQ(built.host, computed.host);
        EXPECT_EQ(built.db_host, computed.db_host);
    }
}

TEST(FleetLandscape, IsAPureFunctionOfSeedAndNumber) {
    auto const spec = three_tier_landscape();
    std::set<std::string> pictures;
    for (std::uint64_t n = 0; n < 50; ++n) {
        auto const identity = LandscapeIdentity::nth(3, n, spec);
        Landscape const first{spec, identity, test_start}, second{spec, identity, test_start};
        EXPECT_EQ(picture(first), picture(second));
        pictures.insert(picture(first));
    }
    EXPECT_EQ(pictures.size(), 50u);
    Landscape const other{spec, LandscapeIdentity::nth(4, 0, spec), test_start};
    EXPECT_FALSE(pictures.contains(picture(other))) << "another seed is another fleet";
}

TEST(FleetLandscape, HasItsRequestsUnderItsOwnIds) {
    auto const spec = three_tier_landscape();
    Landscape const world{spec, LandscapeIdentity::nth(3, 12, spec), test_start};
    auto const trkorr = world.find_alias("price-report");
    ASSERT_TRUE(trkorr);
    EXPECT_EQ(trkorr->system(), world.sid(0));
    EXPECT_EQ(world.request(*trkorr)->target, (TransportTarget{world.sid(1), Client{200}}));
    EXPECT_EQ(world.buffer(world.sid(1)).size(), 3u);
    EXPECT_FALSE(world.has(sid("DEV")));
}

TEST(FleetLandscape, CountsItsMemory) {
    auto const spec = three_tier_landscape();
    Landscape const world{spec, LandscapeIdentity::nth(3, 12, spec), test_start};
    EXPECT_GT(world.bytes(), sizeof(Landscape));
    EXPECT_LT(world.bytes(), 16'000u);
}

TEST(FleetLandscape, KeepsTheDifferenceOfItsSystemsWithoutACopyOfItsRequests) {
    auto spec = three_tier_landscape();
    auto const request = spec.requests.front();
    for (int i = 0; i < 1'000; ++i) {
        spec.requests.push_back(request);
        spec.requests.back().alias.clear();
        spec.requests.back().objects = {"R3TR PROG ZPROGRAM_" + std::to_string(i)};
    }
    auto const identity = LandscapeIdentity::nth(3, 12, spec);
    Landscape world{spec, identity, test_start};
    world.system(world.sid(1)).set_component({"SAP_BASIS", "758", 9});
    EXPECT_LT(world.bytes(), 4'000u);

    Landscape const other{spec, identity, test_start};
    EXPECT_EQ(world.buffer(world.sid(1)).size(), 1'003u) << "asked for, they are there";
    EXPECT_EQ(picture(world), picture(other)) << "and the same as if they had been made first";
    EXPECT_GT(world.bytes(), 100'000u);
}

} // namespace
} // namespace almd
