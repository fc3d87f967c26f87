// tp by hand through the admin API: why an import failed and when its steps ran, downgrades, parameters, components, and
// the queue of a system that has left its track.
#include "tests/scenario/landscape/admin_api.hpp"

namespace almd {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct TpByHand : testing::Test {
    LandscapeBehindApi world;
    std::string released(std::string const& object) { return world.release(world.create({{"objects", {object}}})); }
};

TEST_F(TpByHand, TheStepLogSaysWhatWasNotOverwrittenWhyAndWhen) {
    ASSERT_EQ(world.ask("PUT", "objects/QUA", {{"object", "R3TR PROG ZOWN"}, {"originalSystem", "QUA"}}).status, 200);
    auto const request = released("R3TR PROG ZOWN");
    world.import("QUA.200", {request});
    auto const log = world.row("steplogs", "step=I&request=" + request);
    EXPECT_EQ(log["returnCode"], 8);
    EXPECT_THAT(log["lines"], Contains("Object R3TR PROG ZOWN is an original in QUA and was not overwritten"));
    EXPECT_THAT(log["lines"], Contains("Import option \"Overwrite Originals\" (umode 2) overwrites it"));
    EXPECT_LT(log["started"], log["time"]);
    EXPECT_EQ(world.row("cofiles", "step=M&request=" + request)["started"], log["time"]) << "the next step starts then";
    EXPECT_EQ(world.row("cofiles", "step=I&request=" + request)["started"], log["started"]);
    auto const steps = world.list("history")[0]["steps"];
    auto const main_import = std::ranges::find(steps, "I", [](json const& one) { return one["step"]; });
    ASSERT_NE(main_import, steps.end());
    EXPECT_EQ((*main_import)["time"], log["time"]);
    EXPECT_THAT(world.column("tplog?kind=ULOG&request=" + request, "text"),
                Contains(HasSubstr("tp import " + request + " QUA client=200")));
}

TEST_F(TpByHand, ADowngradeIsForeseenWarnedOfAndFoundLater) {
    auto const older = released("R3TR PROG ZSAME");
    world.run.shard().run_for(1min);
    auto const newer = released("R3TR PROG ZSAME");
    auto const waits = world.row("sequence", "request=" + newer);
    EXPECT_EQ(waits["relation"], "predecessor");
    EXPECT_EQ(waits["other"], older);
    EXPECT_EQ(waits["objects"], json::array({"R3TR PROG ZSAME"}));
    world.import("QUA.200", {newer});
    EXPECT_EQ(world.row("objectversions", "object=R3TR%20PROG%20ZSAME")["downgraded"], false);
    auto const overtaken = world.row("sequence", "system=QUA&request=" + older);
    EXPECT_EQ(overtaken["relation"], "overtaker");
    EXPECT_EQ(overtaken["other"], newer);
    world.import("QUA.200", {older});
    auto const version = world.row("objectversions", "downgraded=true");
    EXPECT_EQ(version["system"], "QUA");
    EXPECT_EQ(version["request"], older);
    EXPECT_EQ(version["newerRequest"], newer);
    EXPECT_EQ(world.row("history", "request=" + older)["returnCode"], 0) << "tp does not notice";
    EXPECT_THAT(world.row("steplogs", "step=I&request=" + older)["lines"],
                Contains(HasSubstr("R3TR PROG ZSAME is set back: " + older + " is older than " + newer)));
}

TEST_F(TpByHand, AnImportSingleOfALaterRequestIsPreliminary) {
    auto const first = released("R3TR PROG ZFIRST"), later = released("R3TR PROG ZLATER");
    auto const place = world.row("queue", "system=QUA&request=" + later)["position"];
    auto const import = [&](json const& options) {
        auto body = json{{"target", "QUA.200"}, {"requests", {later}}};
        if (!options.is_null()) body["options"] = options;
        auto const begun = world.ask("POST", "queue/import", body, 30min);
        EXPECT_EQ(begun.status, 200) << begun.body;
        return begun.body.value("umodes", "");
    };
    EXPECT_EQ(import(nullptr), "U0");
    auto const kept = world.row("queue", "system=QUA&request=" + later);
    EXPECT_EQ(kept["state"], "again");
    EXPECT_EQ(kept["position"], place) << "import all takes it again at its place";
    EXPECT_EQ(world.row("history", "request=" + later)["returnCode"], 0);
    EXPECT_EQ(import(json::array({"removeFromQueue"})), "");
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + later), json{});
    EXPECT_EQ(world.list("history?request=" + later).size(), 2u);
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + first)["state"], "waiting");
}

TEST_F(TpByHand, TheLogOfAStepThatRunsForAllIsThereOnceACall) {
    auto const one = released("R3TR PROG ZONE"), two = released("R3TR TABL ZTWO");
    world.import("QUA.200", {one, two});
    auto const activations = world.list("steplogs?step=A");
    ASSERT_EQ(activations.size(), 1u);
    EXPECT_EQ(activations[0]["request"], "ALL");
    EXPECT_THAT(activations[0]["name"].get<std::string>(), testing::MatchesRegex("A[0-9]{6}[.]QUA"));
    EXPECT_EQ(world.list("steplogs?step=I").size(), 2u);
    EXPECT_EQ(world.list("cofiles?step=A").size(), 2u) << "the cofile of each request has it";
    EXPECT_EQ(world.column("tplog?kind=ALOG&step=A", "request"), std::vector<std::string>{"ALL"});
    EXPECT_EQ(world.list("steplogs?step=N").size(), 1u) << "there is a table to convert";
}

