// The buttons of a feature that make work: who gets it, what is refused, and what its result changes.
#include "tests/unit/cloud/cloud_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto create_export = "Transports: Create & Export (client-specific)";

TransportRecord modifiable(std::string_view number, std::string_view to = "QUA.200") {
    auto record = released(number, to);
    record.status = TrStatus::modifiable;
    record.released_at.reset();
    return record;
}

/// DEV:100 > QUA:200 > PRD:300 with a feature, and somebody who does the work.
struct Buttons : testing::Test {
    CloudWorld world;
    LmsId dev000 = world.enroll("DEV"), dev = world.enroll("DEV", "100"), qua = world.enroll("QUA"),
          prd = world.enroll("PRD", "000", "PROD");

    void SetUp() override {
        world.activate(dev, create_export);
        landscape(three_tier());
        push({modifiable("DEVK900001"), modifiable("DEVK900002"), released("DEVK900003", "QUA.200")});
        world.admin_call("POST", "features", {{"title", "New pricing"}});
        assign({"DEVK900001", "DEVK900002", "DEVK900003"});
        act("startImplementation");
    }
    void landscape(LandscapePush const& message) {
        world.send("PUT", CloudWorld::path(prd, "cdm/landscape"), encode(message));
    }
    void push(std::vector<TransportRecord> records) {
        world.send("POST", CloudWorld::path(dev000, "cdm/transports"),
                   encode(TransportsPush{std::nullopt, true, std::move(records)}));
    }
    void assign(Json transports) {
        EXPECT_EQ(world.admin_call("POST", "features/6-1/transports", {{"transports", transports}}).status, 200);
    }
    void act(std::string_view action) {
        EXPECT_EQ(world.admin_call("POST", "features/6-1/status", {{"action", action}}).status, 200);
    }
    HttpResponse press(std::string button, Json const& body = Json::object()) {
        return world.admin_call("POST", "features/6-1/" + button, body);
    }
    Json create_body() { return {{"system", "DEV"}, {"client", "100"}, {"title", "Prices"}, {"owner", "DEVELOPER1"}}; }
    Json ordered(std::string button, Json const& body = Json::object()) {
        auto const answer = press(std::move(button), body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body);
    }
    std::string refused(std::string button, Json const& body = Json::object(), int status = 409) {
        auto const answer = press(std::move(button), body);
        EXPECT_EQ(answer.status, status) << answer.body;
        return message_of(answer);
    }
    Json feature() { return Json::parse(world.admin_call("GET", "features/6-1").body); }
    Json transport(std::string const& number) {
        return Json::parse(world.admin_call("GET", "transports?trkorr=" + number).body)["items"][0];
    }

    WorkItem poll(LmsId by, std::string_view kind, std::string_view client) {
        auto const list = decode_work_list(
            world.send("GET", CloudWorld::path(by, fmt::format("cdm/work?kinds={}&client={}&max=50", kind, client)))
                .body);
        EXPECT_TRUE(list && list->items.size() == 1) << kind;
        return list && !list->items.empty() ? list->items[0] : WorkItem{};
    }
    void end(LmsId by, WorkItem const& item, WorkResult result) {
        result.user = "CALM_DEV";
        result.ended_at = world.shard.clock().now();
        auto const answer =
            world.send("POST", CloudWorld::path(by, "cdm/work/" + item.id.text() + "/result"), encode(result));
        EXPECT_EQ(answer.status, 204) << answer.body;
    }
    static WorkResult finished(std::vector<std::string_view> made = {}) {
        WorkResult result;
        result.status = WorkStatus::finished;
        for (auto const number : made) result.transports.push_back({request_number(number), {}, {}, {}});
        return result;
    }
    static WorkResult rejected(std::string why) {
        WorkResult result;
        result.status = WorkStatus::rejected;
        result.messages.push_back({'E', "ALMD", "001", std::move(why)});
        return result;
    }
};

TEST_F(Buttons, TakeNamesThatUsersCanHave) {
    for (auto const* wrong : {"not a user!!", "me", "THIRTEENCHARS", "A B", ""}) {
        auto body = create_body();
        body["owner"] = wrong;
        EXPECT_THAT(refused("create-transport", body, 400), HasSubstr("owner")) << wrong;
    }
    EXPECT_THAT(refused("add-user", {{"transports", {"DEVK900001"}}, {"user", "me"}}, 400),
                HasSubstr("\"me\" is no user name; allowed: 1 to 12 upper-case letters"));
    EXPECT_EQ(world.cloud.work().all().size(), 0U);
}

