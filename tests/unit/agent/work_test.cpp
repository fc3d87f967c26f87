// Work items: what is remembered of them and what the cloud is told.
#include "agent/jobs/work_result.hpp"
#include "agent/setup/generated_jobs.hpp"
#include "agent/setup/work_memory.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

WorkId id(std::uint64_t n) {
    return WorkId{n, n};
}

TEST(WorkMemory, KnowsWhatIsInProgressAndWhatHasEnded) {
    WorkMemory memory;
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::no);
    memory.begin(4, id(1), ExternalId::import_feedback);
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::in_progress);
    WorkResult result;
    result.status = WorkStatus::finished;
    memory.end(4, id(1), result);
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::ended);
    EXPECT_THAT(memory.unreported(4), ::testing::ElementsAre(id(1)));
    EXPECT_THAT(memory.unreported(5), ::testing::IsEmpty());
    memory.mark_reported(4, id(1));
    EXPECT_THAT(memory.unreported(4), ::testing::IsEmpty());
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::ended) << "a reported result is still known";
    EXPECT_EQ(memory.result(4, id(1)).status, WorkStatus::finished);
}

TEST(WorkMemory, ForgetsTheOldestReportedOnesAndNeverAnUnreportedOne) {
    WorkMemory memory{2};
    for (std::uint64_t n = 1; n <= 4; ++n) {
        memory.begin(4, id(n), ExternalId::import_feedback);
        memory.end(4, id(n), WorkResult{});
    }
    for (std::uint64_t n = 2; n <= 4; ++n) memory.mark_reported(4, id(n));
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::ended);
    EXPECT_EQ(memory.look_up(4, id(2)), WorkMemory::Known::no);
    EXPECT_EQ(memory.look_up(4, id(4)), WorkMemory::Known::ended);
    EXPECT_EQ(memory.forgotten(), 1u);
}

TEST(WorkMemory, AnItemThatWasDroppedMayComeAgain) {
    WorkMemory memory;
    memory.begin(4, id(1), ExternalId::import_feedback);
    memory.drop(4, id(1));
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::no);
}

TEST(WorkMemory, ABlockedItemStaysInProgressAndIsTakenOnce) {
    WorkMemory memory;
    WorkItem item;
    item.id = id(1);
    memory.begin(4, id(1), ExternalId::import_feedback);
    memory.block(4, item);
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::in_progress) << "what the cloud hands out again is not new";
    EXPECT_THAT(memory.take_blocked(5), ::testing::IsEmpty());
    ASSERT_EQ(memory.take_blocked(4).size(), 1u);
    EXPECT_THAT(memory.take_blocked(4), ::testing::IsEmpty());
}

TEST(WorkMemory, AnIdOfOneRegistrationSaysNothingAboutTheSameIdOfAnother) {
    WorkMemory memory;
    memory.begin(4, id(1), ExternalId::import_feedback);
    memory.end(4, id(1), WorkResult{});
    EXPECT_EQ(memory.look_up(5, id(1)), WorkMemory::Known::no);
    memory.begin(5, id(1), ExternalId::import_feedback);
    EXPECT_EQ(memory.look_up(5, id(1)), WorkMemory::Known::in_progress);
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::ended);
}

TEST(WorkMemory, ForgetsEverythingOfASetupThatMovesToAnotherTenant) {
    WorkMemory memory;
    for (SetupIndex setup : {4u, 5u}) {
        memory.end(setup, id(1), WorkResult{});
        memory.end(setup, id(2), WorkResult{});
        memory.mark_reported(setup, id(1));
        memory.queue(setup, WorkItem{});
    }
    memory.forget(4);
    EXPECT_EQ(memory.look_up(4, id(1)), WorkMemory::Known::no);
    EXPECT_THAT(memory.unreported(4), ::testing::IsEmpty());
    EXPECT_FALSE(memory.next_queued(4, WorkKind::import));
    memory.mark_reported(4, id(2)); // an answer that was on its way: nothing to mark any more
    EXPECT_EQ(memory.look_up(5, id(1)), WorkMemory::Known::ended);
    EXPECT_THAT(memory.unreported(5), ::testing::ElementsAre(id(2)));
    EXPECT_TRUE(memory.next_queued(5, WorkKind::import));
}

TpOutcome outcome(std::optional<int> code) {
    TpOutcome result{*TransportTarget::parse("QUA.200"), std::nullopt, {}, {}, {}, {}};
    if (code) result.return_code = TpReturnCode{*code};
    TpOutcome::Request request{
        *TrRequest::parse("DEVK900001"), result.return_code, {ImportStep{'I', TpReturnCode{code.value_or(0)}}}, true};
    result.requests.push_back(request);
    return result;
}

TEST(ResultOfAnImport, IsFinishedUpToEightAndFailedAboveOrWhenNothingRan) {
    struct Row {
        std::optional<int> code;
        WorkStatus status;
    };
    for (auto const& row :
         {Row{0, WorkStatus::finished}, Row{4, WorkStatus::finished}, Row{8, WorkStatus::finished},
          Row{12, WorkStatus::failed}, Row{152, WorkStatus::failed}, Row{std::nullopt, WorkStatus::failed}}) {
        auto const result = result_of(outcome(row.code), "CALM_QUA");
        EXPECT_EQ(result.status, row.status) << row.code.value_or(-1);
        EXPECT_EQ(result.user, "CALM_QUA");
        ASSERT_EQ(result.transports.size(), 1u);
        EXPECT_EQ(result.transports[0].target->text(), "QUA.200");
        ASSERT_EQ(result.transports[0].steps.size(), 1u);
        EXPECT_EQ(result.transports[0].steps[0].step, "I");
    }
}

TEST(AnImportItem, IsRefusedWithAReasonWhenItIsNotForThisSystem) {
    auto const qua = *SystemId::parse("QUA");
    WorkItem item;
    EXPECT_THAT(why_not_importable(item, qua).value_or(""), ::testing::HasSubstr("without a target"));
    item.target = *TransportTarget::parse("QUA.200");
    EXPECT_THAT(why_not_importable(item, qua).value_or(""), ::testing::HasSubstr("without transports"));
    item.transports.push_back(*TrRequest::parse("DEVK900001"));
    EXPECT_EQ(why_not_importable(item, qua), std::nullopt);
    EXPECT_THAT(why_not_importable(item, *SystemId::parse("PRD")).value_or(""),
                ::testing::HasSubstr("QUA.200 is not system PRD"));
}

TEST(GeneratedJobs, CarryTheTargetDescriptionInTheirNamesWithin32Places) {
    EXPECT_EQ(job_name(Program::scheduler, "CALM"), "CALM Scheduler CALM");
    EXPECT_EQ(job_name(Program::heartbeat, "RFCALMPI1000"), "CALM Heartbeat RFCALMPI1000");
    EXPECT_EQ(job_name(Program::diagnostics, "CALM"), "/SDF/CALM_CDM_DIAGNOSTICS");
    EXPECT_EQ(job_name(Program::client_dependent, "CALM", Client{100}), "/SDF/CALM_CDM_TR_PROC_CL_DEP-100");
    EXPECT_EQ(job_name(Program::transport_check, "CALM"), "/SDF/CALM_CDM_TR_CHECK");
    EXPECT_EQ(job_name(Program::auto_discovery, "A_VERY_LONG_TARGET_DESCRIPTION").size(), 32u);
}

} // namespace
} // namespace almd
