// The owner of one credential's token: single flight, early renewal, one back-off for everybody.
#include "agent/cloud/token_source.hpp"

#include "agent/cloud/token_flight.hpp"
#include "proto/http/certificates.hpp"
#include "proto/http/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace almd {

namespace {

constexpr WireDuration margin_max = 60s;
constexpr std::chrono::seconds life_max = std::chrono::days{366};
constexpr int refusals_believed = 3;                      ///< in a row, of a credential that has worked before
constexpr std::size_t access_token_bytes_max = 12 * 1024; ///< what fits into a header line of a common server

/// "https://host:port/oauth/token" -> "/oauth/token"
std::string target_of(std::string_view url) {
    auto const host = url.find("://");
    auto const slash = url.find('/', host == std::string_view::npos ? 0 : host + 3);
    return slash == std::string_view::npos ? "/" : std::string{url.substr(slash)};
}

void replace_all(std::string& text, std::string_view what) {
    if (what.empty()) return;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 3))
        text.replace(at, what.size(), "***");
}

bool fits_a_header(std::string_view token) {
    return !token.empty() && token.size() <= access_token_bytes_max &&
           std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

OwnedTokenSource::OwnedTokenSource(Shard& shard, HttpClient& client, ServiceKey key, RetrySpec retry,
                                   std::uint64_t seed)
    : shard_{shard}
    , client_{client}
    , key_{std::move(key)}
    , target_{target_of(key_.token_endpoint)}
    , retry_{retry}
    , rng_{Rng::stream(seed, hash_text(key_.client_id), hash_text("token"))} {
    retry_.attempts_max = std::numeric_limits<int>::max(); // callers give up, the credential never does
    if (!key_.is_x509()) basic_ = base64(key_.client_id + ":" + key_.client_secret);
}

OwnedTokenSource::~OwnedTokenSource() = default;

Async<Result<Token>> OwnedTokenSource::token() {
    auto const now = shard_.wire().now();
    if (current_) {
        bool const fetching_or_backing_off = (flight_ && !flight_->is_landed()) || now < not_before_;
        if (now < (fetching_or_backing_off ? current_->usable_until : current_->renew_at)) co_return *current_;
    }
    if (flight_ && !flight_->is_landed()) {
        ++counters_.joined;
        co_return co_await TokenFlight::wait_for_result(flight_);
    }
    if (refused_ && now < not_before_) co_return std::unexpected<Error>(*refused_);
    flight_ = std::make_shared<TokenFlight>(shard_.io().get_executor());
    co_return co_await lead(flight_);
}

Async<Result<Token>> OwnedTokenSource::lead(std::shared_ptr<TokenFlight> flight) {
    LandingGuard const guard{flight};
    if (shard_.wire().now() < not_before_) {
        bool const going_on = co_await shard_.wire().wait_until(not_before_);
        if (!going_on) co_return fail(ErrorCode::stopped, "the token was not fetched: we are stopping");
    }
    auto fetched = co_await fetch();
    // An early renewal that failed hurts nobody as long as the old token lives.
    if (!fetched && current_ && shard_.wire().now() < current_->usable_until) fetched = *current_;
    flight->land(fetched);
    co_return fetched;
}

Async<Result<Token>> OwnedTokenSource::fetch() {
    auto const sent_at = shard_.wire().now();
    ++counters_.fetches;
    HttpRequest question = request();
    auto answer = co_await client_.send(std::move(question));

    Result<Token> token =
        answer ? take(*answer, sent_at) : Result<Token>{std::unexpected<Error>(std::move(answer.error()))};
    if (token) {
        failures_ = 0;
        refused_.reset();
        current_ = *token;
        co_return token;
    }
    token.error().context = without_secrets(std::move(token.error().context));
    if (!answer) token.error().context += fmt::format(" (token: POST {})", key_.token_endpoint);
    if (token.error().code == ErrorCode::stopped) co_return token;
    ++counters_.failures;
    ++failures_;
    believe_or_doubt(token.error());
    std::optional<WireDuration> retry_after;
    if (answer) retry_after = parse_retry_after(find_header(answer->headers, "Retry-After"), shard_.wire().now());
    back_off(failures_, retry_after);
    co_return token;
}

/// A credential that has worked is not given up for one refusal: whoever waits may ask again.
void OwnedTokenSource::believe_or_doubt(Error& error) {
    refused_.reset();
    if (error.code != ErrorCode::refused) return;
    bool const has_worked = serial_ > 0;
    if (has_worked && failures_ < refusals_believed)
        error.code = ErrorCode::unavailable;
    else
        refused_ = error;
}

HttpRequest OwnedTokenSource::request() const {
    HttpRequest question{"POST", target_, "grant_type=client_credentials"};
    question.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    question.headers.emplace_back("Accept", "application/json");
    if (key_.is_x509())
        question.body += "&client_id=" + percent_encode(key_.client_id);
    else
        question.headers.emplace_back("Authorization", "Basic " + basic_);
    return question;
}

Result<Token> OwnedTokenSource::take(HttpResponse const& answer, WirePoint sent_at) {
    if (answer.status != 200) return std::unexpected<Error>(token_refusal(key_, answer));
    auto decoded = decode_token_answer(answer.body);
    if (!decoded || !fits_a_header(decoded->access_token) || decoded->expires_in <= 0s)
        return fail(ErrorCode::protocol,
                    fmt::format("token: the answer of {} is no token answer{}{}", key_.token_endpoint,
                                decoded ? ": access_token or expires_in cannot be used" : ": ",
                                decoded ? "" : decoded.error().context));
    WireDuration const life = std::min(decoded->expires_in, life_max);
    auto const margin = std::min(margin_max, life / 5);
    auto const expires_at = sent_at + life; // counted from the question, so never later than the endpoint counts
    auto const early =
        WireDuration{static_cast<WireDuration::rep>(static_cast<double>(margin.count()) * (1 + rng_.unit() / 4))};
    if (shard_.wire().now() >= expires_at - margin / 2)
        return fail(ErrorCode::timed_out, fmt::format("token: it lives {} s and was nearly over when {} had answered",
                                                      decoded->expires_in.count(), key_.token_endpoint));
    scope_ = std::move(decoded->scope);
    return Token{"Bearer " + decoded->access_token, ++serial_, expires_at - early, expires_at - margin / 2};
}

std::string OwnedTokenSource::without_secrets(std::string text) const {
    replace_all(text, basic_);
    replace_all(text, key_.client_secret);
    return text;
}

void OwnedTokenSource::back_off(int attempts, std::optional<WireDuration> retry_after) {
    Failure const failure{ErrorCode::unavailable, 0, retry_after};
    not_before_ = shard_.wire().now() + after_failure(retry_, attempts, failure, rng_.unit()).wait;
}

void OwnedTokenSource::invalidate(std::uint64_t serial) {
    if (!current_ || current_->serial != serial) return;
    ++counters_.invalidated;
    current_.reset();
    rejected_ = accepted_ == serial ? 0 : rejected_ + 1;
    if (rejected_ > 1) back_off(rejected_ - 1, std::nullopt); // the first renewal is at once, it may be a single mishap
}

void OwnedTokenSource::accepted(std::uint64_t serial) {
    accepted_ = std::max(accepted_, serial);
    if (current_ && current_->serial == serial) rejected_ = 0;
}

} // namespace almd
