// First come, first served: a new request never overtakes one that waits.
#include "proto/http/connection_pool.hpp"

#include <algorithm>

namespace almd {

namespace {

/// A look at an idle connection is a system call: each of them is looked at once in so many sweeps.
constexpr unsigned sweeps_per_look = 16;

} // namespace

void ConnectionPool::enter(std::uint32_t key, Turn& turn) {
    turn.state = Turn::State::granted;
    if (policy_ == ConnectionPolicy::per_push) return;
    auto& own = lane(key);
    if (!own.idle.empty()) {
        turn.connection = std::move(own.idle.back());
        own.idle.pop_back();
        --idle_;
    } else if (own.granted < lane_max()) {
        ++own.granted;
    } else {
        turn.state = Turn::State::queued;
        turn.place = own.queue.insert(own.queue.end(), &turn);
    }
}

void ConnectionPool::leave(std::uint32_t key, Turn& turn) {
    if (turn.state != Turn::State::queued) return;
    turn.state = Turn::State::outside;
    lane(key).queue.erase(turn.place);
    forget_if_empty(key);
}

void ConnectionPool::give_back(std::uint32_t key, std::unique_ptr<Connection> connection, WirePoint now) {
    auto& own = lane(key);
    connection->reused = true;
    connection->idle_since = now;
    if (own.queue.empty()) {
        own.idle.push_back(std::move(connection));
        ++idle_;
        return;
    }
    auto& next = *own.queue.front();
    own.queue.pop_front();
    next.connection = std::move(connection);
    next.state = Turn::State::granted;
    next.gate.open();
}

void ConnectionPool::drop(std::uint32_t key) {
    if (policy_ == ConnectionPolicy::per_push) return;
    auto& own = lane(key);
    if (own.queue.empty()) {
        --own.granted;
        forget_if_empty(key);
        return;
    }
    auto& next = *own.queue.front();
    own.queue.pop_front();
    next.state = Turn::State::granted;
    next.gate.open();
}

void ConnectionPool::forget_if_empty(std::uint32_t key) {
    auto const& own = lane(key);
    if (own.granted == 0 && own.queue.empty()) lanes_.erase(policy_ == ConnectionPolicy::per_system ? key : 0);
}

void ConnectionPool::sweep(WirePoint now, WireDuration idle_timeout) {
    ++sweeps_;
    unsigned position = 0;
    for (auto at = lanes_.begin(); at != lanes_.end();) {
        auto& own = at->second;
        auto const gone = std::erase_if(own.idle, [&](auto const& connection) {
            bool const old = policy_ == ConnectionPolicy::pooled && now - connection->idle_since >= idle_timeout;
            bool const look = (position++ + sweeps_) % sweeps_per_look == 0;
            if (!old && (!look || connection->stream.is_quiet())) return false;
            connection->stream.end_sending();
            return true;
        });
        idle_ -= gone;
        own.granted -= gone;
        at = own.granted == 0 && own.queue.empty() ? lanes_.erase(at) : std::next(at);
    }
}

void ConnectionPool::close_idle() {
    for (auto at = lanes_.begin(); at != lanes_.end();) {
        auto& own = at->second;
        for (auto const& connection : own.idle) connection->stream.end_sending();
        idle_ -= own.idle.size();
        own.granted -= own.idle.size();
        own.idle.clear();
        at = own.granted == 0 && own.queue.empty() ? lanes_.erase(at) : std::next(at);
    }
}

} // namespace almd
