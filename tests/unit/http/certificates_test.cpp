// Base64, signatures, and certificates that OpenSSL itself accepts as a chain.
#include "proto/http/certificates.hpp"
#include "proto/http/openssl_handles.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using ::testing::HasSubstr;

constexpr WirePoint november{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}.time_since_epoch()};

/// X509_V_OK or the reason why the chain leaf <- root does not hold at `at`.
int verify(KeyAndCertificate const& leaf, KeyAndCertificate const& root, char const* host, WirePoint at,
           int purpose = X509_PURPOSE_SSL_SERVER) {
    using namespace openssl;
    auto const certificate = certificate_from(leaf.certificate_pem), authority = certificate_from(root.certificate_pem);
    Handle<X509_STORE, X509_STORE_free> const store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), authority.get());
    Handle<X509_STORE_CTX, X509_STORE_CTX_free> const context{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
    auto* const parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
    X509_VERIFY_PARAM_set_purpose(parameters, purpose);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
    if (host != nullptr && X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1)
        X509_VERIFY_PARAM_set1_host(parameters, host, 0);
    ERR_clear_error();
    return X509_verify_cert(context.get()) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
}

LeafRequest server_for(std::vector<std::string> hosts) {
    LeafRequest request;
    request.common_name = "stand-in";
    request.hosts = std::move(hosts);
    return request;
}

TEST(Certificates, AServerLeafVerifiesForItsNamesAndAddressesOnly) {
    auto const root = make_authority("Test authority", november).value();
    auto const leaf = issue(root, server_for({"localhost", "127.0.0.1", "::1"}), november).value();
    EXPECT_EQ(verify(leaf, root, "localhost", november), X509_V_OK);
    EXPECT_EQ(verify(leaf, root, "127.0.0.1", november), X509_V_OK);
    EXPECT_EQ(verify(leaf, root, "::1", november), X509_V_OK);
    EXPECT_EQ(verify(leaf, root, "other.example", november), X509_V_ERR_HOSTNAME_MISMATCH);
    EXPECT_EQ(verify(leaf, root, "127.0.0.2", november), X509_V_ERR_IP_ADDRESS_MISMATCH);
    EXPECT_EQ(verify(leaf, root, nullptr, november, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
}

TEST(Certificates, AnotherAuthorityOrAnotherTimeDoesNotVerify) {
    auto const root = make_authority("Test authority", november).value();
    auto const twin = make_authority("Test authority", november).value();
    auto const leaf = issue(root, server_for({"localhost"}), november).value();
    EXPECT_NE(verify(leaf, twin, "localhost", november), X509_V_OK);
    EXPECT_EQ(verify(leaf, root, "localhost", november + std::chrono::days{366}), X509_V_ERR_CERT_HAS_EXPIRED);
    EXPECT_EQ(verify(leaf, root, "localhost", november - 1h), X509_V_ERR_CERT_NOT_YET_VALID);
    EXPECT_EQ(verify(leaf, root, "localhost", november + std::chrono::days{364}), X509_V_OK);
    EXPECT_EQ(verify(root, root, nullptr, november + std::chrono::days{3649}, X509_PURPOSE_ANY), X509_V_OK);
}

TEST(Certificates, AClientLeafIsForClients) {
    auto const root = make_authority("Test authority", november).value();
    LeafRequest request;
    request.common_name = "client 4711 \xc3\xa4";
    request.client = true;
    auto const leaf = issue(root, request, november).value();
    EXPECT_EQ(verify(leaf, root, nullptr, november, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
    EXPECT_EQ(verify(leaf, root, nullptr, november), X509_V_ERR_INVALID_PURPOSE);
    EXPECT_EQ(common_name_of(leaf.certificate_pem), "client 4711 \xc3\xa4");
}

TEST(Certificates, BadInputIsAnError) {
    auto const root = make_authority("Test authority", november).value();
    EXPECT_FALSE(make_authority("", november));
    EXPECT_FALSE(make_authority(std::string(65, 'x'), november));
    for (auto const* host : {"", "a,DNS:evil.example", "with space", "a/b"}) {
        EXPECT_FALSE(issue(root, server_for({host}), november)) << host;
    }
    auto const other = make_authority("Other", november).value();
    EXPECT_FALSE(issue({root.certificate_pem, other.key_pem}, server_for({"a"}), november));
    EXPECT_FALSE(issue({"", ""}, server_for({"a"}), november));
    EXPECT_FALSE(common_name_of("not a certificate"));
    EXPECT_FALSE(common_name_of(root.key_pem));
}

TEST(Es256, SignsAndVerifiesAndNoticesEveryChange) {
    auto const key = Es256Key::generate();
    for (int i = 0; i < 200; ++i) { // r and s with leading zeros come by chance: one in 128
        auto const text = "header.payload." + std::to_string(i);
        auto const signature = key.sign(text);
        ASSERT_EQ(signature.size(), 64U);
        EXPECT_TRUE(key.verify(text, signature));
        EXPECT_FALSE(key.verify(text + "x", signature));
        auto broken = signature;
        broken[static_cast<std::size_t>(i) % 64] ^= 1;
        EXPECT_FALSE(key.verify(text, broken));
    }
    EXPECT_FALSE(key.verify("a", ""));
    EXPECT_FALSE(key.verify("a", std::string(64, '\0')));
    EXPECT_FALSE(key.verify("a", std::string(64, '\xff')));
    EXPECT_FALSE(Es256Key::generate().verify("a", key.sign("a")));
}

TEST(Es256, ComesBackFromItsPem) {
    auto const key = Es256Key::generate();
    auto const again = Es256Key::from_pem(key.private_pem()).value();
    EXPECT_TRUE(again.verify("data", key.sign("data")));
    EXPECT_EQ(again.public_pem(), key.public_pem());
    EXPECT_THAT(key.public_pem(), HasSubstr("BEGIN PUBLIC KEY"));
    EXPECT_FALSE(Es256Key::from_pem(key.public_pem()));
    EXPECT_FALSE(Es256Key::from_pem(""));
}

TEST(Base64, KnownAnswersOfRfc4648) {
    struct Case {
        char const *plain, *coded;
    };
    for (auto const& [plain, coded] :
         {Case{"", ""}, Case{"f", "Zg=="}, Case{"fo", "Zm8="}, Case{"foo", "Zm9v"}, Case{"foob", "Zm9vYg=="},
          Case{"fooba", "Zm9vYmE="}, Case{"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64(plain), coded);
        EXPECT_EQ(base64_decode(coded), plain);
    }
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64("\xfb\xff\xfe"), "+//+");
    EXPECT_EQ(base64url("f"), "Zg");
}

TEST(Base64, EveryByteComesBackAndBrokenTextDoesNot) {
    std::string every;
    for (int c = 0; c < 256; ++c) {
        every += static_cast<char>(c);
        EXPECT_EQ(base64url_decode(base64url(every)), every);
        EXPECT_EQ(base64_decode(base64(every)), every);
    }
    for (auto const* text : {"Z", "Zg", "Zg=", "Zh==", "Z===", "====", "Zm9v\n", "Zm-v", "Zg==Zg=="}) {
        EXPECT_FALSE(base64_decode(text)) << text;
    }
    for (auto const* text : {"Z", "Zg==", "Zh", "Zm+v"}) EXPECT_FALSE(base64url_decode(text)) << text;
}

TEST(Sha256, KnownAnswer) {
    EXPECT_EQ(base64(sha256("abc")), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

TEST(RandomBytes, AreAsManyAsAskedAndNotTheSame) {
    EXPECT_EQ(random_bytes(700).size(), 700U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
}

} // namespace
} // namespace almd
