// QA approval: what waits for it, who gives it, and that a rejection is final.
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto owner = ApprovalStep::request_owner, department = ApprovalStep::user_department,
               administration = ApprovalStep::system_administration;

LandscapeSpec with_approval(std::vector<ApprovalStep> steps) {
    auto spec = calm(three_tier_landscape());
    spec.tms.approvals = {{sid("QUA"), std::move(steps)}};
    return spec;
}

struct Approving : SmallWorld {
    explicit Approving(std::vector<ApprovalStep> steps)
        : SmallWorld{with_approval(std::move(steps))} {}
    TrRequest in_production_queue() {
        auto const trkorr = released("tested");
        EXPECT_TRUE(import(to("QUA.200"), {trkorr}));
        return trkorr;
    }
    ApprovalState state(TrRequest trkorr) { return landscape.approval_of(trkorr, to("PRD.300")); }
};

std::vector<std::string> messages_of(TpOutcome const& outcome) {
    std::vector<std::string> all;
    for (auto const& message : outcome.messages) all.push_back(message.text);
    return all;
}

TEST(Approval, WithoutAProcedureNothingWaits) {
    SmallWorld world;
    auto const trkorr = world.released("tested");
    EXPECT_EQ(world.landscape.approval_of(trkorr, to("PRD.300")), ApprovalState::not_needed);
    auto const refused = world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now());
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().context, HasSubstr("QUA has no approval procedure"));
}

TEST(Approval, AnUnapprovedRequestStandsInTheQueueAndIsNotImportable) {
    Approving world{{administration}};
    auto const trkorr = world.in_production_queue();
    auto const entry = *world.landscape.buffer(sid("PRD")).find(trkorr, Client{300});
    EXPECT_EQ(world.landscape.entry_state(sid("PRD"), entry), EntryState::unapproved);
    EXPECT_EQ(world.state(trkorr), ApprovalState::pending);
    auto const outcome = world.import(to("PRD.300"), {trkorr});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->return_code, std::nullopt) << "nothing was executed";
    EXPECT_THAT(messages_of(*outcome), ElementsAre(HasSubstr("must still be approved")));
    EXPECT_EQ(world.landscape.imports_of(trkorr).size(), 1u) << "the import into QUA only";
    EXPECT_EQ(world.queue("PRD").size(), 1u);

    ASSERT_EQ(world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now()),
              ApprovalState::approved);
    EXPECT_EQ(world.import(to("PRD.300"), {trkorr})->return_code, TpReturnCode{0});
}

TEST(Approval, CanBeIgnoredByAnImportCall) {
    Approving world{{administration}};
    auto const trkorr = world.in_production_queue();
    ImportOptions options;
    options.ignore_approval = true;
    EXPECT_EQ(world.import(to("PRD.300"), {trkorr}, "BASIS", options)->return_code, TpReturnCode{0});
}

TEST(Approval, TheQaSystemItselfNeedsNone) {
    Approving world{{administration}};
    auto const trkorr = world.released("new");
    EXPECT_EQ(world.landscape.approval_of(trkorr, to("QUA.200")), ApprovalState::not_needed);
}

TEST(Approval, AllActiveStepsAreNeededInAnyOrder) {
    Approving world{{owner, department, administration}};
    auto const trkorr = world.in_production_queue();
    EXPECT_EQ(world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now()),
              ApprovalState::pending);
    EXPECT_EQ(world.landscape.approve(trkorr, sid("QUA"), owner, "DEVELOPER", world.now()), ApprovalState::pending);
    EXPECT_EQ(world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now()).error().code,
              ErrorCode::conflict)
        << "once for each step";
    EXPECT_EQ(world.landscape.approve(trkorr, sid("QUA"), department, "KEYUSER", world.now()), ApprovalState::approved);
}

TEST(Approval, TheOwnersStepIsForTheOwner) {
    Approving world{{owner}};
    auto const trkorr = world.in_production_queue();
    auto const refused = world.landscape.approve(trkorr, sid("QUA"), owner, "SOMEBODY", world.now());
    EXPECT_THAT(refused.error().context, HasSubstr("belongs to DEVELOPER"));
    EXPECT_EQ(world.state(trkorr), ApprovalState::pending);
    EXPECT_EQ(world.landscape.approve(trkorr, sid("QUA"), department, "KEYUSER", world.now()).error().code,
              ErrorCode::conflict)
        << "this step is not active";
}

TEST(Approval, OneRejectionIsFinal) {
    Approving world{{department, administration}};
    auto const trkorr = world.in_production_queue();
    ASSERT_TRUE(world.landscape.approve(trkorr, sid("QUA"), department, "KEYUSER", world.now()));
    ASSERT_EQ(world.landscape.reject(trkorr, sid("QUA"), administration, "BASIS", world.now()),
              ApprovalState::rejected);
    auto const again = world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now());
    EXPECT_EQ(again.error().code, ErrorCode::conflict);
    EXPECT_THAT(again.error().context, HasSubstr("was rejected"));
    auto const outcome = world.import(to("PRD.300"), {trkorr});
    EXPECT_EQ(outcome->return_code, std::nullopt);
    EXPECT_THAT(messages_of(*outcome), ElementsAre(HasSubstr("was rejected")));
}

TEST(Approval, TheApprovedOnesOfASubsetAreImported) {
    Approving world{{administration}};
    auto const first = world.in_production_queue(), second = world.in_production_queue();
    ASSERT_TRUE(world.landscape.approve(second, sid("QUA"), administration, "BASIS", world.now()));
    auto const outcome = world.import(to("PRD.300"), {first, second});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->return_code, TpReturnCode{0});
    EXPECT_EQ(world.landscape.imports_of(first).size(), 1u);
    EXPECT_EQ(world.landscape.imports_of(second).size(), 2u);
    EXPECT_EQ(world.queue("PRD").size(), 1u);
}

TEST(Approval, ComesAfterTheImportIntoTheQaSystem) {
    Approving world{{administration}};
    auto const trkorr = world.released("untested");
    auto const early = world.landscape.approve(trkorr, sid("QUA"), administration, "BASIS", world.now());
    EXPECT_EQ(early.error().code, ErrorCode::conflict);
    EXPECT_EQ(world.landscape.approve(tr("DEVK999998"), sid("QUA"), administration, "BASIS", world.now()).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(world.landscape.approve(trkorr, sid("XXX"), administration, "BASIS", world.now()).error().code,
              ErrorCode::not_found);
}

TEST(Approval, EndsWithTheLastDeliveryRouteOfTheQaSystem) {
    Approving world{{administration}};
    auto const trkorr = world.in_production_queue();
    ASSERT_TRUE(world.landscape.change_configuration(DeleteDeliveryRoute{{sid("QUA"), Client{200}, to("PRD.300")}},
                                                     "BASIS", world.now()));
    EXPECT_EQ(world.state(trkorr), ApprovalState::not_needed);
    EXPECT_FALSE(world.landscape.domain().has_approvals());
}

} // namespace
} // namespace almd
