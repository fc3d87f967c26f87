// A coroutine that waits, as a value: the right to resume it once. For whoever writes a new way to wait.
#pragma once

#include "simulator/kernel/async.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace almd {

/// Call it (as an rvalue) to resume the coroutine at once, with the value that its co_await yields. Destroyed uncalled, it
/// posts the destruction of the coroutine to the coroutine's executor.
template <class... Value>
using Suspended = typename net::async_result<net::use_awaitable_t<>, void(Value...)>::handler_type;

/// What to co_await: `keep` gets the Suspended<Value...> when the coroutine has stopped.
template <class... Value, class Keep>
auto suspend(Keep keep) {
    return net::async_initiate<net::use_awaitable_t<> const, void(Value...)>(std::move(keep), net::use_awaitable);
}

} // namespace almd
