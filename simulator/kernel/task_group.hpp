// Every task has a parent: nothing runs that nobody waits for.
#pragma once

#include "simulator/kernel/async.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace almd {

/// Owns the coroutines it spawned. Stop is three steps: ask (request_stop), wait (join), go. One thread only.
class TaskGroup {
public:
    explicit TaskGroup(net::any_io_executor executor);
    ~TaskGroup(); ///< asserts that no task is alive
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    /// Starts the task on the group's executor. An exception that leaves the task is given to on_escape (default:
    /// logged as our error); it never ends the process.
    void spawn(Async<void> task);

    void request_stop();
    bool stopping() const;
    /// Started and neither ended nor destroyed.
    std::size_t alive() const;
    /// Resumes when no task is alive. Not for a task of this group: it would wait for itself.
    Async<void> join();

    std::function<void(std::exception_ptr)> on_escape;

private:
    friend class Shard;
    struct State;
    class Membership;
    void drop_joiners(); ///< before the event loop dies: destroys the coroutines that wait in join()
    std::unique_ptr<State> state_;
};

} // namespace almd
