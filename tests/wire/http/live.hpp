// Real sockets on 127.0.0.1 for tests: shards on threads of their own, services that misbehave on demand, raw peers.
#pragma once

#include "proto/http/certificates.hpp"
#include "proto/http/client.hpp"
#include "proto/http/server.hpp"
#include "simulator/kernel/suspended.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <thread>

namespace almd::live {

/// Longer than anything here takes, also under sanitizers on a busy machine.
inline constexpr std::chrono::seconds patience{60};

template <class T>
T get(std::future<T> future) {
    if (future.wait_for(patience) != std::future_status::ready) {
        ADD_FAILURE() << "nothing came within the test's patience";
        std::abort(); // the coroutine hangs: nothing after this could be trusted
    }
    return future.get();
}

/// A shard that runs on its own thread. What is made on it must be declared after it and before nothing else of it.
class LiveShard {
public:
    LiveShard()
        : thread_{[this] { shard_.run(); }} {}
    ~LiveShard() { stop(); }

    Shard& operator*() { return shard_; }
    void stop() {
        shard_.stop();
        if (thread_.joinable()) thread_.join();
    }
    /// Runs `what` on the shard's thread and gives its result.
    template <class F>
    auto call(F what) {
        using R = std::invoke_result_t<F>;
        auto task = std::make_shared<std::packaged_task<R()>>(std::move(what));
        auto result = task->get_future();
        net::post(shard_.io(), [task] { (*task)(); });
        return get(std::move(result));
    }
    WirePoint now() {
        return call([this] { return shard_.wire().now(); });
    }
    template <class T>
    std::future<T> start(Async<T> work) {
        auto promise = std::make_shared<std::promise<T>>();
        auto result = promise->get_future();
        call([&] { shard_.tasks().spawn(keep_promise(std::move(work), promise)); });
        return result;
    }
    template <class T>
    T wait(Async<T> work) {
        return get(start(std::move(work)));
    }

private:
    template <class T>
    static Async<void> keep_promise(Async<T> work, std::shared_ptr<std::promise<T>> promise) {
        T value = co_await std::move(work);
        promise->set_value(std::move(value));
    }

    Shard shard_{Shard::RealTime{}};
    std::thread thread_;
};

/// Answers by path; "/hold" waits until release(). Used on one shard's thread only, but for the counters' readers.
class TestService : public HttpService {
public:
    explicit TestService(Shard& shard)
        : shard_{shard} {}

    Async<HttpResponse> serve(HttpRequest request) override {
        seen.push_back(request);
        ++running;
        most_running = std::max(most_running, running);
        if (request.target == "/hold") {
            ++held;
            co_await hold();
            --held;
        }
        --running;
        if (request.target == "/throw") throw std::runtime_error("the service's own trouble");
        HttpResponse response{200, request.method + " " + request.target + " " + request.body};
        response.headers.emplace_back("X-Peer", request.peer_certificate_pem.empty() ? "none" : "known");
        if (request.target == "/reset") response.delivery = Delivery::reset;
        if (request.target == "/close") response.delivery = Delivery::close;
        if (request.target == "/close-mid-body") response.delivery = Delivery::close_mid_body;
        if (request.target == "/dribble") response.dribble = 200ms;
        if (request.target == "/no-content") co_return HttpResponse{204};
        if (request.target.starts_with("/big")) response.body.assign(std::stoul(request.target.substr(5)), 'x');
        co_return response;
    }
    /// Lets the oldest held request go on.
    void release() {
        ASSERT_FALSE(holding_.empty());
        auto first = std::move(holding_.front());
        holding_.pop_front();
        net::post(shard_.io(), std::move(first));
    }

