// almd ctl RESOURCE VERB: the person at the stand-in cloud.
#include "tests/unit/agent/ctl_world.hpp"

#include <gmock/gmock.h>

namespace almd::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(CtlVerb, FeaturesWorkAndFaultsHaveTheirBodies) {
    expect_request({"features", "create", "my feature"}, "POST /api/v1/cloud/features", {{"title", "my feature"}});
    expect_request({"features", "assign", "6-1", "DEVK900042", "DEVK900044,DEVK900046"},
                   "POST /api/v1/cloud/features/6-1/transports",
                   {{"transports", {"DEVK900042", "DEVK900044", "DEVK900046"}}});
    expect_request({"features", "deploy", "6-1", "--target", "QUA.200"}, "POST /api/v1/cloud/deploy",
                   {{"features", {"6-1"}}, {"target", "QUA.200"}});
    expect_request({"features", "deploy", "6-2", "6-1"}, "POST /api/v1/cloud/deploy", {{"features", {"6-2", "6-1"}}});
    expect_request({"work", "cancel", "1111", "--reason", "gone"}, "POST /api/v1/cloud/work/1111/cancel",
                   {{"reason", "gone"}});
    expect_request(
        {"registrations", "activate", "1111", "Transports: Read", "--interval", "1", "--client", "000"},
        "POST /api/v1/cloud/usecases",
        {{"lmsId", "1111"}, {"task", "Transports: Read"}, {"active", true}, {"intervalMinutes", 1}, {"client", "000"}});
    expect_request({"registrations", "deactivate", "1111", "Transports: Read"}, "POST /api/v1/cloud/usecases",
                   {{"lmsId", "1111"}, {"task", "Transports: Read"}, {"active", false}});
    expect_request({"features", "status", "6-1", "handoverToTest"}, "POST /api/v1/cloud/features/6-1/status",
                   {{"action", "handoverToTest"}});
    expect_request({"work", "create", "1111", "create", "--parameter", "text=a=b", "--parameter", "owner=me"},
                   "POST /api/v1/cloud/work",
                   {{"lmsId", "1111"}, {"kind", "create"}, {"parameters", {{"text", "a=b"}, {"owner", "me"}}}});
    expect_request({"faults", "add", "status", "--status", "503", "--probability", "0.05", "--operation",
                    "heartbeat,pollWork", "--retry-after", "30"},
                   "POST /api/v1/cloud/faults",
                   {{"kind", "status"},
                    {"status", 503},
                    {"probability", 0.05},
                    {"operations", {"heartbeat", "pollWork"}},
                    {"retryAfterSeconds", 30}});
    TemporaryFile const rule{"rule.json", R"({"kind":"reset","count":3})"};
    expect_request({"faults", "add", "--file", rule.path()}, "POST /api/v1/cloud/faults",
                   {{"kind", "reset"}, {"count", 3}});
    expect_request({"faults", "remove", "fault-1"}, "DELETE /api/v1/cloud/faults/fault-1", nullptr);
}

