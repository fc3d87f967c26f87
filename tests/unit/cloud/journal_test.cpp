// The journal: what it keeps, what it never shows, how it forgets, and HAR.
#include "simulator/cloud/secret_mask.hpp"
#include "tests/unit/cloud/cloud_world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace almd::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct JournalRows : testing::Test {
    Json rows(std::string_view query = {}) {
        return Json::parse(world.admin_call("GET", "journal?" + std::string{query}).body).at("items");
    }
    CloudWorld world;
    LmsId dev = world.enroll("DEV"), qua = world.enroll("QUA");
};

TEST_F(JournalRows, TellWhoAskedForWhatAndWhatBecameOfIt) {
    world.pass(1min);
    world.beat(dev, 1);
    auto const row = rows("operation=heartbeat").at(0);
    EXPECT_EQ(row["system"], "DEV");
    EXPECT_EQ(row["client"], "000");
    EXPECT_EQ(row["lmsId"], dev.text());
    EXPECT_EQ(row["method"], "POST");
    EXPECT_EQ(row["status"], 200);
    EXPECT_EQ(row["sequence"], 1);
    EXPECT_EQ(row["taken"], true);
    EXPECT_EQ(row["at"], rfc3339(start + 1min));
    EXPECT_GT(row["requestBytes"], 50);
}

TEST_F(JournalRows, AreFilteredBySystemOperationStatusAndTime) {
    world.beat(dev, 1);
    world.beat(qua, 1);
    world.beat(dev, 2, {{"Content-Type", "text/plain"}});
    world.pass(1h);
    world.beat(dev, 2);
    EXPECT_EQ(rows().size(), 7U) << "a token and two registrations came before";
    EXPECT_EQ(rows("system=DEV").size(), 4U);
    EXPECT_EQ(rows("system=DEV&operation=heartbeat").size(), 3U);
    EXPECT_EQ(rows("status=415").size(), 1U);
    EXPECT_EQ(rows("status=4xx").size(), 1U);
    EXPECT_EQ(rows("path=*/" + qua.text() + "/heartbeat").size(), 1U);
    EXPECT_EQ(rows("from=" + rfc3339(start + 30min)).size(), 1U);
    EXPECT_EQ(rows("operation=heartbeat&to=" + rfc3339(start + 30min)).size(), 3U);
    EXPECT_EQ(world.admin_call("GET", "journal?from=yesterday").status, 400);
    EXPECT_EQ(world.admin_call("GET", "journal?colour=red").status, 400);
}

TEST_F(JournalRows, NameTheFaultAndSayThatNoAnswerLeft) {
    auto const rule = fault_rule_from_json(Json::parse(R"({"kind":"dropAnswer","name":"storm"})"), "").value();
    world.cloud.add_fault(rule);
    world.beat(dev, 1);
    auto const row = rows("operation=heartbeat").at(0);
    EXPECT_EQ(row["fault"], "storm");
    EXPECT_EQ(row["status"], 0);
    EXPECT_EQ(row["answer"], "closed");
    EXPECT_EQ(row["taken"], true) << "the work was done";
}

TEST_F(JournalRows, ARepeatIsShownAsOne) {
    auto const key = world.fresh_key();
    world.beat(dev, 1, {{"Idempotency-Key", key}});
    world.beat(dev, 1, {{"Idempotency-Key", key}});
    auto const all = rows("operation=heartbeat");
    EXPECT_EQ(all[0]["repeated"], false);
    EXPECT_EQ(all[1]["repeated"], true);
    EXPECT_EQ(all[1]["taken"], false);
}

TEST_F(JournalRows, CallsToUnknownPathsAreThereToo) {
    world.send("GET", "/nowhere?a=b");
    auto const row = rows("status=404").at(0);
    EXPECT_EQ(row["target"], "/nowhere?a=b");
    EXPECT_EQ(row["operation"], nullptr);
}

TEST_F(JournalRows, OneEntryHasHeadersAndBodies) {
    world.beat(dev, 1);
    auto const number = rows("operation=heartbeat").at(0).at("number").dump();
    auto const entry = Json::parse(world.admin_call("GET", "journal/" + number).body);
    EXPECT_THAT(entry["request"]["body"].get<std::string>(), HasSubstr("\"sequence\":1"));
    EXPECT_EQ(entry["response"]["body"], R"({"useCaseVersion":0})");
    EXPECT_EQ(entry["response"]["headers"][0]["value"], "application/json");
    EXPECT_EQ(world.admin_call("GET", "journal/99").status, 404);
    EXPECT_EQ(world.admin_call("GET", "journal/x").status, 404);
}

