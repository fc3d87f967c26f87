// What a request and an idle connection cost: CPU of client and server thread, memory of the client's process.
#include "proto/http/certificates.hpp"
#include "proto/http/client.hpp"
#include "proto/http/server.hpp"

#include <benchmark/benchmark.h>

#include <csignal>
#include <ctime>
#include <fstream>
#include <future>
#include <malloc.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace almd;

class Answers200 : public HttpService {
public:
    Async<HttpResponse> serve(HttpRequest) override {
        HttpResponse response{200, R"({"useCaseVersion":1})"};
        response.headers.emplace_back("Content-Type", "application/json");
        co_return response;
    }
};

struct Certificates {
    WirePoint now{std::chrono::seconds{std::time(nullptr)}};
    KeyAndCertificate authority = make_authority("bench", now).value();
    KeyAndCertificate leaf;
    Certificates() {
        LeafRequest request;
        request.common_name = "bench";
        request.hosts = {"127.0.0.1"};
        leaf = issue(authority, request, now).value();
    }
};

Certificates const& certificates() {
    static Certificates const all;
    return all;
}

ServerSettings server_settings(bool tls) {
    ServerSettings settings;
    if (tls) settings.tls = TlsServerSettings{certificates().leaf.certificate_pem, certificates().leaf.key_pem, {}};
    return settings;
}

ClientSettings client_settings(std::uint16_t port, bool tls, ConnectionPolicy policy) {
    ClientSettings settings;
    settings.origin = Origin{tls, "127.0.0.1", port};
    settings.tls.system_roots = false;
    settings.tls.trusted_pem = {certificates().authority.certificate_pem};
    settings.policy = policy;
    settings.connections_max = 512;
    return settings;
}

/// A heartbeat's size: 400 bytes of JSON, a bearer of 1.2 KB.
HttpRequest push(std::uint32_t key) {
    HttpRequest request{"POST", "/api/standin/v1/systems/0d5ae1c7-5b0a-4b44-8f0e-0d5ae1c75b0a/heartbeat",
                        std::string(400, 'j')};
    request.headers.reserve(4);
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Authorization", "Bearer " + std::string(1200, 't'));
    request.headers.emplace_back("Idempotency-Key", "0d5ae1c7-5b0a-4b44-8f0e-0d5ae1c75b0b");
    request.headers.emplace_back("X-Correlation-Id", "0d5ae1c7-5b0a-4b44-8f0e-0d5ae1c75b0c");
    request.connection_key = key;
    return request;
}

struct Work {
    HttpClient& client;
    int left;
    std::uint64_t failed = 0;
};

Async<void> worker(Work* work, std::uint32_t key) {
    while (work->left-- > 0) {
        HttpRequest request = push(key);
        auto const answer = co_await work->client.send(std::move(request));
        if (!answer || answer->status != 200) ++work->failed;
    }
}

