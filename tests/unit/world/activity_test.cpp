// People at work: when the next event comes, which behaviour is drawn, what it leaves in CTS.
#include "simulator/kernel/shard.hpp"
#include "simulator/tms/activity.hpp"
#include "tests/support/seeds.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

TimePoint at(std::string_view text) {
    return *parse_rfc3339(text);
}

TEST(WorkingTime, PassesInWorkingHoursOnly) {
    struct Row {
        char const *from, *expected;
        Duration span;
    };
    WorkingHours const hours; // 2026-01-01 is a Thursday
    EXPECT_EQ(hours.text(), "Mon Tue Wed Thu Fri 08-18 UTC");
    Row const rows[] = {
        {"2026-01-01T00:00:00Z", "2026-01-01T08:00:00Z", 0s},
        {"2026-01-01T09:00:00Z", "2026-01-01T11:00:00Z", 2h},
        {"2026-01-01T17:00:00Z", "2026-01-02T08:00:00Z", 1h}, // 18:00 is after work
        {"2026-01-01T17:00:00Z", "2026-01-02T09:00:00Z", 2h},
        {"2026-01-02T17:59:59Z", "2026-01-05T08:00:00Z", 1s}, // over the weekend
        {"2026-01-03T12:00:00Z", "2026-01-05T08:30:00Z", 30min},
        {"2026-01-01T09:00:00Z", "2026-01-08T10:00:00Z", 51h}, // a week has 50
        {"2026-01-01T19:00:00Z", "2026-01-02T08:00:00Z", 0s},
    };
    for (auto const& row : rows)
        EXPECT_EQ(rfc3339(after_working_time(hours, at(row.from), row.span)), rfc3339(at(row.expected)))
            << row.from << " + " << to_text(row.span);
}

TEST(WorkingTimeProperty, TheNextEventIsLaterInsideWorkingHoursAndAsFrequentAsItsRate) {
    for (auto const seed : test_seeds(200)) {
        Rng rng{mix(seed)};
        WorkingHours hours;
        hours.from_hour = static_cast<int>(rng.below(23));
        hours.to_hour =
            hours.from_hour + 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(24 - hours.from_hour)));
        for (auto& day : hours.days) day = rng.chance(0.5);
        hours.days[rng.below(7)] = true;
        auto now = at("2026-01-01T00:00:00Z") + Duration{rng.below(7 * 86'400'000)};
        for (int i = 0; i < 50; ++i) {
            auto const next = next_event(hours, 0.01 + rng.unit() * 10, now, rng);
            ASSERT_GT(next, now) << "seed " << seed;
            ASSERT_TRUE(hours.open(next)) << "seed " << seed << " " << rfc3339(next);
            now = next;
        }
    }
    Rng rng{1};
    WorkingHours const hours;
    auto now = at("2026-01-05T00:00:00Z");
    int events = 0;
    while ((now = next_event(hours, 2.0, now, rng)) < at("2026-01-05T00:00:00Z") + 24h * 70) ++events;
    EXPECT_NEAR(events, 50 * 10 * 2, 100) << "50 days of 10 hours, 2 an hour; the deviation is 32";
}

TEST(Behaviours, AreDrawnByWeightAmongThoseThatMatch) {
    std::vector<Behaviour> behaviours(3);
    behaviours[0].weight = 3;
    behaviours[1].weight = 1;
    behaviours[2].weight = 100;
    behaviours[2].selector.function = TrFunction::customizing;
    Rng rng{7};
    std::array<int, 3> drawn{};
    for (int i = 0; i < 4000; ++i)
        ++drawn[static_cast<std::size_t>(draw_behaviour(behaviours, {}, rng).behaviour - behaviours.data())];
    EXPECT_EQ(drawn[2], 0);
    EXPECT_NEAR(drawn[0], 3000, 120);
}

TEST(Behaviours, ThatDoNotMatchLeaveThePlainRelease) {
    std::vector<Behaviour> behaviours(1);
    behaviours[0].selector.owner = "ANNA";
    Rng rng{7};
    BehaviourFacts facts;
    facts.owner = "BERT";
    EXPECT_EQ(draw_behaviour(behaviours, facts, rng).behaviour, nullptr);
    facts.owner = "ANNA";
    EXPECT_EQ(draw_behaviour(behaviours, facts, rng).behaviour, behaviours.data());
}

