// Asio's resolver, shared by those who wait for the same name.
#include "proto/http/addresses.hpp"

#include <algorithm>
#include <utility>

namespace almd {

namespace {

/// Short enough to follow a failover, long enough that one connection per push does not mean one look-up per push.
constexpr WireDuration remembered = 30s;

} // namespace

Addresses::Addresses(net::io_context& io, std::string const& host, std::uint16_t port)
    : resolver_{io}
    , host_{host}
    , port_{std::to_string(port)} {
    boost::system::error_code error;
    auto const address = net::ip::make_address(host, error);
    literal_ = !error;
    if (literal_) list_.emplace_back(address, port);
}

bool Addresses::known(WirePoint now) const {
    return literal_ || (!list_.empty() && now - asked_ < remembered);
}

void Addresses::worked(Tcp::endpoint const& endpoint) {
    auto const found = std::ranges::find(list_, endpoint);
    if (found != list_.end()) std::rotate(list_.begin(), found, std::next(found));
}

/// A completion handler instead of a coroutine: the system's resolver cannot be interrupted, and nobody has to wait for
/// it at the end. The handler keeps nothing alive.
void Addresses::ask(Gate& gate, WirePoint now) {
    waiting_.push_back(&gate);
    if (std::exchange(asking_, true)) return;
    asked_ = now;
    resolver_.async_resolve(host_, port_, [weak = weak_from_this()](auto error, auto const& results) {
        if (auto const self = weak.lock()) self->answered(error, results);
    });
}

void Addresses::leave(Gate& gate) {
    std::erase(waiting_, &gate);
}

void Addresses::answered(boost::system::error_code error, Tcp::resolver::results_type const& results) {
    asking_ = false;
    failure_ = error;
    list_.clear();
    for (auto const& entry : results) list_.push_back(entry.endpoint());
    for (auto* const gate : std::exchange(waiting_, {})) gate->open();
}

} // namespace almd
