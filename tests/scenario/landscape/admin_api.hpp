// A landscape in virtual time behind its admin API: tests ask as a person would, and every answer is held against admin.yaml.
#pragma once

#include "agent/admin/agent_admin.hpp"
#include "agent/composition.hpp"
#include "agent/virtual_run.hpp"
#include "tests/support/contract/contract_checker.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace almd {

/// The demo without warnings by chance, so that a story has one end.
inline Settings calm_demo() {
    auto settings = demo_settings();
    settings.landscape.tp.warning_share = 0;
    return settings;
}

class LandscapeBehindApi {
public:
    /// `lived`: how long it runs before the test looks.
    explicit LandscapeBehindApi(Settings with = calm_demo(), Duration lived = 5min)
        : settings{std::move(with)} {
        run.cloud().mount_admin(cloud_routes_);
        EXPECT_TRUE(run.start());
        run.shard().run_for(lived);
    }

    struct Answer {
        int status = 0;
        nlohmann::json body;
        std::string code() const { return body["error"]["code"]; }
        std::string says() const { return body["error"]["message"]; }
    };
    /// What is refused with 400 may well break the description of the request; filters are free parameters.
    Answer ask(std::string method, std::string path, nlohmann::json const& body = nullptr, Duration patience = 1s) {
        HttpRequest request{std::move(method), "/api/v1/" + std::move(path), body.is_null() ? "" : body.dump()};
        if (!body.is_null()) request.headers.emplace_back("Content-Type", "application/json");
        HttpResponse response;
        run.shard().tasks().spawn(serve(admin_, request, response));
        run.shard().run_for(patience);
        request.target.erase(std::min(request.target.find('?'), request.target.size()));
        auto violations = contract().check(request, response);
        if (response.status == 400)
            std::erase_if(violations,
                          [](std::string const& one) { return one.find("request body") != std::string::npos; });
        EXPECT_THAT(violations, testing::IsEmpty()) << request.target << '\n' << response.body;
        return {response.status, nlohmann::json::parse(response.body, nullptr, false)};
    }
    nlohmann::json list(std::string const& resource) { return ask("GET", resource).body["items"]; }
    /// The first row that fits, such as ("steplogs", "step=I"); null: none does.
    nlohmann::json row(std::string const& resource, std::string const& filter) {
        auto const rows = list(resource + "?" + filter);
        return rows.empty() ? nlohmann::json() : rows[0];
    }
    /// One field of each row.
    std::vector<std::string> column(std::string const& resource, std::string const& field) {
        std::vector<std::string> values;
        for (auto const& row : list(resource))
            values.push_back(row[field].is_string() ? row[field].get<std::string>() : row[field].dump());
        return values;
    }

    std::string create(nlohmann::json with = nlohmann::json::object()) {
        nlohmann::json body{{"system", "DEV"}, {"client", "100"}, {"text", "by hand"}};
        body.update(with);
        auto const made = ask("POST", "requests", body);
        EXPECT_EQ(made.status, 200) << made.body;
        return made.body.value("request", "");
    }
    std::string release(std::string const& request) {
        auto const done = ask("POST", "requests/" + request + "/release", {{"withTasks", true}});
        EXPECT_EQ(done.status, 200) << done.body;
        return request;
    }
    /// For good, not for the time being as an import single of a later request. Its outcome is in the history when
    /// `patience` has passed.
    void import(std::string const& target, std::vector<std::string> const& requests, nlohmann::json with = {},
                Duration patience = 30min) {
        nlohmann::json body{{"target", target}, {"requests", requests}, {"options", {"removeFromQueue"}}};
        if (with.is_object()) body.update(with);
        auto const begun = ask("POST", "queue/import", body, patience);
        EXPECT_EQ(begun.status, 200) << begun.body;
    }
    /// Assigned to a feature whose implementation has begun; answers its display ID.
    std::string feature(std::vector<std::string> const& requests) {
        std::vector<TrRequest> all;
        for (auto const& one : requests) all.push_back(*TrRequest::parse(one));
        auto const made = run.cloud().create_feature("New tariff");
        EXPECT_TRUE(made);
        auto const id = (*made)->display_id();
        EXPECT_TRUE(run.cloud().assign(id, all));
        EXPECT_TRUE(run.cloud().act(id, FeatureAction::start_implementation));
        return id;
    }
    std::string alias(std::string_view name) {
        return run.agent().parts().world.read(
            0, [&](Landscape const& world) { return std::string{world.find_alias(name)->text()}; });
    }

    Settings settings;
    VirtualRun run{settings};

private:
    static Async<void> serve(HttpService& service, HttpRequest request, HttpResponse& response) {
        response = co_await service.serve(std::move(request));
    }

    Router cloud_routes_;
    RouterService cloud_admin_{cloud_routes_};
    AgentAdmin admin_{run.agent(), cloud_admin_};
    /// Read once for all tests of the process: it never changes.
    static ContractChecker const& contract() {
        static auto const checker = ContractChecker::load(ALMD_SOURCE_DIR "/proto/openapi/admin.yaml").value();
        return checker;
    }
};

} // namespace almd