struct Office {
    LandscapeSpec spec = three_tier_landscape();
    ActivitySpec activity;
    TimePoint born = at("2026-01-01T00:00:00Z");
    std::unique_ptr<Landscape> landscape;
    std::unique_ptr<Activity> people;

    explicit Office(BehaviourOutcome outcome) {
        spec.requests.clear();
        activity.system = spec.systems.front().id;
        activity.developers = {"ANNA", "BERT", "CARLA"};
        activity.behaviours.resize(1);
        activity.behaviours[0].outcome = outcome;
        activity.behaviours[0].delay = 1h;
    }
    void work(std::uint64_t seed = 1, Duration span = 24h * 7) {
        auto const identity = LandscapeIdentity::plain(seed);
        landscape = std::make_unique<Landscape>(spec, identity, born);
        people = std::make_unique<Activity>(activity, identity, born);
        while (people->next() < born + span) people->act(*landscape, people->next());
    }
    auto requests() const { return landscape->cts(activity.system).requests(); }
    std::size_t released() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(requests(), [](auto const& one) { return one.released(); }));
    }
    std::string story() const {
        std::string all;
        for (auto const& one : requests())
            all += std::string{one.trkorr.text()} + one.owner + rfc3339(one.changed_at) + static_cast<char>(one.status);
        return all;
    }
};

TEST(Developers, ReleaseRequestsThatWaitInTheBufferOfTheTarget) {
    Office office{BehaviourOutcome::release};
    office.work();
    EXPECT_GT(office.released(), 5u);
    EXPECT_EQ(office.people->counters().released, office.released());
    auto const target = office.requests().front().target;
    ASSERT_TRUE(target.has_value());
    for (auto const& request : office.requests()) {
        EXPECT_TRUE(office.activity.hours.open(request.created_at));
        EXPECT_TRUE(office.activity.hours.open(request.changed_at));
        EXPECT_EQ(office.landscape->buffer(*target->system()).find(request.trkorr, target->client()) != nullptr,
                  request.released())
            << request.trkorr.text();
    }
}

TEST(Developers, CreateAsManyRequestsAsTheirRateSays) {
    std::uint64_t created = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Office office{BehaviourOutcome::release};
        office.work(seed);
        created += office.people->counters().created;
    }
    EXPECT_NEAR(static_cast<double>(created), 20 * 3 * 0.25 * 50, 110) << "the deviation is 27";
}

TEST(Developers, WhoForgetATaskAreRefusedAndLiveWithIt) {
    Office office{BehaviourOutcome::forgotten_task};
    office.work();
    EXPECT_EQ(office.released(), 0u);
    EXPECT_GT(office.people->counters().refused, 0u);
    EXPECT_TRUE(std::ranges::any_of(office.requests(), [](auto const& one) { return one.tasks.size() > 1; }));
}

TEST(Developers, WithAHotfixSendCopiesAndKeepTheRequestOpen) {
    Office office{BehaviourOutcome::copies};
    office.work();
    EXPECT_GT(office.released(), 0u);
    for (auto const& request : office.requests())
        EXPECT_EQ(request.released(), request.function == TrFunction::transport_of_copies) << request.trkorr.text();
}

TEST(Developers, MeetEachOthersLocksWhenTheyShareObjects) {
    Office alone{BehaviourOutcome::leave_open}, crowded{BehaviourOutcome::leave_open};
    alone.activity.overlap = 0;
    crowded.activity.overlap = 1;
    crowded.activity.shared_objects = 5;
    alone.work();
    crowded.work();
    EXPECT_EQ(alone.people->counters().refused, 0u);
    EXPECT_GT(crowded.people->counters().refused, 0u);
}

TEST(Developers, DoTheSameForTheSameSeed) {
    Office one{BehaviourOutcome::release}, again{BehaviourOutcome::release}, other{BehaviourOutcome::release};
    one.work(5);
    again.work(5);
    other.work(6);
    EXPECT_EQ(one.story(), again.story());
    EXPECT_NE(one.story(), other.story());
}