double cpu_seconds(clockid_t clock) {
    timespec at{};
    clock_gettime(clock, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

struct Cpu {
    double client = 0, server = 0;
    static Cpu now(clockid_t server_clock) { return {cpu_seconds(CLOCK_THREAD_CPUTIME_ID), cpu_seconds(server_clock)}; }
};

/// Runs `workers` at once on the client's shard: first one request each, for the handshakes, then `total` that count.
Async<void> drive(Shard* shard, Work* work, std::uint32_t workers, int total, clockid_t server_clock, Cpu* used) {
    Cpu before;
    for (int left : {static_cast<int>(workers), total}) {
        TaskGroup group{shard->io().get_executor()};
        before = Cpu::now(server_clock);
        work->left = left;
        for (std::uint32_t i = 0; i < workers; ++i) group.spawn(worker(work, i));
        co_await group.join();
    }
    auto const after = Cpu::now(server_clock);
    used->client += after.client - before.client;
    used->server += after.server - before.server;
    shard->stop();
}

void requests(benchmark::State& state, bool tls, ConnectionPolicy policy) {
    int const total = policy == ConnectionPolicy::per_push ? 2'000 : 40'000;
    auto const workers = static_cast<std::uint32_t>(state.range(0));
    Cpu used;
    double resumed = 0, count = 0, connects = 0;
    for (auto _ : state) {
        Shard server_shard{Shard::RealTime{}}, client_shard{Shard::RealTime{}};
        Answers200 service;
        auto const server = listen(server_shard, server_settings(tls), service).value();
        auto const client = make_socket_client(client_shard, client_settings(server->port(), tls, policy)).value();
        std::thread server_thread{[&] { server_shard.run(); }};
        clockid_t server_clock{};
        pthread_getcpuclockid(server_thread.native_handle(), &server_clock);

        Work work{*client, 0};
        client_shard.tasks().spawn(drive(&client_shard, &work, workers, total, server_clock, &used));
        client_shard.run();
        count += total;
        resumed += static_cast<double>(counters(*client).tls_resumed);
        connects += static_cast<double>(counters(*client).connects);
        if (work.failed > 0) state.SkipWithError("requests failed");
        server_shard.stop();
        server_thread.join();
    }
    state.counters["client_us"] = used.client / count * 1e6;
    state.counters["server_us"] = used.server / count * 1e6;
    state.counters["resumed"] = resumed / connects;
}
BENCHMARK_CAPTURE(requests, plain, false, ConnectionPolicy::pooled)
    ->Arg(1)
    ->Arg(64)
    ->Arg(512)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(requests, tls, true, ConnectionPolicy::pooled)
    ->Arg(1)
    ->Arg(64)
    ->Arg(512)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(requests, per_push, false, ConnectionPolicy::per_push)->Arg(16)->UseRealTime();
BENCHMARK_CAPTURE(requests, per_push_tls, true, ConnectionPolicy::per_push)->Arg(16)->UseRealTime();

double resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    double size = 0, resident = 0;
    statm >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// A server in a process of its own, so that the memory here is the client's alone.
class ServerProcess {
public:
    explicit ServerProcess(bool tls) {
        int ends[2];
        if (pipe(ends) != 0) std::abort();
        certificates(); // made before the fork: both need them
        child_ = fork();
        if (child_ == 0) serve(tls, ends[1]);
        if (read(ends[0], &port, sizeof port) != sizeof port) std::abort();
        close(ends[0]);
        close(ends[1]);
    }
    ~ServerProcess() {
        kill(child_, SIGTERM);
        waitpid(child_, nullptr, 0);
    }
    std::uint16_t port = 0;

private:
    [[noreturn]] static void serve(bool tls, int told) {
        Shard shard{Shard::RealTime{}};
        Answers200 service;
        auto const server = listen(shard, server_settings(tls), service).value();
        auto const port = server->port();
        if (write(told, &port, sizeof port) != sizeof port) std::abort();
        shard.run();
        std::_Exit(0);
    }
    pid_t child_ = 0;
};

struct Memory {
    double resident = 0, allocated = 0;
    static Memory now() { return {resident_bytes(), static_cast<double>(mallinfo2().uordblks)}; }
};

/// Opens connections up to `last`, each with one request behind it, and gives the slope from the 100th on.
Async<void> open_many(Shard* shard, HttpClient* client, std::uint32_t last, Memory* each) {
    Memory before;
    for (std::uint32_t key = 0; key <= last; ++key) {
        HttpRequest request = push(key);
        auto const answer = co_await client->send(std::move(request));
        if (!answer) std::abort();
        if (key == 100) before = Memory::now();
    }
    auto const after = Memory::now();
    *each = {(after.resident - before.resident) / (last - 100), (after.allocated - before.allocated) / (last - 100)};
    shard->stop();
}

void idle_connection(benchmark::State& state, bool tls) {
    Memory each;
    for (auto _ : state) {
        ServerProcess const server{tls};
        Shard shard{Shard::RealTime{}};
        auto const client =
            make_socket_client(shard, client_settings(server.port, tls, ConnectionPolicy::per_system)).value();
        shard.tasks().spawn(open_many(&shard, client.get(), static_cast<std::uint32_t>(state.range(0)), &each));
        shard.run();
    }
    state.counters["resident_each"] = each.resident;
    state.counters["allocated_each"] = each.allocated;
}
BENCHMARK_CAPTURE(idle_connection, plain, false)->Arg(1100)->Iterations(1);
BENCHMARK_CAPTURE(idle_connection, tls, true)->Arg(1100)->Iterations(1);
BENCHMARK_CAPTURE(idle_connection, tls, true)->Arg(8000)->Iterations(1);

void es256(benchmark::State& state, bool signing) {
    auto const key = Es256Key::generate();
    std::string const token(600, 't');
    auto const signature = key.sign(token);
    for (auto _ : state) {
        if (signing)
            benchmark::DoNotOptimize(key.sign(token));
        else
            benchmark::DoNotOptimize(key.verify(token, signature));
    }
}
BENCHMARK_CAPTURE(es256, sign, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(es256, verify, false)->Unit(benchmark::kMicrosecond);

void client_with_system_roots(benchmark::State& state) {
    Shard shard{Shard::RealTime{}};
    for (auto _ : state) {
        ClientSettings settings;
        settings.origin.host = "localhost";
        benchmark::DoNotOptimize(make_socket_client(shard, settings));
    }
}
BENCHMARK(client_with_system_roots)->Unit(benchmark::kMicrosecond);

} // namespace
