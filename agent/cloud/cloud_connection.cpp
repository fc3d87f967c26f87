// Calls: token, headers, repeats and counters around the HTTP client.
#include "agent/cloud/cloud_connection.hpp"

#include "proto/messages/api_error.hpp"
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/suspended.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace almd {

namespace {

constexpr std::size_t shown_characters_max = 300;
constexpr std::string_view bearer = "Bearer ";

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

bool is_good(CallSpec const& spec, int status) {
    if (status == 304) return !find_header(spec.headers, "If-None-Match").empty();
    if (spec.operation == Operation::connection_test) return status == 400; // what SM59 shows when all is well (V)
    return status >= 200 && status < 300;
}

std::string without(std::string text, std::string_view secret) {
    if (secret.empty()) return text;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
        text.replace(at, secret.size(), "***");
    return text;
}

} // namespace

void OperationCounters::merge(OperationCounters const& other) {
    calls += other.calls;
    ok += other.ok;
    refused += other.refused;
    given_up += other.given_up;
    retried += other.retried;
    renewed += other.renewed;
    for (std::size_t i = 0; i < errors.size(); ++i) errors[i] += other.errors[i];
    for (auto const& [status, count] : other.statuses) statuses[status] += count;
    latency.merge(other.latency);
}

void ConnectionCounters::merge(ConnectionCounters const& other) {
    for (std::size_t i = 0; i < by_operation.size(); ++i) by_operation[i].merge(other.by_operation[i]);
}

/// Lets `max` calls through at a time, the others in the order they came.
class CloudConnection::Turnstile {
public:
    Turnstile(net::any_io_executor executor, std::size_t max)
        : executor_{std::move(executor)}
        , max_{max} {}

    /// A place on the wire; whoever leaves hands it to the next.
    class Place {
    public:
        explicit Place(std::shared_ptr<Turnstile> turnstile)
            : turnstile_{std::move(turnstile)} {}
        ~Place() { turnstile_->leave(); }
        Place(Place const&) = delete;
        Place& operator=(Place const&) = delete;

    private:
        std::shared_ptr<Turnstile> turnstile_;
    };

    bool try_enter() {
        if (taken_ == max_) return false;
        ++taken_;
        return true;
    }
    Async<void> enter() {
        return suspend<>([this](Suspended<> self) { waiting_.push_back(std::move(self)); });
    }
    std::size_t taken() const { return taken_; }

private:
    void leave() {
        if (waiting_.empty()) {
            --taken_;
            return;
        }
        net::post(executor_, std::move(waiting_.front()));
        waiting_.pop_front();
    }

    net::any_io_executor executor_;
    std::size_t max_, taken_ = 0;
    std::deque<Suspended<>> waiting_;
};

struct CloudConnection::Attempt {
    CallResult<HttpResponse> answer;
    std::uint64_t serial = 0; ///< of the token that went with it; 0: none did
    std::optional<WireDuration> retry_after;
    explicit Attempt(CallResult<HttpResponse> a, std::uint64_t s = 0)
        : answer{std::move(a)}
        , serial{s} {}
};

CloudConnection::CloudConnection(Shard& shard, HttpClient& client, TokenSource& tokens, CallGuard guard,
                                 ConnectionSettings settings)
    : shard_{shard}
    , client_{client}
    , tokens_{tokens}
    , guard_{std::move(guard)}
    , settings_{std::move(settings)}
    , turnstile_{
          std::make_shared<Turnstile>(shard.io().get_executor(), std::max<std::size_t>(settings_.in_flight_max, 1))} {
}

CloudConnection::~CloudConnection() = default;

std::size_t CloudConnection::in_flight() const {
    return turnstile_->taken();
}

Async<CallResult<HttpResponse>> CloudConnection::call(CallSpec spec) {
    ++count(spec.operation).calls;
    if (auto allowed = guard_(spec.method, path_of(spec.target)); !allowed)
        co_return std::unexpected<CallError>(conclude(spec, failed(spec, std::move(allowed.error())), 0));

    auto const started = static_cast<std::uint64_t>(shard_.wire().now().time_since_epoch().count());
    auto const who = mix(settings_.seed, spec.registration);
    auto const correlation = Uuid::from_hash(who, mix(started, static_cast<std::uint64_t>(spec.operation))).text();
    auto jitter = Rng::stream(settings_.seed, spec.registration, mix(hash_text("retry"), started));
    bool renewed = false;
    for (int attempts = 1;;) {
        auto done = co_await attempt(&spec, correlation);
        if (done.answer) {
            ++count(spec.operation).ok;
            last_failure_.emplace();
            co_return std::move(done.answer);
        }
        auto& error = done.answer.error();
        if (error.status == 401) {
            tokens_.invalidate(done.serial);
            if (!std::exchange(renewed, true)) { // repeated at once, and not counted as an attempt
                ++count(spec.operation).renewed;
                ++count(spec.operation).retried;
                continue;
            }
        }
        if (spec.operation == Operation::connection_test) // SM59 answers at once
            co_return std::unexpected<CallError>(conclude(spec, std::move(error), attempts));
        Failure const failure{error.code, error.status, done.retry_after};
        auto const plan = after_failure(settings_.retry, attempts, failure, jitter.unit());
        if (!plan.again) co_return std::unexpected<CallError>(conclude(spec, std::move(error), attempts));
        if (!co_await shard_.wire().wait_for(plan.wait)) {
            error.code = ErrorCode::stopped;
            error.context += "; not repeated, because we are stopping";
            co_return std::unexpected<CallError>(conclude(spec, std::move(error), attempts));
        }
        ++attempts;
        ++count(spec.operation).retried;
    }
}

CallError CloudConnection::conclude(CallSpec const& spec, CallError error, int attempts) {
    bool const refused = error.code == ErrorCode::invalid || error.code == ErrorCode::not_found ||
                         error.code == ErrorCode::conflict || error.code == ErrorCode::refused ||
                         (error.code == ErrorCode::too_large && error.status != 0);
    ++(refused ? count(spec.operation).refused : count(spec.operation).given_up);
    if (attempts > 1) error.context += fmt::format("; given up after {} attempts", attempts);
    bool const came_through = error.status != 0 && error.status != 401 && error.status != 403 && error.status < 500;
    last_failure_ = came_through ? "" : error.context;
    return error;
}

CallError CloudConnection::not_understood(CallSpec const& spec, Error error) {
    --count(spec.operation).ok;
    ++count(spec.operation).given_up;
    error.code = ErrorCode::protocol;
    error.context = "the answer is not what the contract says: " + error.context;
    return failed(spec, std::move(error));
}

/// One attempt: a place on the wire, a token, the exchange.
Async<CloudConnection::Attempt> CloudConnection::attempt(CallSpec const* spec, std::string correlation) {
    if (!turnstile_->try_enter()) co_await turnstile_->enter();
    Turnstile::Place const place{turnstile_};

    if (settings_.budget && !co_await shard_.wire().wait_until(settings_.budget->take(shard_.wire().now()))) {
        Error stopped{ErrorCode::stopped, "not sent, because we are stopping"};
        co_return Attempt{std::unexpected<CallError>(failed(*spec, std::move(stopped)))};
    }
    auto token = co_await tokens_.token();
    if (!token) co_return Attempt{std::unexpected<CallError>(failed(*spec, std::move(token.error())))};
    HttpRequest question = request(*spec, correlation, token->authorization);
    auto const sent_at = shard_.wire().now();
    auto answer = co_await client_.send(std::move(question));
    count(spec->operation).latency.record(static_cast<std::uint64_t>((shard_.wire().now() - sent_at).count()));
    if (answer) co_return judge(*spec, std::move(*answer), *token);
    answer.error().context =
        without(std::move(answer.error().context), std::string_view{token->authorization}.substr(bearer.size()));
    co_return Attempt{std::unexpected<CallError>(failed(*spec, std::move(answer.error()))), token->serial};
}

HttpRequest CloudConnection::request(CallSpec const& spec, std::string const& correlation,
                                     std::string authorization) const {
    HttpRequest question{spec.method, spec.target, spec.body};
    question.connection_key = spec.registration;
    question.headers.reserve(4 + spec.headers.size());
    question.headers.emplace_back("Authorization", std::move(authorization));
    question.headers.emplace_back("X-Correlation-Id", correlation);
    if (spec.key) question.headers.emplace_back("Idempotency-Key", spec.key->text());
    if (!spec.body.empty()) question.headers.emplace_back("Content-Type", "application/json");
    question.headers.insert(question.headers.end(), spec.headers.begin(), spec.headers.end());
    return question;
}

CloudConnection::Attempt CloudConnection::judge(CallSpec const& spec, HttpResponse answer, Token const& token) {
    if (answer.status != 401 && token.serial > accepted_serial_) {
        accepted_serial_ = token.serial;
        tokens_.accepted(token.serial);
    }
    if (is_good(spec, answer.status)) return Attempt{std::move(answer), token.serial};
    ++count(spec.operation).statuses[answer.status];
    auto said = decode_api_error(answer.body);
    auto text = fmt::format("the answer was {}{}{}{}{}", answer.status, said.code.empty() ? "" : " ", said.code,
                            said.message.empty() ? "" : ": ", said.message.substr(0, shown_characters_max));
    Error error{code_of_status(answer.status).value_or(ErrorCode::protocol),
                without(std::move(text), std::string_view{token.authorization}.substr(bearer.size()))};
    Attempt attempt{std::unexpected<CallError>(failed(spec, std::move(error), answer.status, std::move(said.code))),
                    token.serial};
    if (auto const header = find_header(answer.headers, "Retry-After"); !header.empty())
        attempt.retry_after = parse_retry_after(header, shard_.wire().now());
    return attempt;
}

CallError CloudConnection::failed(CallSpec const& spec, Error error, int status, std::string api_code) {
    ++count(spec.operation).errors[static_cast<std::size_t>(error.code)];
    auto url = settings_.root_url + std::string{path_of(spec.target)};
    error.context = fmt::format("{}: {} {}: {}", name(spec.operation), spec.method, url, error.context);
    return CallError{std::move(error), status, std::move(api_code), std::move(url)};
}

} // namespace almd
