// Checking a request: fast when it is good, in words when it is not.
#include "simulator/cloud/request_contract.hpp"

#include "proto/http/router.hpp"
#include "simulator/kernel/log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

constexpr std::string_view key_header = "Idempotency-Key"; // the door has codes of its own for it

std::string in_words(Mistake const& mistake) {
    return mistake.hint.empty() ? mistake.message : fmt::format("{}; {}", mistake.message, mistake.hint);
}

using Violation = RequestContract::Violation;

std::optional<Violation> check_value(ContractParameter const& parameter, std::optional<std::string> const& value) {
    if (!value) {
        if (!parameter.required) return std::nullopt;
        return Violation{
            false, parameter.name,
            fmt::format("the {} {} is missing", parameter.in == "query" ? "parameter" : "header", parameter.name)};
    }
    auto const mistakes = parameter.schema.check(parameter_value(parameter.type, *value));
    if (mistakes.empty()) return std::nullopt;
    auto const& first = mistakes.front();
    return Violation{false, parameter.name + first.path, in_words(first)};
}

std::optional<Violation> check_parameters(ContractOperation const& operation, HttpRequest const& request,
                                          std::string_view text) {
    auto const query = Query::parse(text);
    for (auto const& parameter : operation.parameters) {
        std::optional<std::string> value;
        if (parameter.in == "query") {
            if (query.count(parameter.name) > 1) return Violation{false, parameter.name, "is given twice"};
            value = query.get(parameter.name);
        } else if (parameter.in == "header" && parameter.name != key_header) {
            if (auto const header = find_header(request.headers, parameter.name); !header.empty())
                value = std::string{header};
        } else {
            continue;
        }
        if (auto violation = check_value(parameter, value)) return violation;
    }
    for (auto const& [name, value] : query.all()) {
        bool const known = std::ranges::any_of(operation.parameters, [&name](ContractParameter const& one) {
            return one.in == "query" && one.name == name;
        });
        if (!known) return Violation{false, name, "there is no such parameter"};
    }
    return std::nullopt;
}

std::optional<Violation> check_json(Validator const& schema, std::string_view body) {
    auto const text = JsonText::parse(body);
    if (!text || schema.accepts(*text)) return std::nullopt;
    auto const mistakes = schema.check(nlohmann::json::parse(body, nullptr, false));
    auto const first = std::ranges::find(mistakes, false, &Mistake::too_long);
    if (first == mistakes.end()) return std::nullopt;
    return Violation{true, first->path, in_words(*first)};
}

} // namespace

RequestContract const& RequestContract::standin() {
    static RequestContract const contract;
    return contract;
}

RequestContract::RequestContract() {
    auto read = read_openapi(nlohmann::json::parse(standin_requests(), nullptr, false));
    if (!read) { // a test holds that this cannot be
        log(LogLevel::error, "requests are not checked: {}", read.error().context);
        return;
    }
    for (auto& operation : *read)
        if (auto const ours = parse_cloud_operation(operation.id)) operations_[index(*ours)] = std::move(operation);
}

std::optional<Violation> RequestContract::check(CloudOperation operation, HttpRequest const& request,
                                                std::string_view query) const {
    auto const& contract = operations_[index(operation)];
    if (!contract) return std::nullopt;
    if (auto violation = check_parameters(*contract, request, query)) return violation;
    auto const json = contract->body.find("application/json");
    return json == contract->body.end() ? std::nullopt : check_json(json->second, request.body);
}

} // namespace almd
