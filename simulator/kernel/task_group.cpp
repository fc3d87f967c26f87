// Counting tasks in and out, catching what escapes from them, and keeping workers so that starting one is cheap.
#include "simulator/kernel/task_group.hpp"

#include "simulator/kernel/log.hpp"
#include "simulator/kernel/suspended.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <cassert>
#include <utility>
#include <vector>

namespace almd {

/// Travels with a task to its end, also when the task is destroyed while it waits.
class TaskGroup::Membership {
public:
    explicit Membership(State& state);
    Membership(Membership&& from) noexcept
        : state_{std::exchange(from.state_, nullptr)} {}
    Membership& operator=(Membership&& from) noexcept {
        std::swap(state_, from.state_);
        return *this;
    }
    ~Membership();

private:
    State* state_;
};

struct TaskGroup::Job {
    Membership member; // outlives the task
    Async<void> task;
};

struct TaskGroup::State {
    TaskGroup* group;
    net::any_io_executor executor;
    std::size_t idle_max;
    std::size_t alive = 0;
    bool stopping = false;
    std::vector<Suspended<>> joining;
    std::vector<Suspended<Job>> idle;

    template <class Resume>
    void post(Resume resume) const {
        using Direct = net::io_context::executor_type;
        if (auto const* direct = executor.target<Direct>()) return net::post(*direct, std::move(resume));
        net::post(executor, std::move(resume));
    }
    void report(std::exception_ptr problem) const;
    static Async<void> work(State& state, Job job);
};

TaskGroup::Membership::Membership(State& state)
    : state_{&state} {
    ++state.alive;
}

/// Joiners resume from the event loop: the last task may be in the middle of being destroyed.
TaskGroup::Membership::~Membership() {
    if (!state_ || --state_->alive != 0) return;
    for (auto& one : std::exchange(state_->joining, {})) state_->post(std::move(one));
}

void TaskGroup::State::report(std::exception_ptr problem) const {
    try {
        if (group && group->on_escape) return group->on_escape(problem);
    } catch (...) {
        problem = std::current_exception();
    }
    log_escaped("a task", problem);
}

Async<void> TaskGroup::State::work(State& state, Job job) {
    for (;;) {
        // What the last task changed of these would stay with the worker.
        co_await net::this_coro::reset_cancellation_state();
        co_await net::this_coro::throw_if_cancelled(true);
        std::exception_ptr problem;
        try {
            co_await std::move(job.task);
        } catch (...) {
            problem = std::current_exception();
        }
        if (problem) state.report(problem);
        {
            Membership const ended{std::move(job.member)};
        }
        if (state.stopping || state.idle.size() >= state.idle_max) co_return;
        auto park = [&state](Suspended<Job> self) { state.idle.push_back(std::move(self)); };
        auto next = suspend<Job>(std::move(park));
        job = co_await std::move(next);
    }
}

TaskGroup::TaskGroup(net::any_io_executor executor, std::size_t idle_max)
    : state_{std::make_unique<State>(this, std::move(executor), idle_max)} {
}

TaskGroup::~TaskGroup() {
    assert(state_->alive == 0 && "a task outlived its group");
    if (state_->alive == 0) return;
    // We are wrong; without asserts a leak is better than tasks that count themselves out of freed memory.
    state_->group = nullptr;
    (void)state_.release();
}

void TaskGroup::spawn(Async<void> task) {
    Job job{Membership{*state_}, std::move(task)};
    if (state_->idle.empty()) {
        return state_->post([state = state_.get(), job = std::move(job)]() mutable {
            auto const nothing_escapes = [](std::exception_ptr) {};
            net::co_spawn(state->executor, State::work(*state, std::move(job)), nothing_escapes);
        });
    }
    auto worker = std::move(state_->idle.back());
    state_->idle.pop_back();
    state_->post([worker = std::move(worker), job = std::move(job)]() mutable { std::move(worker)(std::move(job)); });
}

void TaskGroup::request_stop() {
    state_->stopping = true;
    state_->idle.clear();
}

bool TaskGroup::stopping() const {
    return state_->stopping;
}

std::size_t TaskGroup::alive() const {
    return state_->alive;
}

void TaskGroup::drop_waiting() {
    state_->joining.clear();
    state_->idle.clear();
}

Async<void> TaskGroup::join() {
    return suspend<>([state = state_.get()](Suspended<> self) {
        if (state->alive == 0) return net::post(state->executor, std::move(self));
        state->joining.push_back(std::move(self));
    });
}

} // namespace almd
