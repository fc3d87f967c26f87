// Metrics and logs that are pushed as protobuf, packed or not, are what the same push as JSON is.
#include "proto/http/certificates.hpp"
#include "simulator/cloud/otlp.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/unit/cloud/telemetry_world.hpp"

#include <gmock/gmock.h>

#include <map>

namespace almd::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::string_literals;

/// A field with bytes in it, as protobuf writes it.
std::string pb(unsigned number, std::string const& bytes) {
    std::string out(1, static_cast<char>(number << 3 | 2));
    auto length = bytes.size();
    for (; length >= 0x80; length >>= 7) out += static_cast<char>((length & 0x7f) | 0x80);
    return out + static_cast<char>(length) + bytes;
}

/// ExportMetricsServiceRequest and ExportLogsServiceRequest have the same way in.
std::string pb_request(std::string const& metric_or_record) {
    return pb(1, pb(2, pb(2, metric_or_record)));
}

std::string const pb_one = "\x21\x00\x00\x00\x00\x00\x00\xf0\x3f"s; // asDouble: 1
std::string pb_gauge(std::string const& point) {
    return pb_request(pb(1, "m") + pb(5, pb(1, point)));
}

struct OtlpProtobuf : Telemetry {
    PublishedWorld other; // where what was read is pushed again
    std::string const to_other = "&serviceId=" + other.enroll("DEV").text();

