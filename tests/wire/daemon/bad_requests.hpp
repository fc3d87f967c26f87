// Bad requests of every kind, as bytes on the wire, drawn from a seed; each with the answers that are right for it.
#pragma once

#include "simulator/kernel/rng.hpp"
#include "tests/support/contract/sample_messages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace almd::bad {

struct BadRequest {
    std::string kind, bytes;
    std::vector<std::vector<int>> right; ///< of each request in the bytes, in order; 0: closed without a word
    bool half_open = false;              ///< our side is closed behind the bytes
};

/// A call that would be good.
struct GoodCall {
    std::string method, target, body;
    bool ours; ///< a message of the contract, with an idempotency key
};

class Generator {
public:
    Generator(std::uint64_t seed, LmsId system, std::string token, std::string_view project)
        : rng_{seed}
        , token_{std::move(token)} {
        auto const of_system = [&](std::string_view rest) {
            return fmt::format("/api/standin/v1/systems/{}/{}", system.text(), rest);
        };
        auto const service = fmt::format("serviceId={}", system.text());
        calls_ = {
            {"POST", "/api/landscape-management/v1/Registration", encode(sample::registration()), true},
            {"POST", of_system("heartbeat"), encode(first_heartbeat()), true},
            {"POST", of_system("discovery"), encode(sample::discovery()), true},
            {"POST", of_system("cdm/diagnostics"), encode(sample::diagnostics()), true},
            {"PUT", of_system("cdm/landscape"), encode(one_system()), true},
            {"POST", of_system("cdm/transports"), encode(all_transports()), true},
            {"PUT", of_system("usecases/Transports%3A%20Read"),
             R"({"client":"000","active":true,"intervalMinutes":10})", true},
            {"POST", "/api/calm-features/v1/Features",
             fmt::format(R"({{"title":"t","projectId":"{}","priorityCode":20,"tags":"a"}})", project), false},
            {"POST", "/api/calm-metrics/v1/metrics?useCase=hm&" + service,
             R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[{"asDouble":1}]}}]}]}]})",
             false},
            {"POST", "/api/calm-logs/v1/logs?useCase=exm&" + service,
             R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"b"},"severityNumber":9}]}]}]})",
             false},
        };
    }

    BadRequest next() {
        using Make = BadRequest (Generator::*)();
        static constexpr Make kinds[]{
            &Generator::wrong_type,    &Generator::wrong_type,  &Generator::unknown_field, &Generator::cut_off,
            &Generator::huge,          &Generator::deep,        &Generator::broken_utf8,   &Generator::broken_chunks,
            &Generator::wrong_method,  &Generator::wrong_media, &Generator::pipelined,     &Generator::half_open,
            &Generator::wrong_token,   &Generator::no_key,      &Generator::wrong_path,    &Generator::wrong_line,
            &Generator::wrong_headers, &Generator::noise,
        };
        return (this->*kinds[rng_.below(std::size(kinds))])();
    }

    std::string wire(GoodCall const& call, std::string_view body, std::string_view media = "application/json",
                     bool with_key = true) {
        auto text =
            fmt::format("{} {} HTTP/1.1\r\nHost: standin\r\nX-Correlation-Id: bad\r\nAuthorization: Bearer {}\r\n",
                        call.method, call.target, token_);
        if (!media.empty()) text += fmt::format("Content-Type: {}\r\n", media);
        if (call.ours && with_key)
            text += fmt::format("Idempotency-Key: {}\r\n", Uuid::from_hash(rng_(), rng_()).text());
        return text + fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
    }
    GoodCall const& heartbeat() const { return calls_[1]; }
    std::vector<GoodCall> const& calls() const { return calls_; }

    static Heartbeat first_heartbeat() {
        auto message = sample::heartbeat();
        message.sequence = 1;
        message.client = client_000;
        return message;
    }

