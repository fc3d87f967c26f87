// Two shards on two threads: requests cross, answers come back, and either side may stop first.
#include "proto/http/server.hpp"
#include "tests/wire/http/live.hpp"

#include <atomic>

namespace almd::live {
namespace {

/// Lives on one shard and says on which thread it was called.
class OwnedService : public HttpService {
public:
    explicit OwnedService(Shard& owner)
        : owner_{owner} {}
    Async<HttpResponse> serve(HttpRequest request) override {
        ++calls_;
        last_thread = std::this_thread::get_id();
        if (request.target == "/wait") {
            ++waiting;
            bool const went_on = co_await owner_.clock().wait_until(TimePoint::max());
            co_return HttpResponse{went_on ? 200 : 599};
        }
        if (request.target == "/throw") throw std::runtime_error("trouble");
        co_return HttpResponse{200, request.body + std::to_string(calls_)};
    }
    std::thread::id last_thread;
    std::atomic<int> waiting = 0;

private:
    Shard& owner_;
    int calls_ = 0; // not atomic on purpose: the thread sanitizer would see a second thread in here
};

class Hop : public ::testing::Test {
protected:
    ~Hop() override {
        caller.stop();
        owner.stop();
    }
    LiveShard owner, caller;
    OwnedService inner{*owner};
    std::unique_ptr<HttpService> hop = hop_to(*owner, inner);
};

HttpRequest to(std::string target) {
    return HttpRequest{"POST", std::move(target), "call "};
}

TEST_F(Hop, TheServiceRunsOnItsOwnThreadAndTheCallerResumesOnHis) {
    auto const answer = caller.wait(hop->serve(to("/")));
    EXPECT_EQ(answer.body, "call 1");
    EXPECT_EQ(inner.last_thread, owner.call([] { return std::this_thread::get_id(); }));
    EXPECT_EQ(owner.wait(hop->serve(to("/"))).body, "call 2") << "from the owner's own thread nothing needs to hop";
    EXPECT_EQ(caller.wait(hop->serve(to("/throw"))).status, 500);
}

TEST_F(Hop, ManyRequestsAtOnceAllComeBack) {
    std::vector<std::future<HttpResponse>> answers;
    for (int i = 0; i < 500; ++i) answers.push_back(caller.start(hop->serve(to("/"))));
    std::set<std::string> different;
    for (auto& answer : answers) different.insert(get(std::move(answer)).body);
    EXPECT_EQ(different.size(), 500U);
}

TEST_F(Hop, WhenTheOwnerStopsRunningAndNewRequestsAreAnswered) {
    auto running = caller.start(hop->serve(to("/wait")));
    ASSERT_TRUE(until(caller, [&] { return inner.waiting == 1; }));
    owner.stop();
    EXPECT_EQ(get(std::move(running)).status, 599) << "the service saw the stop and answered by itself";
    EXPECT_EQ(caller.wait(hop->serve(to("/"))).status, 503);
}

TEST_F(Hop, AnOwnerThatStopsUnderFireLosesNoAnswer) {
    std::vector<std::future<HttpResponse>> answers;
    for (int i = 0; i < 300; ++i) {
        answers.push_back(caller.start(hop->serve(to("/"))));
        if (i == 150) (*owner).stop();
    }
    for (auto& answer : answers) {
        auto const status = get(std::move(answer)).status;
        EXPECT_TRUE(status == 200 || status == 503) << status;
    }
}

TEST_F(Hop, BothMayStopAtOnce) {
    std::vector<std::future<HttpResponse>> answers;
    for (int i = 0; i < 50; ++i) answers.push_back(caller.start(hop->serve(to(i % 2 == 0 ? "/wait" : "/"))));
    (*caller).stop();
    (*owner).stop();
    for (auto& answer : answers) EXPECT_GE(get(std::move(answer)).status, 200);
}

Async<void> serve_once(HttpService* service) {
    HttpRequest request = to("/wait");
    auto const answer = co_await service->serve(std::move(request));
    ADD_FAILURE() << "an answer came to a shard that is no more: " << answer.status;
}

TEST(HopLifetimes, ACallerThatIsDestroyedWhileItsRequestIsAwayTakesItsCoroutineWithIt) {
    LiveShard owner;
    OwnedService inner{*owner};
    auto const hop = hop_to(*owner, inner);
    {
        Shard caller{Shard::RealTime{}};
        caller.tasks().spawn(serve_once(hop.get()));
        std::thread thread{[&] { caller.run(10ms); }};
        ASSERT_TRUE(until(owner, [&] { return inner.waiting == 1; }));
        caller.stop();
        thread.join();
    }
    owner.stop(); // the late answer has nowhere to go
    EXPECT_EQ(inner.waiting, 1);
}

TEST(HopLifetimes, AnOwnerThatNeverRanAnswersWhenItGoes) {
    LiveShard caller;
    std::future<HttpResponse> answer;
    {
        Shard owner{Shard::RealTime{}};
        OwnedService inner{owner};
        auto const hop = hop_to(owner, inner);
        answer = caller.start(hop->serve(to("/")));
        caller.call([] {});
    }
    EXPECT_EQ(get(std::move(answer)).status, 503);
}

TEST(HopLifetimes, AServerOnOneShardServesFromAnother) {
    LiveShard owner, edge;
    OwnedService inner{*owner};
    auto const hop = hop_to(*owner, inner);
    auto server = edge.call([&] { return listen(*edge, {}, *hop).value(); });
    auto client = edge.call([&] { return make_socket_client(*edge, client_of(server->port(), false)).value(); });
    for (int i = 1; i <= 20; ++i) EXPECT_EQ(edge.wait(client->send(to("/")))->body, "call " + std::to_string(i));
    owner.stop();
    EXPECT_EQ(edge.wait(client->send(to("/")))->status, 503);
    edge.stop();
}

} // namespace
} // namespace almd::live
