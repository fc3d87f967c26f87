// What a system says of itself in its diagnostic decides which buttons there are, and what a failed import looks like.
#include "proto/messages/discovery.hpp"
#include "tests/unit/cloud/deploying_world.hpp"

#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct Capabilities : DeployingWorld {
    static Diagnostics able() {
        Diagnostics message;
        message.st_pi = {"740", 32};
        message.sap_basis = {"758", 2};
        message.notes = {"3623614"};
        message.capabilities = {"create", "release", "toc",         "deleteEmpty",
                                "import", "check",   "exportCheck", "retrofit"};
        return message;
    }
    void diagnose(LmsId by, Diagnostics const& message) {
        EXPECT_EQ(world.send("POST", CloudWorld::path(by, "cdm/diagnostics"), encode(message)).status, 204);
    }
    std::string create(std::string const& id) {
        auto const answer = world.admin_call("POST", "features/" + id + "/create-transport",
                                             {{"system", "DEV"}, {"client", "100"}, {"title", "T"}, {"owner", "ME"}});
        return answer.status == 201 ? "created" : message_of(answer);
    }
};

TEST_F(Capabilities, AreAskedForBeforeWorkIsMade) {
    auto const id = feature({"DEVK900001", "DEVK900003"});
    EXPECT_EQ(create(id), "created") << "nothing was said yet";
    auto message = able();
    diagnose(dev, message);
    EXPECT_EQ(create(id), "created");
    std::erase(message.capabilities, "create");
    message.findings = {{"error", "", "Note 3425282 is missing"}, {"warning", "", "SAP_BASIS is old"}};
    diagnose(dev, message);
    EXPECT_THAT(create(id), AllOf(HasSubstr("DEV cannot do this"), HasSubstr("ST-PI 740 SP32"), HasSubstr("\"create\""),
                                  HasSubstr("Note 3425282"), testing::Not(HasSubstr("SAP_BASIS"))));
    std::erase(message.capabilities, "release");
    diagnose(dev, message);
    EXPECT_THAT(message_of(world.admin_call("POST", "features/" + id + "/release", {{"transports", {"DEVK900003"}}})),
                HasSubstr("\"release\""));
}

TEST_F(Capabilities, AreShownWithTheRegistration) {
    auto const row = [&] { return Json::parse(world.admin_call("GET", "registrations?system=QUA").body)["items"][0]; };
    EXPECT_TRUE(row()["capabilities"].is_null());
    diagnose(qua, able());
    Discovery found;
    found.hosts = {"qua-host"};
    found.logical_systems = {"QUACLNT200"};
    EXPECT_EQ(world.send("POST", CloudWorld::path(qua, "discovery"), encode(found)).status, 204);
    EXPECT_EQ(row()["capabilities"].size(), 8U);
    EXPECT_EQ(row()["stPi"], "740 SP32");
    EXPECT_EQ(row()["ctc"], true);
    EXPECT_EQ(row()["hosts"], Json::array({"qua-host"}));
    EXPECT_EQ(row()["logicalSystems"], Json::array({"QUACLNT200"}));
}

TEST_F(Capabilities, OfTheTargetAreAskedForBeforeADeployment) {
    auto const id = feature({"DEVK900001"});
    auto message = able();
    message.capabilities.clear();
    diagnose(qua, message);
    EXPECT_THAT(why(id), AllOf(HasSubstr("QUA cannot do this"), HasSubstr("\"import\"")));
    message = able();
    message.ctc = false;
    diagnose(qua, message);
    EXPECT_THAT(why(id), HasSubstr("QUA has CTC=0"));
    diagnose(qua, able());
    diagnose(dev, message);
    EXPECT_THAT(why(id), HasSubstr("DEV has CTC=0"));
    diagnose(dev, able());
    EXPECT_EQ(why(id), "deployed");
}

TEST_F(Capabilities, AFailedImportIsShownAsSuccessfulWithoutTheNote) {
    auto const id = feature({"DEVK900001"});
    auto message = able();
    message.notes.clear();
    diagnose(qua, message);
    ASSERT_EQ(why(id), "deployed");
    EXPECT_EQ(end(qua, poll(qua)[0], 8).status, 204);
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200") << "the known bug of ST-PI";
    EXPECT_THAT(problems(id),
                ElementsAre("DEVK900001: import into QUA.200 ended with 8, but is shown as deployed: its system "
                            "needs ST-PI 740 SP31 and SAP Note 3623614 to tell of failures"));
    EXPECT_THAT(why(id), HasSubstr("Approve it for production")) << "and it goes on like that";
}

TEST_F(Capabilities, AFailedImportIsShownAsOneWithTheNote) {
    auto const id = feature({"DEVK900001"});
    diagnose(qua, able());
    ASSERT_EQ(why(id), "deployed");
    EXPECT_EQ(end(qua, poll(qua)[0], 8).status, 204);
    EXPECT_EQ(state("DEVK900001"), "Import failed in QUA - 200 (8)");
    EXPECT_THAT(problems(id), ElementsAre("DEVK900001: import into QUA.200 ended with 8"));
    auto message = able();
    message.st_pi.support_package = 30;
    diagnose(qua, message);
    ASSERT_EQ(why(id), "deployed");
    EXPECT_EQ(end(qua, poll(qua)[0], 12).status, 204);
    EXPECT_EQ(state("DEVK900001"), "Deployed in QUA - 200") << "SP30 tells nothing, whatever notes it has";
}

} // namespace
} // namespace almd::test