TEST(CtlVerb, AFaultNeedsItsKindOrAFile) {
    FakeAdmin admin;
    auto const result = ctl(admin, {"faults", "add"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("faults add needs kind: status, reset"));
    EXPECT_THAT(result.err, HasSubstr("example: almd ctl faults add status"));
    EXPECT_TRUE(admin.seen.empty());
}

TEST(CtlVerb, VerifyingWithoutAnOperationAsksForAll) {
    expect_request({"journal", "verify"}, "POST /api/v1/cloud/verify", json::object());
    expect_request({"journal", "verify", "--exactly", "3"}, "POST /api/v1/cloud/verify", {{"exactly", 3}});
}

TEST(CtlVerb, OptionsOfListsAreRefused) {
    for (std::string const option : {"--limit", "--sort"}) {
        FakeAdmin admin;
        auto const result = ctl(admin, {"journal", "har", option, "1"});
        EXPECT_EQ(result.code, 2) << option;
        EXPECT_THAT(result.err, HasSubstr("journal har takes no " + option + ", which belongs to lists"));
        EXPECT_TRUE(admin.seen.empty()) << option;
    }
}

TEST(CtlVerb, TheButtonsOfAFeatureTakeTheirTransports) {
    expect_request({"features", "create-transport", "6-1", "DEV", "100", "New prices", "--owner", "ME", "--type=W"},
                   "POST /api/v1/cloud/features/6-1/create-transport",
                   {{"system", "DEV"}, {"client", "100"}, {"title", "New prices"}, {"owner", "ME"}, {"type", "W"}});
    expect_request({"features", "release", "6-1"}, "POST /api/v1/cloud/features/6-1/release", json());
    expect_request({"features", "toc", "6-1", "DEVK900042", "--title", "Copy"},
                   "POST /api/v1/cloud/features/6-1/copies", {{"transports", {"DEVK900042"}}, {"title", "Copy"}});
    expect_request({"features", "retrofit", "6-1", "PRJ.100"}, "POST /api/v1/cloud/features/6-1/retrofit",
                   {{"target", "PRJ.100"}});
    expect_request({"features", "add-user", "6-1", "ME", "DEVK900042"}, "POST /api/v1/cloud/features/6-1/add-user",
                   {{"user", "ME"}, {"transports", {"DEVK900042"}}});
}

TEST(CtlVerb, AKeyIsNamedByItsClientIdWhateverCharactersThatHas) {
    auto const ran = [](std::vector<std::string> args) {
        FakeAdmin admin;
        admin.anything = json_response(200, R"({"uaa":{}})");
        auto const result = ctl(admin, std::move(args));
        EXPECT_EQ(result.code, 0) << result.err;
        EXPECT_THAT(result.out, HasSubstr("uaa")) << "the key can go into a file";
        auto const& request = admin.seen.at(0);
        return request.method + " " + request.target + " " + request.body;
    };
    EXPECT_EQ(ran({"keys", "rotate", "sb-a!b1|s!b2", "--keep", "10m"}),
              R"(POST /api/v1/cloud/keys/sb-a%21b1%7Cs%21b2/rotate {"keep":"10m"})");
    EXPECT_EQ(ran({"keys", "create", "reader", "--scope", "calm-api.features.read"}),
              R"(POST /api/v1/cloud/keys {"instance":"reader","scopes":["calm-api.features.read"]})");
}

TEST(CtlVerb, AQuestionToTheJournalIsAnExpectation) {
    auto const request = request_of({"journal", "verify", "heartbeat", "--system", "QUA", "--exactly", "3",
                                     "--in-order", "--from", "2026-03-01T06:00:00Z"});
    EXPECT_EQ(request.target, "/api/v1/cloud/verify");
    EXPECT_EQ(json::parse(request.body), (json{{"operation", "heartbeat"},
                                               {"system", "QUA"},
                                               {"exactly", 3},
                                               {"inOrder", true},
                                               {"from", "2026-03-01T06:00:00Z"}}));
}

TEST(CtlVerb, AQuestionThatIsAnsweredWithNoIsOne) {
    FakeAdmin admin;
    auto& answer = admin.answers["POST /api/v1/cloud/verify"];
    answer = json_response(200, R"({"satisfied":true,"found":3,"mismatch":null})");
    std::vector<std::string> const args{"journal", "verify", "heartbeat", "--system", "QUA", "--exactly", "3"};
    EXPECT_EQ(ctl(admin, args).code, 0);
    answer = json_response(200, R"({"satisfied":false,"found":2,"mismatch":"expected exactly 3, found 2"})");
    auto const ran = ctl(admin, args);
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("mismatch: expected exactly 3, found 2"));
    EXPECT_EQ(ran.err, "");
}

TEST(CtlVerb, AFileOfTheJournalIsJsonWhateverTheOutput) {
    FakeAdmin admin;
    admin.answers["GET /api/v1/cloud/journal.har"] = json_response(200, R"({"log":{"entries":[]}})");
    EXPECT_EQ(ctl(admin, {"journal", "har", "--system", "QUA"}).out, "{\"log\":{\"entries\":[]}}\n");
}

} // namespace
} // namespace almd::testing
