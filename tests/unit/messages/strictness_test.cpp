// What agents send is taken literally: every mistake is refused with its path. What the cloud answers is read leniently.
#include "tests/support/contract/sample_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Refusal {
    ErrorCode code;
    std::string context;
};

/// Every message that an agent sends: a sample, and how it is read.
struct RequestKind {
    std::string name;
    json sample;
    std::function<std::optional<Refusal>(std::string_view)> refusal;
};

template <class T>
std::function<std::optional<Refusal>(std::string_view)> refusal_of(Result<T> (*decode)(std::string_view)) {
    return [decode](std::string_view text) -> std::optional<Refusal> {
        auto message = decode(text);
        if (message) return std::nullopt;
        return Refusal{message.error().code, message.error().context};
    };
}

std::vector<RequestKind> const& requests() {
    static std::vector<RequestKind> const kinds{
        {"registration", json::parse(encode(sample::registration())), refusal_of(decode_registration)},
        {"heartbeat", json::parse(encode(sample::heartbeat())), refusal_of(decode_heartbeat)},
        {"activation", json::parse(encode(sample::use_case_activation())), refusal_of(decode_use_case_activation)},
        {"discovery", json::parse(encode(sample::discovery())), refusal_of(decode_discovery)},
        {"diagnostics", json::parse(encode(sample::diagnostics())), refusal_of(decode_diagnostics)},
        {"landscape", json::parse(encode(sample::landscape())), refusal_of(decode_landscape_push)},
        {"transports", json::parse(encode(sample::transports_push())), refusal_of(decode_transports_push)},
        {"work result", json::parse(encode(sample::work_result())), refusal_of(decode_work_result)},
        {"check result", json::parse(encode(sample::check_result())), refusal_of(decode_check_result)},
    };
    return kinds;
}

RequestKind const& request(std::string_view name) {
    for (RequestKind const& kind : requests())
        if (kind.name == name) return kind;
    throw std::out_of_range{std::string{name}};
}

/// Every object of a message, as pointers into it.
void collect_objects(json const& value, json::json_pointer const& at, std::vector<json::json_pointer>& into) {
    if (value.is_object()) into.push_back(at);
    if (value.is_structured())
        for (auto const& [key, child] : value.items())
            collect_objects(child, value.is_array() ? at / std::stoul(key) : at / key, into);
}

/// "/transports/3/tasks" -> "transports[3].tasks"
std::string as_path(json const& document, json::json_pointer const& pointer) {
    std::string path;
    std::vector<std::string> tokens;
    for (auto p = pointer; !p.empty(); p = p.parent_pointer()) tokens.insert(tokens.begin(), p.back());
    json const* at = &document;
    for (std::string const& token : tokens) {
        if (at->is_array())
            path += "[" + token + "]";
        else
            path += (path.empty() ? "" : ".") + token;
        at = at->is_array() ? &(*at)[std::stoul(token)] : &at->at(token);
    }
    return path;
}

TEST(Requests, AFieldMoreOrLessAnywhereIsRefusedWithItsPath) {
    for (RequestKind const& kind : requests()) {
        std::vector<json::json_pointer> objects;
        collect_objects(kind.sample, json::json_pointer{}, objects);
        ASSERT_FALSE(objects.empty());
        for (auto const& object : objects) {
            json more = kind.sample;
            more[object]["colour"] = 1;
            auto refused = kind.refusal(more.dump());
            ASSERT_TRUE(refused) << kind.name << " " << object.to_string();
            EXPECT_EQ(refused->code, ErrorCode::invalid);
            EXPECT_THAT(refused->context, StartsWith(as_path(more, object / "colour") + ": unknown field"));
            for (auto const& [key, value] : kind.sample[object].items()) {
                json less = kind.sample;
                less[object].erase(key);
                refused = kind.refusal(less.dump());
                ASSERT_TRUE(refused) << kind.name << " without " << object.to_string() << "/" << key;
                EXPECT_EQ(refused->context, as_path(kind.sample, object / key) + ": is missing");
            }
        }
    }
}