    static HttpResponse push_at(PublishedWorld& at, std::string target, std::string body,
                                std::vector<HttpHeader> headers = {}) {
        if (at.bearer.empty()) at.bearer = at.fetch_token();
        HttpRequest request{"POST", std::move(target), std::move(body)};
        bool const is_plain = headers.empty() && !request.body.empty(); // what is packed is not described word by word
        request.headers = std::move(headers);
        request.headers.emplace_back("Authorization", "Bearer " + at.bearer);
        if (find_header(request.headers, "Content-Type").empty())
            request.headers.emplace_back("Content-Type", "application/x-protobuf");
        auto const answer = at.serve(at.cloud.dialogue(), request);
        if (is_plain)
            for (auto const& violation : standin_contract().check(request, answer))
                ADD_FAILURE() << violation << "\n" << answer.body;
        return answer;
    }
    HttpResponse push(std::string target, std::string body, std::vector<HttpHeader> headers = {}) {
        return push_at(world, std::move(target), std::move(body), std::move(headers));
    }
    static std::string binary(PublishedWorld& at, std::string const& read) {
        return at.ask("GET", read + "&format=protobuf-binary").body;
    }
    void refuses(std::string const& body, std::string_view target, std::string_view sentence) {
        auto const answer = push(push_metrics, body);
        EXPECT_EQ(answer.status, 400) << sentence;
        EXPECT_EQ(target_of(answer), target) << answer.body;
        EXPECT_THAT(message_of(answer), HasSubstr(sentence));
    }
    static Json every_kind() {
        return Json::array(
            {{{"stringValue", "a\"\x01\u00e4"}},
             {{"stringValue", ""}},
             {{"boolValue", true}},
             {{"boolValue", false}},
             {{"intValue", "-9223372036854775808"}},
             {{"intValue", "9223372036854775807"}},
             {{"doubleValue", -0.0}},
             {{"doubleValue", 1e300}},
             {{"doubleValue", 5e-324}},
             {{"bytesValue", "AAEC/w=="}},
             Json::object(),
             {{"arrayValue", {{"values", Json::array({{{"intValue", "1"}}, Json::object()})}}}},
             {{"kvlistValue",
               {{"values",
                 Json::array({{{"key", "k"}, {"value", {{"arrayValue", {{"values", Json::array()}}}}}}})}}}}});
    }
    static Json attributes() {
        Json out = Json::array();
        for (auto const& value : every_kind())
            out.push_back({{"key", "k" + std::to_string(out.size())}, {"value", value}});
        return out;
    }
    static Json around(std::string_view kind, std::string_view list, Json elements) {
        Json scope{{"scope", {{"name", "lib"}, {"version", "2"}, {"attributes", attributes()}}}};
        scope["scope"]["droppedAttributesCount"] = 4;
        scope["schemaUrl"] = "https://scope";
        scope[std::string{list}] = std::move(elements);
        Json one{{"resource", {{"attributes", attributes()}, {"droppedAttributesCount", 4'294'967'295U}}}};
        one["schemaUrl"] = "https://resource";
        one["scope" + std::string{kind}] = Json::array({scope, scope});
        return {{"resource" + std::string{kind}, Json::array({one, one})}};
    }
    static Json all_metrics() {
        auto const point = [](std::string_view name, Json value) {
            Json out{{"attributes", attributes()}, {"timeUnixNano", "1772344800123456789"}};
            out["startTimeUnixNano"] = "1772344800000000001";
            out["flags"] = 1;
            out[std::string{name}] = std::move(value);
            return out;
        };
        Json metric{{"name", "m"}, {"unit", "mb"}, {"description", "M"}};
        metric["gauge"]["dataPoints"] =
            Json::array({point("asDouble", 0.0), point("asDouble", -2.5), point("asInt", "-9007199254740993")});
        return around("Metrics", "metrics", Json::array({metric}));
    }
    static Json all_logs() {
        Json records = Json::array();
        for (auto const& body : every_kind()) {
            Json one{{"timeUnixNano", "1772344800000000000"}, {"observedTimeUnixNano", "1772344800000000001"}};
            one.update(Json{{"severityNumber", 17}, {"severityText", "ERROR"}, {"body", body}, {"flags", 1}});
            one.update(Json{{"attributes", attributes()}, {"droppedAttributesCount", 3}, {"eventName", "e"}});
            one.update(Json{{"traceId", "5b8efff798038103d269b633813fc60c"}, {"spanId", "eee19b7ec3c1b174"}});
            records.push_back(std::move(one));
        }
        return around("Logs", "logRecords", std::move(records));
    }
};

TEST_F(OtlpProtobuf, WhatIsReadAsProtobufCanBePushedAgainAndSaysTheSame) {
    ASSERT_EQ(world.ask("POST", push_metrics, all_metrics()).status, 200);
    ASSERT_EQ(world.ask("POST", push_logs, all_logs()).status, 200);
    auto const metrics = binary(world, read_metrics), logs = binary(world, read_logs);
    auto const answer = push_at(other, "/api/calm-metrics/v1/metrics?useCase=hm" + to_other, metrics);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, "") << "an empty ExportMetricsServiceResponse";
    EXPECT_EQ(find_header(answer.headers, "Content-Type"), "application/x-protobuf");
    auto const also = push_at(other, "/api/calm-logs/v1/logs?useCase=exm" + to_other, logs);
    EXPECT_EQ(also.status, 200) << also.body;
    auto const read_others = "/api/calm-logs/v1/logs?provider=exm.im" + to_other;
    EXPECT_EQ(other.get(read_metrics), world.get(read_metrics));
    EXPECT_EQ(other.get(read_others + "&format=protobuf-json"), world.get(read_logs + "&format=protobuf-json"));
    EXPECT_EQ(binary(other, read_metrics), metrics);
    EXPECT_EQ(binary(other, read_others), logs);
    auto const records =
        world.get(read_logs + "&format=protobuf-json")["resourceLogs"][0]["scopeLogs"][0]["logRecords"];
    EXPECT_EQ(records.size(), 4 * every_kind().size());
}

TEST_F(OtlpProtobuf, ListsThatAreEmptyAndWhatIsUnknownArePassedOver) {
    for (auto const& body : {""s, pb(1, ""), pb(1, pb(2, "")), pb_request(pb(1, "m") + pb(5, ""))})
        EXPECT_EQ(push(push_metrics, body).status, 200) << "protobuf has no other way to say that a list is empty";
    EXPECT_EQ(push(push_logs, "").status, 200);
    auto const unknown = "\x98\x06\x01"s +
                         "\x99\x06"
                         "12345678" +
                         "\x9a\x06\x02xx" +
                         "\x9d\x06"
                         "1234"; // 99, each type
    EXPECT_EQ(push(push_metrics, unknown + pb_gauge(unknown + pb_one) + unknown).status, 200);
    auto const read = world.get(read_metrics)["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
    EXPECT_EQ(read[0]["gauge"]["dataPoints"][0]["asDouble"], 1);
}

TEST_F(OtlpProtobuf, OfWhatIsGivenTwiceTheLastCountsAndMessagesAreJoined) {
    auto const whole = "\x31\x07\x00\x00\x00\x00\x00\x00\x00"s; // asInt: 7
    auto const split = pb(5, pb(1, pb_one)) + pb(1, "first") + pb(5, pb(1, pb_one + whole)) + pb(1, "last");
    EXPECT_EQ(push(push_metrics, pb_request(split)).status, 200);
    auto const read = world.get(read_metrics)["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0];
    EXPECT_EQ(read["name"], "last");
    ASSERT_EQ(read["gauge"]["dataPoints"].size(), 2U);
    EXPECT_EQ(read["gauge"]["dataPoints"][0]["asDouble"], 1);
    EXPECT_EQ(read["gauge"]["dataPoints"][1]["asInt"], "7");
}

TEST_F(OtlpProtobuf, WhatIsNoProtobufIsRefusedWithThePath) {
    std::string const metric = "resourceMetrics[0].scopeMetrics[0].metrics[0]", point = metric + ".gauge.dataPoints[0]";
    refuses(R"({"resourceMetrics":[]})", "$", "field 15 has wire type 3; allowed: 0, 1, 2 and 5");
    refuses("\x0c", "$", "field 1 has wire type 4");
    refuses("\x0f", "$", "field 1 has wire type 7");
    refuses("\x02\x00"s, "$", "field number 0; allowed: 1 to 536870911");
    refuses("\x80\x80\x80\x80\x10\x01", "$", "field number 536870912");
    refuses("\x0a\x05xx", "$", "field 1 has 5 bytes, but 2 are left");
    refuses("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "$", "bytes, but 0 are left");
    refuses("\x0a", "$", "a varint ends too early or has more than 64 bits");
    refuses("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "$", "more than 64 bits");
    refuses("\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"s, "$", "more than 64 bits");
    refuses("\x08\x01", "resourceMetrics[0]", "has wire type 0; allowed: 2");
    refuses(pb(1, "") + "\x08\x01", "resourceMetrics[1]", "has wire type 0; allowed: 2");
    refuses(pb_gauge("\x21\x00"s), point, "field 4 has 8 bytes, but 1 are left");
    refuses(pb_gauge("\x25"
                     "1234"),
            point + ".asDouble", "has wire type 5; allowed: 1");
    refuses(pb_request(pb(1, "\xc3")), metric + ".name", "a text in UTF-8 was expected");
    for (auto const* number : {"\x21\x00\x00\x00\x00\x00\x00\xf8\x7f", "\x21\x00\x00\x00\x00\x00\x00\xf0\xff"})
        refuses(pb_gauge({number, 9}), point + ".asDouble", "not NaN or infinity");
}

TEST_F(OtlpProtobuf, WhatTheJsonReaderRefusesIsRefusedInItsWords) {
    std::string const metric = "resourceMetrics[0].scopeMetrics[0].metrics[0]", point = metric + ".gauge.dataPoints[0]";
    for (auto const& [number, name] :
         {std::pair{7U, "sum"}, {9U, "histogram"}, {10U, "exponentialHistogram"}, {11U, "summary"}})
        refuses(pb_request(pb(1, "m") + pb(number, "?")), metric + "." + name, "only gauges are supported");
    refuses(pb_request(pb(5, pb(1, pb_one))), metric + ".name", "a metric needs a name");
    refuses(pb_gauge(""), point + ".asDouble", "asDouble or asInt with a number was expected");
    refuses(pb_gauge(pb_one + pb(5, "?")), point + ".exemplars", "is not kept here");
    refuses(pb_gauge(pb_one + "\x40\xff\xff\xff\xff\x7f"), point + ".flags", "from 0 to 4294967295");
    auto const trace = push(push_logs, pb_request(pb(9, "1234")));
    EXPECT_EQ(target_of(trace), "resourceLogs[0].scopeLogs[0].logRecords[0].traceId");
    auto const severe = push(push_logs, pb_request("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    EXPECT_EQ(target_of(severe), "resourceLogs[0].scopeLogs[0].logRecords[0].severityNumber") << severe.body;
}

TEST_F(OtlpProtobuf, DepthAndLengthAreBounded) {
    std::string value, last;
    for (int depth = 0; depth < 40; ++depth) {
        auto const answer = push(push_logs, pb_request(pb(5, value)));
        EXPECT_EQ(answer.status, depth < 19 ? 200 : 400) << depth << answer.body;
        last = answer.status == 200 ? "" : message_of(answer);
        value = pb(5, pb(1, value)); // a list with a list in it
    }
    EXPECT_THAT(last, HasSubstr("arrayValue.values[0]: at most 64 messages and lists inside each other are taken"));
    auto const large = push(push_metrics, pb(3, std::string(150 * 1024, 'x')));
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(message_of(large), "at most 153600 bytes of protobuf at once");
    std::string dense;
    for (auto const& smallest : {pb(1, ""), pb(1, pb(1, "")), pb(1, pb(2, "")), pb(1, pb(2, pb(2, ""))),
                                 pb_request(pb(10, "")), pb_request(pb(5, "")), pb_gauge("\x40\x01"), pb_gauge("")}) {
        dense.clear();
        for (int i = 0; i < 1'000; ++i) dense += smallest;
        EXPECT_LE(otlp_metrics_json(dense)->size(), 10 * dense.size() + 64) << testing::PrintToString(smallest);
    }
}

TEST_F(OtlpProtobuf, GzipIsUnpackedWithinTheLimit) {
    // gzip of {"resourceLogs":[]}
    auto const packed = *base64_decode("H4sIAAAAAAACA6tWKkotzi8tSk71yU8vVrKKjq0FAHCOHGgTAAAA");
    std::vector<HttpHeader> const json{{"Content-Type", "application/json"}, {"Content-Encoding", "GZIP"}};
    EXPECT_EQ(push(push_logs, packed, json).status, 200);
    EXPECT_EQ(push(push_logs, packed, {{"Content-Encoding", "gzip"}}).status, 400) << "JSON is no protobuf";
    auto const cut = push(push_logs, packed.substr(0, packed.size() - 1), json);
    EXPECT_EQ(cut.status, 400);
    EXPECT_EQ(target_of(cut), "Content-Encoding") << cut.body;
    auto const brotli = push(push_logs, packed, {{"Content-Encoding", "br"}});
    EXPECT_EQ(brotli.status, 415);
    EXPECT_EQ(find_header(brotli.headers, "Accept-Encoding"), "gzip, identity");
    auto const form = push(push_logs, "a=b", {{"Content-Type", "text/plain"}});
    EXPECT_EQ(message_of(form), "Content-Type must be application/json or application/x-protobuf");
    CloudSettings small;
    small.limits.body_bytes_max = 999;
    PublishedWorld narrow{small};
    auto const target = "/api/calm-logs/v1/logs?useCase=exm&serviceId=" + narrow.enroll("DEV").text();
    auto const thousand_blanks = *base64_decode("H4sIAAAAAAACA1NQGAWjYBQMdwAAguOTzegDAAA=");
    auto const bomb = push_at(narrow, target, thousand_blanks, json);
    EXPECT_EQ(bomb.status, 413);
    EXPECT_EQ(message_of(bomb), "Content-Encoding: the body unpacks to more than 999 bytes");
}

TEST_F(OtlpProtobuf, NothingThatIsAlmostGoodBreaksTheReader) {
    auto one = all_logs();
    for (auto& resource : one["resourceLogs"])
        for (auto& scope : resource["scopeLogs"])
            scope["logRecords"].erase(scope["logRecords"].begin() + 1, scope["logRecords"].end());
    ASSERT_EQ(world.ask("POST", push_logs, one).status, 200);
    ASSERT_EQ(world.ask("POST", push_metrics, all_metrics()).status, 200);
    Rng rng{7};
    std::map<int, int> answers;
    for (auto const& [target, good] :
         {std::pair{push_logs, binary(world, read_logs)}, {push_metrics, binary(world, read_metrics)}})
        for (int i = 0; i < 1'500; ++i) {
            auto body = good;
            for (auto changes = 1 + rng.below(4); changes > 0 && !body.empty(); --changes) {
                auto const at = rng.below(body.size());
                switch (rng.below(4)) {
                case 0: body[at] = static_cast<char>(rng.below(256)); break;
                case 1: body[at] = static_cast<char>(body[at] ^ 1 << rng.below(8)); break;
                case 2: body.erase(at, 1 + rng.below(8)); break;
                default: body.insert(at, body.substr(rng.below(body.size()), 1 + rng.below(8)));
                }
            }
            ++answers[push(target, body).status];
        }
    EXPECT_EQ(answers[200] + answers[400] + answers[413], 3'000);
    EXPECT_GT(answers[200], 100);
    EXPECT_GT(answers[400], 1'000);
}

} // namespace
} // namespace almd::test
