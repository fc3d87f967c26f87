// The wheel against its story, and against a sorted map over random sequences.
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/timing_wheel.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace almd {
namespace {

using Tick = TimingWheel::Tick;
using Fired = std::vector<std::pair<std::uint32_t, Tick>>;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Fired advance(TimingWheel& wheel, Tick now) {
    Fired fired;
    wheel.advance(now, [&](std::uint32_t payload, Tick due) { fired.emplace_back(payload, due); });
    return fired;
}

TEST(TimingWheel, FiresInOrderOfDueThenArmed) {
    TimingWheel wheel;
    wheel.arm(7, 1);
    wheel.arm(5, 2);
    wheel.arm(7, 3);
    wheel.arm(5, 4);
    EXPECT_EQ(wheel.next_due(), 5U);
    EXPECT_THAT(advance(wheel, 4), IsEmpty());
    EXPECT_THAT(advance(wheel, 7), ElementsAre(Pair(2, 5), Pair(4, 5), Pair(1, 7), Pair(3, 7)));
    EXPECT_EQ(wheel.next_due(), std::nullopt);
    EXPECT_EQ(wheel.now(), 7U);
    EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimingWheel, ArmedEarlyFiresBeforeArmedLateWhateverLevelItWaitedIn) {
    for (Tick const due : {Tick{5'000}, Tick{5'000'000}, Tick{5'000'000'000}, Tick{5'000'000'000'000}}) {
        TimingWheel wheel;
        wheel.arm(due, 1);
        for (Tick distance = due; distance > 1; distance /= 3) {
            advance(wheel, due - distance);
            wheel.arm(due, static_cast<std::uint32_t>(wheel.size() + 1));
        }
        auto const fired = advance(wheel, due);
        ASSERT_GT(fired.size(), 5U);
        for (std::size_t i = 0; i < fired.size(); ++i) EXPECT_THAT(fired[i], Pair(i + 1, due)) << "due " << due;
    }
}

TEST(TimingWheel, FarDeadlinesFireAtTheirTick) {
    TimingWheel wheel;
    std::vector<Tick> const dues{1ULL << 31, (1ULL << 31) + 1, 1ULL << 32, (1ULL << 32) + 12345,
                                 1ULL << 33, 1ULL << 50,       1ULL << 62};
    for (std::uint32_t i = 0; i < dues.size(); ++i) wheel.arm(dues[i], i);
    for (std::uint32_t i = 0; i < dues.size(); ++i) {
        EXPECT_THAT(advance(wheel, dues[i] - 1), IsEmpty());
        EXPECT_THAT(advance(wheel, dues[i]), ElementsAre(Pair(i, dues[i])));
    }
}

TEST(TimingWheel, APastTickCountsAsNow) {
    TimingWheel wheel;
    advance(wheel, 100);
    wheel.arm(40, 1);
    EXPECT_EQ(wheel.next_due(), 100U);
    EXPECT_THAT(advance(wheel, 100), ElementsAre(Pair(1, 100)));
    EXPECT_THAT(advance(wheel, 99), IsEmpty()) << "time does not go back";
    EXPECT_EQ(wheel.now(), 100U);
}

TEST(TimingWheel, WhatAnEventArmsForNowFiresInTheSameAdvanceBehindTheOthers) {
    TimingWheel wheel;
    wheel.arm(10, 1);
    wheel.arm(10, 2);
    Fired fired;
    wheel.advance(20, [&](std::uint32_t payload, Tick due) {
        fired.emplace_back(payload, due);
        EXPECT_EQ(wheel.now(), due);
        if (payload == 1) {
            wheel.arm(10, 11);
            wheel.arm(15, 12);
            wheel.arm(21, 13);
        }
    });
    EXPECT_THAT(fired, ElementsAre(Pair(1, 10), Pair(2, 10), Pair(11, 10), Pair(12, 15)));
    EXPECT_EQ(wheel.next_due(), 21U);
}

TEST(TimingWheel, AnEventMayCancelAnotherOfItsOwnTick) {
    TimingWheel wheel;
    wheel.arm(10, 1);
    auto const victim = wheel.arm(10, 2);
    wheel.arm(10, 3);
    Fired fired;
    wheel.advance(10, [&](std::uint32_t payload, Tick due) {
        fired.emplace_back(payload, due);
        if (payload == 1) wheel.cancel(victim);
    });
    EXPECT_THAT(fired, ElementsAre(Pair(1, 10), Pair(3, 10)));
    EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimingWheel, StopsAfterTheMostAndGoesOnThere) {
    TimingWheel wheel;
    for (std::uint32_t i = 0; i < 5; ++i) wheel.arm(10 + i / 3, i);
    Fired fired;
    auto const note = [&](std::uint32_t payload, Tick due) { fired.emplace_back(payload, due); };
    EXPECT_EQ(wheel.advance(50, note, 2), 2U);
    EXPECT_EQ(wheel.now(), 10U);
    EXPECT_EQ(wheel.advance(50, note, 2), 2U);
    EXPECT_EQ(wheel.advance(50, note, 2), 1U);
    EXPECT_EQ(wheel.now(), 50U);
    EXPECT_THAT(fired, ElementsAre(Pair(0, 10), Pair(1, 10), Pair(2, 10), Pair(3, 11), Pair(4, 11)));
}

TEST(TimingWheel, AnExceptionCostsOnlyTheEventThatThrew) {
    TimingWheel wheel;
    wheel.arm(10, 1);
    wheel.arm(10, 2);
    EXPECT_THROW(wheel.advance(10, [](std::uint32_t, Tick) { throw std::runtime_error{"broken"}; }),
                 std::runtime_error);
    EXPECT_THAT(advance(wheel, 10), ElementsAre(Pair(2, 10)));
}

TEST(TimingWheel, AMillionEventsCostAtMostSixteenBytesEach) {
    constexpr std::uint32_t events = 1'000'000;
    TimingWheel wheel;
    Rng rng{1};
    for (std::uint32_t i = 0; i < events; ++i) wheel.arm(rng.below(300'000), i);
    for (Tick now = 0; now <= 300'000; now += 20'000)
        wheel.advance(now, [&](std::uint32_t payload, Tick due) { wheel.arm(due + 300'000, payload); });
    EXPECT_EQ(wheel.size(), events);
    EXPECT_LE(wheel.bytes(), 16U * events);
}

TEST(TimingWheel, CancellingForEverDoesNotGrowIt) {
    TimingWheel wheel;
    for (std::uint32_t i = 0; i < 10'000; ++i) wheel.arm(1'000'000 + i, i);
    std::size_t grown = 0;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
        wheel.cancel(wheel.arm(i % 2 == 0 ? 2'000'000 : 1ULL << 40, i));
        if (i == 100'000) grown = wheel.bytes();
    }
    EXPECT_EQ(wheel.size(), 10'000U);
    EXPECT_EQ(wheel.bytes(), grown);
    EXPECT_EQ(advance(wheel, 3'000'000).size(), 10'000U);
}

/// The wheel and what it ought to be: a map sorted by due, equal ones in order of arming.
class Model {
public:
    explicit Model(std::uint64_t seed)
        : rng_{seed} {}

    void act() {
        switch (rng_.below(8)) {
        case 0:
        case 1:
        case 2:
        case 3: arm(wheel_.now() + distance()); break;
        case 4:
            if (!handles_.empty()) cancel();
            break;
        case 5: arm(wheel_.now() > 50 ? wheel_.now() - rng_.below(50) : 0); break;
        default: advance(wheel_.now() + distance()); break;
        }
        check();
    }

private:
    using Key = std::pair<Tick, std::uint64_t>; // due, order of arming

    /// Often equal, often near, sometimes beyond every level.
    Tick distance() {
        unsigned const bits = static_cast<unsigned>(rng_.below(rng_.chance(0.1) ? 40 : 24));
        return rng_.below(std::uint64_t{1} << bits);
    }
    void arm(Tick due) {
        due = std::max(due, wheel_.now());
        auto const payload = ++last_payload_;
        Key const key{due, payload};
        handles_[key] = wheel_.arm(due, payload);
    }
    void cancel() {
        auto one = handles_.begin();
        std::advance(one, static_cast<std::ptrdiff_t>(rng_.below(handles_.size())));
        wheel_.cancel(one->second);
        handles_.erase(one);
    }
    void advance(Tick now) {
        std::size_t const most = rng_.chance(0.3) ? 1 + rng_.below(5) : SIZE_MAX;
        std::size_t fired = 0;
        auto const count = wheel_.advance(
            now,
            [&](std::uint32_t payload, Tick due) {
                ++fired;
                ASSERT_FALSE(handles_.empty());
                ASSERT_EQ(handles_.begin()->first, Key(due, payload));
                ASSERT_LE(due, now);
                ASSERT_EQ(wheel_.now(), due);
                handles_.erase(handles_.begin());
                if (rng_.chance(0.2)) arm(due + distance());
                if (rng_.chance(0.1) && !handles_.empty()) cancel();
            },
            most);
        EXPECT_EQ(count, fired);
        if (fired < most) {
            EXPECT_EQ(wheel_.now(), now);
            EXPECT_TRUE(handles_.empty() || handles_.begin()->first.first > now);
        }
    }
    void check() const {
        ASSERT_EQ(wheel_.size(), handles_.size());
        auto const next = wheel_.next_due();
        if (handles_.empty()) return; // what was cancelled may still be announced
        Tick const truth = handles_.begin()->first.first;
        ASSERT_TRUE(next.has_value());
        EXPECT_LE(*next, truth);
        EXPECT_GE(*next, wheel_.now());
    }

    Rng rng_;
    TimingWheel wheel_;
    std::map<Key, TimingWheel::Handle> handles_;
    std::uint32_t last_payload_ = 0;
};

TEST(TimingWheelProperty, BehavesLikeASortedMap) {
    for (std::uint64_t const seed : test_seeds(60)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Model model{seed};
        for (int i = 0; i < 3'000 && !testing::Test::HasFailure(); ++i) model.act();
        ASSERT_FALSE(HasFailure());
    }
}

/// Sweeps need more than a thousand cancelled events, which the model above seldom has at once.
TEST(TimingWheelProperty, SweepsKeepTheOrder) {
    for (std::uint64_t const seed : test_seeds(10)) {
        SCOPED_TRACE(testing::Message() << "ALMD_SEED=" << seed);
        Rng rng{seed};
        TimingWheel wheel;
        std::multimap<Tick, std::uint32_t> model;
        std::vector<TimingWheel::Handle> handles;
        for (std::uint32_t i = 0; i < 20'000; ++i) {
            Tick const due = rng.below(Tick{1} << (1 + rng.below(36)));
            handles.push_back(wheel.arm(due, i));
            model.emplace(due, i);
        }
        for (auto event = model.begin(); event != model.end();) {
            bool const cancelled = rng.chance(0.7);
            if (cancelled) wheel.cancel(handles[event->second]);
            event = cancelled ? model.erase(event) : std::next(event);
        }
        ASSERT_EQ(wheel.size(), model.size());
        Fired expected;
        for (auto const& [due, payload] : model) expected.emplace_back(payload, due);
        EXPECT_EQ(advance(wheel, Tick{1} << 40), expected);
    }
}

} // namespace
} // namespace almd
