// A day of the three-tier landscape, in virtual time.
#include "agent/virtual_run.hpp"
#include "simulator/cloud/cloud.hpp"
#include "tests/support/contract/contract_checker.hpp"

#include <gmock/gmock.h>

#include <map>

namespace almd {
namespace {

/// Between agent and stand-in: every exchange is held against proto/openapi/standin.yaml.
struct Checked {
    struct Line : HttpClient {
        explicit Line(HttpService& dialogue)
            : inner{dialogue}
            , checking{inner, standin_contract()} {}
        Async<Result<HttpResponse>> send(HttpRequest request) override { return checking.send(std::move(request)); }
        InProcessClient inner;
        CheckingClient checking;
    };
    std::vector<Line*> lines;

    VirtualRun::Between between() {
        return [this](HttpService& dialogue) {
            auto line = std::make_unique<Line>(dialogue);
            lines.push_back(line.get());
            return line;
        };
    }
    std::vector<std::string> violations() const {
        std::vector<std::string> all;
        for (auto const* line : lines)
            all.insert(all.end(), line->checking.violations().begin(), line->checking.violations().end());
        return all;
    }
    std::uint64_t checked(std::string const& operation) const {
        std::uint64_t sum = 0;
        for (auto const* line : lines)
            if (auto at = line->checking.checked().find(operation); at != line->checking.checked().end())
                sum += at->second;
        return sum;
    }
};

std::uint64_t digest_of_a_day(std::uint64_t seed) {
    Settings settings = demo_settings();
    settings.seed = seed;
    VirtualRun run{settings};
    EXPECT_TRUE(run.start().has_value());
    run.shard().run_for(24h);
    return run.agent().digest().value();
}

TEST(ADayOfALandscape, Has288HeartbeatsAnd1440SchedulerRunsOfEachRegistration) {
    Settings settings = demo_settings();
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(24h); // [t0, t0 + 24 h)

    auto& parts = run.agent().parts();
    ASSERT_EQ(parts.setups.size(), 4u);
    std::map<std::uint32_t, std::map<Program, int>> runs;
    for (std::size_t i = 0; i < parts.background.ended_rows(); ++i) {
        auto const row = parts.background.ended_row(i);
        EXPECT_EQ(row.status, JobStatus::finished) << row.name;
        ++runs[row.owner][static_cast<Program>(row.program)];
    }
    for (SetupIndex setup = 0; setup < parts.setups.size(); ++setup) {
        EXPECT_EQ(runs[setup][Program::heartbeat], 288) << "set-up " << setup;
        EXPECT_EQ(runs[setup][Program::scheduler], 1440) << "set-up " << setup;
        EXPECT_EQ(runs[setup][Program::auto_discovery], 1) << "set-up " << setup;
        auto const create_export = static_cast<std::size_t>(TaskKind::transports_create_export);
        bool const creates = parts.setups[setup].tasks[create_export].active;
        EXPECT_EQ(runs[setup][Program::client_dependent], creates ? 288 : 0) << "set-up " << setup;
        EXPECT_EQ(creates, setup == 1) << "DEV/100";
        EXPECT_EQ(runs[setup][Program::transport_check], 0) << "nothing was to be checked";
        EXPECT_EQ(parts.setups[setup].heartbeat_sequence, 288u);
        auto const slot = run.cloud().find(parts.setups[setup].lms_id);
        EXPECT_EQ(run.cloud().ledger().system(slot).beats, 288u) << "the cloud's count of set-up " << setup;
        EXPECT_EQ(run.cloud().ledger().system(slot).gaps, 0u);
        bool const client_000 = parts.setups.spec(setup).client == almd::client_000;
        EXPECT_EQ(runs[setup][Program::diagnostics], client_000 ? 1 : 0) << "set-up " << setup;
    }
    EXPECT_TRUE(run.cloud().verdict().clean) << testing::PrintToString(run.cloud().verdict().reasons);
}

TEST(ADayOfALandscape, KeepsTheContractInBothDirections) {
    Settings settings = demo_settings();
    Checked checked;
    VirtualRun run{settings, checked.between()};
    ASSERT_TRUE(run.start());
    run.shard().run_for(3h);
    EXPECT_THAT(checked.violations(), testing::IsEmpty());
    EXPECT_EQ(checked.checked("heartbeat"), run.agent().counters().heartbeats);
    EXPECT_GT(checked.checked("heartbeat"), 100u);
}

TEST(ADayOfALandscape, IsTheSameForTheSameSeedAndAnotherForAnother) {
    auto const first = digest_of_a_day(7);
    EXPECT_EQ(digest_of_a_day(7), first);
    EXPECT_NE(digest_of_a_day(8), first);
}

TEST(SM37, ShowsManyFinishedAndExactlyOneReleasedOfEachPeriodicJob) {
    Settings settings = demo_settings();
    VirtualRun run{settings};
    ASSERT_TRUE(run.start());
    run.shard().run_for(17min);
    auto& background = run.agent().parts().background;
    std::map<std::string, int> released;
    for (auto const& row : background.open_rows()) {
        EXPECT_EQ(row.status, JobStatus::released);
        ++released[std::to_string(row.system) + row.client.text() + row.name];
    }
    EXPECT_EQ(released["0000CALM Scheduler CALM"], 1);
    EXPECT_EQ(released["0000CALM Heartbeat CALM"], 1);
    EXPECT_EQ(released["0000/SDF/CALM_CDM_DIAGNOSTICS"], 1);
    EXPECT_EQ(released.count("0000CALM Auto Discovery CALM"), 0u);
    auto const newest = background.ended_row(0);
    auto const log = background.job_log(newest.system, newest.count);
    ASSERT_GE(log.size(), 3u);
    EXPECT_EQ(log.front().text, "Job started");
    EXPECT_THAT(log[1].text,
                testing::StartsWith("Step 001 started (program /SDF/CALM_SCHEDULER, variant , user ID CALM_"));
    EXPECT_EQ(log.back().text, "Job finished");
}

} // namespace
} // namespace almd
