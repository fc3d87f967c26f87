// Simulated background processing, as SM37 shows it.
#include "simulator/abap/background_processing.hpp"

#include <gmock/gmock.h>

#include <set>
#include <stdexcept>

namespace almd {
namespace {

constexpr TimePoint birth{std::chrono::hours{24 * 365 * 50}};

/// Programs: 0 ends at once, 1 takes ten simulated seconds, 2 dumps, 3 is as 1 but of class A.
struct Programs : JobPrograms {
    explicit Programs(Shard& s)
        : shard{s} {}
    std::string job_name(std::uint8_t program, std::uint32_t) const override {
        return "JOB " + std::to_string(program);
    }
    std::string_view report(std::uint8_t) const override { return "ZREPORT"; }
    std::string user(std::uint8_t, std::uint32_t, TimePoint) const override { return "BATCH_USER"; }
    JobClass job_class(std::uint8_t program) const override { return program == 3 ? JobClass::a : JobClass::c; }
    std::optional<JobEnd> refuse(JobStart const&) override { return refusal; }
    std::optional<JobEnd> run_at_once(JobStart const& start) override {
        starts.push_back(start);
        if (start.program == 0) return JobEnd{};
        return std::nullopt;
    }
    Async<JobEnd> run(JobStart start) override {
        JobEnd end;
        if (start.program == 2) throw std::runtime_error{"MESSAGE_TYPE_X"};
        co_await shard.clock().wait_for(10s);
        end.log.push_back({shard.clock().now(), message_type, std::nullopt, "ten seconds later"});
        co_return end;
    }
    Shard& shard;
    std::vector<JobStart> starts;
    std::optional<JobEnd> refusal;
    char message_type = 'S';
};

struct Background : ::testing::Test {
    Shard shard{Shard::VirtualTime{birth}};
    Programs programs{shard};
    BackgroundProcessing background{shard, programs, 100};

