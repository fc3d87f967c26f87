// The texts of failed requests, and the URLs that clients accept.
#include "proto/http/client_errors.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

namespace almd {
namespace {

using ::testing::HasSubstr;

TEST(ClientErrors, CarrySapsWordingWhereItIsKnown) {
    ClientErrors const direct{{true, "us10.alm.cloud.sap", 443}, std::nullopt};
    ClientErrors const behind{{true, "us10.alm.cloud.sap", 443}, ProxySettings{"proxy", 3128, {}, {}}};
    struct Case {
        Error error;
        ErrorCode code;
        char const* text;
    };
    auto const failed = [&](TlsFailure failure) { return direct.handshake_failed(failure, "detail"); };
    for (auto const& [error, code, text] : {
             Case{failed(TlsFailure::untrusted), ErrorCode::tls,
                  "SSL handshake with us10.alm.cloud.sap:443 failed: SSSLERR_PEER_CERT_UNTRUSTED (-102)"},
             Case{failed(TlsFailure::host_mismatch), ErrorCode::tls, "SSSLERR_SERVER_CERT_MISMATCH (-30)"},
             Case{failed(TlsFailure::protocol_version), ErrorCode::tls, "SSSLERR_ALERT_PROTOCOL_VERSION"},
             Case{failed(TlsFailure::handshake_alert), ErrorCode::tls, "SSSLERR_ALERT_HANDSHAKE_FAILURE (-122)"},
             Case{failed(TlsFailure::certificate_wanted), ErrorCode::tls, "client certificate"},
             Case{failed(TlsFailure::other), ErrorCode::tls, "detail"},
             Case{failed(TlsFailure::none), ErrorCode::closed, "SSSLRC_CONN_CLOSED (-10)"},
             Case{direct.handshake_timed_out(10s), ErrorCode::timed_out, "SSSLERR_EWOULDBLOCK (-71)"},
             Case{direct.not_connected(boost::asio::error::connection_refused), ErrorCode::unreachable,
                  "Direct connect to us10.alm.cloud.sap:443 failed NIECONN_REFUSED(-10)"},
             Case{direct.not_connected(boost::asio::error::no_descriptors), ErrorCode::unreachable, "ulimit"},
             Case{behind.not_connected(boost::asio::error::connection_refused), ErrorCode::unreachable, "proxy:3128"},
             Case{behind.proxy_answered(403, "Forbidden"), ErrorCode::unreachable,
                  "IcmConnInitClientSSL: Proxy connection to https://us10.alm.cloud.sap:443 via proxy:3128 failed "
                  "(proxy "
                  "returned 403 Forbidden)"},
             Case{behind.proxy_answered(407, "Proxy Authentication Required"), ErrorCode::unreachable,
                  "(proxy returned 407 Proxy Authentication Required)"},
             Case{direct.no_answer(30s), ErrorCode::timed_out, "30s"},
             Case{direct.name_unknown("not found"), ErrorCode::unreachable, "us10.alm.cloud.sap"},
             Case{direct.stopped(), ErrorCode::stopped, "stops"},
         }) {
        EXPECT_EQ(error.code, code) << error.context;
        EXPECT_THAT(error.context, HasSubstr(text));
        EXPECT_THAT(error.context, HasSubstr("us10.alm.cloud.sap")) << "every text names the origin";
    }
}

TEST(Origin, IsParsedFromAUrlWithoutAPath) {
    struct Case {
        char const* url;
        bool tls;
        char const* host;
        int port;
        char const* text;
    };
    for (auto const& [url, tls, host, port, text] :
         {Case{"https://a.example", true, "a.example", 443, "https://a.example"},
          Case{"https://a.example:8443/", true, "a.example", 8443, "https://a.example:8443"},
          Case{"http://localhost", false, "localhost", 80, "http://localhost"},
          Case{"http://[::1]:8080", false, "::1", 8080, "http://[::1]:8080"},
          Case{"https://[::1]", true, "::1", 443, "https://[::1]"}}) {
        auto const origin = Origin::parse(url);
        ASSERT_TRUE(origin) << origin.error().context;
        EXPECT_EQ(origin->tls, tls);
        EXPECT_EQ(origin->host, host);
        EXPECT_EQ(origin->port, port);
        EXPECT_EQ(origin->text(), text);
    }
}

TEST(Origin, RefusesWhatIsNoOrigin) {
    for (auto const* url :
         {"", "a.example", "ftp://a", "https://", "https://:443", "https://a:0", "https://a:65536", "https://a:x",
          "https://a/path", "https://user:pw@a", "https://a?b", "https://a b", "https://[::1", "https://[::1]x"}) {
        EXPECT_FALSE(Origin::parse(url)) << url;
    }
}

} // namespace
} // namespace almd
