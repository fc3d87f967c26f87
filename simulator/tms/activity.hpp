// What people do in a landscape: seeded developers who create, change and release requests in their working hours.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "simulator/tms/behaviour.hpp"
#include "simulator/tms/disturbance.hpp"
#include "simulator/tms/landscape.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// Working hours of the simulated world, in UTC: [from_hour, to_hour) on the days that are on.
struct WorkingHours {
    int from_hour = 8, to_hour = 18;
    std::array<bool, 7> days{true, true, true, true, true, false, false}; ///< Monday first

    bool open(TimePoint at) const;
    std::string text() const; ///< "Mon Tue Wed Thu Fri 08-18 UTC"
    /// There is a time at which somebody works.
    bool any() const;
};

/// The moment when `span` of working time has passed since `from`; always inside working hours. any() must hold.
TimePoint after_working_time(WorkingHours const& hours, TimePoint from, Duration span);
/// The next event of a Poisson process with that rate inside working hours. The rate must be > 0.
TimePoint next_event(WorkingHours const& hours, double per_hour, TimePoint from, Rng& rng);

/// Events per working hour; the first three of each developer.
struct ActivityRates {
    double requests = 0.25, objects = 1.0, releases = 0.25;
    double imports = 0.0; ///< rounds through an import queue, in the whole landscape; 0: that is left to the cloud
};

struct ActivitySpec {
    SystemId system; ///< where they develop
    Client client{100};
    std::vector<std::string> developers; ///< empty: nobody works here
    WorkingHours hours;
    ActivityRates rates;
    double customizing_share = 0.3, copies_share = 0.0; ///< of new requests; the rest is workbench
    std::uint32_t shared_objects = 50;                  ///< that everybody works on
    double overlap = 0.2;                               ///< share of recorded objects that are shared ones
    std::vector<Behaviour> behaviours;                  ///< of releases; those of imports are the landscape's

    bool on() const { return !developers.empty() && hours.any() && per_hour() > 0; }
    double per_hour() const;
};

struct ActivityCounters {
    std::uint64_t created = 0, recorded = 0, released = 0, refused = 0, left_open = 0, import_rounds = 0;
    void merge(ActivityCounters const& other);
};

/// One thing that happened, for the digest of a run.
struct ActivityEvent {
    enum class Kind : std::uint8_t { nothing, created, recorded, decided, released, refused, left_open, import_round };
    Kind kind = Kind::nothing;
    std::optional<TrRequest> request{};
    /// Of an import round: the caller starts it, because it takes time.
    std::optional<TransportTarget> target{};
    std::vector<TrRequest> imports{};
};

/// The developers of one landscape. It draws from the landscape's own stream only; between events it is these bytes.
class Activity {
public:
    /// The specification must be on(), and outlive it with its behaviours. After a change of its rates: resume().
    Activity(ActivitySpec const& spec, LandscapeIdentity const& identity, TimePoint from);

    TimePoint next() const { return next_; }
    /// What is due at `now`, and the time of the next event. A refusal of CTS is lived with: it is counted.
    ActivityEvent act(Landscape& landscape, TimePoint now);
    /// After a break: nothing of it is made up for.
    void resume(TimePoint now);
    ActivityCounters const& counters() const { return counters_; }
    std::size_t bytes() const; ///< beyond sizeof

private:
    struct Decided {
        TimePoint due;
        TrRequest request;
        Behaviour const* behaviour; ///< null: it is released
        BehaviourOutcome outcome() const { return behaviour ? behaviour->outcome : BehaviourOutcome::release; }
    };

    ActivityEvent work(Landscape& landscape, SystemId system, TimePoint now);
    ActivityEvent create(Landscape& landscape, SystemId system, TimePoint now);
    ActivityEvent record(Landscape& landscape, SystemId system, TimePoint now);
    ActivityEvent decide(Landscape& landscape, TimePoint now);
    ActivityEvent import_round(Landscape const& landscape);
    bool repair(Landscape& landscape, TimePoint now);
    ActivityEvent finish(Landscape& landscape, Decided const& decided, TimePoint now);
    Result<void> bring_about(Landscape& landscape, TransportRequest const& request, BehaviourOutcome outcome,
                             TimePoint now);
    void take_back(TransportRequest const& request);
    ObjectEntry draw_object(bool customizing);
    std::string const& draw_developer();
    ActivityEvent count(ActivityEvent event);
    void plan_next();

    ActivitySpec const* spec_;
    Rng rng_;
    TimePoint work_, next_;                 ///< next draw of the process; earliest of it and of what is decided
    std::vector<TrRequest> open_, started_; ///< modifiable ones; those whose export failed wait for their release only
    std::vector<Decided> decided_;          ///< what waits for its outcome; all together are bounded by the developers
    std::vector<Disturbance> broken_;       ///< one of each kind at most
    std::uint32_t own_objects_ = 0;
    ActivityCounters counters_;
};

} // namespace almd