private:
    static LandscapePush one_system() {
        auto message = sample::landscape();
        message.target_groups.clear();
        message.consolidation_routes.clear();
        message.delivery_routes.clear();
        return message;
    }
    static TransportsPush all_transports() {
        auto message = sample::transports_push();
        message.cursor.reset();
        message.full = true;
        return message;
    }

    using Json = nlohmann::json;
    static constexpr int closed = 0;

    GoodCall const& any() { return calls_[rng_.below(calls_.size())]; }
    GoodCall const& any_of_ours() { return calls_[rng_.below(7)]; }

    BadRequest one(std::string kind, std::string bytes, std::vector<int> right) {
        return {std::move(kind), std::move(bytes), {std::move(right)}};
    }

    /// Every value of a message, the message itself included.
    static void values_of(Json& value, std::vector<Json*>& out) {
        out.push_back(&value);
        if (value.is_structured())
            for (auto& inner : value) values_of(inner, out);
    }

    BadRequest wrong_type() {
        auto const& call = any();
        auto body = Json::parse(call.body);
        std::vector<Json*> values;
        values_of(body, values);
        auto& victim = *values[rng_.below(values.size())];
        // Of no type that a message has at any place. Who reads OTLP has to pass over names that he does not know.
        bool const is_otlp = call.body.starts_with("{\"resource");
        victim = !is_otlp && rng_.chance(0.5) ? Json{{"surprise", Json::array({1, nullptr})}}
                                              : Json::array({{{"surprise", 1}}, 7});
        return one("wrong type", wire(call, body.dump()), {400, 422});
    }
    BadRequest unknown_field() {
        auto const& call = any_of_ours();
        auto body = Json::parse(call.body);
        body["surprise"] = rng_();
        return one("unknown field", wire(call, body.dump()), {400});
    }
    BadRequest cut_off() {
        auto const& call = any();
        return one("cut off", wire(call, std::string_view{call.body}.substr(0, rng_.below(call.body.size()))), {400});
    }
    BadRequest huge() {
        auto const& call = any();
        switch (rng_.below(4)) {
        case 0: // said, never sent
            return one("huge length",
                       fmt::format("{} {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", call.method, call.target,
                                   (std::uint64_t{1} << (24 + rng_.below(38)))),
                       {413});
        case 1:
            return one("huge header",
                       fmt::format("GET / HTTP/1.1\r\nHost: a\r\nX-Large: {}\r\n\r\n", std::string(40'000, 'x')),
                       {431});
        case 2:
            return one("huge path", fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", std::string(40'000, 'p')),
                       {431});
        default: break;
        }
        Json body = Json::parse(heartbeat().body);
        body["jobs"] = Json::array();
        for (int i = 0; i < 20'000; ++i) body["jobs"].push_back("x");
        return one("huge list", wire(heartbeat(), body.dump()), {400, 413});
    }
    BadRequest deep() {
        auto const depth = 100 + rng_.below(50'000);
        std::string const open = rng_.chance(0.5) ? "[" : "{\"a\":";
        std::string body;
        for (std::uint64_t i = 0; i < depth; ++i) body += open;
        return one("deep", wire(any(), body), {400});
    }
    BadRequest broken_utf8() {
        static constexpr std::string_view bad[]{"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82"};
        auto const& call = any();
        auto body = call.body;
        auto const text = body.find(":\"", rng_.below(body.size() / 2));
        body.insert(text == std::string::npos ? body.find('"') + 1 : text + 2, bad[rng_.below(std::size(bad))]);
        return one("broken UTF-8", wire(call, body), {400});
    }
    BadRequest broken_chunks() {
        static constexpr std::string_view chunks[]{"zz\r\nab\r\n0\r\n\r\n",
                                                   "5\r\nab\r\n0\r\n\r\n",
                                                   "-1\r\na\r\n0\r\n\r\n",
                                                   "2\r\nabX\r\n0\r\n\r\n",
                                                   "ffffffffffffffffff\r\nab\r\n",
                                                   "2ab\r\n0\r\n\r\n",
                                                   "\r\n\r\n",
                                                   "0x2\r\nab\r\n0\r\n\r\n"};
        auto const& call = any();
        auto bad = one("broken chunks",
                       fmt::format("{} {} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}", call.method,
                                   call.target, chunks[rng_.below(std::size(chunks))]),
                       {400, 413, closed});
        bad.half_open = true;
        return bad;
    }
    BadRequest wrong_method() {
        static constexpr std::string_view methods[]{"DELETE", "BREW", "TRACE", "PROPFIND", "post", "LINK"};
        auto call = any();
        call.method = methods[rng_.below(std::size(methods))];
        return one("wrong method", wire(call, call.body), {404, 405, 400});
    }
    BadRequest wrong_media() {
        static constexpr std::string_view media[]{
            "", "text/plain", "application/xml", "application/json-seq", "json", "application/protobuf"};
        auto const& call = any();
        return one("wrong content type", wire(call, call.body, media[rng_.below(std::size(media))]), {415});
    }
    BadRequest pipelined() {
        BadRequest all{"pipelined", {}, {}};
        for (auto count = 2 + rng_.below(6); count > 0; --count) {
            auto part = rng_.chance(0.5) ? unknown_field() : wrong_media();
            all.bytes += part.bytes;
            all.right.push_back(part.right.front());
        }
        return all;
    }
    BadRequest half_open() {
        auto const& call = any();
        auto const whole = wire(call, call.body);
        auto bad = one("half-open", whole.substr(0, 1 + rng_.below(whole.size() - 1)), {closed, 400});
        bad.half_open = true;
        return bad;
    }
    BadRequest wrong_token() {
        auto const& call = any();
        auto text = wire(call, call.body);
        auto const token = text.find("Bearer ") + 7;
        text[token + rng_.below(token_.size())] ^= 1; // stays a character that a header may have
        return one("wrong token", std::move(text), {401});
    }
    BadRequest no_key() {
        auto const& call = any_of_ours();
        return one("no idempotency key", wire(call, call.body, "application/json", false), {400});
    }
    BadRequest wrong_path() {
        static constexpr std::string_view paths[]{
            "/api/standin/v1/systems/not-an-id/heartbeat",
            "/api/standin/v2/systems",
            "/%zz",
            "/api/../../etc/passwd",
            "/api/standin/v1/systems/00000000-0000-0000-0000-000000000000/heartbeat",
            "/api/calm-features/v1/Features/x/y/z",
            "/api/calm-metrics/v1/nothing",
            "//",
            "/api/calm-features/v1/%00"};
        auto call = heartbeat();
        call.target = paths[rng_.below(std::size(paths))];
        return one("wrong path", wire(call, call.body), {400, 404, 405});
    }
    BadRequest wrong_line() {
        static constexpr std::string_view lines[]{"GET / HTTP/3.7",      "GET  HTTP/1.1",     "GET /",
                                                  "/ GET HTTP/1.1",      "G\x01T / HTTP/1.1", "GET / HTTPS/1.1",
                                                  "GET / HTTP/1.1 extra"};
        return one("wrong request line", fmt::format("{}\r\nHost: a\r\n\r\n", lines[rng_.below(std::size(lines))]),
                   {400, 505});
    }
    BadRequest wrong_headers() {
        static constexpr std::string_view headers[]{"Content-Length: -1",
                                                    "Content-Length: 1\r\nContent-Length: 2",
                                                    "Content-Length: 99999999999999999999999",
                                                    "Transfer-Encoding: gzip",
                                                    "Bad Header: x",
                                                    ": nameless",
                                                    "Content-Length: 3\r\nTransfer-Encoding: chunked"};
        auto bad = one(
            "wrong headers",
            fmt::format("POST /oauth/token HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n", headers[rng_.below(std::size(headers))]),
            {400, 413, 501, closed});
        bad.half_open = true;
        return bad;
    }
    BadRequest noise() {
        std::string bytes;
        for (auto count = 1 + rng_.below(3000); count > 0; --count) bytes += static_cast<char>(rng_());
        auto bad = one("noise", std::move(bytes), {400, 431, 505, closed});
        bad.half_open = true;
        return bad;
    }

    Rng rng_;
    std::string token_;
    std::vector<GoodCall> calls_;
};

} // namespace almd::bad
