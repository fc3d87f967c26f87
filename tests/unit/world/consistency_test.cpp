// Each rule of a consistent landscape, broken alone.
#include "simulator/tms/consistency.hpp"
#include "tests/unit/world/small_world.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace almd {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string listed(std::vector<ConsistencyFinding> const& findings) {
    std::string all;
    for (auto const& finding : findings) all += finding.path + ": " + finding.text + "\n";
    return all;
}

TEST(Consistency, TheBuiltInLandscapesAreConsistent) {
    EXPECT_EQ(listed(check_landscape(three_tier_landscape())), "");
    EXPECT_EQ(listed(check_landscape(one_system_landscape())), "");
}

struct Case {
    std::string name;
    std::function<void(LandscapeSpec&)> breaks;
    std::string path, text;
};

class BrokenRule : public testing::TestWithParam<Case> {};

TEST_P(BrokenRule, GivesOneFindingWithItsPath) {
    auto spec = three_tier_landscape();
    GetParam().breaks(spec);
    auto const findings = check_landscape(spec);
    ASSERT_EQ(findings.size(), 1u) << listed(findings);
    EXPECT_EQ(findings[0].path, GetParam().path);
    EXPECT_THAT(findings[0].text, HasSubstr(GetParam().text));
}

DeliveryRouteSpec route(std::string_view from, std::optional<Client> client, std::string_view target) {
    return {sid(from), client, to(target)};
}

