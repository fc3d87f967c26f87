// The story: steps that name only what exists, in an order that can come true.
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace almd {

namespace {

using Kind = StoryStep::Kind;

struct StepFacts {
    std::string_view name;
    Kind kind;
    bool feature, transports, target; ///< which keys it may have
};

constexpr std::array<StepFacts, 8> step_facts{{
    {"registered", Kind::registered, false, false, false},
    {"heartbeats", Kind::heartbeats, false, false, false},
    {"landscape_pushed", Kind::landscape_pushed, false, false, false},
    {"transports_pushed", Kind::transports_pushed, false, false, false},
    {"feature", Kind::feature, true, true, false},
    {"deploy", Kind::deploy, true, false, true},
    {"imported", Kind::imported, true, true, true},
    {"ledger_clean", Kind::ledger_clean, false, false, false},
}};

StepFacts const* find_step(std::string_view name) {
    auto const found = std::ranges::find(step_facts, name, &StepFacts::name);
    return found == step_facts.end() ? nullptr : &*found;
}

class StoryReader {
public:
    explicit StoryReader(LandscapeReading const& landscape)
        : landscape_{landscape} {}

    StoryStep read(Node const& node, StepFacts const& facts) {
        StoryStep step{};
        step.kind = facts.kind;
        step.within = node["within"].duration(1s, 30 * 24h).value_or(step.within);
        check_keys(node, facts);
        if (facts.transports) read_transports(node["transports"], step);
        if (facts.feature) read_feature(node, step);
        if (facts.target) read_target(node, step);
        return step;
    }

private:
    static void check_keys(Node const& node, StepFacts const& facts) {
        auto const refuse = [&](std::string_view key, bool allowed) {
            if (!allowed && node[key])
                node[key].wrong(fmt::format("the step {} takes no {}; leave it out", facts.name, key));
        };
        refuse("feature", facts.feature);
        refuse("transports", facts.transports);
        refuse("target", facts.target);
        auto const want = [&](std::string_view key, bool needed) {
            if (needed && !node[key]) node.wrong(fmt::format("the step {} needs {}", facts.name, key));
        };
        want("feature", facts.kind == Kind::feature || facts.kind == Kind::deploy);
        want("transports", facts.kind == Kind::feature);
        want("target", facts.target);
        if (facts.kind == Kind::imported && !node["feature"] == !node["transports"])
            node.wrong("the step imported needs either transports or a feature");
    }

    void read_transports(Node const& list, StoryStep& step) const {
        for (Node const& node : list.items()) {
            auto name = node.text();
            if (!name) continue;
            check_transport(node, *name);
            if (std::ranges::find(step.transports, *name) != step.transports.end())
                node.wrong(fmt::format("{} stands in this step twice", *name));
            step.transports.push_back(*std::move(name));
        }
    }

    RequestSpec const* request(std::string_view alias) const {
        auto const found = std::ranges::find(landscape_.spec.requests, alias, &RequestSpec::alias);
        return found == landscape_.spec.requests.end() ? nullptr : &*found;
    }

    void check_transport(Node const& node, std::string const& name) const {
        // Numbers are given when the world starts; of one in the file only the system can be checked.
        if (auto const number = TrRequest::parse(name)) return void(landscape_.known_system(node, number->system()));
        if (request(name)) return;
        std::vector<std::string> aliases;
        for (RequestSpec const& request : landscape_.spec.requests)
            if (!request.alias.empty()) aliases.push_back(request.alias);
        if (landscape_.requests_complete)
            node.wrong(unknown_name("neither the alias of a request nor a number like DEVK900042", name, aliases));
    }

    void read_feature(Node const& node, StoryStep& step) {
        node.read("feature", step.feature);
        if (step.feature.empty()) return;
        if (step.kind == Kind::feature) return make_feature(node, step);
        auto const found = features_.find(step.feature);
        if (found == features_.end()) {
            std::vector<std::string> titles;
            for (auto const& [title, transports] : features_) titles.push_back(fmt::format("\"{}\"", title));
            return node["feature"].wrong(unknown_name("made by no earlier step", step.feature, titles));
        }
        if (step.kind == Kind::imported && step.transports.empty()) step.transports = found->second;
        if (step.kind != Kind::deploy) return;
        for (std::string const& name : found->second)
            if (RequestSpec const* transport = request(name); transport && !transport->released)
                node["feature"].wrong(
                    fmt::format("{} of this feature is not released: only a released transport can be deployed", name));
    }

    void make_feature(Node const& node, StoryStep const& step) {
        // One feature for each transport (V, reference/cloud-alm.md 4.5).
        for (auto const& [title, transports] : features_)
            for (std::string const& name : step.transports)
                if (std::ranges::find(transports, name) != transports.end())
                    node["transports"].wrong(fmt::format(
                        "{} is assigned to \"{}\" already: a transport belongs to one feature", name, title));
        if (!features_.emplace(step.feature, step.transports).second)
            node["feature"].wrong("there is an earlier feature with this title");
    }

    void read_target(Node const& node, StoryStep& step) const {
        Node const place = node["target"];
        auto const target = place.as<TransportTarget>();
        if (!target || !target->system() || !landscape_.known_system(place, *target->system())) return;
        step.target = target->system();
        step.target_client = target->client();
        if (!landscape_.consistent) return;
        bool reached = false;
        std::vector<TransportTarget> of_system;
        std::vector<std::string> names;
        for (TransportTarget const& other : landscape_.import_targets()) {
            names.emplace_back(other.text());
            if (other.system() == step.target) of_system.push_back(other);
            reached = reached || other == *target;
        }
        if (reached) return;
        if (target->client() || of_system.empty())
            return place.wrong(unknown_name("where no transport route leads to", target->text(), names));
        if (of_system.size() > 1)
            return place.wrong(fmt::format("routes lead to several clients of {}; say which, for example {}",
                                           target->text(), of_system[0].text()));
        step.target_client = of_system[0].client();
    }

    LandscapeReading const& landscape_;
    std::map<std::string, std::vector<std::string>, std::less<>> features_; ///< title -> transports
};

} // namespace

std::vector<StoryStep> read_story(Node const& story, LandscapeReading const& landscape) {
    StoryReader reader{landscape};
    std::vector<StoryStep> out;
    for (Node const& node : story.items()) {
        auto const name = node["step"].text();
        StepFacts const* facts = name ? find_step(*name) : nullptr;
        if (facts) out.push_back(reader.read(node, *facts));
    }
    return out;
}

} // namespace almd
