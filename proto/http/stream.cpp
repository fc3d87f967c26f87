// TLS straight over the socket: a BIO of two system calls, and OpenSSL's buffers given back between requests.
#include "proto/http/stream.hpp"

#include "proto/http/openssl_handles.hpp"

#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace almd {

namespace {

// ---- the BIO. OpenSSL's own one uses write(2), and that kills the process when the other side is gone (SIGPIPE).

int fd_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int bio_write(BIO* bio, char const* data, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    auto const sent = ::send(fd_of(bio), data, size, MSG_NOSIGNAL);
    if (sent < 0) {
        if (would_block()) BIO_set_retry_write(bio);
        return 0;
    }
    *written = static_cast<std::size_t>(sent);
    return 1;
}

int bio_read(BIO* bio, char* data, std::size_t size, std::size_t* got) {
    BIO_clear_retry_flags(bio);
    auto const received = ::recv(fd_of(bio), data, size, 0);
    if (received <= 0) {
        if (received < 0 && would_block()) BIO_set_retry_read(bio);
        if (received == 0) errno = 0;
        return 0;
    }
    *got = static_cast<std::size_t>(received);
    return 1;
}

long bio_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD const* socket_method() {
    static auto* const method = [] {
        auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "almd socket");
        BIO_meth_set_write_ex(made, bio_write);
        BIO_meth_set_read_ex(made, bio_read);
        BIO_meth_set_ctrl(made, bio_control);
        return made;
    }();
    return method;
}

TlsFailure classify_verify(long result) {
    return result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH
               ? TlsFailure::host_mismatch
               : TlsFailure::untrusted;
}

TlsFailure classify_reason(int reason) {
    switch (reason) {
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_NO_PROTOCOLS_AVAILABLE: return TlsFailure::protocol_version;
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: return TlsFailure::handshake_alert;
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return TlsFailure::certificate_wanted;
    default: return TlsFailure::other;
    }
}

} // namespace

void Stream::FreeTls::operator()(ssl_st* session) const {
    // Without this mark OpenSSL holds a connection that just ended for an attack and forgets its session.
    SSL_set_shutdown(session, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(session);
}

Stream::Stream(net::io_context& io)
    : socket_{io} {
}
Stream::Stream(Tcp::socket socket)
    : socket_{std::move(socket)} {
}
Stream::~Stream() = default;

void Stream::set_up() {
    boost::system::error_code ignored; // a connection that is already gone shows it at the first read
    socket_.non_blocking(true, ignored);
    socket_.set_option(Tcp::no_delay{true}, ignored);
}

void Stream::start_tls(ssl_st* session) {
    ssl_.reset(session);
    auto* const bio = BIO_new(socket_method());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket_.native_handle())));
    BIO_set_init(bio, 1);
    SSL_set_bio(session, bio, bio);
}

IoResult Stream::plain(long result) {
    if (result > 0) return {Io::done, static_cast<std::size_t>(result)};
    if (result == 0) return {Io::ended};
    detail_ = std::strerror(errno);
    return {Io::broken};
}

IoResult Stream::read_some(char* into, std::size_t size) {
    if (ssl_) {
        std::size_t got = 0;
        ERR_clear_error();
        errno = 0;
        int const result = SSL_read_ex(ssl_.get(), into, size, &got);
        return tls_result(result, got);
    }
    auto const received = ::recv(socket_.native_handle(), into, size, 0);
    if (received < 0 && would_block()) return {Io::want_read};
    return plain(received);
}

IoResult Stream::write_some(std::string_view bytes) {
    if (ssl_) {
        std::size_t written = 0;
        ERR_clear_error();
        errno = 0;
        int const result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
        return tls_result(result, written);
    }
    auto const sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && would_block()) return {Io::want_write};
    return plain(sent);
}

IoResult Stream::handshake() {
    ERR_clear_error();
    errno = 0;
    return tls_result(SSL_do_handshake(ssl_.get()), 0);
}

IoResult Stream::tls_result(int result, std::size_t bytes) {
    if (result > 0) return {Io::done, bytes};
    int const system_error = errno;
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Io::want_read};
    case SSL_ERROR_WANT_WRITE: return {Io::want_write};
    case SSL_ERROR_ZERO_RETURN: return {Io::ended};
    case SSL_ERROR_SYSCALL: detail_ = system_error != 0 ? std::strerror(system_error) : "connection closed"; break;
    default: note_tls_error(); break;
    }
    ERR_clear_error();
    return {Io::broken};
}

void Stream::note_tls_error() {
    auto const code = ERR_peek_error();
    int const reason = ERR_GET_REASON(code);
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        detail_ = "connection closed";
        return;
    }
    auto const verified = SSL_get_verify_result(ssl_.get());
    bool const verify_failed = reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK;
    failure_ = verify_failed ? classify_verify(verified) : classify_reason(reason);
    auto const* const words = verify_failed ? X509_verify_cert_error_string(verified) : ERR_reason_error_string(code);
    detail_ = words != nullptr ? words : "unknown TLS error";
}

void Stream::end_sending() {
    if (ssl_ && SSL_is_init_finished(ssl_.get())) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
    boost::system::error_code ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
}

void Stream::reset() {
    boost::system::error_code ignored;
    socket_.set_option(net::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
}

void Stream::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Stream::cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Stream::rest() {
    if (ssl_) SSL_free_buffers(ssl_.get());
}

bool Stream::has_buffered() const {
    return ssl_ && SSL_has_pending(ssl_.get()) == 1;
}

bool Stream::is_quiet() {
    char byte;
    auto const seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK);
    if (seen < 0) return would_block();
    if (seen == 0 || !ssl_) return false; // closed, or an answer that nobody asked for
    // TLS speaks between answers: session tickets are fine, a farewell or data is not.
    return read_some(&byte, 1).state == Io::want_read;
}

} // namespace almd