TEST_F(Buttons, ACreatedTransportIsAssignedBeforeItsSystemReportsIt) {
    auto body = create_body();
    body["type"] = "W";
    auto const work = ordered("create-transport", body)["work"][0];
    EXPECT_EQ(work["system"], "DEV");
    EXPECT_EQ(work["client"], "100") << "the working client does it, not 000";
    auto const item = poll(dev, "create", "100");
    EXPECT_EQ(item.parameters,
              (std::map<std::string, std::string>{{"title", "Prices"}, {"type", "W"}, {"owner", "DEVELOPER1"}}));
    end(dev, item, finished({"DEVK900010"}));
    EXPECT_THAT(feature()["transports"], Contains("DEVK900010"));
    EXPECT_EQ(transport("DEVK900010")["function"], "W");
    EXPECT_EQ(transport("DEVK900010")["statusText"], "Modifiable");
    // The report of Transports: Read completes it and leaves the feature.
    auto read = modifiable("DEVK900010");
    read.objects = 7;
    push({read});
    EXPECT_EQ(transport("DEVK900010")["featureId"], "6-1");
    EXPECT_EQ(transport("DEVK900010")["target"], "QUA.200");
    EXPECT_EQ(Json::parse(world.admin_call("GET", "transports?trkorr=DEVK900010").body)["total"], 1);
}

TEST_F(Buttons, WhatWasMadeTooLateIsNotAssignedAndTheFeatureSaysSo) {
    ordered("create-transport", create_body());
    auto const item = poll(dev, "create", "100");
    act("setToNotPlanned");
    end(dev, item, finished({"DEVK900010"}));
    EXPECT_THAT(feature()["transports"], testing::Not(Contains("DEVK900010")));
    EXPECT_THAT(feature()["problems"], ElementsAre(AllOf(HasSubstr("DEVK900010"), HasSubstr("Not Planned"))));
}

TEST_F(Buttons, ACreationIsEndedWithANumberOfItsOwnSystemOrNotAtAll) {
    ordered("create-transport", create_body());
    auto const item = poll(dev, "create", "100");
    auto const path = CloudWorld::path(dev, "cdm/work/" + item.id.text() + "/result");
    for (auto const& [made, field] : {std::pair{finished({"QUAK900010"}), "transports[0].trkorr"},
                                      std::pair{finished({"DEVK900010", "DEVK900010"}), "transports[1].trkorr"},
                                      std::pair{finished(), "transports"}}) {
        auto const refused = world.send("POST", path, encode(made));
        EXPECT_EQ(refused.status, 422) << refused.body;
        EXPECT_EQ(target_of(refused), field);
    }
    EXPECT_EQ(feature()["transports"].size(), 3U);
    EXPECT_EQ(world.send("POST", path, encode(finished({"DEVK900010"}))).status, 204);
    EXPECT_THAT(feature()["transports"], Contains("DEVK900010"));
}

TEST_F(Buttons, CopiesAreNamedWhenTheyAreFinished) {
    ordered("copies", {{"transports", {"DEVK900001"}}});
    auto const item = poll(dev, "toc", "100");
    auto const refused = world.send("POST", CloudWorld::path(dev, "cdm/work/" + item.id.text() + "/result"),
                                    encode(finished({"DEVK900001"})));
    EXPECT_EQ(refused.status, 422) << "the original is no copy";
    EXPECT_EQ(code_of(refused), "RESULT_DOES_NOT_FIT");
    end(dev, item, finished({"DEVK900001", "DEVK900011"}));
    EXPECT_THAT(feature()["copies"], ElementsAre("DEVK900011"));
}

TEST_F(Buttons, RejectedWorkShowsItsReasonUntilALaterTryIsGood) {
    ordered("release", {{"transports", {"DEVK900001"}}});
    EXPECT_THAT(feature()["openWork"], ElementsAre("release in DEV:100: waiting"));
    end(dev, poll(dev, "release", "100"), rejected("the owner is locked"));
    EXPECT_THAT(feature()["openWork"], IsEmpty());
    EXPECT_THAT(feature()["problems"], ElementsAre("release in DEV:100 rejected: the owner is locked"));
    EXPECT_EQ(transport("DEVK900001")["statusText"], "Modifiable");
    ordered("release", {{"transports", {"DEVK900001"}}});
    end(dev, poll(dev, "release", "100"), finished({"DEVK900001"}));
    EXPECT_THAT(feature()["problems"], IsEmpty());
    EXPECT_EQ(transport("DEVK900001")["statusText"], "Released");
}

