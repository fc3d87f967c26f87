// Client and server together over plain TCP: values go in and come out, connections are kept and shared.
#include "tests/wire/http/live.hpp"

namespace almd::live {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Plain : public LiveTest {};

TEST_F(Plain, ARequestArrivesAsItWasSentAndTheAnswerToo) {
    auto& client = connect(client_of(serve({}).port(), false));
    auto request = post("/a/b?c=%20d", "the body");
    request.headers.emplace_back("X-Correlation-Id", "42");
    auto const answer = ask(client, request);
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /a/b?c=%20d the body");
    EXPECT_EQ(find_header(answer->headers, "x-peer"), "none");
    ASSERT_EQ(service.seen.size(), 1U);
    EXPECT_EQ(find_header(service.seen[0].headers, "x-correlation-id"), "42");
    EXPECT_EQ(service.seen[0].headers.size(), 2U);
}

TEST_F(Plain, HeadAndNoContentLeaveTheConnectionUsable) {
    auto& server = serve({});
    auto& client = connect(client_of(server.port(), false));
    auto const head = ask(client, HttpRequest{"HEAD", "/x"});
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->body, "");
    EXPECT_EQ(ask(client, HttpRequest{"DELETE", "/no-content"})->status, 204);
    EXPECT_EQ(ask(client, HttpRequest{"GET", "/y"})->body, "GET /y ");
    EXPECT_EQ(server.counters().connections, 1U);
}

TEST_F(Plain, ManyRequestsOneAfterTheOtherShareOneConnection) {
    auto& server = serve({});
    auto& client = connect(client_of(server.port(), false));
    for (int i = 0; i < 100; ++i) ASSERT_EQ(ask(client, post("/" + std::to_string(i)))->status, 200);
    EXPECT_EQ(counters(client).requests, 100U);
    EXPECT_EQ(counters(client).connects, 1U);
    EXPECT_EQ(server.counters().connections, 1U);
    EXPECT_EQ(server.counters().requests, 100U);
    EXPECT_GT(counters(client).bytes_out, 100U * 50);
    EXPECT_GT(counters(client).bytes_in, 100U * 50);
}

TEST_F(Plain, LargeBodiesTravelBothWays) {
    auto& client = connect(client_of(serve({}).port(), false));
    std::string const body(5'000'000, 'b');
    EXPECT_EQ(ask(client, post("/", body))->body, "POST / " + body);
    EXPECT_EQ(ask(client, HttpRequest{"GET", "/big/7000000"})->body, std::string(7'000'000, 'x'));
}

TEST_F(Plain, ThePoolOpensNoMoreThanItsLimitAndServesInOrder) {
    auto& server = serve({});
    auto settings = client_of(server.port(), false);
    settings.connections_max = 2;
    auto& client = connect(settings);
    std::vector<std::future<Result<HttpResponse>>> answers;
    for (int i = 0; i < 8; ++i) answers.push_back(start(client, post("/hold", std::to_string(i))));
    for (int i = 0; i < 8; ++i) {
        ASSERT_TRUE(
            until(shard, [&] { return service.held > 0 && service.seen.size() >= std::min<std::size_t>(8, i + 2); }));
        EXPECT_LE(service.held, 2);
        shard.call([&] { service.release(); });
        EXPECT_EQ(get(std::move(answers[i]))->body, "POST /hold " + std::to_string(i));
    }
    EXPECT_EQ(service.most_running, 2);
    EXPECT_EQ(server.counters().connections, 2U);
}

