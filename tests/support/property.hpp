// Properties of random sequences: rapidcheck draws and shrinks them, GoogleTest's assertions judge them.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "tests/support/seeds.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <sstream>
#include <vector>

namespace almd {

/// Each step is the seed of what it does, so any part of a sequence is a sequence and a failure can be shrunk.
using RandomSteps = std::vector<std::uint64_t>;

/// 0 to `most` steps; `most` at most 100 (rapidcheck's nominal size).
inline rc::Gen<RandomSteps> random_steps(int most = rc::kNominalSize) {
    auto const step = rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
    return rc::gen::resize(most, rc::gen::container<RandomSteps>(step));
}

/// A number that does not shrink: which world the steps are taken in.
inline rc::Gen<std::uint64_t> random_seed() {
    return rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
}

/// The default one reads rapidcheck's own environment variable and prints a seed that is not ours.
struct SilentListener : rc::detail::TestListener {
    void onTestCaseFinished(rc::detail::CaseDescription const&) override {}
    void onShrinkTried(rc::detail::CaseDescription const&, bool) override {}
    void onTestFinished(rc::detail::TestMetadata const&, rc::detail::TestResult const&) override {}
};

/// Draws `cases` of them (ALMD_SEEDS) from one seed (ALMD_SEED) and reports the smallest that breaks an assertion of `property`.
/// Inside it `*random_steps()` draws. Returns how many were drawn.
template <class Property>
std::uint64_t check_property(std::uint64_t cases, Property const& property) {
    auto const range = seed_range(cases);
    rc::detail::TestParams params;
    params.seed = mix(range.first, hash_text(testing::UnitTest::GetInstance()->current_test_info()->name()));
    params.maxSuccess = static_cast<int>(range.count);
    auto const one_case = [&] {
        testing::TestPartResultArray broken;
        {
            testing::ScopedFakeTestPartResultReporter const catches{
                testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &broken};
            property();
        }
        if (broken.size() > 0) RC_FAIL(broken.GetTestPartResult(0).message());
    };
    SilentListener listener;
    auto const result = rc::detail::checkTestable(one_case, rc::detail::TestMetadata{}, params, listener);
    std::ostringstream told;
    rc::detail::printResultMessage(result, told);
    EXPECT_TRUE(result.template is<rc::detail::SuccessResult>())
        << told.str() << "\nALMD_SEED=" << range.first << " ALMD_SEEDS=" << range.count << " repeats it";
    return range.count;
}

} // namespace almd
