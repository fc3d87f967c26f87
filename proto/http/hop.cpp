// A request that crosses from the caller's thread to the owner's and comes back: the only place where two shards meet.
#include "proto/http/gate.hpp"
#include "proto/http/router.hpp"
#include "proto/http/server.hpp"
#include "simulator/kernel/log.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <mutex>
#include <unordered_set>

namespace almd {

namespace {

class Departures;

/// One request that is away. Whoever ends it does so under the mutex and only once; after `home_gone` the caller's event
/// loop may not be touched any more.
struct Crossing {
    explicit Crossing(HttpRequest r, net::io_context& caller)
        : request{std::move(r)}
        , home{caller} {}

    std::mutex mutex;
    bool home_gone = false;
    std::optional<Suspended<>> waiting; ///< the caller; empty: it is on its way back
    HttpRequest request;
    HttpResponse answer;
    net::io_context& home;

    void arrive(HttpResponse response) {
        std::lock_guard const lock{mutex};
        if (home_gone || !waiting) return;
        answer = std::move(response);
        net::post(home, *std::exchange(waiting, std::nullopt));
    }

    std::optional<Suspended<>> abandon() {
        std::lock_guard const lock{mutex};
        home_gone = true;
        return std::exchange(waiting, std::nullopt);
    }
};

/// The requests of one event loop that are away. When the loop dies, their coroutines die here, on their own thread, and
/// no late answer reaches a loop that is no more.
class Departures final : public net::execution_context::service {
public:
    using key_type = Departures;
    inline static net::execution_context::id id;

    explicit Departures(net::execution_context& context)
        : service{context} {}
    void add(std::shared_ptr<Crossing> const& crossing) { away_.insert(crossing); }
    void remove(std::shared_ptr<Crossing> const& crossing) { away_.erase(crossing); }

private:
    void shutdown() override {
        for (auto const& crossing : std::exchange(away_, {})) crossing->abandon(); // each coroutine dies here, unlocked
    }

    std::unordered_set<std::shared_ptr<Crossing>> away_;
};

HttpResponse stopping_answer() {
    return error_response(503, "STOPPING", "the daemon stops");
}

/// The way into the owner's shard. Closed when that shard stops: from then on nothing is posted to its event loop.
class Door {
public:
    Door(Shard& owner, HttpService& inner)
        : owner_{owner}
        , inner_{inner} {}

    Shard& owner() { return owner_; }
    HttpService& inner() { return inner_; }
    /// By address: the owner may be gone when somebody asks.
    bool leads_to(net::io_context const& loop) const { return &loop == loop_; }

    void send_over(std::shared_ptr<Door> const& self, std::shared_ptr<Crossing> crossing) {
        {
            std::lock_guard const lock{mutex_};
            if (!closed_) {
                outside_.insert(crossing);
                net::post(owner_.io(), [self, crossing] { self->let_in(self, crossing); });
                return;
            }
        }
        crossing->arrive(stopping_answer());
    }

    /// Those who were posted but never came in are answered here.
    void close() {
        std::unordered_set<std::shared_ptr<Crossing>> left_outside;
        {
            std::lock_guard const lock{mutex_};
            closed_ = true;
            std::swap(left_outside, outside_);
        }
        for (auto const& crossing : left_outside) crossing->arrive(stopping_answer());
    }

private:
    void let_in(std::shared_ptr<Door> const& self, std::shared_ptr<Crossing> const& crossing);

    Shard& owner_;
    net::io_context const* const loop_ = &owner_.io();
    HttpService& inner_;
    std::mutex mutex_;
    bool closed_ = false;
    std::unordered_set<std::shared_ptr<Crossing>> outside_; ///< on their way through the owner's event queue
};

/// Closes the door when the owner's coroutine that holds it ends, or is destroyed with its shard.
class DoorKeeper {
public:
    explicit DoorKeeper(std::shared_ptr<Door> door)
        : door_{std::move(door)} {}
    ~DoorKeeper() { door_->close(); }
    DoorKeeper(DoorKeeper const&) = delete;
    DoorKeeper& operator=(DoorKeeper const&) = delete;
    Door& door() { return *door_; }

private:
    std::shared_ptr<Door> door_;
};

Async<void> keep_door(std::unique_ptr<DoorKeeper> keeper) {
    co_await keeper->door().owner().wire().wait_until(WirePoint::max());
}

/// On the owner's thread. An owner that is destroyed before it answers still answers.
Async<void> run_there(std::shared_ptr<Door> door, std::shared_ptr<Crossing> crossing) {
    struct Return {
        std::shared_ptr<Crossing> crossing;
        ~Return() { crossing->arrive(stopping_answer()); }
    } const otherwise{crossing};
    std::string problem;
    try {
        HttpResponse response = co_await door->inner().serve(std::move(crossing->request));
        crossing->arrive(std::move(response));
        co_return;
    } catch (std::exception const& e) {
        problem = e.what();
    } catch (...) {
        problem = "unknown exception";
    }
    log(LogLevel::error, "a request failed: {}", problem);
    crossing->arrive(error_response(500, "INTERNAL", "this request hit a fault of the server; its log says more"));
}

void Door::let_in(std::shared_ptr<Door> const& self, std::shared_ptr<Crossing> const& crossing) {
    {
        std::lock_guard const lock{mutex_};
        if (outside_.erase(crossing) == 0) return;
    }
    owner_.tasks().spawn(run_there(self, crossing));
}

/// Stops first, then leaves: the answer cannot come before there is somebody to wake.
Async<void> cross(std::shared_ptr<Door> door, std::shared_ptr<Crossing> crossing) {
    return suspend<>([door = std::move(door), crossing = std::move(crossing)](Suspended<> self) {
        crossing->waiting.emplace(std::move(self));
        door->send_over(door, crossing);
    });
}

class HopService final : public HttpService {
public:
    HopService(Shard& owner, HttpService& inner)
        : door_{std::make_shared<Door>(owner, inner)} {
        auto keeper = std::make_unique<DoorKeeper>(door_);
        net::post(owner.io(), [keeper = std::move(keeper), tasks = &owner.tasks()]() mutable {
            tasks->spawn(keep_door(std::move(keeper)));
        });
    }

    Async<HttpResponse> serve(HttpRequest request) override { return serve_through(door_, std::move(request)); }

private:
    static Async<HttpResponse> serve_through(std::shared_ptr<Door> door, HttpRequest request) {
        auto const executor = co_await net::this_coro::executor;
        auto& home = static_cast<net::io_context&>(net::query(executor, net::execution::context));
        if (door->leads_to(home)) co_return co_await door->inner().serve(std::move(request));
        auto& departures = net::use_service<Departures>(home);
        auto const crossing = std::make_shared<Crossing>(std::move(request), home);
        departures.add(crossing);
        co_await cross(door, crossing);
        departures.remove(crossing);
        std::lock_guard const lock{crossing->mutex};
        co_return std::move(crossing->answer);
    }

    std::shared_ptr<Door> door_;
};

} // namespace

std::unique_ptr<HttpService> hop_to(Shard& owner, HttpService& inner) {
    return std::make_unique<HopService>(owner, inner);
}

} // namespace almd
