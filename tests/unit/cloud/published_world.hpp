// A published client: token or API key, no Idempotency-Key, and every exchange is held against the contract.
#pragma once

#include "tests/support/contract/contract_checker.hpp"
#include "tests/unit/cloud/cloud_world.hpp"

namespace almd::test {

class PublishedWorld : public CloudWorld {
public:
    explicit PublishedWorld(CloudSettings settings = {})
        : CloudWorld{std::move(settings)} {}

    HttpResponse ask(std::string method, std::string target, Json const& body = nullptr, bool checked = true) {
        HttpRequest request{std::move(method), std::move(target), body.is_null() ? "" : body.dump()};
        if (bearer.empty()) bearer = fetch_token();
        request.headers.emplace_back("Authorization", "Bearer " + bearer);
        if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
        auto const answer = serve(cloud.dialogue(), request);
        if (checked)
            for (auto const& violation : standin_contract().check(request, answer))
                ADD_FAILURE() << violation << "\n" << answer.body;
        return answer;
    }
    /// An answer that must be good.
    Json get(std::string target) {
        auto const answer = ask("GET", target);
        EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
        return Json::parse(answer.body, nullptr, false);
    }
    std::string project() { return get("/api/calm-projects/v1/projects")[0]["id"]; }
    Json create(Json body) {
        body["projectId"] = project();
        auto const answer = ask("POST", features + "Features", body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return Json::parse(answer.body, nullptr, false);
    }

    std::string const features = "/api/calm-features/v1/";
};

} // namespace almd::test