TEST(Requests, AWrongTypeAnywhereIsRefusedWithItsPath) {
    json const wrongs[] = {
        json::array(), json::object(), true, 1.5, "nonsense that no field takes, too long for ids \xc3\xbc", nullptr};
    std::size_t refusals = 0;
    for (RequestKind const& kind : requests()) {
        json const flat = kind.sample.flatten();
        for (auto const& [pointer, value] : flat.items()) {
            if (value.is_null() || value.is_structured()) continue;
            for (json const& wrong : wrongs) {
                if (wrong.type() == value.type()) continue;
                if (wrong.is_null() || (wrong.is_string() && value.is_string()))
                    continue; // fields differ in these, see the tables
                json changed = kind.sample;
                changed[json::json_pointer{pointer}] = wrong;
                auto refused = kind.refusal(changed.dump());
                ASSERT_TRUE(refused) << kind.name << pointer << " as " << wrong.dump();
                EXPECT_THAT(refused->context, StartsWith(as_path(kind.sample, json::json_pointer{pointer}) + ": is "));
                ++refusals;
            }
        }
    }
    EXPECT_GT(refusals, 300U);
}

TEST(Requests, ValuesOutOfRangeAreRefused) {
    struct Row {
        char const *kind, *pointer;
        json value;
        char const* expected;
    };
    Row const rows[] = {
        {"heartbeat", "/sequence", 0, "sequence: is the number 0; it must be an integer from 1 to 4294967295"},
        {"heartbeat", "/sequence", 4294967296, "sequence: is the number 4294967296"},
        {"heartbeat", "/sequence", -1, "sequence: is the number -1"},
        {"heartbeat", "/sequence", 18446744073709551615U, "sequence: is the number 18446744073709551615"},
        {"heartbeat", "/timestamp", "yesterday", "timestamp: "},
        {"heartbeat", "/timestamp", nullptr, "timestamp: is null; it must be a text"},
        {"heartbeat", "/client", "0", "client: "},
        {"heartbeat", "/client", 100, "client: is the number 100; it must be a text"},
        {"heartbeat", "/jobs/1/lastStatus", "X", "jobs[1].lastStatus: is \"X\"; it must be one of P S Y R F A"},
        {"heartbeat", "/jobs/0/lastStatus", "FF", "jobs[0].lastStatus: is \"FF\""},
        {"heartbeat", "/jobs/0/lastEnd", "2026-13-01T00:00:00Z", "jobs[0].lastEnd: "},
        {"heartbeat", "/agentVersion", std::string(1001, 'x'), "agentVersion: is longer than 1000 characters"},
        {"heartbeat", "/jobs", json::array({1}), "jobs[0]: is the number 1; it must be an object"},
        {"registration", "/systemType", "JAVA", "systemType: is \"JAVA\"; it must be one of ABAP"},
        {"registration", "/role", "PRODUCTION", "role: is \"PRODUCTION\"; it must be one of PROD, TEST, DEV"},
        {"registration", "/systemId", "dev", "systemId: \"dev\" is not a system ID"},
        {"registration", "/instances/0/number", 100,
         "instances[0].number: is the number 100; it must be an integer from 0 to 99"},
        {"registration", "/instances/0/services/1", 5, "instances[0].services[1]: is the number 5"},
        {"registration", "/components/0/supportPackage", -1, "components[0].supportPackage: is the number -1"},
        {"registration", "/components/0/supportPackage", "1",
         "components[0].supportPackage: is \"1\"; it must be an integer"},
        {"activation", "/intervalMinutes", 10081,
         "intervalMinutes: is the number 10081; it must be an integer from 0 to 10080"},
        {"activation", "/active", "true", "active: is \"true\"; it must be true or false"},
        {"discovery", "/clients/1/number", "1000", "clients[1].number: "},
        {"diagnostics", "/capabilities/2", "dance",
         "capabilities[2]: is \"dance\"; it must be one of create, release, toc"},
        {"diagnostics", "/findings/0/severity", "bad",
         "findings[0].severity: is \"bad\"; it must be one of ok, info, warning, error"},
        {"landscape", "/domain/controller", nullptr, "domain.controller: is null"},
        {"landscape", "/domain", nullptr, "domain: is null; it must be an object"},
        {"landscape", "/targetGroups/0/members/1", "/TOO_LONG_NAME/", "targetGroups[0].members[1]: "},
        {"landscape", "/consolidationRoutes/0/to", nullptr, "consolidationRoutes[0].to: is null"},
        {"landscape", "/version", -1, "version: is the number -1; it must be an integer of at least 0"},
        {"transports", "/transports/0/tasks/0", "DEVK1",
         "transports[0].tasks[0]: \"DEVK1\" is not a transport request"},
        {"transports", "/transports/0/function", "Z", "transports[0].function: "},
        {"transports", "/transports/1/status", "r", "transports[1].status: "},
        {"transports", "/transports/0/imports/0/returnCode", 10000, "transports[0].imports[0].returnCode: "},
        {"transports", "/transports/0/objects", 1.5, "transports[0].objects: is the number 1.5; it must be an integer"},
        {"work result", "/status", "done", "status: must be one of started, finished, failed, rejected"},
        {"work result", "/messages/0/type", "", "messages[0].type: is \"\"; it must be one of A E W I S"},
        {"work result", "/transports/0/steps/1/returnCode", nullptr, "transports[0].steps[1].returnCode: is null"},
        {"check result", "/findings/0/transport", "nonsense", "findings[0].transport: "},
    };
    for (Row const& row : rows) {
        json changed = request(row.kind).sample;
        changed[json::json_pointer{row.pointer}] = row.value;
        auto refused = request(row.kind).refusal(changed.dump());
        ASSERT_TRUE(refused) << row.kind << row.pointer;
        EXPECT_EQ(refused->code, ErrorCode::invalid);
        EXPECT_THAT(refused->context, StartsWith(row.expected));
    }
}

