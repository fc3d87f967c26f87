// A small world around the stand-in: a virtual shard, a client that speaks the dialogue, and people's habits.
#pragma once

#include "proto/messages/heartbeat.hpp"
#include "proto/messages/landscape.hpp"
#include "proto/messages/registration.hpp"
#include "proto/messages/transports.hpp"
#include "proto/messages/use_cases.hpp"
#include "proto/messages/work.hpp"
#include "simulator/cloud/cloud.hpp"
#include "simulator/kernel/rng.hpp"
#include "simulator/kernel/shard.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almd::test {

using Json = nlohmann::json;

inline TimePoint const start = *parse_rfc3339("2026-03-01T06:00:00Z");

inline SystemId sid(std::string_view text) {
    return *SystemId::parse(text);
}

inline TransportTarget target(std::string_view text) {
    return *TransportTarget::parse(text);
}

inline TrRequest request_number(std::string_view text) {
    return *TrRequest::parse(text);
}

class CloudWorld {
public:
    explicit CloudWorld(CloudSettings settings = {})
        : cloud{shard, std::move(settings)} {
        cloud.mount_admin(admin);
    }

    /// Runs until the answer is there; time moves only if the cloud waits.
    HttpResponse serve(HttpService& service, HttpRequest request) {
        std::optional<HttpResponse> answer;
        shard.tasks().spawn(fetch(service, std::move(request), answer));
        while (!answer && shard.step()) {
        }
        EXPECT_TRUE(answer.has_value());
        return answer.value_or(HttpResponse{0});
    }

    /// As an agent: with token, a fresh Idempotency-Key and the right content type, unless a header is given.
    HttpResponse send(std::string method, std::string path, std::string body = {},
                      std::vector<HttpHeader> headers = {}) {
        HttpRequest request{std::move(method), std::move(path), std::move(body)};
        request.headers = std::move(headers);
        auto const add = [&](std::string_view name, std::string value) {
            if (find_header(request.headers, name).empty())
                request.headers.emplace_back(std::string{name}, std::move(value));
        };
        if (bearer.empty()) bearer = fetch_token();
        add("Authorization", "Bearer " + bearer);
        add("X-Correlation-Id", "test");
        if (request.method != "GET") add("Idempotency-Key", fresh_key());
        if (request.method == "POST" || request.method == "PUT") add("Content-Type", "application/json");
        return serve(cloud.dialogue(), std::move(request));
    }

    std::string fresh_key() {
        ++keys_;
        return Uuid::from_hash(mix(keys_), mix(keys_, 1)).text();
    }

    HttpResponse token_call(std::string_view tenant = {}) {
        auto const key = *cloud.service_key("https://localhost:8443", tenant);
        HttpRequest request{"POST", "/oauth/token", "grant_type=client_credentials"};
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.headers.emplace_back("Authorization", "Basic " + base64(key.client_id + ":" + key.client_secret));
        return serve(cloud.dialogue(), std::move(request));
    }
    std::string fetch_token(std::string_view tenant = {}) {
        return Json::parse(token_call(tenant).body).value("access_token", "");
    }

    static Registration registration(std::string_view system, std::string_view client = "000",
                                     std::string_view role = "DEV") {
        Registration message{sid(system), *Client::parse(client), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
        message.description = std::string{system};
        message.system_number = "00000000081000" + std::string{system};
        message.installation_number = "0020000001";
        message.db_host = "db-" + std::string{system};
        message.db_type = "HDB";
        message.service_type = "SAP_S4HANA";
        message.role = std::string{role};
        message.root_url = "https://" + std::string{system} + ".example";
        message.external_id = std::string{client};
        return message;
    }

    LmsId enroll(Registration const& message) {
        auto const answer = send("POST", registration_path, encode(message));
        EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.body;
        return decode_registration_answer(answer.body).value_or(RegistrationAnswer{}).lms_id;
    }
    LmsId enroll(std::string_view system, std::string_view client = "000", std::string_view role = "DEV") {
        return enroll(registration(system, client, role));
    }

    /// As of now: a repeat is the same text again.
    std::string beat_body(LmsId id, std::uint32_t sequence) {
        Heartbeat message;
        message.sequence = sequence;
        message.timestamp = shard.clock().now();
        message.client = cloud.registrations().row(cloud.find(id)).client;
        message.agent_version = "1";
        return encode(message);
    }
    HttpResponse beat(LmsId id, std::uint32_t sequence, std::vector<HttpHeader> headers = {}) {
        return send("POST", path(id, "heartbeat"), beat_body(id, sequence), std::move(headers));
    }

    HttpResponse activate(LmsId id, std::string_view task, bool active = true, int minutes = 5) {
        UseCaseActivation message;
        message.client = cloud.registrations().row(cloud.find(id)).client;
        message.active = active;
        message.interval_minutes = minutes;
        return send("PUT", path(id, "usecases/" + percent_encode(task)), encode(message));
    }

    HttpResponse admin_call(std::string method, std::string rest, Json const& body = nullptr) {
        HttpRequest const request{std::move(method), "/api/v1/cloud/" + rest, body.is_null() ? "" : body.dump()};
        return admin.dispatch(request);
    }

    static std::string path(LmsId id, std::string_view rest) {
        return "/api/standin/v1/systems/" + id.text() + "/" + std::string{rest};
    }

    void pass(Duration span) { shard.run_for(span); }

    static constexpr auto registration_path = "/api/landscape-management/v1/Registration";
    Shard shard{Shard::VirtualTime{start}};
    Cloud cloud;
    Router admin;
    std::string bearer; ///< used by send(); empty: fetched at the first call

private:
    static Async<void> fetch(HttpService& service, HttpRequest request, std::optional<HttpResponse>& answer) {
        answer = co_await service.serve(std::move(request));
    }

    std::uint64_t keys_ = 0;
};

inline std::string code_of(HttpResponse const& answer) {
    return Json::parse(answer.body, nullptr, false).value("error", Json::object()).value("code", "");
}

inline std::string target_of(HttpResponse const& answer) {
    auto const error = Json::parse(answer.body, nullptr, false).value("error", Json::object());
    return error.contains("target") && error["target"].is_string() ? error["target"].get<std::string>() : "";
}

inline std::string message_of(HttpResponse const& answer) {
    return Json::parse(answer.body, nullptr, false).value("error", Json::object()).value("message", "");
}

/// DEV > QUA.200 > PRD.300, controller PRD.
inline LandscapePush three_tier() {
    LandscapePush landscape;
    landscape.domain = "DOMAIN_PRD";
    landscape.controller = sid("PRD");
    for (auto const* system : {"DEV", "QUA", "PRD"})
        landscape.systems.push_back({sid(system), false, "GROUP_DEV", true, system});
    landscape.transport_layers = {"ZDEV"};
    landscape.consolidation_routes.push_back({sid("DEV"), "ZDEV", target("QUA.200")});
    landscape.delivery_routes.push_back({sid("QUA"), target("PRD.300")});
    return landscape;
}

inline TransportRecord released(std::string_view number, std::string_view to) {
    TransportRecord record{.trkorr = request_number(number),
                           .source_system = request_number(number).system(),
                           .source_client = Client{100}};
    record.status = TrStatus::released;
    record.owner = "DEVELOPER";
    record.text = "Text of " + std::string{number};
    if (!to.empty()) record.target = target(to);
    record.created_at = record.changed_at = start;
    record.released_at = start;
    return record;
}

} // namespace almd::test
