// Send and read, with one write and one read in the usual case.
#include "proto/http/exchange.hpp"

#include <algorithm>

namespace almd {

namespace {

/// A body up to this size travels in one write with its head; copying a larger one costs more than a second write.
constexpr std::size_t joined_body_max = 16 * 1024;

} // namespace

Exchange::Exchange(std::shared_ptr<ClientState> client, HttpRequest request)
    : client_{std::move(client)}
    , request_{std::move(request)}
    , turn_{client_->shard.io()}
    , deadline_{now() + client_->settings.request_timeout} {
    client_->exchanges.push_back(this);
    position_ = client_->exchanges.size() - 1;
}

Exchange::~Exchange() {
    auto& all = client_->exchanges; // the last one takes our place: tens of thousands may wait at once
    all[position_] = all.back();
    all[position_]->position_ = position_;
    all.pop_back();
    client_->addresses->leave(turn_.gate);
    client_->pool.leave(request_.connection_key, turn_);
    if (turn_.granted()) release(false);
}

void Exchange::interrupt(Fate fate) {
    fate_ = fate;
    turn_.gate.open();
    if (turn_.connection) stream().cancel();
}

/// A server may close an idle connection at the very moment when we send on it. That must not become an error of a
/// request that never was answered. It is sent once more, on a fresh connection, when that cannot do things twice:
/// nothing was sent, or the method is idempotent, or the request carries an Idempotency-Key.
bool Exchange::may_repeat() const {
    if (answer_begun_ || fate_ != Fate::going) return false;
    static constexpr std::array<std::string_view, 6> idempotent{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
    return !sent_ || std::ranges::find(idempotent, request_.method) != idempotent.end() ||
           !find_header(request_.headers, "Idempotency-Key").empty();
}

Async<Result<HttpResponse>> Exchange::run() {
    client_->requests.add();
    for (bool repeated = false;; repeated = true) {
        if (repeated) { // the place stays ours, only the connection is new
            turn_.connection.reset();
        } else if (auto problem = co_await wait_for_turn()) {
            co_return std::unexpected{*std::move(problem)};
        }
        if (auto problem = co_await obtain()) co_return std::unexpected{*std::move(problem)};
        bool const reused = turn_.connection->reused;
        auto outcome = co_await converse();
        if (outcome) co_return outcome;
        bool const lost = outcome.error().code == ErrorCode::closed;
        if (!lost || !reused || repeated || !may_repeat()) co_return outcome;
    }
}

Async<Exchange::Step> Exchange::wait_for_turn() {
    client_->pool.enter(request_.connection_key, turn_);
    while (!turn_.granted() && fate_ == Fate::going) co_await turn_.gate.pass();
    if (fate_ == Fate::stopped) co_return client_->errors.stopped();
    if (fate_ == Fate::timed_out)
        co_return client_->errors.no_free_connection(
            client_->settings.policy == ConnectionPolicy::pooled ? client_->settings.connections_max : 1,
            client_->settings.request_timeout);
    co_return std::nullopt;
}

/// An idle connection that the server has closed meanwhile is replaced before anything is sent on it.
Async<Exchange::Step> Exchange::obtain() {
    if (turn_.connection && !stream().is_quiet()) turn_.connection.reset();
    if (turn_.connection) co_return std::nullopt;
    co_return co_await connect();
}

Async<Result<HttpResponse>> Exchange::converse() {
    auto& out = client_->outgoing;
    out.clear();
    append_request_head(out, request_, client_->host_header, client_->settings.policy == ConnectionPolicy::per_push);
    bool const joined = request_.body.size() <= joined_body_max;
    if (joined) out.append(request_.body);

    sent_ = sent_all_ = answer_begun_ = false;
    auto const first = stream().write_some(out);
    sent_ = first.bytes > 0;
    client_->bytes_out.add(out.size() + (joined ? 0 : request_.body.size()));
    sent_all_ = joined && first.bytes == out.size();
    if (!sent_all_) {
        // A write that fails is no answer yet: the server may have refused early ("413") and its words wait to be read.
        std::string rest = out.substr(first.bytes);
        if (!joined) rest += request_.body;
        if (first.state != Io::broken) sent_all_ = co_await send_rest(std::move(rest));
    }
    ResponseReader reader{client_->limits, request_.method == "HEAD"};
    if (auto problem = co_await read_answer(reader)) co_return std::unexpected{*std::move(problem)};
    HttpResponse response = reader.take();
    release(sent_all_ && reader.keep_alive() && unparsed_.empty());
    co_return response;
}

Async<bool> Exchange::send_rest(std::string rest) {
    std::string_view left = rest;
    while (fate_ == Fate::going) {
        auto const step = stream().write_some(left);
        left.remove_prefix(step.bytes);
        sent_ = sent_ || step.bytes > 0;
        if (left.empty()) co_return true;
        if (step.state == Io::done) continue;
        if (step.state == Io::broken || step.state == Io::ended) break;
        co_await stream().ready(step.state);
    }
    co_return false;
}

/// Waits before it reads, since the answer is never there yet; a broken write is the exception.
Async<Exchange::Step> Exchange::read_answer(ResponseReader& reader) {
    auto wanted = Io::want_read;
    bool const wait_first = sent_all_ && !stream().has_buffered();
    for (bool first = true;; first = false) {
        if (fate_ == Fate::stopped) co_return client_->errors.stopped();
        if (fate_ == Fate::timed_out) co_return client_->errors.no_answer(client_->settings.request_timeout);
        if (!first || wait_first) {
            co_await stream().ready(wanted);
            wanted = Io::done;
            if (fate_ != Fate::going) continue;
        }
        for (;;) {
            auto const got = stream().read_some(client_->incoming.data(), client_->incoming.size());
            if (got.state == Io::want_read || got.state == Io::want_write) {
                wanted = got.state;
                break;
            }
            if (got.state == Io::ended && reader.put_end()) co_return std::nullopt;
            if (got.state != Io::done) co_return read_error(got, reader);
            take_in(reader, {client_->incoming.data(), got.bytes});
            if (reader.fault() != ReadFault::none)
                co_return client_->errors.bad_answer(reader.fault(), client_->limits);
            if (reader.done()) co_return std::nullopt;
        }
    }
}

void Exchange::take_in(ResponseReader& reader, std::string_view bytes) {
    client_->bytes_in.add(bytes.size());
    answer_begun_ = true;
    if (unparsed_.empty()) {
        unparsed_ = bytes.substr(reader.put(bytes));
        return;
    }
    unparsed_.append(bytes);
    unparsed_.erase(0, reader.put(unparsed_));
}

Error Exchange::read_error(IoResult got, ResponseReader const& reader) const {
    auto const& broken = turn_.connection->stream;
    // In TLS 1.3 the server judges our certificate after our side of the handshake is done: its verdict comes here.
    if (got.state == Io::broken && broken.tls_failure() != TlsFailure::none)
        return client_->errors.handshake_failed(broken.tls_failure(), broken.failure_detail());
    return client_->errors.closed(reader.started(),
                                  got.state == Io::ended ? "closed by the other side" : broken.failure_detail());
}

void Exchange::release(bool reusable) {
    turn_.state = ConnectionPool::Turn::State::outside;
    auto connection = std::move(turn_.connection);
    bool const keep = reusable && !client_->ended && client_->settings.policy != ConnectionPolicy::per_push;
    if (keep) connection->stream.rest();
    if (keep) return client_->pool.give_back(request_.connection_key, std::move(connection), now());
    if (connection) connection->stream.end_sending();
    client_->pool.drop(request_.connection_key);
}

} // namespace almd
