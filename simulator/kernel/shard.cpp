// The event loop of one shard: the wheel on real or virtual time, the two clocks, and how it all ends.
#include "simulator/kernel/shard.hpp"

#include "simulator/kernel/histogram.hpp"
#include "simulator/kernel/log.hpp"
#include "simulator/kernel/scaled_time.hpp"
#include "simulator/kernel/waiters.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <list>
#include <optional>

namespace almd {

namespace {

using Tick = TimingWheel::Tick;
using Work = net::executor_work_guard<net::io_context::executor_type>;

/// So many events at once, then sockets get their turn.
constexpr std::size_t events_per_turn = 256;
/// Workers that wait for the next task: as many jobs as usually start in one turn.
constexpr std::size_t idle_workers_max = 64;

} // namespace

class Shard::Impl {
public:
    Impl(double speed);
    Impl(TimePoint start);
    ~Impl();

    TimePoint now() const;
    void wait(Suspended<bool> waiting, TimePoint at);
    TimingWheel::Handle arm(TimePoint due, TimingWheel::Payload payload);
    void run(std::chrono::milliseconds grace);
    void stop();
    void run_until(TimePoint until);
    bool step();

    class SimulatedClock final : public Clock {
    public:
        explicit SimulatedClock(Impl& shard)
            : shard_{shard} {}
        TimePoint now() const override { return shard_.now(); }
        Async<bool> wait_until(TimePoint at) override;

    private:
        Impl& shard_;
    };

    /// In real time sockets run on it, in virtual time it is the simulated clock.
    class Wire final : public WireClock {
    public:
        explicit Wire(Impl& shard)
            : shard_{shard} {}
        WirePoint now() const override;
        Async<bool> wait_until(WirePoint at) override;

    private:
        Async<bool> wait_for_real(WirePoint at);
        Impl& shard_;
    };

    std::optional<net::io_context> io{std::in_place, 1};
    TimingWheel wheel;
    Waiters waiters{*io, wheel};
    TaskGroup tasks{io->get_executor(), idle_workers_max};
    SimulatedClock clock{*this};
    Wire wire{*this};
    TimerSink* sink = nullptr;
    Histogram lateness;
    bool const is_virtual;

private:
    Tick tick_of(TimePoint at) const;
    void fire(TimingWheel::Payload payload, Tick due);
    void begin_stop();

    void turn();
    void turn_later();
    void set_alarm();

    std::size_t jump(Tick to);