TEST_F(Buttons, ReleaseTakesAllThatAreModifiableOnce) {
    auto const answer = ordered("release");
    ASSERT_EQ(answer["work"].size(), 1U);
    EXPECT_EQ(answer["work"][0]["transports"], Json::array({"DEVK900001", "DEVK900002"}));
    EXPECT_THAT(answer["leftOut"], ElementsAre("DEVK900003: it is Released"));
    EXPECT_THAT(refused("release"), HasSubstr("work \"release\" on it is waiting"));
    auto item = poll(dev, "release", "100");
    auto result = finished();
    result.transports = {{request_number("DEVK900001"), target("QUA.200"), TpReturnCode{4}, {}},
                         {request_number("DEVK900002"), {}, TpReturnCode{8}, {}}};
    end(dev, item, result);
    EXPECT_EQ(transport("DEVK900001")["statusText"], "Released") << "a warning is good";
    EXPECT_EQ(transport("DEVK900002")["statusText"], "Modifiable") << "an error is not";
}

TEST_F(Buttons, ATransportWithWorkUnderWayStaysWhereItIs) {
    ordered("release", {{"transports", {"DEVK900001"}}});
    auto const why = [&](std::string_view number) {
        auto const answer = world.admin_call("DELETE", "features/6-1/transports/" + std::string{number});
        return answer.status == 200 ? "" : message_of(answer);
    };
    EXPECT_THAT(why("DEVK900001"), HasSubstr("release of DEVK900001 is under way"));
    EXPECT_EQ(why("DEVK900002"), "");
    EXPECT_THAT(refused("status", {{"action", "setToNotPlanned"}}), HasSubstr("release of DEVK900001 is under way"));
    end(dev, poll(dev, "release", "100"), finished({"DEVK900001"}));
    EXPECT_EQ(why("DEVK900001"), "");
    EXPECT_EQ(press("status", {{"action", "setToNotPlanned"}}).status, 200);
}

TEST_F(Buttons, CopiesBelongToTheFeatureAndAreNeverAssigned) {
    auto const answer = ordered("copies", {{"transports", {"DEVK900001"}}});
    EXPECT_EQ(answer["work"][0]["kind"], "toc");
    auto const item = poll(dev, "toc", "100");
    EXPECT_EQ(item.target, target("QUA.200"));
    EXPECT_EQ(item.parameters.at("title"), "New pricing");
    end(dev, item, finished({"DEVK900011"}));
    EXPECT_THAT(feature()["copies"], ElementsAre("DEVK900011"));
    EXPECT_THAT(feature()["transports"], testing::Not(Contains("DEVK900011")));
    EXPECT_EQ(transport("DEVK900011")["copyFor"], "6-1");
    EXPECT_EQ(transport("DEVK900011")["function"], "T");
    EXPECT_THAT(message_of(press("transports", {{"transports", {"DEVK900011"}}})), HasSubstr("transport of copies"));
    EXPECT_THAT(refused("copies", {{"transports", {"DEVK900003"}}}), HasSubstr("deploy it instead"));
}

TEST_F(Buttons, CopiesAreNotThereInTwoSystemLandscapes) {
    auto two = three_tier();
    two.delivery_routes.clear();
    two.systems.pop_back();
    two.controller = sid("QUA");
    two.domain = "DOMAIN_QUA";
    CloudWorld& w = world;
    w.send("PUT", CloudWorld::path(qua, "cdm/landscape"), encode(two));
    EXPECT_THAT(refused("copies", {{"transports", {"DEVK900001"}}}),
                AllOf(HasSubstr("two-system landscapes"), HasSubstr("QUA.200")));
}

