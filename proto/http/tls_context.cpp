// Contexts of OpenSSL for both ends.
#include "proto/http/tls_context.hpp"

#include "proto/http/openssl_handles.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace almd {

namespace {

using namespace openssl;

/// TLS 1.2 and 1.3; one read per record instead of two; writes may move and may be partial, since the caller's buffer does
/// not stay where it is. Not SSL_MODE_RELEASE_BUFFERS: together with read-ahead it keeps the buffer; Stream::rest() does it.
void set_common(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // A handshake is a dozen key derivations: with SHA-256 they cost less than with OpenSSL's first choice, SHA-384.
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_read_ahead(context, 1);
}

/// The first certificate is ours, the others are its chain.
Result<void> use_certificate(SSL_CTX* context, std::string_view certificate_pem, std::string_view key_pem) {
    auto const own = certificate_from(certificate_pem);
    if (!own) return fail(ErrorCode::invalid, "the certificate is not in PEM form");
    if (SSL_CTX_use_certificate(context, own.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::invalid, "the certificate cannot be used for TLS");
    }
    auto const bio = reading(certificate_pem);
    Certificate{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)}.reset();
    while (Certificate const next{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)})
        SSL_CTX_add1_chain_cert(context, next.get());
    ERR_clear_error();
    auto const key = private_key_from(key_pem);
    if (!key) return fail(ErrorCode::invalid, "the private key is not in PEM form, or has a pass phrase");
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::invalid, "the private key does not belong to the certificate");
    }
    return {};
}

Result<void> trust(SSL_CTX* context, std::string_view pem) {
    auto const bio = reading(pem);
    auto* const store = SSL_CTX_get_cert_store(context);
    std::size_t count = 0;
    while (Certificate const root{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)}) {
        X509_STORE_add_cert(store, root.get());
        ++count;
    }
    ERR_clear_error();
    if (count == 0) return fail(ErrorCode::invalid, "a trusted root is not a certificate in PEM form");
    return {};
}

int slot_of_owner() {
    static int const slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

bool is_address(std::string const& host) {
    Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> const address{a2i_IPADDRESS(host.c_str())};
    ERR_clear_error();
    return address != nullptr;
}

} // namespace

// ---- client

Result<std::unique_ptr<ClientTls>> ClientTls::make(TlsClientSettings const& settings) {
    std::unique_ptr<ClientTls> made{new ClientTls};
    made->context_ = SSL_CTX_new(TLS_client_method());
    if (made->context_ == nullptr) return fail(ErrorCode::tls, "OpenSSL gives no TLS context");
    auto* const context = made->context_;
    set_common(context);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (settings.system_roots) SSL_CTX_set_default_verify_paths(context);
    for (auto const& pem : settings.trusted_pem)
        if (auto const added = trust(context, pem); !added) return std::unexpected{added.error()};
    if (!settings.certificate_pem.empty())
        if (auto const used = use_certificate(context, settings.certificate_pem, settings.key_pem); !used)
            return fail(used.error().code, fmt::format("client certificate: {}", used.error().context));
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    SSL_CTX_set_ex_data(context, slot_of_owner(), made.get());
    ERR_clear_error();
    return made;
}

ClientTls::~ClientTls() {
    if (context_ != nullptr) SSL_CTX_set_ex_data(context_, slot_of_owner(), nullptr); // connections may outlive us
    SSL_SESSION_free(resumable_);
    SSL_CTX_free(context_);
}

int ClientTls::keep_session(ssl_st* connection, ssl_session_st* session) {
    auto* const owner = static_cast<ClientTls*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), slot_of_owner()));
    if (owner == nullptr) return 0; // the client is gone, a last connection still talks
    SSL_SESSION_free(owner->resumable_);
    owner->resumable_ = session;
    return 1; // ours now
}

ssl_st* ClientTls::session_for(std::string const& host) {
    auto* const connection = SSL_new(context_);
    if (connection == nullptr) return nullptr;
    SSL_set_connect_state(connection);
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str());
    } else {
        SSL_set_tlsext_host_name(connection, host.c_str());
        SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        SSL_set1_host(connection, host.c_str());
    }
    if (resumable_ != nullptr) SSL_set_session(connection, resumable_);
    return connection;
}

// ---- server

Result<std::unique_ptr<ServerTls>> ServerTls::make(TlsServerSettings const& settings) {
    std::unique_ptr<ServerTls> made{new ServerTls};
    made->context_ = SSL_CTX_new(TLS_server_method());
    if (made->context_ == nullptr) return fail(ErrorCode::tls, "OpenSSL gives no TLS context");
    auto* const context = made->context_;
    set_common(context);
    if (auto const used = use_certificate(context, settings.certificate_pem, settings.key_pem); !used)
        return fail(used.error().code, fmt::format("server certificate: {}", used.error().context));
    if (!settings.client_roots_pem.empty()) {
        if (auto const added = trust(context, settings.client_roots_pem); !added) return std::unexpected{added.error()};
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    // Tickets carry the sessions, the server remembers none. The client keeps the last ticket: a second one is waste.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    constexpr std::string_view name = "almd";
    SSL_CTX_set_session_id_context(context, reinterpret_cast<unsigned char const*>(name.data()), name.size());
    return made;
}

ServerTls::~ServerTls() {
    SSL_CTX_free(context_);
}

ssl_st* ServerTls::session() {
    auto* const connection = SSL_new(context_);
    if (connection != nullptr) SSL_set_accept_state(connection);
    return connection;
}

bool was_resumed(ssl_st* connection) {
    return SSL_session_reused(connection) == 1;
}

std::string peer_certificate(ssl_st* connection) {
    Certificate const leaf{SSL_get1_peer_certificate(connection)};
    return leaf ? pem_of(leaf.get()) : std::string{};
}

} // namespace almd
