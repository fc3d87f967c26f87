// The story that `almd run --once` plays: each step has to come true, and is told in one line.
#pragma once

#include "agent/jobs/agent.hpp"
#include "proto/http/message.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace almd {

/// What a person at SAP Cloud ALM does, over the admin API of the stand-in.
class CloudPerson {
public:
    explicit CloudPerson(HttpClient& admin)
        : admin_{admin} {}

    /// Display ID of the new feature ("6-1").
    Async<Result<std::string>> create_feature(std::string title);
    Async<Result<void>> assign(std::string feature, std::vector<TrRequest> transports);
    /// The button's name: "approveForProduction".
    Async<Result<void>> act(std::string feature, std::string action);
    Async<Result<void>> deploy(std::string feature, TransportTarget target);
    /// Reasons why the ledger is not clean; empty: it is.
    Async<Result<std::vector<std::string>>> ledger_complaints();

private:
    Async<Result<std::string>> ask(std::string method, std::string path, std::string body);

    HttpClient& admin_;
};

class Story {
public:
    using Tell = std::function<void(std::string const&)>;

    /// person: none when the cloud is somebody else's; then steps that need one fail and say so.
    Story(Agent& agent, std::vector<StoryStep> steps, CloudPerson* person, Tell tell);
    /// True: every step came true. Stops at the first that does not.
    Async<bool> play();

private:
    struct Feature {
        std::string id;
        std::vector<TrRequest> transports;
        std::string status = "In Specification";
    };
    Async<Result<std::string>> play_step(StoryStep step);
    Async<Result<std::string>> make_feature(StoryStep step);
    Async<Result<std::string>> deploy(StoryStep step);
    Async<Result<std::string>> imported(StoryStep step);
    Async<Result<std::string>> ledger(StoryStep step);
    Async<Result<void>> press(Feature* feature, std::string action, std::string status);
    /// Looks again every simulated second until it is true or `within` has passed.
    Async<bool> becomes_true(Duration within, std::function<bool()> condition);

    Agent& agent_;
    std::vector<StoryStep> steps_;
    CloudPerson* person_;
    Tell tell_;
    std::map<std::string, Feature> features_;
};

} // namespace almd
