// Counting tasks in and out, and catching what escapes from them.
#include "simulator/kernel/task_group.hpp"

#include "simulator/kernel/log.hpp"
#include "simulator/kernel/suspended.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <cassert>
#include <utility>
#include <vector>

namespace almd {

struct TaskGroup::State {
    net::any_io_executor executor;
    std::size_t alive = 0;
    bool stopping = false;
    std::vector<Suspended<>> joining;

    /// Joiners resume from the event loop: the last task may be in the middle of being destroyed.
    void ended() {
        if (--alive != 0) return;
        for (auto& one : std::exchange(joining, {})) net::post(executor, std::move(one));
    }
};

/// Travels with a task to its end, also when the task is destroyed while it waits.
class TaskGroup::Membership {
public:
    explicit Membership(TaskGroup& group)
        : group_{&group} {
        ++group.state_->alive;
    }
    Membership(Membership&& from) noexcept
        : group_{std::exchange(from.group_, nullptr)} {}
    Membership& operator=(Membership&&) = delete;
    ~Membership() {
        if (group_) group_->state_->ended();
    }

    void operator()(std::exception_ptr problem) noexcept {
        if (!problem) return;
        try {
            if (group_->on_escape) return group_->on_escape(problem);
            std::rethrow_exception(problem);
        } catch (std::exception const& e) {
            log(LogLevel::error, "a task ended with an exception: {}", e.what());
        } catch (...) {
            log(LogLevel::error, "a task ended with an unknown exception");
        }
    }

private:
    TaskGroup* group_;
};

TaskGroup::TaskGroup(net::any_io_executor executor)
    : state_{std::make_unique<State>()} {
    state_->executor = std::move(executor);
}

TaskGroup::~TaskGroup() {
    assert(state_->alive == 0 && "a task outlived its group");
}

void TaskGroup::spawn(Async<void> task) {
    net::co_spawn(state_->executor, std::move(task), Membership{*this});
}

void TaskGroup::request_stop() {
    state_->stopping = true;
}

bool TaskGroup::stopping() const {
    return state_->stopping;
}

std::size_t TaskGroup::alive() const {
    return state_->alive;
}

void TaskGroup::drop_joiners() {
    state_->joining.clear();
}

Async<void> TaskGroup::join() {
    return suspend<>([state = state_.get()](Suspended<> self) {
        if (state->alive == 0) return net::post(state->executor, std::move(self));
        state->joining.push_back(std::move(self));
    });
}

} // namespace almd