TEST_F(Buttons, EmptyTransportsAreDeletedAndStayVisible) {
    auto full = modifiable("DEVK900002");
    full.objects = 3;
    push({full});
    EXPECT_THAT(refused("delete-empty", {{"transports", {"DEVK900002"}}}), HasSubstr("it has 3 objects"));
    EXPECT_THAT(refused("delete-empty", Json::object(), 400), HasSubstr("transports: is missing"));
    ordered("delete-empty", {{"transports", {"DEVK900001"}}});
    end(dev, poll(dev, "deleteEmpty", "100"), finished({"DEVK900001"}));
    EXPECT_EQ(feature()["transports"], Json::array({"DEVK900002", "DEVK900003"}));
    EXPECT_EQ(transport("DEVK900001")["statusText"], "Deleted");
    EXPECT_THAT(message_of(press("transports", {{"transports", {"DEVK900001"}}})), HasSubstr("was deleted"));
}

TEST_F(Buttons, AUserIsAddedToModifiableTransports) {
    ordered("add-user", {{"transports", {"DEVK900001"}}, {"user", "DEVELOPER2"}});
    EXPECT_EQ(poll(dev, "addUser", "100").parameters.at("user"), "DEVELOPER2");
    EXPECT_THAT(refused("add-user", {{"transports", {"DEVK900003"}}, {"user", "DEVELOPER2"}}), HasSubstr("Released"));
}

TEST_F(Buttons, ImportChecksWantTheProductionQueueAndKeepTheirFindings) {
    world.activate(prd, "Transports: Check");
    EXPECT_THAT(refused("import-checks", {{"transports", {"DEVK900001"}}}), HasSubstr("Modifiable"));
    EXPECT_THAT(refused("import-checks", {{"transports", {"DEVK900003"}}}),
                AllOf(HasSubstr("not in the import queue of PRD.300"), HasSubstr("QUA.200 first")));
    auto imported = released("DEVK900003", "QUA.200");
    imported.imports.push_back({target("QUA.200"), TpReturnCode{0}, start, "CALM_QUA"});
    push({imported});
    ordered("import-checks");
    auto const item = poll(prd, "check", "000");
    EXPECT_EQ(item.target, target("PRD.300"));
    CheckResult found;
    found.findings.push_back({"Downgrade Protection", "Imminent Downgrade", "error", "R3TR PROG ZPRICE",
                              request_number("DEVK900003"), request_number("DEVK900002"), "newer there"});
    auto const path = CloudWorld::path(prd, "cdm/checks/" + item.id.text());
    EXPECT_EQ(world.send("POST", path, encode(found)).status, 204);
    EXPECT_EQ(world.send("POST", path, encode(found)).status, 204) << "a repeat is a duplicate";
    auto other = found;
    other.findings.clear();
    EXPECT_EQ(code_of(world.send("POST", path, encode(other))), "CHECK_REPORTED");
    EXPECT_EQ(world.send("POST", CloudWorld::path(qua, "cdm/checks/" + item.id.text()), encode(found)).status, 409);
    end(prd, item, finished());
    auto const rows = Json::parse(world.admin_call("GET", "checks?feature=6-1").body);
    ASSERT_EQ(rows["total"], 1);
    EXPECT_EQ(rows["items"][0]["finding"], "Imminent Downgrade");
    EXPECT_EQ(rows["items"][0]["otherTransport"], "DEVK900002");
}

TEST_F(Buttons, ImportChecksWantTwoSystemsAndTheTaskInProduction) {
    auto imported = released("DEVK900003", "QUA.200");
    imported.imports.push_back({target("QUA.200"), TpReturnCode{0}, start, "CALM_QUA"});
    push({imported});
    EXPECT_THAT(refused("import-checks", {{"transports", {"DEVK900003"}}}),
                HasSubstr("task \"Transports: Check\" is not active in PRD:000"));
    world.activate(prd, "Transports: Check");
    auto one = three_tier();
    one.consolidation_routes = {{sid("DEV"), "ZDEV", target("DEV.300")}};
    one.delivery_routes.clear();
    landscape(one);
    push({released("DEVK900003", "DEV.300")});
    EXPECT_THAT(refused("import-checks", {{"transports", {"DEVK900003"}}}), HasSubstr("need two systems"));
}

