// The route table as a tree of path segments: a look-up costs its depth, not the number of routes.
#include "proto/http/router.hpp"

#include "simulator/kernel/log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cassert>
#include <exception>

namespace almd {

namespace {

bool is_placeholder(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) {
    return is_placeholder(segment) && segment[segment.size() - 2] == '*';
}

/// "/a//b" gives "a", "", "b"; "/" gives one empty segment.
std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.empty() || path.front() != '/') return segments;
    path.remove_prefix(1);
    for (;;) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

} // namespace

void Router::add(std::string method, std::string pattern, std::string operation, Handler handler) {
    auto const number = static_cast<std::uint32_t>(table_.size());
    std::uint32_t at = 0;
    bool rest = false;
    auto const segments = split(pattern);
    assert(!segments.empty() && "a pattern begins with /");
    for (auto const segment : segments) {
        assert(!rest && "{rest*} must be the last segment");
        if (is_rest(segment)) {
            rest = true;
            continue;
        }
        auto const fresh = static_cast<std::uint32_t>(nodes_.size());
        if (is_placeholder(segment)) {
            if (nodes_[at].placeholder == 0) {
                nodes_[at].placeholder = fresh;
                nodes_.emplace_back();
            }
            at = nodes_[at].placeholder;
        } else {
            auto const [child, added] = nodes_[at].children.try_emplace(std::string{segment}, fresh);
            at = child->second;
            if (added) nodes_.emplace_back();
        }
    }
    (rest ? nodes_[at].rests : nodes_[at].ends).push_back(number);
    table_.emplace_back(Route{std::move(method), std::move(pattern), std::move(operation)}, std::move(handler));
}

/// Walks the tree depth first. A path may fit several patterns ("/a/b", "/a/{x}"): the first that has the method wins.
struct Router::Search {
    Router const& router;
    std::string_view method;
    std::vector<std::string> segments;
    std::vector<std::string> values;
    std::vector<std::string> allowed;
    std::optional<std::uint32_t> found;

    bool take(std::vector<std::uint32_t> const& routes) {
        for (auto const number : routes) {
            auto const& route = router.table_[number].first;
            if (route.method == method) {
                found = number;
                return true;
            }
            allowed.push_back(route.method);
        }
        return false;
    }

    bool take_rest(Node const& node, std::size_t depth) {
        if (node.rests.empty()) return false;
        std::string rest;
        for (std::size_t i = depth; i < segments.size(); ++i) {
            if (i > depth) rest += '/';
            rest += segments[i];
        }
        values.push_back(std::move(rest));
        if (take(node.rests)) return true;
        values.pop_back();
        return false;
    }

    bool walk(std::uint32_t at, std::size_t depth) {
        Node const& node = router.nodes_[at];
        if (depth == segments.size()) return take(node.ends) || take_rest(node, depth);
        auto const child = node.children.find(segments[depth]);
        if (child != node.children.end() && walk(child->second, depth + 1)) return true;
        // An empty segment is no value: "/systems//heartbeat" names no system.
        if (node.placeholder != 0 && !segments[depth].empty()) {
            values.push_back(segments[depth]);
            if (walk(node.placeholder, depth + 1)) return true;
            values.pop_back();
        }
        return take_rest(node, depth);
    }
};

Result<Router::Match> Router::match(std::string_view method, std::string_view path) const {
    Search search{*this, method, {}, {}, {}, {}};
    for (auto const raw : split(path)) {
        auto segment = percent_decode(raw);
        if (!segment) return fail(ErrorCode::invalid, "the path has a broken %-escape");
        search.segments.push_back(*std::move(segment));
    }
    bool hit = !search.segments.empty() && search.walk(0, 0);
    if (!hit && method == "HEAD" && !search.allowed.empty()) {
        search.method = "GET";
        hit = search.walk(0, 0);
    }
    if (hit) {
        auto const& [route, handler] = table_[*search.found];
        return Match{route.operation, std::move(search.values), &handler};
    }
    auto& allowed = search.allowed;
    if (allowed.empty()) return fail(ErrorCode::not_found, "no such path");
    std::ranges::sort(allowed);
    allowed.erase(std::ranges::unique(allowed).begin(), allowed.end());
    std::string list;
    for (auto const& name : allowed) list += (list.empty() ? "" : ", ") + name;
    return fail(ErrorCode::conflict, std::move(list));
}

HttpResponse Router::dispatch(HttpRequest const& request) const {
    std::string_view const target = request.target;
    auto const mark = target.find_first_of("?#");
    auto const path = target.substr(0, mark);
    auto query = mark == std::string_view::npos || target[mark] == '#' ? std::string_view{} : target.substr(mark + 1);
    query = query.substr(0, query.find('#'));

    auto found = match(request.method, path);
    if (!found) {
        auto const& error = found.error();
        if (error.code == ErrorCode::invalid) return error_response(400, "BAD_PATH", error.context);
        if (error.code == ErrorCode::not_found)
            return error_response(404, "NOT_FOUND", fmt::format("there is no {}", path));
        auto response =
            error_response(405, "METHOD_NOT_ALLOWED",
                           fmt::format("{} is not allowed here; allowed: {}", request.method, error.context));
        response.headers.emplace_back("Allow", error.context);
        return response;
    }
    try {
        RoutedRequest const routed{request, found->operation, std::move(found->path_values), Query::parse(query)};
        return (*found->handler)(routed);
    } catch (std::exception const& e) {
        log(LogLevel::error, "{} {} ({}) failed: {}", request.method, path, found->operation, e.what());
    } catch (...) {
        log(LogLevel::error, "{} {} ({}) failed: unknown exception", request.method, path, found->operation);
    }
    return error_response(500, "INTERNAL", "this request hit a fault of the server; its log says more");
}

std::vector<Router::Route> Router::routes() const {
    std::vector<Route> all;
    all.reserve(table_.size());
    for (auto const& [route, handler] : table_) all.push_back(route);
    return all;
}

HttpResponse json_response(int status, std::string body) {
    HttpResponse response{status, std::move(body)};
    response.headers.emplace_back("Content-Type", "application/json");
    return response;
}

HttpResponse error_response(int status, std::string_view code, std::string_view message, std::string_view target) {
    nlohmann::json error{{"code", code}, {"message", message}, {"target", nullptr}};
    if (!target.empty()) error["target"] = target;
    nlohmann::json body;
    body["error"] = std::move(error);
    // Paths and values of the caller are quoted in messages; they need not be UTF-8.
    return json_response(status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace almd
