// The story that `almd run --once` plays.
#include "agent/fleet/story.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace almd {

namespace {

std::string_view name(StoryStep::Kind kind) {
    switch (kind) {
    case StoryStep::Kind::registered: return "registered";
    case StoryStep::Kind::heartbeats: return "heartbeats";
    case StoryStep::Kind::landscape_pushed: return "landscape pushed";
    case StoryStep::Kind::transports_pushed: return "transports pushed";
    case StoryStep::Kind::feature: return "feature";
    case StoryStep::Kind::deploy: return "deploy";
    case StoryStep::Kind::imported: return "imported";
    case StoryStep::Kind::ledger_clean: return "ledger clean";
    }
    return "";
}

std::vector<std::string> texts_of(std::vector<TrRequest> const& requests) {
    std::vector<std::string> texts;
    for (auto const& request : requests) texts.emplace_back(request.text());
    return texts;
}

/// The rows of the import history that a step waits for; all found: none is missing.
struct Imports {
    std::vector<std::string> rows;
    bool complete = true, successful = true;
};

Imports imports_of(Landscape const& landscape, std::vector<TrRequest> const& requests, SystemId system,
                   std::optional<Client> client) {
    Imports found;
    for (auto const& request : requests) {
        auto const* row = landscape.history().last(request, system, client);
        if (row == nullptr) {
            found.complete = false;
            continue;
        }
        found.successful = found.successful && row->return_code.severity() < TpReturnCode::Severity::error;
        found.rows.push_back(
            fmt::format("{} return code {} by {}", request.text(), row->return_code.value(), row->user));
    }
    return found;
}

} // namespace

Story::Story(Agent& agent, std::vector<StoryStep> steps, CloudPerson* person, Tell tell)
    : agent_{agent}
    , steps_{std::move(steps)}
    , person_{person}
    , tell_{std::move(tell)} {
}

Async<bool> Story::play() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        auto const kind = steps_[i].kind;
        StoryStep step = steps_[i];
        auto told = co_await play_step(std::move(step));
        if (agent_.parts().shard.tasks().stopping()) co_return false; // a story that was cut off has no end
        if (!told) {
            tell_(fmt::format("[{}/{}] {}: DID NOT COME TRUE: {}", i + 1, steps_.size(), name(kind),
                              told.error().context));
            co_return false;
        }
        tell_(fmt::format("[{}/{}] {}", i + 1, steps_.size(), *told));
    }
    co_return true;
}

Async<bool> Story::becomes_true(Duration within, std::function<bool()> condition) {
    auto const deadline = agent_.parts().now() + within;
    while (!condition()) {
        if (agent_.parts().now() >= deadline) co_return false;
        if (!co_await agent_.parts().shard.clock().wait_for(1s)) co_return false;
    }
    co_return true;
}

Async<Result<std::string>> Story::play_step(StoryStep step) {
    auto& parts = agent_.parts();
    auto const& counters = agent_.counters();
    auto const all = parts.setups.size();
    auto const too_late = [&step](std::string what) {
        return fail(ErrorCode::timed_out, fmt::format("{} within {} of simulated time", what, to_text(step.within)));
    };
    switch (step.kind) {
    case StoryStep::Kind::registered: {
        std::function<bool()> condition = [&counters, all] { return counters.registered >= all; };
        bool const good = co_await becomes_true(step.within, std::move(condition));
        if (!good) {
            auto const& why = agent_.last_refusal();
            co_return too_late(
                fmt::format("{} of {} registered{}{}", counters.registered, all, why.empty() ? "" : "; ", why));
        }
        co_return fmt::format("{} clients registered at SAP Cloud ALM, each with its LMS ID; Scheduler, Heartbeat and "
                              "Auto Discovery jobs run",
                              all);
    }
    case StoryStep::Kind::heartbeats: {
        std::function<bool()> condition = [&counters, all] { return counters.heartbeats >= all; };
        bool const good = co_await becomes_true(step.within, std::move(condition));
        if (!good) co_return too_late(fmt::format("{} heartbeats, {} expected", counters.heartbeats, all));
        co_return fmt::format("heartbeats arrive: {} so far", counters.heartbeats);
    }
    case StoryStep::Kind::landscape_pushed: {
        std::function<bool()> condition = [&counters] { return counters.landscape_pushes > 0; };
        bool const good = co_await becomes_true(step.within, std::move(condition));
        if (!good) co_return too_late("no landscape was pushed");
        auto const domain = parts.world.read(0, [](Landscape const& world) {
            return fmt::format("{} with {} systems, controller {}", world.domain().name(), world.system_count(),
                               world.domain().controller().text());
        });
        co_return "Transports: Read Landscape pushed " + domain;
    }
    case StoryStep::Kind::transports_pushed: {
        std::function<bool()> condition = [&counters] { return counters.transports_sent > 0; };
        bool const good = co_await becomes_true(step.within, std::move(condition));
        if (!good) co_return too_late("no transports were pushed");
        co_return fmt::format("Transports: Read pushed {} requests", counters.transports_sent);
    }
    case StoryStep::Kind::feature: co_return co_await make_feature(std::move(step));
    case StoryStep::Kind::deploy: co_return co_await deploy(std::move(step));
    case StoryStep::Kind::imported: co_return co_await imported(std::move(step));
    case StoryStep::Kind::ledger_clean: co_return co_await ledger(std::move(step));
    }
    co_return fail(ErrorCode::invalid, "unknown step");
}