TEST_F(Buttons, ExportChecksAndRetrofitRunInTheWorkingClient) {
    EXPECT_THAT(refused("export-checks", {{"transports", {"DEVK900001"}}}),
                HasSubstr("\"Transports: Export Checks (client-specific)\" is not active in DEV:100"));
    world.activate(dev, "Transports: Export Checks (client-specific)");
    EXPECT_EQ(ordered("export-checks")["work"][0]["transports"], Json::array({"DEVK900001", "DEVK900002"}));
    world.activate(dev, "Transports: Retrofit (client-specific)");
    EXPECT_THAT(refused("retrofit", {{"target", "NPD.100"}}), HasSubstr("in no transport domain"));
    EXPECT_THAT(
        refused("retrofit", {{"target", "QUA.200"}}),
        HasSubstr("QUA.200 is no development system: in domain DOMAIN_PRD no consolidation route starts there"));
    auto two = three_tier();
    two.systems.push_back({sid("NPD"), false, "GROUP_DEV", true, "NPD"});
    two.consolidation_routes.push_back({sid("NPD"), "ZNPD", target("QUA.200")});
    two.transport_layers.push_back("ZNPD");
    landscape(two);
    EXPECT_THAT(refused("retrofit", {{"target", "NPD"}}, 400), HasSubstr("DEV.100"));
    EXPECT_THAT(refused("retrofit", {{"target", "NPD.100"}, {"transports", {"DEVK900001"}}}),
                HasSubstr("released transports"));
    world.enroll("NPD", "000", "TEST");
    EXPECT_THAT(refused("retrofit", {{"target", "NPD.100"}}), HasSubstr("NPD:000 is registered with role TEST"));
    world.enroll("NPD", "000", "DEV");
    EXPECT_THAT(refused("retrofit", {{"target", "DEV.100"}, {"transports", {"DEVK900003"}}}),
                HasSubstr("comes from DEV"));
    auto const work = ordered("retrofit", {{"target", "NPD.100"}})["work"][0];
    EXPECT_EQ(work["transports"], Json::array({"DEVK900003"}));
    EXPECT_EQ(work["client"], "100");
}

TEST_F(Buttons, TheStatusOfTheFeatureSaysWhichButtonsThereAre) {
    struct Row {
        std::string_view after;
        bool create, copies, release;
    };
    // Reached one after the other from In Implementation; the table of 4.6.
    Row const rows[] = {{"", true, true, true},
                        {"handoverToTest", true, true, true},
                        {"confirmSuccessfulTest", false, false, true},
                        {"approveForProduction", false, false, true}};
    for (auto const& row : rows) {
        if (!row.after.empty()) act(row.after);
        EXPECT_EQ(press("create-transport", create_body()).status, row.create ? 201 : 409) << row.after;
        auto const says = message_of(press("copies", {{"transports", {"DEVK900003"}}}));
        EXPECT_EQ(says.find("copies are created") == std::string::npos, row.copies) << says;
        EXPECT_THAT(refused("release", {{"transports", {"DEVK900003"}}}), HasSubstr("it is Released")) << row.after;
    }
    auto const specified = world.admin_call("POST", "features", {{"title", "later"}});
    ASSERT_EQ(specified.status, 201);
    EXPECT_EQ(world.admin_call("POST", "features/6-2/create-transport", create_body()).status, 201);
    EXPECT_THAT(message_of(world.admin_call("POST", "features/6-2/release")),
                HasSubstr("feature 6-2 is In Specification: transports are released In Implementation"));
}

TEST_F(Buttons, CreatingIsRefusedWithTheReason) {
    struct Case {
        Json change;
        int status;
        std::string_view says;
    };
    Case const cases[] = {
        {{{"client", "200"}}, 409, "DEV:200 is not registered"},
        {{{"client", "000"}}, 409, "is not active in DEV:000"},
        {{{"system", "PRD"}}, 409, "PRD has no export route"},
        {{{"system", "XXX"}}, 409, "no landscape with system XXX"},
        {{{"type", "T"}}, 400, "K (workbench) or W (customizing)"},
        {{{"title", ""}}, 400, "title"},
        {{{"title", std::string(61, 'x')}}, 400, "at most 60"},
        {{{"owner", "A_NAME_TOO_LONG"}}, 400, "is no user name"},
    };
    for (auto const& c : cases) {
        auto body = create_body();
        body.update(c.change);
        EXPECT_THAT(refused("create-transport", body, c.status), HasSubstr(c.says));
    }
    EXPECT_TRUE(world.cloud.work().all().empty()) << "nothing was asked for";
    EXPECT_THAT(refused("release", {{"transports", {"DEVK900099"}}}), HasSubstr("not assigned to feature 6-1"));
}

} // namespace
} // namespace almd::test