TEST(Requests, NullIsTakenWhereThereMayBeNoValue) {
    struct Row {
        char const *kind, *pointer;
    };
    Row const rows[] = {{"heartbeat", "/schedulerLastRun"},
                        {"heartbeat", "/jobs/0/lastEnd"},
                        {"landscape", "/domain/backupController"},
                        {"transports", "/cursor"},
                        {"transports", "/transports/0/target"},
                        {"transports", "/transports/0/releasedAt"},
                        {"transports", "/transports/1/parent"},
                        {"work result", "/returnCode"},
                        {"work result", "/transports/0/target"},
                        {"work result", "/transports/0/returnCode"},
                        {"work result", "/startedAt"},
                        {"work result", "/endedAt"},
                        {"check result", "/findings/0/transport"},
                        {"check result", "/findings/0/otherTransport"}};
    for (Row const& row : rows) {
        json changed = request(row.kind).sample;
        changed[json::json_pointer{row.pointer}] = nullptr;
        EXPECT_FALSE(request(row.kind).refusal(changed.dump())) << row.kind << row.pointer;
    }
}

TEST(Requests, EmptyTextsPassBecauseTheStandInHasItsOwnWordsForThem) {
    json changed = request("registration").sample;
    for (char const* field : {"dbHost", "systemNumber", "installationNumber", "rootUrl"}) changed[field] = "";
    EXPECT_FALSE(request("registration").refusal(changed.dump()));
}

TEST(Requests, TheOrderOfFieldsIsFreeButAFieldGivenTwiceIsRefused) {
    for (RequestKind const& kind : requests()) {
        EXPECT_FALSE(kind.refusal(kind.sample.dump())) << kind.name << ": nlohmann::json sorts by name";
        std::string const text = kind.sample.dump();
        std::string const name = kind.sample.items().begin().key();
        std::string const first = json{{name, kind.sample[name]}}.dump();
        auto refused = kind.refusal(first.substr(0, first.size() - 1) + "," + text.substr(1));
        ASSERT_TRUE(refused);
        EXPECT_EQ(refused->context, name + ": is given twice");
    }
}

