// 20,000 bad requests over real sockets: each gets a right refusal or a closed connection, and nobody else notices.
#include "simulator/cloud/cloud.hpp"
#include "simulator/kernel/usage.hpp"
#include "tests/support/seeds.hpp"
#include "tests/wire/daemon/bad_requests.hpp"
#include "tests/wire/http/live.hpp"

#include <charconv>
#include <deque>
#include <map>

namespace almd {
namespace {

using bad::BadRequest;
using live::RawConnection;

/// Under a sanitizer each kind of mistake comes hundreds of times all the same.
constexpr int bad_requests = under_sanitizer ? 5'000 : 20'000, warm_up = bad_requests / 5;
constexpr int good_one_each = 50, slow_ones = 64;
/// Histories are full after the warm-up; what is left is the allocator's and the machine's.
constexpr std::size_t growth_max = 12 * 1024 * 1024;

struct Answer {
    int status = 0; ///< 0: the connection was closed instead
    bool closes = true;
    std::string text;
};

Answer read_answer(RawConnection& connection) {
    Answer answer;
    answer.text = connection.read_head();
    if (!answer.text.starts_with("HTTP/1.1 ") || answer.text.size() < 12) return answer;
    std::from_chars(answer.text.data() + 9, answer.text.data() + 12, answer.status);
    answer.closes = answer.text.contains("Connection: close");
    if (auto const at = answer.text.find("Content-Length: "); at != std::string::npos) {
        std::size_t length = 0;
        std::from_chars(answer.text.data() + at + 16, answer.text.data() + answer.text.size(), length);
        answer.text += connection.read_exactly(length);
    }
    return answer;
}

class BadRequestsProperty : public testing::Test {
protected:
    BadRequestsProperty() {
        shard.call([this] {
            CloudSettings settings;
            settings.limits.journal_entries_max = 500;
            settings.limits.journal_bytes_max = 256 * 1024;
            settings.limits.idempotency_keys_max = 1'000;
            cloud = std::make_unique<Cloud>(*shard, std::move(settings));
            ServerSettings listening;
            listening.header_timeout = 1s; // the slow ones are to be thrown out within the test
            server = listen(*shard, std::move(listening), cloud->dialogue()).value();
            key = cloud->service_key("http://standin").value();
            project = cloud->create_feature("of a person").value()->project_id.text();
        });
    }
    ~BadRequestsProperty() override { shard.stop(); }

    /// With a connection of its own.
    std::string once(std::string const& bytes) {
        RawConnection own{server->port()};
        own.send(bytes);
        return read_answer(own).text;
    }
    std::string fetch_token() {
        auto const form = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                                      percent_encode(key.client_id), percent_encode(key.client_secret));
        auto const text = once(fmt::format("POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                           "application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
                                           form.size(), form));
        return nlohmann::json::parse(text.substr(text.find("\r\n\r\n") + 4)).value("access_token", "");
    }
    LmsId enroll(std::string const& token) {
        bad::Generator plain{0, LmsId{}, token, project};
        auto const text =
            once(plain.wire({"POST", "/api/landscape-management/v1/Registration", encode(sample::registration()), true},
                            encode(sample::registration())));
        auto const answer = decode_registration_answer(text.substr(text.find("\r\n\r\n") + 4));
        EXPECT_TRUE(answer) << text;
        return answer.value_or(RegistrationAnswer{}).lms_id;
    }

    void good_heartbeat(bad::Generator& plain) {
        if (!good) good.emplace(server->port());
        auto message = bad::Generator::first_heartbeat();
        message.sequence = ++sequence;
        good->send(plain.wire(plain.heartbeat(), encode(message)));
        auto const answer = read_answer(*good);
        ASSERT_EQ(answer.status, 200) << answer.text;
        ASSERT_FALSE(answer.closes) << "the good client's connection is kept";
    }

    void expect_right(BadRequest const& request) {
        if (!connection) connection.emplace(server->port());
        connection->send(request.bytes);
        if (request.half_open) connection->end_sending();
        bool closes = request.half_open;
        for (auto const& right : request.right) {
            auto const answer = read_answer(*connection);
            EXPECT_TRUE(std::ranges::count(right, answer.status))
                << request.kind << ": " << request.bytes.substr(0, 80) << " ... "
                << request.bytes.substr(std::max<std::size_t>(request.bytes.size(), 500) - 500)
                << "\nanswer: " << answer.text.substr(0, 400);
            ++seen[request.kind];
            closes = closes || answer.closes || answer.status == 0;
            if (closes) break;
        }
        if (closes) connection.reset();
    }

    live::LiveShard shard;
    std::unique_ptr<Cloud> cloud;
    std::unique_ptr<HttpServer> server;
    ServiceKey key;
    std::string project;
    std::optional<RawConnection> good, connection; ///< of the client that others must not disturb; of the bad one
    std::uint32_t sequence = 0;
    std::map<std::string, int> seen;
};

TEST_F(BadRequestsProperty, WhatTheyAreMadeFromIsGood) {
    auto const token = fetch_token();
    bad::Generator plain{1, enroll(token), token, project};
    for (auto const& call : plain.calls())
        EXPECT_THAT(once(plain.wire(call, call.body)), testing::HasSubstr("HTTP/1.1 20")) << call.target << call.body;
}

TEST_F(BadRequestsProperty, EachIsRefusedRightlyMemoryIsFlatAndOthersAreServed) {
    for (auto const seed : test_seeds(1)) {
        auto const token = fetch_token();
        auto const system = enroll(token);
        sequence = 0; // a registration starts the count again
        bad::Generator generator{seed, system, token, project}, plain{~seed, system, token, project};
        std::deque<RawConnection> slow;
        std::size_t before = 0;
        for (int i = 0; i < bad_requests && !HasFailure(); ++i) {
            if (i % good_one_each == 0) good_heartbeat(plain);
            if (i % (bad_requests / slow_ones) == 0) // slowloris: begins and never ends
                slow.emplace_back(server->port()).send(i % 2 == 0 ? "GET / HTTP/1.1\r\nHos" : "P");
            expect_right(generator.next());
            if (i == warm_up) before = resident_bytes();
        }
        auto const after = resident_bytes();
        std::cout << "RSS after " << warm_up << " and " << bad_requests << " requests: " << before / 1024 << " and "
                  << after / 1024 << " KiB\n";
#ifndef ALMD_SANITIZED // it keeps what was freed
        EXPECT_LT(after, before + growth_max) << "seed " << seed;
#endif
        for (auto& one : slow) {
            auto const answer = read_answer(one);
            EXPECT_EQ(answer.status, 408) << answer.text;
        }
        good_heartbeat(plain);
        EXPECT_GE(seen.size(), 15u) << "every kind was drawn";
        shard.call([&] {
            auto const& totals = cloud->ledger().totals();
            EXPECT_EQ(totals.gaps, 0u);
            EXPECT_EQ(totals.operations[static_cast<std::size_t>(CloudOperation::heartbeat)].accepted, sequence);
            EXPECT_EQ(cloud->registrations().size(), 1u) << "nothing bad was taken";
            EXPECT_EQ(cloud->features().all().size(), 1u);
        });
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}

} // namespace
} // namespace almd
