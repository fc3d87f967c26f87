// The readers over Beast's parser, and the writers of heads.
#include "proto/http/codec.hpp"

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>

namespace almd {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::iequals;

/// Bodies grow as they come: a Content-Length alone, without the bytes, must not take memory.
constexpr std::size_t reserve_max = 64 * 1024;
constexpr std::size_t usual_headers = 8;

std::string text(boost::beast::string_view view) {
    return {view.data(), view.size()};
}

/// What belongs to the connection or to the framing, not to the message that the rest of the house sees.
bool is_framing(http::field field) {
    switch (field) {
    case http::field::connection:
    case http::field::content_length:
    case http::field::host:
    case http::field::keep_alive:
    case http::field::proxy_connection:
    case http::field::transfer_encoding: return true;
    default: return false;
    }
}

bool is_framing(std::string_view name) {
    return is_framing(http::string_to_field(name));
}

ReadFault fault_of(error_code ec) {
    if (ec == http::error::header_limit) return ReadFault::head_too_large;
    if (ec == http::error::body_limit) return ReadFault::body_too_large;
    if (ec == http::error::bad_version) return ReadFault::version;
    return ReadFault::malformed;
}

/// Fills a message of ours directly: Beast's own containers would be built only to be copied.
template <bool is_request, class Message>
class Parser : public http::basic_parser<is_request> {
public:
    Message message;
    bool begun = false, http_1_0 = false, expects_continue = false, other_transfer_coding = false;
    int hosts = 0; ///< headers of that name

private:
    void on_request_impl(http::verb, boost::beast::string_view method, boost::beast::string_view target, int version,
                         error_code&) override {
        if constexpr (is_request) {
            message.headers.reserve(usual_headers);
            message.method = text(method);
            message.target = text(target);
            http_1_0 = version < 11;
        }
    }
    void on_response_impl(int status, boost::beast::string_view, int, error_code&) override {
        begun = true;
        if constexpr (!is_request) {
            message.headers.reserve(usual_headers);
            message.status = status;
        }
    }
    void on_field_impl(http::field field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code&) override {
        if (head_done_) return; // a trailer: nobody here asks for one
        if (field == http::field::host) {
            ++hosts;
            if constexpr (is_request) message.host = text(value);
        }
        if (field == http::field::expect && iequals(value, "100-continue")) expects_continue = true;
        if (field == http::field::transfer_encoding && !iequals(value, "chunked")) other_transfer_coding = true;
        if (!is_framing(field)) message.headers.emplace_back(text(name), text(value));
    }
    void on_header_impl(error_code&) override { head_done_ = true; }
    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
        if (length) message.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, reserve_max)));
    }
    std::size_t on_body_impl(boost::beast::string_view part, error_code&) override {
        message.body.append(part.data(), part.size());
        return part.size();
    }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view part, error_code&) override {
        message.body.append(part.data(), part.size());
        return part.size();
    }
    void on_finish_impl(error_code&) override {}

    bool head_done_ = false;
};

/// The limits that Beast does not hold: it bounds one look at a head, not the sum of many small ones, and a line between
/// chunks not at all.
template <class Parser>
class Reader {
public:
    std::optional<Parser> parser;
    ReadFault fault = ReadFault::none;

    explicit Reader(ReadLimits limits)
        : limits_{limits} {
        restart();
    }

    void restart() {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(static_cast<std::uint32_t>(limits_.head_bytes_max));
        parser->body_limit(limits_.body_bytes_max);
        head_bytes_ = 0;
    }

    std::size_t put(std::string_view input) {
        std::size_t taken = 0;
        while (fault == ReadFault::none && !parser->is_done()) {
            bool const in_head = !parser->is_header_done();
            error_code ec;
            auto const step = parser->put(boost::asio::const_buffer(input.data() + taken, input.size() - taken), ec);
            taken += step;
            bool const starved = ec == http::error::need_more || (!ec && taken == input.size());
            if (ec && !starved) fault = fault_of(ec);
            if (in_head) count_head(step, input.size() - taken, starved);
            if (starved) {
                if (input.size() - taken > limits_.head_bytes_max && fault == ReadFault::none)
                    fault = ReadFault::malformed;
                break;
            }
            if (step == 0 && !ec) break;
        }
        return taken;
    }

private:
    void count_head(std::size_t step, std::size_t left, bool starved) {
        head_bytes_ += parser->is_header_done() ? 0 : step;
        bool const still_in_head = starved && !parser->is_header_done();
        if (still_in_head && head_bytes_ + left > limits_.head_bytes_max) fault = ReadFault::head_too_large;
    }

    ReadLimits limits_;
    std::size_t head_bytes_ = 0;
};

} // namespace

// ---- requests

struct RequestReader::Impl : Reader<Parser<true, HttpRequest>> {
    using Reader::Reader;
};

RequestReader::RequestReader(ReadLimits limits)
    : impl_{std::make_unique<Impl>(limits)} {
}
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

