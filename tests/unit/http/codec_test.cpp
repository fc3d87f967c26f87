// HTTP/1.1 as bytes: whole, one byte at a time, and broken.
#include "proto/http/codec.hpp"

#include <gmock/gmock.h>

namespace almd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr ReadLimits limits{2000, 5000};

/// Gives the reader `text` in pieces of `piece` bytes as a socket would; returns what it did not take.
template <class Reader>
std::string feed(Reader& reader, std::string_view text, std::size_t piece) {
    std::string pending;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        pending += text.substr(at, piece);
        if (!reader.done() && reader.fault() == ReadFault::none) pending.erase(0, reader.put(pending));
    }
    return pending;
}

class InPieces : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Codec, InPieces, ::testing::Values(1, 2, 7, 100'000));

TEST_P(InPieces, ARequestWithABodyIsReadAndTheNextOneIsLeft) {
    RequestReader reader{limits};
    auto const rest = feed(reader,
                           "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nContent-Length: 5\r\nX-Two:  2 \r\n\r\nhello"
                           "GET / HTTP/1.1\r\n",
                           GetParam());
    ASSERT_TRUE(reader.done());
    EXPECT_TRUE(reader.keep_alive());
    auto const request = reader.take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/a?b=c");
    EXPECT_EQ(request.body, "hello");
    EXPECT_EQ(find_header(request.headers, "x-two"), "2");
    EXPECT_EQ(request.headers.size(), 2U) << "Host and Content-Length belong to the framing";
    EXPECT_EQ(rest, "GET / HTTP/1.1\r\n");
}

TEST_P(InPieces, AChunkedRequestIsReadAndItsTrailersAreNotHeaders) {
    RequestReader reader{limits};
    auto const rest = feed(reader,
                           "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nnext",
                           GetParam());
    ASSERT_TRUE(reader.done());
    auto const request = reader.take();
    EXPECT_EQ(request.body, "abc0123456789");
    EXPECT_TRUE(find_header(request.headers, "Trailer").empty());
    EXPECT_EQ(rest, "next");
}

TEST_P(InPieces, InterimAnswersAreSkipped) {
    ResponseReader reader{limits, false};
    auto const rest = feed(reader,
                           "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                           "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nETag: e\r\n\r\nok",
                           GetParam());
    ASSERT_TRUE(reader.done());
    auto const response = reader.take();
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, "ok");
    EXPECT_EQ(response.headers.size(), 1U);
    EXPECT_THAT(rest, IsEmpty());
}

TEST_P(InPieces, AnAnswerWithoutLengthEndsWithTheConnection) {
    ResponseReader reader{limits, false};
    feed(reader, "HTTP/1.1 200 OK\r\n\r\nall that comes", GetParam());
    EXPECT_FALSE(reader.done());
    EXPECT_TRUE(reader.put_end());
    EXPECT_FALSE(reader.keep_alive());
    EXPECT_EQ(reader.take().body, "all that comes");
}

TEST_P(InPieces, AnAnswerThatEndsTooEarlyIsIncomplete) {
    for (auto const* text :
         {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "HTTP/1.1 200 OK\r\nX: y\r\n", "HTT"}) {
        ResponseReader reader{limits, false};
        feed(reader, text, GetParam());
        EXPECT_TRUE(reader.started());
        EXPECT_FALSE(reader.done()) << text;
        EXPECT_FALSE(reader.put_end()) << text;
    }
    EXPECT_FALSE((ResponseReader{limits, false}.put_end()));
}

TEST_P(InPieces, HeadAndNoContentHaveNoBodyWhateverTheirLengthSays) {
    ResponseReader head{limits, true};
    EXPECT_THAT(feed(head, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", GetParam()), IsEmpty());
    EXPECT_TRUE(head.done());
    ResponseReader empty{limits, false};
    feed(empty, "HTTP/1.1 204 No Content\r\n\r\n", GetParam());
    EXPECT_TRUE(empty.done());
    EXPECT_TRUE(empty.keep_alive());
}

TEST_P(InPieces, RequestFaultsAreToldApart) {
    struct Case {
        std::string text;
        ReadFault fault;
    };
    std::string const many(200, 'x'), huge(3000, 'x');
    std::string dribble = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 20; ++i) dribble += "X-" + std::to_string(i) + ": " + many + "\r\n";
    for (auto const& [text, fault] : {
             Case{"GARBAGE\x01\x02\r\n\r\n", ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost h\r\n\r\n", ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\n\r\n", ReadFault::malformed}, // no Host
             Case{"GET / HTTP/2.0\r\n\r\n", ReadFault::version},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                  ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", ReadFault::transfer_coding},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", ReadFault::transfer_coding},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5001\r\n\r\n", ReadFault::body_too_large},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFF\r\n",
                  ReadFault::body_too_large},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
                  ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ReadFault::malformed},
             Case{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + huge, ReadFault::malformed},
             Case{"GET /" + huge + " HTTP/1.1\r\n", ReadFault::head_too_large},
             Case{dribble, ReadFault::head_too_large}, // each line small, the sum not
         }) {
        RequestReader reader{limits};
        feed(reader, text, GetParam());
        EXPECT_EQ(reader.fault(), fault) << text.substr(0, 100);
        EXPECT_FALSE(reader.done());
    }
}

