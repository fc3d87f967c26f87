// Who may use which connection: the policies pooled, per system and per push, and the queue of those who wait.
#pragma once

#include "proto/http/client.hpp"
#include "proto/http/gate.hpp"
#include "proto/http/stream.hpp"

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

namespace almd {

struct Connection {
    explicit Connection(net::io_context& io)
        : stream{io} {}
    Stream stream;
    WirePoint idle_since{};
    bool reused = false; ///< it has served an answer before
};

class ConnectionPool {
public:
    /// A request's right to one connection; `connection` stays null when the request has to connect itself.
    struct Turn {
        explicit Turn(net::io_context& io)
            : gate{io} {}
        bool granted() const { return state == State::granted; }
        Gate gate;
        enum class State : std::uint8_t { outside, queued, granted } state = State::outside;
        std::unique_ptr<Connection> connection;
        std::list<Turn*>::iterator place; ///< in the queue, while it waits there
    };

    ConnectionPool(ConnectionPolicy policy, std::size_t connections_max)
        : policy_{policy}
        , max_{connections_max} {}

    /// Grants at once, or puts the turn at the end of the queue and opens its gate when it is granted.
    void enter(std::uint32_t key, Turn& turn);
    /// Out of the queue, if the turn waits there.
    void leave(std::uint32_t key, Turn& turn);
    /// The granted connection is usable again: the first in the queue gets it.
    void give_back(std::uint32_t key, std::unique_ptr<Connection> connection, WirePoint now);
    /// The granted connection is no more.
    void drop(std::uint32_t key);

    /// Closes what was idle too long (pooled only) or was closed by the other side.
    void sweep(WirePoint now, WireDuration idle_timeout);
    void close_idle();
    std::size_t idle() const { return idle_; }

private:
    /// Those who share connections: all requests (pooled) or those of one system.
    struct Lane {
        std::vector<std::unique_ptr<Connection>> idle; ///< the last one is the warmest
        std::list<Turn*> queue;
        std::size_t granted = 0; ///< including idle ones
    };
    Lane& lane(std::uint32_t key) { return lanes_[policy_ == ConnectionPolicy::per_system ? key : 0]; }
    std::size_t lane_max() const { return policy_ == ConnectionPolicy::per_system ? 1 : max_; }
    void forget_if_empty(std::uint32_t key);

    ConnectionPolicy policy_;
    std::size_t max_;
    std::unordered_map<std::uint32_t, Lane> lanes_;
    std::size_t idle_ = 0;
    unsigned sweeps_ = 0;
};

} // namespace almd
