// What a call costs behind the socket: token, contract, journal, row. And what the contract costs when it is compiled.
#include "proto/messages/heartbeat.hpp"
#include "proto/messages/registration.hpp"
#include "proto/schema/openapi.hpp"
#include "simulator/cloud/cloud.hpp"
#include "simulator/cloud/request_contract.hpp"
#include "simulator/kernel/rng.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

namespace {

using namespace almd;

/// One registered system, called in process.
struct Door {
    explicit Door(CloudSettings settings)
        : cloud{shard, std::move(settings)} {
        auto const key = *cloud.service_key("https://localhost:8443");
        HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials"};
        request.headers.emplace_back("Authorization", "Basic " + base64(key.client_id + ":" + key.client_secret));
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        bearer = "Bearer " + nlohmann::json::parse(call(std::move(request)).body)["access_token"].get<std::string>();
        auto message = sample::registration();
        auto const answer = call(post("/api/landscape-management/v1/Registration", encode(message)));
        beat.client = message.client;
        path =
            "/api/standin/v1/systems/" + decode_registration_answer(answer.body).value().lms_id.text() + "/heartbeat";
    }

    HttpRequest post(std::string target, std::string body) {
        HttpRequest request{"POST", std::move(target), std::move(body)};
        ++calls;
        request.headers.emplace_back("Authorization", bearer);
        request.headers.emplace_back("Content-Type", "application/json");
        request.headers.emplace_back("Idempotency-Key", Uuid::from_hash(mix(calls), calls).text());
        request.headers.emplace_back("X-Correlation-Id", "42");
        return request;
    }

    HttpResponse call(HttpRequest request) {
        std::optional<HttpResponse> answer;
        shard.tasks().spawn(fetch(cloud.dialogue(), std::move(request), answer));
        while (!answer && shard.step()) {
        }
        return answer.value_or(HttpResponse{0});
    }

    static Async<void> fetch(HttpService& service, HttpRequest request, std::optional<HttpResponse>& answer) {
        answer = co_await service.serve(std::move(request));
    }

    Shard shard{Shard::VirtualTime{*parse_rfc3339("2026-03-01T06:00:00Z")}};
    Cloud cloud;
    std::string bearer, path;
    Heartbeat beat = sample::heartbeat();
    std::uint64_t calls = 0;
};

void serve_heartbeats(benchmark::State& state, bool validate, bool journal) {
    CloudSettings settings;
    settings.validate = validate;
    if (!journal) settings.limits.journal_entries_max = 0;
    Door door{std::move(settings)};
    std::uint32_t sequence = 0;
    for (auto _ : state) {
        door.beat.sequence = ++sequence;
        auto const answer = door.call(door.post(door.path, encode(door.beat)));
        if (answer.status != 200) state.SkipWithError(answer.body.c_str());
    }
}
BENCHMARK_CAPTURE(serve_heartbeats, validated_and_noted, true, true);
BENCHMARK_CAPTURE(serve_heartbeats, validated, true, false);
BENCHMARK_CAPTURE(serve_heartbeats, noted, false, true);
BENCHMARK_CAPTURE(serve_heartbeats, plain, false, false);

void check_heartbeat_against_the_contract(benchmark::State& state) {
    Door door{CloudSettings{}};
    auto const request = door.post(door.path, encode(door.beat));
    auto const& contract = RequestContract::standin();
    for (auto _ : state) benchmark::DoNotOptimize(contract.check(CloudOperation::heartbeat, request, ""));
}
BENCHMARK(check_heartbeat_against_the_contract);

void compile_the_contract(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(read_openapi(nlohmann::json::parse(standin_requests())));
    }
}
BENCHMARK(compile_the_contract)->Unit(benchmark::kMillisecond);

} // namespace
