// Tokens: one per credential, fetched by exactly one call however many systems wait for it.
#pragma once

#include "agent/cloud/retry.hpp"
#include "proto/http/message.hpp"
#include "proto/messages/service_key.hpp"
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/shard.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace almd {

struct Token {
    std::string authorization; ///< "Bearer ...", the header's value
    std::uint64_t serial = 0;  ///< counts the fetches of this credential; names the token without showing it
    WirePoint renew_at{};      ///< from here on a new one is fetched
    WirePoint usable_until{};  ///< a call must not start with it from here on; before it expires
};

/// Where calls get their token. Used on one shard.
class TokenSource {
public:
    virtual ~TokenSource() = default;
    /// A token that is good for a call that starts now. Errors: refused (wrong secret or certificate), what the network
    /// or the token endpoint said, stopped. One call of this is one attempt at most; the caller's retry plan decides
    /// over more.
    virtual Async<Result<Token>> token() = 0;
    /// The token with this serial got a 401. If it still is the current one the next token() fetches; else nothing
    /// happens.
    virtual void invalidate(std::uint64_t serial) = 0;
    /// The cloud took the token with this serial. A token that was never taken before it got its 401 makes the next
    /// fetch wait, so that a cloud that refuses every token does not get a token call for each of its refusals.
    virtual void accepted(std::uint64_t serial) = 0;
    /// Of the last token, as the endpoint gave it; empty: none yet, or it is kept on another shard.
    virtual std::string_view scope() const { return {}; }
};

class TokenFlight; ///< one fetch and those who wait for it

/// What a token endpoint's refusal means, in SAP's words where it has some (reference/cloud-alm.md 1.3, 4.1). Pure.
Error token_refusal(ServiceKey const& key, HttpResponse const& answer);

/// For reports.
struct TokenCounters {
    std::uint64_t fetches = 0, failures = 0, invalidated = 0, joined = 0; ///< joined: waited for another's fetch
};

/// Talks to the token endpoint: Basic and form POST, or for an X.509 key client_id in the body (then `client` must be
/// one that shows the key's certificate). Renewed early by min(60 s, a fifth of the life) and a little jitter. Failed
/// fetches back off once for everybody. In virtual time give each shard its own: hops between threads have no order
/// there.
class OwnedTokenSource final : public TokenSource {
public:
    OwnedTokenSource(Shard& shard, HttpClient& client, ServiceKey key, RetrySpec retry, std::uint64_t seed);
    ~OwnedTokenSource() override;
    OwnedTokenSource(OwnedTokenSource const&) = delete;
    OwnedTokenSource& operator=(OwnedTokenSource const&) = delete;

    Async<Result<Token>> token() override;
    void invalidate(std::uint64_t serial) override;
    void accepted(std::uint64_t serial) override;

    TokenCounters const& counters() const { return counters_; }
    std::string_view scope() const override { return scope_; }
    Shard& shard() { return shard_; }

private:
    Async<Result<Token>> lead(std::shared_ptr<TokenFlight> flight);
    Async<Result<Token>> fetch();
    HttpRequest request() const;
    Result<Token> take(HttpResponse const& answer, WirePoint sent_at);
    std::string without_secrets(std::string text) const;
    void believe_or_doubt(Error& error);
    void back_off(int attempts, std::optional<WireDuration> retry_after);

    Shard& shard_;
    HttpClient& client_;
    ServiceKey key_;
    std::string target_, basic_;
    RetrySpec retry_;
    Rng rng_;
    std::optional<Token> current_;
    std::shared_ptr<TokenFlight> flight_;
    std::optional<Error> refused_; ///< a refusal is remembered until the back-off is over
    WirePoint not_before_{};
    int failures_ = 0, rejected_ = 0;
    std::uint64_t serial_ = 0, accepted_ = 0;
    std::string scope_;
    TokenCounters counters_;
};

/// The same credential on another shard: keeps the token here and asks the owner's thread for a newer one. The owner's
/// shard must run longer than this one.
class SharedTokenSource final : public TokenSource {
public:
    SharedTokenSource(Shard& shard, OwnedTokenSource& owner);
    ~SharedTokenSource() override;
    Async<Result<Token>> token() override;
    void invalidate(std::uint64_t serial) override;
    void accepted(std::uint64_t serial) override;

private:
    Shard& shard_;
    OwnedTokenSource& owner_;
    std::optional<Token> current_;
    std::shared_ptr<TokenFlight> flight_;
};

} // namespace almd
