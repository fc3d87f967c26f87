// The server against raw bytes: limits, slowness, garbage, pipelining, old versions.
#include "tests/wire/http/live.hpp"

namespace almd::live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class ServerEdge : public LiveTest {
protected:
    static ServerSettings small() {
        ServerSettings settings;
        settings.header_bytes_max = 1000;
        settings.body_bytes_max = 1000;
        settings.header_timeout = 100ms;
        settings.idle_timeout = 100ms;
        return settings;
    }
    /// What comes back until the server closes.
    std::string tell(std::string_view bytes, ServerSettings settings) {
        RawConnection raw{serve(std::move(settings)).port()};
        raw.send(bytes);
        raw.end_sending();
        return raw.read_all();
    }
};

TEST_F(ServerEdge, RefusesWhatIsNoRequestWithTheRightStatus) {
    std::string const huge(2000, 'x');
    struct Case {
        std::string bytes;
        char const* status;
    };
    for (auto const& [bytes, status] : {
             Case{"GARBAGE\x01\x02\x03\r\n\r\n", "400"},
             Case{std::string("\x16\x03\x01\x02\x00\x01\x00", 7), "400"},
             Case{"GET / HTTP/1.1\r\n\r\n", "400"},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", "400"},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nX: " + huge + "\r\n\r\n", "431"},
             Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n" + huge, "413"},
             Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7D0\r\n" + huge, "413"},
             Case{"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
             Case{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
             Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
             Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "400"},
         }) {
        auto const answer = tell(bytes, small());
        EXPECT_THAT(answer, StartsWith(std::string{"HTTP/1.1 "} + status)) << bytes.substr(0, 60);
        EXPECT_THAT(answer, AllOf(HasSubstr("Connection: close"), HasSubstr("{\"error\":{\"code\":")));
    }
    EXPECT_TRUE(service.seen.empty());
}

TEST_F(ServerEdge, TheRefusalOfALargeBodyArrivesEvenIfTheSenderGoesOn) {
    RawConnection raw{serve(small()).port()};
    raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
    for (int i = 0; i < 30; ++i) raw.send(std::string(100'000, 'x'));
    raw.end_sending();
    EXPECT_THAT(raw.read_all(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerEdge, ASlowHeaderGets408AndTheConnectionIsClosed) {
    RawConnection raw{serve(small()).port()};
    raw.send("GET / HTTP/1.1\r\nHost:");
    EXPECT_THAT(raw.read_all(), StartsWith("HTTP/1.1 408"));
}

TEST_F(ServerEdge, ASlowBodyGets408Too) {
    RawConnection raw{serve(small()).port()};
    raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_THAT(raw.read_all(), StartsWith("HTTP/1.1 408"));
}

TEST_F(ServerEdge, AnIdleConnectionIsClosedWithoutAWord) {
    RawConnection raw{serve(small()).port()};
    EXPECT_THAT(raw.read_all(), IsEmpty());
    RawConnection used{servers[0]->port()};
    used.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(used.read_all(), AllOf(StartsWith("HTTP/1.1 200"), Not(HasSubstr("408"))));
}

TEST_F(ServerEdge, PipelinedRequestsAreAnsweredInOrder) {
    auto const answers =
        tell("\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
             "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\nHost: h\r\n\r\n",
             {});
    auto const one = answers.find("GET /1 "), two = answers.find("POST /2 abc"), three = answers.find("GET /3 ");
    ASSERT_NE(three, std::string::npos) << answers;
    EXPECT_LT(one, two);
    EXPECT_LT(two, three);
    EXPECT_THAT(answers, Not(HasSubstr("/4"))) << "nothing is answered after Connection: close";
}

TEST_F(ServerEdge, AChunkedBodyInPiecesIsPutTogether) {
    RawConnection raw{serve({}).port()};
    raw.socket().set_option(net::ip::tcp::no_delay{true});
    for (char c :
         std::string_view{"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                          "4\r\nwxyz\r\n1\r\n!\r\n0\r\n\r\n"})
        raw.send({&c, 1});
    EXPECT_THAT(raw.read_all(), HasSubstr("POST /c wxyz!"));
}

TEST_F(ServerEdge, WhoeverAsksIsToldToContinue) {
    RawConnection raw{serve({}).port()};
    raw.send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(raw.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("ok");
    EXPECT_THAT(raw.read_head(), StartsWith("HTTP/1.1 200"));
    EXPECT_EQ(raw.read_exactly(10), "POST /e ok");
}

TEST_F(ServerEdge, Http10EndsWithTheAnswerUnlessKeepAliveIsAsked) {
    EXPECT_THAT(tell("GET /old HTTP/1.0\r\n\r\n", {}), AllOf(HasSubstr("Connection: close"), HasSubstr("GET /old")));
    RawConnection raw{servers[0]->port()};
    raw.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(raw.read_until("GET /a "), HasSubstr("Connection: keep-alive"));
    raw.send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_THAT(raw.read_all(), HasSubstr("GET /b"));
}

TEST_F(ServerEdge, HeadHasTheLengthButNotTheBody) {
    auto const answer = tell("HEAD /head HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", {});
    EXPECT_THAT(answer, HasSubstr("Content-Length: 11\r\n"));
    EXPECT_THAT(answer, ::testing::EndsWith("\r\n\r\n"));
}

TEST_F(ServerEdge, FaultsOfDeliveryAreSeenOnTheSocket) {
    auto& server = serve({});
    struct Case {
        char const* target;
        bool reset;
        char const* gets;
    };
    for (auto const& [target, reset, gets] :
         {Case{"/reset", true, ""}, Case{"/close", false, ""}, Case{"/close-mid-body", false, "HTTP/1.1 200"}}) {
        RawConnection raw{server.port()};
        raw.send(std::string{"GET "} + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        boost::system::error_code how;
        auto const got = raw.read_all(&how);
        EXPECT_EQ(how == net::error::connection_reset, reset) << target << " " << how.message();
        EXPECT_THAT(got, StartsWith(gets));
    }
}

TEST_F(ServerEdge, ThrowingAwayConnectionsAtAnyPointLeavesNothingBehind) {
    auto& server = serve({});
    std::string const whole = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        RawConnection raw{server.port()};
        raw.send(whole.substr(0, cut));
        if (cut % 2 == 1) raw.socket().set_option(net::socket_base::linger{true, 0}); // reset instead of FIN
    }
    ASSERT_TRUE(
        until(shard, [&] { return server.counters().connections == whole.size() + 1 && server.counters().open == 0; }));
}

} // namespace
} // namespace almd::live