TEST(Developers, MakeNothingUpAfterABreak) {
    Office office{BehaviourOutcome::release};
    office.work(1, 24h);
    auto const later = office.born + 24h * 3;
    office.people->resume(later);
    EXPECT_GE(office.people->next(), later);
}

TEST(Developers, ReleaseAgainWhatWasNotExported) {
    Office office{BehaviourOutcome::failing_export};
    office.work();
    EXPECT_EQ(office.released(), 0u);
    EXPECT_GT(office.people->counters().refused, 0u);
    EXPECT_TRUE(std::ranges::any_of(office.requests(),
                                    [](auto const& one) { return one.status == TrStatus::release_started; }));
    office.activity.behaviours[0].outcome = BehaviourOutcome::release; // there is room in the transport directory again
    auto const later = office.born + 24h * 14;
    while (office.people->next() < later) office.people->act(*office.landscape, office.people->next());
    EXPECT_GT(office.released(), 0u);
}

TEST(Developers, RecordNothingIntoWhatWaitsForItsRepeatedRelease) {
    Office office{BehaviourOutcome::failing_export};
    office.activity.overlap = 0; // nobody meets the lock of somebody else
    office.activity.rates.objects = 4;
    auto const identity = LandscapeIdentity::plain(1);
    office.landscape = std::make_unique<Landscape>(office.spec, identity, office.born);
    Activity people{office.activity, identity, office.born};
    std::size_t decided = 0;
    while (people.next() < office.born + 24h * 14)
        decided += people.act(*office.landscape, people.next()).kind == ActivityEvent::Kind::decided;
    EXPECT_GT(decided, 10u);
    EXPECT_GT(people.counters().recorded, 100u) << "into those that are modifiable";
    EXPECT_LE(people.counters().refused, decided) << "each try to release is refused, and nothing else";
    EXPECT_GT(std::ranges::count(office.requests(), TrStatus::release_started, &TransportRequest::status), 5);
}

TEST(Developers, WhoAreLockedDoNothingUntilTheyAreUnlocked) {
    Office office{BehaviourOutcome::lock_user};
    office.activity.behaviours[0].lasts = 24h * 365;
    office.work();
    auto const& system = office.landscape->system(office.activity.system);
    auto const is_locked = [&](std::string const& name) { return system.user(name) && system.user(name)->locked; };
    EXPECT_EQ(std::ranges::count_if(office.activity.developers, is_locked), 1) << "one at a time";
    EXPECT_EQ(office.released(), 0u);
    EXPECT_GT(office.people->counters().refused, 0u) << "TR809";
    office.activity.behaviours[0].lasts = 1h;
    office.activity.rates.requests = 0.01;
    office.work(1, 24h * 4);
    auto const later = office.born + 24h * 28;
    office.activity.behaviours[0].outcome = BehaviourOutcome::release;
    while (office.people->next() < later) office.people->act(*office.landscape, office.people->next());
    auto const& after = office.landscape->system(office.activity.system);
    EXPECT_FALSE(std::ranges::any_of(office.activity.developers, [&](std::string const& name) {
        return after.user(name) && after.user(name)->locked;
    }));
}

TEST(Developers, FindTheirTargetWithoutASupportPackageUntilItIsRepaired) {
    Office office{BehaviourOutcome::component_mismatch};
    office.activity.behaviours[0].lasts = 24h * 365;
    auto const qua = *SystemId::parse("QUA");
    office.work();
    EXPECT_GT(office.released(), 1u) << "it is released all the same";
    auto const component = office.landscape->system(office.activity.system).components().front();
    auto const level = [&] { return office.landscape->system(qua).component(component.name)->support_package; };
    EXPECT_EQ(level(), component.support_package - 1) << "taken back once only";
    auto const entry = office.landscape->buffer(qua).queue().front();
    EXPECT_EQ(office.landscape->entry_state(qua, entry), EntryState::component_mismatch);
    office.activity.behaviours[0].lasts = 1h;
    office.work(1, 24h * 4);
    office.activity.behaviours[0].outcome = BehaviourOutcome::release;
    auto const later = office.born + 24h * 28;
    while (office.people->next() < later) office.people->act(*office.landscape, office.people->next());
    EXPECT_EQ(level(), component.support_package);
}

