// Async<T>: the one coroutine type. Rules: name arguments before you await, parameters by value, no capturing lambdas.
//
// Another trap of g++ 12.2, seen here at every optimisation level: a coroutine that declares no local variable at all and
// has a co_await in the condition of if, while, for or do crashes when it is resumed. So not `while (co_await f()) beat();`
// but `for (;;) { bool const on = co_await f(); if (!on) co_return; beat(); }`.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace almd {

namespace net = boost::asio;

template <class T>
using Async = net::awaitable<T>;

} // namespace almd
