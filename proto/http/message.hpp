// HTTP as values: the rest of the house talks to these, not to Beast.
#pragma once

#include "simulator/kernel/async.hpp"
#include "simulator/kernel/result.hpp"
#include "simulator/kernel/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

struct HttpHeader {
    std::string name, value;
    HttpHeader(std::string n, std::string v)
        : name{std::move(n)}
        , value{std::move(v)} {}
};

/// Names compare case-insensitively. Empty view: absent.
std::string_view find_header(std::vector<HttpHeader> const& headers, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/"; ///< path with query, percent-encoded
    std::string body;
    std::vector<HttpHeader> headers;  ///< without Host and Content-Length
    std::string host;                 ///< server side: the header Host as it came, else empty
    std::uint32_t connection_key = 0; ///< who sends; the policy `per-system` keeps one connection for each key
    std::string peer_certificate_pem; ///< server side: the verified client certificate (mTLS), else empty
    HttpRequest() = default;
    HttpRequest(std::string m, std::string t, std::string b = {})
        : method{std::move(m)}
        , target{std::move(t)}
        , body{std::move(b)} {}
};

/// How the body of a write is packed, as its Content-Encoding says; empty: not at all.
std::string_view content_coding(HttpRequest const& request);
bool is_gzipped(HttpRequest const& request);

/// What the server does with the connection instead of, or while, answering. Only faults use anything but `normal`.
enum class Delivery : std::uint8_t {
    normal,
    reset,          ///< TCP reset without an answer
    close,          ///< orderly close without an answer
    close_mid_body, ///< half of the body, then close
};

struct HttpResponse {
    int status = 200;
    std::string body;
    std::vector<HttpHeader> headers;
    Delivery delivery = Delivery::normal;
    WireDuration dribble{0}; ///< faults: it goes out in small pieces over this time
    HttpResponse() = default;
    explicit HttpResponse(int s, std::string b = {})
        : status{s}
        , body{std::move(b)} {}
};

/// The client's seam: sockets, or in process (tests, virtual time) straight into an HttpService.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Errors: unreachable, timed_out, closed, tls, protocol, too_large, stopped. Any HTTP status is a good result.
    virtual Async<Result<HttpResponse>> send(HttpRequest request) = 0;
};

/// The server's seam: one request in, one answer out. Called on the shard that owns the service's state.
class HttpService {
public:
    virtual ~HttpService() = default;
    virtual Async<HttpResponse> serve(HttpRequest request) = 0;
};

/// The in-process client. A Delivery other than normal becomes the error that a socket client would see.
class InProcessClient : public HttpClient {
public:
    explicit InProcessClient(HttpService& service)
        : service_{service} {}
    Async<Result<HttpResponse>> send(HttpRequest request) override;

private:
    HttpService& service_;
};

} // namespace almd
