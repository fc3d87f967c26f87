// A cloud in a few lines and a shard on virtual time: the world in which sessions are tested.
#pragma once

#include "agent/cloud/calls.hpp"
#include "proto/http/certificates.hpp"
#include "proto/http/router.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace almd::testing {

inline constexpr std::string_view secret = "S3cret-that-nobody-may-see";
inline constexpr TimePoint test_start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}.time_since_epoch()};

inline ServiceKey secret_key() {
    ServiceKey key;
    key.api = "https://cloud.test/api";
    key.token_endpoint = "https://uaa.test/oauth/token";
    key.client_id = "almd!b1|sapcloudalm!b2";
    key.client_secret = secret;
    return key;
}

/// Gives tokens, checks them, answers what the script says; counts what it sees.
class FakeCloud : public HttpService {
public:
    explicit FakeCloud(Shard& shard)
        : shard_{shard} {}

    std::chrono::seconds token_life{43200};
    WireDuration token_latency{0}, api_latency{0};
    std::deque<HttpResponse> token_answers; ///< served before real tokens
    std::deque<HttpResponse> api_answers;   ///< served, after the token check, before 204
    std::function<HttpResponse(HttpRequest const&)> api = [](HttpRequest const&) { return HttpResponse{204}; };

    void revoke_all() { tokens_.clear(); }

    std::vector<HttpRequest> seen; ///< calls, without those for tokens
    std::vector<WirePoint> seen_at, token_calls_at;
    std::vector<HttpRequest> token_requests;
    std::uint64_t calls_with_expired_token = 0, calls_with_unknown_token = 0;
    std::size_t at_once = 0, at_once_max = 0;
    bool keep_requests = true;

    Async<HttpResponse> serve(HttpRequest request) override {
        bool const for_token = request.target.starts_with("/oauth/token");
        HttpResponse answer = for_token ? give_token(request) : HttpResponse{};
        at_once_max = std::max(at_once_max, ++at_once);
        auto const latency = for_token ? token_latency : api_latency;
        if (!for_token) answer = judge(request);
        if (latency > WireDuration{0}) co_await shard_.wire().wait_for(latency);
        --at_once;
        co_return answer;
    }

private:
    HttpResponse give_token(HttpRequest const& request) {
        token_calls_at.push_back(shard_.wire().now());
        token_requests.push_back(request);
        if (!token_answers.empty()) return take(token_answers);
        auto const key = secret_key();
        auto const basic = "Basic " + base64(key.client_id + ":" + key.client_secret);
        if (find_header(request.headers, "Authorization") != basic)
            return json_response(401, R"({"error":"invalid_client","error_description":"Bad credentials"})");
        auto const text = "token-" + std::to_string(++issued_);
        tokens_[text] = shard_.wire().now() + token_life;
        TokenAnswer const answer{text, token_life, "imp-cdm-feature-display-ui", "jti"};
        return json_response(200, encode(answer));
    }

    HttpResponse judge(HttpRequest const& request) {
        seen_at.push_back(shard_.wire().now());
        if (keep_requests) seen.push_back(request);
        auto const text = find_header(request.headers, "Authorization");
        auto const token = tokens_.find(text.starts_with("Bearer ") ? text.substr(7) : text);
        if (token == tokens_.end() || shard_.wire().now() >= token->second) {
            ++(token == tokens_.end() ? calls_with_unknown_token : calls_with_expired_token);
            return error_response(401, "TOKEN_INVALID", "no such token");
        }
        return api_answers.empty() ? api(request) : take(api_answers);
    }

    static HttpResponse take(std::deque<HttpResponse>& from) {
        auto first = std::move(from.front());
        from.pop_front();
        return first;
    }

    Shard& shard_;
    std::map<std::string, WirePoint, std::less<>> tokens_;
    std::uint64_t issued_ = 0;
};

template <class T>
Async<void> keep(Async<T> task, std::optional<T>* out) {
    out->emplace(co_await std::move(task));
}

inline HttpResponse with_retry_after(int status, std::string seconds) {
    auto answer = error_response(status, "LATER", "come back later");
    answer.headers.emplace_back("Retry-After", std::move(seconds));
    return answer;
}

inline HttpResponse delivered(Delivery how) {
    HttpResponse answer{200};
    answer.delivery = how;
    return answer;
}

inline ConnectionSettings connecting_to(std::string root_url) {
    ConnectionSettings settings;
    settings.root_url = std::move(root_url);
    return settings;
}

/// A shard, a cloud, one credential and one connection.
struct World {
    Shard shard{Shard::VirtualTime{test_start}};
    FakeCloud cloud{shard};
    InProcessClient client{cloud};
    RetrySpec retry;
    OwnedTokenSource tokens;
    CloudConnection connection;
    CloudCalls calls{connection};

    explicit World(RetrySpec spec = {}, ServiceKey key = secret_key(), std::size_t in_flight_max = 64,
                   std::shared_ptr<CallBudget> budget = nullptr)
        : retry{spec}
        , tokens{shard, client, std::move(key), spec, 1}
        , connection{shard, client, tokens, [](std::string_view, std::string_view) { return Result<void>{}; },
                     ConnectionSettings{"https://cloud.test", spec, 1, in_flight_max, std::move(budget)}} {}

    template <class T>
    T result_of(Async<T> task) {
        std::optional<T> out;
        shard.tasks().spawn(keep(std::move(task), &out));
        shard.run_for(Duration{0}); // what is ready, without a jump
        while (!out && shard.step()) {
        }
        EXPECT_TRUE(out.has_value()) << "the task waits for nothing";
        return std::move(*out);
    }

    CallResult<HttpResponse> get(std::uint32_t registration = 0) {
        CallSpec spec{Operation::poll_work, "GET", "/api/standin/v1/x?client=100"};
        spec.registration = registration;
        return result_of(connection.call(std::move(spec)));
    }
    CallResult<HttpResponse> post(std::uint32_t registration = 0, Uuid key = Uuid{1, 2}) {
        CallSpec spec{Operation::heartbeat, "POST", "/api/standin/v1/x"};
        spec.registration = registration;
        spec.key = key;
        spec.body = "{}";
        return result_of(connection.call(std::move(spec)));
    }
    WirePoint now() { return shard.wire().now(); }
    OperationCounters const& posts() const { return connection.counters().of(Operation::heartbeat); }
};

} // namespace almd::testing
