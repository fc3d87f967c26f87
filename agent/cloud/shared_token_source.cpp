// A credential on a shard that does not own it.
#include "agent/cloud/token_flight.hpp"
#include "agent/cloud/token_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace almd {

SharedTokenSource::SharedTokenSource(Shard& shard, OwnedTokenSource& owner)
    : shard_{shard}
    , owner_{owner} {
}

SharedTokenSource::~SharedTokenSource() = default;

Async<Result<Token>> SharedTokenSource::token() {
    auto const now = shard_.wire().now();
    bool const asking = flight_ && !flight_->is_landed();
    if (current_ && now < (asking ? current_->usable_until : current_->renew_at)) co_return *current_;
    if (asking) co_return co_await TokenFlight::wait_for_result(flight_);

    flight_ = std::make_shared<TokenFlight>(shard_.io().get_executor());
    auto const flight = flight_;
    LandingGuard const guard{flight};
    auto ask = owner_.token(); // starts on the owner's thread, not here
    auto answer = co_await net::co_spawn(owner_.shard().io(), std::move(ask), net::use_awaitable);
    if (answer && (!current_ || answer->serial >= current_->serial)) current_ = *answer;
    flight->land(answer);
    co_return answer;
}

void SharedTokenSource::invalidate(std::uint64_t serial) {
    if (current_ && current_->serial == serial) current_.reset();
    net::post(owner_.shard().io(), [owner = &owner_, serial] { owner->invalidate(serial); });
}

void SharedTokenSource::accepted(std::uint64_t serial) {
    net::post(owner_.shard().io(), [owner = &owner_, serial] { owner->accepted(serial); });
}

} // namespace almd