    TimePoint const start_; // tick 0
    ScaledTime const scale_;
    Tick virtual_now_ = 0;
    std::optional<Work> work_{io->get_executor()};
    std::optional<net::steady_timer> alarm_, grace_timer_;
    std::optional<Tick> alarm_for_;
    std::list<net::steady_timer> wire_timers_;
    std::chrono::milliseconds grace_{};
    bool stopping_ = false, in_turn_ = false;
    std::atomic<bool> stop_asked_{false};
};

Shard::Impl::Impl(double speed)
    : is_virtual{false}
    , start_{std::chrono::floor<Duration>(OsAnchor::get().wire.time_since_epoch())}
    , scale_{OsAnchor::get().steady, speed}
    , alarm_{*io}
    , grace_timer_{*io} {
    assert(speed > 0);
}

/// No timer is made: without one the event loop never asks the operating system, which is what makes it fast.
Shard::Impl::Impl(TimePoint start)
    : is_virtual{true}
    , start_{start}
    , scale_{SteadyPoint{}, 1.0} {
}

/// Coroutines first, while everything that their locals may call still stands.
Shard::Impl::~Impl() {
    waiters.destroy_all();
    tasks.drop_waiting();
    alarm_.reset();
    grace_timer_.reset();
    work_.reset();
    io.reset();
}

TimePoint Shard::Impl::now() const {
    return start_ + Duration{is_virtual ? virtual_now_ : scale_.tick_at(steady_now())};
}

Tick Shard::Impl::tick_of(TimePoint at) const {
    return at <= start_ ? 0 : static_cast<Tick>((at - start_).count());
}

void Shard::Impl::wait(Suspended<bool> waiting, TimePoint at) {
    if (stopping_ || at <= now())
        return net::post(*io, [this, waiting = std::move(waiting)]() mutable { std::move(waiting)(!stopping_); });
    if (at == TimePoint::max()) return waiters.add(std::move(waiting), std::nullopt);
    waiters.add(std::move(waiting), tick_of(at));
    set_alarm();
}

TimingWheel::Handle Shard::Impl::arm(TimePoint due, TimingWheel::Payload payload) {
    assert(!(payload & Waiters::mark));
    // The wheel may lag behind the clock, so that it alone cannot tell what lies in the past.
    auto const handle = wheel.arm(std::max(tick_of(due), virtual_now_), payload);
    set_alarm();
    return handle;
}

void Shard::Impl::fire(TimingWheel::Payload payload, Tick due) {
    if (payload & Waiters::mark) return waiters.resume(payload);
    if (sink && !stopping_) sink->due(payload, start_ + Duration{due});
}

void Shard::Impl::stop() {
    if (stop_asked_.exchange(true)) return;
    net::post(*io, [this] { begin_stop(); });
}

void Shard::Impl::begin_stop() {
    stopping_ = true;
    tasks.request_stop();
    if (!is_virtual) {
        net::co_spawn(*io, tasks.join(), [this](std::exception_ptr) { io->stop(); });
        grace_timer_->expires_after(grace_);
        grace_timer_->async_wait([this](boost::system::error_code error) {
            if (!error) io->stop();
        });
    }
    for (auto& timer : wire_timers_) timer.cancel();
    waiters.resume_all();
}

// ---- real time

void Shard::Impl::run(std::chrono::milliseconds grace) {
    assert(!is_virtual);
    grace_ = grace;
    for (bool done = false; !done;) {
        try {
            io->run();
            done = true;
        } catch (...) {
            log_escaped("a handler of the event loop", std::current_exception());
        }
    }
    if (tasks.alive() > 0) log(LogLevel::warning, "stopped with {} tasks that did not end in time", tasks.alive());
}

/// Fires what is due, a bounded number.
void Shard::Impl::turn() {
    if (stopping_) return;
    in_turn_ = true;
    SteadyPoint const from = steady_now();
    std::size_t fired = events_per_turn; // if one throws: look again
    try {
        fired = wheel.advance(
            scale_.tick_at(from),
            [this](TimingWheel::Payload payload, Tick due) {
                auto const late = std::chrono::floor<std::chrono::microseconds>(steady_now() - scale_.steady_at(due));
                lateness.record(static_cast<std::uint64_t>(std::max<std::int64_t>(0, late.count())));
                fire(payload, due);
            },
            events_per_turn);
    } catch (...) {
        log_escaped("a timer event", std::current_exception());
    }
    in_turn_ = false;
    if (fired == events_per_turn) {
        turn_later();
    } else {
        set_alarm();
    }
}

void Shard::Impl::turn_later() {
    alarm_for_ = 0; // nothing can be due earlier: no alarm until then
    net::post(*io, [this] {
        alarm_for_.reset();
        turn();
    });
}

/// The alarm stands at the earliest deadline, or earlier.
void Shard::Impl::set_alarm() {
    if (in_turn_ || stopping_ || !alarm_) return;
    auto const due = wheel.next_due();
    if (!due || (alarm_for_ && *alarm_for_ <= *due)) return;
    alarm_for_ = due;
    alarm_->expires_at(scale_.steady_at(*due));
    alarm_->async_wait([this](boost::system::error_code error) {
        if (error) return;
        alarm_for_.reset();
        turn();
    });
}

// ---- virtual time

/// `to` is not behind any event; what the events made ready runs when they have all fired.
std::size_t Shard::Impl::jump(Tick to) {
    std::size_t const fired = wheel.advance(to, [this](TimingWheel::Payload payload, Tick due) {
        virtual_now_ = due;
        fire(payload, due);
    });
    if (fired > 0) io->poll();
    return fired;
}

void Shard::Impl::run_until(TimePoint until) {
    assert(is_virtual && !io->get_executor().running_in_this_thread());
    Tick const end = tick_of(until);
    io->poll();
    for (Tick due; (due = wheel.next_due().value_or(end)) < end;) jump(due);
    virtual_now_ = std::max(virtual_now_, end);
}

bool Shard::Impl::step() {
    assert(is_virtual && !io->get_executor().running_in_this_thread());
    io->poll();
    while (wheel.size() > 0) {
        if (jump(*wheel.next_due()) > 0) return true;
    }
    return false;
}

// ---- the clocks

Async<bool> Shard::Impl::SimulatedClock::wait_until(TimePoint at) {
    return suspend<bool>([this, at](Suspended<bool> self) { shard_.wait(std::move(self), at); });
}

WirePoint Shard::Impl::Wire::now() const {
    if (shard_.is_virtual) return WirePoint{shard_.now().time_since_epoch()};
    return OsAnchor::get().wire_at(steady_now());
}

Async<bool> Shard::Impl::Wire::wait_until(WirePoint at) {
    if (!shard_.is_virtual && at != WirePoint::max()) return wait_for_real(at);
    TimePoint const simulated =
        at == WirePoint::max() ? TimePoint::max() : TimePoint{std::chrono::ceil<Duration>(at.time_since_epoch())};
    return shard_.clock.wait_until(simulated);
}

Async<bool> Shard::Impl::Wire::wait_for_real(WirePoint at) {
    if (shard_.stopping_) co_return false;
    auto& timers = shard_.wire_timers_;
    auto const mine = timers.emplace(timers.end(), *shard_.io, OsAnchor::get().steady_at(at));
    struct Removal {
        std::list<net::steady_timer>& from;
        std::list<net::steady_timer>::iterator which;
        ~Removal() { from.erase(which); }
    } const removal{timers, mine};
    auto const token = net::as_tuple(net::use_awaitable);
    auto const [error] = co_await mine->async_wait(token);
    co_return !error && !shard_.stopping_;
}

// ---- the shard

Shard::Shard(RealTime mode)
    : impl_{std::make_unique<Impl>(mode.speed)} {
}
Shard::Shard(VirtualTime mode)
    : impl_{std::make_unique<Impl>(mode.start)} {
}
Shard::~Shard() = default;

net::io_context& Shard::io() {
    return *impl_->io;
}
Clock& Shard::clock() {
    return impl_->clock;
}
WireClock& Shard::wire() {
    return impl_->wire;
}
TaskGroup& Shard::tasks() {
    return impl_->tasks;
}
bool Shard::is_virtual() const {
    return impl_->is_virtual;
}
void Shard::set_sink(TimerSink& sink) {
    impl_->sink = &sink;
}
TimingWheel::Handle Shard::arm(TimePoint due, std::uint32_t payload) {
    return impl_->arm(due, payload);
}
void Shard::cancel(TimingWheel::Handle handle) {
    impl_->wheel.cancel(handle);
}
void Shard::run(std::chrono::milliseconds grace) {
    impl_->run(grace);
}
void Shard::stop() {
    impl_->stop();
}
void Shard::run_until(TimePoint until) {
    impl_->run_until(until);
}
void Shard::run_for(Duration span) {
    impl_->run_until(impl_->now() + span);
}
bool Shard::step() {
    return impl_->step();
}
Histogram const& Shard::lateness() const {
    return impl_->lateness;
}

} // namespace almd