TEST_F(Plain, PerSystemKeepsOneConnectionForEachKeyAndSendsItsRequestsInTurn) {
    auto& server = serve({});
    auto settings = client_of(server.port(), false);
    settings.policy = ConnectionPolicy::per_system;
    auto& client = connect(settings);
    auto request = [](std::uint32_t key, std::string target) {
        auto made = post(std::move(target));
        made.connection_key = key;
        return made;
    };
    auto first = start(client, request(7, "/hold"));
    ASSERT_TRUE(until(shard, [&] { return service.held == 1; }));
    auto second = start(client, request(7, "/second"));
    EXPECT_EQ(ask(client, request(8, "/other"))->status, 200);
    EXPECT_EQ(service.seen.size(), 2U) << "the second request of system 7 waits for the first";
    shard.call([&] { service.release(); });
    EXPECT_EQ(get(std::move(first))->status, 200);
    EXPECT_EQ(get(std::move(second))->status, 200);
    for (std::uint32_t key : {7, 8, 7, 8}) EXPECT_EQ(ask(client, request(key, "/again"))->status, 200);
    EXPECT_EQ(server.counters().connections, 2U);
}

TEST_F(Plain, PerPushOpensAConnectionForEachRequest) {
    auto& server = serve({});
    auto settings = client_of(server.port(), false);
    settings.policy = ConnectionPolicy::per_push;
    auto& client = connect(settings);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(client, post("/"))->status, 200);
    EXPECT_EQ(server.counters().connections, 5U);
    ASSERT_TRUE(until(shard, [&] { return server.counters().open == 0; }));
}

TEST_F(Plain, DeliveryFaultsBecomeTheErrorsOfARealConnection) {
    auto& client = connect(client_of(serve({}).port(), false));
    for (auto const* target : {"/reset", "/close", "/close-mid-body"}) {
        auto const answer = ask(client, post(target));
        ASSERT_FALSE(answer) << target;
        EXPECT_EQ(answer.error().code, ErrorCode::closed) << answer.error().context;
    }
    EXPECT_EQ(service.seen.size(), 3U) << "a POST without Idempotency-Key is not repeated";
    EXPECT_THAT(ask(client, post("/close-mid-body")).error().context, HasSubstr("in the middle of its answer"));
    EXPECT_EQ(ask(client, post("/"))->status, 200);
}

TEST_F(Plain, AnAnswerThatDribblesIsSlowButWholeAndTheConnectionLives) {
    auto& server = serve({});
    auto& client = connect(client_of(server.port(), false));
    auto const before = shard.now();
    auto const slow = ask(client, post("/dribble"));
    EXPECT_GE(shard.now() - before, 190ms);
    ASSERT_TRUE(slow) << slow.error().context;
    EXPECT_EQ(slow->body, "POST /dribble body");
    EXPECT_EQ(ask(client, post("/"))->status, 200);
    EXPECT_EQ(server.counters().connections, 1U);
}

TEST_F(Plain, AServiceThatThrowsAnswers500AndTheConnectionLives) {
    auto& server = serve({});
    auto& client = connect(client_of(server.port(), false));
    EXPECT_EQ(ask(client, post("/throw"))->status, 500);
    EXPECT_EQ(ask(client, post("/"))->status, 200);
    EXPECT_EQ(server.counters().connections, 1U);
}

TEST_F(Plain, APortThatIsTakenOrNotOursIsAnErrorThatSaysSo) {
    ServerSettings again;
    again.port = serve({}).port();
    auto const taken = shard.call([&] { return listen(*shard, again, service); });
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::conflict);
    EXPECT_THAT(taken.error().context, HasSubstr("another program"));
    ServerSettings foreign;
    foreign.host = "192.0.2.1";
    EXPECT_THAT(shard.call([&] { return listen(*shard, foreign, service); }).error().context,
                HasSubstr("not of this machine"));
    foreign.host = "not an address!";
    EXPECT_FALSE(shard.call([&] { return listen(*shard, foreign, service); }));
}

TEST_F(Plain, WhereNothingListensTheErrorHasSapsWording) {
    std::uint16_t port = 0;
    {
        net::ip::tcp::acceptor const taken{RawConnection::io(), {net::ip::address_v4::loopback(), 0}};
        port = taken.local_endpoint().port();
    }
    auto const answer = ask(connect(client_of(port, false)), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unreachable);
    EXPECT_THAT(answer.error().context,
                StartsWith("Direct connect to 127.0.0.1:" + std::to_string(port) + " failed NIECONN_REFUSED(-10)"));
}

