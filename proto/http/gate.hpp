// A place where one coroutine waits until somebody lets it on. Costs no timer and no allocation.
#pragma once

#include "simulator/kernel/suspended.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <utility>

namespace almd {

class Gate {
public:
    explicit Gate(net::io_context& io)
        : io_{io} {}
    Gate(Gate const&) = delete;
    Gate& operator=(Gate const&) = delete;

    /// Resumes after open(). Whoever opens must also have said why: look again at what you waited for.
    Async<void> pass() {
        return suspend<>([this](Suspended<> self) { waiting_.emplace(std::move(self)); });
    }
    /// Nothing happens when nobody waits. The waiting one goes on from the event loop, not from here.
    void open() {
        if (waiting_) net::post(io_, *std::exchange(waiting_, std::nullopt));
    }

private:
    net::io_context& io_;
    std::optional<Suspended<>> waiting_;
};

} // namespace almd