TEST_F(TpByHand, ParametersOfTheTransportProfileCountFromTheNextCallOn) {
    EXPECT_EQ(world.row("tpparameters", "name=REPEATONERROR")["value"], "8");
    EXPECT_EQ(world.row("tpparameters", "name=CTC")["changeable"], false);
    auto const fails = [&](std::string const& object) {
        EXPECT_EQ(world.ask("PUT", "objects/QUA", {{"object", object}, {"originalSystem", "QUA"}}).status, 200);
        auto const request = released(object);
        world.import("QUA.200", {request});
        return request;
    };
    auto const kept = fails("R3TR PROG ZONE");
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + kept)["state"], "error") << "8 repeats";
    EXPECT_EQ(world.ask("PUT", "tpparameters/REPEATONERROR", {{"value", "9"}}).status, 200);
    EXPECT_EQ(world.row("tpparameters", "name=REPEATONERROR")["value"], "9");
    auto const forwarded = fails("R3TR PROG ZTWO");
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + forwarded), json{});
    EXPECT_EQ(world.row("queue", "system=PRD&request=" + forwarded)["state"], "waiting");
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + kept)["state"], "error")
        << "what ended before stays what it is";
    EXPECT_EQ(world.ask("PUT", "tpparameters/STOPONERROR", {{"value", "8"}}).status, 200);
    auto const stopped = fails("R3TR PROG ZTHREE");
    EXPECT_THAT(world.column("tplog?kind=SLOG&limit=500", "text"),
                Contains("ERROR stopping on error 8 during MAIN IMPORT"));
    EXPECT_EQ(world.list("steplogs?step=R&request=" + stopped).size(), 0u);
}

TEST_F(TpByHand, ParametersWithoutEffectAreRefusedWithTheListOfTheOthers) {
    auto const unknown = world.ask("PUT", "tpparameters/TRANSDIR", {{"value", "/tmp"}});
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.says(), HasSubstr("allowed: STOPONERROR, REPEATONERROR, NO_IMPORT_ALL, VERS_AT_IMP"));
    EXPECT_EQ(world.ask("PUT", "tpparameters/STOPONERROR", {{"value", "256"}}).status, 400);
    EXPECT_EQ(world.ask("PUT", "tpparameters/STOPONERROR", {{"value", "many"}}).status, 400);
    EXPECT_EQ(world.ask("PUT", "tpparameters/NO_IMPORT_ALL", {{"value", "2"}}).status, 400);
    auto const ctc = world.ask("PUT", "tpparameters/CTC", {{"value", "0"}});
    EXPECT_EQ(ctc.status, 409);
    EXPECT_THAT(ctc.says(), HasSubstr("does not support switching client-specific routes"));
    EXPECT_EQ(world.row("tpparameters", "name=STOPONERROR")["value"], "9");
}

TEST_F(TpByHand, AnAddOnInTheTargetBlocksUntilItIsUninstalled) {
    auto const request = released("R3TR PROG ZNEW");
    ASSERT_EQ(world.ask("PUT", "components/QUA/ZADDON", {{"release", "100"}, {"supportPackage", 1}}).status, 200);
    EXPECT_EQ(world.row("queue", "system=QUA&request=" + request)["state"], "componentMismatch");
    auto const refused = world.ask("POST", "queue/import", {{"target", "QUA.200"}, {"requests", {request}}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.says(), HasSubstr("ZADDON rel.100 level 0001 is only in QUA.200"));
    EXPECT_EQ(world.ask("DELETE", "components/QUA/ZADDON").status, 200);
    EXPECT_EQ(world.ask("DELETE", "components/QUA/ZADDON").status, 404);
    EXPECT_EQ(world.ask("DELETE", "components/QUA/SAP_BASIS").status, 409);
    world.import("QUA.200", {request});
    EXPECT_EQ(world.row("history", "request=" + request)["returnCode"], 0);
}

TEST_F(TpByHand, TheQueueOfADeletedSystemIsEmptiedByHand) {
    ASSERT_EQ(world.ask("POST", "landscape/systems", {{"system", "TRN"}, {"like", "PRD"}}).status, 200);
    ASSERT_EQ(world.ask("POST", "landscape/routes", {{"from", "QUA.200"}, {"to", "TRN.300"}}).status, 200);
    auto const request = released("R3TR PROG ZNEW");
    world.import("QUA.200", {request});
    ASSERT_EQ(world.row("queue", "system=TRN&request=" + request)["state"], "waiting");
    ASSERT_EQ(world.ask("DELETE", "landscape/systems/TRN").status, 200);
    ASSERT_EQ(world.row("queue", "system=TRN&request=" + request)["state"], "waiting");
    EXPECT_EQ(world.ask("POST", "queue", {{"target", "TRN.300"}, {"request", request}}).status, 404)
        << "nothing new comes into it";
    EXPECT_EQ(world.ask("DELETE", "queue/TRN.300/" + request).status, 200);
    EXPECT_THAT(world.list("queue?system=TRN"), IsEmpty());
    EXPECT_EQ(world.ask("DELETE", "queue/TRN.300/" + request).status, 404);
    EXPECT_EQ(world.ask("DELETE", "queue/XYZ.300/" + request).status, 404);
}

} // namespace
} // namespace almd