TEST_F(JournalRows, HaveNoSecretInAnyForm) {
    auto const key = *world.cloud.service_key("https://localhost:8443");
    auto const form = "grant_type=client_credentials&client_id=" + percent_encode(key.client_id) +
                      "&client_secret=" + percent_encode(key.client_secret);
    std::vector<std::string> secrets{key.client_secret, percent_encode(key.client_secret),
                                     base64(key.client_id + ":" + key.client_secret), world.bearer};
    auto const ask = [&](HttpRequest request) {
        auto const token = Json::parse(world.serve(world.cloud.dialogue(), std::move(request)).body, nullptr, false);
        if (token.is_object()) secrets.push_back(token.value("access_token", "?none?"));
    };
    HttpRequest typed{"POST", "/oauth/token", form};
    typed.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    ask(typed);
    ask({"POST", "/oauth/token", form});
    ask({"GET", "/oauth/token?" + form});
    world.token_call();
    world.beat(dev, 1);
    for (auto const* kind : {"truncatedJson", "malformedJson"}) {
        world.cloud.faults().clear();
        world.cloud.add_fault(fault_rule_from_json(Json{{"kind", kind}}, "").value());
        world.token_call();
    }
    auto const har = world.admin_call("GET", "journal.har").body;
    EXPECT_THAT(har, HasSubstr("client_secret=***"));
    EXPECT_THAT(har, HasSubstr("Basic ***"));
    EXPECT_THAT(har, HasSubstr("Bearer ***"));
    EXPECT_THAT(har, HasSubstr(R"(\"access_token\":\"***)"));
    EXPECT_THAT(har, Not(HasSubstr("eyJ"))) << "no part of a token";
    for (auto const& secret : secrets) EXPECT_THAT(har, Not(HasSubstr(secret)));
}

TEST_F(JournalRows, BytesThatAreNoTextAreBase64) {
    world.send("POST", CloudWorld::path(dev, "heartbeat"), "\x1f\x8b\xff");
    auto const har = Json::parse(world.admin_call("GET", "journal.har").body);
    auto const& post = har["log"]["entries"].back()["request"]["postData"];
    EXPECT_EQ(post["text"], "H4v/");
    EXPECT_EQ(post["_encoding"], "base64");
    auto const shown =
        Json::parse(world.admin_call("GET", fmt::format("journal/{}", rows().back()["number"].get<int>())).body);
    EXPECT_EQ(shown["request"]["body"], "H4v/");
    EXPECT_EQ(shown["request"]["encoding"], "base64");
    EXPECT_FALSE(shown["response"].contains("encoding"));
}