    std::vector<HttpRequest> seen;
    int running = 0, most_running = 0, held = 0;

private:
    Async<void> hold() {
        return suspend<>([this](Suspended<> self) { holding_.push_back(std::move(self)); });
    }
    Shard& shard_;
    std::deque<Suspended<>> holding_;
};

/// Asks on the shard until the condition is true: progress is waited for, never slept for. False: it never came true.
inline bool until(LiveShard& shard, std::function<bool()> condition) {
    auto const end = shard.now() + patience;
    while (!shard.call(condition)) {
        if (shard.now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

// ---- certificates for all tests of a process

struct Certificates {
    WirePoint now = Shard{Shard::RealTime{}}.wire().now();
    KeyAndCertificate authority = make_authority("Test authority", now).value();
    KeyAndCertificate other_authority = make_authority("Another authority", now).value();
    KeyAndCertificate server = leaf(authority, {"localhost", "127.0.0.1"}, false);
    KeyAndCertificate elsewhere = leaf(authority, {"elsewhere.example"}, false);
    KeyAndCertificate client = leaf(authority, {}, true);
    KeyAndCertificate other_client = leaf(other_authority, {}, true);

private:
    KeyAndCertificate leaf(KeyAndCertificate const& by, std::vector<std::string> hosts, bool for_client) const {
        LeafRequest request;
        request.common_name = for_client ? "test client" : "test server";
        request.hosts = std::move(hosts);
        request.client = for_client;
        return issue(by, request, now).value();
    }
};

inline Certificates const& certificates() {
    static Certificates const all;
    return all;
}

inline ServerSettings tls_server(KeyAndCertificate const& leaf, std::string client_roots = {}) {
    ServerSettings settings;
    settings.tls = TlsServerSettings{leaf.certificate_pem, leaf.key_pem, std::move(client_roots)};
    return settings;
}

inline ClientSettings client_of(std::uint16_t port, bool tls, std::string host = "127.0.0.1") {
    ClientSettings settings;
    settings.origin = Origin{tls, std::move(host), port};
    settings.tls.system_roots = false;
    if (tls) settings.tls.trusted_pem = {certificates().authority.certificate_pem};
    return settings;
}

inline HttpRequest post(std::string target, std::string body = "body") {
    HttpRequest request{"POST", std::move(target), std::move(body)};
    request.headers.emplace_back("Content-Type", "text/plain");
    return request;
}

/// One shard with a server and clients on it.
class LiveTest : public ::testing::Test {
protected:
    ~LiveTest() override { shard.stop(); } // before what runs on it goes

    HttpServer& serve(ServerSettings settings) {
        return *shard.call([&] {
            auto made = listen(*shard, std::move(settings), service);
            EXPECT_TRUE(made) << made.error().context;
            return servers.emplace_back(*std::move(made)).get();
        });
    }
    HttpClient& connect(ClientSettings settings) {
        return *shard.call([&] {
            auto made = make_socket_client(*shard, std::move(settings));
            EXPECT_TRUE(made) << made.error().context;
            return clients.emplace_back(*std::move(made)).get();
        });
    }
    Result<HttpResponse> ask(HttpClient& client, HttpRequest request) {
        return shard.wait(client.send(std::move(request)));
    }
    std::future<Result<HttpResponse>> start(HttpClient& client, HttpRequest request) {
        return shard.start(client.send(std::move(request)));
    }

    LiveShard shard;
    TestService service{*shard};
    std::vector<std::unique_ptr<HttpServer>> servers;
    std::vector<std::unique_ptr<HttpClient>> clients;
};

// ---- raw peers: blocking sockets on the test's own thread

class RawConnection {
public:
    explicit RawConnection(std::uint16_t port)
        : socket_{io()} {
        socket_.connect({net::ip::address_v4::loopback(), port});
    }
    explicit RawConnection(net::ip::tcp::socket socket)
        : socket_{std::move(socket)} {}

    void send(std::string_view bytes) {
        boost::system::error_code ignored;
        net::write(socket_, net::buffer(bytes), ignored);
    }
    /// Everything until the other side closes or resets.
    std::string read_all(boost::system::error_code* how = nullptr) {
        std::string all;
        boost::system::error_code error;
        net::read(socket_, net::dynamic_buffer(all), error);
        if (how != nullptr) *how = error;
        return all;
    }
    std::string read_until(std::string_view end) {
        std::string all;
        char byte;
        boost::system::error_code error;
        while (!all.ends_with(end) && net::read(socket_, net::buffer(&byte, 1), error) == 1) all += byte;
        return all;
    }
    /// The head of a request or an answer.
    std::string read_head() { return read_until("\r\n\r\n"); }
    std::string read_exactly(std::size_t bytes) {
        std::string all(bytes, '\0');
        boost::system::error_code error;
        all.resize(net::read(socket_, net::buffer(all), error));
        return all;
    }
    void end_sending() { socket_.shutdown(net::ip::tcp::socket::shutdown_send); }
    void close() { socket_.close(); }
    net::ip::tcp::socket& socket() { return socket_; }

    static net::io_context& io() {
        static net::io_context context;
        return context;
    }

private:
    net::ip::tcp::socket socket_;
};

/// A server that follows a script: one step for each connection, in order.
class RawServer {
public:
    using Script = std::function<void(RawConnection&)>;

    explicit RawServer(std::vector<Script> scripts)
        : acceptor_{io_, {net::ip::address_v4::loopback(), 0}}
        , thread_{[this, scripts = std::move(scripts)] {
            for (auto const& script : scripts) {
                boost::system::error_code error;
                net::ip::tcp::socket socket{io_};
                acceptor_.accept(socket, error);
                if (error) return;
                RawConnection connection{std::move(socket)};
                script(connection);
            }
        }} {}
    ~RawServer() {
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR); // wakes a blocked accept
        thread_.join();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    net::io_context io_;
    net::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

} // namespace almd::live
