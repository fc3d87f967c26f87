// A TCP connection, with or without TLS, that never blocks: try first, wait only when told to. Our own instead of
// asio::ssl::stream, which holds 104 KB a connection after one exchange.
#pragma once

#include "simulator/kernel/async.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;

namespace almd {

using Tcp = net::ip::tcp;
inline constexpr auto tuple_awaitable = net::as_tuple(net::use_awaitable);

enum class Io : std::uint8_t {
    done,
    want_read,  ///< wait until the socket is readable, then try again
    want_write, ///< likewise writable
    ended,      ///< the other side closed in good order
    broken,     ///< reset, cut off without TLS's farewell, or a TLS error; see failure()
};

struct IoResult {
    Io state = Io::done;
    std::size_t bytes = 0;
};

/// Why a TLS stream broke, in the classes that SAP's texts tell apart.
enum class TlsFailure : std::uint8_t {
    none,               ///< not TLS's doing: the connection itself ended
    untrusted,          ///< the chain does not lead to a trusted root, or is not valid now
    host_mismatch,      ///< a good certificate of somebody else
    protocol_version,   ///< no common TLS version
    handshake_alert,    ///< the other side aborted
    certificate_wanted, ///< the other side demands a client certificate, or refuses ours
    other,
};

class Stream {
public:
    explicit Stream(net::io_context& io);
    explicit Stream(Tcp::socket socket);
    ~Stream();
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;

    Tcp::socket& socket() { return socket_; }
    /// Non-blocking and without Nagle's delay; once, after connect or accept.
    void set_up();
    /// From now on all bytes go through TLS. Takes the session over; its role and names are set.
    void start_tls(ssl_st* session);
    bool is_tls() const { return ssl_ != nullptr; }
    ssl_st* tls() const { return ssl_.get(); }

    IoResult handshake();
    IoResult read_some(char* into, std::size_t size);
    IoResult write_some(std::string_view bytes);
    /// Says farewell as far as that works without waiting, and closes the sending half.
    void end_sending();
    /// TCP reset instead of an orderly end.
    void reset();
    void close();
    /// Ends a wait in ready().
    void cancel();

    /// Gives TLS's buffers back (33 KB) until the next bytes come or go; what is still in them stays.
    void rest();
    /// Bytes that are read from the socket but not given out yet: waiting for the socket would miss them.
    bool has_buffered() const;
    /// A connection that nobody uses: true while it is open and silent. Costs one system call.
    bool is_quiet();

    /// Resumes when the socket is ready for what a result asked for, or was cancelled.
    auto ready(Io want) {
        return socket_.async_wait(want == Io::want_write ? Tcp::socket::wait_write : Tcp::socket::wait_read,
                                  tuple_awaitable);
    }

    TlsFailure tls_failure() const { return failure_; }
    std::string const& failure_detail() const { return detail_; } ///< OpenSSL's or the system's words

private:
    struct FreeTls {
        void operator()(ssl_st* session) const;
    };
    IoResult plain(long result);
    IoResult tls_result(int result, std::size_t bytes);
    void note_tls_error();

    Tcp::socket socket_;
    std::unique_ptr<ssl_st, FreeTls> ssl_;
    TlsFailure failure_ = TlsFailure::none;
    std::string detail_;
};

} // namespace almd
