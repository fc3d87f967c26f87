// TLS on real sockets: who is trusted, who is resumed, and what the errors say.
#include "tests/wire/http/live.hpp"

namespace almd::live {
namespace {

using ::testing::HasSubstr;

class Tls : public LiveTest {};

TEST_F(Tls, AGoodCertificateIsAcceptedByNameAndByAddress) {
    auto& server = serve(tls_server(certificates().server));
    for (auto const* host : {"127.0.0.1", "localhost"}) {
        auto& client = connect(client_of(server.port(), true, host));
        auto const answer = ask(client, post("/x"));
        ASSERT_TRUE(answer) << answer.error().context;
        EXPECT_EQ(answer->body, "POST /x body");
        EXPECT_EQ(find_header(answer->headers, "X-Peer"), "none");
    }
    EXPECT_EQ(server.counters().tls_handshakes, 2U);
    EXPECT_EQ(server.counters().tls_failed, 0U);
}

TEST_F(Tls, AnUntrustedRootIsRefusedWithSapsWording) {
    auto& server = serve(tls_server(certificates().server));
    auto settings = client_of(server.port(), true);
    settings.tls.trusted_pem = {certificates().other_authority.certificate_pem};
    auto const answer = ask(connect(settings), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::tls);
    EXPECT_THAT(answer.error().context, HasSubstr("SSSLERR_PEER_CERT_UNTRUSTED (-102)"));
    EXPECT_THAT(answer.error().context, HasSubstr("127.0.0.1:" + std::to_string(server.port())));
    ASSERT_TRUE(until(shard, [&] { return server.counters().tls_failed == 1; }));
    EXPECT_TRUE(service.seen.empty());
}

TEST_F(Tls, ACertificateOfSomebodyElseIsRefused) {
    auto const answer = ask(connect(client_of(serve(tls_server(certificates().elsewhere)).port(), true)), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::tls);
    EXPECT_THAT(answer.error().context, HasSubstr("SSSLERR_SERVER_CERT_MISMATCH (-30)"));
}

TEST_F(Tls, AClientCertificateIsHandedToTheServiceAlsoAfterResumption) {
    auto& server = serve(tls_server(certificates().server, certificates().authority.certificate_pem));
    auto settings = client_of(server.port(), true);
    settings.tls.certificate_pem = certificates().client.certificate_pem;
    settings.tls.key_pem = certificates().client.key_pem;
    settings.policy = ConnectionPolicy::per_push;
    auto& client = connect(settings);
    for (int i = 0; i < 3; ++i) ASSERT_EQ(ask(client, post("/"))->status, 200);
    ASSERT_EQ(service.seen.size(), 3U);
    for (auto const& request : service.seen) EXPECT_EQ(common_name_of(request.peer_certificate_pem), "test client");
    EXPECT_EQ(counters(client).tls_resumed, 2U);
}

TEST_F(Tls, AMissingOrForeignClientCertificateIsRefused) {
    auto& server = serve(tls_server(certificates().server, certificates().authority.certificate_pem));
    auto const missing = ask(connect(client_of(server.port(), true)), post("/"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::tls) << missing.error().context;
    EXPECT_THAT(missing.error().context, HasSubstr("client certificate"));

    auto settings = client_of(server.port(), true);
    settings.tls.certificate_pem = certificates().other_client.certificate_pem;
    settings.tls.key_pem = certificates().other_client.key_pem;
    auto const foreign = ask(connect(settings), post("/"));
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, ErrorCode::tls) << foreign.error().context;
    EXPECT_EQ(server.counters().tls_handshakes, 0U);
    EXPECT_TRUE(service.seen.empty());
}

TEST_F(Tls, ConnectionsPerPushAreResumedAndBothEndsCountIt) {
    auto& server = serve(tls_server(certificates().server));
    auto settings = client_of(server.port(), true);
    settings.policy = ConnectionPolicy::per_push;
    auto& client = connect(settings);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(ask(client, post("/")));
    EXPECT_EQ(counters(client).connects, 20U);
    EXPECT_EQ(counters(client).tls_resumed, 19U);
    EXPECT_EQ(server.counters().tls_handshakes, 20U);
    EXPECT_EQ(server.counters().tls_resumed, 19U);
}

TEST_F(Tls, KeepAliveAndLargeBodiesWork) {
    auto& server = serve(tls_server(certificates().server));
    auto& client = connect(client_of(server.port(), true));
    for (int i = 0; i < 50; ++i) ASSERT_EQ(ask(client, post("/"))->status, 200);
    std::string const body(3'000'000, 'b');
    EXPECT_EQ(ask(client, post("/", body))->body, "POST / " + body);
    EXPECT_EQ(ask(client, HttpRequest{"GET", "/big/7000000"})->body.size(), 7'000'000U);
    EXPECT_EQ(server.counters().connections, 1U);
}

TEST_F(Tls, DeliveryFaultsLookTheSame) {
    auto& client = connect(client_of(serve(tls_server(certificates().server)).port(), true));
    for (auto const* target : {"/reset", "/close", "/close-mid-body"}) {
        auto const answer = ask(client, post(target));
        ASSERT_FALSE(answer) << target;
        EXPECT_EQ(answer.error().code, ErrorCode::closed) << answer.error().context;
    }
    EXPECT_EQ(ask(client, post("/"))->status, 200);
}

TEST_F(Tls, AnEarlyRefusalOfALargeBodyIsReadAndDoesNotKillUs) {
    auto settings = tls_server(certificates().server);
    settings.body_bytes_max = 1000;
    auto& client = connect(client_of(serve(settings).port(), true));
    auto const answer = ask(client, post("/", std::string(6'000'000, 'x')));
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer->status, 413);
    EXPECT_EQ(ask(client, post("/"))->status, 200);
}

TEST_F(Tls, APlainServerIsNoTlsServer) {
    auto const answer = ask(connect(client_of(serve({}).port(), true)), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::tls);
    EXPECT_THAT(answer.error().context, HasSubstr("TLS port?"));
}

TEST_F(Tls, ATlsServerIsNoPlainServer) {
    auto const answer = ask(connect(client_of(serve(tls_server(certificates().server)).port(), false)), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().code, ::testing::AnyOf(ErrorCode::protocol, ErrorCode::closed));
}

TEST_F(Tls, AHandshakeThatNobodyAnswersTimesOut) {
    RawServer silent{{[](RawConnection& c) { c.read_all(); }}};
    auto settings = client_of(silent.port(), true);
    settings.connect_timeout = 50ms;
    auto const answer = ask(connect(settings), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
    EXPECT_THAT(answer.error().context, HasSubstr("SSSLERR_EWOULDBLOCK (-71)"));
}

TEST_F(Tls, AHandshakeThatIsCutOffIsAClosedConnection) {
    RawServer cuts{{[](RawConnection& c) { c.read_exactly(10); }}};
    auto const answer = ask(connect(client_of(cuts.port(), true)), post("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::closed);
    EXPECT_THAT(answer.error().context, HasSubstr("SSSLRC_CONN_CLOSED (-10)"));
}

TEST_F(Tls, AnAlertOfTheServerIsNamed) {
    RawServer alerts{{[](RawConnection& c) {
                          c.read_exactly(100);
                          c.send(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7)); // fatal handshake_failure
                          c.read_all();
                      },
                      [](RawConnection& c) {
                          c.read_exactly(100);
                          c.send(std::string_view("\x15\x03\x03\x00\x02\x02\x46", 7)); // fatal protocol_version
                          c.read_all();
                      }}};
    auto& client = connect(client_of(alerts.port(), true));
    EXPECT_THAT(ask(client, post("/")).error().context, HasSubstr("SSSLERR_ALERT_HANDSHAKE_FAILURE (-122)"));
    EXPECT_THAT(ask(client, post("/")).error().context, HasSubstr("SSSLERR_ALERT_PROTOCOL_VERSION"));
}

TEST_F(Tls, GarbageInsteadOfAHandshakeIsCountedAndHarmsNobody) {
    auto& server = serve(tls_server(certificates().server));
    RawConnection garbage{server.port()};
    garbage.send("GET / HTTP/1.1\r\n\r\n");
    garbage.end_sending();
    garbage.read_all();
    ASSERT_TRUE(until(shard, [&] { return server.counters().tls_failed == 1; }));
    EXPECT_EQ(ask(connect(client_of(server.port(), true)), post("/"))->status, 200);
}

TEST_F(Tls, ASlowHandshakeIsEndedByTheServer) {
    auto settings = tls_server(certificates().server);
    settings.header_timeout = 50ms;
    auto& server = serve(settings);
    RawConnection slow{server.port()};
    slow.send("\x16\x03");
    EXPECT_EQ(slow.read_all(), "");
    EXPECT_EQ(server.counters().tls_failed, 1U);
}

TEST_F(Tls, UnreadablePemIsAnErrorOfTheSettings) {
    auto const make = [&](TlsClientSettings tls) {
        auto settings = client_of(1, true);
        settings.tls = std::move(tls);
        return shard.call([&] { return make_socket_client(*shard, settings); });
    };
    auto const& own = certificates().client;
    EXPECT_TRUE(make({{}, true, own.certificate_pem + certificates().authority.certificate_pem, own.key_pem}));
    for (auto const& tls :
         {TlsClientSettings{{"no pem"}, false, {}, {}}, TlsClientSettings{{}, false, "no pem", own.key_pem},
          TlsClientSettings{{}, false, own.certificate_pem, "no pem"},
          TlsClientSettings{{}, false, own.certificate_pem, certificates().server.key_pem}}) {
        auto const made = make(tls);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::invalid);
        EXPECT_THAT(made.error().context, Not(HasSubstr("BEGIN")));
    }
    auto broken = tls_server(certificates().server);
    broken.tls->key_pem = "no pem";
    EXPECT_FALSE(shard.call([&] { return listen(*shard, broken, service); }));
}

} // namespace
} // namespace almd::live
