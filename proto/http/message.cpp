// Headers by name, and the client that needs no socket.
#include "proto/http/message.hpp"

#include <algorithm>

namespace almd {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::string_view find_header(std::vector<HttpHeader> const& headers, std::string_view name) {
    for (auto const& header : headers)
        if (same_name(header.name, name)) return header.value;
    return {};
}

std::string_view content_coding(HttpRequest const& request) {
    bool const writes = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    auto const coding = find_header(request.headers, "Content-Encoding");
    return !writes || request.body.empty() || same_name(coding, "identity") ? std::string_view{} : coding;
}

bool is_gzipped(HttpRequest const& request) {
    return same_name(content_coding(request), "gzip");
}

Async<Result<HttpResponse>> InProcessClient::send(HttpRequest request) {
    bool const head_only = request.method == "HEAD";
    HttpResponse response = co_await service_.serve(std::move(request));
    switch (response.delivery) {
    case Delivery::normal: break;
    case Delivery::reset: co_return fail(ErrorCode::closed, "the connection was reset before an answer came");
    case Delivery::close: co_return fail(ErrorCode::closed, "the connection was closed before an answer came");
    case Delivery::close_mid_body:
        co_return fail(ErrorCode::closed, "the connection was closed in the middle of the answer");
    }
    if (head_only) response.body.clear();
    co_return response;
}

} // namespace almd
