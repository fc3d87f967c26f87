// The route table: who answers what, and what the others get.
#include "proto/http/router.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace almd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Handler says(std::string text) {
    return [text](RoutedRequest const& request) {
        std::string all = text;
        for (auto const& value : request.path_values) all += "|" + value;
        return HttpResponse{200, all};
    };
}

std::string ask(Router const& router, std::string method, std::string target) {
    return router.dispatch(HttpRequest{std::move(method), std::move(target)}).body;
}

TEST(Router, PlaceholdersGiveDecodedValuesInOrder) {
    Router router;
    router.add("POST", "/systems/{lmsId}/cdm/work/{workId}/result", "workResult", says("result"));
    EXPECT_EQ(ask(router, "POST", "/systems/a%2Fb/cdm/work/7%20x/result?x=1"), "result|a/b|7 x");
}

TEST(Router, AStaticSegmentWinsOverAPlaceholderAndTheOtherMethodIsStillFound) {
    Router router;
    router.add("GET", "/jobs/{name}", "job", says("one"));
    router.add("DELETE", "/jobs/{name}", "drop", says("drop"));
    router.add("GET", "/jobs/summary", "summary", says("summary"));
    router.add("GET", "/jobs/{name}/log", "log", says("log"));
    EXPECT_EQ(ask(router, "GET", "/jobs/summary"), "summary");
    EXPECT_EQ(ask(router, "GET", "/jobs/other"), "one|other");
    EXPECT_EQ(ask(router, "DELETE", "/jobs/summary"), "drop|summary");
    EXPECT_EQ(ask(router, "GET", "/jobs/summary/log"), "log|summary");
}

TEST(Router, ARestTakesWhatRemains) {
    Router router;
    router.add("GET", "/ui/{rest*}", "ui", says("file"));
    router.add("GET", "/ui/version", "version", says("version"));
    EXPECT_EQ(ask(router, "GET", "/ui/a/b.js"), "file|a/b.js");
    EXPECT_EQ(ask(router, "GET", "/ui/"), "file|");
    EXPECT_EQ(ask(router, "GET", "/ui"), "file|");
    EXPECT_EQ(ask(router, "GET", "/ui/version"), "version");
}

TEST(Router, TheRootIsAPathToo) {
    Router router;
    router.add("GET", "/", "root", says("root"));
    EXPECT_EQ(ask(router, "GET", "/"), "root");
    EXPECT_EQ(ask(router, "GET", "/?a=b"), "root");
}

TEST(Router, AnUnknownPathIsNotFoundAndAnotherMethodIsNotAllowed) {
    Router router;
    router.add("GET", "/a/{x}", "get", says(""));
    router.add("PUT", "/a/{x}", "put", says(""));
    router.add("GET", "/a/b", "fixed", says(""));

    auto const missing = router.dispatch(HttpRequest{"GET", "/nowhere/\xff\"?secret=1"});
    EXPECT_EQ(missing.status, 404);
    auto const body = nlohmann::json::parse(missing.body);
    EXPECT_EQ(body["error"]["code"], "NOT_FOUND");
    EXPECT_TRUE(body["error"]["target"].is_null());
    EXPECT_THAT(missing.body, Not(HasSubstr("secret")));
    EXPECT_EQ(find_header(missing.headers, "content-type"), "application/json");

    auto const wrong = router.dispatch(HttpRequest{"POST", "/a/b"});
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(find_header(wrong.headers, "Allow"), "GET, PUT");
    EXPECT_EQ(router.match("POST", "/a/b").error().code, ErrorCode::conflict);
    EXPECT_EQ(router.match("GET", "/a").error().code, ErrorCode::not_found);
    EXPECT_EQ(router.match("GET", "").error().code, ErrorCode::not_found);
    EXPECT_EQ(router.match("GET", "/a//").error().code, ErrorCode::not_found);
}

TEST(Router, HeadIsAnsweredByGet) {
    Router router;
    router.add("GET", "/a/{x}", "get", says("body"));
    EXPECT_EQ(ask(router, "HEAD", "/a/1"), "body|1");
}

TEST(Router, ABrokenEscapeIsABadRequest) {
    Router router;
    router.add("GET", "/a/{x}", "get", says(""));
    for (auto const* path : {"/a/%", "/a/%2", "/a/%zz"}) {
        EXPECT_EQ(router.dispatch(HttpRequest{"GET", path}).status, 400) << path;
    }
}

TEST(Router, AHandlersExceptionBecomesAServerErrorWithoutItsText) {
    Router router;
    router.add("GET", "/", "boom",
               [](RoutedRequest const&) -> HttpResponse { throw std::runtime_error("inner detail"); });
    auto const answer = router.dispatch(HttpRequest{});
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, Not(HasSubstr("inner detail")));
}

TEST(Router, ListsItsRoutesInTheOrderOfTheTable) {
    Router router;
    router.add("GET", "/b", "second", says(""));
    router.add("GET", "/a", "first", says(""));
    auto const routes = router.routes();
    ASSERT_EQ(routes.size(), 2U);
    EXPECT_EQ(routes[0].operation, "second");
    EXPECT_EQ(routes[1].pattern, "/a");
}

TEST(Router, GivesTheQueryAndTheOperationToTheHandler) {
    Router router;
    std::string seen;
    router.add("GET", "/w", "pollWork", [&](RoutedRequest const& request) {
        seen = std::string{request.operation} + " " + request.query.get("kinds").value_or("none");
        return HttpResponse{204};
    });
    EXPECT_EQ(router.dispatch(HttpRequest{"GET", "/w?max=5&kinds=import,create#part"}).status, 204);
    EXPECT_EQ(seen, "pollWork import,create");
}

TEST(Query, DecodesPairsInOrder) {
    auto const query = Query::parse("a=1&b=x%20y&a=2&flag&plus=p+q&=v&&bad=%zz");
    EXPECT_THAT(query.all(), ElementsAre(Pair("a", "1"), Pair("b", "x y"), Pair("a", "2"), Pair("flag", ""),
                                         Pair("plus", "p q"), Pair("", "v"), Pair("bad", "%zz")));
    EXPECT_EQ(query.get("a"), "1");
    EXPECT_EQ(query.get("missing"), std::nullopt);
}

TEST(PercentEncoding, KeepsOnlyUnreservedCharactersAndComesBack) {
    std::string every;
    for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
    EXPECT_EQ(percent_decode(percent_encode(every)), every);
    EXPECT_EQ(percent_encode("Transports: Read/~-._"), "Transports%3A%20Read%2F~-._");
}

TEST(Headers, AreFoundWhateverTheCase) {
    std::vector<HttpHeader> headers;
    headers.emplace_back("Content-Type", "a");
    EXPECT_EQ(find_header(headers, "content-TYPE"), "a");
    EXPECT_TRUE(find_header(headers, "content").empty());
}

TEST(ErrorBodies, NameTheirTargetWhenTheyHaveOne) {
    auto const body = nlohmann::json::parse(error_response(400, "BAD", "why", "a.b[0]").body);
    EXPECT_EQ(body, nlohmann::json::parse(R"({"error":{"code":"BAD","message":"why","target":"a.b[0]"}})"));
}

} // namespace
} // namespace almd
