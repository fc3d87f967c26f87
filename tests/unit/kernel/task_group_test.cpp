// Task groups: counted in and out, joined, and nothing escapes.
#include "simulator/kernel/suspended.hpp"
#include "simulator/kernel/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace almd {
namespace {

using testing::ElementsAre;

Async<void> note(std::vector<int>& ran, int number) {
    ran.push_back(number);
    co_return;
}

Async<void> fail_with(std::string text) {
    co_await net::this_coro::executor;
    throw std::runtime_error{text};
}

struct NotAnException {};

Async<void> fail_oddly() {
    co_await net::this_coro::executor;
    throw NotAnException{};
}

/// A door that a test opens.
struct Door {
    std::vector<Suspended<>> waiting;

    Async<void> passed() {
        return suspend<>([this](Suspended<> self) { waiting.push_back(std::move(self)); });
    }
    void open() {
        for (auto& one : std::exchange(waiting, {})) std::move(one)();
    }
};

Async<void> pass(Door& door, int& passed) {
    co_await door.passed();
    ++passed;
}

/// Without and with workers kept.
class Tasks : public testing::TestWithParam<std::size_t> {
public:
    net::io_context io;
    net::executor_work_guard<net::io_context::executor_type> more_to_come{io.get_executor()};
    TaskGroup group{io.get_executor(), GetParam()};

    void SetUp() override {
        std::vector<int> warm;
        for (int i = 0; i < 3; ++i) group.spawn(note(warm, i));
        io.poll();
    }
};

INSTANTIATE_TEST_SUITE_P(Workers, Tasks, testing::Values(0, 2, 64));

TEST_P(Tasks, StartInOrderAndNeverInsideSpawn) {
    std::vector<int> ran;
    net::post(io, [&] {
        for (int i = 0; i < 5; ++i) group.spawn(note(ran, i));
        EXPECT_TRUE(ran.empty());
        EXPECT_EQ(group.alive(), 5U);
    });
    io.poll();
    EXPECT_THAT(ran, ElementsAre(0, 1, 2, 3, 4));
    EXPECT_EQ(group.alive(), 0U);
}

TEST_P(Tasks, ExceptionsGoToOnEscape) {
    std::vector<std::string> escaped;
    group.on_escape = [&](std::exception_ptr problem) {
        try {
            std::rethrow_exception(problem);
        } catch (std::exception const& e) {
            escaped.emplace_back(e.what());
        }
    };
    group.spawn(fail_with("one"));
    group.spawn(fail_with("two"));
    io.poll();
    EXPECT_THAT(escaped, ElementsAre("one", "two"));
    EXPECT_EQ(group.alive(), 0U);
}

TEST_P(Tasks, ExceptionsAreLoggedWhenNobodyTakesThem) {
    testing::internal::CaptureStderr();
    group.spawn(fail_with("nobody cares"));
    group.spawn(fail_oddly());
    io.poll();
    group.on_escape = [](std::exception_ptr) { throw std::runtime_error{"the catcher fell"}; };
    group.spawn(fail_with("x"));
    io.poll();
    auto const log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, testing::HasSubstr("a task ended with an exception: nobody cares"));
    EXPECT_THAT(log, testing::HasSubstr("a task ended with an unknown exception"));
    EXPECT_THAT(log, testing::HasSubstr("the catcher fell"));
}

Async<void> join_and_note(TaskGroup& group, std::vector<int>& ran, int number) {
    co_await group.join();
    ran.push_back(number);
}

TEST_P(Tasks, JoinWaitsForTheLastAndStopOnlyAsks) {
    Door door;
    int passed = 0;
    for (int i = 0; i < 4; ++i) group.spawn(pass(door, passed));
    TaskGroup waiting{io.get_executor()};
    std::vector<int> joined;
    waiting.spawn(join_and_note(group, joined, 1));
    waiting.spawn(join_and_note(group, joined, 2));
    io.poll();
    EXPECT_FALSE(group.stopping());
    group.request_stop();
    io.poll();
    EXPECT_TRUE(group.stopping());
    EXPECT_TRUE(joined.empty());
    EXPECT_EQ(group.alive(), 4U);
    door.open();
    io.poll();
    EXPECT_EQ(passed, 4);
    EXPECT_THAT(joined, ElementsAre(1, 2));
    waiting.spawn(join_and_note(group, joined, 3));
    io.poll();
    EXPECT_THAT(joined, ElementsAre(1, 2, 3)) << "an empty group is joined at once";
}

TEST_P(Tasks, ADestroyedTaskIsCountedOut) {
    Door door;
    int passed = 0;
    group.spawn(pass(door, passed));
    group.spawn(pass(door, passed));
    TaskGroup waiting{io.get_executor()};
    std::vector<int> joined;
    waiting.spawn(join_and_note(group, joined, 1));
    io.poll();
    door.waiting.clear();
    io.poll();
    EXPECT_EQ(group.alive(), 0U);
    EXPECT_THAT(joined, ElementsAre(1));
    EXPECT_EQ(passed, 0);
}

Async<void> note_if_strict(std::vector<int>& ran, int number) {
    bool const strict = co_await net::this_coro::throw_if_cancelled();
    if (strict) ran.push_back(number);
    co_await net::this_coro::throw_if_cancelled(false);
}

TEST_P(Tasks, WhatATaskChangesOfItsCoroutineThreadStaysWithIt) {
    std::vector<int> ran;
    group.spawn(note_if_strict(ran, 1));
    io.poll();
    group.spawn(note_if_strict(ran, 2));
    io.poll();
    EXPECT_THAT(ran, ElementsAre(1, 2));
}

TEST(TaskGroup, ALoopRunsDryWhenNoWorkersAreKept) {
    net::io_context io;
    TaskGroup group{io.get_executor()};
    std::vector<int> ran;
    group.spawn(note(ran, 1));
    io.run();
    EXPECT_THAT(ran, ElementsAre(1));
}

TEST(TaskGroup, StopLetsTheWorkersGo) {
    net::io_context io;
    TaskGroup group{io.get_executor(), 8};
    std::vector<int> ran;
    group.spawn(note(ran, 1));
    io.poll();
    group.request_stop();
    group.spawn(note(ran, 2));
    io.run();
    EXPECT_THAT(ran, ElementsAre(1, 2)) << "and the loop runs dry";
}

#ifndef NDEBUG
TEST(TaskGroupDeathTest, ATaskMustNotOutliveItsGroup) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    auto const outlive = [] {
        net::io_context io;
        Door door;
        int passed = 0;
        std::optional<TaskGroup> group{std::in_place, io.get_executor()};
        group->spawn(pass(door, passed));
        io.poll();
        group.reset();
    };
    EXPECT_DEATH(outlive(), "a task outlived its group");
}
#endif

} // namespace
} // namespace almd
