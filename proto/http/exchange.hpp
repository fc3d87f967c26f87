// One request on its way: gets a connection, sends, reads the answer, and gives the connection back.
#pragma once

#include "proto/http/addresses.hpp"
#include "proto/http/client_errors.hpp"
#include "proto/http/codec.hpp"
#include "proto/http/connection_pool.hpp"
#include "proto/http/tally.hpp"
#include "proto/http/tls_context.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace almd {

class Exchange;

/// What the requests of one client share. Lives as long as the client or its last request.
struct ClientState {
    ClientState(Shard& shard, ClientSettings settings, std::unique_ptr<ClientTls> tls);

    Shard& shard;
    ClientSettings const settings;
    ReadLimits const limits;
    std::unique_ptr<ClientTls> const tls; ///< null: plain
    ClientErrors const errors;
    std::string const host_header;
    std::shared_ptr<Addresses> const addresses; ///< of the origin, or of the proxy
    ConnectionPool pool;
    std::vector<Exchange*> exchanges;

    /// Shared by all connections, since nothing waits between filling and emptying them: an idle connection has no buffer.
    std::array<char, 32 * 1024> incoming;
    std::string outgoing;

    Tally requests, connects, tls_resumed, bytes_out, bytes_in;
    bool ended = false, sweeping = false;

    bool busy() const { return !exchanges.empty() || pool.idle() > 0; }
    /// Every request returns `stopped`, every connection is closed.
    void end();
};

/// Lives in the frame of the coroutine that awaits run().
class Exchange {
public:
    Exchange(std::shared_ptr<ClientState> client, HttpRequest request);
    ~Exchange();
    Exchange(Exchange const&) = delete;
    Exchange& operator=(Exchange const&) = delete;

    Async<Result<HttpResponse>> run();

    enum class Fate : std::uint8_t { going, timed_out, stopped };
    /// Ends whatever it waits for.
    void interrupt(Fate fate);
    bool is_late(WirePoint now) const { return now >= deadline_; }

private:
    using Step = std::optional<Error>; ///< nothing: went well

    Async<Step> obtain();
    Async<Step> wait_for_turn();

    // connect.cpp: from nothing to a connection that a request can use
    Async<Step> connect();
    Async<Step> find_addresses();
    Async<Step> dial();
    Async<Step> ask_proxy();
    Async<Step> shake_hands();

    Async<Result<HttpResponse>> converse();
    Async<bool> send_rest(std::string rest);
    Async<Step> read_answer(ResponseReader& reader);
    void take_in(ResponseReader& reader, std::string_view bytes);
    Error read_error(IoResult got, ResponseReader const& reader) const;

    bool may_repeat() const;
    void release(bool reusable);
    WirePoint now() const { return client_->shard.wire().now(); }
    Stream& stream() { return turn_.connection->stream; }

    std::shared_ptr<ClientState> client_;
    HttpRequest request_;
    ConnectionPool::Turn turn_;
    std::string unparsed_; ///< the start of an answer's header, until the rest comes
    WirePoint deadline_;
    std::size_t position_ = 0; ///< in ClientState::exchanges
    Fate fate_ = Fate::going;
    bool sent_ = false, answer_begun_ = false, sent_all_ = false;
};

} // namespace almd
