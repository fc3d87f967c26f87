// What the most frequent message costs: writing, reading and validating a heartbeat; a full transports push beside it.
#include "proto/schema/document.hpp"
#include "proto/schema/validator.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

namespace {

using namespace almd;

void encode_heartbeat(benchmark::State& state) {
    Heartbeat const beat = sample::heartbeat();
    for (auto _ : state) benchmark::DoNotOptimize(encode(beat));
}
BENCHMARK(encode_heartbeat);

void decode_heartbeat_strictly(benchmark::State& state) {
    std::string const text = encode(sample::heartbeat());
    for (auto _ : state) benchmark::DoNotOptimize(decode_heartbeat(text));
}
BENCHMARK(decode_heartbeat_strictly);

void parse_heartbeat_as_tree(benchmark::State& state) {
    std::string const text = encode(sample::heartbeat());
    for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(text));
}
BENCHMARK(parse_heartbeat_as_tree);

void validate_heartbeat(benchmark::State& state) {
    auto const contract = Document::load(ALMD_SOURCE_DIR "/proto/openapi/standin.yaml").value();
    auto const validator = Validator::compile(contract.value(), "#/components/schemas/Heartbeat").value();
    auto const beat = nlohmann::json::parse(encode(sample::heartbeat()));
    for (auto _ : state) benchmark::DoNotOptimize(validator.check(beat));
}
BENCHMARK(validate_heartbeat);

void accept_heartbeat(benchmark::State& state) {
    auto const contract = Document::load(ALMD_SOURCE_DIR "/proto/openapi/standin.yaml").value();
    auto const validator = Validator::compile(contract.value(), "#/components/schemas/Heartbeat").value();
    std::string const text = encode(sample::heartbeat());
    for (auto _ : state) benchmark::DoNotOptimize(validator.accepts(JsonText::parse(text).value()));
}
BENCHMARK(accept_heartbeat);

TransportsPush full_push() {
    TransportsPush push;
    push.transports.assign(transports_per_push_max, sample::transports_push().transports.front());
    return push;
}

void encode_500_transports(benchmark::State& state) {
    TransportsPush const push = full_push();
    for (auto _ : state) benchmark::DoNotOptimize(encode(push));
}
BENCHMARK(encode_500_transports)->Unit(benchmark::kMicrosecond);

void decode_500_transports(benchmark::State& state) {
    std::string const text = encode(full_push());
    for (auto _ : state) benchmark::DoNotOptimize(decode_transports_push(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(decode_500_transports)->Unit(benchmark::kMicrosecond);

} // namespace
