// HTTP/1.1 as bytes: readers and writers that know no socket. Beast's parser stays behind this header.
#pragma once

#include "proto/http/message.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace almd {

struct ReadLimits {
    std::size_t head_bytes_max = 32 * 1024;
    std::size_t body_bytes_max = 8 * 1024 * 1024;
};

enum class ReadFault : std::uint8_t { none, malformed, head_too_large, body_too_large, version, transfer_coding };

/// One request. Feed it bytes until done() or a fault; what put() did not take belongs to the next request.
class RequestReader {
public:
    explicit RequestReader(ReadLimits limits);
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;
    ~RequestReader();

    /// How many bytes were taken. The rest has to come again, with more behind it.
    std::size_t put(std::string_view input);
    bool head_done() const;
    bool done() const;
    ReadFault fault() const;

    bool keep_alive() const;       ///< by version and Connection header; valid with the head
    bool expects_continue() const; ///< the sender waits for "100 Continue" before it sends the body
    bool is_http_1_0() const;
    HttpRequest take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One answer; interim answers (1xx) before it are skipped.
class ResponseReader {
public:
    /// bodiless: the answer has no body whatever its header says (HEAD, CONNECT).
    ResponseReader(ReadLimits limits, bool bodiless);
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;
    ~ResponseReader();

    std::size_t put(std::string_view input);
    /// The other side closed in good order: that ends an answer without a length. False: the answer is incomplete.
    bool put_end();
    bool started() const; ///< at least one byte came
    bool done() const;
    ReadFault fault() const;
    bool keep_alive() const;
    HttpResponse take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Empty when the request can be sent; else what is wrong with it (a line break in a header, a blank in the target).
std::string_view unsendable(HttpRequest const& request);

/// Head with Host and Content-Length; the body follows it on the wire. Hop-by-hop headers of the caller are left out.
void append_request_head(std::string& out, HttpRequest const& request, std::string_view host, bool close);

enum class AfterAnswer : std::uint8_t { keep_open, keep_open_http_1_0, close };
void append_response_head(std::string& out, HttpResponse const& response, AfterAnswer after);
/// Whether the answer's body may be sent at all (not for HEAD, 204, 304).
bool answer_has_body(int status, bool head_request);

} // namespace almd
