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
    /// Up to `idle_max` ended tasks leave their worker behind for the next ones, which halves the price of a start (170
    /// against 350 ns). Idle workers count as work of the executor: only for a loop that is stopped, not run dry.
    explicit TaskGroup(net::any_io_executor executor, std::size_t idle_max = 0);
    ~TaskGroup(); ///< asserts that no task is alive
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    /// The task starts on the group's executor, in the order of spawning and never inside this call. An exception that
    /// leaves it is given to on_escape (default: logged as our error); it never ends the process.
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
    struct Job;
    class Membership;
    void drop_waiting(); ///< before the event loop dies: destroys idle workers and whoever waits in join()
    std::unique_ptr<State> state_;
};

} // namespace almd