TEST_F(Plain, ARequestThatCannotBeWrittenIsRefusedBeforeAConnectionIsOpened) {
    auto& client = connect(client_of(serve({}).port(), false));
    auto bad = post("/");
    bad.headers.emplace_back("X", "a\r\nInjected: b");
    EXPECT_EQ(ask(client, bad).error().code, ErrorCode::invalid);
    EXPECT_EQ(counters(client).connects, 0U);
}

TEST_F(Plain, AStoppingServerLetsARunningRequestEnd) {
    auto& server = serve({});
    auto& client = connect(client_of(server.port(), false));
    EXPECT_EQ(ask(client, post("/"))->status, 200);
    auto running = start(client, post("/hold"));
    ASSERT_TRUE(until(shard, [&] { return service.held == 1; }));
    server.stop();
    server.stop();
    EXPECT_EQ(ask(connect(client_of(server.port(), false)), post("/")).error().code, ErrorCode::unreachable);
    shard.call([&] { service.release(); });
    EXPECT_EQ(get(std::move(running))->status, 200);
    ASSERT_TRUE(until(shard, [&] { return server.counters().open == 0; }));
}

TEST_F(Plain, AFullServerTakesTheNextConnectionWhenOneEnds) {
    ServerSettings settings;
    settings.connections_max = 1;
    auto& server = serve(settings);
    RawConnection first{server.port()};
    first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
    first.read_head();
    RawConnection second{server.port()};
    second.send("GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(server.counters().connections, 1U);
    first.close();
    EXPECT_THAT(second.read_all(), HasSubstr("GET /2"));
}

// ---- the end

TEST_F(Plain, WhenTheShardStopsHangingRequestsReturnStopped) {
    RawServer silent{{[](RawConnection& c) { c.read_all(); }}};
    auto settings = client_of(silent.port(), false);
    settings.connections_max = 1;
    auto& client = connect(settings);
    auto sent = start(client, post("/"));
    auto waiting = start(client, post("/"));
    shard.stop();
    EXPECT_EQ(get(std::move(sent)).error().code, ErrorCode::stopped);
    EXPECT_EQ(get(std::move(waiting)).error().code, ErrorCode::stopped);
}

TEST_F(Plain, WhenTheClientGoesItsRequestsReturnStopped) {
    RawServer silent{{[](RawConnection& c) { c.read_all(); }}};
    auto sent = start(connect(client_of(silent.port(), false)), post("/"));
    shard.call([&] { clients.clear(); });
    EXPECT_EQ(get(std::move(sent)).error().code, ErrorCode::stopped);
}

TEST_F(Plain, AShardWithOpenConnectionsAndIdleClientsStopsAtOnce) {
    auto& server = serve({});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(connect(client_of(server.port(), false)), post("/"))->status, 200);
    RawConnection idle{server.port()}, half{server.port()};
    half.send("GET / HTTP/1.1\r\nHos");
    LiveShard other;
    auto const before = other.now();
    shard.stop();
    EXPECT_LT(other.now() - before, 4s) << "the grace period of 5 s was not needed";
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_EQ(half.read_all(), "");
}

Async<void> send_once(HttpClient* client, int* answers) {
    HttpRequest request;
    auto const answer = co_await client->send(std::move(request));
    *answers += answer ? 1 : 0;
}

TEST(PlainLifetimes, AServerAndAClientThatNeverRanGoWithoutATrace) {
    int answers = 0;
    {
        Shard shard{Shard::RealTime{}};
        TestService service{shard};
        auto const server = listen(shard, {}, service).value();
        auto const client = make_socket_client(shard, client_of(server->port(), false)).value();
        shard.tasks().spawn(send_once(client.get(), &answers));
        EXPECT_EQ(shard.tasks().alive(), 3U) << "the server's two and ours";
    }
    EXPECT_EQ(answers, 0);
}

} // namespace
} // namespace almd::live
