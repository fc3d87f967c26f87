// Random sequences of releases, imports and changes: whatever happens, the landscape agrees with a simple model.
//
// Not rapidcheck: ALMD_SEED and ALMD_SEEDS name sequences one by one, rapidcheck has one seed for a whole run of them. Steps
// are plain numbers, so leaving some out shrinks a failure.
#include "tests/support/seeds.hpp"
#include "tests/unit/world/random_world.hpp"

#include <gtest/gtest.h>

namespace almd {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t sequences = 30;
#else
constexpr std::uint64_t sequences = 2'000; // of each theme, 16,000 together
#endif

using Steps = std::vector<RandomStep>;

Steps random_steps(Rng& rng) {
    Steps steps(20 + rng.below(61));
    auto const number = [&] { return static_cast<std::uint32_t>(rng() >> 32); };
    for (auto& step : steps) step = {number(), number(), number(), number()};
    return steps;
}

std::optional<std::string> problem_of(LandscapeSpec const& spec, std::uint64_t seed, Steps const& steps,
                                      std::vector<std::string>* story = nullptr) {
    RandomWorld::Counts ignored;
    return RandomWorld{spec, seed, ignored}.run(steps, story);
}

/// Leaves out halves, quarters, ... single steps as long as something still breaks.
Steps shrink(LandscapeSpec const& spec, std::uint64_t seed, Steps steps) {
    for (auto width = steps.size() / 2; width > 0; width /= 2)
        for (std::size_t at = 0; at + width <= steps.size();) {
            auto fewer = steps;
            fewer.erase(fewer.begin() + static_cast<long>(at), fewer.begin() + static_cast<long>(at + width));
            if (problem_of(spec, seed, fewer))
                steps = std::move(fewer);
            else
                at += width;
        }
    return steps;
}

std::string report(LandscapeSpec const& spec, std::uint64_t seed, Steps const& all) {
    std::vector<std::string> story;
    auto const steps = shrink(spec, seed, all);
    auto const problem = problem_of(spec, seed, steps, &story);
    auto text = fmt::format("ALMD_SEED={} ALMD_SEEDS=1: {}\nafter {} of {} steps:", seed,
                            problem.value_or("it breaks only now and then"), steps.size(), all.size());
    for (auto const& line : story) text += "\n  " + line;
    return text;
}

void play(Theme const& theme) {
    RandomWorld::Counts counts;
    auto const seeds = test_seeds(sequences);
    for (auto const seed : seeds) {
        Rng rng = Rng::stream(seed, 0, 0x5eb);
        auto const spec = RandomLandscape{rng, theme}.draw();
        auto const findings = check_landscape(spec);
        ASSERT_TRUE(findings.empty()) << "ALMD_SEED=" << seed << ": " << findings[0].path << ": " << findings[0].text;
        auto const steps = random_steps(rng);
        RandomWorld world{spec, seed, counts};
        if (world.run(steps)) FAIL() << report(spec, seed, steps);
    }
    std::cout << fmt::format("{} created, {} released, {} imported, {} again, {} refused, {} blocked\n", counts.created,
                             counts.released, counts.imported, counts.again, counts.refused, counts.blocked);
    if (seeds.size() < 10) return; // one sequence alone need not do everything
    EXPECT_GT(counts.released, seeds.size());
    EXPECT_GT(counts.imported, seeds.size());
    EXPECT_GT(counts.refused, seeds.size());
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