TEST(Requests, TextThatIsNoMessageIsRefusedWithThePlaceInIt) {
    for (RequestKind const& kind : requests()) {
        for (std::string const text : {"", "null", "[]", "5", "{", "{}x", "\"\xff\"", "<html>"}) {
            auto refused = kind.refusal(text);
            ASSERT_TRUE(refused) << text;
            EXPECT_THAT(refused->context, StartsWith("$: is ")) << text;
        }
        EXPECT_TRUE(kind.refusal(std::string(100'000, '[')));
        EXPECT_TRUE(kind.refusal("{\"a\":" + std::string(100'000, '[')));
        std::string deep = R"({"a":)";
        for (int i = 0; i < 10'000; ++i) deep += R"({"a":)";
        EXPECT_THAT(kind.refusal(deep)->context, HasSubstr("nested deeper than 64 levels"));
    }
}

TEST(Requests, AListWithoutEndIsRefusedByItsSize) {
    json push = request("transports").sample;
    push["transports"] = json::array();
    std::string text = push.dump();
    std::string many;
    for (int i = 0; i < 10'001; ++i) many += i == 0 ? "1" : ",1";
    text.replace(text.find("\"transports\":[]") + 14, 0, many);
    EXPECT_EQ(request("transports").refusal(text)->context,
              "transports: has 10001 elements; at most 10000 are allowed");
}

TEST(Answers, UnknownFieldsAreIgnoredAndMistakesAreProtocolErrors) {
    EXPECT_TRUE(decode_heartbeat_answer(R"({"news":[1,{"a":null}],"useCaseVersion":7,"more":{}})"));
    EXPECT_TRUE(decode_registration_answer(
        R"({"lmsId":"710B9573-5F47-4DE6-B761-070626300001","registrationStatus":"Registered","x":1})"));
    EXPECT_TRUE(decode_transports_answer(R"({"cursor":"c","accepted":1,"x":1})"));
    EXPECT_TRUE(decode_work_list(R"({"items":[],"x":1})"));
    EXPECT_TRUE(decode_use_case_selection(R"({"version":1,"tasks":[],"x":1})"));

    EXPECT_EQ(decode_heartbeat_answer("{}").error().code, ErrorCode::protocol);
    EXPECT_EQ(decode_heartbeat_answer("<html>").error().code, ErrorCode::protocol);
    EXPECT_EQ(decode_heartbeat_answer(R"({"useCaseVersion":"7"})").error().context,
              "useCaseVersion: is \"7\"; it must be an integer of at least 0");
    EXPECT_EQ(
        decode_registration_answer(R"({"lmsId":"710b9573-5f47-4de6-b761-070626300001","registrationStatus":"Waiting"})")
            .error()
            .context,
        "registrationStatus: is \"Waiting\"; it must be one of Registered");
    EXPECT_EQ(decode_registration_answer(R"({"lmsId":"x","registrationStatus":"Registered"})").error().code,
              ErrorCode::protocol);
    json work = json::parse(encode(sample::work_list()));
    work["items"][1]["kind"] = "dance";
    EXPECT_THAT(decode_work_list(work.dump()).error().context,
                StartsWith("items[1].kind: must be one of create, addUser"));
}

TEST(WorkKinds, HaveTheNamesOfTheWire) {
    for (std::string_view text :
         {"create", "addUser", "release", "toc", "deleteEmpty", "import", "check", "exportCheck", "retrofit"}) {
        auto kind = parse_work_kind(text);
        ASSERT_TRUE(kind) << text;
        EXPECT_EQ(name(*kind), text);
    }
    EXPECT_FALSE(parse_work_kind("Import"));
    EXPECT_EQ(name(WorkStatus::rejected), "rejected");
}

} // namespace
} // namespace almd
