// Routes as a table: method, pattern, operation name, handler.
#pragma once

#include "proto/http/message.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almd {

/// "a=1&b=x%20y" decoded in order, also the body of a form ('+' is a space). Keys may repeat. A broken escape stays as
/// it is.
class Query {
public:
    static Query parse(std::string_view text);
    std::optional<std::string> get(std::string_view key) const; ///< first value
    std::size_t count(std::string_view key) const;              ///< how often it is given
    std::vector<std::pair<std::string, std::string>> const& all() const { return pairs_; }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

std::string percent_encode(std::string_view text);                ///< everything but unreserved characters
std::optional<std::string> percent_decode(std::string_view text); ///< nullopt: a broken escape

/// A request that found its route.
struct RoutedRequest {
    HttpRequest const& http;
    std::string_view operation;           ///< name of the route, "heartbeat"
    std::vector<std::string> path_values; ///< decoded values of the {placeholders}, in order
    Query query;
};

using Handler = std::function<HttpResponse(RoutedRequest const&)>;

/// Handlers are plain functions: a state transition takes no time. What waits (delays, hops) wraps the router.
class Router {
public:
    /// pattern: "/api/standin/v1/systems/{lmsId}/heartbeat". A last segment "{rest*}" takes the remaining path, also an
    /// empty one. A static segment wins over a placeholder; HEAD is answered by the GET route when it has none of its
    /// own.
    void add(std::string method, std::string pattern, std::string operation, Handler handler);

    struct Match {
        std::string_view operation;
        std::vector<std::string> path_values;
        Handler const* handler;
    };
    /// Error not_found: no such path; invalid: a broken %-escape; conflict: path exists, method does not (context: the
    /// allowed methods, comma separated).
    Result<Match> match(std::string_view method, std::string_view path) const;

    /// match and call; 404 and 405 (with Allow) as error bodies of the contract. A handler's exception becomes 500 and
    /// a log line.
    HttpResponse dispatch(HttpRequest const& request) const;

    struct Route {
        std::string method, pattern, operation;
    };
    std::vector<Route> routes() const; ///< for --help, tests and the contract check

private:
    /// One path segment of the tree. Static children are tried before the placeholder; numbers are positions in nodes_
    /// and table_.
    struct Node {
        std::map<std::string, std::uint32_t, std::less<>> children;
        std::uint32_t placeholder = 0;          ///< 0: none, since node 0 is the root and nobody's child
        std::vector<std::uint32_t> ends, rests; ///< routes that end here; routes whose {rest*} begins here
    };
    struct Search;

    std::vector<std::pair<Route, Handler>> table_;
    std::vector<Node> nodes_ = std::vector<Node>(1);
};

/// {"error":{"code","message","target"}} of contract.md with the right content type.
HttpResponse error_response(int status, std::string_view code, std::string_view message, std::string_view target = {});
HttpResponse json_response(int status, std::string body);

} // namespace almd
