// The contract checker finds what breaks the contract, and what our codecs write never does.
#include "proto/http/router.hpp"
#include "proto/messages/api_error.hpp"
#include "proto/schema/document.hpp"
#include "tests/support/contract/contract_checker.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace almd {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr std::string_view uuid = "710b9573-5f47-4de6-b761-070626300001";

HttpRequest call(std::string method, std::string_view target, std::string body = {}) {
    bool write = method != "GET";
    HttpRequest request{std::move(method), std::string{target}, std::move(body)};
    request.headers.emplace_back("authorization", "Bearer aaa.bbb.ccc");
    request.headers.emplace_back("X-Correlation-Id", "c-1");
    if (write) request.headers.emplace_back("Idempotency-Key", std::string{uuid});
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    return request;
}

std::string system_path(std::string_view rest) {
    return "/api/standin/v1/systems/" + std::string{uuid} + "/" + std::string{rest};
}

constexpr char const* registration_path = "/api/landscape-management/v1/Registration";

TEST(Contract, DescribesTheRowsOfTheStandIn) {
    EXPECT_THAT(standin_contract().operations(), ::testing::UnorderedElementsAreArray({"token",
                                                                                       "tokenByQuery",
                                                                                       "register",
                                                                                       "unregister",
                                                                                       "heartbeat",
                                                                                       "useCases",
                                                                                       "reportActivation",
                                                                                       "discovery",
                                                                                       "diagnostics",
                                                                                       "landscape",
                                                                                       "transports",
                                                                                       "pollWork",
                                                                                       "workResult",
                                                                                       "checkResult",
                                                                                       "tokenKeys",
                                                                                       "tokenKeysWellKnown",
                                                                                       "listFeatures",
                                                                                       "createFeature",
                                                                                       "readFeature",
                                                                                       "changeFeature",
                                                                                       "deleteFeature",
                                                                                       "featureTransports",
                                                                                       "featureTransportReferences",
                                                                                       "featureUrlReferences",
                                                                                       "addUrlReference",
                                                                                       "listUrlReferences",
                                                                                       "createUrlReference",
                                                                                       "featureExternalReferences",
                                                                                       "addExternalReference",
                                                                                       "listExternalReferences",
                                                                                       "createExternalReference",
                                                                                       "readUrlReference",
                                                                                       "deleteUrlReference",
                                                                                       "readExternalReference",
                                                                                       "deleteExternalReference",
                                                                                       "featureStatus",
                                                                                       "featurePriorities",
                                                                                       "listTransports",
                                                                                       "featureOfTransport",
                                                                                       "featuresMetadata",
                                                                                       "listProjects",
                                                                                       "readProject",
                                                                                       "projectTimeboxes",
                                                                                       "projectTeams",
                                                                                       "listPrograms",
                                                                                       "readProgram",
                                                                                       "deploymentPlans",
                                                                                       "systemGroups",
                                                                                       "listTasks",
                                                                                       "createTask",
                                                                                       "readTask",
                                                                                       "changeTask",
                                                                                       "deleteTask",
                                                                                       "deliverables",
                                                                                       "workstreams",
                                                                                       "landscapeObjects",
                                                                                       "landscapeProperties",
                                                                                       "statusEvents",
                                                                                       "analyticsProviders",
                                                                                       "analyticsData",
                                                                                       "analyticsSet",
                                                                                       "analyticsService",
                                                                                       "analyticsMetadata",
                                                                                       "analyticsCount",
                                                                                       "readMetrics",
                                                                                       "pushMetrics",
                                                                                       "readLogs",
                                                                                       "pushLogs",
                                                                                       "connectionTest"}));
}

TEST(Contract, WhatTheCodecsWriteIsInIt) {
    struct Row {
        HttpRequest request;
        HttpResponse answer;
    };
    HttpResponse const no_content{204};
    HttpResponse selection = json_response(200, encode(sample::use_case_selection()));
    selection.headers.emplace_back("ETag", "\"3\"");
    Row const rows[] = {
        {call("POST", registration_path, encode(sample::registration())),
         json_response(201, encode(sample::registration_answer()))},
        {call("DELETE", std::string{registration_path} + "/" + std::string{uuid}), no_content},
        {call("POST", system_path("heartbeat"), encode(sample::heartbeat())),
         json_response(200, encode(HeartbeatAnswer{3}))},
        {call("POST", system_path("heartbeat"), encode(Heartbeat{})), json_response(200, encode(HeartbeatAnswer{}))},
        {call("GET", system_path("usecases")), selection},
        {call("GET", system_path("usecases")), HttpResponse{304}},
        {call("PUT", system_path("usecases/Transports%3A%20Read"), encode(sample::use_case_activation())),
         json_response(200, "{}")},
        {call("POST", system_path("discovery"), encode(sample::discovery())), no_content},
        {call("POST", system_path("discovery"), encode(Discovery{})), no_content},
        {call("POST", system_path("cdm/diagnostics"), encode(sample::diagnostics())), no_content},
        {call("PUT", system_path("cdm/landscape"), encode(sample::landscape())), no_content},
        {call("POST", system_path("cdm/transports"), encode(sample::transports_push())),
         json_response(200, encode(sample::transports_answer()))},
        {call("POST", system_path("cdm/transports"), encode(TransportsPush{})),
         json_response(200, encode(sample::transports_answer()))},
        {call("GET", system_path("cdm/work?kinds=import,check&client=000&max=50")),
         json_response(200, encode(sample::work_list()))},
        {call("GET", system_path("cdm/work")), json_response(200, encode(WorkList{}))},
        {call("POST", system_path("cdm/work/" + std::string{uuid} + "/result"), encode(sample::work_result())),
         no_content},
        {call("POST", system_path("cdm/work/" + std::string{uuid} + "/result"), encode(WorkResult{})), no_content},
        {call("GET", "/"), error_response(400, "BAD_REQUEST", "the connection works")},
        {call("POST", system_path("heartbeat"), encode(Heartbeat{})),
         json_response(404, encode(ApiError{"SYSTEM_UNKNOWN", "no such system", ""}))},
    };
    for (Row const& row : rows) {
        EXPECT_THAT(standin_contract().check(row.request, row.answer), IsEmpty());
        EXPECT_NE(standin_contract().operation_of(row.request), "");
    }
}