Case const cases[] = {
    {"DuplicateSid", [](LandscapeSpec& s) { s.systems.push_back(s.systems[1]); }, "systems[3].id",
     "QUA is there twice"},
    {"NoClient000", [](LandscapeSpec& s) { s.systems[1].clients.erase(s.systems[1].clients.begin()); },
     "systems[1].clients", "client 000 is missing"},
    {"ClientTwice", [](LandscapeSpec& s) { s.systems[0].clients.push_back(s.systems[0].clients[1]); },
     "systems[0].clients[2].number", "client 100 is there twice"},
    {"ControllerMissing", [](LandscapeSpec& s) { s.tms.controller = SystemId{}; }, "tms.controller",
     "is missing: one of DEV, QUA, PRD"},
    {"ControllerUnknown", [](LandscapeSpec& s) { s.tms.controller = sid("XXX"); }, "tms.controller",
     "XXX is not a system"},
    {"ControllerVirtual", [](LandscapeSpec& s) { s.systems[2].virtual_system = true; }, "tms.controller", "is virtual"},
    {"BackupUnknown", [](LandscapeSpec& s) { s.tms.backup_controller = sid("XXX"); }, "tms.backup_controller",
     "XXX is not a system"},
    {"BackupIsController", [](LandscapeSpec& s) { s.tms.backup_controller = sid("PRD"); }, "tms.backup_controller",
     "PRD is the domain controller itself"},
    {"BackupVirtual",
     [](LandscapeSpec& s) {
         s.systems[1].virtual_system = true;
         s.tms.backup_controller = sid("QUA");
     },
     "tms.backup_controller", "QUA is virtual"},
    {"BackupOfAnotherRelease",
     [](LandscapeSpec& s) {
         s.systems[1].components[0].release = "757";
         s.tms.backup_controller = sid("QUA");
     },
     "tms.backup_controller", "QUA has SAP_BASIS 757, the controller PRD has 758"},
    {"ExternalButReal",
     [](LandscapeSpec& s) {
         s.systems[1].external_system = true;
         s.systems[1].transport_group = "GROUP_EXT";
     },
     "systems[1].external", "an external system is a virtual one"},
    {"ExternalInASharedGroup",
     [](LandscapeSpec& s) { s.systems[1].external_system = s.systems[1].virtual_system = true; },
     "systems[1].transport_group", "GROUP_1 belongs to no other system"},
    {"CommunicationSystemUnknown",
     [](LandscapeSpec& s) {
         s.systems[1].virtual_system = true;
         s.systems[1].communication_system = sid("XXX");
     },
     "systems[1].communication_system", "XXX is not a real system"},
    {"CommunicationSystemVirtual",
     [](LandscapeSpec& s) {
         s.systems[1].virtual_system = true;
         s.systems[1].communication_system = sid("QUA");
     },
     "systems[1].communication_system", "QUA is not a real system"},
    {"CommunicationSystemOfARealOne", [](LandscapeSpec& s) { s.systems[1].communication_system = sid("PRD"); },
     "systems[1].communication_system", "only a virtual system needs one"},
    {"LayerNameTooLong", [](LandscapeSpec& s) { s.tms.layers.push_back("ZLONG"); }, "tms.layers[1]",
     "a transport layer has 1 to 4"},
    {"LayerTwice", [](LandscapeSpec& s) { s.tms.layers.push_back("ZDEV"); }, "tms.layers[1]", "ZDEV is there twice"},
    {"LinkToItself", [](LandscapeSpec& s) { s.tms.domain_links = {{"DOMAIN_PRD"}}; }, "tms.domain_links[0].domain",
     "is this domain"},
    {"LinkTwice", [](LandscapeSpec& s) { s.tms.domain_links = {{"DOMAIN_MNT"}, {"DOMAIN_MNT"}}; },
     "tms.domain_links[1].domain", "linked twice"},
    {"LinkNameTooLong", [](LandscapeSpec& s) { s.tms.domain_links = {{"DOMAIN_OF_ALL"}}; },
     "tms.domain_links[0].domain", "a domain name has 1 to 10"},
    {"ApprovalInUnknownSystem",
     [](LandscapeSpec& s) { s.tms.approvals = {{sid("XXX"), {ApprovalStep::request_owner}}}; },
     "tms.approvals[0].system", "XXX is not a system"},
    {"ApprovalWithoutDeliveryTarget",
     [](LandscapeSpec& s) { s.tms.approvals = {{sid("PRD"), {ApprovalStep::request_owner}}}; },
     "tms.approvals[0].system", "PRD delivers to no system"},
    {"ApprovalInAVirtualSystem",
     [](LandscapeSpec& s) {
         s.systems[1].virtual_system = true;
         s.tms.approvals = {{sid("QUA"), {ApprovalStep::request_owner}}};
     },
     "tms.approvals[0].system", "QUA is virtual"},
    {"ApprovalWithoutStep", [](LandscapeSpec& s) { s.tms.approvals = {{sid("QUA"), {}}}; }, "tms.approvals[0].steps",
     "no step is active"},
    {"ApprovalStepTwice",
     [](LandscapeSpec& s) {
         s.tms.approvals = {{sid("QUA"), {ApprovalStep::request_owner, ApprovalStep::request_owner}}};
     },
     "tms.approvals[0].steps[1]", "request_owner is there twice"},
    {"TwoProceduresInOneSystem",
     [](LandscapeSpec& s) {
         s.tms.approvals = {{sid("QUA"), {ApprovalStep::request_owner}}, {sid("QUA"), {ApprovalStep::user_department}}};
     },
     "tms.approvals[1].system", "QUA has an approval procedure already"},
    {"TargetIsSourceOfTheSameLayer",
     [](LandscapeSpec& s) { s.tms.consolidation_routes.push_back({sid("QUA"), "ZDEV", to("PRD.300")}); },
     "tms.consolidation_routes[1].from", "QUA is the consolidation target of DEV in layer ZDEV"},
    {"DomainNameTooLong", [](LandscapeSpec& s) { s.tms.domain = "DOMAIN_OF_ALL"; }, "tms.domain", "at most 10"},
    {"RouteFromUnknown", [](LandscapeSpec& s) { s.tms.delivery_routes[0].from = sid("XXX"); },
     "tms.delivery_routes[0].from", "XXX is not a system"},
    {"RouteToUnknown", [](LandscapeSpec& s) { s.tms.delivery_routes[0].to = to("XXX.300"); },
     "tms.delivery_routes[0].to", "XXX is not a system of the landscape: one of DEV, QUA, PRD"},
    {"ClientMissingInTarget", [](LandscapeSpec& s) { s.tms.delivery_routes[0].to = to("PRD.301"); },
     "tms.delivery_routes[0].to", "system PRD has no client 301"},
    {"TargetOfARouteThatGoesOnUnknown", [](LandscapeSpec& s) { s.tms.consolidation_routes[0].to = to("XXX.200"); },
     "tms.consolidation_routes[0].to", "XXX is not a system"},
    {"TargetOfARouteThatGoesOnWithoutClient", [](LandscapeSpec& s) { s.tms.consolidation_routes[0].to = to("QUA"); },
     "tms.consolidation_routes[0].to", "every target is SID.CLIENT"},
    {"SidOfARouteTwice", [](LandscapeSpec& s) { s.systems[1].id = s.systems[0].id; }, "systems[1].id",
     "DEV is there twice"},
    {"GroupOfARouteEmpty",
     [](LandscapeSpec& s) {
         s.tms.target_groups = {{"/G/", {}}};
         s.tms.consolidation_routes[0].to = to("/G/");
     },
     "tms.target_groups[0].members", "group /G/ is empty"},
    {"MixedCtc", [](LandscapeSpec& s) { s.tms.delivery_routes[0].to = to("PRD"); }, "tms.delivery_routes[0].to",
     "every target is SID.CLIENT"},
    {"GroupUnknown", [](LandscapeSpec& s) { s.tms.delivery_routes[0].to = to("/NONE/"); }, "tms.delivery_routes[0].to",
     "there is no target group /NONE/"},
    {"GroupEmpty", [](LandscapeSpec& s) { s.tms.target_groups = {{"/G/", {}}}; }, "tms.target_groups[0].members",
     "group /G/ is empty"},
    {"GroupNameWrong", [](LandscapeSpec& s) { s.tms.target_groups = {{"GROUP", {to("QUA.200")}}}; },
     "tms.target_groups[0].name", "is not a group name"},
    {"GroupInGroup", [](LandscapeSpec& s) { s.tms.target_groups = {{"/G/", {to("/G/")}}}; },
     "tms.target_groups[0].members[0]", "/G/ is a group"},
    {"GroupMemberTwice", [](LandscapeSpec& s) { s.tms.target_groups = {{"/G/", {to("QUA.200"), to("QUA.200")}}}; },
     "tms.target_groups[0].members[1]", "is in the group twice"},
    {"GroupWithSource",
     [](LandscapeSpec& s) {
         s.tms.target_groups = {{"/G/", {to("PRD.300"), to("QUA.200")}}};
         s.tms.delivery_routes[0].to = to("/G/");
     },
     "tms.delivery_routes[0].to", "group /G/ contains the source QUA.200"},
    {"DeliverySourceIsNoTarget",
     [](LandscapeSpec& s) { s.tms.delivery_routes.push_back(route("DEV", Client{100}, "PRD.300")); },
     "tms.delivery_routes[1].from", "nothing is consolidated or delivered to DEV.100"},
    {"DeliverySourceClientUnknown", [](LandscapeSpec& s) { s.tms.delivery_routes[0].from_client = Client{201}; },
     "tms.delivery_routes[0].from_client", "system QUA has no client 201"},
    {"DeliverySourceWithoutClient", [](LandscapeSpec& s) { s.tms.delivery_routes[0].from_client = std::nullopt; },
     "tms.delivery_routes[0].from_client", "QUA has no client: with client-specific routes"},
    {"DeliveryTwice", [](LandscapeSpec& s) { s.tms.delivery_routes.push_back(s.tms.delivery_routes[0]); },
     "tms.delivery_routes[1]", "there is a delivery route QUA.200 > PRD.300 already"},
    {"LayerUnknown", [](LandscapeSpec& s) { s.tms.consolidation_routes[0].layer = "ZZZZ"; },
     "tms.consolidation_routes[0].layer", "ZZZZ is not in tms.layers"},
    {"TwoTargetsOfALayer",
     [](LandscapeSpec& s) { s.tms.consolidation_routes.push_back({sid("DEV"), "ZDEV", to("PRD.300")}); },
     "tms.consolidation_routes[1]", "several targets need a target group"},
    {"RouteToItself", [](LandscapeSpec& s) { s.tms.delivery_routes.push_back(route("PRD", Client{300}, "PRD.300")); },
     "tms.delivery_routes[1].to", "from PRD.300 to itself"},
    {"CircleOfDeliveries",
     [](LandscapeSpec& s) { s.tms.delivery_routes.push_back(route("PRD", Client{300}, "QUA.200")); },
     "tms.delivery_routes[1].to", "in a circle: QUA.200 > PRD.300 > QUA.200"},
    {"CircleBackHome", [](LandscapeSpec& s) { s.tms.delivery_routes.push_back(route("PRD", Client{300}, "DEV.100")); },
     "tms.consolidation_routes[0].from", "come back to DEV.100"},
    {"RequestInUnknownSystem", [](LandscapeSpec& s) { s.requests[0].system = sid("XXX"); }, "requests[0].system",
     "XXX is not a system"},
    {"RequestInUnknownClient", [](LandscapeSpec& s) { s.requests[0].client = Client{101}; }, "requests[0].client",
     "system DEV has no client 101"},
    {"RequestOfWrongType", [](LandscapeSpec& s) { s.requests[0].function = TrFunction::repair_task; },
     "requests[0].function", "R cannot stand here"},
    {"RequestWithoutText", [](LandscapeSpec& s) { s.requests[0].text = ""; }, "requests[0].text", "1 to 60"},
    {"RequestTextTooLong",
     [](LandscapeSpec& s) {
         s.requests[0].text.clear();
         for (int i = 0; i < 61; ++i) s.requests[0].text += "ü";
     },
     "requests[0].text", "has 61 characters"},
    {"AliasTwice", [](LandscapeSpec& s) { s.requests[1].alias = s.requests[0].alias; }, "requests[1].alias",
     "is there twice"},
    {"ObjectWrong", [](LandscapeSpec& s) { s.requests[0].objects[1] = "PROG Z"; }, "requests[0].objects[1]",
     "is not an object entry"},
    {"ObjectLocked",
     [](LandscapeSpec& s) {
         s.requests[0].released = false;
         s.requests[2].objects.push_back(s.requests[0].objects[0]);
     },
     "requests[2].objects[1]", "is locked by requests[0]"},
    {"PartOfAnObjectLocked",
     [](LandscapeSpec& s) {
         s.requests[0].released = false;
         s.requests[2].objects = {"LIMU REPS ZPRICE_REPORT"};
     },
     "requests[2].objects[0]", "is locked by requests[0]"},
    {"ProgramInCustomizing", [](LandscapeSpec& s) { s.requests[1].objects[0] = "R3TR PROG ZNEW"; },
     "requests[1].objects[0]", "is not client-specific"},
};

