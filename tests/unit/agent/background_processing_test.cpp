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
    std::string user(std::uint32_t, TimePoint) const override { return "BATCH_USER"; }
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
        end.log.emplace_back("ten seconds later");
        co_return end;
    }
    Shard& shard;
    std::vector<JobStart> starts;
    std::optional<JobEnd> refusal;
};

struct Background : ::testing::Test {
    Shard shard{Shard::VirtualTime{birth}};
    Programs programs{shard};
    BackgroundProcessing background{shard, programs, 100};

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
    programs.refusal = JobEnd{true, CancelCause::logon, {"no logon"}};
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
    EXPECT_EQ(background.job_log(0, row.count), (std::vector<std::string>{"Job started", "no logon", "Job cancelled"}));
}

TEST_F(Background, ThoseThatWaitAreRefusedOneByOneWhenAWorkProcessIsFree) {
    background.add_systems(1, 1);
    background.release(0, client_000, 1, 0, birth, 0min);
    for (std::uint32_t owner = 1; owner <= 100; ++owner) background.release(0, client_000, 1, owner, birth + 1s, 0min);
    shard.run_for(5s);
    EXPECT_EQ(open(JobStatus::ready), 100);
    programs.refusal = JobEnd{true, CancelCause::message, {"no role"}};
    shard.run_for(10s);
    EXPECT_EQ(open(JobStatus::ready), 0);
    EXPECT_EQ(background.counters().canceled, 100u);
    EXPECT_EQ(background.job_log(0, background.ended_row(0).count).back(),
              "Job cancelled after system exception ERROR_MESSAGE");
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
        if (owner % 100 == 0) shard.run_for(1s); // a system has numbers for 100 jobs a second
        background.release(0, client_000, 1, owner, birth + 6s, 0min);
    }
    background.release(0, client_000, 1, 500, birth + 7s, 0min);
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
        background.job_log(0, background.ended_row(0).count),
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
        EXPECT_THAT(background.job_log(0, row.count),
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

} // namespace
} // namespace almd
