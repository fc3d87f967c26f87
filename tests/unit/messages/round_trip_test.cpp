// Every message survives its own codec, and looks on the wire exactly like its golden file.
#include "proto/messages/api_error.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace almd {
namespace {

/// Compact JSON, broken into lines by its own structure so that a diff shows the field that moved.
std::string in_lines(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool quoted = false, escaped = false;
    auto line = [&] { out.append("\n").append(depth * 2, ' '); };
    for (char c : json) {
        bool closes = !quoted && (c == '}' || c == ']');
        bool empty = closes && (out.back() == '{' || out.back() == '[');
        if (closes) --depth;
        bool opened = !quoted && !out.empty() && (out.back() == '{' || out.back() == '[');
        if ((closes && !empty) || (opened && !closes)) line();
        out += c;
        if (c == '"' && !escaped) quoted = !quoted;
        escaped = quoted && c == '\\' && !escaped;
        if (!quoted && (c == '{' || c == '[')) ++depth;
        if (!quoted && c == ',') line();
    }
    return out + "\n";
}

void expect_golden(std::string const& name, std::string_view json) {
    std::string path = std::string{ALMD_SOURCE_DIR} + "/tests/golden/messages/" + name + ".json";
    std::string actual = in_lines(json);
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path} << actual;
    std::ifstream file{path};
    std::stringstream expected;
    expected << file.rdbuf();
    EXPECT_EQ(actual, expected.str()) << path << " (UPDATE_GOLDEN=1 rewrites it)";
}

template <class T, class Decode>
void expect_round_trip(std::string const& name, T const& message, Decode decode_message) {
    std::string json = encode(message);
    expect_golden(name, json);
    auto decoded = decode_message(json);
    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(encode(*decoded), json);
}

TEST(Messages, EveryOneSurvivesItsCodecAndLooksLikeItsGoldenFile) {
    expect_round_trip("registration", sample::registration(), decode_registration);
    expect_round_trip("registration_answer", sample::registration_answer(), decode_registration_answer);
    expect_round_trip("heartbeat", sample::heartbeat(), decode_heartbeat);
    expect_round_trip("heartbeat_answer", HeartbeatAnswer{7}, decode_heartbeat_answer);
    expect_round_trip("use_case_selection", sample::use_case_selection(), decode_use_case_selection);
    expect_round_trip("use_case_activation", sample::use_case_activation(), decode_use_case_activation);
    expect_round_trip("discovery", sample::discovery(), decode_discovery);
    expect_round_trip("diagnostics", sample::diagnostics(), decode_diagnostics);
    expect_round_trip("landscape", sample::landscape(), decode_landscape_push);
    expect_round_trip("transports_push", sample::transports_push(), decode_transports_push);
    expect_round_trip("transports_answer", sample::transports_answer(), decode_transports_answer);
    expect_round_trip("work_list", sample::work_list(), decode_work_list);
    expect_round_trip("work_result", sample::work_result(), decode_work_result);
    expect_round_trip("check_result", sample::check_result(), decode_check_result);
    expect_round_trip("token_answer", sample::token_answer(), decode_token_answer);
    expect_round_trip("service_key", sample::service_key(), parse_service_key);
}

TEST(Messages, EmptyOnesSendEveryFieldAndNullWhereThereIsNoValue) {
    expect_round_trip("heartbeat_empty", Heartbeat{}, decode_heartbeat);
    expect_round_trip("discovery_empty", Discovery{}, decode_discovery);
    expect_round_trip("diagnostics_empty", Diagnostics{}, decode_diagnostics);
    expect_round_trip("transports_push_empty", TransportsPush{}, decode_transports_push);
    expect_round_trip("work_list_empty", WorkList{}, decode_work_list);
    expect_round_trip("work_result_empty", WorkResult{}, decode_work_result);
    expect_round_trip("check_result_empty", CheckResult{}, decode_check_result);
}

TEST(Messages, ARoundTripKeepsTheValuesNotOnlyTheText) {
    auto result = decode_work_result(encode(sample::work_result()));
    ASSERT_TRUE(result);
    EXPECT_EQ(*result, sample::work_result());
    auto check = decode_check_result(encode(sample::check_result()));
    ASSERT_TRUE(check);
    EXPECT_EQ(*check, sample::check_result());
    auto push = decode_transports_push(encode(sample::transports_push()));
    ASSERT_TRUE(push);
    EXPECT_EQ(push->transports[0].text, "Überarbeitung \"Preise\"\n");
    EXPECT_EQ(push->transports[0].imports[0].return_code, TpReturnCode{4});
    EXPECT_EQ(push->transports[1].parent, sample::request());
    EXPECT_EQ(push->transports[1].released_at, std::nullopt);
    auto work = decode_work_list(encode(sample::work_list()));
    ASSERT_TRUE(work);
    EXPECT_EQ(work->items[1].parameters.at("text"), "New \\ prices");
    EXPECT_EQ(work->items[0].subset, Uuid::from_hash(7, 8));
}

TEST(Messages, TextThatIsNotUtf8IsSentAsReplacementCharacters) {
    Heartbeat beat;
    beat.agent_version = "a\xff\xc3(\x01\x7f";
    auto decoded = decode_heartbeat(encode(beat));
    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(decoded->agent_version, "a\xef\xbf\xbd\xef\xbf\xbd(\x01\x7f");
}

TEST(ApiErrors, AreReadInOurFormInTheTokenServersFormAndAsForeignText) {
    auto ours = decode_api_error(encode(ApiError{"SYSTEM_UNREGISTERED", "The system is not registered.", ""}));
    EXPECT_EQ(ours.code, "SYSTEM_UNREGISTERED");
    EXPECT_EQ(ours.message, "The system is not registered.");
    EXPECT_EQ(ours.target, "");
    auto token = decode_api_error(R"({"error":"invalid_client","error_description":"Bad credentials"})");
    EXPECT_EQ(token.code, "invalid_client");
    EXPECT_EQ(token.message, "Bad credentials");
    auto proxy = decode_api_error("<html>\r\n<b>407</b>\x01\xff " + std::string(1000, 'x'));
    EXPECT_EQ(proxy.code, "");
    EXPECT_TRUE(proxy.message.starts_with("<html> <b>407</b> xxx"));
    EXPECT_LE(proxy.message.size(), 203U);
    EXPECT_EQ(decode_api_error("").message, "");
}

} // namespace
} // namespace almd