INSTANTIATE_TEST_SUITE_P(Landscape, BrokenRule, testing::ValuesIn(cases),
                         [](auto const& broken) { return broken.param.name; });

TEST(Consistency, ACircleOfClientsOfOneSystemIsFound) {
    auto spec = one_system_landscape();
    spec.tms.delivery_routes.push_back(route("S4H", Client{300}, "S4H.200"));
    EXPECT_THAT(listed(check_landscape(spec)), HasSubstr("S4H.200 > S4H.300 > S4H.200"));
}

TEST(Consistency, WithoutClientSpecificRoutesNoTargetHasAClient) {
    auto spec = three_tier_landscape();
    spec.tms.ctc = false;
    EXPECT_EQ(listed(check_landscape(spec)),
              "tms.ctc: is off, but a client stands in consolidation_routes[0].to, delivery_routes[0].from_client, "
              "delivery_routes[0].to: all routes are client-specific or none is\n");
    spec.tms.consolidation_routes[0].to = to("QUA");
    spec.tms.delivery_routes = {route("QUA", std::nullopt, "PRD")};
    EXPECT_THAT(check_landscape(spec), IsEmpty());
}

TEST(Consistency, ATextIsAsLongAsItHasCharacters) {
    auto spec = three_tier_landscape();
    spec.requests[0].text.clear();
    for (int i = 0; i < 60; ++i) spec.requests[0].text += "ü";
    EXPECT_EQ(listed(check_landscape(spec)), "");
}

TEST(Consistency, AnEmptyLandscapeIsAFindingAndNoCrash) {
    EXPECT_THAT(listed(check_landscape(LandscapeSpec{})), HasSubstr("systems: there is no system"));
}

TEST(Consistency, SeveralMistakesAreReportedTogether) {
    auto spec = three_tier_landscape();
    spec.systems[0].clients.clear();
    spec.tms.controller = sid("XXX");
    spec.requests[0].text.clear();
    EXPECT_GE(check_landscape(spec).size(), 3u);
}

} // namespace
} // namespace almd