TEST_P(InPieces, AnswerFaultsAreToldApart) {
    struct Case {
        std::string text;
        ReadFault fault;
    };
    for (auto const& [text, fault] : {
             Case{"SSH-2.0-OpenSSH_9.2\r\n", ReadFault::version},
             Case{"HTTP/1.1 abc\r\n\r\n", ReadFault::malformed},
             Case{"HTTP/1.1 101 Switching\r\n\r\n", ReadFault::malformed},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 5001\r\n\r\n", ReadFault::body_too_large},
             Case{"HTTP/1.1 200 OK\r\n\r\n" + std::string(5001, 'x'), ReadFault::body_too_large},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", ReadFault::transfer_coding},
             Case{"HTTP/1.1 200 OK\r\nX: " + std::string(3000, 'x'), ReadFault::head_too_large},
         }) {
        ResponseReader reader{limits, false};
        feed(reader, text, GetParam());
        EXPECT_EQ(reader.fault(), fault) << text.substr(0, 100);
        EXPECT_FALSE(reader.done());
    }
}

TEST(Codec, ALineWithoutCarriageReturnIsMalformedNotAnotherVersion) {
    for (auto const* version : {"HTTP/1.0", "HTTP/1.1"}) {
        RequestReader reader{limits};
        reader.put(std::string{"GET / "} + version + "\nHost: x\n\n");
        EXPECT_EQ(reader.fault(), ReadFault::malformed) << version;
    }
}

TEST(Codec, KeepAliveFollowsVersionAndHeader) {
    struct Case {
        char const* text;
        bool keep;
    };
    for (auto const& [text, keep] :
         {Case{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
          Case{"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false}, Case{"GET / HTTP/1.0\r\n\r\n", false},
          Case{"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true}}) {
        RequestReader reader{limits};
        reader.put(text);
        ASSERT_TRUE(reader.done());
        EXPECT_EQ(reader.keep_alive(), keep) << text;
    }
}

TEST(Codec, AProxyStyleTargetBecomesAPath) {
    struct Case {
        char const *target, *path;
    };
    for (auto const& [target, path] : {Case{"http://h:1/a?b", "/a?b"}, Case{"https://h", "/"},
                                       Case{"http://h?q", "/?q"}, Case{"/a/http://x", "/a/http://x"}, Case{"*", "*"}}) {
        RequestReader reader{limits};
        reader.put(std::string{"GET "} + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(reader.done());
        EXPECT_EQ(reader.take().target, path);
    }
}

TEST(Codec, ExpectationsAreSeenBeforeTheBody) {
    RequestReader reader{limits};
    reader.put("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
    EXPECT_TRUE(reader.head_done());
    EXPECT_FALSE(reader.done());
    EXPECT_TRUE(reader.expects_continue());
}

TEST(Codec, WrittenHeadsCarryOneLengthAndOneHost) {
    HttpRequest request{"POST", "/x", "12345"};
    request.headers.emplace_back("Accept", "a");
    request.headers.emplace_back("content-length", "99");
    request.headers.emplace_back("HOST", "evil");
    request.headers.emplace_back("Transfer-Encoding", "chunked");
    std::string out;
    append_request_head(out, request, "h:1", true);
    EXPECT_EQ(out, "POST /x HTTP/1.1\r\nHost: h:1\r\nAccept: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
    out.clear();
    append_request_head(out, HttpRequest{"GET", "/"}, "h", false);
    EXPECT_EQ(out, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    out.clear();
    append_request_head(out, HttpRequest{"POST", "/"}, "h", false);
    EXPECT_THAT(out, HasSubstr("Content-Length: 0\r\n"));
}

TEST(Codec, WrittenAnswersNameLengthAndConnection) {
    HttpResponse response{429, "slow"};
    response.headers.emplace_back("Retry-After", "5");
    response.headers.emplace_back("X-Bad", "a\r\nInjected: b");
    std::string out;
    append_response_head(out, response, AfterAnswer::keep_open);
    EXPECT_EQ(out, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 4\r\n\r\n");
    out.clear();
    append_response_head(out, HttpResponse{204}, AfterAnswer::close);
    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    out.clear();
    append_response_head(out, HttpResponse{200}, AfterAnswer::keep_open_http_1_0);
    EXPECT_THAT(out, HasSubstr("Connection: keep-alive\r\n"));
}

TEST(Codec, WhatCannotBeSentIsNamedBeforeItIsSent) {
    HttpRequest good{"POST", "/a%20b?c=d"};
    good.headers.emplace_back("Authorization", "Bearer x\ty \xc3\xa4");
    EXPECT_THAT(unsendable(good), IsEmpty());
    for (auto const* target : {"", "/a b", "/a\r\nX: y", "/\x7f"}) {
        HttpRequest bad = good;
        bad.target = target;
        EXPECT_THAT(unsendable(bad), Not(IsEmpty())) << target;
    }
    HttpRequest bad_method = good;
    bad_method.method = "GET /";
    EXPECT_THAT(unsendable(bad_method), Not(IsEmpty()));
    for (auto const& header : {HttpHeader{"A", "b\r\nc: d"}, HttpHeader{"A:", "b"}, HttpHeader{"", "b"}}) {
        HttpRequest bad = good;
        bad.headers.push_back(header);
        EXPECT_THAT(unsendable(bad), Not(IsEmpty()));
    }
}

} // namespace
} // namespace almd