TEST(SecretMask, WorksOnBrokenTextsAndLeavesTheRest) {
    EXPECT_EQ(masked_json(R"({"access_token":"abc\"d","scope":"x"})"), R"({"access_token":"***","scope":"x"})");
    EXPECT_EQ(masked_json(R"({"access_token" "abc","x":1})"), R"({"access_token" "***","x":1})");
    EXPECT_EQ(masked_json(R"({"access_token":"abc)"), R"({"access_token":"***)");
    EXPECT_EQ(masked_json(R"({"access_token":)"), R"({"access_token":)");
    EXPECT_EQ(masked_json(R"({"uaa":{"clientsecret":"s","key":"-----BEGIN PRIVATE KEY-----x"},"a":"b"})"),
              R"({"uaa":{"clientsecret":"***","key":"***"},"a":"b"})");
    EXPECT_EQ(masked_json(R"({"note":"-----BEGIN EC PRIVATE KEY-----x"})"), R"({"note":"***"})");
    EXPECT_EQ(masked_json(R"({"tokens":3,"user":"X"})"), R"({"tokens":3,"user":"X"})");
    EXPECT_EQ(masked_form("a=b&client_secret=x&c=d"), "a=b&client_secret=***&c=d");
    EXPECT_EQ(masked_form("client%5Fsecret=x"), "client%5Fsecret=***");
    EXPECT_EQ(masked_form("secret=x&Secret=y&secrets=2"), "secret=***&Secret=***&secrets=2");
    EXPECT_EQ(masked_json(R"({"secret":"x"})"), R"({"secret":"***"})");
    EXPECT_EQ(masked_header("APIKEY", "abc"), "***");
    EXPECT_EQ(masked_header("Accept", "abc"), "abc");
}

TEST(JournalRing, ForgetsTextsBeforeEntriesAndCountsWhatIsGone) {
    Journal journal{100, 10'000};
    HttpRequest const request{"POST", "/x", std::string(400, 'a')};
    HttpResponse const response{200, std::string(600, 'b')};
    for (int i = 0; i < 250; ++i) journal.note({}, request, response);
    EXPECT_EQ(journal.entries().size(), 100U);
    EXPECT_EQ(journal.dropped(), 150U);
    EXPECT_LE(journal.text_bytes(), 10'000U);
    EXPECT_EQ(std::ranges::count_if(journal.entries(), [](auto const& entry) { return entry.texts.has_value(); }), 10);
    EXPECT_TRUE(journal.entries().back().texts);
    EXPECT_EQ(journal.find(150), nullptr);
    EXPECT_EQ(journal.find(151)->number, 151U);
    EXPECT_EQ(journal.find(250)->request_bytes, 400U);
    EXPECT_EQ(journal.find(251), nullptr);
}

TEST(JournalRing, KeepsNoRoomThatItsTextsDoNotNeed) {
    Journal journal{10, 1'000'000};
    HttpRequest request{"POST", "/oauth/token", "client_secret=" + std::string(2'000, 's') + "&grant_type=x"};
    request.headers.emplace_back("Authorization", "Bearer " + std::string(4'000, 't'));
    journal.note({}, request, HttpResponse{200, R"({"access_token":")" + std::string(3'000, 't') + R"("})"});
    auto const& texts = *journal.entries()[0].texts;
    for (auto const* text : {&texts.request_headers, &texts.request_body, &texts.answer_headers, &texts.answer_body})
        EXPECT_LE(text->capacity(), text->size() + 32) << *text << ": it is shorter than what was masked in it";
}

TEST(JournalRing, CutsBodiesThatAreTooLongAndTakesNothingWhenItIsOff) {
    Journal journal{10, 1'000'000};
    journal.note({}, {"POST", "/", std::string(Journal::body_max + 5, 'a')}, HttpResponse{204});
    EXPECT_EQ(journal.entries()[0].texts->request_body.size(), Journal::body_max);
    EXPECT_EQ(journal.entries()[0].request_bytes, Journal::body_max + 5);
    CloudSettings settings;
    settings.limits.journal_entries_max = 0;
    CloudWorld world{settings};
    world.enroll("DEV");
    EXPECT_TRUE(world.cloud.journal().entries().empty());
    EXPECT_EQ(world.admin_call("POST", "verify", {{"operation", "register"}}).status, 409);
}

TEST_F(JournalRows, TheHarFileHasWhatTheFormatAsksFor) {
    world.beat(dev, 1);
    world.send("GET", CloudWorld::path(dev, "cdm/work?kinds=import&max=5"));
    auto const answer = world.admin_call("GET", "journal.har?system=DEV");
    EXPECT_EQ(answer.status, 200);
    auto const log = Json::parse(answer.body).at("log");
    EXPECT_EQ(log.at("version"), "1.2");
    EXPECT_TRUE(log.at("creator").contains("name") && log.at("creator").contains("version"));
    ASSERT_EQ(log.at("entries").size(), 3U);
    for (auto const& entry : log["entries"]) {
        for (auto const* key : {"startedDateTime", "time", "request", "response", "cache", "timings"})
            EXPECT_TRUE(entry.contains(key)) << key;
        for (auto const* key :
             {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"})
            EXPECT_TRUE(entry["request"].contains(key)) << key;
        for (auto const* key : {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL",
                                "headersSize", "bodySize"})
            EXPECT_TRUE(entry["response"].contains(key)) << key;
        for (auto const* key : {"size", "mimeType"}) EXPECT_TRUE(entry["response"]["content"].contains(key)) << key;
    }
    EXPECT_EQ(log["entries"][1]["response"]["statusText"], "OK");
    EXPECT_THAT(log["entries"][1]["request"]["url"].get<std::string>(),
                testing::StartsWith("https://localhost:8443/api/"))
        << "where it is reached, when the client named no host";
    EXPECT_EQ(log["entries"][1]["request"]["postData"]["mimeType"], "application/json");
    EXPECT_EQ(log["entries"][2]["request"]["queryString"][1], (Json{{"name", "max"}, {"value", "5"}}));
    EXPECT_EQ(world.admin_call("GET", "journal.har?operation=dance").status, 400);
}

TEST_F(JournalRows, TheHarFileNamesTheHostAndTheReason) {
    HttpRequest request{"GET", "/api/standin/v1/nothing"};
    request.host = "cloud.example:9443";
    world.serve(world.cloud.dialogue(), request);
    auto const entry = Json::parse(world.admin_call("GET", "journal.har").body)["log"]["entries"].back();
    EXPECT_EQ(entry["request"]["url"], "https://cloud.example:9443/api/standin/v1/nothing");
    EXPECT_EQ(entry["response"]["statusText"], "Not Found");
}

TEST_F(JournalRows, TheHarFileOfBytesThatAreNoTextIsStillJson) {
    world.send("POST", CloudWorld::path(dev, "heartbeat"), "{\"a\":\"\xff\xfe\"}");
    EXPECT_TRUE(Json::accept(world.admin_call("GET", "journal.har").body));
}

} // namespace
} // namespace almd::test