TEST(ADisturbance, IsNotRepairedTwice) {
    Office office{BehaviourOutcome::release};
    office.work(1, 24h * 2);
    auto& landscape = *office.landscape;
    auto const& request = office.requests().front();
    auto& target = landscape.system(*request.target->system());
    auto const before = target.components().front();
    Behaviour mismatch;
    mismatch.outcome = BehaviourOutcome::component_mismatch;
    auto const broken = begin_disturbance(landscape, request, mismatch, office.born);
    ASSERT_TRUE(broken);
    target.set_component(before); // by hand
    end_disturbance(landscape, *broken);
    EXPECT_EQ(*target.component(before.name), before);
    EXPECT_FALSE(begin_disturbance(landscape, request, Behaviour{}, office.born));
}

TEST(Developers, ImportWhatIsReadyInOneQueueAtATime) {
    Office office{BehaviourOutcome::release};
    office.activity.rates.imports = 1;
    auto const identity = LandscapeIdentity::plain(1);
    office.landscape = std::make_unique<Landscape>(office.spec, identity, office.born);
    Activity people{office.activity, identity, office.born};
    std::size_t rounds = 0;
    while (people.next() < office.born + 24h * 7) {
        auto const event = people.act(*office.landscape, people.next());
        if (event.kind != ActivityEvent::Kind::import_round) continue;
        ++rounds;
        auto const waiting = office.landscape->buffer(*event.target->system()).queue();
        EXPECT_EQ(event.imports.size(), waiting.size()) << "nothing here is held back";
    }
    EXPECT_GT(rounds, 10u);
}

Behaviour of_import(std::optional<int> code) {
    Behaviour behaviour;
    behaviour.outcome = BehaviourOutcome::import;
    behaviour.return_code = code;
    return behaviour;
}

/// One import of a fresh request into QUA.200: its outcome.
TpOutcome import_with(std::vector<Behaviour> behaviours) {
    auto spec = three_tier_landscape();
    spec.requests.clear();
    spec.tp.warning_share = 0;
    spec.import_behaviours = std::move(behaviours);
    Shard shard{Shard::VirtualTime{at("2026-01-01T00:00:00Z")}};
    Landscape landscape{spec, LandscapeIdentity::plain(1), shard.clock().now()};
    CreateRequest wanted{.system = spec.systems.front().id, .client = Client{100}, .text = "a change", .owner = "ANNA"};
    auto const request = landscape.create_request(wanted, shard.clock().now());
    EXPECT_TRUE(
        landscape.cts(wanted.system).add_object(*request, *ObjectEntry::parse("R3TR PROG ZPROG"), shard.clock().now()));
    EXPECT_TRUE(landscape.release_with_tasks(*request, "ANNA", shard.clock().now()));
    TpOutcome outcome{.target = *TransportTarget::parse("QUA.200")};
    shard.tasks().spawn([](Landscape& in, Clock& clock, TrRequest trkorr, TpOutcome& into) -> Async<void> {
        std::vector<TrRequest> const all(1, trkorr);
        auto done = co_await in.import_subset(clock, into.target, all, "BASIS");
        if (done) into = *std::move(done);
    }(landscape, shard.clock(), *request, outcome));
    shard.run_for(24h);
    return outcome;
}

TEST(ImportBehaviour, GivesTheReturnCode) {
    for (int const code : {0, 4, 8, 12}) EXPECT_EQ(import_with({of_import(code)}).return_code, TpReturnCode{code});
}

TEST(ImportBehaviour, WithADelayTakesThatMuchLonger) {
    auto slow = of_import(std::nullopt);
    slow.delay = 30min;
    auto const plain = import_with({}), longer = import_with({slow});
    EXPECT_EQ(longer.return_code, plain.return_code);
    EXPECT_EQ((longer.ended_at - longer.started_at) - (plain.ended_at - plain.started_at), 30min);
}

TEST(ImportBehaviour, OfAnotherSystemChangesNothing) {
    auto of_production = of_import(8);
    of_production.selector.system = SystemId::parse("PRD").value();
    EXPECT_EQ(import_with({of_production}).return_code, TpReturnCode{});
    of_production.selector.system = SystemId::parse("QUA").value();
    EXPECT_EQ(import_with({of_production}).return_code, TpReturnCode{8});
}

} // namespace
} // namespace almd