std::size_t RequestReader::put(std::string_view input) {
    auto const taken = impl_->put(input);
    // Beast calls a line that ends without CR a wrong version.
    auto const line = input.substr(0, input.find('\n'));
    if (impl_->fault == ReadFault::version && (line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0")))
        impl_->fault = ReadFault::malformed;
    if (impl_->fault == ReadFault::none && head_done()) {
        auto const& parser = *impl_->parser;
        if (parser.other_transfer_coding)
            impl_->fault = ReadFault::transfer_coding;
        else if (parser.hosts > 1 || (parser.hosts == 0 && !parser.http_1_0)) // RFC 9112 3.2
            impl_->fault = ReadFault::malformed;
    }
    return taken;
}

bool RequestReader::head_done() const {
    return impl_->parser->is_header_done();
}

bool RequestReader::done() const {
    return impl_->fault == ReadFault::none && impl_->parser->is_done();
}

ReadFault RequestReader::fault() const {
    return impl_->fault;
}

bool RequestReader::keep_alive() const {
    return impl_->parser->keep_alive();
}

bool RequestReader::expects_continue() const {
    return impl_->parser->expects_continue && !is_http_1_0();
}

bool RequestReader::is_http_1_0() const {
    return impl_->parser->http_1_0;
}

HttpRequest RequestReader::take() {
    auto request = std::move(impl_->parser->message);
    // A proxy-style target names the host again; the path is what counts.
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!request.target.starts_with(scheme)) continue;
        auto const path = request.target.find_first_of("/?#", scheme.size());
        request.target.erase(0, path);
        if (!request.target.starts_with('/')) request.target.insert(0, "/");
    }
    return request;
}

// ---- answers

struct ResponseReader::Impl : Reader<Parser<false, HttpResponse>> {
    Impl(ReadLimits limits, bool no_body)
        : Reader{limits}
        , bodiless{no_body} {
        parser->skip(bodiless);
    }
    bool bodiless, started = false;
};

ResponseReader::ResponseReader(ReadLimits limits, bool bodiless)
    : impl_{std::make_unique<Impl>(limits, bodiless)} {
}
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

std::size_t ResponseReader::put(std::string_view input) {
    auto& impl = *impl_;
    impl.started = impl.started || !input.empty();
    // Beast would wait for the end of a header that never comes: say at once that this is not HTTP ("SSH-2.0-...").
    constexpr std::string_view beginning = "HTTP/";
    if (!impl.parser->begun && !beginning.starts_with(input.substr(0, beginning.size()))) {
        impl.fault = ReadFault::version;
        return 0;
    }
    std::size_t taken = 0;
    for (;;) {
        taken += impl.put(input.substr(taken));
        bool const interim = done() && impl.parser->message.status / 100 == 1;
        if (!interim) break;
        if (impl.parser->message.status == 101) { // nobody asked to switch
            impl.fault = ReadFault::malformed;
            break;
        }
        impl.restart();
        impl.parser->skip(impl.bodiless);
    }
    // Without "chunked" as the only coding the body would reach us encoded.
    if (impl.parser->is_header_done() && impl.parser->other_transfer_coding) impl.fault = ReadFault::transfer_coding;
    return taken;
}

bool ResponseReader::put_end() {
    if (impl_->fault != ReadFault::none || !impl_->parser->got_some()) return false;
    error_code ec;
    impl_->parser->put_eof(ec);
    return !ec && done();
}

bool ResponseReader::started() const {
    return impl_->started;
}

bool ResponseReader::done() const {
    return impl_->fault == ReadFault::none && impl_->parser->is_done();
}

ReadFault ResponseReader::fault() const {
    return impl_->fault;
}

bool ResponseReader::keep_alive() const {
    return impl_->parser->keep_alive();
}

HttpResponse ResponseReader::take() {
    return std::move(impl_->parser->message);
}

// ---- writing

namespace {

bool has_control(std::string_view value) {
    return std::ranges::any_of(value,
                               [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_token(std::string_view name) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.contains(c);
    });
}

bool sendable(HttpHeader const& header) {
    return is_token(header.name) && !has_control(header.value);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_length(std::string& out, std::size_t bytes) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", bytes);
}

} // namespace

std::string_view unsendable(HttpRequest const& request) {
    if (!is_token(request.method)) return "the method is not a word";
    if (request.target.empty()) return "the target is empty";
    if (has_control(request.target) || request.target.contains(' '))
        return "the target has a blank or a control character";
    for (auto const& header : request.headers)
        if (!sendable(header)) return "a header has a name that is not a word, or a line break";
    return {};
}

void append_request_head(std::string& out, HttpRequest const& request, std::string_view host, bool close) {
    out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    append_header(out, "Host", host);
    for (auto const& header : request.headers)
        if (!is_framing(header.name)) append_header(out, header.name, header.value);
    bool const usually_has_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (usually_has_body || !request.body.empty()) append_length(out, request.body.size());
    if (close) out.append("Connection: close\r\n");
    out.append("\r\n");
}

bool answer_has_body(int status, bool head_request) {
    return !head_request && status != 204 && status != 304;
}

void append_response_head(std::string& out, HttpResponse const& response, AfterAnswer after) {
    auto const reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                   std::string_view{reason.data(), reason.size()});
    for (auto const& header : response.headers)
        if (!is_framing(header.name) && sendable(header)) append_header(out, header.name, header.value);
    if (response.status != 204 && response.status != 304) append_length(out, response.body.size());
    if (after == AfterAnswer::close) out.append("Connection: close\r\n");
    if (after == AfterAnswer::keep_open_http_1_0) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

} // namespace almd
