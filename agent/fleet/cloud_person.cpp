// What a person at SAP Cloud ALM does, over the admin API of the stand-in.
#include "agent/fleet/story.hpp"
#include "proto/messages/api_error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace almd {

using nlohmann::json;

Async<Result<std::string>> CloudPerson::ask(std::string method, std::string path, std::string body) {
    HttpRequest request{std::move(method), "/api/v1/cloud/" + path, std::move(body)};
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    auto answer = co_await admin_.send(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status >= 300) {
        auto error = decode_api_error(answer->body);
        co_return fail(ErrorCode::refused, fmt::format("{} {}: {}", answer->status, error.code, error.message));
    }
    co_return std::move(answer->body);
}

Async<Result<std::string>> CloudPerson::create_feature(std::string title) {
    std::string body = json{{"title", title}}.dump();
    auto answer = co_await ask("POST", "features", std::move(body));
    if (!answer) co_return answer;
    auto feature = json::parse(*answer, nullptr, false);
    if (!feature.is_object() || !feature.contains("displayId"))
        co_return fail(ErrorCode::protocol, "the stand-in's answer to a new feature has no displayId");
    co_return feature["displayId"].get<std::string>();
}

Async<Result<void>> CloudPerson::assign(std::string feature, std::vector<TrRequest> transports) {
    json list = json::array();
    for (auto const& transport : transports) list.push_back(transport.text());
    std::string body = json{{"transports", std::move(list)}}.dump();
    auto answer = co_await ask("POST", "features/" + feature + "/transports", std::move(body));
    if (!answer) co_return std::unexpected(answer.error());
    co_return Result<void>{};
}

Async<Result<void>> CloudPerson::act(std::string feature, std::string action) {
    std::string body = json{{"action", action}}.dump();
    auto answer = co_await ask("POST", "features/" + feature + "/status", std::move(body));
    if (!answer) co_return std::unexpected(answer.error());
    co_return Result<void>{};
}

Async<Result<void>> CloudPerson::deploy(std::string feature, TransportTarget target) {
    std::string body = json{{"target", target.text()}}.dump();
    auto answer = co_await ask("POST", "features/" + feature + "/deploy", std::move(body));
    if (!answer) co_return std::unexpected(answer.error());
    co_return Result<void>{};
}

Async<Result<std::vector<std::string>>> CloudPerson::ledger_complaints() {
    auto answer = co_await ask("GET", "ledger?limit=1", std::string{});
    if (!answer) co_return std::unexpected(answer.error());
    auto ledger = json::parse(*answer, nullptr, false);
    if (ledger.is_object()) ledger = ledger.value("summary", json::object());
    if (!ledger.contains("clean"))
        co_return fail(ErrorCode::protocol, "the stand-in's ledger does not say whether it is clean");
    std::vector<std::string> complaints;
    if (!ledger["clean"].get<bool>()) {
        for (auto const& reason : ledger.value("reasons", json::array()))
            complaints.push_back(reason.is_string() ? reason.get<std::string>() : reason.dump());
        if (complaints.empty()) complaints.emplace_back("not clean, without a reason");
    }
    co_return complaints;
}

} // namespace almd
