// One token fetch and all who wait for it: the first one leads, the others get its result.
#pragma once

#include "agent/cloud/token_source.hpp"
#include "simulator/kernel/suspended.hpp"

#include <boost/asio/post.hpp>

#include <vector>

namespace almd {

/// Shared between its leader, its waiters and the source, so that each may go first.
class TokenFlight {
public:
    explicit TokenFlight(net::any_io_executor executor)
        : executor_{std::move(executor)} {}

    static Async<Result<Token>> wait_for_result(std::shared_ptr<TokenFlight> self) {
        if (!self->result_) co_await self->landing();
        co_return *self->result_;
    }
    void land(Result<Token> result) {
        if (result_) return;
        result_ = std::move(result);
        for (auto& one : std::exchange(waiting_, {})) net::post(executor_, std::move(one));
    }
    bool is_landed() const { return result_.has_value(); }

private:
    Async<void> landing() {
        return suspend<>([this](Suspended<> self) { waiting_.push_back(std::move(self)); });
    }

    net::any_io_executor executor_;
    std::optional<Result<Token>> result_;
    std::vector<Suspended<>> waiting_;
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
