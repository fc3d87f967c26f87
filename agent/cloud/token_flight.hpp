// One token fetch and all who wait for it: the first one leads, the others get its result.
#pragma once

#include "agent/cloud/token_source.hpp"

#include <boost/asio/experimental/channel.hpp>

namespace almd {

/// Shared between its leader, its waiters and the source, so that each may go first.
struct TokenFlight {
    explicit TokenFlight(net::any_io_executor executor)
        : landed{std::move(executor)} {}

    static Async<Result<Token>> wait_for_result(std::shared_ptr<TokenFlight> self);
    void land(Result<Token> with) {
        if (result) return;
        result = std::move(with);
        landed.close(); // wakes all
    }

    std::optional<Result<Token>> result;

private:
    net::experimental::channel<void(boost::system::error_code)>
        landed; ///< nothing is ever sent: only its closing counts
};

/// Lands the flight of a leader that was left by an exception or destroyed with its shard.
class LandingGuard {
public:
    explicit LandingGuard(std::shared_ptr<TokenFlight> flight)
        : flight_{std::move(flight)} {}
    ~LandingGuard() { flight_->land(fail(ErrorCode::stopped, "the token was not fetched: we are stopping")); }
    LandingGuard(LandingGuard const&) = delete;
    LandingGuard& operator=(LandingGuard const&) = delete;

private:
    std::shared_ptr<TokenFlight> flight_;
};

} // namespace almd
