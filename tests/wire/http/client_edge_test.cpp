// The client against servers that misbehave: cut, slow, oversized, confused, gone.
#include "tests/wire/http/live.hpp"

namespace almd::live {
namespace {

using ::testing::HasSubstr;

class ClientEdge : public LiveTest {
protected:
    /// One connection: reads one request's head, sends `bytes`, closes.
    static RawServer::Script answers(std::string bytes) {
        return [bytes = std::move(bytes)](RawConnection& c) {
            c.read_head();
            c.send(bytes);
        };
    }
    Result<HttpResponse> get_from(std::string bytes, ClientSettings settings = {}) {
        RawServer raw{{answers(std::move(bytes))}};
        auto const body_bytes_max = settings.body_bytes_max;
        settings = client_of(raw.port(), false);
        settings.body_bytes_max = body_bytes_max;
        return ask(connect(settings), HttpRequest{"GET", "/"});
    }
};

TEST_F(ClientEdge, ReadsAnswersOfEveryShape) {
    EXPECT_EQ(get_from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")->body,
              "abcde");
    EXPECT_EQ(get_from("HTTP/1.1 200 OK\r\n\r\nuntil the end")->body, "until the end");
    EXPECT_EQ(get_from("HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\nno")->status, 404);
    EXPECT_EQ(get_from("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")->status, 204);
    EXPECT_EQ(get_from("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")->status, 304);
}

TEST_F(ClientEdge, BrokenAnswersAreErrorsOfTheirKind) {
    struct Case {
        std::string bytes;
        ErrorCode code;
    };
    for (auto const& [bytes, code] : {
             Case{"", ErrorCode::closed},
             Case{"HTTP/1.1 200 OK\r\nContent-Le", ErrorCode::closed},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", ErrorCode::closed},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ErrorCode::closed},
             Case{"SSH-2.0-OpenSSH_9.2\r\n", ErrorCode::protocol},
             Case{"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", ErrorCode::protocol},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", ErrorCode::protocol},
             Case{"HTTP/1.1 101 Switching Protocols\r\n\r\n", ErrorCode::protocol},
             Case{"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", ErrorCode::too_large},
         }) {
        auto const answer = get_from(bytes);
        ASSERT_FALSE(answer) << bytes.substr(0, 60);
        EXPECT_EQ(answer.error().code, code) << answer.error().context;
        EXPECT_THAT(answer.error().context, HasSubstr("http://127.0.0.1:"));
    }
}

TEST_F(ClientEdge, OversizedAnswersAreNotRead) {
    ClientSettings settings;
    settings.body_bytes_max = 1000;
    std::string const large(2000, 'x');
    for (auto const& bytes : {"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + large,
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7D0\r\n" + large + "\r\n0\r\n\r\n",
                              "HTTP/1.1 200 OK\r\n\r\n" + large}) {
        auto const answer = get_from(bytes, settings);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::too_large);
        EXPECT_THAT(answer.error().context, HasSubstr("1000 bytes"));
    }
    EXPECT_EQ(
        get_from("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'), settings)->body.size(),
        1000U);
}

TEST_F(ClientEdge, AnAnswerThatDoesNotComeTimesOutAndTheConnectionIsGivenUp) {
    RawServer raw{{[](RawConnection& c) { c.read_all(); }, answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")}};
    auto settings = client_of(raw.port(), false);
    settings.request_timeout = 50ms;
    auto& slow = connect(settings);
    auto const late = ask(slow, HttpRequest{"GET", "/"});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timed_out);
    EXPECT_THAT(late.error().context, HasSubstr("50ms"));
    EXPECT_EQ(counters(slow).connects, 1U) << "a time-out is not repeated";
    settings.request_timeout = 30s;
    EXPECT_TRUE(ask(connect(settings), HttpRequest{"GET", "/"}));
}

TEST_F(ClientEdge, WaitingForAFreeConnectionTimesOutToo) {
    auto settings = client_of(serve({}).port(), false);
    settings.connections_max = 1;
    settings.request_timeout = 100ms;
    auto& client = connect(settings);
    auto held = start(client, post("/hold"));
    auto const waited = ask(client, post("/"));
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().code, ErrorCode::timed_out);
    EXPECT_THAT(waited.error().context, ::testing::AnyOf(HasSubstr("busy"), HasSubstr("did not answer")));
    EXPECT_EQ(get(std::move(held)).error().code, ErrorCode::timed_out);
    shard.call([&] { service.release(); });
    EXPECT_EQ(ask(client, post("/"))->status, 200) << "the place in the pool came back";
}

// ---- connections that the server closes

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(ClientEdge, AConnectionThatTheServerClosedWhileIdleIsReplacedUnseen) {
    std::promise<void> closed;
    RawServer raw{{[&](RawConnection& c) {
                       c.read_head();
                       c.send(ok);
                       c.close();
                       closed.set_value();
                   },
                   answers(ok)}};
    auto& client = connect(client_of(raw.port(), false));
    EXPECT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    get(closed.get_future());
    auto const second = ask(client, HttpRequest{"POST", "/"});
    EXPECT_TRUE(second) << second.error().context;
    EXPECT_EQ(counters(client).connects, 2U);
}

/// Answers once, and closes when the second request of the connection has come.
RawServer::Script closes_on_reuse() {
    return [](RawConnection& c) {
        c.read_head();
        c.send(ok);
        c.read_head();
    };
}

TEST_F(ClientEdge, ARequestLostOnAReusedConnectionIsRepeatedWhenThatIsSafe) {
    HttpRequest with_key{"POST", "/"};
    with_key.headers.emplace_back("Idempotency-Key", "1");
    for (auto const& request :
         {HttpRequest{"GET", "/"}, HttpRequest{"PUT", "/"}, HttpRequest{"DELETE", "/"}, with_key}) {
        RawServer raw{{closes_on_reuse(), answers(ok)}};
        auto& client = connect(client_of(raw.port(), false));
        ASSERT_TRUE(ask(client, HttpRequest{"GET", "/"}));
        auto const second = ask(client, request);
        EXPECT_TRUE(second) << request.method << " " << second.error().context;
        EXPECT_EQ(counters(client).connects, 2U);
    }
}

TEST_F(ClientEdge, ARequestThatMayHaveBeenDoneIsNotRepeated) {
    RawServer raw{{closes_on_reuse(), answers(ok)}};
    auto& client = connect(client_of(raw.port(), false));
    ASSERT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    auto const lost = ask(client, HttpRequest{"POST", "/"});
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::closed);
    EXPECT_TRUE(ask(client, HttpRequest{"POST", "/"}));
}

TEST_F(ClientEdge, ItIsRepeatedOnceOnlyAndNeverOnAFreshConnection) {
    RawServer raw{
        {closes_on_reuse(), [](RawConnection& c) { c.read_head(); }, [](RawConnection& c) { c.read_head(); }}};
    auto& client = connect(client_of(raw.port(), false));
    ASSERT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    EXPECT_EQ(ask(client, HttpRequest{"GET", "/"}).error().code, ErrorCode::closed);
    EXPECT_EQ(counters(client).connects, 2U);
    EXPECT_EQ(ask(client, HttpRequest{"GET", "/"}).error().code, ErrorCode::closed);
    EXPECT_EQ(counters(client).connects, 3U);
}

TEST_F(ClientEdge, WhatComesUnaskedMakesAConnectionUseless) {
    RawServer raw{{[](RawConnection& c) {
                       c.read_head();
                       c.send(ok + ok);
                       c.read_all();
                   },
                   answers(ok)}};
    auto& client = connect(client_of(raw.port(), false));
    EXPECT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    EXPECT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    EXPECT_EQ(counters(client).connects, 2U);
}

TEST_F(ClientEdge, ConnectionCloseOfTheServerIsHeard) {
    auto const closing = std::string{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"};
    RawServer raw{{[&](RawConnection& c) {
                       c.read_head();
                       c.send(closing);
                       c.read_all();
                   },
                   answers(ok)}};
    auto& client = connect(client_of(raw.port(), false));
    EXPECT_TRUE(ask(client, HttpRequest{"GET", "/"}));
    EXPECT_EQ(ask(client, HttpRequest{"POST", "/"})->body, "ok");
}

TEST_F(ClientEdge, AnUnusedPooledConnectionIsClosedAfterTheIdleTimeout) {
    auto& server = serve({});
    auto settings = client_of(server.port(), false);
    settings.idle_timeout = 50ms;
    auto& client = connect(settings);
    EXPECT_TRUE(ask(client, post("/")));
    ASSERT_TRUE(until(shard, [&] { return server.counters().open == 0; }));
    EXPECT_TRUE(ask(client, post("/")));
    EXPECT_EQ(counters(client).connects, 2U);
}

TEST_F(ClientEdge, AConnectionThatTheServerClosedIsNoticedWithoutARequest) {
    ServerSettings impatient;
    impatient.idle_timeout = 50ms;
    auto& server = serve(impatient);
    auto settings = client_of(server.port(), false);
    settings.policy = ConnectionPolicy::per_system;
    auto& client = connect(settings);
    EXPECT_TRUE(ask(client, post("/")));
    ASSERT_TRUE(until(shard, [&] { return server.counters().open == 0; }));
    EXPECT_TRUE(ask(client, post("/")));
    EXPECT_EQ(counters(client).connects, 2U);
}

} // namespace
} // namespace almd::live
