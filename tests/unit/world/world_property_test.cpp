// Random sequences of releases, imports and changes: whatever happens, the landscape agrees with a simple model.
#include "tests/support/property.hpp"
#include "tests/unit/world/random_world.hpp"

namespace almd {
namespace {

constexpr auto sequences = fewer_if_sanitized(2'000); // of each theme, 16,000 together

std::string lines(std::vector<std::string> const& story) {
    std::string text;
    for (auto const& line : story) text += "\n  " + line;
    return text;
}

void play(Theme const& theme) {
    RandomWorld::Counts counts;
    auto const played = check_property(sequences, [&] {
        auto const seed = *random_seed();
        Rng rng = Rng::stream(seed, 0, 0x5eb);
        auto const spec = RandomLandscape{rng, theme}.draw();
        auto const findings = check_landscape(spec);
        ASSERT_TRUE(findings.empty()) << findings[0].path << ": " << findings[0].text;
        std::vector<std::string> story;
        if (auto const problem = RandomWorld{spec, seed, counts, story}.run(*random_steps()))
            FAIL() << *problem << "\nafter" << lines(story);
    });
    std::cout << fmt::format("{} created, {} released, {} imported, {} again, {} refused, {} blocked\n", counts.created,
                             counts.released, counts.imported, counts.again, counts.refused, counts.blocked);
    if (played < 10) return; // one sequence alone need not do everything
    EXPECT_GT(counts.released, played);
    EXPECT_GT(counts.imported, played);
    EXPECT_GT(counts.refused, played);
    EXPECT_GT(counts.again, 0u);
}

TEST(LandscapeProperty, AnyLandscapeAgreesWithItsModel) {
    play({});
}

TEST(LandscapeProperty, ThreeTiersAgreeWithTheirModel) {
    play({.systems_min = 3,
          .systems_max = 3,
          .clients_max = 1,
          .second_development = 0,
          .groups = 0,
          .without_ctc = 0,
          .last_is_virtual = 0});
}

TEST(LandscapeProperty, DeliveryOverSeveralLevelsLosesNothing) {
    play({.systems_min = 5, .second_development = 0, .failing_share = 0, .terminating_share = 0});
}

TEST(LandscapeProperty, TargetGroupsFanOutToEachMember) {
    play({.systems_min = 3, .clients_max = 3, .groups = 1, .without_ctc = 0});
}

TEST(LandscapeProperty, TwoDevelopmentsShareOneTrack) {
    play({.systems_min = 3, .second_development = 1});
}

TEST(LandscapeProperty, WithoutClientSpecificRoutesNothingIsLost) {
    play({.without_ctc = 1});
}

TEST(LandscapeProperty, ImportsThatFailAreRepeatedOrForwardedAsTheProfileSays) {
    play({.failing_share = 0.4, .terminating_share = 0.3});
}

TEST(LandscapeProperty, OneSystemWithThreeClientsAgreesWithItsModel) {
    play({.one_system = true});
}

} // namespace
} // namespace almd