TEST(Contract, TokenRequestsAreTakenInAllTheirForms) {
    HttpResponse const token = json_response(200, encode(sample::token_answer()));
    HttpResponse const refused =
        json_response(401, R"({"error":"invalid_client","error_description":"Bad credentials"})");
    for (std::string const target : {"/oauth/token", "/oauth/token/"}) {
        HttpRequest post{"POST", target, "grant_type=client_credentials&client_id=a%7Cb%21c"};
        post.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        EXPECT_THAT(standin_contract().check(post, token), IsEmpty());
        EXPECT_THAT(standin_contract().check(post, refused), IsEmpty());
        EXPECT_THAT(standin_contract().check(HttpRequest{"GET", target + "?grant_type=client_credentials"}, token),
                    IsEmpty());
        EXPECT_THAT(standin_contract().check(
                        HttpRequest{"POST", target + "?grant_type=client_credentials&response_type=token"}, token),
                    IsEmpty());
    }
    HttpRequest wrong{"POST", "/oauth/token", "grant_type=password"};
    wrong.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    EXPECT_THAT(standin_contract().check_request(wrong), ElementsAre(HasSubstr("grant_type: is \"password\"")));
}

TEST(Contract, EveryBreachOfARequestIsFound) {
    auto const& contract = standin_contract();
    auto beat = [](std::string body) { return call("POST", system_path("heartbeat"), std::move(body)); };
    EXPECT_THAT(contract.check_request(call("GET", "/nowhere")),
                ElementsAre(HasSubstr("method and path are not described")));
    EXPECT_THAT(contract.check_request(call("DELETE", system_path("heartbeat"))),
                ElementsAre(HasSubstr("not described")));
    EXPECT_THAT(contract.check_request(beat("{")),
                ElementsAre(HasSubstr("request body: is not JSON: line 1, column 2")));
    EXPECT_THAT(contract.check_request(beat("")), ElementsAre(HasSubstr("the request body is missing")));
    json message = json::parse(encode(sample::heartbeat()));
    message["sequence"] = 0;
    message["jobs"][0]["lastEnd"] = "2026-11-22T08:56:24Z";
    message.erase("client");
    message["extra"] = 1;
    EXPECT_THAT(contract.check_request(beat(message.dump())),
                UnorderedElementsAre(HasSubstr("sequence: is 0 (a number)"), HasSubstr("jobs[0].lastEnd: is"),
                                     HasSubstr("client: is missing"), HasSubstr("extra: unknown key")));
    std::string twice = encode(sample::heartbeat());
    twice.insert(1, R"("sequence":1,)");
    EXPECT_THAT(contract.check_request(beat(twice)), ElementsAre(HasSubstr("sequence: is given twice")));

    HttpRequest bare{"POST", system_path("heartbeat"), encode(Heartbeat{})};
    EXPECT_THAT(contract.check_request(bare),
                UnorderedElementsAre(HasSubstr("header parameter Idempotency-Key is missing"),
                                     HasSubstr("header parameter X-Correlation-Id is missing"),
                                     HasSubstr("the header Authorization must be"),
                                     HasSubstr("Content-Type  is not described")));
    EXPECT_THAT(contract.check_request(call("GET", "/api/standin/v1/systems/DEV/usecases")),
                ElementsAre(HasSubstr("path parameter lmsId: $: is \"DEV\"")));
    EXPECT_THAT(
        contract.check_request(call("GET", system_path("cdm/work?kinds=import,dance&max=0&color=red&client=1"))),
        UnorderedElementsAre(
            HasSubstr("query parameter kinds: [1]: is \"dance\""), HasSubstr("query parameter max: $: is 0"),
            HasSubstr("query parameter color is not described"), HasSubstr("query parameter client: $: is \"1\"")));
    EXPECT_THAT(contract.check_request(call("GET", system_path("usecases"), "{}")),
                ElementsAre(HasSubstr("a request body is not described")));
}