Async<Result<std::string>> Story::make_feature(StoryStep step) {
    if (!person_)
        co_return fail(ErrorCode::conflict,
                       "this step needs the stand-in in the same process: run without --service-key");
    Feature feature;
    for (auto const& wanted : step.transports) {
        auto found = agent_.parts().world.read(0, [&](Landscape const& world) { return world.find_request(wanted); });
        if (!found) co_return std::unexpected(found.error());
        feature.transports.push_back(*found);
    }
    std::string title = step.feature;
    auto id = co_await person_->create_feature(std::move(title));
    if (!id) co_return id;
    feature.id = *id;
    std::string feature_id = *id;
    std::vector<TrRequest> transports = feature.transports;
    auto assigned = co_await person_->assign(std::move(feature_id), std::move(transports));
    if (!assigned) co_return std::unexpected(assigned.error());
    auto text = fmt::format("feature {} \"{}\" created, {} assigned", feature.id, step.feature,
                            fmt::join(texts_of(feature.transports), " and "));
    features_[step.feature] = std::move(feature);
    co_return text;
}

Async<Result<void>> Story::press(Feature* feature, std::string action, std::string status) {
    std::string id = feature->id;
    auto pressed = co_await person_->act(std::move(id), std::move(action));
    if (pressed) feature->status = std::move(status);
    co_return pressed;
}

/// A person presses what the status of the feature still lacks for this target (reference/cloud-alm.md 4.6), then Deploy.
Async<Result<std::string>> Story::deploy(StoryStep step) {
    if (!person_)
        co_return fail(ErrorCode::conflict,
                       "this step needs the stand-in in the same process: run without --service-key");
    auto known = features_.find(step.feature);
    if (known == features_.end())
        co_return fail(ErrorCode::not_found, "there is no feature \"" + step.feature + "\" yet");
    Feature* feature = &known->second;
    TransportTarget const target{*step.target, step.target_client};
    bool const production =
        agent_.parts().world.read(0, [&](Landscape const& world) { return world.domain().is_last_in_track(target); });
    struct Button {
        std::string_view from, action, to;
    };
    static constexpr Button buttons[] = {
        {"In Specification", "startImplementation", "In Implementation"},
        {"In Implementation", "handoverToTest", "In Testing"},
        {"In Testing", "confirmSuccessfulTest", "Successfully Tested"},
        {"Successfully Tested", "approveForProduction", "Ready for Production"},
    };
    for (auto const& button : buttons) {
        if (feature->status != button.from) continue;
        std::string action{button.action}, to{button.to};
        auto pressed = co_await press(feature, std::move(action), std::move(to));
        if (!pressed) co_return std::unexpected(pressed.error());
        if (!production) break;
    }
    std::string id = feature->id;
    auto deployed = co_await person_->deploy(std::move(id), target);
    if (!deployed) co_return std::unexpected(deployed.error());
    co_return fmt::format("feature {} is {}, Deploy to {} pressed", feature->id, feature->status, target.text());
}

Async<Result<std::string>> Story::imported(StoryStep step) {
    std::vector<TrRequest> requests;
    if (auto known = features_.find(step.feature); known != features_.end() && step.transports.empty())
        requests = known->second.transports;
    for (auto const& wanted : step.transports) {
        auto found = agent_.parts().world.read(0, [&](Landscape const& world) { return world.find_request(wanted); });
        if (!found) co_return std::unexpected(found.error());
        requests.push_back(*found);
    }
    TransportTarget const target{*step.target, step.target_client};
    auto& parts = agent_.parts();
    auto look = [&parts, &requests, &step] {
        return parts.world.read(
            0, [&](Landscape const& world) { return imports_of(world, requests, *step.target, step.target_client); });
    };
    auto const reported_before = agent_.counters().work_reported;
    std::function<bool()> condition = [&look] { return look().complete; };
    bool const good = co_await becomes_true(step.within, std::move(condition));
    auto const found = look();
    if (!good)
        co_return fail(ErrorCode::timed_out,
                       fmt::format("{} of {} requests imported into {} within {} of simulated time", found.rows.size(),
                                   requests.size(), target.text(), to_text(step.within)));
    if (!found.successful)
        co_return fail(ErrorCode::conflict, fmt::format("{}: {}", target.text(), fmt::join(found.rows, ", ")));
    std::function<bool()> fed_back = [this, reported_before] {
        return agent_.counters().work_reported > reported_before;
    };
    bool const told = co_await becomes_true(step.within, std::move(fed_back));
    if (!told) co_return fail(ErrorCode::timed_out, "the import result was not taken by the cloud");
    co_return fmt::format("imported into {}: {}; result fed back", target.text(), fmt::join(found.rows, ", "));
}

Async<Result<std::string>> Story::ledger(StoryStep step) {
    if (!person_)
        co_return fail(ErrorCode::conflict,
                       "this step needs the stand-in in the same process: run without --service-key");
    auto const deadline = agent_.parts().now() + step.within;
    std::vector<std::string> complaints;
    while (true) {
        auto looked = co_await person_->ledger_complaints();
        if (!looked) co_return std::unexpected(looked.error());
        complaints = std::move(*looked);
        if (complaints.empty()) co_return std::string{"the cloud's ledger is clean: nothing lost, nothing done twice"};
        if (agent_.parts().now() >= deadline) break;
        if (!co_await agent_.parts().shard.clock().wait_for(1s)) break;
    }
    co_return fail(ErrorCode::conflict, fmt::format("{}", fmt::join(complaints, "; ")));
}

} // namespace almd
