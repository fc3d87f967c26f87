// The rhythm of a use-case task.
#include "agent/setup/task_state.hpp"

#include <gtest/gtest.h>

namespace almd {
namespace {

TaskState active(int minutes) {
    TaskState task;
    task.active = true;
    task.interval_minutes = static_cast<std::uint16_t>(minutes);
    return task;
}

TEST(TaskRhythm, AnActiveTaskThatNeverRanIsDueAtOnce) {
    EXPECT_TRUE(is_due(active(10), 0));
    TaskState inactive = active(10);
    inactive.active = false;
    EXPECT_FALSE(is_due(inactive, 0));
    TaskState running = active(10);
    running.running = true;
    EXPECT_FALSE(is_due(running, 0));
}

TEST(TaskRhythm, IsDueWhenItsIntervalHasPassedSinceItsLastStart) {
    TaskState task = active(10);
    task.last_start = 60;
    EXPECT_FALSE(is_due(task, 60 + 599));
    EXPECT_TRUE(is_due(task, 60 + 600));
}

TEST(TaskRhythm, ConsecutiveSendErrorsStretchTheIntervalUpToSevenHundredMinutes) {
    TaskState task = active(5);
    int before = effective_interval_minutes(task);
    for (int error = 0; error < 300; ++error) {
        settle(task, false);
        int const now = effective_interval_minutes(task);
        EXPECT_GE(now, before);
        EXPECT_LE(now, stretched_minutes_max);
        before = now;
    }
    EXPECT_EQ(before, stretched_minutes_max);
}

TEST(TaskRhythm, TwoGoodRunsInARowBringTheDefaultIntervalBack) {
    TaskState task = active(5);
    for (int i = 0; i < 4; ++i) settle(task, false);
    settle(task, true);
    EXPECT_EQ(effective_interval_minutes(task), 80) << "one good run is not enough";
    settle(task, false);
    settle(task, true);
    EXPECT_EQ(effective_interval_minutes(task), 160) << "an error in between starts the count again";
    settle(task, true);
    EXPECT_EQ(effective_interval_minutes(task), 5);
}

TEST(TaskRhythm, AnIntervalAboveTheLimitIsNotShortenedByErrors) {
    TaskState task = active(1000);
    settle(task, false);
    EXPECT_EQ(effective_interval_minutes(task), 1000);
}

} // namespace
} // namespace almd
