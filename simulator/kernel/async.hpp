// Async<T>: the one coroutine type. Rules: name arguments before you await, parameters by value, no capturing lambdas.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace almd {

namespace net = boost::asio;

template <class T>
using Async = net::awaitable<T>;

} // namespace almd
