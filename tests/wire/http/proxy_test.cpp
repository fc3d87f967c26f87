// CONNECT through a tiny proxy: the tunnel works, its refusals have SAP's wording, its password is sent and never shown.
#include "tests/wire/http/live.hpp"

namespace almd::live {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Proxy : public LiveTest {
protected:
    /// Copies both ways until both sides have ended.
    static void tunnel(RawConnection& a, RawConnection& b) {
        auto const copy = [](RawConnection& from, RawConnection& to) {
            char buffer[4096];
            boost::system::error_code error;
            for (;;) {
                auto const n = from.socket().read_some(net::buffer(buffer), error);
                if (error) break;
                to.send({buffer, n});
            }
            to.socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
        };
        std::thread back{[&] { copy(b, a); }};
        copy(a, b);
        back.join();
    }
    ClientSettings through(std::uint16_t proxy_port, std::uint16_t server_port, bool tls) {
        auto settings = client_of(server_port, tls);
        settings.proxy = ProxySettings{"127.0.0.1", proxy_port, "user", "s3cret"};
        return settings;
    }
};

TEST_F(Proxy, TunnelsTlsAndSendsBasicCredentials) {
    auto& server = serve(tls_server(certificates().server));
    std::string asked;
    RawServer proxy{{[&](RawConnection& c) {
        asked = c.read_head();
        RawConnection target{server.port()};
        c.send("HTTP/1.1 200 Connection established\r\n\r\n");
        tunnel(c, target);
    }}};
    auto& client = connect(through(proxy.port(), server.port(), true));
    for (int i = 0; i < 3; ++i) {
        auto const answer = ask(client, post("/p"));
        ASSERT_TRUE(answer) << answer.error().context;
        EXPECT_EQ(answer->body, "POST /p body");
    }
    auto const target = "127.0.0.1:" + std::to_string(server.port());
    EXPECT_THAT(asked, StartsWith("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"));
    EXPECT_THAT(asked, HasSubstr("Proxy-Authorization: Basic " + base64("user:s3cret")));
    EXPECT_THAT(asked, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(counters(client).connects, 1U);
    shard.call([&] { clients.clear(); });
}

TEST_F(Proxy, RefusalsSayWhatTheProxySaid) {
    struct Case {
        char const *answer, *says;
    };
    for (auto const& [answer, says] :
         {Case{"HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnever", "(proxy returned 403 Forbidden)"},
          Case{"HTTP/1.1 407 Whatever\r\nProxy-Authenticate: Basic\r\n\r\n",
               "(proxy returned 407 Proxy Authentication Required)"},
          Case{"HTTP/1.0 502 Bad\r\n\r\n", "(proxy returned 502 Bad Gateway)"}, Case{"", "ended the connection"},
          Case{"garbage\r\n\r\n", "ended the connection"}}) {
        RawServer proxy{{[&](RawConnection& c) {
            c.read_head();
            c.send(answer);
        }}};
        auto const refused = ask(connect(through(proxy.port(), 443, true)), post("/"));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unreachable);
        EXPECT_THAT(refused.error().context, HasSubstr(says));
        EXPECT_THAT(refused.error().context, HasSubstr("127.0.0.1:" + std::to_string(proxy.port())));
        EXPECT_THAT(refused.error().context, Not(HasSubstr("s3cret")));
    }
}

TEST_F(Proxy, ARefusalNamesTargetAndProxyAsSapDoes) {
    RawServer proxy{{[](RawConnection& c) {
        c.read_head();
        c.send("HTTP/1.1 403 Forbidden\r\n\r\n");
    }}};
    auto settings = through(proxy.port(), 443, true);
    settings.origin.host = "us10.alm.cloud.sap";
    EXPECT_THAT(ask(connect(settings), post("/")).error().context,
                StartsWith("IcmConnInitClientSSL: Proxy connection to https://us10.alm.cloud.sap:443 via 127.0.0.1:" +
                           std::to_string(proxy.port()) + " failed (proxy returned 403 Forbidden)"));
}

TEST_F(Proxy, ASilentProxyTimesOutAndAMissingOneIsNamed) {
    std::uint16_t port = 0;
    {
        RawServer silent{{[](RawConnection& c) { c.read_all(); }}};
        port = silent.port();
        auto settings = through(port, 443, true);
        settings.connect_timeout = 50ms;
        EXPECT_EQ(ask(connect(settings), post("/")).error().code, ErrorCode::timed_out);
    }
    auto const missing = ask(connect(through(port, 443, true)), post("/"));
    EXPECT_EQ(missing.error().code, ErrorCode::unreachable);
    EXPECT_THAT(missing.error().context, HasSubstr("the proxy 127.0.0.1:" + std::to_string(port)));
}

TEST_F(Proxy, APlainOriginIsTunnelledToo) {
    auto& server = serve({});
    RawServer proxy{{[&](RawConnection& c) {
        c.read_head();
        RawConnection target{server.port()};
        c.send("HTTP/1.1 200 OK\r\n\r\n");
        tunnel(c, target);
    }}};
    auto& client = connect(through(proxy.port(), server.port(), false));
    EXPECT_EQ(ask(client, post("/p"))->body, "POST /p body");
    shard.call([&] { clients.clear(); });
}

} // namespace
} // namespace almd::live