TEST(Contract, EveryBreachOfAnAnswerIsFound) {
    auto const& contract = standin_contract();
    HttpRequest const beat = call("POST", system_path("heartbeat"), encode(Heartbeat{}));
    auto breaches = [&](HttpResponse const& answer) { return contract.check(beat, answer); };
    EXPECT_THAT(breaches(HttpResponse{299}), ElementsAre(HasSubstr("status 299 is not described")));
    EXPECT_THAT(breaches(json_response(200, "{}")), ElementsAre(HasSubstr("body of 200: useCaseVersion: is missing")));
    EXPECT_THAT(breaches(json_response(200, "<html>")), ElementsAre(HasSubstr("body of 200: is not JSON")));
    EXPECT_THAT(breaches(HttpResponse{200, R"({"useCaseVersion":1})"}),
                ElementsAre(HasSubstr("Content-Type  is not described")));
    EXPECT_THAT(breaches(error_response(429, "SLOW_DOWN", "later")),
                ElementsAre(HasSubstr("429 without the header Retry-After")));
    EXPECT_THAT(breaches(json_response(400, R"({"error":{"code":"lower","message":"x"}})")),
                UnorderedElementsAre(HasSubstr("error.code: is \"lower\""), HasSubstr("error.target: is missing")));
    EXPECT_THAT(contract.check(call("POST", system_path("discovery"), encode(Discovery{})), HttpResponse{204, "x"}),
                ElementsAre(HasSubstr("body of 204 must be empty")));
    EXPECT_THAT(contract.check(call("GET", system_path("usecases")), json_response(200, encode(UseCaseSelection{}))),
                ElementsAre(HasSubstr("200 without the header ETag")));
}

TEST(Contract, ItsExamplesAreTrue) {
    auto document = Document::load(ALMD_SOURCE_DIR "/proto/openapi/standin.yaml");
    ASSERT_TRUE(document);
    std::size_t checked = 0;
    for (auto const& [path, methods] : document->value()["paths"].items()) {
        for (auto const& [method, operation] : methods.items()) {
            if (!operation.contains("requestBody") || path == "/oauth/token") continue;
            std::string target = path;
            for (std::string const name : {"{lmsId}", "{workId}", "{task}", "{uuid}", "{id}"})
                if (auto at = target.find(name); at != std::string::npos) target.replace(at, name.size(), uuid);
            std::string upper = method == "post" ? "POST" : method == "patch" ? "PATCH" : "PUT";
            std::string body = operation["requestBody"]["content"]["application/json"]["example"].dump();
            EXPECT_THAT(standin_contract().check_request(call(upper, target, body)), IsEmpty());
            ++checked;
        }
    }
    EXPECT_EQ(checked, 20U);
}

class EchoService : public HttpService {
public:
    Async<HttpResponse> serve(HttpRequest request) override {
        HttpResponse answer =
            json_response(200, request.body == encode(Heartbeat{}) ? encode(HeartbeatAnswer{1}) : "[]");
        if (request.target.ends_with("discovery")) answer.delivery = Delivery::reset;
        co_return answer;
    }
};

template <class T>
T run(Async<T> task) {
    net::io_context context;
    auto result = net::co_spawn(context, std::move(task), net::use_future);
    context.run();
    return result.get();
}

TEST(CheckingClientAndService, RecordWhatPassesThroughAndChangeNothing) {
    EchoService service;
    CheckingService checked_service{service, standin_contract()};
    InProcessClient in_process{checked_service};
    CheckingClient client{in_process, standin_contract()};
    auto answer = run(client.send(call("POST", system_path("heartbeat"), encode(Heartbeat{}))));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, encode(HeartbeatAnswer{1}));
    EXPECT_THAT(client.violations(), IsEmpty());
    run(client.send(call("POST", system_path("heartbeat"), encode(sample::heartbeat()))));
    EXPECT_THAT(client.violations(), ElementsAre(HasSubstr("body of 200: $: is a list of 0 elements")));
    EXPECT_EQ(client.violations(), checked_service.violations());
    EXPECT_FALSE(run(client.send(call("POST", system_path("discovery"), encode(Discovery{})))));
    EXPECT_EQ(client.violations().size(), 1U) << "an answer that never came is not checked";
    EXPECT_THAT(client.checked(), UnorderedElementsAre(Pair("heartbeat", 2), Pair("discovery", 1)));
    EXPECT_EQ(client.checked(), checked_service.checked());

    CheckingClient only_requests{in_process, standin_contract(), CheckedSides::requests_only};
    run(only_requests.send(call("POST", system_path("heartbeat"), encode(sample::heartbeat()))));
    EXPECT_THAT(only_requests.violations(), IsEmpty());
}

} // namespace
} // namespace almd