    /// The texts of the job log of system 0.
    std::vector<std::string> words(std::uint32_t count) const {
        std::vector<std::string> texts;
        for (auto const& line : background.job_log(0, count)) texts.push_back(line.text);
        return texts;
    }
    int open(JobStatus status) const {
        int n = 0;
        for (auto const& row : background.open_rows()) n += row.status == status;
        return n;
    }
};

TEST_F(Background, APeriodicJobStartsOnItsGridAndHasOneReleasedSuccessor) {
    background.add_systems(1, 3);
    background.release(0, client_000, 0, 7, birth, 1min);
    shard.run_for(5min);
    EXPECT_EQ(background.counters().finished, 5u);
    EXPECT_EQ(open(JobStatus::released), 1);
    auto const newest = background.ended_row(0);
    EXPECT_EQ(newest.planned, birth + 4min);
    EXPECT_EQ(newest.owner, 7u);
    EXPECT_EQ(newest.status, JobStatus::finished);
}

TEST_F(Background, ARefusedJobIsCanceledWithoutAStepAndItsSuccessorReleased) {
    background.add_systems(1, 1);
    programs.refusal = JobEnd{true, CancelCause::logon, {{birth, 'A', std::nullopt, "no logon"}}};
    background.release(0, client_000, 1, 0, birth, 1min);
    background.release(0, client_000, 1, 1, birth, 1min);
    shard.run_for(3min);
    EXPECT_EQ(background.counters().canceled, 6u);
    EXPECT_EQ(background.counters().waited, 0u) << "no work process was taken";
    EXPECT_EQ(background.free_work_processes(0), 1);
    EXPECT_EQ(open(JobStatus::released), 2);
    EXPECT_TRUE(programs.starts.empty()) << "no program ran";
    auto const row = background.ended_row(0);
    EXPECT_EQ(row.status, JobStatus::canceled);
    EXPECT_EQ(words(row.count), (std::vector<std::string>{"Job started", "no logon", "Job cancelled"}));
}

TEST_F(Background, ThoseThatWaitAreRefusedOneByOneWhenAWorkProcessIsFree) {
    background.add_systems(1, 1);
    background.release(0, client_000, 1, 0, birth, 0min);
    for (std::uint32_t owner = 1; owner <= 100; ++owner) background.release(0, client_000, 1, owner, birth + 1s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(open(JobStatus::ready), 100);
    programs.refusal = JobEnd{true, CancelCause::message, {{birth, 'E', std::nullopt, "no role"}}};
    shard.run_for(10s);
    EXPECT_EQ(open(JobStatus::ready), 0);
    EXPECT_EQ(background.counters().canceled, 100u);
    EXPECT_EQ(words(background.ended_row(0).count).back(), "Job cancelled after system exception ERROR_MESSAGE");
}

TEST_F(Background, AJobOfClassCWaitsThoughWorkProcessesAreIdleThatAreKeptForClassA) {
    background.add_systems(1, 2, 1);
    background.release(0, client_000, 1, 0, birth, 0min);
    background.release(0, client_000, 1, 1, birth + 1s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(background.free_work_processes(0), 1);
    EXPECT_EQ(open(JobStatus::ready), 1) << "the free one is kept";
    background.release(0, client_000, 3, 2, shard.clock().now(), 0min);
    shard.run_for(1s);
    EXPECT_EQ(background.free_work_processes(0), 0) << "class A takes it";
    EXPECT_EQ(open(JobStatus::ready), 1);
    shard.run_for(30s);
    EXPECT_EQ(background.counters().finished, 3u);
    EXPECT_EQ(background.ended_row(0).job_class, JobClass::c);
}

TEST_F(Background, AWaitingJobOfClassAGoesBeforeThoseOfClassC) {
    background.add_systems(1, 0);
    background.release(0, client_000, 1, 0, birth, 0min);
    background.release(0, client_000, 1, 1, birth + 1s, 0min);
    background.release(0, client_000, 3, 2, birth + 2s, 0min);
    background.release(0, client_000, 3, 3, birth + 3s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(open(JobStatus::ready), 4) << "without a work process nothing starts";
    background.set_work_processes(0, 1);
    shard.run_for(1min);
    std::vector<std::uint32_t> owners;
    for (auto const& start : programs.starts) owners.push_back(start.owner);
    EXPECT_EQ(owners, (std::vector<std::uint32_t>{2, 3, 0, 1}));
}

TEST_F(Background, ASystemHasUpTo500WorkProcesses) {
    background.add_systems(1, BackgroundProcessing::work_processes_max);
    for (std::uint32_t owner = 0; owner < 500; ++owner) {
        if (owner % 90 == 0) shard.run_for(1s); // a system has numbers for 90 jobs a second
        background.release(0, client_000, 1, owner, birth + 7s, 0min);
    }
    background.release(0, client_000, 1, 500, birth + 8s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(open(JobStatus::active), 500);
    EXPECT_EQ(open(JobStatus::ready), 1);
    EXPECT_EQ(sizeof(BackgroundProcessing::WorkProcesses), 4u);
}

TEST_F(Background, AShortDumpIsTheLastLineBeforeTheJobIsCancelled) {
    background.add_systems(1, 1);
    background.release(0, client_000, 2, 0, birth, 0min);
    shard.run_for(5s);
    EXPECT_EQ(
        words(background.ended_row(0).count),
        (std::vector<std::string>{"Job started", "Step 001 started (program ZREPORT, variant , user ID BATCH_USER)",
                                  "ABAP/4 processor: MESSAGE_TYPE_X", "Job cancelled"}));
}

TEST_F(Background, TheSuccessorIsReleasedWhenThePredecessorStarts) {
    background.add_systems(1, 3);
    background.release(0, client_000, 1, 0, birth, 1min);
    shard.run_for(5s); // still active
    EXPECT_EQ(open(JobStatus::active), 1);
    EXPECT_EQ(open(JobStatus::released), 1);
}

TEST_F(Background, WithoutAFreeWorkProcessADueJobIsReadyAndItsDelayGrows) {
    background.add_systems(1, 1);
    background.release(0, client_000, 1, 0, birth, 0min);
    background.release(0, client_000, 1, 1, birth + 2s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(open(JobStatus::active), 1);
    EXPECT_EQ(open(JobStatus::ready), 1);
    EXPECT_EQ(background.free_work_processes(0), 0);
    shard.run_for(1min);
    EXPECT_EQ(background.counters().finished, 2u);
    EXPECT_EQ(background.counters().waited, 1u);
    auto const second = background.ended_row(0);
    EXPECT_EQ(second.planned, birth + 2s);
    EXPECT_EQ(second.started, birth + 10s);
    EXPECT_EQ(background.free_work_processes(0), 1);
}

TEST_F(Background, AWorkProcessThatIsGivenBackStartsWhatWaits) {
    background.add_systems(1, 0);
    background.release(0, client_000, 0, 0, birth, 0min);
    shard.run_for(1min);
    EXPECT_EQ(open(JobStatus::ready), 1);
    background.set_work_processes(0, 1);
    EXPECT_EQ(background.counters().finished, 1u);
    EXPECT_EQ(background.ended_row(0).started, birth + 1min);
}

TEST_F(Background, MissedStartsAreNotRepeatedOneLateRunTakesTheirPlace) {
    background.add_systems(1, 0); // no work process: every start is missed
    background.release(0, client_000, 0, 0, birth, 1min);
    shard.run_for(10min + 30s);
    background.set_work_processes(0, 1);
    EXPECT_EQ(background.counters().finished, 1u);
    shard.run_for(1min);
    EXPECT_EQ(background.counters().finished, 2u);
    EXPECT_EQ(background.ended_row(0).planned, birth + 11min) << "on the grid of the first start";
    EXPECT_EQ(background.counters().skipped, 10u) << "minutes 1 to 10";
}

TEST_F(Background, ADumpCancelsItsJobAndNothingElse) {
    background.add_systems(1, 2);
    background.release(0, client_000, 2, 0, birth, 0min);
    background.release(0, client_000, 0, 0, birth, 1min);
    shard.run_for(3min);
    EXPECT_EQ(background.counters().canceled, 1u);
    EXPECT_EQ(background.counters().finished, 3u);
    for (std::size_t i = 0; i < background.ended_rows(); ++i) {
        auto const row = background.ended_row(i);
        if (row.status != JobStatus::canceled) continue;
        EXPECT_THAT(words(row.count),
                    ::testing::ElementsAre("Job started",
                                           "Step 001 started (program ZREPORT, variant , user ID BATCH_USER)",
                                           "ABAP/4 processor: MESSAGE_TYPE_X", "Job cancelled"));
    }
}

TEST_F(Background, RemovingAChainDeletesItsReleasedJobAndLetsTheActiveOneEnd) {
    background.add_systems(1, 2);
    auto const slot = background.release(0, client_000, 1, 0, birth, 1min);
    shard.run_for(5s);
    background.remove(slot);
    EXPECT_EQ(open(JobStatus::released), 0);
    shard.run_for(5min);
    EXPECT_EQ(background.counters().started, 1u);
    EXPECT_EQ(background.counters().finished, 1u);
}

TEST_F(Background, TheHistoryIsARingAndWhatFallsOutIsCounted) {
    background.add_systems(1, 2);
    background.release(0, client_000, 0, 0, birth, 1min);
    shard.run_for(150min);
    EXPECT_EQ(background.ended_rows(), 100u);
    EXPECT_EQ(background.counters().dropped, 50u);
}

TEST_F(Background, AJobCountHasEightPlacesThatBeginWithTheTimeOfDay) {
    background.add_systems(1, 2);
    shard.run_for(8h + 5min + 7s);
    background.release(0, client_000, 0, 0, shard.clock().now() + 1h, 0min);
    auto const rows = background.open_rows();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_THAT(job_count_text(rows[0].count), ::testing::MatchesRegex("080507[0-9][0-9]"));
}

TEST_F(Background, NoTwoRunsOfASystemShareAJobCount) {
    background.add_systems(1, 3);
    background.release(0, client_000, 0, 0, shard.clock().now(), 1min);
    background.release(0, client_000, 0, 1, shard.clock().now(), 5min);
    background.release(0, client_000, 0, 2, shard.clock().now(), std::chrono::hours{24});
    shard.run_for(std::chrono::hours{24 * 4});
    std::set<std::uint32_t> counts;
    for (auto const& row : background.open_rows()) counts.insert(row.count);
    EXPECT_EQ(counts.size(), 3u);
    for (std::size_t i = 0; i < background.ended_rows(); ++i) counts.insert(background.ended_row(i).count);
    EXPECT_EQ(counts.size(), 3u + background.ended_rows());
    EXPECT_GT(background.ended_rows(), 3u);
}

TEST_F(Background, AJobLogHasTheTimesOfItsLines) {
    background.add_systems(1, 1);
    background.release(0, client_000, 1, 0, birth + 1s, 0min);
    shard.run_for(1min);
    auto const log = background.job_log(0, background.ended_row(0).count);
    ASSERT_EQ(log.size(), 4u);
    EXPECT_EQ(log[0].at, birth + 1s);
    EXPECT_EQ(log[0].message_class(), "00");
    EXPECT_EQ(log[0].number(), "516");
    EXPECT_EQ(log[2].at, birth + 11s);
    EXPECT_EQ(log[2].number(), "") << "the catalogue does not have it";
    EXPECT_EQ(log[3].at, birth + 11s);
    EXPECT_EQ(log[3].type, 'S');
}

TEST_F(Background, AMessageOfTypeEOrACancelsTheJobAndItsSuccessorRuns) {
    background.add_systems(1, 1);
    background.release(0, client_000, 1, 0, birth, 1min);
    for (char const type : {'E', 'A', 'W', 'I'}) {
        programs.message_type = type;
        shard.run_for(1min);
        bool const cancels = type == 'E' || type == 'A';
        auto const row = background.ended_row(0);
        EXPECT_EQ(row.status, cancels ? JobStatus::canceled : JobStatus::finished) << type;
        auto const last = cancels ? "Job cancelled after system exception ERROR_MESSAGE" : "Job finished";
        EXPECT_EQ(words(row.count), (std::vector<std::string>{"Job started",
                                                              "Step 001 started (program ZREPORT, variant , user ID "
                                                              "BATCH_USER)",
                                                              "ten seconds later", last}));
    }
    EXPECT_EQ(background.counters().canceled, 2u);
    EXPECT_EQ(background.counters().finished, 2u);
}

EventJob const by_event{.system = 0, .client = Client{200}, .program = 3, .owner = 200, .place = 1};

TEST_F(Background, AnEventJobWaitsUntilItsEventComesAndIsReleasedAnewWhenItStarts) {
    background.add_systems(1, 2);
    auto const waiting = background.waiting_row(by_event);
    ASSERT_TRUE(waiting);
    EXPECT_EQ(waiting->status, JobStatus::released);
    EXPECT_TRUE(waiting->by_event);
    EXPECT_TRUE(background.open_rows().empty()) << "it is computed, not stored";
    auto const count = background.raise(by_event);
    EXPECT_EQ(count, waiting->count) << "the one that waited has started";
    EXPECT_EQ(background.state_of_run(0, count), EventRun::active);
    EXPECT_EQ(background.free_work_processes(0), 1);
    EXPECT_NE(background.waiting_row(by_event)->count, count);
    shard.run_for(5min);
    EXPECT_EQ(background.state_of_run(0, count), EventRun::active) << "until finish()";
    background.finish(0, count, {});
    EXPECT_EQ(background.state_of_run(0, count), EventRun::ended);
    EXPECT_EQ(background.free_work_processes(0), 2);
    EXPECT_EQ(background.ended_row(0).status, JobStatus::finished);
    EXPECT_EQ(background.ended_row(0).ended, birth + 5min);
    background.finish(0, count, {});
    EXPECT_EQ(background.free_work_processes(0), 2) << "it ends once";
}

TEST_F(Background, AnEventJobWithoutAWorkProcessIsReadyAndCanBeGivenUp) {
    background.add_systems(1, 0);
    auto const count = background.raise(by_event);
    EXPECT_EQ(background.state_of_run(0, count), EventRun::waits);
    EXPECT_EQ(open(JobStatus::ready), 1);
    EXPECT_FALSE(background.waiting_row(by_event)) << "its event has come";
    background.finish(0, count, {});
    EXPECT_EQ(open(JobStatus::ready), 0);
    EXPECT_EQ(background.ended_rows(), 0u) << "it never ran";
    auto const next = background.raise(by_event);
    background.set_work_processes(0, 1);
    EXPECT_EQ(background.state_of_run(0, next), EventRun::active);
}

TEST_F(Background, RunsOfEventJobsHaveCountsOfTheirOwn) {
    background.add_systems(1, 100);
    for (std::uint32_t owner = 0; owner < 90; ++owner) background.release(0, client_000, 0, owner, birth + 1h, 1min);
    std::set<std::uint32_t> counts;
    for (auto const& row : background.open_rows()) counts.insert(row.count);
    for (std::uint8_t place = 0; place < 10; ++place) {
        auto job = by_event;
        job.place = place;
        counts.insert(background.raise(job));
        counts.insert(background.waiting_row(job)->count);
    }
    EXPECT_EQ(counts.size(), 90u + 20u);
}

} // namespace
} // namespace almd
